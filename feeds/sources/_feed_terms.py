"""What feeds say of scholarly works, PRISM and Dublin Core above all → front matter.  Private to sources.

https://www.w3.org/submissions/prism/ · https://www.dublincore.org/specifications/dublin-core/dcmi-terms/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree
from msgspec import Struct

from feeds.text import legal, squeeze

_PREFIXES = (  # part of a namespace → the prefix under which its terms are known here
    ("prismstandard.org/namespaces", "prism"),
    ("purl.org/rss/1.0/modules/prism", "prism"),
    ("purl.org/rss/1.0/modules", None),
    ("purl.org/dc/elements", "dc"),
    ("purl.org/dc/terms", "dcterms"),
    ("arxiv.org/schemas/atom", "arxiv"),
    ("purl.org/atompub/tombstones", "at"),
    ("www.w3.org/2005/Atom", ""),
    ("purl.org/atom/ns", ""),
    ("purl.org/rss", ""),
    ("netscape.com/rdf", ""),
)
_WORK = {"prism", "dc", "dcterms", "arxiv"}
_LONGEST = 20_000

# Name of a term in lower case without punctuation → key that scholarly knows (scholarly/data/front.toml).
_KEYS = {
    "doi": "doi",
    "publicationname": "journal",
    "journal": "journal",
    "journaltitle": "journal",
    "containertitle": "journal",
    "volume": "volume",
    "number": "issue",
    "issue": "issue",
    "startingpage": "first_page",
    "firstpage": "first_page",
    "endingpage": "last_page",
    "lastpage": "last_page",
    "pagerange": "pages",
    "pages": "pages",
    "articlenumber": "article_number",
    "elocationid": "article_number",
    "issn": "issn",
    "eissn": "issn",
    "pmid": "pmid",
    "pmcid": "pmcid",
    "arxiv": "arxiv",
    "journalref": "citation",
    "bibliographiccitation": "citation",
    "citation": "citation",
    "publicationdate": "publication_date",
    "coverdate": "publication_date",
    "abstract": "abstract",
    "publisher": "publisher",
    "license": "license",
    "pdf": "pdf",
    "section": "type",
    "genre": "type",
    "type": "type",
}
# Without one of these an entry is a post like any other.
_TELLING = {"doi", "journal", "volume", "issn", "pmid", "pmcid", "arxiv", "citation"}
_IDENTIFIERS = (
    ("doi", re.compile(r"(?:doi:\s{0,3}|https?://(?:dx\.)?doi\.org/|^\s{0,3})(10\.\d{4,9}/[^\s;,]{1,200})", re.I)),
    ("pmid", re.compile(r"\b(?:pmid|pubmed):\s{0,3}(\d{4,9})\b", re.I)),
    ("pmcid", re.compile(r"\b(PMC\d{4,9})\b")),
    ("arxiv", re.compile(r"\barxiv(?:\.org)?:(?:abs/)?(\d{4}\.\d{4,5}|[a-z-]{2,20}/\d{7})", re.I)),
    ("issn", re.compile(r"\burn:issn:(\d{4}-?\d{3}[\dX])\b", re.I)),
)

Terms = dict[str, list[str]]  # "prism:doi", "dc:creator", "guid" → what each element of that name holds


class Said(Struct, frozen=True):
    """What a well-formed document says besides what every feed reader reads."""

    entries: tuple[Terms, ...]
    channel: Terms
    deleted: dict[str, str]  # id of an entry that was taken back → when


def of_document(data: bytes) -> Said | None:
    """The terms of each entry, in their order; None when the document is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    tops = [root, *(child for child in root if _name(child) == "channel")]
    children = [child for top in tops for child in top]
    return Said(
        tuple(_terms(child) for child in children if _name(child) in {"item", "entry"}),
        _terms(tops[-1]),
        {
            str(child.get("ref")): str(child.get("when") or "")
            for child in children
            if _name(child) == "at:deleted-entry" and child.get("ref")
        },
    )


def _terms(element: etree._Element) -> Terms:
    found: Terms = {}
    for child in element:
        name = _name(child)
        text = _line("".join(map(str, child.itertext()))) if name and name not in {"item", "entry"} else ""
        if text:
            found.setdefault(name, []).append(text)
    return found


def _line(text: str) -> str:
    return squeeze(legal(text[:_LONGEST]))


def _name(element: etree._Element) -> str:
    """prefix:name by the namespace, whatever prefix the document has; "" for a comment or what is foreign."""
    tag: object = element.tag  # of a comment it is a function
    if not isinstance(tag, str):
        return ""
    namespace, _, local = tag.rpartition("}")
    if not namespace:
        return local
    prefix = next((prefix for part, prefix in _PREFIXES if part in namespace), None)
    return "" if prefix is None else f"{prefix}:{local.lower()}" if prefix else local


def of_parsed(entry: Mapping[str, Any]) -> Terms:
    """The terms that feedparser found in a document that is not well-formed: of each name but the last."""
    pairs = ((key.partition("_"), value) for key, value in entry.items() if isinstance(value, str))
    return {f"{prefix}:{name}": [_line(value)] for (prefix, _, name), value in pairs if prefix in _WORK and value}


def front(terms: Terms) -> dict[str, Any]:
    """Front matter for what the terms say of a work, the terms themselves included; empty when that is nothing."""
    own = {name: values for name, values in terms.items() if name.partition(":")[0] in _WORK}
    said = dict(_said(own))
    if not is_work(said):
        return {}
    kept = {name.replace(":", "_"): values if len(values) > 1 else values[0] for name, values in own.items()}
    return {**kept, **said}


def of_extension(values: Mapping[str, Any]) -> dict[str, str]:
    """Front matter for an extension of JSON Feed that speaks of a work; empty when none does."""
    texts = {f"prism:{k}": [_line(str(v))] for k, v in values.items() if isinstance(v, (str, int)) and v is not True}
    said = dict(_said(texts))
    return said if is_work(said) else {}


def is_work(keys: Iterable[str]) -> bool:
    """Does front matter with these keys speak of a work, rather than of a post like any other?"""
    return not _TELLING.isdisjoint(keys)


def _said(terms: Terms) -> Iterator[tuple[str, str]]:
    """Key and value of what is said, the most telling of each key last, so that it stands."""
    for name, values in sorted(terms.items(), key=lambda pair: _rank(pair[0])):
        local = name.partition(":")[2].lower()
        key = _KEYS.get(re.sub(r"[^a-z]", "", local), "")
        if key:
            yield key, values[0]
        if local in {"identifier", "source", "ispartof"}:
            yield from _identified(values)


def _rank(name: str) -> tuple[bool, str]:
    return (name in {"prism:doi", "prism:issn", "prism:publicationdate"}, name)


def _identified(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        for key, pattern in _IDENTIFIERS:
            if found := pattern.search(value[:500]):
                yield key, found[1].rstrip(".)")
