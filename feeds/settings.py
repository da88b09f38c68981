"""The configuration as values: what each key of config.yaml may be, and what it is when it is left out.

The keys are described in docs/configuration.md; config.py reads and checks them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from feeds.model import SERVICES, Kind, Person


class SiteConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`site:` what the feeds say of the site; what is left out is taken from the first source."""

    url: str = ""
    title: str = ""
    description: str = ""
    language: str = ""
    timezone: str = ""
    license: str = ""
    publisher: str | PersonConfig = ""


class PersonConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `people:`, or `site.publisher`."""

    name: str
    given: str = ""
    family: str = ""
    orcid: str = ""
    ror: str = ""
    email: str = ""
    url: str = ""
    affiliation: str = ""
    organization: bool = False
    aliases: tuple[str, ...] = ()


class SourceConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `sources:`."""

    path: str
    kind: str = "auto"
    name: str = ""
    url: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    pdf_base: str = ""
    drafts: bool = False
    branch: str = ""
    history: Literal["auto", "full", "none"] = "auto"
    allow_private: bool = False


class Where(Struct, frozen=True, forbid_unknown_fields=True):
    """`where:` of a collection: every key that is given must hold; of several values one is enough."""

    kind: Kind | tuple[Kind, ...] = ()
    category: str | tuple[str, ...] = ()
    tag: str | tuple[str, ...] = ()
    group: str | tuple[str, ...] = ()
    lang: str | tuple[str, ...] = ()
    author: str | tuple[str, ...] = ()
    path: str | tuple[str, ...] = ()
    source: str | tuple[str, ...] = ()


class CollectionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `collections:`: one more set of feeds, of the items for which `where` holds."""

    name: str
    title: str = ""
    description: str = ""
    where: Where = Where()


class OutputConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`output:` where the files go, and at which address they are served."""

    path: str = "output"
    url: str = ""
    work: str = ""


class ScheduleConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `schedule:`: `every` or `at`."""

    every: str = ""
    at: str = ""
    timezone: str = ""
    collections: tuple[str, ...] = ()


# What services may fill; "pages" is first and last page or the article number.
ENRICHED = (
    "authors", "journal", "volume", "issue", "pages", "date", "doi", "pmid", "pmcid", "issn", "publisher",
    "preprint_server", "license", "abstract",
)  # fmt: skip


class EnrichConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`enrich:` which services are asked for what posts leave open, and how often; without it none is."""

    contact: str
    services: tuple[str, ...] = SERVICES
    fields: tuple[str, ...] = ENRICHED
    every: str = "30 days"
    limit: int = 50
    rate: float = 2.0
    endpoints: dict[str, str] = {}
    allow_private: bool = False


class PushConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`push:` the WebSub hubs that the feeds name and that are told of every change; without it there are none."""

    hub: str | tuple[str, ...]
    allow_private: bool = False

    @property
    def hubs(self) -> tuple[str, ...]:
        """The hubs, each once."""
        return tuple(dict.fromkeys((self.hub,) if isinstance(self.hub, str) else self.hub))


class Export(Struct, frozen=True):
    """One entry of `exports:` with its options checked and filled in."""

    name: str
    options: Any


class Config(Struct, frozen=True, kw_only=True):
    """The whole configuration, paths absolute, ready to use."""

    file: Path
    site: SiteConfig
    people: tuple[Person, ...]
    sources: tuple[SourceConfig, ...]
    collections: tuple[CollectionConfig, ...]
    exports: tuple[Export, ...]
    output: Path
    output_url: str
    work: Path
    schedule: tuple[ScheduleConfig, ...]
    enrich: EnrichConfig | None = None  # None: no service is asked
    push: PushConfig | None = None  # None: no hub is told
