"""Full build, nothing changed, one post changed: ours and every site generator that is here, in turn.

In a round each program builds once, so that all meet the same conditions; the figures are medians of the rounds.
What was built before is moved aside and never deleted in between: a file system creates files more slowly after that.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from measure import SHARED, Cost, machine, medians, rounds, run
from programs import FEEDS, PEERS, SETTLED, TOOLS, WITH_PAGES, Program, found, install, prepare

CASES = ("full", "unchanged", "one changed")
ENTRIES = 20  # in a feed
MARK = "\nThis was added after"

Sites = dict[Program, Path]
Costs = dict[Program, Cost]
Begin = Callable[[Program, Path], tuple[str, ...]]  # brings a site to where a case begins; what is run there


def compare(count: int, programs: Sequence[Program], folder: Path, tools: Path) -> dict[str, Costs]:
    """What each program costs on the same `count` posts, by case."""
    sites = {program: prepare(program, folder, count, tools) for program in programs}
    time.sleep(SETTLED)
    full = _case(sites, _full, 0)
    for program, site in sites.items():
        _check(program, site, count)
    unchanged = _case(sites, _unchanged, 0)
    changed = _case(sites, change, SETTLED)
    for program, site in sites.items():
        _check_change(program, site)
    return dict(zip(CASES, (full, unchanged, changed), strict=True))


def table(count: int, costs: dict[str, Costs]) -> list[str]:
    """The figures as a table of Markdown, with what ours costs in shares of each of the first peer's below it."""
    programs = list(costs["full"])
    head = [f"{count:,} posts", *(f"{case}: wall s | CPU s | MB" for case in CASES)]
    lines = [f"| {' | '.join(head)} |", f"| --- |{' --: |' * 9}"]
    for program in programs:
        cells = [f"{cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f}" for cost in _row(program, costs)]
        lines.append(f"| {program.name} | {' | '.join(cells)} |")
    peers = [program for program in programs if program.name not in (FEEDS, WITH_PAGES)]
    for own in [program for program in programs if program not in peers]:
        for peer in peers[:1]:
            pairs = zip(_row(own, costs), _row(peer, costs), strict=True)
            cells = [" | ".join(f"× {a / b:.2f}" for a, b in zip(x, y, strict=True)) for x, y in pairs]
            lines.append(f"| {own.name} ÷ {peer.name} | {' | '.join(cells)} |")
    return lines


def _row(program: Program, costs: dict[str, Costs]) -> list[Cost]:
    return [costs[case][program] for case in CASES]


def _case(sites: Sites, begin: Begin, pause: float) -> Costs:
    """The medians of a case, whose rounds begin with a pause of some seconds."""
    taken: dict[Program, list[Cost]] = {program: [] for program in sites}
    for number in range(5):
        due = {program: site for program, site in sites.items() if not number or number < rounds(taken[program][0])}
        for program, command in _begun(due, begin, pause).items():
            taken[program].append(run(command, sites[program]))
    begun = _begun(sites, begin, pause)  # once more, for the memory alone
    watched = {program: run(command, sites[program], watch=True) for program, command in begun.items()}
    return {program: medians(costs)._replace(memory=watched[program].memory) for program, costs in taken.items()}


def _begun(sites: Sites, begin: Begin, pause: float) -> dict[Program, tuple[str, ...]]:
    commands = {program: begin(program, site) for program, site in sites.items()}
    time.sleep(pause)
    return commands


def _full(program: Program, site: Path) -> tuple[str, ...]:
    """What was built is put out of the way."""
    aside = Path(tempfile.mkdtemp(dir=site.parent, prefix="aside-"))
    for name in program.made:
        with suppress(FileNotFoundError):
            (site / name).rename(aside / name)
    return program.full


def _unchanged(program: Program, _site: Path) -> tuple[str, ...]:
    return program.again


def change(program: Program, site: Path) -> tuple[str, ...]:
    """The newest post says more."""
    post = newest(site / program.posts)
    said = post.read_text(encoding="utf-8").partition(MARK)[0]
    post.write_text(f"{said}{MARK} {time.monotonic_ns()}.\n", encoding="utf-8")
    return program.again


def newest(posts: Path) -> Path:
    """The post of the latest day."""
    return max(posts.glob("*.md"), key=lambda post: post.name)


def _check(program: Program, site: Path, count: int) -> None:
    """Has the program done all of the work?"""
    records = sum(1 for file in site.glob(program.records) if b"schema.org" in file.read_bytes())
    feed = (site / program.feed).read_text(encoding="utf-8")
    entries = feed.count("<entry>") + feed.count("<item>")
    places = (site / program.sitemap).read_text(encoding="utf-8").count("<loc>")
    if records < count or entries < min(ENTRIES, count) or places < count:
        print(f"{program.name}: {records} records, {entries} entries in the feed, {places} in the sitemap")


def _check_change(program: Program, site: Path) -> None:
    """Does the feed say what the newest post says now?"""
    said = newest(site / program.posts).read_text(encoding="utf-8").rpartition(MARK)[2].strip()
    if said not in (site / program.feed).read_text(encoding="utf-8"):
        print(f"{program.name}: the feed does not have the change")


def measure(counts: Sequence[int], peers: Sequence[str], folder: Path, tools: Path) -> None:
    """Print a table for each number of posts."""
    programs, missing = found(tools)
    wanted = [p for p in programs if p.name in (FEEDS, WITH_PAGES) or p.name.split()[0] in peers]
    print(f"Not installed: {', '.join(missing) or 'none'}.\n", flush=True)
    for count in counts:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            print(*table(count, compare(count, wanted, Path(place), tools)), "", sep="\n", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--peers", nargs="*", default=list(PEERS), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--install", action="store_true", help="install Hugo, Eleventy, Pelican, MkDocs into --tools")
    parser.add_argument("--tools", type=Path, default=TOOLS)
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the sites are made, best in memory")
    asked = parser.parse_args()
    if asked.install:
        install(asked.tools)
    print(machine())
    measure(asked.posts, asked.peers, asked.folder, asked.tools)


if __name__ == "__main__":
    main()
