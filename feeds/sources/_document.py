"""Front matter and body → Post: what every site convention has in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from feeds.model import Attachment, Dates, Person, Post, Problem
from feeds.reading import body as markdown
from feeds.reading import clean, excerpt
from feeds.reading.front import Front
from feeds.sources import _dates, _drawings, _people
from feeds.sources._languages import language as language
from feeds.text import absolute, clip, iri_to_uri, is_web, legal, media_type, plain, squeeze

MODIFIED = ("last_modified_at", "modified", "updated", "lastmod", "last_modified")
EXPIRES = ("expiryDate", "expires", "expirydate", "expiry_date")
REDIRECTS = ("redirect_from", "aliases")
TRANSLATION = ("translationKey", "translationkey", "translation_id", "page_id", "lang-ref", "lang_ref", "ref")
SUMMARY = ("description", "summary", "excerpt")
_FILE = re.compile(
    r"[^/\\<>\"?#\n]{1,250}\.(?:pdf|pptx?|odp|key|zip|docx?|xlsx?|csv|tsv|tar\.gz|tgz|epub|ps)", re.IGNORECASE
)
_HREF = re.compile(r"""href\s{0,5}=\s{0,5}["']?([^"'<>\s]{1,300})""", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_][^\r\n<>&*_`~$|#\\{}\[\]]*")  # which Markdown leaves as they are
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\](?!:)")


class Place(Struct, frozen=True, kw_only=True):
    """Where a post stands: what its file cannot say of itself."""

    source: str
    path: str  # below the source's folder
    url: str  # permalink, absolute
    base: str  # of the site: absolute, without a final slash
    zone: str  # IANA
    lang: str = ""
    translation: str = ""  # what the site's generator knows the translations of a text by
    people: tuple[Person, ...] = ()
    history: Dates | None = None  # of the file, where its repository tells
    group: str = ""
    separator: str = ""  # of the excerpt
    is_html: bool = False
    find_file: Callable[[str], str] = lambda _name: ""  # file name in the front matter → absolute URL, or ""
    naive_is_local: Callable[[int], bool] = lambda _line: False  # is the date on this line of the file text, to YAML?


class Text(Struct, frozen=True):
    """A body ready for Markdown, and the line of the file that each of its lines came from."""

    body: str
    lines: tuple[int, ...]


def post_of(
    place: Place,
    front: Front,
    text: Text,
    *,
    published: datetime,
    title: str,
    categories: tuple[str, ...],
    tags: tuple[str, ...],
    not_before: datetime | None = None,
) -> tuple[Post, list[Problem]]:
    """The post, and what should be mended in it.  `front.values` may have defaults of the site below its own."""
    values = front.values
    problems: list[Problem] = []
    if place.is_html:
        prose = written = text.body
    else:
        prose = markdown.take_out_attribute_lists(text.body)
        written = markdown.to_html(prose)
    html = clean.clean(written, place.url)
    problems += _drawings.lost(written, prose, text.lines, place.path)
    authors, unknown = _people.posters(first(values, ("authors", "author")), place.people, at(place, front, "author"))
    problems += unknown
    post = Post(
        source=place.source,
        path=legal(place.path),
        url=place.url,
        title=title_text(title),
        published=published,
        id=squeeze(str(first(values, ("id", "guid")) or "")),
        modified=_date(place, front, MODIFIED, problems),
        expires=_date(place, front, EXPIRES, problems),
        not_before=not_before,
        summary=_summary(place, values, prose, html),
        html=html,
        lang=language(first(values, ("lang", "language", "locale"))) or place.lang,
        authors=authors,
        categories=categories,
        tags=tags,
        group=place.group,
        image=_image(values.get("image"), place.base),
        translation=next(iter(strings(first(values, TRANSLATION))), "") or place.translation,
        attachments=tuple(_enclosures(values.get("enclosure"), place.base)),
        redirects=tuple(site_url(r, place.base) for r in strings(first(values, REDIRECTS))),
        in_feeds=values.get("feed") is not False and values.get("hidden") is not True,
        in_sitemap=values.get("sitemap") is not False and values.get("hidden") is not True,
        front=values,
        front_lines=front.lines,
        files=dict(_files(values, place.find_file)),
        body=prose,
        body_lines=text.lines,
    )
    return post, problems


# ------------------------------------------------------------------------------------------------------ values


def first(values: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """The first of the keys' values that says something."""
    return next((values[k] for k in keys if values.get(k) not in (None, "", [], {})), None)


def strings(value: Any) -> list[str]:
    """A string, a number or a list of them as a list of strings on one line each."""
    members = value if isinstance(value, list) else [value]
    return [squeeze(legal(str(m))) for m in members if isinstance(m, (str, int, float)) and str(m).strip()]


def at(place: Place, front: Front, *keys: str) -> str:
    """file:line of the first of the keys that is there (`author` also finds `authors`), else the file."""
    line = next((front.lines[k] for key in keys for k in (key, f"{key}s") if k in front.lines), 0)
    return f"{place.path}:{line}" if line else place.path


def is_quoted(data: bytes, line: int) -> bool:
    """Is the value on this line of the file (from 1) written in quotes?"""
    lines = data.split(b"\n", line)
    value = lines[line - 1].partition(b":")[2].strip() if 0 < line <= len(lines) else b""
    return value[:1] in {b"'", b'"'}


def title_text(title: str) -> str:
    """A title as plain text on one line: Markdown and HTML in it resolved, anything that is neither left alone."""
    flat = squeeze(legal(title))
    if not any(c in flat for c in "<&*_`[\\$"):
        return flat
    return plain(clean.clean(markdown.to_html(_no_block(flat)), "https://example.org/")) or flat


def _no_block(title: str) -> str:
    """`title` so that Markdown takes it for a paragraph: "2019. A year" is no list, "# 1" no heading."""
    return re.sub(r"^(\d{1,9})([.)])(?=\s)|^([#>+*-])(?=\s|$)", lambda m: f"{m[1] or ''}\\{m[2] or m[3]}", title)


def site_url(reference: str, base: str) -> str:
    """A reference in front matter as an absolute URL: "/a" and "a" alike are below the site's base."""
    reference = reference.strip()
    if is_web(reference) or not reference:
        return iri_to_uri(reference)
    if reference.startswith("//"):
        return absolute(reference, base)
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", reference):
        return ""
    return iri_to_uri(f"{base}/{reference.removeprefix('./').lstrip('/')}")


def _image(value: Any, base: str) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = first(value, ("path", "url", "src", "feature", "teaser", "thumbnail"))
    return site_url(value, base) if isinstance(value, str) else ""


def _enclosures(value: Any, base: str) -> Iterator[Attachment]:
    """Files that the front matter names as enclosures: a URL, or a mapping with url, type and length."""
    for one in value if isinstance(value, list) else [value]:
        details = one if isinstance(one, dict) else {"url": one}
        url = site_url(str(details.get("url") or ""), base)
        kind = str(details.get("type") or media_type(url))
        if url and kind:
            size = details.get("length")
            yield Attachment(url=url, media_type=kind, size=size if isinstance(size, int) and size > 0 else None)


def _summary(place: Place, values: Mapping[str, Any], prose: str, html: str) -> str:
    stated = first(values, SUMMARY)
    if isinstance(stated, str):
        if _WORDS.fullmatch(stated):
            return clip(squeeze(legal(stated)), excerpt.LIMIT)
        return excerpt.summary(clean.clean(markdown.to_html(stated), place.url))
    separator = values.get("excerpt_separator") or place.separator
    # Jekyll's own default, a blank line, would often leave no more than a heading.
    cut = excerpt.cut(prose, str(separator)) if separator and str(separator).strip() else None
    if cut is None or not cut.strip():
        return excerpt.summary(excerpt.first_paragraph(html))
    without_notes = _FOOTNOTE.sub("", cut)  # whose text may be behind the cut
    return excerpt.summary(clean.clean(cut if place.is_html else markdown.to_html(without_notes), place.url))


def _date(place: Place, front: Front, keys: tuple[str, ...], problems: list[Problem]) -> datetime | None:
    key = next((k for k in keys if front.values.get(k) not in (None, "")), None)
    if key is None:
        return None
    try:
        quoted = place.naive_is_local(front.lines.get(key, 0))
        return _dates.moment(front.values[key], place.zone, quoted=quoted)
    except (ValueError, OverflowError):
        message = f"{key}: {str(front.values[key])[:60]!r} is not a date"
        hint = "write it as 2024-03-01 or 2024-03-01 12:00:00 +0100"
        problems.append(
            Problem(stage="read", where=at(place, front, key), message=message, hint=hint, severity="warning")
        )
        return None


# ------------------------------------------------------------------------------------------------------ files


def _files(values: Any, find: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each file that a string of the front matter names, alone or as a link's target, with its URL if it has one."""
    for value in _strings_within(values):
        names = [value.strip()] if "<" not in value else _HREF.findall(value)
        for name in names:
            if "." in name and ":" not in name and _FILE.fullmatch(name.rpartition("/")[2]):
                url = find(name)
                if url:
                    yield name, url


def _strings_within(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _strings_within(inner)
        case list():
            for inner in value:
                yield from _strings_within(inner)
