"""The whole flow on one page: sources → posts → works → artifacts → output.

    open_sources ─▶ plan ─▶ workers (one_post) ─▶ settle ids ─▶ feeds ─▶ site documents ─▶ publish.commit ─▶ state

A run is incremental: a post is read when its file, or something it depends on, changed; rendered again when what its
artifacts depend on changed; else what the state knows of it is taken.  The clock is read by the caller, once.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import __version__, documents, identity, one_post, publish, registry, text, workers
from feeds.errors import PublishError
from feeds.identity import Entry, Tombstone
from feeds.model import Problem, Row
from feeds.one_post import Context, Job
from feeds.opening import Opened, open_sources
from feeds.publish import File, Manifest, Publication, Staged, Target
from feeds.settings import Config
from feeds.state import Known, State

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
    opened = open_sources(config, allow_missing=allow_shrink)
    target = Target(output=config.output, work=config.work, dry_run=dry_run)
    manifest = publish.read_manifest(target)
    ours = publish.prepare(target)
    there = publish.sizes(target)
    state = State(None if dry_run and not config.work.exists() else config.work / "state.sqlite")
    try:
        before = {} if full else state.known()
        context = _context(config, opened, manifest, target, there, now)
        todo, kept = _plan(opened, before, context, manifest, state, full=full)
        if not todo and _nothing_to_do(before, kept, context, manifest, state):
            return _report(opened, kept, context, Publication(unchanged=len(manifest.files)), 0)
        known, staged = _work(todo, kept, before, context, state, manifest, jobs, set(only), progress, go_on)
        ledger, graves = _ledger(known, manifest, now)
        if not allow_shrink:
            _refuse_to_shrink(manifest, ledger, opened)
        rows = _rows(known, context)
        if not rows and not manifest.posts:
            _nothing_found(known)
        progress("rendering feeds", 0, 0)
        rendered, faults = documents.render(rows, graves, config, context.site, state.item)
        whole = [publish.stage(a, owner, target, manifest.files, there) for owner, a in rendered]
        progress("publishing", 0, 0)
        result = publish.commit(
            [*sorted(staged, key=lambda s: (s.path, s.file.owner)), *whole],
            manifest,
            ledger,
            graves,
            _kept_files(staged, faults, ledger, manifest, context),
            target=target,
            there=there,
            ours=ours,
            go_on=go_on,
        )
        if not dry_run:
            state.forget(before.keys() - known.keys())
            state.set_note("documents", context.documents)
            state.save()
        result = msgspec.structs.replace(result, problems=(*faults, *result.problems))
        return _report(opened, known, context, result, len([job for job in todo if job.item is None]))
    except (OSError, sqlite3.Error) as error:
        number = errno.ENOSPC if "full" in str(error) else 0
        reason = error if isinstance(error, OSError) else OSError(number, str(error), str(config.work))
        raise publish.cannot_write(reason, target) from None
    finally:
        state.close()


# ---------------------------------------------------------------------------------------------- what is to be done


def _context(
    config: Config, opened: Opened, manifest: Manifest, target: Target, there: dict[str, int], now: datetime
) -> Context:
    present = {f"{name}:{path}" for name, tree in opened.trees.items() for path in tree.paths}
    exports = tuple(e for e in config.exports if registry.exporter(e.name).scope == "item")
    reading = (__version__, sorted(e.name for e in registry.extractors()), opened.site.url)
    return Context(
        trees=opened.trees,
        kinds=opened.kinds,
        options=opened.options,
        fingerprints={
            name: _fingerprint(*reading, opened.kinds[name], opened.options[name], tree.fingerprint)
            for name, tree in opened.trees.items()
        },
        rendering=_fingerprint(__version__, opened.site, exports, config.collections),
        site=opened.site,
        collections=config.collections,
        exports=exports,
        vanished=tuple(entry for key, entry in sorted(manifest.posts.items()) if key not in present),
        target=target,
        files=manifest.files,
        there=there,
        now=now,
        documents=_fingerprint(__version__, opened.site, config.exports, config.collections),
    )


def _fingerprint(*values: Any) -> str:
    return text.digest(msgspec.json.encode(values, order="sorted"))


def _plan(
    opened: Opened, before: dict[str, Known], context: Context, manifest: Manifest, state: State, *, full: bool
) -> tuple[list[Job], dict[str, Known]]:
    """Jobs for the posts that need work, and what is known of those that do not."""
    complete = _complete_owners(manifest, context)
    jobs: list[Job] = []
    kept: dict[str, Known] = {}
    for name, tree in sorted(opened.trees.items()):
        for path in tree.paths:
            job = Job(source=name, path=path, entry=manifest.posts.get(f"{name}:{path}"))
            known = None if full else _still_good(before.get(job.key), tree.root, path, context.fingerprints[name])
            if known is None:
                jobs.append(job)
            elif (
                known.row and one_post.visible(known, context.now) and not _rendered(job.key, known, complete, context)
            ):
                jobs.append(replace(job, known=known, item=state.item(job.key)))
            else:
                kept[job.key] = known
    return jobs, kept


def _still_good(known: Known | None, root: Path, path: str, fingerprint: str) -> Known | None:
    """`known` when reading the file again would bring nothing new, with its stat brought up to date."""
    if known is None or known.fingerprint != fingerprint:
        return None
    if any(one_post.stat_of(root / other) != stat for other, stat in known.depends):
        return None
    stat = one_post.stat_of(root / path)
    if stat == known.stat and not known.racy:
        return known
    if stat is None or one_post.digest_of(root / path) != known.digest:
        return None
    return replace(known, stat=stat, racy=False)


def _complete_owners(manifest: Manifest, context: Context) -> dict[str, bool]:
    """For each post with published files whether all of them are still there."""
    complete: dict[str, bool] = {}
    for path, file in manifest.files.items():
        complete[file.owner] = complete.get(file.owner, True) and context.there.get(path) == file.size
    return complete


def _rendered(key: str, known: Known, complete: dict[str, bool], context: Context) -> bool:
    if not context.exports:
        return True
    return known.rendering == context.rendering and complete.get(key, False)


def _nothing_to_do(
    before: dict[str, Known], kept: dict[str, Known], context: Context, manifest: Manifest, state: State
) -> bool:
    """Is everything published as it should be?"""
    return (
        before == kept
        and manifest.posts.keys() == {key for key, known in kept.items() if _shown(known, context)}
        and not manifest.doomed
        and all(context.there.get(path) == file.size for path, file in manifest.files.items())
        and state.note("documents") == context.documents
    )


# ----------------------------------------------------------------------------------------------------- the work


def _work(
    todo: list[Job],
    kept: dict[str, Known],
    before: dict[str, Known],
    context: Context,
    state: State,
    manifest: Manifest,
    jobs: int,
    only: set[str],
    progress: Progress,
    go_on: Callable[[], None],
) -> tuple[dict[str, Known], list[Staged]]:
    """Do the jobs; what is known of every post afterwards, and what is staged."""
    known = dict(kept)
    staged: dict[str, tuple[Staged, ...]] = {}
    outcomes = workers.run(
        one_post.process, todo, workers=jobs, begin=one_post.begin, context=context, lost=one_post.lost
    )
    for done, outcome in enumerate(outcomes, 1):
        go_on()
        progress("reading posts", done, len(todo))
        old = before.get(outcome.key)
        if only and not only & _collections(outcome.known, old):
            if old:
                known[outcome.key] = old
            continue
        known[outcome.key] = outcome.known
        staged[outcome.key] = outcome.staged
        state.put(outcome.key, outcome.known, outcome.item)
    for key in kept.keys() & before.keys():
        if kept[key] != before[key]:
            state.put(key, kept[key], state.item(key))
    renamed = identity.without_twins(_rows(known, context), manifest.posts, context.site)
    again = [
        Job(
            source=key.partition(":")[0],
            path=key.partition(":")[2],
            ident=ident,
            known=known[key],
            item=state.item(key),
        )
        for key, ident in sorted(renamed.items())
    ]
    one_post.begin(context)
    for outcome in one_post.process(again):
        known[outcome.key] = outcome.known
        staged[outcome.key] = outcome.staged
        state.put(outcome.key, outcome.known, outcome.item)
    return known, [s for group in staged.values() for s in group]


def _collections(new: Known, old: Known | None) -> set[str]:
    return {name for known in (new, old) if known and known.row for name in known.row.collections}


def _shown(known: Known, context: Context) -> bool:
    return known.row is not None and one_post.visible(known, context.now)


def _rows(known: dict[str, Known], context: Context) -> list[Row]:
    """The light rows of all that is to be seen, newest first."""
    rows = [k.row for k in known.values() if k.row and _shown(k, context)]
    return sorted(sorted(rows, key=lambda row: row.id), key=lambda row: row.published, reverse=True)


def _ledger(
    known: dict[str, Known], manifest: Manifest, now: datetime
) -> tuple[dict[str, Entry], tuple[Tombstone, ...]]:
    """The ledger after this run.

    A post that can no longer be read keeps its entry, and so its files: it is mended sooner or later, and a typing
    error must not tell the world that a paper is gone.
    """
    ledger: dict[str, Entry] = {}
    for key, post in sorted(known.items()):
        row = post.row
        if row and one_post.visible(post, now):
            ledger[key] = Entry(
                id=row.id,
                url=row.url,
                title=row.title,
                published=row.published,
                updated=row.updated,
                digest=post.content,
                collections=row.collections,
            )
        elif not row and not post.withheld and key in manifest.posts:
            ledger[key] = manifest.posts[key]
    living = {entry.id for entry in ledger.values()}
    gone = manifest.posts.keys() - ledger.keys()
    graves = [t for t in manifest.tombstones if t.id not in living]
    return ledger, (*graves, *identity.buried(manifest.posts, gone, living, now))


def _refuse_to_shrink(manifest: Manifest, ledger: dict[str, Entry], opened: Opened) -> None:
    """Raises PublishError when a source has suddenly lost more than half of its published posts."""
    living = {entry.id for entry in ledger.values()}
    for name, tree in opened.trees.items():
        present = {f"{name}:{path}" for path in tree.paths}
        had = [(key, entry) for key, entry in manifest.posts.items() if key.partition(":")[0] == name]
        lost = [key for key, entry in had if key not in present and entry.id not in living]
        if lost and (len(lost) * 2 > len(had) or not tree.paths):
            raise PublishError(
                f"{len(lost)} of {len(had)} published posts of source {name!r} are gone; nothing was published",
                where=str(tree.root),
                hint="if they were removed on purpose, run once with --allow-shrink",
            )


def _nothing_found(known: dict[str, Known]) -> None:
    problems = [p for k in known.values() for p in k.problems if p.severity == "error"]
    first = f"; the first problem: {problems[0].where}: {problems[0].message}" if problems else ""
    raise PublishError(
        f"there is no post to publish{first}", hint="check sources: path, include and exclude in config.yaml"
    )


# ---------------------------------------------------------------------------------------------------- the outcome


def _kept_files(
    staged: list[Staged], faults: list[Problem], ledger: dict[str, Entry], manifest: Manifest, context: Context
) -> dict[str, File]:
    """Files that were not rendered in this run and that stay as they are: of posts, and of formats that failed."""
    rendered = {s.file.owner for s in staged}
    failed = {documents.owner_of(fault.where) for fault in faults}
    return {
        path: file
        for path, file in manifest.files.items()
        if file.owner in failed or (context.exports and file.owner in ledger and file.owner not in rendered)
    }


def _report(opened: Opened, known: dict[str, Known], context: Context, result: Publication, read: int) -> Report:
    shown = [k for k in known.values() if _shown(k, context)]
    instants = [i for k in known.values() if k.row for i in (k.not_before, k.expires) if i]
    due = [i for i in map(datetime.fromisoformat, instants) if i > context.now]
    hidden = [f"{key}: {_reason(k, context)}" for key, k in sorted(known.items()) if _reason(k, context)]
    trees = [_placed(p, name, opened) for name, tree in opened.trees.items() for p in tree.problems]
    posts = [_placed(p, key.partition(":")[0], opened) for key, k in sorted(known.items()) for p in k.problems]
    return Report(
        posts=len(known),
        read=read,
        published=len(shown),
        works=sum(1 for k in shown if k.row and k.row.kind != "news"),
        withheld=tuple(hidden),
        written=result.written,
        unchanged=result.unchanged,
        removed=result.removed,
        problems=(*trees, *posts, *_empty(shown, context), *(_located(p, opened) for p in result.problems)),
        next_due=min(due).isoformat() if due else "",
        output=str(context.target.output),
    )


def _placed(problem: Problem, source: str, opened: Opened) -> Problem:
    """The problem with a path that can be opened, not one below the source's folder."""
    return replace(problem, where=str(opened.trees[source].root / problem.where))


def _empty(shown: Sequence[Known], context: Context) -> Iterator[Problem]:
    """A warning for each configured collection that nothing is in."""
    used = {name for known in shown if known.row for name in known.row.collections}
    for collection in context.collections:
        if collection.name not in used:
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
    if known.row and not _shown(known, context):
        late = known.not_before and datetime.fromisoformat(known.not_before) > context.now
        return f"not before {known.not_before}" if late else f"expired {known.expires}"
    return ""
