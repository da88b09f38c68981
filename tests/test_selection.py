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
    work=Work(kind="preprint", authors=(Person(name="Ada Lamplighter", orcid="0000-0002-1825-0097"),)),
)


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({}, True),
        ({"kind": "preprint"}, True),
        ({"kind": ("article", "preprint")}, True),
        ({"kind": "news"}, False),
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
        ({"author": "Nobody"}, False),
        ({"path": "_posts/2020/"}, True),
        ({"path": ("*.txt", "lamps")}, False),
        ({"kind": "preprint", "lang": "de"}, True),
        ({"kind": "preprint", "lang": "en"}, False),
    ],
)
def test_every_condition_must_hold(where: dict[str, Any], holds: bool) -> None:
    """Of several values one is enough; case, accents' encoding and punctuation do not count."""
    assert selection.matches(Where(**where), ITEM) is holds


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
