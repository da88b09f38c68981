"""Pictures that a post holds in its text, not in files, and that its HTML loses: a person should know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.model import Problem
from feeds.reading.clean import IMAGE_DATA_LIMIT

_DRAWING = re.compile(r"<svg\b[^<>]*+>[^<]*+(?:<(?!/?svg\b)[^<]*+)*+", re.IGNORECASE)
_SHAPE = re.compile(r"<(?:circle|ellipse|image|line|path|polygon|polyline|rect|use)\b", re.IGNORECASE)
_WORDS = re.compile(r"<text\b", re.IGNORECASE)
_ICON = 2  # shapes at most; an icon is no loss
_IMAGE = re.compile(r"<img\b[^<>]*+>", re.IGNORECASE)
_DATA = re.compile(r"\ssrc=[\"']?(data:image/(svg)?[^\"'\s>]*)", re.IGNORECASE)
_PLACEHOLDER = 1000  # characters at most of an SVG that stands for a picture which is not there yet
_ELSEWHERE = re.compile(r"\s(?:data-|srcset)", re.IGNORECASE)  # so the picture itself is not lost
_LARGE = f"a picture in a data: address is left out: it is larger than {IMAGE_DATA_LIMIT // 1024} kB"

Lost = tuple[int, str, str]  # position in the HTML, how it begins, what to say


def lost(html: str, prose: str, lines: tuple[int, ...], path: str) -> Iterator[Problem]:
    """A warning for each picture in `html`, not yet cleaned; `prose` is as written, on these `lines` of `path`."""
    place = 0
    lowered = html.lower()
    drawings = _drawings(html) if "<svg" in lowered else ()
    data = _data(html) if "data:image/" in lowered else ()
    for _, beginning, message in sorted([*drawings, *data]):
        place = max(prose.find(beginning, place), place)
        number = prose.count("\n", 0, place)
        place += 1
        yield Problem(
            stage="read",
            where=f"{path}:{lines[number]}" if number < len(lines) else path,
            message=message,
            hint="put it into a file of its own and show that: ![what it shows](drawing.svg)",
            severity="warning",
        )


def _drawings(html: str) -> Iterator[Lost]:
    """Every <svg> that is more than an icon."""
    for found in _DRAWING.finditer(html):
        drawing = found.group()
        if len(_SHAPE.findall(drawing)) > _ICON or _WORDS.search(drawing):
            yield found.start(), drawing[: drawing.index(">")], "a drawing in <svg> is left out: feed readers show none"


def _data(html: str) -> Iterator[Lost]:
    """Every image whose address holds the picture itself, where that is SVG or too large."""
    for found in _IMAGE.finditer(html):
        data = _DATA.search(found.group())
        if not data or _ELSEWHERE.search(found.group()):
            continue
        if data[2] and len(data[1]) > _PLACEHOLDER:
            yield found.start(), data[1][:60], "an SVG in a data: address is left out: feed readers show none"
        elif not data[2] and len(data[1]) > IMAGE_DATA_LIMIT:
            yield found.start(), data[1][:60], _LARGE
