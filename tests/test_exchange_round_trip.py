"""What an exporter of records writes, the source of the same format reads back as the same work.

`CARRIED` says of each format what it has no place for, and why; everything else must come back as it was.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from exchange_items import ADA, MARKS, SITE, collection, item
from feeds import one_post, registry
from feeds.exporters._work import keywords
from feeds.model import Item, Kind, Person, Post, SourceOptions, Work

OPTIONS = SourceOptions(name="papers", url="https://lantern.example")
EXAMPLE = Path(__file__).parent.parent / "examples" / "site"
FORMATS = {  # format → its source, the name of its files, its exporter, that one's options
    "bibtex": ("bibtex", "works.bib", "bibtex-list", {}),
    "latex": ("bibtex", "works.bib", "bibtex-list", {"encoding": "latex"}),
    "ris": ("ris", "works.ris", "ris-list", {}),
    "csl-json": ("csl-json", "works.json", "csl-json-list", {}),
}


def by_bibtex(work: Work) -> Work:
    """As BibTeX has it."""
    is_preprint = work.kind == "preprint"
    return replace(
        work,
        kind="article" if work.kind == "review" else work.kind,  # it has no type for reviews
        pdf="",  # it has no field for files that all programs know
        preprint_doi="",  # it has one DOI
        preprint_server=work.preprint_server if is_preprint or work.arxiv else "",  # nor who has the preprint
    )


def by_ris(work: Work) -> Work:
    """As RIS has it."""
    arxiv = "" if work.pmid else work.arxiv  # AN holds one number
    return replace(
        work,
        kind="article" if work.kind == "review" else work.kind,  # it has no type for reviews
        authors_truncated=False,  # it has no sign for "et al."
        abstract=" ".join(work.abstract.split()),  # each value is one line
        license="",  # it has no tag for licences
        arxiv=arxiv,
        preprint_doi="",  # it has one DOI
        preprint_server=work.preprint_server if work.kind == "preprint" or arxiv else "",
    )


CARRIED: dict[str, Callable[[Work], Work]] = {
    "bibtex": by_bibtex,
    "latex": by_bibtex,
    "ris": by_ris,
    "csl-json": lambda work: work,
}


OF_POSTS: dict[str, Callable[[Post], Any]] = {
    "lang": lambda post: post.lang,
    "url": lambda post: post.url,
    "tags": keywords,  # those that only sort posts by kind are not written
}


def expected(item: Item, format: str) -> Work:
    """What must come back of an item."""
    assert item.work is not None
    pdf = item.work.pdf if "://" in item.work.pdf else ""  # a bare file name is never published
    work = CARRIED[format](replace(item.work, pdf=pdf))
    return replace(
        work,
        authors=tuple(_name(person) for person in work.authors),
        urls=tuple(sorted({item.post.url, work.pdf} - {""})),  # the item's page is a page about the work; no other link
        preprint_doi=work.preprint_doi or _of_arxiv(work),
    )


def _of_arxiv(work: Work) -> str:
    """The DOI that arXiv registers for whatever it has."""
    return f"10.48550/arxiv.{work.arxiv}" if work.arxiv and work.kind != "preprint" else ""


def _name(person: Person) -> Person:
    """A name alone: ORCID iDs, addresses and affiliations have no place."""
    return Person(
        name=person.name,
        given=person.given,
        family=person.family,
        suffix=person.suffix,
        organization=person.organization,
    )


def sent(items: Sequence[Item], format: str) -> list[Item]:
    """The items, written in a format and read again, in their order."""
    kind, name, exporter, options = FORMATS[format]
    made = registry.exporter(exporter)
    [artifact] = made.render(collection(*items), SITE, made.options(**options))
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(artifact.body)
        source = registry.source(kind)
        tree = source.open(file, OPTIONS)
        assert tree.problems == ()
        paths = sorted(tree.paths, key=lambda path: int(tree.data.pieces[path].line))
        readings = [source.read(tree, path, OPTIONS) for path in paths]
        assert [reading.problems for reading in readings] == [()] * len(items)
        return [one_post.understand(reading, tree, OPTIONS)[0] for reading in readings]


def differences(before: Item, after: Item, format: str) -> dict[str, Any]:
    """Field → (what must come back, what came back), where they are not the same."""
    want = expected(before, format)
    if after.work is None:
        return {"kind": (want.kind, "news")}
    got = replace(after.work, urls=tuple(sorted(after.work.urls)))
    wrong = {f: (a, b) for f in want.__struct_fields__ if (a := getattr(want, f)) != (b := getattr(got, f))}
    return wrong | {f: (a, b) for f, say in OF_POSTS.items() if (a := say(before.post)) != (b := say(after.post))}


def all_differences(items: Sequence[Item], format: str) -> dict[str, Any]:
    pairs = zip(items, sent(items, format), strict=True)
    return {before.post.path: wrong for before, after in pairs if (wrong := differences(before, after, format))}


# ------------------------------------------------------------------------------------------------------ by hand

BO = Person(name="Bo van der Glow", given="Bo", family="van der Glow", suffix="Jr.")
TEAM = Person(name="Wax and Light Team", organization=True)
ALONE = Person(name="Lumen", family="Lumen")
WORKS: tuple[dict[str, Any], ...] = (
    {
        "kind": "article", "title": "DNA of <40 lamps & 50% of all wicks: the {first} $5 census",
        "journal": "Wax Letters", "authors": (ADA, BO, TEAM), "authors_truncated": True, "volume": "12", "issue": "3",
        "first_page": "45", "last_page": "56", "date": "2019-05-03", "doi": "10.5555/wl.12_3",
        "pmid": "99000001", "pmcid": "PMC99000001",
        "issn": "1234-567X", "publisher": "Wax Press", "license": "https://creativecommons.org/licenses/by/4.0/",
        "abstract": "We counted.\n\nThen we counted again: 10⁻³ of them, or x^2 -- and a~b.",
        "pdf": "https://lantern.example.org/lab/pdf/wicks_1.pdf",
    },
    {
        "kind": "article", "journal": "Wax Letters", "article_number": "e10234", "doi": "10.5555/wl.77",
        "preprint_doi": "10.1101/2020.01.02.123456", "preprint_server": "bioRxiv", "date": "2020",
    },
    {
        "kind": "article", "journal": "Wax Letters", "doi": "10.5555/wl.78", "arxiv": "2101.01234",
        "preprint_doi": "10.48550/arxiv.2101.01234", "preprint_server": "arXiv", "date": "2021-02",
    },
    {
        "kind": "preprint", "doi": "10.5555/2020.02.14.990001", "preprint_server": "bioRxiv", "date": "2020-02-14",
        "abstract": "Lamps, unrefereed.",
    },
    {"kind": "preprint", "doi": "10.5555/lamprxiv.7", "preprint_server": "LampRxiv", "date": "2020"},
    {"kind": "preprint", "doi": "10.5555/night.7", "preprint_server": "Night Archive", "date": "2020"},
    {
        "kind": "preprint", "arxiv": "2101.01235", "doi": "10.48550/arxiv.2101.01235", "preprint_server": "arXiv",
        "date": "2021-01",
    },
    {"kind": "review", "journal": "Annual Lamps", "doi": "10.5555/al.1", "volume": "1", "date": "2018"},
    {"kind": "thesis", "publisher": "University of Nowhere-on-Sea", "date": "2017-10-20"},
    {
        "kind": "chapter", "journal": "The Book of Lamps", "publisher": "Wax Press", "first_page": "1",
        "last_page": "20", "date": "2016",
    },
    {"kind": "book", "publisher": "Wax Press", "date": "2015", "authors": (ALONE,)},
    {"kind": "report", "publisher": "Institute of Dusk", "date": "2014-11"},
    {"kind": "talk", "event": "Lamp Days 2021", "location": "Port Fantôme", "date": "2021-06-01"},
    {"kind": "poster", "event": "Glow Biology, 7th meeting", "location": "Dusk, Nowhere", "date": "2021-08-31"},
)  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_work_is_about_comes_back(format: str) -> None:
    """Keywords and language are the same."""
    one = item(title="Wicks")
    items = [
        replace(one, post=replace(one.post, lang=lang, tags=tags, path=lang))
        for lang, tags in (("de", ("lamps", "oil & wax")), ("en-US", ("灯台", "10% {dim}")))
    ]
    assert all_differences([items[0]], format) == all_differences([items[1]], format) == {}


@pytest.mark.parametrize("format", FORMATS)
def test_works_of_every_kind_come_back(format: str) -> None:
    """A work of any kind is the same after it was written and read."""
    items = [item(number, **{"title": f"On {number} lamps", **work}) for number, work in enumerate(WORKS, 1)]
    assert {work["kind"] for work in WORKS} == set(get_args(Kind)) - {"news"}
    assert all_differences(items, format) == {}


# ------------------------------------------------------------------------------------------------------ the example


@pytest.mark.parametrize("format", FORMATS)
def test_the_example_comes_back(format: str) -> None:
    """Every work of the example site is the same after it was written and read."""
    options = SourceOptions(name="site")
    source = registry.source("jekyll")
    tree = source.open(EXAMPLE, options)
    readings = [source.read(tree, path, options) for path in tree.paths]
    found = [one_post.understand(reading, tree, options)[0] for reading in readings if reading.post]
    items = [item for item in found if item.work]
    assert len(items) > 10
    assert all_differences(items, format) == {}


# ------------------------------------------------------------------------------------------------------ whatever

words = st.text(st.sampled_from("aeZéßŐűΩοθ灯Й1" + MARKS.replace(" ", "")), min_size=1, max_size=12).filter(
    lambda word: html.unescape(word) == word  # what is HTML in a record is markup
)
texts = st.lists(words, min_size=1, max_size=5).map(lambda found: f"Wicks {' '.join(found)} lamps")
numbers = st.integers(1, 9999).map(str)
given_names = st.sampled_from(["Ada", "Zoë", "Ű. Ő.", "J.-P.", "Ο.", "JR", "M. O'C.", "Ana and"])
families = st.sampled_from(
    ["Wick", "van der Glow", "De Argila", "Muñoz Leal", "D'Arc", "Παπαδάκη", "Glow-Wick", "And", "Ó Faoláin", "Łoś"]
)
persons = st.builds(
    lambda given_name, family, suffix: Person(
        name=f"{given_name} {family}", given=given_name, family=family, suffix=suffix
    ),
    given_names,
    families,
    st.sampled_from(["", "Jr.", "III"]),
)
groups = texts.filter(lambda name: "," not in name).map(lambda name: Person(name=name, organization=True))  # not in RIS
lone = st.sampled_from(["Lumen", "林美玲", "Ű"]).map(lambda name: Person(name=name, family=name))

OF_KIND: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "article": {"journal": texts, "volume": numbers, "issue": numbers, "publisher": texts},
    "review": {"journal": texts, "first_page": st.just("17"), "last_page": st.just("25")},
    "preprint": {
        "doi": st.just("10.5555/night.7"),
        "preprint_server": st.sampled_from(["bioRxiv", "SSRN", "Research Square", "Night Archive"]),
    },
    "thesis": {"publisher": texts},
    "chapter": {"journal": texts, "publisher": texts, "first_page": st.just("9")},
    "book": {"publisher": texts},
    "report": {"publisher": texts},
    "talk": {"event": texts, "location": texts},
    "poster": {"event": texts, "location": texts},
}
works = st.sampled_from(sorted(OF_KIND)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {
            "kind": st.just(kind),
            "title": texts,
            "authors": st.lists(persons | groups | lone, min_size=1, max_size=4).map(tuple),
            "authors_truncated": st.booleans(),
            "date": st.sampled_from(["2019", "2019-05", "2019-05-03"]),
            "abstract": st.lists(texts, max_size=3).map("\n\n".join),
            **OF_KIND[kind],
        }
    )
)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None)
@given(work=works)
def test_whatever_is_in_a_work_comes_back(format: str, work: dict[str, Any]) -> None:
    """Marks of all formats, letters of several scripts and names of many forms survive."""
    assert all_differences([item(**work)], format) == {}
