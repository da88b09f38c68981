"""Where the work is done: in this process, in a pool of processes, or on a cluster.  The same function runs in all."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from feeds import _cluster
from feeds._cluster import Submit

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
    cluster: str = "",
    batch: int = BATCH,
) -> Iterator[Result]:
    """Results of `function` over batches of `jobs`, in no particular order.

    `begin(context)` is called once in each process before its first batch.  `workers` 0 means one a core, and
    few jobs are done in this process unless they are to be `isolated`; at most `batch` are handed out at once.  What a
    dead process leaves undone is tried again one job at a time; the job that kills its process again is answered by
    `lost(job)`.  With the address of a Dask `cluster` the processes are those of its workers.  Raises WorkerError when
    there are none.
    """
    processes = count(workers)
    if not isolated and not cluster and (processes == 1 or (workers == 0 and len(jobs) < _FEW)):
        begin(context)
        for some in _batches(jobs, batch):
            yield from function(some)
        return
    broken: list[Job] = []
    with _processes(processes, begin, context, cluster) as (submit, at_a_time):
        size = max(1, min(batch, len(jobs) // (at_a_time * 4) or 1))
        yield from _drain(submit, function, _batches(jobs, size), at_a_time * 3, broken)
    while broken:
        with _processes(1, begin, context, cluster) as (submit, _):
            yield from _one_by_one(submit, function, broken, lost)


def count(workers: int) -> int:
    """How many processes `workers` means: 0 is one a core."""
    return workers or len(os.sched_getaffinity(0))


def _one_by_one(
    submit: Submit[Job, Result],
    function: Callable[[Sequence[Job]], list[Result]],
    jobs: list[Job],
    lost: Callable[[Job], Result],
) -> Iterator[Result]:
    """Do `jobs`, taking each off the list, until one kills the process: that one is lost."""
    while jobs:
        job = jobs.pop(0)
        try:
            results = submit(function, [job]).result()
        except Exception as error:
            if not _is_death(error):
                raise
            yield lost(job)
            return
        yield from results


def _drain(
    submit: Submit[Job, Result],
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
        except Exception as error:
            if not _is_death(error):
                raise
            broken.extend(batch)

    for batch in batches:
        try:
            under_way.append((batch, submit(function, batch)))
        except BrokenProcessPool:
            broken.extend(batch)
        if len(under_way) >= room:
            yield from take()
    while under_way:
        yield from take()


def _is_death(error: Exception) -> bool:
    """Is it that a process ended, in a pool or (several times) on a cluster?"""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


@contextmanager
def _processes(
    count: int, begin: Callable[[Any], None], context: Any, cluster: str
) -> Iterator[tuple[Submit[Any, Any], int]]:
    """How to submit a batch to other processes, and how many are done at a time."""
    if cluster:
        with _cluster.machines(cluster, begin, context) as machines:
            yield machines
        return
    gc.freeze()  # what is there now is shared with forked processes until one of them looks through it for litter
    try:
        with _pool(count, begin, context) as pool:
            yield pool.submit, count
    finally:
        gc.unfreeze()


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
        yield list(jobs[start : start + size])
