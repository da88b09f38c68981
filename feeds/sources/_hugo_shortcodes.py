"""Hugo's shortcodes (https://gohugo.io/content-management/shortcodes/) resolved as far as a reader needs them.

Those of Hugo and Hugo Blox that say something become Markdown or HTML (_hugo_embeds.py).  Of others that enclose
prose the prose stays; the rest is dropped and reported, each name once.  Fenced code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from feeds.sources import _document, _pages
from feeds.sources._hugo_embeds import ALONE, AROUND, REFERENCES, SILENT, Asked, Tag

_TAG = re.compile(
    r"\{\{[<%][ \t\n]{0,20}(?P<close>/?)[ \t\n]{0,20}(?P<name>[A-Za-z0-9_][\w./-]{0,100})"
    r"(?P<args>(?:`(?:[^`{]|\{(?!\{)){0,5000}`|\"(?:[^\"\\{]|\\.|\{(?!\{)){0,5000}\""
    r"|(?!/?[ \t\n]{0,20}[>%]\}\}|\{\{)[^`\"]){0,3000}+)"
    r"/?[ \t\n]{0,20}[>%]\}\}"
    r"|\{\{(?P<open>[<%])/\*(?P<escaped>(?:(?!\*/|\{\{)[^\n]){0,2000})\*/(?P<end>[>%])\}\}"
)
_ESCAPED = re.compile(r"\{\{([<%])/\*((?:(?!\*/|\{\{)[^\n]){0,2000})\*/([>%])\}\}")
_ARGUMENT = re.compile(
    r"(?:([A-Za-z_][\w-]{0,60})=)?(?:\"((?:[^\"\\]|\\.){0,5000})\"|`([^`]{0,5000})`|([^\s\"`]{1,2000}))"
)
_MUCH = 10_000  # characters
_TASTE = 400
_NO_PROSE = frozenset("mermaid diagram chart plotly gallery markmap raw script style gantt load-plotly table".split())


class _Found(Struct, frozen=True):
    """A tag and where it stands."""

    start: int
    end: int
    tag: Tag
    is_close: bool = False
    partner: int = -1  # index of the tag that closes it, or that it closes
    text: str | None = None  # what an escaped tag stands for


class Done(Struct, frozen=True):
    """A body with its shortcodes resolved."""

    text: _document.Text
    dropped: tuple[tuple[str, int], ...] = ()  # (name, line), each name once


def resolve(body: str, first: int, asked: Asked) -> Done:
    """`body`, which begins on line `first` of its file, without its shortcodes."""
    if "{{<" not in body and "{{%" not in body:
        return Done(_pages.lines_of(body, first))
    dropped: dict[str, int] = {}
    pieces: list[str] = []
    lines = [first]
    at, line = 0, first
    for start, end, replacement, name in _replacements(body, _find(body), asked):
        pieces += [body[at:start], replacement]
        for _ in range(body.count("\n", at, start)):
            line += 1
            lines.append(line)
        lines += [line] * replacement.count("\n")
        if name:
            dropped.setdefault(name, line)
        line += body.count("\n", start, end)
        at = end
    pieces.append(body[at:])
    lines += range(line + 1, line + 1 + body.count("\n", at))
    return Done(_document.Text("".join(pieces), tuple(lines)), tuple(dropped.items()))


# ------------------------------------------------------------------------------------------------------ tags


def _find(body: str) -> list[_Found]:
    """The tags of a body in order, those that enclose something joined to what closes them."""
    found: list[_Found] = []
    waiting: dict[str, list[int]] = {}
    offset = 0
    for is_code, piece in _pages.fenced(body):
        for match in (_ESCAPED if is_code else _TAG).finditer(piece):
            one = _of_match(match, offset, is_code)
            if one.is_close:
                opened = waiting.get(one.tag.name) or []
                if opened:
                    partner = opened.pop()
                    first = found[partner]
                    found[partner] = _Found(first.start, first.end, first.tag, partner=len(found))
                    one = _Found(one.start, one.end, first.tag, True, partner)
            elif one.text is None:
                waiting.setdefault(one.tag.name, []).append(len(found))
            found.append(one)
        offset += len(piece)
    return found


def _of_match(match: re.Match[str], offset: int, is_code: bool) -> _Found:
    start, end = match.start() + offset, match.end() + offset
    if is_code or match["escaped"] is not None:
        opening, inner, closing = match.groups() if is_code else (match["open"], match["escaped"], match["end"])
        return _Found(start, end, Tag("", (), {}), text=f"{{{{{opening}{inner}{closing}}}}}")
    plain: list[str] = []
    named: dict[str, str] = {}
    for name, quoted, raw, bare in _ARGUMENT.findall(match["args"]):
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted else raw or bare
        if name:
            named[name.lower()] = value
        else:
            plain.append(value)
    return _Found(start, end, Tag(match["name"].lower(), tuple(plain), named), bool(match["close"]))


def _replacements(body: str, found: list[_Found], asked: Asked) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, what stands there instead, name of what is dropped) for each tag."""
    upto = 0
    for index, one in enumerate(found):
        if one.start < upto:
            continue
        if one.text is not None:
            yield one.start, one.end, one.text, ""
        elif one.partner >= 0:
            other = found[one.partner]
            inner = _between(body, *((other, one) if one.is_close else (one, other)))
            if one.is_close or one.tag.name in AROUND or _is_prose(one.tag.name, inner):
                opening, closing = AROUND.get(one.tag.name, _nothing)(one.tag, asked, inner)
                yield one.start, one.end, closing if one.is_close else opening, ""
            else:
                upto = found[found[index].partner].end
                yield one.start, upto, "", one.tag.name
        elif one.tag.name in ALONE:
            text = ALONE[one.tag.name](one.tag, asked)
            named = f"{one.tag.name} {one.tag.first('path')}" if one.tag.name in REFERENCES else one.tag.name
            yield one.start, one.end, text, "" if text else named
        else:
            silent = one.is_close or one.tag.name in SILENT
            yield one.start, one.end, "", "" if silent else one.tag.name


def _between(body: str, first: _Found, last: _Found) -> str:
    """What a pair of tags encloses; of very much only the beginning and the end."""
    start, end = first.end, last.start
    return body[start:end] if end - start <= 2 * _MUCH else body[start : start + _MUCH] + body[end - _MUCH : end]


def _nothing(_tag: Tag, _asked: Asked, _inner: str) -> tuple[str, str]:
    return "", ""


def _is_prose(name: str, inner: str) -> bool:
    """Is what a tag encloses text for readers, rather than data for a program?"""
    text = inner.strip()[:_TASTE]
    letters = sum(c.isalpha() or c.isspace() for c in text)
    return name not in _NO_PROSE and not text.startswith(("{", "[{")) and letters * 2 >= len(text)
