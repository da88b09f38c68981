"""A published file as it is sent: whole, with the hash of exactly these bytes.

A publish never writes into a file but moves another into its place, so what is open stays as it is.  While one is
under way a file may be newer than the snapshot: its hash is taken anew whenever its stat is another.
"""

from __future__ import annotations

import hashlib
import os
from typing import IO

from msgspec import Struct

from feeds.server._snapshot import Snapshot, Stamp, stamp

SMALL = 1_000_000  # bytes that are read at once; of more a piece at a time
PIECE = 262_144
MARGIN = 3600.0  # seconds that a publish takes at most


class Content(Struct, frozen=True, kw_only=True):
    """The bytes of a file: all of them, or open where they are many.  Close it."""

    size: int
    sha256: str
    changed: float  # when it came to be public, seconds since 1970
    body: bytes = b""
    file: IO[bytes] | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self.file:
            self.file.close()


class MissingError(Exception):
    """A file that the manifest names is not there: a publish has removed it, or somebody else."""


def read(path: str, snapshot: Snapshot) -> Content:
    """The file at `path` below the output, which the manifest names.  Raises MissingError."""
    place = os.path.realpath(os.path.join(snapshot.root, path))  # noqa: PTH118 - kept as text, for speed
    if place != os.path.join(snapshot.root, path):  # noqa: PTH118 - a symbolic link is not what was published
        raise MissingError(path)
    try:
        file = open(place, "rb")  # noqa: SIM115, PTH123 - the answer closes it
    except OSError:
        raise MissingError(path) from None
    try:
        content = _content(file, path, snapshot)
    except BaseException:
        file.close()
        raise
    if content.file is None:
        file.close()
    return content


def _content(file: IO[bytes], path: str, snapshot: Snapshot) -> Content:
    found = os.fstat(file.fileno())
    seen, mark = snapshot.seen.get(path), stamp(found)
    body = file.read() if found.st_size <= SMALL else b""
    if seen and seen[0] == mark and (not body or len(body) == found.st_size):
        sha256 = seen[1]
    else:
        sha256 = hashlib.sha256(body).hexdigest() if found.st_size <= SMALL else _hash(file)
        snapshot.seen[path] = (mark, sha256)
    return Content(
        size=len(body) if found.st_size <= SMALL else found.st_size,
        sha256=sha256,
        changed=public_since(mark, snapshot),
        body=body,
        file=file if found.st_size > SMALL else None,
    )


def _hash(file: IO[bytes]) -> str:
    made = hashlib.sha256()
    while piece := file.read(PIECE):
        made.update(piece)
    file.seek(0)
    return made.hexdigest()


def public_since(mark: Stamp, snapshot: Snapshot) -> float:
    """When a file came to be public, in seconds since 1970: never earlier than it truly was, nor in the future.

    Its ctime is when it was moved into place.  Public it became a little later, with the manifest that names it: that
    one, when it is the manifest of now; an earlier one at most `MARGIN` after the move.
    """
    moved = mark[3] / 1e9
    return max(moved, min(moved + MARGIN, snapshot.when))
