"""What reaches the disk: staged, ordered, atomic, and nothing that did not change.

Artifacts are rendered into a staging folder beside the output, flushed once, and moved into place one `os.replace`
at a time: items before the indexes that name them, the manifest last, deletions after it.  At every instant a reader
finds whole files, and no index that names a missing one.  The journal names what is about to be moved, so that
whatever a kill leaves behind is known as ours and the next run finishes the job.

`manifest.json` in the output lists every file that is ours, and carries the ledger (see identity).  A file that is
not ours is never overwritten and never deleted.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec
from msgspec import Struct

from feeds import text
from feeds.errors import LockedError, PublishError
from feeds.identity import Entry
from feeds.model import Artifact, Problem, Site, Tombstone

MANIFEST = "manifest.json"

Value = TypeVar("Value")


class File(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One published file in the manifest."""

    sha256: str
    size: int
    type: str
    owner: str  # "source:path" of its post; ":exporter" for feeds and other documents of the whole
    export: str  # name of the exporter that rendered it
    archive: bool = False  # an older part of a feed


class Manifest(Struct, frozen=True, kw_only=True):
    """The published manifest."""

    files: dict[str, File] = {}
    posts: dict[str, Entry] = {}
    gone: dict[str, Entry] = {}  # posts that were published once: should they come back, they are who they were
    tombstones: tuple[Tombstone, ...] = ()
    doomed: tuple[str, ...] = ()  # no longer named anywhere, about to be deleted
    site: Site | None = None  # what whoever serves the output needs to know of it
    version: int = 1


class Staged(Struct, frozen=True, kw_only=True, gc=False):
    """An artifact that is ready: already in place when `unchanged`, else waiting in the staging folder."""

    path: str
    file: File
    unchanged: bool
    temporary: str = ""  # name in the staging folder


class Target(Struct, frozen=True, kw_only=True):
    """Where artifacts are staged and published; a plain value that goes to the workers too."""

    output: Path
    work: Path
    dry_run: bool = False

    @property
    def staging(self) -> Path:
        """The staging folder."""
        return self.work / "staging"

    @property
    def journal(self) -> Path:
        """Names what a commit is about to move."""
        return self.work / "journal.json"


@contextmanager
def lock(target: Target) -> Iterator[None]:
    """Hold the output: one writer at a time.  Raises LockedError that says who holds it.

    The lock is the kernel's: it goes with the process, however that ends.
    """
    from filelock import FileLock, Timeout

    holder = target.work / "holder"
    held = FileLock(target.work / "lock", timeout=0)
    try:
        target.work.mkdir(parents=True, exist_ok=True)
        held.acquire()
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
    except Timeout:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "another process"
        raise LockedError(
            f"{who} is publishing into {target.output}", hint="wait for it, or stop the daemon that runs there"
        ) from None
    except OSError as error:
        raise cannot_write(error, target) from None
    try:
        yield
    finally:
        held.release()


def read_manifest(target: Target) -> Manifest:
    """The manifest of the last publication; an empty one when there is none.

    Raises PublishError when it is damaged: the ids of years are in it, so it is not silently begun anew.
    """
    file = target.output / MANIFEST
    try:
        return msgspec.json.decode(file.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PublishError(
            f"the manifest is damaged: {error}",
            where=str(file),
            hint="put back a copy from a backup, or delete it: ids and dates of first publication are then made anew",
        ) from None
    except OSError as error:
        raise PublishError(f"cannot read the manifest: {error.strerror}", where=str(file)) from None


def manifest_digest(target: Target) -> str:
    """Digest of the manifest as it lies in the output; "" without one.  The state notes which one it belongs to."""
    try:
        return text.digest((target.output / MANIFEST).read_bytes())
    except OSError:
        return ""


def sizes(target: Target, known: Mapping[str, int] = MappingProxyType({})) -> dict[str, int]:
    """Size of every file that is in the output, by its path below it; those that are `known` need no look."""
    found: dict[str, int] = {}
    pending = [(str(target.output), "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except FileNotFoundError:
            continue
        for entry in entries:
            path = prefix + entry.name
            if path in known:
                found[path] = known[path]
            elif entry.is_dir(follow_symlinks=False):
                pending.append((entry.path, f"{path}/"))
            else:
                with suppress(FileNotFoundError):  # gone since the folder was listed
                    found[path] = entry.stat(follow_symlinks=False).st_size
    return found


def prepare(target: Target) -> frozenset[str]:
    """Empty the staging folder; returns what a killed run had begun to move: those files are ours."""
    interrupted: frozenset[str] = frozenset()
    with suppress(OSError, msgspec.MsgspecError):  # no journal: the last run ended well, or had not begun to move
        interrupted = frozenset(msgspec.json.decode(target.journal.read_bytes(), type=list[str]))
    if not target.dry_run:
        shutil.rmtree(target.staging, ignore_errors=True)
        try:
            target.staging.mkdir(parents=True, exist_ok=True)
            target.output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(error, target) from None
    return interrupted


def stage(
    artifact: Artifact, owner: str, export: str, target: Target, known: Mapping[str, File], there: Mapping[str, int]
) -> Staged:
    """Make one artifact ready.  Nothing is written when it is in place already.

    `known` are the files that surely are as the manifest says, `there` the sizes found in the output.  The bytes of a
    file that is not among the known are compared.
    """
    file = File(
        sha256=hashlib.sha256(artifact.body).hexdigest(),
        size=len(artifact.body),
        type=artifact.media_type,
        owner=owner,
        export=export,
        archive=artifact.archive,
    )
    old, size = known.get(artifact.path), there.get(artifact.path)
    same = size == file.size and (old.sha256 == file.sha256 if old else _holds(target.output / artifact.path, artifact))
    temporary = ""
    if not same and not target.dry_run:
        temporary = hashlib.sha256(f"{artifact.path}\0{owner}".encode()).hexdigest()[:32]
        (target.staging / temporary).write_bytes(artifact.body)
    return Staged(path=artifact.path, file=file, unchanged=same, temporary=temporary)


def _holds(place: Path, artifact: Artifact) -> bool:
    try:
        return place.read_bytes() == artifact.body
    except OSError:  # a link that leads nowhere, say
        return False


class Release(Struct, frozen=True, kw_only=True):
    """What is to be public after a commit."""

    staged: tuple[Staged, ...]  # in the order in which they are moved: what is named before what names it
    kept: Mapping[str, File]  # files that stay as they are
    posts: Mapping[str, Entry]
    gone: Mapping[str, Entry] = {}
    tombstones: tuple[Tombstone, ...] = ()
    site: Site | None = None


class Publication(Struct, frozen=True, kw_only=True):
    """What a commit did."""

    written: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()  # owners of files that could not be published
    problems: tuple[Problem, ...] = ()
    manifest: Manifest  # as it is public now
    digest: str  # of its file, as `manifest_digest` says it


def commit(
    release: Release,
    old: Manifest,
    *,
    target: Target,
    there: Mapping[str, int],
    ours: frozenset[str],
    go_on: Callable[[], None],
) -> Publication:
    """Move what is staged into place, in its order, then the manifest, then delete what nothing names any more.

    `there` are the sizes found in the output, `ours` what an interrupted run had moved.  `go_on` is called before each
    move and may raise to stop; the next run then finishes.
    """
    mine = ours | old.files.keys() | set(old.doomed)
    ready, refused = _without_clashes(release, old, mine, there)
    files = {**release.kept, **{s.path: s.file for s in ready}}
    doomed = tuple(sorted(p for p in mine - files.keys() - {MANIFEST} if p in there))
    manifest = Manifest(
        files=_sorted(files),
        posts=_sorted(release.posts),
        gone=_sorted(release.gone),
        tombstones=release.tombstones,
        doomed=doomed,
        site=release.site,
    )
    changed = [s for s in ready if not s.unchanged]
    written = [s.path for s in changed]
    body = _encode(manifest)
    if text.digest(body) != manifest_digest(target):
        written.append(MANIFEST)
    if not target.dry_run:
        try:
            if written or doomed:
                _move(changed, manifest, body, ours, target, go_on)
            if doomed:
                manifest = msgspec.structs.replace(manifest, doomed=())
                body = _encode(manifest)
                _delete(doomed, body, target)
            target.journal.unlink(missing_ok=True)
            for left in target.staging.iterdir():  # staged for a place that belongs to another
                left.unlink()
        except OSError as error:
            raise cannot_write(error, target) from None
    return Publication(
        written=tuple(written),
        unchanged=len(files) - len(changed),
        removed=doomed,
        refused=tuple(s.file.owner for s, _ in refused),
        problems=tuple(problem for _, problem in refused),
        manifest=manifest,
        digest=text.digest(body),
    )


_ADVICE = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EXDEV: "the output and its work folder are on two file systems: set output: work in config.yaml",
}


def cannot_write(error: OSError, target: Target) -> PublishError:
    """What to tell a person when the disk refuses."""
    hint = _ADVICE.get(error.errno or 0, "check output: in config.yaml, and the permissions of its folder")
    return PublishError(f"cannot write: {error.strerror}", where=str(error.filename or target.output), hint=hint)


def _without_clashes(
    release: Release, old: Manifest, mine: AbstractSet[str], there: Mapping[str, int]
) -> tuple[list[Staged], list[tuple[Staged, Problem]]]:
    """What may be published, and what may not: nothing goes over a file that is not ours or is another post's.

    Of several that want one place, documents of the whole come first, then the post that had it, then the first by
    name, so that the outcome is the same whichever of them were rendered in this run.
    """

    def had(item: Staged) -> bool:
        return item.path in old.files and old.files[item.path].owner == item.file.owner

    def claim(item: Staged) -> tuple[bool, bool, str, str]:
        return (not item.file.owner.startswith(":"), not had(item), item.path, item.file.owner)

    is_once = len({item.path for item in release.staged}) == len(release.staged)
    if is_once and all(had(item) and item.path in there for item in release.staged):
        return list(release.staged), []  # every one takes the place that it has
    accepted: dict[str, Staged] = {}
    refused: list[tuple[Staged, Problem]] = []
    files = {path for path in there if path not in mine} | release.kept.keys()
    folders = {folder for path in files for folder in _folders(path)}
    for item in sorted(release.staged, key=claim):
        problem = _obstacle(item, accepted, release.kept, files, folders, mine)
        if problem:
            refused.append((item, problem))
            continue
        accepted[item.path] = item
        files.add(item.path)
        folders.update(_folders(item.path))
    return [s for s in release.staged if accepted.get(s.path) is s], refused


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def _obstacle(
    item: Staged,
    accepted: Mapping[str, Staged],
    kept: Mapping[str, File],
    files: AbstractSet[str],
    folders: AbstractSet[str],
    mine: AbstractSet[str],
) -> Problem | None:
    """Why an artifact cannot be published at its place."""
    first = accepted[item.path].file if item.path in accepted else kept.get(item.path)
    if first and first.owner != item.file.owner:
        message, hint = f"would overwrite {item.path} of {first.owner}", "give one of the two another permalink"
        return Problem(stage="publish", where=item.file.owner, message=message, hint=hint)
    message = ""
    if item.path == MANIFEST or (item.path in files and item.path not in mine and not first and not item.unchanged):
        message = "the output has a file of this name that feeds did not write; it is left alone"
    elif item.path in folders or any(folder in files for folder in _folders(item.path)):
        message = "a file would have to be a folder as well"
    if not message:
        return None
    hint = "remove it, or choose another permalink, output folder or filename"
    return Problem(stage="publish", where=item.path, message=message, hint=hint)


def _move(
    changed: list[Staged],
    manifest: Manifest,
    body: bytes,
    ours: frozenset[str],
    target: Target,
    go_on: Callable[[], None],
) -> None:
    journal = target.staging / "journal"
    journal.write_bytes(msgspec.json.encode(sorted({*ours, *(s.path for s in changed)})))
    journal.replace(target.journal)  # whole or not at all, and never less than what it named before
    staged_manifest = target.staging / MANIFEST
    staged_manifest.write_bytes(body)
    os.sync()  # once for everything: a power cut finds whole files under the new names
    folders: set[Path] = set()
    for item in changed:
        go_on()
        place = target.output / item.path
        if place.parent not in folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            folders.add(place.parent)
        (target.staging / item.temporary).replace(place)
    for path in ours & manifest.files.keys() - {item.path for item in changed}:
        with suppress(FileNotFoundError):
            os.utime(target.output / path)  # moved by a run that was killed, but public only from now on
    staged_manifest.replace(target.output / MANIFEST)


def _delete(doomed: tuple[str, ...], body: bytes, target: Target) -> None:
    """Delete what the manifest dooms, the folders that this empties, and then the doom itself: `body` is without."""
    for path in doomed:
        place = target.output / path
        place.unlink(missing_ok=True)
        for folder in place.parents:
            if folder == target.output:
                break
            try:
                folder.rmdir()
            except OSError:  # not empty
                break
    final = target.staging / MANIFEST
    final.write_bytes(body)
    os.sync()
    final.replace(target.output / MANIFEST)


def _encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def _sorted(values: Mapping[str, Value]) -> dict[str, Value]:
    return {key: values[key] for key in sorted(values)}
