"""Nothing changed: a run that left nothing undone notes what it rested on, and the next one compares that alone.

What a run depends on is the program and its configuration, what the sources say of themselves, the files that posts
are read with, the published files, and the hour.  When all of it is as it was, so is the outcome: no post needs to be
looked up, no ledger read, and what there was to tell is told again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import publish, text
from feeds.fingerprints import Fingerprints, digest
from feeds.model import Problem, Tree
from feeds.opening import Opened
from feeds.publish import Target
from feeds.state import Known, State

Mark = tuple[int, int, int]  # size, mtime in nanoseconds, inode


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


class Rest(Struct, frozen=True, array_like=True):
    """What a run rested on, and what it told."""

    basis: str  # digest of the fingerprints, and of what the sources list
    manifest: Mark | None  # of the manifest's file
    since: datetime
    read: dict[str, Mark | None]  # files that posts were read with; None: there is none
    written: dict[str, int]  # sizes of the published files
    report: Report  # without the problems of the sources themselves


def of_run(
    known: Mapping[str, Known], prints: Fingerprints, opened: Opened, report: Report, target: Target, now: datetime
) -> Rest | None:
    """What a finished run rests on; None when it left something to be done by the next."""
    from feeds import one_post

    read: dict[str, Mark | None] = {}
    for key, post in known.items():
        name, _, path = key.partition(":")
        tree = opened.trees[name]
        if not _is_settled(post, prints, name, tree, path, one_post.shown(post, now)):
            return None
        for file, stat in ((tree.parts.get(path, path), post.stat), *post.depends):
            mark = (stat.size, stat.mtime_ns, stat.inode) if stat else None
            if read.setdefault(os.path.join(tree.root, file), mark) != mark:  # noqa: PTH118 - as mark_of says
                return None
    written = {path: file.size for path, file in publish.read_manifest(target).files.items()}
    silent = replace(report, read=0, written=(), removed=(), unchanged=len(written))
    return Rest(_basis(prints, opened), mark_of(_manifest(target)), now, read, written, silent)


def _is_settled(post: Known, prints: Fingerprints, name: str, tree: Tree, path: str, shown: bool) -> bool:
    """Is a post read and, when it is to be seen, rendered with what there is now?"""
    return (
        not post.racy
        and post.fingerprint == prints.readings[name]
        and post.stamp == tree.stamps.get(path, "")
        and (not shown or post.rendering == prints.rendering)
    )


def last(state: State, prints: Fingerprints, opened: Opened, target: Target, now: datetime) -> Report | None:
    """The report of the last run, when this one would find everything as that did."""
    try:
        rest = msgspec.msgpack.decode(state.rest(), type=Rest)
    except msgspec.MsgspecError:
        return None
    if now < rest.since or (rest.report.next_due and datetime.fromisoformat(rest.report.next_due) <= now):
        return None
    if rest.basis != _basis(prints, opened) or rest.manifest != mark_of(_manifest(target)):
        return None
    if not (_are_there(rest.written, target.output) and all(mark_of(f) == mark for f, mark in rest.read.items())):
        return None
    return rest.report


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


def mark_of(file: str) -> Mark | None:
    """Size, mtime and inode of a file; None when there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 - of every post in every run: a Path costs more than the answer
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def own_problems(opened: Opened) -> Iterable[Problem]:
    """Problems of the sources themselves, with paths that can be opened."""
    yield from opened.problems
    for name, tree in opened.trees.items():
        yield from (placed(problem, name, opened) for problem in tree.problems)


def placed(problem: Problem, source: str, opened: Opened) -> Problem:
    """The problem with a path that can be opened, not one below the source's folder."""
    if text.is_remote(problem.where) or problem.where.startswith("/"):  # a template's, which lies where it likes
        return problem
    return replace(problem, where=f"{opened.trees[source].root}/{problem.where}")
