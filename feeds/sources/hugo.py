"""A Hugo site, read as Hugo reads it (https://gohugo.io/documentation/).

Every page gets the address that Hugo 0.168 gives it.  What Hugo decides by the clock (a future or expired page) is
handed on as `Post.not_before` and `Post.expires`; what it takes from a file's time stamp is not taken.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from feeds.model import Detection, Post, Problem, Reading, Source, SourceOptions, Tree
from feeds.sources import (
    _document,
    _hugo_blox,
    _hugo_body,
    _hugo_config,
    _hugo_content,
    _hugo_files,
    _hugo_page,
    _hugo_people,
    _pages,
    _walk,
)
from feeds.sources._hugo_config import Config, Language
from feeds.sources._hugo_files import Files
from feeds.sources._hugo_page import Page, Site
from feeds.text import digest, iri_to_uri, is_web

_NO_TAGS = frozenset("authors author categories tags publication_types projects series".split())
_OTHERS = (
    "_config.yml _quarto.yml mkdocs.yml pelicanconf.py conf.py gatsby-config.js gatsby-config.ts .eleventy.js"
    " eleventy.config.js astro.config.mjs next.config.js"
).split()  # of generators that keep content/ too
_RELEASED = frozenset({"publishdate", "pubdate", "published"})
_MOST_LOOKED_AT = 200  # folders of content, to recognise a site


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is a Hugo site."""
    if not folder.is_dir():
        return None
    has_content = _walk.has_folder(folder, "content")
    behind = " and content/" if has_content else ""
    for name, _ in _hugo_config.files(folder):
        if name.startswith("hugo."):
            return Detection(confidence=0.95, reason=f"{name}{behind}")
        if _is_config(folder, name, has_content):
            place = "config/_default" if name.startswith("config/_default/") else name
            return Detection(confidence=0.9, reason=f"{place}{behind or ' with baseURL'}")
    is_other = any(_walk.inside(folder, name) for name in _OTHERS)
    bundle = _bundle_in(folder) if has_content and not is_other else ""
    return Detection(confidence=0.6, reason=f"content/ with {bundle}") if bundle else None


def _is_config(folder: Path, name: str, has_content: bool) -> bool:
    """Is it Hugo's configuration, and not one of the same name (config.yaml)?"""
    if has_content and name.startswith("config/_default/"):
        return True
    values = _hugo_config.load(folder, name, [])
    return isinstance(values, dict) and ("baseurl" in values or (has_content and not _hugo_config.is_ours(values)))


def _bundle_in(folder: Path) -> str:
    """The first _index.md or bundle of a section (a/b/index.md) below content/."""
    looked_at = ["content"]
    for depth in range(3):
        inner: list[str] = []
        for place in looked_at:
            for entry in _walk.entries(folder, place, []):
                if not entry.is_dir and (entry.name == "_index.md" or (depth == 2 and entry.name == "index.md")):
                    return entry.path.removeprefix("content/")
                inner += [entry.path] if entry.is_dir and not entry.name.startswith(".") else []
        looked_at = inner[:_MOST_LOOKED_AT]
    return ""


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's pages and read what they share.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    problems: list[Problem] = []
    config = _hugo_config.read(root, problems)
    content = _hugo_content.find(root, config, problems)
    problems += [_adapter(path) for path in content.adapters]
    stated = iri_to_uri(options.url or config.text("baseurl")).rstrip("/")
    url = stated if is_web(stated) else ""
    if not url:
        problems.append(_no_address(config))
    people_files = _hugo_people.files(root, content)
    posts = [p for p in content.pages if p not in people_files]
    static = _static(config)
    cascades = _hugo_content.cascades(root, config, content)
    site = Site(
        config=config,
        url=url or root.resolve().as_uri(),
        pages=content.pages,
        cascades=cascades,
        sections=_hugo_content.section_names(root, content, cascades),
        targets=_hugo_body.targets(content),
        static=static,
        attached=_hugo_files.attached(root, static),
    )
    shared = [*config.files, *(s.path for s in content.sections), *people_files]
    return Tree(
        root=root,
        paths=_walk.wanted(posts, options),
        stamps={p: digest("\n".join(e.files).encode()) for p, e in content.pages.items() if e.files},
        fingerprint=_fingerprint(root, shared, site, options),
        static=(*static, *(mount.folder for mount in config.mounts)),
        site={"url": url, **_says(config.languages[config.default], options)},
        people=(*options.people, *_hugo_people.read(root, people_files, problems)),
        problems=tuple(problems),
        data=site,
    )


def _says(default: Language, options: SourceOptions) -> dict[str, str]:
    """What the site says of itself in its default language."""
    return {
        "title": _text(default.values.get("title")),
        "description": _description(default.values),
        "language": default.tag,
        "timezone": options.timezone or (default.zone if default.values.get("timezone") else ""),
    }


def _no_address(config: Config) -> Problem:
    where = config.files[0] if config.files else "hugo.toml"
    hint = "add baseURL to it, or set `site.url` in config.yaml"
    return _pages.wrong(where, "the site's address is not known", hint)


def _adapter(path: str) -> Problem:
    hint = "its pages are not read: no code of a site is run"
    return _pages.odd(path, "a content adapter makes pages by a program: left out", hint)


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _description(values: dict[str, Any]) -> str:
    params = values.get("params")
    return _text(params.get("description") if isinstance(params, dict) else None) or _text(values.get("description"))


def _static(config: Config) -> tuple[str, ...]:
    stated = config.values.get("staticdir") or "static"
    return tuple(str(s).strip("/") for s in (stated if isinstance(stated, list) else [stated]) if isinstance(s, str))


def _fingerprint(root: Path, shared: list[str], site: Site, options: SourceOptions) -> str:
    """Changes when the configuration, a section, a person, the place of a page or of an attached file does."""
    parts = [f"{path}:{_digest(root, path)}" for path in sorted(shared)]
    pages = sorted(site.pages)
    return digest("\n".join(parts).encode() + msgspec.json.encode((pages, site.attached, options), order="sorted"))


def _digest(root: Path, path: str) -> str:
    try:
        return digest(_walk.content(root / path))
    except OSError as error:
        return f"unreadable: {error.strerror}"


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one page.  Never raises for what is in it."""
    site: Site = tree.data
    entry = site.pages[path]
    if posixpath.splitext(path)[1].lower() in _hugo_content.UNREAD:
        hint = "write it in Markdown, or exclude it"
        return Reading(problems=(_pages.wrong(path, "written in a language that is not read: left out", hint),))
    data, front = _hugo_page.parsed(tree.root, path)
    problems = list(front.problems)
    if any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems))
    page = _hugo_page.describe(site, entry, front, tree.history.get(path), options)
    if reason := _hugo_page.withheld(site, page, options):
        return Reading(problems=tuple(problems), withheld=reason)
    is_dated = "date" in page.dates or page.wrong or _pages.dated(path)
    if not is_dated and not _hugo_page.is_post(page):
        return Reading(problems=tuple(problems), withheld="a page without a date")
    post, depends = _post(tree, page, data, options, problems)
    return Reading(post=post, problems=tuple(problems), depends=tuple(sorted(set(depends))))


def _post(
    tree: Tree, page: Page, data: bytes, options: SourceOptions, problems: list[Problem]
) -> tuple[Post | None, list[str]]:
    site: Site = tree.data
    place = _document.Place(
        source=options.name,
        path=page.entry.path,
        url=iri_to_uri(site.url + page.path),
        base=site.url,
        zone=page.zone,
        lang=page.language.tag,
        translation=page.entry.logical,
        people=tree.people,
        history=tree.history.get(page.entry.path),
        group=page.entry.logical.rpartition("/")[0].partition("/")[0],
        separator="<!--more-->",
        is_html=posixpath.splitext(page.entry.path)[1].lower() in _hugo_content.HTML,
    )
    published = _published(place, page, data, problems)
    if published is None:
        return None, []
    place = _pages.placed(place, options, published)
    files = _hugo_files.of_page(tree, page, place.url, options)
    place = structs.replace(place, find_file=lambda name: _hugo_files.find(files, name))
    text, depends = _hugo_body.resolve(tree, page, files, options, problems)
    added, citation = _hugo_blox.cited(page, page.entry, tree.root, problems)
    values = {**added, **_hugo_blox.translated(page, tree.people)}
    front = structs.replace(page.front, values=values, lines=_hugo_blox.lines(page, values))
    post, more = _document.post_of(
        place,
        front,
        text,
        published=published,
        title=_hugo_page.title(page, text.body),
        categories=_pages.words(page.low, "categories", "category"),
        tags=_tags(page),
        not_before=None if site.config.values.get("buildfuture") is True else page.dates.get("publishdate", published),
    )
    problems += more
    return _finished(post, page, files, site), [*depends, *citation, *files.depends]


def _tags(page: Page) -> tuple[str, ...]:
    """Tags, and the terms of the taxonomies that the site has besides."""
    stated = page.language.values.get("taxonomies")
    named = [str(plural).lower() for plural in stated.values()] if isinstance(stated, dict) else []
    own = [_pages.words(page.low, name) for name in named if name not in _NO_TAGS]
    return tuple(dict.fromkeys([*_pages.words(page.low, "tags", "tag"), *(term for terms in own for term in terms)]))


def _published(place: _document.Place, page: Page, data: bytes, problems: list[Problem]) -> datetime | None:
    """Hugo's date of the page; where Hugo has none, that of the file's name or of its first commit."""
    if "date" in page.dates:
        problems += [_no_date(_pages.odd, place, page, k, v) for k, v in page.wrong if k in _RELEASED]
        return page.dates["date"]
    for key, value in page.wrong[:1]:
        problems.append(_no_date(_pages.wrong, place, page, key, value))
        return None
    return _pages.published(place, page.front, data, problems, keys=("created",))


def _no_date(
    problem: Callable[[str, str, str], Problem], place: _document.Place, page: Page, key: str, value: str
) -> Problem:
    return problem(_document.at(place, page.front, key), f"{value[:60]!r} is not a date", "write it as 2024-03-01")


def _finished(post: Post, page: Page, files: Files, site: Site) -> Post:
    """The post with what Hugo has its own rules for."""
    expires = page.dates.get("expirydate")
    return structs.replace(
        post,
        modified=page.dates.get("lastmod") if _says_when_changed(page) else post.modified,
        expires=None if site.config.values.get("buildexpired") is True else expires,
        redirects=tuple(_hugo_page.redirects(page, site.url)),
        image=_hugo_files.image(files, _hugo_blox.image(page)),
        in_feeds=post.in_feeds and not _hugo_page.is_unlisted(page.low),
    )


def _says_when_changed(page: Page) -> bool:
    return any(page.low.get(key) for key in ("lastmod", "modified"))


SOURCE = Source(
    name="hugo",
    description="A Hugo site: content/, page bundles, languages, permalinks, Hugo Blox",
    detect=detect,
    open=open_site,
    read=read,
)
