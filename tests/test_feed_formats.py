"""The feeds of the example site in every format, read by feedparser and as JSON: they tell the same."""

from __future__ import annotations

import calendar
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html
from msgspec import Struct

from feeds import config, pipeline

SITE = Path(__file__).parent.parent / "examples" / "site"
SETTINGS = f"""
sources:
  - path: {SITE}
collections:
  - name: papers
    title: Papers
    where: {{kind: [article, preprint, review, chapter, book, thesis, report]}}
exports: [atom, rss, json-feed, rss1, index]
output: output
"""
FEEDS = ("feed", "collections/papers/feed")


class Told(Struct, frozen=True):
    """What any format tells of an entry."""

    link: str
    title: str
    published: datetime
    authors: tuple[str, ...]
    words: tuple[str, ...]
    content: str
    summary: str


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    pipeline.run(config.parse(SETTINGS.encode(), folder / "config.yaml"), now=datetime(2025, 1, 1, tzinfo=UTC))
    return folder / "output"


def parsed(file: Path) -> list[Any]:
    read = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo
    return list(read.entries)


def moment(parsed: time.struct_time) -> datetime:
    """A moment as feedparser gives it: the parts of a day in UTC."""
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def told(entry: Any) -> Told:
    """An entry as feedparser reads it; a description that is the text itself is no summary."""
    stamp = entry.get("published_parsed") or entry.updated_parsed
    full, short = "".join(c.value for c in entry.get("content", [])), entry.get("summary", "")
    return Told(
        link=entry.link,
        title=entry.title,
        published=moment(stamp),
        authors=tuple(a.name for a in entry.get("authors", [])),
        words=tuple(dict.fromkeys(t.term for t in entry.get("tags", []))),
        content=full or short,
        summary=short if full and short != full else "",
    )


def told_in_json(item: dict[str, Any]) -> Told:
    summary = item.get("summary", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Told(
        link=item["url"],
        title=item["title"],
        published=datetime.fromisoformat(item["date_published"]).astimezone(UTC),
        authors=tuple(a["name"] for a in item.get("authors", [])),
        words=tuple(item.get("tags", [])),
        content=item.get("content_html", ""),
        summary=summary if summary != item.get("content_html") else "",
    )


def differences(ours: list[Told], theirs: list[Told]) -> Iterator[tuple[Any, Any]]:
    assert len(ours) == len(theirs) > 10
    for our, their in zip(ours, theirs, strict=True):
        if our != their:
            yield our, their


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("suffix", ["rss", "rdf"])
def test_rss_tells_what_atom_tells(output: Path, feed: str, suffix: str) -> None:
    """Titles, links, every author, dates, words, summaries and full texts are those of the Atom feed, in its order."""
    atom = [told(entry) for entry in parsed(output / f"{feed}.atom")]
    assert list(differences([told(entry) for entry in parsed(output / f"{feed}.{suffix}")], atom)) == []


@pytest.mark.parametrize("feed", FEEDS)
def test_json_feed_tells_what_atom_tells(output: Path, feed: str) -> None:
    """So is what the JSON feed tells, with the same ids, dates of change, addresses of persons, and files."""
    entries = parsed(output / f"{feed}.atom")
    items = json.loads((output / f"{feed}.json").read_bytes())["items"]
    assert list(differences([told_in_json(item) for item in items], [told(entry) for entry in entries])) == []
    for item, entry in zip(items, entries, strict=True):
        assert item["id"] == entry.id
        changed = datetime.fromisoformat(item.get("date_modified", item["date_published"]))
        assert changed == moment(entry.updated_parsed)
        assert [a.get("url") for a in item.get("authors", [])] == [a.get("href") for a in entry.get("authors", [])]
        files = [(f["url"], f["mime_type"], f.get("size_in_bytes")) for f in item.get("attachments", [])]
        assert files == [(e.href, e.type, int(e.length) if "length" in e else None) for e in entry.enclosures]


@pytest.mark.parametrize("feed", FEEDS)
def test_index_names_each_format_with_its_type(output: Path, feed: str) -> None:
    """A reader that looks at the page finds the feed in every format, under the format's own media type and name."""
    links = html.parse(output / "index.html").findall("head/link[@rel='alternate']")
    found = {e.get("href"): (e.get("type"), str(e.get("title")).rpartition(" (")[2]) for e in links}
    assert {href: found.get(href) for href in (f"{feed}.{suffix}" for suffix in ("atom", "rss", "json", "rdf"))} == {
        f"{feed}.atom": ("application/atom+xml", "Atom)"),
        f"{feed}.rss": ("application/rss+xml", "RSS)"),
        f"{feed}.json": ("application/feed+json", "JSON Feed)"),
        f"{feed}.rdf": ("application/rdf+xml", "RSS 1.0)"),
    }
