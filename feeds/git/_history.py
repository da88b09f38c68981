"""When each file came to be and was last changed, as the history of its repository tells.  Private.

`created` is the date of the commit that brought the file in, `modified` that of the last commit that changed what is
in it.  Both are *author* dates: the day the work was done.  A rebase or a cherry-pick gives every commit that it
copies a new committer date, so that one rebase would make a whole site "changed today"; author dates survive it.
(Hugo dates its pages alike.)

 - A file is followed through renames.  Renaming alone, and changing the mode alone, is no change.  A file that was
   begun as a copy of another is new (`git log --follow` takes it for the other one).
 - A change that came in through a merge has the date of its own commit; the merge counts only for what was written
   while merging, that is for files that are like those of no parent.
 - A file that was deleted and put back was created when it first came.
 - Commits listed in `.git-blame-ignore-revs` (a new licence header, a formatter's run) change nothing.
 - A file with changes that are not committed has no `modified`: no commit dates what is in it.
 - Only a whole history counts: in a shallow clone the oldest commit seems to create everything.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from feeds.errors import SourceError
from feeds.git import _lineage, _program
from feeds.git._program import Failed
from feeds.model import Dates
from feeds.text import digest

_VERSION = 1  # of the cache: raise it when the same history gives other dates
_IGNORED = ".git-blame-ignore-revs"


class History(Struct, frozen=True, kw_only=True):
    """What a repository tells of the files below a folder."""

    commit: str  # HEAD
    files: Mapping[str, Dates]  # path below the folder, as git has it and in NFC


class _Top(Struct, frozen=True):
    """A work tree with a whole history."""

    folder: Path
    commit: str
    prefix: bytes  # from the top of the work tree to the folder: "" or "docs/"


class _Cached(Struct, frozen=True):
    key: str
    files: dict[str, Dates]


def history(root: Path, *, cache: Path | None = None, inside: bool = False) -> History | None:
    """The dates of the files below `root`, the top of a work tree, or with `inside` any folder of one.

    None where nothing tells them; `why_no_history` says why.  `cache` is a file that spares the next run the work.
    """
    top = _top(root, inside)
    if isinstance(top, str):
        return None
    ignored = _ignored(top)
    key = f"{_VERSION} {top.commit} {digest(top.prefix)} {digest(' '.join(sorted(ignored)).encode())}"
    try:
        files = _from(cache, key)
        if files is None:
            files = _read(top, ignored)
            _keep(cache, _Cached(key, files))
        changed = set(_uncommitted(top))
    except (Failed, SourceError, OSError):
        return None
    return History(commit=top.commit, files=_by_name(files, changed))


def why_no_history(root: Path, *, inside: bool = False) -> str:
    """Why `history` tells nothing of a folder, in a few words; "" when it should."""
    top = _top(root, inside)
    return top if isinstance(top, str) else ""


def _top(root: Path, inside: bool) -> _Top | str:
    """The work tree that a folder is the top of, or lies in; else why there is none that helps."""
    if not _program.has_git():
        return "there is no git program on this machine"
    if not inside and not os.path.lexists(root / ".git"):
        return "it is not the top of a git work tree"
    asked = ["--is-inside-work-tree", "--is-shallow-repository", "HEAD^{commit}", "--show-prefix"]
    try:
        told = _program.run(["rev-parse", *asked], folder=root, upwards=inside).split(b"\n", 3)
    except (Failed, SourceError, OSError):
        return "it is not in a git work tree with a commit"
    if told[0] != b"true" or (told[3] != b"\n" and not inside):
        return "it is not the top of a git work tree"
    if told[1] != b"false":
        return "the clone is shallow: its oldest commits are not there"
    prefix = told[3].removesuffix(b"\n")
    above = root.resolve().parents
    return _Top(above[prefix.count(b"/") - 1] if prefix else root, told[2].decode(), prefix)


def _ignored(top: _Top) -> frozenset[str]:
    """The commits that `.git-blame-ignore-revs` at the top of the work tree lists."""
    file = top.folder / _IGNORED
    try:
        if file.is_symlink() or file.stat().st_size > 1_000_000:
            return frozenset()
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(line.partition("#")[0].strip().lower() for line in lines) - {""}


def _read(top: _Top, ignored: frozenset[str]) -> dict[str, Dates]:
    found = {}
    for name, dates in _lineage.dates(top.folder, top.commit, ignored).items():
        with suppress(UnicodeDecodeError):  # such a file is no post: its name is reported when the folder is read
            if name.startswith(top.prefix):
                found[name.removeprefix(top.prefix).decode("utf-8")] = dates
    return found


def _uncommitted(top: _Top) -> Iterator[str]:
    """The files with changes that are not committed."""
    drivers = (
        _program.run(["config", "-z", "--name-only", "--list"], folder=top.folder)
        .decode("utf-8", "replace")
        .split("\0")
    )
    # A filter would be run to see whether a file changed; without it a filtered file may seem changed, which is safe.
    off = {name: "" for name in drivers if re.fullmatch(r"filter\..+\.(?:clean|smudge|process)", name, re.DOTALL)}
    off |= {name: "false" for name in drivers if re.fullmatch(r"filter\..+\.required", name, re.DOTALL)}
    asked = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames"]
    for entry in _program.run(asked, folder=top.folder, settings=off).split(b"\0"):
        if entry[3:].startswith(top.prefix):
            yield entry[3:].removeprefix(top.prefix).decode("utf-8", "replace")


def _by_name(files: Mapping[str, Dates], changed: set[str]) -> dict[str, Dates]:
    """By the name as git has it, and by its NFC form where that is not the name of another file."""
    named = {name: Dates(dates.created) if name in changed else dates for name, dates in files.items()}
    return {unicodedata.normalize("NFC", name): dates for name, dates in named.items()} | named


def _from(cache: Path | None, key: str) -> dict[str, Dates] | None:
    """The dates that the cache holds under `key`."""
    try:
        found = msgspec.json.decode(cache.read_bytes(), type=_Cached) if cache else None
    except (OSError, msgspec.MsgspecError):
        return None
    return found.files if found and found.key == key else None


def _keep(cache: Path | None, known: _Cached) -> None:
    if cache is None:
        return
    new = cache.with_name(f"{cache.name}.{os.getpid()}.new")
    with suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(msgspec.json.encode(known))
        new.replace(cache)
