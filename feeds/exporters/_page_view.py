"""A work as the template of its page gets it: plain values with everything settled that a page says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters import _page_parts as parts
from feeds.exporters import bibtex
from feeds.exporters._entry import language
from feeds.exporters._page_parts import Author, Date, Link
from feeds.exporters._work import citation, doi_url, keywords, venue
from feeds.model import Item, Listing, Person, Site, Work
from feeds.text import is_web, legal, squeeze

_SHOWN = 30  # names of authors to be seen at once; the others fold out


class View(Struct, frozen=True, kw_only=True):
    """A work as the template gets it, under the name `work`."""

    title: str
    kind: str  # "Article"
    lang: str
    authors: tuple[Author, ...]  # the first ones
    more_authors: tuple[Author, ...]  # the others, where there are very many
    truncated: bool  # the post itself leaves authors out
    affiliations: tuple[str, ...]  # of the authors, in the order of their numbers
    numbered: bool  # do authors have numbers?  Not where all have the one affiliation
    venue: str  # journal, book, meeting, institution
    numbers: str  # "7(2), 12–19"
    location: str  # of a meeting
    date: Date | None
    doi: str
    doi_url: str
    abstract: tuple[str, ...]  # paragraphs
    summary: str  # of the post, where there is no abstract
    keywords: tuple[str, ...]
    license: str
    citation: str  # plain text
    bibtex: str
    post: str  # address of the post on the site; "" of a record
    files: tuple[Link, ...]
    elsewhere: tuple[Link, ...]  # pages about the work: PubMed, the publisher, its preprint
    related: tuple[Link, ...]  # what else the post links: code, data
    formats: tuple[Link, ...]  # the record in other formats


def view(item: Item, work: Work, site: Site, page: str) -> View:
    """The work of `item` for the page at the path `page`."""
    post = item.post
    affiliations = list(dict.fromkeys(p.affiliation for p in work.authors if p.name.strip() and p.affiliation))
    named = [person for person in work.authors if person.name.strip()]
    numbered = len(affiliations) > 1 or not all(person.affiliation for person in named)
    people = [_author(p, affiliations if numbered else [], item.listings, page) for p in named]
    elsewhere, related = parts.elsewhere(work, post, site)
    title = parts.title(item)
    return View(
        title=title,
        kind=work.kind.capitalize(),
        lang=language(post.lang),
        authors=tuple(people[:_SHOWN]),
        more_authors=tuple(people[_SHOWN:]),
        truncated=work.authors_truncated,
        affiliations=tuple(affiliations),
        numbered=bool(affiliations) and numbered,
        venue=venue(work),
        numbers=parts.numbers(work),
        location=work.location,
        date=parts.date(work.date) if work.date else None,
        doi=work.doi,
        doi_url=doi_url(work.doi),
        abstract=tuple(one.strip() for one in work.abstract.split("\n\n") if one.strip()),
        summary="" if work.abstract else post.summary,
        keywords=tuple(keywords(post)),
        license=work.license if is_web(work.license) else "",
        citation=citation(work, title),
        bibtex=_bibtex(item, work),
        post=post.url if post.form == "page" and is_web(post.url) else "",
        files=tuple(parts.files(item)),
        elsewhere=tuple(elsewhere),
        related=tuple(related),
        formats=tuple(parts.documents(item.documents, page)),
    )


def _author(person: Person, affiliations: list[str], listings: Sequence[Listing], page: str) -> Author:
    own = next((one for one in listings if one.each == "author" and _is_of(one, person)), None)
    return Author(
        name=person.name,
        href=parts.relative(parts.list_path(own.path), page) if own else "",
        orcid=person.orcid,
        affiliation=person.affiliation,
        number=affiliations.index(person.affiliation) + 1 if person.affiliation in affiliations else 0,
    )


def _is_of(listing: Listing, person: Person) -> bool:
    """Is it the list of this person?  Two authors of one work may have one name."""
    return listing.key == person.orcid if person.orcid else listing.value == squeeze(legal(person.name))


def navigation(listings: Sequence[Listing], page: str) -> dict[str, Any]:
    """Links of `page` to the lists that it is on: to everything, to its year, to the other collections."""

    def link(one: Listing) -> Link:
        return Link(href=parts.relative(parts.list_path(one.path), page), label=one.title)

    return {
        "everything": next((link(one) for one in listings if not one.name), None),
        "year": next((link(one) for one in listings if one.each == "year"), None),
        "collections": [link(one) for one in listings if one.name and one.each not in {"author", "year"}],
    }


def _bibtex(item: Item, work: Work) -> str:
    """The entry to copy, without the abstract, which stands above it."""
    return bibtex.entry(replace(item, work=replace(work, abstract="")))
