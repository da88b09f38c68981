"""Unqualified Dublin Core as OAI-PMH carries it: one oai_dc:dc element a work, a file an item.

https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore · its schema, …/OAI/2.0/oai_dc.xsd ·
https://www.dublincore.org/specifications/dublin-core/dces/ · types as harvesters sort by them:
https://wiki.surfnet.nl/display/standards/info-eu-repo
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feeds.exporters._exchange import degree, inverted, named, of_item, one_line, paragraphs, publisher, title
from feeds.exporters._work import doi_url, keywords, own_page, pages
from feeds.exporters._xml import DC, uri
from feeds.model import Artifact, Exporter, Item, Kind, NoOptions, Site, Work
from feeds.text import is_web, media_type

MEDIA_TYPE = "application/xml; charset=utf-8"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_NAMESPACES = {"oai_dc": OAI_DC, "dc": DC, "xsi": _XSI}

# dc:type in a word, and the type of info-eu-repo; what kind of thesis only where the post says so.
_TYPES: dict[Kind, tuple[str, str]] = {
    "article": ("Article", "article"),
    "review": ("Review", "review"),
    "preprint": ("Preprint", "preprint"),
    "thesis": ("Thesis", ""),
    "chapter": ("Book chapter", "bookPart"),
    "book": ("Book", "book"),
    "report": ("Report", "report"),
    "talk": ("Presentation", "lecture"),
    "poster": ("Poster", "conferenceObject"),
}
_THESES = {"doctor": "doctoralThesis", "master": "masterThesis", "bachelor": "bachelorThesis"}


def document(item: Item, work: Work) -> bytes:
    """The work as one oai_dc:dc element, in UTF-8."""
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap=_NAMESPACES)
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    for name, value in _elements(item, work):
        if value:
            etree.SubElement(root, f"{{{DC}}}{name}").text = value
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _elements(item: Item, work: Work) -> Iterator[tuple[str, str]]:
    """Each element with its text, empty ones among them; the page comes first of the identifiers."""
    post = item.post
    yield "title", title(item)
    yield from (("creator", inverted(person)) for person in named(work.authors))
    yield from (("subject", one_line(word)) for word in keywords(post))
    yield "description", "\n\n".join(paragraphs(work.abstract))
    yield "publisher", publisher(work)
    yield "date", one_line(work.date)
    yield from (("type", value) for value in _types(item, work))
    yield from (("format", value) for value in _formats(item, work))
    yield "identifier", uri(own_page(post))
    yield "identifier", doi_url(work.doi)
    yield "identifier", one_line(f"pmid:{work.pmid}" if work.pmid else "")
    yield "identifier", uri(f"https://arxiv.org/abs/{work.arxiv}") if work.arxiv else ""
    yield "source", one_line(_source(work))
    yield "language", one_line(post.lang)
    yield from (("relation", value) for value in _relations(work))
    yield "rights", uri(work.license) if is_web(work.license) else ""


def _types(item: Item, work: Work) -> list[str]:
    word, term = _TYPES[work.kind]
    term = _THESES.get(degree(item.post), "") if work.kind == "thesis" else term
    return [word, f"info:eu-repo/semantics/{term}"] if term else [word]


def _formats(item: Item, work: Work) -> list[str]:
    """The page, and the files that go with the work."""
    files = [file.media_type or media_type(file.url) for file in item.post.attachments if is_web(file.url)]
    pdf = ["application/pdf"] if is_web(work.pdf) else []
    page = ["text/html"] if own_page(item.post) else []
    return list(dict.fromkeys(one_line(name) for name in (*page, *pdf, *files)))


def _source(work: Work) -> str:
    """Where it appeared or was given, on one line: "Journal of Lamps 20(4), 693–701", "Lamp Days, Port Fog"."""
    place = " ".join(part for part in (work.journal or work.event, work.volume) if part)
    place += f"({work.issue})" if work.issue else ""
    return ", ".join(part for part in (place, work.location, pages(work)) if part)


def _relations(work: Work) -> list[str]:
    """Its file, its preprint, its journal."""
    preprint = work.preprint_doi if work.preprint_doi != work.doi else ""
    pdf = uri(work.pdf) if is_web(work.pdf) else ""
    issn = one_line(f"urn:ISSN:{work.issn}") if work.issn else ""
    return [value for value in (pdf, doi_url(preprint), issn) if value]


def _render(item: Item, site: Site, _options: NoOptions) -> Iterator[Artifact]:
    if item.work:
        yield of_item(item, site, ".oai_dc.xml", MEDIA_TYPE, document(item, item.work))


EXPORTER = Exporter(
    name="oai-dc",
    description="Dublin Core of each work, for OAI-PMH harvesters",
    media_type=MEDIA_TYPE,
    scope="item",
    options=NoOptions,
    render=_render,
)
