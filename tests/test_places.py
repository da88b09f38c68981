"""Sources that are elsewhere, and dates from histories, in the whole flow."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest

from feeds.errors import FeedsError
from small_site import NOW, SmallSite

PLANET = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title><id>urn:planet</id>
<updated>2021-02-03T00:00:00Z</updated>
<entry><title>From afar</title><id>urn:afar</id><updated>2021-02-03T00:00:00Z</updated>
<published>2021-02-03T00:00:00Z</published><link href="https://afar.example/1"/><summary>Far lamps.</summary></entry>
<entry><title>Our own lamps</title><id>urn:own</id><updated>2020-05-01T00:00:00Z</updated>
<published>2020-05-01T00:00:00Z</published><link href="https://lantern.example.org/publications/2020/05/01/lamps.html"/>
<summary>Ours.</summary></entry></feed>
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address it is served at."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.paper("lamps")
    made.news("moving")
    made.age()
    return made


def git(folder: Path, *arguments: str, when: str = "2022-03-04T05:06:07+01:00") -> None:
    who = {
        f"GIT_{role}_{part}": "ada@lantern.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    subprocess.run(command, cwd=folder, env={**os.environ, **clean, **who, **dates}, check=True, capture_output=True)


def titles(site: SmallSite) -> list[str]:
    return [entry.title for entry in feedparser.parse((site.output / "feed.atom").read_bytes()).entries]


def test_a_repository_is_a_source(site: SmallSite, tmp_path: Path) -> None:
    """A bare repository is checked out and read; a new commit is published; the same one changes nothing."""
    work, bare = site.folder / "site", tmp_path / "site.git"
    git(work, "init")
    git(work, "add", ".")
    git(work, "commit", "-m", "first")
    git(tmp_path, "clone", "--bare", str(work), str(bare))
    site.settings = f"sources: [{{path: {bare}}}]\n"
    assert site.build().published == 2
    assert (site.build().read, site.build().written) == (0, ())
    site.news("more", "2021-05-05")
    git(work, "add", ".")
    git(work, "commit", "-m", "second")
    git(work, "push", str(bare), "main")
    report = site.build()
    assert (report.read, report.published) == (1, 3)


def test_what_was_checked_out_last_is_looked_at(site: SmallSite, tmp_path: Path) -> None:
    """A dry run takes the checkout as it is; that of another repository is not taken for it."""
    work, bare = site.folder / "site", tmp_path / "site.git"
    git(work, "init")
    git(work, "add", ".")
    git(work, "commit", "-m", "first")
    git(tmp_path, "clone", "--bare", str(work), str(bare))
    site.settings = f"sources: [{{path: {bare}, name: lab}}]\n"
    with pytest.raises(FeedsError, match="is not here yet"):
        site.build(dry_run=True)
    site.build()
    assert site.build(dry_run=True).published == 2
    git(tmp_path, "clone", "--bare", str(work), str(tmp_path / "other.git"))
    site.settings = f"sources: [{{path: {tmp_path / 'other.git'}, name: lab}}]\n"
    with pytest.raises(FeedsError, match="is not here yet"):
        site.build(dry_run=True)


def test_a_branch_that_is_gone_is_the_reason(site: SmallSite, tmp_path: Path) -> None:
    """What was published of a repository stays, and the error says what keeps it from being read."""
    work, bare = site.folder / "site", tmp_path / "site.git"
    git(work, "init")
    git(work, "add", ".")
    git(work, "commit", "-m", "first")
    git(tmp_path, "clone", "--bare", str(work), str(bare))
    (tmp_path / "papers.bib").write_text("@article{a, title={Oil}, author={Wick, Bo}, year=2020, doi={10.5555/o}}\n")
    site.settings = f"sources: [{{path: {bare}, name: lab, branch: main}}, {{path: papers.bib}}]\n"
    site.settings += "site: {url: 'https://lantern.example.org'}\n"
    site.build()
    before = site.files()
    site.settings = site.settings.replace("branch: main", "branch: nope")
    with pytest.raises(FeedsError, match="there is no branch 'nope'") as caught:
        site.build()
    assert "main" in caught.value.hint
    assert site.files() == before


def test_a_history_dates_changes(site: SmallSite) -> None:
    """`updated` is the day of the last commit; an edit that is not committed yet is dated by itself."""
    work = site.folder / "site"
    git(work, "init")
    git(work, "add", ".")
    git(work, "commit", "-m", "first")
    site.build()
    [entry] = [e for e in feedparser.parse((site.output / "feed.atom").read_bytes()).entries if "lamps" in e.title]
    assert entry.updated == "2022-03-04T05:06:07+01:00"
    again = site.build(now=NOW + timedelta(days=1))
    assert (again.read, again.written) == (0, ())
    site.paper("lamps", text="Edited, not committed.")
    site.build(now=NOW + timedelta(days=2))
    [entry] = [e for e in feedparser.parse((site.output / "feed.atom").read_bytes()).entries if "lamps" in e.title]
    assert entry.updated > "2022-03-05"


def test_history_none_asks_no_repository(site: SmallSite) -> None:
    """Without the dates of the history a post was last changed when it was published."""
    work = site.folder / "site"
    git(work, "init")
    git(work, "add", ".")
    git(work, "commit", "-m", "first")
    site.settings = "sources: [{path: site, history: none}]\n"
    site.build()
    [entry] = [e for e in feedparser.parse((site.output / "feed.atom").read_bytes()).entries if "lamps" in e.title]
    assert entry.updated == "2020-05-01T00:00:00+00:00"


def test_history_full_that_is_not_there_is_told(site: SmallSite) -> None:
    """Who asks for dates from a history learns that there is none."""
    site.settings = "sources: [{path: site, history: full}]\n"
    [problem] = site.build().problems
    assert problem.severity == "warning"
    assert "tells no dates" in problem.message


def test_a_feed_is_a_source(site: SmallSite, served: tuple[Path, str]) -> None:
    """Entries of a feed are published; that which tells of a page of ours is the page."""
    folder, url = served
    (folder / "feed.xml").write_text(PLANET)
    site.settings = f"sources: [{{path: site}}, {{path: '{url}/feed.xml', name: planet, allow_private: true}}]\n"
    report = site.build()
    assert titles(site) == ["From afar", "About moving", "On lamps"]
    assert [line.partition(": ")[2] for line in report.withheld] == [
        "tells of the same work as site:_posts/2020-05-01-lamps.md"
    ]
    assert "afar.example" not in (site.output / "sitemap.xml").read_text()


def test_an_entry_that_left_its_feed_stays(site: SmallSite, served: tuple[Path, str]) -> None:
    """A feed holds its newest entries only."""
    folder, url = served
    (folder / "feed.xml").write_text(PLANET)
    site.settings = f"sources: [{{path: site}}, {{path: '{url}/feed.xml', name: planet, allow_private: true}}]\n"
    site.build()
    (folder / "feed.xml").write_text(
        PLANET.replace("From afar", "Newer").replace("urn:afar", "urn:2").replace("/1", "/2")
    )
    later = (folder / "feed.xml").stat().st_mtime + 60
    os.utime(folder / "feed.xml", (later, later))
    site.build(now=NOW + timedelta(days=1))
    assert sorted(titles(site)) == ["About moving", "From afar", "Newer", "On lamps"]


def test_a_server_that_fails_changes_nothing(site: SmallSite, served: tuple[Path, str]) -> None:
    """What was brought last is taken, and a warning says so; a source that never came does not stop the others."""
    folder, url = served
    (folder / "feed.xml").write_text(PLANET)
    planet = f"{{path: '{url}/feed.xml', name: planet, allow_private: true}}"
    site.settings = f"sources: [{{path: site}}, {planet}]\n"
    site.build()
    (folder / "feed.xml").unlink()
    report = site.build(now=NOW + timedelta(days=1))
    assert [p.severity for p in report.problems] == ["warning"]
    assert report.published == 3
    site.settings = (
        f"sources: [{{path: site}}, {planet}, {{path: '{url}/none.xml', name: none, allow_private: true}}]\n"
    )
    report = site.build(now=NOW + timedelta(days=2))
    assert [(p.severity, p.where) for p in report.left_out] == [("error", f"{url}/none.xml")]
    assert report.published == 3


def test_private_machines_are_not_asked(site: SmallSite, served: tuple[Path, str]) -> None:
    """Without `allow_private` an address does not lead into the private network."""
    folder, url = served
    (folder / "feed.xml").write_text(PLANET)
    site.settings = f"sources: [{{path: '{url}/feed.xml'}}]\nsite: {{url: https://lantern.example.org}}\n"
    with pytest.raises(FeedsError, match="private"):
        site.build()


def test_a_dry_run_brings_nothing(site: SmallSite, served: tuple[Path, str]) -> None:
    """It says that the feed is not here yet, and leaves no trace."""
    folder, url = served
    (folder / "feed.xml").write_text(PLANET)
    site.settings = f"sources: [{{path: site}}, {{path: '{url}/feed.xml', name: planet, allow_private: true}}]\n"
    report = site.build(dry_run=True)
    assert [p.message for p in report.left_out] == ["is not here yet"]
    assert not (site.folder / ".output.feeds").exists()


def test_an_unknown_kind_of_address_is_refused(site: SmallSite) -> None:
    """Neither a repository, nor the web, nor a storage."""
    site.settings = "sources: [{path: 'gopher://lamps.example/feed.xml'}]\n"
    with pytest.raises(FeedsError, match="nothing is known of gopher:// addresses"):
        site.build()
