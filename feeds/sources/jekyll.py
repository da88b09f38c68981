"""A Jekyll 4 site, read as Jekyll reads it (https://jekyllrb.com/docs/).

Every post gets the address that Jekyll gives it.  What Jekyll decides by the clock (a future date) is handed on as
`Post.not_before`, what it decides by the file's age (a draft or a collection's page without a date) is left out.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import Struct, structs

from feeds.model import Detection, Person, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.reading import liquid
from feeds.reading.front import Front
from feeds.sources import _dates, _document, _jekyll_config, _jekyll_files, _people, _urls, _walk
from feeds.sources._jekyll_config import Config
from feeds.text import iri_to_uri, is_web

_AUTHORS = frozenset({"authors", "people", "members", "team"})
_INCLUDE_LIMIT = 200_000  # bytes of one included file


class Site(Struct, frozen=True):
    """`Tree.data`: what every post of the site needs."""

    config: Config
    url: str  # with the base path, without a final slash
    lang: str
    files: dict[str, str]  # file name → path below the root


class Page(Struct, frozen=True):
    """One document as Jekyll sees it, before its body is looked at."""

    path: str
    kind: _jekyll_files.Kind
    front: Front  # with the site's defaults below the document's own values
    date: datetime
    slug: str  # of the file name
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    url: str  # path of the page, as Jekyll encodes it


class _Skip(Exception):
    """There is no post: deliberately (`withheld`), or because something is wrong (`problem`)."""

    def __init__(self, withheld: str = "", problem: Problem | None = None) -> None:
        super().__init__(withheld)
        self.withheld = withheld
        self.problem = problem


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
    below = next((e.path for e in _folders_in(folder) if (folder / e.path / "_posts").is_dir()), "")
    return Detection(confidence=0.5, reason=f"{below}/_posts") if below else None


def _folders_in(folder: Path) -> list[_walk.Entry]:
    return [e for e in _walk.entries(folder, "", []) if e.is_dir and e.name[0] not in "._"]


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the site's posts and read what they share.  Raises SourceError when the folder cannot be read."""
    _walk.require(root)
    config, wrong = _jekyll_config.read(root)
    if options.timezone:
        config = structs.replace(config, zone=options.timezone)
    found = _jekyll_files.discover(root, config, options)
    problems = [*wrong, *found.problems]
    url = options.url.rstrip("/") or _address(config)
    if not is_web(url):
        problems.append(_no_address(config))
    language = _document.language(config.text("lang") or config.text("locale") or config.text("language"))
    stated = {
        "title": config.text("title") or config.text("name"),
        "url": url,
        "description": " ".join(config.text("description").split()),
        "language": language,
        "timezone": config.zone if config.text("timezone") or options.timezone else "",
    }
    return Tree(
        root=root,
        paths=tuple(found.posts),
        fingerprint=_jekyll_files.fingerprint(root, config, found, options),
        site=stated,
        people=(*options.people, *_people_of_site(root, config, problems)),
        problems=tuple(problems),
        data=Site(config, url, language, found.files),
    )


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
    try:
        data = (tree.root / path).read_bytes()
    except OSError as error:
        return Reading(problems=(_wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    front = front_matter.parse(data, path)
    if any(p.severity == "error" for p in front.problems):
        return Reading(problems=front.problems)
    try:
        page = describe(site.config, path, data, front, drafts=options.drafts)
    except _Skip as skip:
        more = (skip.problem,) if skip.problem else ()
        return Reading(problems=(*front.problems, *more), withheld=skip.withheld)
    depends: list[str] = []
    rendered = _resolve_liquid(tree, page, depends)
    values = page.front.values
    place = _document.Place(
        source=options.name,
        path=path,
        url=iri_to_uri(site.url + page.url),
        base=site.url,
        zone=site.config.zone,
        lang=site.lang,
        people=tree.people,
        group=page.kind.label,
        separator=str(site.config.values["excerpt_separator"] or ""),
        is_html=_is_html(path, site.config),
        find_file=_files_of(site, options),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )
    post, problems = _document.post_of(
        place,
        page.front,
        _document.Text(rendered.text, rendered.lines),
        published=page.date,
        title=str(values["title"]) if values.get("title") not in (None, "") else _urls.titleize(page.slug),
        categories=page.categories,
        tags=page.tags,
        not_before=None if site.config.values.get("future") is True else page.date,
    )
    return Reading(post=post, problems=(*front.problems, *rendered.problems, *problems), depends=tuple(sorted(depends)))


def describe(config: Config, path: str, data: bytes, front: Front, *, drafts: bool) -> Page:
    """What Jekyll knows of a document from its path and front matter; raises _Skip when it is no post."""
    kind = _jekyll_files.kind_of(path, config)
    if kind.label != "posts" and not front.has_front:
        raise _Skip("no front matter: Jekyll copies the file")
    defaults = _jekyll_config.front_defaults(config, kind.relative, kind.label)
    values = _jekyll_config.merge(defaults, front.values)
    _check_published(config, kind, values, drafts)
    name = posixpath.basename(path)
    dated = _jekyll_files.DATED.fullmatch(name)
    slug = (dated[2] if dated else _urls.split_ext(name)[0]).rstrip(".")
    date = _date(config, path, data, front, values, dated[1] if dated else "")
    merged = structs.replace(front, values=values)
    categories = _categories(kind.categories, defaults, front.values, values)
    url = _url(config, kind, values, slug, date, categories, path)
    return Page(path, kind, merged, date, slug, categories, _plural(values, "tag", "tags"), url)


def _check_published(config: Config, kind: _jekyll_files.Kind, values: dict[str, Any], drafts: bool) -> None:
    published = values.get("published", True)
    hidden = not published if kind.label == "posts" else published is False
    if published is None or published is False:
        if hidden and config.values.get("unpublished") is not True:
            raise _Skip("published: false")
    elif values.get("draft") is True and not kind.draft and not drafts:
        raise _Skip("draft")


def _date(config: Config, path: str, data: bytes, front: Front, values: dict[str, Any], in_name: str) -> datetime:
    """When the document was published: its front matter, else its file name."""
    stated = values.get("date")
    line = front.lines.get("date", 0)
    where = f"{path}:{line}" if line else path
    try:
        if stated not in (None, ""):
            return _dates.moment(stated, config.zone, quoted=_document.is_quoted(data, line))
        if in_name:
            return _dates.of_file_name(in_name, config.zone)
    except (ValueError, OverflowError):
        message = f"{str(stated or in_name)[:60]!r} is not a date"
        raise _Skip(problem=_wrong(where, message, "write it as 2024-03-01 or 2024-03-01 12:00:00 +0100")) from None
    hint = "add `date: 2024-03-01` to its front matter, or exclude it"
    message = "no date in the front matter or the file name: left out"
    raise _Skip("no date", Problem(stage="read", where=where, message=message, hint=hint, severity="warning"))


def _categories(
    folders: tuple[str, ...], defaults: dict[str, Any], own: dict[str, Any], values: dict[str, Any]
) -> tuple[str, ...]:
    """Jekyll's order: the folders above _posts, the defaults' and the post's `categories`, then `category`."""
    found = list(folders)
    for level in (defaults, own):
        stated = level.get("categories")
        found += stated.split() if isinstance(stated, str) else _texts(stated)
    return tuple(dict.fromkeys([*found, *_plural(values, "category", "categories")]))


def _plural(values: dict[str, Any], one: str, many: str) -> tuple[str, ...]:
    """`tag: a b` is one tag, `tags: a b` are two; the singular wins."""
    if values.get(one) is not None and values[one] is not False:
        return tuple(_texts(values[one]))
    stated = values.get(many)
    return tuple(stated.split()) if isinstance(stated, str) else tuple(_texts(stated))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for member in value for text in _texts(member)]
    if value is None or isinstance(value, dict):
        return []
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def _url(
    config: Config,
    kind: _jekyll_files.Kind,
    values: dict[str, Any],
    slug: str,
    date: datetime,
    categories: tuple[str, ...],
    path: str,
) -> str:
    permalink = values.get("permalink")
    own = permalink if isinstance(permalink, str) else None
    ending = _urls.split_ext(posixpath.basename(own))[1] if own else ""
    document = _urls.Document(
        collection=kind.label,
        path=kind.relative,
        slug=str(values["slug"]) if values.get("slug") is not None else slug,
        date=date,
        categories=categories,
        output_ext=ending or (posixpath.splitext(path)[1] if _is_html(path, config) else ".html"),
    )
    try:
        return _urls.url_path(config.template(kind.label) if own is None else own, document)
    except ValueError as error:
        hint = "see https://jekyllrb.com/docs/permalinks/ for those it knows"
        raise _Skip(problem=_wrong(path, str(error), hint)) from None


def _is_html(path: str, config: Config) -> bool:
    return posixpath.splitext(path)[1].lower() not in _jekyll_files.extensions(config)


def _wrong(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="read", where=where, message=message, hint=hint)


# ------------------------------------------------------------------------------------------------------ Liquid


def _resolve_liquid(tree: Tree, page: Page, depends: list[str]) -> liquid.Rendered:
    body, line = page.front.body, page.front.body_line
    if not liquid.is_liquid(body) or page.front.values.get("render_with_liquid") is False:
        return liquid.Rendered(body, tuple(range(line, line + body.count("\n") + 1)))
    site: Site = tree.data
    known = {
        **page.front.values,
        "title": page.front.values.get("title") or _urls.titleize(page.slug),
        "slug": page.front.values.get("slug") or page.slug,
        "url": page.url,
        "id": posixpath.splitext(page.url)[0],
        "date": page.date.strftime("%Y-%m-%d %H:%M:%S %z"),
        "path": page.path,
        "collection": page.kind.label,
        "categories": list(page.categories),
        "tags": list(page.tags),
    }
    address = urlsplit(site.url)
    about = {**site.config.values, "url": f"{address.scheme}://{address.netloc}", "baseurl": address.path}
    if "site.data" in body or "include" in body:
        about["data"] = _data(tree.root, tree.fingerprint, site.config.text("data_dir"))
    return liquid.render(
        body,
        page.path,
        first_line=line,
        page=known,
        site=about,
        include=_includes_of(tree, page.path, depends),
        link=_links_of(tree, depends),
    )


@lru_cache(maxsize=4)
def _data(root: Path, fingerprint: str, folder: str) -> dict[str, Any]:  # noqa: ARG001 - the fingerprint keys the cache
    config = Config(values={"data_dir": folder}, zone="UTC", file="")
    return _jekyll_files.load_data(root, _jekyll_files.data_files(root, config), [])


def _includes_of(tree: Tree, path: str, depends: list[str]) -> Callable[[str, bool], str | None]:
    folder = tree.data.config.text("includes_dir") or "_includes"

    def load(name: str, relative: bool) -> str | None:
        wanted = posixpath.join(posixpath.dirname(path) if relative else folder, name)
        file = None if ".." in name or name.startswith("/") else _walk.inside(tree.root, wanted)
        if file is None or file.stat().st_size > _INCLUDE_LIMIT:
            return None
        if relative:
            depends.append(wanted)
        return file.read_text(encoding="utf-8-sig", errors="replace")

    return load


def _links_of(tree: Tree, depends: list[str]) -> Callable[[str, str], str | None]:
    site: Site = tree.data

    def resolve(tag: str, target: str) -> str | None:
        path = _post_named(tree, target) if tag == "post_url" else target.lstrip("/")
        file = _walk.inside(tree.root, path) if path and ".." not in path else None
        if not path or file is None:
            return None
        depends.append(path)
        url = _url_of(tree, path, file)
        return urlsplit(site.url).path + url if url else None

    return resolve


def _url_of(tree: Tree, path: str, file: Path) -> str | None:
    """The path of the page that the file at `path` becomes, or of the file itself."""
    config: Config = tree.data.config
    data = file.read_bytes()
    front = front_matter.parse(data, path)
    if _holds(tree.paths, path):
        try:
            return describe(config, path, data, front, drafts=True).url
        except _Skip:
            return None
    if not front.has_front:
        return quote(f"/{path}")
    return _urls.page_path(path, str(front.values.get("permalink") or ""), config.text("permalink") or "date")


def _holds(paths: tuple[str, ...], path: str) -> bool:
    index = bisect_left(paths, path)
    return index < len(paths) and paths[index] == path


def _post_named(tree: Tree, target: str) -> str | None:
    """The post that `{% post_url news/2020-01-02-title %}` means: its folder may stand before or behind _posts."""
    folder, stem = posixpath.split(target.strip("/"))
    base = tree.data.config.folder
    same = [p for p in tree.paths if stem in p and _urls.split_ext(posixpath.basename(p))[0] == stem]
    places = {posixpath.join(base, folder, "_posts"), posixpath.join(base, "_posts", folder).rstrip("/")}
    exact = [p for p in same if posixpath.dirname(p) in places]
    return exact[0] if exact else same[0] if len(same) == 1 and not folder else None


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
