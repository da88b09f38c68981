"""Drawings that a post holds as `<svg>`: no reader of feeds shows one, so that a person should know of the loss."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.model import Problem

_DRAWING = re.compile(r"<svg\b[^<>]*+>[^<]*+(?:<(?!/?svg\b)[^<]*+)*+", re.IGNORECASE)
_SHAPE = re.compile(r"<(?:circle|ellipse|image|line|path|polygon|polyline|rect|use)\b", re.IGNORECASE)
_WORDS = re.compile(r"<text\b", re.IGNORECASE)
_ICON = 2  # shapes at most; an icon is no loss


def lost(html: str, prose: str, lines: tuple[int, ...], path: str) -> Iterator[Problem]:
    """A warning for each drawing in `html`, not yet cleaned; `prose` is as written, on these `lines` of `path`."""
    if "<svg" not in html.lower():
        return
    begin = 0
    for found in _DRAWING.finditer(html):
        drawing = found.group()
        if len(_SHAPE.findall(drawing)) <= _ICON and not _WORDS.search(drawing):
            continue
        tag = drawing[: drawing.index(">") + 1]
        begin = max(prose.find(tag, begin), begin)
        number = prose.count("\n", 0, begin)
        begin += 1
        yield Problem(
            stage="read",
            where=f"{path}:{lines[number]}" if number < len(lines) else path,
            message="a drawing in <svg> is left out: feed readers show none",
            hint="put it into a file of its own and show that: ![what it shows](drawing.svg)",
            severity="warning",
        )
