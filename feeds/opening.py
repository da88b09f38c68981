"""The configured sources, opened: which convention each follows, and what the site is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from feeds import registry, text
from feeds.config import as_person
from feeds.errors import ConfigError, SourceError
from feeds.model import Site, SourceOptions, Tree
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
        kind = recognise(folder) if source.kind == "auto" else source.kind
        chosen = SourceOptions(
            name=source.name,
            url=(source.url or config.site.url).rstrip("/"),
            include=source.include,
            exclude=source.exclude,
            pdf_base=source.pdf_base,
            drafts=source.drafts,
            timezone=config.site.timezone,
            people=config.people,
        )
        trees[source.name] = registry.source(kind).open(folder, chosen)
        kinds[source.name], options[source.name] = kind, chosen
    return Opened(trees=trees, kinds=kinds, options=options, site=_site(config, list(trees.values())))


def recognise(folder: Path) -> str:
    """Name of the convention of a folder, or of the format of a file.  Raises SourceError when it is not there."""
    if not folder.exists():
        raise SourceError(
            "there is no such file or folder",
            where=str(folder),
            hint="correct sources: path, or mount it",
        )
    found = [(name, registry.source(name).detect(folder)) for name in registry.source_names()]
    likely = [(d.confidence, name) for name, d in found if d]
    if not likely:
        raise SourceError("no posts are recognised here", where=str(folder), hint="set sources: kind")
    return max(likely)[1]


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
