"""Markdown as scholars' sites write it → HTML.

The dialect is GitHub's, with what authors for kramdown (Jekyll), Python-Markdown (MkDocs) and Pandoc (Quarto) add:
footnotes, definition lists, maths, attribute lists, Markdown inside HTML blocks.  Abbreviations are left as written.
https://github.github.com/gfm/ · https://kramdown.gettalong.org/syntax.html
"""

from __future__ import annotations

from feeds.reading._attributes import take_out
from feeds.reading._render import LATEX, render


def take_out_attribute_lists(markdown: str) -> str:
    """`markdown` without `{: .class}`, `{ width=50% }`, `{#id}`, `{::comment}…{:/}`, `{:toc}`, `:::` fences, `[TOC]`.

    They go behind a link, an image, a code span or emphasis, at the end of a heading, and on a line of their own;
    `[text]{.class}` becomes `text`.  Code, maths and Liquid stay as they are, and so does the number of lines.
    """
    return take_out(markdown, LATEX)


def to_html(markdown: str) -> str:
    r"""`markdown` as HTML, raw HTML and all: only `clean.clean` makes it safe.

    Maths comes out once, as TeX between \(…\) or \[…\].  Comments (`<!--more-->`) are gone.  Footnotes have the ids
    that kramdown and Python-Markdown give them.  Takes any text, in a time that grows with its length alone.
    """
    return render(markdown)
