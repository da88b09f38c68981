"""Printed citations → journal, volume, issue, pages, dates."""

from __future__ import annotations

import pytest

from feeds.scholarly import _dates, citation
from feeds.scholarly._numbers import locator
from feeds.scholarly._reference import LONGEST, parse
from scholarly_posts import post_of

FIELDS = ("journal", "volume", "issue", "first_page", "last_page", "article_number", "date")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Wick Reviews volume 20, pages693–701 (2019)", ("Wick Reviews", "20", "", "693", "701", "", "2019")),
        ("RoWICK 2, 202-206 (2015)", ("RoWICK", "2", "", "202", "206", "", "2015")),
        ("European Journal of Wicks (2018)", ("European Journal of Wicks", "", "", "", "", "", "2018")),
        ("Wick Rep. 2020 Aug 4 DOI: 10.5555/a", ("Wick Rep", "", "", "", "", "", "2020-08-04")),
        ("Wicks (Oxford). 2021 Jul 17;2021:baab043.", ("Wicks (Oxford)", "2021", "", "", "", "baab043", "2021-07-17")),
        ("Rey, Bo et al. Wick Cell, Volume 1, Issue 2, 100032", ("Wick Cell", "1", "2", "", "", "100032", "")),
        ("Wick 12(3):45-6", ("Wick", "12", "3", "45", "46", "", "")),
        ("*Wick* **512**, 732–41 (2014)", ("Wick", "512", "", "732", "741", "", "2014")),
        ("J. Biol. Wick. 2001, 276 (12), 123–129", ("J. Biol. Wick", "276", "12", "123", "129", "", "2001")),
        ("Proc Natl Wick U S A. 2019;116(3):R740--2", ("Proc Natl Wick U S A", "116", "3", "R740", "R742", "", "2019")),
        ("Global Wick 12, no. S5 (July 2021): 45–58", ("Global Wick", "12", "S5", "45", "58", "", "2021-07")),
        ("eWick 9:e54880 (2020)", ("eWick", "9", "", "", "", "e54880", "2020")),
        ("Wick Genetics 52, 2020", ("Wick Genetics", "52", "", "", "", "", "2020")),
        ("Published at _Wicks in Genetics_, 2021-05-13", ("Wicks in Genetics", "", "", "", "", "", "2021-05-13")),
        ("Published in Wick Communications", ("Wick Communications", "", "", "", "", "", "")),
        ("Wick Letters, vol. 3, no. 2, pp. 7-9, Nov. 2011", ("Wick Letters", "3", "2", "7", "9", "", "2011-11")),
        ("BMC Wicks, 26, Article 433 (2025)", ("BMC Wicks", "26", "", "", "", "433", "2025")),
        ("Wick Physics 276 (2001): 123", ("Wick Physics", "276", "", "123", "", "", "2001")),
    ],
)
def test_citations(raw: str, expected: tuple[str, ...]) -> None:
    """Every common way to print a citation gives the same parts, and nothing that is not printed."""
    assert tuple(getattr(parse(raw), f) for f in FIELDS) == expected


def test_publisher_in_brackets() -> None:
    """A publisher behind the journal's name is not part of the name."""
    parsed = parse("Wickomics (Elsevier). 2024 Nov 14.")
    assert (parsed.journal, parsed.publisher) == ("Wickomics", "Elsevier")


@pytest.mark.parametrize("raw", ["bioRxiv, 2018-07-14.", "biorXiv. doi: 10.1101/999854", "BioRxiv (2018)"])
def test_preprint_server_is_no_journal(raw: str) -> None:
    """A preprint server, however it is spelled, is a server and no journal."""
    assert (parse(raw).preprint_server, parse(raw).journal) == ("bioRxiv", "")


def test_whole_reference() -> None:
    """Of a whole reference the citation is what stands behind the title, the authors what stands before it."""
    parsed = parse("Prado, A. and Rey, B. (2009). &quot;On wicks.&quot; <i>J Wick</i>. 1(2), 3-4.", "On wicks")
    assert parsed.before.startswith("Prado, A. and Rey, B.")
    assert (parsed.journal, parsed.volume, parsed.issue, parsed.last_page) == ("J Wick", "1", "2", "4")


def test_reference_to_another_work() -> None:
    """What is printed of the work that a paper replicates is not the paper's."""
    raw = '"On wicks." Replication of Ana Prado. 2014. "On the theory of all lanterns." <em>Oil</em> 9, no. 3: 309–31.'
    assert parse(raw, "On wicks").journal == parse(raw, "On wicks").issue == ""


def test_too_long_is_no_citation() -> None:
    """A whole page of text is not searched for volume and pages."""
    assert parse("Wick 12(3):45 " * LONGEST).marks == 0


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        (("732", "41"), {"first_page": "732", "last_page": "741"}),
        (("R740", "2"), {"first_page": "R740", "last_page": "R742"}),
        (("98", "105"), {"first_page": "98", "last_page": "105"}),
        (("e1002150", ""), {"article_number": "e1002150"}),
        (("100032", ""), {"article_number": "100032"}),
        (("1216", ""), {"first_page": "1216"}),
    ],
)
def test_locators(printed: tuple[str, str], parts: dict[str, str]) -> None:
    """The last page is given in full; a lone long number is an article's."""
    assert locator(*printed) == parts


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020 Aug 4", "2020-08-04"),
        ("4 August 2020", "2020-08-04"),
        ("August 4th, 2020", "2020-08-04"),
        ("4. März 2021", "2021-03-04"),
        ("le 3 février 2021", "2021-02-03"),
        ("12 de mayo de 2020", "2020-05-12"),
        ("05.11.2019", "2019-11-05"),
        ("2019/11/5", "2019-11-05"),
        ("Sept. 2020", "2020-09"),
        ("2020-09", "2020-09"),
    ],
)
def test_dates(text: str, iso: str) -> None:
    """Dates are read as they are printed in citations, in several languages."""
    assert [d.iso for d in _dates.find(f"Wick, {text}.")] == [iso]


@pytest.mark.parametrize(
    "text", ["accepted 2020-05-06", "Received: 4 May 2020", "2020-02-30", "32 May 20201", "in 2020"]
)
def test_other_dates(text: str) -> None:
    """A day of acceptance, a day that does not exist and a bare year are no date of publication."""
    assert _dates.find(text) == []


def test_facts_say_where() -> None:
    """Each fact carries the line of the file and the rule that found it."""
    post = post_of("---\ntitle: On wicks\n---\n\n#### Ana Prado, Bo Rey\n##### Wick 12(3), 45–56 (2001)\n")
    journal = next(f for f in citation.find(post) if f.field == "journal")
    assert (journal.value, journal.line, journal.rule, journal.origin) == ("Wick", 6, "masthead/citation", "body")


def test_journal_from_a_link_called_after_it() -> None:
    """A link whose label is the journal in its own address names the journal; another label does not."""
    links = ['<a href="https://oil.example.org/wickomics/article/17/12/1">[Wickomics]</a>']
    links += ['<a href="https://oil.example.org/oil-letters/article/1">[article @ Oncology]</a>']
    post = post_of("---\ntitle: T\nlinks:\n" + "".join(f"  - '{x}'\n" for x in links) + "---\n")
    assert [f.value for f in citation.find(post) if f.field == "journal"] == ["Wickomics"]
