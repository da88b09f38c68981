"""Full build; nothing changed; one post changed, added, removed: CPU seconds, wall seconds and peak memory of each.

The posts are made up from word lists, the same for the same number, or those of a site that is named.  Each figure is
of a whole process, as the operating system accounts for it when it ends; the ratio is to a bare Python process
of the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

WORDS = "lamp wick harbour tide lantern ledger keeper signal fog buoy mirror glass oil ladder tower stone".split()
GIVEN = "Ada Bo Chandra Dag Eŋa Farid Grete Hiro".split()
FAMILY = "Lamplighter Wick Glow Fährmann Ōkubo Brandt Da Costa O’Shore".split()


class Cost(NamedTuple):
    """What one process used."""

    user: float
    system: float
    wall: float
    peak: float  # MB, the largest single process


def post(number: int) -> tuple[str, str]:
    """Name and text of one post; a function of its number alone."""
    draw = random.Random(number)  # noqa: S311 - made-up text
    title = " ".join(draw.choices(WORDS, k=7)).capitalize()
    names = ", ".join(f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}" for _ in range(draw.randint(2, 9)))
    year = draw.randint(2001, 2024)
    day = f"{year}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    doi = f"10.5555/bench.{number}"
    abstract = " ".join(" ".join(draw.choices(WORDS, k=14)).capitalize() + "." for _ in range(14))
    rest = "\n".join(f"* {' '.join(draw.choices(WORDS, k=9))}" for _ in range(draw.randint(0, 6)))
    front = f"title: {title}\ndate: {day}\nauthor: '@ada'\ncategory: publications\ntags: [{draw.choice(WORDS)}]"
    head = "### {{ page.title }}" if number % 8 == 0 else f"### {title}"
    line = f"##### Journal of Imaginary Optics volume {number % 60 + 1}, pages {number}–{number + 9} ({year})"
    return (
        f"{day}-{'-'.join(title.lower().split()[:5])}-{number}.md",
        f"---\n{front}\n---\n\n{head}\n#### {names}\n{line} [{doi}](https://doi.org/{doi})\n\n"
        f"**Abstract** {abstract}\n\n{rest}\n",
    )


def make_site(folder: Path, number: int) -> None:
    """A Jekyll site of `number` posts with a configuration beside it."""
    posts = folder / "site" / "_posts"
    posts.mkdir(parents=True)
    (folder / "site" / "_config.yml").write_text("title: Bench\nurl: https://bench.example.org\n", encoding="utf-8")
    for each in range(number):
        name, text = post(each)
        (posts / name).write_text(text, encoding="utf-8")
    (folder / "config.yaml").write_text("sources:\n  - path: site\n    kind: jekyll\n", encoding="utf-8")


def copy_site(folder: Path, site: Path) -> int:
    """A copy of a Jekyll site, or of a folder of posts, with a configuration beside it; how many posts it has."""
    shutil.copytree(site, folder / "site")
    if not (folder / "site" / "_config.yml").is_file():
        (folder / "site" / "_config.yml").write_text("title: Bench\nurl: https://bench.example.org\n", encoding="utf-8")
    (folder / "config.yaml").write_text("sources:\n  - path: site\n    kind: jekyll\n", encoding="utf-8")
    return sum(1 for _ in (folder / "site" / "_posts").glob("*.md"))


def run(*command: str) -> Cost:
    """Run a command to its end and say what it used, its children included."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0o600) for stream in (1, 2)]
    begun = time.perf_counter()
    child = os.posix_spawn(command[0], command, dict(os.environ), file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime, usage.ru_stime, time.perf_counter() - begun, usage.ru_maxrss / 1024)


def best(*command: str) -> Cost:
    """The cheapest of three runs."""
    return min(run(*command) for _ in range(3))


def settle(folder: Path) -> None:
    """Let what was just written be a minute old: what is younger than two seconds is read again by the next run."""
    then = time.time() - 60
    for file in (folder / "site" / "_posts").iterdir():
        if file.stat().st_mtime > then:
            os.utime(file, (then, then))


def change(posts: Path) -> None:
    """Let one post in the middle say more."""
    file = sorted(posts.glob("*.md"))[len(list(posts.glob("*.md"))) // 2]
    file.write_text(file.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")


def add(posts: Path) -> None:
    """One post more."""
    name, text = post(99_999_999)
    (posts / name).write_text(text, encoding="utf-8")


def remove(posts: Path) -> None:
    """One post less, from the middle."""
    sorted(posts.glob("*.md"))[len(list(posts.glob("*.md"))) // 3].unlink()


EDITS = {"one changed": change, "one added": add, "one removed": remove}
HELP = (sys.executable, "-m", "feeds", "--help")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--site", type=Path, help="a folder with _posts, instead of made-up posts")
    parser.add_argument("--jobs", type=int, default=0, help="as in feeds build")
    asked = parser.parse_args()
    shared = Path("/dev/shm")  # noqa: S108 - in memory, so that the program is timed and not the disk
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as temporary:
        folder = Path(temporary)
        if asked.site:
            asked.posts = copy_site(folder, asked.site)
        else:
            make_site(folder, asked.posts)
        build = (sys.executable, "-m", "feeds", "build", "-c", str(folder / "config.yaml"), "--jobs", str(asked.jobs))
        settle(folder)
        costs = {"bare Python": run(sys.executable, "-c", "pass"), "feeds --help": best(*HELP), "full": run(*build)}
        costs["unchanged"] = best(*build)
        for name, edit in EDITS.items():
            edit(folder / "site" / "_posts")
            settle(folder)
            costs[name] = run(*build)
    print(f"{asked.posts} posts · Python {platform.python_version()} · {len(os.sched_getaffinity(0))} cores")
    print(f"{'':<12} {'user s':>8} {'sys s':>8} {'wall s':>8} {'peak MB':>8} {'× bare Python':>14}")
    bare = costs["bare Python"]
    for name, cost in costs.items():
        ratio = (cost.user + cost.system) / (bare.user + bare.system)
        print(f"{name:<12} {cost.user:8.2f} {cost.system:8.2f} {cost.wall:8.2f} {cost.peak:8.0f} {ratio:14.1f}")


if __name__ == "__main__":
    main()
