"""feeds.opml: the list of feeds that a reader takes in at once.

OPML 2.0, http://opml.org/spec2.opml: a subscription list.  Every format of a collection says the same, and a reader
that subscribed to all of them would show everything several times, so each collection has one unless all are asked for.
`dateCreated` is left out: nobody knows it, and the time of the run says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from msgspec import Struct

from feeds.model import Artifact, Catalog, Collection, Exporter, Site
from feeds.text import fixed, iri_to_uri, is_web, legal

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPE = "text/x-opml; charset=utf-8"
PATH = "feeds.opml"

_NAMES = {  # the best understood first
    "application/atom+xml": "Atom",
    "application/rss+xml": "RSS",
    "application/feed+json": "JSON Feed",
    "application/rdf+xml": "RSS 1.0",
}
_VERSIONS = {"application/rss+xml": "RSS", "application/rdf+xml": "RSS1"}  # the only ones that the specification knows


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which feeds are listed."""

    formats: Literal["one", "all"] = "one"  # of each collection


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    from lxml import etree

    feeds = {collection.name: _feeds(collection, catalog) for collection in catalog.collections}
    listed = [collection for collection in catalog.collections if feeds[collection.name]]
    if not listed:  # a body without an outline is not valid
        return
    root = etree.Element("opml", version="2.0")
    _head(etree.SubElement(root, "head"), catalog, site)
    body = etree.SubElement(root, "body")
    group = etree.SubElement(body, "outline", text=_text(site.title, site.url))
    for collection in listed:
        if options.formats == "one":
            _outline(group, collection.title, feeds[collection.name][0], collection, site)
        else:
            below = etree.SubElement(group, "outline", text=_text(collection.title, site.url))
            for feed in feeds[collection.name]:
                _outline(below, f"{collection.title} ({_NAMES[_bare(feed)]})", feed, collection, site)
    etree.indent(root, space=" ")
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"
    yield Artifact(path=PATH, media_type=MEDIA_TYPE, body=content, title="All feeds")


def _feeds(collection: Collection, catalog: Catalog) -> list[Artifact]:
    """The feeds of a collection, the best understood format first."""
    order = list(_NAMES)
    feeds = [artifact for name, artifact in catalog.feeds if name == collection.name and _bare(artifact) in _NAMES]
    return sorted(feeds, key=lambda artifact: order.index(_bare(artifact)))


def _head(head: etree._Element, catalog: Catalog, site: Site) -> None:
    from lxml import etree

    owner = site.publisher
    stated = {
        "title": _text(site.title, site.url),
        "dateModified": format_datetime(fixed(catalog.updated)),
        "ownerName": legal(owner.name) if owner else "",
        "ownerId": iri_to_uri(owner.url) if owner and is_web(owner.url) else "",
        "docs": "http://opml.org/spec2.opml",
    }
    for name, value in stated.items():
        if value.strip():
            etree.SubElement(head, name).text = value


def _outline(parent: etree._Element, title: str, feed: Artifact, collection: Collection, site: Site) -> None:
    from lxml import etree

    said = _text(title, site.url)
    stated = {
        "type": "rss",  # of every feed, whatever its format
        "text": said,
        "title": said,
        "xmlUrl": iri_to_uri(f"{site.feeds_url}/{quote(legal(feed.path))}"),
        "htmlUrl": iri_to_uri(f"{site.url}/"),
        "description": legal(collection.description or site.description),
        "language": legal(site.language),
        "version": _VERSIONS.get(_bare(feed), ""),
    }
    etree.SubElement(parent, "outline", {name: value for name, value in stated.items() if value.strip()})


def _bare(feed: Artifact) -> str:
    return feed.media_type.partition(";")[0].strip()


def _text(title: str, otherwise: str) -> str:
    return legal(title).strip() or otherwise


EXPORTER = Exporter(
    name="opml",
    description="feeds.opml: every feed, for readers to take in at once",
    media_type=MEDIA_TYPE,
    scope="site",
    options=Options,
    render=_render,
)
