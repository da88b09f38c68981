"""One run's questions to the services: how many, how fast, and whom to leave alone.  Private."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from feeds import __version__, _http
from feeds.enrichment._record import Record
from feeds.enrichment._services import SERVICES, Service
from feeds.enrichment._store import Answer, Rest, Store
from feeds.model import Problem
from feeds.settings import EnrichConfig
from feeds.text import is_web

SECONDS = 15.0  # for one answer
LIMIT = 8_000_000  # bytes of one answer: a list of three thousand authors is two of them
REST = timedelta(minutes=10)  # after a failure, at least
LONGEST_REST = timedelta(days=1)  # whatever the service asks for
LONGEST_GAP = 10.0  # seconds between two questions, for which it is worth waiting
AGAIN = timedelta(hours=1)  # before what failed is asked once more

_NOT_THERE = frozenset({400, 404, 410, 422})


class Client:
    """Asks services, at most `limit` times; without `now` it asks nobody.

    Whoever fails is left alone for the rest of the run and a while longer, with one warning.
    """

    def __init__(
        self, config: EnrichConfig, store: Store, now: datetime | None, site_url: str, go_on: Callable[[], None]
    ) -> None:
        self._config, self._store, self._now, self._go_on = config, store, now, go_on
        self._endpoints: dict[str, str] = {
            n: config.endpoints.get(n, s.endpoint).rstrip("/") for n, s in SERVICES.items()
        }
        self._bare: dict[str, str] = {name: _http.bare(endpoint) for name, endpoint in self._endpoints.items()}
        contact = [f"+{site_url}"] if is_web(site_url) and site_url.isascii() and site_url.isprintable() else []
        self._headers = {
            "User-Agent": f"feeds/{__version__} ({'; '.join([*contact, f'mailto:{config.contact}'])})",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        self._next: dict[str, float] = {}  # service → when it may be asked again, by the monotonic clock
        self._alone: set[str] = set()  # services that are not asked any more in this run
        self.asked = 0
        self.skipped = 0  # questions that the limit did not leave room for
        self.problems: list[Problem] = []
        if now and not store.is_open:
            self._cannot_keep("it cannot be opened")
        for name in config.services if now else ():
            if (rest := store.rest(name)) and self._is_on(rest):
                self._leave(name, rest)

    def address(self, service: Service, doi: str, pmid: str) -> str:
        """Where a service tells of a work, without who asks; "" when it cannot be asked for it."""
        path = service.path(doi, pmid)
        if not path or {".", ".."} & set(path.partition("?")[0].split("/")):
            return ""
        return self._bare[service.name] + path

    def may_ask(self, service: Service, answer: Answer | None, every: timedelta) -> bool:
        """Is the service to be asked, for there is no answer or it is older than `every`, and none failed just now?"""
        if self._now is None or service.name in self._alone:
            return False
        return not answer or not (self._within(answer.asked, every) or self._within(answer.failed, AGAIN))

    def _within(self, when: str, span: timedelta) -> bool:
        """Was it less than `span` ago?  What lies in the future was noted when the clock was wrong."""
        if self._now is None:
            return False
        with suppress(ValueError, TypeError):
            return timedelta(0) <= self._now - datetime.fromisoformat(when) < span
        return False

    def _is_on(self, rest: Rest) -> bool:
        if self._now is None:
            return False
        with suppress(ValueError, TypeError):
            return timedelta(0) < datetime.fromisoformat(rest.until) - self._now <= LONGEST_REST
        return False

    def ask(self, service: Service, doi: str, pmid: str, last: Answer | None) -> Answer | None:
        """A new answer, already stored; the last one when there is none to be had."""
        if self._now is None or service.name in self._alone:
            return last
        if self.asked >= self._config.limit:
            self.skipped += 1
            return last
        self._go_on()
        address = self.address(service, doi, pmid)
        time.sleep(max(0.0, self._next.get(service.name, 0.0) - time.monotonic()))
        self.asked += 1
        now = self._now.astimezone(UTC).isoformat(timespec="seconds")
        try:
            found = self._records(service, address, doi, pmid)
            answer = Answer(
                asked=now, records=found or (last.records if last else ())
            )  # nobody forgets a work for good
        except _http.NoAnswer as error:
            self._rest(service.name, str(error), timedelta(0))
            answer = replace(last or Answer(), failed=now)
        except _Refused as refused:
            self._rest(service.name, refused.why, refused.rest)
            answer = replace(last or Answer(), failed=now)
        self._keep(lambda: self._store.keep_answer(address, answer))
        return answer

    def _records(self, service: Service, address: str, doi: str, pmid: str) -> tuple[Record, ...]:
        """The works that the service names, none when it knows none.  Raises NoAnswer and _Refused."""
        url = self._endpoints[service.name] + service.path(doi, pmid)
        if service.wants_mailto:
            url += ("&" if "?" in url else "?") + f"mailto={quote(self._config.contact, safe='@')}"
        limits = _http.Limits(allow_private=self._config.allow_private, seconds=SECONDS, size=LIMIT)
        start = time.monotonic()
        answer = _http.get(url, self._headers, limits)
        gap = max(1 / self._config.rate, _gap(answer))
        self._next[service.name] = start + gap
        if gap > LONGEST_GAP:
            self._alone.add(service.name)
        if answer.status in _NOT_THERE:
            return ()
        if answer.status != 200:
            raise _Refused(f"answers {answer.status}", _retry_after(answer, self._now or datetime.now(UTC)))
        try:
            value = msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _Refused("answers with something else than JSON", timedelta(0)) from None
        if not isinstance(value, dict):
            raise _Refused("answers with something else than it says", timedelta(0))
        found = (r for r in service.records(value, address) if (r.doi == doi if doi else r.pmid == pmid))
        return tuple(islice(found, 4))

    def _rest(self, name: str, why: str, asked_for: timedelta) -> None:
        """Leave a service alone, as long as it asks for."""
        if self._now is None:
            return
        until = self._now.astimezone(UTC) + min(max(asked_for, REST), LONGEST_REST)
        rest = Rest(until.isoformat(timespec="seconds"), why)
        self._leave(name, rest)
        self._keep(lambda: self._store.keep_rest(name, rest))

    def _leave(self, name: str, rest: Rest) -> None:
        self._alone.add(name)
        where = self._bare[name]
        message = f"{name}: {rest.why}; it is left alone until {rest.until}, and what it said before counts"
        hint = "nothing is lost: it is asked again later; without it, leave it out of enrich.services"
        self.problems.append(Problem(stage="extract", where=where, message=message, hint=hint, severity="warning"))

    def _keep(self, write: Callable[[], None]) -> None:
        """Write to the cache; when that fails, nobody is asked any more: it would all be for nothing."""
        try:
            write()
        except (OSError, sqlite3.Error) as error:
            self._cannot_keep(str(error))

    def _cannot_keep(self, why: str) -> None:
        self._alone.update(SERVICES)
        message = f"what services answer cannot be kept: {why}; they are not asked"
        hint = "free some room, or see to it that the folder can be written"
        where = str(self._store.file)
        self.problems.append(Problem(stage="extract", where=where, message=message, hint=hint, severity="warning"))


class _Refused(Exception):
    """The service answers, but not with what was asked for."""

    def __init__(self, why: str, rest: timedelta) -> None:
        self.why, self.rest = why, rest


def _gap(answer: _http.Answer) -> float:
    """Seconds between questions, as Crossref states it: so many in such an interval ("50", "1s")."""
    number = re.fullmatch(r"\s{0,3}(\d{1,6})\s{0,3}", answer.headers.get("x-rate-limit-limit", ""))
    interval = re.fullmatch(r"\s{0,3}(\d{1,6})s?\s{0,3}", answer.headers.get("x-rate-limit-interval", ""))
    return int(interval[1]) / int(number[1]) if number and interval and int(number[1]) else 0.0


def _retry_after(answer: _http.Answer, now: datetime) -> timedelta:
    """How long a refusal asks to wait, in seconds or until a date."""
    stated = answer.headers.get("retry-after", "").strip()[:40]
    if stated.isascii() and stated.isdigit():
        return timedelta(seconds=int(stated[:9]))
    with suppress(ValueError, TypeError, OverflowError):
        return parsedate_to_datetime(stated).astimezone(UTC) - now
    return timedelta(0)
