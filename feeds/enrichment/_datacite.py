"""DataCite: theses, reports, preprints and what else archives hold.  https://support.datacite.org/docs/api  Private."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from feeds.enrichment._record import (
    Draft,
    Record,
    at,
    date,
    doi,
    each,
    group,
    issn,
    licence,
    most_exact,
    named,
    orcid,
    paragraphs,
    person,
    whole,
    words,
)
from feeds.model import Person

ENDPOINT = "https://api.datacite.org"

_TYPES = frozenset(
    "Text JournalArticle ConferencePaper Preprint Dissertation Report Book BookChapter DataPaper".split()
)


def path(doi: str, _pmid: str) -> str:
    """Where below the endpoint a work is asked for; "" for what cannot be asked here."""
    return f"/dois/{quote(doi, safe='/')}?affiliation=true" if doi else ""


def records(answer: Any, address: str) -> Iterator[Record]:
    """The work in an answer, when it is a text and no data."""
    said = at(answer, "data", "attributes")
    kind = words(at(said, "types", "resourceTypeGeneral"))
    found = doi(at(said, "doi"))
    if kind not in _TYPES:
        return
    is_preprint = kind == "Preprint" or found.startswith("10.48550/")
    draft = Draft("datacite", address)
    draft.add("authors", whole(_creator(c) for c in each(said, "creators")))
    for day in most_exact([*_dates(said), date(at(said, "publicationYear"))]):
        draft.add("date", day)
    publisher = words(at(said, "publisher", "name")) or words(at(said, "publisher"))
    draft.add("preprint_server" if is_preprint else "publisher", publisher, "publisher")
    draft.add("license", next((u for r in each(said, "rightsList") if (u := licence(at(r, "rightsUri")))), ""))
    abstract = (d for d in each(said, "descriptions") if words(at(d, "descriptionType")) == "Abstract")
    draft.add("abstract", paragraphs(at(next(abstract, None), "description")))
    if not is_preprint and words(at(said, "container", "type")) in {"Journal", "Series"}:
        _add_place(draft, at(said, "container"))
    draft.add("doi", found)
    title = words(at(said, "titles", 0, "title"))
    yield Record(doi=found, title=title, is_preprint=is_preprint, facts=tuple(draft.facts))


def _dates(said: Any) -> Iterator[str]:
    for kind in ("Issued", "Available", "Submitted") if at(said, "dates") else ():
        for stated in each(said, "dates"):
            if words(at(stated, "dateType")) == kind:
                yield date(at(stated, "date"))


def _add_place(draft: Draft, container: Any) -> None:
    draft.add("journal", words(at(container, "title")), "container")
    for key in ("volume", "issue"):
        draft.add(key, words(at(container, key)), "container")
    first, last = words(at(container, "firstPage")), words(at(container, "lastPage"))
    draft.add_pages(f"{first}-{last}" if first and last and first != last else first)
    if words(at(container, "identifierType")) == "ISSN":
        draft.add("issn", issn(at(container, "identifier")), "container")


def _creator(creator: Any) -> Person | None:
    if words(at(creator, "nameType")) == "Organizational":
        return group(at(creator, "name"))
    numbers = each(creator, "nameIdentifiers")
    iri = next((o for n in numbers if (o := orcid(at(n, "nameIdentifier")))), "")
    places = each(creator, "affiliation")
    affiliation = next((n for a in places if (n := words(at(a, "name")) or words(a))), "")
    parts = person(at(creator, "givenName"), at(creator, "familyName"), orcid=iri, affiliation=affiliation)
    return parts or named(at(creator, "name"), orcid=iri, affiliation=affiliation)
