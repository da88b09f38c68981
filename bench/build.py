"""Ours alone: start, full build, nothing changed, one post changed, added, renamed, removed.

The posts are made up, or those of a site that is named.  Each figure is of whole processes, from their start to their
end; the last column is the ratio to a bare Python process of the same run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import SHARED, Cost, machine, medians, rounds, run
from posts import copy_site, make_site, post
from programs import SETTLED

BARE = (sys.executable, "-c", "pass")
HELP = (sys.executable, "-m", "feeds", "--help")
FINE = (0, 3)  # of real posts, some are to be mended


def change(posts: Path) -> None:
    """One post in the middle says more."""
    file = _at(posts, 1 / 2)
    file.write_text(f"{file.read_text(encoding='utf-8')}\nOne more line.\n", encoding="utf-8")


def add(posts: Path) -> None:
    """One post more."""
    name, text = post(time.monotonic_ns())
    (posts / name).write_text(text, encoding="utf-8")


def rename(posts: Path) -> None:
    """One post under another name."""
    file = _at(posts, 1 / 4)
    file.rename(file.with_stem(f"{file.stem}-again"))


def remove(posts: Path) -> None:
    """One post less."""
    _at(posts, 1 / 3).unlink()


EDITS = {"one changed": change, "one added": add, "one renamed": rename, "one removed": remove}


def _at(posts: Path, share: float) -> Path:
    """The post that so large a share of the others comes before."""
    files = sorted(posts.glob("*.md"))
    return files[int(len(files) * share)]


def costs(folder: Path, posts: Path, *options: str) -> dict[str, Cost]:
    """What each case costs; the configuration lies in the folder."""
    build = (sys.executable, "-m", "feeds", "build", *options)
    time.sleep(SETTLED)
    taken = {"bare Python": _often(BARE, folder), "feeds --help": _often(HELP, folder)}
    taken["full"] = _watched((*build, "--full"), folder, run((*build, "--full"), folder, fine=FINE))
    taken["unchanged"] = _watched(build, folder, _often(build, folder))
    for name, edit in EDITS.items():
        cost = medians([_edited(build, folder, posts, edit) for _ in range(3)])
        edit(posts)
        taken[name] = _watched(build, folder, cost)
    return taken


def _often(command: tuple[str, ...], folder: Path) -> Cost:
    first = run(command, folder, fine=FINE)
    return medians([first, *(run(command, folder, fine=FINE) for _ in range(rounds(first) - 1))])


def _edited(build: tuple[str, ...], folder: Path, posts: Path, edit: Callable[[Path], None]) -> Cost:
    edit(posts)
    time.sleep(SETTLED)
    return run(build, folder, fine=FINE)


def _watched(command: tuple[str, ...], folder: Path, cost: Cost) -> Cost:
    return cost._replace(memory=run(command, folder, fine=FINE, watch=True).memory)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--site", type=Path, help="a folder with _posts, instead of made-up posts")
    parser.add_argument("--jobs", type=int, default=0, help="as in feeds build")
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the site is made, best in memory")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        folder = Path(temporary) / "bench"
        if asked.site:
            asked.posts = copy_site(folder, asked.site)
        else:
            make_site(folder, asked.posts)
        taken = costs(folder, folder / "site" / "_posts", "--jobs", str(asked.jobs))
    print(f"{machine()}\n\n| {asked.posts:,} posts | wall s | CPU s | MB | × bare Python |\n| --- |{' --: |' * 4}")
    for name, cost in taken.items():
        ratio = cost.cpu / taken["bare Python"].cpu
        print(f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f} | {ratio:.0f} |")


if __name__ == "__main__":
    main()
