"""An Astro site's Markdown and MDX, read without running its code (https://docs.astro.build/).

Which page shows an entry of a collection is code; where one route below src/pages plainly serves the collection by slug
or id the addresses are known, else that is said once and the hint is to set `url:`.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct, json, structs

from feeds.model import Detection, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.reading import mdx
from feeds.reading.front import Front
from feeds.sources import _astro_site, _document, _pages, _urls, _walk
from feeds.sources._astro_site import Collection, Config
from feeds.text import digest, iri_to_uri, is_web

DATES = (*_pages.DATES, "pubDatetime", "publishedAt", "publishedDate", "publishedOn", "datePublished", "createdAt")
_MODIFIED = ("updatedDate", "modDatetime", "updatedAt", "dateModified", "lastUpdated")
_IMAGES = ("heroImage", "image", "ogImage", "cover", "coverImage", "thumbnail")
_HINT = "give the source a pattern: `url: https://…/{folder}/{slug}/`"


class Site(Struct, frozen=True, kw_only=True):
    """What every page needs."""

    config: Config
    url: str
    served: dict[str, Collection]  # path of an entry → its collection
    files: dict[str, str]


# ------------------------------------------------------------------------------------------------------ detect


def detect(folder: Path) -> Detection | None:
    """How sure it is that a folder is an Astro site."""
    found = next((name for name in _astro_site.FILES if (folder / name).is_file()), "")
    return Detection(confidence=0.95, reason=found) if found else None


# ------------------------------------------------------------------------------------------------------ open


def open_site(root: Path, options: SourceOptions) -> Tree:
    """List the entries of collections and the Markdown pages.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    config = _astro_site.read(root)
    problems: list[Problem] = []
    served: dict[str, Collection] = {}
    for collection in _astro_site.collections(root, config, problems):
        paths = [e.path for e in _walk.files(root, collection.folder, problems) if _is_entry(e.path, collection.folder)]
        if paths and collection.route is None and not options.pattern:
            problems.append(_no_route(collection, len(paths)))
        else:
            served.update(dict.fromkeys(paths, collection))
    pages = _pages_in(root, f"{config.source}/pages", problems)
    url = options.url.rstrip("/") or _address(config)
    if not is_web(url):
        hint = "add `site: 'https://…'` to astro.config.mjs, or set `site.url` in config.yaml"
        problems.append(_pages.wrong(config.file or ".", "the site's address is not known", hint))
        url = ""
    files = _attached(root, problems)
    return Tree(
        root=root,
        paths=_walk.wanted([*served, *pages], options),
        fingerprint=digest(json.encode((config, served, files, options), order="sorted")),
        static=("public",),
        site={**_astro_site.about(root, config), "url": url, "language": "", "timezone": options.timezone},
        people=options.people,
        problems=tuple(problems),
        data=Site(config=config, url=url or root.resolve().as_uri(), served=served, files=files),
    )


def _is_entry(path: str, folder: str) -> bool:
    parts = path.removeprefix(folder).strip("/").split("/")
    return path.endswith(_astro_site.MARKDOWN) and not any(p.startswith("_") for p in parts)


def _pages_in(root: Path, folder: str, problems: list[Problem]) -> list[str]:
    found = _walk.files(root, folder, problems) if _walk.has_folder(root, folder) else ()
    return [e.path for e in found if _is_entry(e.path, folder) and "[" not in e.path]


def _attached(root: Path, problems: list[Problem]) -> dict[str, str]:
    """Name of a file that is served as it is → its path below the site."""
    files: dict[str, str] = {}
    for entry in _walk.files(root, "public", problems) if _walk.has_folder(root, "public") else ():
        if posixpath.splitext(entry.name)[1].lower() in _pages.ATTACHED:
            files[entry.name] = "" if entry.name in files else entry.path.removeprefix("public/")
    return files


def _no_route(collection: Collection, count: int) -> Problem:
    message = f"the addresses of the collection {collection.name!r} cannot be known: its {count} files are left out"
    return _pages.odd(collection.folder, message, _HINT)


def _address(config: Config) -> str:
    return f"{config.site}/{config.base}" if config.base and config.site else config.site


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one entry or page.  Never raises for what is in it."""
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    own = front_matter.parse(data, path)
    problems = list(own.problems)
    if any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems))
    withheld = _pages.withheld(own.values, options)
    if not withheld and not _pages.dated(path) and _document.first(own.values, DATES) in (None, ""):
        withheld = "a page without a date"
    if withheld:
        return Reading(problems=tuple(problems), withheld=withheld)
    front = structs.replace(own, values=_translated(own.values))
    place = _place(tree, path, front, data, options)
    published = _pages.published(place, front, data, problems, keys=DATES)
    if published is None:
        return Reading(problems=tuple(problems))
    return _post(_pages.placed(place, options, published), front, published, problems)


def _translated(values: dict[str, Any]) -> dict[str, Any]:
    """Astro's names in ours; an image that the build gives a new name is not kept."""
    out = dict(values)
    modified = _document.first(values, _MODIFIED)
    if modified not in (None, ""):
        out["modified"] = modified
    images = [_source(values.get(key)) for key in _IMAGES]
    out["image"] = next((i for i in images if is_web(i) or i.startswith("/")), "")
    return out


def _source(image: Any) -> str:
    image = _document.first(image, ("src", "url")) if isinstance(image, dict) else image
    return image if isinstance(image, str) else ""


def _place(tree: Tree, path: str, front: Front, data: bytes, options: SourceOptions) -> _document.Place:
    site: Site = tree.data
    collection = site.served.get(path)
    below = path.removeprefix(f"{site.config.source}/pages/")
    return _document.Place(
        source=options.name,
        path=path,
        url=iri_to_uri(site.url + quote(_path_of(site, path, front.values))),
        base=site.url,
        zone=options.timezone or "UTC",
        people=tree.people,
        history=tree.history.get(path),
        group=collection.name if collection else posixpath.dirname(below).partition("/")[0],
        find_file=_files_of(site, options),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )


def _path_of(site: Site, path: str, values: dict[str, Any]) -> str:
    """The path of the page that shows an entry, or that a file below src/pages is."""
    collection = site.served.get(path)
    if collection is None:
        stem = posixpath.splitext(path.removeprefix(f"{site.config.source}/pages"))[0]
        return _astro_site.address(site.config, stem.removesuffix("index") if stem.endswith("/index") else stem)
    stated = values.get("slug")
    own = stated.strip("/") if isinstance(stated, str) and stated.strip("/") else ""
    own = own or _astro_site.entry_id(path.removeprefix(collection.folder).lstrip("/"))
    return _astro_site.address(site.config, posixpath.join(collection.route or "", own))


def _files_of(site: Site, options: SourceOptions) -> Any:
    def find(name: str) -> str:
        bare = posixpath.basename(name)
        if name == bare and options.pdf_base:
            return f"{_document.site_url(options.pdf_base, site.url).rstrip('/')}/{quote(bare)}"
        known = site.files.get(bare, "")
        return f"{site.url}/{quote(known)}" if known and known.endswith(name.lstrip("./")) else ""

    return find


def _post(place: _document.Place, front: Front, published: Any, problems: list[Problem]) -> Reading:
    body = front.body
    if place.path.endswith(".mdx"):
        plain = mdx.to_markdown(body)
        body = plain.text
        if plain.dropped:
            shown = ", ".join(list(dict.fromkeys(what for _, what in plain.dropped))[:5])
            where = f"{place.path}:{front.body_line + plain.dropped[0][0]}"
            problems.append(_pages.odd(where, f"left out what is code: {shown}", "write it in Markdown for the feeds"))
    values = front.values
    post, wrong = _document.post_of(
        place,
        front,
        _pages.lines_of(body, front.body_line),
        published=published,
        title=str(values.get("title") or "") or _pages.heading(body) or _urls.titleize(_pages.slug(place.path)),
        categories=_pages.words(values, "categories", "category"),
        tags=_pages.words(values, "tags", "keywords"),
    )
    return Reading(post=post, problems=(*problems, *wrong))


SOURCE = Source(
    name="astro",
    description="An Astro site: content collections and Markdown pages",
    detect=detect,
    open=open_site,
    read=read,
)
