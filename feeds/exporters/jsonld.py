"""schema.org JSON-LD: one document an item, and one for the site.

https://www.w3.org/TR/json-ld11/ · https://schema.org (release 30.0) · https://www.iana.org/assignments/media-types/
One node a document, "@type" a single string, "@context" the schema.org one.  Of a work nothing is said that the post
does not say: a site's licence and dates describe its pages, not the papers they are about.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters import _schema_org as schema
from feeds.exporters._schema_org import Node, encode, filled
from feeds.exporters._schema_stated import stated
from feeds.exporters._work import doi_url, keywords, landing, own_page
from feeds.model import Artifact, Catalog, Exporter, Item, NoOptions, Post, Site, Work
from feeds.text import output_path

MEDIA_TYPE = "application/ld+json"


class ItemOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a work's documents are shaped."""

    nested: bool = True  # issue in volume in journal; false: side by side, for consumers that read one level


# ---------------------------------------------------------------------------------------------------- an item


def document(item: Item, site: Site, options: ItemOptions = ItemOptions(), page: str = "") -> Node:  # noqa: B008 - frozen
    """The item as one schema.org node: the work where there is one, else the post as a BlogPosting.

    `page` is the address of the page that is about it, when that is not the post's own.
    """
    if page and not (page == item.post.url and item.post.own_page):
        item = replace(item, post=replace(item.post, url=page, own_page=True))
    node = _news(item.post, site) if item.work is None else _work(item.post, item.work, site, options)
    return {"@context": schema.CONTEXT, **filled(node)}


def _work(post: Post, work: Work, site: Site, options: ItemOptions) -> Node:
    same, preprint_pages, mentioned = schema.links(work, post.url)
    files = schema.encodings(post, work.pdf)
    is_preprint = work.kind == "preprint"
    title = work.title or post.title
    return {
        "@type": schema.TYPES[work.kind],
        "@id": schema.node_id(work.doi, post.id, post.url),
        "name": title,
        "headline": title,
        "author": schema.agents(work.authors),
        "datePublished": work.date,
        "dateModified": _modified(post, work.date),
        "isPartOf": schema.part_of(work, options.nested),
        **schema.pages(work),
        "publisher": schema.organization(work.publisher or (work.preprint_server if is_preprint else "")),
        "abstract": work.abstract,
        "description": _description(post.summary, work.abstract),
        "identifier": schema.identifiers(work),
        "url": own_page(post),
        "mainEntityOfPage": _page(post, "" if work.license else site.license),
        "sameAs": same,
        "encoding": files,
        "isBasedOn": _preprint(work, preprint_pages),
        "recordedAt": _event(work),
        "mentions": [{"@type": "WebPage", "url": url} for url in mentioned],
        "image": schema.web(post.image),
        "license": schema.web(work.license),
        "isAccessibleForFree": schema.is_free(files, work.license),
        "creativeWorkStatus": "Preprint" if is_preprint else "",
        **stated(post),
        "inLanguage": post.lang or site.language,
        "keywords": keywords(post),
    }


def _news(post: Post, site: Site) -> Node:
    files = schema.encodings(post, "")
    return {
        "@type": "BlogPosting",
        "@id": schema.node_id("", post.id, post.url),
        "name": post.title,
        "headline": post.title,
        "author": schema.agents(post.authors),
        "datePublished": schema.moment(post.published),
        "dateModified": _modified(post, ""),
        "isPartOf": schema.blog(site),
        "publisher": schema.agent(site.publisher) if site.publisher else {},
        "description": post.summary,
        "url": post.url,
        "mainEntityOfPage": _page(post, ""),
        "encoding": files,
        "image": schema.web(post.image),
        "license": schema.web(site.license),
        "isAccessibleForFree": schema.is_free(files, site.license),
        **stated(post),
        "inLanguage": post.lang or site.language,
        "keywords": keywords(post),
    }


def _modified(post: Post, date: str) -> str:
    """When the post changed, if that was after it and its work were published."""
    if post.updated is None or post.updated <= post.published:
        return ""
    return schema.moment(post.updated) if post.updated.date().isoformat()[: len(date)] >= date else ""


def _description(summary: str, abstract: str) -> str:
    """The post's summary, unless it is nothing but the beginning of the abstract."""
    words = summary.rstrip("…").split()
    beginning = abstract.split(maxsplit=len(words))[: len(words)]
    return "" if " ".join(beginning).startswith(" ".join(words)) else summary


def _page(post: Post, license_url: str) -> Node:
    return filled({"@type": "WebPage", "@id": post.url, "license": schema.web(license_url)}) if post.own_page else {}


def _preprint(work: Work, pages: list[str]) -> Node:
    if not work.preprint_doi or work.preprint_doi == work.doi:
        return {}
    return filled(
        {
            "@type": "ScholarlyArticle",
            "@id": doi_url(work.preprint_doi),
            "publisher": schema.organization(work.preprint_server),
            "creativeWorkStatus": "Preprint",
            "sameAs": pages,
        }
    )


def _event(work: Work) -> Node:
    place = {"@type": "Place", "name": work.location} if work.location else {}
    if not (work.event or place):
        return {}
    return filled({"@type": "Event", "name": work.event, "location": place})


# ---------------------------------------------------------------------------------------------------- the exporters


def _render_item(item: Item, site: Site, options: ItemOptions) -> Iterator[Artifact]:
    title = item.work.title if item.work and item.work.title else item.post.title
    path = output_path(item.post.url, ".jsonld", site.url)
    yield Artifact(
        path=path, media_type=MEDIA_TYPE, body=encode(document(item, site, options, landing(item, site))), title=title
    )


def _render_site(catalog: Catalog, site: Site, _options: NoOptions) -> Iterator[Artifact]:
    body = encode(schema.site_document(catalog, site))
    yield Artifact(path="site.jsonld", media_type=MEDIA_TYPE, body=body, title=site.title)


ITEM = Exporter(
    name="jsonld",
    description="schema.org JSON-LD of each item",
    media_type=MEDIA_TYPE,
    scope="item",
    options=ItemOptions,
    render=_render_item,
)

SITE = Exporter(
    name="site-jsonld",
    description="schema.org JSON-LD of the site and its parts",
    media_type=MEDIA_TYPE,
    scope="site",
    options=NoOptions,
    render=_render_site,
)
