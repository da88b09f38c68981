"""Addresses and dates of documents, as Jekyll 4.3 printed them (`bench/jekyll_urls.py --print`), each looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from feeds.model import Reading, SourceOptions, Tree
from feeds.sources._urls import Document, page_path, sanitize, slugify, titleize, url_path
from feeds.sources.jekyll import SOURCE
from feeds.text import iri_to_uri
from sites import SITES, write

# (site, path, address below the site's, date)
JEKYLL_SAYS = [
    (
        "defaults",
        "News Item/Sub/_posts/2020-01-02-in-folders.md",
        "/news%20item/sub/extra/2020/01/02/in-folders.html",
        "2020-01-02T00:00:00+01:00",
    ),
    ("defaults", "_posts/19-08-27-two-digit-year.md", "/2019/08/27/two-digit-year.html", "2019-08-27T00:00:00+02:00"),
    (
        "defaults",
        "_posts/2019-08-27--leading-hyphen-.md",
        "/2019/08/27/leading-hyphen.html",
        "2019-08-27T00:00:00+02:00",
    ),
    ("defaults", "_posts/2019-08-27-.md", "/2019/08/27/.html", "2019-08-27T00:00:00+02:00"),
    (
        "defaults",
        "_posts/2019-08-27-Upper_Case And Space.md",
        "/2019/08/27/Upper_Case-And-Space.html",
        "2019-08-27T00:00:00+02:00",
    ),
    ("defaults", "_posts/2019-08-27-a--b---c.md", "/2019/08/27/a-b-c.html", "2019-08-27T00:00:00+02:00"),
    (
        "defaults",
        "_posts/2019-08-27-ends-with-dots....md",
        "/2019/08/27/ends-with-dots.html",
        "2019-08-27T00:00:00+02:00",
    ),
    (
        "defaults",
        "_posts/2019-08-27-no-front-matter.md",
        "/2019/08/27/no-front-matter.html",
        "2019-08-27T00:00:00+02:00",
    ),
    (
        "defaults",
        "_posts/2019-08-27-odd-#hash-[x]-{y}-100%-q?-^`|.md",
        "/2019/08/27/odd-hash-x-y-100-q.html",
        "2019-08-27T00:00:00+02:00",
    ),
    ("defaults", "_posts/2019-08-27-old.htm", "/2019/08/27/old.htm", "2019-08-27T00:00:00+02:00"),
    ("defaults", "_posts/2019-08-27-page.html", "/2019/08/27/page.html", "2019-08-27T00:00:00+02:00"),
    ("defaults", "_posts/2019-08-27-plain.md", "/2019/08/27/plain.html", "2019-08-27T00:00:00+02:00"),
    (
        "defaults",
        "_posts/2019-08-27-signs-(a)&b+c=d;e,f@g'h!i$j~k.md",
        "/2019/08/27/signs-(a)&b+c=d;e,f@g'h!i$j~k.html",
        "2019-08-27T00:00:00+02:00",
    ),
    (
        "defaults",
        "_posts/2019-08-27-v1.2.3-released.mkd",
        "/2019/08/27/v1.2.3-released.html",
        "2019-08-27T00:00:00+02:00",
    ),
    ("defaults", "_posts/2019-08-27-x.mkdown", "/2019/08/27/x.html", "2019-08-27T00:00:00+02:00"),
    ("defaults", "_posts/2019-08-27-y.mkdn", "/2019/08/27/y.html", "2019-08-27T00:00:00+02:00"),
    (
        "defaults",
        "_posts/2019-08-27-ünïcode-Große-ÄÖ-ΣΊΣΥΦΟΣ.md",
        "/2019/08/27/%C3%BCn%C3%AFcode-Gro%C3%9Fe-%C3%84%C3%96-%CE%A3%CE%8A%CE%A3%CE%A5%CE%A6%CE%9F%CE%A3.html",
        "2019-08-27T00:00:00+02:00",
    ),
    (
        "defaults",
        "_posts/2019-08-27-日本語の記事.md",
        "/2019/08/27/%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E8%A8%98%E4%BA%8B.html",
        "2019-08-27T00:00:00+02:00",
    ),
    ("defaults", "_posts/2019-08-28-empty-front.md", "/2019/08/28/empty-front.html", "2019-08-28T00:00:00+02:00"),
    (
        "defaults",
        "_posts/2019-8-9-Short.Numbers.markdown",
        "/2019/08/09/Short.Numbers.html",
        "2019-08-09T00:00:00+02:00",
    ),
    ("defaults", "_posts/2020-02-01-cat-both.md", "/two/one/2020/02/01/cat-both.html", "2020-02-01T00:00:00+01:00"),
    (
        "defaults",
        "_posts/2020-02-01-cat-colon.md",
        "/bio:%20one/2020/02/01/cat-colon.html",
        "2020-02-01T00:00:00+01:00",
    ),
    ("defaults", "_posts/2020-02-01-cat-empty.md", "/2020/02/01/cat-empty.html", "2020-02-01T00:00:00+01:00"),
    (
        "defaults",
        "_posts/2020-02-01-cat-list-singular.md",
        "/news/publications/2020/02/01/cat-list-singular.html",
        "2020-02-01T00:00:00+01:00",
    ),
    (
        "defaults",
        "_posts/2020-02-01-cat-list.md",
        "/clinical%20data/c++%20&%20r/a/b/2020/02/01/cat-list.html",
        "2020-02-01T00:00:00+01:00",
    ),
    (
        "defaults",
        "_posts/2020-02-01-cat-number.md",
        "/2020/1.5/true/2020/02/01/cat-number.html",
        "2020-02-01T00:00:00+01:00",
    ),
    (
        "defaults",
        "_posts/2020-02-01-cat-singular.md",
        "/two%20words/2020/02/01/cat-singular.html",
        "2020-02-01T00:00:00+01:00",
    ),
    (
        "defaults",
        "_posts/2020-02-01-cat-string.md",
        "/two/words/2020/02/01/cat-string.html",
        "2020-02-01T00:00:00+01:00",
    ),
    (
        "defaults",
        "_posts/2020-02-01-cat-unicode.md",
        "/z%C3%BCrich/%C3%A9t%C3%A9/i%CC%87stanbul/2020/02/01/cat-unicode.html",
        "2020-02-01T00:00:00+01:00",
    ),
    ("defaults", "_posts/2020-02-01-tag-singular.md", "/2020/02/01/tag-singular.html", "2020-02-01T00:00:00+01:00"),
    ("defaults", "_posts/2020-02-01-tags-both.md", "/2020/02/01/tags-both.html", "2020-02-01T00:00:00+01:00"),
    ("defaults", "_posts/2020-02-01-tags-string.md", "/2020/02/01/tags-string.html", "2020-02-01T00:00:00+01:00"),
    ("defaults", "_posts/2020-02-30-no-such-day.md", "/2020/03/01/no-such-day.html", "2020-03-01T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-01-date-american.md", "/2020/07/04/date-american.html", "2020-07-04T23:15:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-fraction.md", "/2020/07/31/date-fraction.html", "2020-07-31T22:30:00+02:00"),
    (
        "defaults",
        "_posts/2020-03-01-date-late-no-seconds.md",
        "/2020/03/31/date-late-no-seconds.html",
        "2020-03-31T23:30:00+02:00",
    ),
    (
        "defaults",
        "_posts/2020-03-01-date-late-quoted.md",
        "/2020/03/31/date-late-quoted.html",
        "2020-03-31T23:30:00+02:00",
    ),
    ("defaults", "_posts/2020-03-01-date-late.md", "/2020/04/01/date-late.html", "2020-04-01T01:30:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-one-digit.md", "/2020/07/04/date-one-digit.html", "2020-07-04T11:05:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-rfc.md", "/2020/07/05/date-rfc.html", "2020-07-05T01:15:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-slashes.md", "/2020/07/04/date-slashes.html", "2020-07-04T00:00:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-summer.md", "/2020/08/01/date-summer.html", "2020-08-01T00:30:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-t.md", "/2020/08/01/date-t.html", "2020-08-01T00:30:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-wins.md", "/2020/03/31/date-wins.html", "2020-03-31T00:00:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-words.md", "/2020/07/31/date-words.html", "2020-07-31T00:00:00+02:00"),
    ("defaults", "_posts/2020-03-01-date-z.md", "/2021/01/01/date-z.html", "2021-01-01T00:30:00+01:00"),
    (
        "defaults",
        "_posts/2020-03-01-date-zone-colon.md",
        "/2020/03/30/date-zone-colon.html",
        "2020-03-30T17:30:00+02:00",
    ),
    (
        "defaults",
        "_posts/2020-03-01-date-zone-short.md",
        "/2020/04/01/date-zone-short.html",
        "2020-04-01T06:30:00+02:00",
    ),
    ("defaults", "_posts/2020-03-01-date-zone.md", "/2020/04/01/date-zone.html", "2020-04-01T06:30:00+02:00"),
    ("defaults", "_posts/2020-03-01-slug-dots.md", "/2020/03/01/v1.2-(Beta).html", "2020-03-01T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-01-slug.md", "/2020/03/01/My-Own-Slug!.html", "2020-03-01T00:00:00+01:00"),
    (
        "defaults",
        "_posts/2020-03-01-untitled-THING_here.md",
        "/2020/03/01/untitled-THING_here.html",
        "2020-03-01T00:00:00+01:00",
    ),
    ("defaults", "_posts/2020-03-02-permalink-_x.md", "/2020_03_/permalink-_x", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-bare.md", "/papers/three", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-dots.md", "/x/y/z/", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-empty.md", "/", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-ext.md", "/data/permalink-ext.json", "2020-03-02T00:00:00+01:00"),
    (
        "defaults",
        "_posts/2020-03-02-permalink-false.md",
        "/2020/03/02/permalink-false.html",
        "2020-03-02T00:00:00+01:00",
    ),
    ("defaults", "_posts/2020-03-02-permalink-folder.md", "/papers/two/", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-holes.md", "/2020/3-2/permalink-holes.html", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-signs.md", "/a b/ü/%20/x.html", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink-style.md", "/pretty", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/2020-03-02-permalink.md", "/papers/one.html", "2020-03-02T00:00:00+01:00"),
    ("defaults", "_posts/nested/deeper/2019-08-27-nested.md", "/2019/08/27/nested.html", "2019-08-27T00:00:00+02:00"),
    ("defaults", "news/_posts/2020-01-02-in-folder.md", "/news/2020/01/02/in-folder.html", "2020-01-02T00:00:00+01:00"),
    ("defaults", "news/_posts/sub/2020-01-02-below.md", "/news/2020/01/02/below.html", "2020-01-02T00:00:00+01:00"),
    ("pretty", "_papers/2020-02-02-dated-name.md", "/papers/2020-02-02-dated-name/", "2020-02-02T00:00:00-05:00"),
    ("pretty", "_papers/deep/er/A Paper.v2.md", "/papers/deep/er/A%20Paper.v2/", "2020-05-05T00:00:00-04:00"),
    ("pretty", "_papers/page.html", "/papers/page/", "2020-05-05T00:00:00-04:00"),
    ("pretty", "_posts/2020-01-01-ext.md", "/x/ext.html", "2020-01-01T00:00:00-05:00"),
    ("pretty", "_posts/2020-01-01-pretty.md", "/2019/12/31/pretty/", "2019-12-31T22:00:00-05:00"),
    ("ordinal", "_papers/x.md", "/papers/x.html", "2020-01-01T00:00:00+00:00"),
    ("ordinal", "_posts/2019-01-01-first.md", "/2019/001/first.html", "2019-01-01T00:00:00+00:00"),
    ("ordinal", "_posts/2020-12-31-leap.md", "/a/2020/366/leap.html", "2020-12-31T00:00:00+00:00"),
    ("weekdate", "_papers/x.md", "/papers/x", "2020-01-01T00:00:00+00:00"),
    ("weekdate", "_posts/2020-12-31-thursday.md", "/2020/W53/Thu/thursday.html", "2020-12-31T00:00:00+00:00"),
    ("weekdate", "_posts/2021-01-03-sunday.md", "/2021/W53/Sun/sunday.html", "2021-01-03T00:00:00+00:00"),
    ("none", "_posts/2020-12-31-none.md", "/b/a/none.html", "2020-12-31T00:00:00+00:00"),
    ("none", "_posts/2090-12-31-later.md", "/later.html", "2090-12-31T00:00:00+00:00"),
    (
        "every-placeholder",
        "_posts/2020-12-31-Big.Day_x.md",
        "/2021/21/01/1/01/1/001/Jan/January/060405/2020/53/5/Fri/Friday/Sl.ug_x/sl-ug-x/c%20&%20d/%C3%A9/c-d/%C3%A9/posts/2020-12-31-Big.Day_x/2020-12-31-big-day-x.html",
        "2021-01-01T06:04:05+09:00",
    ),
    (
        "every-placeholder",
        "_posts/2022-02-02-plain.md",
        "/2022/22/02/2/02/2/033/Feb/February/000000/2022/05/3/Wed/Wednesday/plain/plain/posts/2022-02-02-plain/2022-02-02-plain.html",
        "2022-02-02T00:00:00+09:00",
    ),
    (
        "every-placeholder",
        "a/_posts/2021-01-01-New Year.md",
        "/2021/21/01/1/01/1/001/Jan/January/070809/2020/53/5/Fri/Friday/New-Year/new-year/a/a/posts/a/2021-01-01-New%20Year/2021-01-01-new-year.html",
        "2021-01-01T07:08:09+09:00",
    ),
    ("templates", "_notes/2019-05-06-note.md", "/notes/2020/07/note/", "2020-07-08T00:00:00+00:00"),
    ("templates", "_notes/note2.md", "/n/note2/2020.html", "2020-07-08T00:00:00+00:00"),
    (
        "templates",
        "_papers/2019-05-06-My Paper_v1.2.md",
        "/p/2019-05-06-my-paper-v1-2/My-Paper_v1.2",
        "2019-05-06T00:00:00+00:00",
    ),
    ("templates", "_papers/sub/Plain Name.md", "/p/plain-name/Plain-Name", "2019-01-01T00:00:00+00:00"),
    ("templates", "_posts/2020-01-01-one.md", "/posts/some-news/2020/one/", "2020-01-01T00:00:00+00:00"),
    (
        "templates",
        "_talks/sub dir/Über Talk.markdown",
        "/t/sub%20dir/%C3%9Cber%20Talk.html",
        "2019-01-01T00:00:00+00:00",
    ),
    ("front-defaults", "_papers/p.md", "/papers/2020/05/p/", "2020-05-06T00:00:00+00:00"),
    ("front-defaults", "_papers/q.md", "/papers/2019/02/q/", "2019-02-03T00:00:00+00:00"),
    ("front-defaults", "_posts/2020-01-01-cats.md", "/posts/cats/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "_posts/2020-01-01-null.md", "/posts/null/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "_posts/2020-01-01-own.md", "/own/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "_posts/2020-01-01-plain.md", "/posts/plain/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "_posts/dated/2020-01-01-d.md", "/posts/d/", "2018-01-02T00:00:00+00:00"),
    ("front-defaults", "_posts/x/2020-01-01-y.md", "/posts/y/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "_posts/x/deep/2020-01-01-d.md", "/deep/d/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "_posts/x/special-y/2020-01-01-z.md", "/special/z/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "news/_posts/2020-01-01-n.md", "/newest/news/base/n/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "newsroom/_posts/2020-01-01-n.md", "/news/2020/n/", "2020-01-01T00:00:00+00:00"),
    ("front-defaults", "slashed/_posts/2020-01-01-s.md", "/posts/s/", "2020-01-01T00:00:00+00:00"),
    ("collections-dir", "content/_drafts/My Draft.md", "/2020/02/02/My-Draft.html", "2020-02-02T00:00:00+00:00"),
    ("collections-dir", "content/_papers/p.md", "/papers/p.html", "2020-01-01T00:00:00+00:00"),
    ("collections-dir", "content/_posts/2020-01-01-in.md", "/found/2020/01/01/in.html", "2020-01-01T00:00:00+00:00"),
    (
        "collections-dir",
        "content/news/_posts/2020-01-01-in.md",
        "/news/2020/01/01/in.html",
        "2020-01-01T00:00:00+00:00",
    ),
    (
        "collections-dir",
        "content/sub/_drafts/2020-03-03-dated-draft.md",
        "/sub/2020/03/03/dated-draft.html",
        "2020-03-03T00:00:00+00:00",
    ),
    ("excludes", "_pages/_posts/2020-01-01-kept.md", "/_pages/2020/01/01/kept.html", "2020-01-01T00:00:00+00:00"),
    ("excludes", "_posts/2020-01-01-kept.md", "/2020/01/01/kept.html", "2020-01-01T00:00:00+00:00"),
    ("excludes", "_posts/2020-01-04-unpublished.md", "/2020/01/04/unpublished.html", "2020-01-04T00:00:00+00:00"),
    ("excludes", "_posts/secret/2020-01-03-kept.md", "/2020/01/03/kept.html", "2020-01-03T00:00:00+00:00"),
    ("excludes", "subject/_posts/2020-01-01-kept.md", "/subject/2020/01/01/kept.html", "2020-01-01T00:00:00+00:00"),
    ("academic", "_news/announcement_1.md", "/news/announcement_1/", "2023-10-02T16:00:00+00:00"),
    ("academic", "_news/announcement_2.md", "/news/announcement_2/", "2023-10-03T00:00:00+00:00"),
    ("academic", "_pages/_posts/2020-05-05-inside.md", "/blog/2020/inside/", "2020-05-05T00:00:00+00:00"),
    ("academic", "_posts/2022-01-02-first.md", "/blog/2022/first/", "2022-01-02T00:00:00+00:00"),
    ("academic", "_publications/2021-03-04-bright.md", "/publication/bright", "2021-03-04T00:00:00+00:00"),
    ("academic", "_publications/2022-dim.md", "/publications/2022-dim/", "2022-03-04T00:00:00+00:00"),
    ("academic", "_talks/2022-02-01-days.md", "/talks/2022/2022-02-01-days", "2022-02-01T00:00:00+00:00"),
    ("academic", "_talks/old/2001-02-01-night.md", "/archive/night.html", "2001-02-01T00:00:00+00:00"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sites")
    for name, files in SITES.items():
        write(root / name, files)
    return root


@cache
def opened(site: Path) -> Tree:
    return SOURCE.open(site, SourceOptions(name="posts", url="https://example.org/base"))


def read(site: Path, path: str) -> Reading:
    return SOURCE.read(opened(site), path, SourceOptions(name="posts", url="https://example.org/base"))


@pytest.mark.parametrize(("site", "path", "url", "date"), JEKYLL_SAYS)
def test_address_and_date_are_those_of_jekyll(folder: Path, site: str, path: str, url: str, date: str) -> None:
    """A document has the address and the date that Jekyll gives it."""
    post = read(folder / site, path).post
    assert post is not None
    assert post.url == "https://example.org/base" + iri_to_uri(url)
    assert post.published == datetime.fromisoformat(date)
    assert post.published.utcoffset() == datetime.fromisoformat(date).utcoffset()


@pytest.mark.parametrize("site", sorted(SITES))
def test_no_other_file_becomes_a_post(folder: Path, site: str) -> None:
    """What Jekyll does not publish is not published."""
    found = {path for path in opened(folder / site).paths if read(folder / site, path).post}
    assert found == {path for name, path, _, _ in JEKYLL_SAYS if name == site}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        # The examples of https://jekyllrb.com/docs/liquid/filters/#slugify
        ("none", "the _cönfig.yml file"),
        ("raw", "the-_cönfig.yml-file"),
        ("default", "the-cönfig-yml-file"),
        ("pretty", "the-_cönfig.yml-file"),
        ("ascii", "the-c-nfig-yml-file"),
        ("latin", "the-config-yml-file"),
    ],
)
def test_slugify_follows_its_documentation(mode: str, expected: str) -> None:
    """Every mode of slugify gives what Jekyll's documentation prints for it."""
    assert slugify("The _cönfig.yml file", mode=mode) == expected


def test_unknown_placeholder_is_refused() -> None:
    """A permalink with a placeholder that Jekyll does not know gives no address at all."""
    document = Document(collection="posts", path="_posts/x.md", slug="x", date=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match=":years"):
        url_path("/:years/:title", document)


def test_address_never_climbs() -> None:
    """Dots and doubled slashes cannot lead an address out of the site."""
    assert sanitize("../../etc/passwd") == "/etc/passwd"
    assert sanitize("a//b/./c") == "/a/b/c"


@pytest.mark.parametrize(
    ("path", "permalink", "style", "expected"),
    [
        ("about.md", "", "date", "/about.html"),
        ("about.md", "", "pretty", "/about/"),
        ("team/index.html", "", "date", "/team/"),
        ("about.md", "/who/", "date", "/who/"),
        ("my page.html", "", "/:year/:title/", "/my%20page/"),
        ("data.json", "", "pretty", "/data.json"),
    ],
)
def test_pages_have_addresses_too(path: str, permalink: str, style: str, expected: str) -> None:
    """A page that is no post is where Jekyll puts it, so that {% link %} to it works."""
    assert page_path(path, permalink, style) == expected


def test_title_of_a_slug() -> None:
    """A post without a title is called after its file."""
    assert titleize("my-FIRST-élan") == "My First Élan"
