"""feeds.opml: the list of feeds that a reader takes in at once.

OPML 2.0, http://opml.org/spec2.opml: a subscription list.  Every format of a collection says the same, and a reader
that subscribed to all of them would show everything several times, so each collection has one unless all are asked for.
Feeds of every tag and author are not listed unless asked for: a reader would subscribe to hundreds at once.
`dateCreated` is left out: nobody knows it, and the time of the run says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from feeds.model import Artifact, Catalog, Collection, Exporter, Site
from feeds.text import address, essence, fixed, iri_to_uri, is_web, legal

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
    each: bool = False  # of collections with `each:` too, in a folder of their own


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    from lxml import etree

    feeds = _feeds(catalog)
    listed = [one for one in catalog.collections if one.name in feeds and (options.each or not one.each)]
    if not listed:  # a body without an outline is not valid
        return
    root = etree.Element("opml", version="2.0")
    _head(etree.SubElement(root, "head"), catalog, site)
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for collection in sorted(listed, key=lambda one: bool(one.each)):  # who reads from above meets what is broad first
        name = collection.name.partition(":")[0] if collection.each else ""
        if name not in folders:
            label = name[:1].upper() + name[1:] or site.title
            folders[name] = etree.SubElement(body, "outline", text=_text(label, site.url))
        _listed(folders[name], collection, feeds[collection.name], site, options)
    etree.indent(root, space=" ")
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"
    yield Artifact(path=PATH, media_type=MEDIA_TYPE, body=content, title="All feeds")


def _listed(
    folder: etree._Element, collection: Collection, feeds: list[Artifact], site: Site, options: Options
) -> None:
    """A collection in its folder: its best feed, or a folder of all of them."""
    from lxml import etree

    if options.formats == "one":
        _outline(folder, collection.title, feeds[0], collection, site)
        return
    below = etree.SubElement(folder, "outline", text=_text(collection.title, site.url))
    for feed in feeds:
        _outline(below, f"{collection.title} ({_NAMES[_bare(feed)]})", feed, collection, site)


def _feeds(catalog: Catalog) -> dict[str, list[Artifact]]:
    """The feeds of each collection that has some, by its name, the best understood format first."""
    order = list(_NAMES)
    found: dict[str, list[Artifact]] = {}
    for name, artifact in catalog.feeds:
        if _bare(artifact) in _NAMES:
            found.setdefault(name, []).append(artifact)
    return {name: sorted(feeds, key=lambda one: order.index(_bare(one))) for name, feeds in found.items()}


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
        "xmlUrl": iri_to_uri(address(site.feeds_url, feed.path)),
        "htmlUrl": iri_to_uri(f"{site.url}/"),
        "description": legal(collection.description or site.description),
        "language": legal(site.language),
        "version": _VERSIONS.get(_bare(feed), ""),
    }
    etree.SubElement(parent, "outline", {name: value for name, value in stated.items() if value.strip()})


def _bare(feed: Artifact) -> str:
    return essence(feed.media_type)


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
