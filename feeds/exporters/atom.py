"""Atom 1.0: https://www.rfc-editor.org/rfc/rfc4287 (relations: RFC 4946 license, WebSub hub).

Entries stand in the order given.  Older ones are in archive documents (RFC 5005, section 4), posts that are gone are
named by tombstones (RFC 6721).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters._entry import (
    Address,
    Content,
    Element,
    Filename,
    Positive,
    artifact_path,
    entry,
    feed_author,
    head,
)
from feeds.exporters._xml import TOMBSTONES, archive_mark
from feeds.model import Artifact, Collection, Exporter, Site
from feeds.text import fixed, legal, rfc3339

_TYPE = "application/atom+xml"
_TOMBSTONES = 100  # in one document


class AtomOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the Atom feeds are written."""

    filename: Filename = "feed.atom"  # in the collection's folder
    limit: Positive = 50  # entries at most
    content: Content = "full"  # "summary" leaves the text of the posts out
    citation: bool = True  # the record of a work above its text
    archive: bool = True  # older entries in archive documents
    hub: Address = ""  # a WebSub hub to name
    max_bytes: Positive = 512_000  # of a document: texts that do not fit give way to their summaries, the oldest first


def render(collection: Collection, site: Site, options: AtomOptions) -> Iterable[Artifact]:
    """The Atom feed of `collection`, or an archive document of it.

    An entry without authors has those of the feed (RFC 4287, section 4.2.1), so the feed names one when an entry
    needs it, or when there is no entry.
    """
    from feeds.exporters import _feedgen

    about = head(collection, site, options.filename, _TYPE, options.hub)
    about = replace(about, extra=(*archive_mark(collection), *_tombstones(collection)))
    entries = [
        entry(item, site, options.content, citation=options.citation, max_bytes=options.max_bytes)
        for item in collection.items[: options.limit]
    ]
    if not entries or not all(e.authors for e in entries):
        about = replace(about, authors=(feed_author(collection, site),))
    yield Artifact(
        path=artifact_path(collection, options.filename, _TYPE),
        media_type=EXPORTER.media_type,
        body=_feedgen.atom(about, entries, options.max_bytes, collection.place.least),
        title=f"{about.title} (Atom)",
    )


def _tombstones(collection: Collection) -> Iterator[Element]:
    """What is gone, the newest first (RFC 6721, section 3).

    What went before the oldest entry was published is left out: whoever last asked before that has missed entries as
    well, and learns from the archives what there is.
    """
    since = collection.items[-1].post.published if collection.items else None
    known = [grave for grave in collection.gone if since is None or grave.when >= since]
    for grave in sorted(known, key=lambda grave: (grave.when, grave.id), reverse=True)[:_TOMBSTONES]:
        stated = (("ref", legal(grave.id)), ("when", rfc3339(fixed(grave.when))))
        yield Element(f"{{{TOMBSTONES}}}deleted-entry", attributes=stated)


EXPORTER = Exporter(
    name="atom",
    description="Atom 1.0 feed of each collection",
    media_type=f"{_TYPE}; charset=utf-8",
    scope="collection",
    options=AtomOptions,
    render=render,
)
