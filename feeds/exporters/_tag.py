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
    return _element(group, name, "meta", {"name": name, **attributes, "content": content}, content)


def meta_property(group: str, name: str, content: str) -> list[Tag]:
    """`<meta property=… content=…>`, as Open Graph is written; none where there is nothing to say."""
    return _element(group, name, "meta", {"property": name, "content": content}, content)


def link(group: str, rel: str, href: str, **attributes: str) -> list[Tag]:
    """`<link rel=… href=…>`; none unless `href` is an address."""
    if not text.is_web(href):
        return []
    uri = text.iri_to_uri(text.legal(href))
    return _element(group, rel, "link", {"rel": rel, "href": uri, **attributes}, uri)


def _element(group: str, key: str, name: str, attributes: dict[str, str], value: str) -> list[Tag]:
    if not value.strip():
        return []
    said = ((attribute, one_line(content)) for attribute, content in attributes.items() if content)
    written = " ".join(f'{attribute}="{html.escape(content)}"' for attribute, content in said)
    return [Tag(group, key, f"<{name} {written}>", value)]
