"""Which feeds there are, and what each of them holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html

from feeds import _groups, _rendering
from small_site import NOW, SmallSite


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.settings += "exports: [atom, rss]\n"
    made.paper("lamps")
    made.paper("wicks", "2020-07-01")
    made.news("moving", more="tags: [Tide Clocks, Öl]\n")
    made.news("party", "2022-01-01", more="tags: [tide-clocks]\n")
    made.age()
    return made


def collections(site: SmallSite, settings: str) -> None:
    head = site.settings.partition("collections:")[0]
    site.settings = f"{head}collections: {settings}\n"


def folders(site: SmallSite) -> set[str]:
    """Folders with an Atom feed."""
    return {path.removesuffix("feed.atom").rstrip("/") for path in site.files() if path.endswith("feed.atom")}


def feed(site: SmallSite, path: str) -> feedparser.FeedParserDict:
    return feedparser.parse(site.files()[path])


def titles(site: SmallSite, path: str) -> list[str]:
    return [entry.title for entry in feed(site, path).entries]


# ------------------------------------------------------------------------------------------------- without being told


def test_papers_and_news_have_feeds_without_being_configured(site: SmallSite) -> None:
    """What occurs of papers, talks and news has feeds of its own, and nobody is told of what does not."""
    assert site.build().problems == ()
    assert folders(site) == {"", "collections/papers", "collections/news"}
    assert titles(site, "collections/papers/feed.atom") == ["On wicks", "On lamps"]


def test_one_kind_alone_has_no_feeds_beside_those_of_everything(tmp_path: Path) -> None:
    """A site of nothing but news gets its main feeds, not the same ones twice."""
    site = SmallSite(tmp_path)
    site.news("moving")
    site.build()
    assert folders(site) == {""}


def test_no_collections_when_none_are_wanted(site: SmallSite) -> None:
    """`collections: []` leaves the feeds of everything."""
    collections(site, "[]")
    site.build()
    assert folders(site) == {""}


# ------------------------------------------------------------------------------------------------- each


def test_each_tag_has_feeds(site: SmallSite) -> None:
    """Spellings of one tag are one feed, called as in the oldest post; its folder is the tag's slug."""
    collections(site, "[{each: tag, title: 'Tag {value}', description: 'All on {value}.'}]")
    site.build()
    assert folders(site) == {"", "collections/tag/tide-clocks", "collections/tag/öl"}
    made = feed(site, "collections/tag/tide-clocks/feed.atom")
    assert (made.feed.title, made.feed.subtitle) == ("Tag Tide Clocks", "All on Tide Clocks.")
    assert [entry.title for entry in made.entries] == ["About party", "About moving"]


def test_signs_behind_a_name_tell_tags_apart(site: SmallSite) -> None:
    """C and C++ are two languages; the later of two that share a slug has a number."""
    site.news("c", "2019-01-01", more="tags: [C]\n")
    site.news("cpp", "2019-02-01", more="tags: [C++]\n")
    site.news("signs", "2019-03-01", more="tags: ['!?', '++']\n")
    collections(site, "[{each: tag, where: {until: 2019}}]")
    site.build()
    assert titles(site, "collections/tag/c/feed.atom") == ["About c"]
    assert titles(site, "collections/tag/c-2/feed.atom") == ["About cpp"]
    assert len(folders(site)) == 5


def test_a_person_without_orcid_is_the_only_one_of_that_name(tmp_path: Path) -> None:
    """A post that names the person alone is in the feed of the one who has an ORCID iD elsewhere."""
    site = SmallSite(tmp_path)
    site.news("old", "2020-01-01", more="authors: [A. Wick]\nkind: article\ndoi: 10.5555/old\n")
    front = "authors: [{name: A. Wick, orcid: 0000-0002-1825-0097}]\nkind: article\ndoi: 10.5555/new\n"
    site.news("new", "2021-01-01", more=front)
    collections(site, "[{each: author}]")
    site.build()
    assert folders(site) == {"", "collections/author/a-wick"}
    assert titles(site, "collections/author/a-wick/feed.atom") == ["About new", "About old"]


def test_a_browser_is_not_offered_the_feed_of_every_tag(site: SmallSite) -> None:
    """The page lists them all; its head has the feeds of everything and of plain collections."""
    site.settings = site.settings.replace("[atom, rss]", "[atom, index]")
    collections(site, "[{each: tag, path: tags}, {name: papers, where: {kind: papers}}]")
    site.build()
    page = html.fromstring(site.files()["index.html"])
    assert page.xpath("//head/link[@rel='alternate']/@href") == ["feed.atom", "collections/papers/feed.atom"]
    assert page.xpath("//ul[@class='feeds']//a[@href='tags/tide-clocks/feed.atom']")


def test_too_few_posts_make_no_feed(site: SmallSite) -> None:
    """`least` leaves out what hardly occurs."""
    collections(site, "[{each: tag, least: 2, path: tags}]")
    site.build()
    assert folders(site) == {"", "tags/tide-clocks"}


def test_a_value_that_vanishes_leaves_an_empty_feed(site: SmallSite) -> None:
    """Whose last post is deleted keeps its feed under its address, without entries, dated by the deletion."""
    collections(site, "[{each: author}]")
    paper = site.paper("fog", "2023-01-01")
    paper.write_text(paper.read_text().replace("Bo Wick", "Dora Flint"))
    site.build()
    assert titles(site, "collections/author/dora-flint/feed.atom") == ["On fog"]
    paper.unlink()
    site.build(now=NOW + timedelta(days=1))
    made = feed(site, "collections/author/dora-flint/feed.atom")
    assert made.entries == []
    assert made.feed.title == "The Lantern Lab: Dora Flint"
    assert made.feed.updated == "2024-06-02T12:00:00+00:00"


def test_a_person_has_one_feed_however_spelled(site: SmallSite) -> None:
    """Who is known by `people` is one person under every name; the address is made from the full one."""
    site.settings += "people: [{name: Ada Lamplighter, orcid: 0000-0002-1825-0097, aliases: [A. Lamplighter]}]\n"
    paper = site.paper("fog", "2023-01-01")
    paper.write_text(paper.read_text().replace("Ada Lamplighter", "Lamplighter A."))
    collections(site, "[{each: author}]")
    site.build()
    assert sorted(folders(site)) == [
        "",
        *(f"collections/author/{n}" for n in ("ada-lamplighter", "bo-wick", "chandra-glow")),
    ]
    assert len(titles(site, "collections/author/ada-lamplighter/feed.atom")) == 3


def test_of_two_persons_of_one_name_the_later_gets_a_number(tmp_path: Path) -> None:
    """Two ORCID iDs are two persons; the address of the first does not change when the second comes."""
    site = SmallSite(tmp_path)
    front = "authors:\n  - name: Ada Wick\n    orcid: {}\nkind: article\ndoi: 10.5555/{}\n"
    site.news("old", "2020-01-01", more=front.format("0000-0002-1825-0097", "old"))
    site.news("new", "2021-01-01", more=front.format("0000-0001-5109-3700", "new"))
    collections(site, "[{each: author}]")
    site.build()
    assert titles(site, "collections/author/ada-wick/feed.atom") == ["About old"]
    assert titles(site, "collections/author/ada-wick-2/feed.atom") == ["About new"]


def test_too_many_values_are_cut_with_a_warning(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The values with most posts have feeds, and the run says that others have none; the next has nothing to do."""
    monkeypatch.setattr(_groups, "MOST", 1)
    collections(site, "[{each: tag}]")
    [problem] = site.build().problems
    assert problem.severity == "warning"
    assert "2 values have feeds of their own; only the 1 with most items" in problem.message
    assert folders(site) == {"", "collections/tag/tide-clocks"}
    assert site.build().written == ()


# ------------------------------------------------------------------------------------------------- options of its own


def test_a_collection_has_options_of_its_own(site: SmallSite) -> None:
    """Formats, number of entries, text and folder of one collection leave the others alone."""
    collections(site, "[{name: news, path: neu/hier, where: {kind: news}, formats: [rss], limit: 1, content: summary}]")
    site.build()
    assert {p for p in site.files() if "feed." in p} == {"feed.atom", "feed.rss", "neu/hier/feed.rss"}
    [entry] = feed(site, "neu/hier/feed.rss").entries
    assert entry.title == "About party"
    assert "content" not in entry
    assert len(titles(site, "feed.rss")) == 4


def test_a_collection_has_a_size_and_a_file_name_of_its_own(site: SmallSite) -> None:
    """What does not fit into its own bytes is left out; its only feed has the name that it is given."""
    collections(site, "[{name: all, path: all, formats: [rss], filename: index.xml, max_bytes: 1}]")
    site.build()
    assert {p for p in site.files() if "all/" in p} == {"all/index.xml"}
    assert titles(site, "all/index.xml") == ["About party"]
    assert len(titles(site, "feed.rss")) == 4


def test_last_changed_first(site: SmallSite) -> None:
    """`order: updated` puts a paper that was corrected before a newer one."""
    collections(site, "[{name: changes, order: updated}]")
    site.build()
    paper = site.posts / "2020-05-01-lamps.md"
    paper.write_text(paper.read_text() + "\nCorrected.\n")
    site.build(now=NOW + timedelta(days=1))
    assert titles(site, "collections/changes/feed.atom")[:2] == ["On lamps", "About party"]
    assert titles(site, "feed.atom")[:2] == ["About party", "About moving"]


# ------------------------------------------------------------------------------------------------- other names


def test_an_alias_is_a_copy(site: SmallSite) -> None:
    """A feed under another name has the same bytes, and goes when it is not wanted any more."""
    before = site.settings
    site.settings += "output: {aliases: {feed.xml: feed.atom, papers/index.xml: collections/papers/feed.rss}}\n"
    assert site.build().problems == ()
    files = site.files()
    assert files["feed.xml"] == files["feed.atom"]
    assert files["papers/index.xml"] == files["collections/papers/feed.rss"]
    site.settings = before
    site.build()
    assert not {"feed.xml", "papers/index.xml"} & site.files().keys()


@pytest.mark.parametrize(
    ("alias", "message"),
    [("feed.xml: feed.json", "no document feed.json"), ("feed.rss: feed.atom", "is the name of another")],
)
def test_an_alias_of_nothing_is_told(site: SmallSite, alias: str, message: str) -> None:
    """The rest is published, and no document is overwritten."""
    site.settings += f"output: {{aliases: {{{alias}}}}}\n"
    [problem] = site.build().problems
    assert message in problem.message
    assert b"<rss" in site.files()["feed.rss"]


# ------------------------------------------------------------------------------------------------- again


def test_only_feeds_of_what_changed_are_made_again(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in one post renders the feeds that it is in; one that is lost is rendered whatever changed."""
    collections(site, "[{each: tag}, {name: papers, where: {kind: papers}}]")
    site.build()
    rendered: list[str] = []
    render = _rendering.rendered

    def noted(export: Any, value: Any, *others: Any) -> Any:
        rendered.append(f"{export.name} {value.name}")
        return render(export, value, *others)

    monkeypatch.setattr(_rendering, "rendered", noted)
    news = site.posts / "2021-01-01-moving.md"
    news.write_text(news.read_text() + "\nMore.\n")
    (site.output / "collections/papers/feed.rss").unlink()
    site.build(now=NOW + timedelta(days=1))
    changed = {f"{name} {tag}" for name in ("atom", "rss") for tag in ("", "tag:tide-clocks", "tag:öl")}
    assert set(rendered) == {*changed, "rss papers"}
    assert titles(site, "collections/papers/feed.rss") == ["On wicks", "On lamps"]
