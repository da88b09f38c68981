"""Where the sources and the output are that config.yaml names: paths made absolute, addresses as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feeds import text
from feeds.settings import OutputConfig


def source(path: str, base: Path) -> str:
    """Where a source is: an address as it stands, a path made absolute."""
    place = plain(path)
    return place if text.is_remote(place) else str((base / place).resolve())


def plain(path: str) -> str:
    """`file:///a/b` as a path, unless it is the address of a git repository."""
    if not path.lower().startswith("file://"):
        return path
    folder = unquote(urlsplit(path).path)
    is_repository = folder.endswith(".git") or any((Path(folder) / name).exists() for name in (".git", "HEAD"))
    return path if is_repository else folder


def source_name(path: str) -> str:
    """What a source is called that has no name: after its folder or its repository, or after the address of a feed."""
    if text.is_web(path) and not path.endswith(".git"):
        return text.slug(path.partition("://")[2])
    return re.split(r"[/:]", path.rstrip("/").removesuffix(".git"))[-1].strip(".") or "site"


def folders(output: OutputConfig, base: Path) -> tuple[Path, Path]:
    """Where is published on this machine, and the work folder; what is brought to a storage is published below that."""
    if text.is_remote(output.path):
        named = output.work or f".{text.slug(output.path.partition('://')[2])}.feeds"
        work = (base / named).resolve()
        return work / "published", work
    where = (base / output.path).resolve()
    return where, (base / output.work).resolve() if output.work else work_folder(where)


def work_folder(output: Path) -> Path:
    """Beside the output, on the same file system: for the state, the lock and what is staged."""
    return output.parent / f".{output.name}.feeds"
