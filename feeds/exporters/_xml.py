"""What the XML feeds write alike: namespaces under their usual prefixes, elements, addresses, bytes.

Some readers compare the prefix rather than the namespace, so each has the one that everybody uses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feeds.exporters._entry import Element
from feeds.model import Collection
from feeds.text import iri_to_uri, legal

if TYPE_CHECKING:
    from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
ENC = "http://purl.oclc.org/net/rss_2.0/enc#"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
PREFIXES = {
    "at": TOMBSTONES, "atom": ATOM, "content": CONTENT, "dc": DC, "enc": ENC, "fh": HISTORY, "media": MEDIA,
    "prism": PRISM,
}  # fmt: skip


def append(parent: etree._Element, *elements: Element) -> None:
    """Put `elements` behind the children of `parent`, whose root declares the prefixes."""
    from lxml import etree

    for element in elements:
        child = etree.SubElement(parent, element.tag, dict(element.attributes))
        child.text = legal(element.text) or None
        append(child, *element.children)


def archive_mark(collection: Collection) -> tuple[Element, ...]:
    """Says that a document is an archive (RFC 5005, section 4)."""
    return (Element(f"{{{HISTORY}}}archive"),) if collection.place.name else ()


def declared(root: etree._Element) -> etree._Element:
    """`root` anew, with every prefix declared, so that no child declares its own: many are slow to clean up."""
    from lxml import etree

    made = etree.Element(root.tag, nsmap=PREFIXES)
    for name, value in root.items():
        made.set(name, value)
    made.extend(list(root))
    return made


def size(child: etree._Element, depth: int) -> int:
    """Bytes that a child takes in its document, `depth` levels below the root, which declares the prefixes."""
    from lxml import etree

    alone = etree.tostring(child, encoding="utf-8", pretty_print=True)
    names = sum(
        len(f' xmlns:{prefix}="{name}"' if prefix else f' xmlns="{name}"') for prefix, name in child.nsmap.items()
    )
    lines = sum(2 if len(element) else 1 for element in child.iter())  # each indented by two blanks a level
    return len(alone) - names + 2 * depth * lines


_URI = re.compile(r"[\w.~/:?#\[\]@!$&'()*+,;=%-]*+", re.ASCII)


def uri(address: str) -> str:
    """`address` as an attribute or an element may hold it."""
    return address if _URI.fullmatch(address) else iri_to_uri(legal(address))


def serialise(root: etree._Element) -> bytes:
    """The document in UTF-8, indented."""
    from lxml import etree

    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def tidy(root: etree._Element) -> tuple[bytes, int]:
    """The document without prefixes that nothing in it has, and how many bytes those would have taken."""
    from lxml import etree

    before = root.nsmap
    etree.cleanup_namespaces(root)
    spared = before.items() - root.nsmap.items()
    return serialise(root), sum(len(f' xmlns:{prefix}="{name}"') for prefix, name in spared)
