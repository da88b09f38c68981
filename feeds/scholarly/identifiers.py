"""DOI, PMID, PMCID, arXiv, ISSN: printed, in the target of a link, or inside a publisher's address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from feeds.model import Extractor, Fact, Origin, Post
from feeds.scholarly import _bibtex, _embedded, _front, _labels, _masthead, _reference
from feeds.scholarly._blocks import Block, blocks, line_of, links, plain
from feeds.scholarly._labels import sections
from feeds.scholarly._links import identify, printed_dois
from feeds.scholarly._servers import is_data, mentioned, server_of

_ADDRESS = re.compile(r"https?://\S++")
_POSTED = re.compile(r"preprint|\b(?:been|was|first|originally) posted\b|^posted\b")
_PMID = re.compile(r"\bPMID\b\s?[:#]?\s?(\d{4,9})(?!\d)", re.IGNORECASE)
_PMCID = re.compile(r"\b(PMC\d{4,9})(?!\d)", re.IGNORECASE)
_ARXIV = re.compile(r"\barXiv\s?:\s?(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)
_ISSN = re.compile(r"\b(\d{4}-\d{3}[\dXx])(?![\w-])")
_NAMED = frozenset({"doi", "preprint_doi", "reference", "pmid", "pmcid", "arxiv", "issn"})
_NUMBER = {
    "pmid": re.compile(r"(?<!\d)(\d{4,9})(?!\d)"),
    "pmcid": re.compile(r"\b(?:PMC)?(\d{4,9})(?!\d)", re.IGNORECASE),
}


def find(post: Post) -> Iterator[Fact]:
    """Facts about identifiers; `doi` for articles, `preprint_doi` for preprints."""
    yield from _front_keys(post)
    masthead = _masthead.of(post)
    for line in masthead.citations:
        facts = in_text(line.raw, "masthead", "body", line_of(post, line.line))
        on_server = bool(_reference.parse(line.raw, plain(post.title)).preprint_server)
        yield from (_of_preprint(f) if on_server else f for f in facts)
    for found in _labels.of(post):
        yield from _labelled(found.field, found.raw, line_of(post, found.line))
    entry = _bibtex.of(post)
    if entry:
        raw = " ".join(entry.fields.get(k, "") for k in ("doi", "url", "pmid", "pmcid"))
        yield from in_text(raw, "bibtex", "body", line_of(post, entry.line))
    if embedded := _embedded.of(post):
        yield from in_text(embedded.raw, "embedded", "body", line_of(post, embedded.line))
    for _, link, at in _front.link_values(post):
        yield from _address(link.target, "links", at)
    yield from _without_lists(
        fact
        for block, where in _body(post, masthead.end)
        for fact in in_text(block.text, where, "body", line_of(post, block.start))
    )


def listed(post: Post) -> dict[str, int]:
    """DOIs of articles in lists that stand under no heading for links, each with its line."""
    found: dict[str, int] = {}
    for block, where in _body(post, _masthead.of(post).end):
        if where == "list":
            line = line_of(post, block.start)
            facts = in_text(block.text, where, "body", line)
            found |= {str(f.value): line for f in facts if f.field == "doi" and not is_data(str(f.value))}
    return found


def _without_lists(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts but for DOIs in a list of several articles that stands under no heading for links: other works."""
    found = list(facts)
    listed = {f.value for f in found if f.field == "doi" and f.rule.startswith("list/") and not is_data(str(f.value))}
    for fact in found:
        where, _, what = fact.rule.partition("/")
        if where != "list":
            yield fact
        elif len(listed) < 2:
            yield replace(fact, rule=f"section/{what}")


def _of_preprint(fact: Fact) -> Fact:
    """A DOI on the line that cites a preprint server is the preprint's, whatever its prefix."""
    return replace(fact, field="preprint_doi") if fact.field == "doi" else fact


def in_text(raw: str, where: str, origin: Origin, line: int) -> Iterator[Fact]:
    """What a text prints and what its links lead to; an address is read once."""
    if not _may_hold_identifier(raw):
        return
    for link in links(raw):
        yield from _address(link.target, where, line)
    bare = plain(raw)
    bare = _ADDRESS.sub(" ", bare) if "://" in bare else bare
    for field, doi in printed_dois(bare):
        yield Fact(field=field, value=doi, origin=origin, rule=f"{where}/doi", line=line)
        yield from _server(doi, where, line)
    low = bare.lower()
    for field, mark, pattern in (("pmid", "pmid", _PMID), ("pmcid", "pmc", _PMCID), ("arxiv", "arxiv", _ARXIV)):
        for m in pattern.finditer(bare) if mark in low else ():
            value = m.group(1).upper() if field == "pmcid" else m.group(1)
            yield Fact(field=field, value=value, origin=origin, rule=f"{where}/{field}", line=line)
            if field == "arxiv":
                yield from _registered(value, f"{where}/arxiv", line)


def _may_hold_identifier(raw: str) -> bool:
    return "10." in raw or "://" in raw or "PM" in raw or "pm" in raw or "rXiv" in raw or "rxiv" in raw


def _address(url: str, where: str, line: int) -> Iterator[Fact]:
    for field, value, rule in identify(url):
        yield Fact(field=field, value=value, origin="derived", rule=f"{where}/{rule}", line=line, confidence=0.9)
        if field == "preprint_doi":
            yield from _server(value, where, line)


def _registered(arxiv: str, rule: str, line: int) -> Iterator[Fact]:
    """The DOI that arXiv registers for each of its papers: https://info.arxiv.org/help/doi.html."""
    doi = f"10.48550/arxiv.{arxiv}".lower()
    for field, value in (("preprint_doi", doi), ("preprint_server", "arXiv")):
        yield Fact(field=field, value=value, origin="derived", rule=rule, line=line, confidence=0.9)


def _server(doi: str, where: str, line: int) -> Iterator[Fact]:
    if server := server_of(doi):
        yield Fact(
            field="preprint_server",
            value=server,
            origin="derived",
            rule=f"{where}/doi-prefix",
            line=line,
            confidence=0.8,
        )


def _front_keys(post: Post) -> Iterator[Fact]:
    if not _front.states_any(post, _NAMED):
        return
    for key in _front.stated(post, ("doi", "preprint_doi")):
        value, name, line = _front.text(post, key)
        found = next(printed_dois(value), None) or next(
            ((f, v) for f, v, _ in identify(value) if f.endswith("doi")), None
        )
        if found:
            field, doi = found
            field = key if key == "preprint_doi" else field  # it is called so, whatever its prefix
            yield Fact(field=field, value=doi, origin="front matter", rule=f"front/{name}", line=line)
            yield from _server(doi, "front", line)
    reference, _, line = _front.get(post, "reference")
    if isinstance(reference, str) and _reference.parse(reference, plain(post.title)).marks:  # none: another's work
        yield from in_text(reference, "reference", "front matter", line)
    for key in _front.stated(post, ("pmid", "pmcid", "arxiv", "issn")):
        value, name, line = _front.text(post, key)
        if value:
            yield from _labelled(key, value, line, "front matter", f"front/{name}")


def _labelled(field: str, raw: str, line: int, origin: Origin = "body", rule: str = "") -> Iterator[Fact]:
    """A value that its label or key already names."""
    value, rule = plain(raw), rule or f"label/{field}"
    if field in {"doi", "citation", "journal"}:
        yield from in_text(raw, "label", origin, line)
    elif field in _NUMBER and (m := _NUMBER[field].search(value)):
        number = m.group(1)
        yield Fact(
            field=field, value=f"PMC{number}" if field == "pmcid" else number, origin=origin, rule=rule, line=line
        )
    elif field == "arxiv" and (m := re.search(r"(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})", value)):
        yield Fact(field="arxiv", value=m.group(1), origin=origin, rule=rule, line=line)
        yield from _registered(m.group(1), rule, line)
    elif field == "issn" and (m := _ISSN.search(value)):
        yield Fact(field="issn", value=m.group(1).upper(), origin=origin, rule=rule, line=line)


def _body(post: Post, start: int) -> Iterator[tuple[Block, str]]:
    """Blocks behind the masthead that speak of the work itself: lists of links, and sentences about its preprint."""
    inside = ""
    for block, announced in zip(blocks(post.body)[start:], sections(post.body)[start:], strict=True):
        if block.kind == "heading":
            inside = announced
        elif block.kind == "code" or len(block.text) > 5_000:
            continue
        elif inside == "links":
            yield block, "section"
        elif block.kind in {"item", "quote"} and _may_hold_identifier(block.text) and len(plain(block.text)) < 80:
            yield block, "list"
        elif len(block.text) < 1_500 and _speaks_of_preprint(block.text):
            yield block, "prose"


def _speaks_of_preprint(text: str) -> bool:
    lower = text.lower()
    return ("preprint" in lower or "posted" in lower) and bool(_POSTED.search(lower)) and bool(mentioned(text))


EXTRACTOR = Extractor(name="identifiers", find=find)
