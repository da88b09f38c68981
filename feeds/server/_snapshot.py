"""The publication as the server knows it: one value for each manifest, made anew when a publish has replaced that.

What is served is what the manifest names, nothing else in the folder.  A request looks at the manifest's stat first,
so one that comes after a publish sees what was published.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import structlog
from msgspec import Struct
from msgspec.structs import replace

from feeds import publish
from feeds.errors import PublishError
from feeds.identity import Entry
from feeds.model import Site, Tombstone
from feeds.publish import File, Manifest, Target

Stamp = tuple[int, int, int, int]  # inode, size, mtime and ctime in nanoseconds
HTML = "text/html"
_SAFE = "/:;?@&=+$,-_.!~*'()"  # of an OAI identifier, besides letters and digits; "%" escapes the others


class Snapshot(Struct, frozen=True, kw_only=True, eq=False):
    """What was published with one manifest."""

    root: str  # the output folder, without symbolic links
    stamp: Stamp | None  # of the manifest; None: nothing is published
    files: Mapping[str, File]  # path below the output → file
    site: Site
    posts: Mapping[str, Entry]  # "source:path" → entry
    graves: tuple[Tombstone, ...]
    documents: Mapping[str, Mapping[str, str]]  # "source:path" → exporter → path of what it made of the post
    pages: Mapping[str, str]  # path of a landing page → "source:path"
    names: Mapping[str, str]  # local id, or DOI → "source:path"
    addresses: Mapping[str, str]  # path of a post's address, where that is on our host → "source:path"
    gone: frozenset[str]  # local ids, and paths of addresses, of what was published once
    seen: dict[str, tuple[Stamp, str]]  # path → the file that was last looked at there, and its SHA-256

    @property
    def base(self) -> str:
        """Path under which the output is served, without slashes around it: "" or "feeds"."""
        return unquote(urlsplit(self.site.feeds_url).path).strip("/")

    @property
    def when(self) -> float:
        """When it became public: the ctime of the manifest, in seconds."""
        return self.stamp[3] / 1e9 if self.stamp else 0.0


class Output:
    """The folder that is served, and its snapshot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._snapshot = _empty(folder)

    def current(self) -> Snapshot:
        """The snapshot of the manifest as it lies there now; the last one while a manifest cannot be read."""
        stamp = stamp_of(self.folder / publish.MANIFEST)
        if stamp != self._snapshot.stamp:
            with self._lock:
                if stamp != self._snapshot.stamp:
                    self._load(stamp)
        return self._snapshot

    def _load(self, stamp: Stamp | None) -> None:
        try:
            manifest = publish.read_manifest(Target(output=self.folder, work=self.folder))
        except PublishError as error:
            structlog.get_logger().error("the last publication is served", error=error.message, hint=error.hint)
            self._snapshot = _stamped(self._snapshot, stamp)
        else:
            self._snapshot = take(self.folder, stamp, manifest)


def take(folder: Path, stamp: Stamp | None, manifest: Manifest) -> Snapshot:
    """The snapshot of a manifest."""
    site = manifest.site or Site(url="", feeds_url="", title="")
    documents: dict[str, dict[str, str]] = {}
    for path, file in manifest.files.items():
        if not file.owner.startswith(":"):
            documents.setdefault(file.owner, {})[file.export] = path
    pages = {
        path: owner
        for owner, made in documents.items()
        for path in made.values()
        if manifest.files[path].type.startswith(HTML)
    }
    ours = urlsplit(site.feeds_url).netloc
    return Snapshot(
        root=os.path.realpath(folder),
        stamp=stamp,
        files=manifest.files,
        site=site,
        posts=manifest.posts,
        graves=manifest.tombstones,
        documents=documents,
        pages=pages,
        names=dict(_names(manifest)),
        addresses={path: key for key, entry in reversed(manifest.posts.items()) if (path := _address(entry.url, ours))},
        gone=frozenset(name for grave in manifest.tombstones for name in (local(grave.id), _address(grave.url, ours))),
        seen={},
    )


def _names(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What works are asked for by; ids come before DOIs, for two posts may be about one work."""
    yield from ((local(entry.doi), key) for key, entry in reversed(manifest.posts.items()) if entry.doi)
    yield from ((local(entry.id), key) for key, entry in manifest.posts.items())


def local(ident: str) -> str:
    """An id as one host tells it from others: the bare DOI where it is one; legal in an OAI identifier."""
    return quote(unquote(ident.removeprefix("https://doi.org/")), safe=_SAFE)


def _address(url: str, host: str) -> str:
    """Path of an address on our host, decoded; "" elsewhere, and for a part of a page."""
    parts = urlsplit(url)
    if parts.netloc != host or parts.fragment or not host:
        return ""
    return unicodedata.normalize("NFC", unquote(parts.path)).lstrip("/")


def stamp_of(file: Path | str) -> Stamp | None:
    """What changes when a file is replaced; None when there is none."""
    try:
        return stamp(os.stat(file))  # noqa: PTH116 - what os.fstat gives of an open file
    except OSError:
        return None


def stamp(found: os.stat_result) -> Stamp:
    """The same of what stat says."""
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _empty(folder: Path) -> Snapshot:
    return take(folder, None, Manifest())


def _stamped(snapshot: Snapshot, stamp: Stamp | None) -> Snapshot:
    return replace(snapshot, stamp=stamp)
