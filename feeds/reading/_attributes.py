"""What the attribute lists of kramdown, Python-Markdown, Pandoc and Quarto look like.

https://kramdown.gettalong.org/syntax.html#attribute-list-definitions
https://python-markdown.github.io/extensions/attr_list/
https://pandoc.org/MANUAL.html#heading-identifiers
"""

from __future__ import annotations

import re
from functools import cache

from feeds.reading._spans import joined, outside, untouchable

_VALUE = r"""(?:"[^"\n]*+"|'[^'\n]*+'|[^\s"'{}=]++)"""
# {.wide #fig1 width=50%} {=html} {-}: every item says what it is
_PLAIN = rf"(?:[.#][\w:.-]++|[\w:@-]++={_VALUE}|=[\w-]++|-)"
_LIST = rf"\{{[ \t]*+{_PLAIN}(?:[ \t]++{_PLAIN})*+[ \t]*+\}}(?!\}})"
# {: .wide name target="_blank"} {:name: .wide}: the colon says what it is
_ITEM = rf"(?:[\w:@/-]++={_VALUE}|[\w.#:@/-]++)"
_COLON = rf"(?<!\{{)\{{:(?![:/])[ \t]*+{_ITEM}?(?:[ \t]*+{_ITEM})*+[ \t]*+\}}(?!\}})"
_EXTENSION = r"\{::[^{}\n]*+\}|\{:/[^{}\n]*+\}"

_ANY = rf"(?:{_COLON}|{_LIST}|{_EXTENSION})"

_PATTERN = rf"""
      (?P<hidden>\{{::comment\}} (?:[^{{]|\{{(?!:[:/]))*+ \{{:/(?:comment)?\}})
    | ^[ \t]*+(?:[*+-]|\d{{1,9}}[.)])[ ][^\n]*\n (?P<toc>[ \t]*+\{{:[ \t]*+toc(?:[ \t][^{{}}\n]*+)?\}}[ \t]*+)$
    | ^(?P<prefix>[ \t>]*+){_ANY}{_ANY}*+[ \t]*+$
    | (?:{_EXTENSION}|{_COLON}){_ANY}*+
    | (?<![\]!\\\[]) \[(?P<span>(?!\^)[^\[\]\n]*+)\]{_LIST}
    | (?<=[)\]`*_>]){_LIST}{_ANY}*+
    | (?<![ \t]) (?P<heading>[ \t]*+){_LIST}(?=[ \t]*+\#*[ \t]*+$)
    | ^[ \t]*+:{{3,}}(?:[ \t{{\w][^\n]*)?$
    | ^\[TOC\][ \t]*+$
    """
_MAY_HOLD = re.compile(r"(?<!\{)\{[ \t]*[:.#=\w-]|:::|\[TOC\]")
_LABEL = re.compile(r"^ {0,3}\[([^\]\n]+)\]:", re.MULTILINE)
_UNDERLINE = re.compile(r"\n {0,3}(?:=+|-+)[ \t]*(?:\n|\Z)")


def take_out(markdown: str, maths: re.Pattern[str]) -> str:
    """`markdown` without them, outside code and maths; `maths` finds maths that the Markdown parser does not know."""
    if not (("{" in markdown or "::" in markdown or "[TOC]" in markdown) and _MAY_HOLD.search(markdown)):
        return markdown
    spans = joined([*untouchable(markdown), *(found.span() for found in maths.finditer(markdown))])
    labels = {found[1].casefold() for found in _LABEL.finditer(markdown)}
    return outside(_pattern(), lambda found: _rest(found, labels), markdown, spans)


@cache
def _pattern() -> re.Pattern[str]:
    """Compiled when first needed: it takes as long as many a post."""
    return re.compile(_PATTERN, re.MULTILINE | re.VERBOSE)


def _rest(found: re.Match[str], labels: set[str]) -> str:
    """What stays of a match: its line ends, the quote marks before it, the text of a bracketed span."""
    if found["hidden"] or found["toc"]:
        return "\n" * found.group().count("\n")
    if found["prefix"] is not None:
        return found["prefix"].rstrip(" \t")
    if found["span"] is not None:
        return f"[{found['span']}]" if found["span"].casefold() in labels else found["span"]
    if found["heading"] is not None:
        return "" if _ends_heading(found) else found.group()
    return " " if _parts_delimiters(found) else ""


def _parts_delimiters(found: re.Match[str]) -> bool:
    """Does it stand between two delimiters that would else run into one: `a`{.x}`b`?"""
    text, begin, end = found.string, found.start(), found.end()
    return begin > 0 and end < len(text) and text[begin - 1] == text[end] and text[end] in "`*_~$"


def _ends_heading(found: re.Match[str]) -> bool:
    text = found.string
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip(" >")
    return line.startswith("#") or bool(line and _UNDERLINE.match(text, found.end()))
