"""An MkDocs 1.6 site, with or without the blog of Material for MkDocs, read as MkDocs reads it.

Every page gets the address and the title that MkDocs gives it.  The posts are those of the blogs, and every other page
that says when it was published; a page without a date is documentation.
https://www.mkdocs.org/user-guide/ · https://squidfunk.github.io/mkdocs-material/plugins/blog/
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

import msgspec

from feeds.errors import SourceError
from feeds.model import Detection, Person, Problem, Reading, Source, SourceOptions, Tree
from feeds.sources import (
    _document,
    _mkdocs_config,
    _mkdocs_files,
    _mkdocs_page,
    _mkdocs_people,
    _mkdocs_text,
    _pages,
    _walk,
    _yaml,
)
from feeds.sources._mkdocs_config import Config
from feeds.sources._mkdocs_files import Found, below, blog_of
from feeds.sources._mkdocs_page import Page, Site
from feeds.text import digest, iri_to_uri, is_web

# Front matter that says: a page about a work, which needs a date.


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """Is there a mkdocs.yml, and the folder that it speaks of?"""
    file = _mkdocs_config.name_of(folder)
    if not file:
        return None
    docs = "docs" if _walk.has_folder(folder, "docs") else _mkdocs_config.read(folder, []).docs
    found = _walk.has_folder(folder, docs)
    return Detection(confidence=0.95 if found else 0.6, reason=f"{file} and {docs}/" if found and docs else file)


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's pages and read what they share.  Raises SourceError when there is no folder of documents."""
    _walk.require(root, options)
    problems: list[Problem] = []
    config = _mkdocs_config.read(root, problems)
    if not _walk.has_folder(root, config.docs):
        hint = f"correct `docs_dir` in {config.file}" if config.file else "add a mkdocs.yml"
        raise SourceError(f"there is no folder {config.docs} below {root}", hint=hint)
    found = _mkdocs_files.discover(root, config, options, problems)
    url = options.url.rstrip("/") or iri_to_uri(config.text("site_url").rstrip("/"))
    if not is_web(url):
        hint = f"add `site_url: https://…` to {config.file}, or set `site.url` in config.yaml"
        problems.append(_pages.wrong(config.file or "mkdocs.yml", "the site's address is not known", hint))
        url = ""
    site = Site(
        config=config,
        base=url or root.resolve().as_uri(),
        served=found.served,
        attached=found.attached,
        drafts=found.drafts,
        defaults=_defaults(root, config, found, problems),
    )
    people = (*options.people, *_mkdocs_people.authors(root, config, problems), *_members(root, site, found))
    return Tree(
        root=root,
        paths=tuple(below(config, p) for p in found.documents),
        fingerprint=digest(
            msgspec.json.encode((config, site.base, site.attached, site.defaults, people, options), order="sorted")
        ),
        static=(config.docs,),
        site={
            "title": config.text("site_name"),
            "url": url,
            "description": config.text("site_description"),
            "language": _language(config),
            "timezone": options.timezone,
        },
        people=people,
        problems=tuple(problems),
        data=site,
    )


def _language(config: Config) -> str:
    theme = config.values.get("theme")
    return _document.language(theme.get("language") or theme.get("locale")) if isinstance(theme, dict) else ""


def _defaults(
    root: Path, config: Config, found: Found, problems: list[Problem]
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The front matter that Material's meta plugin gives to all pages of a folder."""
    read: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(found.defaults, key=lambda p: (p.count("/"), p)):
        try:
            values = _yaml.load(_walk.content(root / below(config, path)))
        except (OSError, ValueError) as error:
            hint = "mend the file; until then it counts as empty"
            problems.append(_pages.odd(below(config, path), f"not usable: {error}", hint))
            continue
        if isinstance(values, dict):
            read.append((posixpath.dirname(path), values))
    return tuple(read)


def _members(root: Path, site: Site, found: Found) -> list[Person]:
    """The people with a page of their own."""
    config = site.config
    pages = [p for p in found.documents if _mkdocs_people.is_page(p) and not blog_of(p, config)]
    members = (
        _mkdocs_people.member(root, below(config, p), f"{site.base}/{_mkdocs_files.address(p, config)}") for p in pages
    )
    return [person for person in members if person]


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one page.  Never raises for what is in it: a problem is reported and the others go on."""
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    page = _mkdocs_page.page_of(data, path, tree.data)
    problems = page.front.problems
    if any(p.severity == "error" for p in problems):
        return Reading(problems=problems)
    withheld = _withheld(page, tree.data, options)
    return Reading(problems=problems, withheld=withheld) if withheld else _post(tree, page, options)


def _withheld(page: Page, site: Site, options: SourceOptions) -> str:
    """Why a page is no post, or none yet; "" when it is one."""
    if page.source in site.drafts and not options.drafts:
        return "draft_docs"
    reason = _pages.withheld(page.front.values, options)
    if reason and not (page.blog and page.blog.drafts):
        return reason
    if page.blog:
        return ""
    if _mkdocs_people.is_page(page.source):
        return "a page about a person"
    is_work = _pages.is_work(page.front.values)
    return "" if is_work or _mkdocs_page.is_dated(page) else "a page without a date"


def _post(tree: Tree, page: Page, options: SourceOptions) -> Reading:
    problems = list(page.front.problems)
    place = _place(tree, page, options)
    published = _pages.published(place, page.front, page.data, problems)
    if published is None:
        return Reading(problems=tuple(problems))
    place = msgspec.structs.replace(place, url=_mkdocs_page.address_of(page, tree.data, published))
    place = _pages.placed(place, options, published)
    depends: list[str] = []
    text, wrong = _mkdocs_text.text_of(tree, page, place, depends)
    values = page.front.values
    scheduled = page.blog and page.blog.future_is_draft and not isinstance(values.get("draft"), bool)
    post, more = _document.post_of(
        place,
        page.front,
        text,
        published=published,
        title=_mkdocs_page.title_of(page, tree.data.config),
        categories=_pages.words(values, "categories", "category"),
        tags=_pages.words(values, "tags", "tag"),
        not_before=published if scheduled else None,
    )
    return Reading(post=post, problems=(*problems, *wrong, *more), depends=tuple(sorted(set(depends))))


def _place(tree: Tree, page: Page, options: SourceOptions) -> _document.Place:
    """Where the page stands; its address comes when its date is known."""
    site: Site = tree.data
    own = page.blog.folder if page.blog else posixpath.dirname(page.source).partition("/")[0]
    return _document.Place(
        source=options.name,
        path=page.path,
        url=site.base,
        base=site.base,
        zone=options.timezone or "UTC",
        lang=_language(site.config),
        people=tree.people,
        history=tree.history.get(page.path),
        group="posts" if own == "." else own,
        separator=_separator(page, site.config),
        find_file=_mkdocs_text.files_of(site, page.source, options),
        naive_is_local=lambda line: _document.is_quoted(page.data, line),
    )


def _separator(page: Page, config: Config) -> str:
    """What ends the excerpt: as the blog or `extra.excerpt_separator` says, else the comment as people write it."""
    extra = config.values.get("extra")
    stated = extra.get("excerpt_separator") if isinstance(extra, dict) else None
    usual = [page.blog.separator if page.blog else "", stated, "<!-- more -->", "<!--more-->"]
    return next((s for s in usual if isinstance(s, str) and s and s in page.front.body), "")


SOURCE = Source(
    name="mkdocs",
    description="An MkDocs site: mkdocs.yml, docs, blogs of Material",
    detect=detect,
    open=open_site,
    read=read,
)
