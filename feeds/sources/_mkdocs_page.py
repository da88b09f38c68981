"""One document of an MkDocs site as MkDocs sees it: its front matter, its title and its address."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from feeds.reading import body as markdown
from feeds.reading import front as front_matter
from feeds.reading import python_markdown
from feeds.reading.front import Front
from feeds.sources import _dates, _document, _mkdocs_files, _pages
from feeds.sources._mkdocs_config import Blog, Config
from feeds.text import instant

_META = re.compile(r" {0,3}([A-Za-z0-9_-]+):\s*(.*)")
_META_MORE = re.compile(r"(?: {4}|\t)\s*(.*)")
_DEFINITION = re.compile(r" {0,3}(?:\[[^\]\n]+\]|\*\[[^\]\n]+\]):")
_IMAGE = re.compile(r"!\[([^\]\n]{0,500})\](?:\([^()\n]{0,1000}\)|\[[^\]\n]{0,200}\])")
_NOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_FIELD = re.compile(r"\{(categories|date|file|slug)\}")


class Site(Struct, frozen=True, kw_only=True):
    """What every page may need; it goes to the workers as `Tree.data`."""

    config: Config
    base: str  # address of the site, without a final slash
    served: dict[str, str]  # see _mkdocs_files.Found
    attached: dict[str, str]
    drafts: frozenset[str]
    defaults: tuple[tuple[str, dict[str, Any]], ...]  # folder → front matter of the pages below, outermost first


# ------------------------------------------------------------------------------------------------------ front matter


def front_of(data: bytes, path: str, source: str, site: Site) -> Front:
    """The front matter of a document, in YAML or as `Title: …` lines, on top of its folders' (`.meta.yml`).

    The dates of a blog post, `date: {created: …, updated: …}`, stand under `published` and `updated` as well.
    """
    front = front_matter.parse(data, path)
    if not front.has_front and not front.problems and not _mkdocs_files.blog_of(source, site.config):
        front = _multi_markdown(front)
    values = front.values
    for folder, defaults in reversed(site.defaults):
        if source.startswith(folder):
            values = _on_top(defaults, values)
    dates = values.get("date")
    if isinstance(dates, dict):
        known = {"published": dates.get("created"), "updated": dates.get("updated")}
        values = {**values, **{k: v for k, v in known.items() if v}}
    at = front.lines.get("date", 0)
    lines = {**front.lines, "published": at, "updated": at} if isinstance(dates, dict) else front.lines
    return structs.replace(front, values=values, lines=lines)


def _multi_markdown(front: Front) -> Front:
    """Front matter in the manner of MultiMarkdown: `Key: value` up to the first other line."""
    values: dict[str, Any] = {}
    places: dict[str, int] = {}
    key = ""
    lines = front.body.split("\n")
    used = 0
    while used < len(lines) and lines[used].strip():
        if found := _META.match(lines[used]):
            key = found[1].lower()
            values[key] = f"{values[key]} {found[2].strip()}" if key in values else found[2].strip()
            places.setdefault(key, front.body_line + used)
        elif key and (found := _META_MORE.match(lines[used])):
            values[key] += f" {found[1].strip()}"
        else:
            break
        used += 1
    if not values:
        return front
    rest = "\n".join(lines[used:])
    return structs.replace(front, values=values, lines=places, body=rest, body_line=front.body_line + used)


def _on_top(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Front matter merged as Material's meta plugin merges it: lists are joined, mappings merged."""
    merged = dict(below)
    for key, value in above.items():
        other = merged.get(key)
        if isinstance(value, list) and isinstance(other, list):
            merged[key] = [*other, *value]
        elif isinstance(value, dict) and isinstance(other, dict):
            merged[key] = _on_top(other, value)
        else:
            merged[key] = value
    return merged


# ------------------------------------------------------------------------------------------------------ title


def title_of(front: Front, source: str, config: Config) -> str:
    """As MkDocs: what `nav` calls it, `title`, the heading that it begins with, the name of its file."""
    if config.titles.get(source) and not _mkdocs_files.blog_of(source, config):
        return config.titles[source]
    stated = front.values.get("title")
    if isinstance(stated, (str, int, float)) and str(stated).strip():
        return str(stated)
    return _heading(front.body, config) or file_title(source)


def file_title(source: str) -> str:
    """The title that the name of a file makes."""
    if "/" not in source and _mkdocs_files.stem_of(source) == "index":
        return "Home"
    title = _mkdocs_files.stem_of(source).replace("-", " ").replace("_", " ")
    return title.capitalize() if title.lower() == title else title


def _heading(body: str, config: Config) -> str:
    """The first-level heading that the text begins with; "" when it begins otherwise."""
    lines = [line for line in body.split("\n")[:200] if not _DEFINITION.match(line)]
    while lines and not lines[0].strip():
        lines.pop(0)
    first, second = [*lines, "", ""][:2]
    if first.startswith("#"):
        found = re.match(r"#(?!#)\s+(.*)" if config.sane_headings else r"#(?!#)(.*)", first)
        text = found[1].rstrip("# \t") if found else ""
    else:
        text = first if re.fullmatch(r"=+ *", second) else ""
    if not text.strip():
        return ""
    text = _NOTE.sub("", _IMAGE.sub(r"\1", text))
    bare = markdown.take_out_attribute_lists(f"# {text.strip()}")
    return python_markdown.adapt(bare.removeprefix("#").strip(), (1,))[0].strip()


def _legacy_title(front: Front, source: str) -> str:
    """The title that a blog takes for the address, before the text is rendered."""
    stated = front.values.get("title")
    if "title" in front.values and stated is not None:
        return str(stated)
    first = next((line.strip() for line in front.body.split("\n") if line.strip()), "")
    return first.lstrip("# ") if first.startswith("# ") else file_title(source)


# ------------------------------------------------------------------------------------------------------ address


def address_of(front: Front, source: str, site: Site, published: datetime | None) -> str:
    """The page's address: by the folder's path, for a post of a blog by that blog's rules."""
    blog = _mkdocs_files.blog_of(source, site.config)
    if blog is None or published is None:
        below = _mkdocs_files.address(source, site.config)
    else:
        below = _mkdocs_files.address(_post_path(front, source, blog, site.config, published), site.config)
    return f"{site.base}/{below}"


def created(front: Front, published: datetime) -> datetime:
    """The date in a post's address: as stated, in its own zone; without one it is in UTC."""
    stated = next((front.values.get(k) for k in ("date", "published") if isinstance(front.values.get(k), str)), "")
    try:
        return instant(_dates.iso(str(stated).strip()), ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return published.astimezone(UTC)


def _post_path(front: Front, source: str, blog: Blog, config: Config, published: datetime) -> str:
    """The document that stands for the post: blog/2024/01/31/slug.md."""
    stated = front.values.get("categories")
    names = list(dict.fromkeys(_document.strings(stated)))[: blog.max_categories] if isinstance(stated, list) else []
    slug = front.values.get("slug")
    values = {
        "categories": "/".join(blog.category_slugs.of(name) for name in names),
        "date": _formatted(created(front, published), blog.date_format, config),
        "file": _mkdocs_files.stem_of(source),
        "slug": slug if isinstance(slug, str) and slug else blog.slugs.of(_legacy_title(front, source)),
    }
    path = _FIELD.sub(lambda m: values[m[1]], blog.url_format)
    path = posixpath.normpath(path.strip("/"))
    return posixpath.normpath(posixpath.join(blog.folder, f"{path}.md")).lstrip("/")


def _formatted(date: datetime, form: str, config: Config) -> str:
    """A date in a pattern of Unicode's CLDR, in the theme's language."""
    from babel.core import Locale, UnknownLocaleError
    from babel.dates import format_date, format_datetime

    theme = config.values.get("theme")
    language = str(theme.get("language") or "en") if isinstance(theme, dict) else "en"
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    try:
        if form in {"full", "long", "medium", "short"}:
            return format_date(date, format=form, locale=locale)
        return format_datetime(date, format=form, locale=locale)
    except (ValueError, KeyError, AttributeError, TypeError):  # a pattern that is none
        return format_datetime(date, format="yyyy/MM/dd", locale=locale)


# ------------------------------------------------------------------------------------------------------ dates


def is_dated(front: Front, path: str) -> bool:
    """Does the page say when it was published, in its front matter or in its name?"""
    stated = (front.values.get(key) for key in _pages.DATES)
    return bool(_pages.dated(path)) or any(isinstance(v, (str, int)) and v not in ("", True, False) for v in stated)
