"""Bring what is at an address to the disk, politely; the last good copy outlives whatever goes wrong.

    <folder>/fetched.json     where the copy came from, and when the server may be asked again
    <folder>/copy.xml         the last good answer; its ending is that of the address
    <folder>/earlier/         of a feed, former documents that have entries which the newest lacks

A feed holds its newest entries only, so a document that is replaced is kept as long as it says something that no
other one says.  Every file is written beside its place, flushed and moved there: a kill leaves the last good copy.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import __version__, _copies
from feeds._copies import Names
from feeds.model import Problem
from feeds.text import digest, is_web

if TYPE_CHECKING:
    from feeds import _http

LONGEST_REST = timedelta(days=1)  # whatever the server asks for

_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:<!doctype\s+html|<html)", re.IGNORECASE)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s{0,5}=\s{0,5}\"?(\d{1,9})")


class Fetched(Struct, frozen=True, kw_only=True):
    """What is there now: the copy, or None when there never was a good answer, and what went wrong."""

    path: Path | None = None
    problems: tuple[Problem, ...] = ()


class _State(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What fetched.json says."""

    copy: str = ""  # name of the file; "": there is none
    address: str = ""  # where it came from, after redirects, without its query; the base of relative links
    url: str = ""  # digest of the configured address, which may hold a password
    content: str = ""  # digest of the copy: with another one, nothing said of it counts
    etag: str = ""
    modified: str = ""
    not_before: str = ""  # ISO 8601
    is_feed: bool = False
    problems: tuple[Problem, ...] = ()


def fetch(
    url: str,
    folder: Path,
    *,
    allow_private: bool,
    now: datetime,
    site_url: str = "",
    names: Names | None = None,
) -> Fetched:
    """Bring what is at `url` to `folder`, unless the copy there is fresh.

    `names` tells a feed from other documents, and what is in it; see feeds.sources.feed.names.  With a failing server
    the last copy stays, and a warning says so; without a copy the problem is an error.  Only http and https are spoken,
    with hosts of the public network unless `allow_private`.
    """
    from feeds import _http  # late: it brings a whole client along

    state = _load(folder)
    is_same = state.url == digest(url.encode())
    if is_same and _rests(state, now):
        return _fetched(folder, state)
    asked = state if is_same else _State()
    try:
        answer = _http.get(url, _headers(asked, site_url), _http.Limits(allow_private=allow_private))
    except _http.NoAnswer as error:
        new = replace(_failed(f"cannot be fetched: {error}", url, asked), not_before="")
    else:
        new = replace(_answered(answer, url, folder, state, asked, names), not_before=_not_before(answer, now))
    if new != state and (is_same or new.copy):  # of another address nothing is noted before there is a copy
        folder.mkdir(parents=True, exist_ok=True)
        _copies.write(folder / "fetched.json", msgspec.json.format(msgspec.json.encode(new)) + b"\n")
    return _fetched(folder, new)


def last(url: str, folder: Path) -> Fetched:
    """What was brought from `url` to `folder` last; nothing is asked, nothing written."""
    state = _load(folder)
    return _fetched(folder, state) if state.url == digest(url.encode()) else Fetched()


def _fetched(folder: Path, state: _State) -> Fetched:
    return Fetched(path=folder / state.copy if state.copy else None, problems=state.problems)


def shown(url: str) -> str:
    """An address as problems may name it: without user name, password, and what stands behind the question mark."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" + ("?…" if parts.query else "")


def _headers(state: _State, site_url: str) -> dict[str, str]:
    contact = f" (+{site_url})" if is_web(site_url) and site_url.isascii() and site_url.isprintable() else ""
    headers = {
        "User-Agent": f"feeds/{__version__}{contact}",
        "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8",
        "Accept-Encoding": "gzip",
        "If-None-Match": state.etag,
        "If-Modified-Since": state.modified,
    }
    return {name: value for name, value in headers.items() if value}


# ----------------------------------------------------------------------------------------------- answers


def _answered(
    answer: _http.Answer, url: str, folder: Path, state: _State, asked: _State, names: Names | None
) -> _State:
    """The state after an answer; the copy and the former documents are brought up to date."""
    if answer.status == 304 and asked.copy:
        return replace(asked, problems=_moved(answer, url))
    if answer.status == 410:
        return _failed("is gone for good, its server says (410)", url, asked, "remove the source, or correct its path")
    if answer.status != 200:
        return _failed(f"cannot be fetched: its server answers {answer.status}", url, asked)
    try:
        held = _check(answer.body, asked, names)
    except ValueError as error:
        return _failed(f"is not taken: {error}", url, asked)
    copy = _copy_name(url)
    has_moved = state.url != digest(url.encode())
    dropped = _copies.replace(folder, state.copy, copy, answer.body, names if held is not None else None, has_moved)
    return _State(
        copy=copy,
        address=answer.address.partition("?")[0],
        url=digest(url.encode()),
        content=digest(answer.body),
        etag=_one_line(answer.headers.get("etag", "")),
        modified=_one_line(answer.headers.get("last-modified", "")),
        is_feed=held is not None,
        problems=(*_moved(answer, url), *_dropped(dropped, url)),
    )


def _check(body: bytes, asked: _State, names: Names | None) -> dict[str, str] | None:
    """What the document holds.  Raises ValueError for one that must not replace the copy."""
    if not body.strip():
        raise ValueError("the answer is empty")
    if _PAGE.match(body[:1000]):
        raise ValueError("the answer is a web page")
    held = names(body) if names else None
    if held is None and asked.is_feed:
        raise ValueError("the answer is no feed any more")
    return held


def _failed(message: str, url: str, asked: _State, hint: str = "") -> _State:
    """The state after a failure: a warning when there is a copy to go on with."""
    kept = "; the last copy is used" if asked.copy else ""
    problem = Problem(
        stage="read",
        where=shown(url),
        message=message + kept,
        hint=hint or "open the address in a browser; correct `path` of the source if it has moved",
        severity="warning" if asked.copy else "error",
    )
    return replace(asked, url=digest(url.encode()), problems=(problem,))


def _moved(answer: _http.Answer, url: str) -> tuple[Problem, ...]:
    if not answer.moved:
        return ()
    message, hint = "has moved for good", f"write {shown(answer.moved)} as `path` of the source"
    return (Problem(stage="read", where=shown(url), message=message, hint=hint, severity="warning"),)


def _dropped(number: int, url: str) -> tuple[Problem, ...]:
    if not number:
        return ()
    message = f"has had more entries than are kept: {number} former documents were dropped"
    hint = "entries that only they had are published no more"
    return (Problem(stage="read", where=shown(url), message=message, hint=hint, severity="warning"),)


def _one_line(header: str) -> str:
    return header if header.isprintable() and len(header) < 1000 else ""


# ----------------------------------------------------------------------------------------------- when to ask again


def _rests(state: _State, now: datetime) -> bool:
    """Did the server ask for a rest that is not over?"""
    if not state.not_before:
        return False
    with suppress(ValueError):
        return now < datetime.fromisoformat(state.not_before) <= now + LONGEST_REST
    return False


def _not_before(answer: _http.Answer, now: datetime) -> str:
    """Until when the server wants to be left alone: Retry-After of a refusal, else Cache-Control's max-age."""
    headers = answer.headers
    seconds = 0.0
    if answer.status in {200, 304}:
        age = headers.get("age", "")
        found = _MAX_AGE.search(headers.get("cache-control", "").lower())
        seconds = int(found[1]) - (int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0) if found else 0
    elif stated := headers.get("retry-after", "").strip()[:40]:
        seconds = _seconds(stated, now)
    rest = min(timedelta(seconds=seconds), LONGEST_REST)
    return (now + rest).astimezone(UTC).isoformat(timespec="seconds") if rest > timedelta(0) else ""


def _seconds(stated: str, now: datetime) -> float:
    if stated.isascii() and stated.isdigit():
        return float(stated[:9])
    with suppress(ValueError, TypeError, OverflowError):
        return (parsedate_to_datetime(stated).astimezone(UTC) - now).total_seconds()
    return 0.0


# ----------------------------------------------------------------------------------------------- the folder


def _load(folder: Path) -> _State:
    """What is known of the copy; nothing, when it is not the one that is spoken of."""
    try:
        state = msgspec.json.decode((folder / "fetched.json").read_bytes(), type=_State)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return _State()
    if PurePosixPath(state.copy).name != state.copy:
        return _State()
    body = _copies.content(folder / state.copy) if state.copy else b""
    if state.copy and digest(body) != state.content:  # killed in between, or somebody wrote to it: ask for all of it
        return replace(state, etag="", modified="", not_before="", copy=state.copy if body else "")
    return state


def _copy_name(url: str) -> str:
    """One name for all addresses, with the ending by which a file's kind is known."""
    ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    return f"copy{ending}" if re.fullmatch(r"\.[a-z0-9]{1,10}", ending) else "copy"
