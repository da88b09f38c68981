"""The machines of a Dask cluster as an Executor (https://distributed.dask.org): the same functions run there.

The sources, the output and the work folder lie on storage that every machine has under the same paths: a worker reads
posts and stages what it made of them, as a process of this machine does.  Private to `workers`.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from msgspec import Struct

from feeds import __version__
from feeds.errors import WorkerError

Job = TypeVar("Job")
Result = TypeVar("Result")
Submit = Callable[[Callable[[Sequence[Job]], list[Result]], Sequence[Job]], "Future[list[Result]]"]

PATIENCE = 30  # seconds for the scheduler to answer, and for a worker to be there


class _Shared(Struct, frozen=True):
    """What every worker of a run is given once."""

    token: str  # of the run
    version: str  # of feeds on the machine that runs it
    begin: Callable[[Any], None]
    context: Any


@contextmanager
def machines(address: str, begin: Callable[[Any], None], context: Any) -> Iterator[tuple[Submit[Any, Any], int]]:
    """How to submit a batch to the cluster at `address` ("tcp://host:8786"), and how many it does at a time.

    Raises WorkerError when there is no cluster, or none that can do the work.
    """
    try:
        from distributed import Client
    except ImportError:
        raise WorkerError("Dask is not installed", hint="pip install 'feeds[dask]', here and on the workers") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:  # a timeout is an OSError
        raise WorkerError(
            f"no Dask scheduler answers at {address}: {str(error).strip().splitlines()[0]}",
            hint="start one with `dask scheduler`, or set workers: in config.yaml",
        ) from None
    with client:
        _wait(client, address)
        shared = client.scatter(
            _Shared(uuid.uuid4().hex, __version__, begin, context), broadcast=True, hash=False, direct=False
        )
        executor = client.get_executor(pure=False)
        yield lambda function, batch: executor.submit(_there, function, shared, batch), sum(client.nthreads().values())


def _wait(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except OSError:
        hint = f"start some with `dask worker {address} --nthreads 1`"
        raise WorkerError(f"the Dask scheduler at {address} has no workers", hint=hint) from None


# ---------------------------------------------------------------------------------------------------- on a worker

_lock = threading.Lock()  # a post is worked on by one thread a process
_begun = ""


def _there(function: Callable[[Sequence[Job]], list[Result]], shared: _Shared, batch: Sequence[Job]) -> list[Result]:
    """Do a batch, in a process that has begun with the context of its run."""
    global _begun
    if shared.version != __version__:
        raise WorkerError(
            f"a worker has feeds {__version__}, this machine {shared.version}", hint="install the same everywhere"
        )
    with _lock:
        if _begun != shared.token:
            shared.begin(shared.context)
            _begun = shared.token
        return function(batch)
