#!/usr/bin/env python3
"""Does every article get the address, title, date, category and tags that Pelican itself gives it?

    bench/pelican_urls.py [SITE_FOLDER ...]     compare on the sites of tests/pelican_sites.py, or on these folders
    bench/pelican_urls.py --print               print what Pelican says, as rows for tests/test_pelican.py

Installs pelican[markdown] from PyPI into a virtual environment in a temporary folder ($PELICAN_VENV names one that is
there already); exit status 1 on any difference, 77 when it cannot be installed.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from feeds.model import SourceOptions
from feeds.sources.pelican import SOURCE
from feeds.text import iri_to_uri, squeeze
from pelican_sites import SITES
from sites import write

KEYS = ("url", "title", "date", "category", "tags", "lang")

# A plugin that writes one JSON object a line for each article that Pelican publishes.
PROBE = """
import json, os
from pelican import signals

def dump(generator):
    lists = (generator.articles, generator.translations, generator.hidden_articles, generator.hidden_translations)
    with open(os.environ["PROBE"], "w", encoding="utf-8") as file:
        for article in (a for articles in lists for a in articles):
            print(json.dumps({
                "path": article.relative_source_path, "url": article.url, "title": article.title,
                "date": article.date.isoformat(), "lang": article.lang,
                "category": str(article.category), "tags": [str(t) for t in getattr(article, "tags", [])],
            }), file=file)

def register():
    signals.article_generator_finalized.connect(dump)
"""


def python_with_pelican(folder: Path) -> Path | None:
    """The Python of a virtual environment with Pelican; None when it cannot be installed."""
    own = os.environ.get("PELICAN_VENV")
    if own:
        return Path(own) / "bin" / "python"
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    run = subprocess.run([python, "-m", "pip", "install", "-q", "pelican[markdown]"], capture_output=True, text=True)
    return None if run.returncode else python


def ask_pelican(python: Path, site: Path) -> dict[str, dict[str, Any]]:
    """Build a copy of the site with Pelican; path below the content → what Pelican says of the article."""
    with tempfile.TemporaryDirectory() as folder:
        copy, dump = Path(folder) / "site", Path(folder) / "probe.jsonl"
        shutil.copytree(site, copy)
        (copy / "probe_plugin.py").write_text(PROBE, encoding="utf-8")
        settings = "publishconf.py" if (copy / "publishconf.py").exists() else "pelicanconf.py"
        extra = 'PLUGIN_PATHS = ["."]\nPLUGINS = ["probe_plugin"]\nTHEME = "notmyidea"\nLOCALE = ["C.UTF-8"]\n'
        with (copy / settings).open("a", encoding="utf-8") as file:
            file.write(f"\n{extra}")
        command = [str(python), "-m", "pelican", "-s", settings, "-o", f"{folder}/out", "-q"]
        environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", "PROBE": str(dump)}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        if not dump.exists():
            raise SystemExit(f"pelican failed on {site}:\n{run.stdout}{run.stderr}")
        rows = [json.loads(line) for line in dump.read_text(encoding="utf-8").splitlines()]
    return {row["path"]: row for row in rows}


def ask_us(site: Path) -> dict[str, dict[str, Any]]:
    """The same of the posts that `feeds` reads."""
    options = SourceOptions(name="posts")
    tree = SOURCE.open(site, options)
    content = f"{tree.data.settings.content}/".lstrip("/")
    found = {}
    for path in tree.paths:
        reading = SOURCE.read(tree, path, options)
        if reading.post:
            post = reading.post
            found[path.removeprefix(content)] = {
                "url": post.url.removeprefix(f"{tree.site['url']}/"),
                "date": post.published.isoformat(),
                "title": post.title,
                "category": next(iter(post.categories), ""),
                "tags": list(post.tags),
                "lang": post.lang,
            }
        else:
            said = "; ".join(f"{p.where}: {p.message}" for p in reading.problems)
            print("  left out:", path, reading.withheld or said)
    return found


def as_ours(key: str, value: Any) -> Any:
    """Pelican's value as a Post has it: a URI, a title without tags, names on one line."""
    if key == "url":
        return iri_to_uri(value)
    if key == "category":
        return squeeze(value)
    return squeeze(html.unescape(re.sub(r"</?[a-z][^<>]*>", "", value))) if key == "title" else value


def compare(name: str, theirs: dict[str, dict[str, Any]], ours: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Print each difference; how many values were compared and how many differ."""
    checked = differ = 0
    for path in sorted({*theirs, *ours}):
        if path not in theirs or path not in ours:
            print(f"{name}: {path}: only", "Pelican" if path in theirs else "feeds", "has it")
            differ += 1
            continue
        for key in KEYS:
            want, got = as_ours(key, theirs[path][key]), ours[path][key]
            checked += 1
            if want != got:
                print(f"{name}: {path}: {key}\n    pelican {want!r}\n    feeds   {got!r}")
                differ += 1
    return checked, differ


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        python = python_with_pelican(Path(folder))
        if not python:
            print("SKIPPED: pelican[markdown] cannot be installed, NOTHING was compared", file=sys.stderr)
            return 77
        sites = {Path(a).name: Path(a) for a in arguments if a != "--print"}
        for name, files in SITES.items() if not sites else ():
            write(Path(folder) / name, files)
            sites[name] = Path(folder) / name
        said = {name: ask_pelican(python, site) for name, site in sites.items()}
        if "--print" in arguments:
            for name, rows in said.items():
                for path, row in sorted(rows.items()):
                    print(f"    {(name, path, *(as_ours(k, row[k]) for k in KEYS))!r},")
            return 0
        results = [compare(name, rows, ask_us(sites[name])) for name, rows in said.items()]
    checked, differ = (sum(column) for column in zip(*results, strict=True))
    print(f"{len(results)} sites, {checked} values compared, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
