"""The Liquid of a Jekyll post: what `page`, `site`, includes and links stand for."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import structs

from feeds.model import Problem, Tree
from feeds.reading import front as front_matter
from feeds.reading import templating
from feeds.sources import _jekyll_files, _urls, _walk
from feeds.sources._jekyll_config import Config
from feeds.sources._jekyll_page import ANY_DAY, Page, Skip, describe
from feeds.sources._jekyll_site import Site
from feeds.text import is_web

_INCLUDE_LIMIT = 200_000  # bytes of one included file


def resolve_liquid(tree: Tree, page: Page, depends: list[str]) -> templating.Rendered:
    """The body of a document with its Liquid resolved; the paths of other files it was taken from go to `depends`."""
    body, line = page.front.body, page.front.body_line
    if not templating.is_liquid(body) or page.front.values.get("render_with_liquid") is False:
        return templating.Rendered(body, tuple(range(line, line + body.count("\n") + 1)))
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
    about = {**site.config.values, "url": f"{address.scheme}://{address.netloc}", "baseurl": _base_path(site)}
    if "site.data" in body or "include" in body:
        about["data"] = _data(tree.root, tree.fingerprint, site.config.text("data_dir"))
    done = templating.render(
        body,
        page.path,
        first_line=line,
        page=known,
        site=about,
        include=_includes_of(tree, page.path, depends),
        link=_links_of(tree, depends),
    )
    return structs.replace(done, problems=tuple(_of_theme(problem, site.config) for problem in done.problems))


def _of_theme(problem: Problem, config: Config) -> Problem:
    """A warning of an included file that is not there, where a theme that is elsewhere may have it."""
    is_include = "the included file" in problem.message
    theme = (config.text("remote_theme") or config.text("theme")) if is_include else ""
    hint = f"it may be one of the theme {theme}, whose files are not at hand: copy it to _includes, if readers need it"
    return structs.replace(problem, hint=hint) if theme else problem


def _base_path(site: Site) -> str:
    """What stands before the path of every page; a site whose address is not known has what _config.yml says."""
    return urlsplit(site.url).path if is_web(site.url) else site.config.base


@lru_cache(maxsize=4)
def _data(root: Path, fingerprint: str, folder: str) -> dict[str, Any]:  # noqa: ARG001 - the fingerprint keys the cache
    config = Config(values={"data_dir": folder}, zone="UTC", file="")
    return _jekyll_files.load_data(root, _jekyll_files.data_files(root, config), [])


def _includes_of(tree: Tree, path: str, depends: list[str]) -> Callable[[str, bool], str | None]:
    folder = tree.data.config.text("includes_dir") or "_includes"

    def load(name: str, relative: bool) -> str | None:
        wanted = posixpath.join(posixpath.dirname(path) if relative else folder, name)
        file = None if ".." in name or name.startswith("/") else _walk.inside(tree.root, wanted)
        if relative and ".." not in name and not name.startswith("/"):
            depends.append(wanted)
        data = _walk.content_if(file, _INCLUDE_LIMIT)
        return None if data is None else data.decode("utf-8-sig", "replace")

    return load


def _links_of(tree: Tree, depends: list[str]) -> Callable[[str, str], str | None]:
    site: Site = tree.data

    def resolve(tag: str, target: str) -> str | None:
        path = _post_named(tree, target) if tag == "post_url" else target.lstrip("/")
        file = _walk.inside(tree.root, path) if path and ".." not in path else None
        if path and ".." not in path:
            depends.append(path)
        elif tag == "post_url":  # a post that is not there yet: it will change its folder
            depends.extend(sorted({posixpath.dirname(p) for p in tree.paths if "_posts/" in p}))
        if not path or file is None:
            return None
        url = _url_of(tree, path, file)
        return _base_path(site) + url if url else None

    return resolve


def _url_of(tree: Tree, path: str, file: Path) -> str | None:
    """The path of the page that the file at `path` becomes, or of the file itself."""
    config: Config = tree.data.config
    try:
        data = _walk.content(file)
    except OSError:
        return None
    front = front_matter.parse(data, path)
    if _holds(tree.paths, path):
        try:
            return describe(config, path, data, front, drafts=True, history=ANY_DAY).url
        except Skip:
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
