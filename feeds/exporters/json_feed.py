"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/.

What a work is known by stands in each item's `_scholarly`, an extension as the specification allows it, what its front
matter says of references and funding in `_references` and `_funding`, which Rogue Scholar reads.  Some readers refuse a
whole feed for one member of another type, and drop items without a text or attachments without a type: each item has
a text, if only its title, and each attachment a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters._entry import (
    Address,
    Author,
    Content,
    Entry,
    Filename,
    Head,
    Link,
    Positive,
    artifact_path,
    authors,
    entry,
    head,
    terms,
)
from feeds.exporters._fitting import fitting
from feeds.exporters._schema_org import encode
from feeds.exporters._stated import Grant, grants, references
from feeds.exporters._work import citation, pages
from feeds.model import Artifact, Collection, Exporter, Item, Site, Work
from feeds.text import fixed, iri_to_uri, legal, media_type, rfc3339

_TYPE = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"
Members = dict[str, Any]


class JsonFeedOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the JSON feeds are written."""

    filename: Filename = "feed.json"  # in the collection's folder
    limit: Positive = 50  # items at most
    content: Content = "full"  # "summary" leaves the text of the posts out
    citation: bool = True  # the record of a work above its text
    archive: bool = False  # older items in documents that next_url leads to
    hub: Address = ""  # a WebSub hub to name
    max_bytes: Positive = 512_000  # of a document: texts that do not fit give way to their summaries, the oldest first


def render(collection: Collection, site: Site, options: JsonFeedOptions) -> Iterable[Artifact]:
    """The JSON feed of `collection`, or an older part of it, which `next_url` leads to."""
    about = head(collection, site, options.filename, _TYPE, options.hub)
    shown = collection.items[: options.limit]
    feed = _feed(about, site)
    said = [
        entry(item, site, options.content, citation=options.citation, max_bytes=options.max_bytes) for item in shown
    ]
    room = options.max_bytes - len(_document(feed, [])) - len("\n  ")
    full = [_item(item, of) for item, of in zip(shown, said, strict=True)]
    brief = (_item(item, replace(of, content="")) for item, of in zip(shown, said, strict=True))
    items = fitting(full, brief, _size, room, collection.place.least)
    yield Artifact(
        path=artifact_path(collection, options.filename, _TYPE),
        media_type=EXPORTER.media_type,
        body=_document(feed, items),
        title=f"{about.title} (JSON Feed)",
    )


def _size(item: Members) -> int:
    """Bytes of an item in a document, where it is indented by 4 and followed by a comma."""
    alone = encode(item)
    return len(alone) + 4 * alone.count(b"\n") + len(",")


def _document(feed: Members, items: Sequence[Members]) -> bytes:
    """The feed with these items.

    Its authors are named only where no item has its own: they stand for an item without any, but one reader adds
    them to the authors of every item.
    """
    kept = feed if not any("authors" in item for item in items) else _without(feed, "authors")
    return encode({**kept, "items": items})


def _feed(about: Head, site: Site) -> Members:
    """What the feed says of itself; its older parts have its `feed_url`, "the unique identifier for the feed"."""
    links = {link.rel: _uri(link.href) for link in about.links}
    return _stated(
        version=_VERSION,  # "at the very top"
        title=legal(about.title),
        home_page_url=links["alternate"],
        feed_url=links.get("current") or links["self"],
        next_url=links.get("prev-archive", ""),
        description=legal(about.description),
        icon=_uri(about.icon),
        language=about.language,
        authors=_people(authors([site.publisher]) if site.publisher else ()),
        hubs=[{"type": "WebSub", "url": _uri(link.href)} for link in about.links if link.rel == "hub"],
    )


def _item(item: Item, of: Entry) -> Members:
    summary = unescape(of.summary)
    return _stated(
        id=legal(of.id),
        url=_uri(of.links[0].href),
        external_url=_page_of_the_work(of.links),
        title=legal(of.title),
        content_html=of.content,
        content_text="" if of.content else summary or legal(of.title),
        summary=summary,
        image=_uri(of.image),
        date_published=rfc3339(fixed(of.published)),
        date_modified=rfc3339(fixed(of.updated)) if of.updated != of.published else "",
        authors=_people(of.authors),
        tags=terms(of),
        language=of.lang,
        attachments=[_attachment(link) for link in of.links if link.rel == "enclosure"],
        _scholarly=_record(item.work, of.title) if item.work else {},
        _references=[_stated(url=_uri(one.url), doi=one.doi, title=one.title) for one in references(item.post)],
        _funding=[_funding(one) for one in grants(item.post)],
    )


def _page_of_the_work(links: Sequence[Link]) -> str:
    """Where the work itself is: by its DOI, else a page that has its identifier; "" when that is the post's page."""
    elsewhere = [link.href for rel in ("related", "via") for link in links if link.rel == rel]
    return _uri(elsewhere[0]) if elsewhere and elsewhere[0] != links[0].href else ""


def _people(named: Iterable[Author]) -> list[Members]:
    return [_stated(name=legal(author.name), url=_uri(author.uri)) for author in named]


def _attachment(link: Link) -> Members:
    """The specification asks for a type; one that is not known is that of any bytes (RFC 2046, section 4.5.1)."""
    kind = legal(link.media_type) or media_type(link.href) or "application/octet-stream"
    return _stated(url=_uri(link.href), mime_type=kind, size_in_bytes=link.length)


def _record(work: Work, title: str) -> Members:
    fields = "kind doi pmid pmcid arxiv journal issn volume issue date publisher license".split()
    stated = {field: getattr(work, field) for field in fields}
    record = stated | {"pages": pages(work), "citation": citation(work, title)}
    return {name: legal(value) for name, value in record.items() if value}


def _funding(grant: Grant) -> Members:
    """Funder and award, as InvenioRDM names them, in which Rogue Scholar keeps its posts."""
    award = _stated(number=grant.number, title=grant.title, url=_uri(grant.url))
    return _stated(funder=_stated(id=_uri(grant.funder_id), name=grant.funder), award=award)


def _stated(**members: Any) -> Members:
    """`members` without those that say nothing: an empty text or list, None."""
    return {name: value for name, value in members.items() if value or value == 0}


def _without(members: Members, name: str) -> Members:
    return {key: value for key, value in members.items() if key != name}


def _uri(address: str) -> str:
    return iri_to_uri(legal(address))


EXPORTER = Exporter(
    name="json-feed",
    description="JSON Feed 1.1 of each collection",
    media_type=f"{_TYPE}; charset=utf-8",
    scope="collection",
    options=JsonFeedOptions,
    render=render,
)
