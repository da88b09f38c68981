"""The state is a cache: whatever happens to it, it never lies."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from feeds.model import Item, Post, Row
from feeds.state import VERSION, Known, Stat, State

WHEN = datetime(2020, 5, 1, tzinfo=UTC)


def known(number: int) -> Known:
    row = Row(
        id=f"id:{number}", path=f"s:{number}", url="u", title="T" * 50, kind="article", published=WHEN, updated=WHEN
    )
    return Known(
        stat=Stat(number, 2, 3), digest="d", fingerprint="f", row=row, depends=(("x", None), ("y", Stat(1, 2, 3)))
    )


def item(number: int) -> Item:
    return Item(post=Post(source="s", path=f"{number}", url="u", title="t", published=WHEN, body="text " * 50))


def filled(path: Path, count: int = 20) -> None:
    state = State(path)
    for number in range(count):
        state.put(f"s:{number}", known(number), msgspec.json.encode(item(number)))
    state.set_note("n", "v")
    state.save()
    state.close()


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    """Knowledge, items and notes are there for the next run."""
    filled(tmp_path / "s.sqlite")
    state = State(tmp_path / "s.sqlite")
    assert state.known() == {f"s:{n}": known(n) for n in range(20)}
    assert state.item("s:3") == item(3)
    assert state.item("s:99") is None
    assert state.note("n") == "v"
    state.close()


def test_without_save_nothing_is_kept(tmp_path: Path) -> None:
    """A run that fails leaves the knowledge of the last one."""
    filled(tmp_path / "s.sqlite")
    state = State(tmp_path / "s.sqlite")
    state.put("s:0", known(7), b"")
    state.forget(["s:1"])
    state.close()
    again = State(tmp_path / "s.sqlite")
    assert again.known()["s:0"] == known(0)
    assert "s:1" in again.known()
    again.close()


@pytest.mark.parametrize("junk", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_state_is_begun_anew(tmp_path: Path, junk: bytes) -> None:
    """Garbage, an empty file and a torn header are all replaced."""
    path = tmp_path / "s.sqlite"
    path.write_bytes(junk)
    assert State(path).known() == {}
    filled(path)
    assert len(State(path).known()) == 20


def test_another_version_is_begun_anew(tmp_path: Path) -> None:
    """A state of an older or newer feeds is no use."""
    path = tmp_path / "s.sqlite"
    filled(path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    assert State(path).known() == {}


def test_a_damaged_state_never_lies(tmp_path: Path) -> None:
    """Of hundreds of flipped bits none makes a row read back as another: it is right, or it is missing."""
    path = tmp_path / "s.sqlite"
    filled(path)
    good = path.read_bytes()
    truth = {f"s:{n}": known(n) for n in range(20)}
    draw = random.Random(1)  # noqa: S311 - a fixed sequence of places to damage
    lost = 0
    for _ in range(300):
        bad = bytearray(good)
        at = draw.randrange(len(bad))
        bad[at] ^= 1 << draw.randrange(8)
        path.write_bytes(bytes(bad))
        state = State(path)
        found = state.known()
        assert found.items() <= truth.items()
        for number in range(20):
            assert state.item(f"s:{number}") in (None, item(number))
        lost += len(found) < 20
        state.close()
    assert lost  # the damage did reach rows


def test_a_locked_state_is_done_without(tmp_path: Path) -> None:
    """While another process writes to it, the run works in memory."""
    path = tmp_path / "s.sqlite"
    filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    state = State(path)
    assert state.known() == {}
    state.put("s:1", known(1), msgspec.json.encode(item(1)))
    assert state.item("s:1") == item(1)
    state.close()
    other.close()
    assert len(State(path).known()) == 20
