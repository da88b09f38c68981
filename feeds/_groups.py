"""Which feeds there are: of everything, of each collection, of every value that `each:` finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from feeds import selection, text
from feeds.model import Problem, Row, Tombstone
from feeds.settings import CollectionConfig, Config

MOST = 500  # values of one `each:` that have feeds
_WHOLE = CollectionConfig()


class Group(Struct, frozen=True, kw_only=True):
    """What one set of feeds is made from."""

    config: CollectionConfig
    name: str  # "" for everything; of a value "author:ada-wick"
    path: str  # folder below the output
    rows: Sequence[Row]  # newest first
    graves: Sequence[Tombstone]
    value: str = ""  # that `each` found, as its oldest item has it


def groups(rows: Sequence[Row], graves: Sequence[Tombstone], config: Config, faults: list[Problem]) -> Iterator[Group]:
    """Every collection that has or had something; first that of everything.  `rows` are newest first."""
    listed = [row for row in rows if row.in_feeds]
    if not (listed or graves):
        return
    yield Group(config=_WHOLE, name="", path="", rows=listed, graves=graves)
    own = [_group(c, listed, graves) for c in config.collections if not c.each]
    own = [group for group in own if group.rows or group.graves]
    if not config.implied or len(own) > 1:
        yield from own
    taken = {folder(c).casefold() for c in config.collections if not c.each}
    for collection in config.collections:
        if collection.each:
            found = _named(collection, _values(collection, listed, graves), taken)
            found = [g for g in found if len(g.rows) + len(g.graves) >= collection.least]
            yield from _most(collection, found, faults)


def folder(collection: CollectionConfig) -> str:
    """Where below the output its feeds go."""
    return collection.path or f"collections/{text.segment(text.slug(collection.name))}"


def _group(c: CollectionConfig, rows: Sequence[Row], graves: Sequence[Tombstone]) -> Group:
    return Group(
        config=c,
        name=c.name,
        path=folder(c),
        rows=[row for row in rows if c.name in row.collections],
        graves=[grave for grave in graves if c.name in grave.collections],
    )


class _Members(Struct):
    """What has one value."""

    value: str
    rows: list[Row]
    graves: list[Tombstone]


def _values(collection: CollectionConfig, rows: Sequence[Row], graves: Sequence[Tombstone]) -> dict[str, _Members]:
    """What has each value, by its key, in the order in which the values first occurred."""
    found: dict[str, _Members] = {}
    known = _persons([*rows, *graves], collection)
    for row in reversed(rows):
        for key, value in _of(row, collection, known).items():
            found.setdefault(key, _Members(value, [], [])).rows.append(row)
    for grave in graves:
        for key, value in _of(grave, collection, known).items():
            found.setdefault(key, _Members(value, [], [])).graves.append(grave)
    return found


def _of(one: Row | Tombstone, collection: CollectionConfig, known: dict[str, str]) -> dict[str, str]:
    return {known.get(key, key): value for name, key, value in reversed(one.values) if name == collection.name}


def _persons(all_of_them: Sequence[Row | Tombstone], collection: CollectionConfig) -> dict[str, str]:
    """Names that belong to one person with a key of its own: who states no ORCID iD is the one who does."""
    if collection.each != "author":
        return {}
    keys: dict[str, set[str]] = {}
    for one in all_of_them:
        for name, key, value in one.values:
            if name == collection.name and key != selection.key_of(value):
                keys.setdefault(selection.key_of(value), set()).add(key)
    return {name: min(known) for name, known in keys.items() if len(known) == 1}


def _named(collection: CollectionConfig, members: dict[str, _Members], taken: set[str]) -> list[Group]:
    """A group for each value; of two that would lie in one folder the one that came first keeps it."""
    made = []
    for key, one in members.items():
        slug = text.slug(one.value) or text.digest(key.encode())[:12]
        path = _free(f"{folder(collection)}/{text.segment(slug)}", taken)
        taken.add(path.casefold())
        made.append(
            Group(
                config=collection,
                name=f"{collection.name}:{key}",
                path=path,
                rows=one.rows[::-1],
                graves=one.graves,
                value=one.value,
            )
        )
    return made


def _free(path: str, taken: set[str]) -> str:
    number, free = 1, path
    while free.casefold() in taken:
        number += 1
        free = f"{path}-{number}"
    return free


def _most(collection: CollectionConfig, found: list[Group], faults: list[Problem]) -> list[Group]:
    """The groups in the order of their folders; of too many those with most items."""
    if len(found) > MOST:
        message = f"{len(found)} values have feeds of their own; only the {MOST} with most items are published"
        hint = "give it a least:, or a where:"
        where = f"collections: {collection.name}"
        faults.append(Problem(stage="export", where=where, message=message, hint=hint, severity="warning"))
        found = sorted(found, key=lambda group: (-len(group.rows), group.path))[:MOST]
    return sorted(found, key=lambda group: group.path)
