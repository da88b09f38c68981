"""The RSS 1.0 exporter against the specification, an RDF parser, hand-written documents and feedparser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import msgspec
import pytest
from lxml import etree
from rdflib import RDF, Graph, Literal, Namespace, URIRef

import lab_feed
from feeds.exporters import atom
from feeds.exporters.rdf import EXPORTER, Rss1Options
from feeds.model import Artifact, Attachment, Collection, Item, Person, Post, Site, Work
from lab_feed import SITE, collection

HERE = Path(__file__).parent
CASES = sorted(p for p in (HERE / "cases" / "rss1").iterdir() if p.is_dir())
RSS = "{http://purl.org/rss/1.0/}"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ENC = "{http://purl.oclc.org/net/rss_2.0/enc#}"
PRISM = "{http://prismstandard.org/namespaces/basic/2.0/}"


def post(**changes: Any) -> Post:
    return lab_feed.post(**{"summary": "Summary."} | changes)


def render(of: Collection, site: Site = SITE, **options: Any) -> Artifact:
    (artifact,) = EXPORTER.render(of, site, msgspec.convert(options, Rss1Options))
    return artifact


def document(*items: Item, site: Site = SITE, **options: Any) -> etree._Element:
    return etree.fromstring(render(collection(*items), site, **options).body)


def only_item(item: Item, **options: Any) -> etree._Element:
    found = document(item, **options).find(f"{RSS}item")
    assert found is not None
    return found


def texts(parent: etree._Element, tag: str) -> list[str | None]:
    return [e.text for e in parent.findall(tag)]


def canonical(body: bytes) -> str:
    """C14N without the white space between elements, siblings ordered by name."""
    root = etree.fromstring(body, etree.XMLParser(remove_blank_text=True))
    for element in list(root.iter(etree.Element)):
        element[:] = sorted(element, key=lambda child: str(child.tag))
    return etree.tostring(root, method="c14n").decode()


# ---------------------------------------------------------------------------------------------------- the rules

NS = Namespace(RSS[1:-1])


def graph(body: bytes) -> Graph:
    return Graph().parse(data=body, format="xml")


def assert_rss1(body: bytes) -> None:
    """The rules of RSS 1.0, section 5, asked of the RDF graph and of the elements."""
    root = etree.fromstring(body)
    assert b"CDATA" not in body
    assert body.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<rdf:RDF ")  # what some readers look for
    assert [e.tag for e in root] == [f"{RSS}channel"] + [f"{RSS}item"] * (len(root) - 1)
    for element in root.iter(f"{RSS}*"):
        assert not element.prefix
        assert len(element) or (element.text or "").strip(), f"empty {element.tag}"
    for required in ("title", "link", "description", "items"):
        assert len(root.findall(f"{RSS}channel/{RSS}{required}")) == 1
    about = [item.get(ABOUT) for item in root.findall(f"{RSS}item")]
    assert len(set(about)) == len(about)
    for item in root.findall(f"{RSS}item"):
        names = [e.tag for e in item]
        assert [names.count(f"{RSS}{name}") for name in ("title", "link")] == [1, 1]
        assert all(names.count(name) <= 1 for name in (f"{RSS}description", f"{CONTENT}encoded", f"{DC}date"))
    assert_graph(graph(body), [str(address) for address in about])


def assert_graph(found: Graph, about: list[str]) -> None:
    """One channel, whose sequence names every item in the order of the document."""
    (channel,) = found.subjects(RDF.type, NS.channel)
    (sequence,) = found.objects(channel, NS["items"])
    assert (sequence, RDF.type, RDF.Seq) in found
    members = [found.value(sequence, URIRef(f"{RDF}_{number}")) for number in range(1, len(about) + 2)]
    assert members == [*map(URIRef, about), None]
    assert {str(item) for item in found.subjects(RDF.type, NS.item)} == set(about)


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_item_becomes_the_document_written_by_hand(case: Path) -> None:
    """Each case's item renders as the document that its expected.xml spells out; no namespace more, none less."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    assert canonical(render(collection(item)).body) == canonical((case / "expected.xml").read_bytes())


@pytest.mark.parametrize("content", ["full", "summary"])
def test_document_follows_the_rules_of_rss_1(content: str) -> None:
    """Every document is RDF and keeps the rules of RSS 1.0, whatever is asked of it."""
    items = [msgspec.json.decode((case / "item.json").read_bytes(), type=Item) for case in CASES]
    assert_rss1(render(collection(*items), content=content).body)
    assert_rss1(render(collection()).body)


def test_graph_says_what_the_post_says() -> None:
    """As RDF, the page has its title, each creator, its subjects and its record, and its file a type and a length."""
    pdf = Attachment(url="https://lab.example.org/a.pdf", media_type="application/pdf", size=12)
    work = Work(title="B & C", authors=(Person(name="Ada"), Person(name="Zoë")), doi="10.5555/b", issn="2049-3630")
    said = graph(render(collection(Item(post=post(tags=("c",), attachments=(pdf,)), work=work))).body)
    page, file = URIRef(post().url), URIRef(pdf.url)
    dc, prism, enc = Namespace(DC[1:-1]), Namespace(PRISM[1:-1]), Namespace(ENC[1:-1])
    assert set(said.objects(page, NS.title)) == {Literal("B & C")}
    assert set(said.objects(page, dc.creator)) == {Literal("Ada"), Literal("Zoë")}
    assert set(said.objects(page, dc.subject)) == {Literal("c")}
    assert set(said.objects(page, dc.identifier)) == {Literal("doi:10.5555/b")}
    assert set(said.objects(page, prism.issn)) == {Literal("2049-3630")}
    assert set(said.objects(page, enc.enclosure)) == {file}
    assert (file, enc.type, Literal("application/pdf")) in said
    assert (file, enc.length, Literal("12")) in said


# ---------------------------------------------------------------------------------------------------- readers


def test_feedparser_reads_what_it_reads_from_atom() -> None:
    """An independent reader finds the titles, links, every author, dates, words and full text of the Atom feed."""
    items = [msgspec.json.decode((case / "item.json").read_bytes(), type=Item) for case in CASES]
    (beside,) = atom.EXPORTER.render(collection(*items), SITE, atom.AtomOptions())
    ours, theirs = (
        feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        for body in (render(collection(*items)).body, beside.body)
    )
    assert (ours.bozo, ours.version) == (False, "rss10")
    assert (ours.feed.title, ours.feed.link) == (theirs.feed.title, theirs.feed.link)
    assert ours.feed.updated_parsed == theirs.feed.updated_parsed
    assert len(ours.entries) == len(items)
    for our, their in zip(ours.entries, theirs.entries, strict=True):
        assert (our.title, our.link, our.id) == (their.title, their.link, their.link)
        assert [c.value for c in our.content] == [c.value for c in their.content]
        assert our.updated_parsed == their.published_parsed
        assert [a.name for a in our.get("authors", [])] == [a.name for a in their.get("authors", [])]
        assert [t.term for t in our.get("tags", [])] == list(dict.fromkeys(t.term for t in their.get("tags", [])))


def test_prefixes_are_the_usual_ones() -> None:
    """The elements of RSS have no prefix, the others the one that everybody uses.

    NetNewsWire and rss-parser compare prefixes, not namespaces.
    """
    bare = msgspec.structs.replace(SITE, license="", language="")
    assert document(Item(post=post()), site=bare, content="summary").nsmap == {
        None: RSS[1:-1],
        "rdf": str(RDF),
        "dc": DC[1:-1],
    }
    pdf = Attachment(url="https://lab.example.org/a.pdf", media_type="application/pdf")
    body = render(collection(Item(post=post(attachments=(pdf,)), work=Work(doi="10.5555/b")))).body
    assert etree.fromstring(body).nsmap == {
        None: RSS[1:-1],
        "rdf": str(RDF),
        "content": CONTENT[1:-1],
        "dc": DC[1:-1],
        "enc": ENC[1:-1],
        "prism": PRISM[1:-1],
    }
    assert body.count(b"xmlns") == 6


def test_channel_names_no_publisher() -> None:
    """Zotero takes the channel's publisher for that of each item: the lab would be the publisher of its papers."""
    channel = document(Item(post=post(), work=Work(doi="10.5555/b"))).find(f"{RSS}channel")
    assert channel is not None
    assert channel.find(f"{DC}publisher") is None


def test_item_without_a_page_of_its_own_is_known_by_its_id() -> None:
    """Each rdf:about, which readers take for the item's id, stands once; the link is the page all the same."""

    def about(*items: Item) -> list[str | None]:
        assert_rss1(render(collection(*items)).body)
        return [e.get(ABOUT) for e in document(*items).findall(f"{RSS}item")]

    page = "https://lab.example.org/a.html"
    first, second, third = (Item(post=post(id=f"urn:{n}")) for n in (1, 2, 3))
    assert about(first) == [page]
    assert about(third, second, first) == ["urn:3", "urn:2", "urn:1"]
    assert about(first, first, Item(post=post(id=page))) == ["urn:1", f"{page}#2", page]
    assert [e.findtext(f"{RSS}link") for e in document(first, second).findall(f"{RSS}item")] == [page, page]
    assert about(Item(post=post(url="", id="urn:4"))) == ["urn:4"]
    assert about(Item(post=post(url=SITE.url, id="urn:5"))) == ["urn:5"]


# ---------------------------------------------------------------------------------------------------- the channel


def test_path_type_and_title_of_the_file() -> None:
    """The file lies in the collection's folder, or at the top for the feed of everything."""
    made = render(collection())
    assert (made.path, made.media_type) == ("collections/papers/feed.rdf", "application/rdf+xml; charset=utf-8")
    assert made.title == "Papers of the Example Lab (RSS 1.0)"
    assert render(collection(path=""), filename="index.rdf").path == "index.rdf"


def test_channel_is_about_the_address_of_the_feed() -> None:
    """rdf:about is where the document is, percent-encoded; the link is the site's home page."""
    channel = etree.fromstring(render(collection(path="tags/é#1")).body).find(f"{RSS}channel")
    assert channel is not None
    assert channel.get(ABOUT) == "https://lab.example.org/feeds/tags/%C3%A9%231/feed.rdf"
    assert channel.findtext(f"{RSS}link") == "https://lab.example.org/"


def test_channel_always_has_a_description() -> None:
    """RSS wants a description: the collection's, else the site's, else the title."""
    told = msgspec.structs.replace(SITE, description="Of the site")
    path = f"{RSS}channel/{RSS}description"
    assert etree.fromstring(render(collection(description=" "), told).body).findtext(path) == "Of the site"
    assert etree.fromstring(render(collection(description=" ")).body).findtext(path) == "Papers of the Example Lab"


# ---------------------------------------------------------------------------------------------------- items


def test_items_keep_the_order_given() -> None:
    """Items stand newest first as handed over, not reversed, and no more than the limit."""
    items = [Item(post=post(url=f"https://x.example.org/{n}")) for n in (3, 1, 2, 0)]
    made = document(*items, limit=3).findall(f"{RSS}item")
    assert [e.get(ABOUT) for e in made] == [f"https://x.example.org/{n}" for n in (3, 1, 2)]


def test_every_author_is_one_creator() -> None:
    """Authors of the work, one element each, never the poster and never an address."""
    people = (Person(name="Ada", email="ada@example.org"), Person(name=" "), Person(name="Bo"))
    made = only_item(Item(post=post(authors=(Person(name="Poster"),)), work=Work(authors=people)))
    assert texts(made, f"{DC}creator") == ["Ada", "Bo"]
    assert b"ada@" not in etree.tostring(made)


def test_summary_feed_has_no_full_text() -> None:
    """With content: summary an item has its summary alone, escaped as HTML, and nothing where it has none."""
    made = document(
        Item(post=post(summary="p < 0.05")),
        Item(post=post(url="https://x.example.org/", summary="")),
        content="summary",
    )
    assert texts(made, f"{RSS}item/{RSS}description") == ["p &lt; 0.05"]
    assert made.find(f"{RSS}item/{CONTENT}encoded") is None


@pytest.mark.parametrize(
    ("moment", "stamp"),
    [
        (datetime(2024, 2, 29, 23, 5, 9, 5, tzinfo=UTC), "2024-02-29T23:05:09Z"),
        (datetime(2024, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")), "2024-07-01T00:00:00+02:00"),
        (datetime(1890, 5, 1, tzinfo=ZoneInfo("Europe/Paris")), "1890-05-01T00:00:00+00:09"),
    ],
)
def test_dates_are_w3cdtf(moment: datetime, stamp: str) -> None:
    """Whole seconds and a zone with a colon, of the post and of the feed."""
    made = etree.fromstring(render(collection(Item(post=post(published=moment)), updated=moment)).body)
    assert texts(made, f"*/{DC}date") == [stamp, stamp]
