"""What a site puts around a text, and formulas that are typeset several times over: marked while an HTML5 parser goes
over the page, taken out of what it writes.

`mark` says of an attribute's value what is to become of its element; `pruned` reads the marks.  What the parser writes
is balanced, and "<" is the start of a tag wherever it stands: no more than the ends of elements need to be found.
"""

from __future__ import annotations

import re

from feeds.text import plain, slug

DROP = "feeds:drop"
_ANCHOR, _FORMULA, _DISPLAY, _TYPESET = "feeds:anchor", "feeds:formula", "feeds:display", "feeds:typeset"

_CHROME = frozenset(
    # tables of contents, ways through the site
    "toc table-of-contents toc-container toctree-wrapper breadcrumb breadcrumbs pagination page-navigation"
    " post-navigation post-nav skip-link"
    # buttons
    " copybtn copy-button code-copy-button copy-code-button btn-copy clipboard-button md-clipboard md-edit edit-link"
    " edit-page edit-this-page share-buttons share-links social-share social-share-buttons sharedaddy a2a_kit"
    " addtoany_share_save_container addthis_toolbox sharethis-inline-share-buttons giscus utterances"
    # numbers of lines
    " linenos linenodiv lineno rouge-gutter lnt"
    # shown until a formula is typeset
    " MathJax_Preview".split()
)
_ANCHORS = frozenset(  # links of a heading to itself; some themes put the heading's own words into them
    "anchor anchor-link anchorjs-link hanchor header-anchor header-link headerlink heading-anchor heading-link"
    " permalink share".split()
)
_CHROME_IDS = frozenset({"markdown-toc", "TOC", "toc", "table-of-contents", "disqus_thread"})
_CHROME_ROLES = frozenset({"navigation", "doc-toc", "search"})
_FORMULAS = {
    "katex-display": _DISPLAY,
    "katex": _FORMULA,
    **dict.fromkeys(
        "MathJax MathJax_Display MathJax_CHTML MathJax_SVG MathJax_SVG_Display MJXc-display mjx-chtml".split(), _TYPESET
    ),
}
_INVISIBLE = re.compile(r"display\s*:\s*none|(?<![\w-])(?:width|height)\s*:\s*[01]px", re.IGNORECASE)


def mark(tag: str, name: str, value: str) -> str:
    """The mark that stands for the value of an attribute; "" when its element is of the text itself."""
    if name == "class":
        names = value.split()
        if not _CHROME.isdisjoint(names):
            return DROP
        if tag == "a":
            return "" if _ANCHORS.isdisjoint(names) else _ANCHOR
        return next((_FORMULAS[n] for n in names if n in _FORMULAS), "") if tag in {"span", "div"} else ""
    if name == "id":
        return DROP if value in _CHROME_IDS and tag not in {"h1", "h2", "h3", "h4", "h5", "h6"} else ""
    if name == "role":
        return DROP if value in _CHROME_ROLES else ""
    if name == "aria-hidden":
        return _ANCHOR if tag == "a" and value == "true" else ""
    return DROP if name == "style" and _INVISIBLE.search(value) else ""


# ---------------------------------------------------------------------------------------------------- taking out

_MARKED = re.compile(r'<([a-z][a-z0-9]*)(?= )[^>]* [a-z-]+="(feeds:[a-z]+)"[^>]*>|<(annotation)(?: [^>]*)?>')
_ANNOTATION = re.compile(r"<annotation(?: [^>]*)?>([^<]*)</annotation>")
_MATH = re.compile(r"<math(?: [^>]*)?>.*?</math>", re.DOTALL)
_OWN_MARK = re.compile(r' [a-z-]+="feeds:[a-z]+"')
_PROSE = re.compile(r"<p>[^<]{200}")  # a theme may call the page what others call a part of it
_PIXEL = re.compile(r'<img(?=[^>]* width="[01](?:px)?")(?=[^>]* height="[01](?:px)?")[^>]*>')
_ANCHOR_TEXTS = frozenset({"", "anchor", "link", "link-to-this-heading", "permalink", "permanent-link", "share"})
_VOID = frozenset({"img", "br", "hr", "col", "source", "track", "wbr"})


def pruned(markup: str, *, has_tex: bool) -> str:
    """`markup`, as the parser wrote it, without what is marked, and each formula once.

    `has_tex`: the page has the TeX of its formulas beside them; what is typeset from it goes.
    """
    kept: list[str] = []
    position = 0
    for found in _MARKED.finditer(markup):
        if found.start() < position:
            continue
        end = _end(markup, found)
        kept += [markup[position : found.start()], _instead(markup[found.start() : end], found[2] or DROP, has_tex)]
        position = end
    return _PIXEL.sub("", "".join([*kept, markup[position:]]))


def _end(markup: str, opening: re.Match[str]) -> int:
    """Where the element ends that `opening` opens."""
    name = opening[1] or opening[3]
    if name in _VOID:
        return opening.end()
    depth = 1
    for found in re.compile(rf"<(/?){name}(?=[ >])[^>]*>").finditer(markup, opening.end()):
        depth += -1 if found[1] else 1
        if not depth:
            return found.end()
    return len(markup)


def _instead(element: str, what: str, has_tex: bool) -> str:
    """What stays of a marked element: of a formula its TeX, else its MathML, else what it is."""
    if what == DROP or (what == _TYPESET and has_tex):
        return _OWN_MARK.sub("", element) if _PROSE.search(element) else ""
    if what == _ANCHOR:
        return "" if slug(plain(element)) in _ANCHOR_TEXTS else _OWN_MARK.sub("", element)
    tex = _ANNOTATION.search(element)
    if tex and tex[1].strip():
        display = what == _DISPLAY or 'display="block"' in element
        return rf"\[{tex[1].strip()}\]" if display else rf"\({tex[1].strip()}\)"
    math = _MATH.search(element)
    return _OWN_MARK.sub("", _ANNOTATION.sub("", math.group() if math else element))
