"""Archives of feeds: complete, each entry once, and unchanged as long as what they hold is."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds import _archives, _rendering, publish, push
from feeds.model import Person, Row
from small_site import NOW, SmallSite

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
EXPORTS = """exports:
  - atom: {limit: 4}
  - rss: {limit: 3, archive: true}
  - json-feed: {limit: 5, archive: true}
  - opml
  - index
"""


# ------------------------------------------------------------------------------------------------- which items where


def row(number: int, day: int, authors: int = 1) -> Row:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return Row(
        id=f"tag:lantern.example.org,2000:{number}",
        path=f"lab:{number}.md",
        url=f"https://lantern.example.org/{number}.html",
        title=f"On lamp {number}",
        kind="article",
        published=moment,
        updated=moment,
        authors=(Person(name="Ada Wick"),) * authors,
    )


def newest_first(rows: list[Row]) -> list[Row]:
    return sorted(sorted(rows, key=lambda row: row.id), key=lambda row: row.published, reverse=True)


def ids(rows: Any) -> list[str]:
    return [row.id for row in rows]


def walked(made: list[_archives.Document]) -> list[_archives.Document]:
    """The archives as who comes from the feed meets them, the newest first."""
    known = {document.place.name: document for document in made}
    assert len(known) == len(made)
    found: list[_archives.Document] = []
    newer, name = "", made[-1].place.older
    while name:
        found.append(known[name])
        assert known[name].place.newer == newer
        newer, name = name, known[name].place.older
        assert len(found) < len(made)
    return found


@settings(max_examples=150)
@given(
    st.dictionaries(st.integers(0, 10_000), st.tuples(st.integers(0, 30), st.integers(0, 60)), max_size=120),
    st.integers(1, 60),
    st.sampled_from([1, 20_000, 512_000]),
)
def test_nothing_is_missing_and_nothing_is_twice(posts: dict[int, tuple[int, int]], limit: int, max_bytes: int) -> None:
    """For any posts, the archives and what the feed alone has are all of them, each once, in order."""
    rows = newest_first([row(number, day, authors) for number, (day, authors) in posts.items()])
    made = _archives.documents(rows, limit, max_bytes)
    feed, archives = made[-1], walked(made)
    assert feed.place.name == ""
    assert len(archives) == len(made) - 1
    assert ids([*feed.rows[: feed.place.least], *(r for archive in archives for r in archive.rows)]) == ids(rows)
    assert ids(feed.rows) == ids(rows[:limit])
    assert all(0 < len(archive.rows) <= limit and archive.place.least == len(archive.rows) for archive in archives)
    assert all(archive.place.name[:10] == f"{archive.rows[0].published:%Y-%m-%d}" for archive in archives)


def test_a_feed_that_holds_everything_has_no_archives() -> None:
    """Up to the limit, in number and in size, all is in the feed, and none of it may be left out."""
    rows = newest_first([row(number, number) for number in range(50)])
    [feed] = _archives.documents(rows, 50, 512_000)
    assert (feed.place.older, feed.place.least, len(feed.rows)) == ("", 50, 50)
    assert len(_archives.documents(rows, 49, 512_000)) > 1
    assert len(_archives.documents(rows, 50, 100_000)) > 1


def test_works_of_thousands_are_few_in_an_archive() -> None:
    """What a document may not exceed is kept to, also where the authors of each entry fill a third of it."""
    rows = newest_first([row(number, number, 1_000) for number in range(40)])
    assert {len(archive.rows) for archive in _archives.documents(rows, 50, 512_000)[:-1]} <= {1, 2, 3}


@pytest.mark.parametrize("limit", [20, 50, 500])
def test_a_post_that_comes_late_or_goes_leaves_the_other_archives_alone(limit: int) -> None:
    """Of a thousand posts one more or one less changes what one archive holds, at times what its neighbours do."""
    draw = random.Random(5)  # noqa: S311 - the same posts every time
    rows = newest_first([row(number, draw.randint(0, 5_000)) for number in range(1_000)])
    before = held(rows, limit)
    changed = []
    for number in range(1_000, 1_050):
        late = newest_first([*rows, row(number, draw.randint(0, 5_000))])
        changed.append(len(dict(held(late, limit).items() - before.items())))
    for one in draw.sample(rows, 50):
        less = [other for other in rows if other is not one]
        changed.append(len(dict(held(less, limit).items() - before.items())))
    assert len(before) >= 30
    assert sum(changed) / len(changed) < 1.5
    assert max(changed) < 5


def held(rows: list[Row], limit: int) -> dict[str, tuple[str, ...]]:
    return {d.place.name: tuple(ids(d.rows)) for d in _archives.documents(rows, limit, 512_000) if d.place.name}


# ------------------------------------------------------------------------------------------------- a whole site


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.settings += EXPORTS + "collections: []\n"
    for number in range(1, 29):
        made.news(f"lamp{number}", f"2020-02-{number:02}")
    made.age()
    return made


def atom_documents(files: dict[str, bytes], feed: str = "feed.atom") -> Iterator[tuple[str, feedparser.FeedParserDict]]:
    """A feed and its archives, by the paths along which a reader meets them."""
    path, base = feed, ""
    while path:
        parsed = feedparser.parse(files[path])
        assert not parsed.bozo
        yield path, parsed
        links = {link.rel: link.href for link in parsed.feed.links}
        base = base or links["self"].removesuffix(feed)
        assert links["self"] == base + path
        path = links.get("prev-archive", "").removeprefix(base)


def json_documents(files: dict[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    path, base = "feed.json", ""
    while path:
        parsed = json.loads(files[path])
        yield path, parsed
        base = base or parsed["feed_url"].removesuffix("feed.json")
        path = parsed.get("next_url", "").removeprefix(base)


def everything(files: dict[str, bytes]) -> dict[str, list[str]]:
    """Per format the ids of all entries of all archives, and of what only the feed has behind the newest of them."""
    atom, rss = (list(atom_documents(files, name)) for name in ("feed.atom", "feed.rss"))
    found = {name: [[e.id for e in d.entries] for _, d in docs] for name, docs in (("atom", atom), ("rss", rss))}
    found["json"] = [[item["id"] for item in d["items"]] for _, d in json_documents(files)]
    reached = {path for path, _ in (*atom, *rss, *json_documents(files))}
    assert {path for path in files if path.startswith("archive/")} <= reached
    return {name: whole(*documents) for name, documents in found.items()}


def whole(feed: list[str], *archives: list[str]) -> list[str]:
    archived = [ident for archive in archives for ident in archive]
    assert len(archived) == len(set(archived))
    return [*(ident for ident in feed if ident not in archived), *archived]


def test_who_walks_the_chain_meets_every_post(site: SmallSite) -> None:
    """Atom and RSS by feedparser along prev-archive, JSON Feed along next_url: all posts, the newest first."""
    assert site.build().problems == ()
    posts = sorted(site.manifest().posts.values(), key=lambda entry: entry.published, reverse=True)
    assert everything(site.files()) == {name: [entry.id for entry in posts] for name in ("atom", "rss", "json")}
    assert len(feedparser.parse(site.files()["feed.atom"]).entries) == 4


def test_an_archive_says_what_it_is(site: SmallSite) -> None:
    """The grammar holds; archives are marked, lead to the feed and to one another, and name no hub."""
    site.settings += "push: {hub: 'https://hub.example.org/'}\n"
    site.build()
    files = site.files()
    base = "https://lantern.example.org/"
    chain = [path for path, _ in atom_documents(files)]
    assert len(chain) > 5
    for number, path in enumerate(chain):
        root = etree.fromstring(files[path])
        GRAMMAR.assertValid(root)
        links = {str(e.get("rel")): str(e.get("href")) for e in root.findall(f"{ATOM}link")}
        assert (root.find(ARCHIVE) is not None) == (number > 0)
        assert root.findtext(f"{ATOM}id") == base
        assert links["self"].endswith(path)
        assert links.get("next-archive", "").endswith(chain[number - 1] if number > 1 else "")
        assert ("next-archive" in links) == (number > 1)
        assert ("current" in links, "hub" in links) == ((True, False) if number else (False, True))
        if number:
            assert links["current"].endswith("/feed.atom")
            newest = max(str(e.text) for e in root.iterfind(f"{ATOM}entry/{ATOM}updated"))
            assert root.findtext(f"{ATOM}updated") == newest
    assert all(
        json.loads(files[p])["feed_url"].endswith("/feed.json") for p in files if p.endswith(".json") and "/" in p
    )


def test_rss_marks_its_archives(site: SmallSite) -> None:
    """The RSS archives have fh:archive and atom:link in the channel; the feed has prev-archive alone."""
    site.build()
    channels = [etree.fromstring(site.files()[path])[0] for path, _ in atom_documents(site.files(), "feed.rss")]
    assert [channel.find(ARCHIVE) is not None for channel in channels] == [False] + [True] * (len(channels) - 1)
    rels = [{str(e.get("rel")) for e in channel.findall(f"{ATOM}link")} for channel in channels]
    assert rels[0] == {"self", "prev-archive"}
    assert rels[1] == {"self", "current", "prev-archive"}
    assert rels[2] == {"self", "current", "prev-archive", "next-archive"}
    assert rels[-1] == {"self", "current", "next-archive"}


def test_archives_are_named_by_no_list(site: SmallSite) -> None:
    """Neither feeds.opml nor index.html nor a hub hears of an archive."""
    site.build()
    files = site.files()
    assert any(path.startswith("archive/") for path in files)
    assert b"/archive/" not in files["feeds.opml"] + files["index.html"]
    topics = push.feed_addresses(site.manifest(), "https://lantern.example.org", ())
    assert set(topics) == {f"https://lantern.example.org/feed.{ending}" for ending in ("atom", "rss", "json")}


def test_many_archives_are_made_by_several_processes(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some are made here and some elsewhere, with the bytes that one process makes of them."""
    site.settings = site.settings.replace(EXPORTS, "exports: [{atom: {limit: 2}}]\n")
    site.build(jobs=1)
    files = site.files()
    shutil.rmtree(site.output)
    shutil.rmtree(site.folder / ".output.feeds")
    here = rendered_by(monkeypatch)
    site.build(jobs=3)
    assert site.files() == files
    archives = sum(path.startswith("archive/") for path in files)
    assert archives > 16
    assert 0 < sum(bool(archive) for _, archive in here) < archives


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["write", "edit", "delete", "move"]), st.integers(0, 10**6)), min_size=1, max_size=6
    )
)
def test_any_edits_leave_a_whole_chain(edits: list[tuple[str, int]]) -> None:
    """After every edit all posts are there, each once, and the tree is that of a full build."""
    with tempfile.TemporaryDirectory() as folder:
        site = SmallSite(Path(folder))
        site.settings += EXPORTS + "collections: []\n"
        for number in range(1, 15):
            site.news(f"lamp{number}", f"2020-02-{number:02}")
        for number, (kind, drawn) in enumerate(edits):
            edit(site, kind, drawn)
            site.build(now=NOW + timedelta(days=number), allow_shrink=True)
            files = site.files()
            idents = {entry.id for entry in site.manifest().posts.values()}
            assert all(set(found) == idents and len(found) == len(idents) for found in everything(files).values())
            site.build(now=NOW + timedelta(days=number), allow_shrink=True, full=True)
            assert site.files() == files


def edit(site: SmallSite, kind: str, drawn: int) -> None:
    posts = sorted(site.posts.iterdir())
    file = posts[drawn % len(posts)]
    if kind == "write":
        site.news(f"wick{drawn}", f"20{drawn % 10 + 14}-0{drawn % 9 + 1}-11")
    elif kind == "edit":
        file.write_text(file.read_text() + f"\nMore {drawn}.\n")
    elif kind == "move":
        file.rename(file.with_name(f"2020-03-{drawn % 28 + 1:02}{file.name[10:]}"))
    elif len(posts) > 2:
        file.unlink()


# ------------------------------------------------------------------------------------------------- again


def rendered_by(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Format and archive (none: the feed) of what is rendered from now on."""
    noted: list[tuple[str, str]] = []
    render: Callable[..., Any] = _rendering.rendered

    def noting(export: Any, value: Any, *others: Any) -> Any:
        if export.name in {"atom", "rss", "json-feed"}:
            noted.append((export.name, value.place.name))
        return render(export, value, *others)

    monkeypatch.setattr(_rendering, "rendered", noting)
    return noted


def test_one_changed_post_renders_its_archive_alone(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed has a new date of change; of the archives only the one that holds the post is made again."""
    site.build()
    before = site.files()
    rendered = rendered_by(monkeypatch)
    old = site.posts / "2020-02-02-lamp2.md"
    old.write_text(old.read_text() + "\nStill alight.\n")
    site.build(now=NOW + timedelta(days=1))
    for name in ("atom", "rss", "json-feed"):
        archives = [archive for exporter, archive in rendered if exporter == name]
        assert (len(archives), archives[-1]) == (2, "")
    files = site.files()
    changed = {path for path in files if path.startswith("archive/") and files[path] != before[path]}
    assert len(changed) == 3


def test_a_new_post_changes_no_archive_but_the_newest(site: SmallSite) -> None:
    """The newest archive may learn of one after it; the others stay byte for byte."""
    site.build()
    for number in range(1, 13):
        before = site.files()
        newest = {path.rpartition(".")[2]: path for path in sorted(before) if path.startswith("archive/")}
        site.news(f"glow{number}", f"2021-03-{number:02}")
        site.build(now=NOW + timedelta(days=number))
        files = site.files()
        changed = {path for path in before if path.startswith("archive/") and files[path] != before[path]}
        assert changed <= set(newest.values())


# ------------------------------------------------------------------------------------------------- which feeds


def archives(site: SmallSite) -> set[str]:
    return {str(Path(path).parent) for path in site.files() if "archive/" in path}


def configured(site: SmallSite, exports: str, collections: str) -> SmallSite:
    head = site.settings.partition("exports:")[0]
    site.settings = f"{head}exports: {exports}\ncollections: {collections}\n"
    assert site.build().problems == ()
    return site


def test_atom_has_archives_without_being_told(site: SmallSite) -> None:
    """RSS, JSON Feed and RSS 1.0 have none, nor has an Atom feed of which that is said."""
    configured(site, "[atom: {limit: 5}, rss: {limit: 5}, json-feed: {limit: 5}, rss1: {limit: 5}]", "[]")
    assert {path.rpartition(".")[2] for path in site.files() if "archive/" in path} == {"atom"}
    assert archives(configured(site, "[atom: {limit: 5, archive: false}]", "[]")) == set()


def test_feeds_of_each_value_have_archives_when_asked_for(site: SmallSite) -> None:
    """A collection decides for its feeds; those in order of change never have archives."""
    collections = [
        "[{each: year}, {name: news, where: {kind: news}}]",
        "[{each: year, archive: true}, {name: news, where: {kind: news}, archive: false}]",
        "[{name: news, order: updated}]",
    ]
    found = [archives(configured(site, "[atom: {limit: 5}]", said)) for said in collections]
    assert found == [{"archive", "collections/news/archive"}, {"archive", "collections/year/2020/archive"}, {"archive"}]


def test_files_of_one_ending_do_not_meet(site: SmallSite) -> None:
    """Two formats whose feeds end alike have archives that end as their format does."""
    exports = "[atom: {limit: 5, filename: atom.xml}, rss: {limit: 5, filename: rss.xml, archive: true}]"
    configured(site, exports, "[]")
    assert {path.rpartition(".")[2] for path in site.files() if "archive/" in path} == {"atom", "rss"}


def test_archives_go_with_the_wish_for_them(site: SmallSite) -> None:
    """What nothing leads to any more is removed."""
    site.build()
    target = publish.Target(output=site.output, work=site.folder / ".output.feeds")
    assert any("archive/" in path for path in publish.sizes(target))
    configured(site, "[atom: {archive: false}]", "[]")
    assert not (site.output / "archive").exists()


# ------------------------------------------------------------------------------------------------- what is gone


def tombstones(document: bytes) -> list[tuple[str, str]]:
    found = etree.fromstring(document).iterfind("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    return [(str(e.get("ref")), str(e.get("when"))) for e in found]


def test_what_is_gone_has_a_tombstone(site: SmallSite) -> None:
    """The feed names it by its id with the time at which it was missed, until it is back; archives and RSS do not."""
    site.build()
    ident = site.manifest().posts["site:_posts/2020-02-03-lamp3.md"].id
    text = (site.posts / "2020-02-03-lamp3.md").read_text()
    (site.posts / "2020-02-03-lamp3.md").unlink()
    site.build(now=NOW + timedelta(days=1))
    files = site.files()
    assert tombstones(files["feed.atom"]) == [(ident, "2024-06-02T12:00:00Z")]
    GRAMMAR.assertValid(etree.fromstring(files["feed.atom"]))
    assert len(feedparser.parse(files["feed.atom"]).entries) == 4
    assert not any(b"deleted-entry" in body for path, body in files.items() if path != "feed.atom")
    (site.posts / "2020-02-03-lamp3.md").write_text(text)
    site.build(now=NOW + timedelta(days=2))
    assert tombstones(site.files()["feed.atom"]) == []


def test_the_newest_tombstones_come_first(site: SmallSite) -> None:
    """Those of one run by id; a feed without entries keeps them."""
    site.build()
    known = site.manifest().posts
    files = sorted(site.posts.iterdir())
    files[0].unlink()
    site.build(now=NOW + timedelta(days=1))
    for file in files[1:]:
        file.unlink()
    site.build(now=NOW + timedelta(days=2), allow_shrink=True)
    found = tombstones(site.files()["feed.atom"])
    assert len(found) == 28
    assert found[-1] == (known[f"site:_posts/{files[0].name}"].id, "2024-06-02T12:00:00Z")
    assert found[:-1] == sorted(found[:-1], reverse=True)


def test_what_went_before_the_oldest_entry_came_is_forgotten(site: SmallSite) -> None:
    """Who last asked before the oldest entry of the feed was published has to walk the archives anyway."""
    site.build()
    (site.posts / "2020-02-03-lamp3.md").unlink()
    site.build(now=NOW + timedelta(days=1))
    for number in range(1, 5):
        site.news(f"glow{number}", f"2024-06-0{number + 2}")
    site.build(now=NOW + timedelta(days=10))
    assert len(feedparser.parse(site.files()["feed.atom"]).entries) == 4
    assert tombstones(site.files()["feed.atom"]) == []


def test_of_many_tombstones_a_hundred_are_told(site: SmallSite) -> None:
    """A site that is put in order does not fill its feeds with what is gone."""
    for number in range(130):
        site.news(f"fog{number}", "2019-05-05")
    site.build()
    for number in range(130):
        (site.posts / f"2019-05-05-fog{number}.md").unlink()
    site.build(now=NOW + timedelta(days=1), allow_shrink=True)
    assert len(tombstones(site.files()["feed.atom"])) == 100
