"""config.yaml → a frozen Config.  Everything wrong in it is found at once; each line names the key and the line.

The keys are described in docs/configuration.md; settings.py has their types and defaults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec
from msgspec.structs import replace

from feeds import _collection_checks, _locations, _paging, registry, text, yaml_lines
from feeds import _section_checks as checks
from feeds._section_checks import did_you_mean
from feeds.errors import ConfigError
from feeds.model import Kind, Person
from feeds.settings import (
    CONTACT,
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
    checker = _Checker(data, file, lines)
    config = checker.config()
    if checker.wrong:
        raise ConfigError("\n".join(told for _, told in sorted(checker.wrong, key=lambda wrong: wrong[0])))
    return config


class _Checker:
    """Collects everything that is wrong in one pass over the parsed YAML."""

    def __init__(self, data: dict[str, Any], file: Path, lines: dict[tuple[Any, ...], int]) -> None:
        self.data = data
        self.file = file
        self.lines = lines
        self.wrong: list[tuple[int, str]] = []  # line, what to tell

    def say(self, path: tuple[Any, ...], message: str, hint: str) -> None:
        known = path
        while known not in self.lines:
            known = known[:-1]
        line = self.lines[known]
        self.wrong.append((line, f"{self.file}:{line}: {yaml_lines.dotted(path)}: {message}\nhint: {hint}"))

    def say_all(self, wrong: Iterable[checks.Wrong]) -> None:
        for path, message, hint in wrong:
            self.say(path, message, hint)

    def config(self) -> Config:
        for key in self.data:
            if key not in _KEYS:
                self.say((key,), "unknown key", did_you_mean(str(key), _KEYS))
        base = self.file.resolve().parent
        exports = tuple(sorted(self.exports(), key=lambda e: registry.exporter(e.name).names_others))
        collections = self.collections(exports)
        output = self.output()
        where, work = _locations.folders(output, base)
        sources = self.sources(base)
        if any(source.path == str(where) for source in sources):
            self.say(("output",), "is the folder of a source", "publish into a folder of its own, such as output")
        enrich = self.section("enrich", EnrichConfig, checks.wrong_enrich)
        serve = self.section("serve", ServeConfig, checks.wrong_serve) or ServeConfig()
        made = Config(
            file=self.file.resolve(),
            site=self.section("site", SiteConfig, checks.wrong_site) or SiteConfig(),
            people=self.people(),
            sources=sources,
            collections=collections,
            implied=self.data.get("collections") is None,
            exports=exports,
            output=where,
            output_url=output.url.rstrip("/"),
            aliases=output.aliases,
            work=work,
            brought_to=output.path if text.is_remote(output.path) else "",
            storage=output.storage,
            schedule=self.schedule(collections),
            enrich=replace(enrich, contact=_bare(enrich.contact)) if enrich else None,
            push=self.section("push", PushConfig, checks.wrong_push),
            workers=self.section("workers", WorkersConfig, checks.wrong_workers, _WORKERS) or WorkersConfig(),
            pages=self.pages(base),
            serve=replace(serve, email=_bare(serve.email)),
        )
        return self.with_pages(made)

    # ------------------------------------------------------------------------------------------- sections

    def section(
        self,
        key: str,
        kind: type[T],
        wrong: Callable[[T], Iterable[checks.Wrong]],
        words: Mapping[str, Any] = {},
    ) -> T | None:
        """What stands under `key`, when it can be used; `words` are short for values."""
        stated = self.data.get(key)
        if stated is None:
            return None
        if isinstance(stated, str):
            if words and stated not in words:
                self.say((key,), f"nothing is named {stated!r} here", did_you_mean(stated, words))
                return None
            stated = words.get(stated, stated)
        made = self.convert(stated, kind, (key,))
        if made is not None:
            self.say_all(wrong(made))
        return made

    def numbered(self, key: str, kind: type[T]) -> list[tuple[int, T]]:
        """The entries of the list under `key` that can be used, with their places in it."""
        entries = self.data.get(key)
        if entries is not None and not isinstance(entries, list):
            self.say((key,), "must be a list", f"begin each entry of {key} with '- '")
            return []
        made = [(index, self.convert(entry, kind, (key, index))) for index, entry in enumerate(entries or ())]
        return [(index, entry) for index, entry in made if entry is not None]

    def people(self) -> tuple[Person, ...]:
        people = self.numbered("people", PersonConfig)
        self.say_all(checks.wrong_people(people))
        return tuple(as_person(person) for _, person in people)

    def sources(self, base: Path) -> tuple[SourceConfig, ...]:
        if not self.data.get("sources"):
            hint = "sources:\n        - path: . # the folder of the site"
            self.say(("sources",), "at least one source is needed", hint)
        named = [
            (n, replace(s, name=s.name or _locations.source_name(s.path)))
            for n, s in self.numbered("sources", SourceConfig)
        ]
        self.say_all(checks.wrong_sources(named))
        return tuple(replace(source, path=_locations.source(source.path, base)) for _, source in named)

    def schedule(self, collections: tuple[CollectionConfig, ...]) -> tuple[ScheduleConfig, ...]:
        entries = self.numbered("schedule", ScheduleConfig)
        self.say_all(checks.wrong_schedule(entries, [collection.name for collection in collections]))
        return tuple(entry for _, entry in entries)

    def collections(self, exports: tuple[Export, ...]) -> tuple[CollectionConfig, ...]:
        stated = self.data.get("collections")
        if stated is None:
            return IMPLIED
        made = [replace(c, name=c.name or c.each or "") for _, c in self.numbered("collections", CollectionConfig)]
        formats = [e.name for e in exports if registry.exporter(e.name).scope in {"collection", "list"}]
        if isinstance(stated, list) and len(made) == len(stated):
            self.say_all(_collection_checks.wrong(made, formats))
        return tuple(made)

    def exports(self) -> Iterator[Export]:
        entries = self.data.get("exports", list(DEFAULT_EXPORTS))
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
                self.say(path, f"no exporter is named {name!r}", did_you_mean(str(name), registry.exporter_names()))
                continue
            made = self.convert({} if options is None else options, registry.exporter(name).options, path)
            if made is None:
                continue
            target = str(getattr(made, "filename", f"{name} "))
            if target in taken:
                message, hint = f"writes the same file as {taken[target]}", "give one of them another filename"
                self.say(path, message, f"{hint}, or remove it")
                continue
            taken[target] = name
            yield Export(name, made)

    def output(self) -> OutputConfig:
        value = self.data.get("output")
        stated = {"path": value or "output"} if value is None or isinstance(value, str) else value
        made = self.convert(stated, OutputConfig, ("output",)) or OutputConfig()
        made = replace(made, path=_locations.plain(made.path))
        self.say_all(checks.wrong_output(made))
        self.say_all(_collection_checks.wrong_aliases(made.aliases))
        return made

    def pages(self, base: Path) -> PagesConfig | None:
        words = {mode: {"mode": mode} for mode in ("generate", "inject")}
        made = self.section("pages", PagesConfig, checks.wrong_pages, words)
        if made is None:
            return None
        folders = {key: getattr(made, key) for key in ("site", "templates")}
        return replace(made, **{key: str((base / path).resolve()) for key, path in folders.items() if path})

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

    # ------------------------------------------------------------------------------------------- types

    def convert(self, value: Any, kind: type[T], path: tuple[Any, ...]) -> T | None:
        try:
            return msgspec.convert(_without_dates(value), kind)
        except msgspec.ValidationError as error:
            message, _, where = str(error).partition(" - at `")
            inner = _parts(where.rstrip("`")) if where else ()
            unknown = re.search(r"unknown field `(.*)`", message)
            no_choice = re.search(r"[Ii]nvalid enum value '(.*)'", message)
            no_form = "matching regex" in message
            choices = _CHOICES.get(next((name for name in reversed(inner) if isinstance(name, str)), ""), ())
            if unknown:
                inner = (*inner, unknown[1])
                self.say((*path, *inner), "unknown key", did_you_mean(unknown[1], _fields(kind, inner[:-1])))
            elif no_choice and choices:
                message = f"nothing is named {no_choice[1]!r} here"
                self.say((*path, *inner), message, did_you_mean(no_choice[1], choices))
            elif no_form:
                self.say((*path, *inner), "has not the form that is wanted here", "see docs/configuration.md")
            else:
                hint = "put it in quotes" if "Expected `str`" in message else "see docs/configuration.md"
                self.say((*path, *inner), _plain_english(message), hint)
            return None


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


# Words that are short for values of `workers:`.
_WORKERS: Mapping[str, Any] = {"auto": {}, "serial": {"processes": 1}}

# Key with a fixed choice of values → those.
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": (*get_args(Kind), "papers", "talks"),
    "has": get_args(Has),
    "each": get_args(Each),
}


def as_person(entry: str | PersonConfig) -> Person:
    """A person as config.yaml gives it; a bare string is an organisation's name."""
    if isinstance(entry, str):
        return Person(name=text.legal(entry), organization=True)
    fields: dict[str, Any] = msgspec.structs.asdict(entry)
    fields["orcid"] = fields["orcid"].rpartition("/")[2]
    clean: dict[str, Any] = {k: text.legal(v) if isinstance(v, str) else v for k, v in fields.items()}
    return Person(**clean)


def _bare(contact: str) -> str:
    """An e-mail address without "mailto:"."""
    found = CONTACT.fullmatch(contact.strip())
    return found[1] if found else ""


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


def with_output(config: Config, output: Path) -> Config:
    """The same configuration publishing into another folder."""
    where = output.resolve()
    return replace(config, output=where, work=_locations.work_folder(where), brought_to="")
