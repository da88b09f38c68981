"""The copy of what was fetched, and of a feed the former documents that have what it lacks.  Private to fetching.

A feed holds its newest entries only: a document that is replaced is kept as long as it says something that no other
one says.  Every file is written beside its place, flushed and moved there: a kill leaves the last good copy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from feeds.text import digest

MOST_EARLIER = 200  # former documents of one feed
MOST_EARLIER_BYTES = 50_000_000

# What a document holds that must outlive it: name → digest.  None: nothing does.  ValueError: it is not whole.
Names = Callable[[bytes], dict[str, str] | None]


def replace(folder: Path, old_name: str, name: str, body: bytes, names: Names | None, has_moved: bool) -> int:
    """Put `body` in place of the copy, which becomes a former document if it has entries of the same feed.

    `names` is None for what is no feed.  A feed that `has_moved` to another address is the same one when the two
    documents have an entry in common.  Returns how many former documents there was no room for.
    """
    earlier = folder / "earlier"
    old = content(folder / old_name) if old_name else b""
    held = _held(names, body) if names else {}
    old_held = _held(names, old) if names and old else {}
    is_same = names is not None and (not has_moved or not old_held.keys().isdisjoint(held))
    folder.mkdir(parents=True, exist_ok=True)
    if old != body and old_held and is_same:
        _keep(earlier, old, PurePosixPath(old_name).suffix)
    if old != body or name != old_name:
        write(folder / name, body)
    if old_name and name != old_name:
        (folder / old_name).unlink(missing_ok=True)
    if names and is_same:
        return _tidy(earlier, held, names)
    for file in _former(earlier):
        file.unlink()
    return 0


def _keep(earlier: Path, body: bytes, suffix: str) -> None:
    earlier.mkdir(exist_ok=True)
    number = max((int(file.name[:8]) for file in _former(earlier)), default=0) + 1
    write(earlier / f"{number:08}-{digest(body)[:8]}{suffix}", body)


def _tidy(earlier: Path, held: dict[str, str], names: Names) -> int:
    """Remove the former documents without which just the same is known, and the oldest of too many: how many."""
    files = _former(earlier)
    said = {file: _held(names, content(file)) for file in files}
    whole = _merged([held, *said.values()])
    for file in files:
        others = [held, *(stated for other, stated in said.items() if other != file)]
        if _merged(others) == whole:
            file.unlink()
            del said[file]
    dropped = 0
    while len(said) > MOST_EARLIER or sum(file.stat().st_size for file in said) > MOST_EARLIER_BYTES:
        oldest = min(said)
        oldest.unlink()
        del said[oldest]
        dropped += 1
    return dropped


def _merged(documents: Iterable[dict[str, str]]) -> dict[str, str]:
    """What documents say together, the newest first: of each name what is said first."""
    merged: dict[str, str] = {}
    for document in documents:
        merged = {**document, **merged}
    return merged


def _held(names: Names, body: bytes) -> dict[str, str]:
    with suppress(ValueError):
        return names(body) or {}
    return {}


def _former(earlier: Path) -> list[Path]:
    """Former documents, the newest first."""
    return sorted((f for f in earlier.glob("*") if re.match(r"\d{8}-[0-9a-f]{8}", f.name)), reverse=True)


def content(file: Path) -> bytes:
    """The bytes of a file; none when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def write(file: Path, body: bytes) -> None:
    """Put a whole file in place at once, and for good."""
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
