"""COinS, against the key/value formats of Z39.88-2004, read back as a query."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given

from exchange_items import cases, item, lines, news, people, read
from feeds.exporters._coins import coins
from feeds.model import Person
from feeds.text import legal, squeeze

CASES = {case.name: case for case in cases("bibtex")}
LAB = "https://lantern.example.org/lab"


def pairs(case: Path) -> list[tuple[str, str]]:
    return parse_qsl(coins(read(case)), strict_parsing=True)


def test_article() -> None:
    """A journal article has its journal, its place in it, the first author in parts and every author by name."""
    assert pairs(CASES["article"]) == [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", "Tidal memory of mRNA in Nowhere's lamps: 50% & more"),
        ("rft.jtitle", "Journal of Lamps & Light"),
        ("rft.volume", "20"),
        ("rft.issue", "4a"),
        ("rft.spage", "693"),
        ("rft.epage", "701"),
        ("rft.artnum", "e100"),
        ("rft.date", "2019-08-27"),
        ("rft.issn", "1234-567X"),
        ("rft.aulast", "Wick"),
        ("rft.aufirst", "Ada"),
        ("rft.au", "Wick, Ada"),
        ("rft.au", "van den Glow, Bo, Jr."),
        ("rft.au", "Ortega y Brass, Çaï"),
        ("rft.aucorp", "Lamp & Wick Consortium"),
        ("rft.au", "Plato"),
        ("rft_id", "info:doi/10.5555/tidal_1"),
        ("rft_id", "info:pmid/99999991"),
        ("rft_id", f"{LAB}/papers/tide.html"),
    ]


@pytest.mark.parametrize(
    ("case", "described"),
    [
        (
            "chapter",
            [
                ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
                ("rft.genre", "bookitem"),
                ("rft.atitle", "The wick"),
                ("rft.btitle", "A Handbook of Lamps"),
                ("rft.spage", "17"),
                ("rft.epage", "42"),
                ("rft.date", "2015"),
                ("rft.pub", "Imaginary Press"),
            ],
        ),
        (
            "thesis-phd",
            [
                ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dissertation"),
                ("rft.title", "On lamps"),
                ("rft.date", "2018-12"),
                ("rft.inst", "University of Nowhere"),
            ],
        ),
        (
            "talk",
            [
                ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
                ("rft.type", "presentation"),
                ("rft.title", "Lamps and ledgers"),
                ("rft.source", "Symposium of Silence"),
                ("rft.date", "2022-09-14"),
                ("rft.creator", "Wick, Ada"),
            ],
        ),
        (
            "title-alone",
            [
                ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
                ("rft.genre", "book"),
                ("rft.btitle", "Ein Laternenfest"),
            ],
        ),
    ],
)
def test_kinds(case: str, described: list[tuple[str, str]]) -> None:
    """A chapter is a book's item, a thesis a dissertation, a talk Dublin Core; what is not known is not there."""
    found = pairs(CASES[case])[1:]
    assert found[: len(described)] == described


def test_news_has_none() -> None:
    """A post without a work has no span."""
    assert coins(news()) == ""


@given(lines, lines, people)
def test_any_text_comes_back(title: str, journal: str, authors: tuple[Person, ...]) -> None:
    """Whatever a work says, the value is a query of printable ASCII with the same words."""
    value = coins(item(title=title, journal=journal, authors=authors))
    assert value.isascii()
    assert value.isprintable()
    assert not set(value) & set("<>\"' ")
    found = dict(parse_qsl(value, strict_parsing=True))
    assert found["rft.atitle"] == (squeeze(legal(title)) or "A post")
    assert found.get("rft.jtitle", "") == squeeze(legal(journal))
