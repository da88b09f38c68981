"""Structured front matter of many conventions, under one set of names (data/front.toml).  Private to scholarly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from feeds.model import Post
from feeds.scholarly._blocks import Link, links, plain
from feeds.scholarly._vocab import table

DEEPEST = 6

_LONE = re.compile(r"[^\s<>\"]{1,500}")


@cache
def keys(field: str) -> tuple[str, ...]:
    """The front matter keys for a field, most telling first."""
    return tuple(k.strip() for k in table("front")[field].split("|"))


def get(post: Post, field: str) -> tuple[Any, str, int]:
    """The first value that a key for `field` holds, the key, and its line; (None, "", 0) without one."""
    view = _last if _last.front is post.front else _view(post)
    return view.stated.get(field, _NOTHING)


def stated(post: Post, fields: Iterable[str]) -> list[str]:
    """Those of `fields` for which a key holds something."""
    there = _view(post).stated
    return [field for field in fields if field in there]


def states_any(post: Post, fields: frozenset[str]) -> bool:
    """Does any key for any of `fields` hold something?"""
    return not fields.isdisjoint(_view(post).stated)


def text(post: Post, field: str) -> tuple[str, str, int]:
    """As `get`, for a value that is one piece of text: markup taken out, numbers as printed, lists and maps left."""
    value, key, at = found = get(post, field)
    if found is _NOTHING:
        return _NO_TEXT
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        return plain(value), key, at
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _NO_TEXT
    return plain(str(value)), key, at


def has(post: Post, field: str) -> bool:
    """Does any key for `field` hold something besides yes or no?"""
    value, key, _ = get(post, field)
    return key != "" and not isinstance(value, bool)


def line(post: Post, key: str) -> int:
    """The line of the file on which a key stands; 0 when unknown."""
    return _view(post).lines.get(_lower(key.partition(".")[0]), 0)


def flags(post: Post, keys: Iterable[str]) -> list[str]:
    """Those of `keys` that are there and true."""
    filled = _view(post).filled
    return [] if filled.keys().isdisjoint(keys) else [key for key in keys if filled.get(key) is True]


def link_values(post: Post) -> tuple[tuple[str, Link, int], ...]:
    """Every link under the keys that hold the work's addresses: (key, link, line), in the order of the file."""
    return _view(post).links


def _link_values(top: list[tuple[str, Any]], lines: dict[str, int]) -> Iterator[tuple[str, Link, int]]:
    holding = _link_keys()
    for key, value in top:
        if key in holding or (isinstance(value, dict) and key in keys("blocks")):
            for link in _links(value, 0):
                yield key, link, lines.get(key, 0)


@cache
def _link_keys() -> frozenset[str]:
    return frozenset(keys("links"))


def _links(value: Any, depth: int) -> Iterator[Link]:
    if depth > DEEPEST:
        return
    if isinstance(value, str):
        yield from links(value) or _bare(value)
    elif isinstance(value, list):
        for item in value:
            yield from _links(item, depth + 1)
    elif isinstance(value, dict):
        address = next((value[k] for k in ("url", "href", "link") if isinstance(value.get(k), str)), "")
        label = next((value[k] for k in ("name", "label", "text", "title") if isinstance(value.get(k), str)), "")
        if address.strip():
            yield Link(plain(label), address.strip())
        else:
            for key, item in value.items():
                if _lower(str(key)) not in {"reference", "extra", "author", "authors", "image"}:
                    yield from _links(item, depth + 1)


def _bare(value: str) -> Iterator[Link]:
    """A value that is an address and nothing else, without a scheme: "/pdf/a.pdf"."""
    value = value.strip()
    if _LONE.fullmatch(value) and (value.startswith(("/", "./")) or value.lower().endswith(".pdf")):
        yield Link("", value)


class _View(Struct, frozen=True):
    """Front matter made ready for questions: without empty keys, names in lower case, lines and links found."""

    front: dict[str, Any]
    filled: dict[str, Any]
    stated: dict[str, tuple[Any, str, int]]  # field → value, name and line of the most telling of its keys
    lines: dict[str, int]
    links: tuple[tuple[str, Link, int], ...]


_NOTHING: tuple[Any, str, int] = (None, "", 0)
_NO_TEXT = ("", "", 0)
_last = _View({}, {}, {}, {}, ())


def _view(post: Post) -> _View:
    """The view of a post's front matter; that of the last post is kept, for some thirty questions follow each other."""
    global _last  # a memo of one: a dict has no hash
    last = _last
    if last.front is not post.front:
        names = _lowered(tuple(post.front_lines))
        lines = dict(zip(reversed(names), reversed(post.front_lines.values()), strict=True))
        named = zip(_lowered(tuple(post.front)), post.front.values(), strict=True)
        top = [(name, value) for name, value in named if not _empty(value)]
        filled = _flat(dict(top))
        telling = _telling(tuple(filled))
        stated = {field: (filled[key], key, lines.get(outer, 0)) for field, key, outer in telling}
        last = _last = _View(post.front, filled, stated, lines, tuple(_link_values(top, lines)))
    return last


@lru_cache(maxsize=256)  # the posts of a site have the same keys
def _lowered(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([_lower(str(name)) for name in names])


@lru_cache(maxsize=256)
def _telling(filled: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Each field that the keys hold something for, the most telling of them, and that of the block that it is in."""
    best: dict[str, tuple[int, str]] = {}
    for key in filled:
        for field, rank in _fields().get(key, ()):
            best[field] = min(best.get(field, (rank, key)), (rank, key))
    return tuple((field, key, key.partition(".")[0]) for field, (_, key) in best.items())


@cache
def _fields() -> dict[str, list[tuple[str, int]]]:
    """Key → the fields that it may stand for, with its rank among their keys."""
    fields: dict[str, list[tuple[str, int]]] = {}
    for field in table("front"):
        for rank, key in enumerate(keys(field)):
            fields.setdefault(key, []).append((field, rank))
    return fields


def _flat(top: dict[str, Any]) -> dict[str, Any]:
    """The keys that hold something; a block's as "block.key", and bare where the top has none of that name."""
    nested: dict[str, Any] = {}
    for block in _blocks_among(tuple(top)):
        inner = top[block]
        if isinstance(inner, dict):
            for key, value in inner.items():
                if not _empty(value):
                    nested.setdefault(_lower(str(key)), value)
                    nested[f"{block}.{_lower(str(key))}"] = value
    return {**nested, **top} if nested else top


@lru_cache(maxsize=256)
def _blocks_among(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those keys that may hold a block of others, most telling first."""
    return tuple(block for block in keys("blocks") if block in names)


@lru_cache(maxsize=1024)
def _lower(key: str) -> str:
    return key.lower().replace("-", "_").replace(" ", "_")


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return not value and value != 0  # neither False nor 0, which say something
