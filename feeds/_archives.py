"""Which items each document of a feed holds: archive documents, and the feed as it is now (RFC 5005, section 4).

The items, the oldest first, are cut into runs.  Where a run ends is said by the ids in it, not by how many items come
before it: a post that comes, goes or moves changes the runs that it is in, and the others stay as they are under the
addresses that they have.  Nothing needs to be remembered for that.  A run that has ended is an archive document; the
last one is still open, and all of it is in the feed.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from feeds import text
from feeds.model import Place, Row

_USUAL = 32  # items in a run, on average, where the limit is far away


class Document(Struct, frozen=True):
    """One document of a feed."""

    place: Place
    rows: Sequence[Row]  # newest first


def documents(rows: Sequence[Row], limit: int, max_bytes: int) -> list[Document]:
    """The documents of a feed of `rows` (newest first): its archives, the oldest first, then the feed as it is now.

    None has more than `limit` items, nor more than fit into `max_bytes` without their texts.  When all of them fit
    into the feed, it has no archives.
    """
    room = int(0.9 * max_bytes)  # the rest is for what the feed says of itself
    if len(rows) <= limit and sum(map(_bytes, rows)) <= room:
        return [Document(Place(least=len(rows)), rows)]
    *closed, last = _runs(rows, limit, room)
    names = ["", *(_name(run[-1]) for run in closed), ""]
    made = []
    for number, run in enumerate(closed, 1):
        place = Place(name=names[number], older=names[number - 1], newer=names[number + 1], least=len(run))
        made.append(Document(place, run[::-1]))
    return [*made, Document(Place(older=names[-2], least=len(last)), rows[:limit])]


def _runs(rows: Sequence[Row], limit: int, room: int) -> list[list[Row]]:
    """The runs, the oldest first and each the oldest first; the last one is open, and may be empty."""
    usual = max(min(_USUAL, limit // 2), 1)  # where the limit would cut most runs short, they end earlier
    runs: list[list[Row]] = [[]]
    taken = 0
    for row in reversed(rows):
        size = _bytes(row)
        if runs[-1] and (len(runs[-1]) == limit or taken + size > room):
            runs.append([])
            taken = 0
        runs[-1].append(row)
        taken += size
        if int(text.digest(row.id.encode()), 16) % usual == 0:
            runs.append([])
            taken = 0
    return runs


def _name(last: Row) -> str:
    return f"{last.published.date().isoformat()}-{text.digest(last.id.encode())[:12]}"


def _bytes(row: Row) -> int:
    """What an item takes without its text, in the most talkative format, amply: above all its authors."""
    names = "".join([person.name for person in row.authors])
    return 3_000 + 2 * len(row.title.encode()) + 120 * len(row.authors) + len(names.encode())
