"""How a run grows with the site: full, nothing changed, one post changed, of 1,000 posts to 100,000 or a million.

The posts of a million take 4 GB, and what is made of them more: `--posts 1000000` wants as much memory, or a `--folder`
on a disk.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from compare import CASES, change
from measure import SHARED, Cost, machine, medians, run
from programs import SETTLED, Program, ours, prepare


class Size(NamedTuple):
    """What a site of so many posts costs."""

    posts: int
    costs: dict[str, Cost]  # by case
    state: float  # MB of the state
    output: float  # MB that are published
    files: int  # … in so many files


def grown(count: int, folder: Path, again: int = 3) -> Size:
    """What `count` posts cost: a full build once, the others the median of some rounds."""
    program = ours()
    site = prepare(program, folder, count, folder)
    time.sleep(SETTLED)
    full = run(program.full, site, watch=True)
    unchanged = medians([run(program.again, site, watch=True) for _ in range(again)])
    changed = medians([_changed(program, site) for _ in range(again)])
    sizes = [file.stat().st_size for file in (site / "output").rglob("*") if file.is_file()]
    state = (site / ".output.feeds" / "state.sqlite").stat().st_size
    costs = dict(zip(CASES, (full, unchanged, changed), strict=True))
    return Size(count, costs, state / 1e6, sum(sizes) / 1e6, len(sizes))


def _changed(program: Program, site: Path) -> Cost:
    change(program, site)
    time.sleep(SETTLED)
    return run(program.again, site, watch=True)


def head() -> list[str]:
    """The head of the table."""
    names = [f"{case}: wall s | CPU s | MB" for case in CASES]
    columns = f"{' | '.join(names)} | full: CPU µs a post | state MB | output MB | files"
    return [f"| posts | {columns} |", f"|{' --: |' * (columns.count('|') + 2)}"]


def row(size: Size) -> str:
    """One size as a row of the table."""
    figures = [f"{cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f}" for cost in size.costs.values()]
    figures.append(f"{size.costs['full'].cpu / size.posts * 1e6:.0f} | {size.state:.0f} | {size.output:.0f}")
    return f"| {size.posts:,} | {' | '.join(figures)} | {size.files:,} |"


def measure(sizes: Sequence[int], folder: Path) -> None:
    """Print a row a size, as soon as it is measured."""
    print(*head(), sep="\n", flush=True)
    for count in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            print(row(grown(count, Path(place))), flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the sites are made, best in memory")
    asked = parser.parse_args()
    print(f"{machine()}\n")
    measure(asked.posts, asked.folder)


if __name__ == "__main__":
    main()
