"""Answers in the shapes that the services document, about works and people that do not exist."""

from __future__ import annotations

from typing import Any

DOI = "10.5555/wicks.2021.7"
PMID = "90000001"
ADA_ORCID = "0000-0002-1825-0097"  # the example of ORCID's own documentation

JATS = (
    "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title><jats:p>Wicks burn &amp; "
    "<jats:italic>glow</jats:italic>.</jats:p></jats:sec><jats:sec><jats:title>Results</jats:title>"
    "<jats:p>H<jats:sub>2</jats:sub>O does not.</jats:p></jats:sec>"
)


def crossref(**more: Any) -> dict[str, Any]:
    """GET /works/{doi} of Crossref's REST API."""
    message = {
        "DOI": DOI.upper(),
        "type": "journal-article",
        "title": ["How wicks of imaginary lamps burn"],
        "author": [
            {
                "given": "Ada Maria",
                "family": "Wick",
                "ORCID": f"http://orcid.org/{ADA_ORCID}",
                "authenticated-orcid": True,
                "sequence": "first",
                "affiliation": [{"name": "Lantern Lab, Lampville"}],
            },
            {"given": "Bo", "family": "Glow", "suffix": "Jr.", "sequence": "additional", "affiliation": []},
            {"name": "The Lantern Consortium", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["Journal of Imaginary Optics"],
        "short-container-title": ["J Imag Opt"],
        "volume": "12",
        "issue": "3",
        "page": "732-41",
        "ISSN": ["1234-5679", "9876-543X"],
        "publisher": "Candle &amp; Sons",
        "issued": {"date-parts": [[2021, 3]]},
        "published-online": {"date-parts": [[2021, 3, 5]]},
        "published-print": {"date-parts": [[2021, 4, 1]]},
        "license": [
            {"URL": "https://candles.example/tdm", "content-version": "tdm", "delay-in-days": 0},
            {"URL": "http://creativecommons.org/licenses/by/4.0", "content-version": "vor", "delay-in-days": 0},
        ],
        "abstract": JATS,
        "relation": {},
        **more,
    }
    return {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}


def datacite(**more: Any) -> dict[str, Any]:
    """GET /dois/{doi} of DataCite's REST API."""
    attributes = {
        "doi": "10.5555/thesis.9",
        "types": {"resourceTypeGeneral": "Dissertation", "resourceType": "PhD thesis"},
        "titles": [{"title": "Lamps and their shadows"}],
        "creators": [
            {
                "name": "Wick, Ada",
                "nameType": "Personal",
                "givenName": "Ada",
                "familyName": "Wick",
                "affiliation": [{"name": "University of Lampville"}],
                "nameIdentifiers": [
                    {"nameIdentifier": f"https://orcid.org/{ADA_ORCID}", "nameIdentifierScheme": "ORCID"}
                ],
            },
            {"name": "Glow, Bo", "affiliation": ["Lantern Lab"], "nameIdentifiers": []},
        ],
        "publisher": "University of Lampville",
        "publicationYear": 2020,
        "dates": [{"date": "2020-06-30", "dateType": "Issued"}, {"date": "2019-01-02", "dateType": "Submitted"}],
        "rightsList": [{"rightsUri": "https://creativecommons.org/licenses/by-sa/4.0/legalcode"}],
        "descriptions": [
            {"description": "Chapters.", "descriptionType": "TableOfContents"},
            {"description": "Lamps cast shadows.", "descriptionType": "Abstract"},
        ],
        "container": {},
        "relatedIdentifiers": [],
        **more,
    }
    return {"data": {"id": "10.5555/thesis.9", "type": "dois", "attributes": attributes}}


def europepmc(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    """GET /search?resultType=core&format=json of Europe PMC's articles API."""
    result = {
        "id": PMID,
        "source": "MED",
        "pmid": PMID,
        "pmcid": "PMC9000001",
        "doi": DOI,
        "title": "How wicks of imaginary lamps burn.",
        "authorList": {
            "author": [
                {
                    "fullName": "Wick AM",
                    "firstName": "Ada Maria",
                    "lastName": "Wick",
                    "initials": "AM",
                    "authorId": {"type": "ORCID", "value": ADA_ORCID},
                    "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "Lantern Lab, Lampville."}]},
                },
                {"fullName": "Glow B", "firstName": "Bo", "lastName": "Glow", "initials": "B"},
                {"collectiveName": "The Lantern Consortium"},
            ]
        },
        "journalInfo": {
            "issue": "3",
            "volume": "12",
            "dateOfPublication": "2021 Mar",
            "printPublicationDate": "2021-03-01",
            "journal": {
                "title": "Journal of imaginary optics : official journal of nobody",
                "isoabbreviation": "J Imag Opt",
                "issn": "1234-5679",
                "essn": "9876-543X",
            },
        },
        "pubYear": "2021",
        "pageInfo": "732-741",
        "abstractText": "<h4>Background</h4>Wicks burn.<h4>Results</h4>Water does not.",
        "firstPublicationDate": "2021-03-05",
        "license": "cc by",
        **more,
    }
    return {"version": "6.9", "hitCount": 1, "resultList": {"result": [result, *results]}}


def openalex(**more: Any) -> dict[str, Any]:
    """GET /works/doi:… of OpenAlex."""
    return {
        "id": "https://openalex.org/W9000000001",
        "doi": f"https://doi.org/{DOI}",
        "title": "How wicks of imaginary lamps burn",
        "type": "article",
        "publication_date": "2021-03-05",
        "publication_year": 2021,
        "ids": {
            "doi": f"https://doi.org/{DOI}",
            "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{PMID}",
            "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/9000001",
        },
        "authorships": [
            {
                "author": {"display_name": "A. M. Wickham", "orcid": "https://orcid.org/0000-0001-5109-3700"},
                "raw_author_name": "Ada Maria Wick",
                "institutions": [{"display_name": "Lantern Lab"}],
            },
            {"author": {"display_name": "B. Glow"}, "raw_author_name": "Glow, Bo", "institutions": []},
        ],
        "primary_location": {
            "source": {
                "display_name": "Journal of Imaginary Optics",
                "type": "journal",
                "issn": ["1234-5679"],
                "host_organization_name": "Candle & Sons",
            },
            "license": "cc-by",
        },
        "biblio": {"volume": "12", "issue": "3", "first_page": "732", "last_page": "741"},
        "open_access": {"is_oa": True},
        "abstract_inverted_index": {"Wicks": [0, 3], "burn;": [1], "imaginary": [2], "glow.": [4]},
        **more,
    }
