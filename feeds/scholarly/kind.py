"""What kind of work the post is about, in the words of its front matter, its folder and its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from feeds.model import Extractor, Fact, Post
from feeds.scholarly import _bibtex, _front, _masthead
from feeds.scholarly._blocks import blocks, line_of, plain
from feeds.scholarly._labels import kind_of
from feeds.scholarly._vocab import fold_words, table, words

_REVIEW = re.compile(
    r"^(?:book )?review of\b|[:.?!–—-] an? (?:[\w-]{3,20} ){0,2}review\b|\b(?:systematic|scoping|literature) review\b",
    re.IGNORECASE,
)
_THESIS = re.compile(
    r"\b(?:Ph\.?D\.?|Master'?s?|MSc|Bachelor'?s?|doctoral|habilitation)\s(?:thesis\b|dissertation\b|diss\.)",
    re.IGNORECASE,
)
_FLAGS = ("preprint", "review", "poster", "talk", "thesis")


def find(post: Post) -> Iterator[Fact]:
    """Facts `kind`, the surest first within each rule."""
    for flag in _front.flags(post, _FLAGS):
        yield Fact(field="kind", value=flag, origin="front matter", rule="front/flag", line=_front.line(post, flag))
    yield from _front_words(post)
    for folder in post.path.split("/")[:-1]:
        if kind := kind_of(folder.lstrip("_")):
            yield Fact(field="kind", value=kind, origin="file name", rule="path/folder", confidence=0.7)
    if kind := kind_of(post.group):
        yield Fact(field="kind", value=kind, origin="file name", rule="path/group", confidence=0.7)
    if _is_event(post):
        yield Fact(field="kind", value="talk", origin="derived", rule="keys/event", confidence=0.3)
    elif _front.has(post, "scholarly"):
        yield Fact(field="kind", value="article", origin="derived", rule="keys/scholarly", confidence=0.3)
    yield from _text(post)
    entry = _bibtex.of(post)
    if entry and (kind := table("kinds")["bibtex"].get(entry.type, "")):
        yield Fact(field="kind", value=kind, origin="body", rule="bibtex/type", line=line_of(post, entry.line))


def _is_event(post: Post) -> bool:
    """Does it name an event and who spoke there, and no publication?"""
    published = ("journal", "venue", "doi", "preprint_doi", "reference")
    return _front.has(post, "event") and _front.has(post, "authors") and not any(_front.has(post, k) for k in published)


def _front_words(post: Post) -> Iterator[Fact]:
    front = post.front
    there = tuple(front)
    for key, written in _keys_among(there, "names"):
        for word in _strings(front[written]):
            kind = table("kinds")["hugo"].get(word.strip(), "") if key == "publication_types" else ""
            if kind := kind or kind_of(word):
                rule = "front/category" if key.startswith("c") else f"front/{key}"
                yield Fact(field="kind", value=kind, origin="front matter", rule=rule, line=_front.line(post, key))
    for key, written in _keys_among(there, "tags"):
        for word in _strings(front[written]):
            if kind := kind_of(word):
                yield Fact(
                    field="kind", value=kind, origin="front matter", rule="front/tags", line=_front.line(post, key)
                )


@lru_cache(maxsize=256)  # the posts of a site have the same keys
def _keys_among(there: tuple[str, ...], which: str) -> tuple[tuple[str, str], ...]:
    """The front matter keys that hold such words, most telling first, each as it is called and as it is written."""
    listed = ((key, key if key in there else key.replace("_", "-")) for key in table("kinds")["keys"][which].split())
    return tuple((key, written) for key, written in listed if written in there)


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(x) for x in value if isinstance(x, str | int)]
    return [str(value)] if isinstance(value, str | int) else []


def _text(post: Post) -> Iterator[Fact]:
    if _is_review(post.title):
        yield Fact(field="kind", value="review", origin="front matter", rule="title/review", confidence=0.6)
    opening = ""
    for block in blocks(post.body):
        if block.kind == "heading" and len(block.text) < 400 and _is_review(block.text):
            yield Fact(
                field="kind", value="review", origin="body", rule="title/review", line=line_of(post, block.start)
            )
        if block.kind in {"paragraph", "html"} and (opening := plain(block.text[:400])):
            break
    heads = " ".join([plain(b.text) for b in blocks(post.body)[:4] if b.kind == "heading" and len(b.text) < 400])
    heads += " ".join([plain(line.raw) for line in _masthead.of(post).citations if len(line.raw) < 400])
    if _is_thesis(heads) or ("citation" in post.front and _is_thesis(str(post.front["citation"])[:2000])):
        yield Fact(field="kind", value="thesis", origin="body", rule="text/thesis", confidence=0.6)
    name = _front.text(post, "pdf")[0]
    about = [post.title, str(post.front.get("description") or post.front.get("summary") or ""), name, opening[:150]]
    labels = [link.label for _, link, _ in _front.link_values(post) if link.label]
    for rule, texts in (("text/poster", about), ("link/poster", labels)):
        if texts and _names_poster(" ".join([x[:300] for x in texts])):
            yield Fact(field="kind", value="poster", origin="derived", rule=rule, confidence=0.5)


def _names_poster(text: str) -> bool:
    named, low = words("kinds", "poster", "words"), text.lower()
    for word in named:
        if word in low:
            return not named.isdisjoint(fold_words(text))
    return False


def _is_review(text: str) -> bool:
    return "review" in text.lower() and bool(_REVIEW.search(plain(text)))


def _is_thesis(text: str) -> bool:
    lower = text.lower()
    return ("thesis" in lower or "diss" in lower) and bool(_THESIS.search(text))


EXTRACTOR = Extractor(name="kind", find=find)
