"""A Quarto project (https://quarto.org/docs/websites/): pages of Pandoc's Markdown, some of them computed.

Nothing is executed.  What a computation gives is taken from `_freeze/` when that belongs to the very text, else left
out and told.  What listings name are the posts; without a listing, every page with a date.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import Struct, json, structs

from feeds.model import Detection, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.reading.front import Front
from feeds.sources import _document, _pages, _people, _quarto_body, _quarto_front, _quarto_project, _urls, _walk
from feeds.sources._quarto_project import Found, Project
from feeds.text import absolute, digest, iri_to_uri, is_web

_VARIABLES = "_variables.yml"
_LOOK = 100  # entries of a folder that `detect` looks at


class Site(Struct, frozen=True, kw_only=True):
    """What every document needs."""

    project: Project
    found: Found
    url: str
    lang: str
    variables: dict[str, str]


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is a Quarto project."""
    name = next((n for n in _quarto_project.FILES if (folder / n).is_file()), "")
    if name:
        return Detection(confidence=0.95, reason=name)
    found = _document_in(folder, 3) if folder.is_dir() else ""
    return Detection(confidence=0.5, reason=f"Quarto documents such as {found}") if found else None


def _document_in(root: Path, deepest: int, folder: str = "") -> str:
    """The first *.qmd within a few folders."""
    entries = list(_walk.entries(root, folder, []))[:_LOOK]
    found = next((e.path for e in entries if not e.is_dir and e.name.endswith(".qmd")), "")
    inner = [e.path for e in entries if e.is_dir and e.name[0] not in "._" and e.name != "node_modules"]
    return found or next((f for f in (_document_in(root, deepest - 1, i) for i in inner if deepest) if f), "")


# ------------------------------------------------------------------------------------------------------ open


def open_project(root: Path, options: SourceOptions) -> Tree:
    """Read the project and find its posts.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    problems: list[Problem] = []
    project = _quarto_project.read(root, problems)
    found = _quarto_project.discover(root, project, problems)
    has_variables = _walk.inside(root, _VARIABLES) is not None
    variables = dict(_quarto_body.flat(_quarto_project.load(root, _VARIABLES, problems))) if has_variables else {}
    about = project.about()
    url = options.url.rstrip("/") or _address(about)
    if not is_web(url):
        hint = "add `site-url: https://…` below `website:` in _quarto.yml, or set `site.url` in config.yaml"
        problems.append(_pages.wrong(project.file or ".", "the site's address is not known", hint))
        url = ""
    lang = _document.language(project.values.get("lang"))
    return Tree(
        root=root,
        paths=_walk.wanted(found.posts, options),
        fingerprint=digest(json.encode((project, found, variables, options), order="sorted")),
        site={
            "title": _text(about.get("title")) or _text(project.values.get("title")),
            "url": url,
            "description": _text(about.get("description")),
            "language": lang,
            "timezone": options.timezone,
        },
        people=(*options.people, *_people_of(project)),
        problems=tuple(problems),
        data=Site(project=project, found=found, url=url or root.resolve().as_uri(), lang=lang, variables=variables),
    )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _address(about: Any) -> str:
    """`site-url`, with `site-path` when the address itself has no path."""
    url, path = _text(about.get("site-url")).rstrip("/"), _text(about.get("site-path")).strip("/")
    return f"{url}/{path}" if path and url and not urlsplit(url).path else url


def _people_of(project: Project) -> tuple[Any, ...]:
    """Whom the project names as authors of every page."""
    values = _quarto_front.translated(project.values, "")
    return _people.people_of(values["authors"]) if isinstance(values.get("authors"), list) else ()


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one document.  Never raises for what is in it."""
    site: Site = tree.data
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    is_notebook = path.endswith(".ipynb")
    own = _quarto_body.notebook(data, path) if is_notebook else front_matter.parse(data, path)
    problems = list(own.problems)
    if any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems))
    defaults = _quarto_project.defaults_of(site.project, site.found.metadata, path)
    stated = _quarto_project.merged(defaults, own.values)
    front = _translated(own, stated, posixpath.dirname(path))
    withheld = _withheld(site, path, stated, front, options)
    if withheld:
        return Reading(problems=tuple(problems), withheld=withheld)
    place = _place(tree, path, front, data, options)
    published = _pages.published(place, front, data, problems, keys=("date",))
    if published is None:
        return Reading(problems=tuple(problems))
    return _post(tree, _pages.placed(place, options, published), front, data, published, problems)


def _translated(own: Front, stated: dict[str, Any], folder: str) -> Front:
    values = _quarto_front.translated(stated, folder)
    lines = dict(own.lines)
    for key, original in (("authors", "author"), ("modified", "date-modified")):
        if key in values and original in lines:
            lines.setdefault(key, lines[original])
    return structs.replace(own, values=values, lines=lines)


def _withheld(site: Site, path: str, stated: dict[str, Any], front: Front, options: SourceOptions) -> str:
    about = site.project.about()
    drafts = about.get("drafts")
    drafts = drafts if isinstance(drafts, list) else [drafts]
    hidden = stated.get("draft-mode", about.get("draft-mode")) != "visible" and not options.drafts
    if hidden and (stated.get("draft") is True or path in drafts):
        return "draft"
    if path in site.found.unlisted:
        return "no listing names it"
    dated = "date" in front.values or _quarto_front.is_clock(stated.get("date")) or _pages.dated(path)
    return "" if dated or site.found.listed else "a page without a date"


def _place(tree: Tree, path: str, front: Front, data: bytes, options: SourceOptions) -> _document.Place:
    site: Site = tree.data
    return _document.Place(
        source=options.name,
        path=path,
        url=address(site.url, path, front.values),
        base=site.url,
        zone=options.timezone or "UTC",
        lang=site.lang,
        people=tree.people,
        history=tree.history.get(path),
        group=posixpath.dirname(path).partition("/")[0],
        find_file=_pages.files_of(tree, path, options, site.url, site.found.files),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )


def address(base: str, path: str, values: dict[str, Any]) -> str:
    """Where Quarto writes the page: beside its source as .html, under `output-file` when that is stated."""
    folder, name = posixpath.split(path)
    formats = values.get("format")
    html = formats.get("html") if isinstance(formats, dict) else None
    stated = html.get("output-file") if isinstance(html, dict) else None
    stated = stated or values.get("output-file")
    stem = posixpath.splitext(name)[0]
    if isinstance(stated, str) and stated.strip("/ "):
        stem = stated.strip().removesuffix(".html")
    folder, stem = posixpath.split(posixpath.normpath(posixpath.join("/", folder, stem)))
    end = "" if stem == "index" else f"{stem}.html"
    return iri_to_uri(base + quote(posixpath.join(folder, end)))


def _post(
    tree: Tree, place: _document.Place, front: Front, data: bytes, published: Any, problems: list[Problem]
) -> Reading:
    site: Site = tree.data
    depends: list[str] = []
    text, told = _quarto_body.read(tree, place.path, front, data, depends, site.variables)
    values = front.values
    post, wrong = _document.post_of(
        place,
        front,
        text,
        published=published,
        title=_text(values.get("title")) or _pages.heading(text.body) or _urls.titleize(_pages.slug(place.path)),
        categories=_pages.words(values, "categories", "category"),
        tags=_pages.words(values, "keywords", "tags"),
    )
    image = values.get("image")
    if isinstance(image, str) and image and not image.startswith("/"):
        post = structs.replace(post, image=absolute(image, place.url))  # beside the page
    return Reading(post=post, problems=(*problems, *told, *wrong), depends=tuple(sorted(set(depends))))


SOURCE = Source(
    name="quarto",
    description="A Quarto website, blog, book or manuscript: _quarto.yml, *.qmd",
    detect=detect,
    open=open_project,
    read=read,
)
