#!/usr/bin/env python3
"""The first five minutes: `feeds init` and `feeds build`, without an edit, on the folders that are named.

    bench/first_build.py FOLDER [FOLDER ...]
    bench/first_build.py --new       on what the generators' own commands for a new site make (those on PATH)

Each folder is copied first.  A row each: what it was recognised as, posts published, works among them, withheld,
errors and warnings, seconds of init and of build (wall, whole processes), exit status of the build.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NEW = {
    "jekyll": [["jekyll", "new", ".", "--force", "--skip-bundle"]],
    "hugo": [["hugo", "new", "site", "."], ["hugo", "new", "content", "posts/first.md"]],
    "mkdocs": [["mkdocs", "new", "."]],
    "pelican-quickstart": [
        ["pelican-quickstart", "--path", ".", "--title", "Lamps", "--author", "Ada", "--lang", "en"]
    ],
    "sphinx-quickstart": [["sphinx-quickstart", "--quiet", "--project", "Lamps", "--author", "Ada", "."]],
    "quarto": [["quarto", "create", "project", "blog", ".", "--no-open", "--no-prompt"]],
}


def feeds(folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run `feeds` in a folder; how that ended, and how long it took."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "feeds", *arguments], cwd=folder, capture_output=True, text=True)
    return done, time.perf_counter() - start


def row(name: str, folder: Path) -> list[str]:
    """Init and build `folder`, and what came of it."""
    before = feeds(folder, "init", "--json")[0]
    found: dict[str, Any] = json.loads(before.stdout) if before.returncode == 0 else {}
    kinds = ", ".join(part["kind"] for part in found.get("parts", [])) or "not recognised"
    init, slow = feeds(folder, "init")
    build, slower = feeds(folder, "build", "--json")
    report: dict[str, Any] = json.loads(build.stdout) if build.stdout.startswith("{") else {}
    problems = report.get("problems", [])
    errors = sum(1 for p in problems if p.get("severity", "error") == "error")
    counts = [report.get("published", 0), report.get("works", 0), len(report.get("withheld", [])), errors]
    figures = [str(n) for n in (*counts, len(problems) - errors)]
    last = report.get("error") or (init.stderr.strip().splitlines() or [""])[0]
    return [name, kinds, *figures, f"{slow:.2f}", f"{slower:.2f}", str(build.returncode), last]


def new_sites(below: Path) -> Iterator[tuple[str, Path]]:
    """A new site by each generator that is there."""
    for name, commands in NEW.items():
        folder = below / name
        folder.mkdir()
        if not shutil.which(commands[0][0]):
            print(f"SKIPPED: there is no `{commands[0][0]}` on PATH", file=sys.stderr)
            continue
        for command in commands:
            answers = "\n" * 5 + "https://lamps.example\n" + "\n" * 40  # an address, and what is proposed
            subprocess.run(command, cwd=folder, capture_output=True, input=answers, text=True)
        yield f"new {name}", folder


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        below = Path(temporary)
        sites = list(new_sites(below)) if "--new" in arguments else []
        for number, argument in enumerate(a for a in arguments if a != "--new"):
            copy = below / str(number) / (Path(argument).resolve().name or "site")
            shutil.copytree(argument, copy)
            sites.append((Path(argument).name, copy))
        heads = "site kind published works withheld errors warnings init build exit said".split()
        print(" | ".join(heads))
        for name, folder in sites:
            print(" | ".join(row(name, folder)))
    return 0 if sites else 77


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
