"""How much of a feed goes into a document of limited size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TypeVar

from msgspec.structs import replace

from feeds.exporters._entry import Entry

Part = TypeVar("Part")


def fitting(
    entries: Sequence[Entry],
    make: Callable[[int, Entry], Part],
    size: Callable[[Part], int],
    room: int,
    least: int = 1,
) -> list[Part]:
    """The parts of a document for as many of `entries`, from the first, as `room` bytes hold; `least` in any case.

    `make` gets an entry and its number.  Where not all of them fit as they are, the oldest give up their text for
    their summary.  When the summaries alone would fill half of the room, the oldest are left out, so that the newest
    keep their text.
    """
    full = [make(n, entry) for n, entry in enumerate(entries)]
    sizes = [size(part) for part in full]
    if sum(sizes) <= room:
        return full
    brief = [make(n, replace(entry, content="")) for n, entry in enumerate(entries)]
    small = [size(part) for part in brief]
    kept = max(bisect_right(list(accumulate(small)), room // 2), min(least, len(entries)))
    used = sum(small[:kept])
    chosen = []
    for n in range(kept):
        fits = used + sizes[n] - small[n] <= room
        used += sizes[n] - small[n] if fits else 0
        chosen.append(full[n] if fits else brief[n])
    while len(chosen) < len(entries) and used + small[len(chosen)] <= room:
        used += small[len(chosen)]
        chosen.append(brief[len(chosen)])
    return chosen
