"""What a document of limited size holds, in every feed format."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest

from feeds import registry
from feeds.model import Item, Person, Place
from lab_feed import SITE, collection, post

FORMATS = ["atom", "rss", "json-feed", "rss1"]
Posts = list[tuple[str, bool]]  # id, and whether the text is there


def render(name: str, *items: Item, least: int = 1, **options: Any) -> bytes:
    exporter = registry.exporter(name)
    of = collection(*items, place=Place(least=least))
    (made,) = exporter.render(of, SITE, exporter.options(**options))
    return made.body


def held(body: bytes) -> Posts:
    """The entries of a document by feedparser, of JSON Feed by json."""
    if body.startswith(b"{"):
        return [(item["id"], "content_html" in item) for item in json.loads(body)["items"]]
    entries = feedparser.parse(body).entries
    return [(entry.get("id") or entry.link, bool(entry.get("content"))) for entry in entries]


def items(count: int, text: Callable[[int], str], **changes: Any) -> list[Item]:
    ids = [f"https://lab.example.org/{n}" for n in range(count)]
    return [
        Item(post=post(id=i, url=i, title=f"{n}", summary="Lamps.", html=f"<p>{text(n)}</p>", **changes))
        for n, i in enumerate(ids)
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_the_oldest_give_up_their_text_first(name: str) -> None:
    """Every entry is there, as many of the newest in full as fit, and nearly all of the room is used."""
    posts = items(40, lambda _: "Lä<b>m</b>ps\n" * 80)
    body = render(name, *posts, max_bytes=50_000)
    found = held(body)
    full = sum(whole for _, whole in found)
    assert [ident for ident, _ in found] == [item.post.id for item in posts]
    assert [whole for _, whole in found] == [True] * full + [False] * (40 - full)
    assert 5 < full < 40
    one_text = len(html_of(body, name))
    assert 50_000 - 2 * one_text < len(body) <= 50_000


def html_of(body: bytes, name: str) -> bytes:
    """The first text as it stands in a document."""
    begin = {"atom": b"<content", "json-feed": b'"content_html"'}.get(name, b"<content:encoded")
    return body[body.index(begin) :].partition(b"</" if name != "json-feed" else b"\n")[0]


@pytest.mark.parametrize("name", FORMATS)
def test_a_text_that_does_not_fit_leaves_room_to_others(name: str) -> None:
    """A long text gives way, and the shorter ones behind it stay."""
    posts = items(10, lambda n: "Lamps " * (2_500 if n == 1 else 20))
    body = render(name, *posts, max_bytes=17_000)
    assert [whole for _, whole in held(body)] == [n != 1 for n in range(10)]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("max_bytes", [1, 3_000, 20_000])
def test_of_too_many_the_oldest_are_left_out(name: str, max_bytes: int) -> None:
    """Where the summaries alone are too much, the newest keep their text; one entry stays whatever its size."""
    posts = items(500, lambda _: "Lamps " * 10)
    body = render(name, *posts, max_bytes=max_bytes, limit=500)
    found = held(body)
    assert [ident for ident, _ in found] == [item.post.id for item in posts[: len(found)]]
    assert len(found) < 500
    assert found[0][1] == (max_bytes > 1)
    assert len(body) <= max_bytes or len(found) == 1


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "rss1"])
def test_what_no_other_document_has_stays(name: str) -> None:
    """Entries that are in no archive are never left out, even when their authors alone are more than fits."""
    people = tuple(Person(name=f"Ada {n} Wick") for n in range(200))
    posts = items(30, lambda _: "Lamps", authors=people)
    body = render(name, *posts, max_bytes=50_000, least=20)
    assert held(body) == [(item.post.id, False) for item in posts[:20]]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_gives_way_without_need(name: str) -> None:
    """What fits to the byte stays as it is."""
    posts = items(20, lambda _: "Lamps\n" * 10)
    whole = render(name, *posts)
    assert held(render(name, *posts, max_bytes=len(whole) + 20 * 400)) == held(whole)
    assert all(full for _, full in held(whole))
