"""What several sources tell of one work is one item."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from feeds import merging
from feeds.merging import Claim
from feeds.model import Fact, Form, Item, Person, Post, Work
from small_site import NOW, SmallSite

EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
SOURCES = ("blog", "bib", "planet")


def claim(form: Form, *keys: str, name: str = "", published: datetime = EARLY) -> Claim:
    return Claim(form, published, keys, name)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param(
            {"bib:a": claim("record", "doi:10.5555/a"), "blog:a": claim("page", "doi:10.5555/a")},
            {"blog:a": ["bib:a"]},
            id="a page goes before a record",
        ),
        pytest.param(
            {"planet:a": claim("entry", "url:x.example/a"), "blog:a": claim("page", "url:x.example/a")},
            {"blog:a": ["planet:a"]},
            id="one address",
        ),
        pytest.param(
            {"blog:a": claim("page", "doi:10.5555/a"), "blog:b": claim("page", "doi:10.5555/a")},
            {},
            id="two posts of one site stay two",
        ),
        pytest.param(
            {
                "blog:new": claim("page", "doi:10.5555/a", published=LATE),
                "blog:old": claim("page", "doi:10.5555/a"),
                "bib:a": claim("record", "doi:10.5555/a"),
            },
            {"blog:old": ["bib:a"]},
            id="a record goes to the older of two posts",
        ),
        pytest.param(
            {
                "bib:a": claim("record", "doi:10.5555/a", "pmid:1"),
                "blog:a": claim("page", "pmid:1"),
                "planet:a": claim("entry", "doi:10.5555/a"),
            },
            {"blog:a": ["bib:a", "planet:a"]},
            id="an entry is joined through the record",
        ),
        pytest.param(
            {"bib:a": claim("record", name="lamps 2020 wick"), "blog:a": claim("page", name="lamps 2020 wick")},
            {"blog:a": ["bib:a"]},
            id="title, year and first author",
        ),
        pytest.param(
            {
                "bib:a": claim("record", "doi:10.5555/a", name="paper lamps 2020 wick"),
                "blog:a": claim("page", "doi:10.5555/b", name="paper lamps 2020 wick"),
            },
            {},
            id="two DOIs speak against one title",
        ),
        pytest.param(
            {"bib:a": claim("record", "doi:10.5555/a"), "planet:a": claim("record", "doi:10.5555/a")},
            {"bib:a": ["planet:a"]},
            id="the first source goes first",
        ),
    ],
)
def test_who_tells_of_the_same_work(claims: dict[str, Claim], expected: dict[str, list[str]]) -> None:
    """Identifiers and addresses join; what is published is the page, then the record, then the entry."""
    assert merging.groups(claims, SOURCES) == expected
    assert merging.groups(dict(reversed(claims.items())), SOURCES) == expected


def item(title: str, **work: str) -> Item:
    post = Post(source="s", path="p", url="https://X.example/a/index.html", title=title, published=EARLY)
    authors = (Person(name="Ada Wíck", given="Ada", family="Wíck"),)
    return Item(post=post, work=msgspec.structs.replace(Work(title=title, authors=authors, date="2020-05"), **work))


def test_a_claim_names_what_identifies() -> None:
    """Identifiers, the address without what differs between two sites, and title, year and first author."""
    found = merging.claim(item("The slow burning of Lamps: a study", doi="10.5555/a", pmid="7"))
    assert found.keys == ("url:x.example/a", "doi:10.5555/a", "pmid:7")
    assert found.name == merging.claim(item("The Slow Burning of Lamps – a Study")).name != ""
    assert found.name != merging.claim(item("The slow burning of Lamps: a study", kind="preprint")).name


def test_a_short_title_identifies_nothing() -> None:
    """Many works are called so."""
    assert merging.claim(item("Editorial")).name == ""


def test_evidence_says_where_it_comes_from() -> None:
    """Each fact of another names that other; the other's own date of publication is no evidence."""
    facts = (
        Fact(field="doi", value="10.5555/a", origin="record", rule="front/doi", line=3),
        Fact(field="date", value="2020-01-01", origin="record", rule="post/date"),
    )
    [fact] = merging.evidence("bib:a", msgspec.structs.replace(item("Lamps"), facts=facts))
    assert (fact.file, fact.line, fact.value) == ("bib:a", 3, "10.5555/a")


BIB = """@article{wick2020,
  title = {On lamps},
  author = {Lamplighter, Ada and Wick, Bo and Glow, Chandra},
  journal = {Journal of Imaginary Optics},
  year = {2020},
  doi = {10.5555/lamps},
  pmid = {4711},
}
@article{glow2019,
  title = {Only in the bibliography},
  author = {Glow, Chandra},
  journal = {Journal of Imaginary Optics},
  year = {2019},
  doi = {10.5555/only},
}
"""


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.paper("lamps")
    made.news("moving")
    (tmp_path / "papers.bib").write_text(BIB)
    made.settings = "sources: [{path: site}, {path: papers.bib, name: bib}]\n"
    made.age()
    return made


def record(site: SmallSite) -> dict[str, object]:
    found: dict[str, object] = msgspec.json.decode(site.files()["publications/2020/05/01/lamps.jsonld"])
    return found


def test_a_post_and_its_record_are_one_item(site: SmallSite) -> None:
    """The record adds what the post does not say; a record without a post is an item of its own."""
    report = site.build()
    assert report.published == 3
    assert [line for line in report.withheld if "same work" in line] == [
        "bib:papers.bib#wick2020: tells of the same work as site:_posts/2020-05-01-lamps.md"
    ]
    assert "4711" in str(record(site)["identifier"])
    assert record(site)["name"] == "On lamps"


def test_a_record_belongs_to_the_site_beside_it(site: SmallSite) -> None:
    """Records that name no page of theirs stand on the site that the other source is; no path of this machine shows."""
    (site.folder / "papers.bib").write_text("@article{oil, title={Oil}, author={Glow, Chandra}, year={2018}}")
    site.build()
    assert b'"https://lantern.example.org/#oil"' in site.files()["feed.atom"]
    assert not any(b"file:" in body for body in site.files().values())


EDITS: list[tuple[str, Callable[[SmallSite], object]]] = [
    ("the record changes", lambda s: (s.folder / "papers.bib").write_text(BIB.replace("4711", "4712"))),
    ("the record goes", lambda s: (s.folder / "papers.bib").write_text(BIB[BIB.index("@article{glow") :])),
    ("the record comes back", lambda s: (s.folder / "papers.bib").write_text(BIB)),
    ("the post changes", lambda s: s.paper("lamps", text="We light more lamps.")),
    ("the post goes", lambda s: (s.posts / "2020-05-01-lamps.md").unlink()),
    ("the post comes back", lambda s: s.paper("lamps")),
    ("the post moves", lambda s: (s.posts / "2020-05-01-lamps.md").rename(s.posts / "2020-05-02-lamps.md")),
    ("the post names another DOI", lambda s: s.paper("lamps", "2020-05-02", doi="10.5555/other")),
]


def test_incremental_equals_full_with_records(site: SmallSite, tmp_path: Path) -> None:
    """After every edit of either side the output is that of a full build, byte for byte."""
    site.build()
    for number, (name, edit) in enumerate(EDITS):
        edit(site)
        site.build(allow_shrink=True)
        copy = SmallSite(tmp_path / f"copy{number}")
        shutil.rmtree(copy.folder)
        shutil.copytree(site.folder, copy.folder, ignore=shutil.ignore_patterns("copy*", ".output.feeds"))
        copy.settings = site.settings
        assert copy.build(full=True, allow_shrink=True).written == (), name
        assert copy.files() == site.files(), name


def test_nothing_changed_reads_nothing(site: SmallSite) -> None:
    """What was merged stays so without being read again."""
    site.build()
    again = site.build()
    assert (again.read, again.written, again.removed) == (0, (), ())


def test_a_page_that_is_due_later_takes_the_place_of_its_record_then(site: SmallSite) -> None:
    """Until its page appears the record is published; the id goes on."""
    (site.posts / "2020-05-01-lamps.md").unlink()
    site.paper("lamps", "2024-06-02")
    site.build()
    before = site.manifest().posts
    assert "bib:papers.bib#wick2020" in before
    site.build(now=NOW.replace(day=3))
    after = site.manifest().posts
    assert "bib:papers.bib#wick2020" not in after
    assert after["site:_posts/2024-06-02-lamps.md"].id == before["bib:papers.bib#wick2020"].id
