"""An Eleventy site, read without running its JavaScript (https://www.11ty.dev/docs/).

Every page gets the address that Eleventy gives it, as far as literals, data files and simple templates say it; where
code makes it, the page is left out and the hint is to set `url:`.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from msgspec import json, structs

from feeds.model import Detection, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import templating
from feeds.reading.front import Front
from feeds.sources import (
    _dates,
    _document,
    _eleventy_address,
    _eleventy_config,
    _eleventy_page,
    _pages,
    _people,
    _urls,
    _walk,
)
from feeds.sources._eleventy_config import Config
from feeds.sources._eleventy_page import Site
from feeds.text import digest, iri_to_uri, is_web

_PACKAGE_LIMIT = 200_000


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is an Eleventy site."""
    found = next((name for name in _eleventy_config.FILES if (folder / name).is_file()), "")
    if found:
        return Detection(confidence=0.95, reason=found)
    try:
        needs_it = b'"@11ty/eleventy"' in _walk.content(folder / "package.json", _PACKAGE_LIMIT)
    except OSError:
        return None
    return Detection(confidence=0.9, reason="package.json needs @11ty/eleventy") if needs_it else None


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's templates and read their data.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    config = _eleventy_config.read(root)
    problems: list[Problem] = []
    found = _eleventy_page.discover(root, config, problems)
    said = _eleventy_config.about(root, config, found.data)
    url = options.url.rstrip("/") or _address(said, config)
    if not is_web(url):
        hint = "set `site.url` in config.yaml, or `url` in _data/metadata.json"
        problems.append(_pages.wrong(config.file or ".", "the site's address is not known", hint))
        url = ""
    if config.made_by_code and not options.pattern:
        message = f"{config.made_by_code} makes addresses by code, which is not run"
        problems.append(_pages.odd(config.file, message, _eleventy_page.HINT))
    stated = {
        "title": _text(said, "title", "name"),
        "url": url,
        "description": _text(said, "description"),
        "language": _document.language(_text(said, "language", "lang")),
        "timezone": options.timezone,
    }
    author = _people.person_of(said.get("author")) if isinstance(said.get("author"), dict) else None
    return Tree(
        root=root,
        paths=_walk.wanted(found.pages, options),
        fingerprint=digest(json.encode((config, found, options), order="sorted")),
        static=tuple(dict.fromkeys((config.input, "public", "static"))),
        site=stated,
        people=(*options.people, *([author] if author else [])),
        problems=tuple(problems),
        data=Site(
            config=config,
            url=url or root.resolve().as_uri(),
            lang=stated["language"],
            data=found.data,
            local=found.local,
            code=found.code,
            files=found.files,
        ),
    )


def _text(said: dict[str, Any], *keys: str) -> str:
    value = _document.first(said, keys)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _address(said: dict[str, Any], config: Config) -> str:
    """The site's address with its path prefix."""
    url = _text(said, "url", "baseUrl", "base_url", "origin").rstrip("/")
    return f"{url}/{config.prefix}" if config.prefix and url and not url.endswith(f"/{config.prefix}") else url


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one page.  Never raises for what is in it."""
    site: Site = tree.data
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    own = _eleventy_page.front_of(data, path)
    problems = list(own.problems)
    if (
        own.problems
        and _eleventy_page.is_made_by_code(data)
        and not _eleventy_page.is_post(site, path, _eleventy_page.cascade(site, path, {}))
    ):
        return Reading(withheld="a page with front matter in JavaScript")
    if any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems))
    front = structs.replace(own, values=_eleventy_page.cascade(site, path, own.values))
    withheld = _eleventy_page.withheld(site, path, front.values, options)
    if withheld:
        return Reading(problems=tuple(problems), withheld=withheld)
    place = _place(tree, path, options, data)
    published = _published(place, front, data, problems)
    if published is None:
        return Reading(problems=tuple(problems))
    try:
        page = _eleventy_page.page_of(site, path, front.values, published)
        address = "/" if options.pattern else _eleventy_page.address(site, path, front.values, page)
    except _eleventy_address.Unknown as unknown:
        where = _document.at(place, front, "permalink")
        problems.append(_pages.wrong(where, f"its address cannot be known: {unknown}", _eleventy_page.HINT))
        return Reading(problems=tuple(problems))
    if not address:
        return Reading(problems=tuple(problems), withheld="permalink: false")
    place = _pages.placed(structs.replace(place, url=iri_to_uri(site.url + address)), options, published)
    return _post(tree, place, front, {**page, "url": address}, published, problems)


def _place(tree: Tree, path: str, options: SourceOptions, data: bytes) -> _document.Place:
    site: Site = tree.data
    return _document.Place(
        source=options.name,
        path=path,
        url=site.url,
        base=site.url,
        zone=options.timezone or "UTC",
        lang=site.lang,
        people=tree.people,
        history=tree.history.get(path),
        group=_eleventy_page.below_input(site.config, posixpath.dirname(path)).partition("/")[0],
        separator="<!--more-->",
        is_html=not path.endswith(".md"),
        find_file=_pages.files_of(tree, path, options, site.url, site.files),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )


def _published(place: _document.Place, front: Front, data: bytes, problems: list[Problem]) -> Any:
    """The date as Eleventy takes it: the front matter's, the first in the path; history where it asks for history."""
    stated = str(front.values.get("date") or "").lower()
    if stated in _eleventy_page.FROM_HISTORY:
        if place.history:
            return place.history.modified if "modified" in stated else place.history.created
        message = f"the date is {stated!r}, which the history of its repository would have to tell: left out"
        problems.append(_pages.wrong(_document.at(place, front, "date"), message, "write the day: 2024-03-01"))
        return None
    found = re.search(r"\d{4}-\d{2}-\d{2}", place.path)
    if not stated and found:
        try:
            return _dates.of_file_name(found.group(), place.zone)
        except ValueError:
            pass
    return _pages.published(place, front, data, problems, keys=("date",))


def _post(
    tree: Tree, place: _document.Place, front: Front, page: dict[str, Any], published: Any, problems: list[Problem]
) -> Reading:
    depends: list[str] = []
    text, more = _body(tree, front, place, page, depends)
    problems += more
    title = front.values.get("title")
    post, wrong = _document.post_of(
        place,
        front,
        text,
        published=published,
        title=str(title) if title not in (None, "") else _pages.heading(text.body) or _urls.titleize(page["fileSlug"]),
        categories=_pages.words(front.values, "categories", "category"),
        tags=tuple(t for t in _pages.words(front.values, "tags") if t.lower() not in _eleventy_page.COLLECTIONS),
    )
    return Reading(post=post, problems=(*problems, *wrong), depends=tuple(sorted(set(depends))))


def _body(
    tree: Tree, front: Front, place: _document.Place, page: dict[str, Any], depends: list[str]
) -> tuple[_document.Text, tuple[Problem, ...]]:
    """The body with its templates resolved; fenced code stays as it is only where Eleventy's engine leaves it."""
    site: Site = tree.data
    if not site.config.templates or front.values.get("templateEngineOverride") == "md":
        return _pages.lines_of(front.body, front.body_line), ()
    known = {**site.data, **front.values}
    about = known["site"] if isinstance(known.get("site"), dict) else {"url": site.url}
    shown = {**page, "date": page["date"].isoformat()}
    done = templating.render(
        front.body,
        place.path,
        first_line=front.body_line,
        page=shown,
        site={"baseurl": site.config.prefix, **about},
        data=known,
        include=_eleventy_page.includes_of(tree, depends),
    )
    return _document.Text(done.text, done.lines), done.problems


SOURCE = Source(
    name="eleventy",
    description="An Eleventy site: eleventy.config.js, Markdown with data files",
    detect=detect,
    open=open_site,
    read=read,
)
