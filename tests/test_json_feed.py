"""The JSON Feed exporter against the specification's rules, hand-written documents, and what readers do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
import pytest

from feeds.exporters.json_feed import EXPORTER, JsonFeedOptions
from feeds.model import Artifact, Attachment, Collection, Item, Person, Site, Work
from lab_feed import SITE, collection, post

CASES = sorted(p for p in (Path(__file__).parent / "cases" / "json-feed").iterdir() if p.is_dir())


def render(of: Collection, site: Site = SITE, **options: Any) -> Artifact:
    (artifact,) = EXPORTER.render(of, site, msgspec.convert(options, JsonFeedOptions))
    return artifact


def feed(*items: Item, site: Site = SITE, **options: Any) -> dict[str, Any]:
    return load(render(collection(*items), site, **options).body)


def only_item(item: Item, **options: Any) -> dict[str, Any]:
    (found,) = feed(item, **options)["items"]
    return dict(found)


def load(body: bytes) -> dict[str, Any]:
    """The document, in which no object names a member twice (RFC 8259, section 4)."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), pairs
        return dict(pairs)

    return dict(json.loads(body.decode("utf-8"), object_pairs_hook=once))


# ---------------------------------------------------------------------------------------------------- the rules

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_TOP = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "user_comment": str,
    "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str, "expired": bool, "hubs": list,
    "items": list,
}  # fmt: skip
_ITEM = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": str, "banner_image": str, "date_published": str, "date_modified": str, "authors": list,
    "tags": list, "language": str, "attachments": list,
}  # fmt: skip
_AUTHOR = {"name": str, "url": str, "avatar": str}
_ATTACHMENT = {"url": str, "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}
_URLS = {"home_page_url", "feed_url", "next_url", "url", "external_url", "image"}


def assert_members(of: dict[str, Any], known: Mapping[str, type], *required: str) -> None:
    """Known members of the right type, none empty, those required; any other is an extension, whose name says so."""
    assert of.keys() >= set(required)
    for name, value in of.items():
        if name.startswith("_"):
            assert re.fullmatch(r"_[A-Za-z][^.]*", name)
            assert isinstance(value, dict)
            assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key) for key in value)
        else:
            assert type(value) is known[name], name
            assert value not in ("", []) or name == "items", name
            if name in _URLS:
                assert re.fullmatch(r"[!-~]+", str(value)), value
                assert urlsplit(str(value)).scheme, value


def assert_people(people: list[dict[str, Any]]) -> None:
    for person in people:
        assert_members(person, _AUTHOR)
        assert person


def assert_json_feed(body: bytes) -> None:
    """The rules of JSON Feed 1.1, as its specification words them."""
    document = load(body)
    assert_members(document, _TOP, "version", "title", "items")
    assert next(iter(document)) == "version"
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert_people(document.get("authors", []))
    for hub in document.get("hubs", []):
        assert_members(hub, {"type": str, "url": str}, "type", "url")
    for item in document["items"]:
        assert_members(item, _ITEM, "id")
        assert {"content_html", "content_text"} & item.keys()
        assert all(_RFC3339.fullmatch(item[name]) for name in ("date_published", "date_modified") if name in item)
        assert_people(item.get("authors", []))
        assert all(isinstance(tag, str) and tag for tag in item.get("tags", []))
        for attachment in item.get("attachments", []):
            assert_members(attachment, _ATTACHMENT, "url", "mime_type")


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_item_becomes_the_document_written_by_hand(case: Path) -> None:
    """Each case's item renders as the document that its expected.json spells out."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    assert load(render(collection(item)).body) == load((case / "expected.json").read_bytes())


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
@pytest.mark.parametrize("content", ["full", "summary"])
def test_document_follows_the_specification(case: Path, content: str) -> None:
    """Every document keeps the rules of JSON Feed 1.1, whatever is asked of it."""
    item = msgspec.json.decode((case / "item.json").read_bytes(), type=Item)
    assert_json_feed(render(collection(item, item), content=content, hub="https://hub.example.org/").body)
    assert_json_feed(render(collection()).body)


@pytest.mark.parametrize(
    "broken",
    [
        {"version": "https://jsonfeed.org/version/1.1", "title": "T"},
        {"title": "T", "version": "https://jsonfeed.org/version/1.1", "items": []},
        {"version": "https://jsonfeed.org/version/1.1", "title": "", "items": []},
        {"version": "https://jsonfeed.org/version/1.1", "title": "T", "colour": "red", "items": []},
        {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1"}]},
        {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": 1, "content_text": "x"}]},
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "T",
            "items": [{"id": "1", "content_text": "x", "attachments": [{"url": "https://x.example.org/"}]}],
        },
    ],
)
def test_rules_tell_right_from_wrong(broken: dict[str, Any]) -> None:
    """The rules that judge the documents do reject what the specification forbids."""
    with pytest.raises((AssertionError, KeyError)):
        assert_json_feed(json.dumps(broken).encode())


# ---------------------------------------------------------------------------------------------------- the feed


def test_path_type_and_title_of_the_file() -> None:
    """The file lies in the collection's folder, or at the top for the feed of everything."""
    made = render(collection())
    assert (made.path, made.media_type) == ("collections/papers/feed.json", "application/feed+json; charset=utf-8")
    assert made.title == "Papers of the Example Lab (JSON Feed)"
    assert render(collection(path=""), filename="index.json").path == "index.json"


def test_feed_url_is_the_percent_encoded_address() -> None:
    """A folder in another script or with reserved characters is encoded as a server will be asked for it."""
    made = load(render(collection(path="tags/é#1")).body)
    assert made["feed_url"] == "https://lab.example.org/feeds/tags/%C3%A9%231/feed.json"


def test_hubs_are_named_when_configured() -> None:
    """A hub is of the type WebSub; without one there is no list."""
    assert feed(hub="https://hub.example.org/")["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    assert "hubs" not in feed()


def test_feed_names_its_publisher_only_where_no_item_names_an_author() -> None:
    """For an item without authors those of the feed stand.

    Miniflux adds the feed's authors to those of each item: beside papers they would count as authors of them.
    """
    named, nameless = Item(post=post(authors=(Person(name="Ada"),))), Item(post=post(id="urn:b"))
    assert feed(nameless)["authors"] == [{"name": "Example University"}]
    assert "authors" not in feed(nameless, named)
    assert "authors" not in feed(nameless, site=msgspec.structs.replace(SITE, publisher=None))


@pytest.mark.parametrize(("stated", "said"), [("en_US", "en-US"), ("en_US.UTF-8", None)])
def test_language_is_a_language_tag(stated: str, said: str | None) -> None:
    """An underscore becomes the hyphen of BCP 47; what is no language tag is left out."""
    made = feed(Item(post=post(lang=stated)), site=msgspec.structs.replace(SITE, language=stated))
    assert [made.get("language"), made["items"][0].get("language")] == [said, said]


# ---------------------------------------------------------------------------------------------------- items


def test_items_keep_the_order_given() -> None:
    """Items stand newest first as handed over, not reversed, and no more than the limit."""
    items = [Item(post=post(id=f"urn:{n}")) for n in (3, 1, 2, 0)]
    assert [item["id"] for item in feed(*items, limit=3)["items"]] == ["urn:3", "urn:1", "urn:2"]


def test_external_url_is_the_page_of_the_work() -> None:
    """It is the DOI's, else a page with the work's identifier in its address, and never the post's own."""
    page = "https://pubs.example.org/12345678"
    found = [
        only_item(Item(post=post(url=page), work=work)).get("external_url")
        for work in (
            Work(doi="10.5555/tides", urls=("https://journal.example.org/doi/10.5555/tides",)),
            Work(pmid="12345678", urls=("https://code.example.org/", "https://pubmed.example.org/12345678/")),
            Work(pmid="12345678", urls=(page,)),
            Work(urls=("https://code.example.org/lab/tool",)),
            None,
        )
    ]
    assert found == ["https://doi.org/10.5555/tides", "https://pubmed.example.org/12345678/", None, None, None]
    assert "external_url" not in only_item(Item(post=post(url="https://doi.org/10.5555/x"), work=Work(doi="10.5555/x")))


def test_every_item_has_a_text() -> None:
    """Without a full text the summary is the text, and without a summary the title.

    NetNewsWire drops an item that has neither content_html nor content_text, though it has a summary.
    """
    short = only_item(Item(post=post(summary="p < 0.05")), content="summary")
    assert (short["content_text"], short["summary"]) == ("p < 0.05", "p < 0.05")
    bare = only_item(Item(post=post(html=" ", summary="")))
    assert bare["content_text"] == "A title"
    assert not {"content_html", "summary"} & bare.keys()
    assert "content_text" not in only_item(Item(post=post(summary="Short.")))


def test_every_attachment_has_a_type_and_its_true_size() -> None:
    """A type not known is told from the address, else is that of bytes; a size not known is left out.

    NetNewsWire drops an attachment without a type; readers in Go refuse the whole feed for a size that is a text.
    """
    files = (
        Attachment(url="https://lab.example.org/a.pdf", media_type="application/pdf", size=12),
        Attachment(url="https://lab.example.org/b.pdf", media_type="unknown"),
        Attachment(url="https://lab.example.org/c", media_type="", size=0),
    )
    made = only_item(Item(post=post(attachments=files), work=Work(pdf="https://lab.example.org/d.pdf")))
    assert made["attachments"] == [
        {"url": "https://lab.example.org/a.pdf", "mime_type": "application/pdf", "size_in_bytes": 12},
        {"url": "https://lab.example.org/b.pdf", "mime_type": "application/pdf"},
        {"url": "https://lab.example.org/c", "mime_type": "application/octet-stream", "size_in_bytes": 0},
        {"url": "https://lab.example.org/d.pdf", "mime_type": "application/pdf"},
    ]


def test_authors_of_the_work_come_before_the_poster() -> None:
    """A post about a work has the work's authors, and no mail address."""
    poster, ada = Person(name="Poster"), Person(name="Ada", email="ada@example.org", orcid="0000-0002-1825-0097")
    made = only_item(Item(post=post(authors=(poster,)), work=Work(authors=(ada, Person(name=" ")))))
    assert made["authors"] == [{"name": "Ada", "url": "https://orcid.org/0000-0002-1825-0097"}]
    assert "authors" not in only_item(Item(post=post(authors=(poster,)), work=Work()))


def test_tags_stand_once() -> None:
    """A word that is both category and tag is one tag."""
    assert only_item(Item(post=post(categories=("b", "a"), tags=("a", "", "c"))))["tags"] == ["b", "a", "c"]


def test_date_modified_is_that_of_a_change() -> None:
    """A post never changed has none."""
    assert "date_modified" not in only_item(Item(post=post()))
    made = only_item(Item(post=post(updated=datetime(1890, 5, 1, tzinfo=ZoneInfo("Europe/Paris")))))
    assert made["date_modified"] == "1890-05-01T00:00:00+00:09"


def test_image_is_an_address_or_left_out() -> None:
    """Only an absolute address is an image."""
    assert (
        only_item(Item(post=post(image="https://x.example.org/é.png")))["image"] == "https://x.example.org/%C3%A9.png"
    )
    assert "image" not in only_item(Item(post=post(image="img/é.png")))


@pytest.mark.parametrize(
    ("work", "cited"),
    [
        (Work(authors=(Person(name="Ada"),), authors_truncated=True, date="2024"), "Ada et al. (2024). A title."),
        (Work(title="Why limpets?", journal="Shores", issue="2", article_number="e7"), "Why limpets? Shores, (2), e7."),
        (Work(title="Limpets.", publisher="Example University"), "Limpets. Example University."),
        (Work(doi="10.5555/a b"), "A title. https://doi.org/10.5555/a%20b"),
        (Work(kind="talk", event="Limpet Days", location="Tidemouth"), "A title. Limpet Days, Tidemouth."),
        (
            Work(kind="preprint", preprint_server="shoreXiv", doi="10.5555/s"),
            "A title. shoreXiv. https://doi.org/10.5555/s",
        ),
    ],
)
def test_citation_says_what_is_known(work: Work, cited: str) -> None:
    """The citation is one line without gaps or doubled full stops, and says no more than the post does."""
    assert only_item(Item(post=post(), work=work))["_scholarly"]["citation"] == cited
