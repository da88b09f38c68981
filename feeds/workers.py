"""Where the work is done: in this process, or in a pool of processes.  The same function runs in both."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

BATCH = 64  # jobs handed out at once: a pool's overhead a task is that of some posts
_FEW = 200  # fewer jobs than this are done before a pool is up


def run(
    function: Callable[[Sequence[Job]], list[Result]],
    jobs: Sequence[Job],
    *,
    workers: int,
    begin: Callable[[Any], None],
    context: Any,
    lost: Callable[[Job], Result],
    isolated: bool = False,
) -> Iterator[Result]:
    """Results of `function` over batches of `jobs`, in no particular order.

    `begin(context)` is called once in each process before its first batch.  `workers` 0 means one a core, and
    few jobs are done in this process unless they are to be `isolated`.  What a dead process leaves undone is tried
    again one job at a time; the job that kills its process again is answered by `lost(job)`.
    """
    count = workers or len(os.sched_getaffinity(0))
    if not isolated and (count == 1 or (workers == 0 and len(jobs) < _FEW)):
        begin(context)
        for batch in _batches(jobs, BATCH):
            yield from function(batch)
        return
    size = max(1, min(BATCH, len(jobs) // (count * 4) or 1))
    broken: list[Job] = []
    with _pool(count, begin, context) as pool:
        yield from _drain(pool, function, _batches(jobs, size), count * 3, broken)
    while broken:
        with _pool(1, begin, context) as pool:
            yield from _one_by_one(pool, function, broken, lost)


def _one_by_one(
    pool: Executor,
    function: Callable[[Sequence[Job]], list[Result]],
    jobs: list[Job],
    lost: Callable[[Job], Result],
) -> Iterator[Result]:
    """Do `jobs`, taking each off the list, until one kills the process: that one is lost."""
    while jobs:
        job = jobs.pop(0)
        try:
            results = pool.submit(function, [job]).result()
        except BrokenProcessPool:
            yield lost(job)
            return
        yield from results


def _drain(
    pool: Executor,
    function: Callable[[Sequence[Job]], list[Result]],
    batches: Iterable[Sequence[Job]],
    room: int,
    broken: list[Job],
) -> Iterator[Result]:
    """Keep at most `room` batches under way: results are taken as fast as they come, memory stays bounded."""
    under_way: deque[tuple[Sequence[Job], Future[list[Result]]]] = deque()

    def take() -> Iterator[Result]:
        batch, future = under_way.popleft()
        try:
            yield from future.result()
        except BrokenProcessPool:
            broken.extend(batch)

    for batch in batches:
        try:
            under_way.append((batch, pool.submit(function, batch)))
        except BrokenProcessPool:
            broken.extend(batch)
        if len(under_way) >= room:
            yield from take()
    while under_way:
        yield from take()


def _start(begin: Callable[[Any], None], context: Any) -> None:
    """Begin in a worker process, and let it end when its parent has been killed: nobody else would tell it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    begin(context)


def _pool(count: int, begin: Callable[[Any], None], context: Any) -> ProcessPoolExecutor:
    # A fork is quickest and is safe while this is the only thread; beside other threads a clean process is started.
    method = "fork" if threading.active_count() == 1 else "forkserver"
    return ProcessPoolExecutor(
        count, multiprocessing.get_context(method), initializer=_start, initargs=(begin, context)
    )


def _batches(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]
