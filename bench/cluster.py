"""One full build by one process, by two, and by a Dask cluster of two workers on this machine.

CPU and memory of the cluster are those of its scheduler and its workers, beside those of the build itself.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from measure import EVERY, SHARED, Cost, machine, processes_cpu, processes_memory, run
from programs import SETTLED, ours, prepare

WAYS = {"one process": "serial", "two processes": "{processes: 2}", "Dask, two workers": "{dask: 'ADDRESS'}"}


def costs_of(count: int, folder: Path) -> dict[str, Cost]:
    """What a full build of `count` posts costs each way."""
    costs: dict[str, Cost] = {}
    with _cluster(folder) as (address, pids):
        for number, (name, workers) in enumerate(WAYS.items()):
            program = ours()
            site = prepare(program, folder / str(number), count, folder)
            with (site / "config.yaml").open("a", encoding="utf-8") as settings:
                settings.write(f"workers: {workers.replace('ADDRESS', address)}\n")
            time.sleep(SETTLED)
            costs[name] = _with(pids, program.full, site) if "dask" in workers else run(program.full, site, watch=True)
    return costs


def _with(pids: Sequence[int], command: Sequence[str], site: Path) -> Cost:
    """The cost of a command and of what runs beside it for it."""
    most, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(EVERY):
            most[0] = max(most[0], processes_memory(pids))

    before = processes_cpu(pids)
    looking = threading.Thread(target=look)
    looking.start()
    cost = run(command, site, watch=True)
    ended.set()
    looking.join()
    return Cost(cost.wall, cost.cpu + processes_cpu(pids) - before, cost.memory + most[0])


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and two workers: the address, and the processes."""
    place = folder / "scheduler.json"
    scheduler = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place)]
    worker = ["--scheduler-file", str(place), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started = [_start("scheduler", scheduler, folder), *(_start("worker", worker, folder) for _ in range(2))]
    try:
        while not place.exists():
            time.sleep(EVERY)
        from distributed import Client

        with Client(scheduler_file=str(place)) as client:
            client.wait_for_workers(2)
            address = client.scheduler.address
        yield address, [process.pid for process in started]
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _start(what: str, options: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
    with (folder / f"{what}.printed").open("ab") as printed:
        return subprocess.Popen(command, cwd=folder, stdout=printed, stderr=subprocess.STDOUT)


def table(count: int, costs: dict[str, Cost]) -> list[str]:
    """The figures as a table of Markdown."""
    lines = [f"| {count:,} posts, full build by | wall s | CPU s | MB |", "| --- | --: | --: | --: |"]
    return lines + [
        f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.memory:.0f} |" for name, cost in costs.items()
    ]


def measure(count: int, folder: Path) -> None:
    """Print the table for a site of `count` posts."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        print(*table(count, costs_of(count, Path(place))), sep="\n", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the sites are made, best in memory")
    asked = parser.parse_args()
    print(machine())
    measure(asked.posts, asked.folder)


if __name__ == "__main__":
    main()
