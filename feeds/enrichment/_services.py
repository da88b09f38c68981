"""The services, as values: where they are, what they may fill, how they are asked and read.  Private."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from feeds.enrichment import _crossref, _datacite, _europepmc, _openalex
from feeds.enrichment._record import Record
from feeds.model import Origin

_EVERYWHERE = frozenset("authors journal volume issue pages date doi issn abstract".split())


class Service(Struct, frozen=True):
    """One service."""

    name: Origin
    endpoint: str
    offers: frozenset[str]  # names as in `enrich.fields`
    wants_mailto: bool  # as a parameter; in the User-Agent all of them get it
    path: Callable[[str, str], str]  # DOI, PMID → where below the endpoint
    records: Callable[[Any, str], Iterator[Record]]  # JSON, address that was asked → works


SERVICES = {
    service.name: service
    for service in (
        Service(
            "crossref",
            _crossref.ENDPOINT,
            _EVERYWHERE | {"publisher", "license", "preprint_server"},
            True,
            _crossref.path,
            _crossref.records,
        ),
        Service(
            "datacite",
            _datacite.ENDPOINT,
            _EVERYWHERE | {"publisher", "license", "preprint_server"},
            False,
            _datacite.path,
            _datacite.records,
        ),
        Service(
            "europepmc",
            _europepmc.ENDPOINT,
            _EVERYWHERE | {"pmid", "pmcid"},
            False,
            _europepmc.path,
            _europepmc.records,
        ),
        Service(
            "openalex",
            _openalex.ENDPOINT,
            _EVERYWHERE | {"pmid", "pmcid", "publisher"},
            True,
            _openalex.path,
            _openalex.records,
        ),
    )
}
