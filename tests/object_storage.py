"""A storage that speaks S3, on 127.0.0.1, for as long as a test needs it; and one in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from fsspec.implementations.memory import MemoryFileSystem
from moto.server import ThreadedMotoServer

KEYS = {"key": "lamp", "secret": "light"}


class Bucket:
    """A bucket as Amazon's own client sees it."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.endpoint = endpoint
        self.name = name
        self.client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEYS["key"],
            aws_secret_access_key=KEYS["secret"],
        )
        self.client.create_bucket(Bucket=name)

    @property
    def options(self) -> str:
        """The value of `storage:` in config.yaml that leads to it."""
        return f"{{endpoint_url: '{self.endpoint}', key: {KEYS['key']}, secret: {KEYS['secret']}}}"

    def put(self, name: str, body: bytes | str) -> None:
        self.client.put_object(Bucket=self.name, Key=name, Body=body)

    def put_folder(self, folder: Path, prefix: str) -> None:
        """Put every file of a folder."""
        for file in folder.rglob("*"):
            if file.is_file():
                self.put(f"{prefix}/{file.relative_to(folder)}", file.read_bytes())

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=name)

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Every object whose name begins with the prefix, without it."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        names = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {name[len(prefix) :]: self.head(name)[1] for name in names}

    def head(self, name: str) -> tuple[str, bytes]:
        """Media type and bytes of an object."""
        found = self.client.get_object(Bucket=self.name, Key=name)
        return found["ContentType"], found["Body"].read()


@contextmanager
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


class Memory:
    """What lies at memory://, by its name without the first slash."""

    def __init__(self) -> None:
        self.files = MemoryFileSystem()
        self.clear()

    def clear(self) -> None:
        self.files.store.clear()
        self.files.pseudo_dirs[:] = [""]

    def put(self, objects: Mapping[str, bytes]) -> None:
        for name, body in objects.items():
            self.files.pipe_file(f"/{name}", body)

    def objects(self, folder: str = "") -> dict[str, bytes]:
        """Every object below the folder, by its path there."""
        held: dict[str, Any] = self.files.store
        below = f"/{folder}/" if folder else "/"
        return {name[len(below) :]: file.getvalue() for name, file in held.items() if name.startswith(below)}
