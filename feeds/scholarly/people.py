"""Printed authors ↔ the people a site knows: full names, ORCIDs and affiliations for those who are surely meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from feeds.model import Person
from feeds.scholarly._person import person_of
from feeds.scholarly._vocab import fold

_TWO_LETTERS = re.compile(r"[^\W\d_][^\W\d_A-Z]")


class _Directory(Struct, frozen=True):
    """The people of a site, findable by what an author line may print."""

    people: Sequence[Person]
    by_alias: dict[str, list[Person]]
    by_name: dict[str, list[Person]]
    by_family: dict[str, list[Person]]


_last = _Directory((), {}, {}, {})


def _directory(people: Sequence[Person]) -> _Directory:
    """The directory of `people`; the last one is kept, for a whole site asks with the same."""
    global _last  # a memo of one
    last = _last
    if last.people is not people:
        last = _Directory(people, {}, {}, {})
        for person in people:
            if not person.organization:
                for alias in {a.lstrip("@").casefold() for a in person.aliases}:
                    last.by_alias.setdefault(alias, []).append(person)
                last.by_name.setdefault(fold(person.name), []).append(person)
                last.by_family.setdefault(fold(person.family), []).append(person)
        _last = last
    return last


def in_parts(person: Person) -> Person:
    """`person` with given and family name, where only the whole name is stated and it reads as one."""
    if person.organization or person.family or " " not in person.name:
        return person
    read = person_of(person.name, "given-family")
    if read is None or read.organization or not read.family:
        return person
    return replace(person, given=person.given or read.given, family=read.family, suffix=person.suffix or read.suffix)


def join(authors: Sequence[Person], people: Sequence[Person]) -> tuple[Person, ...]:
    """`authors` with what `people` adds: "Prado A" becomes Ana Prado with her ORCID.

    A person is meant when a handle or alias is the same, when the name is the same but for accents and hyphens, or when
    family name and initials agree and agree with nobody else's.  Whoever is not surely meant stays as printed.
    """
    return tuple(_joined(author, _directory(people)) for author in authors) if people else tuple(authors)


def _joined(author: Person, directory: _Directory) -> Person:
    if author.organization:
        return author
    meant = directory.by_alias.get(author.name.lstrip("@").casefold())
    if not meant and author.given:
        meant = directory.by_name.get(fold(author.name))
    if not meant and author.given:
        meant = [p for p in directory.by_family.get(fold(author.family), ()) if initials_agree(author, p)]
    return complete(author, meant[0]) if meant and len(meant) == 1 else author


def initials_agree(author: Person, person: Person) -> bool:
    """The shorter row of initials opens the longer; a first name printed on both sides must be the same."""
    if not person.given:
        return False
    if (
        is_full(author.given)
        and is_full(person.given)
        and fold(author.given).split()[0] != fold(person.given).split()[0]
    ):
        return False
    mine, theirs = initials(author.given), initials(person.given)
    return bool(mine and theirs) and (mine.startswith(theirs) or theirs.startswith(mine))


def initials(given: str) -> str:
    """ "Ana María", "A.M.", "AM", "A.-M." → "am"."""
    if not is_full(given):
        return "".join(c for c in fold(given) if c.isalnum())
    return "".join(w[0] for w in fold(given).split())


def is_full(given: str) -> bool:
    """Is there a name in it, not only initials?"""
    return _TWO_LETTERS.search(given) is not None


def complete(author: Person, person: Person) -> Person:
    """The printed author with the person's fuller name and whatever else the person brings."""
    printed_full = is_full(author.given)
    name = author.name if printed_full else person.name
    given, family = author.given, author.family
    if person.family:
        given, family = _resplit(author, person) if printed_full else (person.given, person.family)
    return replace(
        author,
        name=name,
        given=given,
        family=family,
        suffix=author.suffix or person.suffix,
        orcid=author.orcid or person.orcid,
        url=author.url or person.url,
        affiliation=author.affiliation or person.affiliation,
        aliases=person.aliases,
    )


def _resplit(author: Person, person: Person) -> tuple[str, str]:
    """The printed name, cut where the person's own given and family name meet."""
    if fold(author.name) != fold(person.name):
        return author.given, author.family
    parts = author.name.split()
    for at in range(1, len(parts)):
        if fold(" ".join(parts[at:])) == fold(person.family):
            return " ".join(parts[:at]), " ".join(parts[at:])
    return author.given, author.family


def is_handle(person: Person) -> bool:
    """ "@ada" or "ada": nothing to print as a name."""
    return not person.organization and not person.given and (person.name.startswith("@") or person.name[:1].islower())


def without_handles(authors: Iterable[Person]) -> tuple[Person, ...]:
    """`authors` without handles that stayed unresolved: a handle is never printed as a name."""
    return tuple([a for a in authors if a.given or not is_handle(a)])
