"""The one whole reference that a post prints for its work, when nothing else names authors.  Private to scholarly.

"> Prado A, Rey B (2022) Wicks in the wind. *Wick Lett* 4(2):11–19." in a post that announces the paper in other words.
Two references or more are a list of other works, and none of them is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from feeds.model import Post
from feeds.scholarly import _front, _masthead, _reference
from feeds.scholarly._blocks import Block, blocks, plain
from feeds.scholarly._labels import field_of
from feeds.scholarly._memo import once_a_post
from feeds.scholarly._names import Names, parse
from feeds.scholarly._untitled import names_first
from feeds.scholarly._vocab import has_digit


class Reference(Struct, frozen=True):
    """A whole reference: its parts, its Markdown and the line of the body it begins on."""

    authors: Names
    title: str
    citation: _reference.Citation
    raw: str
    line: int


SHORTEST, LONGEST = 40, 1500  # characters of a block that may be a reference
_TEXT = frozenset({"paragraph", "quote", "item", "html"})
MOST_BLOCKS = 40  # that are looked at

_YEAR_FIRST = re.compile(r"[\s.,][(\[]?((?:19|20)\d\d)[a-z]?[)\]]?[.,:]?\s")
_SENTENCE = re.compile(r"[.?!](?<=[^\W\d_]{2}.|[^\W\d_][)\d].)\s++(?=[^\W_])")


@once_a_post
def of(post: Post) -> Reference | None:
    """The reference; None when the post says by other means what its work is."""
    if _masthead.of(post).authors or _front.has(post, "doi") or _front.has(post, "journal"):
        return None
    title = plain(post.title)
    found = _with_title(post.body, title) or _read(post.body)
    if found is None or title.rstrip(".").casefold() not in plain(found.raw).casefold() or found.title == title:
        return found
    return replace(found, title=title, citation=_reference.parse(found.raw, title))  # italics inside do not end it


def _with_title(body: str, title: str) -> Reference | None:
    """The one reference that prints the post's own title."""
    wanted = title.rstrip(".").casefold()
    if len(wanted) < 10 or wanted not in body.casefold():
        return None
    found: list[Reference] = []
    for block in blocks(body)[:MOST_BLOCKS]:
        if block.kind in _TEXT and SHORTEST <= len(block.text) <= LONGEST and wanted in plain(block.text).casefold():
            raw = field_of(block.text)[1] or block.text
            cited = _reference.parse(raw, title)
            names = parse(cited.before) if cited.before else Names()
            if names.people and not names.doubt and (cited.journal or cited.preprint_server):
                found.append(Reference(names, title, cited, raw, block.start))
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8)
def _read(body: str) -> Reference | None:
    found = [x for block in blocks(body)[:MOST_BLOCKS] if (x := _reference_in(block))]
    return found[0] if len(found) == 1 else None


def _reference_in(block: Block) -> Reference | None:
    if block.kind not in _TEXT or not SHORTEST <= len(block.text) <= LONGEST or not has_digit(block.text):
        return None
    raw = field_of(block.text)[1] or block.text
    flat = plain(raw)
    if not has_digit(flat) or names_first(flat)[0]:
        return None  # without a title: _untitled
    names, title, year = _year_before_title(flat, raw)
    if not names.people:
        names, title, year = _title_before_year(flat)
    if not names.people or names.doubt > 0.2 or len(title.split()) < 2:
        return None
    citation = _reference.parse(raw, title)
    if not citation.journal and not citation.preprint_server:
        return None
    return Reference(names, title, replace(citation, date=citation.date or year), raw, block.start)


def _year_before_title(flat: str, raw: str) -> tuple[Names, str, str]:
    """APA, Harvard, Chicago: names, year, title, journal."""
    found = _YEAR_FIRST.search(flat[:700])
    if not found:
        return Names(), "", ""
    rest = flat[found.end() :].lstrip("\"“„' ")
    journal = min((at for e in _reference.emphasised(raw) if (at := rest.find(e)) > 8), default=-1)
    ending = _SENTENCE.search(rest)
    end = journal if journal > 0 else ending.start() if ending else -1
    title = rest[:end].strip(" .,\"“”'") if end > 0 else ""
    return parse(flat[: found.start() + 1]), title, found.group(1)


def _title_before_year(flat: str) -> tuple[Names, str, str]:
    """NLM, AMA, Vancouver: names, title, journal, year."""
    pieces = _SENTENCE.split(flat, maxsplit=2)
    if len(pieces) < 3 or len(pieces[0]) > 700:
        return Names(), "", ""
    return parse(pieces[0]), pieces[1].strip('"“” '), ""
