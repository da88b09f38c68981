"""One run: the sources are opened; unless everything is as the last run left it, `_flow` brings the output up to date.

A run is incremental: a post is read when its file, or something it depends on, changed; rendered again when what its
artifacts depend on changed; else what the state knows of it is taken.  The clock is read by the caller, once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from feeds import fingerprints, publish, rest
from feeds.opening import open_sources
from feeds.publish import Target
from feeds.rest import Report as Report
from feeds.settings import Config
from feeds.state import Damaged, State, discard

Progress = Callable[[str, int, int], None]  # stage, done, of how many


def run(
    config: Config,
    *,
    now: datetime,
    full: bool = False,
    jobs: int = 0,
    dry_run: bool = False,
    allow_shrink: bool = False,
    only: Sequence[str] = (),
    progress: Progress = lambda _stage, _done, _total: None,
    go_on: Callable[[], None] = lambda: None,
) -> Report:
    """Bring the output up to date with the sources as they are at `now`.

    `only` names collections: posts in none of them stay as they were published.  `go_on` is called between posts and
    between files, and may raise to stop.  Raises FeedsError when nothing can be published.  What is published is
    brought to a storage where the configuration names one; what fails there is among the problems.
    """
    is_elsewhere = bool(config.brought_to) and not dry_run
    if is_elsewhere:
        from feeds import bringing

        bringing.take_ledger(config)
    report = _published(
        config,
        now=now,
        full=full,
        jobs=jobs,
        dry_run=dry_run,
        allow_shrink=allow_shrink,
        only=only,
        progress=progress,
        go_on=go_on,
    )
    if not is_elsewhere:
        return report
    done = bringing.bring(config, progress, go_on)
    return replace(report, sent=done.sent, deleted=done.deleted, problems=(*report.problems, *done.problems))


def _published(
    config: Config,
    *,
    now: datetime,
    full: bool,
    jobs: int,
    dry_run: bool,
    allow_shrink: bool,
    only: Sequence[str],
    progress: Progress,
    go_on: Callable[[], None],
) -> Report:
    """The run on this machine."""
    opened = open_sources(config, now=None if dry_run else now, allow_missing=allow_shrink)
    prints = fingerprints.take(config, opened)
    target = Target(output=config.output, work=config.work, dry_run=dry_run)
    file = None if dry_run else config.work / "state.sqlite"
    try:
        interrupted = publish.prepare(target)
        state = State(file)
        last = rest.last(state)
        found = rest.look(last, target)
        if last and not (full or interrupted or config.enrich) and rest.holds(last, found, prints, opened, now):
            state.close()
            problems = (*rest.own_problems(opened), *last.report.problems)
            return replace(last.report, problems=problems, output=str(target.output))  # which may have been moved
        from feeds import _flow

        start = _flow.Start(config, opened, prints, target, interrupted, found, now)
        wish = _flow.Wish(full, jobs, allow_shrink, frozenset(only), config.workers, progress, go_on)
        try:
            return _flow.run(start, state, wish)
        except Damaged:
            discard(config.work / "state.sqlite")
            return _flow.run(start, State(file), replace(wish, full=True))
        except sqlite3.Error:  # locked, or no room for it: the state is a cache, and this run can do without
            return _flow.run(start, State(None), replace(wish, full=True))
    except OSError as error:
        raise publish.cannot_write(error, target) from None
