"""Markup that would take an HTML5 parser too long, told from what nests in a decent way.

HTML5's algorithm takes a time that grows with the square of the nesting, and repeats every formatting element that is
left open in each later block.  Markup that could do either is not worth an hour.
"""

from __future__ import annotations

import html
import re

_MANY_TAGS = 500
_DEEPEST = 100
_MOST_OPEN = 8
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:\s[^<>]*)?>")
_UNCOUNTED = frozenset(  # void, or closed by the next of its kind
    "br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_PARAGRAPH_TAG = re.compile(r"</?(?:p|div|h[1-6]|li|tr|br|blockquote|dd|dt|table|section|article|pre)\b[^<>]*>", re.I)


def is_wild(text: str) -> bool:
    """Can `text` not be shown to nest in a decent way?"""
    if text.count("<") <= _MANY_TAGS:
        return False
    blocks: list[str] = []
    formatting: list[str] = []
    count = 0
    for found in _TAG.finditer(text):
        count += 1
        name = found[2].lower()
        if name in _UNCOUNTED:
            continue
        opened = formatting if name in _FORMATTING else blocks
        if not found[1]:
            opened.append(name)
        elif opened and opened[-1] == name:
            opened.pop()
        if len(blocks) > _DEEPEST or len(formatting) > _MOST_OPEN:
            return True
    return count != text.count("<")


def paragraphs(text: str) -> str:
    """The text of `text`, a paragraph for each block."""
    blocks = (_TAG.sub("", block) for block in _PARAGRAPH_TAG.split(text))
    return "\n".join(f"<p>{html.escape(html.unescape(block.strip()))}</p>" for block in blocks if block.strip())
