#!/usr/bin/env python3
"""Objects at a storage: CPU milliseconds of this machine to put, list, get and delete one.

    bench/objects.py [--objects 2000] [--size 4000]

A server that speaks S3 (moto) runs beside it, in a process of its own: its time is not counted.  A real storage answers
later, which costs waiting and no CPU time.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from feeds import storage
from measure import machine

KEYS = {"key": "lamp", "secret": "light"}


def serve(told: Connection) -> None:
    """Serve a bucket until the process is ended."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    keys = {"aws_access_key_id": KEYS["key"], "aws_secret_access_key": KEYS["secret"]}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(Bucket="lamps")
    told.send(address)
    time.sleep(86_400)


def measure(place: storage.Storage, count: int, size: int, folder: Path) -> dict[str, float]:
    """CPU seconds of each thing that is done with `count` objects of `size` bytes."""
    body, paths = b"x" * size, [f"{number % 100}/{number}" for number in range(count)]
    storage.read(place, "nothing")  # what is done once: connecting

    def each(do: Callable[[str], object]) -> float:
        return cpu(lambda: list(storage.several(place, do, paths)))

    return {
        "put, where there was none": each(lambda path: storage.create(place, path, body, "text/plain")),
        "put": each(lambda path: storage.put(place, path, body, "text/plain")),
        "list": cpu(lambda: storage.listing(place)),
        "get": each(lambda path: storage.fetch(place, path, str(folder / path.replace("/", "-")))),
        "delete": each(lambda path: storage.delete(place, path)),
    }


def cpu(do: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    begun = time.process_time()
    do()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=2000)
    parser.add_argument("--size", type=int, default=4000, help="bytes of each")
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        place = storage.reach("s3://lamps/bench", {"endpoint_url": ours.recv(), **KEYS})
        with tempfile.TemporaryDirectory() as folder:
            rounds = [measure(place, wish.objects, wish.size, Path(folder)) for _ in range(wish.rounds)]
    finally:
        server.terminate()
    print(machine())
    print(f"\n| {wish.objects} objects of {wish.size} bytes | CPU ms each |\n| --- | --- |")
    for name in rounds[0]:
        print(f"| {name} | {min(made[name] for made in rounds) / wish.objects * 1000:.2f} |")


if __name__ == "__main__":
    main()
