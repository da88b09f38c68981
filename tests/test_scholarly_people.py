"""Printed authors joined with the people of a site."""

from __future__ import annotations

from feeds.model import Person
from feeds.scholarly.people import join, without_handles

ANA = Person(name="Ana María Prado", given="Ana María", family="Prado", orcid="0000-0002-1825-0097", aliases=("@ana",))
ALAN = Person(name="Alan Prado", given="Alan", family="Prado")
PAULA = Person(name="Paula Carri-Coro", given="Paula", family="Carri-Coro", affiliation="Lantern University")


def one(author: Person, *people: Person) -> Person:
    return join([author], people)[0]


def printed(given: str, family: str) -> Person:
    return Person(name=f"{given} {family}".strip(), given=given, family=family)


def test_initials_become_the_full_name() -> None:
    """The only person whose family name and initials agree is meant."""
    joined = one(printed("AM", "Prado"), ANA, PAULA)
    assert (joined.name, joined.given, joined.orcid) == ("Ana María Prado", "Ana María", "0000-0002-1825-0097")


def test_fewer_initials_are_enough() -> None:
    """ "Prado A" is Ana María where nobody else can be meant."""
    assert one(printed("A", "Prado"), ANA).name == "Ana María Prado"


def test_two_candidates_are_none() -> None:
    """Where two people fit, nobody is guessed."""
    assert one(printed("A", "Prado"), ANA, ALAN) == printed("A", "Prado")


def test_other_initials_are_other_people() -> None:
    """Another initial or another first name is another person."""
    assert one(printed("B", "Prado"), ANA) == printed("B", "Prado")
    assert one(printed("Alma", "Prado"), ANA) == printed("Alma", "Prado")


def test_a_printed_full_name_stays() -> None:
    """A full name stays as printed; what it does not say is added, and the family name is cut where the person's is."""
    joined = one(Person(name="Paula Carri Coro", given="Paula Carri", family="Coro"), PAULA)
    assert (joined.name, joined.given, joined.family) == ("Paula Carri Coro", "Paula", "Carri Coro")
    assert joined.affiliation == "Lantern University"


def test_handles() -> None:
    """A handle is the person who has it, with or without "@"; an unknown one is never printed."""
    authors = join([Person(name="ana", family="ana"), Person(name="@nobody")], (ANA,))
    assert [a.name for a in without_handles(authors)] == ["Ana María Prado"]


def test_groups_are_left_alone() -> None:
    """A consortium is no person of the site."""
    group = Person(name="Prado", organization=True)
    assert one(group, ANA) == group
