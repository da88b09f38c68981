"""What a command costs: seconds, CPU seconds, and the memory of all its processes together.  For Linux."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

EVERY = 0.05  # seconds between two looks at the memory
ENOUGH = 2.0  # seconds; what is shorter is measured five times and not three
SHARED = Path("/dev/shm")  # noqa: S108 - in memory, so that the programs are timed and not the disk
PLAIN = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "JEKYLL_ENV": "production", "ELEVENTY_ENV": "production"}


class Cost(NamedTuple):
    """What one run used, or the medians of several."""

    wall: float  # seconds
    cpu: float  # seconds, of the process and of those that it waited for
    memory: float = 0  # MB, the most that all its processes had at once; 0: not watched


def run(command: Sequence[str], folder: Path, *, fine: Sequence[int] = (0,), watch: bool = False) -> Cost:
    """Run a command in a folder to its end; exits with what it printed when its status is not among the `fine`.

    To `watch` the memory costs a little time.
    """
    begun = time.perf_counter()
    child = _start(command, folder)
    most = _watched(child) if watch else 0
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    code = os.waitstatus_to_exitcode(status)
    if code not in fine:
        sys.exit(f"{' '.join(command)}: exit {code}\n{_printed(folder).read_text(errors='replace')[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, most / 1e6)


def medians(costs: Sequence[Cost]) -> Cost:
    """The middle one of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def rounds(first: Cost) -> int:
    """How often something is measured, by what it cost the first time."""
    return 5 if first.wall < ENOUGH else 3


def machine() -> str:
    """What the figures were taken on, in one line."""
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    total = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    python, cores = platform.python_version(), len(os.sched_getaffinity(0))
    kernel = ".".join(platform.release().split(".")[:2])
    return f"{names[0]}, {cores} cores, {total / 1e6:.0f} GB, Linux {kernel}, Python {python}"


def processes_cpu(pids: Sequence[int]) -> float:
    """CPU seconds that running processes have used so far."""
    ticks = [sum(map(int, _fields(f"/proc/{pid}/stat")[11:15])) for pid in pids]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def processes_memory(pids: Sequence[int]) -> float:
    """MB that running processes hold now."""
    return sum(map(_proportional, pids)) / 1e6


# ---------------------------------------------------------------------------------------------------- processes


def _start(command: Sequence[str], folder: Path) -> int:
    """Start a command as the leader of a group of processes; what it prints goes to a file."""
    with _printed(folder).open("wb") as printed:
        environment = {**os.environ, **PLAIN}
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT, process_group=0
        )
    child.returncode = 0  # this module waits for it
    return child.pid


def _printed(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.printed")


def _watched(group: int) -> int:
    """The most bytes that a group of processes held, once its leader has ended."""
    most = 0
    while os.waitid(os.P_PID, group, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        most = max(most, _held(group))
        time.sleep(EVERY)
    return most


def _held(group: int) -> int:
    """Bytes that the processes of a group hold, a page that several share counted once."""
    return sum(_proportional(pid) for pid in _members(group))


def _members(group: int) -> list[int]:
    pids = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal()]
    return [pid for pid in pids if _fields(f"/proc/{pid}/stat")[2:3] == [str(group)]]


def _proportional(pid: int) -> int:
    """Bytes of one process; its share of what it shares (PSS)."""
    for line in _lines(f"/proc/{pid}/smaps_rollup"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _fields(stat: str) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, group …"""
    return "".join(_lines(stat)).rpartition(")")[2].split()


def _lines(file: str) -> list[str]:
    """The lines of a file of the kernel; none when its process has ended."""
    with suppress(OSError):
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    return []
