"""oai_dc, against documents written by hand and the rules of oai_dc.xsd."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from exchange_items import SITE, cases, item, lines, news, only, people, read
from feeds.exporters import oai_dc
from feeds.model import NoOptions, Person
from feeds.text import legal, squeeze

CASES = cases("oai-dc")
DC = "{http://purl.org/dc/elements/1.1/}"
ROOT = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
# oai_dc.xsd: any number of these fifteen in any order, each with text and at most xml:lang.
ELEMENTS = set(
    "title creator subject description publisher contributor date type format identifier source language relation "
    "coverage rights".split()
)


def violations(body: bytes) -> list[str]:
    """What the schema does not allow, and what is empty."""
    root = etree.fromstring(body)
    found = [] if root.tag == ROOT else [root.tag]
    for child in root:
        name = str(child.tag).removeprefix(DC)
        if name not in ELEMENTS or child.attrib or len(child) or not (child.text or "").strip():
            found.append(etree.tostring(child).decode())
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """The document of an item is, byte for byte, the one written by hand, and keeps to the schema."""
    expected = (case / "expected.oai_dc.xml").read_bytes()
    assert violations(expected) == []
    assert only(oai_dc.EXPORTER, read(case)).body.decode() == expected.decode()


def test_path_and_media_type() -> None:
    """The document lies beside the page; news has none."""
    one = only(oai_dc.EXPORTER, item())
    assert (one.path, one.media_type) == ("1.oai_dc.xml", "application/xml; charset=utf-8")
    assert list(oai_dc.EXPORTER.render(news(), SITE, NoOptions())) == []


@given(lines, lines, lines, people)
def test_any_text_comes_back(title: str, journal: str, abstract: str, authors: tuple[Person, ...]) -> None:
    """Whatever a work says, the document is XML that keeps to the schema, with the same words."""
    body = only(oai_dc.EXPORTER, item(title=title, journal=journal, abstract=abstract, authors=authors)).body
    assert violations(body) == []
    root = etree.fromstring(body)
    for name, said in (("title", title), ("source", journal), ("description", abstract)):
        wanted = squeeze(legal(said)) or ("A post" if name == "title" else "")
        assert squeeze(root.findtext(f"{DC}{name}", "")) == wanted
