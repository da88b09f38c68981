"""The daemon: pipeline.run on the schedule of config.yaml, for years.

The `schedule` library keeps the timetable; what it gets wrong is fenced off here:

- a job only notes what is due; one worker thread runs it, so runs never overlap, a slow one does not block the loop,
  and one that fails does not stop the others;
- the process keeps UTC, so that no interval is stretched or doubled when summer time changes, and times of day
  (`at:`) are settled by `last_due`, once a day in their own zone, also when that time is skipped that day;
- when the wall clock jumps (it is held against the monotonic clock), the timetable is made anew and everything
  that may have been missed is caught up once.

SIGTERM and SIGINT finish the file in hand and exit; SIGHUP reads the configuration again and keeps the old one when
the new is wrong.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import schedule
import structlog

from feeds import announcing, bringing, inject, pipeline, publish
from feeds import config as configuration
from feeds.errors import ConfigError, FeedsError, PublishError
from feeds.model import Problem
from feeds.settings import AT, EVERY, Config, ScheduleConfig

JUMP = timedelta(seconds=30)  # more than this between the clocks is a jump, not drift
RETRY = timedelta(minutes=5)  # after a run that failed, whatever the timetable says
_LONGEST_WAIT = 20.0  # seconds the loop sleeps at most: how late a jump of the clock is noticed
_DEFAULT = (ScheduleConfig(every="15 minutes"),)


def _now() -> datetime:
    return datetime.now(UTC)


class Stopped(Exception):
    """Raised between two files when the daemon is to stop."""


def last_due(entry: ScheduleConfig, now: datetime) -> datetime | None:
    """The latest instant not after `now` at which an `at:` entry was due; None for an interval.

    In its own zone it is due once on every day.  A time that a change to summer time skips is due at the moment of
    the change; one that comes twice in autumn is due the first time.
    """
    found = AT.fullmatch(entry.at.strip())
    if not found:
        return None
    zone = ZoneInfo(entry.timezone or "UTC")
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1), today - timedelta(days=2)):
        wall = datetime(day.year, day.month, day.day, int(found[1]), int(found[2]), tzinfo=zone)
        due = wall.astimezone(UTC)
        if due.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):  # skipped that day
            due = _change(wall)
        if due <= now:
            return due
    return None


def _change(wall: datetime) -> datetime:
    """The instant at which the hour that `wall` names is skipped: where the zone's offset changes."""
    step = timedelta(minutes=15)  # offsets change at quarters of an hour
    early = (wall - timedelta(hours=3)).astimezone(UTC)
    early -= timedelta(minutes=early.minute % 15, seconds=early.second)
    zone = wall.tzinfo
    while (early + step).astimezone(zone).utcoffset() == early.astimezone(zone).utcoffset():
        early += step
    return early + step


class Daemon:
    """The loop and what it holds: the configuration in force, the timetable, and what is due."""

    def __init__(self, config: Config, jobs: int = 0, clock: Callable[[], datetime] = _now) -> None:
        self.config = config
        self.jobs = jobs
        self.clock = clock
        self.log = structlog.get_logger()
        self.scheduler = schedule.Scheduler()
        self.stopping = threading.Event()
        self.wake = threading.Event()  # the loop has something to look at
        self.hang_up = False
        self._work = threading.Condition()
        self._due: list[tuple[str, ...]] = []  # collections of the runs that are due; () means all
        self._next_due: datetime | None = None  # when a post appears or expires by itself
        self._next_push: datetime | None = None  # when one that was not told is to be asked again
        self._push_due = False
        self._broken = False
        self._told: frozenset[Problem] = frozenset()  # problems of the last run
        self._told_of_pages: frozenset[Problem] = frozenset()  # and of putting the block into pages
        self._done: dict[ScheduleConfig, datetime] = {}  # `at:` entries → the instant they were last run for

    def run(self) -> None:
        """Build at once, then on schedule, until told to stop.  Raises LockedError when the output is held."""
        target = publish.Target(output=self.config.output, work=self.config.work)
        with publish.lock(target), _utc(), self._signals():
            self.log.info("started", output=str(self.config.output), pid=os.getpid())
            worker = threading.Thread(target=self._worker, name="builder")
            worker.start()
            try:
                self._start_timetable()
                self._loop()
            finally:
                self.stopping.set()
                with self._work:
                    self._work.notify_all()
                worker.join()
            if self._broken:
                raise PublishError("the builder thread has died", hint="see the log for the reason")
            self.log.info("stopped")

    # ------------------------------------------------------------------------------------------------- the loop

    def _loop(self) -> None:
        wall, steady = self.clock(), time.monotonic()
        while not self.stopping.is_set():
            now = self.clock()
            passed = timedelta(seconds=time.monotonic() - steady)
            jump = (now - wall) - passed
            wall, steady = now, time.monotonic()
            if abs(jump) > JUMP:
                self.log.warning("the clock jumped", seconds=round(jump.total_seconds()))
                self._start_timetable()
            if self.hang_up:
                self.hang_up = False
                self._reload()
            self.scheduler.run_pending()
            self._check_times(now)
            self._check_posts(now)
            self._check_push(now)
            self.wake.wait(self._pause(now))
            self.wake.clear()

    def _pause(self, now: datetime) -> float:
        idle = self.scheduler.idle_seconds
        waits = [_LONGEST_WAIT, _LONGEST_WAIT if idle is None else idle]
        waits += [(due - now).total_seconds() for due in (self._next_due, self._next_push) if due]
        return max(0.05, min(waits))

    def _start_timetable(self) -> None:
        """Make the timetable anew, and catch up once with all that may have been missed."""
        self.scheduler.clear()
        now = self.clock()
        for entry in self.config.schedule or _DEFAULT:
            if entry.every:
                found = EVERY.fullmatch(entry.every.strip())
                if found is None:  # config has checked it
                    raise ConfigError(f"{entry.every!r} is not an interval")
                job = self.scheduler.every(int(found[1] or 1))
                getattr(job, found[2].lower() + "s").do(self._add, entry.collections)
            else:
                self._done[entry] = last_due(entry, now) or now
        self._add(())

    def _check_times(self, now: datetime) -> None:
        for entry, done in self._done.items():
            due = last_due(entry, now)
            if due and due > done:
                self._done[entry] = due
                self._add(entry.collections)

    def _check_posts(self, now: datetime) -> None:
        if self._next_due and self._next_due <= now:
            self._next_due = None
            self._add(())

    def _check_push(self, now: datetime) -> None:
        if self._next_push and self._next_push <= now:
            self._next_push = None
            with self._work:
                self._push_due = True
                self._work.notify()

    def _reload(self) -> None:
        try:
            new = configuration.load(self.config.file)
        except Exception as error:
            self.log.error("the configuration is wrong; the old one stays in force", error=str(error))
            return
        if (new.output, new.work) != (self.config.output, self.config.work):
            self.log.error("output: has changed; the old configuration stays in force", hint="restart the daemon")
            return
        self.config = new
        self._done.clear()
        self.log.info("configuration read again")
        self._start_timetable()

    # ------------------------------------------------------------------------------------------------- the work

    def _add(self, collections: tuple[str, ...]) -> None:
        """Note that a run is due; the same one waits only once."""
        with self._work:
            if collections not in self._due:
                self._due.append(collections)
                self._work.notify()

    def _worker(self) -> None:
        while True:
            with self._work:
                self._work.wait_for(lambda: self._due or self._push_due or self.stopping.is_set())
                if self.stopping.is_set():
                    return
                build = bool(self._due)
                everything = () in self._due
                collections = () if everything else tuple(sorted({name for due in self._due for name in due}))
                self._due.clear()
                self._push_due = False
            try:
                if build:
                    self._build(collections)
                else:
                    self._push("")
            except BaseException:  # not even the log can be written: let the loop end the process, not idle on
                self.stopping.set()
                self.wake.set()
                self._broken = True
                raise
            self.wake.set()

    def _build(self, collections: tuple[str, ...]) -> None:
        begun = time.monotonic()
        try:
            report = pipeline.run(self.config, now=self.clock(), jobs=self.jobs, only=collections, go_on=self._go_on)
        except Stopped:
            self.log.info("interrupted; the next run goes on from here")
        except FeedsError as error:
            self.log.error("nothing published", error=error.message, where=error.where, hint=error.hint)
            self._next_due = self.clock() + RETRY
        except Exception:
            self.log.exception("nothing published: a defect in feeds")
            self._next_due = self.clock() + RETRY
        else:
            self._next_due = datetime.fromisoformat(report.next_due) if report.next_due else None
            if self.config.brought_to and not bringing.has_arrived(self.config):
                self._next_due = self.clock() + RETRY
            known, self._told = self._told, frozenset(report.problems)
            for problem in report.problems:
                if problem in known:  # it was told when it came up; the count below goes on
                    continue
                say = self.log.error if problem.severity == "error" else self.log.warning
                say("problem", where=problem.where, message=problem.message, hint=problem.hint)
            self.log.info(
                "published",
                posts=report.published,
                works=report.works,
                written=len(report.written),
                unchanged=report.unchanged,
                removed=len(report.removed),
                sent=report.sent,
                problems=len(report.problems),
                seconds=round(time.monotonic() - begun, 3),
                collections=list(collections) or "all",
            )
            self._inject()
            self._push(report.address)

    def _inject(self) -> None:
        """Put the head block into the pages of the built site, where the configuration wants it."""
        pages = self.config.pages
        if pages is None or pages.mode != "inject":
            return
        try:
            done = inject.inject(self.config, Path(pages.site), self.clock(), go_on=self._go_on)
        except Stopped:
            return
        except Exception:
            self.log.exception("pages left as they are: a defect in feeds")
            return
        known, self._told_of_pages = self._told_of_pages, frozenset(done.problems)
        for problem in done.problems:
            if problem not in known:
                self.log.warning("problem", where=problem.where, message=problem.message, hint=problem.hint)
        if done.written or done.removed:
            self.log.info("injected", written=len(done.written), removed=len(done.removed), missing=len(done.missing))

    def _push(self, address: str) -> None:
        """Tell hubs and search engines of what changed, or try again what failed."""
        try:
            told = announcing.announce(self.config, address, self.clock(), self._go_on)
        except Stopped:
            return
        except Exception:
            self.log.exception("nobody told: a defect in feeds")
            return
        self._next_push = told.next_due
        for problem in told.problems:
            self.log.warning("problem", where=problem.where, message=problem.message, hint=problem.hint)
        if told.feeds or told.pages:
            self.log.info("announced", feeds=len(told.feeds), pages=len(told.pages))

    def _go_on(self) -> None:
        if self.stopping.is_set():
            raise Stopped

    # ---------------------------------------------------------------------------------------------- the process

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Handle SIGTERM, SIGINT and SIGHUP while the daemon runs."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stopping.set()
            self.wake.set()

        def hang_up(_number: int, _frame: FrameType | None) -> None:
            self.hang_up = True
            self.wake.set()

        handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]] = {
            signal.SIGTERM: stop,
            signal.SIGINT: stop,
            signal.SIGHUP: hang_up,
        }
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _utc() -> Iterator[None]:
    """Let local time be UTC: `schedule` reckons in naive local time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def start(file: Path, jobs: int = 0) -> None:
    """Load the configuration and run the daemon until it is told to stop."""
    Daemon(configuration.load(file), jobs).run()
