"""schema.org of our own pages: where each stands, and of a list its works in order, or whose works they are.

https://schema.org/BreadcrumbList · https://schema.org/CollectionPage · https://schema.org/ProfilePage (release 30.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from feeds.exporters import _schema_org as schema
from feeds.exporters._page_parts import Link
from feeds.exporters._schema_org import Node, filled
from feeds.model import Person, Site
from feeds.text import address, rfc3339


def document(
    title: str, person: Person | None, works: Sequence[Node], site: Site, path: str, updated: datetime
) -> Node:
    """What the page at `path` is, and the works on it."""
    page = address(site.feeds_url, path)
    about = {**_about(title, site, page), "dateModified": rfc3339(updated)}
    if person:
        one = {"@id": f"{page}#person", **schema.agent(person), "mainEntityOfPage": page}
        node = {"@type": "ProfilePage", **about, "mainEntity": one, "hasPart": works}
    else:
        node = {"@type": "CollectionPage", **about, "mainEntity": _in_order(works)}
    return {"@context": schema.CONTEXT, **filled(node)}


def overview(title: str, pages: Sequence[Link], site: Site, path: str) -> Node:
    """What the page at `path` is, which leads to the lists of all authors, of all years …"""
    page = address(site.feeds_url, path)
    listed = [
        {"@type": "ListItem", "position": number, "name": one.label, "url": urljoin(page, one.href)}
        for number, one in enumerate(pages, 1)
    ]
    lists = {"@type": "ItemList", "numberOfItems": len(listed), "itemListElement": listed}
    return {"@context": schema.CONTEXT, "@type": "CollectionPage", **_about(title, site, page), "mainEntity": lists}


def _about(title: str, site: Site, page: str) -> Node:
    return {"@id": page, "name": title, "url": page, "isPartOf": schema.website(site), "inLanguage": "en"}


def trail(above: Sequence[Link | None], title: str, site: Site, path: str) -> Node:
    """The way from the site to the page at `path`, which links what is `above` it."""
    page = address(site.feeds_url, path)
    steps = [(site.title, f"{site.url}/"), *((link.label, urljoin(page, link.href)) for link in above if link)]
    listed = [
        {"@type": "ListItem", "position": number, "name": name, "item": url}
        for number, (name, url) in enumerate([*steps, (title, page)], 1)
    ]
    return {"@context": schema.CONTEXT, "@type": "BreadcrumbList", "itemListElement": listed}


def _in_order(works: Sequence[Node]) -> Node:
    listed = [{"@type": "ListItem", "position": number, "item": work} for number, work in enumerate(works, 1)]
    return {"@type": "ItemList", "numberOfItems": len(listed), "itemListElement": listed} if listed else {}
