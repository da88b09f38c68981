"""index.html: the page from which a person finds every feed, every document and every item.

HTML Living Standard, https://html.spec.whatwg.org; feed autodiscovery as in its section 4.6.7.1 (rel=alternate), of the
list of feeds as OPML 2.0 has it (rel=outline).
The page needs no script and fetches nothing; its template holds all of its style.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from msgspec import Meta, Struct
from msgspec.structs import replace

from feeds.exporters._page_parts import (
    FORMATS,
    MEDIA_TYPE,
    Entry,
    Link,
    date,
    format_name,
    heading,
    is_of,
    outside,
    years,
)
from feeds.exporters._schema_org import script, site_document
from feeds.exporters._templates import render
from feeds.exporters._work import doi_url
from feeds.model import Artifact, Catalog, Exporter, Row, Site
from feeds.text import address, essence, is_web

_DOCUMENTS = {
    "site.jsonld": "The site and its parts as schema.org JSON-LD",
    "sitemap.xml": "Sitemap, for search engines",
}
_LIST = "feeds.opml"
_AUTHORS = 10  # names printed of one item; a thousand of them would bury its neighbours


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page lists."""

    limit: Annotated[int, Meta(ge=1)] = 500  # newest items; the rest is counted
    templates: dict[str, str] = {}  # of the user: path of a file → its text


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    groups = _groups(catalog.feeds, catalog, site)
    rows = sorted((row for row in catalog.rows if row.in_feeds), key=_day, reverse=True)
    shown = rows[: options.limit]
    body = render(
        "index.html.jinja",
        options.templates,
        site=site,
        host=urlsplit(site.url).netloc + urlsplit(site.url).path,
        site_url=site.url + "/",
        groups=groups,
        layout=_layout(groups, site),
        opml=_LIST if any(artifact.path == _LIST for artifact in catalog.documents) else "",
        opml_address=f"{site.feeds_url}/{_LIST}",
        license=site.license if is_web(site.license) else "",
        documents=[_document(artifact, site) for artifact in catalog.documents if artifact.path in _DOCUMENTS],
        lists=_lists(catalog),
        bibliographies=_groups(_bibliographies(catalog), catalog, site),
        years=years([_entry(row, site) for row in shown]),
        total=len(rows),
        shown=len(shown),
        updated=date(catalog.updated.date().isoformat()),
        jsonld=script(site_document(replace(catalog, rows=tuple(shown)), site)),
    )
    yield Artifact(path="index.html", media_type=MEDIA_TYPE, body=body, title=site.title)


# ---------------------------------------------------------------------------------------------------- feeds, documents


def _groups(made: Iterable[tuple[str, Artifact]], catalog: Catalog, site: Site) -> list[dict[str, Any]]:
    """The feeds or lists of each collection, in the order of the collections; that of everything first."""
    known = {collection.name: collection for collection in catalog.collections}
    feeds: dict[str, list[Artifact]] = {name: [] for name in ("", *known)}
    for name, artifact in made:
        feeds.setdefault(name, []).append(artifact)
    groups = []
    for name, artifacts in feeds.items():
        collection = known.get(name)
        title = "Everything" if not name else heading(collection, site) if collection else name
        about = collection.description if collection and name else ""
        listed = [_feed(artifact, title, site) for artifact in artifacts]
        if listed:
            one_of_many = bool(collection and collection.value)
            groups.append({"title": title, "description": about, "feeds": listed, "one_of_many": one_of_many})
    return groups


def _bibliographies(catalog: Catalog) -> list[tuple[str, Artifact]]:
    """The lists that reference managers read; an author or a year that has a page has them there."""
    each = {collection.name for collection in catalog.collections if collection.each}
    paged = {name for name, artifact in catalog.lists if essence(artifact.media_type) == "text/html"}
    on_pages = each & paged
    return [(n, a) for n, a in catalog.lists if essence(a.media_type) != "text/html" and n not in on_pages]


def _feed(artifact: Artifact, title: str, site: Site) -> dict[str, str]:
    media_type = essence(artifact.media_type)
    label = FORMATS.get(media_type) or artifact.title or format_name(artifact.path, media_type)
    return {
        "label": label,
        "title": f"{site.title} – {title} ({label})",
        "media_type": media_type,
        "href": quote(artifact.path),
        "address": address(site.feeds_url, artifact.path),
    }


def _layout(groups: list[dict[str, Any]], site: Site) -> str:
    """The lines for the site's own layout by which every page of it leads to the feeds of everything."""
    lines = []
    for feed in groups[0]["feeds"] if groups else ():
        title = html.escape(f"{site.title} ({feed['label']})")
        address = html.escape(feed["address"])
        lines.append(f'<link rel="alternate" type="{feed["media_type"]}" title="{title}" href="{address}">')
    return "\n".join(lines)


def _lists(catalog: Catalog) -> list[Link]:
    """The pages that lead to the works: all of them, by author, by year, by collection; not that of each author."""
    plain = {collection.name for collection in catalog.collections if not collection.each}
    pages = (a for name, a in catalog.lists if name in plain and essence(a.media_type) == "text/html")
    first = [a for a in pages if a.path == "publications.html" or a.path.endswith("/index.html")]
    return [Link(href=quote(a.path), label=a.title) for a in first]


def _document(artifact: Artifact, site: Site) -> dict[str, str]:
    path = quote(artifact.path)
    return {"title": _DOCUMENTS[artifact.path], "href": path, "address": address(site.feeds_url, artifact.path)}


# ---------------------------------------------------------------------------------------------------- items


def _entry(row: Row, site: Site) -> Entry:
    """An item: where there is a page of the work here it leads there, else to the post."""
    page = next((quote(path) for path, media_type in row.exports if essence(media_type) == "text/html"), "")
    return Entry(
        title=row.title or row.url,
        href=page or (row.url if is_web(row.url) else ""),
        kind=row.kind.capitalize(),
        date=date(_day(row)),
        lang=row.lang,
        authors=tuple(person.name for person in row.authors[:_AUTHORS]),
        others=len(row.authors[_AUTHORS:]),
        venue=row.journal,
        links=tuple(_links(row, site, bool(page))),
    )


def _links(row: Row, site: Site, has_page: bool) -> Iterator[Link]:
    """DOI, PDF and exports of an item; the post too where its title leads to its page here.

    What comes from a bibliography has its page elsewhere, or none: its DOI, or a part of the home page, is no post.
    """
    is_post = has_page and is_web(row.url) and row.url != doi_url(row.doi) and not row.url.startswith(f"{site.url}/#")
    links = (
        ("DOI", doi_url(row.doi), ""),
        ("PDF", row.pdf if is_web(row.pdf) else "", "application/pdf"),
        ("Post" if is_of(site, row.url) else outside(row.url).label, row.url if is_post else "", ""),
    )
    exports = (
        (format_name(path, essence(media_type)), quote(path), essence(media_type)) for path, media_type in row.exports
    )
    for label, href, kind in (*links, *exports):
        if href and kind != "text/html":
            yield Link(href=href, label=label, type=kind)


def _day(row: Row) -> str:
    """When the work appeared, as exact as known (ISO 8601); of a post without a work, its day."""
    return row.date or row.published.date().isoformat()


EXPORTER = Exporter(
    name="index",
    description="index.html: every feed, document and item on one page, for people",
    media_type=MEDIA_TYPE,
    scope="site",
    options=Options,
    render=_render,
    names_others=True,
)
