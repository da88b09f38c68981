"""Front matter of Hugo Blox (academic, wowchemy) in the terms that `feeds.scholarly` knows (data/front.toml).

Keys are only added: what the page says itself always counts.  `cite.bib` beside a page is evidence of the same work.
https://docs.hugoblox.com/reference/content-types/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from feeds.model import Person, Problem
from feeds.sources import _people, _walk
from feeds.sources._hugo_content import Entry
from feeds.sources._hugo_page import Page

CITATION = "cite.bib"
_TALKS = frozenset({"event", "events", "talk", "talks"})
_PAPERS = frozenset({"publication", "publications"})
_PDF_KEYS = ("pdf", "url_pdf", "pdf_url", "paper_pdf", "file", "paperurl")
_DATES = ("year", "pub_date", "pubdate", "issued", "date_published", "published_date")
_VENUE = ("publication", "journal", "booktitle", "venue")
_WITHIN = frozenset({"volume", "issue", "pages", "article_number"})  # what a venue with digits says itself
_RECORD = (*_WITHIN, "journal", "doi", "preprint_doi", "pmid", "pmcid", "arxiv", "issn", "publisher", "abstract", "url")
_PRINTED = re.compile(r"\*([^*\d,]{3,200}),[ ]{0,3}(?:[Vv]ol\.? ?)?(\d{1,4})\*?[ ]{0,3}\((\d{1,4})\)\*?")
_IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".avif")


def translated(page: Page, people: tuple[Person, ...]) -> dict[str, Any]:
    """The front matter, with names for handles, and keys that scholarly knows added."""
    values = dict(page.front.values)
    low = page.low
    for key in ("authors", "author"):
        if isinstance(values.get(key), list):
            values[key] = [_named(one, people) for one in values[key]]
    added = dict(_identifiers(low))
    if is_paper(page):
        added |= {"publication_date": _day(page), "pdf": _own_pdf(page), **_venue(low)}
    if is_talk(page):
        added |= {"item_type": "talk", "publication_date": _day(page), "location": _place(low)}
    return {**{k: v for k, v in added.items() if v and not low.get(k)}, **values}


def is_paper(page: Page) -> bool:
    """Is it a page about a publication?"""
    return bool(page.low.get("publication_types")) or page.entry.logical.split("/")[0].lower() in _PAPERS


def is_talk(page: Page) -> bool:
    """Is it a page about a talk?"""
    return bool(page.low.get("event")) and page.entry.logical.split("/")[0].lower() in _TALKS


def _named(author: Any, people: tuple[Person, ...]) -> Any:
    known = _people.find(author, people) if isinstance(author, str) and author.strip() else None
    return known.name if known else author


def _day(page: Page) -> str:
    """The day of the page's date, unless another key says when the work appeared."""
    if not page.low.get("date") or any(page.low.get(key) for key in _DATES):
        return ""
    return page.dates["date"].date().isoformat() if "date" in page.dates else ""


def _venue(low: Mapping[str, Any]) -> dict[str, str]:
    """Journal, volume and issue of `publication: "*Journal of Lamps, 12*(3)"`, as the template itself writes it."""
    found = _PRINTED.fullmatch(str(low.get("publication") or "").strip())
    if not found or any(low.get(key) for key in ("journal", "volume", "issue")):
        return {}
    return {"journal": found[1].strip(), "volume": found[2], "issue": found[3]}


def lines(page: Page, values: Mapping[str, Any]) -> dict[str, int]:
    """The line of each key; what was taken from `publication` or `date` stands on theirs."""
    known = page.front.lines
    taken = {**dict.fromkeys(_venue(page.low), "publication"), "publication_date": "date"}
    return {**{k: known[v] for k, v in taken.items() if k in values and v in known}, **known}


def _place(low: Mapping[str, Any]) -> str:
    """Where a talk is given: its location, else the town and country of its address."""
    address = low.get("address")
    parts = [address.get(k) for k in ("city", "region", "country")] if isinstance(address, dict) else []
    return str(low.get("location") or ", ".join(str(p) for p in parts if p))


def _identifiers(low: Mapping[str, Any]) -> dict[str, Any]:
    """Identifiers under `hugoblox: ids:`, and those that links name by their provider."""
    block = low.get("hugoblox")
    ids = block.get("ids") if isinstance(block, dict) else None
    found = {str(k).lower(): v for k, v in ids.items() if isinstance(v, str)} if isinstance(ids, dict) else {}
    links = low.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict):
            kind, provider = str(link.get("type") or "").lower(), str(link.get("provider") or "").lower()
            if kind == "pdf" and isinstance(link.get("url"), str):
                found.setdefault("url_pdf", link["url"])
            elif provider in {"arxiv", "doi", "pmid", "pmcid"} and isinstance(link.get("id"), str):
                found.setdefault(provider, link["id"])
    return found


# ------------------------------------------------------------------------------------------------------ files beside


def _own_pdf(page: Page) -> str:
    """The PDF beside the page that is the paper: named like the folder, "paper.pdf", or the only one."""
    if any(page.low.get(key) for key in _PDF_KEYS) or "url_pdf" in _identifiers(page.low):
        return ""
    beside = [name for name in page.entry.files if name.lower().endswith(".pdf") and "/" not in name]
    likely = [n for n in beside if n[:-4].lower() in {page.entry.name.lower(), "paper", "article", "manuscript"}]
    return likely[0] if likely else beside[0] if len(beside) == 1 else ""


def image(page: Page) -> str:
    """The picture that stands for the page: what its front matter names, else featured.jpg beside it."""
    low = page.low
    named = [low.get("image"), low.get("images"), low.get("featured_image"), low.get("thumbnail"), low.get("cover")]
    for value in named:
        one = value[0] if isinstance(value, list) and value else value
        if isinstance(one, dict):
            one = next((one[k] for k in ("filename", "image", "src", "url", "path") if one.get(k)), "")
        if isinstance(one, str) and one.strip():
            return one.strip()
    pictures = [n for n in page.entry.files if n.lower().endswith(_IMAGES) and "/" not in n]
    return next((n for n in sorted(pictures) if "featured" in n.lower()), "")


def cited(page: Page, entry: Entry, root: Any, problems: list[Problem]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What cite.bib beside the page adds to its front matter, and the file, when there is one."""
    if CITATION not in entry.files:
        return {}, ()
    path = posixpath.join(posixpath.dirname(entry.path), CITATION)
    file = _walk.inside(root, path)
    try:
        data = _walk.content(file) if file else b""
    except OSError:
        data = b""
    return _of_record(page.low, data, path, problems), (path,)


def _doi(low: Mapping[str, Any]) -> Any:
    return low.get("doi") or _identifiers(low).get("doi")


def _of_record(low: Mapping[str, Any], data: bytes, path: str, problems: list[Problem]) -> dict[str, Any]:
    from feeds.sources import _bibtex  # imported late: only pages with such a file need it

    if len(data) > 200_000:
        return {}
    records, wrong = _bibtex.records(data, path)
    problems += [p for p in wrong if p.severity == "warning"]
    fields = records[0].fields if len(records) == 1 else {}
    own, its = (str(doi or "").lower().rpartition("doi.org/")[2] for doi in (_doi(low), fields.get("doi")))
    if own and its and own != its:  # it describes another version, mostly the preprint
        return {"preprint_doi": its} if fields.get("kind") == "preprint" and not low.get("preprint_doi") else {}
    venue = next((str(low[k]) for k in _VENUE if isinstance(low.get(k), str) and low[k].strip()), "")
    skipped = {"journal"} if venue else set()
    if any(c.isdigit() for c in venue):
        skipped |= _WITHIN
    added = {k: fields[k] for k in _RECORD if fields.get(k) and k not in skipped and str(fields[k]) != "0"}
    if not low.get("authors") and not low.get("author") and fields.get("authors"):
        added["authors"] = fields["authors"]
    if not low.get("date") and fields.get("date"):
        added["publication_date"] = fields["date"]
    if not low.get("publication_types") and fields.get("kind"):
        added["item_type"] = fields["kind"]
    return {key: value for key, value in added.items() if not low.get(key)}
