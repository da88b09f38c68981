"""The PDF, the other addresses of the work, and its licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from feeds.model import Extractor, Fact, Origin, Post
from feeds.scholarly import _front, _labels, _masthead
from feeds.scholarly._blocks import Link, blocks, line_of, links, may_link, plain
from feeds.scholarly._labels import sections
from feeds.text import absolute, is_web

_LICENSE = re.compile(r"https?://creativecommons\.org/(?:licenses|publicdomain)/[\w./-]{3,40}", re.IGNORECASE)
_CC = re.compile(r"\bCC[ -](BY(?:[ -](?:NC|SA|ND)){0,2}|0)(?:[ -](\d\.\d))?\b", re.IGNORECASE)
_NOT_PAPER = re.compile(
    r"[acdps](?<!\w.)(?:(?<=a)ppendix|(?<=s)(?:upplement\w*+|lides?|i)|(?<=p)oster|(?<=c)ode|(?<=d)ata)\b"
)


def find(post: Post) -> Iterator[Fact]:
    """Facts `pdf`, `urls`, `license`."""
    value, key, line = _front.get(post, "pdf")
    if isinstance(value, str) and (is_pdf(value) or (key.startswith(("pdf", "url_pdf")) and is_web(value.strip()))):
        yield _pdf(post, value.strip(), f"front/{key}", "front matter", line)
    for _, link, at in _front.link_values(post):
        yield from _link(post, link, "front/links", "front matter", at)
    for link, rule, at in _in_body(post):
        yield from _link(post, link, rule, "body", at)
    yield from _license(post)


def is_pdf(address: str) -> bool:
    """Does its path end as a PDF's does?"""
    if "pdf" not in address.lower():
        return False
    try:
        path = urlsplit(address.strip()).path.lower()
    except ValueError:
        return False
    return path.endswith((".pdf", ".full.pdf+html", "/pdf"))


def _is_other(name: str) -> bool:
    """Does a label or a file name say that it is no paper: "Slides", "appendix.pdf"?"""
    return _NOT_PAPER.search(name.lower()) is not None


def _pdf(post: Post, address: str, rule: str, origin: Origin, line: int) -> Fact:
    """The PDF's absolute URL; a bare file name that the source does not know stays as it is."""
    name = address.rpartition("/")[2]
    if is_web(address):
        url = address
    elif address in post.files:
        url = post.files[address]
    elif "/" in address:
        url = absolute(address, post.url)
    else:
        url = post.files.get(name) or (absolute(address, post.url) if origin == "body" else address)
    sure = 0.5 if _is_other(name) else 1.0
    return Fact(field="pdf", value=url, origin=origin, rule=rule, line=line, confidence=sure)


def _link(post: Post, link: Link, rule: str, origin: Origin, line: int) -> Iterator[Fact]:
    target = link.target
    if is_pdf(target):
        fact = _pdf(post, target, rule, origin, line)
        other = _is_other(link.label)
        yield Fact(
            field="pdf",
            value=fact.value,
            origin=origin,
            rule=rule,
            line=line,
            confidence=0.5 if other else fact.confidence,
        )
    if is_web(target) and (origin == "front matter" or not is_pdf(target)):
        yield Fact(field="urls", value=target, origin=origin, rule=rule, line=line)


def _in_body(post: Post) -> Iterator[tuple[Link, str, int]]:
    """The links above the text, those in a section of links, and one that is quoted alone."""
    announced = sections(post.body)
    end = _masthead.of(post).end
    inside = ""
    for index, block in enumerate(blocks(post.body)):
        kind, text = block.kind, block.text
        if kind == "heading":
            inside = announced[index]
        if not may_link(text) or kind == "code" or kind == "comment":
            continue
        rule = "masthead/links" if index < end else "section/links" if inside == "links" else "prose/links"
        found_links = links(text)
        alone = kind == "quote" and len(found_links) == 1 and plain(text) == found_links[0].label
        for link in found_links:
            if rule != "prose/links" or is_pdf(link.target) or alone:
                yield link, rule, line_of(post, block.start)


def _license(post: Post) -> Iterator[Fact]:
    value, key, line = _front.text(post, "license")
    if value and (url := license_url(value)):
        yield Fact(field="license", value=url, origin="front matter", rule=f"front/{key}", line=line)
    for found in _labels.of(post):
        if found.field == "license" and (url := license_url(found.raw)):
            yield Fact(field="license", value=url, origin="body", rule="label/license", line=line_of(post, found.line))


def license_url(text: str) -> str:
    """A licence's address: printed, or Creative Commons' for "CC BY-SA 4.0" with its version."""
    if found := _LICENSE.search(text[:2000]):
        return found.group().rstrip(".")
    if found := _CC.search(text[:2000]):
        name, version = found.group(1).lower().replace(" ", "-"), found.group(2)
        if name == "0":
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        return f"https://creativecommons.org/licenses/{name}/{version}/" if version else ""
    return text.strip() if is_web(text.strip()) else ""


EXTRACTOR = Extractor(name="links", find=find)
