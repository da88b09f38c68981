"""The documents of the whole: the feeds of every collection, then what describes the site."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, overload

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import _archives, _rendering, registry, text
from feeds._groups import Group, groups
from feeds._rendering import Done, Task
from feeds.model import Artifact, Catalog, Collection, Item, Problem, Row, Site, Tombstone
from feeds.publish import Staged
from feeds.settings import CollectionConfig, Config, Export

Thing = TypeVar("Thing")


class Made(Struct, frozen=True):
    """What one exporter made of one collection, or of a part of it."""

    source: str  # digest of what they were made from
    feeds: tuple[Artifact, ...]  # without their bodies


class Store(Struct, frozen=True, kw_only=True):
    """Where the items are, what the last run made of them, and where to put what this one makes."""

    load: Callable[[str], Item]  # "source:path" → its item
    text: Callable[[str], bytes]  # … as JSON
    checks: Mapping[str, str]  # "source:path" → digest of its item
    # an export, the name of its document, (path, digest) of each item → what `Exporter.piece` makes of them, joined
    pieces: Callable[[Export, str, Sequence[tuple[str, str]]], Iterator[bytes]]
    stage: Callable[[str, Artifact], Staged]  # a document, and the name of its exporter → ready to be published
    several: Callable[[Sequence[Task]], Iterable[Done]]  # documents made many at a time, in no particular order
    again: Callable[[str], Staged]  # path of a document that stays as the last run published it
    last: Mapping[str, Made] = {}
    published: Callable[[str], bool] = lambda _path: False  # does a file still lie there as it was published?
    tell: Callable[[int, int], None] = lambda _done, _total: None  # how many collections are done, of how many


class Rendered(Struct, frozen=True, kw_only=True):
    """The documents of the whole."""

    staged: list[Staged] = []  # in the order in which one names the other
    artifacts: list[tuple[str, Artifact]] = []  # with their exporters' names; without bodies, but those to be copied
    made: dict[str, Made] = {}
    faults: list[Problem] = []


def render(rows: Sequence[Row], graves: Sequence[Tombstone], config: Config, site: Site, store: Store) -> Rendered:
    """Feeds and site documents of the published `rows` (newest first).

    A feed that would be made from the same as in the last run is not made again.  A format that fails is a Problem;
    the others are rendered all the same.
    """
    done = Rendered()
    feeds: list[tuple[str, Artifact]] = []
    lists: list[tuple[str, Artifact]] = []
    collections: list[Collection] = []
    found = list(groups(rows, graves, config, done.faults))
    for group in found:
        store.tell(len(collections), len(found))
        collections.append(_head(group, site))
        for name, artifact in _of_group(group, config, site, store, done):
            scope = registry.exporter(name).scope
            if not artifact.archive:
                (feeds if scope == "collection" else lists).append((group.name, artifact))
    if collections:
        catalog = Catalog(
            rows=tuple(rows),
            collections=tuple(collections),
            feeds=tuple(feeds),
            lists=tuple(lists),
            updated=_updated(rows, graves),
        )
        _site_documents(catalog, config, site, store, done)
        for name, artifact in _copies(done.artifacts, config, done.faults):
            done.staged.append(store.stage(name, artifact))
    return done


def _take(name: str, artifact: Artifact, config: Config, store: Store, done: Rendered) -> Artifact:
    """Have a document staged at once, for all of them together may be large; returns it without its body."""
    done.staged.append(store.stage(name, artifact))
    light = replace(artifact, body=b"")
    done.artifacts.append((name, artifact if artifact.path in config.aliases.values() else light))
    return light


class _Document(Struct, frozen=True):
    """One document of a collection: what it says of itself, and what it holds."""

    key: str  # its name among all documents
    source: str  # digest of what it is made from
    head: Collection  # without its items
    paths: Sequence[str]  # of its rows
    checks: Sequence[tuple[str, str]]  # (path, digest of its item) of each row


def _of_group(group: Group, config: Config, site: Site, store: Store, done: Rendered) -> Iterator[tuple[str, Artifact]]:
    """Feeds and lists of one collection, with the names of their exporters; `done` notes what they were made from."""
    exports = [e for e in config.exports if registry.exporter(e.name).scope in {"collection", "list"}]
    own = [_own(export, group.config) for export in exports if export.name in (group.config.formats or export.name)]
    ordered = _ordered(group)
    head = _head(group, site)
    near = replace(store, load=cache(store.load))
    for export in own:
        made: list[Artifact] = []
        documents = _documents(export, group, ordered, head, store.checks)
        archives = _archives_of(export, documents, config, store)
        for document in documents:
            is_feed = registry.exporter(export.name).scope == "collection"
            if document.key in archives:
                made += _taken(archives[document.key], document, export, done)
            else:
                made += _made(export, document, config, site, near if is_feed else store, done)
        head = replace(head, documents=(*head.documents, *(a for a in made if not a.archive)))
        yield from ((export.name, artifact) for artifact in made)


def _documents(
    export: Export, group: Group, ordered: Sequence[Row], head: Collection, checks: Mapping[str, str]
) -> list[_Document]:
    """The list; or the archives of a feed, and the feed."""
    basis = text.digest(msgspec.json.encode(export, order="sorted")).encode()

    def document(head: Collection, rows: Sequence[Row]) -> _Document:
        own = [(row.path, checks.get(row.path, "")) for row in rows]
        source = text.digest(basis + msgspec.json.encode((head, own)))
        key = f"{export.name} {head.place.name} {head.name}"
        return _Document(key, source, head, [path for path, _ in own], own)

    if registry.exporter(export.name).scope == "list":
        return [document(head, ordered)]
    head = replace(head, listings=())  # a feed does not lead to them, and need not be made again when they change
    limit = int(getattr(export.options, "limit", 0))
    if not _is_archived(export, group):
        return [document(head, ordered[:limit])]
    parts = _archives.documents(ordered, limit, int(getattr(export.options, "max_bytes", sys.maxsize)))
    return [document(_part(head, part), part.rows) for part in parts]


def _is_archived(export: Export, group: Group) -> bool:
    """Has a feed archives?  Those of every tag or author only when asked for; what is ordered by change has none."""
    said = group.config.archive
    wanted = said if said is not None else not group.config.each
    return wanted and group.config.order == "published" and bool(getattr(export.options, "archive", False))


def _part(head: Collection, part: _archives.Document) -> Collection:
    """What a document of a feed says of itself; an archive only of what it holds, so that it need not change."""
    if not part.place.name:
        return replace(head, place=part.place)
    return replace(head, place=part.place, updated=_updated(part.rows, ()), gone=(), documents=())


def _last(document: _Document, config: Config, store: Store) -> Made | None:
    """What the last run made of a document, when this one would make the same."""
    last = store.last.get(document.key)
    same = last is not None and last.source == document.source
    return last if last and same and all(_stands(a.path, config, store) for a in last.feeds) else None


def _archives_of(export: Export, documents: Sequence[_Document], config: Config, store: Store) -> dict[str, Done]:
    """The archives that are to be made anew, made: each by itself, so many at a time."""
    stale = [d for d in documents if d.head.place.name and _last(d, config, store) is None]

    def task(document: _Document) -> Task:
        items = tuple(map(store.text, document.paths))
        return Task(key=document.key, export=export, head=document.head, items=items)

    return {done.key: done for done in store.several(Lazily(stale, task))} if stale else {}


def _taken(new: Done, document: _Document, export: Export, done: Rendered) -> list[Artifact]:
    """The artifacts of a document that was made elsewhere."""
    made = [replace(artifact, body=b"") for artifact in new.artifacts]
    done.staged.extend(new.staged)
    done.artifacts.extend((export.name, artifact) for artifact in new.artifacts)
    done.faults.extend(new.faults)
    if not new.faults:
        done.made[document.key] = Made(document.source, tuple(made))
    return made


def _made(
    export: Export, document: _Document, config: Config, site: Site, store: Store, done: Rendered
) -> list[Artifact]:
    """The artifacts of one document, staged: those of the last run when they would be made from the same."""
    pieces = store.pieces(export, document.key, document.checks) if registry.exporter(export.name).piece else ()
    if last := _last(document, config, store):
        done.made[document.key] = last
        done.staged.extend(store.again(artifact.path) for artifact in last.feeds)
        done.artifacts.extend((export.name, artifact) for artifact in last.feeds)
        return list(last.feeds)
    whole = registry.exporter(export.name).scope == "list"
    items = Lazily(document.paths, store.load) if whole else tuple(map(store.load, document.paths))
    faults = len(done.faults)
    artifacts = _rendering.rendered(export, replace(document.head, items=items, pieces=pieces), site, done.faults)
    made = [_take(export.name, artifact, config, store, done) for artifact in artifacts]
    if len(done.faults) == faults:
        done.made[document.key] = Made(document.source, tuple(made))
    return made


class Lazily(Sequence[Thing]):
    """What `make` makes of each key, made when it is asked for and not kept: all of it is never in memory."""

    def __init__(self, keys: Sequence[Any], make: Callable[[Any], Thing]) -> None:
        self._keys = keys
        self._make = make

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> Thing: ...
    @overload
    def __getitem__(self, index: slice) -> Lazily[Thing]: ...
    def __getitem__(self, index: int | slice) -> Thing | Lazily[Thing]:
        """One; of a slice those it has, as yet unmade."""
        if isinstance(index, slice):
            return Lazily(self._keys[index], self._make)
        return self._make(self._keys[index])


def _stands(path: str, config: Config, store: Store) -> bool:
    """Need a feed not be rendered again?  One that is copied must be."""
    return path not in config.aliases.values() and store.published(path)


def _site_documents(catalog: Catalog, config: Config, site: Site, store: Store, done: Rendered) -> None:
    for export in config.exports:
        if registry.exporter(export.name).scope == "site":
            artifacts = _rendering.rendered(export, catalog, site, done.faults)
            made = [_take(export.name, artifact, config, store, done) for artifact in artifacts]
            catalog = replace(catalog, documents=(*catalog.documents, *made))


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


def _own(export: Export, collection: CollectionConfig) -> Export:
    """The export with what the collection says of its own feeds, as far as the format knows of that."""
    keys = ("limit", "content", "max_bytes", "filename")
    said = {key: getattr(collection, key) or None for key in keys}
    known = {name: value for name, value in said.items() if value is not None and hasattr(export.options, name)}
    return replace(export, options=replace(export.options, **known)) if known else export


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
        value=value,
        gone=tuple(group.graves),
        each=said.each or "",
        listings=group.listings,
    )


def _updated(rows: Sequence[Row], graves: Sequence[Tombstone]) -> datetime:
    return max([*(row.updated for row in rows), *(grave.when for grave in graves)])
