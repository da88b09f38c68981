"""A Pelican site, read as Pelican reads it (https://docs.getpelican.com/).

pelicanconf.py and publishconf.py are read, never run.  Articles are Markdown, reStructuredText or HTML; pages are no
posts.  Where Pelican takes a date from a file's age (`DEFAULT_DATE = "fs"`) only the history of its repository counts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from feeds.model import Detection, Person, Post, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import python_markdown
from feeds.sources import (
    _document,
    _pages,
    _pelican_files,
    _pelican_links,
    _pelican_meta,
    _pelican_page,
    _pelican_settings,
    _walk,
)
from feeds.sources._pelican_files import Site
from feeds.sources._pelican_meta import Page
from feeds.sources._pelican_page import Described, Wrong
from feeds.sources._pelican_settings import Settings
from feeds.text import digest, iri_to_uri, is_web, plain

# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is a Pelican site."""
    if (folder / "pelicanconf.py").is_file():
        return Detection(confidence=0.95, reason="pelicanconf.py")
    return None


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's articles and read its settings.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    settings, problems = _pelican_settings.read(root)
    changed = dict(settings.values)
    if "PATH" not in settings.stated and _walk.has_folder(root, "content"):
        changed["PATH"] = "content"
    if options.timezone:
        changed["TIMEZONE"] = options.timezone
    settings = structs.replace(settings, values=changed)
    articles, files, names = _pelican_files.listed(root, settings, problems)
    url = options.url.rstrip("/") or _address(settings)
    if not is_web(url):
        hint = "set SITEURL in publishconf.py, or `site.url` in config.yaml"
        problems.append(_pages.wrong(_conf(root), "the site's address is not known", hint))
        url = ""
    author = settings.text("AUTHOR")
    known = [_file_digest(root, name) for name in _pelican_settings.FILES]
    return Tree(
        root=root,
        paths=_walk.wanted(articles, options),
        fingerprint=digest(msgspec.json.encode((known, names, options), order="sorted")),
        static=(settings.content,),
        site={
            "title": settings.text("SITENAME") if "SITENAME" in settings.stated else "",
            "url": url,
            "description": plain(settings.text("SITESUBTITLE")),
            "language": _document.language(settings.text("DEFAULT_LANG")),
            "timezone": settings.text("TIMEZONE") if "TIMEZONE" in settings.stated or options.timezone else "",
        },
        people=(*options.people, *([Person(name=author)] if author else [])),
        problems=tuple(problems),
        data=Site(settings, url or root.resolve().as_uri(), files),
    )


def _address(settings: Settings) -> str:
    url = settings.text("SITEURL").rstrip("/")
    return iri_to_uri(f"https:{url}" if url.startswith("//") else url)


def _conf(root: Path) -> str:
    return next((n for n in reversed(_pelican_settings.FILES) if (root / n).is_file()), _pelican_settings.FILES[0])


def _file_digest(root: Path, name: str) -> str:
    file = _walk.inside(root, name)
    try:
        return digest(_walk.content(file)) if file else ""
    except OSError:
        return ""


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one article.  Never raises for what is in it."""
    site: Site = tree.data
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    page = _pelican_meta.read(data, path, site.settings)
    problems = list(page.front.problems)
    if any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems))
    try:
        described = _pelican_page.describe(page, _pelican_files.below(path, site.settings), path, site.settings)
        if described.status == "skip" or (described.status == "draft" and not options.drafts):
            return Reading(problems=tuple(problems), withheld=f"status: {described.status}")
        return _post(tree, path, options, page, described, data, problems)
    except Wrong as wrong:
        line = page.front.lines.get(wrong.key, 0)
        problems.append(_pages.wrong(f"{path}:{line}" if line else path, str(wrong), wrong.hint))
        return Reading(problems=tuple(problems))


def _post(
    tree: Tree,
    path: str,
    options: SourceOptions,
    page: Page,
    described: Described,
    data: bytes,
    problems: list[Problem],
) -> Reading:
    site: Site = tree.data
    settings = site.settings
    place = _place(tree, path, options, page, described)
    depends: list[str] = []
    address = _pelican_files.address_in(tree, path, described, depends, problems)
    values = _front_values(page, described, settings, address)
    front = structs.replace(page.front, values=values)
    published = described.date or _pages.published(place, front, data, problems, keys=())
    if published is None:
        return Reading(problems=tuple(problems))
    place = _pages.placed(place, options, published)
    post, more = _document.post_of(
        place,
        front,
        _text(page, path, address, problems),
        published=published,
        title=described.title,
        categories=(described.category,) if described.category else (),
        tags=described.tags,
        not_before=None if settings.of("WITH_FUTURE_DATES") else published,
    )
    post = _finished(post, page, described, tree, address)
    found = (*problems, *described.problems, *more)
    return Reading(post=post, problems=found, depends=tuple(sorted(set(depends))))


def _place(tree: Tree, path: str, options: SourceOptions, page: Page, described: Described) -> _document.Place:
    site: Site = tree.data
    return _document.Place(
        source=options.name,
        path=path,
        url=iri_to_uri(f"{site.url}/{described.url.lstrip('/')}"),
        base=site.url,
        zone=site.settings.text("TIMEZONE"),
        lang=_document.language(described.lang) or tree.site["language"],
        translation=described.slug,
        people=tree.people,
        history=tree.history.get(path),
        group=_pelican_files.below(path, site.settings).rpartition("/")[0].partition("/")[0],
        is_html=bool(page.html),
        find_file=_pelican_files.files_of(site, options),
    )


def _front_values(
    page: Page, described: Described, settings: Settings, address: Callable[[str, str], str]
) -> dict[str, Any]:
    """The file's own metadata: dates in ISO 8601, authors and tags as lists, links as addresses."""
    values = _pelican_page.dated(page.front.values, described, settings)
    values = {k: _pelican_links.whole(v, address) for k, v in values.items()}
    if described.authors:
        values["authors"] = list(described.authors)
    if described.tags:
        values["tags"] = list(described.tags)
    if described.status == "hidden":
        values["hidden"] = True
    return values


def _text(page: Page, path: str, address: Callable[[str, str], str], problems: list[Problem]) -> _document.Text:
    """The body with Pelican's links resolved; Python-Markdown's own marks in CommonMark."""
    dropped = dict(page.dropped)
    if page.html:
        body = _pelican_links.rewritten(page.html, address)
        text = _document.Text(body, _pages.lines_of(body, page.front.body_line).lines)
    else:
        lines = _pages.lines_of(_pelican_links.rewritten(page.front.body, address), page.front.body_line)
        body, numbers, left_out = python_markdown.adapt(lines.body, lines.lines)
        dropped |= dict.fromkeys(left_out, 0)
        text = _document.Text(body, numbers)
    for name, line in dropped.items():
        hint = "write its content into the text, if readers of the feed need it"
        problems.append(_pages.odd(f"{path}:{line}" if line else path, f"{name}: left out", hint))
    return text


def _finished(post: Post, page: Page, described: Described, tree: Tree, address: Callable[[str, str], str]) -> Post:
    """The post with the site's author where it names none; a reST body as Markdown for those who look for facts."""
    site: Site = tree.data
    author = site.settings.text("AUTHOR")
    if not post.authors and author and not described.authors:
        post = structs.replace(post, authors=(next(p for p in tree.people if p.name == author),))
    if page.lines:
        body = _pelican_links.rewritten(page.front.body, address)
        post = structs.replace(post, title=plain(described.title), body=body, body_lines=page.lines)
    return post


SOURCE = Source(
    name="pelican",
    description="A Pelican site: pelicanconf.py, articles in Markdown, reStructuredText or HTML",
    detect=detect,
    open=open_site,
    read=read,
)
