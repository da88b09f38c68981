"""WebSub: the hubs of `push:` are told which feeds changed, after they were published (https://www.w3.org/TR/websub/).

A hub is told of a feed (in WebSub's words, of a topic) by one POST with hub.mode=publish, as every hub in use takes it;
the Recommendation leaves that to hub and publisher.  Nothing is handed on from the build: what is to be told are the
feeds in the manifest whose bytes are not those last told of, so what a kill leaves untold the next run tells.

The queue in the work folder notes a try before it is made.  When the process dies between a hub's yes and the note of
it, the hub is told once more, after the pause of a try that failed: late or twice, but never not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import __version__, _http, publish, text
from feeds.model import Problem
from feeds.publish import File, Manifest, Target
from feeds.settings import Config

QUEUE = "push.json"
FEEDS = ("application/atom+xml", "application/rss+xml", "application/feed+json")  # those that can name their hub
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))  # after each failed try; a day together
SECONDS = 10.0  # for one request
_PATIENCE = 60.0  # seconds after which the rest is left to the next run


class Ping(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one hub knows of one feed."""

    sha256: str  # of the bytes that it is to be told of, or was
    tries: int = 0
    due: datetime | None = None  # None: it was told, or the last try was in vain


Pings = dict[str, Ping]  # by the feed's address
Queue = dict[str, Pings]  # by hub


class Told(Struct, frozen=True, kw_only=True):
    """What came of telling the hubs, or the search engines."""

    feeds: tuple[str, ...] = ()  # addresses of those that a hub was told of
    pages: tuple[str, ...] = ()  # addresses that search engines were told of
    problems: tuple[Problem, ...] = ()
    next_due: datetime | None = None  # when one of them is to be asked again


def announce(config: Config, address: str, now: datetime, go_on: Callable[[], None] = lambda: None) -> Told:
    """Tell every hub of the configuration which of the published feeds changed since it was last told.

    `address` is where the output is served; "" tries again what failed before and looks for no changes.  To be called
    by who holds the output's lock.  `go_on` is called before each request and may raise to stop.
    """
    target = Target(output=config.output, work=config.work)
    if config.push is None or target.journal.exists():  # a publication that is not complete is told to nobody
        return Told()
    try:
        queue = _brought_up_to_date(config, target, address, now)
        return _tell_all(queue, config, now, go_on)
    except OSError as error:
        hint = "they are told by the next run: check the permissions of the work folder, and its free space"
        where = str(error.filename or target.work)
        return Told(problems=(_warning(where, f"the hubs are not told of changes: {error.strerror}", hint),))


def _brought_up_to_date(config: Config, target: Target, address: str, now: datetime) -> Queue:
    """The queue as it is to be worked off, noted in its file."""
    before = _read(target.work)
    hubs = [text.iri_to_uri(hub) for hub in config.push.hubs] if config.push else []
    queue = {hub: before.get(hub, {}) for hub in hubs}
    if address:
        topics = feed_addresses(publish.read_manifest(target), address, config.aliases)
        queue = {hub: compared(pings, topics, now) for hub, pings in queue.items()}
    if queue != before:
        _write(queue, target.work)
    return queue


def feed_addresses(manifest: Manifest, address: str, aliases: Container[str]) -> dict[str, str]:
    """The published feeds: address, as the feed's own self link has it, and digest; no archives, no copies."""
    return {
        text.iri_to_uri(text.address(address, path)): file.sha256
        for path, file in manifest.files.items()
        if _is_feed(file) and path not in aliases
    }


def _is_feed(file: File) -> bool:
    return file.owner.startswith(":") and text.essence(file.type) in FEEDS and not file.archive


def compared(pings: Pings, topics: Mapping[str, str], now: datetime) -> Pings:
    """What a hub knows of the feeds as they are now: one that is new or changed is due at once."""
    made: Pings = {}
    for topic, sha256 in topics.items():
        known = pings.get(topic)
        made[topic] = known if known and known.sha256 == sha256 else Ping(sha256=sha256, due=now)
    return made


# ---------------------------------------------------------------------------------------------------- telling


class NotTold(Exception):
    """A hub did not take what it was told; says why in a few words.  `is_down`: it would take nothing else either."""

    def __init__(self, why: str, is_down: bool) -> None:
        super().__init__(why)
        self.is_down = is_down


def _tell_all(queue: Queue, config: Config, now: datetime, go_on: Callable[[], None]) -> Told:
    told: list[str] = []
    problems: list[Problem] = []
    end = time.monotonic() + _PATIENCE
    private = config.push is not None and config.push.allow_private
    for hub, pings in queue.items():
        failed: dict[str, str] = {}
        for topic in [topic for topic, ping in pings.items() if _is_due(ping, now)]:
            if topic in failed or time.monotonic() > end:
                continue
            go_on()
            pings[topic] = _tried(pings[topic], now)
            _write(queue, config.work)
            try:
                _tell(hub, topic, private)
            except NotTold as error:
                failed |= dict.fromkeys([topic, *(_postpone(pings, now) if error.is_down else ())], str(error))
            else:
                pings[topic] = Ping(sha256=pings[topic].sha256)
                told.append(topic)
            _write(queue, config.work)
        problems += _problems(hub, pings, failed)
    waiting = [ping.due for pings in queue.values() for ping in pings.values() if ping.due]
    return Told(feeds=tuple(told), problems=tuple(problems), next_due=min(waiting, default=None))


def _tell(hub: str, topic: str, allow_private: bool) -> None:
    """One request.  Raises NotTold."""
    form = urlencode({"hub.mode": "publish", "hub.url": topic}).encode("ascii")
    try:
        limits = _http.Limits(allow_private=allow_private, seconds=SECONDS)
        headers = {"User-Agent": f"feeds/{__version__}"}
        status = _http.post(hub, form, "application/x-www-form-urlencoded", headers, limits)
    except _http.NoAnswer as error:
        raise NotTold(str(error), is_down=True) from None
    if not 200 <= status < 300:
        raise NotTold(f"it answers {status}", is_down=status < 400 or status in {404, 408, 410, 429} or status >= 500)


def _is_due(ping: Ping, now: datetime) -> bool:
    """Is it to be told now?  A time that is too far off was written by a clock that has been set back since."""
    return ping.due is not None and (ping.due <= now or ping.due - now > PAUSES[-1])


def _tried(ping: Ping, now: datetime) -> Ping:
    """A ping after one more try, as long as that is not known to have succeeded."""
    tries = ping.tries + 1
    return replace(ping, tries=tries, due=now + PAUSES[tries - 1] if tries <= len(PAUSES) else None)


def _postpone(pings: Pings, now: datetime) -> list[str]:
    """Count what is due as tried: the hub that is down is not asked for each of them.  Returns their addresses."""
    due = [topic for topic, ping in pings.items() if _is_due(ping, now)]
    pings |= {topic: _tried(pings[topic], now) for topic in due}
    return due


def _problems(hub: str, pings: Pings, failed: Mapping[str, str]) -> Iterator[Problem]:
    """One warning for what failed alike and is tried again at the same time."""
    alike: dict[tuple[str, datetime | None], int] = {}
    for topic, why in failed.items():
        key = (why, pings[topic].due)
        alike[key] = alike.get(key, 0) + 1
    for (why, due), count in alike.items():
        feeds = f"{count} changed feed{'' if count == 1 else 's'}"
        if due:
            yield _warning(hub, f"was not told of {feeds}: {why}", f"the first run after {due:%H:%M} UTC tries again")
        else:
            hint = "check push: hub in config.yaml; it is told of their next change"
            yield _warning(hub, f"was not told of {feeds}, and is not tried again: {why}", hint)


def _warning(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="publish", where=where, message=message, hint=hint, severity="warning")


# ---------------------------------------------------------------------------------------------------- the queue


def _read(work: Path) -> Queue:
    """The queue as the last run left it.  Without one, or with a damaged one, no hub knows of anything."""
    try:
        return msgspec.json.decode((work / QUEUE).read_bytes(), type=Queue)
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _write(queue: Queue, work: Path) -> None:
    new = work / f"{QUEUE}.new"
    new.write_bytes(msgspec.json.encode(queue))
    new.replace(work / QUEUE)
