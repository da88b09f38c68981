"""Ask for what is open, keep every answer, and hand over what they say as evidence.  Private."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from feeds.enrichment._record import Record
from feeds.enrichment._services import SERVICES, Service
from feeds.enrichment._store import Answer, Store
from feeds.enrichment._wanted import Wanted, is_same
from feeds.model import Fact, Problem
from feeds.settings import EVERY, EnrichConfig

if TYPE_CHECKING:
    from feeds.enrichment._client import Client

_PAGES = {"first_page", "last_page", "article_number"}
_LONG = {"abstract", "license"}  # compared with nothing, so carried along only where they are open
_REGISTERS = {"crossref", "datacite"}  # where publishers state what the others gather
_TOGETHER = {"authors", "date"}  # of which one service may have what another lacks
# What the others are not asked for when somebody knew the work: many works do not have it at all.
_MINOR = {"volume", "issue", "issn", "publisher", "preprint_server", "license"}
_FOR_EVER = timedelta.max


class Enriched(Struct, frozen=True, kw_only=True):
    """What services say of works."""

    facts: dict[str, tuple[Fact, ...]]  # as `wanted` names them; those of whom nothing is known are left out
    problems: tuple[Problem, ...] = ()
    asked: int = 0  # requests of this run
    left: int = 0  # works to ask for in later runs


def evidence(
    wanted: Mapping[str, Wanted],
    config: EnrichConfig,
    folder: Path,
    now: datetime | None,
    site_url: str = "",
    go_on: Callable[[], None] = lambda: None,
) -> Enriched:
    """What the configured services say of the works in `wanted`, by "source:path".

    At most `config.limit` requests are made, first for works that were never asked for, then for answers older than
    `config.every`; each answer is in `folder` before the next request.  With `now` None nobody is asked.  `go_on` is
    called before each request, and may raise to stop.  The same answers give the same facts.
    """
    from feeds.enrichment._client import Client  # late: it brings a whole HTTP client along

    every = _interval(config.every)
    with closing(Store(folder, writable=now is not None)) as store:
        client = Client(config, store, now, site_url, go_on)
        told: dict[str, _Told] = {}
        left: set[str] = set()
        old: list[str] = []
        for key in sorted(wanted):
            work = _Work(wanted[key], config, store, client)
            if _ask(work, _FOR_EVER):
                left.add(key)
            if work.is_old(every):
                old.append(key)
            told[key] = _told(key, work)
        for key in old:
            work = _Work(wanted[key], config, store, client)
            if _ask(work, every):
                left.add(key)
            told[key] = _told(key, work)
        return Enriched(
            facts={key: told[key].facts for key in told if told[key].facts},
            problems=(*client.problems, *(p for key in told for p in told[key].problems)),
            asked=client.asked,
            left=len(left),
        )


class _Told(Struct, frozen=True):
    """What services say of one work."""

    facts: tuple[Fact, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Work:
    """A work to ask for, and the answers about it, each read once."""

    def __init__(self, wanted: Wanted, config: EnrichConfig, store: Store, client: Client) -> None:
        self.wanted, self.config, self.client = wanted, config, client
        self._store = store
        self._answers: dict[str, tuple[Service, Answer]] = {}

    def services(self) -> list[Service]:
        """Whom to ask, the most trusted first; of a work without DOI those that know its PMID."""
        named = [service for name, service in SERVICES.items() if name in self.config.services]
        return named if self.wanted.doi else sorted(named, key=lambda s: not s.path("", self.wanted.pmid))

    def answer(self, service: Service, doi: str, *, every: timedelta | None = None) -> Answer | None:
        """What is known; with `every` the service is asked when nothing is, or only what is older."""
        address = self.client.address(service, doi, self.wanted.pmid)
        if not address:
            return None
        known = self._answers[address][1] if address in self._answers else self._store.answer(address)
        if every is not None and self.client.may_ask(service, known, every):
            known = self.client.ask(service, doi, self.wanted.pmid, known)
        if known:
            self._answers[address] = (service, known)
        return known

    def is_old(self, every: timedelta) -> bool:
        """Is one of the answers seen older than `every`?"""
        return any(self.client.may_ask(service, answer, every) for service, answer in self._answers.values())


def _interval(every: str) -> timedelta:
    found = EVERY.fullmatch(every.strip())
    return timedelta(**{f"{found[2].lower()}s": int(found[1] or 1)}) if found else timedelta(days=30)


def _ask(work: _Work, every: timedelta) -> bool:
    """Ask for what is open, one service after the other, as long as there is need; is something left to ask?"""
    doi, found, unknown, skipped = work.wanted.doi, list[Record](), set[str](), work.client.skipped
    for service in work.services():
        if not _needs(work, service, found, unknown):
            continue
        answer = work.answer(service, doi, every=every)
        if answer and answer.asked and not answer.records:
            unknown.add(service.name)
        if record := _fitting(answer, work.wanted):
            found.append(record)
            doi = doi or record.doi
    return work.client.skipped > skipped


def _needs(work: _Work, service: Service, found: list[Record], unknown: set[str]) -> bool:
    """May the service fill what is open still?  DataCite has what Crossref has not."""
    if service.name == "datacite" and "crossref" in work.config.services and "crossref" not in unknown:
        return False
    filled = {_name(f) for record in found for f in record.facts}
    open_ = set(work.wanted.open) & set(work.config.fields) & service.offers
    return bool(open_ - filled - (_MINOR if found and service.name not in _REGISTERS else set()))


def _fitting(answer: Answer | None, wanted: Wanted) -> Record | None:
    """The record that may fill the work: that of a preprint fills no article, nor the other way round."""
    return next((r for r in (answer.records if answer else ()) if r.is_preprint == wanted.is_preprint), None)


def _known(work: _Work) -> Iterator[tuple[str, Record]]:
    """The record of each service that has answered, whether or not it would be asked now."""
    doi = work.wanted.doi
    for service in work.services():
        if record := _fitting(work.answer(service, doi), work.wanted):
            yield service.name, record
            doi = doi or record.doi


def _told(key: str, work: _Work) -> _Told:
    """What is taken of the records that are known."""
    records = dict(_known(work))
    same = {name: record for name, record in records.items() if is_same(record, work.wanted)}
    other = next((pair for pair in records.items() if pair[0] not in same), None)
    problems = (_of_another(key, *other),) if other else ()
    return _Told(_facts(same, work.wanted, work.config), problems)


def _facts(records: Mapping[str, Record], wanted: Wanted, config: EnrichConfig) -> tuple[Fact, ...]:
    """What the records say, in the order of trust.

    Of what is open the most trusted service fills it; of what the post states all are held against it.
    """
    fields = set(config.fields) - (_LONG - set(wanted.open)) - ({"doi"} if wanted.doi else set())
    told: list[Fact] = []
    for name in (n for n in SERVICES if n in records):
        own = [f for f in records[name].facts if _name(f) in fields]
        told += own
        fields -= {_name(f) for f in own} & set(wanted.open) - _TOGETHER
    return tuple(told)


def _name(fact: Fact) -> str:
    """The field of a fact, as `enrich.fields` names it."""
    return "pages" if fact.field in _PAGES else fact.field


def _of_another(key: str, name: str, record: Record) -> Problem:
    message = f"{name} knows {record.doi or f'PMID {record.pmid}'} as another work by others: {record.title!r}"
    hint = "correct the identifier, or the title and the authors; until then nothing is taken from there"
    return Problem(stage="extract", where=key, message=message, hint=hint, severity="warning")
