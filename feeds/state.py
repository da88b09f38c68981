"""The SQLite state: what the last run learned of each post, so that the next one can skip it.

It is a cache.  Thrown away, corrupted, locked or from another version, it is begun anew, and the next run reads
everything again to the same result: what must survive is in the published manifest.  Every row carries a checksum,
because a damaged page of SQLite can read back as a plausible row.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from feeds import text
from feeds.merging import Claim
from feeds.model import Item, Problem, Row

VERSION = 11  # raise with any change of the tables or of a struct in them: the cache is then begun anew


class Damaged(Exception):
    """The state does not hold what it should: begin it anew and read everything again."""


class Stat(Struct, frozen=True, array_like=True, gc=False):
    """What tells a file apart without reading it."""

    size: int
    mtime_ns: int
    inode: int


def stat_of(file: str | Path) -> Stat | None:
    """Size, mtime and inode of a file; None when there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 - of every post in every run: a Path costs more than the answer
    except (OSError, ValueError):
        return None
    return Stat(found.st_size, found.st_mtime_ns, found.st_ino)


class Known(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is known of one post, without its bodies."""

    stat: Stat
    digest: str  # of the file's bytes
    fingerprint: str  # of what else its reading depended on
    stamp: str = ""  # Tree.stamps of it
    rendering: str = ""  # fingerprint of what its item artifacts depended on; "" when there are none
    racy: bool = False  # written so shortly before it was read that a later write may not show in its mtime
    depends: tuple[tuple[str, Stat | None], ...] = ()  # other files of the source that it was read with
    content: str = ""  # Item.digest
    own: str = ""  # Item.own
    claim: Claim | None = None  # what it says it is, by itself
    evidence: str = ""  # digest of what others say of its work, as far as that went into it
    wanted: str = ""  # what may be asked about its work, as JSON (enrichment.Wanted); "": nothing
    answered: str = ""  # digest of what services said, as far as that went into it
    absorbed: str = ""  # "source:path" of the item that is published in its place
    stated: str = ""  # id that the front matter states
    listed: str = ""  # digest of the list pages that its artifacts name
    row: Row | None = None  # None: there is no post (withheld, broken)
    not_before: datetime | None = None  # the instants between which the post is visible
    expires: datetime | None = None
    hidden: bool = False  # kept out of feeds and sitemap: nothing of it is published
    withheld: str = ""
    problems: tuple[Problem, ...] = ()


class State:
    """An open state.  `save` makes what was put into it the next run's knowledge; without it nothing changes."""

    def __init__(self, path: Path | None) -> None:
        self._db = _open(path)
        self._checks: dict[str, str] | None = None

    def known(self) -> dict[str, Known]:
        """Everything known, by "source:path"; damaged rows are left out."""
        found: dict[str, Known] = {}
        checks: dict[str, str] = {}
        decoder = msgspec.json.Decoder(Known)
        try:
            for key, blob, check, checks[key] in self._db.execute("SELECT key, known, checked, item FROM posts"):
                if isinstance(key, str) and isinstance(blob, bytes) and _check(key, blob) == check:
                    found[key] = decoder.decode(blob)
        except (sqlite3.Error, msgspec.MsgspecError, TypeError):
            return {}
        self._checks = checks
        return found

    def item(self, key: str) -> Item | None:
        """The item of a post; None when it is not known or damaged."""
        with suppress(msgspec.MsgspecError):
            return _item.decode(said) if (said := self._text(key)) else None
        return None

    def _text(self, key: str) -> bytes:
        with suppress(sqlite3.Error, TypeError):
            row = self._db.execute("SELECT item, checked FROM items WHERE key = ?", (key,)).fetchone()
            if row and _check(key, row[0]) == row[1]:
                return bytes(row[0])
        return b""

    def text(self, key: str) -> bytes:
        """The item of a post that is known, as JSON; raises Damaged when it is not there after all."""
        if said := self._text(key):
            return said
        raise Damaged(key)

    def needed(self, key: str) -> Item:
        """The item of a post that is known; raises Damaged when it is not there after all."""
        item = self.item(key)
        if item is None:
            raise Damaged(key)
        return item

    def check(self, key: str) -> str:
        """Digest of the item of a post, as it was put."""
        try:
            row = self._db.execute("SELECT item FROM posts WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            raise Damaged(key) from None
        return str(row[0]) if row else ""

    def put(self, key: str, known: Known, item: bytes) -> None:
        """Note what was learned of a post: its `item` as JSON, b"" without one."""
        light, check = msgspec.json.encode(known), _check(key, item)
        self._db.execute("INSERT OR REPLACE INTO posts VALUES (?, ?, ?, ?)", (key, light, _check(key, light), check))
        self._db.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", (key, item, check))
        if self._checks is not None:
            self._checks[key] = check

    def forget(self, keys: Iterable[str]) -> None:
        """Drop posts that are no more."""
        gone = [(key,) for key in keys]
        self._db.executemany("DELETE FROM posts WHERE key = ?", gone)
        self._db.executemany("DELETE FROM items WHERE key = ?", gone)

    def note(self, name: str) -> str:
        """A note of the last run, "" when there is none."""
        try:
            found = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error:
            return ""
        return str(found[0]) if found else ""

    def set_note(self, name: str, value: str) -> None:
        """Leave a note for the next run."""
        self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def checks(self) -> dict[str, str]:
        """Digest of every item, as it was put."""
        if self._checks is None:
            try:
                self._checks = dict(self._db.execute("SELECT key, item FROM posts"))
            except sqlite3.Error:
                raise Damaged("posts") from None
        return self._checks

    def names_of_pieces(self, document: str) -> set[str]:
        """Under which names there are pieces of a document."""
        with suppress(sqlite3.Error):
            return {name for (name,) in self._db.execute("SELECT name FROM pieces WHERE document = ?", (document,))}
        return set()

    def pieces(self, document: str, name: str) -> bytes | None:
        """Pieces of a document; None when there are none of that name, or damaged ones."""
        with suppress(sqlite3.Error, TypeError):
            found = self._db.execute(
                "SELECT pieces, checked FROM pieces WHERE document = ? AND name = ?", (document, name)
            ).fetchone()
            if found and _check(name, found[0]) == found[1]:
                return bytes(found[0])
        return None

    def put_pieces(self, document: str, name: str, pieces: bytes) -> None:
        """Note pieces of a document."""
        row = (document, name, pieces, _check(name, pieces))
        self._db.execute("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?)", row)

    def drop_pieces(self, document: str, names: Iterable[str]) -> None:
        """Drop pieces that a document no longer has."""
        gone = [(document, name) for name in names]
        self._db.executemany("DELETE FROM pieces WHERE document = ? AND name = ?", gone)

    def keep_pieces(self, documents: Iterable[str]) -> None:
        """Drop the pieces of all other documents."""
        wanted = set(documents)
        found = {document for (document,) in self._db.execute("SELECT DISTINCT document FROM pieces")}
        self._db.executemany("DELETE FROM pieces WHERE document = ?", [(name,) for name in sorted(found - wanted)])

    def rest(self) -> bytes:
        """What the last run rested on (feeds.rest); b"" when there is nothing of the kind."""
        with suppress(sqlite3.Error, TypeError):
            row = self._db.execute("SELECT value, checked FROM rest").fetchone()
            if row and _check("", row[0]) == row[1]:
                return bytes(row[0])
        return b""

    def set_rest(self, value: bytes) -> None:
        """Note what this run rests on; b"": it does not."""
        self._db.execute("DELETE FROM rest")
        if value:
            self._db.execute("INSERT INTO rest VALUES (?, ?)", (value, _check("", value)))

    def save(self) -> None:
        """Keep all that was put and forgotten since the state was opened."""
        self._db.commit()

    def close(self) -> None:
        """Close without saving."""
        self._db.rollback()
        self._db.close()


_item = msgspec.json.Decoder(Item)


def _check(key: str, blob: bytes) -> str:
    return text.digest(key.encode() + b"\0" + blob)


def _open(path: Path | None) -> sqlite3.Connection:
    """The database at `path`; a fresh one in its place when it cannot be used; in memory when that fails too."""
    if path is None:
        return _prepare(sqlite3.connect(":memory:", check_same_thread=False))
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepare(sqlite3.connect(path, timeout=2, check_same_thread=False))
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                break
            discard(path)
        except (sqlite3.Error, OSError):
            discard(path)
    return _open(None)


def _prepare(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, VERSION):
            raise sqlite3.DatabaseError("another version")
        db.execute("PRAGMA synchronous = OFF")  # a cache: what a power cut loses is read again
        db.execute(
            "CREATE TABLE IF NOT EXISTS posts"
            " (key TEXT PRIMARY KEY, known BLOB, checked TEXT, item TEXT) WITHOUT ROWID"  # item: digest of it
        )
        db.execute("CREATE TABLE IF NOT EXISTS items (key TEXT PRIMARY KEY, item BLOB, checked TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        db.execute(
            "CREATE TABLE IF NOT EXISTS pieces (document TEXT, name TEXT, pieces BLOB, checked TEXT,"
            " PRIMARY KEY (document, name))"
        )
        db.execute("CREATE TABLE IF NOT EXISTS rest (value BLOB, checked TEXT)")
        db.execute(f"PRAGMA user_version = {VERSION:d}")
        db.execute("SELECT count(*) FROM posts").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


def discard(path: Path) -> None:
    """Throw a state away."""
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)
