"""The whole flow on one page: sources → posts → works → artifacts → output.

    open_sources ─▶ plan ─▶ workers (one_post) ─▶ settle ids ─▶ feeds ─▶ site documents ─▶ publish.commit ─▶ state

A run is incremental: a post is read when its file, or something it depends on, changed; rendered again when what its
artifacts depend on changed; else what the state knows of it is taken.  The clock is read by the caller, once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import documents, one_post, plan, publish, settling, text, workers
from feeds.errors import PublishError
from feeds.identity import Entry
from feeds.model import Problem
from feeds.one_post import Context, Job, Outcome
from feeds.opening import Opened, open_sources
from feeds.publish import File, Manifest, Publication, Release, Target
from feeds.settings import IMPLIED, PAGED, Config, WorkersConfig
from feeds.state import Damaged, Known, State, discard

Progress = Callable[[str, int, int], None]  # stage, done, of how many


class Report(Struct, frozen=True, kw_only=True):
    """What a run did."""

    posts: int  # seen in the sources
    read: int  # of them read in this run
    published: int
    works: int  # published items with a work behind them
    withheld: tuple[str, ...]  # deliberately unpublished, with the reason
    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    next_due: str = ""  # ISO 8601: when a post appears or expires by itself
    output: str = ""
    address: str = ""  # at which the output is served

    @property
    def left_out(self) -> tuple[Problem, ...]:
        """Problems that kept something from being published."""
        return tuple(p for p in self.problems if p.severity == "error")


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
    between files, and may raise to stop.  Raises FeedsError when nothing can be published.
    """
    wish = _Wish(full, jobs, allow_shrink, frozenset(only), config.workers, progress, go_on)
    opened = open_sources(config, now=None if dry_run else now, allow_missing=allow_shrink)
    target = Target(output=config.output, work=config.work, dry_run=dry_run)
    file = None if dry_run else config.work / "state.sqlite"
    again = msgspec.structs.replace(wish, full=True)
    try:
        try:
            return _run(config, opened, target, State(file), now, wish)
        except Damaged:
            discard(config.work / "state.sqlite")
            return _run(config, opened, target, State(file), now, again)
        except sqlite3.Error:  # locked, or no room for it: the state is a cache, and this run can do without
            return _run(config, opened, target, State(None), now, again)
    except OSError as error:
        raise publish.cannot_write(error, target) from None


class _Wish(Struct, frozen=True):
    """How a run was asked for."""

    full: bool
    jobs: int
    allow_shrink: bool
    only: frozenset[str]
    workers: WorkersConfig
    progress: Progress
    go_on: Callable[[], None]


def _run(config: Config, opened: Opened, target: Target, state: State, now: datetime, wish: _Wish) -> Report:
    with closing(state):
        manifest = publish.read_manifest(target)
        ours = publish.prepare(target)
        there = publish.sizes(target)
        context = plan.context(config, opened, manifest, target, there, now)
        current = not wish.full and not ours and state.note("manifest") == publish.manifest_digest(target)
        before = state.known() if current else {}
        trusted = {path: file for path, file in manifest.files.items() if path not in ours and not wish.full}
        context = msgspec.structs.replace(context, files=trusted)
        todo, kept = plan.jobs(opened, before, context, manifest, state)
        if current and not todo and not config.enrich and plan.is_done(before, kept, context, manifest, state):
            return _report(opened, kept, context, Publication(unchanged=len(manifest.files)), 0)
        known, outcomes, unanswered = _work(todo, kept, before, config, context, state, manifest, wish)
        if not wish.allow_shrink:
            _refuse_to_shrink(known, manifest, now, opened)
        rows = settling.rows(known, now)
        if not (rows or manifest.posts or manifest.gone):
            _nothing_found(known, opened)
        wish.progress("rendering feeds", 0, 0)
        posts, gone, graves = settling.ledger(known, manifest, now)
        store = _store(state, context, trusted, there, current)
        done = documents.render(rows, graves, config, context.site, store)
        wish.progress("publishing", 0, 0)
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
        result = publish.commit(release, manifest, target=target, there=there, ours=ours, go_on=wish.go_on)
        if not target.dry_run:
            _remember(known, before, result, done, context, state)
        result = msgspec.structs.replace(result, problems=(*unanswered, *done.faults, *result.problems))
        return _report(opened, known, context, result, len([job for job in todo if job.item is None]))


def _store(
    state: State, context: Context, trusted: Mapping[str, File], there: Mapping[str, int], current: bool
) -> documents.Store:
    """The items, the staging folder, and the feeds of the last run when they depend on the same besides the posts."""
    last: dict[str, documents.Made] = {}
    if current:
        with suppress(msgspec.MsgspecError):
            said = msgspec.json.decode(state.note("feeds"), type=tuple[str, dict[str, documents.Made]])
            last = said[1] if said[0] == context.documents else {}
    return documents.Store(
        load=state.needed,
        check=state.check,
        stage=lambda name, made: publish.stage(made, documents.owner_of(name), name, context.target, trusted, there),
        again=lambda path: publish.Staged(path=path, file=trusted[path], unchanged=True),
        last=last,
        published=lambda path: path in trusted and there.get(path) == trusted[path].size,
    )


def _work(
    todo: list[Job],
    kept: dict[str, Known],
    before: dict[str, Known],
    config: Config,
    context: Context,
    state: State,
    manifest: Manifest,
    wish: _Wish,
) -> tuple[dict[str, Known], list[Outcome], tuple[Problem, ...]]:
    """Do the jobs; what is known of every post afterwards, and the outcomes that count."""
    known = dict(kept)
    outcomes: dict[str, Outcome] = {}

    def take(outcome: Outcome) -> None:
        known[outcome.key] = outcome.known
        outcomes[outcome.key] = outcome
        state.put(outcome.key, outcome.known, outcome.item)

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
    for key in kept.keys() & before.keys():
        if kept[key] != before[key]:
            state.put(key, kept[key], state.needed(key) if kept[key].row else None)

    def again(jobs: list[Job]) -> None:
        for outcome in _outcomes(jobs, context, wish):
            take(outcome)

    again(settling.moved(known, manifest))
    groups = settling.joined(known, context)
    for outcome in settling.absorbed(known, groups, state.needed):
        take(outcome)
    again(settling.merged(known, manifest, groups, state.needed))
    answers, problems = _ask(known, config, context, wish)
    again(settling.enriched(known, manifest, groups, state.needed, answers))
    again(settling.twins(known, manifest, groups, context, state.needed, answers))
    again(settling.listed(known, manifest, config, context, state.needed))
    return known, list(outcomes.values()), problems


def _ask(
    known: dict[str, Known], config: Config, context: Context, wish: _Wish
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


def _outcomes(todo: list[Job], context: Context, wish: _Wish) -> Iterator[Outcome]:
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


def _refuse_to_shrink(known: dict[str, Known], manifest: Manifest, now: datetime, opened: Opened) -> None:
    """As settling does it; a source that could not be brought is the reason, and is named."""
    try:
        settling.refuse_to_shrink(known, manifest, now)
    except PublishError as error:
        fault = next((p for p in opened.problems if p.severity == "error"), None)
        if fault is None:
            raise
        raise PublishError(f"{error.message}: {fault.where}: {fault.message}", hint=fault.hint) from None


def _nothing_found(known: dict[str, Known], opened: Opened) -> None:
    withheld = [f"{key.partition(':')[2]} ({k.withheld})" for key, k in sorted(known.items()) if k.withheld]
    problems = [p for tree in opened.trees.values() for p in tree.problems]
    problems += [p for k in known.values() for p in k.problems if p.severity == "error"]
    why = f"; {len(withheld)} withheld, the first {withheld[0]}" if withheld else ""
    why += f"; the first problem: {problems[0].where}: {problems[0].message}" if problems else ""
    hint = (problems and problems[0].hint) or "check sources: path, include and exclude in config.yaml"
    raise PublishError(f"there is no post to publish{why}", hint=hint)


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
    failed = {o.key: set(o.failed) for o in outcomes if o.item}
    broken = {documents.owner_of(fault.where) for fault in faults}
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
) -> None:
    """Keep what this run learned; what it could not publish is tried again by the next."""
    for key in set(result.refused) & known.keys():
        state.put(key, msgspec.structs.replace(known[key], rendering=""), state.needed(key))
    state.forget(before.keys() - known.keys())
    failed = bool(result.problems) or any(fault.severity == "error" for fault in done.faults)
    state.set_note("documents", "" if failed else context.documents)
    state.set_note("feeds", "" if failed else msgspec.json.encode((context.documents, done.made)).decode())
    state.set_note("manifest", publish.manifest_digest(context.target))
    with suppress(sqlite3.Error):  # published is published; without the state the next run reads everything again
        state.save()


def _report(opened: Opened, known: dict[str, Known], context: Context, result: Publication, read: int) -> Report:
    shown = [k for k in known.values() if one_post.shown(k, context.now)]
    instants = [i for k in known.values() if k.row for i in (k.not_before, k.expires) if i]
    due = [i for i in map(datetime.fromisoformat, instants) if i > context.now]
    hidden = [f"{key}: {_reason(k, context)}" for key, k in sorted(known.items()) if _reason(k, context)]
    trees = [_placed(p, name, opened) for name, tree in opened.trees.items() for p in tree.problems]
    posts = [_placed(p, key.partition(":")[0], opened) for key, k in sorted(known.items()) for p in k.problems]
    posts = list(dict.fromkeys(posts))  # a template that is wrong is wrong for every post alike
    published = [_located(p, opened) for p in result.problems]
    return Report(
        posts=len(known),
        read=read,
        published=len(shown),
        works=sum(1 for k in shown if k.row and k.row.kind != "news"),
        withheld=tuple(hidden),
        written=result.written,
        unchanged=result.unchanged,
        removed=result.removed,
        problems=(*opened.problems, *trees, *posts, *_empty(shown, context), *published),
        next_due=min(due).isoformat() if due else "",
        output=str(context.target.output),
        address=context.site.feeds_url,
    )


def _placed(problem: Problem, source: str, opened: Opened) -> Problem:
    """The problem with a path that can be opened, not one below the source's folder."""
    if text.is_remote(problem.where):
        return problem
    return replace(problem, where=str(opened.trees[source].root / problem.where))


def _empty(shown: Sequence[Known], context: Context) -> Iterator[Problem]:
    """A warning for each configured collection that nothing is in."""
    used = {name for known in shown if known.row for name in known.row.collections}
    for collection in context.collections:
        if collection.name not in used and collection not in (*IMPLIED, *PAGED):
            message = "no post is in this collection, so it has no feed"
            hint = "check its where: in the configuration"
            where = f"collections: {collection.name}"
            yield Problem(stage="export", where=where, message=message, hint=hint, severity="warning")


def _located(problem: Problem, opened: Opened) -> Problem:
    """A problem of publishing: what belongs to a post ("source:path") gets the path of its file."""
    source, colon, path = problem.where.partition(":")
    return _placed(replace(problem, where=path), source, opened) if colon and source in opened.trees else problem


def _reason(known: Known, context: Context) -> str:
    if known.withheld:
        return known.withheld
    if known.hidden:
        return "hidden"
    if known.absorbed:
        return f"tells of the same work as {known.absorbed}"
    if known.row and not one_post.shown(known, context.now):
        late = known.not_before and datetime.fromisoformat(known.not_before) > context.now
        return f"not before {known.not_before}" if late else f"expired {known.expires}"
    return ""
