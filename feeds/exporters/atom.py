"""Atom 1.0: https://www.rfc-editor.org/rfc/rfc4287 (relations: RFC 4946 license, WebSub hub).

Entries stand in the order given.  What does not fit into `max_bytes` is left out, the oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters import _feedgen
from feeds.exporters._entry import Address, Content, Filename, Positive, artifact_path, entry, feed_author, head
from feeds.model import Artifact, Collection, Exporter, Site

_TYPE = "application/atom+xml"


class AtomOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the Atom feeds are written."""

    filename: Filename = "feed.atom"  # in the collection's folder
    limit: Positive = 50  # entries at most
    content: Content = "full"  # "summary" leaves the text of the posts out
    citation: bool = True  # the record of a work above its text
    hub: Address = ""  # a WebSub hub to name
    max_bytes: Positive = 512_000  # a text that alone is larger gives way to its summary


def render(collection: Collection, site: Site, options: AtomOptions) -> Iterable[Artifact]:
    """The Atom feed of `collection`.

    An entry without authors has those of the feed (RFC 4287, section 4.2.1), so the feed names one when an entry
    needs it, or when there is no entry.
    """
    path = artifact_path(collection, options.filename)
    about = head(collection, site, path, _TYPE, options.hub)
    entries = [
        entry(item, site, options.content, citation=options.citation, max_bytes=options.max_bytes)
        for item in collection.items[: options.limit]
    ]
    if not entries or not all(e.authors for e in entries):
        about = replace(about, authors=(feed_author(collection, site),))
    body = _feedgen.atom(about, entries, options.max_bytes)
    yield Artifact(path=path, media_type=EXPORTER.media_type, body=body, title=f"{about.title} (Atom)")


EXPORTER = Exporter(
    name="atom",
    description="Atom 1.0 feed of each collection",
    media_type=f"{_TYPE}; charset=utf-8",
    scope="collection",
    options=AtomOptions,
    render=render,
)
