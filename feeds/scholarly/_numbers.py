"""Volume, issue, pages and article number of a printed citation.  Private to scholarly.

"12(3), 45–56", "vol. 12, no. 3, pp. 45–56", "37:15_suppl, e14599", "12, 3 (May 2020), 4–10": patterns from the most to
the least telling, each for what those before it have left.
"""

from __future__ import annotations

import re

from feeds.scholarly._vocab import has_digit

_DIGIT = re.compile(r"\d")
_PAGE = r"[A-Za-z]{0,6}\d[\w.]{0,14}"
_RANGE = rf"(?P<first>{_PAGE})(?:\s?[-‐‑–—−]{{1,3}}\s?(?P<last>{_PAGE}))?"
# They begin with the first letters of what they look for, for which the engine can skip ahead.
VOLUME = re.compile(
    r"[vVbB](?<!\w.)(?i:(?<=v)(?:olume|ol\b\.?|\.(?=\s?\d))|(?<=b)(?:and|d\.)):?\s?(?P<volume>[\w-]{1,12})"
)
_ROMAN = re.compile(r"[IVXLC]{1,7}$")
_ISSUE = re.compile(
    r"[iInNhH](?<!\w.)(?i:(?<=i)ssue|(?<=n)(?:o\b\.?|umber|r\.|[°º]|[uú]m(?:[eé]ro)?\b\.?)|(?<=h)(?:eft|\.(?=\s?\d)))"
    r":?\s?(?P<issue>[A-Za-z]{0,8}\s?\d[\w./–-]{0,9})"
)
_PAGES = re.compile(
    r"[pPsS](?<!\w.)(?i:(?<=p)(?:ages?|p?\.|p|(?=\d)|gs?\.?|[áa]gs?\.|[áa]ginas?)|(?<=s)(?:eiten?|\.))"
    rf":?\s?{_RANGE}"
)
_ARTICLE = re.compile(
    r"[aApPeE](?<!\w.)(?i:(?<=a)(?:rticle|rt\.)|(?<=p)aper|(?<=e)-?location)"
    r"\s?(?i:no\.?|number|id|nr\.?|n°)?:?\s?(?P<first>[A-Za-z]{0,6}\d[\w.-]{0,14})"
)
YEAR = r"(?:19|20)\d\d"
COMPACT = re.compile(
    rf"(?<![\w.–-])(?P<volume>\d{{1,4}}|[IVXLC]{{1,7}}(?=\s?\([^()]{{0,19}}\d))\s?\((?P<issue>(?!{YEAR}\))[^()\n]{{1,20}})\)(?:\s?[:,;]\s?{_RANGE})?"
)
_WITH_YEAR = re.compile(rf"(?<![\w.])(?P<volume>\d{{1,4}})\s?\({YEAR}\)(?:\s?[:,;])?\s?{_RANGE}(?![\w(])")
# ACM: "12, 3 (May 2020), 4–10"; the month is blanked out by then.
_COMMAS = re.compile(
    rf"(?<![\w.])(?P<volume>\d{{1,4}}),\s(?P<issue>\d{{1,3}})(?:\s?\({YEAR}\)|\s{{8,40}})\s?[:,]\s?{_RANGE}(?![\w(])"
)
_SUPPLEMENT = re.compile(
    rf"(?<![\w.–-])(?P<volume>\d{{1,4}})[\s,]{{1,2}}(?P<issue>Suppl(?:ement)?\b\.?(?:\s\d{{1,3}})?)\s?[:,;]\s?{_RANGE}",
    re.IGNORECASE,
)
_JOINED = re.compile(  # ASCO: "37:15_suppl, e14599"
    rf"(?<![\w.])(?P<volume>\d{{1,4}})\s?[:,]\s?(?P<issue>\d{{1,3}}_suppl\w{{0,8}})(?:[\s,:]{{1,3}}{_RANGE})?(?![\w(])",
    re.IGNORECASE,
)
_DECIMAL = re.compile(rf"(?<![\w.])(?P<volume>\d{{1,4}})\.(?P<issue>\d{{1,3}})\s?\({YEAR}\)\s?:\s?{_RANGE}")  # MLA
COLON = re.compile(
    rf"(?<![\w./])(?P<volume>\d{{1,4}})\s{{0,4}}[:,](?:\s{{0,40}}[:,])?\s{{0,4}}{_RANGE}(?![\w(])(?!\s\((?!{YEAR})\d)"
)
_TAIL = re.compile(r"(?<=[^\W\d_.])[\s,]{1,3}(?P<volume>\d{1,3})(?=[\s,.;]*+$)")
# Each behind a mark that is in all it finds.
_VOLUMES = (
    ("(", COMPACT), ("", _SUPPLEMENT), ("_", _JOINED), (":", _DECIMAL), (",", _COMMAS), ("(", _WITH_YEAR), ("", COLON),
)  # fmt: skip
_EMPTY = re.compile(r"\(\s{0,40}(?:\)|$)")
_CALLED = re.compile(r"^(?:no\.?|issue)\s?", re.IGNORECASE)
_YEAR = re.compile(YEAR)
_AFTER_YEAR = re.compile(r"\d{4}\s?(?::|\([^()\d]*+\d)")
_LONE_YEAR = re.compile(r"[(12](?:(?<=\()(?:19|20)|(?<![\w-].)(?:(?<=1)9|(?<=2)0))\d\d(?![\w-])\)?")
_REST = re.compile(rf"^[\s,.;:]{{1,40}}{_RANGE}(?![\w(])")
_BEFORE_ISSUE = re.compile(r"(?<=[^\W\d_.])[\s,]{1,3}(?P<volume>\d{1,4}),\s?$")  # "Lantern 37, no. 15"
_LAST = re.compile(r",\s*+(?P<first>[a-z]{1,8}\d{2,8}|\d{4,8})(?=[\s,.;)]{0,20}(?:\([^()]{0,60}\))?[\s,.;]{0,20}$)")
_PAGE_SIGN = re.compile(r"pp?\d")
_NUMBERED = re.compile(r"([A-Za-z]*+)(\d++)$")
_BARE_RANGE = re.compile(r"(?<=[,:)]\s)(?P<first>\d{1,5})[-‐‑–—−]{1,2}(?P<last>\d{1,5})(?=[\s,.;]|$)")


def numbers(text: str) -> tuple[dict[str, str], int, list[tuple[int, int]]]:
    """Volume, issue, pages and article number, where the first of them begins (-1: none), and where pages stand."""
    parts: dict[str, str] = {}
    starts: list[int] = []
    pages: list[tuple[int, int]] = []
    if not _DIGIT.search(text):
        return parts, -1, pages
    text = _EMPTY.sub(_blanks, text)
    for pattern in (VOLUME, _ARTICLE, _ISSUE, _PAGES):
        if m := pattern.search(text):
            if pattern is VOLUME and not (has_digit(m.group("volume")) or _ROMAN.match(m.group("volume"))):
                continue
            _take(parts, m, article=pattern is _ARTICLE)
            starts.append(m.start())
            pages += _located(m)
            if pattern is _ISSUE and "volume" not in parts:
                parts, starts, text = _with_volume_before(parts, starts, text, m.start())
            text = text[: m.start()] + " " * (m.end() - m.start()) + text[m.end() :]
            if pattern is _ISSUE and "volume" in parts and (rest := _REST.match(text[m.end() :])):
                _take(parts, rest)
    for mark, pattern in _VOLUMES:
        if "volume" not in parts and mark in text and (m := _first_volume(pattern, text)):
            _take(parts, m)
            starts.append(m.start())
            pages += _located(m)
    text = _LONE_YEAR.sub(_blanks, text)
    if "volume" not in parts and (m := _first_volume(_TAIL, text)):
        _take(parts, m)
        starts.append(m.start())
    if not {"first_page", "article_number"} & parts.keys() and (m := _unmarked(text, "volume" in parts)):
        _take(parts, m, article="last" not in m.groupdict())
        starts.append(m.start())
        pages += _located(m)
    return parts, min(starts, default=-1), pages


def _blanks(m: re.Match[str]) -> str:
    """As many blanks as the match is long, so that places stay."""
    return " " * (m.end() - m.start())


def _with_volume_before(
    parts: dict[str, str], starts: list[int], text: str, issue: int
) -> tuple[dict[str, str], list[int], str]:
    """The volume right in front of a named issue: "Lantern 37, no. 15"; it is blanked out."""
    found = _BEFORE_ISSUE.search(text, max(0, issue - 12), issue)
    if not found or _YEAR.fullmatch(found["volume"]):
        return parts, starts, text
    blank = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    return parts | {"volume": found["volume"]}, [*starts, found.start()], blank


def _located(m: re.Match[str]) -> list[tuple[int, int]]:
    """Where the pages of a match stand: "1912–1924" are no years, "2020" alone is one."""
    found = m.groupdict()
    if not found.get("first"):
        return []
    if found.get("last"):
        return [m.span("first"), m.span("last")]
    return [] if _YEAR.fullmatch(found["first"]) else [m.span("first")]


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
    return bool(_YEAR.fullmatch(volume)) and not _AFTER_YEAR.match(m.group())


def _take(parts: dict[str, str], m: re.Match[str], article: bool = False) -> None:
    found = m.groupdict("")
    issue = found.get("issue", "").strip()
    if issue and not _YEAR.fullmatch(issue) and has_digit(issue):
        parts.setdefault("issue", _CALLED.sub("", issue) if issue[0] in "nNiI" else issue)
    if volume := found.get("volume"):
        parts.setdefault("volume", volume)
    if found.get("first") and "first_page" not in parts and "article_number" not in parts:
        parts.update(locator(found["first"], found.get("last", ""), article=article))


def locator(first: str, last: str = "", *, article: bool = False) -> dict[str, str]:
    """First and last page, the last in full; a lone "e1002150", "baab043" or "100032" is an article number."""
    first, last = first.strip(" .,"), last.strip(" .,")
    if last == first:
        last = ""
    if last and first[:1] == "p" and _PAGE_SIGN.match(first):
        first = first.lstrip("p")
    if not last and _YEAR.fullmatch(first) and not article:
        return {}
    if not last:
        lettered = not first[0].isdigit() and len(first) > 4
        return {"article_number" if article or lettered or len(first) >= 6 else "first_page": first}
    head, tail = _NUMBERED.match(first), _NUMBERED.match(last)
    if head and tail:
        digits = tail.group(2)
        digits = head.group(2)[: max(0, len(head.group(2)) - len(digits))] + digits
        last = (tail.group(1) or head.group(1)) + digits
    return {"first_page": first, "last_page": last}
