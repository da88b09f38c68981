"""The RSS exporter against the RSS 2.0 specification, hand-written documents, feedparser and lxml."""

from __future__ import annotations

import locale
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import msgspec
import pytest
from lxml import etree

import lab_feed
from feeds.exporters.rss import EXPORTER, RssOptions
from feeds.model import Artifact, Attachment, Collection, Item, Person, Post, Site, Work
from lab_feed import SITE, collection

CASES = sorted(p for p in (Path(__file__).parent / "cases" / "rss").iterdir() if p.is_dir())
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PRISM = "{http://prismstandard.org/namespaces/basic/2.0/}"


def post(**changes: Any) -> Post:
    return lab_feed.post(**{"summary": "Summary."} | changes)


def render(of: Collection, site: Site = SITE, **options: Any) -> Artifact:
    (artifact,) = EXPORTER.render(of, site, msgspec.convert(options, RssOptions))
    return artifact


def document(*items: Item, site: Site = SITE, **options: Any) -> etree._Element:
    return etree.fromstring(render(collection(*items), site, **options).body)


def channel(*items: Item, site: Site = SITE, **options: Any) -> etree._Element:
    found = document(*items, site=site, **options).find("channel")
    assert found is not None
    return found


def only_item(item: Item, **options: Any) -> etree._Element:
    found = channel(item, **options).find("item")
    assert found is not None
    return found


def texts(parent: etree._Element, tag: str) -> list[str | None]:
    return [e.text for e in parent.findall(tag)]


def canonical(root: etree._Element) -> bytes:
    """C14N without the white space between elements, siblings ordered by name."""
    for element in list(root.iter(etree.Element)):
        element[:] = sorted(element, key=lambda child: str(child.tag))
    return etree.tostring(root, method="c14n")


def parse(body: bytes) -> etree._Element:
    return etree.fromstring(body, etree.XMLParser(remove_blank_text=True))


# ---------------------------------------------------------------------------------------------------- the rules

_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_RFC822 = re.compile(r"([A-Z][a-z]{2}), (\d\d) ([A-Z][a-z]{2}) (\d{4}) \d\d:\d\d:\d\d [+-]\d{4}")


def assert_rfc822(stamp: str | None) -> None:
    found = _RFC822.fullmatch(stamp or "")
    assert found, stamp
    weekday, day, month, year = found.groups()
    assert _DAYS[date(int(year), _MONTHS.index(month) + 1, int(day)).weekday()] == weekday


def assert_rss(body: bytes) -> None:
    """The rules of RSS 2.0 and its Best Practices Profile that generators tend to break."""
    root = etree.fromstring(body)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    assert b"CDATA" not in body
    for element in root.iter(etree.Element):
        assert len(element) or element.attrib or (element.text or "").strip(), f"empty {element.tag}"
    for required in ("title", "link", "description"):
        assert len(root.findall(f"channel/{required}")) == 1
    assert_rfc822(root.findtext("channel/lastBuildDate"))
    for unwanted in ("managingEditor", "webMaster", "item/author", "item/category[@domain]"):
        assert root.find(f"channel/{unwanted}") is None
    for item in root.findall("channel/item"):
        assert [g.get("isPermaLink") for g in item.findall("guid")] == ["false"]
        assert_rfc822(item.findtext("pubDate"))
        names = [e.tag for e in item]
        once = ("title", "link", "description", f"{CONTENT}encoded", "pubDate", "enclosure")
        assert all(names.count(name) <= 1 for name in once)
        assert "description" not in names[names.index(f"{CONTENT}encoded") :] if f"{CONTENT}encoded" in names else True
        for file in item.findall("enclosure"):
            assert sorted(str(name) for name in file.attrib) == ["length", "type", "url"]


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_item_becomes_the_document_written_by_hand(case: Path) -> None:
    """Each case's item renders as the document that its expected.xml spells out; no namespace more, none less."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    expected = canonical(parse((case / "expected.xml").read_bytes()))
    assert canonical(parse(render(collection(item)).body)).decode() == expected.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
@pytest.mark.parametrize("content", ["full", "summary"])
def test_document_follows_the_rules_of_rss(case: Path, content: str) -> None:
    """Every document keeps the rules of RSS 2.0, whatever is asked of it."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    options: dict[str, Any] = {"hub": "https://hub.example.org/", "ttl": 60, "skip_days": ["Sunday"]}
    assert_rss(render(collection(item, item), content=content, **options).body)


def test_feedparser_reads_back_what_went_in() -> None:
    """An independent reader finds ids, titles, every author, dates, the enclosure and the full text exactly."""
    people = (Person(name="Ada Fictive"), Person(name="Zoë Ünver"), Person(name="Consortium", organization=True))
    pdf = Attachment(url="https://lab.example.org/a.pdf", media_type="application/pdf", size=12)
    first = Item(post=post(html='<p class="x">1 &lt; 2</p>', summary="1 < 2", tags=("c", "d"), attachments=(pdf,)))
    second = Item(post=post(id="urn:b"), work=Work(title="B & C", authors=people, doi="10.5555/b", journal="J"))
    body = render(collection(first, second), ttl=30).body
    read = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo
    assert (read.version, read.feed.title, read.feed.link) == ("rss20", "Papers of the Example Lab", SITE.url + "/")
    assert (read.feed.language, read.feed.ttl) == ("en", "30")
    assert read.feed.updated_parsed[:6] == (2024, 4, 1, 12, 0, 0)
    one, two = read.entries
    assert (one.id, one.title, one.link) == ("tag:lab.example.org,2024:a", "A title", "https://lab.example.org/a.html")
    assert [c.value for c in one.content] == ['<p class="x">1 &lt; 2</p>']
    assert one.summary == "1 &lt; 2"
    assert [(e.href, e.type, e.length) for e in one.enclosures] == [(pdf.url, "application/pdf", "12")]
    assert [t.term for t in one.tags] == ["c", "d"]
    assert one.published_parsed[:6] == (2024, 3, 4, 8, 30, 0)
    assert (two.id, two.title, two.dc_identifier) == ("urn:b", "B & C", "doi:10.5555/b")
    assert [a.name for a in two.authors] == ["Ada Fictive", "Zoë Ünver", "Consortium"]
    assert (two.prism_doi, two.prism_publicationname) == ("10.5555/b", "J")


# ---------------------------------------------------------------------------------------------------- the channel


def test_path_type_and_title_of_the_file() -> None:
    """The file lies in the collection's folder, or at the top for the feed of everything."""
    made = render(collection())
    assert (made.path, made.media_type) == ("collections/papers/feed.rss", "application/rss+xml; charset=utf-8")
    assert made.title == "Papers of the Example Lab (RSS)"
    assert render(collection(path=""), filename="index.xml").path == "index.xml"


def test_channel_links_to_the_site_itself_and_the_hub() -> None:
    """The channel's link is the site's home page; the feed's own address and the hub are Atom links."""
    made = channel(Item(post=post()), hub="https://hub.example.org/")
    assert texts(made, "link") == ["https://lab.example.org/"]
    assert [dict(e.attrib) for e in made.findall(f"{ATOM}link")] == [
        {
            "rel": "self",
            "href": "https://lab.example.org/feeds/collections/papers/feed.rss",
            "type": "application/rss+xml",
        },
        {"rel": "hub", "href": "https://hub.example.org/"},
    ]


def test_channel_is_as_old_as_the_collection() -> None:
    """lastBuildDate is the collection's newest change, never the time of rendering."""
    of = collection(Item(post=post()), updated=datetime(1999, 12, 31, 23, 59, 58, 765432, tzinfo=UTC))
    assert etree.fromstring(render(of).body).findtext("channel/lastBuildDate") == "Fri, 31 Dec 1999 23:59:58 +0000"


def test_channel_always_has_a_description() -> None:
    """RSS wants a description: the collection's, else the site's, else the title."""
    told = msgspec.structs.replace(SITE, description="Of the site")
    of = collection(description=" ")
    assert etree.fromstring(render(of, told).body).findtext("channel/description") == "Of the site"
    assert etree.fromstring(render(of).body).findtext("channel/description") == "Papers of the Example Lab"


def test_schedule_is_written_only_when_configured() -> None:
    """ttl and skipDays appear on request alone, the days in the order of the week."""
    assert channel().find("ttl") is None
    assert channel().find("skipDays") is None
    made = channel(ttl=120, skip_days=["Sunday", "Wednesday", "Saturday", "Monday"])
    assert made.findtext("ttl") == "120"
    assert texts(made, "skipDays/day") == ["Monday", "Wednesday", "Saturday", "Sunday"]


def test_namespaces_are_declared_only_when_used() -> None:
    """A feed of plain posts declares Atom alone, one with records what they need; the prefixes are the usual ones."""
    bare = msgspec.structs.replace(SITE, license="")
    plain = Item(post=post(), work=None)
    full = Item(post=post(id="urn:b"), work=Work(doi="10.5555/b", authors=(Person(name="Ada"),)))
    assert list(document(plain, site=bare, content="summary").nsmap) == ["atom"]
    assert document(plain, full, site=bare).nsmap == {
        "atom": ATOM[1:-1],
        "content": CONTENT[1:-1],
        "dc": DC[1:-1],
        "prism": PRISM[1:-1],
    }
    assert render(collection(plain, full)).body.count(b"xmlns") == 4


def test_language_has_a_hyphen() -> None:
    """A language is written as BCP 47 has it, or not at all."""
    assert channel(site=msgspec.structs.replace(SITE, language="en_US")).findtext("language") == "en-US"
    assert channel(site=msgspec.structs.replace(SITE, language="C.UTF-8")).find("language") is None


# ---------------------------------------------------------------------------------------------------- items


def test_items_keep_the_order_given() -> None:
    """Items stand newest first as handed over, not reversed, and no more than the limit."""
    items = [Item(post=post(id=f"urn:{n}")) for n in (3, 1, 2, 0)]
    assert texts(channel(*items, limit=3), "item/guid") == ["urn:3", "urn:1", "urn:2"]


def test_guid_is_the_id_and_no_permalink() -> None:
    """Even an id that looks like an address is not declared one."""
    (guid,) = only_item(Item(post=post(id="https://doi.org/10.5555/x"))).findall("guid")
    assert (guid.text, guid.get("isPermaLink")) == ("https://doi.org/10.5555/x", "false")


def test_every_author_is_one_creator() -> None:
    """Authors without an e-mail address are there, one element each; <author> is never used, nor is the address."""
    people = (Person(name="Ada", email="ada@example.org"), Person(name=" "), Person(name="Bo"))
    made = only_item(Item(post=post(authors=(Person(name="Poster"),)), work=Work(authors=people)))
    assert texts(made, f"{DC}creator") == ["Ada", "Bo"]
    assert made.find("author") is None
    assert b"ada@" not in etree.tostring(made)


def test_description_comes_before_the_full_text() -> None:
    """The plain summary is escaped as HTML, and stands before content:encoded."""
    made = only_item(Item(post=post(summary="p < 0.05")))
    assert made.findtext("description") == "p &lt; 0.05"
    assert made.findtext(f"{CONTENT}encoded") == "<p>Body.</p>"
    names = [e.tag for e in made]
    assert names.index("description") < names.index(f"{CONTENT}encoded")


def test_full_text_without_a_summary_is_the_description() -> None:
    """Where there is no summary, the description is the text itself, once."""
    made = only_item(Item(post=post(summary="")))
    assert made.findtext("description") == "<p>Body.</p>"
    assert made.find(f"{CONTENT}encoded") is None


def test_summary_feed_has_no_full_text() -> None:
    """With content: summary an item has its summary alone, and nothing where it has none."""
    made = channel(Item(post=post()), Item(post=post(id="urn:b", summary="")), content="summary")
    assert texts(made, "item/description") == ["Summary."]
    assert made.find(f"item/{CONTENT}encoded") is None


def test_enclosure_is_the_first_file_of_known_size() -> None:
    """RSS takes one enclosure and wants its type: one of known length, else one whose length is 0 (Best Practices)."""
    sized = [Attachment(url=f"https://lab.example.org/{n}.pdf", media_type="application/pdf", size=n) for n in (11, 12)]
    unsized = Attachment(url="https://lab.example.org/u.pdf", media_type="application/pdf")
    untyped = Attachment(url="https://lab.example.org/t", media_type="", size=5)
    made = only_item(Item(post=post(attachments=(unsized, untyped, *sized))))
    assert [dict(e.attrib) for e in made.findall("enclosure")] == [
        {"url": "https://lab.example.org/11.pdf", "length": "11", "type": "application/pdf"}
    ]
    assert [
        dict(e.attrib) for e in only_item(Item(post=post(attachments=(untyped, unsized)))).findall("enclosure")
    ] == [{"url": "https://lab.example.org/u.pdf", "length": "0", "type": "application/pdf"}]
    assert only_item(Item(post=post(attachments=(untyped,)))).find("enclosure") is None


def test_category_has_no_domain_and_stands_once() -> None:
    """A word that is both category and tag is one category; none has a domain."""
    made = only_item(Item(post=post(categories=("b", "a"), tags=("a", "", "c"))))
    assert [(e.text, dict(e.attrib)) for e in made.findall("category")] == [("b", {}), ("a", {}), ("c", {})]


@pytest.mark.parametrize(
    ("moment", "stamp"),
    [
        (datetime(2024, 2, 29, 23, 5, 9, tzinfo=UTC), "Thu, 29 Feb 2024 23:05:09 +0000"),
        (
            datetime(1999, 12, 1, 1, 2, 3, 999999, tzinfo=timezone(-timedelta(hours=9.5))),
            "Wed, 01 Dec 1999 01:02:03 -0930",
        ),
        (datetime(2024, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")), "Mon, 01 Jul 2024 00:00:00 +0200"),
        (datetime(1890, 5, 1, tzinfo=ZoneInfo("Europe/Paris")), "Thu, 01 May 1890 00:00:00 +0009"),
        (datetime(987, 7, 3, tzinfo=UTC), "Tue, 03 Jul 0987 00:00:00 +0000"),
    ],
)
def test_dates_are_rfc_822(moment: datetime, stamp: str) -> None:
    """English names, the right weekday, four digits of year, whole seconds, a numeric zone."""
    assert only_item(Item(post=post(published=moment))).findtext("pubDate") == stamp


def test_doi_is_there_for_zotero_and_for_publishers_readers() -> None:
    """The DOI stands bare in prism:doi and as doi:… in dc:identifier; without one neither is there."""
    made = only_item(Item(post=post(), work=Work(doi="10.5555/x")))
    assert texts(made, f"{DC}identifier") == ["doi:10.5555/x"]
    assert texts(made, f"{PRISM}doi") == ["10.5555/x"]
    made = only_item(Item(post=post(), work=Work(journal="J")))
    assert [e.tag for e in made if str(e.tag).startswith((DC, PRISM))] == [f"{PRISM}publicationName"]


def test_item_without_a_title_is_called_by_its_address() -> None:
    """A blank title does not stop the feed."""
    assert only_item(Item(post=post(title=" "))).findtext("title") == "https://lab.example.org/a.html"


# ---------------------------------------------------------------------------------------------------- the process


def test_locale_of_the_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendering dates never switches the locale, which all threads share."""
    monkeypatch.setattr(locale, "setlocale", lambda *_: pytest.fail("the locale was touched"))
    assert render(collection(Item(post=post()))).body


# ---------------------------------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    "options",
    [
        {"ttl": 0},
        {"ttl": -5},
        {"skip_days": ["Sonntag"]},
        {"hub": "javascript:alert(1)"},
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    """A ttl of nothing, a day that is none: each is an error."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, RssOptions)
