"""Output at a storage: s3:// at a server of the test's own, and memory://."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from feeds import announcing, bringing, cli, config, storage
from feeds.daemon import RETRY, Daemon
from feeds.errors import ConfigError, StorageError
from feeds.model import Problem
from feeds.publish import Manifest
from object_storage import Bucket, Memory, s3
from small_site import NOW, SmallSite

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the server
LATER = NOW + timedelta(days=30)


@pytest.fixture
def memory() -> Iterator[Memory]:
    made = Memory()
    yield made
    made.clear()


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.paper("lamps")
    made.paper("wicks", date="2020-06-01")
    made.news("move")
    made.age()
    made.settings += "output: 'memory://www/feeds'\n"
    made.output = work(made) / "published"
    return made


def work(site: SmallSite) -> Path:
    return site.folder / ".www-feeds.feeds"


def on_another_machine(site: SmallSite) -> None:
    """Forget everything but what lies at the storage."""
    shutil.rmtree(work(site))


def messages(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.message for problem in problems]


class Down(ConnectionError):
    """The storage is gone."""


class Operations:
    """What is asked of the storage, operations and objects.

    After `last` of them it fails: before it does the next one, or with `is_done` after it.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, last: int = 1_000_000, is_done: bool = False) -> None:
        self.done: list[tuple[str, str]] = []
        self.last = last
        self.is_done = is_done
        for name in ("read", "put", "create", "delete"):
            monkeypatch.setattr(f"feeds.storage.{name}", self._noted(name, getattr(storage, name)))

    def _noted(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def noted(place: storage.Storage, path: str, *rest: Any) -> Any:
            if len(self.done) >= self.last:
                if self.is_done and len(self.done) == self.last:
                    self.done.append((name, path))
                    do(place, path, *rest)
                raise StorageError("down", where=place.url)
            self.done.append((name, path))
            return do(place, path, *rest)

        return noted


def test_what_lies_there_is_what_is_published(tmp_path: Path) -> None:
    """Every file is in the bucket with its bytes and its media type, below the prefix, and nothing else is."""
    site = SmallSite(tmp_path)
    site.paper("lamps")
    site.news("move")
    with s3() as endpoint:
        bucket = Bucket(endpoint, "www")
        bucket.put("other.txt", "not below the prefix")
        site.settings += f"output: {{path: 's3://www/feeds', storage: {bucket.options}}}\n"
        site.output = tmp_path / ".www-feeds.feeds" / "published"
        report = site.build()
        assert report.problems == ()
        assert report.sent == len(site.files()) - 1  # and the manifest
        assert bucket.objects("feeds/") == site.files()
        assert bucket.head("feeds/feed.atom")[0] == "application/atom+xml; charset=utf-8"
        types = {path: bucket.head(f"feeds/{path}")[0] for path in site.manifest().files}
        assert types == {path: file.type for path, file in site.manifest().files.items()}
        site.paper("lamps", text="Brighter lamps.")
        (site.posts / "2021-01-01-move.md").unlink()
        report = site.build(now=LATER, allow_shrink=True)
        assert report.deleted == len(report.removed) > 0
        assert bucket.objects("feeds/") == site.files()
        bucket.put("feeds/collections/lamps/feed.atom", "somebody's own")
        site.settings += "collections: [{name: lamps}]\n"
        report = site.build(now=LATER)
        assert [p.where for p in report.left_out] == ["s3://www/feeds/collections/lamps/feed.atom"]
        assert bucket.head("feeds/collections/lamps/feed.atom")[1] == b"somebody's own"


def test_what_is_named_is_there_first(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal first, items before feeds, those before the index, then the manifest, deletions, and the journal."""
    site.settings += "exports: [index, sitemap, atom, jsonld, page, list-page]\n"
    site.build()
    (site.posts / "2021-01-01-move.md").unlink()
    site.paper("lamps", text="Brighter lamps.")
    site.paper("oil", date="2022-01-01")
    asked = Operations(monkeypatch)
    report = site.build(now=LATER)
    assert report.problems == ()
    writes = [(name, path) for name, path in asked.done if name != "read"]
    assert writes[0] == ("put", "manifest.journal")
    assert writes[-1] == ("delete", "manifest.journal")
    order = [path for name, path in writes if name in {"put", "create"}]
    manifest = site.manifest()

    def place(export: str) -> list[int]:
        return [order.index(path) for path in order if path in manifest.files and manifest.files[path].export == export]

    for first, second in (("jsonld", "page"), ("page", "atom"), ("atom", "list-page"), ("list-page", "sitemap")):
        assert max(place(first)) < min(place(second)), (first, second)
    assert max(place("sitemap")) < max(place("index")) < order.index("manifest.json") == len(order) - 1
    deleted = [path for name, path in writes if name == "delete"]
    assert writes.index(("put", "manifest.json")) < writes.index(("delete", deleted[0]))
    assert sorted(deleted[:-1]) == sorted(report.removed)
    assert memory.objects("www/feeds") == site.files()


def test_only_what_changed_is_sent(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an edit what was written is sent; when nothing changed the storage is not even asked."""
    site.build()
    site.paper("lamps", text="Brighter lamps.")
    report = site.build(now=LATER)
    assert report.sent == len(report.written) - 1  # the manifest
    assert memory.objects("www/feeds") == site.files()

    def never(*_: object) -> storage.Storage:
        raise AssertionError("asked")

    monkeypatch.setattr("feeds.storage.reach", never)
    report = site.build(now=LATER)
    assert (report.sent, report.deleted, report.problems) == (0, 0, ())


def test_ids_and_dates_are_those_of_the_storage(site: SmallSite, memory: Memory) -> None:
    """A machine that has nothing goes on from the manifest at the storage: nothing is sent, nothing is new."""
    site.news("undated", "2023-01-01")
    site.build()
    before = memory.objects("www/feeds")
    on_another_machine(site)
    report = site.build(now=LATER)
    assert (report.read, report.sent, report.deleted) == (4, 0, 0)
    assert memory.objects("www/feeds") == site.files() == before


@pytest.mark.parametrize("moved", [False, True], ids=["here", "on another machine"])
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_an_interrupted_upload_is_finished(
    moved: bool, is_done: bool, site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is cut off, the next run leaves the storage as if it had not been, even when all is as before."""
    site.settings += "exports: [atom, jsonld]\ncollections: []\n"
    site.build()
    begun, first = memory.objects(), site.folder / "first"
    shutil.copytree(work(site), first)
    was = (site.posts / "2020-05-01-lamps.md").read_text()
    for last in range(100):
        memory.clear()
        memory.put(begun)
        shutil.rmtree(work(site))
        shutil.copytree(first, work(site))
        site.paper("lamps", text="Brighter lamps.")
        oil = site.paper("oil", date="2022-01-01")
        with monkeypatch.context() as patch:
            asked = Operations(patch, last, is_done)
            report = site.build(now=LATER)
        if moved:
            on_another_machine(site)
        oil.unlink()
        (site.posts / "2020-05-01-lamps.md").write_text(was)
        assert site.build(now=LATER).problems == (), last
        assert memory.objects("www/feeds") == site.files(), last
        if not report.problems:
            break
        assert messages(report.problems) == ["what is published was not brought there: down"]
    assert len(asked.done) == last > 6


def test_a_foreign_object_is_left_alone(site: SmallSite, memory: Memory) -> None:
    """It is neither overwritten nor deleted; that is an error in every run, until it has been moved away."""
    memory.put({"www/feeds/index.html": b"the site's own", "www/feeds/about.html": b"about"})
    for now in (NOW, LATER):
        report = site.build(now=now)
        assert [p.where for p in report.left_out] == ["memory://www/feeds/index.html"]
        assert memory.objects("www/feeds")["index.html"] == b"the site's own"
    held = msgspec.json.decode(memory.objects("www/feeds")["manifest.json"], type=Manifest)
    assert "index.html" not in held.files
    memory.files.rm_file("/www/feeds/index.html")
    assert site.build(now=LATER).problems == ()
    assert memory.objects("www/feeds") == {**site.files(), "about.html": b"about"}


def test_what_was_copied_by_hand_is_taken_over(site: SmallSite, memory: Memory) -> None:
    """An object that is just what is published is ours from then on."""
    settings, site.settings = site.settings, "sources: [{path: site}]\n"
    site.build()
    memory.put(
        {
            f"www/feeds/{p.relative_to(site.folder / 'output')}": p.read_bytes()
            for p in (site.folder / "output").rglob("*.*")
        }
    )
    del memory.files.store["/www/feeds/manifest.json"]
    site.settings = settings
    assert site.build().problems == ()
    assert memory.objects("www/feeds") == site.files()


def test_an_output_moves_to_a_storage(site: SmallSite, memory: Memory) -> None:
    """With the manifest of the folder in the work folder, everything is sent, and ids and dates stay."""
    settings, site.settings = site.settings, "sources: [{path: site}]\n"
    site.build()
    site.output.mkdir(parents=True)
    shutil.copy(site.folder / "output" / "manifest.json", site.output)
    published = {p.relative_to(site.folder / "output"): p.read_bytes() for p in (site.folder / "output").rglob("*.*")}
    site.settings = settings
    assert site.build(now=LATER).problems == ()
    assert memory.objects("www/feeds") == {str(path): body for path, body in published.items()}


def test_no_bucket_to_publish_in(tmp_path: Path) -> None:
    """A bucket is not made, and that there is none is said."""
    site = SmallSite(tmp_path)
    site.news("move")
    with s3() as endpoint:
        site.settings += f"output: {{path: 's3://none', storage: {{endpoint_url: '{endpoint}', key: a, secret: b}}}}\n"
        [problem] = site.build().left_out
        again = site.build().left_out
    assert problem.message == "what is published was not brought there: there is no such bucket or folder"
    assert again == (problem,)


def test_a_storage_that_fails(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one error that leads to exit status 3; here everything is published, and the next run brings it."""
    (site.folder / "config.yaml").write_text(site.settings)
    site.build()
    site.paper("oil", date="2022-01-01")
    arguments = ["build", "-c", str(site.folder / "config.yaml")]

    def down(*_: object, **__: object) -> None:
        raise Down("no route")

    with monkeypatch.context() as patch:
        patch.setattr(type(memory.files), "cat_file", down)
        done = CliRunner().invoke(cli.commands, arguments)
        assert done.exit_code == 3
        assert (
            "error: memory://www/feeds/manifest.json: what is published was not brought there: the storage "
            in done.stderr
        )
        assert done.stderr.count("error") == 1
        assert not bringing.has_arrived(site.config())
    assert "oil" in (site.output / "feed.atom").read_text()
    assert memory.objects("www/feeds") != site.files()
    done = CliRunner().invoke(cli.commands, arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "sent to the storage" in done.stdout
    assert memory.objects("www/feeds") == site.files()


def test_ids_are_not_made_anew(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """When nothing is here and the manifest at the storage cannot be had, nothing is published."""
    site.build()
    before = memory.objects()
    on_another_machine(site)

    def down(*_: object, **__: object) -> None:
        raise PermissionError("Access Denied")

    with monkeypatch.context() as patch:
        patch.setattr(type(memory.files), "cat_file", down)
        with pytest.raises(StorageError, match="does not let us in: Access Denied\nhint: give credentials"):
            site.build()
    memory.put({"www/feeds/manifest.json": b"{"})
    with pytest.raises(StorageError, match="the manifest is damaged"):
        site.build()
    memory.put(
        {"www/feeds/manifest.json": before["www/feeds/manifest.json"].replace(b'"feed.atom"', b'"../feed.atom"')}
    )
    with pytest.raises(StorageError, match="it names a file that is elsewhere"):
        site.build()


def test_two_machines(site: SmallSite, memory: Memory, tmp_path: Path) -> None:
    """Where another machine has published since, nothing is sent from what is older here."""
    site.build()
    shutil.copytree(work(site), tmp_path / "other")
    site.paper("oil", date="2022-01-01")
    site.build(now=LATER)
    there = memory.objects()
    on_another_machine(site)
    shutil.copytree(tmp_path / "other", work(site))
    site.paper("glass", date="2022-02-01")
    [problem] = site.build(now=LATER).left_out
    assert problem.message == "what is published was not brought there: another machine has published there"
    assert memory.objects() == there
    shutil.rmtree(site.output)  # as the hint says
    assert site.build(now=LATER).problems == ()
    assert memory.objects("www/feeds") == site.files()


def test_another_storage_gets_everything(site: SmallSite, memory: Memory) -> None:
    """With another address and the same work folder all is sent there."""
    site.settings = "sources: [{path: site}]\noutput: {path: 'memory://www/feeds', work: .www-feeds.feeds}\n"
    site.build()
    site.settings = site.settings.replace("www/feeds'", "else/where'")
    report = site.build(now=LATER)
    assert (report.sent, report.problems) == (len(site.files()) - 1, ())
    assert memory.objects("else/where") == site.files()


def test_other_credentials_change_nothing(site: SmallSite, memory: Memory) -> None:
    """With other options the storage is asked again, and knows us for who published there."""
    site.settings = "sources: [{path: site}]\noutput: {path: 'memory://www/feeds', storage: {key: old}}\n"
    site.build()
    site.settings = site.settings.replace("old", "new")
    assert not bringing.has_arrived(site.config())
    site.paper("oil", date="2022-01-01")
    report = site.build(now=LATER)
    assert (report.sent, report.problems) == (len(report.written) - 1, ())
    assert memory.objects("www/feeds") == site.files()


def test_the_daemon_tries_again_soon(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not brought is due after some minutes, whatever the timetable says."""
    served = Daemon(site.config(), clock=lambda: NOW)
    with monkeypatch.context() as patch:
        Operations(patch, last=3)
        served._build(())
    due = [served._next_due]
    served._build(())
    assert [*due, served._next_due] == [NOW + RETRY, None]
    assert memory.objects("www/feeds") == site.files()


def test_nobody_is_told_too_soon(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hubs hear of what changed when readers find it."""
    site.settings += "push: {hub: 'http://127.0.0.1:9/'}\n"
    with monkeypatch.context() as patch:
        Operations(patch, last=3)
        site.build()
        assert announcing.announce(site.config(), "https://lantern.example.org", NOW).problems == ()
    site.build()
    assert memory.objects("www/feeds") == site.files()
    [problem] = announcing.announce(site.config(), "https://lantern.example.org", NOW).problems
    assert "was not told" in problem.message


def test_a_dry_run_sends_nothing(site: SmallSite, memory: Memory) -> None:
    """It tells what would be written here, and asks nobody."""
    assert site.build(dry_run=True).written
    assert memory.objects() == {}
    assert not work(site).exists()


def test_a_run_that_is_stopped(site: SmallSite, memory: Memory) -> None:
    """What a stopped run did not send the next one does."""
    left = 12

    def go_on() -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        site.build(go_on=go_on)
    assert site.build().problems == ()
    assert memory.objects("www/feeds") == site.files()


@pytest.mark.parametrize(
    ("output", "wrong"),
    [
        ("https://lantern.example.org/feeds", "output.path: nothing can be published there\nhint: name a folder"),
        ("{path: 'git@lantern.example.org:www'}", "output.path: nothing can be published there"),
        ("s3:///feeds", "output.path: nothing can be published there"),
    ],
)
def test_mistakes(output: str, wrong: str, tmp_path: Path) -> None:
    """An address that is no storage's is named with its key and line."""
    with pytest.raises(ConfigError) as error:
        config.parse(f"sources: [{{path: site}}]\noutput: {output}\n".encode(), tmp_path / "config.yaml")
    assert f"config.yaml:2: {wrong}" in str(error.value)


def test_file_addresses_are_paths(tmp_path: Path) -> None:
    """`file://` in front of a path changes nothing."""
    raw = f"sources: [{{path: 'file://{tmp_path}/my%20site'}}]\noutput: file://{tmp_path}/www\n".encode()
    made = config.parse(raw, tmp_path / "config.yaml")
    assert (made.sources[0].path, made.output, made.brought_to) == (f"{tmp_path}/my site", tmp_path / "www", "")


def test_another_folder_for_once(tmp_path: Path) -> None:
    """With -o the run stays on this machine."""
    made = config.parse(b"sources: [{path: site}]\noutput: s3://www/feeds\n", tmp_path / "config.yaml")
    assert made.output == tmp_path / ".www-feeds.feeds" / "published"
    assert config.with_output(made, tmp_path / "here").brought_to == ""
