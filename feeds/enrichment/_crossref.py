"""Crossref: what most publishers say of their works.  https://api.crossref.org/swagger-ui/index.html  Private."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from feeds.enrichment._record import (
    Draft,
    Record,
    at,
    doi,
    each,
    group,
    issn,
    licence,
    most_exact,
    named,
    orcid,
    paragraphs,
    parts_date,
    person,
    whole,
    words,
)
from feeds.model import Person

ENDPOINT = "https://api.crossref.org"

_TYPES = frozenset(
    "journal-article proceedings-article posted-content book-chapter book-section book-part book edited-book monograph "
    "reference-book reference-entry report report-series dissertation".split()
)
_PARTS = frozenset({"journal-article", "proceedings-article", "book-chapter", "book-section", "book-part"})


def path(doi: str, _pmid: str) -> str:
    """Where below the endpoint a work is asked for; "" for what cannot be asked here."""
    return f"/works/{quote(doi, safe='/')}" if doi else ""


def records(answer: Any, address: str) -> Iterator[Record]:
    """The work in an answer, when it is a text."""
    message = at(answer, "message")
    kind = words(at(message, "type"))
    if kind not in _TYPES:
        return
    draft = Draft("crossref", address)
    draft.add("authors", whole(_author(a) for a in each(message, "author")))
    dates = [parts_date(at(message, key)) for key in ("issued", "published-online", "published-print", "published")]
    for date in most_exact(dates):
        draft.add("date", date, "issued")
    draft.add("publisher", words(at(message, "publisher")))
    draft.add("license", _licence(message))
    draft.add("abstract", paragraphs(at(message, "abstract")))
    if kind == "posted-content":
        draft.add("preprint_server", words(at(message, "institution", 0, "name")), "institution")
    elif kind in _PARTS:
        _add_place(draft, message, kind)
    found = doi(at(message, "DOI"))
    draft.add("doi", found)
    title = words(at(message, "title", 0))
    yield Record(doi=found, title=title, is_preprint=kind == "posted-content", facts=tuple(draft.facts))


def _add_place(draft: Draft, message: Any, kind: str) -> None:
    """The journal or book, and where in it."""
    containers = [words(c) for c in each(message, "container-title")]
    if len(containers) == 1 or kind == "journal-article":  # of a chapter the other one is a series
        draft.add("journal", next(iter(containers), ""), "container-title")
    for key in ("volume", "issue"):
        draft.add(key, words(at(message, key)))
    draft.add_pages(at(message, "page"))
    draft.add_number(at(message, "article-number"))
    for number in each(message, "ISSN"):
        draft.add("issn", issn(number), "ISSN")


def _author(author: Any) -> Person | None:
    if name := at(author, "name"):
        return group(name)
    affiliation = next((n for a in each(author, "affiliation") if (n := words(at(a, "name")))), "")
    suffix, iri = words(at(author, "suffix")), orcid(at(author, "ORCID"))
    parts = person(at(author, "given"), at(author, "family"), suffix=suffix, orcid=iri, affiliation=affiliation)
    return parts or named(at(author, "given"), orcid=iri, affiliation=affiliation)


def _licence(message: Any) -> str:
    """That of the published version, in force from the start; an unspecified one where it is Creative Commons'."""
    stated = [
        (words(at(x, "content-version")), licence(at(x, "URL")))
        for x in each(message, "license")
        if not at(x, "delay-in-days")
    ]
    sure = [url for version, url in stated if url and version == "vor"]
    open_ = [url for version, url in stated if version in {"vor", "unspecified", ""} and "creativecommons.org" in url]
    return next(iter([*open_, *sure]), "")
