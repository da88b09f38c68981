"""Which items a collection holds: `where:` and `each:` in config.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feeds import text
from feeds.model import Item, Person
from feeds.settings import KINDS, CollectionConfig, Each, Has, Where

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def collections_of(item: Item, configured: Iterable[CollectionConfig]) -> tuple[str, ...]:
    """Names of the collections that `item` belongs to, in the order of the configuration."""
    return tuple(c.name for c in configured if matches(c.where, item))


def values_of(item: Item, configured: Iterable[CollectionConfig]) -> tuple[tuple[str, str, str], ...]:
    """For each collection with `each` the values that `item` has: name of the collection, key of the value, value.

    Spellings of one value have one key.
    """
    return tuple(
        (c.name, key, value)
        for c in configured
        if c.each and matches(c.where, item)
        for key, value in _keyed(c.each, item).items()
    )


# ------------------------------------------------------------------------------------------------------ where


def matches(where: Where, item: Item) -> bool:
    """Does every condition hold?  Of several values one is enough; case and accents' encoding do not count."""
    return (
        _fields_match(where, item)
        and _in_span(where, day(item))
        and all(_has(thing, item) for thing in _tuple(where.has))
        and all(matches(inner, item) for inner in where.all)
        and (not where.any or any(matches(inner, item) for inner in where.any))
        and not (where.not_ and matches(where.not_, item))
    )


def _fields_match(where: Where, item: Item) -> bool:
    post, work = item.post, item.work
    people = (*post.authors, *(work.authors if work else ()))
    return (
        _any(where.kind, [_kind(item), group_of(_kind(item))])
        and _any(where.category, post.categories)
        and _any(where.tag, post.tags)
        and _any(where.group, [post.group])
        and _any(where.lang, [post.lang])
        and _any(where.source, [post.source])
        and _any([_bare(name) for name in _tuple(where.author)], [n for person in people for n in _names(person)])
        and _any(where.journal, [work.journal if work else ""])
        and _contains(where.title, [post.title, work.title if work else ""])
        and (not where.path or _paths(_tuple(where.path)).match_file(post.path))
    )


def day(item: Item) -> str:
    """When the work appeared, as exact as known (ISO 8601); of a post without a work, its day."""
    return (item.work.date if item.work else "") or item.post.published.date().isoformat()


def _in_span(where: Where, date: str) -> bool:
    """Is `date` in the years and between the bounds, as far as it is exact enough to tell?"""
    since, until = str(where.since), str(where.until)
    years = _tuple(where.year)
    return (
        (not years or date[:4] in {f"{year:04}" for year in years})
        and date[: len(since)] >= since[: len(date)]
        and (not until or date[: len(until)] <= until[: len(date)])
    )


def _has(thing: Has, item: Item) -> bool:
    work = item.work
    if thing == "orcid":
        return any(person.orcid for person in (work.authors if work else item.post.authors))
    if thing == "image":
        return bool(item.post.image)
    return bool(work and getattr(work, thing))


def _kind(item: Item) -> str:
    return item.work.kind if item.work else "news"


def group_of(kind: str) -> str:
    """The group that a kind of work belongs to: papers, talks, news."""
    return next(group for group, members in KINDS.items() if kind in members)


def _any(wanted: str | Iterable[str], present: Iterable[str]) -> bool:
    values = _tuple(wanted)
    if not values:
        return True
    folded = {text.slug(value) for value in present if value}
    return any(text.slug(value) in folded for value in values)


def _contains(wanted: str | Iterable[str], present: Iterable[str]) -> bool:
    values = [text.squeeze(text.legal(value)).casefold() for value in _tuple(wanted)]
    return not values or any(v in text.squeeze(one).casefold() for v in values for one in present)


def _names(person: Person) -> tuple[str, ...]:
    return tuple(n for n in (person.name, person.orcid, *person.aliases) if n)


def _bare(name: str) -> str:
    """An ORCID iD without its address; any other name as it stands."""
    return name.rpartition("orcid.org/")[2]


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


@lru_cache(maxsize=64)
def _paths(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


# ------------------------------------------------------------------------------------------------------ each


def _keyed(each: Each, item: Item) -> dict[str, str]:
    """The item's values by their keys, the first spelling of each."""
    found: dict[str, str] = {}
    for key, value in _values(each, item):
        label = text.squeeze(text.legal(value))
        if label:
            found.setdefault(key or key_of(label), label)
    return found


def key_of(value: str) -> str:
    """What the spellings of a value have in common; C, C++ and C# are three."""
    sign = re.search(r"[+#]{0,9}$", value)
    return text.slug(value) + (sign[0] if sign else "") or text.digest(value.encode())[:12]


def _values(each: Each, item: Item) -> Iterator[tuple[str, str]]:
    """Each value, with its key where that is more than its spelling: a person's is the ORCID iD."""
    post, work = item.post, item.work
    if each == "author":
        yield from ((person.orcid, person.name) for person in (work.authors if work else post.authors))
        return
    many = {"tag": post.tags, "category": post.categories}
    one = {
        "kind": group_of(_kind(item)),
        "lang": post.lang,
        "group": post.group,
        "source": post.source,
        "year": day(item)[:4],
        "journal": work.journal if work else "",
    }
    yield from (("", value) for value in many.get(each, (one.get(each, ""),)))
