"""`where:` of a collection."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from feeds import selection
from feeds.model import Item, Person, Post, Work
from feeds.settings import CollectionConfig, Where

ITEM = Item(
    post=Post(
        source="lab",
        path="_posts/2020/2020-01-02-lamps.md",
        url="https://lab.example.org/lamps/",
        title="Lamps",
        published=datetime(2020, 1, 2, tzinfo=UTC),
        lang="de",
        group="posts",
        categories=("Öffentliche Arbeiten", "news"),
        tags=("Tide Clocks",),
        authors=(Person(name="Bo Wick", aliases=("@bo",)),),
    ),
    work=Work(
        kind="preprint",
        title="Lamps of the Öresund, at dusk",
        authors=(Person(name="Ada Lamplighter", orcid="0000-0002-1825-0097"),),
        journal="Journal of Imaginary Optics",
        date="2019-11",
        doi="10.5555/lamps",
        abstract="We light lamps.",
    ),
)


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({}, True),
        ({"kind": "preprint"}, True),
        ({"kind": ("article", "preprint")}, True),
        ({"kind": "news"}, False),
        ({"kind": "papers"}, True),
        ({"kind": "talks"}, False),
        ({"category": "öffentliche-arbeiten"}, True),
        ({"category": "talks"}, False),
        ({"tag": "tide clocks"}, True),
        ({"tag": "tide"}, False),
        ({"group": "posts"}, True),
        ({"group": "talks"}, False),
        ({"lang": "de"}, True),
        ({"lang": "en"}, False),
        ({"source": "lab"}, True),
        ({"source": "other"}, False),
        ({"author": "Ada Lamplighter"}, True),
        ({"author": "0000-0002-1825-0097"}, True),
        ({"author": "@bo"}, True),
        ({"author": "https://orcid.org/0000-0002-1825-0097"}, True),
        ({"author": "Nobody"}, False),
        ({"journal": "journal of imaginary optics"}, True),
        ({"journal": "Optics"}, False),
        ({"title": "öresund, At"}, True),
        ({"title": ("moon", "LAMPS")}, True),
        ({"title": "moon"}, False),
        ({"year": 2019}, True),
        ({"year": (2018, 2020)}, False),
        ({"has": ("doi", "abstract", "orcid")}, True),
        ({"has": ("doi", "pdf")}, False),
        ({"has": "image"}, False),
        ({"path": "_posts/2020/"}, True),
        ({"path": ("*.txt", "lamps")}, False),
        ({"kind": "preprint", "lang": "de"}, True),
        ({"kind": "preprint", "lang": "en"}, False),
    ],
)
def test_every_condition_must_hold(where: dict[str, Any], holds: bool) -> None:
    """Of several values one is enough; case, accents' encoding and punctuation do not count."""
    assert selection.matches(Where(**where), ITEM) is holds


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({"since": "2019-11"}, True),
        ({"since": "2019-11-30"}, True),
        ({"since": "2019-12"}, False),
        ({"since": 2020}, False),
        ({"since": 2019}, True),
        ({"until": 2019}, True),
        ({"until": "2019-11-01"}, True),
        ({"until": "2019-10-31"}, False),
        ({"since": "2019-10", "until": "2019-12"}, True),
    ],
)
def test_a_work_counts_where_its_date_may_lie(where: dict[str, Any], holds: bool) -> None:
    """The bounds belong to the span; a work of November 2019 may have appeared on any day of that month."""
    assert selection.matches(Where(**where), ITEM) is holds


@pytest.mark.parametrize(("since", "holds"), [("2020-01-02", True), ("2020-01-03", False)])
def test_a_post_without_a_work_has_its_own_day(since: str, holds: bool) -> None:
    """News is as old as the post."""
    assert selection.matches(Where(since=since), Item(post=ITEM.post)) is holds


YES, NO = Where(tag="Tide Clocks"), Where(tag="moon")


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        (Where(any=(NO, YES)), True),
        (Where(any=(NO, NO)), False),
        (Where(all=(YES, YES)), True),
        (Where(all=(YES, NO)), False),
        (Where(not_=NO), True),
        (Where(not_=YES), False),
        (Where(any=(NO, YES), lang="en"), False),
        (Where(not_=Where(any=(NO, Where(all=(YES, Where(not_=YES)))))), True),
    ],
)
def test_conditions_nest(where: Where, holds: bool) -> None:
    """`any`, `all` and `not` mean what they say at any depth, and hold beside the other keys."""
    assert selection.matches(where, ITEM) is holds


@pytest.mark.parametrize(
    ("each", "values"),
    [
        ("author", [("0000-0002-1825-0097", "Ada Lamplighter")]),
        ("tag", [("tide-clocks", "Tide Clocks")]),
        ("category", [("öffentliche-arbeiten", "Öffentliche Arbeiten"), ("news", "news")]),
        ("kind", [("papers", "papers")]),
        ("lang", [("de", "de")]),
        ("group", [("posts", "posts")]),
        ("source", [("lab", "lab")]),
        ("year", [("2019", "2019")]),
        ("journal", [("journal-of-imaginary-optics", "Journal of Imaginary Optics")]),
    ],
)
def test_values_of_each(each: Any, values: list[tuple[str, str]]) -> None:
    """Each value has a key that its spellings share; a person's is the ORCID iD."""
    collection = CollectionConfig(name="by", each=each)
    assert selection.values_of(ITEM, [collection]) == tuple(("by", *value) for value in values)


def test_each_holds_only_what_its_where_holds() -> None:
    """A post that is not in the collection has no value in it."""
    assert selection.values_of(ITEM, [CollectionConfig(name="by", each="tag", where=NO)]) == ()


def test_collections_in_the_order_of_the_configuration() -> None:
    """An item may be in several collections, or in none."""
    configured = [
        CollectionConfig(name="z", where=Where(kind="preprint")),
        CollectionConfig(name="a"),
        CollectionConfig(name="n", where=Where(lang="fr")),
    ]
    assert selection.collections_of(ITEM, configured) == ("z", "a")


def test_without_a_work_it_is_news() -> None:
    """What says nothing of a paper counts as news."""
    assert selection.matches(Where(kind="news"), Item(post=ITEM.post))
