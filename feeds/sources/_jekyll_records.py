"""The bibliographies of a Jekyll site: jekyll-scholar's BibTeX files and the lab website template's citations.

https://github.com/inukshuk/jekyll-scholar · https://greene-lab.gitbook.io/lab-website-template-docs/
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct, structs

from feeds.model import Problem, Reading, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.sources import (
    _bibtex,
    _document,
    _jekyll_config,
    _jekyll_files,
    _pages,
    _record_files,
    _records,
    _urls,
    _walk,
)
from feeds.sources._jekyll_config import Config
from feeds.sources._jekyll_site import Cited, Site
from feeds.sources._records import Piece, Record
from feeds.sources.bibtex import FORMAT as BIBTEX
from feeds.text import iri_to_uri, is_web

_TAG = re.compile(r"\{%-?\s{0,9}bibliography\b([^%}]{0,500})-?%\}")
_FILE = re.compile(r"(?:^|\s)(?:-f|--file)\s{0,9}=?\s{0,9}([^\s-][^\s]{0,200})")
_PREFIX = re.compile(r"(?:^|\s)(?:-p|--prefix)\s{0,9}=?\s{0,9}([^\s-][^\s]{0,80})")
_CHOICE = re.compile(r"(?:^|\s)(?:-q|--query|-c|--cited|-m|--max)\b")
_PAGE_LIMIT = 200_000  # bytes of a page that is searched for the tag
_FOLDERS = ("assets/pdf", "assets/img/publication_preview")  # where al-folio keeps what its records name
_PREPRINT_HOUSES = frozenset(  # which Crossref and DataCite name as publishers of what has no journal
    {"cold spring harbor laboratory", "openrxiv", "arxiv", "research square platform llc", "center for open science"}
)
_ARCHIVES = frozenset({"zenodo", "figshare", "dryad", "harvard dataverse"})
_IDENTIFIER = re.compile(r"(doi|pmid|pmcid|arxiv):(\S{1,300})", re.IGNORECASE)


class Listing(Struct, frozen=True):
    """A `{% bibliography %}` on a page."""

    url: str  # of the page
    file: str  # that it names; "" for the configured one
    prefix: str
    whole: bool  # does it show every entry?


def find(root: Path, config: Config, found: _jekyll_files.Found, options: SourceOptions, url: str) -> dict[str, Cited]:
    """Every record of the site by its path, and where the site shows it; what is wrong goes to `found.problems`."""
    cited: dict[str, Cited] = {}
    listings = (
        _listings(root, config, found.pages, url)
        if _walk.has_folder(root, _jekyll_config.bibliographies(config))
        else []
    )
    for file in _walk.wanted(_files(root, config, listings), options):
        for path, piece in _record_files.records_in(BIBTEX, root, file, found.problems).items():
            cited[path] = Cited(piece, _address(root, config, listings, file, piece.key, url))
    for file in _walk.wanted([f for f in sorted(_jekyll_files.CITED) if _walk.inside(root, f)], options):
        for path, piece in _record_files.records_in(_CITED, root, file, found.problems).items():
            cited[path] = Cited(piece)
    _only_identifiers(root, found.problems)
    kept = _walk.wanted(list(cited), structs.replace(options, include=()))
    return {path: cited[path] for path in kept}


def stamps(cited: dict[str, Cited]) -> dict[str, str]:
    """What tells that a record says something else, or is shown elsewhere (`Tree.stamps`)."""
    return {path: f"{_record_files.stamp(c.piece)} {c.url}" for path, c in cited.items()}


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one record."""
    site: Site = tree.data
    file, held = tree.parts[path], site.records[path]
    understand = _understand if file in _jekyll_files.CITED else _bibtex.understand
    looked: list[str] = []
    record, problems = understand(held.piece, file)
    if record is None:
        return Reading(problems=tuple(problems))
    place = _records.Place(
        source=options.name,
        path=path,
        file=file,
        base=site.url,
        url=held.url,
        zone=site.config.zone,
        lang=site.lang,
        group=posixpath.splitext(posixpath.basename(file))[0],
        find_file=_files_of(tree.root, site, options, looked),
        by_pattern=_record_files.by_pattern(path, options),
    )
    found = _records.reading(record, place)
    return structs.replace(found, problems=(*problems, *found.problems), depends=tuple(sorted(set(looked))))


# ------------------------------------------------------------------------------------------ jekyll-scholar


def _files(root: Path, config: Config, listings: list[Listing]) -> list[str]:
    """The files that are shown: the configured one and those that pages name; all, where nothing is configured."""
    folder = _jekyll_config.bibliographies(config)
    if not _walk.has_folder(root, folder):
        return []
    there = [e.path for e in _walk.files(root, folder, []) if e.name.lower().endswith(".bib")]
    names = [_jekyll_config.scholar(config, "bibliography", ""), *(x.file for x in listings)]
    patterns = [posixpath.join(folder, n.lstrip("/")) for n in names if n]
    shown = [p for p in there if any(fnmatchcase(p, q) or p == f"{q}.bib" for q in patterns)]
    return shown if _jekyll_config.scholar(config, "bibliography", "") else there


def _listings(root: Path, config: Config, pages: list[str], url: str) -> list[Listing]:
    """Every `{% bibliography %}` of the site's pages, those first that show every entry."""
    found = []
    for path in pages:
        data = _walk.content_if(_walk.inside(root, path), _PAGE_LIMIT) or b""
        if b"bibliography" not in data or not data.lstrip(b"\xef\xbb\xbf \n").startswith(b"---"):
            continue
        front = front_matter.parse(data, path)
        values = _jekyll_config.merge(_jekyll_config.front_defaults(config, path, "pages"), front.values)
        if values.get("published") is False:
            continue
        address = _urls.page_path(path, str(values.get("permalink") or ""), config.text("permalink") or "date")
        for tag in _TAG.finditer(front.body):
            named, prefix = _FILE.search(tag[1]), _PREFIX.search(tag[1])
            whole = not _CHOICE.search(tag[1])
            found.append(Listing(url + address, named[1] if named else "", prefix[1] if prefix else "", whole))
    return sorted(found, key=lambda x: not x.whole)


def _address(root: Path, config: Config, listings: list[Listing], file: str, key: str, url: str) -> str:
    """The entry's own page where the site has a layout for such, else its place on the page that lists it."""
    layout = _urls.split_ext(_jekyll_config.scholar(config, "details_layout", "bibtex.html"))[0]
    if any(_walk.inside(root, f"_layouts/{layout}{ending}") for ending in (".html", ".liquid", ".md")):
        values = {
            ":details_dir": _jekyll_config.scholar(config, "details_dir", "bibliography").strip("/"),
            ":key": re.sub(r"[:\s]+", "_", key),
            ":extension": "/" if config.text("permalink") == "pretty" else ".html",
        }
        template = _jekyll_config.scholar(config, "details_permalink", "/:details_dir/:key:extension")
        filled = re.sub(r":(?:details_dir|key|extension)", lambda m: values[m[0]], template)
        if ":" not in filled:
            return iri_to_uri(url + quote(_urls.sanitize(filled)))
    configured = posixpath.join(
        _jekyll_config.bibliographies(config),
        _jekyll_config.scholar(config, "bibliography", "references.bib").lstrip("/"),
    )
    for listing in listings:
        named = posixpath.join(_jekyll_config.bibliographies(config), listing.file) if listing.file else configured
        if file in {named, f"{named}.bib"} or fnmatchcase(file, named):
            return f"{iri_to_uri(listing.url)}#{quote('-'.join(p for p in (listing.prefix, key) if p))}"
    return ""


def _files_of(root: Path, site: Site, options: SourceOptions, looked: list[str]) -> Callable[[str], str]:
    """Where a file that a record names is served: below `pdf_base`, in al-folio's folders, or where the only one is.

    The places where it was looked for go to `looked`.
    """

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        if not is_web(site.url) or not bare:
            return ""
        if options.pdf_base and name == bare and bare.lower().endswith(".pdf"):
            return f"{_document.site_url(options.pdf_base, site.url).rstrip('/')}/{quote(bare)}"
        places = [posixpath.join(folder, name.lstrip("/")) for folder in ("", *_FOLDERS)]
        looked.extend(p for p in places if ".." not in p)
        known = next((p for p in places if _walk.inside(root, p)), site.files.get(bare, "") if name == bare else "")
        return f"{site.url}/{quote(known)}" if known else ""

    return find


# ------------------------------------------------------------------------------------------ lab website template


def _split(data: bytes, where: str) -> tuple[list[Piece], list[Problem]]:
    """The citations that the template's script wrote; those without a title are reported, not looked up."""
    from feeds.sources import _yaml

    try:
        stated = _yaml.load(data)
    except _yaml.BadYaml as error:
        at = f"{where}:{error.line}" if error.line else where
        return [], [_pages.wrong(at, f"not usable: {error}", "mend the file; until then it counts as empty")]
    members = [m for m in (stated if isinstance(stated, list) else []) if isinstance(m, dict)]
    starts = [n for n, line in enumerate(data.split(b"\n"), 1) if line.startswith(b"- ")]
    lines = starts if len(starts) == len(members) else [1] * len(members)
    keys = [str(m.get("id") or m.get("title") or m.get("link") or "") for m in members]
    texts = [json.dumps(m, ensure_ascii=False, sort_keys=True) for m in members]
    return [Piece(k, n, t) for k, n, t in zip(keys, lines, texts, strict=True)], []


def _understand(piece: Piece, _where: str) -> tuple[Record | None, list[Problem]]:
    """What one citation says: `publisher` is what Manubot calls the journal, where there is one."""
    stated: dict[str, Any] = json.loads(piece.text)

    def text(name: str) -> str:
        value = stated.get(name)
        return _records.tidy(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    authors = stated.get("authors")
    tags = stated.get("tags")
    kind, house = text("type").lower(), text("publisher").lower()
    is_paper = kind not in {"software", "dataset", "website", "tool"} and house not in _ARCHIVES
    said: dict[str, Any] = {
        "title": text("title"),
        "authors": [_records.tidy(a) for a in authors if isinstance(a, str)] if isinstance(authors, list) else [],
        "journal": "" if house in _PREPRINT_HOUSES | _ARCHIVES else text("publisher"),
        "date": _records.iso_date(text("date")) if text("date") else "",
        "url": text("link"),
        "image": text("image"),
        "kind": ("preprint" if house in _PREPRINT_HOUSES else "") if is_paper else _records.NOT_PAPERS,
        "abstract": _records.paragraphs(str(stated.get("abstract") or "")),
        "keywords": [_records.tidy(t) for t in tags if isinstance(t, str)] if isinstance(tags, list) else [],
    }
    if found := _IDENTIFIER.fullmatch(text("id")):
        said[found[1].lower()] = found[2]
    fields = {name: value for name, value in said.items() if value}
    return Record(key=piece.key, line=piece.line, fields=fields), []


def _only_identifiers(root: Path, problems: list[Problem]) -> None:
    """Sources that are not looked up yet: the template's own script makes citations of them."""
    file = next((f for f in _jekyll_files.UNCITED if _walk.inside(root, f)), "")
    if file and not any(_walk.inside(root, f) for f in _jekyll_files.CITED):
        stated = _jekyll_files.load_file(root, file, [])
        count = sum(isinstance(m, dict) and "id" in m for m in stated) if isinstance(stated, list) else 0
        if count:
            message = f"{count} works are known by their identifiers only: left out"
            hint = "run the template's `_cite/cite.py`, which writes _data/citations.yaml"
            problems.append(_pages.odd(file, message, hint))


_CITED = _record_files.Format(
    name="citations",
    description="Citations of the lab website template",
    pattern="citations.yaml",
    confidence=0.0,
    takes=lambda name: name in {"citations.yaml", "citations.yml"},
    split=_split,
    understand=_understand,
)
