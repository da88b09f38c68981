"""What the case folders cannot say of feeds: other writers' feeds, hostile bytes, how the pipeline sees them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import msgspec
import pytest
from feedgen.feed import FeedGenerator
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.errors import SourceError
from feeds.model import Post, SourceOptions, Tree
from feeds.sources import _feed_dates, _feed_document, _feed_repair, feed
from feeds.text import first_illegal

OPTIONS = SourceOptions(name="planet")
WHEN = datetime(2024, 5, 6, 10, 0, tzinfo=timezone(timedelta(hours=2)))


def opened(folder: Path, data: bytes, name: str = "feed.xml") -> Tree:
    (folder / name).write_bytes(data)
    return feed.SOURCE.open(folder / name, OPTIONS)


def posts(tree: Tree) -> list[Post]:
    readings = [feed.SOURCE.read(tree, path, OPTIONS) for path in tree.paths]
    assert [r.problems for r in readings if r.problems] == []
    return [r.post for r in readings if r.post]


def texts(value: Any) -> Iterator[str]:
    """Every string within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in [*value, *(value.values() if isinstance(value, dict) else [])]:
            yield from texts(one)


def rss(items: str, before: str = "") -> bytes:
    return f"{before}<rss version='2.0'><channel><link>https://lamps.example/</link>{items}</channel></rss>".encode()


# ----------------------------------------------------------------------------------------------- other writers


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_what_feedgen_writes_is_read(tmp_path: Path, form: str) -> None:
    """Titles, dates, people, categories and text come out as they were put into feedgen."""
    writer = FeedGenerator()
    writer.load_extension("dc")
    writer.id("https://lamps.example/")
    writer.title("Lantern Lab")
    writer.link(href="https://lamps.example/")
    writer.description("Lamps")
    writer.language("en")
    titles = ["Wicks & <flames>", "Öl — Licht", "1 < 2 &amp; more"]
    for number, title in enumerate(titles):
        entry = writer.add_entry(order="append")
        entry.id(f"tag:lamps.example,2024:{number}")
        entry.title(title)
        entry.link(href=f"https://lamps.example/{number}?a=1&b=2")
        entry.published(WHEN + timedelta(days=number))
        entry.updated(WHEN + timedelta(days=number, hours=1))
        entry.author(name="Ada Wick", email="ada@lamps.example")
        entry.category(term="lamps")
        entry.content(f"<p>Lamp <b>{number}</b> &amp; co.</p>", type="html" if form == "atom" else None)
    data = writer.atom_str() if form == "atom" else writer.rss_str()
    found = {post.id: post for post in posts(opened(tmp_path, data))}
    for number, title in enumerate(titles):
        post = found[f"tag:lamps.example,2024:{number}"]
        assert post.title == (title if form == "atom" or number < 2 else "1 < 2 & more")
        assert post.url == f"https://lamps.example/{number}?a=1&b=2"
        assert post.published == WHEN + timedelta(days=number)
        assert [person.name for person in post.authors] == ["Ada Wick"]
        assert post.tags == ("lamps",)
        assert post.html == f"<p>Lamp <b>{number}</b> &amp; co.</p>"


# ----------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("2024-05-06T10:00:00Z", "2024-05-06T10:00:00+00:00"),
        ("2024-05-06T10:00:00.123+02:00", "2024-05-06T10:00:00+02:00"),
        ("2024-05-06", "2024-05-06T00:00:00+02:00"),
        ("Mon, 06 May 2024 10:00:00 +0200", "2024-05-06T10:00:00+02:00"),
        ("06 May 2024 10:00 GMT", "2024-05-06T10:00:00+00:00"),
        ("Mon, 6 May 24 10:00:00 EST", "2024-05-06T10:00:00-05:00"),
        ("Mon, 06 May 2024 10:00:00 CEST", "2024-05-06T10:00:00+00:00"),
        ("Mon, 06 May 2024 23:59:60 GMT", "2024-05-06T23:59:59+00:00"),
    ],
)
def test_dates_are_read_as_written(stated: str, meant: str) -> None:
    """RFC 3339 and RFC 822 keep their offset; what has none is in the source's zone."""
    assert _feed_dates.moment(stated, "Europe/Zurich").isoformat() == meant


@pytest.mark.parametrize(
    "stated", ["", "2024", "2024-05", "May 2024", "yesterday", "2024-02-30", "31 Feb 2024", "9" * 99]
)
def test_nothing_is_made_up_of_what_is_no_date(stated: str) -> None:
    """A month, a year, a day that there is not: an entry with no other date is left out."""
    with pytest.raises(ValueError, match=r"."):
        _feed_dates.moment(stated, "UTC")


@given(st.text(max_size=60))
def test_any_date_is_read_or_refused(stated: str) -> None:
    """No text does anything but give a date with a zone, or ValueError."""
    with suppress(ValueError):
        assert _feed_dates.moment(stated, "Europe/Zurich").tzinfo


# ----------------------------------------------------------------------------------------------- hostile bytes

_PIECES = st.sampled_from(
    "<rss version='2.0'> <channel> <item> </item> <title> </title> <guid>1</guid> <link>/a</link> &amp; & &nbsp; &#0;"
    " &#xFFFF; <![CDATA[ ]]> <!-- --> <pubDate>2024-01-01</pubDate> <author>a@b (c)</author> <dc:creator>x</dc:creator>"
    " <description>&lt;p </description> <enclosure url='x:y'/> <a b=' \x00 \ud7ff \x85 <link>http://[</link>"
    " <content xml:base='http://[oops' type='xhtml'> <entry> </entry> </channel> </rss>".split(" ")
)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.lists(_PIECES, max_size=25).map(lambda p: "".join(p).encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    """A feed of any bytes gives posts, problems or a SourceError, and nothing else."""
    folder = tmp_path_factory.mktemp("feed")
    for head in (b"<rss version='2.0'><channel>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b""):
        for end in (b"</channel></rss>", b"</feed>", b""):
            try:
                tree = opened(folder, head + tail + end)
            except SourceError:
                continue
            for path in tree.paths:
                reading = feed.SOURCE.read(tree, path, OPTIONS)
                assert reading.post or reading.problems


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("url name doi _x id".split()), inner),
    max_leaves=5,
)
_KEYS = (
    "id url title content_html content_text summary date_published tags authors author attachments image _x language"
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(_KEYS.split()), _JSON, max_size=6), max_size=3))
def test_any_item_of_json_feed_is_survived(tmp_path_factory: pytest.TempPathFactory, items: list[Any]) -> None:
    """Values of any type under any key of an item never raise."""
    data = msgspec.json.encode({"version": "https://jsonfeed.org/version/1.1", "items": items})
    tree = opened(tmp_path_factory.mktemp("feed"), data, "feed.json")
    for path in tree.paths:
        reading = feed.SOURCE.read(tree, path, OPTIONS)
        assert reading.post or reading.problems


def test_text_is_legal_wherever_it_comes_from(tmp_path: Path) -> None:
    """No control and no lone surrogate of a feed reaches a post, be it in an extension."""
    data = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a\\u0000b", "url": "https://lamps.example/1",'
        ' "title": "x\\u0001", "content_text": "y\\ufffe", "date_published": "2024-01-01", "tags": ["z\\u0002"],'
        ' "_x": {"doi": "10.5555/1", "journal": "J\\u0003", "more": ["\\u0004"]}}]}'
    )
    [post] = posts(opened(tmp_path, data.encode(), "feed.json"))
    assert [t for t in texts(msgspec.to_builtins(post)) if first_illegal(t) is not None] == []


LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
HOSTILE = {
    "a billion laughs": rss("<item><title>&a11;</title></item>", f"<!DOCTYPE rss [<!ENTITY a0 'ha'>{LAUGHS}]>"),
    "open CDATA": rss("<![CDATA[" * 50_000),
    "open comments": rss("<!--" * 50_000),
    "ampersands": rss("<item><title>" + "&" * 200_000 + "</title></item>"),
    "deep markup": rss("<item><description>" + "<a>" * 20_000 + "</description></item>"),
    "angles": rss("<item><description>" + "<" * 100_000 + "</description></item>"),
    "open quotes": b"<rss version='2.0' " + b"a='" * 50_000 + b"></rss>",
    "a hundred thousand entries": rss("<item/>" * 100_000),
    "a hundred thousand authors": rss("<item>" + "<author>a@b.c (x)</author>" * 100_000 + "</item>"),
    "deep JSON": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_take_no_time(tmp_path: Path, name: str) -> None:
    """What is made to keep a parser busy, or to fill its memory, is read or refused within seconds."""
    begin = time.monotonic()
    try:
        tree = opened(tmp_path, HOSTILE[name])
    except SourceError:
        tree = None
    assert time.monotonic() - begin < 10
    assert tree is None or all(len(path) < 400 for path in tree.paths)


def test_no_file_is_read_for_an_entity(tmp_path: Path) -> None:
    """An external entity stays out."""
    (tmp_path / "secret.txt").write_text("the secret")
    before = f"<!DOCTYPE rss [<!ENTITY e SYSTEM 'file://{tmp_path}/secret.txt'>]>"
    item = "<item><title>x&e;</title><link>/1</link><pubDate>2024-01-01</pubDate><description>&e;</description></item>"
    assert all("secret" not in f"{p.title} {p.html}" for p in posts(opened(tmp_path, rss(item, before))))


def test_text_is_no_markup_and_markup_is_clean(tmp_path: Path) -> None:
    """Scripts, styles and handlers do not get through, whatever they come in."""
    bad = "<p onclick='x()'>Lamp<script>alert(1)</script><a href='javascript:x()'>y</a></p>"
    item = f"<item><link>/1</link><pubDate>2024-01-01</pubDate><title>{escape(bad)}</title><description>{escape(bad)}"
    [post] = posts(opened(tmp_path, rss(f"{item}</description></item>")))
    assert post.title == "Lampy"
    assert post.html == "<p>Lamp<a>y</a></p>"


# ----------------------------------------------------------------------------------------------- mending


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        (b"<a>R&D &amp; caf&eacute; &#233; &unknown;</a>", b"<a>R&amp;D &amp; caf&#233; &#233; &amp;unknown;</a>"),
        (b" \n<?xml version='1.0'?><a>\x0b</a>", b"<?xml version='1.0'?><a></a>"),
        (b"<a><![CDATA[R&D]]>&<![CDATA[&]]></a>", b"<a><![CDATA[R&D]]>&amp;<![CDATA[&]]></a>"),
    ],
)
def test_only_what_is_wrong_is_mended(broken: bytes, mended: bytes) -> None:
    """Lone ampersands, entities of HTML, controls; never inside CDATA."""
    assert _feed_repair.mended(broken) == mended


# ----------------------------------------------------------------------------------------------- identity


def test_a_torn_document_stops_everything(tmp_path: Path) -> None:
    """Half a feed is refused: what it lacks would count as removed."""
    item = "<item><guid>tag:lamps.example,2024:1</guid><link>/1</link><pubDate>2024-01-01</pubDate></item>"
    with pytest.raises(SourceError, match="cut off"):
        opened(tmp_path, rss(item * 3)[:-40])


def test_of_two_entries_with_one_id_the_newer_counts(tmp_path: Path) -> None:
    """In Atom a second entry of the same id is another state of it; without dates it is a slip, and told."""
    old, new = (
        f"<entry><id>urn:x:1</id><title>{title}</title><link href='https://lamps.example/1'/><updated>{day}</updated></entry>"
        for title, day in (("Old", "2024-01-01T00:00:00Z"), ("New", "2024-01-01T01:00:00+00:30"))
    )
    for entries in (old + new, new + old):
        data = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode()
        tree = opened(tmp_path, data)
        assert ([p.title for p in posts(tree)], tree.problems) == (["New"], ())
    twice = (
        "<item><guid isPermaLink='false'>0</guid><title>{}</title><link>/1</link><pubDate>2024-01-01</pubDate></item>"
    )
    tree = opened(tmp_path, rss(twice.format("A") + twice.format("B")))
    assert [p.title for p in posts(tree)] == ["A"]
    assert [p.message for p in tree.problems] == ["two entries have the id '0': the second, 'B', is left out"]


def test_what_is_taken_back_on_no_day_is_gone_too(tmp_path: Path) -> None:
    """A tombstone without a date counts, and the reason says that there is none."""
    data = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'>"
        "<at:deleted-entry ref='urn:x:1'/><entry><id>urn:x:1</id><title>One</title></entry></feed>"
    )
    tree = opened(tmp_path, data.encode())
    [path] = tree.paths
    assert feed.SOURCE.read(tree, path, OPTIONS).withheld == "its feed took it back on an unknown day"


def test_a_reading_depends_on_its_own_entry_only(tmp_path: Path) -> None:
    """When one entry changes, the stamps of the others stay, so that they are not read again."""
    item = "<item><guid isPermaLink='false'>{0}</guid><title>{1}</title><link>/{0}</link></item>"
    one = opened(tmp_path, rss(item.format(1, "A") + item.format(2, "B")))
    two = opened(tmp_path, rss(item.format(3, "C") + item.format(1, "A") + item.format(2, "changed")))
    assert one.fingerprint == two.fingerprint
    changed = {path for path in two.paths if two.stamps[path] != one.stamps.get(path)}
    assert changed == {"feed.xml#2", "feed.xml#3"}


def test_a_pattern_gives_addresses(tmp_path: Path) -> None:
    """`url:` of the source wins over the address in the feed."""
    options = SourceOptions(name="planet", pattern="https://lamps.example/mirror/{year}/{slug}/")
    tree = opened(tmp_path, rss("<item><link>/blog/wick.html</link><pubDate>2024-01-01</pubDate></item>"))
    [path] = tree.paths
    post = feed.SOURCE.read(tree, path, options).post
    assert post is not None
    assert post.url == "https://lamps.example/mirror/2024/wick/"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """Byte order marks and declarations are heeded."""
    item = "<item><title>Öl</title><link>/1</link><pubDate>2024-01-01</pubDate></item>"
    declared = "<?xml version='1.0' encoding='{}'?>".format(encoding.removesuffix("-sig"))
    data = rss(item, declared).decode().encode(encoding)
    assert [post.title for post in posts(opened(tmp_path, data))] == ["Öl"]


@given(st.text(max_size=400))
def test_any_id_makes_a_name(ident: str) -> None:
    """A name has no slash, no blank and no end of line, and is not too long for a file name."""
    name = _feed_document.name_of_id(ident)
    assert len(name) < 256
    assert name.isascii()
    assert name.isprintable()
    assert not set(name) & set(" /\\#")


@pytest.mark.parametrize(
    ("head", "is_feed"),
    [
        (b"<?xml version='1.0'?>\n<!-- a - b --><rss version='2.0'>", True),
        (b"\xef\xbb\xbf<rss>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", True),
        (b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", True),
        ("<rss version='2.0'>".encode("utf-16"), True),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}', True),
        (b"<feed>", False),
        (b"<rdf:RDF xmlns:foaf='http://xmlns.com/foaf/0.1/'>", False),
        (b"<html><rss>", False),
        (b"<urlset><rss/></urlset>", False),
        (b'{"items": []}', False),
        (b"", False),
    ],
)
def test_a_feed_is_known_by_its_beginning(head: bytes, is_feed: bool) -> None:
    """The root element and its namespace decide, in any encoding; pages that mention feeds are none."""
    assert _feed_document.is_feed(head) is is_feed


def test_datetimes_have_zones(tmp_path: Path) -> None:
    """Dates without a zone do not reach a post."""
    tree = opened(tmp_path, rss("<item><link>/1</link><pubDate>2024-01-01</pubDate></item>"))
    assert [p.published for p in posts(tree)] == [datetime(2024, 1, 1, tzinfo=UTC)]
