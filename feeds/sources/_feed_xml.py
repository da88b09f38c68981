"""Atom and RSS → Feed, by feedparser.  Private to sources.

What feedparser gets wrong is taken from the document itself when that is well-formed: ids (it resolves them against
the base), repeated terms (it keeps the last), authors with an e-mail address (it tears long domains apart), and what
a feed took back (it does not know).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from feeds.model import Attachment
from feeds.reading import clean
from feeds.sources import _feed_people, _feed_repair, _feed_terms
from feeds.sources._feed_document import BadFeed, Entry, Feed, decoded
from feeds.sources._feed_json import as_html
from feeds.sources._feed_terms import Terms
from feeds.text import absolute, is_web, legal, media_type, plain, squeeze

_END = re.compile(r"</(?:[\w.-]{1,30}:)?(?:rss|feed|RDF)\s{0,20}>", re.IGNORECASE)
_BROKEN_LIMIT = 2_000_000  # bytes of a document that is not well-formed: the lenient parser is slow
_MOST_READ = 20_000  # entries, and parts of one entry, that feedparser may be given: it takes the square of the time
_MOST_PARTS = 2_000


class _About(Struct, frozen=True, kw_only=True):
    """What a feed says for all of its entries."""

    base: str
    language: str
    authors: tuple[dict[str, str], ...]
    is_atom: bool


def parse(data: bytes, address: str) -> Feed:
    """Read a document.  Raises BadFeed when it was cut off, or is beyond repair."""
    data = _feed_repair.as_utf8(data)
    terms = _feed_terms.of_document(data)
    is_whole = terms is not None
    if terms is None:
        _check_broken(data)
        data = _feed_repair.mended(data)
        terms = _feed_terms.of_document(data)
    if terms and (len(terms.entries) > _MOST_READ or max(map(_size, terms.entries), default=0) > _MOST_PARTS):
        raise BadFeed("the feed has far too many entries, or entries of far too many parts")
    parsed = _parsed(data, address)
    channel, found = parsed["feed"], parsed["entries"]
    is_atom = str(parsed.get("version") or "").startswith("atom")
    about = _About(
        base=address or _self(channel) or _absolute(channel.get("link"), ""),
        language=str(channel.get("language") or ""),
        authors=_channel_authors(is_atom, channel, terms.channel if terms else {}),
        is_atom=is_atom,
    )
    is_exact = terms is not None and len(terms.entries) == len(found)
    said = terms.entries if terms and is_exact else [_feed_terms.of_parsed(entry) for entry in found]
    wrong = [] if is_whole else ["the feed is no well-formed XML: read as well as can be"]
    wrong += [f"{len(found)} of {len(terms.entries)} entries can be read"] if terms and not is_exact else []
    return Feed(
        title=_plain(channel, "title", is_atom),
        description=_plain(channel, "subtitle", is_atom),
        language=about.language,
        entries=tuple(_entry(entry, its_terms, about) for entry, its_terms in zip(found, said, strict=True)),
        deleted=terms.deleted if terms else {},
        problems=tuple(wrong),
    )


def _size(terms: Terms) -> int:
    return sum(map(len, terms.values()))


def _check_broken(data: bytes) -> None:
    """Raise BadFeed for a document that is not well-formed when it was cut off or would take too long to mend."""
    text = decoded(data)
    if not _END.search(text[-2000:]):
        raise BadFeed("the feed is cut off: its end is missing")
    if len(data) > _BROKEN_LIMIT:
        raise BadFeed("the feed is no well-formed XML, and too large to be mended")


def _parsed(data: bytes, address: str) -> Mapping[str, Any]:
    """What feedparser makes of the bytes.  It is handed a stream, so that it opens no file or address."""
    import feedparser

    headers = {"content-location": address} if address else {}
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # its lenient parser has an error for each way in which markup can be torn
        raise BadFeed(f"the feed cannot be read: {type(error).__name__}") from error
    return parsed


def _entry(entry: Mapping[str, Any], terms: Terms, about: _About) -> Entry:
    body, summary = _body(entry), _value(entry.get("summary_detail"))
    detail = _first_detail(entry)
    base = _absolute(detail.get("base"), about.base) or about.base
    links = list(_links(entry, base))
    return Entry(
        id=_id(entry, terms),
        url=_alternate(entry, links, base, about.is_atom),
        title=_plain(entry, "title", about.is_atom),
        published=tuple(dict.fromkeys(_dates(entry, terms))),
        updated=_date(entry, "updated"),
        authors=_authors(entry, terms, about.is_atom) or about.authors,
        tags=_tags(entry),
        summary=summary if body else "",
        html=body or summary,
        base=base,
        lang=str(detail.get("language") or about.language),
        image=_image(entry, base),
        attachments=tuple(_attachments(entry, links, base)),
        front=_front(terms, links),
    )


# ------------------------------------------------------------------------------------------------- who and when


def _id(entry: Mapping[str, Any], terms: Terms) -> str:
    stated = terms.get("id") or terms.get("guid")
    return squeeze(legal(stated[0] if stated else str(entry.get("id") or "")))


def _authors(entry: Mapping[str, Any], terms: Terms, is_atom: bool) -> tuple[dict[str, str], ...]:
    """Dublin Core's creators, else the authors; of an entry that was taken from elsewhere those of its source."""
    texts = terms.get("dc:creator") or ([] if is_atom else terms.get("author", []))
    if texts:
        return _feed_people.once(_feed_people.of_text(t) for t in texts)
    source = entry.get("source")
    of_source = source.get("authors") if isinstance(source, Mapping) else None
    return _feed_people.of_parsed(entry.get("authors")) or _feed_people.of_parsed(of_source)


def _channel_authors(is_atom: bool, channel: Mapping[str, Any], terms: Terms) -> tuple[dict[str, str], ...]:
    """Who wrote the entries that name nobody.  RSS's managing editor is not that."""
    if creators := terms.get("dc:creator"):
        return _feed_people.once(_feed_people.of_text(t) for t in creators)
    return _feed_people.of_parsed(channel.get("authors")) if is_atom else ()


def _dates(entry: Mapping[str, Any], terms: Terms) -> Iterator[str]:
    """Every date that may be that of publication; feedparser files Dublin Core's under `updated`."""
    yield from (d for key in ("published", "created", "updated") if (d := _date(entry, key)))
    for name in ("prism:publicationdate", "prism:coverdate", "dc:date"):
        yield from terms.get(name, ())


def _date(entry: Mapping[str, Any], key: str) -> str:
    # Not entry.get: feedparser answers with another date, and a warning, when there is none.
    return squeeze(str(dict.get(entry, key) or "")) if isinstance(entry, dict) else ""


# ------------------------------------------------------------------------------------------------- what


def _plain(entry: Mapping[str, Any], key: str, is_atom: bool) -> str:
    """A title or the like as plain text; RSS does not say whether it is HTML, but end tags do."""
    detail = entry.get(f"{key}_detail")
    text = str(entry.get(key) or "")
    is_html = isinstance(detail, Mapping) and (detail.get("type") != "text/plain" or (not is_atom and "</" in text))
    return plain(clean.clean(text, "https://example.org/")) if is_html else squeeze(legal(text))


def _value(detail: Any) -> str:
    """A text construct as HTML."""
    if not isinstance(detail, Mapping):
        return ""
    kind, value = str(detail.get("type") or ""), str(detail.get("value") or "")
    if kind == "text/plain":
        return as_html(value)
    return value if kind in {"text/html", "application/xhtml+xml"} else ""


def _body(entry: Mapping[str, Any]) -> str:
    return max((_value(content) for content in entry.get("content") or ()), key=len, default="")


def _first_detail(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The text construct that says the language and the base of what an entry holds."""
    stated = [*(entry.get("content") or ()), entry.get("summary_detail"), entry.get("title_detail")]
    return next((d for d in stated if isinstance(d, Mapping)), {})


def _tags(entry: Mapping[str, Any]) -> tuple[str, ...]:
    words = (squeeze(legal(str(t.get("label") or t.get("term") or ""))) for t in entry.get("tags") or ())
    return tuple(dict.fromkeys(w for w in words if w))


def _front(terms: Terms, links: list[dict[str, str]]) -> dict[str, Any]:
    said = _feed_terms.front(terms)
    if not said:
        return {}
    pdf = next((link["href"] for link in links if link["type"] == "application/pdf"), "")
    license_ = next((link["href"] for link in links if link["rel"] == "license"), "")
    return {**{k: v for k, v in {"pdf": pdf, "license": license_}.items() if v}, **said}


# ------------------------------------------------------------------------------------------------- where


def _links(entry: Mapping[str, Any], base: str) -> Iterator[dict[str, str]]:
    for link in entry.get("links") or ():
        href = _absolute(link.get("href"), base)
        if href:
            yield {
                "href": href,
                "rel": str(link.get("rel") or "alternate"),
                "type": str(link.get("type") or ""),
                "length": str(link.get("length") or ""),
            }


def _alternate(entry: Mapping[str, Any], links: list[dict[str, str]], base: str, is_atom: bool) -> str:
    """The entry's page: its alternate link, a web page first; in RSS also an id that is said to be an address."""
    pages = [link for link in links if link["rel"] == "alternate"]
    pages.sort(key=lambda link: link["type"] not in {"text/html", "application/xhtml+xml", ""})
    if pages:
        return pages[0]["href"]
    return "" if is_atom else _absolute(entry.get("link"), base)  # of Atom, feedparser takes any id for an address


def _self(channel: Mapping[str, Any]) -> str:
    links = channel.get("links") or ()
    return next((u for k in links if k.get("rel") == "self" and (u := _absolute(k.get("href"), ""))), "")


def _attachments(entry: Mapping[str, Any], links: list[dict[str, str]], base: str) -> Iterator[Attachment]:
    media = ({"href": _absolute(m.get("url"), base), **m} for m in entry.get("media_content") or ())
    stated = [
        *((k["href"], k["type"], k["length"]) for k in links if k["rel"] == "enclosure"),
        *((str(m["href"]), str(m.get("type") or ""), str(m.get("filesize") or "")) for m in media if not _is_image(m)),
    ]
    for href, stated_kind, size in {href: (href, kind, size) for href, kind, size in stated if href}.values():
        kind = stated_kind or media_type(href)
        if kind:
            yield Attachment(url=href, media_type=legal(kind), size=int(size) if _is_size(size) else None)


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) < 16 and int(text) > 0


def _is_image(media: Mapping[str, Any]) -> bool:
    return media.get("medium") == "image" or str(media.get("type") or "").startswith("image/")


def _image(entry: Mapping[str, Any], base: str) -> str:
    pictures = [m.get("url") for m in entry.get("media_content") or () if _is_image(m)]
    thumbnails = [m.get("url") for m in entry.get("media_thumbnail") or ()]
    own = entry.get("image")
    stated = [own.get("href") if isinstance(own, Mapping) else None, *pictures, *thumbnails]
    return next((u for s in stated if (u := _absolute(s, base))), "")


def _absolute(reference: Any, base: str) -> str:
    found = absolute(reference, base) if isinstance(reference, str) and reference.strip() else ""
    return found if is_web(found) else ""
