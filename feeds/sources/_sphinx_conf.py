"""The configuration of a Sphinx site with ABlog, or of a Jupyter Book.  Private to sources.

conf.py is read, never run (`_literals`).  https://www.sphinx-doc.org/en/master/usage/configuration.html ·
https://ablog.readthedocs.io/ · https://jupyterbook.org/en/stable/customize/config.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Person, Problem
from feeds.sources import _literals, _pages, _patterns, _walk, _yaml
from feeds.text import is_web, legal, squeeze

FOLDERS = ("", "docs", "source", "doc", "docs/source", "doc/source")  # where conf.py is looked for
BOOK = ("_config.yml", "_toc.yml")
_READTHEDOCS = (".readthedocs.yaml", ".readthedocs.yml")
_BUILD = re.compile(r"\bsphinx-build\b[^\n]{0,200}?-[bM][ \t=]{0,5}(dirhtml|html)\b")
_SMALL = 100_000  # bytes of a build file that is looked at


class Conf(Struct, frozen=True, kw_only=True):
    """What decides which pages are posts, and where they are."""

    folder: str = ""  # of the pages, below the root
    file: str = ""  # the configuration's, below the root
    values: dict[str, Any] = {}
    dirhtml: bool = False  # the builder gives each page a folder
    book: bool = False  # a Jupyter Book

    def text(self, *names: str) -> str:
        """The first of the settings that is text and says something."""
        stated = (self.values.get(name) for name in names)
        return next((squeeze(legal(v)) for v in stated if isinstance(v, str) and v.strip()), "")

    def words(self, name: str) -> list[str]:
        """A setting that is a text or a list of them."""
        value = self.values.get(name)
        members = value if isinstance(value, (list, tuple)) else [value]
        return [m for m in members if isinstance(m, str) and m.strip()]


def locate(root: Path) -> str | None:
    """The folder of conf.py below the root."""
    return next((f for f in FOLDERS if _walk.inside(root, f"{f}/conf.py" if f else "conf.py")), None)


def is_book(root: Path) -> bool:
    """Is the folder a Jupyter Book?"""
    return all((root / name).is_file() for name in BOOK)


def read(root: Path) -> tuple[Conf, list[Problem]]:
    """The configuration; without one that can be read, Sphinx's defaults."""
    problems: list[Problem] = []
    folder = locate(root)
    if folder is None:
        return _read_book(root, problems), problems
    name = f"{folder}/conf.py" if folder else "conf.py"
    found = _literals.read(_bytes(root, name, _literals.LIMIT + 1))
    if found.error:
        where = f"{name}:{found.line}" if found.line else name
        problems.append(_pages.odd(where, found.error, "correct it; Sphinx's defaults are taken"))
    matters = ("html_baseurl", "blog_baseurl", "blog_post_pattern", "post_date_format", "exclude_patterns")
    for key in (k for k in matters if k in found.unknown):
        message = f"{key} is known only when the file is run: left alone"
        problems.append(_pages.odd(f"{name}:{found.unknown[key]}", message, "write it as a plain value"))
    dirhtml = _builder(root, folder, found.values) == "dirhtml"
    return Conf(folder=folder, file=name, values=found.values, dirhtml=dirhtml), problems


def _read_book(root: Path, problems: list[Problem]) -> Conf:
    try:
        stated = _yaml.load(_bytes(root, BOOK[0], _yaml.LIMIT + 1))
    except _yaml.BadYaml as error:
        problems.append(_pages.odd(f"{BOOK[0]}:{error.line}", str(error), "correct it"))
        stated = None
    book = stated if isinstance(stated, dict) else {}
    sphinx = _mapping(_mapping(book.get("sphinx")).get("config"))
    url = _mapping(book.get("html")).get("baseurl")
    values = {"html_title": book.get("title"), "author": book.get("author"), "html_baseurl": url, **sphinx}
    values.setdefault("exclude_patterns", book.get("exclude_patterns"))
    values.setdefault("extensions", ["myst_nb"])
    return Conf(file=BOOK[0], values=values, book=True)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _bytes(root: Path, name: str, limit: int) -> bytes:
    """The first bytes of a file; nothing when it cannot be read."""
    file = _walk.inside(root, name)
    try:
        return _walk.content(file, limit) if file else b""
    except OSError:
        return b""


# ------------------------------------------------------------------------------------------------------ the builder


def build_files(root: Path, folder: str) -> list[str]:
    """The files that may say with which builder the site is made."""
    names = [*_READTHEDOCS, "Makefile", f"{folder}/Makefile", "tox.ini"]
    workflows = [e.path for e in _walk.entries(root, ".github/workflows", [])] if _has_workflows(root) else []
    chosen = [n for n in [*names, *workflows] if not n.startswith("/")]
    return list(dict.fromkeys(chosen))[:20]


def _has_workflows(root: Path) -> bool:
    return _walk.has_folder(root, ".github/workflows")


def _builder(root: Path, folder: str, values: dict[str, Any]) -> str:
    """ "dirhtml" or "html": what Read the Docs, conf.py or the commands of the build files say, in this order."""
    files = {name: _bytes(root, name, _SMALL).decode("utf-8", "replace") for name in build_files(root, folder)}
    for name in _READTHEDOCS:
        stated = re.search(r"^[ ]{1,8}builder:[ ]{0,8}[\"']?(\w{1,20})", files.get(name, ""), re.MULTILINE)
        if stated:
            return stated[1]
    own = values.get("ablog_builder")
    if isinstance(own, str):
        return own
    commands = "\n".join(files.values())
    # `ablog build` alone makes folders, https://ablog.readthedocs.io/en/stable/manual/ablog-commands.html
    if re.search(r"\bablog build\b(?![^\n]{0,200}-b[ \t]{0,5}html)", commands):
        return "dirhtml"
    found = _BUILD.search(commands)
    return found[1] if found else "html"


# ------------------------------------------------------------------------------------------------------ what it says


def suffixes(conf: Conf) -> tuple[str, ...]:
    """The endings of pages, by `source_suffix` and the extensions that read Markdown."""
    stated = conf.values.get("source_suffix", ".rst")
    named = [stated] if isinstance(stated, str) else [s for s in stated or () if isinstance(s, str)]
    reads_markdown = any(e.startswith(("myst", "recommonmark")) for e in conf.words("extensions"))
    endings = [s if s.startswith(".") else f".{s}" for s in named] + ([".md"] if reads_markdown else [])
    return tuple(e for e in dict.fromkeys(endings) if e in {".rst", ".md", ".txt", ".markdown", ".rest"})


def people(conf: Conf) -> tuple[Person, ...]:
    """`blog_authors`: key → (name, address)."""
    known = conf.values.get("blog_authors")
    return tuple(_people(known)) if isinstance(known, dict) else ()


def _people(known: dict[Any, Any]) -> Iterator[Person]:
    for key, value in known.items():
        name, url = (*value, None, None)[:2] if isinstance(value, (list, tuple)) else (value, None)
        if isinstance(name, str) and name.strip():
            address = url if isinstance(url, str) and is_web(url) else ""
            yield Person(name=squeeze(legal(name)), url=address, aliases=(squeeze(legal(str(key))),))


def globs(patterns: list[str]) -> list[re.Pattern[str]]:
    """Sphinx's patterns of paths: "**" crosses folders, "*" and "?" do not; one that is too much is left out."""
    found = []
    for pattern in patterns:
        parts = re.split(r"(\*\*/?|\*|\?)", pattern.strip("/"))
        written = "".join(_GLOB.get(p) or re.escape(p) for p in parts)
        try:
            found.append(_patterns.compiled(f"(?:{written})(?:/|$)"))
        except _patterns.Unsafe:
            continue
    return found


_GLOB = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
