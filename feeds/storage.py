"""What lies at s3://, gs:// and whatever else fsspec knows (https://filesystem-spec.readthedocs.io).

Objects are listed once and then named one by one: what fsspec makes of patterns is not used.  Whatever goes wrong in
its libraries is a StorageError.  Credentials are found as those libraries find them.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct

from feeds.errors import StorageError

Thing = TypeVar("Thing")
Result = TypeVar("Result")

_AT_ONCE = 16  # requests under way
_BATCH = 1024  # requests after which somebody is asked whether to go on

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"}  # scheme → extra of feeds that brings its library
_TYPED = {"s3": "ContentType", "gs": "content_type"}  # extra → the word of its library for an object's media type
_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "md5", "generation")  # of the content, as libraries call it
_TIMES = ("mtime", "LastModified", "last_modified", "modified", "updated", "created")


class Storage(Struct, frozen=True):
    """A place at a storage: a bucket, or what begins with a prefix in it."""

    url: str  # as people may see it
    files: Any  # the file system of fsspec
    root: str  # its name for the place

    @property
    def kind(self) -> str:
        """The extra of feeds that it needs; "" for others."""
        return _EXTRAS.get(self.url.partition("://")[0].lower(), "")


class Found(Struct, frozen=True, array_like=True):
    """An object as it was listed."""

    size: int
    mark: str  # another one when the content is another; "": nothing tells
    written: float = 0.0  # when, in seconds since 1970, if the mark is only that


def shown(url: str) -> str:
    """The address without the user and the password in it."""
    return re.sub(r"(?<=://)[^/@\s]{1,4000}@", "", url).rstrip("/")


def reach(url: str, options: Mapping[str, Any]) -> Storage:
    """The place at `url`; nothing is asked yet.  Raises StorageError when no library speaks to it."""
    where, scheme = shown(url), url.partition("://")[0].lower()
    name = f"feeds[{_EXTRAS[scheme]}]" if scheme in _EXTRAS else "fsspec"
    try:
        from fsspec.core import url_to_fs
        from fsspec.registry import get_filesystem_class

        get_filesystem_class(scheme)
    except ImportError as error:
        told = str(error) if scheme not in _EXTRAS and "nstall" in str(error) else f"pip install '{name}'"
        raise StorageError("the library for it is not installed", where=where, hint=told) from None
    except ValueError:
        hint = "write s3://bucket/prefix, gs://bucket/prefix, or another address that fsspec knows"
        raise StorageError(f"nothing is known of {scheme}:// addresses", where=where, hint=hint) from None
    with _speaking(where):
        files, root = url_to_fs(url, **options)
    return Storage(where, files, root.rstrip("/"))


def listing(storage: Storage) -> dict[str, Found]:
    """Every object by its path below the place; "" is the place itself when it is a single object."""
    with _speaking(storage.url):
        storage.files.invalidate_cache()
        told = storage.files.find(storage.root, detail=True)
    below = f"{storage.root}/"
    return {
        name[len(below) :]: _found(info)
        for name, info in told.items()
        if info["type"] == "file" and (name == storage.root or name.startswith(below))
    }


def _found(info: Mapping[str, Any]) -> Found:
    size = int(info.get("size") or 0)
    tag = next((str(info[key]) for key in _TAGS if info.get(key)), "")
    if tag:
        return Found(size, tag)
    time = next((info[key] for key in _TIMES if info.get(key)), "")
    written = time.timestamp() if isinstance(time, datetime) else time if isinstance(time, int | float) else 0.0
    return Found(size, str(time), written)


def fetch(storage: Storage, path: str, file: str) -> bool:
    """Write an object to `file`; False when it is gone, or not for us to see."""
    with _speaking(storage.url, path):
        try:
            storage.files.get_file(_name(storage, path), file)
        except (FileNotFoundError, PermissionError):
            return False
    return True


def read(storage: Storage, path: str) -> bytes | None:
    """The bytes of an object; None when there is none."""
    with _speaking(storage.url, path):
        try:
            return bytes(storage.files.cat_file(_name(storage, path)))
        except FileNotFoundError:
            return None


def put(storage: Storage, path: str, body: bytes, media_type: str) -> None:
    """Write an object, also over one that is there."""
    with _speaking(storage.url, path):
        _put(storage, path, body, media_type, "overwrite")


def create(storage: Storage, path: str, body: bytes, media_type: str) -> bytes | None:
    """Write an object where there is none: None.  Else nothing is written: the bytes of what is there."""
    with _speaking(storage.url, path):
        try:
            _put(storage, path, body, media_type, "create")
        except OSError:  # no error of their own for what is there is common to all libraries
            there = read(storage, path)
            if there is None:
                raise
            return there
    return None


def _put(storage: Storage, path: str, body: bytes, media_type: str, mode: str) -> None:
    name = _name(storage, path)
    if not storage.files.async_impl:  # one with folders
        storage.files.makedirs(name.rpartition("/")[0], exist_ok=True)
    word = _TYPED.get(storage.kind)
    storage.files.pipe_file(name, body, mode=mode, **({word: media_type} if word else {}))


def delete(storage: Storage, path: str) -> None:
    """Delete an object, if there is one."""
    with _speaking(storage.url, path):
        try:
            storage.files.rm_file(_name(storage, path))
        except FileNotFoundError:
            return


def several(
    storage: Storage, do: Callable[[Thing], Result], things: Iterable[Thing], go_on: Callable[[], None] = lambda: None
) -> Iterator[Result]:
    """`do` with each of the things, many at a time where the library can.  `go_on` may raise to stop."""
    rest = iter(things)
    with ThreadPoolExecutor(_AT_ONCE if storage.files.async_impl else 1) as pool:
        while batch := list(islice(rest, _BATCH)):
            go_on()
            yield from pool.map(do, batch)


def _name(storage: Storage, path: str) -> str:
    return f"{storage.root}/{path}" if path else storage.root


@contextmanager
def _speaking(where: str, path: str = "") -> Iterator[None]:
    """Whatever a library raises as a StorageError: each has errors of its own, which have no common kind."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        message, hint = _explained(error)
        raise StorageError(message, where=f"{where}/{path}" if path else where, hint=hint) from error


def _explained(error: Exception) -> tuple[str, str]:
    """One line for a person, and what to do."""
    kind = type(error).__name__
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"cannot write: {error.strerror}", "free some space"
    if isinstance(error, FileNotFoundError):
        return "there is no such bucket or folder", "create it, or correct `path` in config.yaml"
    if isinstance(error, PermissionError) or re.search("Credential|Auth|Token", kind):
        hint = "give credentials that may do this, in the way that the storage's own tools take them (docs/storage.md)"
        return f"the storage does not let us in: {_line(error)}", hint
    hint = "see that the address and the options are right, and that the network is there; the next run tries again"
    return f"the storage cannot be reached: {_line(error)}", hint


def _line(error: Exception) -> str:
    said = str(error) or type(error).__name__
    return re.sub(r"[\x00-\x1f\x7f]+", " ", said).strip()[:200]
