"""CSL-JSON, against the rules of the CSL 1.0.2 input schema and hand-written items."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.exporters import csl_json
from feeds.model import Artifact, Collection, Fact, Item, Kind, Person, Post, Site, Work

SITE = Site(url="https://example.org/lab", feeds_url="https://example.org/lab/feeds", title="Example Lab")

# What csl-data.json 1.0.2 says of the members that may be written; it allows no others but those that it names.
STRINGS = set(
    "title container-title publisher genre event-title event-place DOI PMID PMCID ISSN URL language keyword "
    "abstract".split()
)
STRINGS_OR_NUMBERS = {"volume", "issue", "page", "number"}
TYPES = set("article article-journal book chapter post-weblog report speech thesis".split())
NAME_PARTS = {"family", "given", "suffix", "literal"}


def violations(item: dict[str, Any]) -> list[str]:
    """What in an item the schema does not allow, and what is empty."""
    found = [name for name, value in item.items() if value in ("", None, [], {})]
    for name, value in item.items():
        if name in STRINGS:
            fits = isinstance(value, str)
        elif name in STRINGS_OR_NUMBERS or name == "id":
            fits = isinstance(value, str | int)
        elif name == "type":
            fits = value in TYPES
        elif name == "author":
            fits = all(set(a) <= NAME_PARTS and all(isinstance(part, str) for part in a.values()) for a in value)
        elif name == "issued":
            fits = set(value) == {"date-parts"} and is_date(*value["date-parts"])
        else:
            fits = name == "custom" and isinstance(value, dict)
        if not fits:
            found.append(name)
    return found + [name for name in ("type", "id") if name not in item]


def is_date(*dates: list[Any]) -> bool:
    [parts] = dates
    return 1 <= len(parts) <= 3 and all(type(part) is int for part in parts)


def post(**members: Any) -> Post:
    plain: dict[str, Any] = {
        "source": "site",
        "path": "_posts/p.md",
        "url": "https://example.org/lab/p.html",
        "title": "A post",
        "published": datetime(2019, 8, 27, tzinfo=UTC),
        "id": "tag:example.org,2019-08-27:p",
    }
    return Post(**(plain | members))


def test_the_check_finds_violations() -> None:
    """The check of the schema sees a wrong type, an unknown member, a padded date and a missing id."""
    wrong = {"type": "paper", "writer": "x", "issued": {"date-parts": [["2019"]]}, "author": [{"name": "x"}], "DOI": ""}
    assert set(violations(wrong)) == {"type", "writer", "issued", "author", "DOI", "id"}


def test_article() -> None:
    """An article keeps every statement under the variable that CSL has for it."""
    work = Work(
        title="Tidal memory in invented bivalves",
        authors=(
            Person(name="Bo van den Placeholt Jr.", given="Bo", family="van den Placeholt", suffix="Jr."),
            Person(name="Absent Things Consortium", organization=True),
            Person(name="Plato"),
        ),
        authors_truncated=True,
        journal="Journal of Invented Seas",
        volume="20",
        issue="4a",
        first_page="693",
        last_page="701",
        article_number="e100",
        date="2019-08",
        doi="10.5555/tidal.1",
        pmid="99999991",
        pmcid="PMC9999991",
        arxiv="1908.99991",
        issn="1234-567X",
        publisher="Imaginary Press",
        preprint_doi="10.5555/2019.01.01.1",
        preprint_server="inventRxiv",
        abstract="Shells remember.",
        pdf="https://example.org/lab/tides.pdf",
        urls=("https://journal.example.com/articles/tidal.1",),
    )
    item = csl_json.record(Item(post=post(lang="en", tags=("tides", "shells")), work=work), "_posts/p.md")
    assert item == {
        "id": "tag:example.org,2019-08-27:p",
        "type": "article-journal",
        "title": "Tidal memory in invented bivalves",
        "author": [
            {"family": "van den Placeholt", "given": "Bo", "suffix": "Jr."},
            {"literal": "Absent Things Consortium"},
            {"literal": "Plato"},
        ],
        "issued": {"date-parts": [[2019, 8]]},
        "container-title": "Journal of Invented Seas",
        "volume": "20",
        "issue": "4a",
        "page": "693-701",
        "number": "e100",
        "publisher": "Imaginary Press",
        "DOI": "10.5555/tidal.1",
        "PMID": "99999991",
        "PMCID": "PMC9999991",
        "ISSN": "1234-567X",
        "URL": "https://example.org/lab/p.html",
        "language": "en",
        "keyword": "tides, shells",
        "abstract": "Shells remember.",
        "custom": {
            "source": "_posts/p.md",
            "arxiv": "1908.99991",
            "preprint_doi": "10.5555/2019.01.01.1",
            "preprint_server": "inventRxiv",
            "pdf": "https://example.org/lab/tides.pdf",
            "urls": ["https://journal.example.com/articles/tidal.1"],
            "authors_truncated": True,
        },
    }
    assert violations(item) == []


@pytest.mark.parametrize(
    ("kind", "csl"),
    [
        ("article", "article-journal"),
        ("review", "article-journal"),
        ("preprint", "article"),
        ("thesis", "thesis"),
        ("chapter", "chapter"),
        ("book", "book"),
        ("report", "report"),
        ("talk", "speech"),
        ("poster", "speech"),
    ],
)
def test_kinds(kind: Kind, csl: str) -> None:
    """Each kind has its CSL type; where two share one, custom tells them apart."""
    item = csl_json.record(Item(post=post(), work=Work(kind=kind, title="T")), "p")
    assert item["type"] == csl
    assert item.get("custom", {}).get("kind") == (kind if kind in {"review", "poster"} else None)


def test_preprint_server_is_its_publisher() -> None:
    """A preprint is published by its server; an article that had one is not."""
    by_kind = {
        kind: csl_json.record(Item(post=post(), work=Work(kind=kind, preprint_server="inventRxiv")), "p")
        for kind in ("preprint", "article")
    }
    assert by_kind["preprint"]["publisher"] == "inventRxiv"
    assert "publisher" not in by_kind["article"]


def test_talk() -> None:
    """A talk names its event and place."""
    work = Work(kind="talk", title="Echoes", event="Symposium of Silence", location="Nowhere", date="2017")
    item = csl_json.record(Item(post=post(), work=work), "p")
    assert (item["event-title"], item["event-place"]) == ("Symposium of Silence", "Nowhere")
    assert item["issued"] == {"date-parts": [[2017]]}


def test_news() -> None:
    """A post with no work behind it is a blog post by its own authors on its own day."""
    ada = Person(name="Ada Examplesen", given="Ada", family="Examplesen")
    assert csl_json.record(Item(post=post(authors=(ada,))), "_posts/p.md") == {
        "id": "tag:example.org,2019-08-27:p",
        "type": "post-weblog",
        "title": "A post",
        "author": [{"family": "Examplesen", "given": "Ada"}],
        "issued": {"date-parts": [[2019, 8, 27]]},
        "URL": "https://example.org/lab/p.html",
        "custom": {"source": "_posts/p.md"},
    }


def published(item: Item) -> Artifact:
    [artifact] = csl_json.EXPORTER.render(item, SITE, csl_json.EXPORTER.options())
    return artifact


def test_artifact() -> None:
    """One object a file beside its page; neither the source's path nor a bare file name is published."""
    artifact = published(Item(post=post(), work=Work(title="T", pdf="bare.pdf", abstract="Ünïcode")))
    assert artifact.path == "p.csl.json"
    assert artifact.media_type == "application/vnd.citationstyles.csl+json"
    assert artifact.body.endswith(b"\n}\n")
    assert "Ünïcode".encode() in artifact.body
    assert "custom" not in json.loads(artifact.body)


texts = st.text(max_size=30)


@given(
    st.builds(
        Work,
        title=texts,
        authors=st.lists(st.builds(Person, name=texts, given=texts, family=texts, suffix=texts), max_size=3).map(tuple),
        journal=texts,
        volume=texts,
        first_page=texts,
        last_page=texts,
        date=st.sampled_from(["", "2020", "2020-02", "2020-02-29"]),
        doi=texts,
        abstract=texts,
        pdf=texts,
        urls=st.lists(texts).map(tuple),
    ),
    texts,
)
def test_any_text_makes_a_valid_item(work: Work, title: str) -> None:
    """Whatever a work says, its item is JSON that keeps to the schema."""
    item = json.loads(published(Item(post=post(title=title), work=work)).body)
    assert violations(item) == []


def test_what_news_links_is_not_lost() -> None:
    """News has no work, but its links and its file are there."""
    facts = (
        Fact(field="urls", value="https://example.org/a", origin="body", rule="r"),
        Fact(field="pdf", value="https://example.org/a.pdf", origin="body", rule="r"),
        Fact(field="urls", value="https://example.org/a", origin="front matter", rule="r"),
    )
    item = csl_json.record(Item(post=post(), facts=facts), "p.md")
    assert item["custom"] == {"source": "p.md", "pdf": "https://example.org/a.pdf", "urls": ["https://example.org/a"]}


def test_news_of_one_preprint() -> None:
    """The preprint that news links is there when there is only one; the occasion only when it surely is one."""

    def fact(field: str, value: str, confidence: float = 1) -> Fact:
        return Fact(field=field, value=value, origin="body", rule="r", confidence=confidence)

    facts = [fact("arxiv", "2101.99999"), fact("event", "Silence Days", 0.8), fact("location", "Nowhere", 0.5)]
    item = csl_json.record(Item(post=post(), facts=tuple(facts)), "p.md")
    assert item["custom"] == {"source": "p.md", "arxiv": "2101.99999"}
    assert (item["event-title"], "event-place" in item) == ("Silence Days", False)
    several = csl_json.record(Item(post=post(), facts=(*facts, fact("arxiv", "2101.99998"))), "p.md")
    assert several["custom"] == {"source": "p.md"}


def test_who_puts_news_up_does_not_sign_it() -> None:
    """A handle is an account; only a name in the front matter makes somebody the author of news."""
    ada = Person(name="Ada Examplesen", given="Ada", family="Examplesen")
    by_handle = post(authors=(ada,), front={"authors": ["@ada"]})
    assert "author" not in csl_json.record(Item(post=by_handle), "p.md")
    by_name = post(authors=(ada,), front={"author": "Ada Examplesen"})
    assert csl_json.record(Item(post=by_name), "p.md")["author"] == [{"family": "Examplesen", "given": "Ada"}]


def test_list() -> None:
    """A list is an array of the works of a collection, each as in its own file; news is not among them."""
    works = [Item(post=post(id=f"tag:example.org,2019:{n}"), work=Work(title=f"T{n}")) for n in range(2)]
    [artifact] = csl_json.LIST.render(collection(*works, Item(post=post())), SITE, csl_json.LIST.options())
    assert (artifact.path, artifact.media_type) == ("papers/publications.csl.json", csl_json.MEDIA_TYPE)
    items = json.loads(artifact.body)
    assert items == [json.loads(published(one).body) for one in works]
    assert len({one["id"] for one in items}) == 2
    assert [violations(one) for one in items] == [[], []]


def test_list_of_nothing() -> None:
    """Where there is no work there is no list."""
    assert list(csl_json.LIST.render(collection(Item(post=post())), SITE, csl_json.LIST.options())) == []


def collection(*items: Item) -> Collection:
    return Collection(name="papers", title="Papers", path="papers", items=items, updated=post().published)
