"""Which feeds and lists there are: of everything, of each collection, of every value that `each:` finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from feeds import registry, selection, text
from feeds.model import Listing, Problem, Row, Tombstone
from feeds.settings import IMPLIED, CollectionConfig, Config

MOST = 500  # values of one `each:` that have feeds
MOST_PAGES = 5000  # … that have pages and lists alone: nobody asks for those every quarter of an hour
_LIST_PAGE = "list-page"  # the exporter of pages with lists
_WHOLE = CollectionConfig()


class Group(Struct, frozen=True, kw_only=True):
    """What one set of feeds is made from."""

    config: CollectionConfig
    name: str  # "" for everything; of a value "author:ada-wick"
    path: str  # folder below the output
    rows: Sequence[Row]  # newest first
    graves: Sequence[Tombstone]
    value: str = ""  # that `each` found, as its oldest item has it
    spelled: Mapping[str, str] = {}  # path of each row → the value as that one has it
    listings: tuple[Listing, ...] = ()  # of everything: the list pages of all others


def groups(rows: Sequence[Row], graves: Sequence[Tombstone], config: Config, faults: list[Problem]) -> Iterator[Group]:
    """Every collection that has or had something; first that of everything.  `rows` are newest first."""
    listed = [row for row in rows if row.in_feeds]
    if not (listed or graves):
        return
    others = list(_others(listed, graves, config, faults))
    known = paged(config)
    pages = tuple(listing(group) for group in others if group.rows and group.config in known)
    yield Group(config=_WHOLE, name="", path="", rows=listed, graves=graves, listings=pages)
    yield from others


def _others(
    listed: Sequence[Row], graves: Sequence[Tombstone], config: Config, faults: list[Problem]
) -> Iterator[Group]:
    """Every collection but that of everything."""
    own = [_group(c, listed, graves) for c in config.collections if not c.each]
    own = [group for group in own if group.rows or group.graves]
    if not config.implied or len(own) > 1:
        yield from own
    taken = {folder(c).casefold() for c in config.collections if not c.each}
    for collection in config.collections:
        if collection.each:
            found = _named(collection, _values(collection, listed, graves), taken)
            found = [g for g in found if len(g.rows) + len(g.graves) >= collection.least]
            yield from _most(collection, found, config, faults)


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
    spelled: dict[str, str]


def _values(collection: CollectionConfig, rows: Sequence[Row], graves: Sequence[Tombstone]) -> dict[str, _Members]:
    """What has each value, by its key, in the order in which the values first occurred."""
    found: dict[str, _Members] = {}
    known = _persons([*rows, *graves], collection)
    for row in reversed(rows):
        for key, value in _of(row, collection, known).items():
            members = found.setdefault(key, _Members(value, [], [], {}))
            members.rows.append(row)
            members.spelled[row.path] = value
    for grave in graves:
        for key, value in _of(grave, collection, known).items():
            found.setdefault(key, _Members(value, [], [], {})).graves.append(grave)
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
                spelled=one.spelled,
            )
        )
    return made


def _free(path: str, taken: set[str]) -> str:
    number, free = 1, path
    while free.casefold() in taken:
        number += 1
        free = f"{path}-{number}"
    return free


def _most(collection: CollectionConfig, found: list[Group], config: Config, faults: list[Problem]) -> list[Group]:
    """The groups in the order of their folders; of too many those with most items, people with an ORCID iD first."""
    kinds = {registry.exporter(e.name).scope for e in config.exports if e.name in (collection.formats or e.name)}
    most = MOST if "collection" in kinds else MOST_PAGES
    if len(found) > most:
        what = "feeds" if most == MOST else "pages"
        message = f"{len(found)} values have {what} of their own; only the {most} with most items are published"
        hint = "give it a least:, or a where:"
        where = f"collections: {collection.name}"
        faults.append(Problem(stage="export", where=where, message=message, hint=hint, severity="warning"))
        found = sorted(found, key=lambda group: (not _is_sure(group), -len(group.rows), group.path))[:most]
    return sorted(found, key=lambda group: group.path)


def _is_sure(group: Group) -> bool:
    """Is it a person who is known by an ORCID iD?  Those of the site are; most of their many co-authors are not."""
    return group.config.each == "author" and not group.name.endswith(f":{selection.key_of(group.value)}")


# ------------------------------------------------------------------------------------------------------ list pages


def paged(config: Config) -> tuple[CollectionConfig, ...]:
    """The collections that have list pages, that of everything first; none without the exporter."""
    if not any(export.name == _LIST_PAGE for export in config.exports):
        return ()
    return (_WHOLE, *(c for c in config.collections if _LIST_PAGE in (c.formats or (_LIST_PAGE,))))


def named(config: Config) -> tuple[CollectionConfig, ...]:
    """Those that the page of a work names: not what is implied, for that depends on all posts."""
    return tuple(c for c in paged(config) if not (config.implied and c in IMPLIED))


def listing(group: Group) -> Listing:
    """The list page of a group."""
    key = group.name.removeprefix(f"{group.config.name}:") if group.config.each else ""
    return replace(_listing(group.config, key, group.value, group.path), count=len(group.rows))


def listings(rows: Sequence[Row], graves: Sequence[Tombstone], config: Config) -> dict[str, tuple[Listing, ...]]:
    """The list pages that each work is on, by the path of its row."""
    found: dict[str, list[Listing]] = {}
    known = named(config)
    for group in groups(rows, graves, config, []) if known else ():
        if group.config in known:
            plain = replace(listing(group), count=0)
            for row in group.rows:
                if row.kind != "news":
                    one = replace(plain, value=group.spelled.get(row.path, "")) if group.spelled else plain
                    found.setdefault(row.path, []).append(one)
    return {path: tuple(many) for path, many in found.items()}


def guess(
    collections: Sequence[str], values: Sequence[tuple[str, str, str]], known: Sequence[CollectionConfig]
) -> tuple[Listing, ...]:
    """The list pages that a work is probably on, as far as it alone can tell: no other has a value of the same name."""
    found = [_listing(c, "", "", folder(c) if c.name else "") for c in known if not c.each]
    found = [one for one in found if one.name in ("", *collections)]
    for c in known:
        if c.each:
            own = [(key, value) for name, key, value in values if name == c.name]
            each = [_listing(c, key, value, f"{folder(c)}/{text.segment(text.slug(value))}") for key, value in own]
            found += sorted(each, key=lambda one: one.path)
    return tuple(found)


def _listing(collection: CollectionConfig, key: str, value: str, path: str) -> Listing:
    """The list page of a collection, or of one value of it."""
    name = collection.name
    title = collection.title.replace("{value}", value) or value or name[:1].upper() + name[1:] or "Publications"
    return Listing(title=title, path=path, name=name, each=collection.each or "", key=key, value=value)
