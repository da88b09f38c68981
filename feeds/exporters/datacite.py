"""DataCite JSON, what repositories take to describe or register a work: a file an item, and one of all works.

DataCite Metadata Schema 4.5, https://datacite-metadata-schema.readthedocs.io/en/4.5/ (properties 1 to 20), in the JSON
of DataCite's REST API: the attributes alone, as application/vnd.datacite.datacite+json.
Creators, title, publisher and year are obligatory there; what a post does not say of them is left out all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from feeds.exporters._exchange import (
    SEPARATOR,
    array,
    inverted,
    literal,
    named,
    of_item,
    of_list,
    one_line,
    publisher,
    title,
)
from feeds.exporters._stated import Grant, grants, references
from feeds.exporters._work import keywords, own_page
from feeds.model import Artifact, Collection, Exporter, Item, Kind, NoOptions, Person, Post, Site, Work
from feeds.text import is_web, media_type

MEDIA_TYPE = "application/vnd.datacite.datacite+json"

# resourceTypeGeneral (appendix 1) and the kind in a word of our own.
_TYPES: dict[Kind, tuple[str, str]] = {
    "article": ("JournalArticle", "Article"),
    "review": ("JournalArticle", "Review"),
    "preprint": ("Preprint", "Preprint"),
    "thesis": ("Dissertation", "Thesis"),
    "chapter": ("BookChapter", "Chapter"),
    "book": ("Book", "Book"),
    "report": ("Report", "Report"),
    "talk": ("Text", "Presentation"),
    "poster": ("Text", "Poster"),
}
_CONTAINERS: dict[Kind, str] = {"chapter": "Book", "talk": "ConferenceProceeding", "poster": "ConferenceProceeding"}

Node = dict[str, Any]


def attributes(item: Item, work: Work) -> Node:
    """The work's metadata, what is not known left out."""
    post = item.post
    general, word = _TYPES[work.kind]
    said = {
        "doi": work.doi,
        "url": own_page(post),
        "types": {"resourceTypeGeneral": general, "resourceType": word},
        "creators": [_creator(person) for person in named(work.authors)],
        "titles": [{"title": name}] if (name := title(item)) else [],
        "publisher": {"name": publisher(work)} if publisher(work) else {},
        "publicationYear": work.date[:4],
        "subjects": [{"subject": word} for word in dict.fromkeys(keywords(post)) if word.strip()],
        "dates": [{"date": work.date, "dateType": "Issued"}] if work.date else [],
        "language": post.lang,
        "alternateIdentifiers": _identifiers(work),
        "relatedIdentifiers": _preprint(work) + _cited(post),
        "relatedItems": [_container(work)] if work.journal else [],
        "formats": _formats(item, work),
        "rightsList": [{"rightsUri": work.license}] if is_web(work.license) else [],
        "descriptions": [{"description": work.abstract, "descriptionType": "Abstract"}]
        if work.abstract.strip()
        else [],
        "fundingReferences": [_funding(grant) for grant in grants(post) if grant.funder],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return _filled(said)


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value}


def _creator(person: Person) -> Node:
    whole = literal(person)
    orcid = _identifier("ORCID", "https://orcid.org", f"https://orcid.org/{person.orcid}" if person.orcid else "")
    ror = _identifier("ROR", "https://ror.org", person.ror if person.organization else "")
    node = {
        "name": inverted(person),
        "nameType": "Organizational" if person.organization else "" if whole else "Personal",
        "givenName": "" if whole else one_line(person.given),
        "familyName": "" if whole else one_line(person.family),
        "nameIdentifiers": [node for node in (orcid, ror) if node],
        "affiliation": _affiliation(person),
    }
    return _filled(node)


def _identifier(scheme: str, uri: str, address: str) -> Node:
    return {"nameIdentifier": address, "nameIdentifierScheme": scheme, "schemeUri": uri} if address else {}


def _affiliation(person: Person) -> list[Node]:
    """Where a person works; the ROR id of a person is that of the place."""
    if not person.affiliation.strip():
        return []
    node = {"name": person.affiliation}
    if person.ror and not person.organization:
        node |= {
            "affiliationIdentifier": person.ror,
            "affiliationIdentifierScheme": "ROR",
            "schemeUri": "https://ror.org",
        }
    return [node]


def _identifiers(work: Work) -> list[Node]:
    """Other names of the work itself."""
    known = (("PMID", work.pmid), ("PMCID", work.pmcid), ("arXiv", f"arXiv:{work.arxiv}" if work.arxiv else ""))
    return [{"alternateIdentifier": name, "alternateIdentifierType": kind} for kind, name in known if name]


def _preprint(work: Work) -> list[Node]:
    """Its preprint is a version of it, as arXiv says it the other way round of its own."""
    if not work.preprint_doi or work.preprint_doi == work.doi:
        return []
    related = {"relatedIdentifier": work.preprint_doi, "relatedIdentifierType": "DOI"}
    return [{"relationType": "HasVersion", **related, "resourceTypeGeneral": "Preprint"}]


def _cited(post: Post) -> list[Node]:
    return [
        {"relationType": "References", "relatedIdentifier": one.doi or one.url, "relatedIdentifierType": kind}
        for one in references(post)
        if (kind := "DOI" if one.doi else "URL" if one.url else "")
    ]


def _funding(grant: Grant) -> Node:
    """Who paid (property 19)."""
    node = {
        "funderName": grant.funder,
        "funderIdentifier": grant.funder_id,
        "funderIdentifierType": _funder_scheme(grant.funder_id),
        "awardNumber": grant.number,
        "awardUri": grant.url,
        "awardTitle": grant.title,
    }
    return _filled(node)


def _funder_scheme(address: str) -> str:
    known = {"https://ror.org/": "ROR", "https://doi.org/10.13039/": "Crossref Funder ID"}
    return next((name for start, name in known.items() if address.startswith(start)), "Other" if address else "")


def _container(work: Work) -> Node:
    """What it appeared in, and where in that (property 20)."""
    number = {"number": work.article_number, "numberType": "Article"} if work.article_number else {}
    node = {
        "relationType": "IsPublishedIn",
        "relatedItemType": _CONTAINERS.get(work.kind, "Journal"),
        "relatedItemIdentifier": _filled({"relatedItemIdentifier": work.issn, "relatedItemIdentifierType": "ISSN"})
        if work.issn
        else {},
        "titles": [{"title": work.journal}],
        "publicationYear": work.date[:4],
        "volume": work.volume,
        "issue": work.issue,
        **number,
        "firstPage": work.first_page,
        "lastPage": work.last_page,
    }
    return _filled(node)


def _formats(item: Item, work: Work) -> list[str]:
    """Media types of the files that go with it."""
    stated = [file.media_type or media_type(file.url) for file in item.post.attachments if is_web(file.url)]
    pdf = ["application/pdf"] if is_web(work.pdf) else []
    return list(dict.fromkeys(name for name in (*pdf, *stated) if name))


def _encoded(item: Item, work: Work) -> bytes:
    return msgspec.json.format(msgspec.json.encode(attributes(item, work)), indent=2)


def _render_item(item: Item, site: Site, _options: NoOptions) -> Iterator[Artifact]:
    if item.work:
        yield of_item(item, site, ".datacite.json", MEDIA_TYPE, _encoded(item, item.work) + b"\n")


def piece(item: Item, _options: NoOptions) -> bytes:
    """What a work adds to a list; b"" for an item without a work."""
    return _encoded(item, item.work) + SEPARATOR if item.work else b""


def _render_list(collection: Collection, _site: Site, options: NoOptions) -> list[Artifact]:
    return of_list(collection, ".datacite.json", MEDIA_TYPE, array(collection, piece, options))


ITEM = Exporter(
    name="datacite",
    description="DataCite JSON of each work, for repositories",
    media_type=MEDIA_TYPE,
    scope="item",
    options=NoOptions,
    render=_render_item,
)

LIST = Exporter(
    name="datacite-list",
    description="DataCite JSON of all works of a collection",
    media_type=MEDIA_TYPE,
    scope="list",
    options=NoOptions,
    render=_render_list,
    piece=piece,
)
