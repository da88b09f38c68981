"""The work's title: the heading above its authors, else the front matter's.

A heading wins over the front matter, which often holds a stub ("Losses at chromosome...") or a short label.
"""

from __future__ import annotations

from collections.abc import Iterator

from feeds.model import Extractor, Fact, Post
from feeds.scholarly import _bibtex, _embedded, _front, _labels, _masthead, _roles
from feeds.scholarly._blocks import line_of, plain


def find(post: Post) -> Iterator[Fact]:
    """Facts about the title."""
    masthead = _masthead.of(post)
    if masthead.title and (text := tidy(plain(masthead.title.raw))):
        yield _fact(text, "masthead/title", line_of(post, masthead.title.line))
    for found in _labels.of(post):
        if found.field == "title":
            yield _fact(tidy(plain(found.raw)), "label/title", line_of(post, found.line))
    if embedded := _embedded.of(post):
        yield _fact(tidy(embedded.title), "embedded/title", line_of(post, embedded.line))
    value, _, line = _front.text(post, "title")
    printed = tidy(value or plain(post.title))
    if printed:
        stub = _roles.is_stub(printed)
        rule = "front/stub" if stub else "front/title"
        yield Fact(
            field="title", value=printed, origin="front matter", rule=rule, line=line, confidence=0.2 if stub else 1
        )
    entry = _bibtex.of(post)
    if entry and (text := tidy(entry.fields.get("title", ""))):
        yield _fact(text, "bibtex/title", line_of(post, entry.line))


def _fact(text: str, rule: str, line: int) -> Fact:
    return Fact(field="title", value=text, origin="body", rule=rule, line=line)


def tidy(text: str) -> str:
    """`text` without the full stop that closes a printed title; a stub's dots stay."""
    text = text.strip()
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith("..") else text


EXTRACTOR = Extractor(name="title", find=find)
