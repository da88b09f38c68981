"""What mkdocs.yml says of a site (https://www.mkdocs.org/user-guide/configuration/), read without running any of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _mkdocs_slugs, _pages, _walk, _yaml
from feeds.sources._mkdocs_slugs import Slugs
from feeds.text import squeeze

FILES = ("mkdocs.yml", "mkdocs.yaml")
PYTHON = "!python"  # key of what stood behind a tag !!python/…
DEEPEST = 8  # configurations that inherit from each other
_MOVING = frozenset({"i18n", "monorepo", "multirepo"})  # plugins that give pages other addresses


class Blog(Struct, frozen=True, kw_only=True):
    """One blog of Material's plugin (https://squidfunk.github.io/mkdocs-material/plugins/blog/)."""

    folder: str  # "." when the site is a blog
    posts: str  # what the path of every post begins with, below the documents
    url_format: str = "{date}/{slug}"
    date_format: str = "yyyy/MM/dd"
    max_categories: int = 1
    slugs: Slugs = Slugs()
    category_slugs: Slugs = Slugs()
    authors_file: str = ""
    separator: str = "<!-- more -->"
    drafts: bool = False  # published, too
    future_is_draft: bool = False


class Config(Struct, frozen=True, kw_only=True):
    """What of the configuration matters to posts."""

    file: str  # below the root
    values: dict[str, Any] = {}  # as written, inherited ones included
    docs: str = "docs"  # folder of the documents, "" for the root
    directory_urls: bool = True
    titles: dict[str, str] = {}  # document → its title in `nav`, "" where that has none
    blogs: tuple[Blog, ...] = ()
    redirects: dict[str, tuple[str, ...]] = {}  # document → those that were there before it
    date_keys: dict[str, str] = {}  # `published`, `updated` → key of the front matter that holds it on this site
    macros: bool = False  # is Jinja in pages resolved?
    meta_file: str = ""  # name of the files with a folder's front matter
    sane_headings: bool = False  # "#1" is no heading

    def text(self, key: str) -> str:
        """A value that is text, on one line; "" without one."""
        value = self.values.get(key)
        return squeeze(value) if isinstance(value, str) else ""

    def patterns(self, key: str) -> list[str]:
        """The gitignore patterns of `exclude_docs` and its like."""
        value = self.values.get(key)
        return value.splitlines() if isinstance(value, str) else []


def name_of(root: Path) -> str:
    """The configuration's file name; "" without one."""
    return next((name for name in FILES if _walk.inside(root, name)), "")


def read(root: Path, problems: list[Problem]) -> Config:
    """The site's configuration; what cannot be read of it is reported and counts as not stated."""
    file = name_of(root)
    values = _load(root, file, problems, 0)
    plugins = list(_plugins(values.get("plugins")))
    extensions = {name for name, _ in _plugins(values.get("markdown_extensions"))}
    docs = values.get("docs_dir")
    docs = posixpath.normpath(docs) if isinstance(docs, str) and docs else "docs"
    config = Config(
        file=file,
        values=values,
        docs="" if docs == "." else docs,
        directory_urls=values.get("use_directory_urls") is not False,
        titles=dict(reversed(list(_titles(values.get("nav"), below_docs(values, "nav"))))),
        blogs=tuple(_blog(o) for name, o in plugins if name == "blog" and o.get("enabled") is not False),
        redirects=_redirects([o for name, o in plugins if name == "redirects"]),
        date_keys=_date_keys([o for name, o in plugins if name == "rss"]),
        macros=any(name == "macros" for name, _ in plugins),
        meta_file=next((str(o.get("meta_file") or ".meta.yml") for name, o in plugins if name == "meta"), ""),
        sane_headings="pymdownx.saneheaders" in extensions,
    )
    problems += [_unknown_function(file, key) for b in config.blogs for key in _unknown(b)]
    problems += [_moving(file, name) for name, _ in plugins if name in _MOVING]
    return config


# ------------------------------------------------------------------------------------------------------ YAML


def _load(root: Path, file: str, problems: list[Problem], depth: int) -> dict[str, Any]:
    """The mapping in a configuration file on top of the one that it inherits from."""
    place = _walk.inside(root, file)
    try:
        if place is None or depth > DEEPEST:
            raise _yaml.BadYaml("not a file below the site's folder")
        values = _yaml.load(_walk.content(place), _Loader)
    except (OSError, ValueError) as error:
        line = f":{error.line}" if isinstance(error, _yaml.BadYaml) and error.line else ""
        problems.append(_pages.odd(file + line, f"not usable: {error}", "mend it; until then it counts as empty"))
        return {}
    if not isinstance(values, dict):
        return {}
    parent = values.pop("INHERIT", None)
    if not isinstance(parent, str):
        return values
    above = posixpath.normpath(posixpath.join(posixpath.dirname(file), parent))
    return _merged(_load(root, above, problems, depth + 1), values)


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Mappings key by key, `above` winning; lists are replaced whole."""
    both = {k: _merged(below[k], v) for k, v in above.items() if isinstance(v, dict) and isinstance(below.get(k), dict)}
    return {**below, **above, **both}


def _plain(loader: Any, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else node.value


def _local(loader: Any, tag: str, node: yaml.Node) -> Any:
    """`!ENV [NAME, default]` is its default: the environment is not the site's; other tags are as good as not there."""
    if tag != "ENV":
        return _plain(loader, node)
    several = isinstance(node, yaml.SequenceNode) and len(node.value) > 1
    return loader.construct_object(node.value[-1], deep=True) if several else None


def _python(loader: Any, tag: str, node: yaml.Node) -> Any:
    """`!!python/name:a.b` and the like: never looked up, a mapping that says what it would have been."""
    value = _plain(loader, node)
    return {PYTHON: tag, **(value if isinstance(value, dict) else {})}


_Loader: Any = type("_Loader", (_yaml.LOADER,), {})
_Loader.add_multi_constructor("!", _local)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _python)


# ------------------------------------------------------------------------------------------------------ navigation


def below_docs(values: dict[str, Any], part: str) -> bool:
    """Does "/a.md" in `nav`, or in `links`, mean the document a.md?"""
    stated = _mapping(values.get("validation"))
    return {**stated, **_mapping(stated.get(part))}.get("absolute_links") == "relative_to_docs"


def _titles(nav: Any, lenient: bool) -> Iterator[tuple[str, str]]:
    """Each document that `nav` names, with its title, in order; of several the first counts."""
    match nav:
        case str():
            yield PurePosixPath(nav.lstrip("/") if lenient else nav).as_posix(), ""
        case list():
            for inner in nav:
                yield from _titles(inner, lenient)
        case dict():
            for title, inner in nav.items():
                if isinstance(inner, str):
                    yield next(_titles(inner, lenient))[0], str(title)
                else:
                    yield from _titles(inner, lenient)


# ------------------------------------------------------------------------------------------------------ plugins


def _plugins(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plugins or extensions of a list or a mapping, with their options; "material/blog" is "blog"."""
    for entry in value if isinstance(value, list) else [value]:
        pairs = entry.items() if isinstance(entry, dict) else [(entry, None)]
        for name, options in pairs:
            if isinstance(name, str):
                yield name.removeprefix("material/"), _mapping(options)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _blog(options: dict[str, Any]) -> Blog:
    def text(key: str, default: str) -> str:
        value = options.get(key)
        return value if isinstance(value, str) else default

    folder = posixpath.normpath(text("blog_dir", "blog") or ".")
    posts = posixpath.normpath(text("post_dir", "{blog}/posts").replace("{blog}", folder))
    most = options.get("post_url_max_categories")
    return Blog(
        folder=folder,
        posts=posts,
        url_format=text("post_url_format", "{date}/{slug}"),
        date_format=text("post_url_date_format", "yyyy/MM/dd")[:100],
        max_categories=most if isinstance(most, int) else 1,
        slugs=_slugs(options, "post_slugify"),
        category_slugs=_slugs(options, "categories_slugify"),
        authors_file=posixpath.normpath(text("authors_file", "{blog}/.authors.yml").replace("{blog}", folder)),
        separator=text("post_excerpt_separator", "<!-- more -->"),
        drafts=options.get("draft") is True,
        future_is_draft=options.get("draft_if_future_date") is True,
    )


def _redirects(plugins: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """What mkdocs-redirects leads to documents: https://github.com/mkdocs/mkdocs-redirects"""
    found: dict[str, tuple[str, ...]] = {}
    for options in plugins:
        for old, new in _mapping(options.get("redirect_maps")).items():
            if isinstance(new, str) and "://" not in new:
                document = new.partition("#")[0]
                found[document] = (*found.get(document, ()), old)
    return found


def _date_keys(plugins: list[dict[str, Any]]) -> dict[str, str]:
    """Where mkdocs-rss-plugin finds dates: https://guts.github.io/mkdocs-rss-plugin/configuration/#date_from_meta"""
    stated = [_mapping(options.get("date_from_meta")) for options in plugins]
    names = {"published": "as_creation", "updated": "as_update"}
    found = {ours: s[theirs] for s in stated for ours, theirs in names.items() if isinstance(s.get(theirs), str)}
    return {ours: key for ours, key in found.items() if key != "git"}


def _slugs(options: dict[str, Any], key: str) -> Slugs:
    stated = _mapping(options.get(key))
    separator = options.get(f"{key}_separator")
    separator = separator if isinstance(separator, str) else "-"
    return _mkdocs_slugs.named(str(stated.get(PYTHON, "")), _mapping(stated.get("kwds")), separator)


def _unknown(blog: Blog) -> list[str]:
    pairs = (("post_slugify", blog.slugs), ("categories_slugify", blog.category_slugs))
    used = {"post_slugify": "{slug}", "categories_slugify": "{categories}"}
    return [key for key, slugs in pairs if not slugs.known and used[key] in blog.url_format]


def _unknown_function(file: str, key: str) -> Problem:
    message = f"{key} is a function of the site's own: addresses of blog posts may be others than MkDocs gives"
    return _pages.odd(file, message, "give the source a pattern, `url: https://…/{year}/{slug}/`, in config.yaml")


def _moving(file: str, name: str) -> Problem:
    message = f"the plugin {name} may give pages other addresses than MkDocs itself"
    return _pages.odd(file, message, "give the source a pattern, `url: https://…/{path}/`, in config.yaml")
