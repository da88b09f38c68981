"""The Atom exporter against RFC 4287's grammar, hand-written documents, feedparser and lxml."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import msgspec
import pytest
from lxml import etree

from feeds import __version__
from feeds.exporters.atom import EXPORTER, AtomOptions
from feeds.model import Artifact, Attachment, Collection, Item, Person, Site, Work
from lab_feed import MARCH, SITE, collection, post

HERE = Path(__file__).parent
CASES = sorted(p for p in (HERE / "cases" / "atom").iterdir() if p.is_dir())
GRAMMAR = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def render(of: Collection, site: Site = SITE, **options: Any) -> Artifact:
    (artifact,) = EXPORTER.render(of, site, AtomOptions(**options))
    return artifact


def feed(*items: Item, site: Site = SITE, **options: Any) -> etree._Element:
    return etree.fromstring(render(collection(*items), site, **options).body)


def entry(item: Item, **options: Any) -> etree._Element:
    found = feed(item, **options).find(f"{ATOM}entry")
    assert found is not None
    return found


def links(parent: etree._Element, rel: str) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in e.attrib.items()} for e in parent.findall(f"{ATOM}link") if e.get("rel") == rel]


def canonical(root: etree._Element) -> bytes:
    """C14N without the white space between elements, siblings ordered by name: Atom gives their order no meaning."""
    for element in list(root.iter(etree.Element)):
        element[:] = sorted(element, key=lambda child: str(child.tag))
    return etree.tostring(root, method="c14n")


def parse(document: bytes) -> etree._Element:
    return etree.fromstring(document, etree.XMLParser(remove_blank_text=True))


# ---------------------------------------------------------------------------------------------------- documents


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_item_becomes_the_document_written_by_hand(case: Path) -> None:
    """Each case's item renders as the document that its expected.xml spells out after RFC 4287."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    made = parse(render(collection(item)).body)
    generator = made.find(f"{ATOM}generator")
    assert generator is not None
    assert generator.attrib.pop("version") == __version__
    assert canonical(made).decode() == canonical(parse((case / "expected.xml").read_bytes())).decode()


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
@pytest.mark.parametrize("content", ["full", "summary"])
def test_document_follows_the_grammar_of_rfc_4287(case: Path, content: str) -> None:
    """Every document is valid against the RELAX NG grammar of RFC 4287, appendix B."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    GRAMMAR.assertValid(feed(item, item, content=content, hub="https://hub.example.org/"))


@pytest.mark.parametrize(
    ("valid", "broken"),
    [
        ('content type="html"', 'content type="CDATA"'),
        ("T09:30:00+01:00", "T09:30:00+0100"),
        ("<id>tag:", "<ID>x</ID><id>tag:"),
        ("<title ", "<subtitle>again</subtitle><title "),
    ],
)
def test_grammar_tells_right_from_wrong(valid: str, broken: str) -> None:
    """The grammar that judges the documents does reject what RFC 4287 forbids."""
    document = render(collection(Item(post=post()))).body.decode()
    assert valid in document
    assert not GRAMMAR.validate(etree.fromstring(document.replace(valid, broken).encode()))


def test_feedparser_reads_back_what_went_in() -> None:
    """An independent reader finds ids, titles, every author, dates, links and the full text exactly."""
    people = (Person(name="Ada Fictive", orcid="0000-0002-1825-0097"), Person(name="Zoë Ünver"))
    pdf = Attachment(url="https://lab.example.org/a.pdf", media_type="application/pdf", size=12)
    first = Item(post=post(html='<p class="x">1 &lt; 2</p>', summary="1 < 2", tags=("c",), attachments=(pdf,)))
    second = Item(post=post(id="urn:b", updated=MARCH + timedelta(days=2)), work=Work(title="B & C", authors=people))
    body = render(collection(first, second)).body
    read = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo
    assert read.feed.title == "Papers of the Example Lab"
    assert read.feed.subtitle == "What we found out & wrote down"
    one, two = read.entries
    assert (one.id, one.title, one.link) == ("tag:lab.example.org,2024:a", "A title", "https://lab.example.org/a.html")
    assert [(c.type, c.value) for c in one.content] == [("text/html", '<p class="x">1 &lt; 2</p>')]
    assert one.summary == "1 &lt; 2"
    assert [(e.href, e.type, e.length) for e in one.enclosures] == [(pdf.url, "application/pdf", "12")]
    assert [(t.term, t.scheme) for t in one.tags] == [("c", "https://lab.example.org/tags/")]
    assert one.published_parsed[:6] == one.updated_parsed[:6] == (2024, 3, 4, 8, 30, 0)
    assert (two.id, two.title) == ("urn:b", "B & C")
    assert [a.name for a in two.authors] == ["Ada Fictive", "Zoë Ünver"]
    assert two.authors[0].href == "https://orcid.org/0000-0002-1825-0097"
    assert two.updated_parsed[:6] == (2024, 3, 6, 8, 30, 0)


# ---------------------------------------------------------------------------------------------------- the feed


def test_path_type_and_title_of_the_file() -> None:
    """The file lies in the collection's folder, or at the top for the feed of everything."""
    made = render(collection())
    assert (made.path, made.media_type) == ("collections/papers/feed.atom", "application/atom+xml; charset=utf-8")
    assert made.title == "Papers of the Example Lab (Atom)"
    assert render(collection(path=""), filename="feed.xml").path == "feed.xml"


def test_feed_links_name_their_relation() -> None:
    """Self, hub, license and alternate are there, each with its relation, and nothing else."""
    root = feed(Item(post=post()), hub="https://hub.example.org/")
    assert [(e.get("rel"), e.get("href")) for e in root.findall(f"{ATOM}link")] == [
        ("self", "https://lab.example.org/feeds/collections/papers/feed.atom"),
        ("hub", "https://hub.example.org/"),
        ("license", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("alternate", "https://lab.example.org/"),
    ]


def test_self_link_is_the_percent_encoded_address() -> None:
    """A folder in another script or with reserved characters is encoded as a server will be asked for it."""
    root = etree.fromstring(render(collection(path="tags/é#1")).body)
    assert [e["href"] for e in links(root, "self")] == ["https://lab.example.org/feeds/tags/%C3%A9%231/feed.atom"]


def test_feed_id_survives_moves() -> None:
    """Neither https, nor another file name, nor another host for the exports makes it another feed."""
    old = msgspec.structs.replace(SITE, url="http://LAB.example.org", feeds_url="http://old.example.net")
    of = collection(Item(post=post()))
    ids = {
        etree.fromstring(made.body).findtext(f"{ATOM}id")
        for made in (render(of), render(of, old), render(of, filename="index.xml"))
    }
    assert ids == {"https://lab.example.org/collections/papers/"}


def test_feed_is_as_old_as_the_collection() -> None:
    """The feed's updated is the collection's, to the second, never the time of rendering."""
    of = collection(Item(post=post()), updated=datetime(1999, 12, 31, 23, 59, 58, 765432, tzinfo=UTC))
    assert etree.fromstring(render(of).body).findtext(f"{ATOM}updated") == "1999-12-31T23:59:58+00:00"


def test_feed_names_an_author_when_an_entry_lacks_one() -> None:
    """With an entry without authors the publisher, else the site's title, is the feed's author; else there is none."""
    named, nameless = Item(post=post(authors=(Person(name="Ada"),))), Item(post=post(id="urn:b"))
    lonely = msgspec.structs.replace(SITE, publisher=None)
    assert feed(named).find(f"{ATOM}author") is None
    assert feed(named, nameless).findtext(f"{ATOM}author/{ATOM}name") == "Example University"
    assert feed(named, nameless, site=lonely).findtext(f"{ATOM}author/{ATOM}name") == "Example Lab"
    assert feed().findtext(f"{ATOM}author/{ATOM}name") == "Example University"


def test_feed_says_only_what_is_stated() -> None:
    """Without license, description and hub there are no elements for them."""
    bare = Site(url="https://x.example.org", feeds_url="https://x.example.org/f", title="X", language="")
    root = etree.fromstring(render(collection(Item(post=post()), description=""), bare).body)
    names = {etree.QName(e).localname for e in root}
    assert names == {"id", "title", "updated", "author", "link", "generator", "entry"}
    assert [e.get("rel") for e in root.findall(f"{ATOM}link")] == ["self", "alternate"]
    assert root.get(LANG) is None


@pytest.mark.parametrize(("stated", "said"), [("en_US", "en-US"), ("pt-BR", "pt-BR"), ("en_US.UTF-8", None)])
def test_language_is_a_language_tag(stated: str, said: str | None) -> None:
    """An underscore becomes the hyphen of BCP 47; what is no language tag is left out."""
    root = feed(Item(post=post(lang=stated)), site=msgspec.structs.replace(SITE, language=stated))
    GRAMMAR.assertValid(root)
    assert [root.get(LANG), *(e.get(LANG) for e in root.findall(f"{ATOM}entry"))] == [said, said]


# ---------------------------------------------------------------------------------------------------- entries


def test_entries_keep_the_order_given() -> None:
    """Entries stand newest first as handed over, not reversed."""
    root = feed(*(Item(post=post(id=f"urn:{n}")) for n in (3, 1, 2)))
    assert [e.text for e in root.findall(f"{ATOM}entry/{ATOM}id")] == ["urn:3", "urn:1", "urn:2"]


def test_limit_keeps_the_first() -> None:
    """No more entries than configured."""
    root = feed(*(Item(post=post(id=f"urn:{n}")) for n in range(5)), limit=2)
    assert [e.text for e in root.findall(f"{ATOM}entry/{ATOM}id")] == ["urn:0", "urn:1"]


PAGE = "https://journal.example.org/doi/10.5555/tides"


def test_entry_links_keep_relation_type_and_length() -> None:
    """Each link of an entry says its relation; a file its type, and its length only where known."""
    files = (
        Attachment(url="https://lab.example.org/a.pdf", media_type="application/pdf", size=12),
        Attachment(url="https://lab.example.org/b.bin", media_type="unknown"),
    )
    work = Work(
        doi="10.5555/tides",
        license="https://creativecommons.org/licenses/by/4.0/",
        pdf="https://lab.example.org/c.pdf",
        urls=("https://dx.doi.org/10.5555/tides", PAGE, post().url, PAGE, "https://code.example.org/lab/tool"),
    )
    made = entry(Item(post=post(attachments=files), work=work))
    assert links(made, "alternate") == [
        {"rel": "alternate", "href": "https://lab.example.org/a.html", "type": "text/html"}
    ]
    assert links(made, "related") == [{"rel": "related", "href": "https://doi.org/10.5555/tides"}]
    assert links(made, "via") == [{"rel": "via", "href": PAGE}]
    assert links(made, "license") == [{"rel": "license", "href": "https://creativecommons.org/licenses/by/4.0/"}]
    assert links(made, "enclosure") == [
        {"rel": "enclosure", "href": "https://lab.example.org/a.pdf", "type": "application/pdf", "length": "12"},
        {"rel": "enclosure", "href": "https://lab.example.org/b.bin"},
        {"rel": "enclosure", "href": "https://lab.example.org/c.pdf", "type": "application/pdf"},
    ]
    assert len(made.findall(f"{ATOM}link")) == 7


def test_license_that_is_no_address_is_no_link() -> None:
    """A license known by name alone is said in rights, not linked."""
    made = entry(Item(post=post(), work=Work(license="CC BY 4.0")))
    assert made.findtext(f"{ATOM}rights") == "CC BY 4.0"
    assert links(made, "license") == []


def test_authors_of_the_work_come_before_the_poster() -> None:
    """A post about a work has the work's authors; the poster is never taken for one of them."""
    poster, ada, bo = Person(name="Poster"), Person(name="Ada"), Person(name="Bo")
    names = f"{ATOM}author/{ATOM}name"
    about = entry(Item(post=post(authors=(poster,)), work=Work(authors=(ada, bo))))
    assert [e.text for e in about.findall(names)] == ["Ada", "Bo"]
    assert [e.text for e in entry(Item(post=post(authors=(poster,)), work=Work())).findall(names)] == []


def test_mail_addresses_are_not_published() -> None:
    """An author's e-mail address stays out."""
    people = (Person(name="Ada", email="ada@example.org"),)
    assert b"ada@" not in render(collection(Item(post=post(authors=people), work=Work(authors=people)))).body


def test_content_and_summary_are_html_in_text_form() -> None:
    """Both say type="html", the plain summary is escaped for it, and no CDATA section is used."""
    item = Item(post=post(summary="p < 0.05 & rising", html="<p>1 &lt; 2&nbsp;<br></p>"))
    made = entry(item)
    content, summary = made.find(f"{ATOM}content"), made.find(f"{ATOM}summary")
    assert content is not None
    assert summary is not None
    assert (content.get("type"), content.text) == ("html", "<p>1 &lt; 2&nbsp;<br></p>")
    assert (summary.get("type"), summary.text) == ("html", "p &lt; 0.05 &amp; rising")
    assert b"CDATA" not in render(collection(item)).body


def test_summary_feed_has_no_content() -> None:
    """With content: summary an entry has its summary and no full text."""
    made = entry(Item(post=post(summary="Short.")), content="summary")
    assert made.find(f"{ATOM}content") is None
    assert made.findtext(f"{ATOM}summary") == "Short."


def test_post_never_updated_was_updated_when_published() -> None:
    """Without a change known, updated is the date of publication, not today."""
    made = entry(Item(post=post()))
    assert made.findtext(f"{ATOM}updated") == made.findtext(f"{ATOM}published") == "2024-03-04T09:30:00+01:00"


def test_dates_from_before_time_zones_are_valid() -> None:
    """A date in local mean time is written with whole minutes of offset, and keeps its day."""
    old = datetime(1890, 5, 1, tzinfo=ZoneInfo("Europe/Paris"))
    made = etree.fromstring(render(collection(Item(post=post(published=old)), updated=old)).body)
    GRAMMAR.assertValid(made)
    dates = [
        made.findtext(path) for path in (f"{ATOM}updated", f"{ATOM}entry/{ATOM}published", f"{ATOM}entry/{ATOM}updated")
    ]
    assert dates == ["1890-05-01T00:00:00+00:09"] * 3


@pytest.mark.parametrize("title", ["", " \n "])
def test_entry_without_a_title_is_called_by_its_address(title: str) -> None:
    """A blank title does not stop the feed."""
    made = entry(Item(post=post(title=title), work=Work(title=title)))
    assert made.findtext(f"{ATOM}title") == "https://lab.example.org/a.html"


def test_combining_solidus_leaves_tags_whole() -> None:
    """NFC does not fuse the end of a tag with a combining character that follows it."""
    assert entry(Item(post=post(html="<p>\u0338x</p>"))).findtext(f"{ATOM}content") == "<p>&#x338;x</p>"
