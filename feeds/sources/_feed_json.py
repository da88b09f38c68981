"""JSON Feed → Feed (https://www.jsonfeed.org/version/1.1/).  Private to sources.

A value of another type than the specification asks for is left alone: numbers are taken for text where feeds have them.
"""

from __future__ import annotations

import html
from typing import Any

import msgspec

from feeds.model import Attachment
from feeds.sources import _feed_terms
from feeds.sources._feed_document import BadFeed, Entry, Feed
from feeds.sources._feed_people import details, once
from feeds.text import absolute, is_web, legal, media_type, squeeze

_LINKS = ("external_url",)


def parse(data: bytes, address: str) -> Feed:
    """Read a document.  Raises BadFeed when it is no JSON: it was cut off, as a rule."""
    try:
        stated = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFeed(f"the feed is no JSON, or cut off: {error}") from error
    if not isinstance(stated, dict) or not isinstance(stated.get("items", []), list):
        raise BadFeed("the feed has no list of items")
    base = _link(stated, "feed_url", address) or address or _link(stated, "home_page_url", "")
    return Feed(
        title=_text(stated, "title"),
        description=_text(stated, "description"),
        language=_text(stated, "language"),
        entries=tuple(_entry(item, stated, base) for item in stated.get("items", []) if isinstance(item, dict)),
    )


def _entry(item: dict[str, Any], feed: dict[str, Any], base: str) -> Entry:
    ident = _text(item, "id")
    url = _link(item, "url", base) or (ident if is_web(ident) else "")
    return Entry(
        id=ident,
        url=url,
        title=_text(item, "title"),
        published=tuple(d for d in (_text(item, "date_published"), _text(item, "date_modified")) if d),
        updated=_text(item, "date_modified"),
        authors=_people(item) or _people(feed),
        tags=tuple(legal(squeeze(t)) for t in _list(item, "tags") if isinstance(t, str) and t.strip()),
        summary=as_html(str(item.get("summary") or "")),
        html=str(item.get("content_html") or "") or as_html(str(item.get("content_text") or "")),
        base=url or base,
        lang=_text(item, "language") or _text(feed, "language"),
        image=_link(item, "image", base) or _link(item, "banner_image", base),
        attachments=tuple(a for a in (_attachment(one, base) for one in _list(item, "attachments")) if a),
        front={**_front(item), **_links(item, base)},
    )


def _front(item: dict[str, Any]) -> dict[str, Any]:
    """What the extensions of an item say of a work: `"_lab": {"doi": "10.…", "journal": "…"}`."""
    said: dict[str, Any] = {}
    for key, value in item.items():
        if key.startswith("_") and isinstance(value, dict):
            found = _feed_terms.of_extension(value)
            said |= {**found, legal(key): _legal(value)} if found else {}
    return said


def _legal(value: Any) -> Any:
    """A JSON value whose text is fit for XML."""
    match value:
        case str():
            return legal(value)
        case list():
            return [_legal(one) for one in value]
        case dict():
            return {legal(key): _legal(one) for key, one in value.items()}
        case _:
            return value


def _links(item: dict[str, Any], base: str) -> dict[str, str]:
    return {key: link for key in _LINKS if (link := _link(item, key, base))}


def _people(value: dict[str, Any]) -> tuple[dict[str, str], ...]:
    stated = [one for one in [*_list(value, "authors"), value.get("author")] if isinstance(one, dict)]
    found = (details(_text(one, "name"), _text(one, "url")) for one in stated)
    return once(found)


def _attachment(value: Any, base: str) -> Attachment | None:
    url = _link(value, "url", base) if isinstance(value, dict) else ""
    kind = (_text(value, "mime_type") or media_type(url)) if url else ""
    size = value.get("size_in_bytes") if url else None
    return Attachment(url=url, media_type=kind, size=size if type(size) is int and size > 0 else None) if kind else None


def as_html(text: str) -> str:
    """Plain text as paragraphs of HTML, its line breaks kept."""
    blocks = [b.strip() for b in text.replace("\r\n", "\n").split("\n\n")]
    return "\n".join("<p>" + html.escape(b, quote=False).replace("\n", "<br>\n") + "</p>" for b in blocks if b)


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return squeeze(legal(str(found))) if isinstance(found, (str, int, float)) and not isinstance(found, bool) else ""


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _link(value: dict[str, Any], key: str, base: str) -> str:
    stated = value.get(key)
    found = absolute(stated, base) if isinstance(stated, str) and stated.strip() else ""
    return found if is_web(found) else ""
