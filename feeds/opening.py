"""The configured sources, opened: which convention each follows, and what the site is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from feeds import registry, text
from feeds.config import as_person
from feeds.errors import ConfigError
from feeds.model import Site, SourceOptions, Tree
from feeds.recognition import site_in
from feeds.settings import Config


class Opened(Struct, frozen=True, kw_only=True):
    """The configured sources, opened."""

    trees: dict[str, Tree]
    kinds: dict[str, str]
    options: dict[str, SourceOptions]
    site: Site


def open_sources(config: Config, *, allow_missing: bool = False, offline: bool = False) -> Opened:
    """Open every source and settle what the site is.  Raises SourceError or ConfigError.

    With `allow_missing` a folder that is not there is left out, as long as there is another.
    """
    trees: dict[str, Tree] = {}
    kinds: dict[str, str] = {}
    options: dict[str, SourceOptions] = {}
    for source in config.sources:
        folder = Path(source.path)
        if allow_missing and not folder.is_dir() and len(config.sources) > 1:
            continue
        kind = source.kind
        if kind == "auto":
            found = site_in(folder)
            folder, kind = found.place, found.kind
        chosen = SourceOptions(
            name=source.name,
            url=(config.site.url if "{" in source.url or not source.url else source.url).rstrip("/"),
            pattern=source.url if "{" in source.url else "",
            include=source.include,
            exclude=(*source.exclude, *_own_files(config, folder)),
            pdf_base=source.pdf_base,
            drafts=source.drafts,
            timezone=config.site.timezone,
            people=config.people,
        )
        trees[source.name] = registry.source(kind).open(folder, chosen)
        kinds[source.name], options[source.name] = kind, chosen
    return Opened(trees=trees, kinds=kinds, options=options, site=_site(config, list(trees.values())))


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
    return Site(
        url=text.canonical(url).rstrip("/"),
        feeds_url=(config.output_url or url).rstrip("/"),
        title=text.legal(said("title", url)),
        description=text.legal(said("description")),
        language=said("language", "en").replace("_", "-"),
        timezone=said("timezone", "UTC"),
        license=config.site.license,
        publisher=as_person(config.site.publisher) if config.site.publisher else None,
    )
