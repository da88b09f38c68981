"""The dialect of MkDocs and Pelican: what Python-Markdown and the PyMdown extensions add becomes CommonMark."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading import body
from feeds.reading.python_markdown import adapt, resolve_links


def adapted(text: str) -> str:
    return adapt(text, tuple(range(1, text.count("\n") + 2)))[0]


def html(text: str) -> str:
    return body.to_html(body.take_out_attribute_lists(adapted(text))).strip()


def dropped(text: str) -> list[str]:
    return adapt(text, tuple(range(1, text.count("\n") + 2)))[2]


def test_an_admonition_is_a_quotation_under_its_title() -> None:
    """`!!!` and `???` quote what is indented below; text that follows at once stands outside."""
    shown = html('Before\n!!! tip "Trim it"\n    Cut the *wick*.\nBehind')
    assert shown == (
        "<p>Before</p>\n<blockquote>\n<p><strong>Trim it</strong></p>\n<p>Cut the <em>wick</em>.</p>\n</blockquote>\n"
        "<p>Behind</p>"
    )


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("!!! warning", "<strong>Warning</strong>"),
        ("??? danger inline end", "<strong>Danger</strong>"),
        ('???+ note "With `code`"', "<strong>With <code>code</code></strong>"),
        ('!!! "Only a title"', "<strong>Only a title</strong>"),
    ],
)
def test_an_admonition_without_a_title_has_that_of_its_type(opening: str, title: str) -> None:
    """The first word is the type; what stands in quotes is the title."""
    assert title in html(f"{opening}\n    Text.")


def test_an_admonition_may_have_no_title() -> None:
    """An empty title is none."""
    assert html('!!! note ""\n    Text.') == "<blockquote>\n<p>Text.</p>\n</blockquote>"


def test_admonitions_stand_in_lists_and_in_each_other() -> None:
    """Indentation says what belongs where."""
    shown = html(
        "- item\n\n    !!! note\n        In it.\n\n        ??? tip\n\n            Deeper.\n\n    Still the item."
    )
    assert shown.count("<blockquote>") == 2
    assert shown.index("Deeper.") < shown.index("</blockquote>") < shown.index("Still the item.") < shown.index("</li>")


def test_an_abstract_is_running_text_that_ends() -> None:
    """`!!! abstract` is read as an abstract, and what follows does not belong to it."""
    assert adapted("!!! abstract\n    We light it.\n\nSee also.").split("\n") == [
        "**Abstract**",
        "",
        "We light it.",
        "",
        "---",
        "",
        "",
        "See also.",
    ]


def test_tabs_are_text_under_their_titles() -> None:
    """Every tab is shown, one below the other."""
    shown = html('=== "Python"\n\n    ```\n    glow()\n    ```\n\n=== "R"\n\n    None.')
    assert shown == (
        "<p><strong>Python</strong></p>\n<pre><code>glow()\n</code></pre>\n<p><strong>R</strong></p>\n<p>None.</p>"
    )


def test_blocks_between_slashes_keep_title_and_text() -> None:
    """PyMdown's blocks: the title in bold, options gone, the text as it is."""
    assert html("/// note | Mind\n    open: True\n\nThe *flame*.\n///") == (
        "<p><strong>Mind</strong></p>\n<p>The <em>flame</em>.</p>"
    )


def test_text_from_elsewhere_is_left_out_and_named() -> None:
    """Snippets and mkdocstrings, also in code, are reported by name."""
    text = (
        '--8<-- "a.md"\n\n::: lamp.wick\n    options:\n      x: 1\n\n```\n--8<-- "b.py"\n```\n--8<--\nc.md\n--8<--\nEnd'
    )
    assert dropped(text) == ["snippet a.md", "::: lamp.wick", "snippet b.py", "snippet c.md"]
    assert html(text) == "<pre><code></code></pre>\n<p>End</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ==lit== lamp", "a <mark>lit</mark> lamp"),
        ("x==y and a==b", "x==y and a==b"),
        ("^^new^^ and m^2^", "<ins>new</ins> and m<sup>2</sup>"),
        ("press ++ctrl+page-up++", "press <kbd>Ctrl</kbd>+<kbd>Page Up</kbd>"),
        ("C++ and C++11", "C++ and C++11"),
        ("{++more++}{--less--}{==this==}", "<ins>more</ins><del>less</del><mark>this</mark>"),
        ("{~~dim~>bright~~} {>>why?<<}light", "<del>dim</del><ins>bright</ins> light"),
        (":material-lamp:{ .big } :fontawesome-brands-github: lamps", "lamps"),
        ("lit :tada: at 10:30:45 :nosuchthing:", "lit 🎉 at 10:30:45 :nosuchthing:"),
        (r"flux \(x_1^2^ ==a==\)", r"flux \(x_1^2^ ==a==\)"),
        ("`==code==` and `:tada:`", "<code>==code==</code> and <code>:tada:</code>"),
        ("lit `#!python glow()` and ``:::r f(`x`)``", "lit <code>glow()</code> and <code>f(`x`)</code>"),
        ("the HTML\n\n*[HTML]: markup", "the HTML"),
        ("[lamp](/l){ .md-button } lit", '<a href="/l">lamp</a> lit'),
    ],
)
def test_marks_inside_a_line(text: str, shown: str) -> None:
    """Each mark becomes its HTML, and what only looks like one stays."""
    assert html(text) == f"<p>{shown}</p>"


def test_a_heading_needs_no_space() -> None:
    """`##Methods` is a heading; `#1` and a hashtag may be text, and so may what no word follows."""
    assert html("##Methods\n\n#1 of many\n\n##$ lamps") == "<h2>Methods</h2>\n<p>#1 of many</p>\n<p>##$ lamps</p>"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('[a](b.md) ![c](d e.png "t") [x](https://y.example)', '[a](B.MD) ![c](D-E.PNG "t") [x](https://y.example)'),
        ("[a](<b c.md>) [![i](j.png)](k.md)", "[a](<B-C.MD>) [![i](J.PNG)](K.MD)"),
        ("[a][r]\n\n[r]: b.md 'title'\n[^1]: c.md", "[a][r]\n\n[r]: B.MD 'title'\n[^1]: c.md"),
        ("`[a](b.md)`\n\n```\n[a](b.md)\n```", "`[a](b.md)`\n\n```\n[a](b.md)\n```"),
    ],
)
def test_links_lead_where_the_site_says(text: str, want: str) -> None:
    """Targets of links, images and definitions are replaced where the site knows better; code is not looked at."""
    assert resolve_links(text, lambda t: "" if "://" in t else t.upper().replace(" ", "-")) == want


def test_code_stays_as_it_is() -> None:
    """Nothing is rewritten in fenced or indented code."""
    text = '```\n!!! note\n    ==x==\n=== "a"\n```\n\n    !!! code\n    ##x'
    assert adapted(text) == text


def test_every_line_knows_where_it_came_from() -> None:
    """A word stands on the line of the file on which it was written."""
    text = 'one\n!!! note "two"\n    three\n\n    four\n\n=== "six"\n    seven\n--8<-- "x"\nnine\n/// tip | ten\neleven'
    body_text, lines, _ = adapt(text, tuple(range(101, 101 + text.count("\n") + 1)))
    words = {"one": 101, "two": 102, "three": 103, "four": 105, "six": 107, "seven": 108, "nine": 110, "ten": 111}
    rows = list(zip(body_text.split("\n"), lines, strict=True))
    assert {word: next(n for line, n in rows if word in line) for word in words} == words
    assert list(lines) == sorted(lines)


PIECES = ["!!! note", '??? "t"', '=== "a"', "    ", "\t", "\n", "\n\n", "```", "==", "^^", "++a++", "{++", "++}", "- x"]
PIECES += [
    "::: a.b",
    '--8<-- "x"',
    "--8<--",
    "/// tip | t",
    "///",
    ":tada:",
    "\\(",
    "\\)",
    "*[A]: b",
    "##x",
    "`",
    "$",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_keeps_its_map(text: str) -> None:
    """Whatever is written, each line of the result has a line of the file, in order."""
    result, lines, _ = adapt(text, tuple(range(1, text.count("\n") + 2)))
    assert result.count("\n") + 1 == len(lines)
    assert list(lines) == sorted(lines)


@pytest.mark.parametrize(
    "piece", ["==a", "{++a", "{~~a~>", "^a", "\\(a", "++a+", "!!! a\n", "!!! " + " a", ":a", "```\n", "[a](b ", "](<"]
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """No repetition takes more than moments."""
    begin = perf_counter()
    resolve_links(adapted(piece * (60_000 // len(piece))), lambda _: "")
    assert perf_counter() - begin < 5


def test_deep_nesting_ends() -> None:
    """Admonitions in admonitions without end are text from some depth on."""
    assert "!!! a" in adapted("\n".join("    " * n + "!!! a" for n in range(200)))
