"""RIS, against records written by hand and what rispy reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import rispy
from hypothesis import given

from exchange_items import SITE, cases, collection, item, lines, news, only, people, read
from feeds.exporters import ris
from feeds.model import Item, NoOptions, Person
from feeds.text import legal, squeeze

CASES = cases("ris")
NO_OPTIONS = NoOptions()


def parsed(value: bytes) -> list[dict[str, Any]]:
    return list(rispy.loads(value.decode()))


def text(value: str) -> str:
    """A value as a line can carry it: legal, in NFC, white space as one space."""
    return squeeze(legal(value))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """The record of an item is, byte for byte, the one written by hand."""
    assert only(ris.ITEM, read(case)).body == (case / "expected.ris").read_bytes()


def test_path_and_media_type() -> None:
    """An item's record lies beside its page, a list in the folder of its collection."""
    one = only(ris.ITEM, item())
    assert (one.path, one.media_type) == ("1.ris", "application/x-research-info-systems; charset=utf-8")
    assert only(ris.LIST, collection(item(), path="years/2019")).path == "years/2019/publications.ris"


def test_only_works_are_written() -> None:
    """News has no record, and a list of nothing but news no file."""
    assert list(ris.ITEM.render(news(), SITE, NO_OPTIONS)) == []
    assert list(ris.LIST.render(collection(news()), SITE, NO_OPTIONS)) == []


def test_list() -> None:
    """Every work of a collection is a record of the list, in its order."""
    works = parsed(only(ris.LIST, collection(item(1), news(), item(2, title="Wicks"))).body)
    assert [work["title"] for work in works] == ["On lamps", "Wicks"]


def test_another_parser_reads_the_record() -> None:
    """rispy finds every value under the name that it gives to the tag."""
    [work] = parsed(only(ris.ITEM, read(next(case for case in CASES if case.name == "article"))).body)
    wanted = {
        "type_of_reference": "JOUR",
        "title": "Tidal memory of mRNA in Nowhere's lamps: 50% & more",
        "authors": [
            "Wick, Ada",
            "van den Glow, Bo, Jr.",
            "Ortega y Brass, Çaï",
            "Lamp & Wick Consortium",
            "Plato",
        ],
        "year": "2019",
        "date": "2019/08/27/",
        "secondary_title": "Journal of Lamps & Light",
        "volume": "20",
        "number": "4a",
        "start_page": "693",
        "end_page": "701",
        "publisher": "Imaginary Press",
        "issn": "1234-567X",
        "doi": "10.5555/tidal_1",
        "accession_number": "99999991",
        "urls": ["https://lantern.example.org/lab/papers/tide.html"],
        "file_attachments1": "https://lantern.example.org/lab/pdf/tide.pdf",
        "language": "en",
        "abstract": "Lamps remember. We show how (p < 0.05).",
        "keywords": ["tides", "lamps, oil"],
    }
    assert {name: work.get(name) for name in wanted} == wanted


def test_a_file_that_is_not_served_is_not_named() -> None:
    """A bare file name is no link."""
    assert b"L1" not in only(ris.ITEM, item(pdf="lamps.pdf")).body


@given(lines, lines, lines, people)
def test_any_text_comes_back(title: str, journal: str, abstract: str, authors: tuple[Person, ...]) -> None:
    """Whatever a work says, rispy finds one record with it, and each line is a tag."""
    given_ = item(title=title, journal=journal, abstract=abstract, authors=authors)
    body = only(ris.ITEM, given_).body
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in body.decode().split("\r\n")[:-1])
    [work] = parsed(body)
    assert work["title"] == (text(title) or "A post")
    assert (work.get("secondary_title", ""), work.get("abstract", "")) == (text(journal), text(abstract))
    assert work.get("authors", []) == [name for person in authors if (name := in_order(person))]


def in_order(person: Person) -> str:
    family, given_, suffix = (text(part) for part in (person.family, person.given, person.suffix))
    if person.organization or not family:
        return text(person.name)
    return ", ".join(part for part in (family, given_, suffix) if part)


def test_tags_that_name_a_kind_are_no_keywords() -> None:
    """What a work is about are its tags without those that sort posts by kind."""
    one = read(next(case for case in CASES if case.name == "article"))
    assert isinstance(one, Item)
    assert b"KW  - article" not in only(ris.ITEM, one).body
