"""sitemap.xml and robots.txt.

https://www.sitemaps.org/protocol.html · RFC 9309.  `lastmod` is the true last change or absent; `changefreq` and
`priority` are never written: no search engine reads them.  A sitemap without a URL is not valid, so none is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import Annotated
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from lxml import etree
from msgspec import Meta, Struct

from feeds.model import Artifact, Catalog, Exporter, Row, Site
from feeds.text import iri_to_uri, is_web, rfc3339

MEDIA_TYPE = "application/xml; charset=utf-8"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

_MAX_LOC = 2047  # "less than 2,048 characters"
_MAX_BYTES = 50_000_000  # the protocol allows 52,428,800
_ENTRY_BYTES = 90  # of <url>, <loc>, <lastmod> and a date, never less than what is written

Entry = tuple[str, datetime | None]


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the sitemap is cut, and whether robots.txt names it."""

    part_size: Annotated[int, Meta(ge=1, le=45_000)] = 45_000  # URLs a file; more of them make an index and parts
    robots: bool = True


def entries(rows: Iterable[Row]) -> list[Entry]:
    """(URL, last change) of each page and of each PDF on its page's host, once, sorted by URL.

    Of two rows with one URL the later change counts.  When a PDF changed nobody knows: it has no date.
    """
    found: dict[str, datetime | None] = {}
    for row in rows:
        if not (row.in_sitemap and is_web(row.url)):
            continue
        page = iri_to_uri(row.url)
        seen = found.get(page)
        found[page] = max(seen, row.updated) if seen else row.updated
        if is_web(row.pdf) and _host(row.pdf) == _host(row.url):
            found.setdefault(iri_to_uri(row.pdf))
    return sorted((loc, changed) for loc, changed in found.items() if len(loc) <= _MAX_LOC)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def parts(listed: list[Entry], size: int, room: int = _MAX_BYTES) -> Iterator[list[Entry]]:
    """`listed` cut into runs of at most `size` URLs and `room` bytes of XML."""
    part: list[Entry] = []
    used = 0
    for entry in listed:
        cost = len(escape(entry[0])) + _ENTRY_BYTES
        if part and (len(part) == size or used + cost > room):
            yield part
            part, used = [], 0
        part.append(entry)
        used += cost
    if part:
        yield part


def _xml(root: str, element: str, listed: Iterable[Entry]) -> bytes:
    """<urlset> of <url>, or <sitemapindex> of <sitemap>: each with its <loc> and, where known, <lastmod>."""
    out = BytesIO()
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(root, nsmap={None: NAMESPACE}):
            for loc, changed in listed:
                xml.write("\n")
                with xml.element(element):
                    with xml.element("loc"):
                        xml.write(loc)
                    if changed:
                        with xml.element("lastmod"):
                            xml.write(rfc3339(changed))
            xml.write("\n")
    return out.getvalue() + b"\n"


def _robots(site: Site) -> bytes:
    lines = ["User-agent: *", "Allow: /", "", f"Sitemap: {iri_to_uri(site.feeds_url)}/sitemap.xml"]
    output = urlsplit(iri_to_uri(site.feeds_url))
    if output.path:  # RFC 9309, section 2.3: read at the root of the host and nowhere else
        root = f"{output.scheme}://{output.netloc}/robots.txt"
        lines[:0] = [f"# Crawlers read {root} alone: copy the Sitemap line there, or serve this file from there."]
    return ("\n".join(lines) + "\n").encode()


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    listed = list(parts(entries(catalog.rows), options.part_size))
    if not listed:
        return
    if len(listed) == 1:
        yield _artifact("sitemap.xml", _xml("urlset", "url", listed[0]))
    else:
        index: list[Entry] = []
        for number, part in enumerate(listed, 1):
            path = f"sitemap-{number}.xml"
            yield _artifact(path, _xml("urlset", "url", part))
            changes = [changed for _, changed in part if changed]
            index.append((f"{iri_to_uri(site.feeds_url)}/{path}", max(changes, default=None)))
        yield _artifact("sitemap.xml", _xml("sitemapindex", "sitemap", index))
    if options.robots:
        yield Artifact(
            path="robots.txt", media_type="text/plain; charset=utf-8", body=_robots(site), title="robots.txt"
        )


def _artifact(path: str, body: bytes) -> Artifact:
    return Artifact(path=path, media_type=MEDIA_TYPE, body=body, title="Sitemap")


EXPORTER = Exporter(
    name="sitemap",
    description="sitemap.xml and robots.txt, for search engines",
    media_type=MEDIA_TYPE,
    scope="site",
    options=Options,
    render=_render,
)
