"""sitemap.xml, on request sitemap-news.xml, and robots.txt.

https://www.sitemaps.org/protocol.html · RFC 9309.  `lastmod` is the true last change or absent; `changefreq` and
`priority` are never written: no search engine reads them.  A sitemap without a URL is not valid, so none is written.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from feeds.exporters import _sitemap_xml as xml
from feeds.exporters._sitemap_xml import News, Url
from feeds.model import Artifact, Catalog, Exporter, Row, Site
from feeds.text import address, essence, iri_to_uri, is_web

MEDIA_TYPE = "application/xml; charset=utf-8"

_MAX_LOC = 2047  # "less than 2,048 characters"
_NEWS_DAYS = timedelta(days=2)  # what a news sitemap may hold, and how many of it
_NEWS_MOST = 1000


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the sitemap is cut, and what is written beside it."""

    part_size: Annotated[int, Meta(ge=1, le=45_000)] = 45_000  # URLs a file; more of them make an index and parts
    robots: bool = True
    gzip: bool = False  # each sitemap once more, compressed: for servers that send such files themselves
    news: bool = False  # sitemap-news.xml: the news of the two days up to the newest


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    sitemaps = list(_sitemaps(pages(catalog, site), site, options))
    if not sitemaps:
        return
    if options.news and (news := list(_news(catalog.rows, site))):
        sitemaps.append(_artifact("sitemap-news.xml", xml.urlset(news, site.title), "News sitemap"))
    for artifact in sitemaps:
        yield artifact
        if options.gzip:
            yield _compressed(artifact)
    if options.robots:
        names = [artifact.path for artifact in sitemaps if artifact.path in {"sitemap.xml", "sitemap-news.xml"}]
        yield Artifact(
            path="robots.txt", media_type="text/plain; charset=utf-8", body=_robots(names, site), title="robots.txt"
        )


def _sitemaps(listed: list[Url], site: Site, options: Options) -> Iterator[Artifact]:
    """The sitemap; of very many URLs its parts, then their index."""
    found = list(xml.parts(listed, options.part_size))
    if len(found) == 1:
        yield _artifact("sitemap.xml", xml.urlset(listed))
    if len(found) < 2:
        return
    index: list[Url] = []
    for number, part in enumerate(found, 1):
        path = f"sitemap-{number}.xml"
        yield _artifact(path, xml.urlset(part))
        changes = [url.changed for url in part if url.changed]
        index.append(Url(f"{iri_to_uri(site.feeds_url)}/{path}", max(changes, default=None)))
    yield _artifact("sitemap.xml", xml.index(index))


# ---------------------------------------------------------------------------------------------------- what is listed


def pages(catalog: Catalog, site: Site) -> list[Url]:
    """Each page of the site, each page and list that was generated, and each PDF beside its page: once, by URL.

    Of two items with one URL the later change counts.  When a PDF changed nobody knows: it has no date.
    """
    found: dict[str, Url] = {}
    base = iri_to_uri(site.feeds_url)
    translations = _translations(catalog.rows, site)
    for row in catalog.rows:
        if not (row.in_sitemap and is_web(row.url)):
            continue
        image = iri_to_uri(row.image) if is_web(row.image) else ""
        _add(found, Url(iri_to_uri(row.url), row.updated, image, translations.get(row.path, ())))
        for path, media_type in row.exports:
            if _is_page(media_type):
                _add(found, Url(address(base, path), row.updated))
        if is_web(row.pdf) and _is_beside(row.pdf, row.url):
            pdf = iri_to_uri(row.pdf)
            found.setdefault(pdf, Url(pdf))
    changes = {collection.name: collection.updated for collection in catalog.collections}
    for name, artifact in catalog.lists:
        if _is_page(artifact.media_type):
            _add(found, Url(address(base, artifact.path), changes.get(name)))
    return [found[loc] for loc in sorted(found) if len(loc) <= _MAX_LOC]


def _add(found: dict[str, Url], url: Url) -> None:
    """Of what has one address the later change counts."""
    seen = found.setdefault(url.loc, url)
    if seen is not url:
        found[url.loc] = max(
            seen, url, key=lambda one: (one.changed is not None, one.changed, one.image, one.translations)
        )


@lru_cache(maxsize=64)
def _is_page(media_type: str) -> bool:
    return essence(media_type) == "text/html"


def _is_beside(one: str, other: str) -> bool:
    """Are two addresses of one host?"""
    return one.split("/", 3)[:3] == other.split("/", 3)[:3] or _host(one) == _host(other)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _translations(rows: Iterable[Row], site: Site) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For each item ("source:path") that there is in several languages, (language, address) of all of them, sorted.

    Two items of one text in one language are no translations of each other: of those nothing is said.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.translation and row.in_sitemap and is_web(row.url):
            groups.setdefault((row.path.partition(":")[0], row.translation), []).append(row)
    found = {}
    for group in groups.values():
        spoken = sorted((row.lang or site.language, iri_to_uri(row.url)) for row in group)
        if len(spoken) > 1 and len({lang for lang, _ in spoken}) == len(spoken):
            found.update({row.path: tuple(spoken) for row in group})
    return found


def _news(rows: Iterable[Row], site: Site) -> Iterator[Url]:
    """The news of the two days up to the newest, as Google News wants them; what is older it does not read."""
    news = [row for row in rows if row.kind == "news" and row.in_sitemap and is_web(row.url)]
    since = max((row.published for row in news), default=None)
    for row in news[:_NEWS_MOST]:
        if since and row.published >= since - _NEWS_DAYS and len(row.url) <= _MAX_LOC:
            lang = (row.lang or site.language).lower()
            lang = lang if lang in {"zh-cn", "zh-tw"} else lang.partition("-")[0]
            yield Url(iri_to_uri(row.url), news=News(row.title, row.published, lang))


# ---------------------------------------------------------------------------------------------------- the files


def _artifact(path: str, body: bytes, title: str = "Sitemap") -> Artifact:
    return Artifact(path=path, media_type=MEDIA_TYPE, body=body, title=title)


def _compressed(artifact: Artifact) -> Artifact:
    """gzip (RFC 1952) without a time and a system, which would differ from run to run and from machine to machine."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(artifact.body) + packer.flush()
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    tail = zlib.crc32(artifact.body).to_bytes(4, "little") + (len(artifact.body) % 2**32).to_bytes(4, "little")
    return Artifact(
        path=f"{artifact.path}.gz", media_type="application/gzip", body=head + packed + tail, title=artifact.title
    )


def _robots(names: list[str], site: Site) -> bytes:
    lines = ["User-agent: *", "Allow: /", "", *(f"Sitemap: {iri_to_uri(site.feeds_url)}/{name}" for name in names)]
    output = urlsplit(iri_to_uri(site.feeds_url))
    if output.path:  # RFC 9309, section 2.3: read at the root of the host and nowhere else
        root = f"{output.scheme}://{output.netloc}/robots.txt"
        what = "line" if len(names) == 1 else "lines"
        lines[:0] = [f"# Crawlers read {root} alone: copy the Sitemap {what} there, or serve this file from there."]
    return ("\n".join(lines) + "\n").encode()


EXPORTER = Exporter(
    name="sitemap",
    description="sitemap.xml and robots.txt, for search engines",
    media_type=MEDIA_TYPE,
    scope="site",
    options=Options,
    render=_render,
)
