"""sitemap.xml and robots.txt, against the rules of sitemaps.org and RFC 9309, read back with lxml and urllib."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from feeds import config, pipeline
from feeds.exporters import sitemap
from feeds.model import Artifact, Catalog, Collection, Row, Site
from feeds.text import legal

SITE = Site(url="https://example.org/lab", feeds_url="https://example.org/lab/feeds", title="Example Lab")
WHEN = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
W3C_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})")


def row(url: str, updated: datetime = WHEN, **members: Any) -> Row:
    return Row(id=url, path=f"s:{url}", url=url, title="T", kind="article", published=WHEN, updated=updated, **members)


def rendered(*rows: Row, site: Site = SITE, **options: Any) -> dict[str, Artifact]:
    catalog = Catalog(rows=rows, collections=(), feeds=(), updated=WHEN)
    return {a.path: a for a in sitemap.EXPORTER.render(catalog, site, sitemap.EXPORTER.options(**options))}


def listed(artifact: Artifact, root: str = "urlset", element: str = "url") -> list[tuple[str, str | None]]:
    """(loc, lastmod) of each entry of a document that keeps to sitemap.xsd or siteindex.xsd."""
    assert len(artifact.body) <= 52_428_800
    assert artifact.media_type == "application/xml; charset=utf-8"
    tree = etree.fromstring(artifact.body)
    assert tree.tag == NS + root
    assert 1 <= len(tree) <= 50_000
    entries = []
    for entry in tree:
        assert entry.tag == NS + element
        assert [child.tag for child in entry] in ([NS + "loc"], [NS + "loc", NS + "lastmod"])
        loc, changed = entry.findtext(NS + "loc"), entry.findtext(NS + "lastmod")
        assert loc is not None
        assert 12 <= len(loc) < 2048
        assert re.fullmatch(r"https?://[!-~]+", loc)
        assert changed is None or W3C_DATETIME.fullmatch(changed)
        entries.append((loc, changed))
    return entries


def test_pages_and_pdfs() -> None:
    """Every page has its true last change, every PDF on the same host is there without one, sorted by URL."""
    later = datetime(2024, 5, 1, tzinfo=timezone(timedelta(hours=2)))
    files = rendered(
        row("https://example.org/lab/b.html", pdf="https://example.org/lab/b.pdf"),
        row("https://example.org/lab/a.html", later, pdf="https://elsewhere.example.com/a.pdf"),
        row("https://example.org/lab/c.html", pdf="c.pdf"),
    )
    assert listed(files["sitemap.xml"]) == [
        ("https://example.org/lab/a.html", "2024-05-01T00:00:00+02:00"),
        ("https://example.org/lab/b.html", "2024-03-01T12:30:00Z"),
        ("https://example.org/lab/b.pdf", None),
        ("https://example.org/lab/c.html", "2024-03-01T12:30:00Z"),
    ]


def test_what_is_not_listed() -> None:
    """Left out is what the site keeps to itself, what is not on the web and what is too long for a sitemap."""
    files = rendered(
        row("https://example.org/seen"),
        row("https://example.org/hidden", in_sitemap=False, pdf="https://example.org/hidden.pdf"),
        row("ftp://example.org/file"),
        row("javascript:alert(1)"),
        row("https://example.org/" + "x" * 2040),
    )
    assert [loc for loc, _ in listed(files["sitemap.xml"])] == ["https://example.org/seen"]


def test_one_page_of_two_posts() -> None:
    """A URL is listed once, with the later of its changes, whichever comes first."""
    url, later = "https://example.org/page", WHEN + timedelta(days=1)
    for rows in ((row(url), row(url, later)), (row(url, later), row(url))):
        assert listed(rendered(*rows)["sitemap.xml"]) == [(url, "2024-03-02T12:30:00Z")]


def more(artifact: Artifact) -> dict[str, list[tuple[str, dict[str, str], str]]]:
    """What a sitemap says of each URL beside its change: (element, attributes, text) of everything below it."""
    said = {}
    for url in etree.fromstring(artifact.body):
        below = [e for child in url for e in child.iter() if not e.tag.startswith(NS)]
        said[str(url.findtext(NS + "loc"))] = [(e.tag, dict(e.attrib), (e.text or "").strip()) for e in below]
    return said


def test_images() -> None:
    """The image of a page stands with it, as Google's image sitemaps want it."""
    image = "https://example.org/lab/a b.png"
    files = rendered(row("https://example.org/a", image=image), row("https://example.org/b", image="b.png"))
    google = "{http://www.google.com/schemas/sitemap-image/1.1}"
    assert more(files["sitemap.xml"]) == {
        "https://example.org/a": [
            (google + "image", {}, ""),
            (google + "loc", {}, "https://example.org/lab/a%20b.png"),
        ],
        "https://example.org/b": [],
    }
    assert b"image" not in rendered(row("https://example.org/b"))["sitemap.xml"].body


def test_translations() -> None:
    """Each translation names all of them, itself included; two texts in one language are no translations."""
    files = rendered(
        row("https://example.org/de/a", lang="de", translation="a"),
        row("https://example.org/a", translation="a"),
        row("https://example.org/b", translation="b"),
        row("https://example.org/b2", lang="en", translation="b"),
        row("https://example.org/c", lang="fr", translation="c"),
    )
    link = "{http://www.w3.org/1999/xhtml}link"
    both = [
        (link, {"rel": "alternate", "hreflang": "de", "href": "https://example.org/de/a"}, ""),
        (link, {"rel": "alternate", "hreflang": "en", "href": "https://example.org/a"}, ""),
    ]
    said = more(files["sitemap.xml"])
    assert said.pop("https://example.org/de/a") == said.pop("https://example.org/a") == both
    assert not any(said.values())


def test_generated_pages() -> None:
    """Pages that were generated are listed with the changes of what is on them; other exports are not."""
    exports = (("works/a.html", "text/html; charset=utf-8"), ("a.jsonld", "application/ld+json"))
    page = Artifact(path="years/2024/index.html", media_type="text/html; charset=utf-8")
    year = Collection(name="years:2024", title="2024", path="years/2024", items=(), updated=WHEN + timedelta(days=9))
    catalog = Catalog(
        rows=(row("https://example.org/a", exports=exports),),
        collections=(year,),
        feeds=(),
        lists=((year.name, page), (year.name, replace(page, path="years/2024/a.bib", media_type="text/x-bibtex"))),
        updated=WHEN,
    )
    files = {a.path: a for a in sitemap.EXPORTER.render(catalog, SITE, sitemap.EXPORTER.options())}
    assert listed(files["sitemap.xml"]) == [
        ("https://example.org/a", "2024-03-01T12:30:00Z"),
        ("https://example.org/lab/feeds/works/a.html", "2024-03-01T12:30:00Z"),
        ("https://example.org/lab/feeds/years/2024/index.html", "2024-03-10T12:30:00Z"),
    ]


def test_news() -> None:
    """On request the news of the two days up to the newest are in a sitemap of their own, which robots.txt names."""
    hours = [0, 47, 49]
    rows = [
        replace(row(f"https://example.org/{n}", lang="de-CH"), kind="news", published=WHEN - timedelta(hours=n))
        for n in hours
    ]
    files = rendered(*rows, row("https://example.org/paper"), news=True)
    google = "{http://www.google.com/schemas/sitemap-news/0.9}"
    said = more(files["sitemap-news.xml"])
    assert list(said) == ["https://example.org/0", "https://example.org/47"]
    assert said["https://example.org/0"] == [
        (google + "news", {}, ""),
        (google + "publication", {}, ""),
        (google + "name", {}, "Example Lab"),
        (google + "language", {}, "de"),
        (google + "publication_date", {}, "2024-03-01T12:30:00Z"),
        (google + "title", {}, "T"),
    ]
    assert b"Sitemap: https://example.org/lab/feeds/sitemap-news.xml\n" in files["robots.txt"].body
    assert "sitemap-news.xml" not in rendered(*rows)


def test_compressed() -> None:
    """On request each sitemap is there a second time, as gzip without a time."""
    rows = [row(f"https://example.org/{n}") for n in range(3)]
    files = rendered(*rows, gzip=True, part_size=2)
    for path in ("sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"):
        assert gzip.decompress(files[f"{path}.gz"].body) == files[path].body
        assert files[f"{path}.gz"].body[4:8] == bytes(4)


def test_other_scripts_and_ampersands() -> None:
    """A URL is percent-encoded and entity-escaped, so that it reads back as a URI."""
    files = rendered(row("https://example.org/é?a=1&b=<2>"))
    assert listed(files["sitemap.xml"])[0][0] == "https://example.org/%C3%A9?a=1&b=%3C2%3E"


def test_parts() -> None:
    """More URLs than a part holds make an index of parts, each with the newest change in it."""
    rows = [row(f"https://example.org/{n}", WHEN + timedelta(days=n)) for n in range(5)]
    files = rendered(*rows, part_size=2)
    assert listed(files["sitemap.xml"], "sitemapindex", "sitemap") == [
        ("https://example.org/lab/feeds/sitemap-1.xml", "2024-03-02T12:30:00Z"),
        ("https://example.org/lab/feeds/sitemap-2.xml", "2024-03-04T12:30:00Z"),
        ("https://example.org/lab/feeds/sitemap-3.xml", "2024-03-05T12:30:00Z"),
    ]
    in_parts = [entry for n in (1, 2, 3) for entry in listed(files[f"sitemap-{n}.xml"])]
    assert in_parts == listed(rendered(*rows)["sitemap.xml"])


def test_parts_come_before_the_index() -> None:
    """No reader finds an index whose parts are not there yet: they are rendered first."""
    files = rendered(*(row(f"https://example.org/{n}") for n in range(3)), part_size=1)
    assert list(files) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml", "robots.txt"]


def test_parts_are_cut_by_size_too() -> None:
    """URLs that are long rather than many never make a part larger than a sitemap may be."""
    rows = [row(f"https://example.org/{n}?" + "&" * 2000) for n in range(6000)]
    files = rendered(*rows)
    del files["robots.txt"]
    index = files.pop("sitemap.xml")
    assert len(listed(index, "sitemapindex", "sitemap")) == len(files) == 2
    assert sum(len(listed(part)) for part in files.values()) == 6000


def test_part_size_has_bounds() -> None:
    """A part of no URLs, or of more than the protocol allows, is a mistake in the configuration."""
    for wrong in (0, 45_001):
        with pytest.raises(msgspec.ValidationError, match="part_size"):
            msgspec.convert({"part_size": wrong}, sitemap.EXPORTER.options)


def test_order_of_rows_does_not_matter() -> None:
    """The same pages in another order make the same bytes."""
    rows = [row(f"https://example.org/{n}") for n in range(9)]
    assert rendered(*rows) == rendered(*reversed(rows))


def test_robots() -> None:
    """robots.txt lets everyone in and names the sitemap by its absolute URL."""
    at_root = Site(url="https://example.org", feeds_url="https://example.org", title="Example Lab")
    body = rendered(row("https://example.org/a"), site=at_root)["robots.txt"].body.decode()
    robots = RobotFileParser()
    robots.parse(body.splitlines())
    assert robots.site_maps() == ["https://example.org/sitemap.xml"]
    assert robots.can_fetch("AnyBot", "https://example.org/a")
    assert "#" not in body


def test_robots_below_the_root() -> None:
    """Where crawlers do not look for it, robots.txt says where they do."""
    body = rendered(row("https://example.org/a"))["robots.txt"].body.decode()
    assert body.startswith("# ")
    assert "https://example.org/robots.txt" in body.splitlines()[0]
    assert "Sitemap: https://example.org/lab/feeds/sitemap.xml" in body.splitlines()


def test_without_robots() -> None:
    """robots.txt is left to the user where that is asked for."""
    assert list(rendered(row("https://example.org/a"), robots=False)) == ["sitemap.xml"]


def test_nothing_to_list() -> None:
    """A sitemap without a URL would not be valid, so there is none, and no robots.txt that names it."""
    assert rendered(row("https://example.org/a", in_sitemap=False)) == {}


@given(st.lists(st.text(max_size=40).map(legal), min_size=1, max_size=4))
def test_any_path_makes_a_valid_sitemap(paths: list[str]) -> None:
    """Whatever stands in a URL, the document is a sitemap of URIs."""
    files = rendered(*(row(f"https://example.org/{path}") for path in paths))
    assert len(listed(files["sitemap.xml"])) <= len(paths)


def test_translations_of_a_site(tmp_path: Path) -> None:
    """The translations that Hugo knows by their names name each other in the sitemap of the site."""
    folder = Path(__file__).parent / "conventions" / "hugo-languages" / "site"
    settings = f"sources: [{{path: '{folder}'}}]\noutput: {tmp_path / 'out'}\nexports: [sitemap]\n"
    pipeline.run(config.parse(settings.encode(), tmp_path / "config.yaml"), now=datetime(2026, 1, 1, tzinfo=UTC))
    body = (tmp_path / "out" / "sitemap.xml").read_bytes()
    links = {
        str(url.findtext(NS + "loc")): [(e.get("hreflang"), e.get("href")) for e in url.iter("{*}link")]
        for url in etree.fromstring(body)
    }
    wick = [("de", "https://lamps.example/posts/docht/"), ("en-GB", "https://lamps.example/en/articles/a-new-wick/")]
    fire = [("de", "https://lamps.example/posts/feuer/"), ("en-GB", "https://lamps.example/en/articles/fire/")]
    assert links == {address: pair for pair in (wick, fire) for _, address in pair}
