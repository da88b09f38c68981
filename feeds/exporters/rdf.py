"""RSS 1.0: https://web.resource.org/rss/1.0/spec, with its modules content and enclosure, Dublin Core and PRISM.

The format of journals' own feeds.  A document is valid RDF/XML, so it has no Atom links: their attributes have no
namespace, which RDF forbids.  Where the feed is says `rdf:about` of the channel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import chain, count

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from feeds.exporters._entry import (
    Content,
    Element,
    Entry,
    Filename,
    Head,
    Positive,
    artifact_path,
    entry,
    head,
    terms,
)
from feeds.exporters._fitting import fitting
from feeds.exporters._prism import record
from feeds.exporters._xml import CONTENT, DC, ENC, PREFIXES, RDF, append, serialise, size, tidy, uri
from feeds.model import Artifact, Collection, Exporter, Site
from feeds.text import fixed, legal, rfc3339

_TYPE = "application/rdf+xml"
_RSS = "http://purl.org/rss/1.0/"  # readers want it without a prefix, and rdf:RDF with this one
_NAMES = dict([(None, _RSS), ("rdf", RDF), *PREFIXES.items()])
_ABOUT = f"{{{RDF}}}about"
_RESOURCE = f"{{{RDF}}}resource"


class Rss1Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the RSS 1.0 feeds are written."""

    filename: Filename = "feed.rdf"  # in the collection's folder
    limit: Positive = 50  # items at most
    content: Content = "full"  # "summary" leaves the text of the posts out
    citation: bool = True  # the record of a work above its text
    max_bytes: Positive = 512_000  # of a document: texts that do not fit give way to their summaries, the oldest first


def render(collection: Collection, site: Site, options: Rss1Options) -> Iterable[Artifact]:
    """The RSS 1.0 feed of `collection`; what does not fit into `max_bytes` is left out, the oldest first."""
    about = head(collection, site, options.filename, _TYPE)
    entries = [
        entry(i, site, options.content, tuple(record(i)), citation=options.citation, max_bytes=options.max_bytes)
        for i in collection.items[: options.limit]
    ]
    path = artifact_path(collection, options.filename)
    body = _document(about, entries, options.max_bytes)
    yield Artifact(path=path, media_type=EXPORTER.media_type, body=body, title=f"{about.title} (RSS 1.0)")


def _document(about: Head, entries: Sequence[Entry], max_bytes: int) -> bytes:
    """Each item twice: in the channel's list, and behind the channel."""
    root = etree.Element(f"{{{RDF}}}RDF", nsmap=_NAMES)  # type: ignore[arg-type]  # lxml-stubs
    links = {link.rel: uri(link.href) for link in about.links}
    addresses = _addresses(links["alternate"], entries)
    listed = _channel(root, about, links)
    shelf = etree.Element(root.tag, nsmap=_NAMES)  # type: ignore[arg-type]  # lxml-stubs

    def taken(item: etree._Element) -> int:
        return size(item, 1) + len(f'        <rdf:li rdf:resource="{escape(item.get(_ABOUT, ""))}"/>\n')

    room = max_bytes - len(serialise(root))
    full = [_item(shelf, address, of) for address, of in zip(addresses, entries, strict=True)]
    brief = (_item(shelf, address, replace(of, content="")) for address, of in zip(addresses, entries, strict=True))
    for item in fitting(full, brief, taken, room):
        etree.SubElement(listed, f"{{{RDF}}}li", {_RESOURCE: item.get(_ABOUT, "")})
        root.append(item)
    return tidy(root)[0]


def _addresses(home: str, entries: Sequence[Entry]) -> list[str]:
    """What each item is about: its page; where it has none of its own, its id.  Each stands once (section 5.5)."""
    pages = [uri(each.links[0].href) for each in entries]
    shared = Counter(page.rstrip("/") for page in (home, *pages))
    found: dict[str, None] = {}
    for page, each in zip(pages, entries, strict=True):
        own = [page] if shared[page.rstrip("/")] == 1 else []
        names = chain(own, [uri(each.id)], (f"{page}#{number}" for number in count(2)))
        found[next(name for name in names if name not in found)] = None
    return list(found)


def _channel(root: etree._Element, about: Head, links: Mapping[str, str]) -> etree._Element:
    """The channel; returns its list of items, still empty."""
    channel = etree.SubElement(root, f"{{{_RSS}}}channel", {_ABOUT: links["self"]})
    append(
        channel,
        Element(f"{{{_RSS}}}title", about.title),
        Element(f"{{{_RSS}}}link", links["alternate"]),
        Element(f"{{{_RSS}}}description", about.description or about.title),
        *_stated(
            Element(f"{{{DC}}}language", about.language),
            Element(f"{{{DC}}}date", rfc3339(fixed(about.updated))),
        ),
    )
    items = etree.SubElement(channel, f"{{{_RSS}}}items")
    return etree.SubElement(items, f"{{{RDF}}}Seq")


def _item(shelf: etree._Element, address: str, of: Entry) -> etree._Element:
    item = etree.SubElement(shelf, f"{{{_RSS}}}item", {_ABOUT: address})
    append(
        item,
        Element(f"{{{_RSS}}}title", of.title),
        Element(f"{{{_RSS}}}link", uri(of.links[0].href)),
        *_stated(
            Element(f"{{{_RSS}}}description", of.summary),
            Element(f"{{{CONTENT}}}encoded", of.content),
            *(Element(f"{{{DC}}}creator", author.name) for author in of.authors),
            Element(f"{{{DC}}}date", rfc3339(fixed(of.published))),
            Element(f"{{{DC}}}language", of.lang),
            Element(f"{{{DC}}}rights", of.rights),
            *(Element(f"{{{DC}}}subject", term) for term in terms(of)),
        ),
        *of.extra,
    )
    for link in of.links:
        if link.rel == "enclosure":
            stated = {"type": legal(link.media_type), "length": "" if link.length is None else str(link.length)}
            known = {f"{{{ENC}}}{name}": value for name, value in stated.items() if value}
            etree.SubElement(item, f"{{{ENC}}}enclosure", {_RESOURCE: uri(link.href), **known})
    return item


def _stated(*elements: Element) -> Iterator[Element]:
    yield from (element for element in elements if element.text)


EXPORTER = Exporter(
    name="rss1",
    description="RSS 1.0 (RDF) feed of each collection, with Dublin Core and PRISM",
    media_type=f"{_TYPE}; charset=utf-8",
    scope="collection",
    options=Rss1Options,
    render=render,
)
