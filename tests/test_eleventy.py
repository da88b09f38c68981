"""Addresses and dates of pages, as Eleventy 3.1 printed them (`bench/eleventy_urls.py --print`), each looked at."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eleventy_sites import SITES
from feeds.model import Reading, SourceOptions, Tree
from feeds.sources._eleventy_address import Unknown, slugify, stated_path
from feeds.sources._javascript import without_comments
from feeds.sources.eleventy import SOURCE
from sites import write

# (site, path, address below the site's, date)
ELEVENTY_SAYS = [
    ("defaults", "_other/2024-01-01-yes.md", "/_other/2024-01-01-yes/", "2024-01-01T00:00:00"),
    ("defaults", "about.md", "/about/", "2024-06-02T00:00:00"),
    ("defaults", "index.md", "/", "2024-06-01T00:00:00"),
    ("defaults", "notes/2020-01-01-stated.md", "/notes/2020-01-01-stated/", "2024-06-04T00:00:00"),
    ("defaults", "notes/timed.md", "/notes/timed/", "2024-06-03T10:20:30"),
    ("defaults", "notes/zoned.md", "/notes/zoned/", "2024-06-04T04:20:30"),
    ("defaults", "posts/2024-03-01-wick.md", "/posts/2024-03-01-wick/", "2024-03-01T00:00:00"),
    (
        "defaults",
        "posts/2024-03-02-Upper_Case And Space.md",
        "/posts/2024-03-02-Upper_Case%20And%20Space/",
        "2024-03-02T00:00:00",
    ),
    ("defaults", "posts/2024-03-03-v1.2.3-released.md", "/posts/2024-03-03-v1.2.3-released/", "2024-03-03T00:00:00"),
    (
        "defaults",
        "posts/2024-03-04-ünïcode-Große-日本.md",
        "/posts/2024-03-04-%C3%BCn%C3%AFcode-Gro%C3%9Fe-%E6%97%A5%E6%9C%AC/",
        "2024-03-04T00:00:00",
    ),
    (
        "defaults",
        "posts/2024-03-05-signs-(a)&b+c=d;e,f@g'h!.md",
        "/posts/2024-03-05-signs-(a)&b+c=d;e,f@g'h!/",
        "2024-03-05T00:00:00",
    ),
    ("defaults", "posts/2024-03-06-a--b.md", "/posts/2024-03-06-a--b/", "2024-03-06T00:00:00"),
    ("defaults", "posts/2024-03-07-.md", "/posts/2024-03-07-/", "2024-03-07T00:00:00"),
    ("defaults", "posts/2024-03-08.md", "/posts/2024-03-08/", "2024-03-08T00:00:00"),
    ("defaults", "posts/2024-04-03-dated-folder/index.md", "/posts/2024-04-03-dated-folder/", "2024-04-03T00:00:00"),
    (
        "defaults",
        "posts/2024-04-04-dated-folder/2024-05-01-inner.md",
        "/posts/2024-04-04-dated-folder/2024-05-01-inner/",
        "2024-04-04T00:00:00",
    ),
    ("defaults", "posts/2024-05-04-page.html", "/posts/2024-05-04-page/", "2024-05-04T00:00:00"),
    ("defaults", "posts/2024-05-05-page.liquid", "/posts/2024-05-05-page/", "2024-05-05T00:00:00"),
    ("defaults", "posts/2024-05-06-page.njk", "/posts/2024-05-06-page/", ""),
    (
        "defaults",
        "posts/deep/er/still/2024-05-02-deep.md",
        "/posts/deep/er/still/2024-05-02-deep/",
        "2024-05-02T00:00:00",
    ),
    ("defaults", "posts/draft-2024-05-03-inside.md", "/posts/draft-2024-05-03-inside/", "2024-05-03T00:00:00"),
    ("defaults", "posts/glass/glass.md", "/posts/glass/", "2024-04-02T00:00:00"),
    ("defaults", "posts/lamp/index.md", "/posts/lamp/", "2024-04-01T00:00:00"),
    ("permalinks", "a.md", "/fixed/", "2024-01-01T00:00:00"),
    ("permalinks", "b.md", "/fixed/b.html", "2024-01-01T00:00:00"),
    ("permalinks", "c.md", "/deep/", "2024-01-01T00:00:00"),
    ("permalinks", "d.md", "/t/groesse-and-angstroems-v-lamp/", "2024-01-01T00:00:00"),
    ("permalinks", "e.md", "/2024/01/02/e/", "2024-01-02T00:00:00"),
    ("permalinks", "f/2024-02-03-f.md", "/blog/f.html", "2024-02-03T00:00:00"),
    ("permalinks", "f/2024-02-04-g.md", "/x/g/", "2024-02-04T00:00:00"),
    ("permalinks", "i.md", "/doubled/slash/", "2024-01-01T00:00:00"),
    ("permalinks", "j.md", "/here/there/", "2024-01-01T00:00:00"),
    ("permalinks", "k.md", "/beside/", "2024-01-01T00:00:00"),
    ("permalinks", "l.md", "/with%20space/and%20%C3%BC/", "2024-01-01T00:00:00"),
    ("permalinks", "m.md", "/no-slash", "2024-01-01T00:00:00"),
    ("permalinks", "n.md", "/ends/", "2024-01-01T00:00:00"),
    ("permalinks", "o.md", "/built/", "2024-01-01T00:00:00"),
    ("permalinks", "p.md", "/none/P/", "2024-01-01T00:00:00"),
    ("permalinks", "q.md", "/papers/q/", "2024-01-01T00:00:00"),
    ("permalinks", "r.md", "/two_words_here/", "2024-01-01T00:00:00"),
    ("permalinks", "s.md", "/s/", "2024-01-01T00:00:00"),
    ("permalinks", "t.md", "/%7B%7Braw%7D%7D/", "2024-01-01T00:00:00"),
    ("permalinks", "u.md", "/u/lamps-and-wicks-again/", "2024-01-01T00:00:00"),
    ("permalinks", "v.md", "/v/lampa-i-uvre-ao/", "2024-01-01T00:00:00"),
    ("permalinks", "w.md", "/json/w/", "2024-01-05T00:00:00"),
    ("permalinks", "x.md", "/computed/x/", "2024-01-01T00:00:00"),
    ("directory data", "src/posts/2024-01-01-one.md", "/lamps/one/", "2024-01-01T00:00:00"),
    ("directory data", "src/posts/2024-01-02-two.md", "/own/two/", "2024-01-02T00:00:00"),
    ("directory data", "src/posts/2024-01-04-four.md", "/four/", "2024-01-04T00:00:00"),
    ("directory data", "src/posts/code/2024-01-05-five.md", "/code/five/", "2024-01-05T00:00:00"),
    ("directory data", "src/posts/sub/2024-01-03-three.md", "/sub/three/", "2024-01-03T00:00:00"),
    ("ignored", "notes/2024-01-01-a.md", "/notes/2024-01-01-a/", "2024-01-01T00:00:00"),
    ("ignored", "notes/built/2024-01-01-c.md", "/notes/built/2024-01-01-c/", "2024-01-01T00:00:00"),
    ("ignored", "notes/private/2024-01-01-b.md", "/notes/private/2024-01-01-b/", "2024-01-01T00:00:00"),
    ("ignored", "notes/x.tmp.md", "/notes/x.tmp/", "2024-01-01T00:00:00"),
]
OPTIONS = SourceOptions(name="site", url="https://lamps.example")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("eleventy")
    for name, files in SITES.items():
        write(place / name, files)
    return place


@cache
def opened(site: Path) -> Tree:
    return SOURCE.open(site, OPTIONS)


def read(site: Path, path: str) -> Reading:
    return SOURCE.read(opened(site), path, OPTIONS)


@pytest.mark.parametrize(("site", "path", "url", "date"), ELEVENTY_SAYS)
def test_a_page_is_where_and_when_eleventy_has_it(folder: Path, site: str, path: str, url: str, date: str) -> None:
    """The address and the date of each page are those that Eleventy gives it."""
    post = read(folder / site, path).post
    assert post is not None
    assert post.url == f"https://lamps.example{url}"
    assert not date or post.published.isoformat()[:19] == date


def test_nothing_is_published_that_eleventy_does_not_write(folder: Path) -> None:
    """A page that Eleventy ignores or does not write is no post here."""
    written = {(site, path) for site, path, _, _ in ELEVENTY_SAYS}
    ours = {(s, p) for s in SITES for p in opened(folder / s).paths if read(folder / s, p).post}
    assert ours == written


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("It's a lamp", "its-a-lamp"),
        ("DON'T stop", "dont-stop"),
        ("lamp's, bulbs", "lamp-s-bulbs"),
        ("lamp’s glow", "lamp-s-glow"),
        ("Größe & Ångström", "groesse-and-angstroem"),
        ("I/O – fast", "i-o-fast"),
        ("Wick 2.0 --", "wick-2-0"),
        ("camelCase", "camelcase"),
    ],
)
def test_slugify_is_that_of_eleventy(text: str, slug: str) -> None:
    """Slugs are those of @sindresorhus/slugify 2.2 without decamelize, as node printed them."""
    assert slugify(text) == slug


@pytest.mark.parametrize("text", ["日本語", "नमस्ते", "x €"])
def test_a_slug_that_cannot_be_known_is_not_guessed(text: str) -> None:
    """Letters for which slugify has a table of its own are not guessed at."""
    with pytest.raises(Unknown):
        slugify(text)


@pytest.mark.parametrize(
    "permalink", ["/{{ nowhere }}/", "/{{ title | fancy }}/", "/{{ 'now' | date: '%Y' }}/", "../../up/", "/{% x %}/"]
)
def test_an_address_made_by_code_is_not_guessed(permalink: str) -> None:
    """What a filter, a tag or a variable of the site's own code would say stays unknown."""
    with pytest.raises(Unknown):
        stated_path(permalink, {"fileSlug": "a"}, {"title": "T"})


@given(st.text(max_size=200))
def test_any_permalink_is_a_path_or_unknown(text: str) -> None:
    """Whatever stands in a permalink, the answer is a path below the site, or that it cannot be known."""
    try:
        path = stated_path(text, {"fileSlug": "a"}, {"title": "T"})
    except Unknown:
        return
    assert path.startswith("/")
    assert ".." not in path.split("/")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_exception(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever is in a page, reading it gives a post, a reason or a problem."""
    site = tmp_path_factory.mktemp("odd")
    write(site, {"eleventy.config.js": ""})
    (site / "2024-01-01-a.md").write_bytes(data)
    reading = SOURCE.read(SOURCE.open(site, OPTIONS), "2024-01-01-a.md", OPTIONS)
    assert reading.post or reading.problems or reading.withheld


def test_an_address_in_a_comment_stays() -> None:
    """Comments are taken out of JavaScript, slashes in strings are not."""
    assert without_comments('a = "https://x.example"; // b\n/* c */d') == 'a = "https://x.example"; \nd'
