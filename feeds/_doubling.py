"""Which tags of the head block a page needs: what its theme wrote already is not written again.  Private to inject.

A theme's Highwire or Dublin Core tags are a record of their own, and two records of one paper in a page confuse who
reads them: any of them there, and none of ours.  Of the rest, what the page says is told by its key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from feeds import text
from feeds._html_head import Element
from feeds.exporters._tag import Tag

_WHOLE = {"highwire": ("citation_",), "dublin core": ("dc.", "dcterms.")}  # group → how its names begin
_SEVERAL = frozenset({"author", "describedby", "item", "type", "alternate", "linkset"})  # rels that a page may repeat
_DEPTH = 20  # of JSON-LD that is looked into


def needed(tags: Sequence[Tag], said: Sequence[Element], page: str) -> list[Tag]:
    """The tags that say something which the page at `page` does not say by itself."""
    names = {name for element in said if element.name == "meta" for name in _names(element)}
    links = {(rel, _key(text.absolute(href, page))) for rel, href in _links(said)}
    rels = {rel for rel, _ in links}
    there = {group for group, begins in _WHOLE.items() if any(name.startswith(begins) for name in names)}
    scripts = [element.text for element in said if element.name == "script"]
    return [tag for tag in tags if not (tag.group in there or _is_said(tag, names, links, rels, scripts))]


def canonical_elsewhere(said: Sequence[Element], page: str) -> str:
    """The address that the page itself calls the canonical one, when that is another; "" else."""
    stated = [href for rel, href in _links(said) if rel == "canonical" and href]
    return next((href for href in stated if _key(text.absolute(href, page)) != _key(page)), "")


def is_redirect(said: Sequence[Element]) -> bool:
    """Does the page only send its reader on?"""
    return any(
        element.attributes.get("http-equiv", "").lower() == "refresh" and "url" in element.attributes["content"].lower()
        for element in said
        if "content" in element.attributes
    )


def _is_said(tag: Tag, names: set[str], links: set[tuple[str, str]], rels: set[str], scripts: list[str]) -> bool:
    if tag.group == "json-ld":
        return _is_described(tag, scripts)
    if tag.html.startswith("<link"):
        return (tag.key, _key(tag.value)) in links if tag.key in _SEVERAL else tag.key in rels
    return tag.key.lower() in names


def _names(element: Element) -> Iterator[str]:
    for attribute in ("name", "property"):
        yield from element.attributes.get(attribute, "").lower().split()


def _links(said: Sequence[Element]) -> Iterator[tuple[str, str]]:
    for element in said:
        if element.name == "link":
            for rel in element.attributes.get("rel", "").lower().split():
                yield rel, element.attributes.get("href", "").strip()


def _key(url: str) -> str:
    """Spellings of one address have one key; a folder and the index in it are one page."""
    try:
        bare = text.canonical(url.partition("#")[0])
    except ValueError:
        return url
    return unquote(bare).removesuffix("index.html")


# ---------------------------------------------------------------------------------------------------- JSON-LD


def _is_described(tag: Tag, scripts: list[str]) -> bool:
    """Does a theme's JSON-LD have a node of the same type that is about the same work, or is the same page?"""
    [ours] = _nodes(tag.html.partition(">")[2].rpartition("<")[0], depth=0)
    mine = _identifiers(ours)
    nodes = (node for script in scripts for node in _nodes(script))
    return any(_types(node) & _types(ours) and _identifiers(node) & mine for node in nodes)


def _nodes(script: str, depth: int = _DEPTH) -> list[dict[str, Any]]:
    """The nodes of a document that stand in one another no deeper than `depth`; [] of what is no JSON."""
    try:
        pending: list[tuple[Any, int]] = [(json.loads(script), 0)]
    except (ValueError, RecursionError):
        return []
    found = []
    while pending:
        value, level = pending.pop()
        if isinstance(value, dict):
            found.append(value)
        if isinstance(value, dict | list) and level < depth:
            pending += [(inner, level + 1) for inner in (value.values() if isinstance(value, dict) else value)]
    return found


def _types(node: dict[str, Any]) -> set[str]:
    stated = node.get("@type")
    return {str(one).rpartition("/")[2] for one in (stated if isinstance(stated, list) else [stated]) if one}


def _identifiers(node: dict[str, Any]) -> set[str]:
    """What identifies a node: its id, its DOI, the page that it is about."""
    page = node.get("mainEntityOfPage")
    stated = [node.get("@id"), node.get("doi"), node.get("url"), page.get("@id") if isinstance(page, dict) else page]
    identifier = node.get("identifier")
    for one in identifier if isinstance(identifier, list) else [identifier]:
        stated += [one.get("value"), one.get("url")] if isinstance(one, dict) else [one]
    return {_bare(one) for one in stated if isinstance(one, str) and one.strip()}


def _bare(identifier: str) -> str:
    """A DOI in any of its spellings, or an address, as one key."""
    known = identifier.strip().lower()
    for prefix in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        known = known.removeprefix(prefix)
    return known.partition("#")[0].removesuffix("index.html") or known
