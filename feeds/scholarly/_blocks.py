"""The blocks of a post's Markdown, and the plain text and links of its inline parts.  Private to scholarly.

No full Markdown parser: a tolerant reader of what scholars write ("####No blank", "###$ Slip of the finger"), in one
pass over the lines, so that seven extractors share one result.  Block structure after CommonMark 0.31, section 4.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Literal

from msgspec import Struct

from feeds import text as t
from feeds.model import Post

BlockKind = Literal["heading", "paragraph", "item", "quote", "html", "code", "table", "comment", "rule"]


class Block(Struct, frozen=True, kw_only=True):
    """One block: its text without the block's marks, and the lines of the body it stands on (from 0, end excluded)."""

    kind: BlockKind
    text: str
    start: int
    end: int
    level: int = 0  # of a heading, 1…6
    info: str = ""  # of a code block: its language


class Link(Struct, frozen=True):
    """A link: what it says and where it goes."""

    label: str
    target: str


# ------------------------------------------------------------------------------------------------- blocks

LONGEST = 60_000  # characters of a body, and
MOST_LINES = 1_000  # lines, that are read

_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)[ \t]*+([^`\s]*+)")
_HEADS = ("#", " #", "  #", "   #")
_HEADING = re.compile(r" {0,3}#{1,6}(?!#)")
_CLOSING = re.compile(r"[ \t]#++$")
_SETEXT = re.compile(r" {0,3}(=++|-++)[ \t]*+$")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*+(?:\1[ \t]*+){2,}+$")
_ITEM = re.compile(r"\s*+(?:[-*+]|\d{1,9}[.)])[ \t]++(?=\S)")
_QUOTE = re.compile(r" {0,3}> ?")
_HTML = re.compile(
    r" {0,3}</?(?:p|div|table|thead|tbody|tr|td|th|ul|ol|li|dl|dt|dd|section|article|header|footer|figure|figcaption|"
    r"center|details|summary|iframe|script|style|object|form|h[1-6]|hr|blockquote|pre|nav|aside|main)(?=[\s/>]|$)",
    re.IGNORECASE,
)
_HTML_HEADING = re.compile(r" {0,3}<h([1-6])(?:\s[^<>]{0,200})?>(.{1,600})</h\1>\s*+$", re.IGNORECASE)
_DIV = re.compile(r" {0,3}:::")
_MARKS = frozenset("#`~>-*+_=<|:")  # with one of them, or a digit, begins what is no paragraph


@lru_cache(maxsize=8)
def blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a body in order, as far as anyone prints what a paper is: its first LONGEST and MOST_LINES."""
    return tuple(_scan(body[:LONGEST].split("\n", MOST_LINES)[:MOST_LINES]))


def _scan(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    here, end = 0, len(lines)
    while here < end:
        line = lines[here]
        if not line or not (stripped := line.strip()):
            here += 1
            continue
        mark = stripped[0]
        if mark not in _MARKS and not mark.isdecimal():
            block = _paragraph(lines, here)
        elif mark == "#" and (heading := _heading(line, stripped)):
            block = Block(kind="heading", text=heading[1], start=here, end=here + 1, level=heading[0])
        elif mark == ":" and _DIV.match(line):
            here += 1
            continue
        else:
            block = _block(lines, here, line.rstrip("\r"), stripped)
        found.append(block)
        here = block.end
    return found


def _heading(line: str, stripped: str) -> tuple[int, str] | None:
    """Level and text of a heading; "#hashtag" is none, "####Heading" and "###$ Heading" are slips of the finger."""
    text = stripped.lstrip("#")
    level = len(stripped) - len(text)
    if not text or level > 6 or not line.startswith(_HEADS):
        return None
    if text[0] == "$":
        text = text[1:]
    elif level == 1 and text[0] not in " \t":
        return None
    text = text.strip()
    if text.endswith("#"):
        text = _CLOSING.sub("", text).strip()
    elif not text:
        return None
    return level, text


def _block(lines: list[str], here: int, line: str, stripped: str) -> Block:
    """Of a line that begins with a mark."""
    mark = stripped[0]
    if mark in "`~" and (fence := _FENCE.match(line)):
        return _fenced(lines, here, fence.group(1), fence.group(2))
    if stripped.startswith("<!--"):
        return _comment(lines, here)
    if mark in "-*_" and _RULE.match(line):
        return Block(kind="rule", text="", start=here, end=here + 1)
    if item := _ITEM.match(line):
        end = _until(lines, here + 1, _ends_item)
        return Block(kind="item", text=_join(lines, here, end)[item.end() :], start=here, end=end)
    if mark == ">" and _QUOTE.match(line):
        end = _until(lines, here + 1, lambda following: not following.strip())
        text = "\n".join(_QUOTE.sub("", x, count=1) for x in lines[here:end])
        return Block(kind="quote", text=text, start=here, end=end)
    if mark == "|":
        end = _until(lines, here + 1, lambda following: not following.lstrip().startswith("|"))
        return Block(kind="table", text=_join(lines, here, end), start=here, end=end)
    if mark == "<" and _HTML.match(line):
        if found := _HTML_HEADING.match(line):
            return Block(
                kind="heading", text=found.group(2).strip(), start=here, end=here + 1, level=int(found.group(1))
            )
        end = _until(lines, here + 1, _ends_html)
        return Block(kind="html", text=_join(lines, here, end), start=here, end=end)
    return _paragraph(lines, here)


def _fenced(lines: list[str], here: int, fence: str, info: str) -> Block:
    end = _until(lines, here + 1, lambda following: following.strip().startswith(fence))
    return Block(kind="code", text=_join(lines, here + 1, end), start=here, end=min(end + 1, len(lines)), info=info)


def _comment(lines: list[str], here: int) -> Block:
    """An HTML comment of its own; text behind it on its line makes it part of a paragraph."""
    for end in range(here, len(lines)):
        at = lines[end].find("-->")
        if at >= 0:
            if lines[end][at + 3 :].strip():
                return _paragraph(lines, here, end)
            return Block(kind="comment", text=_join(lines, here, end + 1), start=here, end=end + 1)
    return Block(kind="comment", text=_join(lines, here, len(lines)), start=here, end=len(lines))


def _paragraph(lines: list[str], here: int, first: int | None = None) -> Block:
    end, last = (here if first is None else first) + 1, len(lines)
    while end < last and lines[end] and not _interrupts(lines[end]):
        end += 1
    if (
        end < last
        and lines[end]
        and lines[end].strip()
        and (mark := _SETEXT.match(lines[end]))
        and lines[end - 1].strip()
    ):
        level = 1 if mark.group(1)[0] == "=" else 2
        return Block(kind="heading", text=_join(lines, here, end).strip(), start=here, end=end + 1, level=level)
    return Block(kind="paragraph", text=_join(lines, here, end), start=here, end=end)


def _interrupts(line: str) -> bool:
    stripped = line.strip()
    if not stripped:
        return True
    mark = stripped[0]
    return mark in _MARKS and bool(
        (mark == "#" and _heading(line, stripped))
        or (mark in "`~" and _FENCE.match(line))
        or (mark == ">" and _QUOTE.match(line))
        or (mark in "=-" and _SETEXT.match(line))
        or (mark in "-*_" and _RULE.match(line))
        or (mark == ":" and _DIV.match(line))
        or (mark == "<" and _HTML.match(line))
        or (mark in "-*+" and _ITEM.match(line))
    )


def _ends_item(line: str) -> bool:
    return _interrupts(line) or bool(_ITEM.match(line))


def _ends_html(line: str) -> bool:
    return not line.strip() or bool(_HEADING.match(line)) or bool(_HTML_HEADING.match(line))


def _until(lines: list[str], here: int, ends: object) -> int:
    while here < len(lines) and not ends(lines[here]):  # type: ignore[operator]  # a callable, in all three uses
        here += 1
    return here


def _join(lines: list[str], start: int, end: int) -> str:
    return lines[start] if end == start + 1 else "\n".join(lines[start:end])


def line_of(post: Post, body_line: int) -> int:
    """The line of the post's file on which a line of its body stands; 0 when unknown."""
    return post.body_lines[body_line] if 0 <= body_line < len(post.body_lines) else 0


# ------------------------------------------------------------------------------------------------- inline

# Every quantifier below is possessive or bounded by its neighbours: no input makes them try twice.
_LABEL = r"\[((?:[^\[\]\\]++|\\.|!?\[[^\[\]]*+\](?:\([^()\s]*+\))?)*+)\]"
_TARGET = r"\(\s*+<?((?:[^()\s<>]++|\([^()\s]*+\))*+)>?(?:\s++(?:\"[^\"\n]*+\"|'[^'\n]*+'))?\s*+\)"
_MD_LINK = re.compile(_LABEL + _TARGET)
_MD_IMAGE = re.compile("!" + _LABEL + _TARGET)
_REF_LINK = re.compile(_LABEL + r"\[[^\[\]]*+\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,30}\]")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*+)>")
_ANCHOR = re.compile(r"<a\s([^<>]*+)>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
# They begin with the mark itself, for which the engine can skip ahead.
_BARE = re.compile(r"http(?<![\w<\"'=/]http)s?://[^\s<>\"\]]{1,2048}+")
_STRONG = re.compile(r"\*(?<!\\\*)(\*{0,2})(?=\S)([^*]++)(?<=[^\s\\])\*\1")
_UNDER = re.compile(r"_(?<![\w\\]_)(_{0,2})(?=\S)([^_]++)(?<=[^\s\\])_\1(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_FIRST, _SECOND = itemgetter(1), itemgetter(2)  # groups of a match: what stands inside the marks


def uncomment(text: str) -> str:
    """`text` without HTML comments; one that is never closed stays."""
    if "<" not in text or "<!--" not in text:
        return text
    kept, here = [], 0
    while (start := text.find("<!--", here)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[here:start])
        here = end + 3
    return "".join([*kept, text[here:]])


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """The words of inline Markdown and HTML on one line: no marks, no images, links as their labels."""
    if "<" in text:
        text = uncomment(text)
    if "[" in text:
        text = _unlinked(text)
    if "<" in text and ("<http" in text or "<mailto:" in text):
        text = _AUTOLINK.sub(_FIRST, text)
    if "*" in text or "_" in text or "`" in text or "\\" in text:
        text = unmarked(text)
    text = t.plain(text) if "<" in text or "&" in text else t.squeeze(text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _unlinked(text: str) -> str:
    """`text` without images and footnotes, links as their labels."""
    if "](" in text:
        text = _MD_IMAGE.sub("", text) if "![" in text else text
        text, count = _MD_LINK.subn(_FIRST, text)
        text = _MD_LINK.sub(_FIRST, text) if count and "](" in text else text  # one was inside the other
    if "][" in text:
        text = _REF_LINK.sub(_FIRST, text)
    return _FOOTNOTE.sub("", text) if "[^" in text else text


def unmarked(text: str) -> str:
    """`text` without emphasis, code marks and backslashes."""
    if "*" in text:
        text, count = _STRONG.subn(_SECOND, text)
        text = _STRONG.sub(_SECOND, text) if count and "*" in text else text
    if "_" in text:
        text, count = _UNDER.subn(_SECOND, text)
        text = _UNDER.sub(_SECOND, text) if count and "_" in text else text
    if "\\" in text:
        text = _ESCAPE.sub(_FIRST, text)
    return text.replace("`", "") if "`" in text else text


def may_link(text: str) -> bool:
    """Is there a mark of a link in it?  One character is found in a fraction of the time of two."""
    return "<" in text or ("[" in text and "](" in text) or (":" in text and "://" in text)


@lru_cache(maxsize=16)
def links(text: str) -> tuple[Link, ...]:
    """The links of inline Markdown and HTML, in order: [label](target), <a href>, <http://…>, bare addresses."""
    if not may_link(text):
        return ()
    text = _MD_IMAGE.sub("", text) if "![" in text else text
    found: list[tuple[int, Link]] = []
    taken: list[tuple[int, int]] = []
    if "](" in text:
        for m in _MD_LINK.finditer(text):
            found.append((m.start(), Link(plain(m[1]), m[2])))
            taken.append(m.span())
    if "<" in text:
        found += _anchors(text, taken)
    bare = text.count("://")
    for start, end in taken:
        bare -= text.count("://", start, end)
    if bare > 0:
        free = _blank(text, taken) if taken else text
        found += [(m.start(), Link("", _trim(m.group()))) for m in _BARE.finditer(free)]
    if len(found) > 1:
        found.sort(key=_place)
    return tuple([link for _, link in found])


def _place(found: tuple[int, Link]) -> int:
    return found[0]


def _anchors(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, Link]]:
    for m in _ANCHOR.finditer(text) if "<a" in text or "<A" in text else ():
        if href := _HREF.search(m.group(1)):
            end = text.find("</", m.end(), m.end() + 2000)
            stop = end if end >= 0 else m.end()
            target = html.unescape(next(g for g in href.groups() if g is not None))
            yield m.start(), Link(plain(text[m.end() : stop]), target.strip())
            taken.append((m.start(), stop))
    for m in _AUTOLINK.finditer(text) if "<http" in text or "<mailto:" in text else ():
        yield m.start(), Link("", m.group(1))
        taken.append(m.span())


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with the spans blanked out, so that nothing is found twice and places stay."""
    parts, here = [], 0
    for start, end in sorted(spans):
        if start >= here:
            parts += [text[here:start], " " * (end - start)]
            here = end
    return "".join([*parts, text[here:]])


def _trim(url: str) -> str:
    """A bare address without the punctuation of the sentence around it."""
    url = url.rstrip(".,;:!?*_'’”")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:")
    return url
