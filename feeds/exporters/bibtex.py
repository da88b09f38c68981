"""BibTeX, for LaTeX and every reference manager: a file an item, and one of all works of a collection.

https://www.bibtex.org/Format/ · https://ctan.org/pkg/bibtex (btxdoc: entry types and fields) ·
https://arxiv.org/help/hypertex/bibstyles (eprint, archiveprefix).  Values are in braces; keys are ASCII.

Written here: bibtexparser, which reads the files in the tests, leaves to its caller all that is to be decided (braces,
capitals, escapes, names), and its writer alone takes longer than all of this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, groupby
from typing import Literal

import msgspec
from msgspec import Struct

from feeds.exporters import _bibtex_text as tex
from feeds.exporters._exchange import degree, named, of_item, of_list, one_line, pieces, publisher, title
from feeds.exporters._work import keywords, own_page
from feeds.model import Artifact, Collection, Exporter, Item, Kind, Person, Site, Work
from feeds.text import is_web

MEDIA_TYPE = "application/x-bibtex; charset=utf-8"


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How text is written."""

    encoding: Literal["utf-8", "latex"] = "utf-8"  # "latex": ASCII, accents as LaTeX commands


_TYPES: dict[Kind, str] = {
    "article": "article",
    "review": "article",
    "preprint": "misc",
    "thesis": "phdthesis",
    "chapter": "incollection",
    "book": "book",
    "report": "techreport",
    "talk": "misc",
    "poster": "misc",
}
_PUBLISHER = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

Field = tuple[str, str]


def entry(item: Item, options: Options = Options()) -> str:  # noqa: B008 - frozen
    """The work of an item as one entry under its own key; "" for an item without a work."""
    return _entry(key(item, item.work), *_content(item, item.work, options)) if item.work else ""


def _entry(key: str, kind: str, lines: str) -> str:
    return f"@{kind}{{{key},\n{lines}}}\n"


def _content(item: Item, work: Work, options: Options) -> tuple[str, str]:
    """The entry's type, and a line for each of its fields."""
    kind = _type(item, work)
    fields = _fields(item, work, kind, options.encoding == "latex")
    return kind, "".join(f"  {name} = {_delimited(name, value)},\n" for name, value in fields if value)


def _delimited(name: str, value: str) -> str:
    return value if name == "month" else f"{{{value}}}"  # a month is a macro, which styles define


def _type(item: Item, work: Work) -> str:
    if work.kind in {"talk", "poster"} and work.journal:
        return "inproceedings"
    return "mastersthesis" if work.kind == "thesis" and degree(item.post) == "master" else _TYPES[work.kind]


def _fields(item: Item, work: Work, kind: str, latex: bool) -> Iterator[Field]:
    """Each field with its value, empty ones among them."""
    post = item.post

    def text(value: str) -> str:
        return tex.escaped(one_line(value), latex)

    yield "author", tex.names(work, latex)
    yield "title", tex.headline(title(item), post.lang, latex)
    yield "booktitle" if kind in {"incollection", "inproceedings"} else "journal", text(work.journal)
    yield "year", work.date[:4]
    yield "month", _MONTHS[int(work.date[5:7]) - 1] if work.date[5:7] else ""
    yield "day", work.date[8:10].lstrip("0")
    yield "volume", text(work.volume)
    yield "number", text(work.issue)
    yield "pages", _pages(work, latex)
    yield "eid", text(work.article_number) if work.first_page else ""
    yield _PUBLISHER.get(kind, "publisher"), text(publisher(work))
    yield from ((name, text(value)) for name, value in _occasion(item, work, kind))
    yield "issn", text(work.issn)
    yield from _addresses(item, work)
    yield "language", text(post.lang)
    yield "keywords", ", ".join(_keyword(word, latex) for word in keywords(post))
    yield "abstract", tex.prose(work.abstract, latex)


def _pages(work: Work, latex: bool) -> str:
    """732--741, or the first page; an article number stands in its place, where styles and managers look for it."""
    ends = [tex.escaped(one_line(page), latex) for page in (work.first_page, work.last_page)]
    return "--".join(end for end in ends if end) or tex.escaped(one_line(work.article_number), latex)


def _occasion(item: Item, work: Work, kind: str) -> Iterator[Field]:
    """What kind of thesis or talk it is, where it was given, which server has it: classical styles print these."""
    if kind == "phdthesis" and degree(item.post) != "doctor":
        yield "type", "Bachelor's thesis" if degree(item.post) == "bachelor" else "Thesis"
    if kind == "misc":
        where = (work.preprint_server,) if work.kind == "preprint" else (work.event, work.location)
        yield "howpublished", ", ".join(part for part in where if part)
        yield "note", {"preprint": "Preprint", "talk": "Talk", "poster": "Poster"}[work.kind]
    yield "eventtitle", work.event
    yield "venue", work.location


def _addresses(item: Item, work: Work) -> Iterator[Field]:
    """Identifiers and links as they are: LaTeX prints them verbatim."""
    yield "doi", tex.verbatim(work.doi)
    yield "eprint", tex.verbatim(work.arxiv)
    yield "archiveprefix", "arXiv" if work.arxiv else ""
    yield "pmid", tex.verbatim(work.pmid)
    yield "pmcid", tex.verbatim(work.pmcid)
    yield "url", tex.address(own_page(item.post))
    yield "copyright", tex.address(work.license) if is_web(work.license) else ""


def _keyword(word: str, latex: bool) -> str:
    written = tex.escaped(one_line(word), latex)
    return f"{{{written}}}" if "," in word else written


# ---------------------------------------------------------------------------------------------------- keys

# Words that say nothing of what a title is about; of the languages that most titles are written in.
_EMPTY = frozenset(
    "a an and are as at but by can do does for from how in into is it its of on or over that the their this to under "
    "upon via was what when where which who why with within without towards toward das dem den der des die ein eine "
    "einer im mit und von zu zum zur le la les un une des du de et en el los las una y il lo gli i".split()
)
_NEITHER = re.compile(r"[^a-z0-9]")  # a letter nor a digit


def key(item: Item, work: Work) -> str:
    """The entry's key, from the work alone, in ASCII: family name, year, first word of the title with a meaning."""
    family = next((_family(person) for person in named(work.authors)), "") or "anon"
    return family + work.date[:4] + _word(title(item))


@lru_cache(maxsize=4096)  # people come back
def _family(person: Person) -> str:
    return _ascii(person.family) or _word(person.name)


def _word(text: str) -> str:
    """The first word of a text with a meaning, else the first one with letters."""
    words = (word for part in text.split() if (word := _ascii(part)) and not word.isdigit())
    first = next(words, "")
    return next((word for word in chain([first], words) if word not in _EMPTY), first)


def _ascii(text: str) -> str:
    """Letters and digits of a text in any script, at most 30."""
    if not text.isascii():
        from text_unidecode import unidecode

        text = unidecode(text)
    return _NEITHER.sub("", text.lower())[:30]


def _told_apart(heads: Sequence[Head]) -> list[str]:
    """The key of each entry of a list: of several that are equal the oldest keeps it, the next ones get "-b", "-c" …

    No plain key has a hyphen: nobody else's is taken.
    """
    keys = [head.key for head in heads]
    number = Counter(keys)
    shared = [n for n, key in enumerate(keys) if number[key] > 1]
    shared.sort(key=lambda n: (heads[n].key, heads[n].published, heads[n].ident))
    for _, alike in groupby(shared, key=lambda n: heads[n].key):
        for count, n in enumerate(alike):
            keys[n] += f"-{_letters(count)}" if count else ""
    return keys


def _letters(number: int) -> str:
    """0 is "a", 25 is "z", 26 is "aa"."""
    return (_letters(number // 26 - 1) if number > 25 else "") + chr(ord("a") + number % 26)


# ---------------------------------------------------------------------------------------------------- the exporters


def _render_item(item: Item, site: Site, options: Options) -> Iterator[Artifact]:
    if item.work:
        yield of_item(item, site, ".bib", MEDIA_TYPE, entry(item, options).encode())


class Head(Struct, frozen=True, array_like=True):
    """What the first line of an entry in a list is made from, once the keys of all are known."""

    kind: str
    key: str
    published: datetime
    ident: str


_MARK = b"\x1e"  # before each piece; a control, which is in no text


def piece(item: Item, options: Options) -> bytes:
    """What a work adds to a list: a line with its `Head` as JSON, and the fields; b"" for an item without a work."""
    work = item.work
    if work is None:
        return b""
    kind, lines = _content(item, work, options)
    head = Head(kind, key(item, work), item.post.published, item.post.id or item.post.url)
    return _MARK + msgspec.json.encode(head) + b"\n" + lines.encode()


def _render_list(collection: Collection, _site: Site, options: Options) -> list[Artifact]:
    runs = pieces(collection, piece, options)
    works = [work.partition(b"\n") for run in runs for work in run.split(_MARK) if work]
    decoder = msgspec.json.Decoder(Head)
    heads = [decoder.decode(head) for head, _, _ in works]
    firsts = [f"@{head.kind}{{{key},\n".encode() for head, key in zip(heads, _told_apart(heads), strict=True)]
    entries = [b"%b%b}\n" % (first, lines) for first, (_, _, lines) in zip(firsts, works, strict=True)]
    return of_list(collection, ".bib", MEDIA_TYPE, b"\n".join(entries))


ITEM = Exporter(
    name="bibtex",
    description="BibTeX of each work, for LaTeX and reference managers",
    media_type=MEDIA_TYPE,
    scope="item",
    options=Options,
    render=_render_item,
)

LIST = Exporter(
    name="bibtex-list",
    description="BibTeX of all works of a collection",
    media_type=MEDIA_TYPE,
    scope="list",
    options=Options,
    render=_render_list,
    piece=piece,
)
