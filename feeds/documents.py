"""The documents of the whole: the feeds of every collection, then what describes the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from feeds import registry, text
from feeds.identity import Tombstone
from feeds.model import Artifact, Catalog, Collection, Item, Problem, Row, Site
from feeds.settings import Config, Export

Load = Callable[[str], Item]  # "source:path" → its item


def render(
    rows: Sequence[Row], graves: Sequence[Tombstone], config: Config, site: Site, load: Load
) -> tuple[list[tuple[str, Artifact]], list[Problem]]:
    """Feeds and site documents of the published `rows` (newest first), in the order in which one names the other.

    Each artifact comes with the name of its exporter.  A format that fails is a Problem; the others are
    rendered all the same.
    """
    faults: list[Problem] = []
    rendered: list[tuple[str, Artifact]] = []
    feeds: list[tuple[str, Artifact]] = []
    collections: list[Collection] = []
    exports = [e for e in config.exports if registry.exporter(e.name).scope == "collection"]
    limit = max((int(getattr(e.options, "limit", 0)) for e in exports), default=0)
    for head in _heads(rows, graves, config, site):
        collections.append(head)
        newest = [row for row in rows if _holds(head.name, row)][:limit]
        collection = replace(head, items=tuple(load(row.path) for row in newest))
        for export in exports:
            for artifact in _render(export, collection, site, faults):
                rendered.append((export.name, artifact))
                feeds.append((head.name, replace(artifact, body=b"")))
    if collections:
        catalog = Catalog(
            rows=tuple(rows),
            collections=tuple(collections),
            feeds=tuple(feeds),
            updated=_updated(rows, graves),
        )
        for export in config.exports:
            if registry.exporter(export.name).scope == "site":
                made = list(_render(export, catalog, site, faults))
                rendered.extend((export.name, artifact) for artifact in made)
                named = (replace(artifact, body=b"") for artifact in made)
                catalog = replace(catalog, documents=(*catalog.documents, *named))
    return rendered, faults


def owner_of(exporter: str) -> str:
    """The owner of a document of the whole in the manifest: no post is called that, for a source has a name."""
    return f":{exporter}"


def _holds(collection: str, row: Row) -> bool:
    return row.in_feeds and (not collection or collection in row.collections)


def _render(export: Export, value: Collection | Catalog, site: Site, faults: list[Problem]) -> Iterator[Artifact]:
    try:
        yield from registry.exporter(export.name).render(value, site, export.options)
    except Exception as error:
        faults.append(
            Problem(
                stage="export",
                where=export.name,
                message=f"unexpected {type(error).__name__}: {error}",
                hint="this is a defect in the exporter: please report it",
            )
        )


def _heads(rows: Sequence[Row], graves: Sequence[Tombstone], config: Config, site: Site) -> Iterator[Collection]:
    """Every collection that has or had something, without its items; first that of everything."""
    heads = [("", site.title, site.description)]
    heads += [(c.name, c.title or f"{site.title}: {c.name}", c.description) for c in config.collections]
    for name, title, description in heads:
        listed = [row for row in rows if _holds(name, row)]
        dead = [t for t in graves if not name or name in t.collections]
        if listed or dead:
            yield Collection(
                name=name,
                title=title,
                description=description,
                path=f"collections/{text.slug(name)}" if name else "",
                items=(),
                updated=_updated(listed, dead),
            )


def _updated(rows: Iterable[Row], graves: Iterable[Tombstone]) -> datetime:
    return max([*(row.updated for row in rows), *(grave.when for grave in graves)])
