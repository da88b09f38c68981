"""The head block: everything that crawlers, reference managers and readers look for in the `<head>` of a page.

One vocabulary a private module; a page that says a thing already keeps what it says (`feeds inject` compares keys).
"""

from __future__ import annotations

from functools import lru_cache

from feeds.exporters import _dublin_core, _highwire, _open_graph, _signposting, jsonld
from feeds.exporters._schema_org import script
from feeds.exporters._tag import Tag, link
from feeds.model import Item, Site
from feeds.text import address, essence

__all__ = ["Tag", "tags"]

_NAMES = {"application/atom+xml": "Atom", "application/rss+xml": "RSS", "application/feed+json": "JSON Feed"}


def tags(item: Item, site: Site, page: str) -> list[Tag]:
    """The block of the HTML page at the address `page`, which is about the item, one tag a line."""
    record = jsonld.document(item, site, jsonld.ItemOptions(nested=site.nested), page=page)
    return [
        *link("canonical", "canonical", page),
        *_highwire.tags(item, site, page),
        *_dublin_core.tags(item, site, page),
        *_open_graph.tags(item, site, page),
        *_signposting.tags(item, site),
        *_feeds(site),
        Tag("json-ld", "application/ld+json", script(record)),
    ]


@lru_cache(maxsize=8)  # every page has them
def _feeds(site: Site) -> tuple[Tag, ...]:
    """Autodiscovery: the feeds of everything."""
    found: list[Tag] = []
    for feed in site.feeds:
        media_type = essence(feed.media_type)
        if media_type in _NAMES:
            href = address(site.feeds_url, feed.path)
            title = f"{site.title} ({_NAMES[media_type]})"
            found += link("feeds", "alternate", href, type=media_type, title=title)
    return tuple(found)
