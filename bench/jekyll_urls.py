#!/usr/bin/env python3
"""Does every post get the address, date, title and categories that Jekyll itself gives it?

    bench/jekyll_urls.py [SITE_FOLDER ...]      compare on the sites of tests/sites.py, or on these folders
    bench/jekyll_urls.py --print                print what Jekyll says, as rows for tests/test_jekyll_urls.py

Needs `jekyll` (4.x) on PATH; exit status 1 on any difference, 77 when Jekyll is not there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from feeds.model import SourceOptions
from feeds.sources.jekyll import SOURCE
from feeds.text import iri_to_uri
from sites import SITES, write

# One JSON object a line for each document that Jekyll writes.
PROBE = """---
permalink: /probe.jsonl
layout: null
---
{% for c in site.collections %}{% if c.output %}{% for d in c.docs %}\
{"path": {{ d.path | jsonify }}, "url": {{ d.url | jsonify }}, \
"date": {{ d.date | date_to_xmlschema | jsonify }}, "title": {{ d.title | jsonify }}, \
"categories": {{ d.categories | jsonify }}, "tags": {{ d.tags | jsonify }}}
{% endfor %}{% endif %}{% endfor %}
"""


def ask_jekyll(site: Path) -> dict[str, dict[str, Any]]:
    """Build a copy of the site with Jekyll; path below the site → what Jekyll says of the document."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "site"
        shutil.copytree(site, copy)
        (copy / "probe.txt").write_text(PROBE, encoding="utf-8")
        command = ["jekyll", "build", "--disable-disk-cache"]
        environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        if run.returncode:
            raise SystemExit(f"jekyll failed on {site}:\n{run.stdout}{run.stderr}")
        lines = next(copy.glob("*/probe.jsonl")).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    return {row["path"]: row for row in rows}


def ask_us(site: Path) -> dict[str, dict[str, Any]]:
    """The same of the posts that `feeds` reads."""
    options = SourceOptions(name="posts", url="https://example.org/base")
    tree = SOURCE.open(site, options)
    found = {}
    for path in tree.paths:
        reading = SOURCE.read(tree, path, options)
        if reading.post:
            post = reading.post
            found[path] = {
                "url": post.url.removeprefix(tree.site["url"]),
                "date": post.published.isoformat(),
                "title": post.title,
                "categories": list(post.categories),
                "tags": list(post.tags),
            }
        elif any(p.severity == "error" for p in reading.problems):
            print("  problem:", "; ".join(f"{p.where}: {p.message}" for p in reading.problems))
    return found


def as_texts(values: list[Any]) -> list[str]:
    """Jekyll has a category that is no text twice: as it is and as text."""
    return list(dict.fromkeys(v if isinstance(v, str) else json.dumps(v) for v in values))


def compare(name: str, site: Path) -> tuple[int, int]:
    """Print each difference; how many values were compared and how many differ."""
    theirs, ours = ask_jekyll(site), ask_us(site)
    prefix = "content/" if name == "collections-dir" else ""
    theirs = {prefix + path: row for path, row in theirs.items()}
    checked = differ = 0
    for path in sorted({*theirs, *ours}):
        if path not in theirs or path not in ours:
            print(f"{name}: {path}: only", "Jekyll" if path in theirs else "feeds", "has it")
            differ += 1
            continue
        for key in ("url", "date", "title", "categories", "tags"):
            want, got = theirs[path][key], ours[path][key]
            want = iri_to_uri(want) if key == "url" else as_texts(want) if isinstance(want, list) else want
            checked += 1
            if want != got.replace("Z", "+00:00") if key == "date" else want != got:
                print(f"{name}: {path}: {key}\n    jekyll {want!r}\n    feeds  {got!r}")
                differ += 1
    return checked, differ


def main(arguments: list[str]) -> int:
    if not shutil.which("jekyll"):
        print("SKIPPED: there is no `jekyll` on PATH, NOTHING was compared", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory() as folder:
        sites = {Path(a).name: Path(a) for a in arguments if a != "--print"}
        for name, files in SITES.items() if not sites else ():
            write(Path(folder) / name, files)
            sites[name] = Path(folder) / name
        if "--print" in arguments:
            for name, site in sites.items():
                for path, row in sorted(ask_jekyll(site).items()):
                    print(f"    ({name!r}, {path!r}, {row['url']!r}, {row['date']!r}),")
            return 0
        results = [compare(name, site) for name, site in sites.items()]
    checked, differ = (sum(column) for column in zip(*results, strict=True))
    print(f"{len(results)} sites, {checked} values compared, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
