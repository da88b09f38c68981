"""The XML of sitemaps: pages with their images and translations, news, and the index of several.  Private.

https://www.sitemaps.org/protocol.html · https://developers.google.com/search/docs/crawling-indexing/sitemaps
(image-sitemaps, news-sitemap, and localized versions by xhtml:link).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from msgspec import Struct

from feeds.text import legal, rfc3339

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"

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
    cost = _size(url.loc) + _URL_BYTES
    if url.image:
        cost += _size(url.image) + _MORE_BYTES
    for lang, address in url.translations:
        cost += _size(address) + len(escape(lang, quote=False)) + _MORE_BYTES
    return cost


def _size(address: str) -> int:
    """Characters of an address, of which XML escapes the ampersands alone."""
    return len(address) + 4 * address.count("&")


def urlset(listed: Sequence[Url], publication: str = "") -> bytes:
    """<urlset> of <url>; `publication` is the name of the one that news are from."""
    used = {"": NAMESPACE}
    if any(url.image for url in listed):
        used["image"] = _IMAGE
    if any(url.news for url in listed):
        used["news"] = _NEWS
    if any(url.translations for url in listed):
        used["xhtml"] = _XHTML
    return _document("urlset", "url", used, [_page(url, publication) for url in listed])


def index(listed: Iterable[Url]) -> bytes:
    """<sitemapindex> of <sitemap>."""
    return _document("sitemapindex", "sitemap", {"": NAMESPACE}, [_page(url, "") for url in listed])


def _document(root: str, name: str, used: Mapping[str, str], elements: Iterable[str]) -> bytes:
    """The document: `elements` are what is in each of its children, `used` the namespaces by their prefixes."""
    names = "".join(f' xmlns{":" * bool(prefix)}{prefix}="{namespace}"' for prefix, namespace in used.items())
    children = "".join([f"<{name}>{one}</{name}>\n" for one in elements])
    return f"<?xml version='1.0' encoding='utf-8'?>\n<{root}{names}>\n{children}</{root}>\n".encode()


def _page(url: Url, publication: str) -> str:
    """What is in the element of a page; mostly its address and its date."""
    said = f"<loc>{url.loc.replace('&', '&amp;')}</loc>"
    if url.changed:
        said += f"<lastmod>{rfc3339(url.changed)}</lastmod>"
    for lang, address in url.translations:
        said += f'<xhtml:link rel="alternate" hreflang="{_attribute(lang)}" href="{_attribute(address)}"/>'
    if url.image:
        said += f"<image:image><image:loc>{_text(url.image)}</image:loc></image:image>"
    return said + _article(url.news, publication) if url.news else said


def _article(news: News, publication: str) -> str:
    return (
        f"<news:news><news:publication><news:name>{_text(publication)}</news:name>"
        f"<news:language>{_text(news.language)}</news:language></news:publication>"
        f"<news:publication_date>{rfc3339(news.published)}</news:publication_date>"
        f"<news:title>{_text(news.title)}</news:title></news:news>"
    )


def _text(value: str) -> str:
    return escape(legal(value), quote=False).replace("\r", "&#13;")


def _attribute(value: str) -> str:
    return escape(legal(value), quote=False).replace('"', "&quot;")
