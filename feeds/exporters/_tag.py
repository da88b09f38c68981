"""One line of a page's `<head>`."""

from __future__ import annotations

import html

from msgspec import Struct

from feeds import text
from feeds.exporters._exchange import one_line


class Tag(Struct, frozen=True):
    """One element, by itself on a line."""

    group: str  # the vocabulary that it belongs to: "highwire", "open graph" …
    key: str  # name or property of a meta, rel of a link: what the page may say already
    html: str
    value: str = ""  # content of the meta, address of the link


def meta(group: str, name: str, content: str, **attributes: str) -> list[Tag]:
    """`<meta name=… content=…>`; none where there is nothing to say."""
    return _meta(group, "name", name, content, attributes)


def meta_property(group: str, name: str, content: str) -> list[Tag]:
    """`<meta property=… content=…>`, as Open Graph is written; none where there is nothing to say."""
    return _meta(group, "property", name, content, {})


def _meta(group: str, key: str, name: str, content: str, attributes: dict[str, str]) -> list[Tag]:
    if not content.strip():
        return []
    written = f'<meta {key}="{name}"{_written(attributes)} content="{html.escape(one_line(content))}">'
    return [Tag(group, name, written, content)]


def link(group: str, rel: str, href: str, **attributes: str) -> list[Tag]:
    """`<link rel=… href=…>`; none unless `href` is an address."""
    if not text.is_web(href):
        return []
    uri = text.iri_to_uri(text.legal(href))
    return [Tag(group, rel, f'<link rel="{rel}" href="{html.escape(uri)}"{_written(attributes)}>', uri)]


def _written(attributes: dict[str, str]) -> str:
    """Those that say something; their names are our own."""
    said = [f' {name}="{html.escape(one_line(value))}"' for name, value in attributes.items() if value]
    return "".join(said)
