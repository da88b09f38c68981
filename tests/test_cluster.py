"""The work done by a Dask cluster that the tests start on 127.0.0.1: a scheduler and two workers, each a process."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from feeds import config, workers
from feeds.errors import ConfigError, WorkerError
from object_storage import Bucket, s3
from small_site import SmallSite

distributed = pytest.importorskip("distributed", reason="no dask.distributed: posts are not read by a cluster")
pytestmark = pytest.mark.filterwarnings("ignore")  # what the cluster's own threads find to warn of

_base = 0


def begin(base: int) -> None:
    global _base
    _base = base


def add(jobs: Sequence[int]) -> list[int]:
    if -1 in jobs:
        os.kill(os.getpid(), signal.SIGKILL)
    return [_base + job for job in jobs]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Address of the scheduler."""
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.admin.log-format": "%(message)s"}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as made,
    ):
        yield made.scheduler_address


def test_every_job_is_done_once(cluster: str) -> None:
    """Each job has one result, with the context of the run, and so has each of the next run with another."""
    for base in (100, 1000):
        done = workers.run(add, range(500), workers=0, begin=begin, context=base, lost=lambda job: job, cluster=cluster)
        assert sorted(done) == list(range(base, base + 500))


def test_a_job_that_kills_its_worker_is_isolated(cluster: str) -> None:
    """The others of its batch are done; it alone is reported as lost."""
    jobs = [*range(30), -1]
    done = workers.run(add, jobs, workers=0, begin=begin, context=100, lost=lambda job: job, cluster=cluster)
    assert sorted(done) == [-1, *range(100, 130)]


def test_a_build_on_a_cluster_is_the_same(cluster: str, tmp_path: Path) -> None:
    """Every file that a cluster makes of a site is the one that this process makes, byte for byte."""
    site = SmallSite(tmp_path)
    for number in range(20):
        site.paper(f"lamp-{number}")
        site.news(f"move-{number}")
    site.age()
    here = site.build()
    serial = site.files()
    site.settings += f"workers: {{dask: '{cluster}'}}\noutput: there\n"
    site.output = tmp_path / "there"
    there = site.build()
    assert (there.published, there.read) == (here.published, here.read) == (40, 40)
    assert site.files() == serial


def test_a_build_between_storages_is_the_same(cluster: str, tmp_path: Path) -> None:
    """From a bucket, by a cluster, into a bucket: every object is the file that this process makes of the folder."""
    site = SmallSite(tmp_path)
    for number in range(20):
        site.paper(f"lamp-{number}")
        site.news(f"move-{number}")
    site.age()
    site.build()
    serial = site.files()
    with s3() as endpoint:
        bucket = Bucket(endpoint, "lamps")
        bucket.put_folder(tmp_path / "site", "site")
        site.settings = (
            f"sources: [{{path: 's3://lamps/site', storage: {bucket.options}}}]\n"
            f"output: {{path: 's3://lamps/www', storage: {bucket.options}}}\n"
            f"workers: {{dask: '{cluster}'}}\n"
        )
        there = site.build()
        assert (there.read, there.sent, there.problems) == (40, len(serial) - 1, ())
        assert bucket.objects("www/") == serial


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a scheduler the run ends with one line that says what to do."""
    monkeypatch.setattr("feeds._cluster.PATIENCE", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = SmallSite(tmp_path)
    site.paper("lamps")
    site.settings += f"workers: {{dask: 'tcp://127.0.0.1:{port}'}}\n"
    with pytest.raises(WorkerError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1"):
        site.build()


@pytest.mark.parametrize(
    ("workers", "wrong"),
    [
        ("seriel", "config.yaml:2: workers: nothing is named 'seriel' here\nhint: did you mean serial?"),
        ("{dask: here}", "config.yaml:2: workers.dask: 'here' is no scheduler's address"),
        ("{dask: 'tcp://a:1', processes: 2}", "config.yaml:2: workers: names both"),
        ("{processes: -1}", "config.yaml:2: workers.processes"),
    ],
)
def test_mistakes(workers: str, wrong: str, tmp_path: Path) -> None:
    """A wrong value is named with its key and line."""
    with pytest.raises(ConfigError) as error:
        config.parse(f"sources: [{{path: site}}]\nworkers: {workers}\n".encode(), tmp_path / "config.yaml")
    assert wrong in str(error.value)


def test_words(tmp_path: Path) -> None:
    """`auto` and `serial` are short for numbers of processes."""
    for said, processes in (("auto", 0), ("serial", 1), ("{processes: 3}", 3)):
        made = config.parse(f"sources: [{{path: site}}]\nworkers: {said}\n".encode(), tmp_path / "config.yaml")
        assert made.workers.processes == processes
