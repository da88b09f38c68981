"""What services answered, one small file an answer: what is lost or damaged is asked again.  Private.

<folder>/crossref/3f/3f…e1.json     a digest of what follows, and what was answered to one address
<folder>/crossref/rest              until when the service wants to be left alone, and why
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from feeds import _copies
from feeds.enrichment._record import Record
from feeds.text import digest

VERSION = "1"  # of these files; with another one everything is asked again


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service said last of what is at an address."""

    asked: str = ""  # ISO 8601, when it said so; "": it never did
    failed: str = ""  # when it failed to, since then
    records: tuple[Record, ...] = ()  # none: unknown there


class Rest(Struct, frozen=True):
    """How long a service is left alone."""

    until: str  # ISO 8601
    why: str


def load(folder: Path, service: str, address: str) -> Answer | None:
    """The last answer; None when there is none that can be trusted."""
    body = _load(_file(folder, service, address))
    try:
        return msgspec.json.decode(body, type=Answer) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def save(folder: Path, service: str, address: str, answer: Answer) -> None:
    """Keep an answer.  Raises OSError."""
    _save(_file(folder, service, address), msgspec.json.encode(answer))


def load_rest(folder: Path, service: str) -> Rest | None:
    """How long the service is left alone; None when it may be asked."""
    body = _load(folder / service / "rest")
    try:
        return msgspec.json.decode(body, type=Rest) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def save_rest(folder: Path, service: str, rest: Rest) -> None:
    """Leave a service alone.  Raises OSError."""
    _save(folder / service / "rest", msgspec.json.encode(rest))


def _file(folder: Path, service: str, address: str) -> Path:
    name = digest(f"{VERSION} {address}".encode())
    return folder / service / name[:2] / f"{name}.json"


def _load(file: Path) -> bytes:
    check, _, body = _copies.content(file).partition(b"\n")
    return body if check.decode("ascii", "replace") == digest(body) else b""


def _save(file: Path, body: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    _copies.write(file, digest(body).encode() + b"\n" + body)
