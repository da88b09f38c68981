"""A build as a person starts it: the lock, the run, what follows a publication, and progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feeds import announcing, pipeline, publish
from feeds.model import Problem
from feeds.pipeline import Progress, Report
from feeds.settings import Config

if TYPE_CHECKING:
    from feeds.inject import Injected

MOMENT = 1.0  # seconds; what ends sooner shows no progress
OFTEN = 0.1  # seconds between two looks of the progress


def build(
    settings: Config, *, full: bool, jobs: int, dry_run: bool, allow_shrink: bool, tell: bool
) -> tuple[Report, Injected | None]:
    """Bring the output up to date; what was done, and what came of the site's own pages where they get a block.

    With `tell`, hubs and search engines are told of what changed.  Raises FeedsError when nothing can be published.
    """
    with _held(settings, dry_run), _progress() as progress:
        report = pipeline.run(
            settings,
            now=datetime.now(UTC),
            full=full,
            jobs=jobs,
            dry_run=dry_run,
            allow_shrink=allow_shrink,
            progress=progress,
        )
        if dry_run:
            return report, None
        done = None
        if settings.pages and settings.pages.mode == "inject":
            from feeds import inject

            progress("putting blocks into pages", 0, 0)
            done = inject.inject(settings, Path(settings.pages.site), datetime.now(UTC))
            report = replace(report, problems=(*report.problems, *done.problems))
        if tell and announcing.is_wanted(settings):
            progress("telling who wants to know", 0, 0)
            told = announcing.announce(settings, report.address, datetime.now(UTC))
            report = replace(report, problems=(*report.problems, *told.problems))
        return report, done


def inject_into(place: Path, settings: Config, *, dry_run: bool) -> tuple[Injected, tuple[Problem, ...]]:
    """What came of the pages below `place`, once the output was brought up to date; and what was wrong with that."""
    from feeds import inject

    now = datetime.now(UTC)
    with _held(settings, dry_run), _progress() as progress:
        problems = () if dry_run else pipeline.run(settings, now=now, progress=progress).problems
        progress("putting blocks into pages", 0, 0)
        return inject.inject(settings, place, now, dry_run=dry_run), problems


@contextmanager
def _held(settings: Config, dry_run: bool) -> Iterator[None]:
    """The output, held; of a dry run it need not be."""
    with nullcontext() if dry_run else publish.lock(publish.Target(output=settings.output, work=settings.work)):
        yield


@contextmanager
def _progress() -> Iterator[Progress]:
    """Progress on a terminal, of what takes longer than a moment; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    begun = monotonic()
    shown: list[Progress] = []
    with ExitStack() as stack:

        def tell(stage: str, done: int, total: int) -> None:
            if not shown and monotonic() - begun > MOMENT:
                shown.append(stack.enter_context(_bar()))
            for bar in shown:
                bar(stage, done, total)

        yield tell


@contextmanager
def _bar() -> Iterator[Progress]:
    """Stage, how much is done of how much, how fast, and how long it will still take.

    It is drawn when something is told: a thread that draws would keep this process from being forked safely.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(
        TextColumn("{task.description}"), *columns, console=Console(stderr=True), transient=True, auto_refresh=False
    ) as bar:
        drawn = 0.0

        def tell(stage: str, done: int, total: int) -> None:
            nonlocal drawn
            if not bar.tasks or stage != bar.tasks[0].description:
                for before in bar.task_ids:
                    bar.remove_task(before)
                bar.add_task(stage, total=total or None, completed=done, rate="")
            elif monotonic() - drawn > OFTEN:
                [task] = bar.tasks
                rate = f"{task.speed:,.0f}/s" if task.speed else ""
                bar.update(task.id, completed=done, rate=rate, refresh=True)
                drawn = monotonic()

        yield tell
