"""Nothing changed: a run that left nothing undone notes what it rested on, and the next one compares that alone.

What a run depends on is the program and its configuration, what the sources say of themselves, the files that posts
are read with, the published files, and the hour.  When all of it is as it was, so is the outcome: no post needs to be
looked up, no ledger read, and what there was to tell is told again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import publish, text
from feeds.fingerprints import Fingerprints, digest
from feeds.model import Problem, Row, Tree
from feeds.opening import Opened
from feeds.publish import Manifest, Target
from feeds.state import Known, Stat, State, stat_of


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
    sent: int = 0  # of the files that are brought to a storage
    deleted: int = 0  # objects there
    address: str = ""  # at which the output is served

    @property
    def left_out(self) -> tuple[Problem, ...]:
        """Problems that kept something from being published."""
        return tuple(p for p in self.problems if p.severity == "error")


class Rest(Struct, frozen=True, array_like=True):
    """What a run rested on, and what it told."""

    basis: str  # digest of the fingerprints, and of what the sources list
    manifest: Stat | None  # of the manifest's file
    since: datetime
    read: dict[str, Stat | None]  # files that posts were read with; None: there is none
    written: dict[str, int]  # sizes of the published files
    report: Report  # without the problems of the sources themselves


class Found(Struct, frozen=True):
    """What the disk has now of what the last run rested on."""

    read: Mapping[str, Stat | None] = {}
    written: Mapping[str, int] = {}  # nothing unless every published file has its size
    manifest: bool = False  # is the manifest the one that was left?


def of_run(
    known: Mapping[str, Known],
    rows: Sequence[Row],
    prints: Fingerprints,
    opened: Opened,
    report: Report,
    manifest: Manifest,
    target: Target,
    now: datetime,
) -> Rest | None:
    """What a finished run rests on; None when it left something to be done by the next."""
    read: dict[str, Stat | None] = {}
    shown = {row.path for row in rows}
    roots = {name: str(tree.root) for name, tree in opened.trees.items()}
    for key, post in known.items():
        name, _, path = key.partition(":")
        tree = opened.trees[name]
        if not _is_settled(post, prints, name, tree, path, key in shown):
            return None
        file = f"{roots[name]}/{tree.parts.get(path, path)}"
        if read.setdefault(file, post.stat) != post.stat:
            return None
        for other, stat in post.depends:
            if read.setdefault(f"{roots[name]}/{other}", stat) != stat:
                return None
    written = {path: file.size for path, file in manifest.files.items()}
    silent = replace(report, read=0, written=(), removed=(), unchanged=len(written))
    return Rest(_basis(prints, opened), stat_of(_manifest(target)), now, read, written, silent)


def _is_settled(post: Known, prints: Fingerprints, name: str, tree: Tree, path: str, shown: bool) -> bool:
    """Is a post read and, when it is to be seen, rendered with what there is now?"""
    return (
        not post.racy
        and post.fingerprint == prints.readings[name]
        and post.stamp == tree.stamps.get(path, "")
        and (not shown or post.rendering == prints.rendering)
    )


def last(state: State) -> Rest | None:
    """What the last run rested on; None when it left something to be done, or the note of it is damaged."""
    try:
        return msgspec.msgpack.decode(state.rest(), type=Rest)
    except msgspec.MsgspecError:
        return None


def look(rest: Rest | None, target: Target) -> Found:
    """What the disk has now of it."""
    if rest is None:
        return Found()
    return Found(
        {file: stat_of(file) for file in rest.read},
        rest.written if _are_there(rest.written, target.output) else {},
        rest.manifest is not None and rest.manifest == stat_of(_manifest(target)),
    )


def holds(rest: Rest, found: Found, prints: Fingerprints, opened: Opened, now: datetime) -> bool:
    """Would a run find everything as the last one did?"""
    due = rest.report.next_due
    return (
        rest.since <= now
        and not (due and datetime.fromisoformat(due) <= now)
        and found.manifest
        and found.written == rest.written
        and found.read == rest.read
        and rest.basis == _basis(prints, opened)
    )


def _basis(prints: Fingerprints, opened: Opened) -> str:
    shared = [
        (name, str(tree.root), tree.paths, tree.parts, tree.stamps, tree.site, tree.people, tree.static)
        for name, tree in opened.trees.items()
    ]
    return digest(prints, shared)


def _manifest(target: Target) -> str:
    return f"{target.output}/{publish.MANIFEST}"


def _are_there(sizes: Mapping[str, int], output: Path) -> bool:
    try:
        return all(os.lstat(f"{output}/{path}").st_size == size for path, size in sizes.items())
    except OSError:
        return False


def own_problems(opened: Opened) -> Iterable[Problem]:
    """Problems of the sources themselves, with paths that can be opened."""
    yield from opened.problems
    for name, tree in opened.trees.items():
        yield from (placed(problem, name, opened) for problem in tree.problems)


def placed(problem: Problem, source: str, opened: Opened) -> Problem:
    """The problem with a path that can be opened, not one below the source's folder."""
    if text.is_remote(problem.where) or problem.where.startswith("/"):  # a template's, which lies where it likes
        return problem
    return Problem(
        stage=problem.stage,
        where=f"{opened.trees[source].root}/{problem.where}",
        message=problem.message,
        hint=problem.hint,
        severity=problem.severity,
    )
