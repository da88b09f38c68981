"""How much of a feed goes into a document of limited size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import TypeVar

Part = TypeVar("Part")


def fitting(
    full: Sequence[Part],
    brief: Iterable[Part],
    size: Callable[[Part], int],
    room: int,
    least: int = 1,
) -> list[Part]:
    """The parts of a document for as many entries, from the first, as `room` bytes hold; `least` in any case.

    Each entry is in `full` with its text, and in `brief`, which is not looked at when all of that fits, without.
    Otherwise the oldest give up their text for their summary.  When the summaries alone would fill half of the room,
    the oldest are left out, so that the newest keep their text.
    """
    sizes = [size(part) for part in full]
    if sum(sizes) <= room:
        return list(full)
    short = list(brief)
    small = [size(part) for part in short]
    kept = max(bisect_right(list(accumulate(small)), room // 2), min(least, len(full)))
    used = sum(small[:kept])
    chosen = []
    for n in range(kept):
        fits = used + sizes[n] - small[n] <= room
        used += sizes[n] - small[n] if fits else 0
        chosen.append(full[n] if fits else short[n])
    while len(chosen) < len(full) and used + small[len(chosen)] <= room:
        used += small[len(chosen)]
        chosen.append(short[len(chosen)])
    return chosen
