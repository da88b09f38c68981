"""The abstract: from the front matter, behind its label, from a structured abstract's headings, or unlabelled.

Plain text, paragraphs apart by a blank line, without the label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from feeds.model import Extractor, Fact, Post
from feeds.scholarly import _front, _masthead, _reference
from feeds.scholarly._blocks import Block, blocks, line_of, plain, uncomment
from feeds.scholarly._labels import Section, field_of, is_kept_among, lead, opens_abstract, section, sections
from feeds.scholarly._occasions import named
from feeds.scholarly._vocab import fold, phrase_set

SHORTEST_UNLABELLED = 300  # characters of a first paragraph that is taken for the abstract without a label

_TEXT = ("paragraph", "item", "quote", "html")
_LINKS = re.compile(r"!?\[[^\[\]]*+\]\([^()]*+\)(?:\{[^{}]*+\})?")
_CAPTION = re.compile(r"(?:fig(?:ure|\.)?|table|abbildung|tabelle)\s?S?\d{1,2}\s?[.:|–—-]", re.IGNORECASE)
_BREAK = re.compile(r"\n[^\S\n]*+\n(?:[^\S\n]*+\n)*+|<br\s?/?>\s*+<br\s?/?>|</p>\s*+<p[^<>]{0,100}>")


def find(post: Post) -> Iterator[Fact]:
    """Facts `abstract`, one for each place it may stand in; resolve takes the surest."""
    value, _, line = _front.get(post, "abstract")
    if isinstance(value, str) and (text := paragraphs(value)):
        yield Fact(field="abstract", value=text, origin="front matter", rule="front/abstract", line=line)
    found = blocks(post.body)
    for rule, start, first in _openings(post, found):
        text = _collect(found, sections(post.body), start, first, headed=rule == "section/abstract")
        if text:
            surest = 0.5 if rule == "body/unlabelled" else 1.0
            line = line_of(post, found[start].start) if start < len(found) else 0
            yield Fact(field="abstract", value=text, origin="body", rule=rule, line=line, confidence=surest)
            return


def paragraphs(raw: str) -> str:
    """Markdown or HTML as plain paragraphs, a label in front taken off."""
    rest = opens_abstract(raw)
    parts = (plain(x) for x in _BREAK.split(raw if rest is None else rest))
    return "\n\n".join(p for p in parts if p)


def _openings(post: Post, found: tuple[Block, ...]) -> Iterator[tuple[str, int, str]]:
    """Where the abstract may begin: (rule, index of its first block, text of that block when it is not the block's)."""
    announced = sections(post.body)
    for index, block in enumerate(found):
        if announced[index] == "abstract":
            yield "section/abstract", index + 1, ""
        elif block.kind in _TEXT and (rest := opens_abstract(block.text)) is not None:
            yield "label/abstract", index if rest.strip() else index + 1, rest
        elif block.kind == "paragraph" and "\n" in block.text and field_of(block.text)[0]:
            yield from (("label/abstract", index, rest) for rest in _among_labels(block) if rest)
    masthead = _masthead.of(post)
    for index, block in enumerate(found[masthead.end :], start=masthead.end):
        if block.kind == "heading":
            if announced[index] == "part":
                yield "section/parts", index, ""
            return
        if block.kind in _TEXT and plain(block.text):
            label, _, emphasised = lead(block.text)
            shouted = block.text[: len(label)].isupper() and block.text[len(label) : len(label) + 1] == ":"
            if (emphasised or shouted) and section(label) == "part" and masthead.authors:
                yield "section/parts", index, ""
            elif len(plain(block.text)) >= SHORTEST_UNLABELLED and (
                _names_authors(post, masthead) or is_kept_among(post, "talk", "poster")
            ):
                yield "body/unlabelled", index, ""
            elif index == masthead.end and is_kept_among(post, "talk", "poster") and named(plain(block.text[:150])):
                continue  # where it was told, above what
            return


def _among_labels(block: Block) -> Iterator[str]:
    """The abstract at the end of a paragraph whose lines have labels."""
    at = 0
    for line in block.text.split("\n"):
        if opens_abstract(line) is not None:
            yield opens_abstract(block.text[at:]) or ""
            return
        at += len(line) + 1


def _names_authors(post: Post, masthead: _masthead.Masthead) -> bool:
    """Does it print authors above the text, in a line of their own or in a reference, or name them with the journal?"""
    if _front.has(post, "authors") and any(_front.has(post, x) for x in ("journal", "venue", "doi", "reference")):
        return True
    title = plain(post.title)
    return bool(masthead.authors) or any(_reference.parse(line.raw, title).before for line in masthead.citations)


def _collect(found: tuple[Block, ...], announced: tuple[Section, ...], start: int, first: str, headed: bool) -> str:
    parts: list[str] = []
    for index in range(start, len(found)):
        block = found[index]
        if block.kind == "heading":
            if announced[index] != "part":
                break
        elif block.kind in _TEXT:
            raw = first if index == start and first else block.text
            if parts and _is_over(raw, headed):
                break
            if text := paragraphs_of(raw):
                parts.append(text)
        elif block.kind in {"code", "table", "rule"} and parts:
            break
    return "\n\n".join(parts)


def paragraphs_of(raw: str) -> str:
    """A block of the abstract as plain text; links in the middle stay as their labels."""
    raw = uncomment(raw)
    if "<" not in raw and not ("\n" in raw and "\n\n" in raw):
        return plain(raw)
    return "\n\n".join(p for x in _BREAK.split(raw) if (p := plain(x)))


def _is_over(raw: str, headed: bool) -> bool:
    """Does a paragraph open what comes behind an abstract: "Keywords: …", "**Note** …", "This work was part of …"?"""
    label, _, emphasised = lead(raw)
    if label and section(label) in {"end", "links"}:
        return emphasised or raw.lstrip()[len(label) : len(label) + 3].lstrip()[:1] in {":", "", "."} or label.isascii()
    if field_of(raw)[0] or (_may_open_caption(raw[:80].lower()) and _CAPTION.match(plain(raw[:80]))):
        return True
    if "[" in raw and "](" in raw and len(raw) < 2_000 and not _LINKS.sub("", raw).strip(" \n|·•,-"):
        return True  # a row of links
    return (headed or len(raw) < 600) and fold(plain(raw[:400])[:100]).startswith(_closing_words())


def _may_open_caption(low: str) -> bool:
    return "fig" in low or "tab" in low or "abb" in low


@cache
def _closing_words() -> tuple[str, ...]:
    """What a paragraph behind the abstract opens with, folded."""
    return tuple(phrase_set("labels", "abstract", "openings"))


EXTRACTOR = Extractor(name="abstract", find=find)
