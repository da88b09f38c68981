#!/usr/bin/env python3
"""Do readers in two languages find the same in the feeds of every format?

    bench/feed_readers.py [--node FOLDER] [SITE_FOLDER ...]    the example site, or these

Each feed is read by feedparser (Python), feedsmith and rss-parser (JavaScript), and compared entry by entry with what
feedparser finds in the Atom feed: ids, addresses, titles, every author, dates, words, files, summaries and full texts.
FOLDER is where `make test` installed the readers (.node); without them they are installed into a temporary folder.
Exit status 1 on any difference, 77 when there is no node or the readers cannot be installed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import feed_readers
from feeds import config, pipeline

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = """
site: {{url: "https://site.example.org"}}
sources:
  - path: {site}
    url: https://site.example.org
exports:
  - atom: {{limit: 1000000, max_bytes: 4000000, archive: false}}
  - rss: {{limit: 1000000, max_bytes: 4000000}}
  - rss1: {{limit: 1000000, max_bytes: 4000000}}
  - json-feed: {{limit: 1000000, max_bytes: 4000000}}
output: output
"""


def install(folder: Path) -> bool:
    """The readers in JavaScript in `folder`, with npm."""
    shutil.copy(ROOT / "tests" / "node" / "package.json", folder)
    command = ["npm", "install", "--silent", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    return bool(shutil.which("npm")) and subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def differing(feed: Path, found_by: dict[str, dict[str, list[feed_readers.Told]]]) -> Iterator[str]:
    """What the readers find in the formats of one feed, and feedparser not in its Atom document, or the other way."""
    atom = feed_readers.by_python(feed)
    for suffix in feed_readers.SUFFIXES:
        file = feed.with_suffix(f".{suffix}")
        read = {reader: files[str(file)] for reader, files in found_by.items() if str(file) in files}
        for reader, found in {"feedparser": feed_readers.by_python(file), **read}.items():
            expected = feed_readers.within_reach(reader, suffix, atom)
            if len(expected) < len(atom):
                print(f"{reader}, {file.name}: {len(atom) - len(expected)} entries are out of its reach")
            for line in feed_readers.differences(suffix, found, expected):
                yield f"{reader}, {file.name}: {line}"


def compare(site: Path, node: Path) -> int:
    """Read the feeds of one site; how many differences there are."""
    with tempfile.TemporaryDirectory() as folder:
        parsed = config.parse(SETTINGS.format(site=json.dumps(str(site))).encode(), Path(folder) / "config.yaml")
        report = pipeline.run(parsed, now=datetime.now(UTC))
        feeds = sorted((Path(folder) / "output").rglob("*.atom"))
        files = [feed.with_suffix(f".{suffix}") for feed in feeds for suffix in feed_readers.SUFFIXES]
        found_by = feed_readers.by_node(files, node)
        lines = [line for feed in feeds for line in differing(feed, found_by)]
    print(*lines, sep="\n", end="\n" * bool(lines))
    read = f"{report.published} posts, {len(feeds)} feeds × {len(feed_readers.SUFFIXES)} formats × 3 readers"
    print(f"{site.name}: {read}, {len(lines)} differences")
    return len(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node", type=Path, default=feed_readers.NODE)
    parser.add_argument("sites", nargs="*", type=Path, default=[ROOT / "examples" / "site"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        node = options.node.resolve()
        if feed_readers.without_node(node):
            node = Path(folder)
            if not install(node) or feed_readers.without_node(node):
                print("skipped: no readers in JavaScript (is there node, npm and a network?)", file=sys.stderr)
                return 77
        return int(sum([compare(site.resolve(), node) for site in options.sites]) > 0)


if __name__ == "__main__":
    sys.exit(main())
