"""A checkout of a repository that is kept up to date, and is nobody's but ours.  Private.

A checkout belongs to one address and one branch; its marker says which.  When either changes, or when it is damaged,
it is begun anew beside the old one and put in its place in one step.  Bytes are those of the repository: no line ends
are converted, no filters run (files of Git LFS stay the pointers that they are), no submodules are fetched.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from feeds.errors import SourceError
from feeds.git import _places, _program
from feeds.git._program import Failed
from feeds.model import Problem
from feeds.text import digest

_MARKER = "feeds-checkout"  # in .git, where no file of the repository can lie
_TIP = "refs/feeds/tip"
_EXACT_BYTES = "* -filter -text -ident -working-tree-encoding\n"  # stands above every .gitattributes


class Checkout(Struct, frozen=True, kw_only=True):
    """A folder with the files of one commit."""

    path: Path
    commit: str
    problems: tuple[Problem, ...] = ()


class _Tip(Struct, frozen=True):
    """The newest commit of a branch, as the repository says."""

    ref: str
    commit: str


def checkout(
    address: str, folder: Path, *, branch: str = "", full: bool = True, allow_private: bool = False
) -> Checkout:
    """The files of a branch ("": the repository's own choice) in `folder`, cloned or brought up to date.

    What did not change is not touched.  With `full` the whole history is there, else only what is needed.  A
    repository that cannot be reached is a warning as long as there is a checkout from before.  Raises SourceError.
    """
    where = _places.shown(address)[:200]
    place = _places.address(address, allow_private=allow_private)
    folder = folder.absolute()
    try:
        with _alone(folder, where):
            return _up_to_date(folder, place, branch, where, full, allow_private)
    except OSError as error:
        message = f"the checkout cannot be written: {error.strerror}"
        raise SourceError(message, where=str(folder), hint="check the disk and its permissions") from error


def _up_to_date(folder: Path, place: str, branch: str, where: str, full: bool, allow_private: bool) -> Checkout:
    key = digest(f"{place}\n{branch}".encode())
    ours = _is_ours(folder, key)
    try:
        tip = _tip(place, branch, where, folder.parent, allow_private)
        if not (ours and _update(folder, place, tip, full, allow_private)):
            _begin(folder, key, place, tip, full, allow_private)
        return Checkout(path=folder, commit=_head(folder))
    except Failed as failure:
        return _as_it_was(folder, ours, where, failure)


def last(address: str, folder: Path, *, branch: str = "") -> Path | None:
    """The checkout of this address and branch as it is; None without one.  Nothing is asked, nothing written."""
    place = _places.address(address, allow_private=True)  # nobody is asked, so it may be anybody
    key = digest(f"{place}\n{branch}".encode())
    return folder.absolute() if folder.exists() and _is_ours(folder, key) else None


@contextmanager
def _alone(folder: Path, where: str) -> Iterator[None]:
    """While this lasts no other run touches the checkout; what an ended one left behind is gone."""
    from filelock import FileLock, Timeout

    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f"{folder.name}.lock"), timeout=_program.SECONDS):
            for left in folder.parent.glob(f".{folder.name}.git-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except Timeout as error:
        raise SourceError("another run is busy with its checkout", where=where, hint="wait for it to end") from error


def _is_ours(folder: Path, key: str) -> bool:
    """Is it our checkout of this address and branch?  Raises SourceError for a folder that we did not make."""
    if folder.is_symlink() or (folder.exists() and not (folder / ".git" / _MARKER).is_file()):
        hint = "move it away: checkouts are made only in folders of our own"
        raise SourceError("something else lies where the checkout goes", where=str(folder), hint=hint)
    return folder.exists() and (folder / ".git" / _MARKER).read_text("utf-8", "replace").strip() == key


# ----------------------------------------------------------------------------------------------- at the other end


def _tip(place: str, branch: str, where: str, folder: Path, allow_private: bool) -> _Tip:
    """Where the branch stands.  Raises SourceError, naming the branches, when the repository has no such one."""
    told = _remote(["ls-remote", "--symref", "--", place, "HEAD", "refs/heads/*"], folder, allow_private)
    refs: dict[str, str] = {}
    for line in told.decode("utf-8", "replace").splitlines():
        commit, _, ref = line.partition("\t")
        if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
            refs[ref] = commit
    wanted = f"refs/heads/{branch}" if branch else "HEAD"
    if wanted in refs:
        return _Tip(wanted, refs[wanted])
    names = [ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/")]
    if not names:
        raise SourceError("the repository is empty", where=where, hint="push a commit first")
    shown = ", ".join(sorted(names)[:20]) + (" …" if len(names) > 20 else "")
    message = f"there is no branch {branch[:100]!r}" if branch else "the repository names no default branch"
    raise SourceError(message, where=where, hint=f"set `branch:` to one that exists: {shown}")


def _fetch(folder: Path, place: str, tip: _Tip, depth: list[str], allow_private: bool) -> str:
    """Bring the commits of a branch here; the newest of them."""
    flags = ["--quiet", "--no-tags", "--update-shallow", "--no-write-fetch-head", *depth]
    _remote(["fetch", *flags, "--", place, f"+{tip.ref}:{_TIP}"], folder, allow_private)
    return _program.run(["rev-parse", "--verify", f"{_TIP}^{{commit}}"], folder=folder).decode().strip()


def _remote(arguments: list[str], folder: Path, allow_private: bool) -> bytes:
    # A redirect could lead to a host that was not checked.
    settings = {"http.followRedirects": "initial" if allow_private else "false"}
    return _program.run(arguments, folder=folder, protocols=_program.PROTOCOLS, settings=settings)


# ----------------------------------------------------------------------------------------------- here


def _update(folder: Path, place: str, tip: _Tip, full: bool, allow_private: bool) -> bool:
    """Bring our checkout to the tip; False when it is too damaged for that."""
    shallow = (folder / ".git" / "shallow").exists()
    depth = (["--unshallow"] if full else ["--depth=1"]) if shallow else []
    try:
        commit = _head(folder)
        if commit != tip.commit or (full and shallow):
            _unlock(folder)
            commit = _fetch(folder, place, tip, depth, allow_private)
        _settle(folder, commit)
    except Failed:
        return False
    return True


def _begin(folder: Path, key: str, place: str, tip: _Tip, full: bool, allow_private: bool) -> None:
    """Clone beside `folder` and put the whole in its place: what is there is never half a clone."""
    prefix = f".{folder.name}.git-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent, ignore_cleanup_errors=True) as beside:
        new = Path(beside, "new")
        new.mkdir()
        kind = "sha256" if len(tip.commit) == 64 else "sha1"
        _program.run(["init", "--quiet", "--template=", f"--object-format={kind}", "--", str(new)], folder=new)
        (new / ".git" / "info").mkdir(exist_ok=True)
        (new / ".git" / "info" / "attributes").write_text(_EXACT_BYTES)
        (new / ".git" / _MARKER).write_text(key + "\n")
        _settle(new, _fetch(new, place, tip, [] if full else ["--depth=1"], allow_private))
        if folder.exists():
            folder.rename(Path(beside, "old"))
        new.rename(folder)


def _settle(folder: Path, commit: str) -> None:
    """Make the files those of the commit, and no others.  Files that are right already keep their times."""
    _unlock(folder)
    exact = {"core.autocrlf": "false", "core.symlinks": "true", "core.sparseCheckout": "false"}
    _program.run(["reset", "--quiet", "--hard", commit], folder=folder, settings=exact)
    _program.run(["clean", "--quiet", "-ffdx"], folder=folder, settings=exact)


def _unlock(folder: Path) -> None:
    """Take away the locks of a git that was killed here; ours keeps every other run away."""
    for lock in (folder / ".git").rglob("*.lock"):
        lock.unlink(missing_ok=True)


def _head(folder: Path) -> str:
    return _program.run(["rev-parse", "--verify", "HEAD^{commit}"], folder=folder).decode().strip()


# ----------------------------------------------------------------------------------------------- when it fails


def _as_it_was(folder: Path, ours: bool, where: str, failure: Failed) -> Checkout:
    """The checkout of the last time with a warning; SourceError when there is none."""
    message, hint = _explained(_places.shown(failure.said))
    try:
        if not ours:
            raise failure
        commit = _head(folder)
        _settle(folder, commit)
    except Failed:
        raise SourceError(message, where=where, hint=hint) from failure
    message = f"{message}; what was fetched before is used (commit {commit[:10]})"
    warning = Problem(stage="read", where=where, message=message, hint=hint, severity="warning")
    return Checkout(path=folder, commit=commit, problems=(warning,))


_EXPLAINED = [
    (r"Host key verification failed", "ssh does not know the host", "connect once by hand: ssh HOST"),
    (
        r"could not read (?:Username|Password)|Authentication failed|Permission denied|terminal prompts disabled",
        "the repository does not let us in",
        "give git a credential helper or ssh a key for it, and see that the address is right",
    ),
    (
        r"not found|does not appear to be a git repository|does not exist|Repository unavailable",
        "there is no such repository, or it is not ours to see",
        "correct `path` of the source in config.yaml",
    ),
    (r"dubious ownership", "it belongs to another user", "git config --global --add safe.directory PATH"),
    (r"error: 30\d|redirect", "the repository has moved", "write its new address into config.yaml"),
    (r"transport '.*' not allowed", "git is not sent to such addresses", "use https, ssh, git or file"),
    (r"no end after", "the repository took too long", "try again, or set `history: none` to fetch less"),
    (r"No space left", "the disk is full", "make room"),
]


def _explained(said: str) -> tuple[str, str]:
    """One line for a person, and what to do, from what git said."""
    for pattern, message, hint in _EXPLAINED:
        if re.search(pattern, said, re.IGNORECASE):
            return message, hint
    line = next((line for line in said.splitlines() if line.startswith(("fatal:", "ssh:"))), said.partition("\n")[0])
    told = re.sub(r"[\x00-\x1f\x7f]", " ", line.removeprefix("fatal: ")).strip()
    return f"git: {told[:200]}", "see that the address is right and that the network is there"
