"""The `git` program, run so that neither an address nor a repository can make it do anything else.  Private.

The user's own configuration stays in force: proxies, certificates, `url.….insteadOf`, credential helpers and ssh keys
are there because private repositories need them, and what `git clone` can reach in a terminal is reached here.  What
is overruled is whatever a repository could use to start a program (hooks, fsmonitor, filters, submodules), and
whatever asks a question.  `safe.directory=*` lets git read a folder of another owner, such as one mounted into a
container: somebody wrote its name into config.yaml, and the programs that this safeguard is about are switched off.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from feeds.errors import SourceError

SECONDS = 600.0  # for one command
CAP = 64_000_000  # bytes of output that are taken
PROTOCOLS = "https:http:ssh:file:git"
NO_PROTOCOL = "none"  # reading a history reaches for nothing, not even for what a partial clone left away

_OVERRULED = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "core.logAllRefUpdates": "false",
    "credential.interactive": "never",
    "fetch.recurseSubmodules": "false",
    "gc.autoDetach": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "log.showSignature": "false",
    "maintenance.autoDetach": "false",
    "protocol.ext.allow": "never",
    "safe.directory": "*",
    "submodule.recurse": "false",
}
# Of the variables that git knows those that say how the user reaches servers; the others (GIT_DIR, GIT_INDEX_FILE …
# are set while a hook runs) would lead it to another repository.
_KEPT = {
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_EXEC_PATH",
    "GIT_HTTP_USER_AGENT",
    "GIT_PROXY_COMMAND",
    "GIT_PROXY_SSL_CAINFO",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_KEY",
}
_SET = {
    "GCM_INTERACTIVE": "never",
    "GIT_ASKPASS": "",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS_REQUIRE": "never",
}


class Failed(Exception):
    """git ended with an error, took too long or said too much; `said` is what it wrote of that."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def has_git() -> bool:
    """Is there a git program on this machine?"""
    return shutil.which("git") is not None


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    protocols: str = NO_PROTOCOL,
    settings: Mapping[str, str] | None = None,
    upwards: bool = False,
) -> bytes:
    """What git writes.  Raises Failed, and SourceError when there is no git.

    Only with `upwards` may the repository be that of a folder above: where the one in `folder` is damaged, git would
    otherwise go on to the next one around it, which may be the user's own work.
    """
    return b"".join(stream(arguments, folder=folder, protocols=protocols, settings=settings, upwards=upwards))


def stream(
    arguments: Sequence[str],
    *,
    folder: Path,
    protocols: str = NO_PROTOCOL,
    settings: Mapping[str, str] | None = None,
    upwards: bool = False,
    given: bytes = b"",
    cap: int = CAP,
) -> Iterator[bytes]:
    """What git writes, in pieces; `given` is what it reads, `settings` are more configuration.  Raises as `run`."""
    program = shutil.which("git")
    if program is None:
        raise SourceError("there is no git program on this machine", hint="install git, or read a plain folder")
    environment = _environment(protocols, {**_OVERRULED, **(settings or {})})
    if not upwards:
        environment["GIT_CEILING_DIRECTORIES"] = str(folder.resolve().parent)
    with TemporaryFile() as stdin, TemporaryFile() as stderr:
        stdin.write(given)
        stdin.seek(0)
        # A session of its own: time ends it with all that it started, and no terminal is left to ask at.
        process = subprocess.Popen(  # noqa: S603 - a list, never a shell
            [program, *arguments],
            cwd=folder,
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
        late = threading.Event()
        timer = threading.Timer(SECONDS, _end, [process, late])
        timer.start()
        try:
            yield from _capped(process, cap)
            process.wait()
        finally:
            timer.cancel()
            if process.poll() is None:
                _end(process)
        if late.is_set():
            raise Failed(f"no end after {SECONDS:.0f} seconds")
        if process.returncode:
            raise Failed(_last_words(stderr) or f"git ended with {process.returncode}")


def _capped(process: subprocess.Popen[bytes], cap: int) -> Iterator[bytes]:
    size = 0
    with cast(IO[bytes], process.stdout) as pipe:
        while piece := os.read(pipe.fileno(), 1 << 16):
            size += len(piece)
            if size > cap:
                raise Failed(f"more than {cap} bytes of output")
            yield piece


def _end(process: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    """End git and everything that it started: kindly, so that it takes its locks away, then not."""
    if late:
        late.set()
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)


def _last_words(stderr: IO[bytes]) -> str:
    """What git says went wrong; not the lines that a server sent."""
    stderr.seek(max(0, stderr.seek(0, os.SEEK_END) - 16_000))
    lines = stderr.read().decode("utf-8", "replace").splitlines()
    own = [line for line in lines if line.strip() and not line.startswith(("remote:", "warning:", "hint:"))]
    return "\n".join(own)


def _environment(protocols: str, settings: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in _KEPT}
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {**kept, **_SET, **numbered, "GIT_ALLOW_PROTOCOL": protocols}
