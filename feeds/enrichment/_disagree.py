"""Where a post and the services say different things of one work.  Pure and private.

Different spellings of one thing are no disagreement: abbreviated journals and pages, the year of print behind that of
going online.  Nor is it one when a single service agrees with the post: they have errors of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from msgspec import Struct

from feeds.model import SERVICES, Fact, Item, Person, Problem

_DIGITS = re.compile(r"\d{1,9}")
_YEAR = re.compile(r"[0-9]{4}")
_BESIDE = re.compile(r"\([^()]{0,100}\)|\s[:=]\s.{0,300}")  # "Bioinformatics (Oxford, England)", "Wick : a journal"
_SMALL = frozenset("a an and at by de del der des di du et for in la le les of on the und y zur für".split())


class Disagreement(Struct, frozen=True, kw_only=True):
    """A field for which the post states one thing and the services another."""

    field: str
    printed: str
    other: str
    service: str  # that says the other
    address: str  # where it says so
    line: int = 0  # where the post says the first


def problems(item: Item, where: str) -> Iterator[Problem]:
    """Warnings about disagreements; `where` is the post's file."""
    for found in disagreements(item):
        yield Problem(
            stage="extract",
            where=f"{where}:{found.line}" if found.line else where,
            message=f"{found.field} is {found.printed} here, {found.other} at {found.service}",
            hint=f"correct it if the slip is here; what is printed is published ({found.address})",
            severity="warning",
        )


def disagreements(item: Item) -> Iterator[Disagreement]:
    """Of `item`, evidence included, what is printed or recorded and contradicted by every service that speaks of it."""
    if item.work is None:
        return
    own = [f for f in item.facts if f.origin not in SERVICES]
    told = sorted((f for f in item.facts if f.origin in SERVICES), key=lambda f: SERVICES.index(f.origin))
    for field, differ in _DIFFER.items():
        value = str(getattr(item.work, field))
        printed = next((f for f in own if f.field == field and f.value == value), None)
        printed = printed or next((f for f in own if f.field == field), None)
        alike = () if field == "first_page" and item.work.last_page else _ALIKE.get(field, ())
        others = [f for f in told if f.field in (field, *alike) and isinstance(f.value, str)]
        if value and printed and others and all(differ(value, str(f.value)) for f in others):
            line = printed.line if not printed.file else 0
            yield _disagreement(field, value, str(others[0].value), others[0], line)
    yield from _authors(item.work.authors, item.work.authors_truncated, own, told)


def _disagreement(field: str, printed: str, other: str, fact: Fact, line: int) -> Disagreement:
    return Disagreement(field=field, printed=printed, other=other, service=fact.origin, address=fact.file, line=line)


# ------------------------------------------------------------------------------------------------- values


def _numbers_differ(printed: str, other: str) -> bool:
    """ "12" and "21", but not "12A" and "012", "3-4" and "3–4"; what has no digits cannot be told apart."""
    ours, theirs = _DIGITS.findall(printed), _DIGITS.findall(other)
    return bool(ours and theirs) and [int(n) for n in ours] != [int(n) for n in theirs]


def _last_pages_differ(printed: str, other: str) -> bool:
    """ "741" and "41" are one page, written in full and in short."""
    ours, theirs = _DIGITS.search(printed), _DIGITS.search(other)
    if not ours or not theirs:
        return False
    return not (ours[0].endswith(theirs[0]) or theirs[0].endswith(ours[0]))


def _years_differ(printed: str, other: str) -> bool:
    """By more than one: online before the issue's year is none."""
    ours, theirs = _YEAR.match(printed), _YEAR.match(other)
    return bool(ours and theirs) and abs(int(printed[:4]) - int(other[:4])) > 1


def _identifiers_differ(printed: str, other: str) -> bool:
    return printed.casefold() != other.casefold()


def _journals_differ(printed: str, other: str) -> bool:
    """Unless one is an abbreviation of the other, or its beginning of three words and more."""
    ours, theirs = _words(printed), _words(other)
    if not ours or not theirs or "".join(ours) == "".join(theirs):
        return False
    if len(ours) > len(theirs):
        ours, theirs = theirs, ours
    initials = "".join(word[0] for word in theirs)
    is_acronym = len(ours) == 1 and len(ours[0]) > 1 and (initials.startswith(ours[0]) or ours[0] == initials)
    same_beginning = len(ours) > 2 and all(map(_abbreviates, ours, theirs))
    return not (is_acronym or same_beginning or (len(ours) == len(theirs) and all(map(_abbreviates, ours, theirs))))


def _abbreviates(one: str, other: str) -> bool:
    """ "j" and "journal", "natl" and "national": the shorter's letters in order, the first the same."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _words(value: str) -> list[str]:
    """The words that count in the name of a journal, folded."""
    return [w for w in _folded(_BESIDE.sub("", value.replace("&", " and "))) if w not in _SMALL]


def _folded(value: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", value).casefold()
    return "".join(c if c.isalnum() else "" if unicodedata.combining(c) or c in "'’" else " " for c in flat).split()


_DIFFER: dict[str, Callable[[str, str], bool]] = {
    "journal": _journals_differ,
    "volume": _numbers_differ,
    "issue": _numbers_differ,
    "first_page": _numbers_differ,
    "last_page": _last_pages_differ,
    "article_number": _numbers_differ,
    "date": _years_differ,
    "issn": _identifiers_differ,
    "pmid": _identifiers_differ,
    "pmcid": _identifiers_differ,
}
_ALIKE = {
    "first_page": ("article_number",),
    "article_number": ("first_page",),
}  # a number of an article is a page to some


# ------------------------------------------------------------------------------------------------- authors


def _authors(
    authors: tuple[Person, ...], is_truncated: bool, own: list[Fact], told: list[Fact]
) -> Iterator[Disagreement]:
    """Lists of persons of different length, or with a family name that stands on one side only."""
    printed = next((f for f in own if f.field == "authors" and f.rule != "front/poster"), None)
    others = [f for f in told if f.field == "authors" and isinstance(f.value, tuple)]
    if not printed or not others or is_truncated or any(not _differ(authors, f.value) for f in others):
        return
    ours, theirs = _persons(authors), _persons(others[0].value)
    line = printed.line if not printed.file else 0
    if len(ours) != len(theirs):
        yield _disagreement("authors", f"{len(ours)} persons", f"{len(theirs)}", others[0], line)
        return
    pair = next(p for p in zip(ours, theirs, strict=True) if not _may_be(*p))
    yield _disagreement("authors", pair[0].name, pair[1].name, others[0], line)


def _differ(authors: tuple[Person, ...], other: object) -> bool:
    ours, theirs = _persons(authors), _persons(other)
    return len(ours) != len(theirs) or not all(map(_may_be, ours, theirs))


def _persons(people: object) -> list[Person]:
    return [p for p in people if isinstance(p, Person) and not p.organization] if isinstance(people, tuple) else []


def _may_be(ours: Person, theirs: Person) -> bool:
    """Has one a word of the other's family name, or is one of them written in another script?"""
    mine, other = set(_folded(ours.family or ours.name)), set(_folded(theirs.name))
    return bool(mine & other) or "".join(mine).isascii() != "".join(other).isascii()
