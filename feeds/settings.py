"""The configuration as values: what each key of config.yaml may be, and what it is when it is left out.

The keys are described in docs/configuration.md; config.py reads and checks them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from feeds.model import SERVICES, Kind, Person

EVERY = re.compile(r"(?:every\s+)?(\d{1,6})?\s*(second|minute|hour|day|week)s?", re.IGNORECASE)  # of intervals
AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")  # of times of day
CONTACT = re.compile(r"(?:mailto:)?([A-Za-z0-9.!#$%*+/=_{|}~'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})")


class SiteConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`site:` what the feeds say of the site; what is left out is taken from the first source."""

    url: str = ""
    title: str = ""
    description: str = ""
    language: str = ""
    timezone: str = ""
    icon: str = ""
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
    storage: dict[str, Any] = {}  # options of the library that speaks to the storage at `path`


# Group of kinds → the kinds in it.
KINDS: dict[str, tuple[Kind, ...]] = {
    "papers": ("article", "preprint", "review", "chapter", "book", "thesis", "report"),
    "talks": ("talk", "poster"),
    "news": ("news",),
}
Kinds = Kind | Literal["papers", "talks"]
Has = Literal["doi", "pmid", "pdf", "abstract", "orcid", "image"]
Each = Literal["author", "tag", "category", "kind", "lang", "group", "source", "year", "journal"]


class Where(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"not_": "not"}):
    """`where:` of a collection: every key that is given must hold; of several values one is enough, of `has` all."""

    kind: Kinds | tuple[Kinds, ...] = ()
    category: str | tuple[str, ...] = ()
    tag: str | tuple[str, ...] = ()
    group: str | tuple[str, ...] = ()
    lang: str | tuple[str, ...] = ()
    author: str | tuple[str, ...] = ()
    path: str | tuple[str, ...] = ()
    source: str | tuple[str, ...] = ()
    journal: str | tuple[str, ...] = ()
    title: str | tuple[str, ...] = ()
    year: int | tuple[int, ...] = ()
    since: int | str = ""
    until: int | str = ""
    has: Has | tuple[Has, ...] = ()
    all: tuple[Where, ...] = ()
    any: tuple[Where, ...] = ()
    not_: Where | None = None


class CollectionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `collections:`: one more set of feeds, of the items for which `where` holds.

    With `each` it is a set of feeds for every value that occurs: every author, every tag.
    """

    name: str = ""
    title: str = ""
    description: str = ""
    where: Where = Where()
    each: Each | None = None
    least: Annotated[int, Meta(ge=1)] = 1
    order: Literal["published", "updated"] = "published"
    formats: tuple[str, ...] = ()
    limit: Annotated[int, Meta(ge=1)] | None = None
    content: Literal["full", "summary"] | None = None
    max_bytes: Annotated[int, Meta(ge=1)] | None = None
    filename: str = ""
    archive: bool | None = None
    path: str = ""


# What there is without `collections:`, as far as at least two of them have something in them.
IMPLIED = (
    CollectionConfig(name="papers", where=Where(kind="papers")),
    CollectionConfig(name="talks", where=Where(kind="talks")),
    CollectionConfig(name="news", where=Where(kind="news")),
)


# What `pages: generate` adds, unless the configuration has collections for these.
PAGED = (
    CollectionConfig(
        name="authors",
        where=Where(kind=("papers", "talks")),
        each="author",
        formats=("list-page", "bibtex-list"),
        path="authors",
    ),
    CollectionConfig(
        name="years",
        where=Where(kind=("papers", "talks")),
        each="year",
        formats=("list-page", "bibtex-list"),
        path="years",
    ),
)


class OutputConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`output:` where the files go, and at which address they are served."""

    path: str = "output"
    url: str = ""
    work: str = ""
    aliases: dict[str, str] = {}
    storage: dict[str, Any] = {}  # options of the library that speaks to the storage at `path`


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


class WorkersConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`workers:` which processes read the posts."""

    processes: Annotated[int, Meta(ge=0, le=256)] = 0  # of this machine; 0: one a core, when there is enough to do
    dask: str = ""  # address of a Dask scheduler, tcp://host:8786: the processes of its workers


class PagesConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`pages:` HTML for works and people: pages of our own, or the head block in pages that the site has built."""

    mode: Literal["generate", "inject"]
    templates: str = ""  # of "generate": a folder with templates that go before ours
    site: str = ""  # of "inject": the folder of the built site


class ServeConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`serve:` where `feeds serve` listens, and who answers for OAI-PMH."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    email: str = ""


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
    brought_to: str = ""  # address of a storage that what is published is brought to; "": to none
    storage: dict[str, Any] = {}  # options of its library
    schedule: tuple[ScheduleConfig, ...]
    enrich: EnrichConfig | None = None  # None: no service is asked
    implied: bool = False  # collections are IMPLIED
    aliases: dict[str, str] = {}  # path below the output → the document of which it is a copy
    push: PushConfig | None = None  # None: no hub is told
    workers: WorkersConfig = WorkersConfig()
    pages: PagesConfig | None = None  # paths absolute; None: neither pages nor injection
    serve: ServeConfig = ServeConfig()
