"""The daemon: on time whatever the clocks do, and never in its own way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds import config, daemon
from feeds.daemon import Daemon, last_due
from feeds.settings import ScheduleConfig
from small_site import SmallSite


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "now", "due"),
    [
        ("03:30", "UTC", "2024-06-01T03:29", "2024-05-31T03:30"),
        ("03:30", "UTC", "2024-06-01T03:30", "2024-06-01T03:30"),
        ("03:30", "Europe/Zurich", "2024-06-01T01:30", "2024-06-01T01:30"),
        ("03:30", "Europe/Zurich", "2024-01-10T01:30", "2024-01-09T02:30"),
        # 31 March 2024: 02:00 CET becomes 03:00 CEST, at 01:00 UTC; there is no 02:30 that day.
        ("02:30", "Europe/Zurich", "2024-03-31T00:59", "2024-03-30T01:30"),
        ("02:30", "Europe/Zurich", "2024-03-31T01:00", "2024-03-31T01:00"),
        ("02:30", "Europe/Zurich", "2024-03-31T23:59", "2024-03-31T01:00"),
        ("02:31", "Europe/Zurich", "2024-03-31T12:00", "2024-03-31T01:00"),
        ("02:30", "Europe/Zurich", "2024-04-01T00:30", "2024-04-01T00:30"),
        # 27 October 2024: 03:00 CEST becomes 02:00 CET, at 01:00 UTC; 02:30 comes twice, and counts once.
        ("02:30", "Europe/Zurich", "2024-10-27T00:30", "2024-10-27T00:30"),
        ("02:30", "Europe/Zurich", "2024-10-27T01:30", "2024-10-27T00:30"),
        ("02:30", "Europe/Zurich", "2024-10-28T01:30", "2024-10-28T01:30"),
    ],
)
def test_a_time_of_day_is_due_once_a_day(at: str, zone: str, now: str, due: str) -> None:
    """In its own zone, on days that are 23 or 25 hours long too."""
    assert last_due(ScheduleConfig(at=at, timezone=zone), utc(now)) == utc(due)


def test_every_day_of_a_year_has_one_due_time() -> None:
    """Asked every minute of the weeks around both changes, each day is due exactly once."""
    entry = ScheduleConfig(at="02:30", timezone="Europe/Zurich")
    for start, days in (("2024-03-25T00:00", 14), ("2024-10-21T00:00", 14)):
        begin = utc(start)
        seen = {last_due(entry, begin + timedelta(minutes=m)) for m in range(days * 24 * 60)}
        assert len(seen) == days + 1  # the day before is the latest due time of the first minutes


class Watched(Daemon):
    """A daemon whose runs are only noted."""

    def __init__(self, settings: str, clock: Callable[[], datetime]) -> None:
        super().__init__(config.parse(settings.encode(), Path("/site/config.yaml")), clock=clock)
        self.noted: list[tuple[str, ...]] = []

    def _add(self, collections: tuple[str, ...]) -> None:
        self.noted.append(collections)


SETTINGS = "sources: [{path: a}]\ncollections: [{name: news}]\nschedule:\n"


@pytest.fixture
def in_loop(monkeypatch: pytest.MonkeyPatch) -> Callable[[Watched, float], None]:
    """Run a daemon's loop for some seconds."""
    monkeypatch.setattr(daemon, "_LONGEST_WAIT", 0.05)

    def run(watched: Watched, seconds: float) -> None:
        watched._start_timetable()
        loop = threading.Thread(target=watched._loop)
        loop.start()
        time.sleep(seconds)
        watched.stopping.set()
        loop.join(5)
        assert not loop.is_alive()

    return run


def test_intervals_and_times_are_noted(in_loop: Callable[[Watched, float], None]) -> None:
    """An interval runs again and again, a time of day when it comes."""
    began = time.monotonic()
    clock = lambda: utc("2024-06-01T03:29:59") + timedelta(seconds=time.monotonic() - began)  # noqa: E731
    watched = Watched(SETTINGS + "  - {every: 1 second, collections: [news]}\n  - {at: '03:30'}\n", clock)
    in_loop(watched, 2.5)
    assert watched.noted.count(("news",)) == 2
    assert watched.noted.count(()) == 2  # at the start, and at 03:30


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=2000), timedelta(hours=1)])
def test_a_jump_of_the_clock_is_caught_up_once(in_loop: Callable[[Watched, float], None], jump: timedelta) -> None:
    """Forwards or backwards: one run at once, and the timetable goes on."""
    began = time.monotonic()

    def clock() -> datetime:
        passed = time.monotonic() - began
        return utc("2024-06-01T12:00") + timedelta(seconds=passed) + (jump if passed > 0.5 else timedelta())

    watched = Watched(SETTINGS + "  - {every: 1 hour}\n", clock)
    in_loop(watched, 1.2)
    assert watched.noted == [(), ()]


def test_a_failed_run_is_tried_again() -> None:
    """Not only at the next time of day, which may be tomorrow."""
    made = Daemon(config.parse((SETTINGS + "  - {at: '03:30'}\n").encode(), Path("/site/config.yaml")))
    made._build(())
    assert made._next_due is not None
    assert timedelta() < made._next_due - datetime.now(UTC) <= daemon.RETRY


def test_a_builder_that_dies_ends_the_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon that cannot even log does not idle on for ever: its service manager starts it anew."""
    made = Daemon(config.parse((SETTINGS + "  - {every: 1 hour}\n").encode(), Path("/site/config.yaml")))

    def build(_collections: tuple[str, ...]) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr(made, "_build", build)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)
    worker = threading.Thread(target=made._worker)
    worker.start()
    made._add(())
    worker.join(5)
    assert made.stopping.is_set()


def test_a_post_that_falls_due_starts_a_run(in_loop: Callable[[Watched, float], None]) -> None:
    """A future post appears at its time, not at the next interval."""
    watched = Watched(SETTINGS + "  - {every: 1 hour}\n", lambda: datetime.now(UTC))
    watched._next_due = datetime.now(UTC) + timedelta(seconds=0.3)
    in_loop(watched, 1)
    assert watched.noted == [(), ()]


def test_runs_that_are_due_together_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a slow run is under way, what falls due waits and is joined; nothing overlaps, nothing is lost."""
    made = Daemon(config.parse((SETTINGS + "  - {every: 1 hour}\n").encode(), Path("/site/config.yaml")))
    ran: list[tuple[str, ...]] = []
    under_way = threading.Lock()
    begun, finish = threading.Event(), threading.Event()

    def build(collections: tuple[str, ...]) -> None:
        assert under_way.acquire(blocking=False)
        ran.append(collections)
        begun.set()
        finish.wait(5)
        under_way.release()

    monkeypatch.setattr(made, "_build", build)
    worker = threading.Thread(target=made._worker)
    worker.start()
    made._add(("a",))
    assert begun.wait(5)
    for name in ("b", "c", "b"):
        made._add((name,))
    finish.set()
    deadline = time.monotonic() + 5
    while len(ran) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    made.stopping.set()
    made._add(())
    worker.join(5)
    assert ran == [("a",), ("b", "c")]


# --------------------------------------------------------------------------------------- the daemon as a process


class Process:
    """`feeds run` on a small site, with its log."""

    def __init__(self, site: SmallSite) -> None:
        self.site = site
        file = site.folder / "config.yaml"
        file.write_text(site.settings)
        self.log = site.folder / "log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "feeds", "run", "-c", str(file)],
                stderr=log,
                env={**os.environ, "TZ": "America/St_Johns"},
            )

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def wait_for(self, event: str, times: int = 1) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if sum(line["event"] == event for line in self.lines()) >= times:
                return
            time.sleep(0.05)
        pytest.fail(f"{event!r} did not come {times} times:\n{self.log.read_text()}")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Process]:
    site = SmallSite(tmp_path)
    site.paper("lamps")
    site.settings += "schedule: [{every: 1 second}]\n"
    made = Process(site)
    made.wait_for("published")
    yield made
    made.process.kill()
    made.process.wait()


def test_the_daemon_publishes_what_changes_and_stops_when_told(running: Process) -> None:
    """It builds at once, then on schedule; SIGTERM ends it with exit status 0."""
    running.site.news("moving")
    deadline = time.monotonic() + 20
    feed = running.site.output / "feed.atom"
    while b"moving" not in feed.read_bytes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert b"moving" in feed.read_bytes()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(20) == 0
    assert running.lines()[-1]["event"] == "stopped"


def test_a_second_writer_leaves(running: Process) -> None:
    """A build while the daemon holds the output says who does and publishes nothing."""
    command = [sys.executable, "-m", "feeds", "build", "-c", str(running.site.folder / "config.yaml")]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"process {running.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_hang_up_reads_the_configuration_again(running: Process) -> None:
    """A wrong configuration is refused and the old one stays in force; a right one is taken."""
    file = running.site.folder / "config.yaml"
    good = file.read_text()
    file.write_text(good + "surprise: 1\n")
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("the configuration is wrong; the old one stays in force")
    file.write_text(good + "exports: [atom]\n")
    running.process.send_signal(signal.SIGHUP)
    running.wait_for("configuration read again")
    deadline = time.monotonic() + 20
    feed = running.site.output / "feed.rss"
    while feed.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not feed.exists()
    assert running.process.poll() is None


def test_a_failing_run_does_not_stop_the_next(running: Process) -> None:
    """A source that goes away is an error in the log; when it is back, so are the runs."""
    folder = running.site.folder / "site"
    folder.rename(folder.with_name("away"))
    running.wait_for("nothing published")
    folder.with_name("away").rename(folder)
    done = sum(line["event"] == "published" for line in running.lines())
    running.wait_for("published", done + 1)
    assert running.process.poll() is None
