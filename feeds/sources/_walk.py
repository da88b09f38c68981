"""Which files a folder holds: one walk with os.scandir, sorted, never out of the root by a symbolic link."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from feeds.errors import SourceError
from feeds.model import Problem, SourceOptions
from feeds.sources._zones import is_zone

LONGEST = 50_000_000  # bytes of a file; most have narrower limits of their own


class Entry(Struct, frozen=True):
    """One file or folder."""

    path: str  # POSIX, below the root
    name: str
    is_dir: bool


def require(root: Path, options: SourceOptions) -> None:
    """Raise SourceError unless `root` is a folder that can be read and the options make sense."""
    if options.timezone and not is_zone(options.timezone):
        raise SourceError(f"there is no time zone {options.timezone!r}", hint="write a name such as Europe/Zurich")
    try:
        if not root.is_dir():
            raise SourceError(f"there is no folder {root}", hint="correct `path` of the source in config.yaml")
        with os.scandir(root):
            os.stat(f"{root}/.")  # noqa: PTH116 - may it be entered?  Path drops the dot
    except OSError as error:
        raise SourceError(f"{root} cannot be read: {error.strerror}", hint="check its permissions") from error


def root_of(place: Path) -> Path:
    """The folder that a place is, or the one that holds the file there.  Raises SourceError."""
    try:
        return place.parent if place.is_file() else place
    except OSError as error:
        raise SourceError(f"{place} cannot be read: {error.strerror}", hint="check its permissions") from error


def entries(root: Path, folder: str, problems: list[Problem]) -> Iterator[Entry]:
    """The files and folders in `folder` (below `root`) by name; what cannot be read or leads outside is reported."""
    try:
        with os.scandir(root / folder) as scan:
            found = sorted(scan, key=attrgetter("name"))
    except OSError as error:
        problems.append(_skipped(folder or ".", f"cannot be read: {error.strerror}", "check its permissions"))
        return
    for entry in found:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not _is_utf_8(path):
            shown = path.encode("utf-8", "backslashreplace").decode()
            problems.append(_skipped(shown, "the file name is not UTF-8", "rename it"))
            continue
        if entry.is_file(follow_symlinks=False):
            yield Entry(path, entry.name, False)
            continue
        if entry.is_symlink() and not _stays(root, entry):
            problems.append(_skipped(path, "the symbolic link leads out of the folder, or nowhere", "copy the file"))
            continue
        if entry.is_dir():
            # A link to a folder inside is reached by its own name; following both could go round in circles.
            if not entry.is_symlink():
                yield Entry(path, entry.name, True)
        elif entry.is_file():
            yield Entry(path, entry.name, False)


def _is_utf_8(path: str) -> bool:
    try:
        return path.isascii() or bool(path.encode("utf-8"))
    except UnicodeEncodeError:
        return False


def files(root: Path, folder: str, problems: list[Problem], *, dots: bool = False) -> Iterator[Entry]:
    """All files below `folder`, at any depth, in a fixed order; those in dot folders only when `dots`."""
    waiting = [folder] if may_enter(root, folder, problems) else []
    while waiting:
        inner = []
        for entry in entries(root, waiting.pop(), problems):
            if entry.name.startswith(".") and not dots:
                continue
            if entry.is_dir:
                inner.append(entry.path)
            else:
                yield entry
        waiting += reversed(inner)


def may_enter(root: Path, folder: str, problems: list[Problem]) -> bool:
    """Is a folder that a configuration names, if it is there at all, really below the root?  Reported when not."""
    if not folder or has_folder(root, folder) or not os.path.lexists(root / folder):
        return True
    problems.append(_skipped(folder, "is no folder, or leads out of the site's", "copy what is in it"))
    return False


def has_folder(root: Path, folder: str) -> bool:
    """Is there such a folder, and is it really below the root?"""
    try:
        if not (root / folder).is_dir():  # of many places that are asked for most are not there
            return False
        real = (root / folder).resolve(strict=True)
        return real.is_dir() and real.is_relative_to(root.resolve(strict=True))
    except (OSError, ValueError, RuntimeError):
        return False


def inside(root: Path, path: str) -> Path | None:
    """The file at `path` below `root` when it is there and really below it."""
    try:
        real, top = (root / path).resolve(strict=True), root.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return real if real.is_relative_to(top) and real.is_file() else None


def content(file: Path | str, most: int = LONGEST + 1) -> bytes:
    """A file's bytes; of one longer than any that is read, so many that it shows.  Never waits for a pipe."""
    with open(file, "rb", opener=_without_waiting) as data:
        is_short = os.fstat(data.fileno()).st_size < most  # room for `most` bytes is costly to get
        return data.read(-1 if is_short else most) or b""


def content_if(file: Path | None, most: int) -> bytes | None:
    """The bytes of a file of `most` bytes at most; None when there is none that can be read."""
    try:
        return content(file) if file and file.stat().st_size <= most else None
    except OSError:
        return None


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def wanted(paths: list[str], options: SourceOptions) -> tuple[str, ...]:
    """The paths that the options' gitignore patterns let through, sorted."""
    if not (options.include or options.exclude):
        return tuple(sorted(paths))
    from pathspec import GitIgnoreSpec

    include = GitIgnoreSpec.from_lines(options.include) if options.include else None
    exclude = GitIgnoreSpec.from_lines(options.exclude)
    kept = (p for p in paths if include is None or include.match_file(p))
    return tuple(sorted(p for p in kept if not exclude.match_file(p)))


class EntryFilter(Struct, frozen=True):
    """Jekyll's own rule for what it leaves alone, from `include` and `exclude` of _config.yml."""

    included: Patterns
    excluded: Patterns

    def rejects(self, base: str, entry: str, is_dir: bool) -> bool:
        """Is `entry`, a path below the folder `base`, left alone?"""
        if entry[-1] == ".":
            return True
        name = entry.rpartition("/")[2]
        if self.included.match(entry, is_dir) or (name != entry and self.included.match(name, is_dir)):
            return False
        if self.excluded.match(f"{base}/{entry}" if base else entry, is_dir):
            return True
        return entry[0] in _LEFT_ALONE or name[0] in _LEFT_ALONE or entry[-1] == "~"


_LEFT_ALONE = frozenset("._#~")


class Patterns(Struct, frozen=True):
    """Jekyll's patterns as one: of ten thousand files each is looked at once.

    As Jekyll has it, "vendor" also covers "vendors", and "*" covers slashes.
    """

    one: re.Pattern[str]
    folders: frozenset[str]  # patterns that end with a slash: they name this folder alone

    def match(self, path: str, is_dir: bool) -> bool:
        """Does one of them cover `path`?"""
        return self.one.match(path) is not None or (is_dir and f"{path}/" in self.folders)


def entry_filter(include: Iterable[str], exclude: Iterable[str]) -> EntryFilter:
    """The rule of a site; what it includes it does not exclude."""
    kept = tuple(include)
    return EntryFilter(_patterns(kept), _patterns(p for p in exclude if p not in kept))


def _patterns(patterns: Iterable[str]) -> Patterns:
    bare = [p.lstrip("/") for p in patterns if p.strip("/")]
    each = [f"{re.escape(p)}|{translate(p.replace('[^', '[!'))}" for p in bare]
    return Patterns(re.compile("|".join(each) or r"(?!)"), frozenset(p for p in bare if p.endswith("/")))


def _stays(root: Path, entry: os.DirEntry[str]) -> bool:
    try:
        target = os.path.realpath(entry.path)
    except OSError:
        return False
    top = os.path.realpath(root)
    return os.path.exists(target) and (target == top or target.startswith(top + os.sep))  # noqa: PTH110 - DirEntry


def _skipped(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="read", where=where, message=message, hint=hint, severity="warning")
