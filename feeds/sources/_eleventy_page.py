"""One page of an Eleventy site: its data, whether it is a post, and its address."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from feeds.model import Problem, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.reading.front import Front
from feeds.sources import _eleventy_address, _eleventy_config, _javascript, _pages, _walk
from feeds.sources._eleventy_config import Config
from feeds.text import legal

HINT = "give the source a pattern: `url: https://…/{folder}/{slug}/`"
COLLECTIONS = frozenset({"all", "nav", "post", "posts"})
POSTS = frozenset(
    "article articles blog blogs entries events journal lab-news new news notes paper papers post posts presentations "
    "publication publications research talk talks updates writing".split()
)
FROM_HISTORY = frozenset({"git last modified", "git created", "last modified", "created"})
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
_JSON = re.compile(r"---json[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_CODE_FRONT = re.compile(r"---[ \t]*(js|javascript|node)[ \t]*\n")
_KEY = re.compile(r'^[ \t]*"((?:[^"\\\n]|\\.){1,100})"[ \t]*:', re.MULTILINE)
_INCLUDE_LIMIT = 200_000


class Found(Struct, frozen=True, kw_only=True):
    """The files of the site that matter."""

    pages: list[str]
    data: dict[str, Any]  # of the data folder
    local: dict[str, Any]  # path without its ending → data beside the pages
    code: dict[str, str]  # the same in JavaScript
    files: dict[str, str]  # name of an attached file → its path as the site serves it
    includes: dict[str, str]  # path of an included file → digest


class Site(Struct, frozen=True, kw_only=True):
    """What every page of the site needs."""

    config: Config
    url: str
    lang: str
    data: dict[str, Any]  # of _data
    local: dict[str, Any]  # path of a data file below the root, without its ending → what it holds
    code: dict[str, str]  # the same for data files in JavaScript: their code
    files: dict[str, str]


def below_input(config: Config, path: str) -> str:
    """A path below the input folder."""
    return path.removeprefix(config.input).lstrip("/") if config.input else path


# ----------------------------------------------------------------------------------------------- the files


def discover(root: Path, config: Config, problems: list[Problem]) -> Found:
    """Every template and data file below the input folder that Eleventy does not ignore."""
    found = Found(pages=[], data=_global_data(root, config, problems), local={}, code={}, files={}, includes={})
    ignored = _eleventy_config.ignored(root, config)
    outside = {config.output, *config.left_out} - {""}
    waiting = [config.input] if _walk.may_enter(root, config.input, problems) else []
    while waiting:
        for entry in _walk.entries(root, waiting.pop(), problems):
            path = entry.path
            if entry.name == "node_modules" or entry.name.startswith(".") or path in outside:
                continue
            if ignored.match_file(path + "/" if entry.is_dir else path):
                continue
            if entry.is_dir:
                waiting.append(path)
            else:
                _sort_in(root, config, path, found, problems)
    found.pages.sort()
    for folder in config.left_out:
        if folder != config.data and _walk.has_folder(root, folder):
            found.includes.update({e.path: _stamp(root, e.path) for e in _walk.files(root, folder, problems)})
    return found


def _sort_in(root: Path, config: Config, path: str, found: Found, problems: list[Problem]) -> None:
    stem, ending = posixpath.splitext(path)
    if ending in _eleventy_address.EXTENSIONS:
        found.pages.append(path)
    elif ending == ".json" and (stem.endswith(".11tydata") or _may_be_data(root, stem)):
        found.local[stem] = _eleventy_config.load(root, path, problems)
    elif ending in _eleventy_config.CODE and stem.endswith(".11tydata"):
        found.code[stem] = _javascript.read(root, path)
    elif ending.lower() in _pages.ATTACHED:
        name = posixpath.basename(path)
        found.files[name] = "" if name in found.files else below_input(config, path)


def _may_be_data(root: Path, stem: str) -> bool:
    """Is it named as its folder, or as a template beside it?"""
    folder, name = posixpath.split(stem)
    return name == posixpath.basename(folder) or any(
        (root / (stem + e)).is_file() for e in _eleventy_address.EXTENSIONS
    )


def _global_data(root: Path, config: Config, problems: list[Problem]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if not _walk.has_folder(root, config.data):
        return data
    for entry in _walk.files(root, config.data, problems):
        *folders, name = entry.path.removeprefix(config.data).strip("/").split("/")
        stem, ending = posixpath.splitext(name)
        if ending in _eleventy_config.DATA:
            inner = data
            for folder in folders:
                inner = inner.setdefault(folder, {}) if isinstance(inner, dict) else {}
            inner[stem] = _eleventy_config.load(root, entry.path, problems)
        elif ending in _eleventy_config.CODE and stem == "eleventyComputed":
            data.setdefault("_code", _javascript.read(root, entry.path))
    return data


def _stamp(root: Path, path: str) -> str:
    file = _walk.inside(root, path)
    try:
        stat = file.stat() if file else None
        return f"{stat.st_size}:{stat.st_mtime_ns}" if stat else ""
    except OSError:
        return ""


# ----------------------------------------------------------------------------------------------- its data


def front_of(data: bytes, path: str) -> Front:
    """A template taken apart; its front matter is YAML, JSON behind `---json`; JavaScript is not run."""
    if is_made_by_code(data):
        problem = _pages.wrong(f"{path}:1", "its front matter is JavaScript, which is not run", "write it as YAML")
        return Front(problems=(problem,))
    if not _head(data).startswith("---json") or len(data) > front_matter.MAX_BYTES:
        return front_matter.parse(data, path)
    return _json_front(data, path)


def is_made_by_code(data: bytes) -> bool:
    """Is the front matter JavaScript?"""
    return _CODE_FRONT.match(_head(data)) is not None


def _head(data: bytes) -> str:
    return data[:40].decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n")


def _json_front(data: bytes, path: str) -> Front:
    try:
        text = legal(data.decode("utf-8-sig")).replace("\r\n", "\n")
        found = _JSON.match(text)
        values = msgspec.json.decode(found[1]) if found else None
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        return Front(problems=(_pages.wrong(f"{path}:1", f"its JSON cannot be read: {error}", "correct it"),))
    if not found or not isinstance(values, dict):
        return Front(problems=(_pages.wrong(f"{path}:1", "its JSON front matter is not a mapping", "correct it"),))
    starts = {m[1]: 2 + found[1].count("\n", 0, m.start()) for m in _KEY.finditer(found[1])}
    return Front(
        values=values,
        lines={key: starts[key] for key in values if key in starts},
        body=text[found.end() :],
        body_line=text.count("\n", 0, found.end()) + 1,
        has_front=True,
    )


def _local(config: Config, path: str) -> list[str]:
    """Where a template's data may stand, without endings, the weakest first."""
    folders = below_input(config, posixpath.dirname(path)).split("/")
    stems = []
    if config.input:
        stems.append(posixpath.join(config.input, posixpath.basename(config.input)))
    depths = range(1, len(folders) + 1) if folders[0] else range(0)
    stems += [posixpath.join(config.input, *folders[:depth], folders[depth - 1]) for depth in depths]
    stems.append(posixpath.splitext(path)[0])
    return [s for stem in stems for s in (stem, f"{stem}.11tydata")]


def cascade(site: Site, path: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The template's data: of its folders, of its own data files, of its front matter, the last above the others."""
    values: dict[str, Any] = {}
    if site.config.permalink is not None:
        values["permalink"] = site.config.permalink
    for stem in _local(site.config, path):
        if isinstance(site.local.get(stem), dict):
            values = _eleventy_config.merged(values, site.local[stem])
        if stem in site.code:
            values = _eleventy_config.merged(values, _literals(site.code[stem]))
    return _eleventy_config.merged(values, own)


def _literals(code: str) -> dict[str, Any]:
    """The tags, the language and the permalink of a data file in JavaScript, where they are literals."""
    values: dict[str, Any] = {}
    if tags := _javascript.listed(code, "tags"):
        values["tags"] = tags
    for key in ("permalink", "lang", "layout"):
        if (text := _javascript.named(code, key)) is not None:
            values[key] = text
    if re.search(r"permalink[\"']?\s{0,20}:\s{0,20}false", code):
        values["permalink"] = False
    if "permalink" not in values and _javascript.mentions(code, "permalink"):
        values["permalink"] = {"made by code": True}
    return values


# ----------------------------------------------------------------------------------------------- is it a post?


def withheld(site: Site, path: str, values: Mapping[str, Any], options: SourceOptions) -> str:
    """Why a page is no post, or deliberately not published; "" when it is a post."""
    reason = _pages.withheld(values, options)
    if reason:
        return reason
    if values.get("permalink") is False:
        return "permalink: false"
    if values.get("pagination"):
        return "a listing (pagination)"
    if values.get("eleventyExcludeFromCollections") is True:
        return "eleventyExcludeFromCollections"
    dated = values.get("date") not in (None, "") or _DATED.search(path)
    return "" if dated or is_post(site, path, values) else "a page without a date"


def is_post(site: Site, path: str, values: Mapping[str, Any]) -> bool:
    """Is it in a collection or a folder of posts?  The folder's own index page is not."""
    folder = below_input(site.config, posixpath.dirname(path))
    if posixpath.splitext(posixpath.basename(path))[0] in {"index", posixpath.basename(folder)}:
        folder = posixpath.dirname(folder)
    elif not POSTS.isdisjoint(t.lower() for t in _pages.words(values, "tags")):
        return True
    return not POSTS.isdisjoint(folder.lower().split("/"))


# ----------------------------------------------------------------------------------------------- its address


def page_of(site: Site, path: str, values: Mapping[str, Any], published: datetime) -> dict[str, Any]:
    """What templates know as `page`."""
    page = _eleventy_address.page_of(below_input(site.config, path), published.astimezone(UTC))
    page["inputPath"] = f"./{path}"
    page["lang"] = values.get("lang") or site.lang
    return page


def address(site: Site, path: str, values: Mapping[str, Any], page: Mapping[str, Any]) -> str:
    """The path of the page, "" when it is not written; raises Unknown when code makes it."""
    if site.config.made_by_code:
        raise _eleventy_address.Unknown(f"{site.config.made_by_code} in {site.config.file} makes it")
    computed = values.get("eleventyComputed")
    computed = computed.get("permalink") if isinstance(computed, dict) else None
    permalink = values.get("permalink", computed)
    if isinstance(permalink, dict) and "made by code" not in permalink:
        permalink = permalink.get("build", None if not permalink else False)
    if permalink is False:
        return ""
    if _javascript.mentions(str(site.data.get("_code", "")), "permalink") and permalink in (None, ""):
        raise _eleventy_address.Unknown("eleventyComputed in the data folder makes it")
    if permalink in (None, ""):
        return _eleventy_address.default_path(below_input(site.config, path))
    if not isinstance(permalink, str):
        raise _eleventy_address.Unknown("its permalink is no text, or made by code in a data file")
    if values.get("dynamicPermalink") is False:
        return _eleventy_address.stated_path(f"{{% raw %}}{permalink}{{% endraw %}}", page, {})
    return _eleventy_address.stated_path(permalink, page, {**site.data, **values})


def includes_of(tree: Tree, depends: list[str]) -> Callable[[str, bool], str | None]:
    """How `{% include "name" %}` finds its text: in the folder of includes, with or without its ending."""
    folders = [f for f in tree.data.config.left_out if f != tree.data.config.data]

    def load(name: str, _relative: bool) -> str | None:
        name = name.strip("\"'")
        for folder in folders:
            for ending in ("", ".liquid", ".html", ".njk", ".md"):
                wanted = posixpath.join(folder, name + ending)
                file = None if ".." in name or name.startswith("/") else _walk.inside(tree.root, wanted)
                data = _walk.content_if(file, _INCLUDE_LIMIT)
                if data is not None:
                    depends.append(wanted)
                    return data.decode("utf-8-sig", "replace")
        return None

    return load
