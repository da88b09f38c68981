#!/usr/bin/env python3
"""Does every page get the address and the title that MkDocs itself gives it?

    bench/mkdocs_urls.py [--python PYTHON] [SITE_FOLDER ...]    compare on the sites of tests/mkdocs_sites.py, or these
    bench/mkdocs_urls.py [--python PYTHON] --print              print what MkDocs says: tests/mkdocs_says.json

PYTHON is one that has mkdocs 1.6 and mkdocs-material; without it both are installed from PyPI into a temporary folder.
Exit status 1 on any difference, 77 when MkDocs cannot be installed.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from feeds.model import SourceOptions
from feeds.sources._document import title_text
from feeds.sources.mkdocs import SOURCE
from mkdocs_sites import SITES, as_read
from sites import write

# A hook of MkDocs that writes down every page: https://www.mkdocs.org/user-guide/configuration/#hooks
HOOK = """
import json
rows = {}
def on_page_context(context, page, config, nav):
    rows[page.file.src_uri] = [page.url, str(page.title)]
def on_post_build(config):
    with open("probe.json", "w", encoding="utf-8") as file:
        json.dump(rows, file)
"""


def install(folder: Path) -> str:
    """A Python with MkDocs in a virtual environment of its own; "" when that cannot be had."""
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin/pip"), "install", "--quiet", "mkdocs>=1.6,<2", "mkdocs-material"],
    ):
        if subprocess.run(command, capture_output=True).returncode:
            return ""
    return str(folder / "bin/python")


def ask_mkdocs(python: str, site: Path) -> dict[str, list[str]]:
    """Build a copy of the site; document → [address below the site's, title]."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "site"
        shutil.copytree(site, copy)
        config = next(p.name for p in copy.iterdir() if p.name in {"mkdocs.yml", "mkdocs.yaml"})
        write(copy, {"probe.py": HOOK, "probe.yml": f"INHERIT: {config}\nhooks: [probe.py]\n"})
        command = [python, "-m", "mkdocs", "build", "--quiet", "--config-file", "probe.yml", "--site-dir", "out"]
        environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        if run.returncode:
            raise SystemExit(f"mkdocs failed on {site}:\n{run.stdout}{run.stderr}")
        found: dict[str, list[str]] = json.loads((copy / "probe.json").read_text(encoding="utf-8"))
    docs = SOURCE.open(site, SourceOptions(name="site")).static[0]
    mine = {path: row for path, row in found.items() if (site / docs / path).is_file()}  # the others plugins made
    return {path: [url, html.unescape(title)] for path, (url, title) in mine.items()}


def compare(python: str, name: str, site: Path) -> tuple[int, int]:
    """Print each difference; how many values were compared and how many differ."""
    theirs = ask_mkdocs(python, site)
    ours = as_read(site, set(theirs))
    checked = differ = 0
    for path in sorted({*theirs, *ours}):
        if path not in theirs or path not in ours:
            print(f"{name}: {path}: only", "MkDocs" if path in theirs else "feeds", "has it")
            differ += 1
            continue
        wanted = [theirs[path][0], title_text(theirs[path][1])]
        for key, want, got in zip(("url", "title"), wanted, ours[path], strict=True):
            checked += 1
            if want != got:
                print(f"{name}: {path}: {key}\n    mkdocs {want!r}\n    feeds  {got!r}")
                differ += 1
    return checked, differ


def run(python: str, folder: Path, arguments: argparse.Namespace) -> int:
    """Compare, or print; the exit status."""
    sites = {Path(a).name: Path(a) for a in arguments.folders}
    for name, files in SITES.items() if not sites else ():
        write(folder / name, files)
        sites[name] = folder / name
    if arguments.print:
        said = {name: dict(sorted(ask_mkdocs(python, site).items())) for name, site in sites.items()}
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return 0
    results = [compare(python, name, site) for name, site in sites.items()]
    checked, differ = (sum(column) for column in zip(*results, strict=True))
    print(f"{len(results)} sites, {checked} values compared, {differ} differ")
    return 1 if differ else 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", metavar="SITE_FOLDER")
    parser.add_argument("--python", default="", help="a Python that has mkdocs and mkdocs-material")
    parser.add_argument("--print", action="store_true", help="print what MkDocs says")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = arguments.python or install(Path(folder) / "venv")
        if not python:
            print("SKIPPED: MkDocs cannot be installed, NOTHING was compared", file=sys.stderr)
            return 77
        return run(python, Path(folder).resolve() / "sites", arguments)


if __name__ == "__main__":
    sys.exit(main())
