"""What a Hugo page says of itself, and where Hugo puts it (https://gohugo.io/content-management/front-matter/)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from feeds.model import Dates, SourceOptions
from feeds.reading import front as front_matter
from feeds.reading.front import Front
from feeds.sources import _dates, _document, _hugo_content, _hugo_paths, _pages, _urls, _walk
from feeds.sources._hugo_config import Config, Language, lowered
from feeds.sources._hugo_content import Cascade, Entry
from feeds.text import instant

# Where a group keeps its posts: a page without a date is a fault there, elsewhere it is no post.
_POSTS = frozenset("post posts blog news publication publications paper papers talk talks event events".split())
_HOME_PARTS = frozenset({"widget_page", "landing"})


class Site(Struct, frozen=True, kw_only=True):
    """What every page of the site may need."""

    config: Config
    url: str  # without a final slash
    pages: dict[str, Entry]
    cascades: tuple[Cascade, ...]
    sections: Mapping[tuple[str, str], tuple[str, str]]  # (language, folder) of those with an _index → slug, title
    targets: dict[str, tuple[str, ...]]  # what a reference may name, in lower case → pages
    static: tuple[str, ...]
    attached: dict[str, str]  # name of a file below static → its path there, "" when there are several


class Page(Struct, frozen=True, kw_only=True):
    """A page with what its sections hand down to it."""

    entry: Entry
    front: Front  # values and lines under the keys as written
    low: Mapping[str, Any]  # the values under keys in lower case
    language: Language
    zone: str
    dates: Mapping[str, datetime]  # Hugo's own: date, publishdate, lastmod, expirydate
    wrong: tuple[tuple[str, str], ...] = ()  # (key, value) of what should be a date and is none
    path: str = ""  # of its address below the site's


def parsed(root: Path, path: str) -> tuple[bytes, Front]:
    """A file's bytes, and the page taken apart."""
    try:
        data = _walk.content(root / path)
    except OSError as error:
        problem = _pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions")
        return b"", Front(problems=(problem,))
    return data, front_matter.parse(data, path)


def describe(site: Site, entry: Entry, front: Front, history: Dates | None, options: SourceOptions) -> Page:
    """The page that the front matter of a file makes."""
    language = site.config.languages.get(entry.lang) or site.config.languages[site.config.default]
    zone = options.timezone or language.zone
    front = _with_defaults(front, _hugo_content.handed_down(entry.logical, entry.lang, site.cascades))
    low = {key.lower(): value for key, value in front.values.items()}
    wrong: list[tuple[str, str]] = []
    dates: dict[str, datetime] = {}
    for name, chain in site.config.chains.items():
        found = _date(chain, low, entry, zone, history, wrong)
        if found:
            dates[name] = found
    page = Page(
        entry=entry, front=front, low=low, language=language, zone=zone, dates=dates, wrong=tuple(dict.fromkeys(wrong))
    )
    return structs.replace(page, path=_address(site, page))


def _with_defaults(front: Front, given: dict[str, Any]) -> Front:
    """The front matter with what stands under `params`, and what is handed down, below its own keys."""
    own = front.values
    params = next((v for k, v in own.items() if k.lower() == "params" and isinstance(v, dict)), {})
    handed = given.pop("params", None)
    below = {**(handed if isinstance(handed, dict) else {}), **given, **params}
    said = {key.lower() for key in own}
    values = {**{k: v for k, v in below.items() if str(k).lower() not in said}, **own}
    return structs.replace(
        front, values=values, lines={**{k.lower(): n for k, n in front.lines.items()}, **front.lines}
    )


def _address(site: Site, page: Page) -> str:
    entry = page.entry
    slug = _said(page.low.get("slug"))
    if not slug and _dated_by_name(site.config, entry):
        slug = _slug_of_name(entry.name)
    sections = _hugo_content.section_of(entry, site.sections)
    folders = ["/".join(sections[: n + 1]) for n in range(len(sections))]
    said = [site.sections.get((entry.lang, folder), ("", "")) for folder in folders]
    stated = _hugo_paths.Page(
        path=entry.logical,
        folder=folder_of(site, entry.lang, posixpath.dirname(entry.logical)),
        name=entry.name,
        sections=sections,
        section_names=tuple(slug or title or name for (slug, title), name in zip(said, sections, strict=True)),
        is_bundle=entry.is_bundle,
        title=_said(page.low.get("title")),
        slug=slug,
        url=_said(page.low.get("url")),
        date=page.dates.get("date"),
        prefix=page.language.prefix,
    )
    return _hugo_paths.address(stated, page.language.rules)


def folder_of(site: Site, lang: str, folder: str) -> str:
    """A folder as it stands in addresses: each section in it by its slug, when it has one."""
    language = site.config.languages[lang]
    parts = [part for part in folder.split("/") if part]
    slugs = [site.sections.get((lang, "/".join(parts[: n + 1])), ("", ""))[0] for n in range(len(parts))]
    names = parts if language.rules.cased else [_hugo_paths.normal(part) for part in parts]
    return "/".join(slug or name for slug, name in zip(slugs, names, strict=True))


def _said(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


# ------------------------------------------------------------------------------------------------------ dates


def _date(
    chain: tuple[str, ...],
    low: Mapping[str, Any],
    entry: Entry,
    zone: str,
    history: Dates | None,
    wrong: list[tuple[str, str]],
) -> datetime | None:
    """The first of the chain that says when; the file's own time stamp (:fileModTime) never counts."""
    for key in chain:
        if key == ":filename" and (found := of_name(entry.name, zone)):
            return found
        if key == ":git" and history:
            return history.modified
        value = low.get(key)
        if not isinstance(value, (str, int)) or isinstance(value, bool) or value == "":
            continue
        try:
            return moment(value, zone)
        except (ValueError, OverflowError):
            wrong.append((key, str(value)))
    return None


def moment(value: str | int, zone: str) -> datetime:
    """A date of front matter; without a zone it is in the site's.  Raises ValueError."""
    return instant(_dates.iso(str(value).strip()), ZoneInfo(zone))


def of_name(name: str, zone: str) -> datetime | None:
    """The date that a name begins with, written 2024-03-01."""
    try:
        return instant(name[:10], ZoneInfo(zone)) if len(name) >= 10 and name[4] == name[7] == "-" else None
    except (ValueError, OverflowError):
        return None


def _dated_by_name(config: Config, entry: Entry) -> bool:
    """Does Hugo take the page's date, and with it the slug, from the file's name?"""
    chains = config.chains.values()
    return any(":filename" in chain for chain in chains) and of_name(entry.name, "UTC") is not None


def _slug_of_name(name: str) -> str:
    return name[10:].strip(" -_")


# ------------------------------------------------------------------------------------------------------ published?


def withheld(site: Site, page: Page, options: SourceOptions) -> str:
    """Why the page is deliberately no post; "" when it is one."""
    low, values = page.low, site.config.values
    if page.language.disabled:
        return f"language {page.language.key} is disabled"
    if "page" in _lowered_list(values.get("disablekinds")):
        return "disableKinds: page"
    if is_true(low.get("draft")) and not (options.drafts or values.get("builddrafts") is True):
        return "draft"
    if low.get("published") is False and not options.unpublished:
        return "published: false"
    if low.get("headless") is True:
        return "headless"
    if low.get("private") is True:
        return "private: true"
    if render := _build(low, "render"):
        return f"build: render: {render}"
    if low.get("widget") or str(low.get("type") or "").lower() in _HOME_PARTS:
        return "a part of the home page"
    if page.entry.logical.partition("/")[0].lower() == "slides" and isinstance(low.get("slides"), dict):
        return "slides, shown by the page of their talk"
    return ""


def is_post(page: Page) -> bool:
    """Is it meant for a list of posts or works, as far as its place and its front matter say?"""
    return page.entry.logical.partition("/")[0].lower() in _POSTS or _pages.is_work(page.front.values)


def is_unlisted(low: Mapping[str, Any]) -> bool:
    """Does Hugo leave the page out of its lists and feeds?"""
    return bool(_build(low, "list"))


def _build(low: Mapping[str, Any], key: str) -> str:
    """What `build` says of rendering or listing, when that is anything but yes."""
    build = low.get("build", low.get("_build"))
    value = lowered(build).get(key, True) if isinstance(build, dict) else True
    said = str(value).lower()
    return "" if said in {"true", "always"} else "never" if said == "false" else said


def is_true(value: Any) -> bool:
    """A yes, written as such or as text."""
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "1", "t"})


def _lowered_list(value: Any) -> list[str]:
    return [str(v).lower() for v in value] if isinstance(value, list) else []


# ------------------------------------------------------------------------------------------------------ aliases


def redirects(page: Page, base: str) -> Iterator[str]:
    """The addresses that the page had before, as Hugo resolves its aliases."""
    prefix = f"/{page.language.prefix}" if page.language.prefix else ""
    above = posixpath.dirname(page.path.rstrip("/"))
    for alias in _document.strings(page.low.get("aliases")):
        if alias.startswith(("http:", "https:")):
            continue
        place = prefix + alias if alias.startswith("/") else posixpath.join(above, alias)
        place = posixpath.normpath(f"/{place.lstrip('/')}")
        is_file = place.endswith((".html", ".htm"))
        yield base + _hugo_paths.escape(place if is_file or place == "/" else f"{place}/")


def title(page: Page, body: str) -> str:
    """What the front matter says, else the first heading, else the file's name."""
    named = _urls.titleize(_pages.slug(f"{page.entry.name}.md"))
    return _said(page.low.get("title")) or _pages.heading(body) or named
