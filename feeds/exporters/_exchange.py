"""What exchange formats say alike: of a work, and of the files of one work and of many."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from feeds.exporters._entry import artifact_path
from feeds.model import Artifact, Collection, Item, Person, Post, Site, Work
from feeds.text import legal, output_path, squeeze

Piece = Callable[[Item, Any], bytes]  # see `Exporter.piece`

_BLANK_LINE = re.compile(r"\n\s*\n")
_DEGREE = re.compile(
    r"\b(?:(?P<doctor>ph\.?d|doctoral|doktor)|(?P<master>m\.?sc|master)|(?P<bachelor>b\.?sc|bachelor))"
    r"(?:\.|'?s|’s)?[\s-]?(?:thesis|theses|dissertation|diss\.|arbeit)",
    re.IGNORECASE,
)


def one_line(text: str) -> str:
    """Legal text on one line: no control or line break is left that could end a field."""
    if text.isprintable() and "  " not in text:  # most are, and a look costs a tenth: all printable is legal
        return unicodedata.normalize("NFC", text).strip()
    return squeeze(legal(text))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that blank lines hold apart, each on one line."""
    parts = _BLANK_LINE.split(text) if "\n" in text else [text]
    return [line for part in parts if (line := one_line(part))]


def title(item: Item) -> str:
    """The work's title, else the post's."""
    return one_line(item.work.title if item.work else "") or one_line(item.post.title)


def named(people: Iterable[Person]) -> list[Person]:
    """Those who have a name."""
    return [person for person in people if one_line(person.name) or one_line(person.family)]


def literal(person: Person) -> str:
    """The name of an organisation, or of somebody whose name has no parts; "" for others."""
    return one_line(person.name) if person.organization or not one_line(person.family) else ""


def inverted(person: Person) -> str:
    """ "Family, Given, Suffix", or the name where it has no parts."""
    parts = [one_line(part) for part in (person.family, person.given, person.suffix)]
    return literal(person) or ", ".join(part for part in parts if part)


def publisher(work: Work) -> str:
    """Who published a work: of a preprint its server."""
    return one_line(work.publisher or (work.preprint_server if work.kind == "preprint" else ""))


def degree(post: Post) -> str:
    """What a thesis was written for: "doctor", "master", "bachelor"; "" when the post does not say."""
    said = " ".join([post.title, *post.tags, *post.categories, str(post.front.get("type", "")), post.body[:2000]])
    found = _DEGREE.search(said)
    return found.lastgroup or "" if found else ""


def pieces(collection: Collection, piece: Piece, options: Struct) -> Iterable[bytes]:
    """What the items of a collection add to its list, of several joined.  Where that was kept, no item is looked at."""
    return collection.pieces or (piece(item, options) for item in collection.items)


def added(collection: Collection, piece: Piece, options: Struct, separator: bytes) -> bytes:
    """All of that, `separator` between the items and, in each piece, behind it."""
    return b"".join(pieces(collection, piece, options)).removesuffix(separator)


def of_item(item: Item, site: Site, suffix: str, media_type: str, body: bytes) -> Artifact:
    """The file of one work, beside its page."""
    return Artifact(
        path=output_path(item.post.url, suffix, site.url), media_type=media_type, body=body, title=title(item)
    )


def of_list(collection: Collection, suffix: str, media_type: str, body: bytes) -> list[Artifact]:
    """The file of all works, in the collection's folder; none when nothing is in it."""
    path = artifact_path(collection, f"publications{suffix}")
    return [Artifact(path=path, media_type=media_type, body=body, title=collection.title)] if body else []


SEPARATOR = b",\n"  # between the members of an `array`


def array(collection: Collection, piece: Piece, options: Struct) -> bytes:
    """JSON documents as one array, each on lines of its own; empty when there are none."""
    members = added(collection, piece, options, SEPARATOR)
    return b"[\n%b\n]\n" % members if members else b""
