"""One document of an MkDocs site as MkDocs sees it: its front matter, its title and its address."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import datetime
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

MOST_LINES = 500  # of front matter in the manner of MultiMarkdown

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


class Page(Struct, frozen=True, kw_only=True):
    """One document, taken apart."""

    path: str  # below the site's folder
    source: str  # below that of the documents
    data: bytes
    front: Front
    blog: Blog | None  # that it is a post of


# ------------------------------------------------------------------------------------------------------ front matter


def page_of(data: bytes, path: str, site: Site) -> Page:
    """The document at `path`.

    Its front matter, in YAML or as `Title: …` lines, is on top of its folders' (`.meta.yml`).  The dates of a blog
    post, `date: {created: …, updated: …}`, stand under `published` and `updated` as well.
    """
    source = path[len(_mkdocs_files.below(site.config, "")) :]
    blog = _mkdocs_files.blog_of(source, site.config)
    front = front_matter.parse(data, path)
    if not front.has_front and not blog:
        front = _multi_markdown(front)
    values, lines = front.values, front.lines
    for folder, defaults in reversed(site.defaults):
        if source.startswith(folder):
            values = _on_top(defaults, values)
    known = _dates_of(values, site.config)
    if known:
        values = {**known, **values}
        lines = {**dict.fromkeys(known, lines.get("date", 0)), **lines}
    older = [f"{site.base}/{_mkdocs_files.address(p, site.config)}" for p in site.config.redirects.get(source, ())]
    if older:
        values = {"redirect_from": older, **values}
    return Page(
        path=path, source=source, data=data, front=structs.replace(front, values=values, lines=lines), blog=blog
    )


def _dates_of(values: Mapping[str, Any], config: Config) -> dict[str, Any]:
    """The dates that stand elsewhere than where everybody looks."""
    dates = values.get("date")
    found = {key: values.get(name) for key, name in config.date_keys.items()}
    if isinstance(dates, dict):
        found |= {"published": dates.get("created"), "updated": dates.get("updated")}
    return {key: value for key, value in found.items() if isinstance(value, (str, int)) and value}


def _multi_markdown(front: Front) -> Front:
    """Front matter in the manner of MultiMarkdown: `Key: value` up to the first other line."""
    values: dict[str, Any] = {}
    places: dict[str, int] = {}
    key = ""
    lines = front.body.split("\n")
    used = 0
    while used < min(len(lines), MOST_LINES) and lines[used].strip():
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


def title_of(page: Page, config: Config) -> str:
    """As MkDocs: what `nav` calls it, `title`, the heading that it begins with, the name of its file."""
    if config.titles.get(page.source) and not page.blog:
        return config.titles[page.source]
    stated = page.front.values.get("title")
    if isinstance(stated, (str, int, float)) and str(stated).strip():
        return str(stated)
    return _heading(page.front.body, config) or file_title(page.source)


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


def _legacy_title(page: Page) -> str:
    """The title that a blog takes for the address, before the text is rendered."""
    stated = page.front.values.get("title")
    if stated is not None:
        return str(stated)
    first = next((line.strip() for line in page.front.body.split("\n") if line.strip()), "")
    return first.lstrip("# ") if first.startswith("# ") else file_title(page.source)


# ------------------------------------------------------------------------------------------------------ address


def address_of(page: Page, site: Site, published: datetime | None) -> str:
    """The page's address: by the folder's path, for a post of a blog by that blog's rules."""
    path = (
        page.source if page.blog is None or published is None else _post_path(page, page.blog, site.config, published)
    )
    return f"{site.base}/{_mkdocs_files.address(path, site.config)}"


def _post_path(page: Page, blog: Blog, config: Config, published: datetime) -> str:
    """The document that stands for the post: blog/2024/01/31/slug.md."""
    stated = page.front.values.get("categories")
    names = list(dict.fromkeys(_document.strings(stated)))[: blog.max_categories] if isinstance(stated, list) else []
    slug = page.front.values.get("slug")
    values = {
        "categories": "/".join(blog.category_slugs.of(name) for name in names),
        "date": _formatted(_created(page.front, published), blog.date_format, config),
        "file": _mkdocs_files.stem_of(page.source),
        "slug": slug if isinstance(slug, str) and slug else blog.slugs.of(_legacy_title(page)),
    }
    path = posixpath.normpath(_FIELD.sub(lambda m: values[m[1]], blog.url_format).strip("/"))
    return posixpath.normpath(posixpath.join(blog.folder, f"{path}.md")).lstrip("/")


def _created(front: Front, published: datetime) -> datetime:
    """The date in a post's address: as stated, in its own zone; one without a zone is in UTC."""
    stated = next((front.values.get(k) for k in ("date", "published") if isinstance(front.values.get(k), str)), "")
    try:
        return instant(_dates.iso(str(stated).strip()), ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return published


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


def is_dated(page: Page) -> bool:
    """Does the page say when it was published, in its front matter or in its name?"""
    stated = (page.front.values.get(key) for key in _pages.DATES)
    return bool(_pages.dated(page.path)) or any(
        isinstance(value, (str, int)) and value not in ("", True, False) for value in stated
    )
