"""Facts → Work: which fact wins, what kind it is, which date."""

from __future__ import annotations

import pytest

from feeds.model import Extractor, Fact, Person, Post
from feeds.scholarly.resolve import PRECEDENCE, extract, resolve
from scholarly_posts import EXTRACTORS, post_of, work_of

PAPER = "#### Ana Prado, Bo Rey\n##### Wick 12(3), 45–56 (2019)\n"


def head(*lines: str) -> str:
    return "\n".join(["---", "title: On wicks", *lines, "---", ""])


def date_of(posted: str, printed: str) -> str:
    work = work_of(head(f"date: {posted}") + f"#### Ana Prado, Bo Rey\n##### Wick, {printed}\n")
    assert work is not None
    return work.date


@pytest.mark.parametrize(
    ("posted", "printed", "expected"),
    [
        ("2020-08-10", "2020 Aug 4", "2020-08-04"),  # a citation's exact day
        ("2019-08-27", "(2019)", "2019-08-27"),  # the post's day, where the year agrees
        ("2019-12-20", "(2020)", "2019-12-20"),  # online before the issue's year
        ("2020-01-01", "1998;12(3):4-5", "1998"),  # posted long after
        ("2020-01-11", "2020-11-01", "2020-01-11"),  # digits exchanged
        ("2020-05-06", "accepted 2020-05-01", "2020-05-06"),  # accepted is not published
    ],
)
def test_dates(posted: str, printed: str, expected: str) -> None:
    """The day of publication is the most exact one that nothing contradicts."""
    assert date_of(posted, printed) == expected


def test_contradictions_stay_in_the_evidence() -> None:
    """A date that lost is still a fact."""
    post = post_of(head("date: 2020-08-10") + "#### Ana Prado, Bo Rey\n##### Wick. 2020 Aug 4\n")
    assert {f.value for f in extract(post, EXTRACTORS) if f.field == "date"} == {"2020-08-10", "2020-08-04"}


@pytest.mark.parametrize(
    ("front", "body", "kind"),
    [
        (["category: publications"], PAPER, "article"),
        (["category: [news, publications]"], PAPER, "article"),
        (["category: news"], PAPER, None),
        ([], PAPER, "article"),
        ([], "Just words.\n", None),
        ([], "#### Ana Prado, Bo Rey\n##### bioRxiv, 2018-07-14. doi:10.1101/999647\n", "preprint"),
        (["preprint: true", "journal: bioRxiv"], "", "preprint"),
        (["publication_types: ['3']", "doi: 10.1101/999647"], "", "preprint"),
        (["review: true", "journal: Wick"], "", "review"),
        (["publication_types: [thesis]"], "", "thesis"),
        (["publication_types: ['6']", "publication: Handbook of Wicks"], "", "chapter"),
        (["category: presentations"], "", "talk"),
        (["category: presentations", "description: Poster at the Wick Days"], "", "poster"),
        (["category: publications", "summary: Poster presented at the Wick Days"], "", "poster"),
        (["doi: 10.5555/wick"], "", "article"),
    ],
)
def test_kinds(front: list[str], body: str, kind: str | None) -> None:
    """The kind is what the post calls itself, corrected by what it prints."""
    work = work_of(head(*front) + body)
    assert (work.kind if work else None) == kind


def test_an_article_keeps_its_doi_beside_the_preprints() -> None:
    """A later article names the preprint's DOI and server beside its own DOI and journal."""
    work = work_of(
        head("doi: 10.5555/wick", "journal: Wick", "url_preprint: https://www.biorxiv.org/content/10.1101/999854v1")
    )
    assert work is not None
    assert (work.kind, work.doi, work.preprint_doi, work.preprint_server) == (
        "article",
        "10.5555/wick",
        "10.1101/999854",
        "bioRxiv",
    )


def test_a_preprint_has_no_journal() -> None:
    """A server is no journal, and a preprint's DOI is its own."""
    work = work_of(head("journal: bioRxiv", "doi: 10.1101/999854"))
    assert work is not None
    assert (work.journal, work.doi, work.preprint_doi, work.preprint_server) == ("", "10.1101/999854", "", "bioRxiv")


def test_structured_beats_printed() -> None:
    """What the front matter names field by field wins over the citation's line."""
    work = work_of(head("journal: Annals of Wicks", "volume: 13") + PAPER)
    assert work is not None
    assert (work.journal, work.volume, work.issue) == ("Annals of Wicks", "13", "3")


def test_poster_is_not_author() -> None:
    """Who posted it is never an author of the work."""
    work = work_of(head('author: "@ana"', "category: publications", "doi: 10.5555/wick"))
    assert work is not None
    assert work.authors == ()


def test_people_complete_authors() -> None:
    """The people of the site give printed authors their full names."""
    ana = Person(name="Ana Prado", given="Ana", family="Prado", orcid="0000-0002-1825-0097")
    work = work_of(head() + "#### Prado A, Rey B.\n##### Wick (2001)\n", ana)
    assert work is not None
    assert [(a.name, a.orcid) for a in work.authors] == [("Ana Prado", "0000-0002-1825-0097"), ("B Rey", "")]


def test_pages_are_from_one_place() -> None:
    """The first page of one citation is never joined with the last page of another."""
    body = "#### Ana Prado, Bo Rey\n##### Wick 12, 45\n\n```bibtex\n@article{x, pages = {1--9}}\n```\n"
    work = work_of(head() + body)
    assert work is not None
    assert (work.first_page, work.last_page) == ("45", "")


def test_facts_are_the_same_every_time() -> None:
    """The same post gives the same facts in the same order."""
    post = post_of(head("doi: 10.5555/wick") + PAPER)
    assert extract(post, EXTRACTORS) == extract(post, EXTRACTORS)


def test_what_an_extractor_raises_is_not_swallowed() -> None:
    """The caller learns of a broken plugin."""

    def broken(post: Post) -> list[Fact]:
        raise RuntimeError(post.path)

    with pytest.raises(RuntimeError):
        extract(post_of(head()), [Extractor(name="broken", find=broken)])


def test_no_facts_no_work() -> None:
    """A post that says nothing scholarly has no work behind it."""
    assert resolve(post_of("---\ntitle: Hello\n---\nHello.\n"), (), ()) is None


def test_precedence_names_fields_of_work() -> None:
    """The table is about fields that a Work has."""
    from feeds.model import Work

    assert set(PRECEDENCE) - {"pages"} <= set(Work.__struct_fields__)
