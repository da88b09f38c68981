"""Which pages a Hugo site has: its content folders, bundles, sections, languages and what sections hand down.

https://gohugo.io/content-management/organization/ · https://gohugo.io/content-management/page-bundles/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.reading import front as front_matter
from feeds.sources import _hugo_paths, _pages, _urls, _walk
from feeds.sources._hugo_config import Config, Mount, languages_of, lowered, takes

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".pandoc", ".pdc"})
HTML = frozenset({".html", ".htm"})
UNREAD = frozenset({".org", ".rst", ".adoc", ".ad", ".asciidoc"})  # Hugo renders them with other programs
CONTENT = MARKDOWN | HTML | UNREAD
MOST_FILES = 500  # of one bundle


class Entry(Struct, frozen=True, kw_only=True):
    """A page's file."""

    path: str  # below the root
    logical: str  # in the content tree, without language and ending; of a bundle its folder
    name: str
    lang: str
    is_bundle: bool = False
    files: tuple[str, ...] = ()  # of the bundle, below its folder


class Cascade(Struct, frozen=True, kw_only=True):
    """Front matter that pages get unless they say otherwise."""

    values: dict[str, Any]
    lang: str = ""  # of the section that says it; "": of the configuration
    folder: str = ""  # in the content tree
    glob: str = ""  # of the pages' paths; "": all
    langs: tuple[str, ...] = ()  # globs of languages; empty: all
    kinds: str = "*"  # glob of kinds of pages


class Section(Struct, frozen=True, kw_only=True):
    """A folder with an _index file."""

    path: str  # of that file
    folder: str
    lang: str


class Content(Struct, frozen=True, kw_only=True):
    """Everything below the content folders."""

    pages: dict[str, Entry]  # by path
    sections: tuple[Section, ...]
    adapters: tuple[str, ...]  # _content.gotmpl: programs that make pages


def find(root: Path, config: Config, problems: list[Problem]) -> Content:
    """The pages and sections of the site."""
    ignored = _ignored(config, problems)
    pages: dict[str, Entry] = {}
    sections: list[Section] = []
    adapters: list[str] = []
    for mount in config.mounts:
        if not _walk.has_folder(root, mount.folder):
            continue
        waiting = [mount.folder]
        while waiting:
            found = [e for e in _walk.entries(root, waiting.pop(), problems) if not _is_left_alone(e, ignored)]
            indexes = [e for e in found if not e.is_dir and _stem(e.name, config)[0].lower() == "index"]
            for entry in indexes or found:
                if entry.is_dir:
                    waiting.append(entry.path)
                elif entry.name == "_content.gotmpl":
                    adapters.append(entry.path)
                elif _ending(entry.name) in CONTENT and takes(mount, entry.path):
                    _sort_in(entry, mount, config, pages, sections)
            for entry in indexes:
                _add_files(root, entry.path, pages, problems)
    return Content(pages=_one_a_place(pages, problems), sections=tuple(sections), adapters=tuple(adapters))


def _one_a_place(pages: dict[str, Entry], problems: list[Problem]) -> dict[str, Entry]:
    """The pages without those whose place another has: of a.md and a/index.md Hugo builds the bundle."""
    kept: dict[tuple[str, str], Entry] = {}
    for entry in sorted(pages.values(), key=lambda e: not e.is_bundle):
        first = kept.setdefault((entry.lang, _hugo_paths.normal(entry.logical)), entry)
        if first is not entry:
            message = f"{first.path} has the same place: left out"
            problems.append(_pages.odd(entry.path, message, "rename one of the two"))
    return {entry.path: entry for entry in kept.values()}


def _sort_in(
    entry: _walk.Entry, mount: Mount, config: Config, pages: dict[str, Entry], sections: list[Section]
) -> None:
    stem, named = _stem(entry.name, config)
    lang = named or mount.lang or config.default
    below = entry.path.removeprefix(mount.folder).lstrip("/") if mount.folder else entry.path
    folder = posixpath.join(mount.target, posixpath.dirname(below))
    if stem.lower() == "_index":
        sections.append(Section(path=entry.path, folder=folder, lang=lang))
        return
    is_bundle = stem.lower() == "index"
    logical = folder if is_bundle else posixpath.join(folder, stem)
    name = posixpath.basename(logical)
    if logical:  # an index page at the top is the home page
        pages[entry.path] = Entry(path=entry.path, logical=logical, name=name, lang=lang, is_bundle=is_bundle)


def _add_files(root: Path, index: str, pages: dict[str, Entry], problems: list[Problem]) -> None:
    """Tell a bundle's page which files lie beside it."""
    page = pages.get(index)
    if page:
        folder = posixpath.dirname(index)
        names: list[str] = []
        for entry in _walk.files(root, folder, problems):
            names.append(entry.path.removeprefix(f"{folder}/"))
            if len(names) == MOST_FILES:
                break
        own = tuple(n for n in names if f"{folder}/{n}" not in pages)
        pages[index] = Entry(
            path=page.path, logical=page.logical, name=page.name, lang=page.lang, is_bundle=True, files=own
        )


def _ending(name: str) -> str:
    return _urls.split_ext(name)[1].lower()


def _stem(name: str, config: Config) -> tuple[str, str]:
    """A content file's name without its ending and language, and that language: ("one", "de") of one.de.md."""
    if _ending(name) not in CONTENT:
        return "", ""
    stem = _urls.split_ext(name)[0]
    bare, dot, lang = stem.rpartition(".")
    return (bare, lang.lower()) if dot and bare and lang.lower() in config.languages else (stem, "")


# ------------------------------------------------------------------------------------------------------ ignored

_QUANTIFIER = re.compile(r"(?<!\\)[*+?{]")


def _is_left_alone(entry: _walk.Entry, ignored: list[re.Pattern[str]]) -> bool:
    if entry.name.startswith((".", "#")) or entry.name.endswith("~"):
        return True
    return any(pattern.search("/" + entry.path[:1000]) for pattern in ignored)


def _ignored(config: Config, problems: list[Problem]) -> list[re.Pattern[str]]:
    """The patterns of ignoreFiles; one that could take for ever to compare is reported and does not count."""
    stated = config.values.get("ignorefiles")
    found = []
    for pattern in stated if isinstance(stated, list) else []:
        try:
            if (
                len(str(pattern)) > 200
                or len(_QUANTIFIER.findall(str(pattern))) > 3
                or re.search(r"\)[*+{]", str(pattern))
            ):
                raise ValueError("it has too many repeats")
            found.append(re.compile(str(pattern)))
        except (ValueError, re.error, OverflowError, RecursionError) as error:
            message = f"ignoreFiles: {str(pattern)[:60]!r} is not used: {error}"
            where = config.files[0] if config.files else "hugo.toml"
            problems.append(_pages.odd(where, message, "write a simpler pattern, or use `exclude` of the source"))
    return found


# ------------------------------------------------------------------------------------------------------ sections


def cascades(root: Path, config: Config, content: Content) -> tuple[Cascade, ...]:
    """What sections and the configuration hand down, the deepest section first."""
    found: list[Cascade] = []
    for section in sorted(content.sections, key=lambda s: -s.folder.count("/") - bool(s.folder)):
        rules = _rules(section_front(root, section.path).get("cascade"))
        found += [_cascade(one, section.lang, section.folder) for one in rules]
    found += [_cascade(one, "", "") for one in _rules(config.values.get("cascade"))]
    return tuple(found)


def section_names(root: Path, content: Content, rules: tuple[Cascade, ...]) -> dict[tuple[str, str], tuple[str, str]]:
    """(language, folder) of every section with an _index file → its slug and its title."""
    found = {}
    for section in content.sections:
        given = handed_down(section.folder, section.lang, rules, "section") if section.folder else {}
        values = {**given, **section_front(root, section.path)}
        found[section.lang, section.folder] = (str(values.get("slug") or ""), str(values.get("title") or ""))
    return found


def section_front(root: Path, path: str) -> dict[str, Any]:
    """The front matter of an _index file, keys in lower case; empty when it cannot be read."""
    file = _walk.inside(root, path)
    try:
        data = _walk.content(file) if file else b""
    except OSError:
        data = b""
    values = lowered(front_matter.parse(data, path).values)
    return values if isinstance(values, dict) else {}


def _rules(stated: Any) -> list[dict[str, Any]]:
    return [one for one in (stated if isinstance(stated, list) else [stated]) if isinstance(one, dict)]


def _cascade(stated: dict[str, Any], lang: str, folder: str) -> Cascade:
    target = stated.get("target", stated.get("_target"))
    target = target if isinstance(target, dict) else {}
    fits = _hugo_paths.matches(str(target.get("environment") or "*"), "production")
    return Cascade(
        values={k: v for k, v in stated.items() if k not in {"target", "_target"}} if fits else {},
        lang=lang,
        folder=folder,
        glob=str(target.get("path") or ""),
        langs=languages_of(target),
        kinds=str(target.get("kind") or "*"),
    )


def handed_down(logical: str, lang: str, rules: tuple[Cascade, ...], kind: str = "page") -> dict[str, Any]:
    """The front matter that a page gets from its sections and the configuration."""
    values: dict[str, Any] = {}
    for rule in rules:
        if _concerns(rule, logical, lang, kind):
            values = {**rule.values, **values}
    return values


def _concerns(rule: Cascade, logical: str, lang: str, kind: str) -> bool:
    is_below = not rule.folder or logical == rule.folder or logical.startswith(f"{rule.folder}/")
    return (
        is_below
        and rule.lang in {"", lang}
        and _hugo_paths.matches(rule.kinds, kind)
        and (not rule.glob or _hugo_paths.matches(rule.glob, "/" + _hugo_paths.normal(logical)))
        and (not rule.langs or any(_hugo_paths.matches(glob, lang) for glob in rule.langs))
    )


def section_of(entry: Entry, sections: Mapping[tuple[str, str], tuple[str, str]]) -> tuple[str, ...]:
    """The folders of the section that a page is in: the nearest with an _index file, else that at the top."""
    parts = entry.logical.split("/")[:-1]
    while len(parts) > 1 and (entry.lang, "/".join(parts)) not in sections:
        parts.pop()
    return tuple(parts)
