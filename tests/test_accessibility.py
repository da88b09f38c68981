"""The pages in a browser: axe-core finds nothing that shuts anybody out, and nothing is fetched from anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from feed_readers import NODE
from small_site import SmallSite
from test_pages_site import EXAMPLE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGES = (
    "index.html",
    "publications.html",
    "authors/odile-baumgärtner/index.html",
    "works/news/publications/2019/09/03/publication-harbour-lanterns.html",
)


def browser() -> str:
    """Path of Chromium; skips, with what to do, where it or what drives it is missing."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not (found and shutil.which("node")):
        pytest.skip("there is no chromium or no node: pages are not looked at in a browser")
    if not all((NODE / "node_modules" / name).is_dir() for name in ("axe-core", "playwright-core")):
        pytest.skip(f"no axe-core in {NODE}: `make test` installs it where there is npm and a network")
    return found


def test_nobody_is_shut_out(tmp_path: Path) -> None:
    """Light and dark, wide and as narrow as WCAG asks for, every page passes axe-core, fits, and stays by itself."""
    chromium = browser()
    site = SmallSite(tmp_path)
    site.settings = EXAMPLE
    site.build()
    program = Path(__file__).parent / "node" / "look.js"
    files = [str(site.output / page) for page in PAGES]
    command = ["node", str(program), str(NODE), chromium, *files]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=300).stdout)
    assert found == {file: [] for file in files}
