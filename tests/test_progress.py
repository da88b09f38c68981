"""What a person sees of a build that takes a while: on a terminal, which here is a pseudo terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest

from feeds import building, pipeline
from small_site import SmallSite

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(NamedTuple):
    """A pseudo terminal."""

    theirs: TextIO  # what the program writes to
    ours: int

    def seen(self) -> str:
        """What was drawn since the last look, without colours and movements of the cursor."""
        return CONTROL.sub("", self.raw())

    def raw(self) -> str:
        """What was written since the last look."""
        self.theirs.write("#")  # what was written ends here
        self.theirs.flush()
        read = b""
        while not read.endswith(b"#"):
            read += os.read(self.ours, 100_000)
        return read.decode().removesuffix("#")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal that can be drawn on."""
    ours, theirs = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with os.fdopen(theirs, "w", encoding="utf-8") as shown:
        yield Terminal(shown, ours)
    os.close(ours)


@contextmanager
def told(moment: float, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[pipeline.Progress]:
    """How progress is told, of a run that is shown after a moment, as often as something is told."""
    monkeypatch.setattr(sys, "stderr", terminal.theirs)
    monkeypatch.setattr(building, "MOMENT", moment)
    monkeypatch.setattr(building, "OFTEN", -1.0)
    with building._progress() as tell:
        yield tell


def test_a_long_run_shows_how_far_it_is(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage, done of how many, the rate and the time left are drawn; at the end nothing of it is left."""
    with told(-1, terminal, monkeypatch) as tell:
        for done in range(0, 200, 20):
            tell("reading posts", done, 200)
        drawn = terminal.seen()
        assert re.search(r"reading posts .* 180/200 +[\d,]+/s +0:00:0\d", drawn)
        tell("writing files", 0, 7)
        tell("writing files", 3, 7)
        drawn = terminal.seen()
        assert re.search(r"writing files .* 3/7", drawn)
        assert "reading" not in drawn
    last = terminal.raw()
    assert last.endswith("\x1b[2K")  # the line is erased


def test_a_stage_without_an_end(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what cannot be counted, only the stage is told."""
    with told(-1, terminal, monkeypatch) as tell:
        tell("asking services", 0, 0)
        tell("asking services", 0, 0)
        assert re.search(r"asking services .* 0/\?", terminal.seen())


def test_a_short_run_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends within a moment draws nothing."""
    with told(1000, terminal, monkeypatch) as tell:
        tell("reading posts", 1, 2)
        tell("writing files", 1, 2)
        assert terminal.seen() == ""


def test_a_short_run_does_not_load_what_draws(tmp_path: Path) -> None:
    """On a terminal, too, a short build does without the library."""
    code = "import sys; from feeds import building\nwith building._progress() as tell: tell('x', 1, 2)\n"
    code += "sys.exit('rich' in sys.modules)"
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, stderr=theirs, check=False)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0


def test_every_stage_is_counted_to_its_end(site: SmallSite) -> None:
    """Posts that are read, collections that are rendered, files that are written: each stage tells of how many."""
    said: list[tuple[str, int, int]] = []
    report = site.build(progress=lambda *of: said.append(of))
    assert ("reading posts", 3, 3) in said
    files = [(done, total) for stage, done, total in said if stage == "writing files"]
    assert files[0] == (0, len(report.written) - 1)  # the manifest is not counted
    assert [done for done, _ in files[1:]] == list(range(files[0][1]))
    assert all(done <= total for _, done, total in said)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    for name in ("lamps", "wicks", "oil"):
        made.paper(name)
    return made
