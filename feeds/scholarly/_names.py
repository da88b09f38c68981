"""A line of names → persons.  One way of writing is decided for the whole line.  Private to scholarly.

Family Initials ("Prado A"), Given Family ("Ana Prado"), initials first ("A.M. Prado"), "Prado, A." in a row or
separated by semicolons, BibTeX's "Prado, Ana and Soto, Li".  Groups stand in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from msgspec import Struct

from feeds.model import Person
from feeds.scholarly._blocks import plain
from feeds.scholarly._person import (
    Style,
    base_of,
    is_caps,
    is_group,
    is_institution,
    is_lone,
    is_ordinary,
    may_name_institution,
    person_of,
    style_of,
)
from feeds.scholarly._vocab import fold, folded_words, table, words


class Names(Struct, frozen=True, kw_only=True):
    """What a line of names holds; `doubt` is the share of its items that do not look like names."""

    people: tuple[Person, ...] = ()
    truncated: bool = False
    doubt: float = 1.0


_NOTHING = Names()
LONGEST = 40_000  # characters, and
MOST = 6_000  # names: more than the longest author list ever printed; what is longer is no author line

_SUP = re.compile(
    r"<su[pb]\b[^<>]*+>[^<>]*+</su[pb]>|\[\^[^\[\]\s]{1,30}\]|\^[\w,*†‡]{1,12}\^|\$\^\{?[^${}]{0,20}+\}?\$"
)
_MARKS = {ord(c): None for c in "*†‡§¶#⁎∗✉✝⋆☆★|¹²³⁰⁴⁵⁶⁷⁸⁹˒"} | {
    ord("、"): ", ",
    ord("，"): ", ",
    ord("،"): ", ",
    ord("；"): "; ",
}
_NUMBERS = re.compile(  # behind a letter, or a letter and a full stop
    r"[\d\[](?:(?<=[^\W\d].)|(?<=[^\W\d]\..))"
    r"(?:(?<=\d)\d?(?:,\d{1,2})*+|(?<=\[)\d{1,2}(?:, ?\d{1,2}){0,9}\])(?=[\s,;.]|$)"
)
_APART = re.compile(r"\s(?<=[^\W\d]\s)\d{1,2}(?:\s\d{1,2}){0,5}(?=\s?(?:[,;.]|and\b|&|$))")  # "Prado AM 1 2, Soto L 2"
_DIGIT = re.compile(r"\d")
_CAPITAL = r"[^\W\d_a-z]"
_INITIALS = re.compile(
    rf"((?:{_CAPITAL}\.?-?){{1,5}}|{_CAPITAL}\.?(?:[ -]{_CAPITAL}\.?){{1,4}})(?: (?:[JS]r\.?|I{{2,3}}|IV|2nd|3rd))?"
)
_DOTTED = re.compile(r"\.(?<=[^\W\d_a-z]\.)(?<!\w..)")
_ORCID = re.compile(r"\(?(?:https?://)?(?:orcid(?:\.org)?[:/]?\s?)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\)?", re.IGNORECASE)
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = re.compile(r"[\s,–-]{0,5}[(\[]?\b(?:19|20)\d\d[a-z]?[)\]]?[\s.,:]*+$")
_NOTE = re.compile(r"\((?:[^()]{0,60})\)")
_OTHERS = re.compile(r",?\s(?:(?:and|&) (?:\d{1,4} )?(?:others|colleagues|coworkers)|et al)\b", re.IGNORECASE)
_LEFT_OUT = re.compile(r"[,;]?\s(…|\.\.\.)\s(?=[^\W\d_])")  # "Soto L, … Rey B", "Soto L ... Rey B"
_MARK = re.compile(f"[{re.escape(''.join(map(chr, _MARKS)))}]")
_BULLET = re.compile(r"\s[·•|/]\s")
# From here on lines are squeezed: never two blanks in a row.
_JOINER = re.compile(r"[ ,;&](?:(?<=&)|(?:and|und|et|y|e) )")  # to be looked for behind one more blank
_AND = re.compile(
    r"(?=[ ,&])(?:"
    r"(?: ?,)? (?:and|und|et|y|e) (?:(?=[^\W\d_a-z])|(?=(?:[a-z']{1,5} ){1,3}[^\W\d_a-z]))| ?,? ?&(?:amp;)? ?)"
)
_SUFFIX = re.compile(r"(?<=[\w.]),\s?((?:[JS]r\b\.?|II|III|IV))(?=\s?(?:[,;&]|and\b|$))")
_FOR = re.compile(r"(?: ?,)? (?:for the|on behalf of(?: the)?|representing(?: the)?) (?=\S)")


@lru_cache(maxsize=32)
def parse(raw: str) -> Names:
    """The names of one printed line (Markdown or HTML); empty when it is no line of names."""
    if not raw or len(raw) > LONGEST or "://" in plain(raw):
        return _NOTHING
    line = _clean(raw)
    if len(line) > MOST and sum(line.count(x) for x in (",", ";", "&", " and ")) > MOST:
        return _NOTHING
    if line.endswith(("others", "colleagues", "coworkers", "et al")):
        line = _OTHERS.sub(", et al", line, count=9)
    line, group = _behalf(line)
    ordinary = is_ordinary(line.replace(",", " ").replace(";", " "))
    items, style = _items(line, ordinary)
    people: list[Person] = []
    truncated, doubtful = False, 0
    cut, housed = _may_be_cut(line), not ordinary and may_name_institution(line)
    for item in items:
        if cut and is_truncation(item):
            truncated = True
        elif people and housed and is_institution(item):
            continue  # where the one before works
        elif person := person_of(item, style, ordinary):
            people.append(person)
        else:
            doubtful += 1
    alone = len([p for p in people if not p.given and is_lone(p)])
    if group:
        people.append(Person(name=group, organization=True))
    total = len(people) + doubtful
    return Names(people=tuple(people), truncated=truncated, doubt=(doubtful + alone) / total if total else 1.0)


def from_list(items: Iterable[object]) -> Names:
    """The names of a front matter list, one entry each."""
    texts = [_clean(item) for item in items if isinstance(item, str) and item.strip()]
    style = style_of(texts)
    kept = [x for x in texts if not is_truncation(x)]
    people = tuple(p for x in kept if (p := person_of(x, "family-comma" if "," in x else style)))
    return Names(people=people, truncated=len(kept) < len(texts), doubt=0.0 if people else 1.0)


def _clean(raw: str) -> str:
    """The line without markup, marks, numbers of affiliations, openers and what closes it."""
    text = plain(_SUP.sub("", raw) if "<su" in raw or "<SU" in raw or "^" in raw or "$" in raw else raw)
    if "0000-" in text:
        text = _ORCID.sub("", text)
    text = _BULLET.sub(", ", text) if "·" in text or "•" in text or "|" in text or "/" in text else text
    text = text.translate(_MARKS) if _may_hold_mark(text) and _MARK.search(text) else text
    text = _LEFT_OUT.sub(r", \1, ", text) if "…" in text or "..." in text else text
    if text.isupper():
        text = text.replace(" AND ", " and ")
    if _DIGIT.search(text):
        text = _YEAR.sub("", text.rstrip()) if _ANY_YEAR.search(text.rstrip(" .,:")[-6:]) else text.rstrip()
        text = _APART.sub("", _NUMBERS.sub("", text))
    if "(" in text:
        text = _NOTE.sub("", text)
    opener, _, rest = text.strip().partition(" ")
    if rest and fold(opener) in words("names", "openers") and not _is_particle(opener, rest):
        text = rest.lstrip(": ").removeprefix("by ")
    text = (" ".join(text.split()) if "  " in text else text).strip(" ,;:")
    if not text.endswith(".") or text.endswith(("..", "Jr.")):
        return text
    if _DOTTED.search(text[-3:]) and len(_DOTTED.findall(text)) > 1:
        return text  # the last full stop belongs to an initial, as the others do
    return text[:-1].rstrip(" ,;")


def _may_hold_mark(text: str) -> bool:
    return not text.isascii() or "*" in text or "#" in text or "|" in text


def _is_particle(opener: str, rest: str) -> bool:
    """Of "von Docht, L." and "von Docht L"; but "von Ada Docht und Bo Rey" says who wrote it."""
    first = rest.replace(";", ",").partition(",")[0].split()
    return opener in words("names", "particles") and (len(first) == 1 or is_caps(first[-1]))


def _behalf(line: str) -> tuple[str, str]:
    """ "Ana Prado for the Moon Project" → the names, and the group they speak for."""
    stated = " for the " in line or "behalf of" in line or "representing" in line
    found = _FOR.search(line) if stated else None
    if not found or "," in line[found.end() :]:
        return line, ""
    names, group = line[: found.start()], line[found.end() :]
    if fold(group) in folded_words("names", "groups"):
        return names, ""
    return (names, group) if is_group(group) and not is_group(names.rpartition(",")[2]) else (line, "")


# ------------------------------------------------------------------------------------------------- items


def _items(line: str, ordinary: bool) -> tuple[list[str], Style]:
    """The names, and how they are written; `ordinary`: no word of the line is a title, a degree or a suffix."""
    line = _SUFFIX.sub(r" \1", line) if "Jr" in line or "Sr" in line or "II" in line or "IV" in line else line
    if ";" in line:
        rows = [name for part in line.split(";") for name in (_row(part) if "," in part else [part])]
        joined = _JOINER.search(f" {line}") is not None
        items = [x for name in rows for x in (_split_and(name) if joined else [name.strip(" ,")]) if x]
        return items, "family-comma" if any("," in x for x in items) else style_of(items)
    if bibtex := _bibtex(line):
        return bibtex, "family-comma"
    parts = _parts(line)
    spaced = line.count("&") == line.count(" & ")  # else "MD&PhD" is one word of the line
    parts = parts if ordinary and spaced else _without_degrees(parts)
    if (paired := _pair_initials(parts)) is not None:
        return paired, "family-comma"
    if _inverted_first(parts):
        return [f"{parts[0]}, {parts[1]}", *parts[2:]], "given-family"
    return parts, style_of(parts)


def _parts(line: str) -> list[str]:
    """What stands between commas and joiners; in front of the first joiner there are only commas."""
    joiner = _JOINER.search(f" {line}")
    joined = line.rfind(",", 0, joiner.end() - 1) + 1 if joiner else len(line)
    parts = [x.strip() for x in line[:joined].split(",")]
    parts += [x for part in line[joined:].split(",") for x in _split_and(part)]
    return [x for x in parts if x]


def _row(part: str) -> list[str]:
    """ "Prado AM, Soto L" between semicolons: a row of whole names; "Prado, A. M." is one."""
    pieces = [x.split() for x in part.split(",")]
    whole = all(len(x) > 1 and is_caps(x[-1]) and not is_caps(x[0]) for x in pieces)
    return part.split(",") if len(pieces) > 1 and whole else [part]


def _split_and(part: str) -> list[str]:
    spaced = f" {part.strip()}"
    if not _JOINER.search(spaced):
        return [alone] if (alone := part.strip(" ,")) else []
    pieces = [x.strip(" ,") for x in _AND.split(spaced) if x and x.strip(" ,")]
    whole: list[str] = []
    for piece in pieces:
        if whole and " " not in piece and is_group(whole[-1]):
            whole[-1] += f" and {piece}"  # "Alliance for Genomics and Health"
        else:
            whole.append(piece)
    return whole


def _bibtex(line: str) -> list[str] | None:
    """ "Prado, Ana and Soto, Li": one comma in each part, and no other separators."""
    parts = line.split(" and ")
    if len(parts) > 1 and all(p.count(",") == 1 for p in parts):
        return None if any(len(p.split(",")[1].split()) > 3 for p in parts) else parts
    return None


def _without_degrees(parts: list[str]) -> list[str]:
    """Titles and degrees set apart by commas are nobody; "2nd" belongs to whom it follows."""
    kept: list[str] = []
    suffixes, degrees = words("names", "suffixes"), words("names", "honorifics")
    for part in parts:
        low = part.lower()
        if kept and low in suffixes:
            kept[-1] += f" {part}"
        elif low.partition(" ")[0] not in degrees or not degrees.issuperset(low.split()):
            kept.append(part)
    return kept


def _pair_initials(parts: list[str]) -> list[str] | None:
    """["Prado", "A.", "Soto", "L. M."] → ["Prado, A.", "Soto, L. M."]; MLA's turned-round first name alone too."""
    short = [not p[1:2].islower() and (len(p) == 1 or p[1] in ". -" or p[:2].isupper()) for p in parts]
    lone = [x and _is_initials(p) for x, p in zip(short, parts, strict=True)] if any(short) else []
    if not any(lone) or lone[0]:
        return None
    paired: list[str] = []
    for part, initials in zip(parts, lone, strict=True):
        if initials and paired and "," not in paired[-1] and not is_truncation(paired[-1]):
            paired[-1] = f"{paired[-1]}, {part}"
        else:
            paired.append(part)
    return paired


def _is_initials(part: str) -> bool:
    """ "A.", "J.-P.", "L. M.", "H. Jr."."""
    found = _INITIALS.fullmatch(part)
    return found is not None and found.group(1).isupper()


def _inverted_first(parts: list[str]) -> bool:
    """Chicago's "Prado, Ana, Li Soto, and Bo Rey": family and given name first, only whole names behind them."""
    if len(parts) < 2:
        return False
    *leading, family = parts[0].split()
    particles = words("names", "particles").issuperset([p.lower() for p in leading])
    first_of_many = len(parts) == 3 and is_truncation(parts[2])  # MLA: one name and "et al."
    if not (particles or (first_of_many and len(leading) == 1)) or is_truncation(parts[1]) or is_group(family):
        return False
    given = base_of(parts[1].split(), fewest=1)
    if not given or any(" " not in p and not is_truncation(p) for p in parts[2:]):
        return False
    if first_of_many:
        return (particles and sum(not is_caps(g) for g in given) < 3) or (len(leading) == 1 and len(given) == 1)
    return particles and (len(given) == 1 or (not leading and _is_second_given(given[-1])))


def _is_second_given(word: str) -> bool:
    return is_caps(word, most=1) or fold(word) in folded_words("names", "second_given")


def is_truncation(item: str) -> bool:
    """Does the item stand for those who are not named: "et al.", "…"?"""
    longest, printed = _truncations()
    return len(item) <= longest and (item.strip("., ").lower() in printed or item in printed)


def _may_be_cut(line: str) -> bool:
    low = line.lower()
    for printed in _shortest_truncations():  # noqa: SIM110  # any() takes twice as long
        if printed in low:
            return True
    return False


@cache
def _truncations() -> tuple[int, frozenset[str]]:
    printed = table("names")["truncated"]
    return max(map(len, printed)) + 2, frozenset([*printed, *(x.strip("., ") for x in printed if x.strip("., "))])


@cache
def _shortest_truncations() -> tuple[str, ...]:
    """Those that hold no other: where none of them stands, there is none."""
    printed = sorted(_truncations()[1])
    return tuple(x for x in printed if not any(y in x for y in printed if y != x))
