"""The body of a Quarto document: included files, frozen results, notebooks, and what its citations stand for."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct, structs

from feeds.model import Problem, Tree
from feeds.reading import front as front_matter
from feeds.reading import pandoc
from feeds.reading.front import Front
from feeds.sources import _document, _pages, _walk

_INCLUDE = re.compile(r"^[ \t]{0,3}\{\{<\s{1,20}include\s{1,20}[\"']?([^\"'\s>]{1,300})[\"']?\s{0,20}>\}\}[ \t]*$")
_DEEPEST = 5
_LIMIT = 2_000_000  # bytes of an included or frozen file, and of a bibliography
_FROZEN_LIMIT = 8_000_000
_KEY = re.compile(r"@\{?([A-Za-z0-9_][\w:.#$%&+?<>~/-]{0,200})")


class Body(Struct, frozen=True):
    """Lines ready for Pandoc's dialect."""

    rows: list[str]
    lines: list[int]


def read(
    tree: Tree, path: str, front: Front, data: bytes, depends: list[str], variables: Mapping[str, str]
) -> tuple[_document.Text, list[Problem]]:
    """The document's text in our Markdown, and a warning that says what of it only a computation could give."""
    rows = front.body.split("\n")
    # the lines of a notebook's cells are not lines of its file
    lines = [1] * len(rows) if path.endswith(".ipynb") else list(range(front.body_line, front.body_line + len(rows)))
    source = Body(rows, lines)
    body = _frozen(tree, path, data, source, depends)
    if body is None:
        body = _included(tree, path, source, depends, _DEEPEST)
    text = "\n".join(body.rows)
    done = pandoc.adapt(text, tuple(body.lines), _known(tree, path, front, text, depends, variables))
    dropped = list(done.dropped)
    if not _is_evaluated(front.values):
        dropped = [d for d in dropped if d.what != "the result of a code cell"]
    return _document.Text(done.text, done.lines), _told(path, dropped)


def _told(path: str, dropped: list[pandoc.Dropped]) -> list[Problem]:
    if not dropped:
        return []
    counts: dict[str, int] = {}
    for one in dropped:
        counts[one.what] = counts.get(one.what, 0) + 1
    shown = ", ".join(what if n == 1 else f"{what} ({n} times)" for what, n in list(counts.items())[:5])
    hint = "commit _freeze/ with the results of this very text, or write them into the document"
    return [_pages.odd(f"{path}:{dropped[0].line}", f"left out what is computed: {shown}", hint)]


# ----------------------------------------------------------------------------------------------- what is computed


def _frozen(tree: Tree, path: str, data: bytes, source: Body, depends: list[str]) -> Body | None:
    """The executed Markdown below _freeze/ when it was made from this very text, by its hash."""
    place = f"_freeze/{posixpath.splitext(path)[0]}/execute-results/html.json"
    depends.append(place)
    file = _walk.inside(tree.root, place)
    try:
        if file is None or file.stat().st_size > _FROZEN_LIMIT:
            return None
        frozen = msgspec.json.decode(_walk.content(file))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    result = frozen.get("result") if isinstance(frozen, dict) else None
    markdown = result.get("markdown") if isinstance(result, dict) else None
    same = isinstance(frozen, dict) and frozen.get("hash") in _hashes(data)
    if not same or not isinstance(markdown, str):
        return None
    rows = front_matter.parse(markdown.encode("utf-8", "replace"), path).body.split("\n")
    return Body(rows, _aligned(rows, source))


def _hashes(data: bytes) -> set[str]:
    """The MD5 of the file as it is, and with the line ends that another checkout would have given it."""
    unix = data.replace(b"\r\n", b"\n")
    texts = (data, unix, unix.replace(b"\n", b"\r\n"))
    return {hashlib.md5(t, usedforsecurity=False).hexdigest() for t in texts}


def _aligned(rows: list[str], source: Body) -> list[int]:
    """For each row its line in the source: that of the same text further down, else that of the row before."""
    places: dict[str, list[int]] = {}
    for row, line in zip(reversed(source.rows), reversed(source.lines), strict=True):
        if row.strip():
            places.setdefault(row, []).append(line)
    lines, last = [], source.lines[0]
    for row in rows:
        known = places.get(row, [])
        while known and known[-1] < last:
            known.pop()
        last = known.pop() if known else last
        lines.append(last)
    return lines


def _is_evaluated(values: Mapping[str, Any]) -> bool:
    execute = values.get("execute")
    execute = execute if isinstance(execute, dict) else {}
    return execute.get("eval") is not False and execute.get("enabled") is not False


# ----------------------------------------------------------------------------------------------- what is included


def _included(tree: Tree, path: str, body: Body, depends: list[str], deepest: int) -> Body:
    """The rows with each `{{< include file >}}` on a line of its own replaced by that file, below the root only."""
    if not any("include" in row and _INCLUDE.match(row) for row in body.rows):
        return body
    out = Body([], [])
    for row, line in zip(body.rows, body.lines, strict=True):
        found = _INCLUDE.match(row)
        inner = _file(tree, path, found[1], depends) if found and deepest else None
        if inner is None or len(out.rows) > 100_000:
            out.rows.append(row)
            out.lines.append(line)
            continue
        wanted, text = inner
        rows = text.split("\n")
        nested = _included(tree, wanted, Body(rows, [line] * len(rows)), depends, deepest - 1)
        out.rows.extend(nested.rows)
        out.lines.extend(nested.lines)
    return out


def _file(tree: Tree, path: str, name: str, depends: list[str]) -> tuple[str, str] | None:
    below = name.lstrip("/") if name.startswith("/") else posixpath.join(posixpath.dirname(path), name)
    wanted = posixpath.normpath(below)
    if wanted.startswith("..") or wanted == path:
        return None
    depends.append(wanted)
    file = _walk.inside(tree.root, wanted)
    try:
        if file is None or file.stat().st_size > _LIMIT:
            return None
        return wanted, front_matter.parse(_walk.content(file), wanted).body
    except OSError:
        return None


# ----------------------------------------------------------------------------------------------- what is known


def _known(
    tree: Tree, path: str, front: Front, text: str, depends: list[str], variables: Mapping[str, str]
) -> pandoc.Known:
    values = front.values
    execute = values.get("execute")
    echo = execute.get("echo") if isinstance(execute, dict) else values.get("echo")
    return pandoc.Known(
        meta={**variables, **dict(flat(values))},
        cited=_cited(tree, path, values.get("bibliography"), text, depends) if "@" in text else None,
        echo=echo is not False,
        knitr=values.get("engine") == "knitr" or re.search(r"^[ \t]*`{3,}\{r[ ,}]", text, re.MULTILINE) is not None,
    )


def flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Each text or number in nested metadata under its dotted name."""
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and name.count(".") < 6:
            yield from flat(value, f"{name}.")
        elif isinstance(value, (str, int, float)):
            yield name, str(value)


def _cited(tree: Tree, path: str, stated: Any, text: str, depends: list[str]) -> dict[str, tuple[str, str]] | None:
    """Author and year of what the text cites; None when no bibliography is stated."""
    names = [n for n in (stated if isinstance(stated, list) else [stated]) if isinstance(n, str) and n.strip()]
    if not names:
        return None
    wanted = set(_KEY.findall(text)) | {key.rstrip(":.#$%&+?<>~/-") for key in _KEY.findall(text)}
    cited: dict[str, tuple[str, str]] = {}
    for name in names:
        folders = ("",) if name.startswith("/") else (posixpath.dirname(path), "")
        for place in dict.fromkeys(posixpath.normpath(posixpath.join(f, name.lstrip("/"))) for f in folders):
            file = _walk.inside(tree.root, place)
            if place.startswith("..") or not place.endswith(".bib"):
                continue
            depends.append(place)
            data = _walk.content_if(file, _LIMIT)
            if data is not None:
                cited.update(_entries(data, frozenset(wanted)))
                break
    return cited


@lru_cache(maxsize=16)
def _entries(data: bytes, wanted: frozenset[str]) -> dict[str, tuple[str, str]]:
    from feeds.sources import _bibtex

    pieces, _ = _bibtex.split(data, "")
    found = (_bibtex.understand(piece, "")[0] for piece in pieces if piece.key in wanted)
    return {record.key: _author_year(record.fields) for record in found if record}


def _author_year(fields: Mapping[str, Any]) -> tuple[str, str]:
    authors = fields.get("authors") or fields.get("editors") or []
    names = [str(a.get("family") or a.get("name") or "") if isinstance(a, dict) else "" for a in authors]
    names = [n for n in names if n]
    shown = f"{names[0]} et al." if len(names) > 2 else " and ".join(names) or str(fields.get("title") or "")[:60]
    return shown, str(fields.get("date") or "")[:4]


# ----------------------------------------------------------------------------------------------- notebooks


def notebook(data: bytes, path: str) -> Front:
    """A Jupyter notebook as a document: its first cell holds the front matter, code cells are code to be computed."""
    wrong = _pages.wrong(path, "the notebook cannot be read", "save it as a notebook of version 4")
    try:
        cells = msgspec.json.decode(data).get("cells") if len(data) <= _FROZEN_LIMIT else None
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, RecursionError):
        cells = None
    if not isinstance(cells, list):
        return Front(problems=(wrong,))
    parts = [_cell(cell) for cell in cells if isinstance(cell, dict)]
    front = front_matter.parse("\n\n".join(p for p in parts if p).encode("utf-8", "replace"), path)
    return structs.replace(front, lines={})


def _cell(cell: Mapping[str, Any]) -> str:
    source = cell.get("source")
    text = "".join(s for s in source if isinstance(s, str)) if isinstance(source, list) else str(source or "")
    return f"```{{python}}\n{text}\n```" if cell.get("cell_type") == "code" and text.strip() else text
