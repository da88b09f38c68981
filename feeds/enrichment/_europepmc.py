"""Europe PMC: PubMed and more of the life sciences.  https://europepmc.org/RestfulWebService  Private."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from feeds.enrichment._record import (
    Draft,
    Record,
    at,
    date,
    digits,
    doi,
    each,
    filled,
    group,
    issn,
    most_exact,
    named,
    orcid,
    paragraphs,
    person,
    whole,
    words,
)
from feeds.model import Person

ENDPOINT = "https://www.ebi.ac.uk/europepmc/webservices/rest"

_RANKS = ("MED", "PMC", "PPR")  # of the databases it holds a work in, the best first


def path(doi: str, pmid: str) -> str:
    """Where below the endpoint a work is asked for; "" for what cannot be asked here."""
    query = f'DOI:"{doi}"' if doi and '"' not in doi else f"EXT_ID:{pmid} AND SRC:MED" if pmid else ""
    return f"/search?query={quote(query, safe='')}&resultType=core&format=json" if query else ""


def records(answer: Any, address: str) -> Iterator[Record]:
    """The works in an answer, the best described first."""
    found = [r for r in each(answer, "resultList", "result") if words(at(r, "source")) in _RANKS]
    for result in sorted(found, key=lambda r: _RANKS.index(words(at(r, "source")))):
        yield _record(result, address)


def _record(result: Any, address: str) -> Record:
    is_preprint = words(at(result, "source")) == "PPR"
    draft = Draft("europepmc", address)
    draft.add("authors", whole(_author(a) for a in each(result, "authorList", "author")))
    for day in most_exact(filled(at(result, key)) for key in ("firstPublicationDate", "electronicPublicationDate")):
        draft.add("date", day)
    draft.add("date", date(at(result, "pubYear")))
    draft.add("abstract", paragraphs(at(result, "abstractText")))
    numbers = doi(at(result, "doi")), digits(at(result, "pmid")), digits(at(result, "pmcid"), "PMC")
    for field, number in zip(("doi", "pmid", "pmcid"), numbers, strict=True):
        draft.add(field, number)
    if not is_preprint:
        _add_place(draft, result)
    return Record(
        doi=numbers[0],
        pmid=numbers[1],
        title=words(at(result, "title")),
        is_preprint=is_preprint,
        facts=tuple(draft.facts),
    )


def _add_place(draft: Draft, result: Any) -> None:
    info = at(result, "journalInfo")
    draft.add("journal", words(at(info, "journal", "title")).partition(" : ")[0])
    for key in ("volume", "issue"):
        draft.add(key, words(at(info, key)))
    draft.add_pages(at(result, "pageInfo"))
    for key in ("issn", "essn"):
        draft.add("issn", issn(at(info, "journal", key)), key)


def _author(author: Any) -> Person | None:
    if name := at(author, "collectiveName"):
        return group(name)
    iri = orcid(at(author, "authorId", "value")) if at(author, "authorId", "type") == "ORCID" else ""
    places = each(author, "authorAffiliationDetailsList", "authorAffiliation")
    affiliation = next((n for p in places if (n := words(at(p, "affiliation")))), "")
    affiliation = "" if "@" in affiliation else affiliation.rstrip(".")
    given = at(author, "firstName") or at(author, "initials")
    suffix = words(at(author, "suffix"))
    parts = person(given, at(author, "lastName"), orcid=iri, affiliation=affiliation, suffix=suffix)
    return parts or named(at(author, "fullName"))
