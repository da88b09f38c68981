"""IndexNow: search engines are told which addresses changed, after they were published (https://www.indexnow.org).

Nothing is handed on from the build: what is to be told are the addresses in the published sitemap whose date of last
change is not the one last told of, and those that are in it no more.  So what a kill leaves untold the next run tells.
The first run tells nothing: IndexNow is for changes, what is there crawlers find in the sitemap.

A try is noted before it is made, with the time of the next one, as in feeds.push.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from feeds import __version__, _http, publish, text
from feeds.exporters.indexnow import Options
from feeds.model import Problem
from feeds.publish import Manifest, Target
from feeds.push import PAUSES, SECONDS, Told
from feeds.settings import Config

MEMORY = "indexnow.json"
MOST = 10_000  # addresses in one request
_URL = "{http://www.sitemaps.org/schemas/sitemap/0.9}url"


class Memory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the search engines know."""

    told: dict[str, str]  # address → its lastmod; "" for one without
    key: str = ""  # address of the key file that they were shown last
    tries: int = 0  # that failed since the last success
    due: datetime | None = None  # when to try again; None: at the next run


def announce(config: Config, address: str, now: datetime, go_on: Callable[[], None] = lambda: None) -> Told:
    """Tell search engines which of the published addresses changed since they were last told.

    `address` is where the output is served; "" tries again only what failed before.  To be called by who holds the
    output's lock.  `go_on` is called before each request and may raise to stop.
    """
    target = Target(output=config.output, work=config.work)
    options = next((export.options for export in config.exports if export.name == "indexnow"), None)
    if not isinstance(options, Options) or target.journal.exists():
        return Told()
    try:
        memory = _read(target.work)
        listed = _listed(target)
        if memory is None:
            _write(Memory(told=listed), target.work)
            return Told()
        if memory.due and now < memory.due <= now + PAUSES[-1]:
            return Told(next_due=memory.due)
        key = options.location or (f"{address}/{options.key}.txt" if address else memory.key)
        return _tell(replace(memory, key=text.iri_to_uri(key)), listed, options, target, now, go_on)
    except OSError as error:
        hint = "the next run tells them: check the permissions of the output and of the work folder"
        return Told(problems=(_warning(str(error.filename or target.work), f"not told: {error.strerror}", hint),))


def _listed(target: Target) -> dict[str, str]:
    """The addresses in the published sitemaps, with their dates of last change."""
    found: dict[str, str] = {}
    for path in _sitemaps(publish.read_manifest(target)):
        for url in etree.fromstring((target.output / path).read_bytes()).iter(_URL):
            found[str(url.findtext("{*}loc"))] = str(url.findtext("{*}lastmod") or "")
    return found


def _sitemaps(manifest: Manifest) -> Iterator[str]:
    for path, file in manifest.files.items():
        if file.export == "sitemap" and file.type.startswith("application/xml") and path != "sitemap-news.xml":
            yield path


# ---------------------------------------------------------------------------------------------------- telling


def _tell(
    memory: Memory,
    listed: Mapping[str, str],
    options: Options,
    target: Target,
    now: datetime,
    go_on: Callable[[], None],
) -> Told:
    changed = [url for url in sorted({*listed, *memory.told}) if listed.get(url) != memory.told.get(url)]
    below = memory.key.rpartition("/")[0] + "/"  # a key file vouches for what is beside and below it
    ours = [url for url in changed if url.startswith(below)]
    if changed and not ours:
        hint = f"serve {options.key}.txt at the root of the site too, and name its address in location:"
        return Told(problems=(_warning(memory.key, f"speaks for none of {_count(changed)}", hint),))
    told: list[str] = []
    for start in range(0, len(ours), MOST):
        batch = ours[start : start + MOST]
        go_on()
        pause = PAUSES[memory.tries] if memory.tries < len(PAUSES) else None
        memory = replace(memory, tries=memory.tries + 1, due=now + pause if pause else None)
        _write(memory, target.work)
        why = _submit(batch, memory.key, options)
        if why and pause:
            return Told(pages=tuple(told), problems=(_failed(why, batch, memory, options),), next_due=memory.due)
        known = {url: date for url, date in memory.told.items() if url not in set(batch)}
        known |= {url: listed[url] for url in batch if url in listed}
        memory = Memory(told=known, key=memory.key)
        _write(memory, target.work)
        if why:
            return Told(pages=tuple(told), problems=(_failed(why, batch, memory, options),))
        told += batch
    return Told(pages=tuple(told))


def _submit(batch: list[str], key: str, options: Options) -> str:
    """Submit addresses of one host; returns why that failed, "" when it did not."""
    body = {"host": urlsplit(key).netloc, "key": options.key, "keyLocation": key, "urlList": batch}
    limits = _http.Limits(allow_private=options.allow_private, seconds=SECONDS)
    headers = {"User-Agent": f"feeds/{__version__}"}
    try:
        status = _http.post(
            options.endpoint, msgspec.json.encode(body), "application/json; charset=utf-8", headers, limits
        )
    except _http.NoAnswer as error:
        return str(error)
    return "" if status in {200, 202} else _REASONS.get(status, f"it answers {status}")


_REASONS = {
    403: "it finds another key, or none, at the key's address",
    422: "it finds that addresses or key belong to another host",
    429: "it has been told too often",
}


def _failed(why: str, batch: list[str], memory: Memory, options: Options) -> Problem:
    if memory.due:
        hint = f"the first run after {memory.due:%H:%M} UTC tries again"
        return _warning(options.endpoint, f"was not told of {_count(batch)}: {why}", hint)
    hint = f"look whether {memory.key} is served; they are told of the next changes"
    return _warning(options.endpoint, f"was not told of {_count(batch)}, and is not tried again: {why}", hint)


def _count(urls: list[str]) -> str:
    return f"{len(urls)} changed address{'' if len(urls) == 1 else 'es'}"


def _warning(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="publish", where=where, message=message, hint=hint, severity="warning")


# ---------------------------------------------------------------------------------------------------- the memory


def _read(work: Path) -> Memory | None:
    """What the last run knew; None without it, or when it is damaged."""
    try:
        return msgspec.json.decode((work / MEMORY).read_bytes(), type=Memory)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _write(memory: Memory, work: Path) -> None:
    new = work / f"{MEMORY}.new"
    new.write_bytes(msgspec.json.encode(memory))
    new.replace(work / MEMORY)
