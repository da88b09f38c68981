"""The link set of a work's page: every typed link, and the links back from its files and records.

RFC 9264, section 4.2 (application/linkset+json); https://signposting.org/FAIR/#level2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from feeds.exporters import _signposting as signposting
from feeds.exporters._signposting import LINKSET, TypedLink
from feeds.exporters._work import page_path
from feeds.model import Artifact, Exporter, Item, NoOptions, Site
from feeds.text import address, iri_to_uri, legal, output_path

Context = dict[str, Any]


def page_of(item: Item, site: Site) -> str:
    """The address of the page about the item: one of ours where each work has one, else the post's own."""
    if site.pages and item.work is not None:
        return address(site.feeds_url, page_path(item.post.url, site))
    return iri_to_uri(legal(item.post.url))


def document(item: Item, site: Site) -> Context:
    """The link set; {} for what has no links."""
    found = signposting.links(item, site)
    page = page_of(item, site)
    back = {"href": page, "type": "text/html"}
    rels = {"item": "collection", "describedby": "describes"}
    contexts = [_context(page, found)]
    contexts += [{"anchor": iri_to_uri(one.href), rels[one.rel]: [back]} for one in found if one.rel in rels]
    return {"linkset": contexts} if found else {}


def _context(anchor: str, found: list[TypedLink]) -> Context:
    """The links of one page, by their relation."""
    made: Context = {"anchor": anchor}
    for one in found:
        target = {"href": iri_to_uri(one.href), "type": one.type, "profile": one.profile}
        made.setdefault(one.rel, []).append({name: value for name, value in target.items() if value})
    return made


def _render(item: Item, site: Site, _options: NoOptions) -> Iterator[Artifact]:
    if made := document(item, site):
        body = msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"
        path = output_path(item.post.url, ".linkset.json", site.url)
        title = item.work.title if item.work and item.work.title else item.post.title
        yield Artifact(path=path, media_type=LINKSET, body=body, title=title)


EXPORTER = Exporter(
    name="linkset",
    description="a link set of each work (Signposting)",
    media_type=LINKSET,
    scope="item",
    options=NoOptions,
    render=_render,
    names_others=True,
)
