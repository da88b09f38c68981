"""What was published is brought to a storage: the `path` of `output:` that is an address, s3://bucket/prefix.

A run publishes into the work folder, as into any other; then the storage is brought in line.  Its own manifest says
what lies there, so only what changed is sent: items before the documents that name them, the manifest after them,
deletions last.  A journal beside that manifest says first what is about to be sent or deleted, with the digests of the
bytes: by it the next run, on whatever machine, knows what an interrupted one left, and finishes the job.  An object
that is in neither is not ours: it is never overwritten, and never deleted.

    <work>/published/      the output as it was published on this machine
    <work>/brought.json    which manifests we put there, and which one arrived with all that it names
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import registry, storage, text
from feeds.errors import StorageError
from feeds.model import Problem
from feeds.publish import MANIFEST, File, Manifest
from feeds.settings import Config
from feeds.storage import Storage

JOURNAL = "manifest.journal"
NOTE = "brought.json"

Mark = tuple[int, int, int]  # size, mtime in nanoseconds, inode
Journal = dict[str, tuple[str, ...]]  # path → SHA-256 of each content that interrupted runs may have left there


class Brought(Struct, frozen=True, kw_only=True):
    """What a storage was sent."""

    sent: int = 0
    deleted: int = 0
    problems: tuple[Problem, ...] = ()


class _Note(Struct, frozen=True, kw_only=True):
    """What brought.json says."""

    url: str = ""  # digest of the storage's address
    options: str = ""  # digest of the options of its library, which may lead elsewhere
    theirs: tuple[str, ...] = ()  # digests of the manifests of which one lies there, unless another machine put its own
    arrived: Mark | None = None  # of the manifest here that was brought
    problems: tuple[Problem, ...] = ()  # what could not be


def take_ledger(config: Config) -> None:
    """Where nothing is published on this machine: take the manifest from the storage, for ids and dates are in it.

    Raises StorageError when it cannot be had: they must not be made anew.
    """
    file = config.output / MANIFEST
    if file.exists():
        return
    place = storage.reach(config.brought_to, config.storage)
    body = storage.read(place, MANIFEST)
    if body is None:
        return
    _manifest(body, place)
    config.output.mkdir(parents=True, exist_ok=True)
    _note(config, replace(_noting(config), theirs=(text.digest(body),)))
    _write(config, file, body)


def has_arrived(config: Config) -> bool:
    """Has all that is published here been brought?  Nothing is asked."""
    return _noted(config).arrived == _mark(config)


def bring(config: Config, progress: Callable[[str, int, int], None], go_on: Callable[[], None]) -> Brought:
    """Bring the storage in line with what is published here; nothing is asked when the last time nothing was left.

    To be called by who holds the output's lock.  `go_on` is called between objects and may raise to stop.
    """
    if has_arrived(config) and not _noted(config).problems:
        return Brought()
    try:
        return _brought(config, progress, go_on)
    except (StorageError, OSError) as error:
        where, message = getattr(error, "where", ""), getattr(error, "message", "") or str(error)
        hint = getattr(error, "hint", "") or "check the permissions of the work folder, and its free space"
        message = f"what is published was not brought there: {message}"
        return Brought(
            problems=(Problem(stage="publish", where=where or str(config.work), message=message, hint=hint),)
        )


# ---------------------------------------------------------------------------------------------------- the storage


class _Sides(Struct, frozen=True):
    """What is published here, and what lies at the storage."""

    config: Config
    place: Storage
    ours: Manifest
    theirs: Manifest
    journal: Journal


def _brought(config: Config, progress: Callable[[str, int, int], None], go_on: Callable[[], None]) -> Brought:
    mark, note = _mark(config), _noted(config)
    place = storage.reach(config.brought_to, config.storage)
    progress(f"comparing with {place.url}", 0, 0)
    ours, theirs = (config.output / MANIFEST).read_bytes(), storage.read(place, MANIFEST)
    if theirs not in {None, ours} and text.digest(theirs or b"") not in note.theirs:
        hint = f"publish there from one machine alone; to go on here from what lies there, remove {config.output}"
        raise StorageError("another machine has published there", where=place.url, hint=hint)
    sides = _Sides(config, place, _manifest(ours, place), _manifest(theirs, place), _journal(place))
    wanted, doomed = _wanted(sides), _doomed(sides)
    if wanted or doomed:
        _put_journal(sides, wanted, doomed)
    problems = _send(sides, wanted, progress, go_on)
    public = _without(sides.ours, {problem.where for problem in problems}) if problems else ours
    if public != theirs:
        # noted before it is there: whatever happens in between, we know it for ours
        _note(config, replace(_noting(config), theirs=tuple({*note.theirs, text.digest(public)})))
        storage.put(place, MANIFEST, public, "application/json")
    deleted = sum(storage.several(place, lambda path: _delete(sides, path), doomed, go_on))
    if wanted or doomed or sides.journal:
        storage.delete(place, JOURNAL)
    located = tuple(replace(problem, where=f"{place.url}/{problem.where}") for problem in problems)
    _note(config, replace(_noting(config), theirs=(text.digest(public),), arrived=mark, problems=located))
    return Brought(sent=len(wanted) - len(problems), deleted=deleted, problems=located)


def _wanted(sides: _Sides) -> list[str]:
    """What is to be sent: what the storage does not have as it is here, or may have otherwise than it says."""
    there = sides.theirs.files

    def is_there(path: str, file: File) -> bool:
        known = there.get(path)
        return known is not None and (known.sha256, known.type) == (file.sha256, file.type)

    return [path for path, file in sides.ours.files.items() if path in sides.journal or not is_there(path, file)]


def _doomed(sides: _Sides) -> list[str]:
    named = sides.theirs.files.keys() | set(sides.theirs.doomed) | sides.journal.keys()
    return sorted(named - sides.ours.files.keys() - {MANIFEST, JOURNAL})


def _send(
    sides: _Sides, wanted: Sequence[str], progress: Callable[[str, int, int], None], go_on: Callable[[], None]
) -> list[Problem]:
    """Send the files, those that others name first; a problem, with the file's path, for each that cannot be there."""
    ranks = {path: _rank(sides.ours.files[path], sides.config) for path in wanted}
    problems: list[Problem] = []
    done = 0
    for rank in sorted(set(ranks.values())):
        level = [path for path in wanted if ranks[path] == rank]
        for path, why in zip(level, storage.several(sides.place, lambda p: _sent(sides, p), level, go_on), strict=True):
            done += 1
            progress(f"sending to {sides.place.url}", done, len(wanted))
            if why:
                hint = "move it away, or choose another permalink, filename or prefix"
                problems.append(Problem(stage="publish", where=path, message=why, hint=hint))
    return problems


def _rank(file: File, config: Config) -> tuple[int, bool]:
    """Files of a lower rank are named by those of a higher one: items, archives, feeds and lists, the whole site."""
    exporter = next((registry.exporter(e.name) for e in config.exports if e.name == file.export), None)
    names_others = exporter is not None and exporter.names_others
    if not file.owner.startswith(":"):
        return 0, names_others
    return 1 if file.archive else 3 if exporter is None or exporter.scope == "site" else 2, names_others


def _sent(sides: _Sides, path: str) -> str:
    """Send one file; "", or why it is not there."""
    file, known = sides.ours.files[path], sides.theirs.files.get(path)
    try:
        body = (sides.config.output / path).read_bytes()
    except FileNotFoundError:  # published by another machine, and kept since
        return "" if known and known.sha256 == file.sha256 else "the file is missing on this machine"
    if known:
        storage.put(sides.place, path, body, file.type)
        return ""
    there = storage.create(sides.place, path, body, file.type)
    if there is None or there == body:
        return ""
    if hashlib.sha256(there).hexdigest() not in sides.journal.get(path, ()):
        return "the storage has an object of this name that feeds did not write; it is left alone"
    storage.put(sides.place, path, body, file.type)
    return ""


def _delete(sides: _Sides, path: str) -> bool:
    """Delete what is ours by the manifest, or by the journal and its content; was it there?"""
    if path not in sides.theirs.files and path not in sides.theirs.doomed:
        there = storage.read(sides.place, path)
        if there is None or hashlib.sha256(there).hexdigest() not in sides.journal[path]:
            return False
    storage.delete(sides.place, path)
    return True


# ---------------------------------------------------------------------------------------------------- what is noted


def _manifest(body: bytes | None, place: Storage) -> Manifest:
    try:
        manifest = msgspec.json.decode(body, type=Manifest) if body else Manifest()
        if any(path.startswith("/") or ".." in path.split("/") for path in manifest.files):
            raise msgspec.ValidationError("it names a file that is elsewhere")
        return manifest
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        hint = "put back a copy from a backup, or delete it: ids and dates of first publication are then made anew"
        raise StorageError(f"the manifest is damaged: {error}", where=f"{place.url}/{MANIFEST}", hint=hint) from None


def _without(manifest: Manifest, paths: set[str]) -> bytes:
    """The manifest as the storage gets it: what is not ours there is not in it."""
    files = {path: file for path, file in manifest.files.items() if path not in paths}
    return msgspec.json.format(msgspec.json.encode(replace(manifest, files=files)), indent=1) + b"\n"


def _journal(place: Storage) -> Journal:
    try:
        return msgspec.json.decode(storage.read(place, JOURNAL) or b"{}", type=Journal)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # not ours, or cut off: what it would tell is told as not ours
        return {}


def _put_journal(sides: _Sides, wanted: Sequence[str], doomed: Sequence[str]) -> None:
    new: dict[str, str] = {path: sides.ours.files[path].sha256 for path in wanted}
    new |= {path: sides.theirs.files[path].sha256 for path in doomed if path in sides.theirs.files}
    journal = {path: tuple({*sides.journal.get(path, ()), sha256}) for path, sha256 in new.items()}
    storage.put(sides.place, JOURNAL, msgspec.json.encode({**sides.journal, **journal}), "application/json")


def _noted(config: Config) -> _Note:
    """What is noted of this storage; nothing when it is of another one."""
    try:
        note = msgspec.json.decode((config.work / NOTE).read_bytes(), type=_Note)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return _Note()
    here = _noting(config)
    if note.url != here.url:
        return _Note()
    return note if note.options == here.options else replace(note, arrived=None)


def _noting(config: Config) -> _Note:
    """A note of this storage that says nothing yet."""
    options = text.digest(msgspec.json.encode(config.storage, order="sorted"))
    return _Note(url=text.digest(config.brought_to.encode()), options=options)


def _note(config: Config, note: _Note) -> None:
    _write(config, config.work / NOTE, msgspec.json.encode(note))


def _mark(config: Config) -> Mark | None:
    try:
        found = (config.output / MANIFEST).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _write(config: Config, file: Path, body: bytes) -> None:
    part = config.work / "bringing.part"
    part.write_bytes(body)
    part.replace(file)
