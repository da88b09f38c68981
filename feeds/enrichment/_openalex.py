"""OpenAlex: an index of everybody's works, gathered by machine.  https://docs.openalex.org  Private.

Who is who there is a guess of its own: names and ORCID iDs are taken as the work prints them, not from its profiles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from feeds.enrichment._record import (
    LONGEST_ABSTRACT,
    Draft,
    Record,
    at,
    digits,
    doi,
    each,
    filled,
    issn,
    named,
    orcid,
    paragraphs,
    whole,
    words,
)
from feeds.model import Person

ENDPOINT = "https://api.openalex.org"

_TYPES = frozenset("article review letter editorial preprint book book-chapter dissertation report".split())


def path(doi: str, pmid: str) -> str:
    """Where below the endpoint a work is asked for; "" for what cannot be asked here."""
    return f"/works/doi:{quote(doi, safe='/')}" if doi else f"/works/pmid:{pmid}" if pmid else ""


def records(answer: Any, address: str) -> Iterator[Record]:
    """The work in an answer, when it is a text."""
    kind = words(at(answer, "type"))
    if kind not in _TYPES:
        return
    venue = at(answer, "primary_location", "source")
    is_preprint = kind == "preprint" or words(at(venue, "type")) == "repository"
    draft = Draft("openalex", address)
    if not at(answer, "is_authors_truncated"):
        draft.add("authors", whole(_author(a) for a in each(answer, "authorships")))
    draft.add("date", filled(at(answer, "publication_date")))
    draft.add("abstract", _abstract(at(answer, "abstract_inverted_index")))
    found, pmid = doi(at(answer, "doi")), digits(at(answer, "ids", "pmid"))
    for field, number in (("doi", found), ("pmid", pmid), ("pmcid", digits(at(answer, "ids", "pmcid"), "PMC"))):
        draft.add(field, number)
    if not is_preprint and words(at(venue, "type")) == "journal":
        _add_place(draft, venue, at(answer, "biblio"))
    title = words(at(answer, "title"))
    yield Record(doi=found, pmid=pmid, title=title, is_preprint=is_preprint, facts=tuple(draft.facts))


def _add_place(draft: Draft, venue: Any, biblio: Any) -> None:
    draft.add("journal", words(at(venue, "display_name")), "source")
    draft.add("publisher", words(at(venue, "host_organization_name")), "source")
    for key in ("volume", "issue"):
        draft.add(key, words(at(biblio, key)), "biblio")
    first, last = words(at(biblio, "first_page")), words(at(biblio, "last_page"))
    draft.add_pages(f"{first}-{last}" if first and last and first != last else first)
    for number in each(venue, "issn"):
        draft.add("issn", issn(number))


def _author(authorship: Any) -> Person | None:
    iri = orcid(at(authorship, "raw_orcid"))
    affiliation = words(at(authorship, "institutions", 0, "display_name"))
    return named(at(authorship, "raw_author_name"), orcid=iri, affiliation=affiliation)


def _abstract(index: Any) -> str:
    """ "{"Lamps": [0, 2], "and": [1]}" → "Lamps and Lamps"; nothing where a word is missing."""
    if not isinstance(index, dict):
        return ""
    placed: dict[int, str] = {}
    for word, places in index.items():
        for place in each(places):
            if not isinstance(place, int) or not 0 <= place < LONGEST_ABSTRACT or place in placed:
                return ""
            placed[place] = str(word)
    return paragraphs(" ".join(placed[n] for n in sorted(placed))) if len(placed) == max(placed, default=0) + 1 else ""
