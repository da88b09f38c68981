"""The HTML index, read back with an HTML parser as a browser and a screen reader would."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from msgspec.structs import replace

from feeds.exporters import index
from feeds.model import Artifact, Catalog, Collection, Person, Row, Site
from feeds.text import legal

WHEN = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
SITE = Site(
    url="https://example.org/lab",
    feeds_url="https://example.org/lab/feeds",
    title="Example Lab & Friends",
    description="Invented things.",
    license="https://creativecommons.org/licenses/by/4.0/",
    publisher=Person(name="Example Lab", organization=True),
)
FEEDS = (
    ("", Artifact(path="feed.atom", media_type="application/atom+xml; charset=utf-8")),
    ("", Artifact(path="feed.rss", media_type="application/rss+xml; charset=utf-8")),
    ("papers", Artifact(path="collections/papers/feed.atom", media_type="application/atom+xml; charset=utf-8")),
    ("дюны", Artifact(path="collections/дюны/feed.json", media_type="application/feed+json")),
)
DOCUMENTS = tuple(Artifact(path=path, media_type="") for path in ("site.jsonld", "sitemap.xml", "robots.txt"))
COLLECTIONS = tuple(
    Collection(name=name, title=title, path="", items=(), updated=WHEN, description=about)
    for name, title, about in (("", "Example Lab", ""), ("papers", "Papers", "All our papers."), ("дюны", "Дюны", ""))
)


def row(number: int, **members: Any) -> Row:
    plain: dict[str, Any] = {
        "id": f"tag:example.org,2024:{number}",
        "path": f"s:{number}.md",
        "url": f"https://example.org/lab/{number}.html",
        "title": f"Title {number}",
        "kind": "article",
        "published": WHEN - timedelta(days=number),
        "updated": WHEN,
    }
    return Row(**(plain | members))


def catalog(*rows: Row) -> Catalog:
    return Catalog(rows=rows, collections=COLLECTIONS, feeds=FEEDS, updated=WHEN, documents=DOCUMENTS)


def rendered(value: Catalog, site: Site = SITE, **options: Any) -> str:
    [artifact] = index.EXPORTER.render(value, site, index.EXPORTER.options(**options))
    assert (artifact.path, artifact.media_type) == ("index.html", "text/html; charset=utf-8")
    return artifact.body.decode()


def parsed(text: str) -> Any:
    return html.document_fromstring(text)


def page(*rows: Row, **options: Any) -> Any:
    return parsed(rendered(catalog(*rows), **options))


def entries(tree: Any) -> list[Any]:
    return list(tree.xpath("//ol[@class='entries']/li"))


FULL = row(
    1,
    title="Tidal <b>memory</b> & more",
    lang="de",
    authors=(Person(name="Ada Examplesen"), Person(name="Bo Placeholt")),
    journal="Journal of Invented Seas",
    doi="10.5555/tidal#1",
    pdf="https://example.org/lab/tides.pdf",
    exports=(
        ("lab/1.jsonld", "application/ld+json"),
        ("lab/a b#?.csl.json", "application/vnd.citationstyles.csl+json"),
        ("lab/1.ris", "application/x-research-info-systems; charset=utf-8"),
        ("lab/1.unheard", "application/x-unheard"),
    ),
)


def test_item() -> None:
    """An item shows its title, authors, journal, kind and day, and links its page, DOI, PDF and exports."""
    [entry] = entries(page(FULL))
    [title] = entry.xpath("p[@class='title']")
    assert title.text_content() == "Tidal <b>memory</b> & more"
    assert (title.get("lang"), title.xpath("a/@href")) == ("de", ["https://example.org/lab/1.html"])
    assert entry.xpath("string(p[@class='authors'])") == "Ada Examplesen, Bo Placeholt"
    assert entry.xpath("string(p[@class='meta'])") == "Article · Journal of Invented Seas · 29 February 2024"
    assert entry.xpath(".//time/@datetime") == ["2024-02-29"]
    assert [(a.text, a.get("href")) for a in entry.xpath("ul//a")] == [
        ("DOI", "https://doi.org/10.5555/tidal%231"),
        ("PDF", "https://example.org/lab/tides.pdf"),
        ("JSON-LD", "lab/1.jsonld"),
        ("CSL-JSON", "lab/a%20b%23%3F.csl.json"),
        ("RIS", "lab/1.ris"),
        ("UNHEARD", "lab/1.unheard"),
    ]


def test_what_an_item_lacks_is_not_there() -> None:
    """An item that is only a title has no empty line of authors, journal or links."""
    [entry] = entries(page(row(1)))
    assert [child.get("class") for child in entry] == ["title", "meta"]


def test_many_authors() -> None:
    """Of very many authors the first ten are named and the others counted."""
    [entry] = entries(page(row(1, authors=tuple(Person(name=f"A. Author{n}") for n in range(12)))))
    assert entry.xpath("string(p[@class='authors'])").endswith("A. Author9 and 2 others")


def test_years() -> None:
    """Items stand under their years in the order given, each year once, and each can be jumped to."""
    east = timezone(timedelta(hours=9))
    rows = (
        row(1, published=datetime(2024, 1, 1, 3, tzinfo=east)),
        row(2, published=datetime(2023, 12, 31, 15, tzinfo=UTC)),
        row(3, published=datetime(2024, 1, 1, 0, tzinfo=timezone(timedelta(hours=14)))),
    )
    tree = page(*rows)
    years = {
        group.xpath("string(h3)"): group.xpath(".//p[@class='title']//text()")
        for group in tree.xpath("//*[@class='year']")
    }
    assert years == {"2024": ["Title 1", "Title 3"], "2023": ["Title 2"]}
    for jump in tree.xpath("//nav//a/@href"):
        assert len(tree.xpath(f"//*[@id='{jump[1:]}']")) == 1


def test_feeds() -> None:
    """Every feed is there to click, to copy and to discover, by collection, the feed of everything first."""
    tree = page(row(1))
    shown = {
        group.xpath("string(h3)"): [(li.xpath("string(a)"), li.xpath("string(code)")) for li in group.xpath("ul/li")]
        for group in tree.xpath("//*[@class='group']")
    }
    base = "https://example.org/lab/feeds/"
    assert list(shown.items()) == [
        ("Everything", [("Atom", base + "feed.atom"), ("RSS", base + "feed.rss")]),
        ("Papers", [("Atom", base + "collections/papers/feed.atom")]),
        ("Дюны", [("JSON Feed", base + "collections/%D0%B4%D1%8E%D0%BD%D1%8B/feed.json")]),
    ]
    discovered = {(a.get("href"), a.get("type")) for a in tree.xpath("//head/link[@rel='alternate']")}
    assert discovered == {
        ("feed.atom", "application/atom+xml"),
        ("feed.rss", "application/rss+xml"),
        ("collections/papers/feed.atom", "application/atom+xml"),
        ("collections/%D0%B4%D1%8E%D0%BD%D1%8B/feed.json", "application/feed+json"),
    }
    assert {a.get("href") for a in tree.xpath("//ul[@class='feeds']//a")} == {href for href, _ in discovered}
    assert len(set(tree.xpath("//head/link[@rel='alternate']/@title"))) == 4


def test_feeds_of_single_values_are_listed_only() -> None:
    """The feeds of each tag are in the page, not in its head: a browser would offer hundreds."""
    known = catalog(row(1))
    collections = tuple(replace(c, value="dunes" if c.name == "дюны" else "") for c in known.collections)
    tree = parsed(rendered(replace(known, collections=collections)))
    href = "collections/%D0%B4%D1%8E%D0%BD%D1%8B/feed.json"
    assert tree.xpath(f"//ul[@class='feeds']//a[@href='{href}']")
    assert len(tree.xpath("//head/link[@rel='alternate']")) == len(FEEDS) - 1
    assert not tree.xpath(f"//head/link[@href='{href}']")


def test_bibliographies() -> None:
    """Every list for reference managers is there to take and to copy, by collection; it is no feed to discover."""
    lists = (
        ("", Artifact(path="publications.bib", media_type="application/x-bibtex; charset=utf-8", title="Example Lab")),
        ("papers", Artifact(path="collections/papers/p q.ris", media_type="application/x-research-info-systems")),
        ("papers", Artifact(path="collections/papers/index.html", media_type="text/html; charset=utf-8")),
    )
    tree = parsed(rendered(replace(catalog(row(1)), lists=lists)))
    [section] = tree.xpath("//section[@aria-labelledby='bibliographies']")
    shown = [
        (group.xpath("string(h3)"), li.xpath("string(a)"), li.xpath("string(a/@href)"), li.xpath("string(code)"))
        for group in section.xpath(".//*[@class='group']")
        for li in group.xpath("ul/li")
    ]
    base = "https://example.org/lab/feeds/"
    assert shown == [
        ("Everything", "BibTeX", "publications.bib", base + "publications.bib"),
        ("Papers", "RIS", "collections/papers/p%20q.ris", base + "collections/papers/p%20q.ris"),
    ]
    assert len(tree.xpath("//head/link[@rel='alternate']")) == len(FEEDS)
    assert not page(row(1)).xpath("//section[@aria-labelledby='bibliographies']")


def test_all_feeds_at_once() -> None:
    """The list of feeds is there to import and to discover as OPML 2.0 has it, when it is exported."""
    listed = Artifact(path="feeds.opml", media_type="text/x-opml; charset=utf-8")
    tree = parsed(rendered(replace(catalog(row(1)), documents=(*DOCUMENTS, listed))))
    [link] = tree.xpath("//head/link[@rel='outline']")
    assert (link.get("type"), link.get("href")) == ("text/x-opml", "feeds.opml")
    [shown] = tree.xpath("//p[a/@href = 'feeds.opml']")
    assert shown.xpath("string(code)") == "https://example.org/lab/feeds/feeds.opml"
    assert "opml" not in rendered(catalog(row(1)))


def test_lines_for_the_layout() -> None:
    """What is to be copied into the site's layout leads from any page to the feeds of everything, and to no other."""
    site = replace(SITE, title='Lab "A" & <B>', feeds_url="https://feeds.example.org")
    copied = parsed(rendered(catalog(row(1)), site)).xpath("string(//pre)")
    links = parsed(f"<head>{copied}</head>").xpath("//link")
    assert [dict(link.attrib) for link in links] == [
        {
            "rel": "alternate",
            "type": f"application/{name.lower()}+xml",
            "title": f'Lab "A" & <B> ({name})',
            "href": f"https://feeds.example.org/feed.{name.lower()}",
        }
        for name in ("Atom", "RSS")
    ]


def test_every_link_leads_somewhere() -> None:
    """Every link is a web address, a file that is published, or a place on the page."""
    tree = page(FULL, row(2), row(3, published=WHEN - timedelta(days=400)))
    published = {artifact.path for _, artifact in FEEDS} | {path for path, _ in FULL.exports}
    published |= {"site.jsonld", "sitemap.xml"}
    linked = set()
    for link in tree.xpath("//@href"):
        parts = urlsplit(link)
        if link.startswith("#"):
            assert len(tree.xpath(f"//*[@id='{link[1:]}']")) == 1, link
        elif parts.scheme in {"http", "https"}:
            assert parts.netloc
        elif link != "data:,":
            assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", ""), link
            linked.add(unquote(parts.path))
    assert linked == published


def test_large_site() -> None:
    """Of more items than the page lists the newest are there, and the rest is counted and said where to be found."""
    tree = page(*(row(n) for n in range(12)), limit=10)
    assert tree.xpath("//p[@class='title']//text()") == [f"Title {n}" for n in range(10)]
    assert "These are the newest 10 of 12 items. 2 older ones are on" in tree.xpath("string(//p[@class='rest'])")


def test_hidden_items() -> None:
    """What the site keeps out of its feeds is not shown, not counted and not in the embedded document."""
    text = rendered(catalog(row(1), row(2, in_feeds=False)))
    assert "Title 2" not in text
    assert "These are the newest" not in text


def test_empty_site() -> None:
    """A site with nothing on it says so."""
    tree = parsed(rendered(Catalog(rows=(), collections=(), feeds=(), updated=WHEN)))
    assert "Nothing is published yet." in tree.text_content()
    assert tree.xpath("//h2/@id") == ["items"]


def test_documents_are_those_that_were_rendered() -> None:
    """Documents of the site that are not published are not named."""
    one = replace(catalog(row(1)), documents=DOCUMENTS[:1])
    assert parsed(rendered(one)).xpath("//ul[@class='documents']//@href") == ["site.jsonld"]
    assert not parsed(rendered(replace(one, documents=()))).xpath("//*[@id='documents'] | //@href[. = '#documents']")


def test_embedded_document() -> None:
    """The page carries the site's JSON-LD, of the items that it shows."""
    [script] = page(row(1), row(2), limit=1).xpath("//script")
    assert script.get("type") == "application/ld+json"
    node = json.loads(script.text)
    assert (node["@type"], [part["name"] for part in node["hasPart"]]) == ("CollectionPage", ["Title 1"])


def test_nothing_is_fetched() -> None:
    """The page runs no script and loads nothing: no image, style sheet, font or frame from anywhere."""
    text = rendered(catalog(FULL))
    tree = parsed(text)
    assert not tree.xpath("//@src | //@srcset | //iframe | //object | //form | //@style | //link[@rel='stylesheet']")
    assert not [name for name in tree.xpath("//@*") if name.attrname.startswith("on")]
    style = tree.xpath("string(//style)")
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv]/@content)")


def test_structure() -> None:
    """A screen reader finds a language, one main, one h1, labelled sections, unique ids and headings in order."""
    tree = page(FULL, row(2, published=WHEN - timedelta(days=400)))
    assert tree.get("lang") == "en"
    assert [len(tree.xpath(f"//{tag}")) for tag in ("main", "h1", "title")] == [1, 1, 1]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(tree.xpath("//section/@aria-labelledby")) <= set(ids)
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1 | //h2 | //h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tree.xpath("string(//body/*[1]/@href)") == "#items"
    assert tree.xpath("string(//meta[@name='viewport']/@content)").startswith("width=device-width")


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours (WCAG 2.2, section 1.4.3)."""

    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_can_be_read() -> None:
    """In light, in dark and on paper all text stands out from its ground by WCAG's 4.5 to 1."""
    palettes = re.findall(r":root \{([^}]*--paper[^}]*)\}", rendered(catalog()))
    assert len(palettes) == 3
    for palette in palettes:
        colours = dict(re.findall(r"--(\w+): (#\w+);", palette))
        colours = {name: c if len(c) == 7 else "#" + "".join(2 * x for x in c[1:]) for name, c in colours.items()}
        for ground in ("paper", "wash"):
            for ink in ("ink", "quiet", "link", "mark"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground, palette)


VOID = set("area base br col embed hr img input link meta source track wbr".split())


class Balance(HTMLParser):
    """Finds elements that are not closed in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), tag
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(text: str) -> list[str]:
    parser = Balance()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser.tags


texts = st.text(min_size=1, max_size=30).map(legal) | st.sampled_from(
    ["</script><img src=x>", '" onload="x', "{{ 1 }}"]
)


@settings(max_examples=40)
@given(texts, texts, texts)
def test_nothing_breaks_out(one: str, two: str, three: str) -> None:
    """Whatever stands in titles, names, addresses and paths, the page has the same elements, all closed in order."""

    def of(first: str, second: str, third: str) -> str:
        item = row(
            1,
            title=first,
            authors=(Person(name=second), Person(name=third)),
            journal=third,
            lang=second,
            doi=first,
            id=second,
        )
        item = replace(item, exports=((f"x/{third}", "text/plain"),))
        site = replace(SITE, title=first, description=second)
        collection = replace(COLLECTIONS[1], title=second, description=third)
        feeds = (*FEEDS[:2], ("papers", replace(FEEDS[2][1], path=f"c/{one}/feed.atom")))
        return rendered(replace(catalog(item), collections=(collection,), feeds=feeds), site)

    assert tags(of(one, two, three)) == tags(of("a", "b", "c"))


def test_collections_are_called_without_the_site() -> None:
    """The site's own title, which the page bears, is not said again of each collection."""
    called = replace(COLLECTIONS[1], title=f"{SITE.title}: papers")
    tree = parsed(rendered(replace(catalog(row(1)), collections=(COLLECTIONS[0], called))))
    assert tree.xpath("string(//details/summary)") == "By collection: Papers, дюны"


def test_addresses_that_are_none() -> None:
    """What is no web address is not linked, nor named in the embedded document."""
    assert "javascript:" not in rendered(catalog(row(1, url="javascript:alert(1)", pdf="javascript:alert(2)")))


def test_same_bytes() -> None:
    """The same catalog makes the same bytes."""
    assert rendered(catalog(FULL, row(2))) == rendered(catalog(FULL, row(2)))
