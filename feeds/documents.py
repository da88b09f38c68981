"""The documents of the whole: the feeds of every collection, then what describes the site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from feeds import registry
from feeds._groups import Group, groups
from feeds.identity import Tombstone
from feeds.model import Artifact, Catalog, Collection, Item, Problem, Row, Site
from feeds.settings import CollectionConfig, Config, Export

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
    for group in groups(rows, graves, config, faults):
        head = _head(group, site)
        collections.append(head)
        own = [_own(export, group.config) for export in exports if export.name in (group.config.formats or export.name)]
        limit = max((int(getattr(e.options, "limit", 0)) for e in own), default=0)
        collection = replace(head, items=tuple(load(row.path) for row in _ordered(group)[:limit]))
        for export in own:
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
        rendered.extend(_site_documents(catalog, config, site, faults))
        rendered.extend(_copies(rendered, config, faults))
    return rendered, faults


def _site_documents(
    catalog: Catalog, config: Config, site: Site, faults: list[Problem]
) -> Iterator[tuple[str, Artifact]]:
    for export in config.exports:
        if registry.exporter(export.name).scope == "site":
            made = list(_render(export, catalog, site, faults))
            yield from ((export.name, artifact) for artifact in made)
            named = (replace(artifact, body=b"") for artifact in made)
            catalog = replace(catalog, documents=(*catalog.documents, *named))


def _copies(
    rendered: Sequence[tuple[str, Artifact]], config: Config, faults: list[Problem]
) -> list[tuple[str, Artifact]]:
    """The documents that `output.aliases` wants under another name as well."""
    made = {artifact.path: (name, artifact) for name, artifact in rendered}
    copies = []
    for alias, path in config.aliases.items():
        if path in made and alias not in made:
            name, artifact = made[path]
            copies.append((name, replace(artifact, path=alias)))
            continue
        message = f"there is no document {path} to copy" if path not in made else "is the name of another document"
        hint = "see index.html, or manifest.json, for the names of all documents"
        where = f"output.aliases: {alias}"
        faults.append(Problem(stage="export", where=where, message=message, hint=hint, severity="warning"))
    return copies


def owner_of(exporter: str) -> str:
    """The owner of a document of the whole in the manifest: no post is called that, for a source has a name."""
    return f":{exporter}"


def _own(export: Export, collection: CollectionConfig) -> Export:
    """The export with what the collection says of its own feeds, as far as the format knows of that."""
    said = {"limit": collection.limit, "content": collection.content}
    known = {name: value for name, value in said.items() if value is not None and hasattr(export.options, name)}
    return replace(export, options=replace(export.options, **known)) if known else export


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


def _ordered(group: Group) -> Sequence[Row]:
    if group.config.order == "published":
        return group.rows
    return sorted(sorted(group.rows, key=lambda row: (row.id, row.path)), key=lambda row: row.updated, reverse=True)


def _head(group: Group, site: Site) -> Collection:
    """The collection without its items."""
    said, value = group.config, group.value
    plain = f"{site.title}: {value or group.name}" if group.name else site.title
    return Collection(
        name=group.name,
        title=said.title.replace("{value}", value) if said.title else plain,
        description=said.description.replace("{value}", value) if group.name else site.description,
        path=group.path,
        items=(),
        updated=_updated(group.rows, group.graves),
    )


def _updated(rows: Sequence[Row], graves: Sequence[Tombstone]) -> datetime:
    return max([*(row.updated for row in rows), *(grave.when for grave in graves)])
