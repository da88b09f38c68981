"""What reaches the disk: whole, ordered, only what changed, and only what is ours."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from feeds import publish
from feeds.errors import LockedError, PublishError
from feeds.model import Artifact
from feeds.publish import Publication, Target


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(output=tmp_path / "output", work=tmp_path / "work")


def art(path: str, body: str = "x") -> Artifact:
    return Artifact(path=path, media_type="text/plain", body=body.encode())


def release(
    target: Target, artifacts: dict[str, list[Artifact]], go_on: Callable[[], None] = lambda: None
) -> Publication:
    """One publication of artifacts by owner."""
    old = publish.read_manifest(target)
    ours = publish.prepare(target)
    there = publish.sizes(target)
    known = {path: file for path, file in old.files.items() if path not in ours}
    staged = [publish.stage(a, owner, "x", target, known, there) for owner, group in artifacts.items() for a in group]
    release = publish.Release(staged=tuple(staged), kept={}, posts={})
    return publish.commit(release, old, target=target, there=there, ours=ours, go_on=go_on)


def files(target: Target) -> dict[str, str]:
    return {p: (target.output / p).read_text() for p in publish.sizes(target) if p != publish.MANIFEST}


def test_a_publication_and_its_repetition(target: Target) -> None:
    """What is published is there; the same again writes nothing at all."""
    first = release(target, {"s:a": [art("a/b.txt"), art("c.txt")]})
    assert set(first.written) == {"a/b.txt", "c.txt", "manifest.json"}
    stamps = {p: (target.output / p).stat().st_mtime_ns for p in publish.sizes(target)}
    second = release(target, {"s:a": [art("a/b.txt"), art("c.txt")]})
    assert (second.written, second.removed, second.unchanged) == ((), (), 2)
    assert {p: (target.output / p).stat().st_mtime_ns for p in publish.sizes(target)} == stamps


def test_only_what_changed_is_written(target: Target) -> None:
    """A file whose bytes stay keeps its time stamp."""
    release(target, {"s:a": [art("a.txt")], "s:b": [art("b.txt")]})
    again = release(target, {"s:a": [art("a.txt", "new")], "s:b": [art("b.txt")]})
    assert again.written == ("a.txt", "manifest.json")
    assert files(target) == {"a.txt": "new", "b.txt": "x"}


def test_what_is_no_longer_named_is_deleted_with_its_folder(target: Target) -> None:
    """Nothing is left behind, not even an empty folder."""
    release(target, {"s:a": [art("a/deep/b.txt")], "s:b": [art("b.txt")]})
    again = release(target, {"s:b": [art("b.txt")]})
    assert again.removed == ("a/deep/b.txt",)
    assert files(target) == {"b.txt": "x"}
    assert not (target.output / "a").exists()


def test_files_of_others_are_neither_overwritten_nor_deleted(target: Target) -> None:
    """A robots.txt that the user wrote stays, and the clash is reported."""
    target.output.mkdir()
    (target.output / "robots.txt").write_text("mine")
    (target.output / "photo.jpg").write_text("mine")
    result = release(target, {":sitemap": [art("robots.txt", "ours"), art("sitemap.xml")]})
    assert [p.where for p in result.problems] == ["robots.txt"]
    assert files(target) == {"robots.txt": "mine", "photo.jpg": "mine", "sitemap.xml": "x"}


def test_a_lost_manifest_adopts_what_is_the_same(target: Target) -> None:
    """Without its manifest the output is taken over as far as the bytes agree."""
    release(target, {"s:a": [art("a.txt"), art("b.txt")]})
    (target.output / "manifest.json").unlink()
    result = release(target, {"s:a": [art("a.txt"), art("b.txt", "new")]})
    assert [p.where for p in result.problems] == ["b.txt"]
    assert result.written == ("manifest.json",)


def test_two_posts_never_share_a_file(target: Target) -> None:
    """The second post of a path is reported; the first one's file stays as it is."""
    result = release(target, {"s:a": [art("x.txt", "first")], "s:b": [art("x.txt", "second")]})
    assert files(target) == {"x.txt": "first"}
    assert [p.where for p in result.problems] == ["s:b"]


def test_a_damaged_manifest_stops_the_run(target: Target) -> None:
    """The ids of years are not silently begun anew."""
    release(target, {"s:a": [art("a.txt")]})
    (target.output / "manifest.json").write_text("{")
    with pytest.raises(PublishError, match=r"damaged.*\n?.*"):
        publish.read_manifest(target)


@pytest.mark.parametrize("after", range(4))
def test_a_kill_at_any_file_leaves_no_orphan(target: Target, after: int) -> None:
    """However far a run came, the next one ends with exactly what is published."""
    release(target, {"s:a": [art("a.txt")], "s:b": [art("b.txt")]})
    moves = iter(range(after))

    def killed() -> None:
        if next(moves, None) is None:
            raise KeyboardInterrupt

    new = {"s:a": [art("a.txt", "2")], "s:c": [art("c.txt", "2"), art("d/e.txt", "2"), art("d/f.txt", "2")]}
    with pytest.raises(KeyboardInterrupt):
        release(target, new, killed)
    for path, body in files(target).items():
        assert body in {"x", "2"}, path
    assert "b.txt" in files(target)  # deletions come last
    release(target, {"s:a": [art("a.txt", "3")]})  # meanwhile c is gone again
    assert files(target) == {"a.txt": "3"}


def test_a_reader_never_sees_a_torn_file(target: Target) -> None:
    """A file that was open before a publication is read to its old end."""
    release(target, {"s:a": [art("a.txt", "old" * 1000)]})
    with (target.output / "a.txt").open() as reader:
        release(target, {"s:a": [art("a.txt", "new")]})
        assert reader.read() == "old" * 1000


def test_a_full_disk_publishes_nothing(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """When staging fails, what was published stays whole and the error says what to do."""
    release(target, {"s:a": [art("a.txt")]})
    write = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == publish.MANIFEST:
            raise OSError(28, "No space left on device", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PublishError) as caught:
        release(target, {"s:a": [art("a.txt", "new")]})
    assert "free some space" in caught.value.hint
    assert files(target) == {"a.txt": "x"}


def test_a_dry_run_touches_nothing(target: Target) -> None:
    """It says what would be written and removed."""
    release(target, {"s:a": [art("a.txt")], "s:b": [art("b.txt")]})
    dry = Target(output=target.output, work=target.work, dry_run=True)
    result = release(dry, {"s:a": [art("a.txt", "new")]})
    assert (result.written, result.removed) == (("a.txt", "manifest.json"), ("b.txt",))
    assert files(target) == {"a.txt": "x", "b.txt": "x"}


def _hold(target: Target, held: multiprocessing.synchronize.Event, done: multiprocessing.synchronize.Event) -> None:
    with publish.lock(target):
        held.set()
        done.wait(20)


def test_one_writer_at_a_time(target: Target) -> None:
    """The second writer learns who holds the output; the lock goes with its holder."""
    spawn = multiprocessing.get_context("spawn")
    held, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(target, held, done))
    other.start()
    assert held.wait(20)
    with pytest.raises(LockedError, match=f"process {other.pid}"), publish.lock(target):
        pytest.fail("two writers")
    other.kill()
    other.join()
    with publish.lock(target):
        pass
