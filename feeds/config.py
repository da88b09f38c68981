"""config.yaml → a frozen Config.  Everything wrong in it is found at once; each line names the key and the line.

The keys are described in docs/configuration.md; settings.py has their types and defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from feeds import _collection_checks, _paging, registry, text, yaml_lines
from feeds.errors import ConfigError
from feeds.model import PLACEHOLDERS, SERVICES, Kind, Person
from feeds.settings import (
    ENRICHED,
    IMPLIED,
    CollectionConfig,
    Config,
    Each,
    EnrichConfig,
    Export,
    Has,
    OutputConfig,
    PagesConfig,
    PersonConfig,
    PushConfig,
    ScheduleConfig,
    ServeConfig,
    SiteConfig,
    SourceConfig,
    WorkersConfig,
)

DEFAULT_EXPORTS = ("atom", "rss", "json-feed", "jsonld", "site-jsonld", "bibtex-list", "sitemap", "opml", "index")
T = TypeVar("T")


def load(file: Path) -> Config:
    """Read and check a configuration file.  Raises ConfigError, one line for each thing that is wrong."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot read the configuration: {error.strerror}",
            where=str(file),
            hint="`feeds init` writes one for the site in this folder; name another file with -c",
        ) from None
    return parse(raw, file)


def parse(raw: bytes, file: Path) -> Config:
    """Check the configuration in `raw`, as if it stood in `file`.  Raises ConfigError."""
    data, lines = yaml_lines.load(raw, file)
    checker = _Checker(file, lines)
    config = checker.config(data)
    if checker.wrong:
        raise ConfigError("\n".join(checker.wrong))
    return config


EVERY = re.compile(r"(?:every\s+)?(\d{1,6})?\s*(second|minute|hour|day|week)s?", re.IGNORECASE)
AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DASK = re.compile(r"(?:tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}")
CONTACT = re.compile(r"(?:mailto:)?([A-Za-z0-9.!#$%*+/=_{|}~'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})")


class _Checker:
    """Collects everything that is wrong in one pass over the parsed YAML."""

    def __init__(self, file: Path, lines: dict[tuple[Any, ...], int]) -> None:
        self.file = file
        self.lines = lines
        self.wrong: list[str] = []

    def say(self, path: tuple[Any, ...], message: str, hint: str) -> None:
        known = path
        while known not in self.lines:
            known = known[:-1]
        self.wrong.append(f"{self.file}:{self.lines[known]}: {yaml_lines.dotted(path)}: {message}\nhint: {hint}")

    def config(self, data: dict[str, Any]) -> Config:
        for key in data:
            if key not in _KEYS:
                self.say((key,), "unknown key", _did_you_mean(str(key), _KEYS))
        base = self.file.resolve().parent
        stated = data.get("site")
        site = self.convert({} if stated is None else stated, SiteConfig, ("site",)) or SiteConfig()
        self.check_site(site)
        people = tuple(self.people(data))
        sources = tuple(self.each(data, "sources", SourceConfig))
        self.check_sources(data, sources)
        exports = tuple(sorted(self.exports(data), key=lambda e: registry.exporter(e.name).names_others))
        collections = self.collections(data, exports)
        schedule = tuple(self.each(data, "schedule", ScheduleConfig))
        self.check_schedule(schedule, {c.name for c in collections})
        enrich = self.enrich(data)
        push = self.push(data)
        output = self.output(data.get("output"))
        where = (base / output.path).resolve()
        if any(_place(source.path, base) == str(where) for source in sources):
            self.say(("output",), "is the folder of a source", "publish into a folder of its own, such as output")
        made = Config(
            file=self.file.resolve(),
            site=site,
            people=people,
            sources=tuple(
                msgspec.structs.replace(s, path=_place(s.path, base), name=s.name or _name(s.path)) for s in sources
            ),
            collections=collections,
            implied=data.get("collections") is None,
            exports=exports,
            output=where,
            output_url=output.url.rstrip("/"),
            aliases=output.aliases,
            work=(base / output.work).resolve() if output.work else _work_folder(where),
            schedule=schedule,
            enrich=enrich,
            push=push,
            workers=self.workers(data),
            pages=self.pages(data, base),
            serve=self.serve(data),
        )
        return self.with_pages(made)

    def convert(self, value: Any, kind: type[T], path: tuple[Any, ...]) -> T | None:
        try:
            return msgspec.convert(_without_dates(value), kind)
        except msgspec.ValidationError as error:
            message, _, where = str(error).partition(" - at `")
            inner = _parts(where.rstrip("`")) if where else ()
            unknown = re.search(r"unknown field `(.*)`", message)
            no_choice = re.search(r"[Ii]nvalid enum value '(.*)'", message)
            choices = _CHOICES.get(next((name for name in reversed(inner) if isinstance(name, str)), ""), ())
            if unknown:
                inner = (*inner, unknown[1])
                self.say((*path, *inner), "unknown key", _did_you_mean(unknown[1], _fields(kind, inner[:-1])))
            elif no_choice and choices:
                message = f"nothing is named {no_choice[1]!r} here"
                self.say((*path, *inner), message, _did_you_mean(no_choice[1], choices))
            else:
                hint = "put it in quotes" if "Expected `str`" in message else "see docs/configuration.md"
                self.say((*path, *inner), _plain_english(message), hint)
            return None

    def each(self, data: dict[str, Any], key: str, kind: type[T]) -> Iterator[T]:
        entries = data.get(key)
        if entries is None:
            return
        if not isinstance(entries, list):
            self.say((key,), "must be a list", f"begin each entry of {key} with '- '")
            return
        for index, entry in enumerate(entries):
            made = self.convert(entry, kind, (key, index))
            if made is not None:
                yield made

    def people(self, data: dict[str, Any]) -> Iterator[Person]:
        for index, person in enumerate(self.each(data, "people", PersonConfig)):
            if person.orcid and not valid_orcid(person.orcid):
                self.say(
                    ("people", index, "orcid"), f"{person.orcid!r} is not an ORCID iD", "check its digits at orcid.org"
                )
            yield as_person(person)

    def collections(self, data: dict[str, Any], exports: tuple[Export, ...]) -> tuple[CollectionConfig, ...]:
        if data.get("collections") is None:
            return IMPLIED
        made = tuple(self.each(data, "collections", CollectionConfig))
        named = tuple(msgspec.structs.replace(c, name=c.name or c.each or "") for c in made)
        formats = [e.name for e in exports if registry.exporter(e.name).scope in {"collection", "list"}]
        if isinstance(data["collections"], list) and len(named) == len(data["collections"]):
            for path, message, hint in _collection_checks.wrong(named, formats):
                self.say(path, message, hint)
        return named

    def exports(self, data: dict[str, Any]) -> Iterator[Export]:
        entries = data.get("exports", list(DEFAULT_EXPORTS))
        if not isinstance(entries, list):
            self.say(("exports",), "must be a list", "begin each entry of exports with '- '")
            return
        taken: dict[str, str] = {}
        for index, entry in enumerate(entries):
            path: tuple[Any, ...] = ("exports", index)
            if isinstance(entry, dict) and len(entry) == 1:
                [(name, options)] = entry.items()
                path = (*path, name)
            else:
                name, options = entry, None
            if not isinstance(name, str) or name not in registry.exporter_names():
                self.say(path, f"no exporter is named {name!r}", _did_you_mean(str(name), registry.exporter_names()))
                continue
            exporter = registry.exporter(name)
            made = self.convert({} if options is None else options, exporter.options, path)
            if made is None:
                continue
            target = str(getattr(made, "filename", f"{name} "))
            if target in taken:
                self.say(
                    path, f"writes the same file as {taken[target]}", "give one of them another filename, or remove it"
                )
                continue
            taken[target] = name
            yield Export(name, made)

    def output(self, value: Any) -> OutputConfig:
        if value is None or isinstance(value, str):
            return OutputConfig(path=value or "output")
        made = self.convert(value, OutputConfig, ("output",)) or OutputConfig()
        if made.url:
            self.check_url(("output", "url"), made.url)
        if not made.path:
            self.say(("output", "path"), "names no folder", "write path: output")
        for path, message, hint in _collection_checks.wrong_aliases(made.aliases):
            self.say(path, message, hint)
        return made

    def enrich(self, data: dict[str, Any]) -> EnrichConfig | None:
        if data.get("enrich") is None:
            return None
        made = self.convert(data["enrich"], EnrichConfig, ("enrich",))
        if made is None:
            return None
        contact = CONTACT.fullmatch(made.contact.strip())
        if not contact:
            hint = "give an e-mail address that is read: the services write to it before they shut somebody out"
            self.say(("enrich", "contact"), f"{made.contact!r} is not an e-mail address", hint)
        self.check_names("services", "service", made.services, SERVICES)
        self.check_names("fields", "field", made.fields, ENRICHED)
        self.check_names("endpoints", "service", tuple(made.endpoints), SERVICES)
        for name, url in made.endpoints.items():
            self.check_url(("enrich", "endpoints", name), url)
        found = EVERY.fullmatch(made.every.strip())
        if not found or (found[1] is not None and int(found[1]) == 0):
            self.say(("enrich", "every"), f"{made.every!r} is not an interval", "write 30 days or 2 weeks")
        if made.limit < 1:
            self.say(("enrich", "limit"), "must be at least 1", "leave out enrich: to ask no service")
        if not 0 < made.rate <= 50:
            self.say(("enrich", "rate"), "must be more than 0 and at most 50", "write 2: requests a second")
        return msgspec.structs.replace(made, contact=contact[1] if contact else "")

    def push(self, data: dict[str, Any]) -> PushConfig | None:
        if data.get("push") is None:
            return None
        made = self.convert(data["push"], PushConfig, ("push",))
        for hub in made.hubs if made else ():
            self.check_url(("push", "hub"), hub)
            if "@" in urlsplit(hub).netloc:
                hint = "leave the user and the password out: every feed names its hub"
                self.say(("push", "hub"), "would publish a password", hint)
        return made

    def pages(self, data: dict[str, Any], base: Path) -> PagesConfig | None:
        stated = data.get("pages")
        if stated is None:
            return None
        made = self.convert({"mode": stated} if isinstance(stated, str) else stated, PagesConfig, ("pages",))
        if made is None:
            return None
        if made.mode == "inject" and not made.site:
            hint = "pages:\n        mode: inject\n        site: _site # where the site is built"
            self.say(("pages",), "inject needs the folder of the built site", hint)
        for mode, key in (("inject", "site"), ("generate", "templates")):
            if getattr(made, key) and made.mode != mode:
                self.say(("pages", key), f"goes with mode: {mode}", "remove it")
        return msgspec.structs.replace(
            made,
            site=str((base / made.site).resolve()) if made.site else "",
            templates=str((base / made.templates).resolve()) if made.templates else "",
        )

    def with_pages(self, made: Config) -> Config:
        if made.pages is None:
            return made
        if made.pages.mode == "inject":
            return _paging.with_exporters(made, ("linkset",))
        templates: dict[str, str] = {}
        if made.pages.templates:
            templates, wrong = _paging.templates(Path(made.pages.templates))
            for message in wrong:
                self.say(("pages", "templates"), message, "docs/pages.md says what templates are, and how to begin")
        return _paging.with_pages(made, templates)

    def serve(self, data: dict[str, Any]) -> ServeConfig:
        stated = data.get("serve")
        made = self.convert({} if stated is None else stated, ServeConfig, ("serve",)) or ServeConfig()
        found = CONTACT.fullmatch(made.email.strip())
        if made.email and not found:
            hint = "give the address of who looks after the server: harvesters write to it"
            self.say(("serve", "email"), f"{made.email!r} is not an e-mail address", hint)
        return msgspec.structs.replace(made, email=found[1] if found else "")

    def workers(self, data: dict[str, Any]) -> WorkersConfig:
        stated = data.get("workers")
        words = {"None": {}, "auto": {}, "serial": {"processes": 1}}
        value = words.get(str(stated), stated)
        made = self.convert(value, WorkersConfig, ("workers",)) or WorkersConfig()
        if made.dask and made.processes:
            self.say(("workers",), "names both processes and dask", "remove one of them")
        if made.dask and not _DASK.fullmatch(made.dask):
            self.say(("workers", "dask"), f"{made.dask!r} is no scheduler's address", "write tcp://host:8786")
        return made

    def check_names(self, key: str, what: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
        for name in names:
            if name not in known:
                self.say(("enrich", key), f"no {what} is named {name!r}", _did_you_mean(name, known))

    def check_site(self, site: SiteConfig) -> None:
        if site.url:
            self.check_url(("site", "url"), site.url)
        if site.icon:
            self.check_url(("site", "icon"), site.icon)
        if site.license and not text.is_web(site.license):
            self.say(
                ("site", "license"),
                f"{site.license!r} is not a URL",
                "give the licence's address, such as https://creativecommons.org/licenses/by/4.0/",
            )
        if site.language and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", site.language):
            self.say(("site", "language"), f"{site.language!r} is not a language tag", "write en, de or en-GB, say")
        self.check_zone(("site", "timezone"), site.timezone)

    def check_url(self, path: tuple[Any, ...], url: str) -> None:
        if not text.is_web(url):
            self.say(path, f"{url!r} is not an address", "begin it with https:// and a host name")

    def check_zone(self, path: tuple[Any, ...], zone: str) -> None:
        if zone and not known_zone(zone):
            self.say(path, f"{zone!r} is not a time zone", "use a name such as Europe/Zurich or UTC")

    def check_sources(self, data: dict[str, Any], sources: tuple[SourceConfig, ...]) -> None:
        if not data.get("sources"):
            self.say(
                ("sources",), "at least one source is needed", "sources:\n        - path: . # the folder of the site"
            )
        seen: dict[str, int] = {}
        for index, source in enumerate(sources):
            name = source.name or _name(source.path)
            if ":" in name:
                self.say(("sources", index, "name"), f"{name!r} has a colon in it", "leave it out")
            if name in seen:
                self.say(("sources", index), f"two sources are named {name!r}", "give each a name: of its own")
            seen[name] = index
            if source.kind != "auto" and source.kind not in registry.source_names():
                kinds = ("auto", *registry.source_names())
                self.say(
                    ("sources", index, "kind"), f"no source is named {source.kind!r}", _did_you_mean(source.kind, kinds)
                )
            if source.url:
                self.check_url(("sources", index, "url"), source.url)
            for unknown in sorted({*re.findall(r"\{(.*?)\}", source.url)} - {*PLACEHOLDERS}):
                known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
                self.say(("sources", index, "url"), f"there is no placeholder {{{unknown}}}", f"known are {known}")

    def check_schedule(self, entries: tuple[ScheduleConfig, ...], collections: set[str]) -> None:
        for index, entry in enumerate(entries):
            path = ("schedule", index)
            if bool(entry.every) == bool(entry.at):
                self.say(path, "needs either every: or at:", 'write every: 15 minutes, or at: "03:30"')
            if entry.every:
                found = EVERY.fullmatch(entry.every.strip())
                if not found or (found[1] is not None and int(found[1]) == 0):
                    self.say(
                        (*path, "every"), f"{entry.every!r} is not an interval", "write 15 minutes, 1 hour or 2 days"
                    )
            if entry.at and not AT.fullmatch(entry.at.strip()):
                self.say((*path, "at"), f"{entry.at!r} is not a time of day", 'write it in quotes, as "03:30"')
            self.check_zone((*path, "timezone"), entry.timezone)
            for name in entry.collections:
                if name not in collections:
                    self.say(
                        (*path, "collections"), f"no collection is named {name!r}", _did_you_mean(name, collections)
                    )


def _fields(struct: Any, path: tuple[Any, ...]) -> tuple[str, ...]:
    """Names of the fields at `path` inside a struct; () when that is not known."""
    for name in path:
        inner = [one for one in get_args(struct) if hasattr(one, "__struct_fields__")]  # X | None, tuple[X, ...]
        struct = inner[0] if inner else struct
        if isinstance(name, str):
            fields = msgspec.structs.fields(struct) if hasattr(struct, "__struct_fields__") else ()
            struct = {field.encode_name: field.type for field in fields}.get(name)
    inner = [one for one in get_args(struct) if hasattr(one, "__struct_fields__")]
    return tuple(getattr(inner[0] if inner else struct, "__struct_encode_fields__", ()))


def _without_dates(value: Any) -> Any:
    """`value` with its dates as text: YAML takes 2024-03-01 for one, and 2024-03 for none."""
    if isinstance(value, dict):
        return {key: _without_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


_KEYS = (
    "site", "people", "sources", "collections", "exports", "output", "schedule", "enrich", "push", "pages", "serve",
    "workers",
)  # fmt: skip


# Key with a fixed choice of values → those.
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": (*get_args(Kind), "papers", "talks"),
    "has": get_args(Has),
    "each": get_args(Each),
}


def known_zone(name: str) -> bool:
    """Is it a zone of the IANA database?"""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def valid_orcid(value: str) -> bool:
    """16 digits in groups of four, the last by ISO 7064 mod 11-2."""
    bare = value.removeprefix("https://orcid.org/").removeprefix("http://orcid.org/")
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", bare):
        return False
    total = 0
    for digit in bare.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == bare[-1]


def as_person(entry: str | PersonConfig) -> Person:
    """A person as config.yaml gives it; a bare string is an organisation's name."""
    if isinstance(entry, str):
        return Person(name=text.legal(entry), organization=True)
    fields: dict[str, Any] = msgspec.structs.asdict(entry)
    fields["orcid"] = fields["orcid"].rpartition("/")[2]
    clean: dict[str, Any] = {k: text.legal(v) if isinstance(v, str) else v for k, v in fields.items()}
    return Person(**clean)


def _parts(where: str) -> tuple[Any, ...]:
    """msgspec's "$.a[0].b" → ("a", 0, "b")"""
    return tuple(int(n) if n else name for name, n in re.findall(r"\.([^.\[]+)|\[(\d+)\]", where))


def _plain_english(message: str) -> str:
    words = {
        "`str`": "text",
        "`int`": "a whole number",
        "`bool`": "true or false",
        "`array`": "a list",
        "`object`": "keys",
    }
    for word, meaning in words.items():
        message = message.replace(word, meaning)
    missing = re.search(r"missing required field `(.*)`", message)
    return f"the key {missing[1]} is missing" if missing else message[:1].lower() + message[1:]


def _did_you_mean(word: str, choices: Any) -> str:
    from difflib import get_close_matches

    options = sorted(choices)
    close = get_close_matches(word, options, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(options)}" if options else "remove it, or see docs/configuration.md"


def with_output(config: Config, output: Path) -> Config:
    """The same configuration publishing into another folder."""
    where = output.resolve()
    return msgspec.structs.replace(config, output=where, work=_work_folder(where))


def _place(path: str, base: Path) -> str:
    """Where a source is: an address as it stands, a path made absolute."""
    return path if text.is_remote(path) else str((base / path).resolve())


def _name(path: str) -> str:
    """What a source is called that has no name: after its folder or its repository, or after the address of a feed."""
    if text.is_web(path) and not path.endswith(".git"):
        return text.slug(path.partition("://")[2])
    return re.split(r"[/:]", path.rstrip("/").removesuffix(".git"))[-1].strip(".") or "site"


def _work_folder(output: Path) -> Path:
    """Beside the output, on the same file system: for the state, the lock and what is staged."""
    return output.parent / f".{output.name}.feeds"
