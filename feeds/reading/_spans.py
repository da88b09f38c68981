"""Where the code and the maths of a Markdown text are: the places that no rewriting may touch.

The Markdown parser itself is asked, with source positions switched on, so that fences in lists and quotes, indented
code, and code spans over lines are all seen as it sees them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

import comrak

# <pre data-sourcepos="5:3-7:5"><code>…, <code data-sourcepos=…>, <span data-math-style="inline" data-sourcepos=…>
_PLACE = re.compile(
    r"<(?:pre|code|(?P<maths>span) data-math-style=\"[a-z]+\")"
    r" data-sourcepos=\"(\d+):(\d+)-(\d+):(\d+)\"(?:><code[^<>]*>(?P<block>[^<]*))?"
)
_LINE_END = re.compile(rb"\r\n?|\n")
_OVER_BLANK_LINES = ("```", "~~~", "    ", "\t")  # what is begun so; code spans and maths end before one
_MAY_HOLD = ("`", "$", *_OVER_BLANK_LINES)
_RAW = re.compile(r"<(pre|code|script|style|textarea|kbd|samp|math|svg)\b", re.IGNORECASE)

Spans = list[tuple[int, int]]  # half-open, sorted, apart


def extensions() -> comrak.ExtensionOptions:
    """The dialect: GFM, and what kramdown and Python-Markdown add to it."""
    options = comrak.ExtensionOptions()
    options.autolink = options.strikethrough = options.table = options.tasklist = True
    options.description_lists = options.footnotes = options.math_dollars = options.subscript = True
    return options


def _positions() -> tuple[comrak.ExtensionOptions, comrak.ParseOptions, comrak.RenderOptions]:
    parse, render = comrak.ParseOptions(), comrak.RenderOptions()
    render.unsafe_ = render.sourcepos = True
    return extensions(), parse, render


_POSITIONS = _positions()


def untouchable(markdown: str, *, maths: bool = True) -> Spans:
    """The code (fenced, indented, spans, raw HTML) in `markdown`, and unless told otherwise its $maths$."""
    found = _raw_html(markdown) if "<" in markdown else []
    if any(sign in markdown for sign in _MAY_HOLD):
        found += _parsed(markdown, maths=maths)
    return joined(found)


def untouchable_at(mark: str, markdown: str) -> Spans:
    """As much of `untouchable(markdown)` as tells whether `mark` begins in it: most often not its costly part."""
    if any(sign in markdown for sign in _OVER_BLANK_LINES) or _is_enclosed(mark, markdown):
        return untouchable(markdown)
    return joined(_raw_html(markdown))


def _is_enclosed(mark: str, markdown: str) -> bool:
    """May `mark` be in a code span or in maths, between two signs of a paragraph?"""
    parts = [part for part in markdown.split("\n\n") if mark in part]
    return any(sign in part.rpartition(mark)[0] and sign in part.partition(mark)[2] for sign in "`$" for part in parts)


def _parsed(markdown: str, *, maths: bool) -> Spans:
    raw = markdown.encode("utf-8", "replace")
    starts = [0, *(end.end() for end in _LINE_END.finditer(raw)), len(raw) + 1]
    found: Spans = []
    for place in _PLACE.finditer(comrak.render_markdown(raw.decode(), *_POSITIONS)):
        if maths or not place["maths"]:
            line, column, last, end = (int(number) for number in place.group(2, 3, 4, 5))
            # of indented code in a list the parser gives the first character only: count its lines
            below = min(line + (place["block"] or "").count("\n"), len(starts)) - 1
            found.append((starts[line - 1] + column - 1, max(starts[last - 1] + end, starts[below] - 1)))
    return found if len(raw) == len(markdown) else _in_characters(found, raw)


def _in_characters(spans: Spans, raw: bytes) -> Spans:
    """The parser counts bytes of UTF-8, Python characters."""
    characters: dict[int, int] = {}
    done = count = 0
    for offset in sorted({offset for span in spans for offset in span}):
        count += len(raw[done:offset].decode("utf-8", "replace"))
        characters[offset] = count
        done = offset
    return [(characters[begin], characters[end]) for begin, end in spans]


def within(offset: int, spans: Spans) -> bool:
    """Is the character at `offset` in one of `spans`?"""
    before = bisect_right(spans, offset, key=_begin) - 1
    return before >= 0 and offset < spans[before][1]


def outside(pattern: re.Pattern[str], rewrite: Callable[[re.Match[str]], str], text: str, spans: Spans) -> str:
    """`text` with each match of `pattern` that neither begins nor ends in `spans` replaced by `rewrite` of it."""

    def guarded(found: re.Match[str]) -> str:
        kept = within(found.start(), spans) or within(found.end() - 1, spans)
        return found.group() if kept else rewrite(found)

    return pattern.sub(guarded, text)


def _begin(span: tuple[int, int]) -> int:
    return span[0]


def _raw_html(markdown: str) -> Spans:
    """Raw HTML elements whose content is code; one that is never closed ends with the text."""
    found: Spans = []
    end = 0
    lower = markdown.lower() if _RAW.search(markdown) else ""
    for opening in _RAW.finditer(markdown) if lower else ():
        if opening.start() >= end:
            close = lower.find(f"</{opening[1].lower()}", opening.end())
            end = close if close >= 0 else len(markdown)
            found.append((opening.start(), end))
    return found


def joined(spans: Spans) -> Spans:
    """`spans` sorted, those that touch made one."""
    apart: Spans = []
    for begin, end in sorted(spans):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        elif begin < end:
            apart.append((begin, end))
    return apart
