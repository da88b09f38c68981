"""The fields of a BibTeX or BibLaTeX entry under the names of a `Record`.  Private to sources.

https://ctan.org/pkg/biblatex (chapter 2) · extra fields of jekyll-scholar and al-folio:
https://github.com/alshedivat/al-folio/blob/main/CUSTOMIZE.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from feeds.sources import _languages, _records
from feeds.sources._latex import to_address, to_text
from feeds.sources._records import Record
from feeds.text import is_web

Fields = Mapping[str, str]

KINDS = {
    "article": "article", "inproceedings": "article", "conference": "article", "suppperiodical": "article",
    "incollection": "chapter", "inbook": "chapter", "inreference": "chapter", "suppbook": "chapter",
    "book": "book", "mvbook": "book", "collection": "book", "proceedings": "book", "booklet": "book",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis", "bathesis": "thesis",
    "techreport": "report", "report": "report", "manual": "report",
    "unpublished": "preprint", "preprint": "preprint", "review": "review",
    "software": _records.NOT_PAPERS, "dataset": _records.NOT_PAPERS, "patent": _records.NOT_PAPERS,
}  # fmt: skip
_TEXTS = (
    ("title", "title"),
    ("journal", "journal journaltitle booktitle maintitle"),
    ("volume", "volume"),
    ("pages", "pages"),
    ("article_number", "eid articleno article-number article_number"),
    ("event", "eventtitle"),
    ("location", "venue"),
    ("kind", "kind"),
)
_ADDRESSES = (
    ("url", "url"),
    ("html", "html"),
    ("website", "website project"),
    ("code", "code github"),
    ("video", "video"),
    ("blog", "blog"),
    ("slides", "slides"),
    ("poster", "poster"),
    ("preprint", "preprint"),
    ("dataset", "dataset data"),
    ("pdf", "pdf"),
    ("image", "preview"),
)
_PUBLISHERS = {"thesis": "school institution publisher", "report": "institution school publisher"}
_OTHERS = "publisher institution school organization"
_KEPT = ("journal", "howpublished", "archiveprefix", "eprinttype", "publisher")  # where a preprint's server is named
_NOTED = re.compile(r"\s*preprint\b", re.IGNORECASE)  # `note = {Preprint}`
_MARKS = " ,*†‡§¶"  # of equal contribution, of the corresponding author, as al-folio prints them
_SUFFIX = re.compile(r"[jJ]r\.?|[sS]r\.?|[JS]R\.|III?|IV")  # "JR" are initials, as "IV" behind a lone name
_PARTICLES = frozenset("al da de del della den der di dos du el la le van von zu".split())
_ARXIV = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?(?!\d)")
_TILDE = re.compile(r"\\~ ?(?:\{([A-Za-z])\}|([A-Za-z]))")
_ARCHIVES = re.compile(r"10\.(?:5281/zenodo|6084/m9\.figshare|5061/dryad|17605/osf|17632|7910/dvn)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S{1,300}")
_LABELLED = re.compile(r"(family|given|prefix|suffix)(?:-i)?\s{0,5}=\s{0,5}(.+)", re.DOTALL)


def inherit(kind: str, own: Fields, parents: list[tuple[str, str, Fields]]) -> dict[str, str]:
    """The fields of an entry with those of the entries that it names in `crossref` and `xdata` below them.

    The title of a volume is the `booktitle` of what is in it.
    """
    fields = dict(own)
    for parent_kind, _, given in parents:
        for name, value in given.items():
            into = "booktitle" if name == "title" and parent_kind != "xdata" else name
            if into == "subtitle" and parent_kind != "xdata":
                continue
            if name not in {"crossref", "xdata", "ids", "options"} and (into != "booktitle" or kind.startswith("in")):
                fields.setdefault(into, value)
    return fields


def record_of(key: str, line: int, kind: str, fields: Fields, lines: Mapping[str, int]) -> Record:
    """The record that an entry makes; `fields` are its values by lower-case name, LaTeX as it stands."""
    said: dict[str, Any] = {}
    at: dict[str, int] = {}

    def put(name: str, value: Any, *sources: str) -> None:
        if value:
            said[name] = value
            at[name] = next((lines[s] for s in sources if s in lines), line)

    for name, sources in _TEXTS:
        source = _stated(fields, sources)
        put(name, _records.tidy(to_text(fields.get(source, ""))), source)
    for name, sources in _ADDRESSES:
        source = _stated(fields, sources)
        put(name, to_address(fields.get(source, "")), source)
    put("title", _title(fields), "title")
    put("kind", _kind(kind, fields), "type", "howpublished", "note")
    source = _stated(fields, _PUBLISHERS.get(said.get("kind", ""), _OTHERS))
    put("publisher", _records.tidy(to_text(fields.get(source, ""))), source)
    source = _stated(fields, "issue number") if kind not in {"techreport", "report", "manual"} else ""
    put("issue", _records.tidy(to_text(fields.get(source, ""))), source)
    source = _stated(fields, "author editor" if said.get("kind") == "book" else "author")
    put("authors", people(fields.get(source, "")), source)
    put("date", date(fields), "date", "year", "month")
    put("abstract", _records.paragraphs(to_text(fields.get("abstract", ""))), "abstract")
    put("keywords", _keywords(fields), "keywords")
    source = _stated(fields, "langid language")
    put("lang", _languages.of_record(to_text(fields.get(source, ""))), source)
    put("license", license if is_web(license := to_address(fields.get("copyright", ""))) else "", "copyright")
    for name, value in _identifiers(fields).items():
        put(name, value, name, "eprint")
    kept = [_records.tidy(to_text(fields.get(name, ""))) for name in _KEPT]
    _records.as_preprint(said, at, *kept, sure=kind == "preprint" or bool(_NOTED.match(fields.get("note", ""))))
    return Record(key=key, line=line, fields=said, lines=at)


def _stated(fields: Fields, names: str) -> str:
    return next((n for n in names.split() if fields.get(n, "").strip(" {}")), "")


def _title(fields: Fields) -> str:
    title, subtitle = (_records.tidy(to_text(fields.get(name, ""))) for name in ("title", "subtitle"))
    joint = " " if title.endswith(("?", "!", ":", ".")) else ": "
    return f"{title}{joint}{subtitle}" if title and subtitle else title


def date(fields: Fields) -> str:
    """When it appeared, as exact as stated: `date` of BibLaTeX, else `year`, `month` and `day` of BibTeX."""
    if stated := to_text(fields.get("date", "")):
        return _records.iso_date(stated)
    month = to_text(fields.get("month", ""))
    day = to_text(fields.get("day", ""))
    if not day and (found := re.search(r"[A-Za-z]\D{0,5}(\d{1,2})|(\d{1,2})\D{0,5}[A-Za-z]", month)):
        day = found[1] or found[2]
    return _records.date_of(to_text(fields.get("year", "")), month, day)


def _kind(kind: str, fields: Fields) -> str:
    """What kind of work it is: by the entry's type; of @misc and @online by where it is said to be kept."""
    if kind in KINDS:
        return KINDS[kind]
    if any(_records.is_preprints(fields.get(name, "")) for name in _KEPT) or _NOTED.match(fields.get("note", "")):
        return "preprint"
    presented = f"{fields.get('howpublished', '')} {fields.get('type', '')} {fields.get('note', '')}".lower()
    for word, found in (("poster", "poster"), ("talk", "talk"), ("presentation", "talk"), ("keynote", "talk")):
        if word in presented:
            return found
    doi = fields.get("doi", "")
    return "" if fields.get("journal") or (doi and not _ARCHIVES.search(doi)) else _records.NOT_PAPERS


def _keywords(fields: Fields) -> list[str]:
    words = re.split(r"[,;]", to_text(fields.get("keywords", "") or fields.get("keyword", "")))
    return list(dict.fromkeys(w for word in words if (w := _records.tidy(word))))


def _identifiers(fields: Fields) -> dict[str, str]:
    """DOI, PMID, PMCID, arXiv, ISSN, and the DOI of a preprint: `eprint` is what `eprinttype` says it is."""
    found = {name: to_address(fields.get(name, "")) for name in ("doi", "pmid", "pmcid", "issn", "hal")}
    archive = (fields.get("archiveprefix", "") or fields.get("eprinttype", "")).strip("{} ").lower()
    eprint = to_address(fields.get("eprint", ""))
    if archive in {"", "arxiv"}:
        stated = to_address(fields.get("arxiv", "")) or eprint
        number = _ARXIV.search(stated)
        found["arxiv"] = number[1] if number else ""
    elif archive in {"pubmed", "pmid"}:
        found["pmid"] = found["pmid"] or eprint
    elif archive in {"pmc", "pmcid", "pubmed central"}:
        found["pmcid"] = found["pmcid"] or eprint
    elif doi := _DOI.search(eprint):
        found["preprint_doi"] = doi[0]
    if found["hal"] and "/" not in found["hal"]:
        found["hal"] = f"https://hal.science/{found['hal']}"
    return found


# ------------------------------------------------------------------------------------------------------ people


def people(value: str) -> list[dict[str, Any] | str]:
    """The names of an `author` field, by BibTeX's rules; `and others` is ET_AL, a name all in braces a group."""
    from bibtexparser.middlewares.names import split_multiple_persons_names

    value = _TILDE.sub(r"{\\~\1\2}", value[:200_000])  # a bare "~" is a blank between names, that of an accent is not
    names = (" ".join(n.split()) for n in split_multiple_persons_names(value))
    return [p for name in names if (p := _person(name))]


def _person(name: str) -> dict[str, Any] | str:
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    if to_text(name).rstrip(".").lower() in {"others", "et al", "…", "..."}:
        return _records.ET_AL
    if _is_braced(name):
        return {"name": _name(name), "organization": True}
    if labelled := dict(
        _LABELLED.findall(part.strip())[0] for part in name.split(",") if _LABELLED.match(part.strip())
    ):
        family = f"{labelled.get('prefix', '')} {labelled.get('family', '')}"
        parts = {"given": labelled.get("given", ""), "family": family, "suffix": labelled.get("suffix", "")}
    else:
        last, _, first = (part.strip() for part in name.partition(","))
        suffix = first if _is_suffix(first, last) else ""  # "Ada Wick, Jr.": BibTeX itself takes it for a first name
        found = parse_single_name_into_parts(last if suffix else name, strict=False)
        parts = {"given": " ".join(found.first), "family": " ".join([*found.von, *found.last])}
        parts["suffix"] = suffix or " ".join(found.jr)
    return {k: text for k, v in parts.items() if (text := _name(v))}


def _is_suffix(word: str, name: str) -> bool:
    """Does a word belong behind a whole name: "Jr.", and "III" where a given name stands before the family's?"""
    is_whole = " " in name and name.split()[0].lower() not in _PARTICLES
    return bool(_SUFFIX.fullmatch(word)) and (is_whole or word[1:2] == "r")


def _name(part: str) -> str:
    return _records.tidy(to_text(part)).strip(_MARKS)


def _is_braced(name: str) -> bool:
    """Is the whole name within one pair of braces, and is that no accented letter alone?"""
    if not name.startswith("{") or (name.startswith("{\\") and " " not in to_text(name)):
        return False
    depth = 0
    for at, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return at == len(name) - 1
    return False
