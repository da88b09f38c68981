"""Printed authors ↔ the people a site knows: full names, ORCIDs and affiliations for those who are surely meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from feeds.model import Person
from feeds.scholarly._vocab import fold


def join(authors: Sequence[Person], people: Sequence[Person]) -> tuple[Person, ...]:
    """`authors` with what `people` adds: "Prado A" becomes Ana Prado with her ORCID.

    A person is meant when a handle or alias is the same, when the name is the same but for accents and hyphens, or when
    family name and initials agree and agree with nobody else's.  Whoever is not surely meant stays as printed.
    """
    return tuple(_joined(author, people) for author in authors)


def _joined(author: Person, people: Sequence[Person]) -> Person:
    if author.organization:
        return author
    for rule in (_same_alias, _same_name, _same_initials):
        meant = [p for p in people if not p.organization and rule(author, p)]
        if len(meant) == 1:
            return _complete(author, meant[0])
        if meant:
            return author
    return author


def _same_alias(author: Person, person: Person) -> bool:
    name = author.name.lstrip("@").casefold()
    return any(name == alias.lstrip("@").casefold() for alias in person.aliases)


def _same_name(author: Person, person: Person) -> bool:
    return bool(author.given) and fold(author.name) == fold(person.name)


def _same_initials(author: Person, person: Person) -> bool:
    """Same family name, and the shorter row of initials opens the longer; a printed first name must be the same."""
    if not author.given or not person.given or fold(author.family) != fold(person.family):
        return False
    if _is_full(author.given):
        first, other = fold(author.given).split()[0], fold(person.given).split()[0]
        if first != other and _is_full(person.given):
            return False
    mine, theirs = initials(author.given), initials(person.given)
    return mine.startswith(theirs) or theirs.startswith(mine)


def initials(given: str) -> str:
    """ "Ana María", "A.M.", "AM", "A.-M." → "am"."""
    if not _is_full(given):
        return "".join(c for c in fold(given) if c.isalnum())
    return "".join(w[0] for w in fold(given).split())


def _is_full(given: str) -> bool:
    """Is there a name in it, not only initials?"""
    return re.search(r"[^\W\d_][^\W\d_A-Z]", given) is not None


def _complete(author: Person, person: Person) -> Person:
    """The printed author with the person's fuller name and whatever else the person brings."""
    printed_full = _is_full(author.given)
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
    return tuple(a for a in authors if not is_handle(a))
