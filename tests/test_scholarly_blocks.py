"""The tokeniser of Markdown blocks and the plain text of inline Markdown."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from feeds.scholarly._blocks import Link, blocks, line_of, links, plain, uncomment
from scholarly_posts import post_of


def shapes(body: str) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, b.text) for b in blocks(body)]


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        ("#### Ana Prado", 4, "Ana Prado"),
        ("####Ana Prado", 4, "Ana Prado"),
        ("###$ Ana Prado", 3, "Ana Prado"),
        ("## Title ##", 2, "Title"),
        ("Title\n=====", 1, "Title"),
        ("Title\n-----", 2, "Title"),
    ],
)
def test_headings(line: str, level: int, text: str) -> None:
    """Headings are found as CommonMark writes them, and as hurried fingers do."""
    assert shapes(line) == [("heading", level, text)]


def test_hashtag_is_no_heading() -> None:
    """A hashtag opens a paragraph."""
    assert shapes("#lanterns are here") == [("paragraph", 0, "#lanterns are here")]


def test_blocks_in_order() -> None:
    """Each kind of block is told apart, and knows its lines."""
    body = "### T\ntext\nmore\n\n* a\n* b\n  b2\n\n> q\n\n<!--more-->\n```bibtex\n@x{}\n```\n| a | b |\n<p>\nhi\n</p>\n"
    assert shapes(body) == [
        ("heading", 3, "T"),
        ("paragraph", 0, "text\nmore"),
        ("item", 0, "a"),
        ("item", 0, "b\n  b2"),
        ("quote", 0, "q"),
        ("comment", 0, "<!--more-->"),
        ("code", 0, "@x{}"),
        ("table", 0, "| a | b |"),
        ("html", 0, "<p>\nhi\n</p>"),
    ]
    assert [(b.start, b.end) for b in blocks(body)][:3] == [(0, 1), (1, 3), (4, 5)]


def test_text_behind_a_comment_is_a_paragraph() -> None:
    """A comment that is followed by text on its line does not swallow the text."""
    assert [plain(b.text) for b in blocks("<!-- x --> **Abstract** Light.")] == ["Abstract Light."]


def test_open_comment_takes_the_rest() -> None:
    """A comment that is never closed hides what follows, as in a browser."""
    assert [b.kind for b in blocks("<!-- x\n\n### T\n")] == ["comment"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("**Ana** *Prado*", "Ana Prado"),
        ("***both***", "both"),
        ("[__L Soto__](/authors/x)", "L Soto"),
        ("[![img](a.png)](b) text", "text"),
        ("[label][ref] and <https://example.org>", "label and https://example.org"),
        ("a_b_c and 2 * 3 * 4", "a_b_c and 2 * 3 * 4"),
        ("&gt;1,000 <em>light</em> x<sub>2</sub>", ">1,000 light x2"),
        ("one<!--more--> two", "one two"),
        (r"\*not emphasised\*", "*not emphasised*"),
        ("note[^1].", "note."),
    ],
)
def test_plain(raw: str, text: str) -> None:
    """Marks go, words stay."""
    assert plain(raw) == text


def test_plain_agrees_with_a_markdown_parser() -> None:
    """On ordinary inline Markdown the text is that of an independent parser."""
    samples = ["a **b** c", "*i* and `code`", "[x](y) z", "a & b < c", "__u__ v_w_x", "![alt](i.png)t", "**a *b* c**"]
    parser = MarkdownIt()
    for sample in samples:
        inline = parser.parseInline(sample)[0].children or []
        words = "".join(t.content for t in inline if t.type in {"text", "code_inline"})
        assert plain(sample) == " ".join(words.split())


def test_links() -> None:
    """Markdown, HTML, angle brackets and bare addresses are found once each, in order."""
    raw = 'See [a (b)](https://x.org/S1(21)2 "t"), <a class="k" href="https://y.org/?a=1&amp;b=2">[PDF]</a>, '
    raw += "<https://z.org>, https://w.org/p. ![i](https://img.org/i.png)"
    assert links(raw) == (
        Link("a (b)", "https://x.org/S1(21)2"),
        Link("[PDF]", "https://y.org/?a=1&b=2"),
        Link("", "https://z.org"),
        Link("", "https://w.org/p"),
    )


def test_comments_go_unless_open() -> None:
    """Closed comments are taken out; an open one is text."""
    assert uncomment("a<!--b-->c<!--d") == "ac<!--d"


def test_lines_of_the_file() -> None:
    """A block's line in the body is traced to its line in the file; beyond them there is none."""
    post = post_of("---\ntitle: T\n---\n\n### T\n")
    assert line_of(post, blocks(post.body)[0].start) == 5
    assert line_of(post, 99) == 0
