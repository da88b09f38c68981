"""What a post prints in a way that leaves a doubt which no reader can settle: whoever wrote it can.

DOIs behind links that call them the paper, several DOIs in one list of which none is the work's beyond doubt, and an
issue that is a supplement without a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from feeds.model import Item, Post, Work
from feeds.scholarly import identifiers
from feeds.scholarly._blocks import blocks, line_of, links, plain
from feeds.scholarly._links import identify
from feeds.scholarly._servers import is_data
from feeds.scholarly._vocab import fold, phrase_set

SHORT = 120  # characters of a paragraph in which "here" can only mean the paper


class Doubt(Struct, frozen=True, kw_only=True):
    """What is doubtful, on which line of the file, and what would settle it."""

    line: int
    message: str
    hint: str
    field: str


def doubts(item: Item) -> Iterator[Doubt]:
    """Of one post; none of news, which may speak of many works."""
    if item.work is not None and item.post.form == "page":
        yield from _linked(item, item.work)
        yield from _listed(item.post, item.work)
        yield from _supplement(item, item.work)


def _linked(item: Item, work: Work) -> Iterator[Doubt]:
    """The paper that a link leads to is not the one that is published; what facts say is compared elsewhere."""
    known = {str(f.value) for f in item.facts if f.field in {"doi", "preprint_doi"}}
    for block in blocks(item.post.body) if work.doi else ():
        if "](" not in block.text and "<a" not in block.text:
            continue
        short = len(plain(block.text)) < SHORT
        for link in links(block.text):
            doi = next((value for field, value, _ in identify(link.target) if field == "doi"), "")
            if doi and doi not in known and not is_data(doi) and _calls_it_the_paper(link.label, short):
                known.add(doi)
                yield Doubt(
                    line=line_of(item.post, block.start),
                    message=f"the link [{link.label}] leads to {doi}, not to {work.doi}",
                    hint="correct the one that is wrong, or say which other paper the link leads to",
                    field="doi",
                )


def _calls_it_the_paper(label: str, short: bool) -> bool:
    return fold(label) in phrase_set("labels", "links", "own") or (short and fold(label) == "here")


def _listed(post: Post, work: Work) -> Iterator[Doubt]:
    """Several articles' DOIs in one list, and no other DOI."""
    found = identifiers.listed(post)
    if len(found) > 1 and not work.doi:
        yield Doubt(
            line=next(iter(found.values())),
            message=f"{len(found)} DOIs of articles in one list, and none is taken: {', '.join([*found][:3])}",
            hint="print the work's own DOI in the citation line, above the text",
            field="doi",
        )


def _supplement(item: Item, work: Work) -> Iterator[Doubt]:
    if fold(work.issue).startswith("suppl"):
        line = next((f.line for f in item.facts if f.field == "issue" and f.value == work.issue), 0)
        yield Doubt(
            line=line,
            message=f"the issue is a supplement without the number of an issue: {work.issue}",
            hint="where it belongs to a numbered issue, print both: 12(3 Suppl 2)",
            field="issue",
        )
