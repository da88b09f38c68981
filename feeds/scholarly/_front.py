"""Structured front matter of many conventions, under one set of names (data/front.toml).  Private to scholarly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from feeds.model import Post
from feeds.scholarly._blocks import Link, links, plain
from feeds.scholarly._vocab import table

DEEPEST = 6


@cache
def keys(field: str) -> tuple[str, ...]:
    """The front matter keys for a field, most telling first."""
    return tuple(k.strip() for k in table("front")[field].split("|"))


def get(post: Post, field: str) -> tuple[Any, str, int]:
    """The first value that a key for `field` holds, the key, and its line; (None, "", 0) without one."""
    front = _lowered(post.front)
    for key in keys(field):
        value = _dig(front, key)
        if not _empty(value):
            return value, key, line(post, key)
    for block in keys("blocks"):
        inner = front.get(block)
        if isinstance(inner, dict):
            lowered = _lowered(inner)
            for key in keys(field):
                if not _empty(lowered.get(key)):
                    return lowered[key], f"{block}.{key}", line(post, block)
    return None, "", 0


def text(post: Post, field: str) -> tuple[str, str, int]:
    """As `get`, for a value that is one piece of text: markup taken out, numbers as printed, lists and maps left."""
    value, key, at = get(post, field)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "", "", 0
    return plain(str(value)), key, at


def has(post: Post, field: str) -> bool:
    """Does any key for `field` hold something besides yes or no?"""
    value, key, _ = get(post, field)
    return key != "" and not isinstance(value, bool)


def line(post: Post, key: str) -> int:
    """The line of the file on which a key stands; 0 when unknown."""
    top = key.split(".")[0]
    for name, at in post.front_lines.items():
        if _lower(name) == top:
            return at
    return 0


def flag(post: Post, key: str) -> bool:
    """Is the key there and true?"""
    return _lowered(post.front).get(key) is True


def link_values(post: Post) -> Iterator[tuple[str, Link, int]]:
    """Every link under the keys that hold the work's addresses: (key, link, line), in the order of the file."""
    wanted = set(keys("links"))
    for name, value in post.front.items():
        key = _lower(name)
        if key in wanted or (key in keys("blocks") and isinstance(value, dict)):
            for link in _links(value, 0):
                yield key, link, line(post, key)


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
    if re.fullmatch(r"[^\s<>\"]{1,500}", value) and (value.startswith(("/", "./")) or value.lower().endswith(".pdf")):
        yield Link("", value)


def _dig(front: dict[str, Any], key: str) -> Any:
    value: Any = front
    for step in key.split("."):
        value = _lowered(value).get(step) if isinstance(value, dict) else None
    return value


def _lowered(front: dict[str, Any]) -> dict[str, Any]:
    return {_lower(str(k)): v for k, v in front.items()}


def _lower(key: str) -> str:
    return key.lower().replace("-", "_").replace(" ", "_")


def _empty(value: Any) -> bool:
    return value is None or value == [] or value == {} or (isinstance(value, str) and not value.strip())
