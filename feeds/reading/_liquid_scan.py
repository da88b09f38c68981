"""Liquid's delimiters, found in one linear pass: text → tokens, and which tag closes which."""

from __future__ import annotations

import re
from collections.abc import Iterator

from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

MARKUP_LIMIT = 4000  # characters between two delimiters; more is text that only looks like Liquid
BLOCKS = frozenset("if unless case for tablerow capture highlight ifchanged".split())
BRANCHES = frozenset("else elsif when".split())

_OPENING = re.compile(r"\{[{%]")
_NAME = re.compile(r"\s*(#|\w*)\s*")


def scan(source: str) -> Iterator[Token]:
    """The tokens of a template in the kinds of python-liquid; delimiters that never close are text.

    `raw` is resolved to text here and comments vanish, as both hold what is not Liquid.
    """
    at, trim, look = 0, False, 0
    next_end: dict[str, int] = {}
    while at < len(source):
        found = _OPENING.search(source, look)
        start = found.start() if found else len(source)
        close = _closing(source, start, next_end) if found else 0
        if found and not close:
            look = start + 2
            continue
        if start > at:
            yield from _text(source, at, start, trim, source.startswith("-", start + 2))
        if not found:
            return
        at = look = close + 2
        trim = source[close - 1] == "-" and close - 1 >= start + 2
        inner = source[start + 2 : close - trim].removeprefix("-")
        offset = start + 2 + source.startswith("-", start + 2)
        if source[start + 1] == "{":
            yield Token(TOKEN_OUTPUT, source[start:at], start, source)
            yield Token(TOKEN_EXPRESSION, inner.strip(), offset + len(inner) - len(inner.lstrip()), source)
            continue
        named = _NAME.match(inner)
        name = named[1] if named else ""
        if name in _ENDS and next_end.get(name) != -1:
            end = _ENDS[name].search(source, at)
            next_end[name] = end.start() if end else -1
            if end:
                if name == "raw":
                    yield from _text(source, at, end.start(), trim, False)
                at = look = end.end()
                trim = source[at - 3] == "-"
                continue
        if name == "#":
            continue
        yield Token(TOKEN_TAG, name, start, source)
        rest = inner[named.end() :].rstrip() if named else ""
        if rest:
            yield Token(TOKEN_EXPRESSION, rest, offset + (named.end() if named else 0), source)


def closers(tokens: list[Token]) -> dict[int, int]:
    """Index of each block's opening tag → index of the tag that closes it; what is left open is not there."""
    pairs: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    waiting: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.kind != TOKEN_TAG:
            continue
        if token.value in BLOCKS:
            stack.append((token.value, index))
            waiting[token.value] = waiting.get(token.value, 0) + 1
        elif token.value.startswith("end") and waiting.get(token.value[3:]):
            while True:
                name, opened = stack.pop()
                waiting[name] -= 1
                if name == token.value[3:]:
                    pairs[opened] = index
                    break
    return pairs


def _closing(source: str, start: int, next_end: dict[str, int]) -> int:
    """Where the markup that opens at `start` closes; 0 when it does not, or not near."""
    mark = "}}" if source[start + 1] == "{" else "%}"
    if 0 <= next_end.get(mark, 0) < start + 2:
        next_end[mark] = source.find(mark, start + 2)
    return next_end[mark] if start < next_end[mark] < start + MARKUP_LIMIT else 0


_ENDS = {name: re.compile(rf"\{{%-?[ \t\n]{{0,20}}end{name}[ \t\n]{{0,20}}-?%\}}") for name in ("raw", "comment")}


def _text(source: str, start: int, end: int, left: bool, right: bool) -> Iterator[Token]:
    """The text between two pieces of markup, white space gone where a "-" in them says so."""
    value = source[start:end]
    if right:
        value = value.rstrip()
    if left:
        start += len(value) - len(value.lstrip())
        value = value.lstrip()
    if value:
        yield Token(TOKEN_CONTENT, value, start, source)
