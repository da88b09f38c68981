"""The pages of a built site: which file an address leads to, and how its bytes are replaced.  Private to inject."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feeds.model import Site

LARGEST = 20_000_000  # bytes of a page
_ENDINGS = (".html", ".htm")  # .xhtml is XML: a block of HTML would break it
_INDEXES = ("index.html", "index.htm")
_IS_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|!--)", re.IGNORECASE)
_MARKS = tuple("feeds: begin".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))

Stat = tuple[int, int, int, int]  # size, mtime and ctime in ns, inode: what changes when a file is written


def find(url: str, site: Site, root: str) -> str:
    """Path below `root`, which is a real one, of the page that is served at `url`; "" when there is none."""
    for path in _candidates(url, site):
        place = os.path.realpath(os.path.join(root, path))  # noqa: PTH118 - many thousand times
        if place.startswith(root + os.sep) and os.path.isfile(place) and _is_page(place):  # noqa: PTH113
            return place[len(root) + 1 :]
    return ""


def is_of_site(url: str, site: Site) -> bool:
    """Is it a page of its own on the site's host?  A part of a page is none."""
    return urlsplit(url).netloc.lower() == urlsplit(site.url).netloc.lower() and not urlsplit(url).fragment


def _candidates(url: str, site: Site) -> Iterator[str]:
    """Files that a web server may answer with, the likeliest first; the site's base path is no folder of its build."""
    asked, base = urlsplit(url).path, urlsplit(site.url).path.rstrip("/") + "/"
    below = [asked[len(base) :]] if asked.startswith(base) else []
    for path in dict.fromkeys([*below, asked.lstrip("/")]):
        plain = unquote(path)
        forms = (plain, unicodedata.normalize("NFC", plain), unicodedata.normalize("NFD", plain), path)
        for form in dict.fromkeys(forms):
            if "\0" not in form and ".." not in form.split("/"):
                yield from _files(form)


def _files(path: str) -> Iterator[str]:
    folder = path.strip("/")
    if path.endswith("/") or not folder:
        yield from (f"{folder}/{name}".lstrip("/") for name in _INDEXES)
    elif _has_page_name(folder):
        yield folder
    if folder:
        yield from (f"{folder}.html", *(f"{folder}/{name}" for name in _INDEXES), f"{folder}.htm")


def _has_page_name(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.lower().endswith(_ENDINGS) or "." not in name


def _is_page(place: str) -> bool:
    if place.lower().endswith(_ENDINGS):
        return True
    with open(place, "rb") as file:  # noqa: PTH123 - many thousand times
        return _IS_HTML.match(file.read(512)) is not None


def marked(root: str) -> Iterator[str]:
    """Paths below `root` of the pages that may have a block of ours.  Links are not followed."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            place = Path(folder, name)
            if _has_page_name(name) and not place.is_symlink():
                with suppress(OSError):
                    if place.stat().st_size <= LARGEST and any(mark in place.read_bytes() for mark in _MARKS):
                        yield str(place)[len(root) + 1 :]


def stat(place: str) -> Stat | None:
    """What tells that a file is as it was; None when there is none."""
    try:
        found = os.stat(place)  # noqa: PTH116 - many thousand times
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def put(place: str, data: bytes, seen: Stat | None) -> bool:
    """Put `data` in the place of a page, whole or not at all, unless it is no longer as it was `seen`.

    Mode and owner stay as they are, as far as that is allowed.
    """
    file = Path(place)
    new = file.with_name(f".{file.name[:60]}.feeds-new")  # always the same one: what a kill leaves is written over
    was = file.stat()
    try:
        with open(new, "wb", opener=_no_link) as opened:
            opened.write(data)
        new.chmod(was.st_mode & 0o7777)
        with suppress(PermissionError):
            os.chown(new, was.st_uid, was.st_gid)
        is_as_seen = stat(place) == seen
        if is_as_seen:
            new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    if not is_as_seen:
        new.unlink()
    return is_as_seen


def _no_link(path: str, flags: int) -> int:
    """Open a file that is none if it is a link: what is written lies where it seems to."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
