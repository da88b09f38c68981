"""What can be wrong in `collections:` and `output.aliases`; config.py says it with the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from feeds import text
from feeds.settings import CollectionConfig, Where

Wrong = tuple[tuple[Any, ...], str, str]  # path of the key, message, hint
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def wrong(collections: Sequence[CollectionConfig], formats: Sequence[str]) -> Iterator[Wrong]:
    """Everything wrong in the collections; `formats` are the exporters of feeds that are configured."""
    names: dict[str, str] = {}
    folders: dict[str, str] = {}
    for index, collection in enumerate(collections):
        at = ("collections", index)
        yield from _name(collection, at, names)
        yield from _path(collection, at, folders)
        yield from _filename(collection, at)
        yield from _texts(collection, at)
        yield from _where(collection.where, (*at, "where"))
        for name in collection.formats:
            if name not in formats:
                hint = f"known are {', '.join(formats)}" if formats else "name it in exports: first"
                yield (*at, "formats"), f"exports: has no format of feeds named {name!r}", hint
    yield from _mixed_up(collections)


def wrong_aliases(aliases: dict[str, str]) -> Iterator[Wrong]:
    """Everything wrong in `output.aliases`."""
    for alias, path in aliases.items():
        for name in (alias, path):
            if not is_path(name):
                yield ("output", "aliases", alias), f"{name!r} is no path below the output", "write feed.xml, say"
        if alias == path:
            yield ("output", "aliases", alias), "is an alias of itself", "name another document"


def is_path(path: str) -> bool:
    """Is it a path that stays below the folder that it starts in, on every file system?"""
    return all(part == text.segment(part) and part.strip(". ") for part in path.split("/"))


def _name(collection: CollectionConfig, at: tuple[Any, ...], names: dict[str, str]) -> Iterator[Wrong]:
    if not collection.name:
        yield at, "the key name is missing", "give it a short name"
        return
    slug = text.slug(collection.name)
    if not slug:
        yield (*at, "name"), "needs a letter or a digit", "it becomes part of the feed's address"
    elif slug in names:
        message = f"{collection.name!r} and {names[slug]!r} would both be collections/{slug}/"
        yield (*at, "name"), message, "rename one of them"
    names[slug] = collection.name


def _path(collection: CollectionConfig, at: tuple[Any, ...], folders: dict[str, str]) -> Iterator[Wrong]:
    path = collection.path or f"collections/{text.slug(collection.name)}"
    if not is_path(path):
        hint = "write it without / at the ends and without .., as in path: papers"
        yield (*at, "path"), f"{path!r} is no folder below the output", hint
    elif folders.get(path.casefold(), collection.name) != collection.name and collection.path:
        message = f"{collection.name!r} and {folders[path.casefold()]!r} would both be {path}/"
        yield (*at, "path"), message, "change one of them"
    folders.setdefault(path.casefold(), collection.name)


def _filename(collection: CollectionConfig, at: tuple[Any, ...]) -> Iterator[Wrong]:
    name = collection.filename
    if name and ("/" in name or not is_path(name)):
        yield (*at, "filename"), f"{name!r} is no name of a file", "write feed.xml, say; its folder is path:"
    if name and len(collection.formats) != 1:
        hint = "choose one: formats: [atom]; another may have the other name by output.aliases"
        yield (*at, "filename"), "is the name of one file, but the collection has feeds in several formats", hint


def _texts(collection: CollectionConfig, at: tuple[Any, ...]) -> Iterator[Wrong]:
    if collection.each and collection.title and "{value}" not in collection.title:
        yield (*at, "title"), "would be the title of every one of its feeds", 'write "Tag {value}", say'
    if collection.archive and collection.order == "updated":
        yield (*at, "archive"), "goes with order: published", "remove it"
    if not collection.each and collection.least > 1:
        yield (*at, "least"), "goes with each:", "remove it"


def _mixed_up(collections: Sequence[CollectionConfig]) -> Iterator[Wrong]:
    """A collection that is called as a value of another would be."""
    for index, collection in enumerate(collections):
        for other in collections:
            if other.each and collection.name.startswith(f"{other.name}:"):
                message = f"{collection.name!r} could be a value of {other.name!r}"
                yield ("collections", index, "name"), message, "leave the colon out"


def _where(where: Where, at: tuple[Any, ...]) -> Iterator[Wrong]:
    for key in ("since", "until"):
        said = str(getattr(where, key))
        if said and not _is_date(said):
            yield (*at, key), f"{said!r} is not a date", "write 2024, 2024-03 or 2024-03-01"
    if where.since and where.until and _shortest(str(where.since), str(where.until)):
        yield (*at, "until"), "is before since", "exchange the two"
    for key, inner in (("all", where.all), ("any", where.any)):
        for index, one in enumerate(inner):
            yield from _where(one, (*at, key, index))
    if where.not_:
        yield from _where(where.not_, (*at, "not"))


def _is_date(said: str) -> bool:
    try:
        return bool(_DATE.fullmatch(said)) and text.partial_date(said) == said
    except ValueError:
        return False


def _shortest(since: str, until: str) -> bool:
    return until[: len(since)] < since[: len(until)]
