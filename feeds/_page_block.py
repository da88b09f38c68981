"""The head block in one page, and out of it again.  Private to inject."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from feeds import _doubling, _html_head
from feeds.exporters._tag import Tag

Trouble = tuple[str, str]  # what a person should know of a page, and a hint
NONE: Trouble = ("", "")


def put_in(data: bytes, tags: Sequence[Tag], url: str) -> tuple[bytes, Trouble]:
    """The page at `url` with what it lacks of the tags, in a block of its own; and what is to be told."""
    page, head = _bare(data)
    if page is None or head.end is None or page.stated_at > head.end:
        why = "where its <head> ends cannot be told" if page and head.end is None else "its encoding cannot be told"
        return data, (f"the page is left as it is: {why}", "check how the site writes it")
    said = [replace(element, text=page.value(element.text)) for element in head.elements]
    lines = [] if _doubling.is_redirect(said) else [tag.html for tag in _doubling.needed(tags, said, url)]
    if not lines:
        return page.data(page.text), NONE
    made = _html_head.with_block(page, head, lines)
    again = _html_head.head_of(made)
    if again.block is None or again.block[0] != head.end or _html_head.without_block(made, again) != page.text:
        message = "the page is left as it is: the block would not be in its <head>"
        return data, (message, "please report it, with the page")
    return page.data(made), _canonical(said, url)


def take_out(data: bytes) -> tuple[bytes, Trouble]:
    """The page as it was before it got a block."""
    page, _ = _bare(data)
    return page.data(page.text) if page else data, NONE


def _bare(data: bytes) -> tuple[_html_head.Text | None, _html_head.Head]:
    """The page without blocks of ours."""
    page = _html_head.read(data)
    head = _html_head.head_of(page.text) if page else _html_head.Head(end=None)
    while page and head.block:
        page = _html_head.read(page.data(_html_head.without_block(page.text, head)))
        head = _html_head.head_of(page.text) if page else head
    return page, head


def _canonical(said: Sequence[_html_head.Element], url: str) -> Trouble:
    elsewhere = _doubling.canonical_elsewhere(said, url)
    hint = "its theme writes that link: check the site's address in its configuration"
    return (f"calls another address its canonical one: {elsewhere}", hint) if elsewhere else NONE
