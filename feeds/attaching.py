"""The work's PDF as an attachment of its post, measured where its file is at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feeds import text
from feeds.model import Attachment, Post, Tree


def attachments_of(post: Post, pdf: str, tree: Tree, site_url: str) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The post's files and the work's PDF, measured when it is in the tree; and where in the tree it may lie."""
    if not text.is_web(pdf) or any(a.url == pdf for a in post.attachments):
        return post.attachments, ()
    media_type = text.media_type(pdf)
    if not media_type:
        return post.attachments, ()
    paths = tuple(_local(pdf, tree, site_url))
    size, sha = _measured(tree.root / paths[-1]) if paths else (None, "")
    return (*post.attachments, Attachment(url=pdf, media_type=media_type, size=size, sha256=sha)), paths


def _measured(file: Path) -> tuple[int | None, str]:
    """Size and SHA-256 of a file; (None, "") when it is not there or cannot be read."""
    if not file.is_file():  # a pipe would keep us waiting
        return None, ""
    try:
        with file.open("rb") as data:
            sha = hashlib.file_digest(data, "sha256").hexdigest()
            return data.tell(), sha
    except OSError:
        return None, ""


def _local(url: str, tree: Tree, site_url: str) -> Iterator[str]:
    """The paths in the tree where the file may lie that the site serves at `url`; the one that is there is the last."""
    base = site_url.rstrip("/") + "/"
    if not url.startswith(base):
        return
    below = unquote(urlsplit(url).path)[len(unquote(urlsplit(base).path)) :]
    root = tree.root.resolve()
    for folder in tree.static:
        try:
            place = (root / folder / below).resolve()
            if not place.is_relative_to(root):
                continue
            there = place.is_file()
        except (OSError, ValueError, RuntimeError):  # no name of a file: too long, with NUL, a link to itself
            continue
        yield place.relative_to(root).as_posix()
        if there:
            return
