"""RIS files, as reference managers exchange them, as a source: one item a record.

https://en.wikipedia.org/wiki/RIS_(file_format) · one line a tag: two letters, two blanks, a hyphen, a blank, a value.
"""

from __future__ import annotations

import re
from typing import Any

from feeds.model import Problem
from feeds.sources import _bibtex, _languages, _record_files, _records
from feeds.sources._records import Piece, Record
from feeds.text import legal

KINDS = {
    "JOUR": "article", "EJOUR": "article", "JFULL": "article", "MGZN": "article", "CONF": "article",
    "CPAPER": "article", "INPR": "article", "ABST": "article", "CHAP": "chapter", "ECHAP": "chapter",
    "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "THES": "thesis", "RPRT": "report", "GOVDOC": "report",
    "UNPB": "preprint", "PREPRINT": "preprint", "SLIDE": "talk", "COMP": _records.NOT_PAPERS,
    "DATA": _records.NOT_PAPERS, "AGGR": _records.NOT_PAPERS, "ELEC": _records.NOT_PAPERS, "NEWS": _records.NOT_PAPERS,
    "BLOG": _records.NOT_PAPERS, "WEB": _records.NOT_PAPERS, "PAT": _records.NOT_PAPERS, "GEN": "",
}  # fmt: skip
_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$")
_TEXTS = (
    ("title", "TI T1 CT"),
    ("journal", "JF JO T2 BT JA J1 J2"),
    ("volume", "VL"),
    ("issue", "IS"),
    ("article_number", "C7"),
    ("publisher", "PB"),
)
_ADDRESSES = (("doi", "DO M3"), ("url", "UR L2 LK"), ("pdf", "L1"))
_AUTHORS = ("AU", "A1")
_PMID = re.compile(r"\d{4,8}", re.ASCII)
_PMCID = re.compile(r"PMC\d{4,9}\b", re.ASCII)
_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?", re.ASCII)
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b|europe ?pmc", re.IGNORECASE)

Tags = dict[str, list[tuple[str, int]]]  # tag → its values, each with its line


def split(data: bytes, where: str) -> tuple[list[Piece], list[Problem]]:
    """The records of a file: from TY to ER; what is never ended is taken as far as it goes, and reported."""
    text, problems = _bibtex.decode(data, where)
    pieces: list[Piece] = []
    lines: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        tag = _TAG.match(line.strip())
        name = tag[1] if tag else ""
        if name == "TY" and lines:
            problems.append(_open(where, start))
            pieces.append(_piece(lines, start))
            lines = []
        if name == "TY":
            start = number
        if name == "TY" or lines:
            lines.append(line)
        if name == "ER" and lines:
            pieces.append(_piece(lines, start))
            lines = []
    if any(_TAG.match(line.strip()) for line in lines):
        problems.append(_open(where, start))
        pieces.append(_piece(lines, start))
    return pieces, problems


def _open(where: str, line: int) -> Problem:
    message, hint = "the record is not ended", "put a line `ER  - ` behind it"
    return Problem(stage="read", where=f"{where}:{line}", message=message, hint=hint, severity="warning")


def _piece(lines: list[str], start: int) -> Piece:
    """A record goes by its ID, its accession number, its DOI, or its first author, year and title."""
    tags = _tags(lines, start)
    key = _first(tags, "ID") or _first(tags, "AN") or _first(tags, "DO")
    if not key:
        family = _first(tags, *_AUTHORS).partition(",")[0]
        words = _first(tags, "TI", "T1").split()[:3]
        key = "-".join([family, (_first(tags, "PY", "Y1", "DA"))[:4], *words]).strip("-").lower()
    return Piece(key, start, "\n".join(lines))


def _tags(lines: list[str], start: int) -> Tags:
    """The tags of a record; a line without a tag goes on with the value before it."""
    tags: Tags = {}
    last: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start):
        found = _TAG.match(line.strip())
        if found:
            last = tags.setdefault(found[1], [])
            last.append(((found[2] or "").strip(), number))
        elif last and line.strip():
            value, at = last[-1]
            last[-1] = (f"{value} {line.strip()}", at)
    return tags


def _first(tags: Tags, *names: str) -> str:
    return next((value for name in names for value, _ in tags.get(name, ()) if value), "")


def understand(piece: Piece, _where: str) -> tuple[Record | None, list[Problem]]:
    """What one record says."""
    tags = _tags(piece.text.split("\n"), piece.line)
    said: dict[str, Any] = {}
    at: dict[str, int] = {}

    def put(name: str, value: Any, *sources: str) -> None:
        if value:
            said[name] = value
            at[name] = next((tags[s][0][1] for s in sources if s in tags), piece.line)

    for name, sources in _TEXTS:
        put(name, _records.tidy(_first(tags, *sources.split())), *sources.split())
    for name, sources in _ADDRESSES:
        put(name, "".join(legal(_first(tags, *sources.split())).split()), *sources.split())
    if not re.search(r"10\.\d{4,9}/", said.get("doi", "")):
        said.pop("doi", None)
    put("kind", KINDS.get(_first(tags, "TY").upper(), ""), "TY")
    put("authors", [p for value, _ in _all(tags, *_AUTHORS) if (p := person(value))], *_AUTHORS)
    put("date", _date(tags), "DA", "PY", "Y1")
    put("pages", _pages(tags), "SP")
    put("issn", _issn(_first(tags, "SN")), "SN")
    put("pmid", _pmid(tags), "AN")
    put("arxiv", found[1] if (found := _ARXIV.fullmatch(_first(tags, "AN"))) else "", "AN")
    put("pmcid", found[0] if (found := _PMCID.match(_first(tags, "C2"))) else "", "C2")
    put("abstract", _records.paragraphs(_first(tags, "AB", "N2")), "AB", "N2")
    put("keywords", list(dict.fromkeys(_records.tidy(v) for v, _ in _all(tags, "KW") if v)), "KW")
    put("lang", _languages.of_record(_first(tags, "LA")), "LA")
    medium = _first(tags, "M3").lower()
    if said.get("kind") == "talk":
        put("kind", "poster" if "poster" in medium else "talk", "M3", "TY")
        put("event", said.pop("journal", ""), "T2")
        put("location", _records.tidy(_first(tags, "CY")), "CY")
    sure = _first(tags, "TY").upper() == "PREPRINT" or medium.startswith("preprint")
    _records.as_preprint(said, at, said.get("journal", ""), said.get("publisher", ""), sure=sure)
    return Record(key=piece.key, line=piece.line, fields=said, lines=at), []


def _all(tags: Tags, *names: str) -> list[tuple[str, int]]:
    return [pair for name in names for pair in tags.get(name, ())]


def person(value: str) -> dict[str, Any] | str:
    """ "Wick, Ada, Jr." is a person, a name without a comma and with a blank in it a group."""
    if value.rstrip(".").lower() in {"et al", "others"}:
        return _records.ET_AL
    family, given, suffix = (_records.tidy(p) for p in (*value.split(",", 2), "", "")[:3])
    if not given and " " in family:
        return {"name": family, "organization": True}
    return {k: v for k, v in (("given", given), ("family", family), ("suffix", suffix)) if v}


def _date(tags: Tags) -> str:
    """DA, PY or Y1: "2019/05/03/a note"; the most exact of one year."""
    stated = [re.sub(r"/+$", "", value) for value, _ in _all(tags, "DA", "PY", "Y1")]
    dates = [d for value in stated if (d := _records.iso_date(value))]
    year = _records.iso_date(_first(tags, "PY", "Y1"))[:4]
    return max((d for d in dates if d.startswith(year)), key=len, default="")


def _pages(tags: Tags) -> str:
    first, last = _first(tags, "SP"), _first(tags, "EP")
    return f"{first}-{last}" if first and last and last != first and "-" not in first else first


def _pmid(tags: Tags) -> str:
    """PubMed's number, which EndNote keeps in AN; there other databases, which DB or DP name, have theirs."""
    number, base = _first(tags, "AN"), _first(tags, "DB", "DP")
    return number if _PMID.fullmatch(number) and (not base or _PUBMED.search(base)) else ""


def _issn(value: str) -> str:
    found = re.search(r"\b(\d{4})-?(\d{3}[\dXx])(?!\d)", value)
    return f"{found[1]}-{found[2].upper()}" if found else ""


FORMAT = _record_files.Format(
    name="ris",
    description="RIS files, one item a record",
    pattern="*.ris",
    confidence=0.9,
    takes=lambda name: name.lower().endswith(".ris"),
    split=split,
    understand=understand,
)
SOURCE = _record_files.source(FORMAT)
