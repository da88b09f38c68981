"""One walk from the newest commit to the oldest: when each file came, and when what is in it last changed.  Private.

Every commit is compared with each of its parents, in one run of `git diff-tree`.  A file of HEAD is known by other
names in older commits; on the way from a commit to a parent a renamed file takes its older name, so that branches in
which it had different names are each read with the right one (`git log --follow` knows one name at a time).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from msgspec import Struct

from feeds.git import _program
from feeds.git._program import Failed
from feeds.model import Dates
from feeds.text import fixed

_CAP = 4_000_000_000  # bytes of output that are looked through, a piece at a time
_SUBMODULE = b"160000"
# Renames with changes are looked for among so many files of one commit; beyond that only where nothing changed, or
# where the bare name stayed: what is judged grows with the square.
_RENAMES = 2000

# Where the name of a file differs from the one that it has in HEAD: name → name in HEAD; None: of no file of HEAD.
_Names = dict[bytes, bytes | None]


class _Commit(Struct, frozen=True):
    oid: str
    tree: str
    date: datetime | None  # None: it has none that can be written down
    parents: tuple[str, ...]


class _Change(Struct, frozen=True):
    """How a file differs from the parent's."""

    name: bytes
    before: bytes  # its name in the parent; "" when it is not there
    written: bool  # what is in it differs, not just its name or mode


class _Found(Struct):
    """What the walk has learned so far: of each file of HEAD the dates, None where its commit has none."""

    files: frozenset[bytes]
    created: dict[bytes, datetime | None]
    modified: dict[bytes, datetime | None]


def dates(folder: Path, head: str, ignored: frozenset[str]) -> dict[bytes, Dates]:
    """The dates of every file of the commit `head`, by its path from the top; `ignored` commits modify nothing."""
    found = _Found(_files(folder, head), {}, {})
    commits = _commits(folder, head)
    try:
        _walk(found, commits, _comparisons(folder, commits, "-M50%"), ignored)
    except Failed:
        # A partial clone lacks the contents that likeness is judged by; names alone it can follow.
        found = _Found(found.files, {}, {})
        _walk(found, commits, _comparisons(folder, commits, "-M100%"), ignored)
    return {name: Dates(c, _last(found, name, c)) for name, c in found.created.items() if c}


def _last(found: _Found, name: bytes, created: datetime) -> datetime | None:
    modified = found.modified.get(name, created)
    return max(created, modified) if modified else None


# ----------------------------------------------------------------------------------------------- the walk


def _walk(
    found: _Found, commits: Sequence[_Commit], comparisons: Iterator[list[_Change]], ignored: frozenset[str]
) -> None:
    names_at: dict[str, _Names] = {}
    for commit in commits:
        names = names_at.pop(commit.oid, {})
        changes = [next(comparisons) for _ in commit.parents or ("",)]
        _note(found, commit, names, changes, commit.oid in ignored)
        for parent, differing in zip(commit.parents, changes, strict=False):
            older = _older(names, differing, found.files)
            names_at[parent] = _joined(names_at[parent], older, found.files) if parent in names_at else older


def _note(found: _Found, commit: _Commit, names: _Names, changes: list[list[_Change]], ignored: bool) -> None:
    """Date what differs from every parent: that is what this commit did itself."""
    others = [{change.name: change for change in more} for more in changes[1:]]
    for change in changes[0]:
        everywhere = [change, *(more[change.name] for more in others if change.name in more)]
        file = names.get(change.name, change.name)
        if len(everywhere) < len(changes) or file is None or file not in found.files:
            continue
        if not ignored and all(c.written for c in everywhere):
            found.modified.setdefault(file, commit.date)
        if not any(c.before for c in everywhere):
            found.created[file] = commit.date


def _older(names: _Names, changes: Iterable[_Change], files: frozenset[bytes]) -> _Names:
    """The names in a parent, where the renamed files have the names from before."""
    renamed = {c.name: c.before for c in changes if c.before and c.before != c.name}
    living = {new: names.get(new, new) for new in renamed if names.get(new, new) in files}
    if not living:
        return names
    return {**names, **dict.fromkeys(living), **{renamed[new]: file for new, file in living.items()}}


def _joined(one: _Names, other: _Names, files: frozenset[bytes]) -> _Names:
    """The names in a commit that two branches left from: what either says of a name, the first where both do."""
    if one is other or one == other:
        return one
    both: _Names = {}
    for name in {**one, **other}:
        said = [names.get(name, name if name in files else None) for names in (one, other)]
        both[name] = said[0] or said[1]
    return both


# ----------------------------------------------------------------------------------------------- what git says


def _files(folder: Path, head: str) -> frozenset[bytes]:
    lines = _program.run(["ls-tree", "-r", "-z", "--full-tree", head], folder=folder).split(b"\0")
    return frozenset(line.partition(b"\t")[2] for line in lines if line and not line.startswith(_SUBMODULE))


def _commits(folder: Path, head: str) -> list[_Commit]:
    """Every commit, newest first, none before one that builds on it."""
    told = _program.stream(
        ["log", "--date-order", "--no-color", "--no-decorate", "--date=raw", "--format=%H%x00%T%x00%ad%x00%P", head],
        folder=folder,
        cap=_CAP,
    )
    return [_commit(line.decode("ascii", "replace")) for line in _split(told, b"\n") if line]


def _commit(line: str) -> _Commit:
    oid, tree, date, parents = line.split("\0")
    return _Commit(oid, tree, _moment(date), tuple(parents.split()))


def _moment(raw: str) -> datetime | None:
    """`1704103200 +0100` as a datetime; in UTC when no clock has such a zone."""
    found = re.fullmatch(r"(-?\d{1,20}) ([+-])(\d{1,3})(\d\d)", raw)
    if not found:
        return None
    offset = timedelta(hours=int(found[3]), minutes=int(found[4])) * (-1 if found[2] == "-" else 1)
    try:
        return fixed(
            datetime.fromtimestamp(int(found[1]), timezone(offset) if abs(offset) < timedelta(days=1) else UTC)
        )
    except (ValueError, OverflowError, OSError):
        return None


def _comparisons(folder: Path, commits: Sequence[_Commit], likeness: str) -> Iterator[list[_Change]]:
    """For each commit, for each of its parents, the changes; the first commits are compared with nothing."""
    trees = {commit.oid: commit.tree for commit in commits}
    nothing = _program.run(["hash-object", "-t", "tree", "--stdin"], folder=folder).decode().strip()
    pairs = [f"{trees[p] if p else nothing} {c.tree}\n" for c in commits for p in c.parents or ("",)]
    told = _program.stream(
        ["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-ext-diff", f"-l{_RENAMES}", likeness],
        folder=folder,
        given="".join(pairs).encode(),
        cap=_CAP,
    )
    count = 0
    for count, changes in enumerate(_parsed(_split(told, b"\0")), 1):  # noqa: B007 - used after the loop
        yield changes
    if count != len(pairs):
        raise Failed(f"git compared {count} of {len(pairs)} pairs of commits")


def _parsed(words: Iterator[bytes]) -> Iterator[list[_Change]]:
    """The output of diff-tree: a line for each pair of trees, then `:mode mode id id status`, NUL, names."""
    changes: list[_Change] | None = None
    for word in words:
        *heads, record = word.split(b"\n")
        for _ in heads:
            if changes is not None:
                yield changes
            changes = []
        if record and changes is not None:
            changes += _change(record, words)
    if changes is not None:
        yield changes


def _change(record: bytes, words: Iterator[bytes]) -> list[_Change]:
    _, mode, before, after, status = record.split(b" ")
    name = next(words)
    if status[:1] in b"RC":
        name, old = next(words), name
    else:
        old = b"" if status[:1] == b"A" else name
    if status[:1] == b"D" or mode == _SUBMODULE:
        return []
    return [_Change(name, old, before != after)]


def _split(pieces: Iterable[bytes], mark: bytes) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(mark)
        yield from whole
    yield rest
