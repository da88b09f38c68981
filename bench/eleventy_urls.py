#!/usr/bin/env python3
"""Does every page get the address and the date that Eleventy itself gives it?

    bench/eleventy_urls.py              compare on the sites of tests/eleventy_sites.py
    bench/eleventy_urls.py --print      print what Eleventy says, as rows for tests/test_eleventy.py

Needs `npm`, and the network once to fetch @11ty/eleventy into a temporary folder; exit status 1 on any difference, 77
when Eleventy cannot be had.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from eleventy_sites import SITES
from feeds.model import SourceOptions
from feeds.sources.eleventy import SOURCE
from feeds.text import iri_to_uri
from sites import write

ELEVENTY = "@11ty/eleventy@3"
Rows = dict[str, tuple[str, str]]  # path → (address below the site's, date; "" where it is not said)


def ask_eleventy(tool: Path, site: Path) -> Rows:
    """What Eleventy says of each page that it writes."""
    command = ["node", str(tool / "node_modules/@11ty/eleventy/cmd.cjs"), "--to=json", "--quiet"]
    run = subprocess.run(command, cwd=site, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"eleventy failed on {site}:\n{run.stdout}{run.stderr}")
    pages = json.loads(run.stdout[run.stdout.index("[") :])
    rows: Rows = {}
    for page in pages:
        date = re.search(r"DATE (\S{19})", page["content"])
        if page["url"] is not False:
            rows[page["inputPath"].removeprefix("./")] = (iri_to_uri(page["url"]), date[1] if date else "")
    return rows


def ask_us(site: Path) -> Rows:
    """The same of the pages that `feeds` reads."""
    options = SourceOptions(name="site", url="https://lamps.example")
    tree = SOURCE.open(site, options)
    rows: Rows = {}
    for path in tree.paths:
        reading = SOURCE.read(tree, path, options)
        if reading.post:
            url = reading.post.url.removeprefix("https://lamps.example")
            rows[path] = (url, reading.post.published.isoformat()[:19])
        for problem in reading.problems:
            print("  problem:", f"{problem.where}: {problem.message}")
    return rows


def compare(name: str, theirs: Rows, ours: Rows) -> tuple[int, int]:
    """Print each difference; how many values were compared and how many differ."""
    checked = differ = 0
    for path in sorted({*theirs, *ours}):
        if path not in theirs or path not in ours:
            print(f"{name}: {path}: only", "Eleventy" if path in theirs else "feeds", "has it")
            differ += 1
            continue
        for want, got in zip(theirs[path], ours[path], strict=True):
            checked += want != ""
            if want not in {"", got}:
                print(f"{name}: {path}\n    eleventy {want!r}\n    feeds    {got!r}")
                differ += 1
    return checked, differ


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        tool = Path(folder) / "tool"
        tool.mkdir()
        (tool / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        try:
            install = ["npm", "install", "--no-audit", "--no-fund", "--silent", ELEVENTY]
            subprocess.run(install, cwd=tool, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"SKIPPED: {ELEVENTY} cannot be installed ({error}), NOTHING was compared", file=sys.stderr)
            return 77
        results = []
        for name, files in SITES.items():
            site = Path(folder) / "sites" / name
            write(site, files)
            theirs = ask_eleventy(tool, site)
            if "--print" in arguments:
                for path, (url, date) in sorted(theirs.items()):
                    print(f"    ({name!r}, {path!r}, {url!r}, {date!r}),")
            else:
                results.append(compare(name, theirs, ask_us(site)))
    checked, differ = (sum(column) for column in zip(*results, strict=True)) if results else (0, 0)
    if results:
        print(f"{len(results)} sites, {checked} values compared, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
