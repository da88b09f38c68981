"""The configured sources, opened: which convention each follows, and what the site is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from feeds import places, registry, text
from feeds.config import as_person
from feeds.errors import ConfigError, SourceError
from feeds.model import Artifact, Problem, Site, SourceOptions, Tree
from feeds.recognition import site_in
from feeds.settings import Config, SourceConfig


class Opened(Struct, frozen=True, kw_only=True):
    """The configured sources, opened."""

    trees: dict[str, Tree]
    kinds: dict[str, str]
    options: dict[str, SourceOptions]
    site: Site
    problems: tuple[Problem, ...] = ()  # of sources that could not be brought up to date


def open_sources(config: Config, *, now: datetime | None, allow_missing: bool = False) -> Opened:
    """Open every source and settle what the site is.  Raises SourceError or ConfigError.

    What is elsewhere is brought up to date first; with `now` None, what was brought last is taken and nothing is
    written.  With `allow_missing` a folder that is not there is left out, as long as there is another.
    """
    trees: dict[str, Tree] = {}
    kinds: dict[str, str] = {}
    chosen: dict[str, SourceOptions] = {}
    openers: dict[str, Callable[[SourceOptions], Tree]] = {}
    problems: list[Problem] = []
    for source in config.sources:
        place = places.find(source, config, now)
        problems += place.problems
        if place.path is None or (allow_missing and not place.path.exists() and len(config.sources) > 1):
            continue
        try:
            found = site_in(place.path) if source.kind == "auto" else None
            kind, folder = (found.kind, found.place) if found else (source.kind, place.path)
            options, opener = _options(source, folder, config), _opener(source, kind, folder, place.path, config, now)
            trees[source.name] = opener(options)
        except SourceError as error:
            if not text.is_remote(source.path):
                raise
            problems.append(Problem(stage="read", where=source.path, message=error.message, hint=error.hint))
            continue  # what somebody else's server holds does not stop the others
        kinds[source.name], chosen[source.name], openers[source.name] = kind, options, opener
    if not trees:
        first = next(p for p in problems if p.severity == "error")
        raise SourceError(first.message, where=first.where, hint=first.hint)
    site = _site(config, list(trees.values()))
    for name in [name for name, tree in trees.items() if _is_homeless(tree)]:
        chosen[name] = replace(chosen[name], url=site.url)
        trees[name] = replace(openers[name](chosen[name]), problems=trees[name].problems)
    return Opened(trees=trees, kinds=kinds, options=chosen, site=site, problems=tuple(problems))


def _opener(
    source: SourceConfig, kind: str, folder: Path, place: Path, config: Config, now: datetime | None
) -> Callable[[SourceOptions], Tree]:
    def opener(options: SourceOptions) -> Tree:
        return places.dated(registry.source(kind).open(folder, options), source, place, config, now)

    return opener


def _is_homeless(tree: Tree) -> bool:
    """Does nothing say where it is published?  Then it is part of the site that another source is."""
    return not text.is_web(tree.site.get("url", ""))


def _options(source: SourceConfig, folder: Path, config: Config) -> SourceOptions:
    is_pattern = "{" in source.url
    return SourceOptions(
        name=source.name,
        url=(config.site.url if is_pattern or not source.url else source.url).rstrip("/"),
        pattern=source.url if is_pattern else "",
        include=source.include,
        exclude=(*source.exclude, *_own_files(config, folder)),
        pdf_base=source.pdf_base,
        drafts=source.drafts,
        timezone=config.site.timezone,
        people=config.people,
    )


def _own_files(config: Config, folder: Path) -> tuple[str, ...]:
    """A pattern for the output where it lies below a source: what we wrote is not read again."""
    place = folder.resolve()
    return (f"/{config.output.relative_to(place).as_posix()}/",) if config.output.is_relative_to(place) else ()


def _site(config: Config, trees: Sequence[Tree]) -> Site:
    def said(field: str, default: str = "") -> str:
        return getattr(config.site, field, "") or next((t.site[field] for t in trees if t.site.get(field)), default)

    url = said("url").rstrip("/")
    if not text.is_web(url):
        raise ConfigError(
            "site.url: the site's address is not known",
            where=f"{config.file}:1",
            hint="add site: url: https://… (links in feeds must be absolute)",
        )
    stated = Site(
        url=text.canonical(url).rstrip("/"),
        feeds_url=(config.output_url or url).rstrip("/"),
        title=text.legal(said("title", url)),
        description=text.legal(said("description")),
        language=said("language", "en").replace("_", "-"),
        timezone=said("timezone", "UTC"),
    )
    return with_configuration(stated, config)


def with_configuration(site: Site, config: Config) -> Site:
    """The site with what the configuration alone says of it."""
    return replace(
        site,
        icon=config.site.icon,
        license=config.site.license,
        publisher=as_person(config.site.publisher) if config.site.publisher else None,
        hubs=tuple(text.iri_to_uri(hub) for hub in config.push.hubs) if config.push else (),
        feeds=tuple(_feeds(config)),
        pages=any(export.name == "page" for export in config.exports),
        nested=all(getattr(export.options, "nested", True) for export in config.exports),
    )


def _feeds(config: Config) -> Iterator[Artifact]:
    """The feeds of everything that the configured formats will write."""
    for export in config.exports:
        exporter = registry.exporter(export.name)
        if exporter.scope == "collection" and (path := getattr(export.options, "filename", "")):
            yield Artifact(path=path, media_type=exporter.media_type)
