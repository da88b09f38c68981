"""CSL-JSON, as Zotero and pandoc write it, as a source: one item a record.

https://docs.citationstyles.org/en/stable/specification.html (appendix IV) · CSL-JSON 1.0.2
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from feeds.model import Problem
from feeds.sources import _languages, _record_files, _records
from feeds.sources._records import Piece, Record
from feeds.text import is_web, legal

KINDS = {
    "article-journal": "article", "article-magazine": "article", "paper-conference": "article", "article": "preprint",
    "review": "review", "review-book": "review", "chapter": "chapter", "entry-encyclopedia": "chapter",
    "entry": "chapter", "book": "book", "classic": "book", "thesis": "thesis", "report": "report",
    "speech": "talk", "manuscript": "preprint", "posted-content": "preprint",
    "software": _records.NOT_PAPERS, "dataset": _records.NOT_PAPERS,
    "webpage": _records.NOT_PAPERS, "post-weblog": _records.NOT_PAPERS, "post": _records.NOT_PAPERS,
    "article-newspaper": _records.NOT_PAPERS, "patent": _records.NOT_PAPERS,
}  # fmt: skip
_TEXTS = (
    ("title", "title"),
    ("journal", "container-title"),
    ("volume", "volume"),
    ("issue", "issue"),
    ("pages", "page"),
    ("publisher", "publisher"),
    ("event", "event-title event"),
    ("location", "event-place"),
)
_ADDRESSES = (
    ("doi", "DOI"), ("pmid", "PMID"), ("pmcid", "PMCID"), ("issn", "ISSN"), ("url", "URL"), ("license", "license"),
)  # fmt: skip
_CSL = re.compile(
    rb'"(?:container-title|issued|citation-key|title-short)"\s{0,9}:'
    rb'|"type"\s{0,9}:\s{0,9}"(?:article-\w|chapter|book|thesis|report|speech|paper-conference)'
)
_OPENING = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,99}(?:\[\s{0,99}\{|\{\s{0,99}"items"\s{0,9}:\s{0,9}\[)')
_ITEMS = re.compile(r'\s*(?:\{\s*"items"\s*:\s*)?\[')


def split(data: bytes, where: str) -> tuple[list[Piece], list[Problem]]:
    """The items of a file, one JSON object each; what stands behind a broken one cannot be read."""
    pieces: list[Piece] = []
    try:
        text = data.decode("utf-8-sig")
        opening = _ITEMS.match(text)
        if not opening:
            return [], [_broken(where, 1, "not a list of CSL items")]
        line, here = 1, 0
        for start, end, value in _objects(text, opening.end()):
            line, here = line + text.count("\n", here, start), start
            pieces.append(Piece(_key(value), line, text[start:end]))
    except UnicodeDecodeError as error:
        return [], [_broken(where, data.count(b"\n", 0, error.start) + 1, "not UTF-8")]
    except json.JSONDecodeError as error:
        return pieces, [_broken(where, error.lineno, error.msg)]
    except (ValueError, RecursionError):
        return pieces, [_broken(where, line, "too deeply nested, or a number with thousands of digits")]
    return pieces, []


def _objects(text: str, here: int) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """(start, end, object) of each object of the list that is opened before `here`."""
    decoder = json.JSONDecoder()
    blank = re.compile(r"[\s,]*")
    while True:
        found = blank.match(text, here)
        start = found.end() if found else here
        if text.startswith("]", start):
            return
        value, here = decoder.raw_decode(text, start)
        if isinstance(value, dict):
            yield start, here, value


def _key(item: Mapping[str, Any]) -> str:
    return next((str(item[k]) for k in ("citation-key", "id", "DOI") if item.get(k) not in (None, "")), "")


def _broken(where: str, line: int, message: str) -> Problem:
    hint = "mend the file; the records behind this line are not read"
    return Problem(stage="read", where=f"{where}:{line}", message=f"not usable: {message}", hint=hint)


def understand(piece: Piece, _where: str) -> tuple[Record | None, list[Problem]]:
    """What one item says."""
    item: dict[str, Any] = json.loads(piece.text)
    fields = fields_of(item)
    sources = {name: next((k for k in keys.split() if f'"{k}"' in piece.text), "") for name, keys in _SOURCES.items()}
    places = {name: piece.text.find(f'"{source}"') for name, source in sources.items() if source and name in fields}
    lines = {name: piece.line + piece.text.count("\n", 0, at) for name, at in places.items() if at >= 0}
    return Record(key=piece.key, line=piece.line, fields=fields, lines=lines), []


def fields_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that a CSL item states."""
    said: dict[str, Any] = {name: _records.tidy(_text(item, sources)) for name, sources in _TEXTS}
    said |= {name: "".join(_text(item, source).split()) for name, source in _ADDRESSES}
    more = item.get("custom")  # where `feeds` itself puts what CSL has no variable for
    said |= _custom(more) if isinstance(more, dict) else {}
    kind, genre = str(item.get("type") or ""), _text(item, "genre").lower()
    said["kind"] = said.get("kind") or KINDS.get(kind, "")
    if said["kind"] == "talk" and "poster" in genre:
        said["kind"] = "poster"
    number = _text(item, "article-number number")
    if said["kind"] in {"article", "review"} and number:
        said["article_number"] = number
    people = item.get("author") or (item.get("editor") if kind == "book" else None)
    said["authors"] = [p for a in (people if isinstance(people, list) else ()) if (p := person(a))]
    if said["authors"] and isinstance(more, dict) and more.get("authors_truncated") is True:
        said["authors"].append(_records.ET_AL)
    said["date"] = date(item.get("issued"))
    said["abstract"] = _records.paragraphs(_text(item, "abstract"))
    said["keywords"] = list(dict.fromkeys(w for k in re.split("[,;]", _text(item, "keyword")) if (w := k.strip())))
    said["lang"] = _languages.of_record(_text(item, "language"))
    said = {name: value for name, value in said.items() if value}
    kept = (said.get(name, "") for name in ("preprint_server", "journal", "publisher"))
    _records.as_preprint(said, {}, *kept, sure="preprint" in genre)
    return said


def _custom(more: Mapping[str, Any]) -> dict[str, Any]:
    """What `feeds` says of an item that CSL has no variable for."""
    said: dict[str, Any] = {name: _text(more, name) for name in ("arxiv", "preprint_doi", "pdf")}
    said["preprint_server"] = _records.tidy(_text(more, "preprint_server"))
    said["kind"] = kind if (kind := _text(more, "kind")) in {"review", "poster"} else ""
    license = _text(more, "license")
    return said | ({"license": license} if is_web(license) else {})


_SOURCES = dict([*_TEXTS, *_ADDRESSES]) | {
    "authors": "author",
    "date": "issued",
    "abstract": "abstract",
    "kind": "type",
    "preprint_doi": "preprint_doi DOI",
    "preprint_server": "preprint_server publisher",
}


def _text(item: Mapping[str, Any], names: str) -> str:
    for name in names.split():
        value = item.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return legal(str(value))
    return ""


def person(author: Any) -> dict[str, Any] | str:
    """A name variable: a person with her particles, or a `literal` name, which is a group's."""
    if not isinstance(author, dict):
        return ""
    given, suffix, literal = (_records.tidy(_text(author, name)) for name in ("given", "suffix", "literal"))
    particles = (_text(author, name) for name in ("dropping-particle", "non-dropping-particle", "family"))
    family = _records.tidy(" ".join(p for p in particles if p))
    if literal and not family:
        others = literal.rstrip(".").lower() in {"et al", "others"}
        return _records.ET_AL if others else {"name": literal, "organization": True}
    orcid = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", _text(author, "ORCID orcid"))
    parts = {"given": given, "family": family, "suffix": suffix, "orcid": orcid[0] if orcid else ""}
    return {k: v for k, v in parts.items() if v} if family or given else ""


def date(issued: Any) -> str:
    """A date variable as an ISO 8601 date, the first of two, as exact as it is."""
    if isinstance(issued, str | int):
        return _records.iso_date(str(issued))
    if not isinstance(issued, dict):
        return ""
    parts = issued.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    if first and first[0] not in (None, ""):
        year, month, day = (str(p) for p in (*first, "", "")[:3])
        return _records.date_of(year, month, day)
    return _records.iso_date(_text(issued, "raw literal"))


FORMAT = _record_files.Format(
    name="csl-json",
    description="CSL-JSON files, one item a record",
    pattern="*.json with CSL items",
    confidence=0.8,
    takes=lambda name: name.lower().endswith((".json", ".csljson")),
    holds=lambda opening: bool(_OPENING.match(opening) and _CSL.search(opening)),
    split=split,
    understand=understand,
)
SOURCE = _record_files.source(FORMAT)
