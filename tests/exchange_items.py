"""Items for the tests of exchange formats, and the cases that were written by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from feeds.model import Artifact, Collection, Exporter, Item, Person, Post, Site, Work

SITE = Site(
    url="https://lantern.example.org/lab", feeds_url="https://lantern.example.org/lab/feeds", title="The Lantern Lab"
)
WHEN = datetime(2021, 5, 27, tzinfo=UTC)
ADA = Person(name="Ada Wick", given="Ada", family="Wick")

# Everything that may stand in a line of text, and often what some format takes for a mark of its own.
MARKS = "{}\\%&#_$~^\"'`@,;:=<>|-–()[]/ *"
lines = st.text(
    st.one_of(st.sampled_from(MARKS), st.sampled_from("aZéßΩ灯1"), st.characters(exclude_categories=["Cs"])),
    max_size=25,
)
people = st.lists(
    st.builds(
        Person,
        name=lines.filter(str.strip),
        given=lines,
        family=lines,
        suffix=lines,
        organization=st.booleans(),
    ),
    max_size=3,
).map(tuple)


def cases(name: str) -> list[Path]:
    """The folders of an exporter's cases."""
    return sorted((Path(__file__).parent / "cases" / name).iterdir())


def read(case: Path) -> Item:
    """The item of a case."""
    return msgspec.json.decode((case / "item.json").read_bytes(), type=Item)


def item(number: int = 1, *, published: datetime = WHEN, **work: Any) -> Item:
    """A work by Ada Wick, a day older with each number."""
    post = Post(
        source="site",
        path=f"{number}.md",
        url=f"https://lantern.example.org/lab/{number}.html",
        title="A post",
        id=f"tag:lantern.example.org,2021:{number}",
        published=published - timedelta(days=number),
    )
    return Item(post=post, work=Work(**({"title": "On lamps", "authors": (ADA,), "date": "2019"} | work)))


def news() -> Item:
    """A post without a work."""
    return Item(post=item().post)


def collection(*items: Item, path: str = "") -> Collection:
    """A collection of these items."""
    return Collection(name=path, title="All", path=path, items=items, updated=WHEN)


def only(exporter: Exporter, value: Item | Collection, **options: Any) -> Artifact:
    """The one file that an exporter makes."""
    [artifact] = exporter.render(value, SITE, exporter.options(**options))
    return artifact
