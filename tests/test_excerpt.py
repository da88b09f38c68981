"""Excerpts: where Jekyll cuts, and what is worth showing."""

from __future__ import annotations

import time

import lxml.etree
import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.body import to_html
from feeds.reading.clean import clean
from feeds.reading.excerpt import cut, first_paragraph, summary
from feeds.sources import _document
from feeds.text import clip, squeeze

MORE = "<!--more-->"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (f"Intro.\n\n{MORE}\nRest.", "Intro.\n\n"),
        (f"Intro {MORE} rest {MORE} end", "Intro "),
        (f"# T\n\nIntro\n{MORE}", "# T\n\nIntro\n"),
        (f"![Logo](a.png)\n{MORE}x", "![Logo](a.png)\n"),
        ("No separator.", None),
        (f"{MORE}\nRest.", None),
        (f"### Title\n#### Ada Example\n\n<!-- CONTENT -->\n{MORE}\nRest.", None),
        (f"Title\n=====\n\n---\n\n{MORE}\nRest.", None),
    ],
)
def test_cut(markdown: str, expected: str | None) -> None:
    """Before the first separator, when something besides headings stands there."""
    assert cut(markdown, MORE) == expected


def test_no_separator_configured() -> None:
    """An empty separator switches excerpts off, as in Jekyll."""
    assert cut("Text", "") is None


def test_cut_at_a_blank_line() -> None:
    """Jekyll's default separator."""
    assert cut("First.\n\nSecond.", "\n\n") == "First."


def test_link_definitions_come_along() -> None:
    """Links by reference still resolve: the definitions that are needed, no others, no footnotes."""
    text = f"See [the paper][p].\n{MORE}\nMore [x][q].[^1]\n\n[P]: https://example.org/p\n[q]: /q\n[^1]: Note."
    assert cut(text, MORE) == "See [the paper][p].\n\n\n[P]: https://example.org/p"


def test_first_paragraph() -> None:
    """The first running text: not a heading, a logo, a label, a link, a list, a quotation or a footnote."""
    html = (
        '<h3>Title</h3>\n<h4>Ada Example</h4>\n<p><img src="https://example.org/l.png"></p>\n'
        '<p><a href="https://example.org/x.pdf">PDF</a></p>\n<p><strong>Abstract</strong>:</p>\n<ul>\n<li><p>Item.</p></li>\n'
        '</ul>\n<blockquote><p>Quoted.</p></blockquote>\n<p lang="en">We <em>show</em> this.</p>\n<p>Next.</p>'
    )
    assert first_paragraph(html) == '<p lang="en">We <em>show</em> this.</p>'


def test_emphasised_abstract_is_running_text() -> None:
    """A whole paragraph in italics is an abstract, a short one a label."""
    abstract = "<p><em>" + "We show that feeds can be read by people as well as by machines. " * 3 + "</em></p>"
    assert first_paragraph("<p><em>Summary</em></p>" + abstract) == abstract


@pytest.mark.parametrize("html", ["", "<h1>T</h1>", "<ul><li>a</li></ul>", "<p>—</p>", "text", "<p>open"])
def test_no_paragraph(html: str) -> None:
    """Nothing is better than something that is none."""
    assert first_paragraph(html) == ""


def test_summary() -> None:
    """Plain text: headings and footnotes out, maths in, entities resolved, white space folded."""
    html = (
        '<h2>Title</h2>\n<p>For \\(x &lt; y\\) it\nholds<sup class="footnote-ref"><a href="#">1</a></sup> '
        "that H<sub>2</sub>O&nbsp;flows.</p>\n<p>Next.</p>\n"
        '<section class="footnotes"><ol><li><p>Note.</p></li></ol></section>'
    )
    assert summary(html) == "For \\(x < y\\) it holds that H2O flows. Next."


def test_summary_is_cut_at_a_word() -> None:
    """At most so many characters, the ellipsis included, and no half words."""
    html = "<p>" + "<b>word</b> " * 200 + "</p>"
    text = summary(html, 52)
    assert text == "word " * 9 + "word…"
    assert summary("<p>short</p>", 5) == "short"


def test_summary_sees_through_much_markup() -> None:
    """Text far behind in the markup is found when there is little of it."""
    assert summary("<p>a</p>" + "<p></p>" * 1_000 + "<p>b</p>") == "a b"


@settings(deadline=None)
@given(st.text() | st.text(st.sampled_from("<>/ph1 ul=\"'sa&;\n"), max_size=60), st.integers(20, 60))
def test_any_text(text: str, limit: int) -> None:
    """Any text: no exception, and the limit holds."""
    assert len(summary(text, limit)) <= limit
    assert first_paragraph(text) == "" or first_paragraph(text) in text
    cut(text + MORE + text, MORE)
    assert len(summary(clean(text, "https://example.org/"), limit)) <= limit


@pytest.mark.parametrize("piece", ["<h1>", "<p>", "<p ", "<p><b>", '<sup class="footnote-ref">', "<ul>", "<h1 ", "<"])
def test_pathological_html(piece: str) -> None:
    """Unclosed tags by the thousand take no time to speak of."""
    started = time.perf_counter()
    summary(piece * 50_000)
    first_paragraph(piece * 50_000)
    assert time.perf_counter() - started < 2


PIECES = st.sampled_from(
    "lamp|Wick|é|1.|# |#|-|---|===|=|*|_|`|~~|$|a: b|www.lantern.example|https://lantern.example/a?b|ada@lantern.example|"
    "&|&amp;|<b>|<!--|[p]: q|[^1]: n|[^1]|]|\"|'|!|…|\n|\n\n|\n  |\n    |>|{: .x}|^|/|%|--| ".split("|")
)
MARKDOWN = st.lists(PIECES, max_size=12).map("".join)


@settings(max_examples=400)
@given(MARKDOWN)
def test_a_cut_shows_something(head: str) -> None:
    """There is an excerpt exactly when the page would show a letter, a digit or a picture outside headings."""
    page = lxml.html.fromstring(f"<div>{to_html(head)}</div>")
    lxml.etree.strip_elements(page, "h1", "h2", "h3", "h4", "h5", "h6", lxml.etree.Comment, with_tail=False)
    shown = any(c.isalnum() for c in "".join(map(str, page.itertext()))) or any(True for _ in page.iter("img"))
    assert (cut(head + MORE, MORE) is not None) == shown


@settings(max_examples=400)
@given(MARKDOWN)
def test_words_need_no_markdown(text: str) -> None:
    """A description taken as it stands is what it would have become as Markdown."""
    if _document._WORDS.fullmatch(text):
        assert clip(squeeze(text), 400) == summary(clean(to_html(text), "https://example.org/"))
