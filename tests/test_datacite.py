"""DataCite JSON, against documents written by hand and the rules of the 4.5 schema for what may be written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from exchange_items import SITE, cases, collection, item, lines, news, only, people, read
from feeds.exporters import datacite
from feeds.model import Kind, NoOptions, Person

CASES = cases("datacite")
NO_OPTIONS = NoOptions()

# DataCite Metadata Schema 4.5, in short: what each object may have ("*" marks what it must), and controlled lists.
GENERAL = set("Book BookChapter ConferenceProceeding Dissertation Journal JournalArticle Preprint Report Text".split())
MEMBERS = {
    "": "doi url types* creators titles publisher publicationYear subjects dates language alternateIdentifiers "
    "relatedIdentifiers relatedItems formats rightsList descriptions fundingReferences "
    "schemaVersion*",
    "types": "resourceTypeGeneral* resourceType",
    "creators": "name* nameType givenName familyName nameIdentifiers affiliation",
    "nameIdentifiers": "nameIdentifier* nameIdentifierScheme* schemeUri",
    "affiliation": "name* affiliationIdentifier affiliationIdentifierScheme schemeUri",
    "titles": "title*",
    "publisher": "name*",
    "subjects": "subject*",
    "dates": "date* dateType*",
    "alternateIdentifiers": "alternateIdentifier* alternateIdentifierType*",
    "relatedIdentifiers": "relationType* relatedIdentifier* relatedIdentifierType* resourceTypeGeneral",
    "relatedItems": "relationType* relatedItemType* relatedItemIdentifier titles* publicationYear volume issue number "
    "numberType firstPage lastPage",
    "relatedItemIdentifier": "relatedItemIdentifier* relatedItemIdentifierType*",
    "rightsList": "rightsUri",
    "descriptions": "description* descriptionType*",
    "fundingReferences": "funderName* funderIdentifier funderIdentifierType awardNumber awardUri awardTitle",
}
VALUES = {
    "resourceTypeGeneral": GENERAL,
    "relatedItemType": GENERAL,
    "nameType": {"Personal", "Organizational"},
    "dateType": {"Issued"},
    "relationType": {"HasVersion", "IsPublishedIn", "References"},
    "relatedIdentifierType": {"DOI", "URL"},
    "relatedItemIdentifierType": {"ISSN"},
    "numberType": {"Article"},
    "descriptionType": {"Abstract"},
    "schemaVersion": {"http://datacite.org/schema/kernel-4"},
}


def violations(node: Any, place: str = "") -> list[str]:
    """What the schema does not allow, and what is empty."""
    if isinstance(node, list):
        return [wrong for one in node for wrong in violations(one, place)]
    if isinstance(node, str):
        return [f"{place}: {node!r}"] if not node or node not in VALUES.get(place, {node}) else []
    allowed = {name.strip("*"): name.endswith("*") for name in MEMBERS[place].split()}
    found = [f"{place}.{name} is missing" for name, must in allowed.items() if must and name not in node]
    found += [f"{place}.{name} is not known" for name in node if name not in allowed]
    found += [f"{place}.{name} is empty" for name, value in node.items() if not value]
    inside = (violations(value, name if name in MEMBERS or name in VALUES else "any") for name, value in node.items())
    return found + [wrong for several in inside for wrong in several]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """The document of an item is, byte for byte, the one written by hand."""
    artifact = only(datacite.ITEM, read(case))
    assert artifact.body.decode() == (case / "expected.datacite.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases_keep_to_the_schema(case: Path) -> None:
    """What was written by hand is what the schema allows."""
    assert violations(json.loads((case / "expected.datacite.json").read_bytes())) == []


def test_path_and_media_type() -> None:
    """An item's document lies beside its page, a list in the folder of its collection."""
    one = only(datacite.ITEM, item())
    assert (one.path, one.media_type) == ("1.datacite.json", "application/vnd.datacite.datacite+json")
    assert only(datacite.LIST, collection(item(), path="years/2019")).path == "years/2019/publications.datacite.json"


def test_only_works_are_written() -> None:
    """News has no document, and a list of nothing but news no file."""
    assert list(datacite.ITEM.render(news(), SITE, NO_OPTIONS)) == []
    assert list(datacite.LIST.render(collection(news()), SITE, NO_OPTIONS)) == []


def test_list() -> None:
    """A list is an array of the documents of its works."""
    works = json.loads(only(datacite.LIST, collection(item(1), news(), item(2))).body)
    assert works == [json.loads(only(datacite.ITEM, item(number)).body) for number in (1, 2)]


@pytest.mark.parametrize(
    ("kind", "general", "word"),
    [
        ("article", "JournalArticle", "Article"),
        ("review", "JournalArticle", "Review"),
        ("preprint", "Preprint", "Preprint"),
        ("thesis", "Dissertation", "Thesis"),
        ("chapter", "BookChapter", "Chapter"),
        ("book", "Book", "Book"),
        ("report", "Report", "Report"),
        ("talk", "Text", "Presentation"),
        ("poster", "Text", "Poster"),
    ],
)
def test_kinds(kind: Kind, general: str, word: str) -> None:
    """Each kind has its type of resource."""
    types = json.loads(only(datacite.ITEM, item(kind=kind)).body)["types"]
    assert types == {"resourceTypeGeneral": general, "resourceType": word}


def test_what_front_matter_states() -> None:
    """Who paid and what is cited is said with the words of properties 19 and 12."""
    plain = item()
    front = {
        "funding": [
            {"funder": "Lamp Fund", "ror": "https://ror.org/00example1", "award_number": 7},
            {"award_number": "of nobody"},
        ],
        "funder": {"name": "Guild", "id": "10.13039/100"},
        "references": ["10.5555/a", "https://lamps.example.org/"],
    }
    stated = replace(plain, post=replace(plain.post, front=front))
    document = json.loads(only(datacite.ITEM, stated).body)
    assert violations(document) == []
    assert document["fundingReferences"] == [
        {
            "funderName": "Lamp Fund",
            "funderIdentifier": "https://ror.org/00example1",
            "funderIdentifierType": "ROR",
            "awardNumber": "7",
        },
        {
            "funderName": "Guild",
            "funderIdentifier": "https://doi.org/10.13039/100",
            "funderIdentifierType": "Crossref Funder ID",
        },
    ]
    assert [one for one in document["relatedIdentifiers"] if one["relationType"] == "References"] == [
        {"relationType": "References", "relatedIdentifier": "10.5555/a", "relatedIdentifierType": "DOI"},
        {
            "relationType": "References",
            "relatedIdentifier": "https://lamps.example.org/",
            "relatedIdentifierType": "URL",
        },
    ]


@given(lines, lines, lines, people)
def test_any_text_makes_a_valid_document(title: str, journal: str, abstract: str, authors: tuple[Person, ...]) -> None:
    """Whatever a work says, its document is JSON that keeps to the schema."""
    body = only(datacite.ITEM, item(title=title, journal=journal, abstract=abstract, authors=authors)).body
    assert violations(json.loads(body)) == []
    assert re.search(rb"[\x00-\x09\x0b-\x1f]", body) is None
