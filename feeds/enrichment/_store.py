"""What services answered, in SQLite: a cache; what is lost or damaged is asked again.  Private.

Every row carries a checksum, because a damaged page of SQLite can read back as a plausible row.  Each answer is
committed before the next question: a run that is killed has lost nothing.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from feeds.enrichment._record import Record
from feeds.text import digest

VERSION = 1  # raise with any change of the structs below: everything is then asked again
T = TypeVar("T")


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service said last of what is at an address."""

    asked: str = ""  # ISO 8601, when it said so; "": it never did
    failed: str = ""  # when it failed to, since then
    records: tuple[Record, ...] = ()  # none: unknown there


class Rest(Struct, frozen=True):
    """How long a service is left alone."""

    until: str  # ISO 8601
    why: str


class Store:
    """An open cache.  With `writable` false there may be none, and nothing is written."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.file = folder / "answers.sqlite"
        self._db = self._open(writable)

    @property
    def is_open(self) -> bool:
        """Is there a file?"""
        return self._db is not None

    def answer(self, address: str) -> Answer | None:
        """The last answer; None when there is none that can be trusted."""
        return self._load(address, Answer)

    def rest(self, service: str) -> Rest | None:
        """How long the service is left alone; None when it may be asked."""
        return self._load(f"rest {service}", Rest)

    def keep_answer(self, address: str, answer: Answer) -> None:
        """Keep an answer for good.  Raises OSError and sqlite3.Error."""
        self._save(address, answer)

    def keep_rest(self, service: str, rest: Rest) -> None:
        """Leave a service alone.  Raises OSError and sqlite3.Error."""
        self._save(f"rest {service}", rest)

    def close(self) -> None:
        """Close the file."""
        if self._db:
            self._db.close()

    def _load(self, name: str, kind: type[T]) -> T | None:
        if self._db is None:
            return None
        with suppress(sqlite3.Error, msgspec.MsgspecError, UnicodeDecodeError, TypeError):
            row = self._db.execute("SELECT body, checksum FROM answers WHERE name = ?", (name,)).fetchone()
            if row and _checksum(name, row[0]) == row[1]:
                return msgspec.json.decode(row[0], type=kind)
        return None

    def _save(self, name: str, value: Struct) -> None:
        if self._db is None:
            raise OSError("it cannot be opened")
        body = msgspec.json.encode(value)
        row = (name, body, _checksum(name, body))
        try:
            self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", row)
        except sqlite3.OperationalError:  # no room, or locked
            raise
        except sqlite3.DatabaseError:  # damaged: begin it anew
            self._db.close()
            self._discard()
            self._db = self._begin()
            self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", row)

    def _open(self, writable: bool) -> sqlite3.Connection | None:
        if not writable and not self.file.is_file():
            return None
        with suppress(sqlite3.Error, OSError):
            return self._begin()
        if not writable:
            return None
        with suppress(sqlite3.Error, OSError):
            self._discard()
            return self._begin()
        return None

    def _begin(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.file, timeout=5, isolation_level=None)
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] not in (0, VERSION):
                raise sqlite3.DatabaseError("another version")
            made = "name TEXT PRIMARY KEY, body BLOB, checksum TEXT"
            db.execute(f"CREATE TABLE IF NOT EXISTS answers ({made}) WITHOUT ROWID")
            db.execute(f"PRAGMA user_version = {VERSION:d}")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _discard(self) -> None:
        for ending in ("", "-journal"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)


def _checksum(name: str, body: bytes) -> str:
    return digest(name.encode() + b"\0" + body)
