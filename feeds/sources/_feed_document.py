"""What a feed says, whatever its format: plain values, nothing judged or cleaned yet.  Private to sources.

Atom (RFC 4287), RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (http://purl.org/rss/1.0/spec) and
older, JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from feeds.model import Attachment
from feeds.sources import _feed_dates
from feeds.sources._feed_repair import as_utf8
from feeds.text import digest, legal, squeeze

LIMIT = 10_000_000  # bytes of one document
MOST = 5_000  # entries of one document
HEAD = 2048  # bytes that give a feed away

_WIDE = {b"\xff\xfe", b"\xfe\xff", b"\x00\x00"}  # how byte order marks of more than a byte a character begin
_ROOT = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?[^>]*+>)*+"
    r"<(?:[\w.-]{1,30}:)?(rss|feed|RDF)[\s>]"
)
_NAMESPACES = {
    "rss": ("",),
    "feed": ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns"),
    "RDF": ("http://purl.org/rss/", "http://my.netscape.com/rdf/simple/", "http://channel.netscape.com/rdf/simple/"),
}


class BadFeed(ValueError):
    """The document cannot be used: it is cut off, too large, or no feed at all."""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry as its feed states it."""

    id: str = ""
    url: str = ""  # absolute, or "" when none is stated
    title: str = ""  # plain text
    published: tuple[str, ...] = ()  # dates as written, the most telling first
    updated: str = ""
    authors: tuple[dict[str, str], ...] = ()  # name, url, orcid, email
    tags: tuple[str, ...] = ()
    summary: str = ""  # HTML as it came
    html: str = ""  # HTML as it came
    base: str = ""  # what relative addresses in the HTML are relative to
    lang: str = ""
    image: str = ""
    attachments: tuple[Attachment, ...] = ()
    front: dict[str, Any] = {}  # what it says of a work, under the names that scholarly knows


class Feed(Struct, frozen=True, kw_only=True):
    """One document."""

    title: str = ""
    description: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    deleted: Mapping[str, str] = {}  # id of an entry that its feed took back (RFC 6721) → when
    problems: tuple[str, ...] = ()


def is_feed(head: bytes) -> bool:
    """Does a document begin like a feed?"""
    text = decoded(head[:HEAD]).lstrip("\ufeff")
    if text.lstrip().startswith("{"):
        return "jsonfeed.org/version" in text.replace("\\/", "/")
    root = _ROOT.match(text)
    return root is not None and any(namespace in text for namespace in _NAMESPACES[root[1]])


def decoded(data: bytes) -> str:
    """The characters of a document, right as far as they are ASCII."""
    return (
        as_utf8(data[: len(data) & ~3] if data[:2] in _WIDE else data).removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    )


def parse(data: bytes, address: str) -> Feed:
    """Read a document that came from `address` ("" when that is not known).  Raises BadFeed, and nothing else."""
    if len(data) > LIMIT:
        raise BadFeed(f"the feed has more than {LIMIT:,} bytes")
    if not is_feed(data):
        raise BadFeed("this is no feed")
    from feeds.sources import _feed_json, _feed_xml

    is_json = decoded(data[:HEAD]).lstrip("\ufeff \t\r\n").startswith("{")
    feed = (_feed_json.parse if is_json else _feed_xml.parse)(data, address)
    if len(feed.entries) > MOST:
        message = f"the feed has {len(feed.entries):,} entries: the first {MOST:,} are read"
        feed = msgspec.structs.replace(feed, entries=feed.entries[:MOST], problems=(*feed.problems, message))
    return feed


def entries(feed: Feed) -> tuple[dict[str, Entry], list[str]]:
    """The entries of a feed by name, the newest of each, and what is wrong with the others."""
    found: dict[str, Entry] = {}
    wrong: list[str] = []
    for entry in feed.entries:
        name = name_of(entry)
        other = found.setdefault(name, entry)
        if _feed_dates.is_later(entry.updated, other.updated):
            found[name] = entry
        elif other != entry and not _feed_dates.is_later(other.updated, entry.updated):
            wrong.append(f"two entries have the id {entry.id[:80]!r}: the second, {entry.title[:60]!r}, is left out")
    return found, wrong


def taken_back(feed: Feed, found: Mapping[str, Entry]) -> dict[str, str]:
    """Names of the entries that a feed has taken back and not published again since, and when that was."""
    gone = {name_of_id(ident): when for ident, when in feed.deleted.items()}
    return {n: w for n, w in gone.items() if n not in found or not _feed_dates.is_later(found[n].updated, w)}


def name_of(entry: Entry) -> str:
    """What an entry is called below its source: its id, else its address, readable and without a slash."""
    return name_of_id(entry.id or entry.url or digest(f"{entry.title}\n{entry.published}".encode()))


def name_of_id(ident: str) -> str:
    """An id as a name; one that is very long is cut, and told apart by its digest."""
    name = quote(squeeze(legal(ident)), safe=":@,")
    return name if len(name) <= 200 else f"{name[:160]}~{digest(name.encode())}"


def stamp(entry: Entry) -> str:
    """Digest of everything that an entry says."""
    return digest(msgspec.json.encode(entry, order="sorted"))
