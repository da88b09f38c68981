#!/usr/bin/env python3
"""Dates of every file from a long history: CPU seconds of the first run, of an unchanged one, and after one commit.

    bench/git_history.py [--files 10000] [--commits 2000]

The repository is made up, the same for the same numbers: each commit changes five files and renames one, every tenth is
a merge.  CPU seconds are of this process and of every git that it started.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from feeds import git

START = 1_300_000_000
WHO = "Ada Wick <ada@lantern.example.org>"


def history(files: int, commits: int) -> Iterator[str]:
    """The repository as `git fast-import` takes it."""
    draw = random.Random(files * commits)  # noqa: S311 - made-up history
    names = [f"_posts/20{n % 20:02}-01-01-lamp-{n}.md" for n in range(files)]
    yield commit(0, "".join(blob(name, draw) for name in names))
    for number in range(1, commits):
        moved = draw.randrange(files)
        new = f"_posts/lamp-{moved}-{number}.md"
        changes = f"R {names[moved]} {new}\n"
        names[moved] = new
        changes += "".join(blob(name, draw) for name in draw.sample(names, 5))
        merge = f"merge :{number - 4}\n" if number % 10 == 0 else ""
        yield commit(number, merge + changes)


def commit(number: int, changes: str) -> str:
    """One commit, a day after the one before."""
    when = f"{START + number * 86_400} +0100"
    head = f"commit refs/heads/main\nmark :{number + 1}\nauthor {WHO} {when}\ncommitter {WHO} {when}\n"
    return f"{head}data 4\nWork\n{changes}\n"


def blob(name: str, draw: random.Random) -> str:
    """A file with words of its own."""
    text = "".join(f"{draw.random()}\n" for _ in range(8))
    return f"M 100644 inline {name}\ndata {len(text)}\n{text}\n"


def cost(work: Callable[[], object]) -> str:
    """CPU and wall seconds of a piece of work, with those of the processes that it started."""
    before, begun = os.times(), time.perf_counter()
    work()
    after = os.times()
    return f"{sum(after[:4]) - sum(before[:4]):6.3f} s CPU {time.perf_counter() - begun:7.3f} s wall"


def main() -> None:
    """Make the repository and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--commits", type=int, default=2_000)
    asked = parser.parse_args()
    version = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{platform.platform()}, Python {platform.python_version()}, {version}")
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place) / "site", Path(place) / "cache.json"
        run = ["git", "-C", str(folder), "-c", "user.name=Ada", "-c", "user.email=ada@lantern.example.org"]
        folder.mkdir()
        subprocess.run([*run, "init", "--quiet", "--initial-branch=main"], check=True)
        stream = "".join(history(asked.files, asked.commits)).encode()
        subprocess.run([*run, "fast-import", "--quiet"], input=stream, check=True)
        subprocess.run([*run, "reset", "--quiet", "--hard"], check=True)
        subprocess.run([*run, "status", "--short"], check=True)
        print("first    ", cost(lambda: git.history(folder, cache=cache)))
        print("unchanged", cost(lambda: git.history(folder, cache=cache)))
        found = git.history(folder, cache=cache)
        print("files    ", len(found.files) if found else "none")
        subprocess.run([*run, "commit", "--quiet", "--allow-empty", "-m", "Work"], check=True)
        print("one more ", cost(lambda: git.history(folder, cache=cache)))
        copy = Path(place) / "work" / "site"
        print("clone    ", cost(lambda: git.checkout(folder.as_uri(), copy)))
        print("up to date", cost(lambda: git.checkout(folder.as_uri(), copy)))


if __name__ == "__main__":
    main()
