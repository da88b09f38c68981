"""What services say of a work, put where the post says nothing.  Private to scholarly.

Nothing printed is replaced: a blank field is filled, a date becomes more exact, a list of authors that agrees with the
service's gets its full names, and one that was cut short its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from feeds.model import SERVICES, Fact, Person, Work
from feeds.scholarly import people as directory
from feeds.scholarly._vocab import fold

Offered = dict[str, list[Fact]]  # field → what services say, the most trusted first

_TEXTS = (
    "journal", "volume", "issue", "doi", "pmid", "pmcid", "issn", "publisher", "preprint_server", "abstract", "license",
)  # fmt: skip


def complete(work: Work, facts: Iterable[Fact], without: Collection[str], is_open: bool) -> Work:
    """`work` with what the services add.

    `without` are fields that its kind does not have; `is_open` says that there may be more authors than it names.
    """
    offered: Offered = {}
    for fact in sorted(facts, key=lambda f: SERVICES.index(f.origin)):
        if fact.field not in without:
            offered.setdefault(fact.field, []).append(fact)
    texts = {f: str(offered[f][0].value) for f in _TEXTS if f in offered and not getattr(work, f)}
    authors, is_whole = _authors(work.authors, offered.get("authors", ()), is_open)
    return replace(
        work,
        authors=authors,
        authors_truncated=work.authors_truncated and not is_whole,
        date=_date(work.date, offered.get("date", ())),
        **texts,
        **_pages(work, offered),
    )


def _date(date: str, facts: Sequence[Fact]) -> str:
    """The date, more exact where a service says which day of that year or month it was."""
    return next((str(f.value) for f in facts if len(str(f.value)) > len(date) and str(f.value).startswith(date)), date)


def _pages(work: Work, offered: Offered) -> dict[str, str]:
    """All from one service; the last page also where the first is the same."""
    located = [*offered.get("first_page", ()), *offered.get("article_number", ())]
    first = min(located, key=lambda f: SERVICES.index(f.origin), default=None)
    if work.article_number or first is None or work.first_page not in {"", first.value}:
        return {}
    if first.field == "article_number":
        return {} if work.first_page else {"article_number": str(first.value)}
    last = next((str(f.value) for f in offered.get("last_page", ()) if f.origin == first.origin), "")
    return {"first_page": str(first.value), "last_page": work.last_page or last}


# ------------------------------------------------------------------------------------------------- authors


def _authors(printed: tuple[Person, ...], facts: Sequence[Fact], is_open: bool) -> tuple[tuple[Person, ...], bool]:
    """The authors, and whether the list was brought to its end."""
    authors, is_whole = printed, False
    for fact in facts:
        people = [directory.in_parts(p) for p in fact.value] if isinstance(fact.value, tuple) else []
        if not authors:
            authors = tuple(people)
        elif _agree(authors, people):
            authors = _named(authors, people)
        elif is_open and not is_whole and (places := _places(authors, people)):
            known = dict(zip(places, authors, strict=True))
            authors = tuple(_full(known[n], p) if n in known else p for n, p in enumerate(people))
            is_whole = True
    return authors, is_whole


def _persons(people: Iterable[Person]) -> list[Person]:
    return [p for p in people if not p.organization]


def _agree(printed: Sequence[Person], offered: Sequence[Person]) -> bool:
    """As many persons in both lists, each with the family name of the other; groups are written in too many ways."""
    ours, theirs = _persons(printed), _persons(offered)
    return len(ours) == len(theirs) and all(map(_may_be, ours, theirs))


def _named(printed: Sequence[Person], offered: Sequence[Person]) -> tuple[Person, ...]:
    theirs = iter(_persons(offered))
    return tuple(p if p.organization else _full(p, next(theirs)) for p in printed)


def _places(printed: Sequence[Person], offered: Sequence[Person]) -> list[int]:
    """Where those printed stand in a longer list, in the same order; none unless each of them does."""
    places: list[int] = []
    for person in printed:
        start = places[-1] + 1 if places else 0
        there = (n for n in range(start, len(offered)) if _may_be(person, offered[n]))
        if (place := next(there, None)) is None:
            return []
        places.append(place)
    return places


def _may_be(ours: Person, theirs: Person) -> bool:
    """The same family name but for particles, accents and hyphens, and initials that do not speak against it."""
    if ours.organization or theirs.organization:
        return ours.organization and theirs.organization and fold(ours.name) == fold(theirs.name)
    if fold(ours.name) == fold(theirs.name):
        return True
    mine, other = fold(ours.family or ours.name), fold(theirs.family or theirs.name)
    same = bool(mine and other) and (mine == other or mine.endswith(f" {other}") or other.endswith(f" {mine}"))
    return same and (not (ours.given and theirs.given) or directory.initials_agree(ours, theirs))


def _full(ours: Person, theirs: Person) -> Person:
    """The printed author with the fuller name of the service, and with ORCID and affiliation."""
    if ours.organization:
        return ours
    if theirs.family.isupper() or not directory.is_full(theirs.given):
        theirs = replace(theirs, name=ours.name, given="", family="", suffix="")
    return replace(directory.complete(ours, theirs), aliases=ours.aliases)
