"""The feeds of whole sites in every format, read by readers in two languages: they tell the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import html

import eleventy_sites
import feed_readers
import hugo_sites
import mkdocs_sites
import pelican_sites
import sites
from feed_readers import SUFFIXES, Told
from feeds import config, pipeline, registry
from feeds.model import Attachment, Item, Person
from lab_feed import SITE, collection, post
from test_any_feed import FORMATS

EXAMPLE = Path(__file__).parent.parent / "examples" / "site"
SETTINGS = """
sources:
  - path: {site}
    url: https://lantern.example.org/lab
collections:
  - name: papers
    title: Papers
    where: {{kind: papers}}
exports:
  - atom: {{limit: 1000}}
  - rss: {{limit: 1000}}
  - rss1: {{limit: 1000}}
  - json-feed: {{limit: 1000}}
  - index
output: output
"""
FEEDS = ("feed", "collections/papers/feed")
AWKWARD = {
    "_config.yml": "title: 'Lamps & <wicks>'\nurl: https://lantern.example.org\nbaseurl: /lab\n",
    "pdf/oil.pdf": "%PDF-1.4 not much of a paper",
    "_posts/2024-01-02-paper.md": sites.post(
        'title: "Wicks <b>&amp;</b> oil: 1 < 2 && 3 > 2"',
        "authors: [Ada Wick, 'Bo O\u2019Glow', Şebnem Işık, 李灯, \"Li 'Lamp' Brown\", Zoë van der Docht]",
        "doi: 10.5555/oil(1)<2>&3",
        "journal: Journal of Lamps & Ladders",
        "pdf: /lab/pdf/oil.pdf",
        "tags: [a & b, a<b, 'a & b', 灯り]",
        "last_modified_at: 2024-02-03T04:05:06+07:00",
        body="**Abstract** We see `a < b && c` and \\(x < y\\).\n\n```\n]]> &amp; <p>\n```\n",
    ),
    "_posts/2024-01-03-right-to-left.md": sites.post("title: مصباح صغير", "lang: ar", body="السلام عليكم 🏮\n"),
    "_posts/2024-01-04-no-words.md": sites.post("title: No words", body=""),
    "_posts/2024-01-05-no-title.md": sites.post(
        "tags: []", body="![](lamp.png)\n\n<p>&lt;b&gt; &nbsp; \u200d end</p>\n"
    ),
    "_posts/2024-01-06-summary.md": sites.post(
        "title: Of summaries", "description: 'Less < more & \"quoted\"'", "date: 2024-01-06 23:30:00 -0930"
    ),
}
SITES: dict[str, dict[str, str]] = {
    "awkward": AWKWARD,
    "jekyll": sites.SITES["defaults"],
    "hugo": hugo_sites.SITES["front"],
    "mkdocs": mkdocs_sites.SITES["pages"],
    "pelican": pelican_sites.SITES["defaults"],
    "eleventy": eleventy_sites.SITES["defaults"],
}


def build(site: Path, folder: Path) -> Path:
    settings = SETTINGS.format(site=site).encode()
    pipeline.run(config.parse(settings, folder / "config.yaml"), now=datetime(2025, 1, 1, tzinfo=UTC))
    return folder / "output"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example site, built."""
    return build(EXAMPLE, tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module", params=["example", *SITES])
def output(request: pytest.FixtureRequest, example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each of the sites, built."""
    if request.param == "example":
        return example
    folder = tmp_path_factory.mktemp(request.param)
    sites.write(folder / "site", SITES[request.param])
    return build(folder / "site", folder)


def feeds(output: Path) -> list[Path]:
    return sorted(output.rglob("*.atom"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_tells_what_atom_tells(output: Path, suffix: str) -> None:
    """Ids, titles, links, every author, dates, words, files, summaries and full texts are those of the Atom feed."""
    assert len(feed_readers.by_python(output / "feed.atom")) > 1
    for feed in feeds(output):
        atom = feed_readers.by_python(feed)
        assert (
            list(feed_readers.differences(suffix, feed_readers.by_python(feed.with_suffix(f".{suffix}")), atom)) == []
        )


@pytest.mark.parametrize(("name", "suffix"), list(zip(FORMATS, SUFFIXES, strict=True)))
def test_every_document_keeps_the_rules_of_its_format(output: Path, name: str, suffix: str) -> None:
    """Atom follows the grammar of RFC 4287, RSS, RSS 1.0 and JSON Feed what their specifications say."""
    for feed in feeds(output):
        assert FORMATS[name](feed.with_suffix(f".{suffix}").read_bytes())


@pytest.fixture(scope="module")
def read_by_node(output: Path) -> dict[str, dict[str, list[Told]]]:
    """What the readers in JavaScript find in all feeds of a site."""
    missing = feed_readers.without_node()
    if missing:
        pytest.skip(missing)
    return feed_readers.by_node([feed.with_suffix(f".{suffix}") for feed in feeds(output) for suffix in SUFFIXES])


@pytest.mark.parametrize("reader", ["feedsmith", "rss-parser"])
def test_readers_in_another_language_find_the_same(output: Path, read_by_node: Any, reader: str) -> None:
    """What feedparser finds in the Atom feed, readers with other parsers find in every format that they read."""
    found = read_by_node[reader]
    assert len(found) == len(feeds(output)) * (4 if reader == "feedsmith" else 3)
    for name, entries in found.items():
        file = Path(name)
        atom = feed_readers.within_reach(reader, file.suffix[1:], feed_readers.by_python(file.with_suffix(".atom")))
        assert list(feed_readers.differences(file.suffix[1:], entries, atom)) == []


# ---------------------------------------------------------------------------------------------------- odd texts

ODD = [
    *("a", "B", "&", "<", ">", '"', "'", "&amp;", "&lt;b&gt;", "&nbsp;", "&#x27;", "<b>", "</b>", "]]>", "<![CDATA["),
    *("<!--", "-->", "--", "%20", "#", "@", ".", "\\(x\\)", "{{x}}", "1 < 2", "é", "日本", "🏮", "\u0301"),
    *(" ", "  ", "\n", "\t", "\u00a0", "\u200d", "\u202e"),
]


def odd_items(count: int) -> Iterator[Item]:
    """Items whose texts are made of what parsers stumble over; the same in every run."""
    chance = random.Random(5)  # noqa: S311

    def text(most: int) -> str:
        return "".join(chance.choices(ODD, k=chance.randint(1, most))).strip() or "Ada"

    for number in range(count):
        people = tuple(Person(name=text(4)) for _ in range(chance.randint(0, 4)))
        file = Attachment(url=f"https://lab.example.org/{number}?a=1&b=2", media_type="text/csv", size=number or None)
        yield Item(
            post=post(
                id=f"urn:odd:{number}",
                url=f"https://lab.example.org/{number}/",
                title=text(8),
                summary=text(6),
                html=f"<p>{escape(text(10))}</p>",
                authors=people,
                tags=(text(2), text(2)),
                attachments=(file,),
            )
        )


def test_odd_texts_reach_every_reader(tmp_path: Path) -> None:
    """Titles, names, words and texts of any characters are the same for all readers, in every format."""
    of = collection(*odd_items(200))
    files = []
    for name, suffix in zip(FORMATS, SUFFIXES, strict=True):
        exporter = registry.exporter(name)
        (artifact,) = exporter.render(of, SITE, msgspec.convert({"limit": 1000}, exporter.options))
        files.append(tmp_path / f"feed.{suffix}")
        files[-1].write_bytes(artifact.body)
    atom = feed_readers.by_python(files[0])
    assert len(atom) == 200
    for file in files:
        assert list(feed_readers.differences(file.suffix[1:], feed_readers.by_python(file), atom)) == []
    if missing := feed_readers.without_node():
        pytest.skip(missing)
    for found in feed_readers.by_node(files).values():
        for name, entries in found.items():
            assert list(feed_readers.differences(Path(name).suffix[1:], entries, atom)) == []


# ---------------------------------------------------------------------------------------------------- discovery


@pytest.mark.parametrize("feed", FEEDS)
def test_index_names_each_format_with_its_type(example: Path, feed: str) -> None:
    """A reader that looks at the page finds the feed in every format, under the format's own media type and name."""
    links = html.parse(example / "index.html").findall("head/link[@rel='alternate']")
    found = {e.get("href"): (e.get("type"), str(e.get("title")).rpartition(" (")[2]) for e in links}
    assert {href: found.get(href) for href in (f"{feed}.{suffix}" for suffix in ("atom", "rss", "json", "rdf"))} == {
        f"{feed}.atom": ("application/atom+xml", "Atom)"),
        f"{feed}.rss": ("application/rss+xml", "RSS)"),
        f"{feed}.json": ("application/feed+json", "JSON Feed)"),
        f"{feed}.rdf": ("application/rdf+xml", "RSS 1.0)"),
    }
