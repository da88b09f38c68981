"""A feed of an invented lab, for the tests of every feed format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from feeds.model import Collection, Item, Person, Post, Site

SITE = Site(
    url="https://lab.example.org",
    feeds_url="https://lab.example.org/feeds",
    title="Example Lab",
    language="en",
    license="https://creativecommons.org/licenses/by-sa/4.0/",
    publisher=Person(name="Example University", organization=True),
)
MARCH = datetime(2024, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def post(**changes: Any) -> Post:
    """A post with what every post has, and `changes`."""
    stated: dict[str, Any] = {
        "source": "lab",
        "path": "_posts/a.md",
        "url": "https://lab.example.org/a.html",
        "id": "tag:lab.example.org,2024:a",
        "title": "A title",
        "published": MARCH,
        "html": "<p>Body.</p>",
    }
    return Post(**stated | changes)


def collection(*items: Item, **changes: Any) -> Collection:
    """A collection of these items, and `changes`."""
    stated: dict[str, Any] = {
        "name": "papers",
        "title": "Papers of the Example Lab",
        "path": "collections/papers",
        "description": "What we found out & wrote down",
        "items": items,
        "updated": datetime(2024, 4, 1, 12, tzinfo=UTC),
    }
    return Collection(**stated | changes)
