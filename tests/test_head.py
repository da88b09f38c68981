"""The head block: each vocabulary by hand-written lines, and by what a crawler makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import extruct
import pytest
from msgspec.structs import replace

from feeds._page_block import put_in
from feeds.exporters import _highwire
from feeds.exporters._head import tags
from feeds.model import Attachment, Item, Person, Work
from head_items import CASES, SITE, item


def lines(one: Item) -> list[str]:
    """The block of its page, one tag a line."""
    return [tag.html for tag in tags(one, SITE, one.post.url)]


def highwire(one: Item, page: str = "") -> dict[str, list[str]]:
    """The contents of the citation tags, by their names."""
    found: dict[str, list[str]] = {}
    for tag in _highwire.tags(one, SITE, page or one.post.url):
        found.setdefault(tag.key, []).append(tag.value)
    return found


def with_work(**changes: object) -> Item:
    """The article of the cases with another record."""
    article = item("article")
    assert article.work
    return replace(article, work=replace(article.work, **changes))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_block_is_as_written_by_hand(case: Path) -> None:
    """Every line of the block but the last, which is JSON-LD, is what the specifications ask for."""
    *made, script = lines(item(case.name))
    assert "\n".join(made) + "\n" == (case / "expected.html").read_text(encoding="utf-8")
    assert script.startswith('<script type="application/ld+json">{"@context":"https://schema.org",')


# ---------------------------------------------------------------------------------------------------- Google Scholar


@pytest.mark.parametrize("lacks", [{"authors": ()}, {"date": ""}, {"authors": (Person(name=" "),)}, {"kind": "news"}])
def test_highwire_is_whole_or_not_there(lacks: dict[str, object]) -> None:
    """Without an author or a year there is no citation tag at all; news has none either."""
    assert highwire(with_work(**lacks)) == {}
    assert highwire(with_work())


@pytest.mark.parametrize(
    ("pdf", "page", "taken"),
    [
        ("https://lantern.example.org/a/p.pdf", "https://lantern.example.org/a/b.html", True),
        ("https://lantern.example.org/a/b/c/p.pdf", "https://lantern.example.org/a/b.html", True),
        ("https://LANTERN.example.org:443/a/p.pdf", "https://lantern.example.org/a/", True),
        ("https://lantern.example.org/pdf/p.pdf", "https://lantern.example.org/a/b.html", False),
        ("https://lantern.example.org/a/../pdf/p.pdf", "https://lantern.example.org/a/b.html", False),
        ("https://lantern.example.org/ab/p.pdf", "https://lantern.example.org/a/", False),
        ("https://www.lantern.example.org/a/p.pdf", "https://lantern.example.org/a/", False),
        ("http://lantern.example.org/a/p.pdf", "https://lantern.example.org/a/", False),
        ("p.pdf", "https://lantern.example.org/a/", False),
    ],
)
def test_a_pdf_counts_below_the_folder_of_its_page(pdf: str, page: str, taken: bool) -> None:
    """Google Scholar takes a PDF from the page's own host and folder; any other is left out."""
    one = with_work(pdf=pdf)
    assert ("citation_pdf_url" in highwire(one, page)) is taken


def test_a_pdf_attachment_counts() -> None:
    """Where the work's PDF lies elsewhere, one beside the page is named."""
    article = with_work(pdf="https://publisher.example.com/tides.pdf")
    mine = Attachment(url="https://lantern.example.org/lab/works/article/mine.pdf", media_type="application/pdf")
    one = replace(article, post=replace(article.post, attachments=(mine,)))
    assert highwire(one)["citation_pdf_url"] == [mine.url]


@pytest.mark.parametrize(
    "kind", ["article", "preprint", "review", "thesis", "chapter", "book", "report", "talk", "poster"]
)
def test_one_container_and_nothing_empty(kind: str) -> None:
    """A journal or a conference or a book, never two of them; no tag is empty."""
    found = highwire(with_work(kind=kind, event="Meeting", publisher=""))
    containers = {"citation_journal_title", "citation_conference_title", "citation_inbook_title"}
    assert len(containers & found.keys()) == 1
    assert all(content.strip() for contents in found.values() for content in contents)
    assert len(found["citation_title"]) == len(found["citation_publication_date"]) == 1


def test_untrusted_words_stay_words() -> None:
    """Whatever a title holds, the block is made of our elements alone."""
    evil = '"><script>alert(1)</script></head>\n<!-- feeds: end -->'
    for line in lines(with_work(title=evil, journal=evil, abstract=evil, authors=(Person(name=evil),))):
        assert line.count("<script") == line.startswith('<script type="application/ld+json">')
        assert "</head" not in line
        assert "<!--" not in line
        assert "\n" not in line


# ---------------------------------------------------------------------------------------------------- as a crawler


def test_a_crawler_reads_the_record() -> None:
    """extruct finds JSON-LD, Open Graph and Dublin Core, and they say of the article what its item says."""
    article = item("article")
    empty = b'<html><head><meta charset="utf-8"><title>T</title></head><body></body></html>'
    page, _ = put_in(empty, tags(article, SITE, article.post.url), article.post.url)
    found = extruct.extract(page.decode(), base_url=article.post.url, syntaxes=["json-ld", "opengraph", "dublincore"])
    [node] = found["json-ld"]
    assert node["@id"] == "https://doi.org/10.5555/tides"
    assert node["mainEntityOfPage"]["@id"] == node["url"] == article.post.url
    assert [author["name"] for author in node["author"]][:2] == ["Ada Wick", "Bo van den Glow Jr."]
    [graph] = found["opengraph"]
    assert dict(graph["properties"])["og:title"] == 'Tides "and" <em>lamps</em>'
    [record] = found["dublincore"]
    said = [element.get("content") for element in (*record["elements"], *record["terms"])]
    assert {'Tides "and" <em>lamps</em>', "Journal of Lamps", "2024-03-01", "lamps"} <= {*said}


def test_json_ld_is_about_the_page_that_it_is_in() -> None:
    """In a page at another address than the post's the record names that page."""
    article = item("article")
    [script] = [
        tag.html for tag in tags(article, SITE, "https://lantern.example.org/lab/w/a.html") if tag.group == "json-ld"
    ]
    node = json.loads(script.partition(">")[2].removesuffix("</script>"))
    assert node["url"] == "https://lantern.example.org/lab/w/a.html"
    assert isinstance(article.work, Work)


def test_json_ld_is_as_flat_as_configured() -> None:
    """With jsonld: {nested: false} the levels stand side by side in pages too."""
    article = item("article")
    flat = [tag.html for tag in tags(article, replace(SITE, nested=False), article.post.url)][-1]
    parts = json.loads(flat.partition(">")[2].removesuffix("</script>"))["isPartOf"]
    assert [part["@type"] for part in parts] == ["Periodical", "PublicationVolume", "PublicationIssue"]
