"""What is told of markup without the parser is what the parser would have said."""

from __future__ import annotations

from urllib.parse import urljoin

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading._as_parsed import as_parsed

BASE = "https://lantern.example/lab/lamps.html"
ALLOWED = "a b br blockquote code del div em h1 h2 h3 hr i img li ol p pre strong sub sup table tbody td th thead tr ul"
PARSER = nh3.Cleaner(
    tags=set(ALLOWED.split()),
    attributes={
        "a": {"href", "title"},
        "code": {"class"},
        "img": {"src", "alt", "title"},
        "ol": {"start"},
        "td": {"align"},
        "th": {"align"},
    },
    attribute_filter=lambda _tag, name, value: urljoin(BASE, value) if name in {"href", "src"} else value,
    link_rel=None,
)


def resolve(address: str) -> str:
    return urljoin(BASE, address)


STARTS = st.sampled_from(
    [
        *(f"<{name}>" for name in ALLOWED.split()),
        '<a href="https://lantern.example/a?b=c&amp;d#e" title="t">',
        '<a href="../b.pdf#page">',
        '<a href="https://1.2.3.4/">',
        '<a href="https://xn--a.example/">',
        '<img src="/c.png" alt="é" />',
        '<img src="https://lantern.example/c.png" alt="" title="&lt;">',
        '<code class="language-c++">',
        '<ol start="3">',
        '<td align="right">',
        "<br />",
    ]
)
TEXTS = st.sampled_from(
    ["wick", "\n", " ", '"', "&amp;", "&lt;", "&quot;", "&nbsp;", "&#13;", "é", "\xa0", "\r", "\0", ">", "\x0b"]
)


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def closed(start: str, content: str) -> str:
        return f"{start}{content}</{start.strip('<>').split()[0]}>"

    lists = st.lists(inner).map(lambda items: "<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>")
    tables = st.lists(inner).map(
        lambda cells: "<table><tbody>\n<tr>" + "".join(f"<td>{cell}</td>\n" for cell in cells) + "</tr></tbody></table>"
    )
    return st.one_of(st.builds(closed, STARTS, inner), lists, tables, st.lists(inner, max_size=4).map("".join))


MARKUP = st.recursive(st.one_of(TEXTS, STARTS), element, max_leaves=12)


@given(MARKUP)
@settings(max_examples=600)
def test_it_is_what_the_parser_writes(markup: str) -> None:
    """Whatever is told without the parser is what the parser makes of the markup, to the letter."""
    told = as_parsed(markup, resolve)
    assert told is None or told == PARSER.clean(markup)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("plain words", "plain words"),
        ('<p>A &quot;lamp&quot; &amp; <em>its</em> <a href="x.html">wick</a>.</p>\n', None),
        (
            "<ul>\n<li>one<br />\n<strong>two</strong></li>\n</ul>",
            "<ul>\n<li>one<br>\n<strong>two</strong></li>\n</ul>",
        ),
        ('<pre><code class="language-c">a &lt; b</code></pre>', '<pre><code class="language-c">a &lt; b</code></pre>'),
        ("<table><thead><tr><th>a</th></tr></thead></table>", "<table><thead><tr><th>a</th></tr></thead></table>"),
    ],
)
def test_what_markdown_makes_is_told(markup: str, expected: str | None) -> None:
    """Paragraphs, links, lists, code and tables need no parser."""
    link = '<p>A "lamp" &amp; <em>its</em> <a href="https://lantern.example/lab/x.html">wick</a>.</p>\n'
    assert as_parsed(markup, resolve) == (expected or link)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>never closed",
        "<p>one<p>two</p></p>",
        "<p>&copy;</p>",
        "<P>big</P>",
        "<script>alert(1)</script>",
        '<p onclick="x()">run</p>',
        '<a href="javascript:x">run</a>',
        '<a href="https://lantern.example" href="javascript:x">run</a>',
        '<p title="a>b">c</p>',
        "<a href=x>no quotes</a>",
        "<table>\nwords<tr></tr></table>",
        "<pre>\nits first line</pre>",
        "<em><b>crossed</em></b>",
        "<!-- a comment -->",
        "1 < 2 > 0",
    ],
)
def test_what_is_not_plain_is_for_the_parser(markup: str) -> None:
    """Anything unusual is left to the parser."""
    assert as_parsed(markup, resolve) is None
