"""A copy of what lies at a storage (s3://bucket/prefix …), which outlives whatever goes wrong there.

    <folder>/listing.json    what was listed and brought last
    <folder>/files/…         the copies, under the names of their objects
    <folder>/incoming/       what is being brought; what an interrupted run brought is not brought again

One listing says what changed: only that is fetched, and put in place when all of it is there.  What did not change is
not touched, and keeps its times.  An object's name never leads out of the folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from feeds import storage, text
from feeds.errors import StorageError
from feeds.model import Problem
from feeds.storage import Found, Storage

MOST = 200_000_000_000  # bytes of one place
_RACY = 10.0  # seconds: what was written so shortly before, may have been written once more at the same moment


class Mirrored(Struct, frozen=True):
    """The copy: a folder, or a file where the address names one object; None when there is none."""

    path: Path | None
    problems: tuple[Problem, ...] = ()


class _State(Struct, frozen=True):
    """What listing.json says."""

    url: str = ""  # digest of the address
    files: dict[str, Found] = {}
    problems: tuple[Problem, ...] = ()


def mirror(url: str, folder: Path, options: Mapping[str, Any], now: datetime) -> Mirrored:
    """Bring the copy in `folder` up to date with what lies at `url`.

    When the storage fails, the last copy stays and a warning says so; without a copy the problem is an error.
    """
    state = _load(folder)
    here = text.digest(url.encode())
    last = state if state.url == here else _State()
    where = storage.shown(url)
    try:
        place = storage.reach(url, options)
        there, problems = _usable(storage.listing(place), where, now)
        if not there:
            raise StorageError("nothing lies there", where=where, hint="correct `path`, or put the posts there first")
        brought, missed = _bring(place, there, last.files, folder)
    except StorageError as error:
        return _as_it_was(error, folder, last)
    except OSError as error:
        message, hint = f"cannot write: {error.strerror}", "check the work folder's permissions, and its free space"
        problem = Problem(stage="read", where=str(error.filename or folder), message=message, hint=hint)
        return Mirrored(_copy(folder, last), (problem,))
    new = _State(here, brought, (*problems, *missed))
    if new != state:
        _write(folder / "listing.json", msgspec.json.encode(new))
    return Mirrored(_copy(folder, new), new.problems)


def last(url: str, folder: Path) -> Mirrored:
    """What was brought from `url` to `folder` last; nothing is asked, nothing written."""
    state = _load(folder)
    return Mirrored(_copy(folder, state), state.problems) if state.url == text.digest(url.encode()) else Mirrored(None)


def _load(folder: Path) -> _State:
    try:
        return msgspec.json.decode((folder / "listing.json").read_bytes(), type=_State)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return _State()


def _copy(folder: Path, state: _State) -> Path | None:
    """Where the copy is: of a single object its only file."""
    if not state.files:
        return None
    return folder / "files" if "" not in state.files else next((folder / "files").glob("*"), None)


def _as_it_was(error: StorageError, folder: Path, last: _State) -> Mirrored:
    problem = Problem(
        stage="read",
        where=error.where,
        message=error.message + ("; what was brought before is used" if last.files else ""),
        hint=error.hint,
        severity="warning" if last.files else "error",
    )
    return Mirrored(_copy(folder, last), (problem,))


# ----------------------------------------------------------------------------------------------- what is taken


def _usable(listed: Mapping[str, Found], where: str, now: datetime) -> tuple[dict[str, Found], tuple[Problem, ...]]:
    """The objects that can be files here; and a warning for each that cannot."""
    folders = {folder for path in listed for folder in _folders(path)}
    taken: dict[str, Found] = {}
    problems: list[Problem] = []
    for path, found in sorted(listed.items()):
        if path.endswith("/") or ".git" in path.split("/"):  # stands for a folder; of a repository
            continue
        if path in folders:
            problems.append(
                _left_out(f"{where}/{path}", "it would have to be a folder as well", "give it another name")
            )
        elif path and not _is_name(path):
            problems.append(_left_out(f"{where}/{path!r}", "its name cannot be a file's", "give it another name"))
        else:
            is_sure = not found.written or found.written < now.timestamp() - _RACY
            taken[path] = found if is_sure else Found(found.size, "")
    size = sum(found.size for found in taken.values())
    if size > MOST:
        message = f"{size / 1e9:.0f} GB lie there: more than the {MOST / 1e9:.0f} that are taken"
        raise StorageError(message, where=where, hint="name the folder of the posts alone in `path`")
    return taken, tuple(problems)


def _folders(path: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(path).parents][:-1]


def _is_name(path: str) -> bool:
    """Does every part of an object's name make a file name, and none lead elsewhere?"""
    return path.isprintable() and all(
        part not in {"", ".", ".."} and len(part.encode("utf-8", "replace")) <= 255 for part in path.split("/")
    )


def _left_out(where: str, why: str, hint: str) -> Problem:
    return Problem(stage="read", where=where, message=f"is left out: {why}", hint=hint, severity="warning")


# ----------------------------------------------------------------------------------------------- bringing it


def _bring(
    place: Storage, there: Mapping[str, Found], known: Mapping[str, Found], folder: Path
) -> tuple[dict[str, Found], list[Problem]]:
    """Fetch what changed, then put it in place; what is there now as listed, and what could not be had."""
    files, incoming = folder / "files", folder / "incoming"
    here = _sizes(files)
    names = {path: path or place.root.rpartition("/")[2] for path in there}
    wanted = [
        path
        for path, found in there.items()
        if known.get(path) != found or not found.mark or here.get(names[path]) != found.size
    ]
    gone = here.keys() - names.values()
    if not (wanted or gone):
        return dict(there), []
    _require_room(sum(there[path].size for path in wanted), place, folder)
    incoming.mkdir(parents=True, exist_ok=True)
    missed = _fetch(place, {path: there[path] for path in wanted}, incoming)
    for name in gone:
        _remove(files, name)
    for path in wanted:
        if path not in missed:
            _settle(incoming / _incoming(path, there[path]), files / names[path])
    shutil.rmtree(incoming)
    why, hint = "it is gone since it was listed, or not for us to see", "let these credentials read it"
    problems = [_left_out(f"{place.url}/{path}", why, hint) for path in missed]
    return {path: found for path, found in there.items() if path not in missed}, problems


def _fetch(place: Storage, wanted: Mapping[str, Found], incoming: Path) -> list[str]:
    """Bring objects into the folder `incoming`; the names of those that could not be had."""

    def one(path: str) -> bool:
        file = incoming / _incoming(path, wanted[path])
        if wanted[path].mark and file.exists():
            return True
        part = file.with_suffix(".part")
        if not storage.fetch(place, path, str(part)):
            return False
        part.replace(file)
        return True

    done = storage.several(place, one, wanted)
    return [path for path, is_here in zip(wanted, done, strict=True) if not is_here]


def _incoming(path: str, found: Found) -> str:
    return text.digest(msgspec.json.encode((path, found)))


def _settle(new: Path, file: Path) -> None:
    """Put a file in place, unless the same is there."""
    with suppress(OSError):
        if file.stat().st_size == new.stat().st_size and file.read_bytes() == new.read_bytes():
            return
    file.parent.mkdir(parents=True, exist_ok=True)
    new.replace(file)


def _remove(files: Path, name: str) -> None:
    """Delete a file and the folders that this empties."""
    (files / name).unlink(missing_ok=True)
    for folder in (files / name).parents:
        if folder == files:
            return
        try:
            folder.rmdir()
        except OSError:  # not empty
            return


def _sizes(files: Path) -> dict[str, int]:
    """Size of every file of the copy, by its name below the folder."""
    found: dict[str, int] = {}
    pending = [(str(files), "")]
    while pending:
        folder, prefix = pending.pop()
        with suppress(FileNotFoundError):
            for entry in os.scandir(folder):
                if entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, f"{prefix}{entry.name}/"))
                else:
                    found[prefix + entry.name] = entry.stat(follow_symlinks=False).st_size
    return found


def _require_room(size: int, place: Storage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if size > free:
        message = f"{size / 1e9:.1f} GB are to be brought, and the disk has room for {free / 1e9:.1f}"
        raise StorageError(message, where=place.url, hint=f"make room at {folder}, or name fewer posts in `path`")


def _write(file: Path, body: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(body)
    part.replace(file)
