"""CITATION.cff as a source: the software or data set, and the paper that stands for it (`preferred-citation`).

https://citation-file-format.github.io/ · 1.2.0.  The works under `references` are other people's: they are no items.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from feeds.model import Problem
from feeds.sources import _jekyll_config, _record_files, _records, _yaml
from feeds.sources._records import Piece, Record
from feeds.text import legal

KINDS = {
    "article": "article", "magazine-article": "article", "conference-paper": "article", "proceedings": "book",
    "conference": "article", "book": "book", "edited-work": "book", "thesis": "thesis", "report": "report",
    "unpublished": "preprint", "manual": "report", "slides": "talk",
}  # fmt: skip
PREFERRED = "preferred-citation"
_TEXTS = (
    ("title", "title"),
    ("journal", "journal collection-title"),
    ("volume", "volume"),
    ("issue", "issue"),
    ("pages", "pages"),
)


def split(data: bytes, where: str) -> tuple[list[Piece], list[Problem]]:
    """The work that the file is about, and its preferred citation when there is one."""
    try:
        stated = _yaml.load(data)
    except _yaml.BadYaml as error:
        at = f"{where}:{error.line}" if error.line else where
        return [], [_broken(at, str(error))]
    if not isinstance(stated, dict) or "cff-version" not in stated:
        return [], [_broken(where, "no `cff-version`: not a citation file")]
    text = data.decode("utf-8-sig")
    own = {k: v for k, v in stated.items() if k not in {PREFERRED, "references"}}
    pieces = [Piece(str(stated.get("type") or "software"), 1, _json(own, text, ""))]
    preferred = stated.get(PREFERRED)
    if isinstance(preferred, dict):
        line = _jekyll_config.line_of(text, PREFERRED) or 1
        pieces.append(Piece(PREFERRED, line, _json(preferred, text, PREFERRED)))
    return pieces, []


def _json(stated: Mapping[str, Any], text: str, block: str) -> str:
    """What is stated as JSON, with the line of each key below the line of its block."""
    start = _jekyll_config.line_of(text, block) if block else 1
    lines = text.split("\n")[max(start - 1, 0) :]
    indent = r"[ \t]{1,12}" if block else ""
    found: dict[str, int] = {}
    for number, line in enumerate(lines):
        key = re.match(rf"{indent}([A-Za-z-]{{1,40}})[ \t]{{0,9}}:", line)
        if key and key[1] in stated:
            found.setdefault(key[1], number)
    return json.dumps({"stated": stated, "lines": found}, ensure_ascii=False, sort_keys=True)


def _broken(where: str, message: str) -> Problem:
    hint = "see https://citation-file-format.github.io/ for what it should say"
    return Problem(stage="read", where=where, message=f"not usable: {message}", hint=hint)


def understand(piece: Piece, _where: str) -> tuple[Record | None, list[Problem]]:
    """What the file says of one work."""
    held = json.loads(piece.text)
    stated, lines = held["stated"], held["lines"]
    preferred = piece.key == PREFERRED
    said: dict[str, Any] = {name: _records.tidy(_text(stated, *sources.split())) for name, sources in _TEXTS}
    kind = KINDS.get(_text(stated, "type"), _records.NOT_PAPERS if not preferred else "")
    said["kind"] = kind if preferred else _records.NOT_PAPERS
    if _text(stated, "type") in {"software", "software-code", "data", "dataset", "database", "website"}:
        said["kind"] = _records.NOT_PAPERS
    first, last = _text(stated, "start"), _text(stated, "end")
    said["pages"] = said["pages"] if preferred and not first else f"{first}-{last}" if last else first
    said["authors"] = [p for a in _members(stated, "authors") if (p := person(a))]
    said["date"] = _date(stated)
    said["doi"] = _text(stated, "doi") or _identifier(stated, "doi")
    said["url"] = _text(stated, "url", "landing-page", "repository-code", "repository")
    said["code"] = _text(stated, "repository-code")
    said["pmcid"] = _text(stated, "pmcid")
    said["issn"] = _text(stated, "issn")
    said["publisher"] = _name_of(stated.get("publisher")) or _name_of(stated.get("institution"))
    said["event"] = _name_of(stated.get("conference"))
    said["journal"] = said["journal"] or said["event"]
    said["abstract"] = _records.paragraphs(_text(stated, "abstract"))
    said["keywords"] = [w for k in _members(stated, "keywords") if (w := _records.tidy(str(k)))]
    fields = {name: value for name, value in said.items() if value}
    sources = {name: next((k for k in keys.split() if k in lines), "") for name, keys in _SOURCES.items()}
    at = {name: piece.line + lines[source] for name, source in sources.items() if source and name in fields}
    key = _records.safe(piece.key)
    return Record(key=key, line=piece.line, fields=fields, lines=at), []


_SOURCES = dict(
    [*_TEXTS, ("authors", "authors"), ("date", "date-released year"), ("doi", "doi"), ("abstract", "abstract")]
)


def _text(stated: Mapping[str, Any], *names: str) -> str:
    values = (stated.get(name) for name in names)
    texts = (str(v) for v in values if isinstance(v, str | int | float) and not isinstance(v, bool))
    return next((legal(text) for text in texts if text), "")


def _members(stated: Mapping[str, Any], name: str) -> list[Any]:
    value = stated.get(name)
    return value if isinstance(value, list) else []


def _name_of(value: Any) -> str:
    return _records.tidy(_text(value, "name")) if isinstance(value, dict) else ""


def _identifier(stated: Mapping[str, Any], kind: str) -> str:
    held = (i for i in _members(stated, "identifiers") if isinstance(i, dict) and i.get("type") == kind)
    return next((_text(i, "value") for i in held), "")


def _date(stated: Mapping[str, Any]) -> str:
    if released := _text(stated, "date-released", "date-published", "issue-date"):
        return _records.iso_date(released)
    return _records.date_of(_text(stated, "year"), _text(stated, "month"), _text(stated, "day"))


def person(author: Any) -> dict[str, Any] | str:
    """A person with her particles, or an entity, which has a `name`."""
    if not isinstance(author, dict):
        return ""
    if name := _records.tidy(_text(author, "name")):
        return {"name": name, "organization": True}
    orcid = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", _text(author, "orcid"))
    parts = {
        "given": _text(author, "given-names"),
        "family": f"{_text(author, 'name-particle')} {_text(author, 'family-names')}",
        "suffix": _text(author, "name-suffix"),
        "orcid": orcid[0] if orcid else "",
    }
    tidied = {k: text for k, v in parts.items() if (text := _records.tidy(v))}
    return tidied if tidied.get("family") or tidied.get("given") else ""


FORMAT = _record_files.Format(
    name="cff",
    description="CITATION.cff: a program or data set, and the paper about it",
    pattern="CITATION.cff",
    confidence=0.95,
    takes=lambda name: name.lower() == "citation.cff",
    split=split,
    understand=understand,
)
SOURCE = _record_files.source(FORMAT)
