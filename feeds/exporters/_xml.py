"""What the XML feeds write alike: namespaces under their usual prefixes, elements, addresses, bytes.

Some readers compare the prefix rather than the namespace, so each has the one that everybody uses.
"""

from __future__ import annotations

from lxml import etree

from feeds.exporters._entry import Element
from feeds.text import iri_to_uri, legal

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
ENC = "http://purl.oclc.org/net/rss_2.0/enc#"
MEDIA = "http://search.yahoo.com/mrss/"
PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIXES = {"atom": ATOM, "content": CONTENT, "dc": DC, "enc": ENC, "media": MEDIA, "prism": PRISM}


def append(parent: etree._Element, *elements: Element, declared: bool = False) -> None:
    """Put `elements` behind the children of `parent`; where the root declares the prefixes, that takes less time."""
    for element in elements:
        prefixed = element.tag.startswith("{") and not declared
        child = etree.SubElement(parent, element.tag, nsmap=PREFIXES if prefixed else None)
        child.text = legal(element.text) or None
        append(child, *element.children, declared=declared)


def uri(address: str) -> str:
    """`address` as an attribute or an element may hold it."""
    return iri_to_uri(legal(address))


def serialise(root: etree._Element) -> bytes:
    """The document in UTF-8, indented."""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
