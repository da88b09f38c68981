"""What every feed says of an entry: its record, its summary, its picture, and how large it may be."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds import text
from feeds.exporters import atom, json_feed, rdf, rss
from feeds.exporters._citation_block import citation_block
from feeds.exporters._entry import Entry, entry
from feeds.model import Attachment, Collection, Exporter, Item, Person, Post, Site, Work

SITE = Site(url="https://lab.example.org", feeds_url="https://lab.example.org/feeds", title="Lantern Lab")
FORMATS = (atom.EXPORTER, rss.EXPORTER, rdf.EXPORTER, json_feed.EXPORTER)
XML = FORMATS[:3]
ATOM, DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
ADA, BO = Person(name="Ada Wick", family="Wick"), Person(name="Bo Glow", family="Glow")
LAMPS = Work(
    title="On lamps",
    authors=(ADA, BO),
    journal="Journal of Imaginary Optics",
    volume="7",
    issue="2",
    first_page="12",
    last_page="19",
    date="2024-03",
    doi="10.5555/lamps",
    pdf="https://lab.example.org/lamps.pdf",
    abstract="We lit lamps.\n\nThey shone.",
)


def item(work: Work | None = LAMPS, **changes: Any) -> Item:
    stated: dict[str, Any] = {
        "source": "lab",
        "path": "_posts/lamps.md",
        "url": "https://lab.example.org/lamps/",
        "id": "tag:lab.example.org,2024:lamps",
        "title": "New paper",
        "published": datetime(2024, 3, 4, tzinfo=UTC),
        "html": "<p>We lit lamps.</p>",
    }
    return Item(post=Post(**stated | changes), work=work)


def made(of: Item, **options: Any) -> Entry:
    return entry(of, SITE, "full", **options)


def document(exporter: Exporter, *items: Item, **options: Any) -> bytes:
    of = Collection(name="", title="All", path="", items=items, updated=datetime(2024, 4, 1, tzinfo=UTC))
    (feed,) = exporter.render(of, SITE, exporter.options(**options))
    return feed.body


def work(**changes: Any) -> Work:
    return Work(**{name: getattr(LAMPS, name) for name in LAMPS.__struct_fields__} | changes)


# ---------------------------------------------------------------------------------------------------- the record

DOI = '<a href="https://doi.org/10.5555/lamps">doi:10.5555/lamps</a>'
PDF = '<a href="https://lab.example.org/lamps.pdf">PDF</a>'
VENUE = "<em>Journal of Imaginary Optics</em> 7(2):12–19."


def test_record_stands_above_the_text() -> None:
    """Authors, year, journal with volume, issue and pages, DOI and PDF in one paragraph, the title above it."""
    block = f"<p>Ada Wick, Bo Glow (2024). {VENUE} {DOI} · {PDF}</p>\n"
    assert made(item()).content == block + "<p>We lit lamps.</p>"
    assert made(item(), citation=False).content == "<p>We lit lamps.</p>"


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda e: e.name)
def test_record_is_there_by_configuration(exporter: Exporter) -> None:
    """Each feed has the option `citation`; a summary feed and news have no record."""
    assert "Journal of Imaginary Optics</em>" in html.unescape(document(exporter, item()).decode())
    for body in (
        document(exporter, item(), citation=False),
        document(exporter, item(), content="summary"),
        document(exporter, item(work=None)),
    ):
        assert b"Optics</em>" not in body
        assert b"Optics&lt;/em" not in body


@pytest.mark.parametrize(
    ("content", "block"),
    [
        (
            "<h4>Ada Wick and B. Glow</h4><h5>Journal of Imaginary Optics (2024) doi:10.5555/LAMPS</h5><p>We lit.</p>",
            "",
        ),
        ("<p>A. Wick, B. Glow, <i>Journal of imaginary optics</i>, 2024</p><p>We lit.</p>", f"<p>{DOI} · {PDF}</p>\n"),
        (
            '<p>Wick &amp; Glow, <a href="https://doi.org/10.5555/lamps">here</a>.</p>',
            f"<p>{VENUE[:-1]} (2024). {PDF}</p>\n",
        ),
        ("<p>Wicked lamps glow.</p>", f"<p>Ada Wick, Bo Glow (2024). {VENUE} {DOI} · {PDF}</p>\n"),
        (f"<p>x {'long ' * 400}</p><p>Wick, Glow.</p>", f"<p>Ada Wick, Bo Glow (2024). {VENUE} {DOI} · {PDF}</p>\n"),
        (f"<p>{PDF}</p>", f"<p>Ada Wick, Bo Glow (2024). {VENUE} {DOI}</p>\n"),
    ],
)
def test_record_never_says_twice_what_the_first_lines_say(content: str, block: str) -> None:
    """Of authors, venue, DOI and PDF only what the headings and the beginning do not show, in whatever spelling."""
    assert citation_block(LAMPS, content) == block


@pytest.mark.parametrize(
    ("known", "block"),
    [
        (
            work(authors=(ADA,) * 9, pdf=""),
            f"<p>Ada Wick, Ada Wick, Ada Wick et al. (9 authors) (2024). {VENUE} {DOI}</p>\n",
        ),
        (work(authors_truncated=True, pdf=""), f"<p>Ada Wick, Bo Glow et al. (2024). {VENUE} {DOI}</p>\n"),
        (
            work(date="", volume="", issue="", pdf="lamps.pdf"),
            f"<p>Ada Wick, Bo Glow. <em>Journal of Imaginary Optics</em> 12–19. {DOI}</p>\n",
        ),
        (
            work(
                journal="",
                doi="",
                event="Lamp Days",
                location="Wickford",
                volume="",
                issue="",
                first_page="",
                last_page="",
                pdf="",
            ),
            "<p>Ada Wick, Bo Glow (2024). <em>Lamp Days</em>, Wickford.</p>\n",
        ),
        (work(journal="", doi=""), ""),
        (Work(authors=(ADA,)), ""),
        (Work(), ""),
        (
            Work(journal="A & <b>", doi='10.5555/"x"'),
            '<p><em>A &amp; &lt;b&gt;</em>. <a href="https://doi.org/10.5555/%22x%22">doi:10.5555/&quot;x&quot;</a></p>\n',
        ),
    ],
)
def test_record_says_what_is_known(known: Work, block: str) -> None:
    """Nothing is made up, long lists of authors are cut and counted, and authors alone are no record."""
    assert citation_block(known, "<p>We lit.</p>") == block


def test_journal_of_one_word_is_no_word_of_the_text() -> None:
    """A journal called Nature is not named by a text about nature."""
    nature = work(journal="Nature", volume="612")
    assert "<em>Nature</em>" in citation_block(nature, "<p>The nature of lamps.</p>")
    assert "<em>Nature</em>" not in citation_block(nature, "<p>Wick and Glow, Nature 612</p>")


ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(deadline=None)
@given(ANY, ANY, ANY, ANY)
def test_any_record_is_one_paragraph(name: str, journal: str, doi: str, body: str) -> None:
    """Whatever the strings, the record is well-formed and has no more than its own elements."""
    known = Work(authors=(Person(name=name),), journal=journal, volume=name, date=journal, doi=doi, event=body)
    block = made(item(work=known, html="")).content
    if block:
        tags = {element.tag for element in etree.fromstring(block).iter()}
        assert tags <= {"p", "em", "a"}


# ---------------------------------------------------------------------------------------------------- the summary


@pytest.mark.parametrize(
    ("stated", "title", "summary"),
    [
        ("Lamps & how", "On lamps", "Lamps &amp; how"),
        ("", "On lamps", "We lit lamps. They shone."),
        ("On  lamps.", "On lamps", "We lit lamps. They shone."),
    ],
)
def test_summary_is_no_title(stated: str, title: str, summary: str) -> None:
    """What the post says in short, else the abstract; a summary that only says the title again says nothing."""
    assert made(item(work=work(title=title), summary=stated)).summary == summary
    assert made(item(work=None, title="About us", summary="About us")).summary == ""


def test_long_abstract_is_clipped() -> None:
    """An abstract that stands for a summary ends at a word."""
    summary = made(item(work=work(abstract="lamp " * 400))).summary
    assert len(summary) <= 400
    assert summary.endswith("lamp…")


# ---------------------------------------------------------------------------------------------------- size


@pytest.mark.parametrize("said", [{"excerpt_only": True}, {"excerpt_only": "no"}, True, None, []])
def test_a_post_keeps_its_text_out_of_feeds(said: Any) -> None:
    """`feed: {excerpt_only: true}`, as under jekyll-feed, leaves the summary alone; nothing else does."""
    one = made(item(summary="All lamps.", html="<p>Every lamp.</p>", front={"feed": said}))
    assert one.summary == "All lamps."
    assert ("Every lamp" in one.content) == (said != {"excerpt_only": True})


@pytest.mark.parametrize("exporter", FORMATS, ids=lambda e: e.name)
def test_large_text_gives_way_to_its_summary(exporter: Exporter) -> None:
    """An entry that alone would fill the document has its summary and a link to its page; the others stay whole."""
    large = item(html="<p>" + "lamp & " * 100_000 + "</p>", summary="All lamps.")
    small = item(id="urn:b", url="https://lab.example.org/b/", html="<p>The second.</p>", work=None)
    body = document(exporter, large, small)
    assert len(body) < 512_000
    read = html.unescape(body.decode())
    assert "<p>All lamps.</p>" in read
    assert '<a href="https://lab.example.org/lamps/">' in read.replace('\\"', '"')
    assert "<p>The second.</p>" in read


# ---------------------------------------------------------------------------------------------------- the picture


def elements(body: bytes, tag: str) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in e.attrib.items()} for e in etree.fromstring(body).iter(tag)]


@pytest.mark.parametrize("exporter", XML[:2], ids=lambda e: e.name)
def test_picture_is_media_rss(exporter: Exporter) -> None:
    """A post's picture is media:content with its medium, its type where known, and media:thumbnail."""
    body = document(
        exporter, item(image="https://lab.example.org/ä.jpg"), item(id="urn:b", image="https://lab.example.org/b")
    )
    assert elements(body, f"{MEDIA}content") == [
        {"url": "https://lab.example.org/%C3%A4.jpg", "medium": "image", "type": "image/jpeg"},
        {"url": "https://lab.example.org/b", "medium": "image"},
    ]
    assert [e["url"] for e in elements(body, f"{MEDIA}thumbnail")] == [
        "https://lab.example.org/%C3%A4.jpg",
        "https://lab.example.org/b",
    ]
    assert body.count(b"xmlns:media") == 1
    assert b"mrss" not in document(exporter, item(), item(id="urn:c", image="/relative.jpg"))


# ---------------------------------------------------------------------------------------------------- readers' rules


@pytest.mark.parametrize("exporter", XML, ids=lambda e: e.name)
def test_xml_is_as_readers_want_it(exporter: Exporter) -> None:
    """No CDATA, no category with a domain, no empty element, one creator an author, no namespace without use."""
    pdf = Attachment(url="https://lab.example.org/lamps.pdf", media_type="application/pdf", size=7)
    of = item(categories=("a",), tags=("b",), attachments=(pdf,), summary="x", html="<p>]]&gt;</p>")
    body = document(exporter, of)
    root = etree.fromstring(body)
    assert b"CDATA" not in body
    assert not [e for e in root.iter("category") if e.attrib]
    assert not [e.tag for e in root.iter() if not e.attrib and not len(e) and not (e.text or "").strip()]
    names = [e.text for tag in (f"{DC}creator", f"{ATOM}name") for e in root.iter(tag)]
    assert names.count("Ada Wick") == names.count("Bo Glow") == 1
    written = body.decode()
    for prefix in root.nsmap:
        assert prefix is None or re.search(rf"</?{prefix}:|\s{prefix}:", written.replace(f"xmlns:{prefix}", "")), prefix


def test_atom_text_says_its_type() -> None:
    """Every text construct of Atom says what it is, also where the specification has a default."""
    root = etree.fromstring(document(atom.EXPORTER, item(summary="x", work=work(license="https://example.org/l"))))
    texts = [e for name in ("title", "subtitle", "rights", "summary", "content") for e in root.iter(f"{ATOM}{name}")]
    assert {e.get("type") for e in texts} <= {"text", "html"}
    assert len(texts) >= 5


def test_rss_dates_are_rfc_822() -> None:
    """Dates of RSS are English, of four digits of year, with a numeric zone."""
    root = etree.fromstring(document(rss.EXPORTER, item()))
    dates = [e.text or "" for name in ("pubDate", "lastBuildDate") for e in root.iter(name)]
    assert dates == ["Mon, 04 Mar 2024 00:00:00 +0000", "Mon, 01 Apr 2024 00:00:00 +0000"]


def test_json_has_the_same_text() -> None:
    """JSON Feed says of an entry what the others say."""
    (said,) = json.loads(document(json_feed.EXPORTER, item()))["items"]
    assert said["content_html"] == made(item()).content
    assert said["summary"] == text.squeeze(LAMPS.abstract)
