"""What services say, beside what posts print: what is filled, what is left alone, what is told as a disagreement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service_answers as answers
from feeds import enrichment
from feeds.enrichment import Disagreement
from feeds.enrichment._disagree import _DIFFER
from feeds.enrichment._services import SERVICES
from feeds.model import Fact, Item, Origin, Person, Work
from feeds.scholarly.resolve import extract, resolve
from scholarly_posts import EXTRACTORS, post_of

AT = "https://services.example/1"
BARE = f"---\ntitle: On wicks\ndate: 2021-04-01\ndoi: {answers.DOI}\n---\n"


def fact(field: str, value: Any, origin: Origin = "crossref") -> Fact:
    return Fact(field=field, value=value, origin=origin, rule=f"{origin}/{field}", file=AT)


def facts_of(origin: Origin = "crossref", **more: Any) -> tuple[Fact, ...]:
    made = {"crossref": answers.crossref, "europepmc": answers.europepmc, "openalex": answers.openalex}[origin]
    return next(SERVICES[origin].records(made(**more), AT)).facts


def item_of(text: str, *told: Fact, people: tuple[Person, ...] = ()) -> Item:
    post = post_of(text)
    facts = (*extract(post, EXTRACTORS), *told)
    return Item(post=post, work=resolve(post, facts, people), facts=facts)


def work_of(text: str, *told: Fact, people: tuple[Person, ...] = ()) -> Work:
    work = item_of(text, *told, people=people).work
    assert work is not None
    return work


def names(work: Work) -> list[tuple[str, str]]:
    return [(p.name, p.orcid) for p in work.authors]


# ----------------------------------------------------------------------------------------------- filling


def test_blank_fields_are_filled() -> None:
    """Of a post that gives a DOI alone, everything that Crossref knows is in the work."""
    work = work_of(BARE, *facts_of())
    assert (work.kind, work.journal, work.volume, work.issue) == ("article", "Journal of Imaginary Optics", "12", "3")
    assert (work.first_page, work.last_page, work.issn) == ("732", "741", "1234-5679")
    assert work.abstract.startswith("Background: ")
    assert [p.name for p in work.authors] == ["Ada Maria Wick", "Bo Glow", "The Lantern Consortium"]
    assert work.title == "On wicks"


def test_nothing_stated_is_replaced() -> None:
    """Whatever the post says of a field is published, printed or in the front matter, in whatever order facts come."""
    text = BARE.replace("---\n", "---\njournal: Wick Letters\nvolume: 7\nissue: 1\npages: 1-9\npublisher: Us\n", 1)
    text += "\n#### Cora Flame, Dan Spark\n\n**Abstract** Our own words about the matter.\n"
    plain, told = work_of(text), facts_of()
    enriched = work_of(text, *told)
    for field in ("title", "authors", "journal", "volume", "issue", "first_page", "last_page", "publisher", "abstract"):
        assert getattr(enriched, field) == getattr(plain, field) != "", field
    post = post_of(text)
    assert resolve(post, (*told, *extract(post, EXTRACTORS)), ()) == enriched


def test_a_record_goes_before_services() -> None:
    """What the BibTeX record of a work says is evidence of a person, and counts more than a service's."""
    record = Fact(field="volume", value="7", origin="record", rule="front/volume", file="bib:a")
    assert work_of(BARE, fact("volume", "12"), record).volume == "7"


def test_services_have_their_own_order() -> None:
    """Crossref goes before DataCite, Europe PMC and OpenAlex, wherever they stand in the list."""
    told = [fact("volume", o, o) for o in ("openalex", "europepmc", "datacite", "crossref")]
    for first, expected in enumerate(("crossref", "datacite", "europepmc", "openalex")):
        assert work_of(BARE, *told[: 4 - first]).volume == expected


def test_what_kind_it_is_services_do_not_decide() -> None:
    """News stays news, a preprint a preprint without a journal, a talk a talk without pages."""
    news = "---\ntitle: We moved\n---\nTo a new house.\n"
    assert item_of(news, *facts_of("europepmc")).work is None
    preprint = work_of("---\ntitle: On wicks\njournal: bioRxiv\ndoi: 10.1101/999854\n---\n", *facts_of())
    assert (preprint.kind, preprint.journal, preprint.volume, preprint.first_page) == ("preprint", "", "", "")
    talk = work_of("---\ntitle: On wicks\ncategory: presentations\n---\n", *facts_of())
    assert (talk.kind, talk.journal, talk.volume, talk.article_number) == ("talk", "", "", "")


@pytest.mark.parametrize(
    ("printed", "offered", "expected"),
    [
        ("(1998)", ["1998-03-05"], "1998-03-05"),
        ("(1998)", ["1997-12-20", "1998-03-01"], "1998-03-01"),
        ("(1998)", ["1997-12-20"], "1998"),
        ("1998 Mar", ["1998-04-01"], "1998-03"),
        ("1998 Mar 5", ["1998-03-07"], "1998-03-05"),
    ],
)
def test_dates_become_more_exact(printed: str, offered: list[str], expected: str) -> None:
    """Only within the year and month that are printed."""
    text = f"---\ntitle: On wicks\ndate: 2021-04-01\n---\n#### Ada Wick, Bo Glow\n##### Wick Letters {printed}\n"
    assert work_of(text, *(fact("date", d) for d in offered)).date == expected


def test_pages_come_from_one_place() -> None:
    """A printed first page gets the last one of the service that has the same first page, and no other."""
    text = "---\ntitle: On wicks\n---\n#### Ada Wick, Bo Glow\n##### Wick Letters 12, {} (2021)\n"
    told = (fact("first_page", "732"), fact("last_page", "741"))
    assert (work_of(text.format("732"), *told).first_page, work_of(text.format("732"), *told).last_page) == (
        "732",
        "741",
    )
    assert work_of(text.format("45"), *told).last_page == ""
    mixed = work_of(BARE, fact("article_number", "104"), fact("first_page", "1", "openalex"))
    assert (mixed.article_number, mixed.first_page) == ("104", "")


# ----------------------------------------------------------------------------------------------- authors


def byline(line: str) -> str:
    return f"{BARE}\n#### {line}\n##### Wick Letters 12 (2021)\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "Wick AM, Glow B", [("Ada Maria Wick", answers.ADA_ORCID), ("Bo Glow", "")], id="initials become names"
        ),
        pytest.param(
            "Ada Wick, Bo Glow", [("Ada Wick", answers.ADA_ORCID), ("Bo Glow", "")], id="printed names stay as printed"
        ),
        pytest.param("Wíck A, Glow B", [("Ada Maria Wick", answers.ADA_ORCID), ("Bo Glow", "")], id="an accent"),
        pytest.param("Wick A, Flame C", [("A Wick", ""), ("C Flame", "")], id="another family name"),
        pytest.param("Wick Z, Glow B", [("Z Wick", ""), ("B Glow", "")], id="other initials"),
        pytest.param("Glow B, Wick A", [("B Glow", ""), ("A Wick", "")], id="another order"),
        pytest.param("Wick A, Glow B, Flame C", [("A Wick", ""), ("B Glow", ""), ("C Flame", "")], id="one more"),
    ],
)
def test_names_are_completed_where_both_lists_agree(line: str, expected: list[tuple[str, str]]) -> None:
    """In number, order, family names and initials; else the printed list stays as it is."""
    assert names(work_of(byline(line), *facts_of())) == expected


def test_a_list_cut_short_is_brought_to_its_end() -> None:
    """ "et al." becomes those who are meant, when those who are printed stand there in that order."""
    work = work_of(byline("Wick AM, et al."), *facts_of())
    assert [p.name for p in work.authors] == ["Ada Maria Wick", "Bo Glow", "The Lantern Consortium"]
    assert not work.authors_truncated
    other = work_of(byline("Flame C, et al."), *facts_of())
    assert ([p.name for p in other.authors], other.authors_truncated) == (["C Flame"], True)
    turned = work_of(byline("Glow B, Wick A, et al."), *facts_of())
    assert turned.authors_truncated


def test_several_services_complete_each_other() -> None:
    """An ORCID iD that Crossref does not have comes from Europe PMC; a capital letter alone is no fuller name."""
    author = [{"given": "A.", "family": "Wick"}, {"given": "B.", "family": "Glow"}]
    work = work_of(byline("Wick AM, Glow B"), *facts_of("europepmc"), *facts_of(author=author))
    assert names(work) == [("Ada Maria Wick", answers.ADA_ORCID), ("Bo Glow", "")]
    alone = work_of(byline("Wick AM, Glow B"), *facts_of(author=author))
    assert names(alone) == [("AM Wick", ""), ("B Glow", "")]


def test_people_of_the_site_go_before_services() -> None:
    """What a site says of its own people is not replaced, only completed."""
    ada = Person(name="Ada Wick", given="Ada", family="Wick", affiliation="Lamp House", aliases=("@ada",))
    [first, _] = work_of(byline("Wick A, Glow B"), *facts_of(), people=(ada,)).authors
    assert (first.name, first.affiliation, first.orcid) == ("Ada Wick", "Lamp House", answers.ADA_ORCID)
    assert first.aliases == ("@ada",)


def test_capitals_are_no_fuller_name() -> None:
    """A name that a publisher shouts is not taken over, its ORCID iD is."""
    author = [{"given": "ADA", "family": "WICK", "ORCID": answers.ADA_ORCID}, {"given": "BO", "family": "GLOW"}]
    assert names(work_of(byline("Wick A, Glow B"), *facts_of(author=author))) == [
        ("A Wick", answers.ADA_ORCID),
        ("B Glow", ""),
    ]


# ----------------------------------------------------------------------------------------------- disagreements

CITED = "---\ntitle: On wicks\n{}\n---\n#### {}\n"


def found(keys: str, *told: Fact, authors: str = "Ada Wick, Bo Glow") -> list[tuple[str, str, str]]:
    item = item_of(CITED.format(keys, authors), *told)
    return [(d.field, d.printed, d.other) for d in enrichment.disagreements(item)]


@pytest.mark.parametrize(
    ("keys", "field", "other", "differs"),
    [
        ("volume: '12'", "volume", "21", True),
        ("volume: '12'", "volume", "012", False),
        ("volume: 12A", "volume", "12", False),
        ("issue: 3-4", "issue", "3–4", False),
        ("issue: '3'", "issue", "4", True),
        ("issue: Suppl 1", "issue", "S1", False),
        ("pages: 732-741", "last_page", "41", False),
        ("pages: 732-741", "last_page", "745", True),
        ("pages: 732-741", "first_page", "723", True),
        ("pages: e104", "article_number", "104", False),
        ("pages: 1-12", "article_number", "104", False),
        ("journal: Journal of Imaginary Optics", "journal", "J Imag Opt", False),
        ("journal: J. Imag. Opt.", "journal", "Journal of Imaginary Optics", False),
        (
            "journal: PNAS",
            "journal",
            "Proceedings of the National Academy of Sciences of the United States of America",
            False,
        ),
        ("journal: Optics (Lampville, Nowhere)", "journal", "Optics", False),
        ("journal: Lamps & Wicks", "journal", "Lamps and Wicks", False),
        ("journal: Nature", "journal", "Nature Communications", True),
        ("journal: Wick Letters", "journal", "Lamp Reports", True),
        ("journal: J Cell Sci", "journal", "Journal of Cell Biology", True),
        ("pmid: 12345678", "pmid", "12345679", True),
        ("pmid: 12345678", "pmid", "12345678", False),
        ("pmcid: PMC123456", "pmcid", "PMC123456", False),
        ("issn: 1234-5679", "issn", "9876-543X", True),
        ("date: 2020-05-01", "date", "2019-12-31", False),
        ("date: 2020-05-01", "date", "2021", False),
        ("date: 2020-05-01", "date", "2012-05-01", True),
    ],
)
def test_what_is_a_disagreement(keys: str, field: str, other: str, differs: bool) -> None:
    """Another number or name is one, another spelling is none."""
    told = found(f"{keys}\ndoi: {answers.DOI}", fact(field, other))
    assert [(d[0], d[2]) for d in told] == ([(field, other)] if differs else [])


def test_one_service_that_agrees_is_enough() -> None:
    """Services have errors of their own; an ISSN is one of several."""
    told = (fact("volume", "21"), fact("volume", "12", "openalex"))
    assert found(f"volume: '12'\ndoi: {answers.DOI}", *told) == []
    assert found(f"issn: 9876-543X\ndate: 2021-03-01\ndoi: {answers.DOI}", *facts_of()) == []


def test_where_only_one_speaks_nobody_disagrees() -> None:
    """A complete record beside a bare post, and a post beside nothing."""
    assert found(f"doi: {answers.DOI}\ndate: 2021-03-01", *facts_of()) == []
    assert found(f"doi: {answers.DOI}\nvolume: '12'") == []


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Wick AM, Glow B", []),
        ("Ada van Wick, Bo Glow", []),
        ("Ada Wick, Bo Glow, Cora Flame", [("authors", "3 persons", "2")]),
        ("Ada Wick, Cora Flame", [("authors", "Cora Flame", "Bo Glow")]),
        ("Wick A, et al.", []),
    ],
)
def test_authors_disagree(authors: str, expected: list[tuple[str, str, str]]) -> None:
    """In number, or by a family name that nobody there has."""
    told = fact("authors", (Person(name="Ada Wick", family="Wick"), Person(name="Bo Glow", family="Glow")))
    assert found(f"doi: {answers.DOI}\ndate: 2021-03-01", told, authors=authors) == expected


def test_a_disagreement_names_both_sides() -> None:
    """File and line, what is printed, who says otherwise, and where."""
    item = item_of(CITED.format(f"volume: '12'\ndoi: {answers.DOI}", "Ada Wick, Bo Glow"), fact("volume", "21"))
    assert list(enrichment.disagreements(item)) == [
        Disagreement(field="volume", printed="12", other="21", service="crossref", address=AT, line=3)
    ]
    [problem] = enrichment.problems(item, "posts/a.md")
    assert (problem.where, problem.severity) == ("posts/a.md:3", "warning")
    assert problem.message == "volume is 12 here, 21 at crossref"
    assert AT in problem.hint


@pytest.mark.parametrize("field", _DIFFER)
@given(one=st.text(min_size=1, max_size=60), other=st.text(min_size=1, max_size=60))
def test_comparing_is_fair(field: str, one: str, other: str) -> None:
    """Whatever two values are, nothing is raised, both sides count alike, and nothing differs from itself."""
    differ = _DIFFER[field]
    assert differ(one, other) == differ(other, one)
    assert not differ(one, one)
