"""Which files of a Jekyll site are posts, which are served as they are, and what all posts depend on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from feeds.model import Problem, SourceOptions
from feeds.sources import _walk, _yaml
from feeds.sources._jekyll_config import ALWAYS_EXCLUDED, Config, bibliographies
from feeds.text import digest

DATED = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.*)(\.[^.]+)", re.DOTALL)
HTML = frozenset({".html", ".htm", ".xhtml"})
_OTHER_PROSE = frozenset({".txt", ".textile", ".adoc", ".asciidoc", ".org", ".rst", ".haml", ".slim"})
_ATTACHED = frozenset(".pdf .ppt .pptx .odp .key .zip .doc .docx .xls .xlsx .csv .tsv .gz .tgz .epub .ps".split())
CITED = frozenset({"_data/citations.yaml", "_data/citations.yml"})  # whose records are items of their own
UNCITED = ("_data/sources.yaml", "_data/sources.yml")  # identifiers of works, of which the template makes citations
_PEOPLE = ("members", "people", "team", "authors", "staff", "group")
_MOST_PEOPLE = 2_000
_DATE_KEY = re.compile(rb"^date[ \t]{0,9}:[ \t]{0,9}[^\s#]", re.MULTILINE)
_HEAD = 4_000  # bytes that hold the keys of front matter
_LARGE = 5_000_000  # bytes; a larger file counts by its size alone


class Found(Struct, frozen=True):
    """What is in a site's folder."""

    posts: list[str]
    files: dict[str, str]  # name of a file that posts may come with → its path; "" when there are several
    problems: list[Problem]
    pages: list[str]  # what is no document of a collection, in Markdown or HTML


class Kind(Struct, frozen=True):
    """What Jekyll takes a document for."""

    label: str  # of its collection
    draft: bool
    relative: str  # path below the collections folder
    categories: tuple[str, ...]  # from the folders above _posts


def kind_of(path: str, config: Config) -> Kind:
    """The collection of the document at `path`, and the categories its folders stand for."""
    relative = path.removeprefix(config.folder)
    parts = relative.split("/")
    label = parts[0].removeprefix("_")
    if parts[0].startswith("_") and label not in {"posts", "drafts"} and label in config.collections:
        return Kind(label, False, relative, ())
    marker = "_drafts" if "_posts" not in parts and "_drafts" in parts else "_posts"
    above = parts[: parts.index(marker)] if marker in parts else []
    return Kind("posts", marker == "_drafts", relative, tuple(above))


def extensions(config: Config) -> frozenset[str]:
    """The file name endings that are Markdown on this site."""
    return _endings(config.text("markdown_ext"))


@lru_cache(maxsize=8)
def _endings(listed: str) -> frozenset[str]:
    return frozenset(f".{e.strip().lower()}" for e in listed.split(",") if e.strip())


def discover(root: Path, config: Config, options: SourceOptions) -> Found:
    """All posts, in the order of their paths, and the files that go with posts."""
    found = Found([], {}, [], [])
    ignore = _walk.entry_filter(config.list("include"), (*config.list("exclude"), *ALWAYS_EXCLUDED))
    readable = extensions(config) | HTML
    drafts = options.drafts or config.values.get("show_drafts") is True
    for folder in _folders(root, config, ignore, found):
        if not folder.startswith(config.folder.rstrip("/")):
            continue
        _take(root, posixpath.join(folder, "_posts"), ignore, readable, found, dated=True)
        if drafts:
            _take(root, posixpath.join(folder, "_drafts"), ignore, readable, found, dated=False)
    for label in config.collections:
        if label != "posts":
            _take(root, f"{config.folder}_{label}", ignore, readable, found, dated=False)
    found.posts[:] = _walk.wanted(sorted(set(found.posts)), options)
    return found


def _folders(root: Path, config: Config, ignore: _walk.EntryFilter, found: Found) -> Iterator[str]:
    """The folders that Jekyll looks into for posts; on the way, the files that it serves as they are."""
    built = config.text("destination").removeprefix("./").strip("/")
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        yield folder
        inner = []
        for entry in _walk.entries(root, folder, found.problems):
            if entry.path == built or ignore.rejects(folder, entry.name, entry.is_dir):
                continue
            ending = posixpath.splitext(entry.name)[1].lower()
            if entry.is_dir:
                inner.append(entry.path)
            elif ending in _ATTACHED:
                found.files[entry.name] = "" if entry.name in found.files else entry.path
            elif ending in HTML or ending in extensions(config):
                found.pages.append(entry.path)
        waiting += reversed(inner)


def _take(
    root: Path, base: str, ignore: _walk.EntryFilter, readable: frozenset[str], found: Found, *, dated: bool
) -> None:
    """Add the documents below the folder `base`; in _posts only those with a date in the name."""
    if not _walk.has_folder(root, base):
        return
    for entry in _walk.files(root, base, found.problems):
        if ignore.rejects(base, entry.path[len(base) + 1 :], False) or (dated and not DATED.fullmatch(entry.name)):
            continue
        ending = posixpath.splitext(entry.name)[1].lower()
        if ending in readable:
            found.posts.append(entry.path)
        elif ending in _OTHER_PROSE and dated:
            found.problems.append(_unread(entry.path, ending))


def has_records(root: Path, config: Config) -> bool:
    """Has the site a bibliography?"""
    return _walk.has_folder(root, bibliographies(config)) or any((root / file).exists() for file in (*CITED, *UNCITED))


def undated(root: Path, config: Config, posts: list[str]) -> frozenset[str]:
    """The collections none of whose documents has a date: people, projects, what is no post."""
    if not config.collections.keys() - {"posts"}:
        return frozenset()
    labels = {path: kind_of(path, config).label for path in posts}
    dated: set[str] = {"posts"}
    for path, label in labels.items():
        if label not in dated and _is_dated(root / path):
            dated.add(label)
    return frozenset(labels.values()) - dated


def _is_dated(path: Path) -> bool:
    if DATED.fullmatch(path.name):
        return True
    try:
        return _DATE_KEY.search(_walk.content(path, _HEAD)) is not None
    except OSError:
        return False


def _unread(path: str, ending: str) -> Problem:
    message = f"posts in {ending} are not read"
    hint = "convert it to Markdown or HTML, or exclude it"
    return Problem(stage="read", where=path, message=message, hint=hint, severity="warning")


# -------------------------------------------------------------------------------------------- what posts share


def data_files(root: Path, config: Config) -> list[str]:
    """The files below _data, as paths below the root."""
    folder = config.text("data_dir").strip("/") or "_data"
    if not _walk.has_folder(root, folder):
        return []
    return [e.path for e in _walk.files(root, folder, []) if posixpath.splitext(e.name)[1].lower() in _DATA]


_DATA = frozenset({".yml", ".yaml", ".json", ".csv", ".tsv"})


def people_files(root: Path, config: Config) -> tuple[str, ...]:
    """The documents of the collections that hold people, whether they become pages or not."""
    declared = config.values.get("collections")
    labels = [label for label in _PEOPLE if isinstance(declared, dict | list) and label in declared]
    folders = [f"{config.folder}_{label}" for label in labels]
    endings = extensions(config) | HTML
    found = (e for f in folders if _walk.has_folder(root, f) for e in _walk.files(root, f, []))
    return tuple(e.path for e in found if posixpath.splitext(e.name)[1].lower() in endings)[:_MOST_PEOPLE]


def fingerprint(root: Path, config: Config, found: Found, options: SourceOptions, more: tuple[str, ...] = ()) -> str:
    """Changes when the configuration, the data, an include, an attached file or an option does.

    So it does with the names in `more` and with what the files of these names hold.
    """
    shared = [config.file] if config.file else []
    shared += data_files(root, config)
    shared += more
    folder = config.text("includes_dir").strip("/") or "_includes"
    if _walk.has_folder(root, folder):
        shared += [e.path for e in _walk.files(root, folder, [])]
    parts = [f"{path}:{_content(root / path)}" for path in sorted(shared)]
    return digest("\n".join(parts).encode() + msgspec.json.encode((found.files, options), order="sorted"))


def _content(path: Path) -> str:
    try:
        size = path.stat().st_size
        return digest(_walk.content(path)) if size <= _LARGE else f"{size} bytes"
    except OSError as error:
        return f"unreadable: {error.strerror}"


def load_data(root: Path, paths: list[str], problems: list[Problem]) -> dict[str, Any]:
    """`site.data`: folders and file names as keys, what the files hold as values."""
    data: dict[str, Any] = {}
    for path in paths:
        keys = posixpath.splitext(path)[0].split("/")[1:]
        level = data
        for key in keys[:-1]:
            inner = level.setdefault(_key(key), {})
            level = inner if isinstance(inner, dict) else {}
        level[_key(keys[-1])] = load_file(root, path, problems)
    return data


def load_file(root: Path, path: str, problems: list[Problem]) -> Any:
    """What one data file holds, None and a problem when it cannot be read."""
    try:
        content = _walk.content(root / path)
        return _table(content, path) if path.endswith((".csv", ".tsv")) else _yaml.load(content)
    except (OSError, ValueError) as error:
        line = f":{error.line}" if isinstance(error, _yaml.BadYaml) and error.line else ""
        hint = "mend the file; until then it counts as empty"
        problems.append(
            Problem(stage="read", where=path + line, message=f"not usable: {error}", hint=hint, severity="warning")
        )
        return None


def _table(content: bytes, path: str) -> list[dict[str, Any]]:
    import csv

    if len(content) > _yaml.LIMIT:
        raise ValueError(f"more than {_yaml.LIMIT} bytes")
    lines = content.decode("utf-8-sig").splitlines()
    try:
        rows = list(csv.DictReader(lines, delimiter="\t" if path.endswith(".tsv") else ","))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return [{str(k): v for k, v in row.items() if k is not None} for row in rows]


def _key(name: str) -> str:
    return re.sub(r"\s+", "_", re.sub(r"[^\w\s-]+", "", name))
