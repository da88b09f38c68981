"""The whole flow: incremental, honest about what is missing, the same bytes every time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import msgspec
import pytest

from feeds import config, pipeline
from feeds.errors import FeedsError, PublishError
from small_site import NOW, SmallSite


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.paper("lamps")
    made.paper("wicks", "2020-07-01")
    made.news("moving")
    made.age()
    return made


def entries(site: SmallSite, path: str = "feed.atom") -> dict[str, str]:
    """Title → id of the entries of a feed, in its order."""
    feed = feedparser.parse((site.output / path).read_bytes())
    assert not feed.bozo
    return {entry.title: entry.id for entry in feed.entries}


def test_a_build_publishes_feeds_records_and_an_index(site: SmallSite) -> None:
    """Posts become entries, newest first, and every work has its document."""
    report = site.build()
    assert (report.posts, report.published, report.works, report.problems) == (3, 3, 2, ())
    assert list(entries(site)) == ["About moving", "On wicks", "On lamps"]
    assert list(entries(site, "feed.rss")) == ["About moving", "On wicks", "On lamps"]
    record = msgspec.json.decode(site.files()["publications/2020/05/01/lamps.jsonld"])
    assert record["@type"] == "ScholarlyArticle"
    assert [a["familyName"] for a in record["author"]] == ["Lamplighter", "Wick", "Glow"]
    assert {"index.html", "sitemap.xml", "robots.txt", "site.jsonld", "manifest.json"} <= site.files().keys()


def test_nothing_changed_writes_nothing(site: SmallSite) -> None:
    """A second run reads no post and touches no file."""
    first = site.build()
    stamps = {p: (site.output / p).stat().st_mtime_ns for p in site.files()}
    again = site.build(now=NOW + timedelta(days=30))
    assert (again.read, again.written, again.removed) == (0, (), ())
    assert again.unchanged == len(first.written) - 1  # the manifest does not count itself
    assert {p: (site.output / p).stat().st_mtime_ns for p in site.files()} == stamps


def test_one_change_rewrites_what_depends_on_it(site: SmallSite) -> None:
    """The post's own documents and the documents that list it, nothing else."""
    site.build()
    site.paper("lamps", text="We light more lamps.")
    report = site.build()
    assert report.read == 1
    assert "publications/2020/05/01/lamps.jsonld" in report.written
    assert "publications/2020/07/01/wicks.jsonld" not in report.written
    assert b"more lamps" in site.files()["feed.atom"]


def test_incremental_equals_full(site: SmallSite, tmp_path: Path) -> None:
    """After a series of edits the output is that of a full build, byte for byte."""
    site.build()
    edits: list[Callable[[], object]] = [
        lambda: site.paper("oil", "2020-09-09"),
        lambda: site.news("moving", text="We moved again."),
        lambda: (site.posts / "2020-05-01-lamps.md").unlink(),
        lambda: site.paper("lamps", text="We are back."),
        lambda: (site.posts / "2020-07-01-wicks.md").rename(site.posts / "2020-07-02-wicks.md"),
        lambda: setattr(site, "settings", site.settings + "collections: [{name: papers, where: {kind: article}}]\n"),
        lambda: setattr(site, "settings", site.settings + "exports: [atom, jsonld, csl-json, sitemap]\n"),
    ]
    for number, edit in enumerate(edits):
        edit()
        site.build()
        copy = SmallSite(tmp_path / f"copy{number}")
        shutil.rmtree(copy.folder)
        shutil.copytree(site.folder, copy.folder, ignore=shutil.ignore_patterns("copy*", ".output.feeds"))
        copy.settings = site.settings
        full = copy.build(full=True)
        assert full.written == (), f"edit {number}"
        assert copy.files() == site.files()


def test_same_size_same_second_edits_are_seen(site: SmallSite) -> None:
    """A racy edit does not hide behind an equal size and time stamp."""
    file = site.news("moving", text="We moved house.")
    site.build(now=datetime.now(UTC))
    stat = file.stat()
    file.write_text(file.read_text().replace("house", "mouse"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    site.build(now=datetime.now(UTC))
    assert b"mouse" in site.files()["feed.atom"]


def test_a_touched_file_changes_nothing(site: SmallSite) -> None:
    """A new time stamp alone is not a change."""
    site.build()
    for file in site.posts.iterdir():
        os.utime(file)
    assert site.build().written == ()


def test_the_state_can_be_thrown_away(site: SmallSite) -> None:
    """Without it the next run publishes the same ids, dates and bytes."""
    site.build()
    site.news("moving", text="We moved twice.")
    site.build()
    before = site.files()
    shutil.rmtree(site.folder / ".output.feeds")
    site.age(10)
    assert site.build().written == ()
    assert site.files() == before


def test_a_deleted_output_file_comes_back(site: SmallSite) -> None:
    """What is missing in the output is made again."""
    site.build()
    before = site.files()
    (site.output / "publications/2020/05/01/lamps.jsonld").unlink()
    (site.output / "feed.rss").unlink()
    site.build()
    assert site.files() == before


def test_processes_make_the_same_bytes(site: SmallSite) -> None:
    """One process or three: the same output."""
    site.build(jobs=1)
    before = site.files()
    shutil.rmtree(site.output)
    shutil.rmtree(site.folder / ".output.feeds")
    site.build(jobs=3)
    assert site.files() == before


def test_a_removed_post_is_gone_after_the_indexes(site: SmallSite) -> None:
    """Its files are deleted, it is buried in the manifest, and the feed's date is that of the removal."""
    site.build()
    ident = entries(site)["About moving"]
    (site.posts / "2021-01-01-moving.md").unlink()
    later = NOW + timedelta(days=3)
    report = site.build(now=later)
    assert report.removed == ("news/2021/01/01/moving.jsonld",)
    assert list(entries(site)) == ["On wicks", "On lamps"]
    assert [(t.id, t.when) for t in site.manifest().tombstones] == [(ident, later)]
    assert feedparser.parse(site.files()["feed.atom"]).feed.updated == "2024-06-04T12:00:00+00:00"


def test_a_renamed_post_is_no_new_entry(site: SmallSite) -> None:
    """Its id stays; nothing is buried."""
    site.build()
    before = entries(site)
    (site.posts / "2021-01-01-moving.md").rename(site.posts / "2021-01-01-moved.md")
    site.build()
    assert entries(site) == before
    assert site.manifest().tombstones == ()


def test_two_posts_with_one_doi_are_two_entries(site: SmallSite) -> None:
    """No reader drops the second for a duplicate id."""
    site.paper("lamps-again", "2022-01-01", doi="10.5555/lamps")
    site.build()
    ids = entries(site)
    assert ids["On lamps"] == "https://doi.org/10.5555/lamps"
    assert ids["On lamps-again"] == "tag:lantern.example.org,2022-01-01:_posts/2022-01-01-lamps-again.md"
    first = site.files()
    assert site.build().written == ()
    assert site.build(full=True).written == ()
    assert site.files() == first


def test_a_broken_post_is_reported_and_keeps_what_was_published(site: SmallSite) -> None:
    """The rest goes on; nothing is buried for a typing error."""
    site.build()
    before = site.files()
    (site.posts / "2020-05-01-lamps.md").write_text("---\ntitle: On lamps\n\nNever closed.\n")
    report = site.build()
    assert [p.where for p in report.left_out] == [str(site.posts / "2020-05-01-lamps.md") + ":1"]
    after = site.files()
    assert after["publications/2020/05/01/lamps.jsonld"] == before["publications/2020/05/01/lamps.jsonld"]
    assert site.manifest().tombstones == ()
    assert list(entries(site)) == ["About moving", "On wicks"]


def test_a_future_post_appears_when_it_is_due(site: SmallSite) -> None:
    """Nothing of it is published before; the report says when it is due."""
    site.news("party", "2024-07-01")
    report = site.build()
    assert report.next_due == "2024-07-01T00:00:00+00:00"
    assert not any("party" in path for path in site.files())
    assert all(b"party" not in body for body in site.files().values())
    later = site.build(now=datetime(2024, 7, 1, tzinfo=UTC))
    assert later.read == 1
    assert "About party" in entries(site)


def test_an_expired_post_disappears(site: SmallSite) -> None:
    """From its expiry date on it is withdrawn."""
    site.news("offer", more="expires: 2024-06-10\n")
    site.build()
    assert "About offer" in entries(site)
    site.build(now=datetime(2024, 6, 10, tzinfo=UTC))
    assert "About offer" not in entries(site)
    assert not any("offer" in path for path in site.files())


def test_collections_have_their_feeds(site: SmallSite) -> None:
    """Each configured collection has feeds of its items."""
    site.settings += "collections:\n  - name: Papers\n    where: {kind: article}\n  - {name: none, where: {tag: x}}\n"
    site.build()
    assert list(entries(site, "collections/papers/feed.atom")) == ["On wicks", "On lamps"]
    assert "collections/none/feed.atom" not in site.files()


def test_a_run_for_one_collection_leaves_the_others(site: SmallSite) -> None:
    """Posts in none of the named collections stay as they were published."""
    site.settings += "collections:\n  - {name: papers, where: {kind: article}}\n  - {name: news, where: {kind: news}}\n"
    site.build()
    site.paper("lamps", text="Changed paper.")
    site.news("moving", text="Changed news.")
    site.build(only=["news"])
    assert b"Changed news" in site.files()["feed.atom"]
    assert b"Changed paper" not in site.files()["feed.atom"]
    site.build()
    assert b"Changed paper" in site.files()["feed.atom"]


def test_a_new_title_of_the_site_renews_what_shows_it(site: SmallSite) -> None:
    """A change of the configuration alone is a change, and re-reads no post."""
    site.build()
    site.settings += "site: {title: The Beacon Lab}\n"
    report = site.build()
    assert report.read == 0
    assert feedparser.parse(site.files()["feed.atom"]).feed.title == "The Beacon Lab"


def test_a_source_may_have_an_address_of_its_own(site: SmallSite) -> None:
    """`sources: url` moves the posts of that source."""
    site.settings = "sources: [{path: site, url: https://papers.example.org}]\nsite: {url: https://lab.example.org}\n"
    site.build()
    links = {e.link for e in feedparser.parse(site.files()["feed.atom"]).entries}
    assert "https://papers.example.org/publications/2020/05/01/lamps.html" in links
    assert b"https://lab.example.org/feed.atom" in site.files()["feed.atom"]


def test_what_is_completely_hidden_is_nowhere(site: SmallSite) -> None:
    """Of a post with `hidden: true` not even the manifest tells."""
    site.news("secret", more="hidden: true\n")
    report = site.build()
    assert any("secret" in w and "hidden" in w for w in report.withheld)
    assert all(b"secret" not in body for body in site.files().values())
    assert not any("secret" in path for path in site.files())


def test_hidden_posts_stay_out_of_feeds_and_sitemap(site: SmallSite) -> None:
    """feed: false and sitemap: false are honoured."""
    site.news("quiet", more="feed: false\n")
    site.news("unmapped", more="sitemap: false\n")
    site.build()
    assert "About quiet" not in entries(site)
    assert "About unmapped" in entries(site)
    assert b"/quiet" in site.files()["sitemap.xml"]
    assert b"/unmapped" not in site.files()["sitemap.xml"]


def test_more_than_half_gone_publishes_nothing(site: SmallSite) -> None:
    """A site that suddenly shrinks is an accident until somebody says that it is not."""
    site.build()
    before = site.files()
    for file in list(site.posts.iterdir())[:2]:
        file.unlink()
    with pytest.raises(PublishError, match="2 of 3 published posts") as caught:
        site.build()
    assert "--allow-shrink" in caught.value.hint
    assert site.files() == before
    site.build(allow_shrink=True)
    assert len(entries(site)) == 1


def test_what_left_every_post_out_is_said(tmp_path: Path) -> None:
    """Where the source itself says why there is no post, that is what one reads."""
    (tmp_path / "astro.config.mjs").write_text("export default { site: 'https://lamps.example' }")
    (tmp_path / "src" / "content" / "blog").mkdir(parents=True)
    (tmp_path / "src" / "content" / "blog" / "a.md").write_text("---\ntitle: A\ndate: 2024-01-02\n---\n")
    settings = config.parse(b"sources: [{path: .}]\n", tmp_path / "config.yaml")
    with pytest.raises(PublishError, match="the first problem: src/content/blog: the addresses of the collection"):
        pipeline.run(settings, now=NOW)


def test_an_empty_or_missing_folder_publishes_nothing(site: SmallSite) -> None:
    """A source that is not mounted must not empty the feeds."""
    site.build()
    before = site.files()
    site.posts.rename(site.posts.with_name("away"))
    with pytest.raises(FeedsError):
        site.build()
    (site.folder / "site").rename(site.folder / "gone")
    with pytest.raises(FeedsError, match="no such file or folder"):
        site.build(allow_shrink=True)
    assert site.files() == before


def test_a_site_without_posts_says_what_it_withheld(tmp_path: Path) -> None:
    """A new site has nothing to publish yet, and learns why."""
    site = SmallSite(tmp_path)
    site.news("moving", more="published: false\n")
    with pytest.raises(PublishError, match=r"1 withheld, the first _posts/2021-01-01-moving.md \(published: false\)"):
        site.build()


def test_a_dry_run_says_and_does_nothing(site: SmallSite) -> None:
    """Not a byte is written, not even beside the output."""
    report = site.build(dry_run=True)
    assert "feed.atom" in report.written
    assert not site.output.exists()
    assert not (site.folder / ".output.feeds").exists()


def test_an_interrupted_run_is_finished_by_the_next(site: SmallSite) -> None:
    """Stopped at any point, the next run ends with the output of a run that was not."""
    site.build()
    expected = site.files()
    shutil.rmtree(site.output)
    shutil.rmtree(site.folder / ".output.feeds")
    stops = 0
    for after in range(0, 30, 3):
        steps = iter(range(after))

        def stop(steps: Iterator[int] = steps) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        try:
            site.build(go_on=stop)
        except KeyboardInterrupt:
            stops += 1
    assert stops > 2
    site.build()
    assert site.files() == expected
