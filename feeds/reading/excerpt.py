"""The part of a post that stands for it: Jekyll's excerpt, the first paragraph, a summary in plain text.

https://jekyllrb.com/docs/posts/#post-excerpts
"""

from __future__ import annotations

import re

from feeds.reading._render import render
from feeds.text import clip, plain

LIMIT = 400  # characters of a summary

_DEFINITION = re.compile(r"^ {0,3}(\[(?!\^)[^\]\n]++\]):[^\n]+$", re.MULTILINE)
_HEADING = re.compile(r"<h([1-6])(?:\s[^<>]*)?>[^<]*+(?:<(?!/?h[1-6])[^<]*+)*+</h\1>")
_FOOTNOTES = '<section class="footnotes">'
_FOOTNOTE_MARK = re.compile(r'<sup class="footnote-ref">[^<]*+(?:<(?!/?sup)[^<]*+)*+</sup>')
# what is no running text | a paragraph
_STRUCTURE = re.compile(
    r"<(/?)(?:aside|blockquote|dl|figure|nav|ol|table|ul)\b[^<>]*>|<p(?:\s[^<>]*)?>([^<]*+(?:<(?!/?p[\s>])[^<]*+)*+)</p>"
)
_LABEL = re.compile(r"\s*<(a|b|em|i|strong)\b[^<>]*>[^<]*</\1>[\s:.]*")
_LONGEST_LABEL = 80
_PARAGRAPH = re.compile(r"^[^\W\d_]", re.MULTILINE)
_NOT_PLAIN = ("<", "]:", "\n=", "\n-", "\n ")


def cut(markdown: str, separator: str) -> str | None:
    """The Markdown before the first `separator`, as Jekyll cuts it; None when there is nothing to show for a text.

    Link definitions from behind the separator that the excerpt refers to come along.  None: no separator, or nothing
    but headings, comments and white space before it.
    """
    head, found, tail = markdown.partition(separator) if separator else (markdown, "", "")
    if not found or not (_is_prose(head) or _has_text(render(head))):
        return None
    folded = head.casefold()
    needed = [m.group().strip() for m in _DEFINITION.finditer(tail) if m[1].casefold() in folded]
    return "\n\n".join([head, "\n".join(needed)]) if needed else head


def first_paragraph(html: str) -> str:
    """The first paragraph (`<p>…</p>`) of clean HTML that is running text; "" when there is none.

    Headings, lists, tables, quotations, figures and footnotes are passed over, and so are paragraphs that hold but an
    image, a link or a label ("<strong>Abstract</strong>").
    """
    depth = 0
    for found in _STRUCTURE.finditer(html.partition(_FOOTNOTES)[0]):
        if found[2] is None:
            depth = max(0, depth - 1) if found[1] else depth + 1
        elif not depth and _is_running_text(found[2]):
            return found.group()
    return ""


def summary(html: str, limit: int = LIMIT) -> str:
    """The text of clean HTML on one line of at most `limit` characters: no headings, no footnotes, maths as it is."""
    running = _FOOTNOTE_MARK.sub("", _HEADING.sub(" ", html.partition(_FOOTNOTES)[0]))
    end = running.find(">", 10 * limit) + 1  # behind what is needed, as a rule
    text = plain(running[:end]) if end else ""
    return clip(text if len(text) > limit else plain(running), limit)


def _is_prose(markdown: str) -> bool:
    """Is there plainly a paragraph, which nothing turns into a heading, a definition or a comment?"""
    return not any(sign in markdown for sign in _NOT_PLAIN) and _PARAGRAPH.search(markdown) is not None


def _has_text(html: str) -> bool:
    """Does `html` show anything besides headings?"""
    running = _HEADING.sub(" ", html)
    return "<img" in running or any(c.isalnum() for c in plain(running))


def _is_running_text(inner: str) -> bool:
    text = plain(inner)
    label = len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(inner)
    return not label and any(c.isalpha() for c in text)
