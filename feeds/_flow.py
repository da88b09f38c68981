"""The whole flow on one page: sources → posts → works → artifacts → output.

open_sources ─▶ plan ─▶ workers (one_post) ─▶ settle ids ─▶ feeds ─▶ site documents ─▶ publish.commit ─▶ state
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from itertools import count, islice

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import _rendering, _reporting, documents, one_post, plan, publish, rest, settling, workers
from feeds._pieces import pieces
from feeds._rendering import Done, Shared, Task
from feeds.errors import PublishError
from feeds.fingerprints import Fingerprints
from feeds.identity import Entry
from feeds.model import Problem, Row
from feeds.one_post import Context, Job, Outcome
from feeds.opening import Opened
from feeds.publish import File, Manifest, Publication, Release, Target
from feeds.rest import Report
from feeds.settings import Config, WorkersConfig
from feeds.state import Known, State

_FEW = 16  # archives that are made before a pool of processes is up
_LITTER = 100_000  # values made before Python looks for cycles: what is known of the posts is many, and holds none


class Start(Struct, frozen=True):
    """What a run begins with."""

    config: Config
    opened: Opened
    prints: Fingerprints
    target: Target
    interrupted: frozenset[str]  # files that a killed run had begun to move
    found: rest.Found
    now: datetime


class Wish(Struct, frozen=True):
    """How a run was asked for."""

    full: bool
    jobs: int
    allow_shrink: bool
    only: frozenset[str]
    workers: WorkersConfig
    progress: Callable[[str, int, int], None]  # stage, done, of how many
    go_on: Callable[[], None]


def run(start: Start, state: State, wish: Wish) -> Report:
    """Bring the output up to date; the state is closed afterwards."""
    config, opened, target, ours, now = start.config, start.opened, start.target, start.interrupted, start.now
    gc.set_threshold(_LITTER)
    with closing(state):
        manifest = publish.read_manifest(target)
        there = publish.sizes(target, start.found.written)
        context = plan.context(config, opened, start.prints, manifest, target, there, now)
        current = not wish.full and not ours and _is_the_last(start.found, state, target)
        before = state.known() if current else {}
        trusted = {path: file for path, file in manifest.files.items() if path not in ours and not wish.full}
        context = replace(context, files=trusted)
        todo, kept = plan.jobs(opened, before, context, manifest, state, start.found.read)
        known, rows, outcomes, unanswered = _work(todo, kept, before, config, context, state, manifest, wish)
        if not wish.allow_shrink:
            _refuse_to_shrink(known, rows, manifest, now, opened)
        if not (rows or manifest.posts or manifest.gone):
            _reporting.nothing_found(known, opened)
        posts, gone, graves = settling.ledger(known, rows, manifest, now)
        if not current:
            state.keep_pieces(())
        store = _store(state, context, config, current, wish)
        done = documents.render(rows, graves, config, context.site, store)
        release = Release(
            staged=(
                *sorted((s for o in outcomes for s in o.staged), key=lambda s: (s.path, s.file.owner)),
                *done.staged,
            ),
            kept=_kept_files(outcomes, done.faults, posts, manifest, context),
            posts=posts,
            gone=gone,
            tombstones=graves,
            site=replace(context.site, publisher=None, hubs=(), feeds=()),
        )
        result = publish.commit(release, manifest, target=target, there=there, ours=ours, go_on=_moving(release, wish))
        failed = bool(result.problems) or any(fault.severity == "error" for fault in done.faults)
        result = replace(result, problems=(*unanswered, *done.faults, *result.problems))
        report = _reporting.report(opened, known, rows, context, result, len([job for job in todo if not job.item]))
        state.keep_pieces(done.made)
        if not target.dry_run:
            rests = None
            if not (failed or wish.only):
                rests = rest.of_run(known, rows, start.prints, opened, report, result.manifest, target, now)
            _remember(known, before, result, done, context, state, failed, rests)
        return replace(report, problems=(*rest.own_problems(opened), *report.problems))


def _moving(release: Release, wish: Wish) -> Callable[[], None]:
    """What is called before each move: the run may be stopped there, and tells how far it is."""
    done = count()
    total = sum(1 for staged in release.staged if not staged.unchanged)
    wish.progress("writing files", 0, total)

    def go_on() -> None:
        wish.go_on()
        wish.progress("writing files", next(done), total)

    return go_on


def _is_the_last(found: rest.Found, state: State, target: Target) -> bool:
    """Is the manifest the one that the state belongs to?"""
    return found.manifest or state.note("manifest") == publish.manifest_digest(target)


def _store(
    state: State,
    context: Context,
    config: Config,
    current: bool,
    wish: Wish,
) -> documents.Store:
    """The items, the staging folder, and the feeds of the last run when they depend on the same besides the posts."""
    checks = state.checks()
    last: dict[str, documents.Made] = {}
    if current:
        with suppress(msgspec.MsgspecError):
            said = msgspec.json.decode(state.note("feeds"), type=tuple[str, dict[str, documents.Made]])
            last = said[1] if said[0] == context.documents else {}
    files, there = context.files, context.there
    shared = Shared(
        site=context.site,
        target=context.target,
        files=files,
        there=there,
        copied=frozenset(config.aliases.values()),
    )
    return documents.Store(
        load=state.needed,
        text=state.text,
        checks=checks,
        pieces=partial(pieces, state, {}),
        stage=lambda name, made: _rendering.staged_as(made, name, shared),
        several=lambda tasks: _several(tasks, shared, wish),
        again=lambda path: publish.Staged(path=path, file=files[path], unchanged=True),
        last=last,
        published=lambda path: path in files and there.get(path) == files[path].size,
        tell=partial(wish.progress, "rendering feeds"),
    )


def _several(tasks: Sequence[Task], shared: Shared, wish: Wish) -> Iterator[Done]:
    """Archives of a feed, made where posts are read.  This process has the items in memory, and makes its share."""
    is_much = len(tasks) >= _FEW
    cluster = wish.workers.dask if is_much and not wish.jobs else ""
    others = workers.count(wish.jobs or wish.workers.processes) - 1 if is_much else 0
    mine = 0 if cluster else len(tasks) // (others + 1)
    _rendering.begin(shared)
    own = (done for task in tasks[:mine] for done in _rendering.process([task]))
    if mine < len(tasks):
        theirs = workers.run(
            _rendering.process,
            tasks[mine:],
            workers=others,
            cluster=cluster,
            begin=_rendering.begin,
            context=shared,
            lost=_rendering.lost,
            isolated=True,
            batch=1,
        )
        for number, done in enumerate(theirs):
            yield done
            if number % max(others, 1) == 0:
                yield from islice(own, 1)
    yield from own


def _work(
    todo: list[Job],
    kept: dict[str, Known],
    before: dict[str, Known],
    config: Config,
    context: Context,
    state: State,
    manifest: Manifest,
    wish: Wish,
) -> tuple[dict[str, Known], list[Row], list[Outcome], tuple[Problem, ...]]:
    """Do the jobs; what is known of every post afterwards, the rows of those to be seen, the outcomes that count."""
    known = dict(kept)
    outcomes: dict[str, Outcome] = {}

    def take(outcome: Outcome) -> None:
        known[outcome.key] = outcome.known
        state.put(outcome.key, outcome.known, outcome.item)
        outcomes[outcome.key] = replace(outcome, item=b"")  # the state has it, and all of them are many

    for done, outcome in enumerate(_outcomes(todo, context, wish), 1):
        wish.go_on()
        wish.progress("reading posts", done, len(todo))
        old = before.get(outcome.key)
        if not wish.only or wish.only & _collections(outcome.known, old):
            take(outcome)
        elif old:
            known[outcome.key] = old
        elif outcome.key in manifest.posts:  # published, but what was published is not known any more
            take(outcome)
    for key in kept:
        if kept[key] is not before[key]:
            state.put(key, kept[key], state.text(key) if kept[key].row else b"")

    def again(jobs: list[Job]) -> None:
        for done, outcome in enumerate(_outcomes(jobs, context, wish), 1):
            wish.progress("rendering posts again", done, len(jobs))
            take(outcome)

    again(settling.moved(known, manifest))
    groups = settling.joined(known, context)
    for outcome in settling.absorbed(known, groups, state.text):
        take(outcome)
    again(settling.merged(known, manifest, groups, state.needed))
    answers, problems = _ask(known, config, context, wish)
    again(settling.enriched(known, manifest, groups, state.needed, answers))
    rows = settling.rows(known, context.now)
    if twins := settling.twins(known, rows, manifest, groups, context, state.needed, answers):
        again(twins)
        rows = settling.rows(known, context.now)
    if listed := settling.listed(known, rows, manifest, config, context, state.text):
        again(listed)
        rows = settling.rows(known, context.now)
    return known, rows, list(outcomes.values()), problems


def _ask(
    known: dict[str, Known], config: Config, context: Context, wish: Wish
) -> tuple[settling.Answers, tuple[Problem, ...]]:
    """What services say of the works that posts leave open, when the configuration names any."""
    if config.enrich is None:
        return {}, ()
    from feeds import enrichment

    wish.progress("asking services", 0, 0)
    decoder = msgspec.json.Decoder(enrichment.Wanted)
    wanted = {key: decoder.decode(text) for key, text in settling.wanted(known, context.now).items()}
    now = None if context.target.dry_run else context.now
    told = enrichment.evidence(wanted, config.enrich, config.work / "enrichment", now, context.site.url, wish.go_on)
    return told.facts, told.problems


def _outcomes(todo: list[Job], context: Context, wish: Wish) -> Iterator[Outcome]:
    """Outcomes of the jobs.  After a run that died at its work, the work is done in a process of its own."""
    if not todo:
        return
    mark = context.target.work / "working"
    died = mark.exists()
    if not context.target.dry_run:
        mark.touch()
    try:
        yield from workers.run(
            one_post.process,
            todo,
            workers=wish.jobs or wish.workers.processes,
            cluster="" if wish.jobs else wish.workers.dask,
            begin=one_post.begin,
            context=context,
            lost=lambda job: one_post.lost(job, context),
            isolated=died,
        )
    finally:
        if not context.target.dry_run:
            mark.unlink(missing_ok=True)


def _collections(new: Known, old: Known | None) -> set[str]:
    return {name for known in (new, old) if known and known.row for name in known.row.collections}


def _refuse_to_shrink(
    known: dict[str, Known], rows: Sequence[Row], manifest: Manifest, now: datetime, opened: Opened
) -> None:
    """As settling does it; a source that could not be brought is the reason, and is named."""
    try:
        settling.refuse_to_shrink(known, rows, manifest, now)
    except PublishError as error:
        fault = next((p for p in opened.problems if p.severity == "error"), None)
        if fault is None:
            raise
        raise PublishError(f"{error.message}: {fault.where}: {fault.message}", hint=fault.hint) from None


# ---------------------------------------------------------------------------------------------------- the outcome


def _kept_files(
    outcomes: list[Outcome],
    faults: list[Problem],
    posts: Mapping[str, Entry],
    manifest: Manifest,
    context: Context,
) -> dict[str, File]:
    """Files that stay as they are: of posts that were not rendered in this run, and of formats that failed in it."""
    names = {export.name for export in context.exports}
    failed = {o.key: set(o.failed) for o in outcomes if o.known.row}
    broken = {_rendering.owner_of(fault.where) for fault in faults}
    return {
        path: file
        for path, file in manifest.files.items()
        if file.owner in broken
        or (file.owner in posts and file.export in names and file.export in failed.get(file.owner, names))
    }


def _remember(
    known: dict[str, Known],
    before: dict[str, Known],
    result: Publication,
    done: documents.Rendered,
    context: Context,
    state: State,
    failed: bool,
    rests: rest.Rest | None,
) -> None:
    """Keep what this run learned; what it could not publish is tried again by the next."""
    for key in set(result.refused) & known.keys():
        state.put(key, replace(known[key], rendering=""), state.text(key))
    state.forget(before.keys() - known.keys())
    state.set_rest(msgspec.msgpack.encode(rests) if rests else b"")
    state.set_note("feeds", "" if failed else msgspec.json.encode((context.documents, done.made)).decode())
    state.set_note("manifest", result.digest)
    with suppress(sqlite3.Error):  # published is published; without the state the next run reads everything again
        state.save()
