"""Pure helpers, held to the specifications that they name."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds import text

ZURICH = ZoneInfo("Europe/Zurich")


@given(st.text())
def test_legal_text_is_accepted_by_an_xml_parser(value: str) -> None:
    """Whatever goes in, an XML parser takes it and gives it back."""
    clean = text.legal(value)
    assert unicodedata.is_normalized("NFC", clean)
    element = etree.Element("x")
    element.text = clean
    assert (etree.fromstring(etree.tostring(element)).text or "") == clean


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2019-08-27", datetime(2019, 8, 27, tzinfo=timezone(timedelta(hours=2)))),
        ("2019-01-27", datetime(2019, 1, 27, tzinfo=timezone(timedelta(hours=1)))),
        ("2019-08-27 10:30", datetime(2019, 8, 27, 10, 30, tzinfo=timezone(timedelta(hours=2)))),
        (
            "2019-08-27 10:30:05 +0530",
            datetime(2019, 8, 27, 10, 30, 5, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        ),
        ("2019-08-27T10:30:05.9-03:00", datetime(2019, 8, 27, 10, 30, 5, tzinfo=timezone(timedelta(hours=-3)))),
        ("2019-08-27T10:30:05Z", datetime(2019, 8, 27, 10, 30, 5, tzinfo=UTC)),
        ("2019-8-7", datetime(2019, 8, 7, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_instants(value: str, moment: datetime) -> None:
    """Dates as front matter has them; without a zone they are the site's."""
    found = text.instant(value, ZURICH)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize("value", ["", "2019", "2019-02-30", "27.8.2019", "2019-08-27 25:00", "today", "2019-08-27 x"])
def test_what_is_no_instant_is_refused(value: str) -> None:
    """Nothing is filled in, least of all from today."""
    with pytest.raises(ValueError, match=r"."):
        text.instant(value, ZURICH)


@pytest.mark.parametrize(
    ("value", "date"),
    [("2024", "2024"), ("2024-3", "2024-03"), ("2024-03-01", "2024-03-01"), ("2024-02-29", "2024-02-29")],
)
def test_partial_dates_stay_partial(value: str, date: str) -> None:
    """A year is no first of January."""
    assert text.partial_date(value) == date


@pytest.mark.parametrize("value", ["2023-02-29", "2024-13", "x", "24"])
def test_there_is_no_such_day(value: str) -> None:
    """A date that does not exist is refused."""
    with pytest.raises(ValueError, match=r"."):
        text.partial_date(value)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis adds the zone
def test_rfc3339_reads_back(moment: datetime) -> None:
    """Seconds, and a zone with a colon or Z, as RFC 3339 section 5.6 has it."""
    whole = text.fixed(moment)
    written = text.rfc3339(whole)
    assert datetime.fromisoformat(written.replace("Z", "+00:00")) == whole
    assert written[19:] == "Z" or (written[19] in "+-" and written[22] == ":")


@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        ("https://example.org/a/b.html", "", "a/b.x"),
        ("https://example.org/a/b/", "", "a/b/index.x"),
        ("https://example.org/a/b", "", "a/b.x"),
        ("https://example.org/", "", "index.x"),
        ("https://example.org", "", "index.x"),
        ("https://example.org/lab/a.html", "https://example.org/lab", "a.x"),
        ("https://example.org/laboratory/a.html", "https://example.org/lab", "laboratory/a.x"),
        ("https://example.org/lab/", "https://example.org/lab", "index.x"),
        ("https://other.example/lab/a.html", "https://example.org/lab", "other.example/lab/a.x"),
        ("https://doi.org/10.5555/a", "https://example.org/lab", "doi.org/10.5555/a.x"),
        ("https://example.org/%CF%86%CE%AC/ü.html", "", "φά/ü.x"),
        ("https://example.org/a/../../etc/passwd", "", "a/etc/passwd.x"),
        ("https://example.org/a/%2e%2e/%2Fetc%5Cb", "", "a/etc_b.x"),
        ("https://example.org/a%00b?c", "", "a_b.x"),
        ("https://example.org/papers/#wick%3A2020", "", "papers/index-wick_2020.x"),
        ("https://example.org/papers.html#wick", "", "papers-wick.x"),
        ("https://example.org/..", "", "index.x"),
    ],
)
def test_output_paths(url: str, base: str, path: str) -> None:
    """The export of a page lies where the page lies, and never above the output."""
    assert text.output_path(url, ".x", base) == path


@given(st.text())
def test_no_url_leads_out_of_the_output(value: str) -> None:
    """Whatever stands in a URL: relative, no dots, and every part fits a file system."""
    path = text.output_path("https://example.org/" + value.replace("[", "").replace("]", ""), ".csl.json")
    parts = PurePosixPath(path).parts
    assert not path.startswith("/")
    assert ".." not in parts
    assert "." not in parts
    assert all(0 < len(part.encode()) <= 255 for part in parts)
    assert "\0" not in path


def test_long_names_stay_apart() -> None:
    """Two names that are alike for 255 bytes are two files."""
    one, two = (text.segment("ü" * 300 + end) for end in "ab")
    assert one != two
    assert max(len(one.encode()), len(two.encode())) <= 255


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org:443/A?b#c", "https://example.org/A?b#c"),
        ("http://example.org:8080/", "http://example.org:8080/"),
    ],
)
def test_canonical_urls(url: str, canonical: str) -> None:
    """RFC 3986, section 6.2.2."""
    assert text.canonical(url) == canonical


@pytest.mark.parametrize(
    ("reference", "absolute"),
    [
        ("../c d.png", "https://example.org/c%20d.png"),
        ("#fn", "https://example.org/a/b.html#fn"),
        ("//cdn.example.org/x", "https://cdn.example.org/x"),
        ("ü.pdf", "https://example.org/a/%C3%BC.pdf"),
        ("a%20b", "https://example.org/a/a%20b"),
        ("http://[broken", ""),
    ],
)
def test_absolute_urls(reference: str, absolute: str) -> None:
    """RFC 3986, section 5; what is percent-encoded stays as it is."""
    assert text.absolute(reference, "https://example.org/a/b.html") == absolute
    assert urlsplit(absolute).path.isascii()


@pytest.mark.parametrize(
    ("fragment", "plain"),
    [
        ("<p>a <em>b</em>c</p><p>d &lt; e</p>", "a bc d < e"),
        ("<ul><li>x</li><li>y</li></ul>", "x y"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a<br>b", "a b"),
        ("H<sub>2</sub>O &amp;amp;", "H2O &amp;"),
    ],
)
def test_plain_text(fragment: str, plain: str) -> None:
    """Tags go, blocks stay apart, references are resolved once."""
    assert text.plain(fragment) == plain


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Papers & Talks", "papers-talks"), ("Ünïcode", "ünïcode"), ("φάρος", "φάρος"), ("!?", ""), ("a/b", "a-b")],
)
def test_slugs(name: str, slug: str) -> None:
    """A path segment in any script."""
    assert text.slug(name) == slug


def test_clip_cuts_at_a_word() -> None:
    """Never in the middle of a word, never too long."""
    assert text.clip("one two three", 13) == "one two three"
    assert text.clip("one two three", 10) == "one two…"
    assert len(text.clip("x" * 50, 10)) == 10


def test_media_types_do_not_depend_on_the_machine() -> None:
    """By the ending, from a table of our own."""
    assert text.media_type("https://example.org/a.PDF?x=.zip") == "application/pdf"
    assert text.media_type("https://example.org/pdf") == ""


def test_address_of_a_file() -> None:
    """What a path may hold and an address may not is percent-encoded, in NFC."""
    assert text.address("https://example.org/feeds", "tags/o\u0308l & wick/feed.atom") == (
        "https://example.org/feeds/tags/%C3%B6l%20%26%20wick/feed.atom"
    )


def test_essence_of_a_media_type() -> None:
    """Of a media type its parameters are taken off, and nothing else."""
    assert text.essence("text/html; charset=utf-8") == "text/html"
    assert text.essence("application/ld+json") == "application/ld+json"
