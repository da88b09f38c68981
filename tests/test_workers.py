"""The same work in this process and in a pool."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

import pytest

from feeds import workers

_base = 0


def begin(base: int) -> None:
    global _base
    _base = base


def add(jobs: Sequence[int]) -> list[int]:
    if -1 in jobs and os.environ.get("FEEDS_TEST_PARENT") != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    return [_base + job for job in jobs]


def outcome(jobs: list[int], count: int) -> list[int]:
    return sorted(workers.run(add, jobs, workers=count, begin=begin, context=100, lost=lambda job: job))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("number", [0, 1, 63, 64, 65, 1000])
def test_every_job_is_done_once(number: int, count: int) -> None:
    """Whatever the number of processes, each job has one result."""
    assert outcome(list(range(number)), count) == list(range(100, 100 + number))


def test_a_job_that_kills_its_process_is_isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others of its batch are done; it alone is reported as lost."""
    monkeypatch.setenv("FEEDS_TEST_PARENT", str(os.getpid()))
    assert outcome([*range(100), -1], 2) == [-1, *range(100, 200)]
