"""Sources at a storage: s3:// at a server of the test's own, and memory://."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feeds import mirroring, storage
from feeds.errors import FeedsError, StorageError
from feeds.storage import Found
from object_storage import Bucket, Memory, s3
from small_site import NOW, SmallSite

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the server


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str, request: pytest.FixtureRequest) -> Bucket:
    return Bucket(endpoint, request.node.name.replace("_", "-")[:60].strip("-"))


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
    return made


def copy_of(site: SmallSite) -> Path:
    return site.folder / ".output.feeds" / "sources" / "site" / "files"


def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the objects that are fetched from now on."""
    names: list[str] = []
    fetch = storage.fetch

    def noted(place: storage.Storage, path: str, file: str) -> bool:
        names.append(path)
        return fetch(place, path, file)

    monkeypatch.setattr("feeds.storage.fetch", noted)
    return names


def test_a_site_in_a_bucket_is_the_site(site: SmallSite, bucket: Bucket) -> None:
    """What is published of a site in a bucket is what is published of its folder, byte for byte."""
    site.build()
    from_folder = site.files()
    bucket.put_folder(site.folder / "site", "site")
    site.settings = f"sources: [{{path: 's3://{bucket.name}/site', storage: {bucket.options}}}]\noutput: other\n"
    site.output = site.folder / "other"
    assert site.build().published == 3
    assert site.files() == from_folder


def test_only_what_changed_is_fetched(site: SmallSite, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed object is fetched and read, a deleted one is gone, and the others keep their times and inodes."""
    bucket.put_folder(site.folder / "site", "site")
    site.settings = f"sources: [{{path: 's3://{bucket.name}/site', storage: {bucket.options}}}]\n"
    site.build(now=NOW + timedelta(days=5000))  # later than any time stamp of the copies
    kept = copy_of(site) / "_posts" / "2020-05-01-lamps.md"
    before = kept.stat()
    names = fetched(monkeypatch)
    bucket.put("site/_posts/2020-06-01-wicks.md", site.paper("wicks", "2020-06-01", "Wicks burn.").read_bytes())
    bucket.delete("site/_posts/2021-01-01-move.md")
    bucket.put("site/_posts/2021-02-01-oil.md", site.news("oil", "2021-02-01").read_bytes())
    report = site.build(now=NOW + timedelta(days=5001))
    assert sorted(names) == ["_posts/2020-06-01-wicks.md", "_posts/2021-02-01-oil.md"]
    assert (report.posts, report.read) == (3, 2)
    assert (kept.stat().st_mtime_ns, kept.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert sorted(file.name for file in (copy_of(site) / "_posts").iterdir()) == [
        "2020-05-01-lamps.md", "2020-06-01-wicks.md", "2021-02-01-oil.md"
    ]  # fmt: skip
    names.clear()
    assert site.build(now=NOW + timedelta(days=5002)).read == 0
    assert names == []


def test_a_single_object_is_a_source(site: SmallSite, bucket: Bucket) -> None:
    """`path` may name one object, such as a bibliography."""
    bucket.put("lists/papers.bib", "@article{wick, title={On wicks}, author={Wick, Ada}, year={2020}, doi={10.5555/w}}")
    path = f"s3://{bucket.name}/lists/papers.bib"
    site.settings = (
        f"sources: [{{path: '{path}', storage: {bucket.options}}}]\nsite: {{url: https://lantern.example.org}}\n"
    )
    report = site.build()
    assert (report.published, report.works) == (1, 1)


def test_no_such_bucket(site: SmallSite, endpoint: str) -> None:
    """Without a copy from before, a bucket that is not there is an error that says so."""
    options = f"{{endpoint_url: '{endpoint}', key: a, secret: b}}"
    site.settings = f"sources: [{{path: 's3://no-such-lamp/site', storage: {options}}}]\n"
    with pytest.raises(FeedsError, match="s3://no-such-lamp/site: there is no such bucket or folder\nhint: create it"):
        site.build()


def test_nothing_there(site: SmallSite, memory: Memory) -> None:  # noqa: ARG001 - it is empty
    """A place at which nothing lies is an error, not a site without posts."""
    site.settings = "sources: [{path: 'memory://lamps/site'}]\n"
    with pytest.raises(FeedsError, match="memory://lamps/site: nothing lies there"):
        site.build()


def in_memory(site: SmallSite, memory: Memory) -> None:
    """Have the site lie in memory, as it is now."""
    memory.clear()
    for file in (site.folder / "site").rglob("*"):
        if file.is_file():
            memory.put({f"lamps/{file.relative_to(site.folder)}": file.read_bytes()})
    site.settings = "sources: [{path: 'memory://lamps/site'}]\n"


def test_a_storage_that_is_down(site: SmallSite, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last copy stays in use, nothing that is published goes, and a warning says why."""
    in_memory(site, memory)
    site.build()
    before = site.files()

    def down(*_: object, **__: object) -> None:
        raise ConnectionError("no route\nto the lamp")

    monkeypatch.setattr(type(memory.files), "find", down)
    report = site.build()
    assert site.files() == before
    [problem] = report.problems
    assert problem.severity == "warning"
    assert problem.message == "the storage cannot be reached: no route to the lamp; what was brought before is used"
    assert site.build().published == 3


def test_what_is_interrupted_goes_on(site: SmallSite, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the storage fails half-way the copy stays as it was; the next run fetches only what is not here yet."""
    bucket.put_folder(site.folder / "site", "site")
    site.settings = f"sources: [{{path: 's3://{bucket.name}/site', storage: {bucket.options}}}]\n"
    site.build()
    was = {file: file.read_bytes() for file in copy_of(site).rglob("*.md")}
    site.paper("lamps", text="Brighter lamps.")
    site.paper("wicks", "2020-06-01", text="Longer wicks.")
    bucket.put_folder(site.folder / "site", "site")
    fetch = storage.fetch

    def fragile(place: storage.Storage, path: str, file: str) -> bool:
        if "wicks" in path:
            raise StorageError("gone", where=place.url)
        return fetch(place, path, file)

    with monkeypatch.context() as patch:
        patch.setattr("feeds.storage.fetch", fragile)
        assert site.build().problems[0].message == "gone; what was brought before is used"
    assert {file: file.read_bytes() for file in copy_of(site).rglob("*.md")} == was
    names = fetched(monkeypatch)
    assert site.build().problems == ()
    assert names == ["_posts/2020-06-01-wicks.md"]
    assert {file.name: file.read_bytes() for file in copy_of(site).rglob("*.md")} == {
        file.name: file.read_bytes() for file in site.posts.iterdir()
    }


def test_a_second_address_begins_anew(site: SmallSite, memory: Memory) -> None:
    """What was brought from one address is not published as what lies at another."""
    in_memory(site, memory)
    site.build()
    site.settings = "sources: [{path: 'memory://elsewhere/site'}]\n"
    with pytest.raises(FeedsError, match="nothing lies there"):
        site.build()


def test_a_dry_run_asks_nothing(site: SmallSite, memory: Memory) -> None:
    """It says that the posts are not here yet, and leaves no trace."""
    in_memory(site, memory)
    with pytest.raises(FeedsError, match="is not here yet"):
        site.build(dry_run=True)
    assert not (site.folder / ".output.feeds").exists()


def mirror(listed: dict[str, Found], folder: Path, monkeypatch: pytest.MonkeyPatch) -> mirroring.Mirrored:
    """The copy of objects that say what they are called."""

    def told(_place: storage.Storage, path: str, file: str) -> bool:
        Path(file).write_text(path)
        return "secret" not in path

    monkeypatch.setattr("feeds.storage.listing", lambda _: listed)
    monkeypatch.setattr("feeds.storage.fetch", told)
    return mirroring.mirror("memory://lamps/site", folder, {}, NOW)


def files_below(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if not file.is_dir())


@pytest.mark.parametrize(
    "name", ["../a.md", "a/../../b.md", "/etc/a.md", "a//b.md", "./a.md", "a\0b.md", "a\nb.md", "é" * 200]
)
def test_names_that_lead_elsewhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An object whose name makes no file below the folder is left out, and said."""
    found = mirror({name: Found(1, "x"), "good.md": Found(7, "x")}, tmp_path / "copy", monkeypatch)
    assert files_below(tmp_path) == ["copy/files/good.md", "copy/listing.json"]
    [problem] = found.problems
    assert problem.message == "is left out: its name cannot be a file's"


def test_what_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects that stand for folders, and a repository's own, are no files of the site."""
    listed = {name: Found(len(name), "x") for name in ("a/", "a/b.md", ".git/config", "x/.git/HEAD")}
    found = mirror(listed, tmp_path, monkeypatch)
    assert (files_below(tmp_path / "files"), found.problems) == (["a/b.md"], ())


def test_an_object_that_is_a_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a disk cannot hold beside another object is left out, and said."""
    found = mirror({name: Found(len(name), "x") for name in ("a", "a/b.md")}, tmp_path, monkeypatch)
    assert files_below(tmp_path / "files") == ["a/b.md"]
    assert [p.message for p in found.problems] == ["is left out: it would have to be a folder as well"]
    found = mirror({"a": Found(1, "x")}, tmp_path, monkeypatch)
    assert (files_below(tmp_path / "files"), found.problems) == (["a"], ())


def test_an_object_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left out with a warning, the others are there, and it is tried again."""
    listed = {name: Found(len(name), "x") for name in ("a.md", "secret.md")}
    found = mirror(listed, tmp_path, monkeypatch)
    assert files_below(tmp_path / "files") == ["a.md"]
    assert [p.where for p in found.problems] == ["memory://lamps/site/secret.md"]
    assert mirror(listed, tmp_path, monkeypatch).problems == found.problems


def test_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket full of data is not brought."""
    found = mirror({"a.tar": Found(900_000_000_000, "x")}, tmp_path, monkeypatch)
    assert found.path is None
    assert found.problems[0].message == "900 GB lie there: more than the 200 that are taken"


def test_a_damaged_copy_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the copy that was deleted or cut is brought again, one that was added goes."""
    listed = {name: Found(len(name), "x") for name in ("a.md", "b.md", "c.md")}
    mirror(listed, tmp_path, monkeypatch)
    (tmp_path / "files" / "a.md").unlink()
    os.truncate(tmp_path / "files" / "b.md", 1)
    (tmp_path / "files" / "more").mkdir()
    (tmp_path / "files" / "more" / "d.md").write_text("d")
    mirror(listed, tmp_path, monkeypatch)
    assert {name: (tmp_path / "files" / name).read_text() for name in files_below(tmp_path / "files")} == {
        name: name for name in listed
    }


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the storage's library the hint names the extra that brings it."""
    monkeypatch.setattr(importlib.import_module("fsspec.registry"), "_registry", {})
    monkeypatch.setattr(importlib.import_module("fsspec.registry"), "registry", {})
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(StorageError, match=r"s3://lamps: the library for it is not installed\nhint: .*'feeds\[s3\]'"):
        storage.reach("s3://key:pass@lamps", {})
