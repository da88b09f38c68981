"""The body of a Hugo page: its shortcodes resolved, and what `ref` and `relref` refer to.

https://gohugo.io/content-management/cross-references/
"""

from __future__ import annotations

import posixpath

from feeds.model import Person, Problem, SourceOptions, Tree
from feeds.sources import _document, _hugo_files, _hugo_page, _hugo_paths, _hugo_shortcodes, _pages, _people
from feeds.sources._hugo_content import Content, Entry
from feeds.sources._hugo_embeds import Asked
from feeds.sources._hugo_files import Files
from feeds.sources._hugo_page import Page, Site
from feeds.text import iri_to_uri


def resolve(
    tree: Tree, page: Page, files: Files, options: SourceOptions, problems: list[Problem]
) -> tuple[_document.Text, list[str]]:
    """The body without shortcodes, and the pages that it refers to."""
    site: Site = tree.data
    depends: list[str] = []
    params = page.language.values.get("params")

    def link(reference: str, lang: str) -> str:
        url, used = _referred(tree, page.entry, reference, lang or page.entry.lang, options)
        depends.extend(used)
        return url

    def person(handle: str) -> str:
        known: Person | None = _people.find(handle, tree.people) if handle else None
        return known.name if known else ""

    params = params if isinstance(params, dict) else {}
    asked = Asked(
        base=site.url,
        values=page.low,
        site=params,
        link=link,
        person=person,
        file=lambda name: _hugo_files.beside(files, name),
    )
    done = _hugo_shortcodes.resolve(page.front.body, page.front.body_line, asked)
    for name, line in done.dropped:
        message, hint = _said_of(name)
        problems.append(_pages.odd(f"{page.entry.path}:{line}", message, hint))
    return done.text, depends


def _said_of(dropped: str) -> tuple[str, str]:
    """Message and hint for a shortcode that shows nothing."""
    name, is_reference, target = dropped.partition(" ")
    if is_reference:
        return f"{name} names no page: {target}", "name the page's file below content/"
    return f"the shortcode {name} was left out", "write its content in Markdown or HTML, if readers of the feed need it"


def _referred(tree: Tree, entry: Entry, reference: str, lang: str, options: SourceOptions) -> tuple[str, list[str]]:
    """The address of the page that ref or relref names, and the page's file."""
    site: Site = tree.data
    name, mark, fragment = reference.partition("#")
    target = _target(site, entry, name, lang) if name else entry
    if target is None:
        section = _section(site, name, lang)
        return (section + mark + fragment if section else ""), []
    _, front = _hugo_page.parsed(tree.root, target.path)
    page = _hugo_page.describe(site, target, front, tree.history.get(target.path), options)
    return iri_to_uri(site.url + page.path) + mark + fragment, [target.path] if target is not entry else []


def _section(site: Site, name: str, lang: str) -> str:
    """The address of the section that a name stands for."""
    folder = name.strip("/").removesuffix(".md").removesuffix("_index").strip("/")
    if (lang, folder) not in site.sections:
        return ""
    language = site.config.languages[lang]
    path = "/".join(p for p in (language.prefix, _hugo_page.folder_of(site, lang, folder)) if p)
    return iri_to_uri(f"{site.url}/{_hugo_paths.sanitize(path, language.rules)}/")


def _target(site: Site, entry: Entry, name: str, lang: str) -> Entry | None:
    """The page that a name stands for: from the page's own folder, from the top, or by its bare name."""
    stem = name.lower().rstrip("/")
    for ending in (".md", ".html", "/index", "/_index"):
        stem = stem.removesuffix(ending)
    near = posixpath.normpath(posixpath.join(posixpath.dirname(entry.logical.lower()), stem))
    for wanted in (stem.lstrip("/"), near, posixpath.basename(stem)):
        found = [site.pages[p] for p in site.targets.get(wanted, ())]
        own = [e for e in found if e.lang == lang] or found
        if own:
            return own[0]
    return None


def targets(content: Content) -> dict[str, tuple[str, ...]]:
    """What ref and relref may name, in lower case: a page's path, and its bare name."""
    found: dict[str, list[str]] = {}
    for path, entry in content.pages.items():
        for name in {entry.logical.lower(), entry.name.lower()}:
            found.setdefault(name, []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}
