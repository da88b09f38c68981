"""What OAI-PMH gives of a publication: records, their dates and their sets, and the tokens by which a list goes on.

A harvester that comes twice misses nothing.  It asks for what changed since the `responseDate` of its last visit.  A
record that it did not see then became public after that moment, and the record's datestamp is never earlier than the
moment at which it became public: see `_files.public_since`; a second is added, for a file system's clock lags behind by
some milliseconds and seconds are cut off.  Should a datestamp be too late, the record is harvested once more.

Within a list nothing is missed either: records come in the order of their identifiers, and a token says which one was
the last.  Whatever is published between two pages, a record that did not change keeps its place behind it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from feeds.identity import Entry
from feeds.model import Tombstone
from feeds.server._files import MARGIN, public_since
from feeds.server._snapshot import Snapshot, local, stamp_of
from feeds.settings import CollectionConfig

EXPORT = "oai-dc"  # exporter of what is given
PAGE = 100  # records, or sets, a response


class Record(Struct, frozen=True):
    """One record; a deleted one has no file."""

    identifier: str
    changed: int  # datestamp, seconds since 1970
    sets: frozenset[str]
    path: str  # of its oai_dc, below the output; "": deleted


class Token(Struct, frozen=True, array_like=True):
    """Where a list goes on: all that there is to know, for the server keeps nothing."""

    verb: str
    after: str  # the last identifier, or set, of the page before
    cursor: int  # how many came before
    from_: int | None = None
    until: int | None = None
    set: str = ""


def encoded(token: Token) -> str:
    """A token as text that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")


def decoded(value: str) -> Token | None:
    """The token that was given out as `value`; None when none was."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        token = msgspec.json.decode(raw, type=Token)
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return None
    return token if token.cursor >= 0 else None


def identifier(ident: str, snapshot: Snapshot) -> str:
    """OAI identifier of an id (https://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm)."""
    return f"oai:{host(snapshot)}:{local(ident)}"


def host(snapshot: Snapshot) -> str:
    """The site's host, under which its identifiers are."""
    return urlsplit(snapshot.site.url).hostname or "localhost"


def is_offered(snapshot: Snapshot) -> bool:
    """Is there any record to give?"""
    return any(EXPORT in made for made in snapshot.documents.values())


@lru_cache(maxsize=1)
def records(snapshot: Snapshot) -> Mapping[str, Record]:
    """Every record by its identifier, in the order of identifiers."""
    found = {record.identifier: record for record in _deleted(snapshot)}
    found.update((record.identifier, record) for record in _living(snapshot))
    return {name: found[name] for name in sorted(found)}


def _living(snapshot: Snapshot) -> Iterator[Record]:
    for owner, made in snapshot.documents.items():
        entry = snapshot.posts.get(owner)
        if entry and EXPORT in made:
            mark = stamp_of(f"{snapshot.root}/{made[EXPORT]}")
            changed = int(public_since(mark, snapshot) if mark else snapshot.when) + 1
            yield Record(identifier(entry.id, snapshot), changed, _sets_of(entry), made[EXPORT])


def _deleted(snapshot: Snapshot) -> Iterator[Record]:
    """Tombstones are dated by the beginning of their run; public they were when it had ended."""
    for grave in snapshot.graves:
        began = grave.when.timestamp()
        changed = int(max(began, min(began + MARGIN, snapshot.when))) + 1
        yield Record(identifier(grave.id, snapshot), changed, _sets_of(grave), "")


# ---------------------------------------------------------------------------------------------------- sets


def set_spec(name: str, value: str = "") -> str:
    """A collection, or one value of it, as a setSpec: what that does not allow is written ~XX, in hexadecimal."""
    return ":".join(_escaped(part) for part in (name, value) if part)


def _escaped(name: str) -> str:
    allowed = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!*'()"
    return "".join(chr(byte) if byte in allowed else f"~{byte:02X}" for byte in name.encode())


def _sets_of(one: Entry | Tombstone) -> frozenset[str]:
    plain = (set_spec(name) for name in one.collections)
    each = (spec for name, key, _ in one.values for spec in (set_spec(name), set_spec(name, key)))
    return frozenset((*plain, *each))


@lru_cache(maxsize=1)
def sets(snapshot: Snapshot, collections: tuple[CollectionConfig, ...]) -> Mapping[str, str]:
    """Every set with its name, in the order of their specs."""
    titles = {collection.name: collection for collection in collections}
    found: dict[str, str] = {}
    everything: list[Entry | Tombstone] = [*snapshot.posts.values(), *snapshot.graves]
    for one in everything:
        for name in (*one.collections, *(name for name, _, _ in one.values)):
            found.setdefault(set_spec(name), _title(titles.get(name), name, ""))
        for name, key, value in one.values:
            found.setdefault(set_spec(name, key), _title(titles.get(name), name, value))
    return dict(sorted(found.items()))


def _title(collection: CollectionConfig | None, name: str, value: str) -> str:
    title = collection.title if collection else ""
    if title and (value or "{value}" not in title):
        return title.replace("{value}", value)
    return f"{name}: {value}" if value else name
