"""Identifiers: printed, linked, or inside a publisher's address."""

from __future__ import annotations

import pytest

from feeds.scholarly import identifiers
from feeds.scholarly._links import identify, sort_doi, trim
from feeds.scholarly._vocab import table
from scholarly_posts import post_of, work_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://doi.org/10.5555/ABC.1", {"doi": "10.5555/abc.1"}),
        ("http://dx.doi.org/doi:10.5555/abc", {"doi": "10.5555/abc"}),
        ("https://www.nature.com/articles/s99999-019-0156-9#Sec6", {"doi": "10.1038/s99999-019-0156-9"}),
        ("https://www.nature.com/articles/s99999-018-0219-y", {"doi": "10.1038/s99999-018-0219-y"}),
        ("https://www.nature.com/articles/nature99999", {"doi": "10.1038/nature99999"}),
        ("https://www.nature.com/articles/nrg.2099.113", {"doi": "10.1038/nrg.2099.113"}),
        (
            "https://www.biorxiv.org/content/10.1101/2020.12.18.999278v2.full.pdf",
            {"preprint_doi": "10.1101/2020.12.18.999278", "preprint_server": "bioRxiv"},
        ),
        (
            "https://biorxiv.org/cgi/content/short/2020.12.18.999278v2",
            {"preprint_doi": "10.1101/2020.12.18.999278", "preprint_server": "bioRxiv"},
        ),
        (
            "https://www.biorxiv.org/content/early/2018/07/14/999647",
            {"preprint_doi": "10.1101/999647", "preprint_server": "bioRxiv"},
        ),
        (
            "http://medrxiv.org/content/early/2021/11/30/2021.11.27.21999944.abstract",
            {"preprint_doi": "10.1101/2021.11.27.21999944", "preprint_server": "medRxiv"},
        ),
        (
            "https://www.biorxiv.org/content/10.64898/2025.12.26.999377v1",
            {"preprint_doi": "10.64898/2025.12.26.999377", "preprint_server": "bioRxiv"},
        ),
        (
            "https://arxiv.org/pdf/2101.99999v3.pdf",
            {"arxiv": "2101.99999", "preprint_doi": "10.48550/arxiv.2101.99999", "preprint_server": "arXiv"},
        ),
        ("https://pubmed.ncbi.nlm.nih.gov/99547585/", {"pmid": "99547585"}),
        ("https://www.ncbi.nlm.nih.gov/pubmed/99547585", {"pmid": "99547585"}),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9966941/pdf/3714.pdf", {"pmcid": "PMC9966941"}),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9966941/", {"pmcid": "PMC9966941"}),
        ("http://europepmc.org/abstract/MED/99502501", {"pmid": "99502501"}),
        ("https://europepmc.org/article/PMC/PMC9966941", {"pmcid": "PMC9966941"}),
        ("https://academic.oup.com/wick/article/doi/10.1093/wick/baab999/6323245", {"doi": "10.1093/wick/baab999"}),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.9999999",
            {"doi": "10.1371/journal.pone.9999999"},
        ),
        (
            "https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.9999999&type=printable",
            {"doi": "10.1371/journal.pone.9999999"},
        ),
        ("https://www.frontiersin.org/articles/10.3389/fwick.2021.999887/full", {"doi": "10.3389/fwick.2021.999887"}),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1111/wick.99848", {"doi": "10.1111/wick.99848"}),
        ("https://link.springer.com/article/10.1007/s99999-013-9180-2", {"doi": "10.1007/s99999-013-9180-2"}),
        (
            "https://wick.biomedcentral.com/track/pdf/10.1186/s99999-016-1118-6?site=x",
            {"doi": "10.1186/s99999-016-1118-6"},
        ),
        ("https://dl.acm.org/doi/pdf/10.1145/9999999.9999998", {"doi": "10.1145/9999999.9999998"}),
        ("https://elifesciences.org/articles/99880", {"doi": "10.7554/elife.99880"}),
        ("https://zenodo.org/records/99999999", {"doi": "10.5281/zenodo.99999999"}),
        (
            "https://osf.io/preprints/psyarxiv/ab9cd",
            {"preprint_doi": "10.31234/osf.io/ab9cd", "preprint_server": "PsyArXiv"},
        ),
        ("https://www.sciencedirect.com/science/article/pii/S9999124720309700", {}),
        ("https://f1000research.com/posters/99-910", {}),
        ("https://example.org/pubmed/1234", {}),
        ("https://notnature.com/articles/s99999-019-0156-9", {}),
        ("/pdf/a.pdf", {}),
        ("http://[broken", {}),
    ],
)
def test_addresses(url: str, expected: dict[str, str]) -> None:
    """What an article's address says of it, and nothing of an address that says nothing."""
    assert {field: value for field, value, _ in identify(url)} == expected


def test_every_publisher_rule_says_where_it_is_from() -> None:
    """Each row of the table names a source, and a template for at least one field."""
    for rule in table("publishers")["rule"]:
        assert rule["source"]
        assert {"doi", "preprint_doi", "pmid", "pmcid", "arxiv"} & set(rule), rule["name"]


@pytest.mark.parametrize(
    ("raw", "field", "doi"),
    [
        ("10.5555/ABC.", "doi", "10.5555/abc"),
        ("10.5555/s(21)99)", "doi", "10.5555/s(21)99"),
        ("10.1101/999854v2", "preprint_doi", "10.1101/999854"),
        ("10.1101/gr.999999.115", "doi", "10.1101/gr.999999.115"),
        ("10.5555%2Fabc", "doi", "10.5555/abc"),
        ("10.5555/abc/full", "doi", "10.5555/abc"),
    ],
)
def test_dois_are_cleaned_and_sorted(raw: str, field: str, doi: str) -> None:
    """A DOI loses the sentence's punctuation, its address's tail and its case; a preprint's is told apart."""
    assert sort_doi(raw) == (field, doi)


def test_trim_keeps_balanced_brackets() -> None:
    """Brackets that belong to the DOI stay."""
    assert trim("10.5555/a(1)).") == "10.5555/a(1)"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("* PMID: 99272855", "pmid", "99272855"),
        ("* PMCID: PMC9985936.", "pmcid", "PMC9985936"),
        ("* doi: 10.5555/wick/baab043.", "doi", "10.5555/wick/baab043"),
        ("* arXiv:2101.99999v2", "arxiv", "2101.99999"),
        ("* ISSN: 1234-567x", "issn", "1234-567X"),
        ("* **DOI**: [10.5555/x](https://doi.org/10.5555/x)", "doi", "10.5555/x"),
    ],
)
def test_lists_of_identifiers(line: str, field: str, value: str) -> None:
    """Identifiers in a list below the citation are found with their line."""
    post = post_of(f"---\ntitle: T\n---\n#### Ana Prado, Bo Rey\n##### Wick (2001)\n{line}\n")
    found = [f for f in identifiers.find(post) if f.field == field]
    assert found
    assert {(f.value, f.line) for f in found} == {(value, 6)}


def test_doi_of_a_data_set_loses() -> None:
    """The paper's DOI wins over that of its data, wherever the two stand; alone, the data's is kept."""
    head = "---\ntitle: T\ncategory: publications\ndoi: 10.5061/dryad.9\n---\n"
    paper = work_of(head + "#### Ana Prado, Bo Rey\n##### Wick (2001) doi:10.5555/wick\n")
    data = work_of(head + "#### Ana Prado, Bo Rey\n")
    assert paper is not None
    assert data is not None
    assert (paper.doi, data.doi) == ("10.5555/wick", "10.5061/dryad.9")


def test_dois_in_running_text_are_other_works() -> None:
    """What the text cites is not the work."""
    work = work_of("---\ntitle: T\ncategory: publications\n---\n**Abstract** As in doi:10.5555/other, light.\n")
    assert work is not None
    assert work.doi == ""
