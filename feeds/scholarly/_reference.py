"""A printed citation → its parts: "Nature 12(3), 45–56 (2019)", "J Foo. 2021 Jul 17;2021:b043", and whole references.

Private to scholarly.  Nothing is filled in: what is not printed stays empty.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from feeds.scholarly import _dates
from feeds.scholarly._blocks import plain
from feeds.scholarly._numbers import COLON, COMPACT, VOLUME, YEAR, numbers
from feeds.scholarly._servers import preprint_server
from feeds.scholarly._untitled import names_first
from feeds.scholarly._vocab import fold, phrase_set, words


class Citation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The parts of one citation; `marks` counts what only a citation prints: a volume, a date, an identifier …"""

    journal: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    article_number: str = ""
    date: str = ""
    publisher: str = ""
    preprint_server: str = ""
    before: str = ""  # what stands before the title, when the title was found: the authors
    chapter: bool = False
    marks: int = 0


LONGEST = 4_000

_IDS = re.compile(  # what none of them begins with is passed over, by the first two characters
    r"[\daAdDhHiIpP](?=[\dmMoOrRsStTxX])(?i:"
    r"(?<=\b\d)\d{3}\.\d\d\.\d\d\.\d{6,8}\b|(?:(?<=h)ttps?://(?:dx\.)?doi|(?<=d)x\.doi|(?<=d)oi)\.org/\S++"
    r"|(?<=\bd)oi\b[\s:.]{0,3}(?:https?://\S++|10\.\d{4,9}/\S++)?|(?<=\b1)0\.\d{4,9}/\S++"
    r"|(?<=\bp)MC?ID\b:?\s?(?:PMC)?\d{0,9}|(?<=\bp)MC\d{4,9}\b|(?<=\ba)rxiv:\s?\S++|(?<=h)ttps?://\S++"
    r"|(?<=\bi)SSN:?\s?[\dxX-]{8,9}|(?<=\bi)SBN:?\s?[\dxX -]{10,17})"
)
_EMPHASIS = re.compile(
    r"[<*_](?:(?<=<)(?i:em|i|cite)>([^<>]{2,200})</(?i:em|i|cite)>|(?<=[*_])(?<![\w*_].)([^*_\n]{2,200})[*_](?![\w*_]))"
)
_LEAD = re.compile(
    r"(?:(?:now\s|just\s|also\s)?"
    r"(?:published|appeared|out|posted|accepted|in press|forthcoming|to appear|erschienen|paru|presented)"
    r"(?:\s(?:online|first|now))?(?:\s(?:at|in|by|on|with|dans|bei))?\b|in\b|chap(?:ter|\.)\s?\d{1,3}\s?in\b|(?:journal|source):)[\s:]*+",
    re.IGNORECASE,
)
_ET_AL = re.compile(r".{0,200}?\bet al\b\.?,?\s*+")
_EDITORS = re.compile(r"[^()]{2,300}\([Ee]d(?:itor)?s?\.?\)[\s.,:]*+")
_CHAPTER = re.compile(r"\bchap(?:ter|\.)\s?\d|\([Ee]ds?\.?\)|\bed(?:ited by|\.) [A-Z]")
# What a style puts behind the title: "[Data set]", "(Version 1.2) [Computer software]".
_MEDIUM = re.compile(
    r"(?:\((?:version|v\.?)\s?[\w.]{1,20}\)[\s.]{0,3})?\[(?:data ?set|(?:computer )?software|code|preprint|poster|"
    r"conference (?:abstract|paper|presentation)|database|video)\][\s.,]{0,3}",
    re.IGNORECASE,
)
_IMPACT = re.compile(r"\s?\((?:IF|impact factor)\b[^()]{0,40}\)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!](?<=[^\W\d_]{4}.)\s++(?=[^\W\d_])")
_PUBLISHER = re.compile(r"\s?\(([^()]{2,40})\)\s*+$")
_YEAR_OF_EVENT = re.compile(
    rf"{YEAR} (?:[A-Z][\w/&-]{{1,20}} ){{0,4}}(?:Conference|Symposium|Workshop|Meeting|Congress|Annual|Joint)\b"
)
_YEAR_BEFORE = re.compile(rf"\s?\({YEAR}\)[.,:]?\s(?=[^\W\d_])")  # "(2011) Lantern, 3 (2)": Scopus
_YEAR_LAST = re.compile(rf"(?:, {YEAR}|\s\({YEAR}\))$")
QUOTED = re.compile(r"[\"“„](?:[^\s\"“”„]{1,60}\s){2}[^\"“”„]{1,400}[\"”“]")
_THESIS = re.compile(
    r"(?:ph\.?\s?d\.?|doctoral|master'?s?|m\.?sc\.?|bachelor'?s?|habilitation)[\s-](?:thesis\b|dissertation\b|diss\.)"
    r"[\s,.:(]*+(?:at |from )?([^()]*+)",
    re.IGNORECASE,
)
_STATUSES = (
    "in press", "to appear", "forthcoming", "accepted", "under review", "submitted", "epub", "online first",
    "early view", "advance access",
)  # fmt: skip
_STATUS = re.compile(rf"(?<=[.,;|(])\s?(?:first )?published\b.*+$|\b(?:{'|'.join(_STATUSES)})\b.*+$", re.IGNORECASE)


_NOTHING = Citation()


@lru_cache(maxsize=32)
def parse(raw: str, title: str = "") -> Citation:
    """The parts of a printed citation; of a whole reference what stands behind `title`."""
    if len(raw) > LONGEST:
        return _NOTHING
    flat = plain(raw)
    return _parts(raw, flat, title if title and title.rstrip(".").casefold() in flat.casefold() else "")


@lru_cache(maxsize=32)
def _parts(raw: str, flat: str, title: str) -> Citation:
    before, behind, titled = _behind_title(flat, title)
    if titled and QUOTED.search(behind):
        return Citation(before=before)  # what follows is the reference of another work
    if not before:
        before, behind = names_first(behind)
    italics = emphasised(raw)
    named, rest = _named_first(behind, italics)
    text, ids = _IDS.subn(" ", rest) if _may_hold_id(rest) else (rest, 0)
    dates = _dates.find(text)
    dateless = _dates.blank(text)
    parts, start, pages = numbers(dateless)
    starts = [start] if start >= 0 else []
    head = text[: min([*starts, dates[0].start] if dates else starts, default=len(text))]
    if dates and not head.strip() and start > dates[0].end:
        head = text[dates[0].end : start]  # ResearchGate: "March 2019 · Journal of Lamps 12(3):45-67"
    lone = [y for y in _dates.years(dateless) if not [a for a, b in pages if a <= y.start < b]]
    ending = next((y.start for y in lone if y.start > 2 and not _in_name(dateless, y.start)), 0)
    head = _behind(_YEAR_BEFORE, head[:ending] if 0 < ending < len(head) else head)
    school = _THESIS.match(head.strip(" ,.;:("))
    journal, publisher = ("", school.group(1).strip(" ,.")) if school else _journal(named or head, italics, titled)
    if named and not journal and (_EDITORS.search(behind) or len(parts) > 1):
        journal = named  # in small letters, as books' titles and French journals' are
    server = preprint_server(journal or head) or ("" if journal[:1].isalpha() else preprint_server(behind))
    date = _best_date(dates, lone) or _date_of_apa(before)
    marks = len(parts) + sum(map(bool, (school, ids, dates, lone, server))) + _says_published(behind)
    return Citation(
        journal="" if server else journal,
        publisher=publisher,
        preprint_server=server,
        date=date,
        before=before,
        chapter=_may_tell_chapter(behind) and bool(_CHAPTER.search(behind)),
        marks=marks,
        **({} if server else parts),
    )


def _may_hold_id(text: str) -> bool:
    """Is a part of any identifier or address in it?"""
    if "10." in text or "://" in text or text.count(".") > 2:
        return True
    low = text.lower()
    return "doi" in low or "pm" in low or "arxiv" in low or "issn" in low or "isbn" in low


def _may_name_editors(text: str) -> bool:
    return "(ed" in text or "(Ed" in text


def _may_tell_chapter(text: str) -> bool:
    return "chap" in text or "(ed" in text or "(Ed" in text or "ed. " in text or "edited by" in text


def _behind(opening: re.Pattern[str], text: str) -> str:
    """`text` without what it opens with."""
    found = opening.match(text)
    return text[found.end() :] if found else text


def _says_published(behind: str) -> int:
    """How many words there are for it: "published in", "in press"."""
    status = _may_hold_status(behind) and _STATUS.search(behind)
    return bool(status) + bool(_LEAD.match(behind.strip()))


def _in_name(text: str, year: int) -> bool:
    """Is it part of a conference's name: "(ICL 2020)", "the 2020 ICL Conference", "Rey, B. (eds.) ICL 2020"?"""
    opening = text.rfind("(", max(0, year - 60), year)
    inside = text[opening + 1 : year]
    if opening >= 0 and ")" not in inside and any(c.isupper() for c in inside):
        return True
    if _YEAR_OF_EVENT.match(text, year):
        return True
    if not _may_name_editors(text):
        return False
    editors = _EDITORS.match(_behind(_LEAD, text.lstrip()[: year + 5]).lstrip(" :,."))
    return editors is not None and _EDITORS.search(text, max(0, year - 30), year) is not None


def _behind_title(flat: str, title: str) -> tuple[str, str, bool]:
    """What a reference prints before and behind the title, and whether it prints one; else a title in quotes."""
    at = flat.casefold().find(title.rstrip(".").casefold()) if title and len(flat) > len(title) else -1
    end = at + len(title.rstrip("."))
    if at >= 0 and not (flat[at - 1 : at].isalnum() or flat[end : end + 1].isalnum()):
        pass  # the title, and not the beginning of a longer word
    elif quoted := QUOTED.search(flat):
        at, end = quoted.span()
    else:
        return "", flat, False
    return flat[:at].strip(" ,:\"“„'«"), _behind(_MEDIUM, flat[end:].lstrip(" ,.:\"”“'»")), True


def emphasised(raw: str) -> list[str]:
    """What a citation sets in italics: mostly the journal."""
    if not ("<" in raw or "*" in raw or "_" in raw):
        return []
    return [x for a, b in _EMPHASIS.findall(raw) if len(x := plain(a or b).strip(" ,.;:")) > 2]


def _named_first(behind: str, italics: list[str]) -> tuple[str, str]:
    """A journal in italics that opens the citation, and what stands behind it: "*Proc. 37th Conf. (C 2020)*, 3–4"."""
    if not italics:
        return "", behind
    opening = _behind(_LEAD, behind.strip()).lstrip(" :,.")
    opening = opening[editors.end() :] if (editors := _EDITORS.match(opening)) else opening
    name = next((e for e in italics if opening.startswith(e)), "")
    rest = opening[len(name) :]
    if not name or any(pattern.search(name) for pattern in (COMPACT, COLON, VOLUME)):
        return "", behind
    dated = _dates.find(name) or (_YEAR_LAST.search(name) and not rest.strip(" ."))
    return ("", behind) if dated else (name, rest)


def _date_of_apa(before: str) -> str:
    """The date between authors and title: "Prado, A. (2009). On wicks", "Prado A 2009"."""
    if not before:
        return ""
    ending = before[-30:].rstrip(" .,:)]\"“„'«")
    if found := _dates.find(ending):
        return found[-1].iso if found[-1].end >= len(ending) - 1 else ""
    years = _dates.years(ending.removesuffix("a").removesuffix("b"))
    return years[-1].iso if years and years[-1].end == len(ending.removesuffix("a").removesuffix("b")) else ""


def _best_date(dates: list[_dates.Printed], lone: list[_dates.Printed]) -> str:
    exact = [d.iso for d in dates if d.exact]
    return (exact or [d.iso for d in dates] or [y.iso for y in lone] or [""])[0]


# ------------------------------------------------------------------------------------------------- journal


def _may_hold_status(text: str) -> bool:
    low = text.lower()
    for status in _STATUSES:  # any() takes twice as long
        if status in low:
            return True
    return "published" in low


def _journal(head: str, italics: list[str], titled: bool) -> tuple[str, str]:
    """The name of the journal at the end of `head`, and a publisher in brackets behind it."""
    head = _behind(_LEAD, (_IMPACT.sub("", head) if "(" in head else head).lstrip())
    head = (_STATUS.sub("", head) if _may_hold_status(head) else head).strip(' ,.;:(–—-"“”·•|')
    if _may_name_editors(head) and (editors := _EDITORS.match(head)):
        book, _, house = head[editors.end() :].partition(". ")
        known = fold(house.partition(",")[0]) in phrase_set("publishers", "publishers", "names")
        return (book.strip(" ,."), house.strip(" ,.;:(") if known else "") if _is_journal(book) else ("", "")
    head = _behind(_ET_AL, head) if "et al" in head else head
    for _ in range(2):
        head = _behind(_LEAD, head).strip(' ,.;:(–—-"“”')
    last_first = italics[::-1]
    named = next((e for e in last_first if head.endswith((e, f"{e})"))), "")
    named = named or next((e for e in last_first if 0 <= head.rfind(e) <= (25 if titled else 0)), "")
    name = named or _last_sentence(head)
    publisher = ""
    if (m := _PUBLISHER.search(name)) and fold(m.group(1)) in phrase_set("publishers", "publishers", "names"):
        name, publisher = name[: m.start()].strip(" ,."), m.group(1).strip()
    if fold(name) in phrase_set("servers", "data", "names"):
        return "", name
    return (name, publisher) if _is_journal(name) else ("", "")


def _last_sentence(head: str) -> str:
    """Behind the last full stop that ends a sentence: "Prado A. A title. J Foo" → "J Foo"; "Cell Rep" is one."""
    pieces = _SENTENCE.split(head)
    return pieces[-1].strip(" ,.;:") if sum(len(p.split()) for p in pieces) > 6 else head


def _is_journal(name: str) -> bool:
    parts = name.split()
    if not 1 <= len(parts) <= 16 or len(name) > 150 or not (name[0].isalpha() or any(c.isalpha() for c in name)):
        return False
    if len(parts) <= 3 and fold(name) in phrase_set("labels", "no_journal", "names"):
        return False
    parts = [p for p in parts if p not in words("names", "connectors")]
    capitals = sum([1 for p in parts if not p.islower() and (p[0].isupper() or any(c.isupper() for c in p))])
    return (capitals * 2 >= len(parts) or len(parts) == 1) and not name.endswith("?")
