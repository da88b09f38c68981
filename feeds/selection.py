"""Which items a collection holds: `where:` in config.yaml as a predicate."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pathspec import GitIgnoreSpec

from feeds import text
from feeds.model import Item, Person
from feeds.settings import CollectionConfig, Where


def collections_of(item: Item, configured: Iterable[CollectionConfig]) -> tuple[str, ...]:
    """Names of the collections that `item` belongs to, in the order of the configuration."""
    return tuple(c.name for c in configured if matches(c.where, item))


def matches(where: Where, item: Item) -> bool:
    """Does every condition hold?  Of several values one is enough; case and accents' encoding do not count."""
    post, work = item.post, item.work
    people = (*post.authors, *(work.authors if work else ()))
    return (
        _any(where.kind, [work.kind if work else "news"])
        and _any(where.category, post.categories)
        and _any(where.tag, post.tags)
        and _any(where.group, [post.group])
        and _any(where.lang, [post.lang])
        and _any(where.source, [post.source])
        and _any(where.author, [name for person in people for name in _names(person)])
        and (not where.path or _paths(_tuple(where.path)).match_file(post.path))
    )


def _any(wanted: str | tuple[str, ...], present: Iterable[str]) -> bool:
    values = _tuple(wanted)
    if not values:
        return True
    folded = {text.slug(value) for value in present}
    return any(text.slug(value) in folded for value in values)


def _names(person: Person) -> tuple[str, ...]:
    return tuple(n for n in (person.name, person.orcid, *person.aliases) if n)


def _tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


@lru_cache(maxsize=64)
def _paths(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)
