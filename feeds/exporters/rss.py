"""RSS 2.0: https://www.rssboard.org/rss-specification, with Dublin Core elements 1.1, PRISM 2.0 and content:encoded.

Where a post has no summary, its text is the `description`, as the specification has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters._entry import Address, Content, Element, Filename, Positive, artifact_path, entry, head
from feeds.exporters._prism import record
from feeds.exporters._xml import archive_mark
from feeds.model import Artifact, Collection, Exporter, Site

_TYPE = "application/rss+xml"
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class RssOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the RSS feeds are written."""

    filename: Filename = "feed.rss"  # in the collection's folder
    limit: Positive = 50  # items at most
    content: Content = "full"  # "summary" leaves the text of the posts out
    citation: bool = True  # the record of a work above its text
    archive: bool = False  # older items in archive documents
    hub: Address = ""  # a WebSub hub to name
    max_bytes: Positive = 512_000  # of a document: texts that do not fit give way to their summaries, the oldest first
    ttl: Positive | None = None  # minutes a reader may keep the feed before it asks again
    skip_days: tuple[Day, ...] = ()  # days on which readers need not ask


def render(collection: Collection, site: Site, options: RssOptions) -> Iterable[Artifact]:
    """The RSS feed of `collection`, or an archive document of it (RFC 5005, section 4)."""
    from feeds.exporters import _feedgen

    about = head(collection, site, options.filename, _TYPE, options.hub)
    about = replace(about, extra=(*_channel(options), *archive_mark(collection)))
    items = [
        entry(i, site, options.content, tuple(record(i)), citation=options.citation, max_bytes=options.max_bytes)
        for i in collection.items[: options.limit]
    ]
    yield Artifact(
        path=artifact_path(collection, options.filename, _TYPE),
        media_type=EXPORTER.media_type,
        body=_feedgen.rss(about, items, options.max_bytes, collection.place.least),
        title=f"{about.title} (RSS)",
    )


def _channel(options: RssOptions) -> Iterator[Element]:
    if options.ttl:
        yield Element("ttl", str(options.ttl))
    if options.skip_days:
        yield Element("skipDays", children=tuple(Element("day", d) for d in _WEEK if d in options.skip_days))


EXPORTER = Exporter(
    name="rss",
    description="RSS 2.0 feed of each collection, with Dublin Core and PRISM",
    media_type=f"{_TYPE}; charset=utf-8",
    scope="collection",
    options=RssOptions,
    render=render,
)
