"""Everything of docs/performance.md in one go: against site generators, by stage, by size of the site, by workers.

With the numbers that are set it takes an hour or so; `--quick` takes a few minutes, and its figures less seriously.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import cluster
import compare
import growth
from measure import SHARED, machine
from programs import PEERS, TOOLS, install

HERE = Path(__file__).parent


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the posts")
    parser.add_argument("--million", action="store_true", help="a site of 1,000,000 posts, too")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--install", action="store_true", help="install Hugo, Eleventy, Pelican, MkDocs into --tools")
    parser.add_argument("--tools", type=Path, default=TOOLS)
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the sites are made, best in memory")
    asked = parser.parse_args()
    if asked.install:
        install(asked.tools)
    part = 10 if asked.quick else 1
    print(f"{machine()}.", end=" ")
    compare.measure([1000 // part, 10_000 // part], asked.peers, asked.folder, asked.tools)
    stages = [sys.executable, str(HERE / "stages.py"), "--posts", str(10_000 // part), "--folder", str(asked.folder)]
    subprocess.run(stages, check=True)  # a process of its own: it begins with nothing loaded
    print()
    growth.measure([1000 // part, 10_000 // part, 100_000 // part, *[1_000_000] * asked.million], asked.folder)
    print()
    cluster.measure(10_000 // part, asked.folder)


if __name__ == "__main__":
    main()
