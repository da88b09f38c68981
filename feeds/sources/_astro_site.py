"""An Astro site without running its code: configuration, collections, and the routes that serve them.

https://docs.astro.build/en/reference/configuration-reference/ · https://docs.astro.build/en/guides/content-collections/
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _javascript as js
from feeds.sources import _pages, _walk

FILES = tuple(f"astro.config.{ending}" for ending in ("mjs", "js", "ts", "mts", "cjs"))
MARKDOWN = (".md", ".mdx", ".markdown")
_PARAMETER = re.compile(r"\[(?:\.\.\.)?(\w{1,60})\]")
_FILLED = r"params\s{{0,5}}:\s{{0,5}}\{{\s{{0,50}}{}\s{{0,5}}:\s{{0,5}}\w{{1,60}}\.(?:slug|id)\b"
_SERVED = re.compile(r"getCollection\(\s{0,20}[\"'`]([\w-]{1,100})[\"'`]")
_BY_CODE = "is made by code: left out"
_HINT = "name that folder as a source of its own, with `url:` as a pattern"
_COLLECTION = re.compile(r"(?:const|let|var)\s{1,5}(\w{1,100})\s{0,5}=\s{0,5}defineCollection\(")


class Config(Struct, frozen=True, kw_only=True):
    """The literals of astro.config.*, the defaults elsewhere."""

    file: str = ""
    site: str = ""
    base: str = ""  # without slashes around it
    source: str = "src"
    slash: str = "ignore"  # trailingSlash
    format: str = "directory"  # build.format


class Collection(Struct, frozen=True, kw_only=True):
    """A collection of content: where its files lie, and the route that serves them."""

    name: str
    folder: str  # below the root
    route: str | None = None  # path of the pages below the site: "blog"; None when that cannot be known


def read(root: Path) -> Config:
    """The configuration of the site at `root`."""
    file = next((name for name in FILES if (root / name).is_file()), "")
    code = js.read(root, file) if file else ""
    source = posixpath.normpath((js.named(code, "srcDir") or "src").strip("/") or ".")
    source = "src" if source.startswith(".") else source
    elsewhere = re.search(r"(?<![\w$])site\s{0,5}:\s{0,5}[A-Za-z]{1,20}\.(\w{1,20})", code)  # site: SITE.website
    site = js.named(code, "site") or (elsewhere and js.named(_constants(root, source), elsewhere[1])) or ""
    return Config(
        file=file,
        site=site.rstrip("/"),
        base=(js.named(code, "base") or "").strip("/"),
        source=source,
        slash=js.named(code, "trailingSlash") or "ignore",
        format=js.named(js.block(code, "build"), "format") or "directory",
    )


def about(root: Path, config: Config) -> dict[str, str]:
    """Title and description as the starter and common themes keep them: SITE_TITLE = "…", or SITE = { title: "…" }."""
    code = _constants(root, config.source)
    title = js.assigned(code, "SITE_TITLE") or js.named(code, "title") or ""
    description = js.assigned(code, "SITE_DESCRIPTION") or js.named(code, "description") or js.named(code, "desc") or ""
    return {"title": " ".join(title.split()), "description": " ".join(description.split())}


def _constants(root: Path, source: str) -> str:
    """The code in which themes keep what their pages share."""
    names = ("consts", "config", "site.config", "data/site", "site")
    return "\n".join(js.read(root, f"{source}/{name}.{ending}") for name in names for ending in ("ts", "js", "mjs"))


def slug(text: str) -> str:
    """As github-slugger has it: lower case, blanks as hyphens, of the rest only letters, marks, digits, "-" and "_"."""
    return "".join(c for c in text.lower() if c in "- " or _is_word(c)).replace(" ", "-")


def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category in {"Nd", "Nl", "Pc"}


def entry_id(path: str) -> str:
    """The id of the entry at `path` below its collection: its segments as slugs, without /index at the end."""
    stem = posixpath.splitext(path)[0]
    return "/".join(slug(part) for part in stem.split("/")).removesuffix("/index")


def address(config: Config, path: str) -> str:
    """The path of a page below the site's address, with the slash or the ending that the build gives it."""
    bare = posixpath.normpath("/" + path.lstrip("/"))
    if bare == "/":
        return "/"
    if config.format == "file":
        return f"{bare}.html"
    return bare if config.slash == "never" else f"{bare}/"


# ----------------------------------------------------------------------------------------------- collections


def collections(root: Path, config: Config, problems: list[Problem]) -> list[Collection]:
    """The collections, each with its route where one file below src/pages serves it by slug or id."""
    routes = dict(_routes(root, config, problems))
    folders = _folders(root, config, problems)
    return [Collection(name=n, folder=f, route=routes.get(n)) for n, f in sorted(folders.items())]


def _folders(root: Path, config: Config, problems: list[Problem]) -> dict[str, str]:
    """Name of a collection → its folder: below src/content, or the `base` of its loader."""
    content = f"{config.source}/content"
    found: dict[str, str] = {}
    if _walk.has_folder(root, content):
        entries = _walk.entries(root, content, problems)
        found = {e.name: e.path for e in entries if e.is_dir and e.name[0] not in "._"}
    for place in ("content/config", "content.config"):
        for ending in ("ts", "js", "mjs", "mts"):
            file = f"{config.source}/{place}.{ending}"
            for name, folder in _declared(js.read(root, file)):
                if folder is not None:
                    found[name] = folder
                elif name not in found:
                    problems.append(_pages.odd(file, f"the folder of the collection {name!r} {_BY_CODE}", _HINT))
    return {name: folder for name, folder in found.items() if _walk.has_folder(root, folder)}


def _declared(code: str) -> Iterator[tuple[str, str | None]]:
    """Collections with the folder that their loader names, `glob({ base: "…" })`; None where code names it."""
    starts = list(_COLLECTION.finditer(code))
    exported = js.block(code.replace("collections =", "collections:"), "collections")
    names = {value: key for key, value in re.findall(r"[\"']?([\w-]{1,100})[\"']?\s{0,5}:\s{0,5}(\w{1,100})", exported)}
    ends = [start.start() for start in starts[1:]] + [len(code)]
    for start, end in zip(starts, ends[: len(starts)], strict=True):
        body = code[start.end() : end]
        loader = js.argument(body, "glob")
        base = js.named(js.filled(loader, code), "base")
        name = names.get(start[1], str(start[1]))
        if base is not None and "generateId" not in body:
            folder = posixpath.normpath(base.lstrip("/"))
            yield name, "" if folder.startswith("..") else folder
        elif js.mentions(body, "glob"):
            yield name, None


def _routes(root: Path, config: Config, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """(collection, path of its pages) for each route that fills its one parameter with an entry's slug or id."""
    pages = f"{config.source}/pages"
    if not _walk.has_folder(root, pages):
        return
    for entry in _walk.files(root, pages, problems):
        stem, ending = posixpath.splitext(entry.path.removeprefix(f"{pages}/"))
        folder, last = posixpath.split(stem.removesuffix("/index"))
        parameter = _PARAMETER.fullmatch(last)
        if ending != ".astro" or not parameter or "[" in folder:
            continue
        code = js.read(root, entry.path)
        served = set(_SERVED.findall(code))
        fills = re.search(
            rf"params\s{{0,5}}:\s{{0,5}}\{{\s{{0,50}}{parameter[1]}\s{{0,5}}:\s{{0,5}}\w{{1,60}}\.(?:slug|id)\b", code
        )
        if len(served) == 1 and fills:
            yield served.pop(), folder
