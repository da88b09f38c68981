"""A run that finds everything as the last one left it compares that alone; whatever differs wakes it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from feeds import pipeline
from feeds.model import Problem
from feeds.state import Known, State
from small_site import NOW, SmallSite

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.settings += "exports: [atom, jsonld, bibtex-list, sitemap]\n"
    made.paper("lamps")
    made.paper("wicks", "2020-07-01")
    made.news("moving", more="author: '@nobody'\n")
    made.age()
    return made


def looked_up(site: SmallSite, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[pipeline.Report, bool]:
    """A run, and whether it looked up what is known of the posts."""
    asked: list[State] = []
    known = State.known

    def noted(state: State) -> dict[str, Known]:
        asked.append(state)
        return known(state)

    with monkeypatch.context() as patch:
        patch.setattr(State, "known", noted)
        report = site.build(now=LATER, **options)
    return report, bool(asked)


def test_nothing_changed(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked up, and what there was to tell is told again."""
    first = site.build()
    again, asked = looked_up(site, monkeypatch)
    assert not asked
    assert (again.posts, again.read, again.published, again.works) == (3, 0, 3, 2)
    assert (again.written, again.removed, again.unchanged) == ((), (), len(site.files()) - 1)
    assert again.problems == first.problems
    assert any(isinstance(problem, Problem) and "@nobody" in problem.message for problem in again.problems)


def aged(file: Path) -> None:
    """Let a file be some months old."""
    os.utime(file, ((NOW - timedelta(days=100)).timestamp(),) * 2)


WAKES: dict[str, Callable[[SmallSite], object]] = {
    "a post that says more": lambda site: aged(site.paper("lamps", text="We light wicks.")),
    "a post that is touched": lambda site: site.age(days=900),
    "a post that is new": lambda site: aged(site.paper("glow")),
    "a post that is gone": lambda site: (site.posts / "2020-05-01-lamps.md").unlink(),
    "a post with another name": lambda site: (site.posts / "2020-05-01-lamps.md").rename(
        site.posts / "2020-05-01-l.md"
    ),
    "a published file that is gone": lambda site: (site.output / "feed.atom").unlink(),
    "a published file of another size": lambda site: (site.output / "feed.atom").write_bytes(b"<feed/>"),
    "a manifest written anew": lambda site: (site.output / "manifest.json").write_bytes(
        (site.output / "manifest.json").read_bytes()
    ),
    "the site's own configuration": lambda site: (site.folder / "site/_config.yml").write_text(
        "title: The Other Lab\nurl: https://lantern.example.org\n"
    ),
    "our configuration": lambda site: setattr(site, "settings", site.settings.replace("sitemap", "sitemap, rss")),
    "another state": lambda site: (site.folder / ".output.feeds/state.sqlite").unlink(),
}


@pytest.mark.parametrize("change", WAKES.values(), ids=WAKES.keys())
def test_what_differs_wakes_the_run(
    site: SmallSite, change: Callable[[SmallSite], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any change the run looks at everything, publishes what a full run would, and rests again."""
    site.build()
    change(site)
    looked_up(site, monkeypatch)
    published = site.files()
    site.build(now=LATER, full=True)
    assert site.files() == published
    site.build(now=LATER)
    assert not looked_up(site, monkeypatch)[1]


def test_a_post_that_is_due_wakes_the_run(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post whose hour comes is published though no file has changed."""
    site.news("soon", (NOW + timedelta(days=1)).date().isoformat())
    site.age()
    assert site.build().published == 3
    assert not looked_up(site, monkeypatch)[1]
    assert site.build(now=NOW + timedelta(days=2)).published == 4


def test_a_clock_that_was_set_back_wakes_the_run(site: SmallSite) -> None:
    """What is not published yet by the clock that is right now is taken back."""
    site.build()
    assert site.build(now=NOW - timedelta(days=1300), allow_shrink=True).published < 3


def test_what_is_written_this_moment_is_looked_at_again(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file so young that a later write may not show in its time stamp lets no run rest on it."""
    site.paper("glow")
    site.age(days=0)
    site.build()
    _, asked = looked_up(site, monkeypatch)
    assert asked


def test_damage_is_noticed(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the last run rested on is not believed when a bit of it has changed."""
    site.build()
    with sqlite3.connect(site.folder / ".output.feeds/state.sqlite") as db:
        value = bytearray(db.execute("SELECT value FROM rest").fetchone()[0])
        value[len(value) // 2] ^= 1
        db.execute("UPDATE rest SET value = ?", (bytes(value),))
    db.close()
    report, asked = looked_up(site, monkeypatch)
    assert asked
    assert report.published == 3


def pieces_of(site: SmallSite) -> dict[str, bytes]:
    """The parts of the list of everything that the state holds."""
    with sqlite3.connect(site.folder / ".output.feeds/state.sqlite") as db:
        found = dict(db.execute("SELECT name, pieces FROM pieces WHERE document = ?", ("bibtex-list  ",)))
    db.close()
    return found


def test_pieces_of_a_list_are_kept(site: SmallSite) -> None:
    """Of a list of all works only the part that a changed post is in is made again; the list is that of a full run."""
    for number in range(200):
        site.paper(f"lamps-{number}", text=f"We light {number} lamps.")
    site.build()
    before = pieces_of(site)
    site.paper("lamps-100", text="We light lamps and wicks.")
    site.build(now=LATER)
    after = pieces_of(site)
    assert len(before) == len(after) > 5
    assert [b"lamps and wicks" in after[name] for name in after.keys() - before.keys()] == [True]
    published = site.files()
    site.build(now=LATER, full=True)
    assert site.files() == published


def test_a_damaged_item_of_a_list_is_read_again(site: SmallSite) -> None:
    """A list that needs an item which the state holds no more in one piece is no fault of its format."""
    site.settings = site.settings.replace("bibtex-list", "ris-list")
    site.build()
    with sqlite3.connect(site.folder / ".output.feeds/state.sqlite") as db:
        db.execute("UPDATE items SET item = ? WHERE key LIKE '%wicks%'", (b"{}",))
    db.close()
    site.paper("lamps", text="We light lamps and wicks.")
    report = site.build(now=LATER)
    assert not report.left_out
    assert report.read == 3
    published = site.files()
    site.build(now=LATER, full=True)
    assert site.files() == published


def test_nothing_changed_loads_nothing_that_reads_or_renders(site: SmallSite) -> None:
    """Where nothing changed on a site of a known kind, no parser, no rule and no library of feeds is loaded."""
    (site.folder / "config.yaml").write_text(site.settings.replace("path: site", "path: site, kind: jekyll"))
    build = [sys.executable, "-m", "feeds", "build", "-c", str(site.folder / "config.yaml")]
    subprocess.run(build, check=True, capture_output=True)
    code = "import sys, json; sys.argv = sys.argv[1:]\nfrom feeds.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code, *build[2:]], check=True, capture_output=True, text=True)
    loaded = set(msgspec.json.decode(done.stdout.splitlines()[-1], type=list[str]))
    assert "feeds.rest" in loaded
    heavy = {"feedgen", "lxml.etree", "jinja2", "frontmatter", "liquid", "nh3", "comrak", "feeds.one_post"}
    assert sorted(loaded & heavy) == []
