"""schema.org nodes, as plain dicts in reading order: people, containers, identifiers, files, the site; their JSON.

https://schema.org/docs/schemas.html, release 30.0.  Every property written here is in its type's domain, every value
in its range.  A member that would be empty is left out, and so is a node that has nothing but its type.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from feeds.exporters._work import doi_url, is_page_of
from feeds.model import Attachment, Catalog, Kind, Person, Post, Row, Site, Work
from feeds.text import is_web, rfc3339

Node = dict[str, Any]

CONTEXT = "https://schema.org"

TYPES: dict[Kind, str] = {
    "article": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "review": "ScholarlyArticle",
    "thesis": "Thesis",
    "chapter": "Chapter",
    "book": "Book",
    "report": "Report",
    "talk": "PresentationDigitalDocument",
    "poster": "Poster",
    "news": "BlogPosting",
}

# Types below Article, and Chapter: the only works in the domain of pageStart, pageEnd and pagination.
PAGED = frozenset({"ScholarlyArticle", "Report", "Chapter"})


def filled(members: Node) -> Node:
    """`members` without those that are empty: a document never says "" or null."""
    return {name: value for name, value in members.items() if value}


def encode(document: Node) -> bytes:
    """The document as UTF-8 JSON, indented by 2, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def script(document: Node | bytes) -> str:
    """The document as a `<script>` element that nothing inside it can close (HTML Living Standard, 4.12.1.3)."""
    raw = document if isinstance(document, bytes) else msgspec.json.encode(document)
    safe = raw.decode("utf-8").strip().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/ld+json">{safe}</script>'


# ---------------------------------------------------------------------------------------------------- names, dates


def node_id(doi: str, settled: str, page: str) -> str:
    """What identifies a work or post: the DOI, else its settled id where that is a URI but not the page's own."""
    if doi:
        return doi_url(doi)
    return settled if settled != page and (is_web(settled) or settled.startswith(("tag:", "urn:"))) else ""


def moment(value: datetime) -> str:
    """ISO 8601, as exact as known: midnight is what a date without a time was read as, so the date alone."""
    at_midnight = not (value.hour or value.minute or value.second)
    return rfc3339(value)[:10] if at_midnight else rfc3339(value)


def web(url: str) -> str:
    """`url` where it is an absolute http(s) one, else ""."""
    return url if is_web(url) else ""


# ---------------------------------------------------------------------------------------------------- people


def agent(person: Person) -> Node:
    """A Person or an Organization; {} for one without a name."""
    if not person.name:
        return {}
    if person.organization:
        return filled({"@type": "Organization", "@id": person.ror, "name": person.name, "url": web(person.url)})
    return filled(
        {
            "@type": "Person",
            "@id": f"https://orcid.org/{person.orcid}" if person.orcid else "",
            "name": person.name,
            "givenName": person.given,
            "familyName": person.family,
            "honorificSuffix": person.suffix,
            "url": web(person.url),
            "affiliation": _affiliation(person),
        }
    )


def _affiliation(person: Person) -> Node:
    if not person.affiliation:
        return {}
    return filled({"@type": "Organization", "@id": person.ror, "name": person.affiliation})


def agents(people: Iterable[Person]) -> list[Node]:
    """One node each, in order."""
    return [node for person in people if (node := agent(person))]


def organization(name: str) -> Node:
    """An Organization of which nothing but the name is known; {} for none."""
    return {"@type": "Organization", "name": name} if name else {}


# ---------------------------------------------------------------------------------------------------- containers


def container(kind: Kind, name: str, issn: str = "", volume: str = "") -> Node:
    """What a work appeared in: a Periodical; for a chapter the Book, or the BookSeries of its volume."""
    if not name:
        return {}
    known = {"issn": issn} if issn else {}
    if kind in {"chapter", "book"}:
        in_series = kind == "book" or issn or volume
        return {"@type": "BookSeries" if in_series else "Book", "name": name, **known}
    return {"@type": "Periodical", "name": name, **known}


def part_of(work: Work, nested: bool) -> Node | list[Node]:
    """PublicationIssue → PublicationVolume → container, absent levels left out; not nested: the same side by side.

    Without a container a volume or an issue names nothing, so there is none of them either.
    """
    outer = container(work.kind, work.journal, work.issn, work.volume)
    if not outer:
        return {}
    volume = {"@type": "PublicationVolume", "volumeNumber": work.volume} if work.volume else {}
    issue = {"@type": "PublicationIssue", "issueNumber": work.issue} if work.issue else {}
    if not nested:
        levels = [level for level in (outer, volume, issue) if level]
        return levels if len(levels) > 1 else outer
    for level in (volume, issue):
        if level:
            outer = {**level, "isPartOf": outer}
    return outer


def pages(work: Work) -> Node:
    """pageStart, pageEnd and pagination, for the types that have them; an article number is a pageStart alone."""
    if TYPES[work.kind] not in PAGED:
        return {}
    if not work.first_page:
        return filled({"pageStart": work.article_number})
    span = f"{work.first_page}-{work.last_page}" if work.last_page else ""
    if work.article_number:
        span = f"{work.article_number}, {span or work.first_page}"
    return filled({"pageStart": work.first_page, "pageEnd": work.last_page, "pagination": span})


def blog(site: Site) -> Node:
    """The blog that the site's news are in, named alike in every document."""
    return {"@type": "Blog", "@id": f"{site.url}/#blog", "name": site.title, "url": site.url + "/"}


# ---------------------------------------------------------------------------------------------------- identifiers


def identifiers(work: Work) -> list[Node]:
    """DOI, PMID, PMCID and arXiv as PropertyValues, with both `name` and `propertyID`: readers look at either."""
    found = (
        ("DOI", work.doi, doi_url(work.doi)),
        ("PMID", work.pmid, _pubmed(work)),
        ("PMCID", work.pmcid, _pmc(work)),
        ("arXiv", work.arxiv, _arxiv(work)),
    )
    return [
        {"@type": "PropertyValue", "name": name, "propertyID": name, "value": value, "url": url}
        for name, value, url in found
        if value
    ]


def _pubmed(work: Work) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(work.pmid)}/" if work.pmid else ""


def _pmc(work: Work) -> str:
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(work.pmcid)}/" if work.pmcid else ""


def _arxiv(work: Work) -> str:
    return f"https://arxiv.org/abs/{quote(work.arxiv)}" if work.arxiv else ""


def links(work: Work, page: str) -> tuple[list[str], list[str], list[str]]:
    """What the post links, as (pages about the work itself, pages of its preprint, pages it merely mentions).

    A talk's links are its conference and its tools, a repository is the work's code: neither is the work, so neither
    is its sameAs (see `is_page_of`).
    """
    same = [url for url in (_pubmed(work), _pmc(work), _arxiv(work)) if url]
    preprint: list[str] = []
    mentioned: list[str] = []
    known = {_key(url) for url in (*same, page, work.pdf, doi_url(work.doi), doi_url(work.preprint_doi)) if url}
    for url in work.urls:
        if not is_web(url) or _key(url) in known:
            continue
        known.add(_key(url))
        if work.preprint_doi and work.preprint_doi.lower() in url.lower():
            preprint.append(url)
        elif work.kind in {"talk", "poster"} or not is_page_of(work, url):
            mentioned.append(url)
        else:
            same.append(url)
    return same, preprint, mentioned


def _key(url: str) -> str:
    """Two spellings of one address have one key."""
    bare = url.split("://", 1)[-1].lower().removeprefix("www.").removeprefix("dx.")
    return bare.rstrip("/")


# ---------------------------------------------------------------------------------------------------- files


def encodings(post: Post, pdf: str) -> list[Node]:
    """The files that go with a post, and the PDF of its work where that is not among them."""
    nodes = [_media(a) for a in post.attachments if is_web(a.url)]
    if is_web(pdf) and all(node["contentUrl"] != pdf for node in nodes):
        nodes.append(_media(Attachment(url=pdf, media_type="application/pdf")))
    return nodes


def _media(file: Attachment) -> Node:
    return filled(
        {
            "@type": "MediaObject",
            "contentUrl": file.url,
            "encodingFormat": file.media_type,
            "contentSize": "" if file.size is None else f"{file.size} B",
            "sha256": file.sha256,
        }
    )


def is_free(files: list[Node], license_url: str) -> bool:
    """Does a PDF that anyone can fetch, or an open licence, say that the work costs nothing to read?"""
    host = urlsplit(license_url).hostname or ""
    is_open = host.removeprefix("www.") == "creativecommons.org"
    return is_open or any(file.get("encodingFormat") == "application/pdf" for file in files)


# ---------------------------------------------------------------------------------------------------- the site


def site_document(catalog: Catalog, site: Site) -> Node:
    """The site as one node: a CollectionPage of its works, with a Blog for its news; a Blog when it has news alone.

    Parts are light: what they are, who wrote them, where their page is.  Their order, newest first, is in an ItemList.
    """
    rows = [row for row in catalog.rows if row.in_sitemap and is_web(row.url)]
    works = [_light_work(row) for row in rows if row.kind != "news"]
    news = [_light_news(row) for row in rows if row.kind == "news"]
    about_site = {
        "description": site.description,
        "publisher": agent(site.publisher) if site.publisher else {},
        "inLanguage": site.language,
        "license": web(site.license),
        "dateModified": rfc3339(catalog.updated),
    }
    posts = {**blog(site), "blogPost": news}
    if news and not works:
        return {"@context": CONTEXT, **filled({**blog(site), **about_site, "blogPost": news})}
    page = {"@type": "CollectionPage", "@id": site.url + "/", "name": site.title, "url": site.url + "/"}
    parts = {"isPartOf": website(site), "mainEntity": _item_list(rows), "hasPart": [*works, posts] if news else works}
    return {"@context": CONTEXT, **filled({**page, **about_site, **parts})}


def website(site: Site) -> Node:
    """The site as a whole, named alike in every document."""
    return {"@type": "WebSite", "@id": f"{site.url}/#website", "name": site.title, "url": site.url + "/"}


def _item_list(rows: list[Row]) -> Node:
    listed = [{"@type": "ListItem", "position": number, "url": row.url} for number, row in enumerate(rows, 1)]
    return {"@type": "ItemList", "numberOfItems": len(listed), "itemListElement": listed} if listed else {}


def _named(people: Iterable[Person]) -> list[Node]:
    """What is known of people in a row: their names, and which of them are organisations."""
    return [{"@type": "Organization" if one.organization else "Person", "name": one.name} for one in people if one.name]


def _light_work(row: Row) -> Node:
    page = {"@type": "WebPage", "@id": row.url, "datePublished": moment(row.published)}
    return filled(
        {
            "@type": TYPES[row.kind],
            "@id": node_id(row.doi, row.id, row.url),
            "name": row.title,
            "author": _named(row.authors),
            "datePublished": row.date,
            "isPartOf": container(row.kind, row.journal),
            "url": row.url,
            "mainEntityOfPage": page,
        }
    )


def _light_news(row: Row) -> Node:
    return filled(
        {
            "@type": "BlogPosting",
            "@id": node_id("", row.id, row.url),
            "headline": row.title,
            "author": _named(row.authors),
            "datePublished": moment(row.published),
            "url": row.url,
        }
    )
