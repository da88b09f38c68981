"""The text of an MkDocs page, ready for Markdown: its dialect, its links to other files, what is left out of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit, urlunsplit

from feeds.model import Problem, SourceOptions, Tree
from feeds.reading import python_markdown, templating
from feeds.reading.front import Front
from feeds.sources import _document, _mkdocs_config, _mkdocs_files, _mkdocs_page, _pages, _walk
from feeds.sources._mkdocs_page import Page, Site

# Jinja, which mkdocs-macros resolves: a comment, an expression, a statement
_MACRO = re.compile(
    r"\{#(?:[^#{]|#(?!\})|\{(?!#)){0,4000}#\}"
    r"|\{\{(?:[^{}]|\}(?!\})|\{(?!\{)){0,2000}\}\}"
    r"|\{%(?:[^%{]|%(?!\})|\{(?!%)){0,2000}%\}"
)
_LIQUID = re.compile(r"\{\{-?[ \t]{0,20}(?:page|site)\.")  # left of a site that was Jekyll's
_RAW = "{{% raw %}}{}{{% endraw %}}"


def text_of(tree: Tree, page: Page, place: _document.Place, depends: list[str]) -> tuple[_document.Text, list[Problem]]:
    """The body as `body.to_html` reads it, and what of it was left out.  `depends` gets the files that it links."""
    site: Site = tree.data
    front = page.front
    problems: list[Problem] = []
    text = _without_macros(front, place, problems) if site.config.macros else _without_liquid(front, place, problems)
    adapted, lines, dropped = python_markdown.adapt(text.body, text.lines)
    if dropped:
        problems.append(_left_out(place, front, dropped))
    linked = python_markdown.resolve_links(adapted, lambda target: _linked(tree, page.source, target, depends))
    return _document.Text(linked, lines), problems


def _without_macros(front: Front, place: _document.Place, problems: list[Problem]) -> _document.Text:
    found = _MACRO.search(front.body)
    if not found:
        return _pages.lines_of(front.body, front.body_line)
    line = front.body_line + front.body.count("\n", 0, found.start())
    message = f"macros were left out, the first {' '.join(found.group().split())[:60]}"
    hint = "write what they stand for, if readers of the feed need it"
    problems.append(_pages.odd(f"{place.path}:{line}", message, hint))
    return _pages.lines_of(_pages.take_out(front.body, _MACRO), front.body_line)


def _without_liquid(front: Front, place: _document.Place, problems: list[Problem]) -> _document.Text:
    """`{{ page.title }}` in a post that was Jekyll's once."""
    pieces = list(_pages.fenced(front.body)) if "{{" in front.body else []
    if not any(_LIQUID.search(piece) for is_code, piece in pieces if not is_code):
        return _pages.lines_of(front.body, front.body_line)
    page = {**front.values, "path": place.path, "url": place.url}
    kept = "".join(_RAW.format(piece) if is_code else piece for is_code, piece in pieces)
    done = templating.render(kept, place.path, first_line=front.body_line, page=page, site={"url": place.base})
    problems += done.problems
    return _document.Text(done.text, done.lines)


def _left_out(place: _document.Place, front: Front, dropped: list[str]) -> Problem:
    at = front.body.find(dropped[0].rpartition(" ")[2])
    line = front.body_line + front.body.count("\n", 0, at) if at >= 0 else front.body_line
    message = f"text from elsewhere was left out: {', '.join(dropped)[:200]}"
    return _pages.odd(f"{place.path}:{line}", message, "write it here, if readers of the feed need it")


# ------------------------------------------------------------------------------------------------------ links


def _linked(tree: Tree, source: str, target: str, depends: list[str]) -> str:
    """The address of the file of the site that a link in `source` leads to; "" when it leads elsewhere."""
    site: Site = tree.data
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    rooted = parts.path.startswith("/") and not _mkdocs_config.below_docs(site.config.values, "links")
    if parts.scheme or parts.netloc or not parts.path or rooted:
        return ""
    folder = "" if parts.path.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path).lstrip("/")))
    if path.startswith("../") or "\0" in path:
        return ""
    depends.append(_mkdocs_files.below(site.config, path))
    if path not in site.served:
        return ""
    url = _address(tree, path) or f"{site.base}/{site.served[path]}"
    return url + urlunsplit(("", "", "", parts.query, parts.fragment))


def _address(tree: Tree, path: str) -> str:
    """The address of a post of a blog, which is made of what stands in it; "" for any other file."""
    site: Site = tree.data
    if not _mkdocs_files.blog_of(path, site.config):
        return ""
    below = _mkdocs_files.below(site.config, path)
    try:
        data = _walk.content(tree.root / below)
    except OSError:
        return ""
    page = _mkdocs_page.page_of(data, below, site)
    place = _document.Place(source="", path=below, url="", base=site.base, zone="UTC", history=tree.history.get(below))
    return _mkdocs_page.address_of(page, site, _pages.published(place, page.front, data, []))


def files_of(site: Site, source: str, options: SourceOptions) -> Callable[[str], str]:
    """Where a file named in front matter is served: below `pdf_base`, beside the page, or where the only one lies."""

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        if options.pdf_base and name == bare:
            return _document.site_url(f"{options.pdf_base.rstrip('/')}/{bare}", site.base)
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(source), name.lstrip("/")))
        exact = [path for path in (beside, posixpath.normpath(name).lstrip("/")) if path in site.attached]
        alike = [path for path in site.attached if posixpath.basename(path) == bare] if name == bare else []
        found = exact or (alike if len(alike) == 1 else [])
        return f"{site.base}/{site.attached[found[0]]}" if found else ""

    return find
