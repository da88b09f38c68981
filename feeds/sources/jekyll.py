"""A Jekyll 4 site, read as Jekyll reads it (https://jekyllrb.com/docs/).

Every post gets the address that Jekyll gives it.  What Jekyll decides by the clock (a future date) is handed on as
`Post.not_before`, what it decides by the file's age (a draft or a collection's page without a date) is left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from msgspec import structs

from feeds.model import Detection, Person, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.sources import (
    _document,
    _jekyll_config,
    _jekyll_files,
    _jekyll_people,
    _jekyll_records,
    _pages,
    _people,
    _record_files,
    _urls,
    _walk,
)
from feeds.sources._jekyll_config import Config
from feeds.sources._jekyll_liquid import resolve_liquid
from feeds.sources._jekyll_page import Page, Site, Skip, describe, is_html, wrong
from feeds.text import iri_to_uri, is_web

_AUTHORS = frozenset({"authors", "people", "members", "team"})


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is a Jekyll site."""
    has_config = any((folder / name).is_file() for name in _jekyll_config.FILES)
    has_posts = (folder / "_posts").is_dir()
    if has_config and has_posts:
        return Detection(confidence=0.95, reason="_config.yml and _posts")
    if has_config:
        return Detection(confidence=0.7, reason="_config.yml")
    if has_posts:
        return Detection(confidence=0.8, reason="_posts")
    if _walk.has_folder(folder, "_bibliography"):
        return Detection(confidence=0.6, reason="_bibliography")
    below = next((e.path for e in _folders_in(folder) if (folder / e.path / "_posts").is_dir()), "")
    return Detection(confidence=0.5, reason=f"{below}/_posts") if below else None


def _folders_in(folder: Path) -> list[_walk.Entry]:
    return [e for e in _walk.entries(folder, "", []) if e.is_dir and e.name[0] not in "._"]


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's posts and read what they share.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    config, faults = _jekyll_config.read(root)
    if options.timezone:
        config = structs.replace(config, zone=options.timezone)
    found = _jekyll_files.discover(root, config, options)
    problems = list(faults)
    url = options.url.rstrip("/") or _address(config)
    if not is_web(url):
        problems.append(_no_address(config))
        url = ""
    base = url or root.resolve().as_uri()
    cited = _jekyll_records.find(root, config, found, options, base)
    problems += found.problems
    undated = _jekyll_files.undated(root, config, found.posts)
    members = _jekyll_people.files(root, config)
    language = _document.language(config.text("lang") or config.text("locale") or config.text("language"))
    stated = {
        "title": _title(config),
        "url": url,
        "description": " ".join(config.text("description").split()),
        "language": language,
        "timezone": config.zone if config.text("timezone") or options.timezone else "",
    }
    return Tree(
        root=root,
        paths=tuple(sorted((*found.posts, *cited))),
        parts={path: _record_files.file_of(path) for path in cited},
        stamps={path: f"{_record_files.stamp(c.piece)} {c.url}" for path, c in cited.items()},
        fingerprint=_jekyll_files.fingerprint(root, config, found, options, (*members, *sorted(undated))),
        site=stated,
        people=(
            *options.people,
            *_people_of_site(root, config, problems),
            *_jekyll_people.read(root, config, members, url),
        ),
        problems=tuple(problems),
        data=Site(config, base, language, found.files, undated, cited),
    )


def _title(config: Config) -> str:
    """The site's title; where it is "blank", al-folio shows the name of its owner."""
    title = config.text("title") or config.text("name")
    owner = " ".join(filter(None, (config.text(f"{part}_name") for part in ("first", "middle", "last"))))
    return owner if title == "blank" and owner else title


def _address(config: Config) -> str:
    host = config.text("url").rstrip("/")
    return iri_to_uri(host + config.base) if host else ""


def _no_address(config: Config) -> Problem:
    hint = "add `url: https://…` to _config.yml, or set `site.url` in config.yaml"
    return Problem(
        stage="read", where=config.file or "_config.yml", message="the site's address is not known", hint=hint
    )


def _people_of_site(root: Path, config: Config, problems: list[Problem]) -> tuple[Person, ...]:
    paths = _jekyll_files.data_files(root, config)
    named = [p for p in paths if posixpath.splitext(posixpath.basename(p))[0].lower() in _AUTHORS]
    return tuple(p for path in named for p in _people.people_of(_jekyll_files.load_file(root, path, problems)))


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one post.  Never raises for what is in it: a problem is reported and the others go on."""
    site: Site = tree.data
    if path in site.records:
        return _jekyll_records.read(tree, path, options)
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    front = front_matter.parse(data, path)
    if any(p.severity == "error" for p in front.problems):
        return Reading(problems=front.problems)
    try:
        page = describe(
            site.config,
            path,
            data,
            front,
            drafts=options.drafts,
            unpublished=options.unpublished,
            undated=site.undated,
            history=tree.history.get(path),
        )
    except Skip as skip:
        more = (skip.problem,) if skip.problem else ()
        return Reading(problems=(*front.problems, *more), withheld=skip.withheld)
    return _post(tree, options, page, data)


def _post(tree: Tree, options: SourceOptions, page: Page, data: bytes) -> Reading:
    site: Site = tree.data
    depends: list[str] = []
    rendered = resolve_liquid(tree, page, depends)
    place = _document.Place(
        source=options.name,
        path=page.path,
        url=iri_to_uri(site.url + page.url),
        base=site.url,
        zone=site.config.zone,
        lang=site.lang,
        people=tree.people,
        group=page.kind.label,
        separator=str(site.config.values["excerpt_separator"] or ""),
        is_html=is_html(page.path, site.config),
        find_file=_files_of(site, options),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )
    place = _pages.placed(place, options, page.date)
    title = page.front.values.get("title")
    post, problems = _document.post_of(
        place,
        page.front,
        _document.Text(rendered.text, rendered.lines),
        published=page.date,
        title=str(title) if title not in (None, "") else _urls.titleize(page.slug),
        categories=page.categories,
        tags=page.tags,
        not_before=None if site.config.values.get("future") is True else page.date,
    )
    found = (*page.front.problems, *rendered.problems, *problems)
    return Reading(post=post, problems=found, depends=tuple(sorted(set(depends))))


# ------------------------------------------------------------------------------------------------------ files


def _files_of(site: Site, options: SourceOptions) -> Callable[[str], str]:
    """Where a file that a post's front matter names is served: below `pdf_base`, else where the only one lies."""

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        path = site.files.get(bare, "")
        if name != bare:
            return _document.site_url(name, site.url) if path and path.endswith(name.lstrip("./")) else ""
        if options.pdf_base:
            return f"{_document.site_url(options.pdf_base, site.url).rstrip('/')}/{quote(bare)}"
        return f"{site.url}/{quote(path)}" if path else ""

    return find


SOURCE = Source(
    name="jekyll",
    description="A Jekyll site: _config.yml, _posts, collections",
    detect=detect,
    open=open_site,
    read=read,
)
