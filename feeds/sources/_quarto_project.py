"""A Quarto project: its configuration, the metadata of its folders, which files it renders, which are posts.

https://quarto.org/docs/projects/quarto-projects.html · https://quarto.org/docs/websites/website-listings.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.reading import front as front_matter
from feeds.sources import _pages, _walk, _yaml

FILES = ("_quarto.yml", "_quarto.yaml")
INPUTS = (".qmd", ".md", ".ipynb", ".rmd")
_METADATA = ("_metadata.yml", "_metadata.yaml")
_OUTPUT = {"website": "_site", "blog": "_site", "book": "_book", "manuscript": "_manuscript"}
_NOT_METADATA = frozenset("project website book manuscript format filters profile theme".split())
_IGNORED = frozenset({"node_modules", "renv", "packrat", "rsconnect", "env", "venv", "site_libs", "__pycache__"})
_BY_NAME = frozenset({"README", "LICENSE"})
_LIMIT = 1_000_000
_DATE = re.compile(rb"^date:[ \t]*\S", re.MULTILINE)


class Project(Struct, frozen=True, kw_only=True):
    """What the configuration says."""

    file: str = ""  # of the configuration; "" without one
    values: Mapping[str, Any] = {}
    kind: str = ""  # project.type
    output: str = ""  # folder below the root

    def about(self) -> Mapping[str, Any]:
        """The block with the site's title, address and description."""
        found = [self.values.get(key) for key in ("website", "book", "manuscript")]
        return next((block for block in found if isinstance(block, dict)), {})


class Found(Struct, frozen=True, kw_only=True):
    """The files of the project that matter."""

    inputs: list[str]  # every file that is rendered
    posts: list[str]
    listed: bool  # are posts what listings name?
    unlisted: list[str]  # pages with a date that none of them names
    metadata: dict[str, dict[str, Any]]  # folder → what its _metadata.yml says
    listings: dict[str, Any]  # page → its `listing`
    files: dict[str, str]  # name of an attached file → its path


# ----------------------------------------------------------------------------------------------- configuration


def read(root: Path, problems: list[Problem]) -> Project:
    """The project at `root`; without a configuration file each document stands for itself."""
    file = next((name for name in FILES if (root / name).is_file()), "")
    values = load(root, file, problems) if file else {}
    project = values.get("project")
    project = project if isinstance(project, dict) else {}
    kind = str(project.get("type") or "")
    output = project.get("output-dir")
    stated = output if isinstance(output, str) else _OUTPUT.get(kind, "")
    folder = posixpath.normpath(stated.strip("/") or ".")
    return Project(file=file, values=values, kind=kind, output="" if folder.startswith(".") else folder)


def load(root: Path, path: str, problems: list[Problem]) -> dict[str, Any]:
    """The mapping in a YAML file of the project; empty, and a warning, when it cannot be read."""
    file = _walk.inside(root, path)
    try:
        if file is None or file.stat().st_size > _LIMIT:
            raise _yaml.BadYaml("it is not below the folder, or too large")
        value = _yaml.load(_walk.content(file))
    except _yaml.BadYaml as error:
        where = f"{path}:{error.line}" if error.line else path
        problems.append(_pages.odd(where, f"cannot be read: {error}", "correct the file"))
        return {}
    except OSError as error:
        problems.append(_pages.odd(path, f"cannot be read: {error.strerror}", "check its permissions"))
        return {}
    return value if isinstance(value, dict) else {}


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """As Quarto merges metadata: mappings are joined, lists put together, else the one above wins."""
    out = dict(below)
    for key, value in above.items():
        mine = out.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            out[key] = merged(mine, value)
        elif isinstance(mine, list) and isinstance(value, list) and key not in {"author", "authors"}:
            out[key] = [*mine, *(v for v in value if v not in mine)]
        else:
            out[key] = value
    return out


def defaults_of(project: Project, metadata: Mapping[str, dict[str, Any]], path: str) -> dict[str, Any]:
    """The metadata that a document has from the project and the folders above it; the deeper wins."""
    values = {k: v for k, v in project.values.items() if k not in _NOT_METADATA}
    folders = posixpath.dirname(path).split("/")
    for depth in range(len(folders) + 1):
        values = merged(values, metadata.get("/".join(folders[:depth]), {}))
    return values


# ----------------------------------------------------------------------------------------------- files


def discover(root: Path, project: Project, problems: list[Problem]) -> Found:
    """What Quarto renders, and which of that is a post."""
    inputs: list[str] = []
    found = Found(inputs=inputs, posts=[], listed=False, unlisted=[], metadata={}, listings={}, files={})
    waiting = [""]
    while waiting:
        for entry in _walk.entries(root, waiting.pop(), problems):
            if entry.is_dir:
                left_out = entry.name[0] in "._" or entry.name in _IGNORED or entry.path == project.output
                waiting += [] if left_out else [entry.path]
            elif entry.name in _METADATA:
                found.metadata[posixpath.dirname(entry.path)] = load(root, entry.path, problems)
            else:
                _sort_in(entry.path, found)
    rendered = _rendered(project, sorted(inputs))
    inputs[:] = [p for p in rendered if not (p.endswith(".md") and _has_source(p, rendered))]
    found.listings.update(_listings(root, inputs))
    named = _named(root, found.listings, inputs)
    listed = named is not None
    pages = [p for p in inputs if p not in found.listings]
    unlisted = [p for p in pages if named is not None and p not in named]
    dated = [p for p in unlisted if _DATE.search(_content(root, p)[:20_000].partition(b"\n---")[0])]
    return Found(
        inputs=inputs,
        posts=sorted([*(p for p in pages if p not in unlisted), *dated]),
        listed=listed,
        unlisted=dated,
        metadata=found.metadata,
        listings=found.listings,
        files=found.files,
    )


def _sort_in(path: str, found: Found) -> None:
    name = posixpath.basename(path)
    stem, ending = posixpath.splitext(name)
    if ending.lower() in INPUTS:
        if name[0] not in "._" and stem not in _BY_NAME:
            found.inputs.append(path)
    elif ending.lower() in _pages.ATTACHED:
        found.files[name] = "" if name in found.files else path


def _has_source(path: str, inputs: list[str]) -> bool:
    """Is it the Markdown that another document was rendered to?"""
    stem = posixpath.splitext(path)[0]
    return any(f"{stem}{ending}" in inputs for ending in (".qmd", ".ipynb", ".Rmd"))


def _rendered(project: Project, inputs: list[str]) -> list[str]:
    """Those that `project.render` lets through."""
    block = project.values.get("project")
    render = block.get("render") if isinstance(block, dict) else None
    patterns = [str(p) for p in render if isinstance(p, (str, int))] if isinstance(render, list) else []
    if isinstance(render, str):
        patterns = [render]
    if patterns and all(p.startswith("!") for p in patterns):
        patterns = ["*", *patterns]
    return [p for p in inputs if _match(patterns, "").match_file(p)] if patterns else inputs


def _match(patterns: list[str], folder: str) -> Any:
    """A pathspec of Quarto's globs, which are relative to `folder`; a folder stands for all that is in it."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(_anchored(p, folder) for p in patterns)


def _anchored(pattern: str, folder: str) -> str:
    sign, bare = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    joined = posixpath.normpath(posixpath.join(folder, bare) if not bare.startswith("/") else bare.lstrip("/"))
    return f"{sign}/{'*' if joined == '.' else joined}"


# ----------------------------------------------------------------------------------------------- listings


def _listings(root: Path, inputs: list[str]) -> dict[str, Any]:
    """The `listing` of each page that has one."""
    found = {}
    for path in inputs:
        data = _content(root, path)
        if b"listing:" in data[:100_000] and not path.endswith(".ipynb"):
            listing = front_matter.parse(data, path).values.get("listing")
            if listing not in (None, False):
                found[path] = listing
    return found


def _content(root: Path, path: str) -> bytes:
    try:
        return _walk.content(root / path)
    except OSError:
        return b""


def _named(root: Path, listings: Mapping[str, Any], inputs: list[str]) -> frozenset[str] | None:
    """The pages that listings name; None when no listing names any."""
    named: set[str] = set()
    for page, listing in listings.items():
        for contents in _contents(listing):
            folder = posixpath.dirname(page)
            patterns = _patterns(root, contents, folder)
            named.update(p for p in inputs if _match(patterns, folder).match_file(p))
    return frozenset(named - set(listings)) or None


def _contents(listing: Any) -> Iterator[Any]:
    for one in listing if isinstance(listing, list) else [listing]:
        yield one.get("contents", ".") if isinstance(one, dict) else "."


def _patterns(root: Path, contents: Any, folder: str) -> list[str]:
    """The globs among a listing's contents: text, the `path` of items, and those of items in a YAML file."""
    patterns: list[str] = []
    for one in contents if isinstance(contents, list) else [contents]:
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            patterns.append(one["path"])
        elif isinstance(one, str) and one.endswith((".yml", ".yaml")):
            patterns += _in_file(root, posixpath.normpath(posixpath.join(folder, one.lstrip("/"))), folder)
        elif isinstance(one, str):
            patterns.append(one)
    return patterns


def _in_file(root: Path, path: str, folder: str) -> list[str]:
    file = _walk.inside(root, path)
    try:
        items = _yaml.load(_walk.content(file)) if file and file.stat().st_size <= _LIMIT else []
    except (OSError, _yaml.BadYaml):
        return []
    below = posixpath.relpath(posixpath.dirname(path) or ".", folder or ".")
    paths = [item.get("path") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [posixpath.normpath(posixpath.join(below, p)) for p in paths if isinstance(p, str) and "://" not in p]
