"""BibTeX and BibLaTeX: a file's entries, and what one of them says.  Private to sources.

bibtexparser finds the entries; a file is split once, an entry is understood when it is read.
https://www.bibtex.org/Format/ · https://ctan.org/pkg/biblatex (chapters 2.1 and 2.2)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feeds.model import Problem
from feeds.sources import _bibtex_fields
from feeds.sources._records import Piece, Record

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_DEEPEST = 4  # entries that inherit from entries …
_LARGEST = 20_000  # characters of an entry that others inherit from
_NO_ITEMS = frozenset({"xdata", "set"})
_MARK = re.compile(r"\\.|[{}\"]", re.DOTALL)  # an escaped brace or quote is none
_MACRO = re.compile(r"[^\W\d][^\s\"#%'(),={}]{0,100}")


def records(data: bytes, where: str = "") -> tuple[list[Record], list[Problem]]:
    """Every record of a file, and what is wrong with the others; `where` names the file in problems."""
    pieces, problems = split(data, where)
    found = []
    for piece in pieces:
        record, wrong = understand(piece, where)
        problems += wrong
        if record:
            found.append(record)
    return found, problems


# ------------------------------------------------------------------------------------------------------ file → pieces


def split(data: bytes, where: str) -> tuple[list[Piece], list[Problem]]:
    """The entries of a file in its order; an entry that is not closed or not understood is an error, the rest goes on.

    Front matter before the entries, comments and preambles are passed over.
    """
    text, problems = decode(data, where)
    entries, macros, broken = _blocks(text)
    problems += [_problem(where, line, message) for line, message in broken]
    by_key = {e.key.lower(): e for e in reversed(entries)}
    items = (e for e in entries if e.entry_type not in _NO_ITEMS)
    return [Piece(e.key, (e.start_line or 0) + 1, e.raw or "", _given(e, by_key, macros)) for e in items], problems


def decode(data: bytes, where: str) -> tuple[str, list[Problem]]:
    """The text of a file: UTF-8 with or without a byte order mark, else Latin-1, which is reported."""
    try:
        text, problems = data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message, hint = "not UTF-8: read as Latin-1", "save the file as UTF-8"
        at = f"{where}:{line}"
        problems = [Problem(stage="read", where=at, message=message, hint=hint, severity="warning")]
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n"), problems


def _blocks(text: str) -> tuple[list[Entry], dict[str, str], list[tuple[int, str]]]:
    """Entries, @string macros (name in lower case → its block), and (line, message) of what is broken."""
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, String

    entries: list[Entry] = []
    macros: dict[str, str] = {}
    broken: list[tuple[int, str]] = []
    for block in _split(text):
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            block = block.ignore_error_block  # the block without the complaint
        if isinstance(block, Entry):
            entries.append(block)
        elif isinstance(block, String):
            macros[block.key.lower()] = block.raw or ""
        elif error := getattr(block, "error", None):
            message = getattr(error, "abort_reason", "") or str(error)
            broken.append(((block.start_line or 0) + 1, " ".join(message.split())[:200]))
    return entries, macros, broken


def _split(text: str) -> list[Any]:
    import logging

    from bibtexparser.splitter import Splitter

    logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)  # broken entries are told as problems
    return list(Splitter(text).split().blocks)


def _given(entry: Entry, by_key: Mapping[str, Entry], macros: Mapping[str, str]) -> str:
    """The text of the macros and of the entries that an entry refers to, at whatever remove."""
    parents = [p for p in _parents(entry, by_key, _DEEPEST, {entry.key.lower()}) if len(p.raw or "") < _LARGEST]
    used = {name for e in (entry, *parents) for name in _macros_in(e)} & macros.keys() if macros else set()
    nested = {name for u in used for name in _words(macros[u])} & macros.keys()
    return "\n".join([*(macros[n] for n in sorted(used | nested)), *(p.raw or "" for p in parents)])


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(w.lower() for w in _MACRO.findall(text))


def _parents(entry: Entry, by_key: Mapping[str, Entry], depth: int, seen: set[str]) -> list[Entry]:
    found: list[Entry] = []
    for field in entry.fields if depth else ():
        if field.key.lower() in {"crossref", "xdata"}:
            for name in str(field.value).strip('{}" ').split(","):
                key = name.strip().lower()
                if key in by_key and key not in seen:
                    seen.add(key)
                    found += [by_key[key], *_parents(by_key[key], by_key, depth - 1, seen)]
    return found


def _macros_in(entry: Entry) -> set[str]:
    bare = (str(f.value) for f in entry.fields if str(f.value)[:1] not in {"{", '"'} or "#" in str(f.value))
    return {word for value in bare for word in _words(value)}


# ------------------------------------------------------------------------------------------------------ piece → record


def understand(piece: Piece, where: str) -> tuple[Record | None, list[Problem]]:
    """What one entry says; None, and an error, when it cannot be read."""
    own, _, broken = _blocks(piece.text)
    if not own or broken:
        return None, [_problem(where, piece.line, broken[0][1] if broken else "not an entry")]
    inherited, macros, _ = _blocks(piece.given)
    values = {name: _value(source) for name, source in _sources(macros).items()}
    known = {name: _joined(parts, {}) for name, parts in values.items()}
    known = {name: _joined(parts, known) for name, parts in values.items()}
    entry = own[0]
    fields = _bibtex_fields.inherit(
        entry.entry_type, _fields(entry, known), [(p.entry_type, p.key, _fields(p, known)) for p in inherited]
    )
    lines = {f.key.lower(): piece.line + f.start_line for f in entry.fields}
    return _bibtex_fields.record_of(piece.key, piece.line, entry.entry_type, fields, lines), []


def _sources(macros: Mapping[str, str]) -> dict[str, str]:
    return {name: block.partition("=")[2].strip()[:-1] for name, block in macros.items()}


def _fields(entry: Entry, macros: Mapping[str, str]) -> dict[str, str]:
    """Field in lower case → its value without delimiters, macros filled in; of a field stated twice the first."""
    found: dict[str, str] = {}
    for field in entry.fields:
        found.setdefault(field.key.lower(), _joined(_value(str(field.value)), macros))
    return found


def _value(source: str) -> list[tuple[bool, str]]:
    """The parts of a value that "#" joins: (is it text?, what stands there)."""
    parts: list[tuple[bool, str]] = []
    here, source = 0, source.strip()
    while here < len(source):
        if source[here] in " \t\n#":
            here += 1
        elif source[here] in '{"':
            end = _closing(source, here)
            parts.append((True, source[here + 1 : end]))
            here = end + 1
        else:
            end = source.find("#", here) if "#" in source[here:] else len(source)
            if word := source[here:end].strip():
                parts.append((word.isdigit(), word))
            here = end + 1
    return parts


def _closing(source: str, start: int) -> int:
    """Where the value that is opened at `start` is closed."""
    quoted, depth = source[start] == '"', 0
    for mark in _MARK.finditer(source, start):
        depth += (mark[0] == "{") - (mark[0] == "}")
        if depth == 0 and (mark[0] == '"' and mark.start() > start if quoted else mark[0] == "}"):
            return mark.start()
    return len(source)


def _joined(parts: list[tuple[bool, str]], macros: Mapping[str, str]) -> str:
    """A macro that nobody defines stands for its own name, as `jan` does for a month."""
    return "".join(part if is_text else macros.get(part.lower(), part) for is_text, part in parts)


def _problem(where: str, line: int, message: str) -> Problem:
    hint = "mend the entry: `@article{key, field = {value}, …}`; until then it is left out"
    return Problem(stage="read", where=f"{where}:{line}", message=f"not readable: {message}", hint=hint)
