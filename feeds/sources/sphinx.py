"""A Sphinx site whose posts are ABlog's (https://ablog.readthedocs.io/), or a Jupyter Book with dated pages.

A page is a post when it has a `post` directive or says `blogpost: true`, when `blog_post_pattern` matches it, or, in a
Jupyter Book, when it has a date; all other pages are documentation.  conf.py is read, never run.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct, structs

from feeds.model import Detection, Person, Problem, Reading, Source, SourceOptions, Tree
from feeds.sources import _document, _free_dates, _pages, _sphinx_conf, _sphinx_page, _walk
from feeds.sources._sphinx_conf import Conf
from feeds.sources._sphinx_page import Page
from feeds.text import digest, iri_to_uri, is_web

_SCAN = 300_000  # bytes of a page that are looked through for the marks of a post
_MARKS = re.compile(
    rb"^[ \t]{0,12}(?:\.\.[ \t]+post::|(?:`{3,}|~{3,}|:{3,})[ \t]*\{post\})|^:?blogpost:[ \t]*[\"']?(?:true|1|yes)\b",
    re.MULTILINE | re.IGNORECASE,
)
_DATED = re.compile(rb"^date:[ \t]*\S", re.MULTILINE)
_EXCLUDED = ["_build", "**/_build", "**/.*", ".*", "**/node_modules"]
DATE_FORMAT = "%d %B %Y"  # ABlog's own; "%b %d, %Y" before 0.11


class Site(Struct, frozen=True):
    """What every post needs to know of its site."""

    conf: Conf
    url: str
    files: dict[str, str]  # name of an attached file → its path as the site serves it, "" when there are several


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is a Sphinx site, or a Jupyter Book."""
    if not folder.is_dir():
        return None
    if _sphinx_conf.is_book(folder):
        return Detection(confidence=0.96, reason="_config.yml and _toc.yml")
    below = _sphinx_conf.locate(folder)
    if below is None:
        return None
    conf = posixpath.join(below, "conf.py")
    text = _head(folder / conf)
    index = next((n for n in ("index.rst", "index.md") if (folder / below / n).is_file()), "")
    if re.search(rb"^extensions\b|^html_theme\b|^project\b", text, re.MULTILINE) and (
        index or b"ablog" in text or b"sphinx" in text
    ):
        reason = f"{conf} with ablog" if b"ablog" in text else f"{conf} and {index}" if index else conf
        return Detection(confidence=0.85, reason=reason)
    return None


def _head(path: Path) -> bytes:
    try:
        return _walk.content(path, _SCAN)
    except OSError:
        return b""


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's posts and read its configuration.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    conf, problems = _sphinx_conf.read(root)
    posts, files, names = _list(root, conf, problems)
    url = options.url.rstrip("/") or iri_to_uri(conf.text("html_baseurl", "blog_baseurl").rstrip("/"))
    if not is_web(url):
        hint = "set html_baseurl in conf.py, or `site.url` in config.yaml"
        problems.append(_pages.wrong(conf.file or "conf.py", "the site's address is not known", hint))
        url = ""
    known = (
        _walk.wanted(names, structs.replace(options, include=())),
        repr(conf),
        options,
    )  # settings may be keyed by anything
    people = (*options.people, *_sphinx_conf.people(conf))
    return Tree(
        root=root,
        paths=_walk.wanted(posts, options),
        fingerprint=digest(msgspec.json.encode(known, order="sorted")),
        static=(conf.folder,),
        site={
            "title": conf.text("blog_title", "html_title", "project"),
            "url": url,
            "description": conf.text("blog_feed_subtitle"),
            "language": _document.language(conf.text("language")),
            "timezone": options.timezone,
        },
        people=people,
        problems=tuple(problems),
        data=Site(conf, url or root.resolve().as_uri(), files),
    )


def _list(root: Path, conf: Conf, problems: list[Problem]) -> tuple[list[str], dict[str, str], list[str]]:
    """The posts below the root; the attached files; all the names, which links depend on."""
    posts: list[str] = []
    names: list[str] = []
    files: dict[str, str] = {}
    endings = _sphinx_conf.suffixes(conf)
    excluded = _sphinx_conf.globs([*_EXCLUDED, *conf.words("exclude_patterns"), *conf.words("templates_path")])
    matched = _sphinx_conf.globs(conf.words("blog_post_pattern"))
    for entry in _walk.files(root, conf.folder, problems):
        path = entry.path.removeprefix(f"{conf.folder}/") if conf.folder else entry.path
        if any(p.match(path[:300]) for p in excluded):
            continue
        names.append(entry.path)
        ending = posixpath.splitext(path)[1]
        if ending in endings:
            stem = path.removesuffix(ending)
            if any(p.match(path[:300]) or p.match(stem[:300]) for p in matched) or _is_post(root / entry.path, conf):
                posts.append(entry.path)
        elif ending.lower() in _pages.ATTACHED:
            files[entry.name] = "" if entry.name in files else path
    return posts, files, names


def _is_post(path: Path, conf: Conf) -> bool:
    """Does a page say of itself that it is a post?"""
    text = _head(path)
    return bool(_MARKS.search(text) or (conf.book and text.startswith(b"---") and _DATED.search(text[:5000])))


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one post.  Never raises for what is in it."""
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    page = _sphinx_page.read(data, path, _address_in(tree, path))
    problems = list(page.front.problems)
    if any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems))
    withheld = _pages.withheld(page.front.values, options)
    if withheld or (not page.front.values.get("date") and not (options.drafts and tree.history.get(path))):
        return Reading(problems=tuple(problems), withheld=withheld or "draft: the post has no date")
    return _post(tree, path, options, page, data, problems)


def _post(tree: Tree, path: str, options: SourceOptions, page: Page, data: bytes, problems: list[Problem]) -> Reading:
    site: Site = tree.data
    place = _document.Place(
        source=options.name,
        path=path,
        url=address(docname(path, site.conf), site.conf, site.url),
        base=site.url,
        zone=options.timezone or "UTC",
        lang=_document.language(page.front.values.get("lang")) or tree.site["language"],
        people=tree.people,
        history=tree.history.get(path),
        group=posixpath.dirname(docname(path, site.conf)).partition("/")[0],
        is_html=bool(page.html),
        find_file=_pages.files_of(tree, path, options, site.url, site.files),
    )
    front = structs.replace(page.front, values=_dated(page, site.conf, place.zone))
    published = _pages.published(place, front, data, problems, keys=("date",))
    if published is None:
        return Reading(problems=tuple(problems))
    place = _pages.placed(place, options, published)
    post, more = _document.post_of(
        place,
        front,
        _document.Text(page.html, _pages.lines_of(page.html, 1).lines) if page.html else page.text,
        published=published,
        title=page.title or posixpath.basename(docname(path, site.conf)),
        categories=_pages.words(front.values, "category", "categories"),
        tags=_pages.words(front.values, "tags", "tag"),
        not_before=published,
    )
    if page.html:
        title = page.title or post.title
        post = structs.replace(post, title=title, body=page.text.body, body_lines=page.text.lines)
    if not post.authors:
        post = structs.replace(post, authors=_default_authors(tree, site.conf))
    return Reading(post=post, problems=(*problems, *more))


def docname(path: str, conf: Conf) -> str:
    """Sphinx's name of the page at `path`: below the folder of conf.py, without its ending."""
    below = path.removeprefix(f"{conf.folder}/") if conf.folder else path
    return posixpath.splitext(below)[0]


def address(name: str, conf: Conf, base: str) -> str:
    """The address of a page by the builder: a file of its name, or a folder."""
    if conf.dirhtml:
        folder = re.sub(r"(?:^|/)index$", "", name)
        return f"{base}/{quote(folder)}{'/' if folder else ''}"
    return f"{base}/{quote(name)}{conf.text('html_link_suffix', 'html_file_suffix') or '.html'}"


def _dated(page: Page, conf: Conf, zone: str) -> dict[str, object]:
    """Front matter with its date in ISO 8601; what is no date stays."""
    values = dict(page.front.values)
    for key in ("date", "updated"):
        written = str(values.get(key) or "").strip()
        try:
            values[key] = _moment(written, conf.text("post_date_format") or DATE_FORMAT, zone).isoformat()
        except ValueError:
            continue
    return values


def _moment(written: str, form: str, zone: str) -> datetime:
    """A date as ABlog reads it: by `post_date_format`, else by dateutil.  Raises ValueError."""
    with suppress(ValueError, re.error):
        if len(written) <= _free_dates.LONGEST and "%d" in form and re.search("%[Yy]", form):
            return _free_dates.in_zone(datetime.strptime(written, form), zone)  # noqa: DTZ007 - in_zone gives it one
    return _free_dates.moment(written, zone)


def _default_authors(tree: Tree, conf: Conf) -> tuple[Person, ...]:
    """`blog_default_author`: keys of `blog_authors`."""
    wanted = conf.words("blog_default_author")
    return tuple(p for key in wanted for p in tree.people if key in p.aliases or key == p.name)


def _address_in(tree: Tree, path: str) -> Callable[[str, str], str]:
    """Where a role of the page at `path` leads: of :doc: the page's address, of :download: the file's."""
    site: Site = tree.data
    here = posixpath.dirname(docname(path, site.conf))

    def find(role: str, target: str) -> str:
        if role != "doc" or len(target) > 400:
            return ""
        name = target.lstrip("/") if target.startswith("/") else posixpath.join(here, target)
        name = posixpath.normpath(re.sub(r"\.(?:rst|md)$", "", name))
        files = (posixpath.join(site.conf.folder, name + ending) for ending in _sphinx_conf.suffixes(site.conf))
        found = not name.startswith("..") and any(_walk.inside(tree.root, file) for file in files)
        return address(name, site.conf, site.url) if found else ""

    return find


SOURCE = Source(
    name="sphinx",
    description="A Sphinx site with ABlog posts (conf.py), or a Jupyter Book with dated pages",
    detect=detect,
    open=open_site,
    read=read,
)
