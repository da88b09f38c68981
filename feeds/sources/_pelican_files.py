"""Files of a Pelican site: which are articles and pages, and what links between them lead to.  Private to sources."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from feeds.model import Problem, SourceOptions, Tree
from feeds.sources import _document, _pages, _pelican_links, _pelican_meta, _pelican_page, _walk
from feeds.sources._pelican_page import Described, Wrong
from feeds.sources._pelican_settings import Settings
from feeds.text import digest, iri_to_uri


class Site(Struct, frozen=True):
    """What every article needs to know of its site."""

    settings: Settings
    url: str
    files: dict[str, str]  # name of an attached file → its path below the content, "" when there are several


def listed(root: Path, settings: Settings, problems: list[Problem]) -> tuple[list[str], dict[str, str], str]:
    """The articles below the root; the attached files: name → path below the content; a digest of all the names.

    What a link leads to depends on which files there are.
    """
    articles: list[str] = []
    names: list[str] = []
    files: dict[str, str] = {}
    output = posixpath.normpath(settings.text("OUTPUT_PATH") or "output")
    for entry in _walk.files(root, settings.content, problems):
        if entry.path.startswith(f"{output}/"):
            continue
        names.append(entry.path)
        path = below(entry.path, settings)
        if is_article(path, settings):
            articles.append(entry.path)
        elif posixpath.splitext(entry.name)[1].lower() in _pages.ATTACHED:
            files[entry.name] = "" if entry.name in files else path
    return articles, files, digest("\n".join(names).encode())


def below(path: str, settings: Settings) -> str:
    """A path below the root as one below the content."""
    return path.removeprefix(f"{settings.content}/") if settings.content else path


def is_article(path: str, settings: Settings) -> bool:
    """Is the file at `path` below the content an article?"""
    return _is_content(path, settings, "ARTICLE", "PAGE")


def is_page(path: str, settings: Settings) -> bool:
    """Is the file at `path` below the content a page?"""
    return _is_content(path, settings, "PAGE", "ARTICLE")


def _is_content(path: str, settings: Settings, kind: str, other: str) -> bool:
    ending = posixpath.splitext(path)[1][1:]
    readers = settings.of("READERS") or {}
    if ending not in _pelican_meta.EXTENSIONS or (ending in readers and not readers[ending]):
        return False
    if any(fnmatchcase(part, str(p)) for p in settings.of("IGNORE_FILES") for part in path.split("/")):
        return False
    excluded = [*settings.of(f"{kind}_EXCLUDES"), *settings.of(f"{other}_PATHS")]
    if any(str(e) and path.startswith(f"{str(e).strip('/')}/") for e in excluded):
        return False
    return any(
        not str(p) or path == p or path.startswith(f"{str(p).strip('/')}/") for p in settings.of(f"{kind}_PATHS")
    )


# ------------------------------------------------------------------------------------------------------ links


def address_in(
    tree: Tree, path: str, described: Described, depends: list[str], problems: list[Problem]
) -> Callable[[str, str], str]:
    """What {what}value in the article at `path` leads to: an absolute address, or ""."""
    site: Site = tree.data
    folder = posixpath.dirname(below(path, site.settings))
    missing: set[tuple[str, str]] = set()

    def find(what: str, value: str) -> str:
        if what == "index":
            return site.settings.text("INDEX_SAVE_AS")
        if what in {"category", "tag", "author"}:
            return _pelican_links.of_wrapper(what, value, site.settings)
        for target in _pelican_links.targets(value, folder):
            whole = posixpath.join(site.settings.content, target)
            if _walk.inside(tree.root, whole):
                return _target(tree, what, target, whole, folder, described, depends)
        return ""

    def address(what: str, value: str) -> str:
        found = find(what, value)
        if found:
            return iri_to_uri(f"{site.url}/{found.lstrip('/')}{_pelican_links.behind(value)}")
        if (what, value) not in missing:
            missing.add((what, value))
            problems.append(_pages.odd(path, f"{{{what}}}{value[:100]} leads nowhere", "correct the link"))
        return ""

    return address


def _target(
    tree: Tree, what: str, target: str, whole: str, folder: str, described: Described, depends: list[str]
) -> str:
    settings: Settings = tree.data.settings
    kind = "ARTICLE" if is_article(target, settings) else "PAGE" if is_page(target, settings) else ""
    if what == "filename" and kind:
        depends.append(whole)
        try:
            page = _pelican_meta.read(_walk.content(tree.root / whole), whole, settings)
            return _pelican_page.describe(page, target, whole, settings, kind).url
        except (OSError, Wrong):
            return ""
    if what == "attach":
        return _pelican_links.of_attached(target, folder, described.save_as)
    return _pelican_links.of_static(target, settings)


def files_of(site: Site, options: SourceOptions) -> Callable[[str], str]:
    """Where a file that the metadata name is served: below `pdf_base`, else where the only one of its name lies."""

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        known = site.files.get(bare, "")
        if name == bare and options.pdf_base:
            return f"{_document.site_url(options.pdf_base, site.url).rstrip('/')}/{quote(bare)}"
        if known and known.endswith(name.lstrip("./")):
            return iri_to_uri(f"{site.url}/{_pelican_links.of_static(known, site.settings)}")
        return ""

    return find
