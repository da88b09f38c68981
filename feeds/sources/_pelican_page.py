"""One article or page of a Pelican site: its address, date, category and tags.  Private to sources.

https://docs.getpelican.com/en/latest/settings.html#url-settings
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from string import Formatter
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.sources import _free_dates, _pages, _patterns, _pelican_meta, _pelican_slug
from feeds.sources._pelican_meta import Page
from feeds.sources._pelican_settings import Settings
from feeds.text import squeeze

STATUSES = ("published", "hidden", "draft", "skip")
_DIRECTIVES = "aAbBcdfGHIjmMpSUuVwWxXyYzZ%"  # of strftime


class Wrong(Exception):
    """Pelican would not publish it either, or nobody can say where."""

    def __init__(self, message: str, hint: str, key: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.key = key


class Described(Struct, frozen=True, kw_only=True):
    """What Pelican makes of a file."""

    url: str  # below the site's
    save_as: str
    title: str
    slug: str
    status: str
    lang: str
    date: datetime | None
    category: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def describe(page: Page, path: str, where: str, settings: Settings, kind: str = "ARTICLE") -> Described:
    """What Pelican makes of the file at `path` below its content.  Raises Wrong."""
    try:
        values = {**_pelican_meta.inherited(path, settings), **_stated(page.front.values)}
        return _describe(values, page, path, where, settings, kind)
    except _patterns.Unsafe as error:
        hint = "simplify the pattern in pelicanconf.py, or set `url:` of the source in config.yaml"
        raise Wrong(f"a pattern of the settings is not run: {error}", hint) from error


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    """A file's metadata without those that Pelican ignores because they are empty."""
    return {k: v for k, v in values.items() if k not in _pelican_meta.SINGLE or str(v or "").strip()}


def _describe(values: dict[str, Any], page: Page, path: str, where: str, settings: Settings, kind: str) -> Described:
    title = page.title or str(values.get("title") or "")
    if not squeeze(title):
        raise Wrong("no title: Pelican leaves it out", "add `Title: …` above the text, or exclude it")
    status = str(values.get("status") or "published").strip().lower()
    if status not in STATUSES:
        raise Wrong(f"unknown status {status[:40]!r}", f"write one of {', '.join(STATUSES)}", "status")
    slug, problems = _slug(values, title, path, where, settings)
    authors = tuple(members(values.get("authors"))) or tuple(members(values.get("author"), whole=True))
    named = (
        tuple(members(values.get("author"), whole=True)) or authors or tuple(filter(None, [settings.text("AUTHOR")]))
    )
    date = _date(values, settings)
    if date is None and kind == "ARTICLE" and status != "draft" and settings.of("DEFAULT_DATE") != "fs":
        raise Wrong("no date: Pelican leaves it out", "add `Date: 2024-03-01` above the text, or exclude it")
    lang = str(values.get("lang") or settings.text("DEFAULT_LANG").lower())
    fields = {
        **{k: v for k, v in values.items() if isinstance(v, (str, int))},
        "path": str(values.get("path") or path),
        "slug": slug,
        "lang": lang,
        "date": date,
        "author": wrapper_slug(named[0], "AUTHOR", settings) if named else "",
        "category": wrapper_slug(str(values.get("category") or ""), "CATEGORY", settings),
    }
    prefix = "DRAFT" if status == "draft" and kind == "ARTICLE" else kind
    prefix += "" if lang == settings.text("DEFAULT_LANG").lower() else "_LANG"
    stated_url, stated_save = values.get("url"), values.get("save_as")
    url = str(stated_url) if stated_url is not None else filled(settings.text(f"{prefix}_URL"), fields)
    save_as = str(stated_save) if stated_save is not None else filled(settings.text(f"{prefix}_SAVE_AS"), fields)
    return Described(
        url=url,
        save_as=save_as,
        title=title,
        slug=slug,
        status=status,
        lang=lang,
        date=date,
        category=squeeze(str(values.get("category") or "")),
        authors=authors,
        tags=tuple(members(values.get("tags"))),
        values=values,
        problems=tuple(problems),
    )


def _slug(values: dict[str, Any], title: str, path: str, where: str, settings: Settings) -> tuple[str, list[Problem]]:
    if values.get("slug") is not None:
        return str(values["slug"]).strip(), []
    if settings.of("SLUGIFY_SOURCE") == "basename":
        title = posixpath.splitext(posixpath.basename(path))[0]
    slug = _slugify(title, settings.of("SLUG_REGEX_SUBSTITUTIONS"), settings)
    if settings.of("SLUGIFY_USE_UNICODE") or _pelican_slug.is_sure(title):
        return slug, []
    message = f"the slug may be another than {slug!r}: letters that Pelican spells in its own way"
    return slug, [_pages.odd(where, message, "add `Slug: …` above the text")]


def wrapper_slug(name: str, kind: str, settings: Settings) -> str:
    """The slug of a category, a tag or an author."""
    own = settings.of(f"{kind}_REGEX_SUBSTITUTIONS")
    return _slugify(squeeze(name), own if own is not None else settings.of("SLUG_REGEX_SUBSTITUTIONS"), settings)


def _slugify(value: str, substitutions: Iterable[tuple[str, str]], settings: Settings) -> str:
    return _pelican_slug.slugify(
        value,
        substitutions,
        preserve_case=bool(settings.of("SLUGIFY_PRESERVE_CASE")),
        use_unicode=bool(settings.of("SLUGIFY_USE_UNICODE")),
    )


def members(value: Any, *, whole: bool = False) -> list[str]:
    """Tags or authors: a list as it is, else what is between semicolons, or between commas; each once."""
    if value in (None, ""):
        return []
    if isinstance(value, (list, tuple)):
        parts = [str(v) for v in value if isinstance(v, (str, int, float))]
    elif whole:
        parts = [str(value)]
    else:
        parts = str(value).split(";" if ";" in str(value) else ",")
    return list(dict.fromkeys(squeeze(p) for p in parts if p.strip()))


def _date(values: dict[str, Any], settings: Settings) -> datetime | None:
    """The date as Pelican reads it; None when there is none.  Raises Wrong when it is none."""
    written = str(values.get("date") or "").replace("_", " ")
    zone = str(values.get("timezone") or settings.text("TIMEZONE"))
    try:
        return _free_dates.moment(re.sub(" +", " ", written), zone) if written.strip() else None
    except (ValueError, KeyError, OSError) as error:
        hint = "write it as 2024-03-01 or 2024-03-01 12:00"
        raise Wrong(f"{written[:60]!r} is not a date", hint, "date") from error


# ------------------------------------------------------------------------------------------------------ templates


def filled(template: str, fields: dict[str, Any]) -> str:
    """An address such as "{date:%Y}/{slug}/" with its fields filled in; no attribute or index of them is reached."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise Wrong(f"{template[:60]!r} is no address: {error}", "correct it in pelicanconf.py") from error
    return "".join(lit + _field(name, form or "", conv or "", fields, template) for lit, name, form, conv in parts)


def _field(name: str | None, form: str, conversion: str, fields: dict[str, Any], template: str) -> str:
    if name is None:
        return ""
    base, _, part = name.partition(".")
    value = fields.get(base)
    if isinstance(value, datetime) and not conversion and part in {"", "year", "month", "day", "hour", "minute"}:
        return str(getattr(value, part)) if part else strftime(value, form) if form else str(value)
    if base == "date" and value is None and not part:
        raise Wrong("no date, which its address has", "add `Date: 2024-03-01` above the text", "date")
    if not isinstance(value, (str, int)) or (part and part != "slug") or form or conversion:
        hint = "set `url:` of the source in config.yaml"
        raise Wrong(f"what {{{name[:40]}}} in {template[:60]!r} stands for is not known", hint)
    return str(value)


def strftime(date: datetime, form: str) -> str:
    """The parts of a date in English, as Pelican writes them: "%-d" is without a zero in front."""

    def part(found: re.Match[str]) -> str:
        code = found.group()
        if code[-1] not in _DIRECTIVES:
            return code
        written = date.strftime(f"%{code[-1]}")
        return (written.lstrip("0") or "0") if len(code) == 3 else written

    return re.sub(r"%-?.", part, form)


def dated(front_values: dict[str, Any], described: Described, settings: Settings) -> dict[str, Any]:
    """Front matter with dates in ISO 8601; what is no date stays."""
    values = dict(front_values)
    if described.date:
        values["date"] = described.date.isoformat()
    if values.get("modified"):
        with suppress(ValueError):
            values["modified"] = _free_dates.moment(str(values["modified"]), settings.text("TIMEZONE")).isoformat()
    return values
