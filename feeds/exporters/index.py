"""index.html: the page from which a person finds every feed, every document and every item.

HTML Living Standard, https://html.spec.whatwg.org; feed autodiscovery as in its section 4.6.7.1 (rel=alternate), of the
list of feeds as OPML 2.0 has it (rel=outline).
The page needs no script and fetches nothing; its template holds all of its style.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlsplit

from msgspec import Meta, Struct
from msgspec.structs import replace

from feeds.exporters._schema_org import script, site_document
from feeds.exporters._work import doi_url
from feeds.model import Artifact, Catalog, Exporter, Row, Site
from feeds.text import is_web

if TYPE_CHECKING:
    from jinja2 import Template

MEDIA_TYPE = "text/html; charset=utf-8"

_FORMATS = {
    "application/atom+xml": "Atom",
    "application/rss+xml": "RSS",
    "application/rdf+xml": "RSS 1.0",
    "application/feed+json": "JSON Feed",
    "application/ld+json": "JSON-LD",
    "application/vnd.citationstyles.csl+json": "CSL-JSON",
    "application/vnd.datacite.datacite+json": "DataCite",
    "application/x-bibtex": "BibTeX",
    "application/x-research-info-systems": "RIS",
}
_DOCUMENTS = {
    "site.jsonld": "The site and its parts as schema.org JSON-LD",
    "sitemap.xml": "Sitemap, for search engines",
}
_LIST = "feeds.opml"
_MONTHS = "January February March April May June July August September October November December".split()
_AUTHORS = 10  # names printed of one item; a thousand of them would bury its neighbours


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page lists."""

    limit: Annotated[int, Meta(ge=1)] = 500  # newest items; the rest is counted


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    groups = _groups(catalog, site)
    rows = sorted((row for row in catalog.rows if row.in_feeds), key=_day, reverse=True)
    shown = rows[: options.limit]
    page = _template().render(
        site=site,
        host=urlsplit(site.url).netloc + urlsplit(site.url).path,
        site_url=site.url + "/",
        groups=groups,
        layout=_layout(groups, site),
        opml=_LIST if any(artifact.path == _LIST for artifact in catalog.documents) else "",
        opml_address=f"{site.feeds_url}/{_LIST}",
        license=site.license if is_web(site.license) else "",
        documents=[_document(artifact, site) for artifact in catalog.documents if artifact.path in _DOCUMENTS],
        years=_years(shown),
        total=len(rows),
        shown=len(shown),
        updated=_date(catalog.updated.date().isoformat()),
        jsonld=script(site_document(replace(catalog, rows=tuple(shown)), site)),
    )
    yield Artifact(path="index.html", media_type=MEDIA_TYPE, body=page.encode(), title=site.title)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("feeds.exporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("index.html.jinja")


# ---------------------------------------------------------------------------------------------------- feeds, documents


def _groups(catalog: Catalog, site: Site) -> list[dict[str, Any]]:
    """The feeds of each collection, in the order of the collections; the feed of everything first."""
    known = {collection.name: collection for collection in catalog.collections}
    feeds: dict[str, list[Artifact]] = {name: [] for name in ("", *known)}
    for name, artifact in catalog.feeds:
        feeds.setdefault(name, []).append(artifact)
    groups = []
    for name, artifacts in feeds.items():
        collection = known.get(name)
        title = "Everything" if not name else collection.title if collection else name
        about = collection.description if collection and name else ""
        listed = [_feed(artifact, title, site) for artifact in artifacts]
        if listed:
            groups.append({"title": title, "description": about, "feeds": listed})
    return groups


def _feed(artifact: Artifact, title: str, site: Site) -> dict[str, str]:
    media_type = _bare(artifact.media_type)
    label = _FORMATS.get(media_type) or artifact.title or _label(artifact.path, media_type)
    return {
        "label": label,
        "title": f"{site.title} – {title} ({label})",
        "media_type": media_type,
        "href": quote(artifact.path),
        "address": f"{site.feeds_url}/{quote(artifact.path)}",
    }


def _layout(groups: list[dict[str, Any]], site: Site) -> str:
    """The lines for the site's own layout by which every page of it leads to the feeds of everything."""
    lines = []
    for feed in groups[0]["feeds"] if groups else ():
        title = html.escape(f"{site.title} ({feed['label']})")
        address = html.escape(feed["address"])
        lines.append(f'<link rel="alternate" type="{feed["media_type"]}" title="{title}" href="{address}">')
    return "\n".join(lines)


def _document(artifact: Artifact, site: Site) -> dict[str, str]:
    path = quote(artifact.path)
    return {"title": _DOCUMENTS[artifact.path], "href": path, "address": f"{site.feeds_url}/{path}"}


def _bare(media_type: str) -> str:
    """A media type without its parameters: what readers compare the `type` of a link with."""
    return media_type.split(";")[0].strip()


def _label(path: str, media_type: str) -> str:
    return _FORMATS.get(_bare(media_type)) or path.rpartition(".")[2].upper()


# ---------------------------------------------------------------------------------------------------- items


def _years(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The items by year, in the order given."""
    years: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        years.setdefault(int(_day(row)[:4]), []).append(_entry(row))
    return [{"year": year, "entries": listed} for year, listed in years.items()]


def _entry(row: Row) -> dict[str, Any]:
    return {
        "url": row.url if is_web(row.url) else "",
        "title": row.title or row.url,
        "lang": row.lang,
        "authors": [person.name for person in row.authors[:_AUTHORS]],
        "others": len(row.authors[_AUTHORS:]),
        "journal": row.journal,
        "kind": row.kind.capitalize(),
        "date": _date(_day(row)),
        "links": _links(row),
    }


def _links(row: Row) -> list[dict[str, str]]:
    """DOI, PDF and exports of an item: what to call each, its address, its media type."""
    outside = (("DOI", doi_url(row.doi), ""), ("PDF", row.pdf if is_web(row.pdf) else "", "application/pdf"))
    exports = ((_label(path, media_type), quote(path), _bare(media_type)) for path, media_type in row.exports)
    return [{"label": label, "href": href, "type": kind} for label, href, kind in (*outside, *exports) if href]


def _day(row: Row) -> str:
    """When the work appeared, as exact as known (ISO 8601); of a post without a work, its day."""
    return row.date or row.published.date().isoformat()


def _date(iso: str) -> dict[str, str]:
    """For machines, and in the page's own words: neither needs a locale."""
    year, *rest = iso.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return {"iso": iso, "text": " ".join([*day, *month, year])}


EXPORTER = Exporter(
    name="index",
    description="index.html: every feed, document and item on one page, for people",
    media_type=MEDIA_TYPE,
    scope="site",
    options=Options,
    render=_render,
    names_others=True,
)
