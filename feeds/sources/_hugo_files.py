"""Where a Hugo site serves the files that a page names: those of its bundle, and those below static/.

https://gohugo.io/content-management/page-resources/
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from feeds.model import SourceOptions, Tree
from feeds.sources import _document, _hugo_page, _pages, _walk
from feeds.sources._hugo_page import Page, Site
from feeds.text import iri_to_uri, is_web


class Files(Struct, frozen=True, kw_only=True):
    """What one page may name."""

    root: Path
    site: Site
    names: tuple[str, ...]  # of its bundle
    folder: str  # address of the bundle's folder, with a final slash
    shared: str  # … of the folder with the files that its languages share
    lang: str
    depends: tuple[str, ...] = ()  # the page in the default language, whose folder that is
    pdf_base: str


def of_page(tree: Tree, page: Page, url: str, options: SourceOptions) -> Files:
    """The files of the page at `url`."""
    site: Site = tree.data
    folder, first = _folder(url), _in_default(site, page)
    other = _hugo_page.parsed(tree.root, first)[1] if first else None
    place = _hugo_page.describe(site, site.pages[first], other, tree.history.get(first), options) if other else None
    return Files(
        root=tree.root,
        site=site,
        names=page.entry.files,
        folder=folder,
        shared=_folder(iri_to_uri(site.url + place.path)) if place else folder,
        lang=page.entry.lang,
        depends=(first,) if first else (),
        pdf_base=options.pdf_base,
    )


def _folder(url: str) -> str:
    return re.sub(r"\.html?$", "", url).rstrip("/") + "/"


def _in_default(site: Site, page: Page) -> str:
    """The page of the same bundle in the default language, when this is another and there are files to share."""
    entry, default = page.entry, site.config.default
    if entry.lang == default or not entry.files:
        return ""
    others = [site.pages[path] for path in site.targets.get(entry.logical.lower(), ())]
    return next((e.path for e in others if e.lang == default and e.logical == entry.logical), "")


def beside(files: Files, name: str) -> str:
    """Address of a file of the page's bundle, "" when there is none of that name."""
    own = name.removeprefix("./")
    is_own = posixpath.splitext(posixpath.splitext(own)[0])[1] == f".{files.lang}"
    return (files.folder if is_own else files.shared) + quote(own) if own in files.names else ""


def find(files: Files, name: str) -> str:
    """Address of a file that the front matter names, "" when it is not known."""
    site, bare = files.site, posixpath.basename(name)
    if found := beside(files, name):
        return found
    if name == bare and files.pdf_base:
        return f"{_document.site_url(files.pdf_base, site.url).rstrip('/')}/{quote(bare)}"
    served = name.lstrip("/")
    if any(_walk.inside(files.root, f"{folder}/{served}") for folder in site.static):
        return f"{site.url}/{quote(served)}"
    known = site.attached.get(bare, "") if name == bare else ""
    return f"{site.url}/{quote(known)}" if known else ""


def image(files: Files, name: str) -> str:
    """Address of a picture; one that Hugo makes another file of (assets/) has none that is known."""
    if is_web(name) or name.startswith("/"):
        return _document.site_url(name, files.site.url)
    return find(files, name) if name else ""


def attached(root: Path, folders: tuple[str, ...]) -> dict[str, str]:
    """The files that the site serves as they are: name → path below the site, "" when there are several."""
    found: dict[str, str] = {}
    for folder in folders:
        if _walk.has_folder(root, folder):
            for entry in _walk.files(root, folder, []):
                if posixpath.splitext(entry.name)[1].lower() in _pages.ATTACHED:
                    found[entry.name] = "" if entry.name in found else entry.path.removeprefix(f"{folder}/")
    return found
