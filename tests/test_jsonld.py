"""schema.org JSON-LD, against hand-written documents and a hand-written extract of the vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feeds.exporters import _schema_org as schema
from feeds.exporters import jsonld
from feeds.model import Artifact, Catalog, Collection, Item, Kind, Person, Post, Row, Site, Work

CASES = sorted(p for p in (Path(__file__).parent / "cases" / "jsonld").iterdir() if p.is_dir())

SITE = Site(
    url="https://example.org/lab",
    feeds_url="https://example.org/lab/feeds",
    title="Example Lab",
    license="https://creativecommons.org/licenses/by/4.0/",
    publisher=Person(
        name="Example Lab", organization=True, ror="https://ror.org/00example1", url="https://example.org/lab/about"
    ),
)
WHEN = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)

# ---------------------------------------------------------------------------------------------------- the vocabulary

# schema.org 30.0, by hand from the pages of the types: a type and the next one above it that has properties used here.
PARENT = {
    "Article": "CreativeWork",
    "ScholarlyArticle": "Article",
    "Report": "Article",
    "SocialMediaPosting": "Article",
    "BlogPosting": "SocialMediaPosting",
    "Blog": "CreativeWork",
    "Book": "CreativeWork",
    "BookSeries": "CreativeWorkSeries",
    "Chapter": "CreativeWork",
    "CollectionPage": "WebPage",
    "CreativeWork": "Thing",
    "CreativeWorkSeries": "CreativeWork",
    "DigitalDocument": "CreativeWork",
    "Event": "Thing",
    "Intangible": "Thing",
    "ItemList": "Intangible",
    "ListItem": "Intangible",
    "MediaObject": "CreativeWork",
    "Organization": "Thing",
    "Periodical": "CreativeWorkSeries",
    "Person": "Thing",
    "Place": "Thing",
    "Poster": "CreativeWork",
    "PresentationDigitalDocument": "DigitalDocument",
    "PropertyValue": "Thing",
    "PublicationIssue": "CreativeWork",
    "PublicationVolume": "CreativeWork",
    "Thesis": "CreativeWork",
    "WebPage": "CreativeWork",
    "WebSite": "CreativeWork",
}

# And the properties: (domain, range).  Text, URL, Date and Boolean are data types.
PAGED = {"Article", "Chapter", "PublicationIssue", "PublicationVolume"}
PROPERTIES: dict[str, tuple[set[str], set[str]]] = {
    "abstract": ({"CreativeWork"}, {"Text"}),
    "affiliation": ({"Person"}, {"Organization"}),
    "author": ({"CreativeWork"}, {"Organization", "Person"}),
    "blogPost": ({"Blog"}, {"BlogPosting"}),
    "contentSize": ({"MediaObject"}, {"Text"}),
    "contentUrl": ({"MediaObject"}, {"URL"}),
    "creativeWorkStatus": ({"CreativeWork"}, {"Text"}),
    "dateModified": ({"CreativeWork"}, {"Date"}),
    "datePublished": ({"CreativeWork"}, {"Date"}),
    "description": ({"Thing"}, {"Text"}),
    "encoding": ({"CreativeWork"}, {"MediaObject"}),
    "encodingFormat": ({"CreativeWork", "MediaObject"}, {"Text"}),
    "familyName": ({"Person"}, {"Text"}),
    "givenName": ({"Person"}, {"Text"}),
    "hasPart": ({"CreativeWork"}, {"CreativeWork"}),
    "headline": ({"CreativeWork"}, {"Text"}),
    "honorificSuffix": ({"Person"}, {"Text"}),
    "identifier": ({"Thing"}, {"PropertyValue"}),
    "image": ({"Thing"}, {"URL"}),
    "inLanguage": ({"CreativeWork"}, {"Text"}),
    "isAccessibleForFree": ({"CreativeWork"}, {"Boolean"}),
    "isBasedOn": ({"CreativeWork"}, {"CreativeWork"}),
    "isPartOf": ({"CreativeWork"}, {"CreativeWork"}),
    "itemListElement": ({"ItemList"}, {"ListItem"}),
    "issn": ({"Blog", "CreativeWorkSeries"}, {"Text"}),
    "issueNumber": ({"PublicationIssue"}, {"Text"}),
    "keywords": ({"CreativeWork", "Event", "Organization", "Place"}, {"Text"}),
    "license": ({"CreativeWork"}, {"URL"}),
    "location": ({"Event", "Organization"}, {"Place"}),
    "mainEntity": ({"CreativeWork"}, {"Thing"}),
    "mainEntityOfPage": ({"Thing"}, {"CreativeWork"}),
    "mentions": ({"CreativeWork"}, {"Thing"}),
    "name": ({"Thing"}, {"Text"}),
    "numberOfItems": ({"ItemList"}, {"Integer"}),
    "pageEnd": (PAGED, {"Text"}),
    "pageStart": (PAGED, {"Text"}),
    "pagination": (PAGED, {"Text"}),
    "position": ({"CreativeWork", "ListItem"}, {"Integer"}),
    "propertyID": ({"PropertyValue"}, {"Text"}),
    "publisher": ({"CreativeWork"}, {"Organization", "Person"}),
    "recordedAt": ({"CreativeWork"}, {"Event"}),
    "sameAs": ({"Thing"}, {"URL"}),
    "sha256": ({"MediaObject"}, {"Text"}),
    "url": ({"Thing"}, {"URL"}),
    "value": ({"PropertyValue"}, {"Text"}),
    "volumeNumber": ({"PublicationVolume"}, {"Text"}),
}
ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2}))?)?)?")


def lineage(kind: str) -> Iterator[str]:
    while kind != "Thing":
        yield kind
        kind = PARENT[kind]
    yield "Thing"


def is_of(value: Any, ranges: set[str]) -> bool:
    if isinstance(value, dict):
        return bool(ranges & set(lineage(value["@type"])))
    if isinstance(value, bool):
        return "Boolean" in ranges
    if isinstance(value, int):
        return "Integer" in ranges
    if not isinstance(value, str):
        return False
    as_date = "Date" in ranges and ISO_DATE.fullmatch(value) is not None
    return "Text" in ranges or as_date or ("URL" in ranges and re.match(r"https?://[^/\s]+", value) is not None)


def violations(node: dict[str, Any], where: str = "$") -> list[str]:
    """What in a node, at any depth, the vocabulary or our own rules do not allow."""
    found = [] if isinstance(node.get("@type"), str) else [f"{where}: @type is not one string"]
    kinds = set(lineage(node["@type"]))
    for name, value in node.items():
        here = f"{where}.{name}"
        values = value if isinstance(value, list) else [value]
        if value in ("", [], {}) or None in values:
            found.append(f"{here}: empty")
        if name.startswith("@"):
            continue
        if name not in PROPERTIES:
            found.append(f"{here}: no such property")
            continue
        domain, ranges = PROPERTIES[name]
        if not domain & kinds:
            found.append(f"{here}: not a property of {node['@type']}")
        for number, each in enumerate(values):
            if not is_of(each, ranges):
                found.append(f"{here}[{number}]: {each!r} is none of {sorted(ranges)}")
            if isinstance(each, dict):
                found += violations(each, f"{here}[{number}]")
    return found


def test_the_check_finds_violations() -> None:
    """The check of the vocabulary sees a wrong domain, a wrong range, an unknown property and an empty member."""
    wrong = {
        "@type": "Thesis",
        "pageStart": "1",
        "datePublished": "soon",
        "writer": "x",
        "author": [{"@type": "Place"}],
        "abstract": "",
    }
    assert [line.partition(":")[0] for line in violations(wrong)] == [
        "$.pageStart",
        "$.datePublished[0]",
        "$.writer",
        "$.author[0]",
        "$.abstract",
    ]


# ---------------------------------------------------------------------------------------------------- items


def read(case: Path) -> Item:
    return msgspec.json.decode((case / "item.json").read_bytes(), type=Item)


def rendered(item: Item, **options: Any) -> Artifact:
    [artifact] = jsonld.ITEM.render(item, SITE, jsonld.ITEM.options(**options))
    return artifact


def document(item: Item, **options: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(rendered(item, **options).body)
    return decoded


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """The document of an item is, byte for byte, the one written by hand."""
    assert rendered(read(case)).body.decode() == (case / "expected.jsonld").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("nested", [True, False])
def test_every_property_is_of_its_type(case: Path, nested: bool) -> None:
    """Every property, at any depth, is in its type's domain and every value in its range; nothing is empty."""
    assert violations(document(read(case), nested=nested)) == []


def test_flat() -> None:
    """Without nesting a consumer of one level finds journal, volume and issue side by side."""
    case = next(c for c in CASES if c.name == "article-with-preprint")
    assert document(read(case), nested=False)["isPartOf"] == [
        {"@type": "Periodical", "name": "Imaginary Botany"},
        {"@type": "PublicationVolume", "volumeNumber": "4"},
        {"@type": "PublicationIssue", "issueNumber": "2"},
    ]


def test_path_and_media_type() -> None:
    """The document lies where its page lies below the site, with another ending."""
    artifact = rendered(read(next(c for c in CASES if c.name == "news")))
    assert (artifact.path, artifact.media_type) == ("news/move.jsonld", "application/ld+json")


def item(work: Work | None = None, **post: Any) -> Item:
    plain: dict[str, Any] = {
        "source": "s",
        "path": "p.md",
        "url": "https://example.org/lab/p.html",
        "title": "T",
        "published": WHEN,
    }
    return Item(post=Post(**(plain | post)), work=work)


def test_site_licence_is_not_the_papers() -> None:
    """A site's licence is stated of its page, never of a paper that does not state one itself."""
    node = document(item(Work(title="T", doi="10.5555/x")))
    assert "license" not in node
    assert node["mainEntityOfPage"]["license"] == SITE.license


def test_volume_without_journal() -> None:
    """A volume of nobody knows what is left out."""
    assert "isPartOf" not in document(item(Work(title="T", volume="3", issue="4")))


@pytest.mark.parametrize(
    ("work", "free"),
    [
        (Work(title="T"), None),
        (Work(title="T", pdf="https://example.org/t.pdf"), True),
        (Work(title="T", pdf="t.pdf"), None),
        (Work(title="T", license="https://creativecommons.org/licenses/by/4.0/"), True),
        (Work(title="T", license="https://publisher.example.com/terms"), None),
    ],
)
def test_free_only_where_stated(work: Work, free: bool | None) -> None:
    """A work is said to be free where a PDF is there to fetch or an open licence is stated, and nowhere else."""
    assert document(item(work)).get("isAccessibleForFree") is free


def test_no_address_is_published() -> None:
    """E-mail addresses and handles stay at home."""
    person = Person(name="Ada Examplesen", email="ada@example.org", aliases=("@ada",))
    bodies = [rendered(item(authors=(person,))), rendered(item(Work(title="T", authors=(person,))))]
    assert not any(b"ada@" in a.body or b"@ada" in a.body for a in bodies)


kinds: st.SearchStrategy[Kind] = st.sampled_from(
    ["article", "preprint", "review", "thesis", "chapter", "book", "report", "talk", "poster"]
)
texts = st.text(max_size=30)
people = st.lists(st.builds(Person, name=texts, given=texts, family=texts, affiliation=texts, url=texts), max_size=3)
works = st.builds(
    Work,
    kind=kinds,
    title=texts,
    authors=people.map(tuple),
    journal=texts,
    volume=texts,
    issue=texts,
    issn=texts,
    first_page=texts,
    last_page=texts,
    article_number=texts,
    date=st.sampled_from(["", "2020", "2020-02", "2020-02-29"]),
    doi=texts,
    pmid=texts,
    pmcid=texts,
    arxiv=texts,
    publisher=texts,
    preprint_doi=texts,
    preprint_server=texts,
    abstract=texts,
    pdf=texts,
    license=texts,
    event=texts,
    location=texts,
    urls=st.lists(texts | texts.map("https://example.org/{}".format) | texts.map("http://[{}".format)).map(tuple),
)


@given(works, texts, st.booleans())
def test_any_text_makes_a_valid_document(work: Work, title: str, nested: bool) -> None:
    """Whatever a work says, its document is JSON that keeps to the vocabulary."""
    assert violations(document(item(work, title=title), nested=nested)) == []


# ---------------------------------------------------------------------------------------------------- the site


def row(number: int, kind: Kind = "article", **members: Any) -> Row:
    plain: dict[str, Any] = {
        "id": f"tag:example.org,2024:{number}",
        "path": f"s:{number}.md",
        "url": f"https://example.org/lab/{number}.html",
        "title": f"Title {number}",
        "kind": kind,
        "published": WHEN,
        "updated": WHEN,
    }
    return Row(**(plain | members))


def site_document(*rows: Row) -> dict[str, Any]:
    whole = Collection(name="", title="All", path="", items=(), updated=WHEN)
    catalog = Catalog(rows=rows, collections=(whole,), feeds=(), updated=WHEN)
    [artifact] = jsonld.SITE.render(catalog, replace(SITE, description="About."), jsonld.SITE.options())
    assert (artifact.path, artifact.media_type) == ("site.jsonld", "application/ld+json")
    node: dict[str, Any] = json.loads(artifact.body)
    assert violations(node) == []
    return node


AUTHORS = (Person(name="Ada Examplesen"), Person(name="Absent Consortium", organization=True))


def test_site() -> None:
    """A site is a CollectionPage of its works, with a Blog for its news."""
    node = site_document(
        row(1, authors=AUTHORS, date="2024-02", doi="10.5555/one", journal="Journal of Invented Seas"),
        row(2, "news"),
    )
    assert node == {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "@id": "https://example.org/lab/",
        "name": "Example Lab",
        "url": "https://example.org/lab/",
        "description": "About.",
        "publisher": {
            "@type": "Organization",
            "@id": "https://ror.org/00example1",
            "name": "Example Lab",
            "url": "https://example.org/lab/about",
        },
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "dateModified": "2024-03-01T12:30:00Z",
        "isPartOf": {
            "@type": "WebSite",
            "@id": "https://example.org/lab/#website",
            "name": "Example Lab",
            "url": "https://example.org/lab/",
        },
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": 2,
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "url": "https://example.org/lab/1.html"},
                {"@type": "ListItem", "position": 2, "url": "https://example.org/lab/2.html"},
            ],
        },
        "hasPart": [
            {
                "@type": "ScholarlyArticle",
                "@id": "https://doi.org/10.5555/one",
                "name": "Title 1",
                "author": [
                    {"@type": "Person", "name": "Ada Examplesen"},
                    {"@type": "Organization", "name": "Absent Consortium"},
                ],
                "datePublished": "2024-02",
                "isPartOf": {"@type": "Periodical", "name": "Journal of Invented Seas"},
                "url": "https://example.org/lab/1.html",
                "mainEntityOfPage": {
                    "@type": "WebPage",
                    "@id": "https://example.org/lab/1.html",
                    "datePublished": "2024-03-01T12:30:00Z",
                },
            },
            {
                "@type": "Blog",
                "@id": "https://example.org/lab/#blog",
                "name": "Example Lab",
                "url": "https://example.org/lab/",
                "blogPost": [
                    {
                        "@type": "BlogPosting",
                        "@id": "tag:example.org,2024:2",
                        "headline": "Title 2",
                        "datePublished": "2024-03-01T12:30:00Z",
                        "url": "https://example.org/lab/2.html",
                    }
                ],
            },
        ],
    }


def test_site_of_news_alone_is_a_blog() -> None:
    """Without any work the site is the blog itself, under the same name as in its posts' documents."""
    node = site_document(row(1, "news"), row(2, "news"))
    news = document(read(next(c for c in CASES if c.name == "news")))
    assert (node["@type"], len(node["blogPost"])) == ("Blog", 2)
    assert node["@id"] == news["isPartOf"]["@id"]


def test_site_without_items() -> None:
    """A site with nothing on it is an empty CollectionPage, without an empty hasPart."""
    assert "hasPart" not in site_document()


def test_hidden_from_search_engines() -> None:
    """What the site keeps out of its sitemap it keeps out of this document too."""
    assert "Title 7" not in json.dumps(site_document(row(7, in_sitemap=False), row(8)))


# ---------------------------------------------------------------------------------------------------- in HTML


class Scripts(HTMLParser):
    """The text of each script of a page, and the names of all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - not our signature
        self.tags.append(tag)
        if tag == "script":
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.texts:
            self.texts[-1] += data


@given(texts | st.sampled_from(["</script><b>", "<!--<script>", "\u2028", "]]>"]))
def test_nothing_breaks_out_of_the_script(title: str) -> None:
    """Whatever a title holds, an HTML parser finds one script and in it the very document."""
    node = {"@type": "Book", "name": title}
    for given_as in (node, schema.encode(node)):
        html = schema.script(given_as)
        page = Scripts()
        page.feed(html)
        page.close()
        assert page.tags == ["script"]
        assert json.loads(page.texts[0]) == node
        assert "\u2028" not in html
        assert "\u2029" not in html
