"""The JSON of the services → facts: what is taken, and that nothing odd in it raises."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service_answers as answers
from feeds.enrichment._record import Record
from feeds.enrichment._services import SERVICES
from feeds.model import Fact, Person, Work

AT = "https://services.example/works/1"
ANSWERS: dict[str, Callable[..., dict[str, Any]]] = {
    "crossref": answers.crossref,
    "datacite": answers.datacite,
    "europepmc": answers.europepmc,
    "openalex": answers.openalex,
}


def read(name: str, answer: Any) -> list[Record]:
    return list(SERVICES[name].records(answer, AT))  # type: ignore[index]


def said(name: str, answer: Any) -> dict[str, Any]:
    """Field → value, of the only record; the first value where there are several."""
    [record] = read(name, answer)
    return {fact.field: fact.value for fact in reversed(record.facts)}


def people(value: Any) -> list[tuple[str, str, str, str]]:
    return [(p.given, p.family, p.orcid, p.affiliation) for p in value]


def test_crossref() -> None:
    """Every field of an article, each where the documentation of Crossref has it."""
    found = said("crossref", answers.crossref())
    authors = found.pop("authors")
    assert people(authors) == [
        ("Ada Maria", "Wick", answers.ADA_ORCID, "Lantern Lab, Lampville"),
        ("Bo", "Glow", "", ""),
        ("", "", "", ""),
    ]
    assert authors[1].suffix == "Jr."
    assert authors[2] == Person(name="The Lantern Consortium", organization=True)
    assert found == {
        "journal": "Journal of Imaginary Optics",
        "volume": "12",
        "issue": "3",
        "first_page": "732",
        "last_page": "741",
        "issn": "1234-5679",
        "publisher": "Candle & Sons",
        "date": "2021-03-05",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "abstract": "Background: Wicks burn & glow.\n\nResults: H2O does not.",
        "doi": answers.DOI,
    }


def test_every_fact_says_where_it_comes_from() -> None:
    """Origin, rule and address of a fact are the service's."""
    for name, answer in ANSWERS.items():
        for fact in read(name, answer())[0].facts:
            assert (fact.origin, fact.rule.partition("/")[0], fact.file) == (name, name, AT)


def test_datacite() -> None:
    """A thesis, with its university, its day and its licence."""
    found = said("datacite", answers.datacite())
    assert people(found.pop("authors")) == [
        ("Ada", "Wick", answers.ADA_ORCID, "University of Lampville"),
        ("Bo", "Glow", "", "Lantern Lab"),
    ]
    assert found == {
        "publisher": "University of Lampville",
        "date": "2020-06-30",
        "license": "https://creativecommons.org/licenses/by-sa/4.0/",
        "abstract": "Lamps cast shadows.",
        "doi": "10.5555/thesis.9",
    }


def test_europepmc() -> None:
    """An article of PubMed; a print date that only the month is known of says no day."""
    found = said("europepmc", answers.europepmc())
    assert people(found.pop("authors"))[0] == ("Ada Maria", "Wick", answers.ADA_ORCID, "Lantern Lab, Lampville")
    assert found == {
        "journal": "Journal of imaginary optics",
        "volume": "12",
        "issue": "3",
        "first_page": "732",
        "last_page": "741",
        "issn": "1234-5679",
        "date": "2021-03-05",
        "abstract": "Background: Wicks burn.\n\nResults: Water does not.",
        "doi": answers.DOI,
        "pmid": answers.PMID,
        "pmcid": "PMC9000001",
    }


def test_openalex() -> None:
    """Names as printed, not as its profiles have them; the abstract in the order of its words."""
    found = said("openalex", answers.openalex())
    authors = found.pop("authors")
    assert [(p.name, p.orcid, p.affiliation) for p in authors] == [
        ("Ada Maria Wick", "", "Lantern Lab"),
        ("Bo Glow", "", ""),
    ]
    assert found == {
        "journal": "Journal of Imaginary Optics",
        "publisher": "Candle & Sons",
        "volume": "12",
        "issue": "3",
        "first_page": "732",
        "last_page": "741",
        "issn": "1234-5679",
        "date": "2021-03-05",
        "abstract": "Wicks burn; imaginary Wicks glow.",
        "doi": answers.DOI,
        "pmid": answers.PMID,
        "pmcid": "PMC9000001",
    }


@pytest.mark.parametrize(
    ("more", "field", "expected"),
    [
        ({"page": "e2021"}, "article_number", "e2021"),
        ({"page": "7"}, "first_page", "7"),
        ({"page": "S12–S19"}, "last_page", "S19"),
        ({"page": "1-4,9"}, "first_page", None),
        ({"page": None, "article-number": "104"}, "article_number", "104"),
        ({"issued": {"date-parts": [[None]]}, "published-online": {}, "published-print": None}, "date", None),
        ({"issued": {"date-parts": [[2021, 2, 30]]}}, "date", "2021-03-05"),
        ({"issued": {"date-parts": [[2020, 12, 31]]}}, "date", "2020-12-31"),
        ({"author": [{"given": "Ada", "family": "Wick"}, {"sequence": "additional"}]}, "authors", None),
        ({"author": []}, "authors", None),
        ({"ISSN": ["12345678"]}, "issn", None),
        ({"license": [{"URL": "https://x.example/tdm/l", "content-version": "vor"}]}, "license", None),
        ({"license": [{"URL": "https://x.example/l", "content-version": "am"}]}, "license", None),
        (
            {"license": [{"URL": "https://x.example/l", "content-version": "vor", "delay-in-days": 365}]},
            "license",
            None,
        ),
        ({"license": [{"URL": "https://x.example/l", "content-version": "vor"}]}, "license", "https://x.example/l"),
        ({"abstract": "&lt;p&gt;Wicks &amp;amp; lamps.&lt;/p&gt;"}, "abstract", "Wicks & lamps."),
        ({"abstract": "<jats:p>Abstract Wicks burn.</jats:p>"}, "abstract", "Wicks burn."),
        ({"type": "book-chapter", "container-title": ["Lamps", "A Series"]}, "journal", None),
        ({"type": "book-chapter", "container-title": ["The Book of Lamps"]}, "journal", "The Book of Lamps"),
        ({"type": "report"}, "journal", None),
        ({"DOI": "10.1002/(SICI)1097<1::AID-X1>3.0.CO;2-2"}, "doi", "10.1002/(sici)1097<1::aid-x1>3.0.co;2-2"),
    ],
)
def test_odd_ways_of_crossref(more: dict[str, Any], field: str, expected: str | None) -> None:
    """What is written in another way is read, what means something else is not."""
    assert said("crossref", answers.crossref(**more)).get(field) == expected


def test_a_wrong_orcid_is_none() -> None:
    """An ORCID iD whose check digit is wrong is nobody's."""
    author = {"given": "Ada", "family": "Wick", "ORCID": "https://orcid.org/0000-0002-1825-0096"}
    assert said("crossref", answers.crossref(author=[author]))["authors"][0].orcid == ""


def test_the_first_of_january_is_no_day() -> None:
    """Services that write the first day where they know none are as exact as they are."""
    assert said("openalex", answers.openalex(publication_date="2021-01-01"))["date"] == "2021"
    assert said("openalex", answers.openalex(publication_date="2021-03-01"))["date"] == "2021-03"
    assert said("europepmc", answers.europepmc(firstPublicationDate="2021-01-01"))["date"] == "2021"


def test_preprints_are_told_apart() -> None:
    """Each service has its own word for a preprint, which has a server and no journal."""
    made = {
        "crossref": answers.crossref(type="posted-content", subtype="preprint", institution=[{"name": "bioRxiv"}]),
        "datacite": answers.datacite(types={"resourceTypeGeneral": "Preprint"}, publisher={"name": "arXiv"}),
        "europepmc": answers.europepmc(source="PPR"),
        "openalex": answers.openalex(type="preprint"),
    }
    for name, answer in made.items():
        [record] = read(name, answer)
        assert record.is_preprint
        assert not {"journal", "volume", "first_page", "issn"} & {f.field for f in record.facts}
        assert not read(name, ANSWERS[name]())[0].is_preprint
    assert said("crossref", made["crossref"])["preprint_server"] == "bioRxiv"
    assert said("datacite", made["datacite"])["preprint_server"] == "arXiv"


def test_data_are_no_texts() -> None:
    """The DOI of a data set, a program, a review of a paper or a whole journal tells of no text."""
    assert read("datacite", answers.datacite(types={"resourceTypeGeneral": "Dataset"})) == []
    for kind in ("dataset", "peer-review", "journal", "component"):
        assert read("crossref", answers.crossref(type=kind)) == []
    assert read("openalex", answers.openalex(type="paratext")) == []


def test_the_best_of_several_comes_first() -> None:
    """Of what Europe PMC holds twice, PubMed's record goes before others."""
    other = {"source": "PMC", "doi": answers.DOI, "pmcid": "PMC9000001"}
    turned = answers.europepmc(other)
    turned["resultList"]["result"].reverse()
    assert [r.pmid for r in read("europepmc", turned)] == [answers.PMID, ""]
    assert read("europepmc", {"resultList": {"result": []}}) == []


def test_a_list_that_was_cut_is_none() -> None:
    """Authors of whom some are left out are not taken."""
    assert "authors" not in said("openalex", answers.openalex(is_authors_truncated=True))


def test_an_abstract_with_a_hole_is_none() -> None:
    """An index of words that skips a place, or is endless, gives no text."""
    for index in ({"Wicks": [0], "burn": [2]}, {"Wicks": [0, 10**9]}, {"a": [-1]}, {"a": [0], "b": [0]}, {}):
        assert "abstract" not in said("openalex", answers.openalex(abstract_inverted_index=index))


# ----------------------------------------------------------------------------------------------- odd input

_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(["<jats:p>", "\x00", "10.5555/", "2021-13-45", "0" * 5000, "<" * 3000, " \n" * 3000, "9" * 30]),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.integers()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, below in inner for place in places(below, (*path, key)))]


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    made = copy.copy(document)
    made[path[0]] = changed(made[path[0]], path[1:], value)
    return made


def check(fact: Fact) -> None:
    """A fact is what the model says of its field, in legal text."""
    assert fact.field in Work.__struct_fields__
    values = (
        [v for p in fact.value for v in (p.name, p.given, p.family)] if isinstance(fact.value, tuple) else [fact.value]
    )
    for value in values:
        assert isinstance(value, str)
        assert not re.search("[\x00-\x08\ud800-\udfff\ufffe\uffff]", value)
    if isinstance(fact.value, str):
        assert fact.value.strip() == fact.value != ""
        shapes = {
            "date": r"\d{4}(-\d\d(-\d\d)?)?",
            "issn": r"\d{4}-\d{3}[\dX]",
            "pmid": r"\d+",
            "pmcid": r"PMC\d+",
            "license": r"https?://\S+",
        }
        assert re.fullmatch(shapes.get(fact.field, "(?s).*"), fact.value)


@pytest.mark.parametrize("name", ANSWERS)
@given(data=st.data())
def test_no_answer_raises(name: str, data: st.DataObject) -> None:
    """However a document is changed, what is read of it is sound, and nothing is raised."""
    answer: Any = ANSWERS[name]()
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(places(answer)))
        answer = changed(answer, path, data.draw(_ODD))
    for record in read(name, answer):
        for fact in record.facts:
            check(fact)


@pytest.mark.parametrize("name", ANSWERS)
@given(
    answer=st.recursive(_ODD, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=9), x, max_size=3))
)
def test_anything_may_come(name: str, answer: Any) -> None:
    """An answer that is nothing like what is documented tells of no work, or of an empty one."""
    for record in read(name, answer):
        for fact in record.facts:
            check(fact)
