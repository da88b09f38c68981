"""Records of a bibliography, whatever the format: what one says, and how it becomes a post.  Private to sources.

The fields of a record go by the names that `feeds.scholarly` knows in structured front matter (data/front.toml).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from msgspec import Struct

from feeds.model import Person, Post, Problem, Reading
from feeds.reading import clean
from feeds.sources import _document
from feeds.text import fixed, iri_to_uri, is_web, legal, plain, squeeze

ET_AL = "et al."  # stands in `authors` for those who are not named
NOT_PAPERS = "news"  # the kind of software, data sets and other works that are no publications
ADDRESSES = ("url", "html", "website", "code", "video", "blog", "slides", "poster", "preprint", "hal", "dataset")

_INLINE = re.compile(r"&lt;(/?)(?:jats:)?(i|em|italic|b|strong|bold|sub|sup|sc)(?:\s[^<>&]{0,80})?&gt;", re.IGNORECASE)
_BLOCK = re.compile(r"<(/?)(?:jats:)?(?:p|sec|div|title|abstract)(?:\s[^<>]{0,80})?>", re.IGNORECASE)
_NAMES = {"italic": "i", "bold": "b", "sc": "span"}
_MARKDOWN = re.compile(r"([\\*_\[\]])")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", re.ASCII)
_LANDING = (
    ("doi", re.compile(r"10\.\d{4,9}/\S{1,500}"), "https://doi.org/"),
    ("preprint_doi", re.compile(r"10\.\d{4,9}/\S{1,500}"), "https://doi.org/"),
    ("pmid", re.compile(r"\d{4,9}", re.ASCII), "https://pubmed.ncbi.nlm.nih.gov/"),
    ("pmcid", re.compile(r"PMC\d{4,9}", re.ASCII), "https://pmc.ncbi.nlm.nih.gov/articles/"),
    ("arxiv", re.compile(r"\d{4}\.\d{4,5}|[a-z.A-Z-]{2,30}/\d{7}", re.ASCII), "https://arxiv.org/abs/"),
)
_ISO = re.compile(r"\s{0,9}(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)", re.ASCII)
_SERVERS = re.compile(
    r"\b(?:[a-z]{1,8}rxiv|preprints\.org|(?:osf|peerj) preprints|research ?square|ssrn|authorea)\b", re.IGNORECASE
)
_PREPRINT = re.compile(r"\bpreprints?\b", re.IGNORECASE)
_NO_NAME = re.compile(r"\d|://|\bpreprint\b", re.IGNORECASE)  # of a server: "Preprint, sent in May 2020"
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


class Piece(Struct, frozen=True):
    """A record of a file before it is understood: its own text, and the text of what it refers to."""

    key: str
    line: int  # of the file, from 1
    text: str
    given: str = ""  # of BibTeX: the @string macros and the entries that it inherits from


class Record(Struct, frozen=True, kw_only=True):
    """What one record says.

    `title`, `journal`, `volume`, `issue`, `pages`, `article_number`, `publisher`, `event`, `location`, `kind`,
    `preprint_server`, `abstract` (paragraphs apart by a blank line) are text, as are `date` (as exact as stated),
    `doi`, `preprint_doi`, `pmid`, `pmcid`, `arxiv`, `issn`, `license`, `pdf`, `image`, `lang` and those of ADDRESSES.
    `authors` are mappings with `family`, `given`, `suffix`, `orcid` or with `name` and `organization: True`, and ET_AL.
    `keywords` are a list of text.
    """

    key: str
    line: int  # of the file, from 1
    fields: dict[str, Any]
    lines: dict[str, int] = {}  # of each field


class Place(Struct, frozen=True, kw_only=True):
    """Where a record's post stands: what the record cannot say of itself."""

    source: str
    path: str  # "papers.bib#key"
    file: str  # "papers.bib"
    base: str  # address of the site, without a final slash
    url: str  # of the record's own page, or its entry on the page that lists it; "" when there is none
    zone: str = "UTC"
    lang: str = ""
    group: str = ""
    find_file: Callable[[str], str] = lambda _name: ""
    by_pattern: Callable[[datetime], str] = lambda _published: ""  # what `url:` of the source says, when it does


# ------------------------------------------------------------------------------------------------ preprints


def is_preprints(place: str) -> bool:
    """Does the place where a work is kept name a preprint server, or say that it is a preprint?"""
    return bool(_SERVERS.search(place) or _PREPRINT.search(place))


def as_preprint(said: dict[str, Any], at: dict[str, int], *places: str, sure: bool = False) -> None:
    """Of a preprint, what the record says in terms of preprints; `said` is changed, and `at`, the lines of its fields.

    `places` is where it is said to be kept: the first that names a server, else, where a place says "preprint" or the
    record is `sure` to call itself one, the first that may be a name.  The DOI is the preprint's, whatever its prefix.
    What arXiv has gets its DOI there: another one is that of what was printed later.
    """
    found = next((place for place in places if _SERVERS.search(place)), "")
    sure = sure or any(_PREPRINT.search(place) for place in places)
    journal = said.get("journal", "")
    if said.get("kind") != "preprint" or (journal and journal != found) or not (found or sure):
        return
    server = found or next((place for place in places if place and not _NO_NAME.search(place)), "")
    line = at.get("kind", 0)
    for name in ("journal", "publisher"):
        if said.get(name) == server:
            line = at.get(name, line)
            del said[name]
    if "doi" in said and "arxiv" not in said:
        said["preprint_doi"], at["preprint_doi"] = said.pop("doi"), at.get("doi", 0)
    if server:
        said["preprint_server"], at["preprint_server"] = server, line


# ------------------------------------------------------------------------------------------------ record → post


def reading(record: Record, place: Place) -> Reading:
    """The post that a record makes; without a title or a year it is left out and reported."""
    said = record.fields
    where = f"{place.file}:{record.line}"
    title = _plain(said.get("title", ""))
    stated = (("title", title, "add the title"), ("year", said.get("date"), "add `year`, or exclude the record"))
    for what, value, hint in stated:
        if not value:
            message = f"{tidy(record.key)[:80]}: no {what}: left out"
            return Reading(problems=(Problem(stage="read", where=where, message=message, hint=hint),))
    published = _published(said["date"], place.zone)
    own = place.by_pattern(published) or place.url or own_address(said)
    url = own or f"{place.base}/#{quote(legal(record.key))}"
    files = {name: found for name in _file_names(said) if (found := place.find_file(name))}
    image = said.get("image", "")
    post = Post(
        source=place.source,
        path=legal(place.path),
        url=url,
        title=title,
        published=published,
        html=clean.clean(_paragraphs(said.get("abstract", "")), url),
        lang=said.get("lang") or place.lang,
        authors=posters(said) if said.get("kind") == NOT_PAPERS else (),
        tags=tuple(said.get("keywords", ())),
        form="record",
        own_page=bool(own),
        group=place.group,
        image=image if is_web(image) else place.find_file(image) if image else "",
        in_sitemap=url.startswith(f"{place.base}/") and "#" not in url,
        front=front_of(record, files),
        front_lines=record.lines,
        files=files,
    )
    return Reading(post=post)


def front_of(record: Record, files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The record's fields as front matter: what is special in Markdown and HTML escaped, addresses that lead somewhere.

    `files` are the addresses of files that the record names.
    """
    said = record.fields
    front = {k: _escape(v) if isinstance(v, str) else v for k, v in said.items()}
    for name in ("doi", "pmid", "pmcid", "arxiv", "issn", "pdf", "preprint_doi", "date", "license", "image", "lang"):
        if name in said:
            front[name] = said[name]
    if "authors" in said:
        front["authors"] = [_escaped_name(author) for author in said["authors"]]
    for name in ADDRESSES:
        front.pop(name, None)
        address = (files or {}).get(said.get(name, ""), said.get(name, ""))
        if is_web(address):
            front[name] = address
    return front


def posters(said: Mapping[str, Any]) -> tuple[Person, ...]:
    """Who made it, for a post with no publication behind it."""
    made = ({"name": a} if isinstance(a, str) else a for a in said.get("authors", ()) if a != ET_AL)
    names = ((a, a.get("name") or f"{a.get('given', '')} {a.get('family', '')}".strip()) for a in made)
    return tuple(
        Person(
            name=name,
            given=a.get("given", ""),
            family=a.get("family", ""),
            suffix=a.get("suffix", ""),
            organization=a.get("organization") is True,
            orcid=a.get("orcid", ""),
        )
        for a, name in names
        if name
    )


def own_address(said: Mapping[str, Any]) -> str:
    """Where the work is to be found by what its record says: its page, its DOI, PubMed, PubMed Central, arXiv."""
    for name in ("url", "html", "website"):
        if is_web(said.get(name, "")):
            return _document.site_url(said[name], "")
    for name, pattern, address in _LANDING:
        if found := pattern.search(said.get(name, "")):
            return iri_to_uri(address + found[0])
    return ""


def _published(date: str, zone: str) -> datetime:
    """The first moment of a day, month or year."""
    year, month, day = (int(p) for p in (*date.split("-"), "1", "1")[:3])
    return fixed(datetime(year, month, day, tzinfo=ZoneInfo(zone)))


def _file_names(said: Mapping[str, Any]) -> list[str]:
    return [v for k in ("pdf", *ADDRESSES) if isinstance(v := said.get(k), str) and v and not is_web(v)]


# ------------------------------------------------------------------------------------------------------ text


def _markup(text: str) -> str:
    """Text that may hold a few HTML tags as an HTML fragment: those tags stay, everything else is text."""
    escaped = html.escape(_BLOCK.sub(" ", html.unescape(text)), quote=False)
    return _INLINE.sub(lambda m: f"<{m[1]}{_NAMES.get(m[2].lower(), m[2].lower())}>", escaped)


def _plain(text: str) -> str:
    return plain(_markup(text))


def _paragraphs(abstract: str) -> str:
    return "\n".join(f"<p>{_markup(p)}</p>" for p in abstract.split("\n\n") if p.strip())


def _escape(text: str) -> str:
    """Plain text so that whoever takes it for Markdown or HTML reads the same, also who minds no "\\" before "`"."""
    return _MARKDOWN.sub(r"\\\1", _markup(text)).replace("`", "&#96;").replace("^", "&#94;")


def _escaped_name(author: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(author, str):
        return author
    return {part: _escape(v) if isinstance(v, str) and part != "orcid" else v for part, v in author.items()}


def tidy(value: str) -> str:
    """A value as the model wants text: NFC, legal in XML, on one line."""
    return squeeze(legal(value))


def paragraphs(value: str) -> str:
    """As `tidy`, paragraphs apart by a blank line; the paragraphs of HTML and JATS count."""
    apart = _BLOCK.sub("\n\n", value) if "<" in value else value
    return "\n\n".join(p for part in re.split(r"\n\s*\n", apart) if (p := tidy(part)))


# ------------------------------------------------------------------------------------------------------ dates, keys


def date_of(year: str, month: str = "", day: str = "") -> str:
    """An ISO 8601 date as exact as the parts allow; "" without a year.  A month may be a name or a number."""
    found = _YEAR.search(year)
    if not found:
        return ""
    number = month_of(month)
    last = re.search(r"(?<!\d)([12]?\d|3[01]|0[1-9])(?!\d)", day)
    if number and last and last[1].strip("0"):
        try:
            return datetime(int(found[1]), number, int(last[1]), tzinfo=ZoneInfo("UTC")).date().isoformat()
        except ValueError:
            return f"{found[1]}-{number:02}"
    return f"{found[1]}-{number:02}" if number else found[1]


def month_of(text: str) -> int:
    """The number of the first month that a text names; 0 when it names none."""
    named = (_MONTHS.get(word[:3].lower(), 0) for word in re.findall(r"[A-Za-z]{3,9}", text[:80]))
    numbers = (int(digits) for digits in re.findall(r"\d{1,2}", text[:80]))
    return next((n for n in (*named, *numbers) if 1 <= n <= 12), 0)


def iso_date(stated: str) -> str:
    """The beginning of what is stated in ISO 8601: 2019, 2019-05, 2019-05-03, 2019-05-03/2019-05-06, 2019/05/03."""
    found = _ISO.match(stated)
    return date_of(found[1], found[2] or "", found[3] or "") if found else date_of(stated)


def safe(key: str) -> str:
    """A record's key as the last part of a path: no separators, white space or controls; "record" without any."""
    kept = (c if c not in "/\\#" and unicodedata.category(c)[0] not in "CZ" else "-" for c in legal(key))
    return "".join(kept).strip("-.")[:120] or "record"
