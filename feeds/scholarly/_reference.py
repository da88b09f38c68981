"""A printed citation → its parts: "Nature 12(3), 45–56 (2019)", "J Foo. 2021 Jul 17;2021:b043", and whole references.

Private to scholarly.  Nothing is filled in: what is not printed stays empty.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from feeds.scholarly import _dates
from feeds.scholarly._blocks import plain
from feeds.scholarly._servers import preprint_server
from feeds.scholarly._untitled import names_first
from feeds.scholarly._vocab import fold, has_digit, phrase_set, words


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

_IDS = re.compile(
    r"(?=[\dhdpai])(?:"  # what none of them begins with is passed over
    r"\b\d{4}\.\d\d\.\d\d\.\d{6,8}\b|(?:https?://)?(?:dx\.)?doi\.org/\S++|\bdoi\b[\s:.]{0,3}(?:https?://\S++|10\.\d{4,9}/\S++)?|\b10\.\d{4,9}/\S++"
    r"|\bPMC?ID\b:?\s?(?:PMC)?\d{0,9}|\bPMC\d{4,9}\b|\barxiv:\s?\S++|https?://\S++|\bISSN:?\s?[\dxX-]{8,9}"
    r"|\bISBN:?\s?[\dxX -]{10,17})",
    re.IGNORECASE,
)
_PAGE = r"[A-Za-z]{0,6}\d[\w.]{0,14}"
_RANGE = rf"(?P<first>{_PAGE})(?:\s?[-‐‑–—−]{{1,3}}\s?(?P<last>{_PAGE}))?"
_VOLUME = re.compile(r"\b(?:volume|vol\b\.?|band|bd\.|v\.(?=\s?\d))\s?(?P<volume>[\w-]{1,12})", re.IGNORECASE)
_ROMAN = re.compile(r"[IVXLC]{1,7}$")
_ISSUE = re.compile(
    r"\b(?:issue|no\b\.?|number|nr\.|n[°º]|n[uú]m(?:[eé]ro)?\b\.?|heft|h\.(?=\s?\d))\s?(?P<issue>[A-Za-z]{0,8}\s?\d[\w./–-]{0,9})",
    re.IGNORECASE,
)
_PAGES = re.compile(
    rf"\b(?:pages?|pp?\.|pp|p(?=\d)|pgs?\.?|p[áa]gs?\.|p[áa]ginas?|seiten?|S\.)\s?{_RANGE}", re.IGNORECASE
)
_ARTICLE = re.compile(
    r"\b(?:article|art\.|paper|e-?location)\s?(?:no\.?|number|id|nr\.?|n°)?:?\s?(?P<first>[A-Za-z]{0,6}\d[\w.-]{0,14})",
    re.IGNORECASE,
)
_YEAR = r"(?:19|20)\d\d"
_DIGIT = re.compile(r"\d")
_COMPACT = re.compile(
    rf"(?<![\w.–-])(?P<volume>\d{{1,4}}|[IVXLC]{{1,7}}(?=\s?\([^()]{{0,19}}\d))\s?\((?P<issue>(?!{_YEAR}\))[^()\n]{{1,20}})\)(?:\s?[:,;]\s?{_RANGE})?"
)
_WITH_YEAR = re.compile(rf"(?<![\w.])(?P<volume>\d{{1,4}})\s?\({_YEAR}\)(?:\s?[:,;])?\s?{_RANGE}(?![\w(])")
# ACM: "12, 3 (May 2020), 4–10"; the month is blanked out by then.
_COMMAS = re.compile(
    rf"(?<![\w.])(?P<volume>\d{{1,4}}),\s(?P<issue>\d{{1,3}})(?:\s?\({_YEAR}\)|\s{{8,40}})\s?[:,]\s?{_RANGE}(?![\w(])"
)
_SUPPLEMENT = re.compile(
    rf"(?<![\w.–-])(?P<volume>\d{{1,4}})[\s,]{{1,2}}(?P<issue>Suppl(?:ement)?\b\.?(?:\s\d{{1,3}})?)\s?[:,;]\s?{_RANGE}",
    re.IGNORECASE,
)
_JOINED = re.compile(  # ASCO: "37:15_suppl, e14599"
    rf"(?<![\w.])(?P<volume>\d{{1,4}})\s?[:,]\s?(?P<issue>\d{{1,3}}_suppl\w{{0,8}})(?:[\s,:]{{1,3}}{_RANGE})?(?![\w(])",
    re.IGNORECASE,
)
_DECIMAL = re.compile(rf"(?<![\w.])(?P<volume>\d{{1,4}})\.(?P<issue>\d{{1,3}})\s?\({_YEAR}\)\s?:\s?{_RANGE}")  # MLA
_COLON = re.compile(
    rf"(?<![\w./])(?P<volume>\d{{1,4}})\s{{0,4}}[:,](?:\s{{0,40}}[:,])?\s{{0,4}}{_RANGE}(?![\w(])(?!\s\((?!{_YEAR})\d)"
)
_TAIL = re.compile(r"(?<=[^\W\d_.])[\s,]{1,3}(?P<volume>\d{1,3})(?=[\s,.;]*$)")
_EMPTY = re.compile(r"\(\s{0,40}(?:\)|$)")
_LONE_YEAR = re.compile(rf"\(?(?<![\w-]){_YEAR}(?![\w-])\)?")
_REST = re.compile(rf"^[\s,.;:]{{1,40}}{_RANGE}(?![\w(])")
_BEFORE_ISSUE = re.compile(r"(?<=[^\W\d_.])[\s,]{1,3}(?P<volume>\d{1,4}),\s?$")  # "Lantern 37, no. 15"
_EMPHASIS = re.compile(
    r"<(?:em|i|cite)>([^<>]{2,200})</(?:em|i|cite)>|(?<![\w*_])[*_]([^*_\n]{2,200})[*_](?![\w*_])", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:(?:now\s|just\s|also\s)?"
    r"(?:published|appeared|out|posted|accepted|in press|forthcoming|to appear|erschienen|paru|presented)"
    r"(?:\s(?:online|first|now))?(?:\s(?:at|in|by|on|with|dans|bei))?\b|in\b|chap(?:ter|\.)\s?\d{1,3}\s?in\b|journal:)[\s:]*+",
    re.IGNORECASE,
)
_ET_AL = re.compile(r"^.{0,200}?\bet al\b\.?,?\s*")
_EDITORS = re.compile(r"[^()]{2,300}\([Ee]d(?:itor)?s?\.?\)[\s.,:]*")
_CHAPTER = re.compile(r"\bchap(?:ter|\.)\s?\d|\([Ee]ds?\.?\)|\bed(?:ited by|\.) [A-Z]")
# What a style puts behind the title: "[Data set]", "(Version 1.2) [Computer software]".
_MEDIUM = re.compile(
    r"^(?:\((?:version|v\.?)\s?[\w.]{1,20}\)[\s.]{0,3})?\[(?:data ?set|(?:computer )?software|code|preprint|poster|"
    r"conference (?:abstract|paper|presentation)|database|video)\][\s.,]{0,3}",
    re.IGNORECASE,
)
_IMPACT = re.compile(r"\s?\((?:IF|impact factor)\b[^()]{0,40}\)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!](?<=[^\W\d_]{4}.)\s+(?=[^\W\d_])")
_PUBLISHER = re.compile(r"\s?\(([^()]{2,40})\)\s*$")
_YEAR_OF_EVENT = re.compile(
    rf"{_YEAR} (?:[A-Z][\w/&-]{{1,20}} ){{0,4}}(?:Conference|Symposium|Workshop|Meeting|Congress|Annual|Joint)\b"
)
_YEAR_LAST = re.compile(rf"(?:, {_YEAR}|\s\({_YEAR}\))$")
_QUOTED = re.compile(r"[\"“„](?:[^\s\"“”„]{1,60}\s){2}[^\"“”„]{1,400}[\"”“]")
_LAST = re.compile(r",\s*(?P<first>[a-z]{1,8}\d{2,8}|\d{4,8})(?=[\s,.;)]{0,20}(?:\([^()]{0,60}\))?[\s,.;]{0,20}$)")
_BARE_RANGE = re.compile(r"(?<=[,:)]\s)(?P<first>\d{1,5})[-‐‑–—−]{1,2}(?P<last>\d{1,5})(?=[\s,.;]|$)")
_THESIS = re.compile(
    r"(?:ph\.?\s?d\.?|doctoral|master'?s?|m\.?sc\.?|bachelor'?s?|habilitation)[\s-](?:thesis\b|dissertation\b|diss\.)"
    r"[\s,.:(]*(?:at |from )?([^()]*+)",
    re.IGNORECASE,
)
_STATUSES = (
    "in press", "to appear", "forthcoming", "accepted", "under review", "submitted", "epub", "online first",
    "early view", "advance access",
)  # fmt: skip
_STATUS = re.compile(rf"(?<=[.,;|(])\s?(?:first )?published\b.*$|\b(?:{'|'.join(_STATUSES)})\b.*$", re.IGNORECASE)


@lru_cache(maxsize=32)
def parse(raw: str, title: str = "") -> Citation:
    """The parts of a printed citation; of a whole reference what stands behind `title`."""
    if len(raw) > LONGEST:
        return Citation()
    flat = plain(raw)
    before, behind, titled = _behind_title(flat, title)
    if titled and _QUOTED.search(behind):
        return Citation(before=before)  # what follows is the reference of another work
    if not before:
        before, behind = names_first(behind)
    italics = emphasised(raw)
    named, rest = _named_first(behind, italics)
    text, ids = _IDS.subn(" ", rest)
    dates = _dates.find(text)
    dateless = _dates.blank(text)
    parts, start, pages = _numbers(dateless)
    at = min([start, *(d.start for d in dates[:1])]) if start >= 0 else dates[0].start if dates else -1
    lone = [y for y in _dates.years(dateless) if not any(a <= y.start < b for a, b in pages)]
    head = text[: at if at >= 0 else len(text)]
    ending = next((y.start for y in lone if not _in_name(dateless, y.start)), 0)
    if 0 < ending < len(head):
        head = head[:ending]
    school = _THESIS.match(head.strip(" ,.;:("))
    journal, publisher = ("", school.group(1).strip(" ,.")) if school else _journal(named or head, italics, titled)
    if named and not journal and (_EDITORS.search(behind) or len(parts) > 1):
        journal = named  # in small letters, as books' titles and French journals' are
    server = preprint_server(journal or head) or ("" if journal[:1].isalpha() else preprint_server(behind))
    date = _best_date(dates, lone) or _date_of_apa(before)
    marks = (
        bool(school)
        + bool(_may_hold_status(behind) and _STATUS.search(behind))
        + bool(ids)
        + bool(dates)
        + len(parts)
        + bool(lone)
        + bool(server)
        + bool(_LEAD.match(behind.strip()))
    )
    return Citation(
        journal="" if server else journal,
        publisher=publisher,
        preprint_server=server,
        date=date,
        before=before,
        chapter=bool(_CHAPTER.search(behind)),
        marks=marks,
        **({} if server else parts),
    )


def _in_name(text: str, year: int) -> bool:
    """Is it part of a conference's name: "(ICL 2020)", "the 2020 ICL Conference", "Rey, B. (eds.) ICL 2020"?"""
    opening = text.rfind("(", max(0, year - 60), year)
    inside = text[opening + 1 : year]
    if opening >= 0 and ")" not in inside and any(c.isupper() for c in inside):
        return True
    if _YEAR_OF_EVENT.match(text, year):
        return True
    editors = _EDITORS.match(_LEAD.sub("", text.lstrip()[: year + 5]).lstrip(" :,."))
    return editors is not None and _EDITORS.search(text, max(0, year - 30), year) is not None


def _behind_title(flat: str, title: str) -> tuple[str, str, bool]:
    """What a reference prints before and behind the title, and whether it prints one; else a title in quotes."""
    at = flat.casefold().find(title.rstrip(".").casefold()) if title and len(flat) > len(title) else -1
    end = at + len(title.rstrip("."))
    if at >= 0 and not (flat[at - 1 : at].isalnum() or flat[end : end + 1].isalnum()):
        pass  # the title, and not the beginning of a longer word
    elif quoted := _QUOTED.search(flat):
        at, end = quoted.span()
    else:
        return "", flat, False
    return flat[:at].strip(" ,:\"“„'«"), _MEDIUM.sub("", flat[end:].lstrip(" ,.:\"”“'»")), True


def emphasised(raw: str) -> list[str]:
    """What a citation sets in italics: mostly the journal."""
    return [x for a, b in _EMPHASIS.findall(raw) if len(x := plain(a or b).strip(" ,.;:")) > 2]


def _named_first(behind: str, italics: list[str]) -> tuple[str, str]:
    """A journal in italics that opens the citation, and what stands behind it: "*Proc. 37th Conf. (C 2020)*, 3–4"."""
    opening = _LEAD.sub("", behind.strip()).lstrip(" :,.")
    opening = opening[editors.end() :] if (editors := _EDITORS.match(opening)) else opening
    name = next((e for e in italics if opening.startswith(e)), "")
    rest = opening[len(name) :]
    if not name or any(pattern.search(name) for pattern in (_COMPACT, _COLON, _VOLUME)):
        return "", behind
    dated = _dates.find(name) or (_YEAR_LAST.search(name) and not rest.strip(" ."))
    return ("", behind) if dated else (name, rest)


def _date_of_apa(before: str) -> str:
    """The date between authors and title: "Prado, A. (2009). On wicks", "Prado A 2009"."""
    ending = before[-30:].rstrip(" .,:)\"“„'«")
    if found := _dates.find(ending):
        return found[-1].iso if found[-1].end >= len(ending) - 1 else ""
    years = _dates.years(ending.removesuffix("a").removesuffix("b"))
    return years[-1].iso if years and years[-1].end == len(ending.removesuffix("a").removesuffix("b")) else ""


def _best_date(dates: list[_dates.Printed], lone: list[_dates.Printed]) -> str:
    exact = [d.iso for d in dates if d.exact]
    return (exact or [d.iso for d in dates] or [y.iso for y in lone] or [""])[0]


# ------------------------------------------------------------------------------------------------- volume, issue, pages


def _numbers(text: str) -> tuple[dict[str, str], int, list[tuple[int, int]]]:
    """Volume, issue, pages and article number, where the first of them begins (-1: none), and where pages stand."""
    parts: dict[str, str] = {}
    starts: list[int] = []
    pages: list[tuple[int, int]] = []
    if not _DIGIT.search(text):
        return parts, -1, pages
    text = _EMPTY.sub(lambda m: " " * len(m.group()), text)
    for pattern in (_VOLUME, _ARTICLE, _ISSUE, _PAGES):
        if m := pattern.search(text):
            if pattern is _VOLUME and not (has_digit(m.group("volume")) or _ROMAN.match(m.group("volume"))):
                continue
            _take(parts, m, article=pattern is _ARTICLE)
            starts.append(m.start())
            pages += _located(m)
            if pattern is _ISSUE and "volume" not in parts:
                parts, starts, text = _with_volume_before(parts, starts, text, m.start())
            text = text[: m.start()] + " " * (m.end() - m.start()) + text[m.end() :]
            if pattern is _ISSUE and "volume" in parts and (rest := _REST.match(text[m.end() :])):
                _take(parts, rest)
    for pattern in (_COMPACT, _SUPPLEMENT, _JOINED, _DECIMAL, _COMMAS, _WITH_YEAR, _COLON, _TAIL):
        if pattern is _TAIL:
            text = _LONE_YEAR.sub(lambda m: " " * len(m.group()), text)
        if "volume" not in parts and (m := _first_volume(pattern, text)):
            _take(parts, m)
            starts.append(m.start())
            pages += _located(m)
    if not {"first_page", "article_number"} & parts.keys() and (m := _unmarked(text, "volume" in parts)):
        _take(parts, m, article="last" not in m.groupdict())
        starts.append(m.start())
        pages += _located(m)
    return parts, min(starts, default=-1), pages


def _with_volume_before(
    parts: dict[str, str], starts: list[int], text: str, issue: int
) -> tuple[dict[str, str], list[int], str]:
    """The volume right in front of a named issue: "Lantern 37, no. 15"; it is blanked out."""
    found = _BEFORE_ISSUE.search(text, max(0, issue - 12), issue)
    if not found or re.fullmatch(_YEAR, found["volume"]):
        return parts, starts, text
    blank = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    return parts | {"volume": found["volume"]}, [*starts, found.start()], blank


def _located(m: re.Match[str]) -> list[tuple[int, int]]:
    """Where the pages of a match stand: "1912–1924" are no years, "2020" alone is one."""
    spans = [m.span(name) for name in ("first", "last") if m.groupdict().get(name)]
    return spans if len(spans) > 1 or (spans and not re.fullmatch(_YEAR, m.group("first"))) else []


def _unmarked(text: str, numbered: bool) -> re.Match[str] | None:
    """Pages or an article number that stand alone: a range, or at the end what no issue or page is called."""
    if m := _BARE_RANGE.search(text):
        return m
    m = _LAST.search(text)
    return m if m and (numbered or not m.group("first").isdigit()) else None


def _first_volume(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match whose volume is none of the years: in "2020, 9:1229" the one behind the year."""
    found = pattern.search(text)
    while found and _is_year(found.group("volume"), found):
        found = pattern.search(text, found.end("volume"))
    return found


def _is_year(volume: str, m: re.Match[str]) -> bool:
    """ "(2019) 2019, 12" is a year, as "2021 (online first)"; "2021:baab043" a volume that is called after its year."""
    return bool(re.fullmatch(_YEAR, volume)) and not re.match(r"\d{4}\s?(?::|\([^()]*\d)", m.group())


def _take(parts: dict[str, str], m: re.Match[str], article: bool = False) -> None:
    found = {k: v.strip() for k, v in m.groupdict().items() if v}
    issue = found.get("issue", "")
    if issue and not re.fullmatch(r"(?:19|20)\d\d", issue) and has_digit(issue):
        parts.setdefault("issue", re.sub(r"^(?:no\.?|issue)\s?", "", issue, flags=re.IGNORECASE))
    if "volume" in found:
        parts.setdefault("volume", found["volume"])
    if "first" in found and "first_page" not in parts and "article_number" not in parts:
        parts.update(locator(found["first"], found.get("last", ""), article=article))


def locator(first: str, last: str = "", *, article: bool = False) -> dict[str, str]:
    """First and last page, the last in full; a lone "e1002150", "baab043" or "100032" is an article number."""
    first, last = first.strip(" .,"), last.strip(" .,")
    if last == first:
        last = ""
    if last and re.match(r"pp?\d", first):
        first = first.lstrip("p")
    if not last and re.fullmatch(_YEAR, first) and not article:
        return {}
    if not last:
        lettered = not first[0].isdigit() and len(first) > 4
        return {"article_number" if article or lettered or len(first) >= 6 else "first_page": first}
    head = re.match(r"([A-Za-z]*)(\d+)$", first)
    tail = re.match(r"([A-Za-z]*)(\d+)$", last)
    if head and tail:
        digits = tail.group(2)
        digits = head.group(2)[: max(0, len(head.group(2)) - len(digits))] + digits
        last = (tail.group(1) or head.group(1)) + digits
    return {"first_page": first, "last_page": last}


# ------------------------------------------------------------------------------------------------- journal


def _may_hold_status(text: str) -> bool:
    low = text.lower()
    return "published" in low or any(x in low for x in _STATUSES)


def _journal(head: str, italics: list[str], titled: bool) -> tuple[str, str]:
    """The name of the journal at the end of `head`, and a publisher in brackets behind it."""
    head = _LEAD.sub("", (_IMPACT.sub("", head) if "(" in head else head).lstrip())
    head = (_STATUS.sub("", head) if _may_hold_status(head) else head).strip(' ,.;:(–—-"“”·•|')
    if editors := _EDITORS.match(head):
        book, _, house = head[editors.end() :].partition(". ")
        known = fold(house.partition(",")[0]) in phrase_set("publishers", "publishers", "names")
        return (book.strip(" ,."), house.strip(" ,.;:(") if known else "") if _is_journal(book) else ("", "")
    head = _ET_AL.sub("", head) if "et al" in head else head
    for _ in range(2):
        head = _LEAD.sub("", head).strip(' ,.;:(–—-"“”')
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
    if not 1 <= len(parts) <= 16 or len(name) > 150 or not any(c.isalpha() for c in name):
        return False
    if len(parts) <= 3 and fold(name) in phrase_set("labels", "no_journal", "names"):
        return False
    parts = [p for p in parts if p not in words("names", "connectors")]
    capitals = sum(1 for p in parts if not p.islower() and any(c.isupper() for c in p))
    return (capitals * 2 >= len(parts) or len(parts) == 1) and not name.endswith("?")
