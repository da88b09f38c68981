"""Funding, references and corrections, from front matter to JSON-LD and JSON Feed, against what is written by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feeds.exporters import json_feed, jsonld
from feeds.exporters._stated import Grant, Reference, corrections, grants, references
from feeds.model import Collection, Item, Post, Site, Work

SITE = Site(url="https://lantern.example.org", feeds_url="https://lantern.example.org", title="Lantern Lab")
WHEN = datetime(2024, 3, 1, tzinfo=UTC)


def post(front: dict[str, Any]) -> Post:
    return Post(source="lab", path="a.md", url=f"{SITE.url}/a", title="Wicks", published=WHEN, id="tag:a", front=front)


def stated(text: str) -> Post:
    front = yaml.safe_load(text)
    assert isinstance(front, dict)
    return post(front)


FULL = """
funding:
  - funder: Lamp Fund
    ror: https://ror.org/00example1
    award_number: 777
    award_title: Wicks at sea
    award_uri: https://fund.example.org/777
funder: Guild of Keepers
references:
  - 10.5555/Tides.1
  - {title: Lamps of the north, DOI: 10.5555/north, URL: "https://north.example.org/"}
  - https://harbour.example.org/log
correction: https://doi.org/10.5555/wicks.c
"""
FUND = {"@type": "Organization", "@id": "https://ror.org/00example1", "name": "Lamp Fund"}


def test_json_ld() -> None:
    """Who paid, what is cited and what corrects it are nodes of schema.org, of a work and of news alike."""
    for item in (Item(post=stated(FULL), work=Work(title="Wicks")), Item(post=stated(FULL))):
        document = jsonld.document(item, SITE)
        assert document["funder"] == [FUND, {"@type": "Organization", "name": "Guild of Keepers"}]
        assert document["funding"] == [
            {
                "@type": "Grant",
                "identifier": "777",
                "name": "Wicks at sea",
                "url": "https://fund.example.org/777",
                "funder": FUND,
            }
        ]
        assert document["citation"] == [
            {"@type": "CreativeWork", "@id": "https://doi.org/10.5555/tides.1"},
            {"@type": "CreativeWork", "@id": "https://doi.org/10.5555/north", "name": "Lamps of the north"},
            {"@type": "CreativeWork", "url": "https://harbour.example.org/log"},
        ]
        assert document["correction"] == ["https://doi.org/10.5555/wicks.c"]


def test_json_feed() -> None:
    """References and funding stand in the extensions that Rogue Scholar reads."""
    whole = Collection(name="", title="Lab", path="", items=[Item(post=stated(FULL))], updated=WHEN)
    [artifact] = json_feed.render(whole, SITE, json_feed.JsonFeedOptions())
    [item] = json.loads(artifact.body)["items"]
    assert item["_references"] == [
        {"url": "https://doi.org/10.5555/tides.1", "doi": "10.5555/tides.1"},
        {"url": "https://doi.org/10.5555/north", "doi": "10.5555/north", "title": "Lamps of the north"},
        {"url": "https://harbour.example.org/log"},
    ]
    assert item["_funding"] == [
        {
            "funder": {"id": "https://ror.org/00example1", "name": "Lamp Fund"},
            "award": {"number": "777", "title": "Wicks at sea", "url": "https://fund.example.org/777"},
        },
        {"funder": {"name": "Guild of Keepers"}},
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("funding: The authors received no funding.", []),
        ("funding: [Supported by friends]", []),
        ("funding: {statement: Paid by friends}", []),
        ("funding: {awards: [{source: Lamp Fund, id: W-1}]}", [Grant(funder="Lamp Fund", number="W-1")]),
        ("funding: [{source: {text: Lamp Fund}, id: W-1}]", [Grant(funder="Lamp Fund", number="W-1")]),
        (
            "funding: [{source: [Lamp Fund, Guild], ror: 'https://ror.org/00example1', id: W-1}]",
            [Grant(funder="Lamp Fund", number="W-1"), Grant(funder="Guild", number="W-1")],
        ),
        (
            "funding: {funder_id: 10.13039/501100000780, funder_name: Lamp Fund}",
            [Grant(funder="Lamp Fund", funder_id="https://doi.org/10.13039/501100000780")],
        ),
        ("funder: [{name: Lamp Fund, id: 12}, Lamp Fund]", [Grant(funder="Lamp Fund")]),
        ("funding: [{title: Wicks}, 3, null]", []),
        ("funder: true", []),
    ],
)
def test_funding(text: str, expected: list[Grant]) -> None:
    """Funders and awards are read as Quarto, Rogue Scholar and DataCite name them; a sentence names nobody."""
    assert grants(stated(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("references: refs.bib", []),
        ("references: [../tides.md, 'javascript:alert(1)', null, 7, []]", []),
        ("references: ['doi:10.5555/A', 'http://dx.doi.org/10.5555/a']", ["https://doi.org/10.5555/a"]),
        ("references: {title: Lamps}", [""]),
    ],
)
def test_references(text: str, expected: list[str]) -> None:
    """What is no DOI and no address is no reference, unless it has a title; each is named once."""
    assert [one.url for one in references(stated(text))] == expected


def test_nothing_stated() -> None:
    """A post that says nothing of these has none of the members."""
    document = jsonld.document(Item(post=post({}), work=Work(title="Wicks")), SITE)
    assert not {"funder", "funding", "citation", "correction"} & document.keys()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("10.5555/a"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["funder", "source", "id", "awards", "title", "DOI", "url", "name"]), inner, max_size=3
    ),
)  # fmt: skip


@given(VALUES, VALUES, VALUES, VALUES)
def test_anything(funding: Any, funder: Any, cited: Any, correction: Any) -> None:
    """Whatever stands there, nothing fails, and nothing is said with an empty node."""
    said = post({"funding": funding, "funder": funder, "references": cited, "correction": correction})
    assert all(grant != Grant() for grant in grants(said))
    assert all(one != Reference() for one in references(said))
    assert all(corrections(said))
    document = jsonld.document(Item(post=said), SITE)
    assert all(set(node) - {"@type"} for name in ("funder", "funding", "citation") for node in document.get(name, []))
