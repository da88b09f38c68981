"""The line that adds a field to a post, in the way that its file is written, and where it goes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

from msgspec import Struct

from feeds.model import Post

Syntax = Literal["yaml", "toml", "json", "meta", "rst", "bibtex", "ris", "csl", ""]

_HEAD = 200_000  # bytes that are looked at; front matter is shorter
_FENCES: dict[str, Syntax] = {"---": "yaml", "+++": "toml", "{": "json"}
_RECORDS: dict[str, Syntax] = {".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".json": "csl", ".cff": "yaml"}
_NOT_TEXT = frozenset({".ipynb", ".html", ".htm"})

# Need → key in front matter, and what stands there for the value that nobody but the author knows.
KEYS = {
    "title": ("title", "full title"),
    "authors": ("authors", ""),
    "date": ("date", "YYYY-MM-DD"),
    "identifier": ("doi", "10.…"),
    "printed doi": ("doi", "10.…"),
    "journal": ("journal", "name of the journal"),
    "volume": ("volume", "number"),
    "pages": ("pages", "first-last"),
    "institution": ("institution", "name of the institution"),
    "publisher": ("publisher", "name of the publisher"),
    "event": ("event", "name of the meeting"),
    "abstract": ("abstract", "text of the abstract"),
    "licence": ("license", "address of the licence"),
    "keywords": ("tags", ""),
    "image": ("image", "/path/to/image.png"),
}
_LISTS = {"authors": ("Given Family", "Given Family"), "keywords": ("keyword", "keyword")}
_BIBTEX = {
    "authors": ("author", "Family, Given and Family, Given"),
    "date": ("year", "YYYY"),
    "keywords": ("keywords", "keyword, keyword"),
}
_RIS = {
    "title": "TI", "authors": "AU", "date": "PY", "identifier": "DO", "journal": "JO", "volume": "VL", "pages": "SP",
    "institution": "PB", "publisher": "PB", "event": "T2", "abstract": "AB", "keywords": "KW",
}  # fmt: skip
_CSL = {
    "title": "title", "identifier": "DOI", "journal": "container-title", "volume": "volume", "pages": "page",
    "institution": "publisher", "publisher": "publisher", "event": "event-title", "abstract": "abstract",
}  # fmt: skip
_PLAIN = re.compile(r"[\w…/(][\w…/().,;+-]*(?: [\w…/().,;+-]+)*")  # a scalar that YAML takes for text, but for numbers


class Place(Struct, frozen=True):
    """How a post's metadata is written, and where a line may be added."""

    syntax: Syntax
    line: int = 0  # the line that ends the front matter, or begins it (TOML, JSON), or the record; 0: none
    side: str = ""  # "above" or "below" that line


def place(file: Path, post: Post) -> Place:
    """Where the metadata of a post in `file` is, and how it is written."""
    suffix = file.suffix.lower()
    if post.form == "record":
        return Place(_RECORDS.get(suffix, ""), min(post.front_lines.values(), default=0))
    if post.form == "entry" or suffix in _NOT_TEXT:
        return Place("")
    if suffix == ".rst":
        return Place("rst")
    lines = _lines(file)
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    opening = lines[start].strip() if lines else ""
    fence = opening if opening in _FENCES else opening[:1] if opening == "{" else ""
    if not fence:
        return Place("meta", max(post.front_lines.values()), "below") if post.front_lines else Place("yaml", 1)
    if fence != "---":
        return Place(_FENCES[fence], start + 1, "below")
    end = next((n for n, line in enumerate(lines[start + 1 :], start + 2) if line.rstrip() in {"---", "..."}), 0)
    return Place("yaml", end, "above") if end else Place("")


def _lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as opened:
            raw = opened.read(_HEAD)
    except OSError:
        return []
    return raw.decode("utf-8-sig", "replace").splitlines()


def advice(place: Place, post: Post, field: str, known: str = "") -> tuple[str, int]:
    """What to do for a need ("add above this line: doi: 10.…"), and the line of the file that this is said of.

    The value stands there where it is known.  ("", 0) where the file has no place for it, or says something already.
    """
    line = _line(place.syntax, field, known)
    if not line:
        return "", 0
    if post.form == "record":
        return f"add to this record: {line}", place.line
    key = KEYS[field][0]
    if at := post.front_lines.get(key, 0):
        return (f"write on this line: {line}", at) if post.front.get(key) in (None, "", [], {}) else ("", 0)
    if place.syntax == "rst":
        return f"add to the fields at its top: {line}", 0
    if place.side:
        return f"add {place.side} this line: {line}", place.line
    return f"begin the file with a line ---, then {line}, then a line ---", place.line


def _line(syntax: Syntax, field: str, known: str) -> str:
    """One line, or "" where the format has none for it."""
    if field not in KEYS or not syntax:
        return ""
    if syntax == "bibtex":
        key, value = _BIBTEX.get(field, KEYS[field])
        return f"{key} = {{{known or value}}},"
    if syntax == "ris":
        return f"{_RIS[field]}  - {known or KEYS[field][1] or 'Family, Given'}" if field in _RIS else ""
    if syntax == "csl":
        return f'"{_CSL[field]}": {_quoted(known or KEYS[field][1])},' if field in _CSL else ""
    return _front_line(syntax, field, known)


def _front_line(syntax: Syntax, field: str, known: str) -> str:
    key, value = KEYS[field]
    items = _LISTS.get(field)
    if syntax in {"meta", "rst"}:
        value = known or value or ", ".join(items or ())
        return f":{key}: {value}" if syntax == "rst" else f"{key}: {value}"
    quote = _quoted if syntax != "yaml" else _scalar
    written = f"[{', '.join(map(quote, items))}, …]" if items and not known else quote(known or value)
    return {"yaml": f"{key}: {written}", "toml": f"{key} = {written}", "json": f'"{key}": {written},'}[syntax]


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _scalar(value: str) -> str:
    """A YAML scalar: bare where that is read as the same text."""
    return value if _PLAIN.fullmatch(value) else _quoted(value)
