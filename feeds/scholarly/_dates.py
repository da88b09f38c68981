"""Dates as they are printed: "2020 Aug 4", "4. August 2020", "Sept 2020", "(2020)".  Private to scholarly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

from msgspec import Struct

from feeds.scholarly._vocab import fold, months, table


class Printed(Struct, frozen=True):
    """A date of publication and where in the text it stands."""

    iso: str
    start: int
    end: int

    @property
    def exact(self) -> bool:
        """Is it a day?"""
        return len(self.iso) == 10


_LETTERS = re.compile(r"[^\W\d_]{3,10}")
_ONLY_LETTERS = "".join(chr(n) if chr(n).isalpha() else " " for n in range(128))  # what becomes of each character
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_LONE_YEAR = re.compile(r"(?:19|20)(?<![\w.-]..)\d\d(?![\w-])")
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_Pattern = tuple[str, re.Pattern[str]]


@cache
def _patterns() -> tuple[tuple[_Pattern, ...], tuple[_Pattern, ...]]:
    """Those with the month as a number, and those with its name, for lower case; each behind a mark of all it finds."""
    names = sorted({w for v in table("months")["months"].values() for w in v.split()}, key=len, reverse=True)
    month = rf"(?P<m>{'|'.join(map(re.escape, names))})\b\.?"
    to_day = r"(?P<to>\.?\s?[-–]\s?\d\d?)?"  # "12–14 May 2019": some day in May
    numbers = (
        ("-", rf"\b{_YEAR}-(?P<n>\d\d?)-(?P<d>\d\d?)\b(?!-)"),
        ("/", rf"\b{_YEAR}/(?P<n>\d\d?)/(?P<d>\d\d?)\b(?!/)"),
        (".", rf"\b(?P<d>\d\d?)\.\s?(?P<n>\d\d?)\.\s?{_YEAR}\b"),
        ("-", rf"\b{_YEAR}-(?P<n>0[1-9]|1[0-2])\b(?!-)"),
    )
    named = (
        rf"\b(?<!\d[-–—]){_YEAR}[\s,.;]{{1,3}}{month}(?:\s{{1,2}}(?P<d>\d\d?)\b(?![(:\d]))?",
        rf"\b(?P<d>\d\d?){to_day}(?:st|nd|rd|th|\.|er)?\s(?:of\s|de\s)?{month},?\s(?:de\s)?{_YEAR}\b",
        rf"\b{month}\s(?P<d>\d\d?){to_day}(?:st|nd|rd|th)?,?\s{_YEAR}\b",
        rf"\b{month}(?:\s?[-–/]\s?\w{{3,9}})?,?\s(?:de\s)?{_YEAR}\b",
    )
    return (
        tuple((mark, re.compile(s)) for mark, s in numbers),
        tuple(("", re.compile(s)) for s in named),
    )


def find(text: str) -> list[Printed]:
    """The dates of publication with at least a month, in order; those of acceptance or submission are left out."""
    return [p for p in _all(text) if not _is_other(text, p.start)]


def is_date(text: str) -> bool:
    """Is it a date of at least a month, and nothing else?"""
    return any(not (text[: p.start] + text[p.end :]).strip(" .,()") for p in find(text))


def blank(text: str) -> str:
    """`text` with every date of at least a month blanked out, those of acceptance too."""
    for p in _all(text):
        text = text[: p.start] + " " * (p.end - p.start) + text[p.end :]
    return text


@lru_cache(maxsize=64)
def _all(text: str) -> tuple[Printed, ...]:
    if not _ANY_YEAR.search(text):
        return ()
    text = text.replace("İ", "i").lower()  # as long as it was: of the others none is two letters in lower case
    numbers, named = _patterns()
    found: list[Printed] = []
    has_name = _names_month(text)
    for mark, pattern in (*numbers[:3], *(named if has_name else ()), numbers[3]):
        if mark not in text:
            continue
        found += [p for p in _matches(pattern, text) if not any(p.start < f.end and f.start < p.end for f in found)]
    return tuple(sorted(found, key=lambda p: p.start))


def _names_month(text: str) -> bool:
    if text.isascii():
        return not months().keys().isdisjoint(text.translate(_ONLY_LETTERS).split())
    return not months().keys().isdisjoint(map(fold, _LETTERS.findall(text)))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Printed]:
    for m in pattern.finditer(text):
        groups = m.groupdict()
        number = groups.get("n") or months().get(fold(groups.get("m") or ""))
        iso = _iso(groups["y"], number, None if groups.get("to") else groups.get("d"))
        if iso:
            yield Printed(iso, m.start(), m.end())


def _iso(year: str, month: str | int | None, day: str | None) -> str:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return "-".join(x for x in (year, f"{int(month or 0):02}", f"{int(day):02}" if day else "") if x)


def _is_other(text: str, start: int) -> bool:
    before = fold(text[max(0, start - 20) : start]).split()
    return any(w in _others() for w in before[-2:])


@cache
def _others() -> frozenset[str]:
    return frozenset(fold(w) for w in table("months")["not_published"]["words"].split())


def years(text: str) -> list[Printed]:
    """Four-digit years that stand alone."""
    return [Printed(m.group(), m.start(), m.end()) for m in _LONE_YEAR.finditer(text)]
