"""An incremental run publishes what a full one would, whatever happened in between; and nothing is lost on the way."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import msgspec
import pytest

from feeds import registry, state
from feeds.errors import PublishError
from feeds.model import Artifact
from small_site import NOW, SmallSite

ALL = "exports: [atom, rss, jsonld, site-jsonld, csl-json, bibtex-list, sitemap, index]\n"
TWO = "collections:\n  - {name: papers, where: {kind: article}}\n  - {name: news, where: {kind: news}}\n"

EVERY = "collections: [{each: author}, {each: tag, least: 2}, {each: kind}, {each: year, order: updated, limit: 2}]\n"
PAGES = "pages: generate\n"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.settings += ALL
    made.paper("lamps")
    made.paper("wicks", "2020-07-01")
    made.news("moving")
    made.age()
    return made


def ids(site: SmallSite) -> dict[str, str]:
    """Title → id in the main feed."""
    return {e.title: e.id for e in feedparser.parse((site.output / "feed.atom").read_bytes()).entries}


# ------------------------------------------------------------------------------------------------- any edits at all


class Edits:
    """Random edits of a site, each of a kind that happens to real ones."""

    def __init__(self, site: SmallSite, seed: int) -> None:
        self.site = site
        self.draw = random.Random(seed)  # noqa: S311 - the same edits for the same seed
        self.number = 0

    def post(self) -> Path:
        return self.draw.choice(sorted(self.site.posts.iterdir()))

    def fresh(self) -> str:
        self.number += 1
        return f"{self.draw.choice(['lamp', 'wick', 'fog'])}{self.number}"

    def write(self) -> None:
        day = f"20{self.draw.randint(10, 23)}-0{self.draw.randint(1, 9)}-1{self.draw.randint(0, 9)}"
        make = self.draw.choice([self.site.paper, self.site.news])
        make(self.fresh(), day)

    def edit(self) -> None:
        file = self.post()
        file.write_text(file.read_text() + f"\nMore: {self.fresh()}.\n")

    def retag(self) -> None:
        file = self.post()
        file.write_text(file.read_text().replace("\ndate:", f"\ntags: [{self.fresh()}, Shared]\ndate:", 1))

    def recredit(self) -> None:
        """Another spelling of an author, or somebody else of that name."""
        file = self.post()
        text = file.read_text().replace("Bo Wick", self.draw.choice(["Bo Wick", "BO WICK", "Bo Wíck", "Dora Flint"]))
        if self.draw.random() < 0.5 and "authors:" not in text:
            orcid = self.draw.choice(["0000-0002-1825-0097", "0000-0001-5109-3700"])
            text = text.replace("\ndate:", f"\nauthors: [{{name: Bo Wick, orcid: {orcid}}}]\ndate:", 1)
        file.write_text(text)

    def rename(self) -> None:
        file = self.post()
        file.rename(file.with_name(f"{file.name[:11]}{self.fresh()}.md"))

    def swap(self) -> None:
        one, two = self.post(), self.post()
        text = one.read_text()
        one.write_text(two.read_text())
        two.write_text(text)

    def copy(self) -> None:
        file = self.post()
        file.with_name(f"2019-01-01-{self.fresh()}.md").write_text(file.read_text())

    def delete(self) -> None:
        if len(list(self.site.posts.iterdir())) > 3:
            self.post().unlink()

    def break_one(self) -> None:
        file = self.post()
        file.write_text("---\ntitle: [\n---\n" + file.read_text())

    def mend_all(self) -> None:
        for file in self.site.posts.iterdir():
            while file.read_text().startswith("---\ntitle: [\n---\n"):
                file.write_text(file.read_text().removeprefix("---\ntitle: [\n---\n"))

    def postpone(self) -> None:
        file = self.post()
        file.rename(file.with_name(f"2024-0{self.draw.randint(6, 8)}-02-{self.fresh()}.md"))

    def configure(self) -> None:
        sources = self.site.settings.splitlines()[0]
        self.site.settings = f"{sources}\n" + self.draw.choice(
            [ALL, "exports: [atom: {limit: 3}, jsonld]\n", ALL + TWO, ALL + EVERY, ALL + PAGES, ALL + PAGES + EVERY]
        )

    def record(self) -> None:
        """A bibliography with records of some of the papers, and of others."""
        slugs = [path.stem[11:] for path in sorted(self.site.posts.iterdir())]
        chosen = [*self.draw.sample(slugs, self.draw.randint(0, len(slugs))), f"unposted{self.draw.randint(1, 3)}"]
        entry = "@article{{{0},\ntitle={{On {0}}}, author={{Glow, Bo}}, year=2020, doi={{10.5555/{0}}}, pmid={1}\n}}\n"
        text = "".join(entry.format(slug, self.draw.randint(1, 99)) for slug in dict.fromkeys(chosen))
        (self.site.folder / "papers.bib").write_text(text)

    def forget(self) -> None:
        shutil.rmtree(self.site.folder / ".output.feeds")

    def lose_output(self) -> None:
        files = [p for p in self.site.files() if p != "manifest.json"]
        (self.site.output / self.draw.choice(files)).unlink()

    def step(self) -> str:
        kinds: list[Callable[[], None]] = [
            self.write, self.write, self.edit, self.edit, self.retag, self.recredit, self.rename, self.swap, self.copy,
            self.delete, self.break_one, self.mend_all, self.postpone, self.configure, self.forget, self.lose_output,
        ]  # fmt: skip
        if "papers.bib" in self.site.settings:
            kinds += [self.record] * 4
        done = self.draw.sample(kinds, self.draw.randint(1, 3))
        for kind in done:
            kind()
        return " ".join(kind.__name__ for kind in done)


@pytest.mark.parametrize("bibliography", [False, True], ids=["posts", "posts and records"])
@pytest.mark.parametrize("seed", range(4))
def test_incremental_is_full(site: SmallSite, tmp_path: Path, seed: int, bibliography: bool) -> None:
    """After every edit the tree is that of a full build beside the same manifest; no id is given twice."""
    edits = Edits(site, seed)
    if bibliography:
        site.settings = site.settings.replace("{path: site}", "{path: site}, {path: papers.bib, name: bib}")
        edits.record()
    site.build()
    now = NOW
    for step in range(40):
        now += timedelta(days=edits.draw.random() * 5)
        done = edits.step()
        copy = SmallSite(tmp_path / "copy")
        shutil.rmtree(copy.folder)
        shutil.copytree(site.folder, copy.folder, ignore=shutil.ignore_patterns("copy", ".output.feeds"))
        copy.settings = site.settings
        site.build(now=now, allow_shrink=True)
        copy.build(now=now, allow_shrink=True, full=True)
        assert site.files() == copy.files(), f"step {step}: {done}"
        given = [entry.id for entry in site.manifest().posts.values()]
        assert len(given) == len(set(given)), f"step {step}: {done}"
        shutil.rmtree(copy.folder)


# --------------------------------------------------------------------------------------- what must never be lost


def test_a_run_for_one_collection_without_a_state_loses_nothing(site: SmallSite) -> None:
    """What is published stays published although nobody remembers it."""
    site.settings += TWO
    site.build()
    before = set(site.files())
    shutil.rmtree(site.folder / ".output.feeds")
    assert site.build(only=["news"]).removed == ()
    assert set(site.files()) == before


def test_a_clock_that_is_wrong_publishes_nothing(site: SmallSite) -> None:
    """In the year 2000 every post is a future one; that must not empty the site."""
    site.build()
    before = site.files()
    with pytest.raises(PublishError, match="3 of 3 published posts"):
        site.build(now=datetime(2000, 1, 1, tzinfo=UTC))
    assert site.files() == before


def test_a_default_that_withholds_everything_publishes_nothing(site: SmallSite) -> None:
    """One line in _config.yml must not empty the site either."""
    site.build()
    before = site.files()
    config = site.posts.parent / "_config.yml"
    config.write_text(config.read_text() + "defaults: [{scope: {path: ''}, values: {published: false}}]\n")
    with pytest.raises(PublishError):
        site.build()
    assert site.files() == before


def test_a_damaged_item_is_read_again(site: SmallSite) -> None:
    """A post whose cached text is damaged is in the feeds all the same."""
    site.build()
    with sqlite3.connect(site.folder / ".output.feeds" / "state.sqlite") as db:
        db.execute("UPDATE items SET item = x'00' WHERE key LIKE '%lamps%'")
    db.close()
    site.news("more")
    site.build()
    assert list(ids(site)) == ["About more", "About moving", "On wicks", "On lamps"]


def test_an_output_from_a_backup_is_brought_up_to_date(site: SmallSite) -> None:
    """The state does not take an older output for the one it made."""
    site.build()
    old = site.files()
    site.paper("lamps", text="We light many more lamps.")
    site.build()
    new = site.files()
    for path, body in old.items():
        (site.output / path).write_bytes(body)
    site.build()
    after = site.files()
    assert {p for p in new if after[p] != new[p]} <= {"manifest.json", "feed.atom", "feed.rss", "site.jsonld",
                                                     "sitemap.xml", "index.html",
                                                     "publications/2020/05/01/lamps.jsonld"}  # fmt: skip
    assert b"many more lamps" in after["publications/2020/05/01/lamps.csl.json"]
    assert b"many more lamps" in after["feed.atom"]


def test_a_kill_and_an_undone_edit(site: SmallSite) -> None:
    """What a killed run had moved is not taken for what the manifest says, even at the same size."""
    file = site.news("moving", text="We moved house.")
    site.build()
    before = site.files()
    text = file.read_text()
    file.write_text(text.replace("house", "mouse"))
    moves = iter(range(3))

    def killed() -> None:
        if next(moves, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        site.build(go_on=killed)
    assert site.files() != before
    file.write_text(text)
    site.build()
    assert b"mouse" not in site.files()["feed.atom"]
    assert ids(site)["About moving"]


def test_a_post_that_was_away_comes_back_as_itself(site: SmallSite) -> None:
    """Unpublished for a while, it keeps its id."""
    file = site.news("lost")
    site.build()
    before = ids(site)["About lost"]
    text = file.read_text()
    file.unlink()
    site.build(now=NOW + timedelta(days=1))
    assert [t.id for t in site.manifest().tombstones] == [before]
    file.with_name("2021-01-01-found.md").write_text(text)
    site.build(now=NOW + timedelta(days=2))
    assert ids(site)["About lost"] == before
    assert site.manifest().tombstones == ()


def test_swapped_names_keep_their_ids(site: SmallSite) -> None:
    """A paper never takes another paper's DOI as its id."""
    site.build()
    before = ids(site)
    one, two = site.posts / "2020-05-01-lamps.md", site.posts / "2020-07-01-wicks.md"
    text = one.read_text()
    one.write_text(two.read_text())
    two.write_text(text)
    site.build()
    assert ids(site) == before


def test_a_pdf_that_changes_is_seen(site: SmallSite) -> None:
    """A post depends on the files that go with it."""
    pdf = site.posts.parent / "lamps.pdf"
    pdf.write_bytes(b"%PDF-1.4 one")
    post = site.posts / "2020-05-01-lamps.md"
    post.write_text(post.read_text().replace("\ndate:", "\npdf_file_name: lamps.pdf\ndate:", 1))
    site.build()
    record = site.output / "publications/2020/05/01/lamps.jsonld"
    assert msgspec.json.decode(record.read_bytes())["encoding"][0]["contentSize"] == "12 B"
    pdf.write_bytes(b"%PDF-1.4 other")
    site.build()
    assert msgspec.json.decode(record.read_bytes())["encoding"][0]["contentSize"] == "14 B"


def test_indexes_never_name_what_is_not_there(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts' files are moved before feeds, those before the manifest, and deletions come last."""
    site.build()
    (site.posts / "2021-01-01-moving.md").unlink()
    site.paper("oil", "2022-02-02")
    moved: list[str] = []
    replace, unlink = Path.replace, Path.unlink

    def note_replace(self: Path, target: Any) -> Path:
        moved.append(Path(target).name)
        return replace(self, target)

    def note_unlink(self: Path, missing_ok: bool = False) -> None:
        if self.is_relative_to(site.output):
            moved.append(f"-{self.name}")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "replace", note_replace)
    monkeypatch.setattr(Path, "unlink", note_unlink)
    site.build()
    order = [
        moved.index(n)
        for n in ("oil.jsonld", "feed.atom", "sitemap.xml", "index.html", "manifest.json", "-moving.jsonld")
    ]
    assert order == sorted(order)


# ------------------------------------------------------------------------------------------------ formats that fail


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let one exporter fail from now on; "" lets none."""
    real = registry.exporter
    broken = ""

    def exporter(name: str) -> Any:
        def fail(*_: Any) -> Iterable[Artifact]:
            raise RuntimeError("out of ink")

        found = real(name)
        return msgspec.structs.replace(found, render=fail) if name == broken else found

    def choose(name: str) -> None:
        nonlocal broken
        broken = name

    monkeypatch.setattr(registry, "exporter", exporter)
    return choose


@pytest.mark.parametrize(
    ("name", "path"), [("csl-json", "publications/2020/05/01/lamps.csl.json"), ("rss", "feed.rss")]
)
def test_a_format_that_fails_keeps_its_last_files(
    site: SmallSite, failing: Callable[[str], None], name: str, path: str
) -> None:
    """The others go on; it is told in every run, and catches up when it is mended."""
    site.build()
    old = site.files()[path]
    site.paper("lamps", text="We light many more lamps.")
    failing(name)
    for _ in range(2):
        report = site.build()
        assert any("out of ink" in p.message for p in report.left_out)
        assert site.files()[path] == old
        assert b"many more" in site.files()["feed.atom"]
    failing("")
    assert site.build().left_out == ()
    assert site.files()[path] != old


def test_a_place_that_was_taken_is_filled_when_it_is_free(site: SmallSite) -> None:
    """A file of somebody else's is left alone, told in every run, and replaced by ours once it is gone."""
    site.output.mkdir()
    (site.output / "robots.txt").write_text("mine")
    for _ in range(2):
        assert [p.where for p in site.build().left_out] == ["robots.txt"]
    (site.output / "robots.txt").unlink()
    assert site.build().left_out == ()
    assert b"sitemap" in site.files()["robots.txt"]


def test_one_post_in_the_way_does_not_stop_the_others(site: SmallSite) -> None:
    """A permalink below a file is refused; everything else is published."""
    site.news("odd", more="permalink: /feed.atom/x.html\n")
    report = site.build()
    assert [p.where for p in report.left_out] == ["feed.atom/x.csl.json", "feed.atom/x.jsonld"]
    assert "About moving" in ids(site)


def test_the_state_can_be_locked_by_others(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run does without its cache when it cannot write to it."""
    site.build()
    site.news("more")
    put = state.State.put
    calls = iter(range(1))

    def locked(self: state.State, *arguments: Any) -> None:
        if next(calls, None) is not None:
            raise sqlite3.OperationalError("database is locked")
        put(self, *arguments)

    monkeypatch.setattr(state.State, "put", locked)
    site.build()
    assert "About more" in ids(site)


def test_a_post_that_ends_its_process_is_left_out(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a run that died at its work the next does it in another process, and names the culprit."""
    site.build()
    (site.folder / ".output.feeds" / "working").touch()
    site.news("deadly", text="DEADLY")
    source = registry.source("jekyll")

    def read(tree: Any, path: str, options: Any) -> Any:
        if "deadly" in path:
            os._exit(9)
        return source.read(tree, path, options)

    monkeypatch.setattr(registry, "source", lambda _name: msgspec.structs.replace(source, read=read))
    report = site.build()
    assert [p.message for p in report.left_out] == ["reading this post ended the process that read it"]
    assert list(ids(site)) == ["About moving", "On wicks", "On lamps"]
