"""One document of a Jekyll site as Jekyll sees it before it looks at the body: date, categories, address."""

from __future__ import annotations

import posixpath
import re
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, structs

from feeds.model import Dates, Problem
from feeds.reading.front import Front
from feeds.sources import _dates, _document, _jekyll_config, _jekyll_files, _urls
from feeds.sources._jekyll_config import Config
from feeds.text import fixed

# What of an address Jekyll would take from the clock, in a document without a date.
_NO_WORKS = frozenset({"teaching", "courses", "course"})  # academicpages gives them a venue, like papers
_DATE_IN = re.compile(r":(?:i_|short_|long_|y_|i_)?(?:year|month|day)|:(?:hour|minute|second|week|w_day|w_year)")


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


# For a document whose address does not need a date, where only the address is asked for.
ANY_DAY = Dates(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC))


class Skip(Exception):
    """There is no post: deliberately (`withheld`), or because something is wrong (`problem`)."""

    def __init__(self, withheld: str = "", problem: Problem | None = None) -> None:
        super().__init__(withheld)
        self.withheld = withheld
        self.problem = problem


def describe(
    config: Config,
    path: str,
    data: bytes,
    front: Front,
    *,
    drafts: bool,
    unpublished: bool = False,
    undated: frozenset[str] = frozenset(),
    history: Dates | None = None,
) -> Page:
    """What Jekyll knows of a document from its path and front matter; raises Skip when it is no post.

    Where others of its collection have dates, one without gets the day it was first committed.
    """
    kind = _jekyll_files.kind_of(path, config)
    if kind.label != "posts" and not front.has_front:
        raise Skip("no front matter: Jekyll copies the file")
    defaults = _jekyll_config.front_defaults(config, kind.relative, kind.label)
    values = _jekyll_config.merge(defaults, front.values)
    _check_published(config, kind, values, drafts, unpublished)
    name = posixpath.basename(path)
    dated = _jekyll_files.DATED.fullmatch(name)
    slug = (dated[2] if dated else _urls.split_ext(name)[0]).rstrip(".")
    if kind.label in undated and values.get("date") in (None, ""):
        raise Skip(f"no page of the collection {kind.label} has a date: no posts")
    first = history if kind.label != "posts" and not _DATE_IN.search(_template(config, kind, values)) else None
    date = _date(config, path, data, front, values, dated[1] if dated else "", first)
    merged = structs.replace(front, values=_with_kind(kind.label, values))
    categories = _categories(kind.categories, defaults, front.values, values)
    url = _url(config, kind, values, slug, date, categories, path)
    return Page(path, kind, merged, date, slug, categories, _plural(values, "tag", "tags"), url)


def _with_kind(label: str, values: dict[str, Any]) -> dict[str, Any]:
    """The front matter, saying that courses and reviews of others' books are no works, whatever venue they name."""
    no_work = label in _NO_WORKS or values.get("layout") == "book-review"
    return {**values, "item_type": "news"} if no_work and not values.get("item_type") else values


def _check_published(
    config: Config, kind: _jekyll_files.Kind, values: dict[str, Any], drafts: bool, unpublished: bool
) -> None:
    published = values.get("published", True)
    hidden = not published if kind.label == "posts" else published is False
    if published is None or published is False:
        if hidden and config.values.get("unpublished") is not True and not unpublished:
            raise Skip("published: false")
    elif values.get("draft") is True and not kind.draft and not drafts:
        raise Skip("draft")


def _date(
    config: Config,
    path: str,
    data: bytes,
    front: Front,
    values: dict[str, Any],
    in_name: str,
    history: Dates | None,
) -> datetime:
    """When the document was published: its front matter, else its file name, else its first commit."""
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
        raise Skip(problem=wrong(where, message, "write it as 2024-03-01 or 2024-03-01 12:00:00 +0100")) from None
    if history:
        return fixed(history.created)
    hint = "add `date: 2024-03-01` to its front matter, or exclude it"
    message = "no date in the front matter or the file name: left out"
    raise Skip("no date", Problem(stage="read", where=where, message=message, hint=hint, severity="warning"))


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
        output_ext=ending or (posixpath.splitext(path)[1] if is_html(path, config) else ".html"),
    )
    try:
        return _urls.url_path(_template(config, kind, values), document)
    except ValueError as error:
        hint = "see https://jekyllrb.com/docs/permalinks/ for those it knows"
        raise Skip(problem=wrong(path, str(error), hint)) from None


def _template(config: Config, kind: _jekyll_files.Kind, values: dict[str, Any]) -> str:
    """The permalink of a document: its own, else that of its collection."""
    own = values.get("permalink")
    return own if isinstance(own, str) else config.template(kind.label)


def is_html(path: str, config: Config) -> bool:
    """Is the document taken as HTML, as its ending is none of Markdown's?"""
    return posixpath.splitext(path)[1].lower() not in _jekyll_files.extensions(config)


def wrong(where: str, message: str, hint: str) -> Problem:
    """An error that leaves the document out."""
    return Problem(stage="read", where=where, message=message, hint=hint)
