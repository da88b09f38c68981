"""The XML of sitemaps: pages with their images and translations, news, and the index of several.  Private.

https://www.sitemaps.org/protocol.html · https://developers.google.com/search/docs/crawling-indexing/sitemaps
(image-sitemaps, news-sitemap, and localized versions by xhtml:link).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from io import BytesIO
from typing import Any

from msgspec import Struct

from feeds.text import legal, rfc3339

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

Namespaces = dict[str | None, str]  # prefix → namespace

_MAX_BYTES = 50_000_000  # the protocol allows 52,428,800
_URL_BYTES = 90  # of <url>, <loc>, <lastmod> and a date, never less than what is written
_MORE_BYTES = 90  # of an image, of a translation


class News(Struct, frozen=True):
    """What a news sitemap says of an article."""

    title: str
    published: datetime
    language: str  # ISO 639: "en", of Chinese "zh-cn" or "zh-tw"


class Url(Struct, frozen=True):
    """A page, a file, or a part of a sitemap; addresses are URIs."""

    loc: str
    changed: datetime | None = None  # None: nobody knows
    image: str = ""
    translations: tuple[tuple[str, str], ...] = ()  # (BCP 47, address) of the page in every language, its own included
    news: News | None = None


def parts(listed: Iterable[Url], size: int, room: int = _MAX_BYTES) -> Iterator[list[Url]]:
    """`listed` cut into runs of at most `size` URLs and `room` bytes of XML."""
    part: list[Url] = []
    used = 0
    for url in listed:
        cost = _cost(url)
        if part and (len(part) == size or used + cost > room):
            yield part
            part, used = [], 0
        part.append(url)
        used += cost
    if part:
        yield part


def _cost(url: Url) -> int:
    more = [url.image, *(address + lang for lang, address in url.translations)]
    return (
        len(escape(url.loc, quote=False))
        + _URL_BYTES
        + sum(len(escape(one, quote=False)) + _MORE_BYTES for one in more if one)
    )


def urlset(listed: Iterable[Url], publication: str = "") -> bytes:
    """<urlset> of <url>; `publication` is the name of the one that news are from."""
    listed = list(listed)
    used: Namespaces = {}
    if any(url.image for url in listed):
        used["image"] = _IMAGE
    if any(url.news for url in listed):
        used["news"] = _NEWS
    if any(url.translations for url in listed):
        used["xhtml"] = _XHTML
    return _document("urlset", "url", listed, used, publication)


def index(listed: Iterable[Url]) -> bytes:
    """<sitemapindex> of <sitemap>."""
    return _document("sitemapindex", "sitemap", listed, {}, "")


def _document(root: str, element: str, listed: Iterable[Url], used: Namespaces, publication: str) -> bytes:
    from lxml import etree

    out = BytesIO()
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(root, nsmap={None: NAMESPACE, **used}):
            for url in listed:
                xml.write("\n")
                with xml.element(element):
                    _write(xml, url, publication)
            xml.write("\n")
    return out.getvalue() + b"\n"


def _write(xml: Any, url: Url, publication: str) -> None:
    _element(xml, "loc", url.loc)
    if url.changed:
        _element(xml, "lastmod", rfc3339(url.changed))
    for lang, address in url.translations:
        with xml.element(f"{{{_XHTML}}}link", {"rel": "alternate", "hreflang": lang, "href": address}):
            pass
    if url.image:
        with xml.element(f"{{{_IMAGE}}}image"):
            _element(xml, f"{{{_IMAGE}}}loc", url.image)
    if url.news:
        with xml.element(f"{{{_NEWS}}}news"):
            with xml.element(f"{{{_NEWS}}}publication"):
                _element(xml, f"{{{_NEWS}}}name", legal(publication))
                _element(xml, f"{{{_NEWS}}}language", url.news.language)
            _element(xml, f"{{{_NEWS}}}publication_date", rfc3339(url.news.published))
            _element(xml, f"{{{_NEWS}}}title", legal(url.news.title))


def _element(xml: Any, tag: str, text: str) -> None:
    with xml.element(tag):
        xml.write(text)
