"""The documents that a feed is kept in, and which of them speaks of which entry.  Private to sources.

What was fetched (feeds.fetching) has `fetched.json` beside it, which says where it came from, and the former documents
in `earlier/`: the newest that speaks of an entry counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from feeds.errors import SourceError
from feeds.model import Problem
from feeds.sources import _feed_document, _pages, _walk
from feeds.sources._feed_document import BadFeed, Entry, Feed

FETCHED = "fetched.json"
_EARLIER = "earlier"
_SUFFIXES = frozenset({"", ".atom", ".feed", ".json", ".rdf", ".rss", ".xml"})


class _Fetched(Struct, frozen=True):
    """What feeds.fetching says of the copy beside it."""

    copy: str
    address: str = ""


class Found(Struct):
    """What the documents hold: by path of an entry …"""

    parts: dict[str, str] = msgspec.field(default_factory=dict)  # the document that counts
    stamps: dict[str, str] = msgspec.field(default_factory=dict)  # digest of what it says
    names: dict[str, str] = msgspec.field(default_factory=dict)  # its name in the document
    deleted: dict[str, str] = msgspec.field(default_factory=dict)  # when its feed took it back
    addresses: dict[str, str] = msgspec.field(default_factory=dict)  # document → where it came from
    heads: list[Feed] = msgspec.field(default_factory=list)  # the newest document of each feed, without entries
    problems: list[Problem] = msgspec.field(default_factory=list)


def find(place: Path, root: Path) -> Found:
    """Every entry of the document at `place`, or of those in that folder.

    Raises SourceError when one of them is not whole: the entries that are missing would count as taken back.
    """
    found = Found()
    for prefix, documents, address in _documents(place, found.problems):
        found.addresses |= dict.fromkeys(documents, address)
        gone: dict[str, str] = {}
        for document in documents:
            _collect(root, prefix, document, address, gone, found, is_newest=document == documents[0])
    return found


def is_feed(root: Path, name: str) -> bool:
    """Is a file of a folder a feed, by its ending and its beginning?"""
    return Path(name).suffix.lower() in _SUFFIXES and _feed_document.is_feed(head(root / name))


def head(file: Path) -> bytes:
    """The beginning of a file; nothing when it cannot be read."""
    try:
        return _walk.content(file, _feed_document.HEAD)
    except OSError:
        return b""


def _documents(place: Path, problems: list[Problem]) -> Iterator[tuple[str, list[str], str]]:
    """Each feed: the beginning of its entries' paths, its documents with the newest first, and its address."""
    folder, names = (place, None) if place.is_dir() else (place.parent, [place.name])
    fetched = _fetched(folder)
    if fetched and (names is None or names == [fetched.copy]):
        has_earlier = _walk.has_folder(folder, _EARLIER)
        earlier = [e.path for e in _walk.files(folder, _EARLIER, problems)] if has_earlier else []
        kept = sorted((path for path in earlier if not path.endswith(".part")), reverse=True)
        yield "feed", [fetched.copy, *kept], fetched.address
        return
    if names is None:
        names = [e.path for e in _walk.files(folder, "", problems) if is_feed(folder, e.path)]
    for name in names:
        yield name, [name], ""


def _fetched(folder: Path) -> _Fetched | None:
    try:
        file = _walk.inside(folder, FETCHED)
        found = msgspec.json.decode(_walk.content(file), type=_Fetched) if file else _Fetched("")
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if _walk.inside(folder, found.copy) else None


def _collect(
    root: Path, prefix: str, document: str, address: str, gone: dict[str, str], found: Found, *, is_newest: bool
) -> None:
    """Add the entries of a document that no newer one speaks of; `gone` are those that newer ones take back."""
    try:
        listing = _listing(root / document, version(root / document), address)
    except (OSError, BadFeed) as error:
        if is_newest:
            message = (error.strerror if isinstance(error, OSError) else "") or str(error)
            raise SourceError(message, where=str(root / document), hint="put back a whole document") from error
        found.problems.append(_pages.odd(document, f"left out: {error}", "remove the file"))
        return
    if is_newest:
        found.heads.append(listing.head)
        hint = "tell whoever publishes it"
        found.problems += [_pages.odd(document, message, hint) for message in listing.wrong]
    for name, stamp in listing.stamps.items():
        path = f"{prefix}#{name}"
        if path not in found.parts:
            when = listing.gone.get(name) or gone.get(name, "")
            found.parts[path], found.names[path], found.stamps[path] = document, name, stamp + when
            found.deleted |= {path: when} if when else {}
    for name, when in listing.gone.items():
        path = f"{prefix}#{name}"
        if path not in found.parts or path in found.deleted:
            gone.setdefault(name, when)


class _Listing(Struct, frozen=True):
    """What a document holds, without the entries themselves."""

    head: Feed
    stamps: dict[str, str]
    gone: dict[str, str]
    wrong: tuple[str, ...]


Version = tuple[int, int, int]  # of a file: as long as it is the same, so is what was read


def version(file: Path) -> Version:
    """The state of a file; OSError when it is gone."""
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


@lru_cache(maxsize=1024)
def _listing(file: Path, version: Version, address: str) -> _Listing:
    feed, found = content(file, version, address)
    wrong = _feed_document.entries(feed)[1]
    stamps = {name: _feed_document.stamp(entry) for name, entry in found.items()}
    gone = {name: when or "an unknown day" for name, when in _feed_document.taken_back(feed, found).items()}
    return _Listing(structs.replace(feed, entries=()), stamps, gone, (*feed.problems, *wrong))


@lru_cache(maxsize=2)
def content(file: Path, _version: Version, address: str) -> tuple[Feed, dict[str, Entry]]:
    """A document and its entries; posts of one document are read one after the other."""
    feed = _feed_document.parse(_walk.content(file, _feed_document.LIMIT + 1), address)
    return feed, _feed_document.entries(feed)[0]
