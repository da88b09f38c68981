"""How `body.to_html` renders: what the Markdown parser does not know is dealt with before and behind it."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import comrak

from feeds.reading._spans import extensions, outside, untouchable, untouchable_at, within
from feeds.reading._tables import bounded
from feeds.text import replace_illegal

# \\( … \\) and \\[ … \\], as MathJax users write it in Markdown; not over a blank line
LATEX = re.compile(
    r"\\\\\((?P<inline>(?:(?!\\\\[()\[\]]|\n[ \t]*+\n)[\s\S])++)\\\\\)"
    r"|\\\\\[(?P<display>(?:(?!\\\\[()\[\]]|\n[ \t]*+\n)[\s\S])++)\\\\\]"
)
# $$ … $$ on lines of its own: a block, whatever is inside
_DOLLARS = re.compile(r"^ {0,3}\$\$(?P<display>(?:[^$\\]|\\[\s\S]|\$(?!\$))++)\$\$[ \t]*+$", re.MULTILINE)


def render(markdown: str) -> str:
    """`markdown` as HTML, as `body.to_html` says."""
    text = replace_illegal(markdown)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = bounded(text)
    if "<" in text:
        text = _end_html_blocks(_without_comments(text))
    formulas: dict[str, str] = {}  # number → HTML
    if "$$" in text or "\\\\" in text:
        text = _set_aside(text, formulas)
    rendered = comrak.render_markdown(text, *_OPTIONS)
    if "data-math-style" in rendered:
        rendered = _MATH.sub(_math, rendered)
    if formulas:
        rendered = _SET_ASIDE.sub(lambda found: formulas.get(found[1] or found[2], found.group()), rendered)
    if "<sub>" in rendered and "<sub" not in text:
        rendered = _SPACED_SUB.sub(r"~\1~", rendered)
    if "<input" in rendered:
        rendered = rendered.replace(_DONE, "☑").replace(_OPEN, "☐")
    if 'class="footnotes"' in rendered:
        rendered = _FOOTNOTE_ID.sub(_footnote_id, _FOOTNOTE_LINK.sub(r"\1:", rendered))
    return rendered


def _footnote_id(found: re.Match[str]) -> str:
    return f'{found[1]}:{html.escape(unquote(found[2]))}"'


_DONE = '<input type="checkbox" checked="" disabled="" />'
_OPEN = '<input type="checkbox" disabled="" />'
_SPACED_SUB = re.compile(r"<sub>([^<>]*\s[^<>]*)</sub>")  # "10~20 and 30~40"
_FOOTNOTE_LINK = re.compile(r'(href="#fn(?:ref)?)-')
_FOOTNOTE_ID = re.compile(r'(id="fn(?:ref)?)-([^"]*)"')


def _options() -> tuple[comrak.ExtensionOptions, comrak.ParseOptions, comrak.RenderOptions]:
    render = comrak.RenderOptions()
    render.unsafe_ = True
    return extensions(), comrak.ParseOptions(), render


_OPTIONS = _options()


# ---------------------------------------------------------------------------------------------------- raw HTML

_BLOCK = (
    "address|article|aside|blockquote|center|details|div|figcaption|figure|footer|form|header|main|nav|section|table"
)
_SPAN = "a|abbr|b|big|cite|em|font|i|kbd|mark|s|small|span|strong|sub|sup|u"
# A block of raw HTML ends at a blank line, says CommonMark; at its end tag, say kramdown and authors.
_EDGE = re.compile(
    rf"^ {{0,3}}(?:</(?:{_BLOCK})>|<(?:img|br|wbr|/?(?:{_SPAN}))(?:\s[^<>\n]*+)?>)[ \t]*+\n(?=[ \t]*+[^\s<])",
    re.MULTILINE | re.IGNORECASE,
)
_TAG_ENDS_LINE = re.compile(r">[ \t]*+\n")
_START_TAG = re.compile(rf"<(?:{_BLOCK}|dd|dt|li|p|summary|td|th)\s[^<>]*+>", re.IGNORECASE)
_MARKDOWN = re.compile(r"\smarkdown(?:=(?:\"[^\"]*\"|'[^']*'|\w+))?(?=[\s>/])", re.IGNORECASE)


def _end_html_blocks(text: str) -> str:
    """Blank lines where Markdown goes on: behind end tags, and inside `<div markdown="1">`."""
    if _TAG_ENDS_LINE.search(text) and _EDGE.search(text):
        text = outside(_EDGE, lambda found: found.group() + "\n", text, untouchable(text))
    if "markdown" in text and _START_TAG.search(text):
        text = outside(_START_TAG, _with_markdown_inside, text, untouchable(text))
    return text


def _with_markdown_inside(found: re.Match[str]) -> str:
    tag, marks = _MARKDOWN.subn("", found.group())
    return f"{tag}\n\n" if marks else tag


_BLANKS = re.compile(r"[ \t]*+")


def _without_comments(text: str) -> str:
    """No comments outside code; one that is never closed is text.  What follows on its line is Markdown again."""
    if "<!--" not in text:
        return text
    spans = untouchable_at("<!--", text)
    last = text.rfind("-->")
    kept: list[str] = []
    done = at = 0
    while (at := text.find("<!--", at)) >= 0:
        if within(at, spans):
            at += 4
            continue
        kept.append(text[done:at])
        starts_line = at == 0 or text[at - 1] == "\n"
        if at + 2 > last:
            kept.append("&lt;!--")
            done = at = at + 4
        else:
            end = text.index("-->", at + 2) + 3
            done = at = _BLANKS.match(text, end).end() if starts_line else end  # type: ignore[union-attr]
    return "".join([*kept, text[done:]])


# ---------------------------------------------------------------------------------------------------- maths

_MATH = re.compile(r'<span data-math-style="(inline|display)">([^<]*)</span>')
_SET_ASIDE = re.compile("\x02(\\d+)\x03|%02(\\d+)%03")  # the second, where it stood in a link's address
_PRICE = re.compile(r"[\d.,]+\s+[A-Za-z]{2}")
_LINE_STARTS = ("\n", "<p>", "<li>", "<td>", "<dd>")
_LINE_ENDS = ("\n", "</p>", "</li>", "</td>", "</dd>")


def _set_aside(text: str, formulas: dict[str, str]) -> str:
    """Maths that Markdown would tear apart, replaced by a mark that it takes for a word."""

    def mark(found: re.Match[str]) -> str:
        display = found["display"]
        number = str(len(formulas))
        formulas[number] = _tex(found["inline"], display=False) if display is None else _tex(display, display=True)
        return f"\x02{number}\x03"  # controls: render has replaced the text's own

    if "$$" in text and _DOLLARS.search(text):
        text = outside(_DOLLARS, mark, text, untouchable(text, maths=False))
    return outside(LATEX, mark, text, untouchable(text)) if LATEX.search(text) else text


def _math(found: re.Match[str]) -> str:
    """One formula of the parser's.  `$$…$$` in running text is inline, as in kramdown; "5$-10$" are prices."""
    style, tex = found.groups()
    text, start = found.string, found.start()
    if style == "inline":
        price = (start and text[start - 1].isalnum()) or _PRICE.match(tex)
        return f"${tex}$" if price else f"\\({tex}\\)"
    alone = text.endswith(_LINE_STARTS, 0, start) and text.startswith(_LINE_ENDS, found.end())
    return f"\\[{tex}\\]" if alone else f"\\({tex}\\)"


def _tex(source: str, *, display: bool) -> str:
    escaped = html.escape(source, quote=False)
    return f"\\[{escaped}\\]" if display else f"\\({escaped}\\)"
