"""COinS: a work as an OpenURL ContextObject in a span, which Zotero and others find in a list on a page.

ANSI/NISO Z39.88-2004 (https://www.niso.org/publications/z3988-2004-r2021) with the key/value formats journal, book,
dissertation and dc, and https://web.archive.org/web/20170606004622/http://ocoins.info/
`<span class="Z3988" title="…"></span>`: `coins` gives what stands between the quotes, still to be escaped for HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from feeds.exporters._exchange import inverted, literal, named, one_line, title
from feeds.exporters._work import own_page
from feeds.model import Item, Kind, Work
from feeds.text import iri_to_uri

_FORMATS: dict[Kind, str] = {
    "article": "journal",
    "review": "journal",
    "preprint": "journal",
    "thesis": "dissertation",
    "chapter": "book",
    "book": "book",
    "report": "book",
}
_GENRES: dict[Kind, str] = {
    "article": "article",
    "review": "article",
    "preprint": "preprint",
    "chapter": "bookitem",
    "book": "book",
    "report": "report",
}


def coins(item: Item) -> str:
    """The value of the span's `title`; "" for an item without a work."""
    if not item.work:
        return ""
    kind = _FORMATS.get(item.work.kind, "dc")
    described = _dublin_core(item, item.work) if kind == "dc" else _record(item, item.work, kind)
    pairs = (("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}"), *described)
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs if value)


def _record(item: Item, work: Work, kind: str) -> Iterator[tuple[str, str]]:
    yield "rft.genre", _GENRES.get(work.kind, "")
    yield {"journal": "rft.atitle", "dissertation": "rft.title"}.get(kind, _book_title(work)), title(item)
    yield "rft.jtitle" if kind == "journal" else "rft.btitle", one_line(work.journal) if kind != "dissertation" else ""
    yield "rft.volume", one_line(work.volume)
    yield "rft.issue", one_line(work.issue)
    yield "rft.spage", one_line(work.first_page)
    yield "rft.epage", one_line(work.last_page)
    yield "rft.artnum", one_line(work.article_number) if kind == "journal" else ""
    yield "rft.date", one_line(work.date)
    yield "rft.issn", one_line(work.issn)
    yield "rft.inst" if kind == "dissertation" else "rft.pub", one_line(work.publisher) if kind != "journal" else ""
    yield from _authors(work)
    yield from _identifiers(item, work)


def _book_title(work: Work) -> str:
    return "rft.atitle" if work.kind == "chapter" else "rft.btitle"


def _authors(work: Work) -> Iterator[tuple[str, str]]:
    """The first author in parts, then every author by name, the first among them."""
    people = named(work.authors)
    if people and not literal(people[0]):
        yield "rft.aulast", one_line(people[0].family)
        yield "rft.aufirst", one_line(people[0].given)
        yield "rft.ausuffix", one_line(people[0].suffix)
    for person in people:
        yield "rft.aucorp" if person.organization else "rft.au", inverted(person)


def _dublin_core(item: Item, work: Work) -> Iterator[tuple[str, str]]:
    """A talk or a poster: no other format has a place for them."""
    yield "rft.type", "presentation"  # as Zotero calls it in the spans that it writes
    yield "rft.title", title(item)
    yield "rft.source", one_line(work.event or work.journal)
    yield "rft.date", one_line(work.date)
    yield from (("rft.creator", inverted(person)) for person in named(work.authors))
    yield "rft.identifier", iri_to_uri(own_page(item.post))
    yield from _identifiers(item, work)


def _identifiers(item: Item, work: Work) -> Iterator[tuple[str, str]]:
    names = {"doi": work.doi, "pmid": work.pmid, "arxiv": work.arxiv}
    yield from (("rft_id", f"info:{scheme}/{name}") for scheme, name in names.items() if name)
    yield "rft_id", iri_to_uri(own_page(item.post))
