"""What a list says of an item, whatever page it is on: made once for all lists, and kept as a line of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import msgspec
from msgspec import Struct

from feeds.exporters import _page_parts as parts
from feeds.exporters import _schema_org as schema
from feeds.exporters._coins import coins
from feeds.exporters._entry import language
from feeds.exporters._exchange import pieces
from feeds.exporters._page_parts import Entry, Link
from feeds.exporters._work import doi_url, page_path, venue
from feeds.model import Collection, Item, Kind, Person, Site
from feeds.text import address, is_web

_NAMES = 10  # printed of one work; a thousand of them would bury its neighbours


class Glance(Struct, frozen=True, array_like=True):
    """What has to be known of every item before any is shown; the beginning of a line."""

    day: str  # when the work appeared, as exact as known (ISO 8601); of a post without a work, its day
    is_work: bool


class Listed(Glance, frozen=True, array_like=True):
    """A whole line."""

    kind: Kind
    title: str
    url: str  # of the post
    doi: str
    lang: str
    authors: tuple[str, ...]  # the first ones
    others: int  # how many more there are
    truncated: bool  # the post itself leaves authors out
    venue: str
    numbers: str  # "7(2), 12–19"
    links: tuple[Link, ...]
    coins: str
    people: msgspec.Raw  # all authors as JSON: only their own lists look at them


_GLANCE = msgspec.json.Decoder(Glance)
_LISTED = msgspec.json.Decoder(Listed)
_PEOPLE = msgspec.json.Decoder(tuple[Person, ...])


def piece(item: Item, _options: Struct) -> bytes:
    """The line of an item."""
    post, work = item.post, item.work
    people = work.authors if work else post.authors
    named = [person.name for person in people if person.name.strip()]
    line = Listed(
        day=(work.date if work else "") or post.published.date().isoformat(),
        is_work=work is not None,
        kind=work.kind if work else "news",
        title=parts.title(item),
        url=post.url,
        doi=work.doi if work else "",
        lang=language(post.lang),
        authors=tuple(named[:_NAMES]),
        others=len(named[_NAMES:]),
        truncated=work.authors_truncated if work else False,
        venue=venue(work) if work else "",
        numbers=parts.numbers(work) if work else "",
        links=tuple(_links(item)),
        coins=coins(item),
        people=msgspec.Raw(msgspec.json.encode(people)),
    )
    return msgspec.json.encode(line) + b"\n"


def _links(item: Item) -> Iterator[Link]:
    if item.work and item.work.doi:
        yield Link(href=doi_url(item.work.doi), label="DOI")
    yield from (Link(href=file.href, label=file.label, type=file.type) for file in parts.files(item))


def lines(collection: Collection, options: Struct) -> list[bytes]:
    """The line of each item of a collection."""
    return [line for run in pieces(collection, piece, options) for line in run.splitlines()]


def glance(line: bytes) -> Glance:
    """The beginning of a line."""
    return _GLANCE.decode(line)


def read(line: bytes) -> Listed:
    """A whole line."""
    return _LISTED.decode(line)


def people(line: bytes) -> tuple[Person, ...]:
    """Everybody who wrote the work or the post."""
    return _PEOPLE.decode(read(line).people)


def entry(one: Listed, site: Site, page: str) -> Entry:
    """An item as a list on `page` shows it: a work leads to its page here, a post to the site."""
    post = one.url if is_web(one.url) else ""
    return Entry(
        title=one.title,
        href=parts.relative(page_path(one.url, site), page) if one.is_work else post,
        kind=one.kind.capitalize(),
        date=parts.date(one.day),
        lang=one.lang,
        authors=one.authors,
        others=one.others,
        truncated=one.truncated,
        venue=one.venue,
        numbers=one.numbers,
        links=one.links,
        coins=one.coins,
    )


def node(one: Listed, shown: Entry, site: Site, page: str) -> schema.Node:
    """The same as a schema.org node: what it is, and where its page is; of news, the post."""
    url = urljoin(address(site.feeds_url, page), shown.href) if shown.href else ""
    return schema.filled({"@type": schema.TYPES[one.kind], "@id": doi_url(one.doi), "name": one.title, "url": url})
