"""RIS, what every reference manager imports: a file an item, and one of all works of a collection.

Direct Export RIS Format Documentation (Thomson ResearchSoft, 2001), kept at
https://web.archive.org/web/20120526103719/http://refman.com/support/risformat_intro.asp: a line a tag, which is two
letters, two blanks, a hyphen and a blank; each line ends with CR LF; TY comes first, ER last.
The tags are those that Zotero, EndNote and Mendeley read today: T2 and JF for the journal, DA for the date, AN for the
PMID and C2 for the PMCID as in PubMed.

Written here: a library would only set "TY  - " before what this file has to decide, and rispy, which reads the files in
the tests, lets a line break in a value end the field.
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.exporters._exchange import added, degree, inverted, named, of_item, of_list, one_line, publisher, title
from feeds.exporters._work import keywords, own_page
from feeds.model import Artifact, Collection, Exporter, Item, Kind, NoOptions, Site, Work
from feeds.text import iri_to_uri, is_web

MEDIA_TYPE = "application/x-research-info-systems; charset=utf-8"

_TYPES: dict[Kind, str] = {
    "article": "JOUR",
    "review": "JOUR",
    "preprint": "UNPB",
    "thesis": "THES",
    "chapter": "CHAP",
    "book": "BOOK",
    "report": "RPRT",
    "talk": "SLIDE",
    "poster": "SLIDE",
}
_MEDIUM: dict[Kind, str] = {"preprint": "Preprint", "talk": "Talk", "poster": "Poster"}
_EMPTY_LINE = b"\r\n"  # between the records of a list
_THESES = {"doctor": "PhD thesis", "master": "Master's thesis", "bachelor": "Bachelor's thesis"}


def record(item: Item, work: Work) -> str:
    """The work as one record, from TY to ER."""
    lines = [("TY", _TYPES[work.kind]), *((tag, one_line(value)) for tag, value in _tags(item, work))]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def _tags(item: Item, work: Work) -> Iterator[tuple[str, str]]:
    """Each tag with its value, empty ones among them."""
    post = item.post
    yield "TI", title(item)
    yield from (("AU", inverted(person)) for person in named(work.authors))
    yield "PY", work.date[:4]
    yield "DA", _date(work.date)
    yield "T2", work.journal or work.event
    if _TYPES[work.kind] == "JOUR":
        yield "JF", work.journal
    yield "VL", work.volume
    yield "IS", work.issue
    yield "SP", work.first_page or work.article_number  # where publishers write it, and managers look for it
    yield "EP", work.last_page
    yield "C7", work.article_number if work.first_page else ""
    yield "PB", publisher(work)
    yield "CY", work.location
    yield "M3", _THESES.get(degree(post), "") if work.kind == "thesis" else _MEDIUM.get(work.kind, "")
    yield "SN", work.issn
    yield "DO", work.doi
    yield "AN", work.pmid or (f"arXiv:{work.arxiv}" if work.arxiv else "")
    yield "C2", work.pmcid
    yield "UR", iri_to_uri(own_page(post))
    yield "L1", iri_to_uri(work.pdf) if is_web(work.pdf) else ""
    yield "LA", post.lang
    yield "AB", work.abstract
    yield from (("KW", word) for word in keywords(post))


def _date(date: str) -> str:
    """2019, 2019-08 or 2019-08-27 as YYYY/MM/DD/, what is not known left empty; the slashes stay."""
    return "/".join((*date.split("-"), "", "", "")[:3]) + "/" if date else ""


def _render_item(item: Item, site: Site, _options: NoOptions) -> Iterator[Artifact]:
    if item.work:
        yield of_item(item, site, ".ris", MEDIA_TYPE, record(item, item.work).encode())


def piece(item: Item, _options: NoOptions) -> bytes:
    """What a work adds to a list: its record and an empty line; b"" for an item without a work."""
    return record(item, item.work).encode() + _EMPTY_LINE if item.work else b""


def _render_list(collection: Collection, _site: Site, options: NoOptions) -> list[Artifact]:
    return of_list(collection, ".ris", MEDIA_TYPE, added(collection, piece, options, _EMPTY_LINE))


ITEM = Exporter(
    name="ris",
    description="RIS of each work, for reference managers",
    media_type=MEDIA_TYPE,
    scope="item",
    options=NoOptions,
    render=_render_item,
)

LIST = Exporter(
    name="ris-list",
    description="RIS of all works of a collection",
    media_type=MEDIA_TYPE,
    scope="list",
    options=NoOptions,
    render=_render_list,
    piece=piece,
)
