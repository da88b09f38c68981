"""Labels in front of values and over sections: "**Abstract** …", "DOI: …", "## Links".  Private to scholarly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from feeds.model import Post
from feeds.scholarly._blocks import Block, blocks, plain, uncomment
from feeds.scholarly._memo import once_a_post
from feeds.scholarly._vocab import fold, lookup, phrase_set

MOST = 100  # values behind labels: more than one paper has

Section = Literal["abstract", "part", "end", "links", ""]


class Labelled(Struct, frozen=True):
    """A value behind its label, and the line of the body it stands on."""

    field: str
    raw: str
    line: int


_LEAD = re.compile(
    r"\s*+(?:<(?:p|div|details|section)\b[^<>]{0,100}>\s*+)?(?:(?:\*{1,3}|_{1,3}|<(?:b|strong|em|i|summary)>)\s{0,3}(?P<label>[^*_<>\n]{2,60}?)\s{0,3}"
    r"(?:\*{1,3}|_{1,3}|</(?:b|strong|em|i|summary)>)(?P<colon>\s{0,3}[:.–—-]?)"
    r"|(?P<bare>[^\W\d_][^*_<>\n:.|(){}\[\]]{1,40})(?=[:.–—]|[^\S\n]{0,60}+(?:\n|$)))\s*+[:.–—-]?[^\S\n]*+\n?\s*+"
)


_TEXT = frozenset({"paragraph", "item", "quote", "html"})
_BR = re.compile(r"<br\s?/?>\n?")
_IDENTIFIER = re.compile(r"[1pPaA](?<!\w.)(?i:(?<=1)0\.\d{4,9}/|(?<=p)MC?ID\b|(?<=a)rxiv:)")


@lru_cache(maxsize=64)
def lead(raw: str) -> tuple[str, str, bool]:
    """The folded label that opens a text, what stands behind it, and whether it is set apart by emphasis."""
    found = None if _runs_on(raw) else _LEAD.match(raw)
    if not found:
        return "", raw, False
    label = found.group("label") or found.group("bare") or ""
    return fold(label), raw[found.end() :], found.group("label") is not None


@lru_cache(maxsize=128)
def section(text: str) -> Section:
    """What a heading or label announces."""
    return _announced().get(fold(text), "") if len(text) <= 60 else ""


@cache
def _announced() -> dict[str, Section]:
    """Folded heading or label → what it announces."""
    listed: tuple[tuple[str, str, Section], ...] = (
        ("abstract", "ends", "end"),
        ("links", "labels", "links"),
        ("abstract", "parts", "part"),
        ("abstract", "labels", "abstract"),
    )
    return {phrase: what for where, key, what in listed for phrase in phrase_set("labels", where, key)}


@lru_cache(maxsize=8)
def sections(body: str) -> tuple[Section, ...]:
    """What each block announces, where it is a heading."""
    return tuple([section(plain(block.text)) if block.kind == "heading" else "" for block in blocks(body)])


def opens_abstract(raw: str) -> str | None:
    """What stands behind the label "Abstract" that opens a paragraph; None when it opens with none."""
    if _runs_on(raw):
        return None
    label, rest, emphasised = lead(uncomment(raw))
    if not label or label not in phrase_set("labels", "abstract", "labels"):
        return None
    bare = raw.lstrip()[len(label) :].lstrip()
    return rest if emphasised or bare[:1] in ":.–—-" or "\n" in raw[: len(label) + 4] or not rest else None


def _runs_on(raw: str) -> bool:
    """Do the first words go on beyond any label, with nothing that sets one apart?"""
    opening = raw[:110]
    if not opening[:1].isalpha() or "\n" in opening or "<" in opening or not opening[45:100].strip():
        return False
    head = opening[:45]
    return not ("." in head or ":" in head or "–" in head or "—" in head)


def field_of(raw: str) -> tuple[str, str]:
    """ "DOI: 10.…" → ("doi", "10.…"); ("", "") when no label we know opens the line."""
    if not _may_open_with_label(raw):
        return "", ""
    label, rest, emphasised = lead(raw)
    field = lookup("labels", "fields").get(label, "")
    return (field, rest.strip()) if field and rest.strip() and (emphasised or ":" in raw[:64]) else ("", "")


def _may_open_with_label(text: str) -> bool:
    """Is there a colon or emphasis to set a label apart?"""
    opening = text.lstrip()[:64]
    return ":" in opening or opening.startswith(("*", "_", "<"))


@lru_cache(maxsize=8)
def labelled(body: str) -> tuple[Labelled, ...]:
    """The values that stand behind labels, where every line of a block has one; tables of two columns too."""
    found: list[Labelled] = []
    for block in blocks(body):
        if block.kind in _TEXT:
            if len(block.text) < 20_000 and _may_open_with_label(block.text):
                found += _of_block(block)
        elif block.kind == "table":
            found += _of_block(block)
        if len(found) >= MOST:
            break
    return tuple(found[:MOST])


@once_a_post
def of(post: Post) -> tuple[Labelled, ...]:
    """The values behind labels, and the reference below the heading "Citation" where it is that of this very work."""
    headed = _headed(post.body)
    title = plain(post.title).rstrip(".").casefold() if headed else ""
    return (*labelled(post.body), *(x for x in headed if title and title in plain(x.raw).casefold()))


@lru_cache(maxsize=8)
def _headed(body: str) -> tuple[Labelled, ...]:
    called: list[Labelled] = []
    heading = None
    for block in blocks(body):
        if block.kind == "heading":
            heading = block
            continue
        if heading is not None and block.kind in _TEXT and _calls_citation(heading.text) and len(block.text) < 2_000:
            called.append(Labelled("citation", block.text, block.start))
        heading = None
    return tuple(called)


def _calls_citation(heading: str) -> bool:
    return len(heading) < 60 and lookup("labels", "fields").get(fold(plain(heading))) == "citation"


def _of_block(block: Block) -> Iterator[Labelled]:
    if block.kind == "table":
        for number, row in enumerate(block.text.split("\n")):
            cells = [c.strip() for c in row.strip().strip("|").split("|")]
            if len(cells) == 2 and (field := lookup("labels", "fields").get(fold(plain(cells[0])), "")) and cells[1]:
                yield Labelled(field, cells[1], block.start + number)
    else:
        found: list[Labelled] = []
        for number, line in enumerate(lines_of(block)):
            if line.strip():
                field, raw = field_of(line)
                if not field and found and opens_abstract(line) is not None:
                    break
                if not field:
                    return
                found.append(Labelled(field, raw, block.start + number))
        yield from found


def lines_of(block: Block) -> list[str]:
    """The lines of a block; a <br> ends one too."""
    text = block.text
    return (_BR.sub("\n", text) if "<" in text and "<br" in text else text).split("\n")


def holds_identifier(raw: str) -> bool:
    """Is it one of the lines that only hold an identifier?"""
    return len(plain(raw)) < 120 and bool(_IDENTIFIER.search(raw))


@lru_cache(maxsize=256)
def kind_of(word: str) -> str:
    """The kind that one word or phrase names; "" when it names none."""
    folded = fold(word)
    return lookup("kinds", "words").get(folded, "") if folded else ""


def is_kept_among(post: Post, *kinds: str) -> bool:
    """Does its folder, its collection or its category name one of the kinds?"""
    return not _kinds_kept(post).isdisjoint(kinds)


@once_a_post
def _kinds_kept(post: Post) -> frozenset[str]:
    """The kinds that its folders, its collection and its categories name."""
    said = post.front.get("categories") or post.front.get("category") or ()
    names = (
        [said] if isinstance(said, str) else [x for x in said if isinstance(x, str)] if isinstance(said, list) else []
    )
    return frozenset([kind_of(name.lstrip("_")) for name in (*post.path.split("/")[:-1], post.group, *names)])
