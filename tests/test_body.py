"""Markdown as kramdown, MkDocs and Quarto authors write it: nothing leaks, nothing is lost, code stays code."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from feeds.reading.body import take_out_attribute_lists, to_html


def text_of(markup: str) -> str:
    """What a browser shows, as lxml's parser sees it."""
    return " ".join("".join(map(str, lxml_html.fromstring(f"<div>{markup}</div>").itertext())).split())


# ---------------------------------------------------------------------------------------------------- attribute lists


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ('![Logo](/logo.png){: style="float: right; width: 9px;"}This is', "![Logo](/logo.png)This is"),
        ('![Logo](/logo.png){ style="width: 9px; float: left" }\n**A** b', "![Logo](/logo.png)\n**A** b"),
        ("[a](b){:target='_blank'}, [c](d){.x #y width=50%}.", "[a](b), [c](d)."),
        ("`a{: .x}`{: .y}", "`a{: .x}`"),
        ("`a`{: .x}{.y}`b`", "`a` `b`"),
        ("{: .x}{: .y}", ""),
        ("**b**{:.x} *c*{.y} <https://example.org>{target=_blank}", "**b** *c* <https://example.org>"),
        ("`<b>`{=html}", "`<b>`"),
        ("# Title {#id}\n## Two {: .x}\n### Three {.a .b} ###", "# Title\n## Two \n### Three ###"),
        ("Title {.x}\n===\n", "Title\n===\n"),
        ("Text.\n{: .note}\nMore.", "Text.\n\nMore."),
        ("> Text.\n> {: .note}", "> Text.\n>"),
        ("* TOC\n{:toc}\n\nText", "\n\n\nText"),
        ("1. anything\n{:toc .x}", "\n"),
        ("- {:.x} item\n- b", "-  item\n- b"),
        ("{::comment}\nhidden `a`\n\n{:/comment}\nseen", "\n\n\n\nseen"),
        ('{::options parse_block_html="true" /}\nText', "\nText"),
        ("{::nomarkdown}<b>x</b>{:/}", "<b>x</b>"),
        ("{:name: .x .y}\nText{: name}", "\nText"),
        ('{: style="background: url({{ page.image }})"}', ""),
        ("[small]{.smallcaps} and [ref]{.x}\n\n[ref]: /a", "small and [ref]\n\n[ref]: /a"),
        ("::: {.callout-note}\nText\n:::", "\nText\n"),
        ("[TOC]\n\nText", "\n\nText"),
    ],
)
def test_takes_out(markdown: str, expected: str) -> None:
    """Every kind of attribute list goes, what it stands on stays."""
    assert take_out_attribute_lists(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "{{ page.title }} {% include a.html b=c %} {{: x }} [a](b){{ c }}",
        r"$\{: x\}$ and $$\left\{: .x\right.$$ and \\( \{: .x} \\)",
        "The set {a, b} and {marginaleffects}, f(x){y} {z}",
        "See {a=b} here, {.net} there.",
        "```{r}\n#| x: {: .y}\n```\n",
        "~~~ {.python}\n{: .x}\n~~~",
        "- item\n\n  ```\n  {: .x}\n  ```\n",
        "> ```\n> a {: .x}\n> ```\n",
        "Text\n\n    {: .code}\n\n\t{: .tab}\n",
        "- é\n\n      {: .code}\n\n      more {: .code}\n\nend",
        "[^1]\n\n[^1]: a\n\n        {: .code}\n",
        "`` ` {: .x} ``",
        "<pre>\n{: .x}\n</pre>",
        "<code>a{: .x}</code>",
        "`over\nlines {: .x}`",
        "Time::Piece and a::b, :::",
    ],
)
def test_leaves_alone(markdown: str) -> None:
    """Liquid, maths, code of every kind and braces in prose are not attribute lists."""
    assert take_out_attribute_lists(markdown) == markdown


CODE = st.sampled_from(
    [
        "`{: .keep}`",
        "``x` {.keep}``",
        "\n\n    {: .keep}\n\n",
        "\n\n```\n{: .keep}\n```\n\n",
        "\n\n~~~ {.keep}\n{#keep}\n~~~\n\n",
        "\n\n- a\n\n      {: .keep}\n\nend\n\n",
        "$x{: .keep}$",
    ]
)
PROSE = st.sampled_from(
    [
        "word ",
        "é ",
        "\n",
        "\n\n",
        "{: .gone}",
        "![i](u){ a=b }",
        "[l](u){: .gone}",
        "# H {#gone}\n",
        "**b**{.gone} ",
        "- x\n",
    ]
)


@settings(deadline=None)
@given(st.lists(PROSE | CODE, max_size=12))
def test_code_survives_among_attribute_lists(pieces: list[str]) -> None:
    """However prose, lists and code are mixed, nothing that the parser holds for code is taken out."""
    markdown = "".join(pieces)
    taken = take_out_attribute_lists(markdown)
    assert taken.count("\n") == markdown.count("\n")
    code = "".join(re.findall(r"<code[^>]*>[^<]*</code>", to_html(markdown)))
    assert taken.count("keep") >= code.count("keep")
    assert taken.count("gone") >= code.count("gone")


@settings(deadline=None)
@given(st.text() | st.text(st.sampled_from("{}:.#=[]()`'\" \n\t~$<>/-!*ab\\"), max_size=80))
def test_any_text(markdown: str) -> None:
    """Any text: no exception, the same number of lines, and what is taken out is not put in."""
    taken = take_out_attribute_lists(markdown)
    assert taken.count("\n") == markdown.count("\n")
    assert len(taken) <= len(markdown)
    to_html(markdown)


# ---------------------------------------------------------------------------------------------------- the dialect


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("H~2~O, ~~gone~~", "<p>H<sub>2</sub>O, <del>gone</del></p>"),
        ("10~20 and 30~40", "<p>10~20 and 30~40</p>"),
        ("~50,000 of ~20,000", "<p>~50,000 of ~20,000</p>"),
        ("```python\nx < 1\n```", '<pre><code class="language-python">x &lt; 1\n</code></pre>'),
        ("Term\n: what it is", "<dl>\n<dt>Term</dt>\n<dd>what it is</dd>\n</dl>"),
        ("- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"),
        ("see www.example.org", '<p>see <a href="http://www.example.org">www.example.org</a></p>'),
        ("a\r\nb\rc", "<p>a\nb\nc</p>"),
        ("\x00a\ud800", "<p>\ufffda\ufffd</p>"),
        (
            "| a |\n|---|\n| b |",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>",
        ),
    ],
)
def test_dialect(markdown: str, expected: str) -> None:
    """What authors of the three engines expect."""
    assert to_html(markdown).strip() == expected


def test_footnotes_have_the_ids_of_the_site() -> None:
    """Link and note carry kramdown's and Python-Markdown's ids, so that an absolute link finds the note on the page."""
    tree = lxml_html.fromstring(to_html("Said.[^why]\n\n[^why]: Because.\n"))
    assert tree.xpath("//sup/a/@href") == ["#fn:why"]
    assert tree.xpath("//li/@id") == ["fn:why"]
    assert tree.xpath("//sup/a/@id") == ["fnref:why"]
    assert tree.xpath("//li//a/@href") == ["#fnref:why"]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("$x_1 *a* <y$ b", r"<p>\(x_1 *a* &lt;y\) b</p>"),
        ("$$x$$ in a line", r"<p>\(x\) in a line</p>"),
        ("$$x$$", r"<p>\[x\]</p>"),
        ("a\n$$\n- x\n= y\n$$\nb", "<p>a\n\\[\n- x\n= y\n\\]\nb</p>"),
        ("$$\na\n\n& b \\\\[2pt]\n$$", "<p>\\[\na\n\n&amp; b \\\\[2pt]\n\\]</p>"),
        (r"so \\(x_1 *a* y\\) is", r"<p>so \(x_1 *a* y\) is</p>"),
        (r"\\[ a_b*c*d \\]", r"<p>\[ a_b*c*d \]</p>"),
        (r"`\\(a\\)` and `$b$`", r"<p><code>\\(a\\)</code> and <code>$b$</code></p>"),
        (r"\\(x\\) [a](b%0299%03)", r'<p>\(x\) <a href="b%0299%03">a</a></p>'),
        ("> $$x$$", "<blockquote>\n<p>\\[x\\]</p>\n</blockquote>"),
    ],
)
def test_maths_is_tex_once(markdown: str, expected: str) -> None:
    """TeX comes out between the delimiters that MathJax knows, untouched by Markdown, once."""
    assert to_html(markdown).strip() == expected


@pytest.mark.parametrize(
    "prose",
    [
        "It costs $5 and $10.",
        "Between US$5 and US$10, or 5$-10$.",
        "From $20,000 to $30,000 a year, $5 and lost 3$ today.",
        r"\$5 and $ 6 $ are prices.",
    ],
)
def test_prices_stay_prices(prose: str) -> None:
    """A dollar sign is a dollar sign unless it encloses a formula."""
    assert text_of(to_html(prose)) == prose.replace("\\", "")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("<!--more--> The *text*", "<p>The <em>text</em></p>"),
        ("# A\n<!--more-->\n*b*", "<h1>A</h1>\n<p><em>b</em></p>"),
        ("one <!--more--> two", "<p>one  two</p>"),
        ("<!-- over\n\nlines --> *b*", "<p><em>b</em></p>"),
        ("<!-- $x$ `--> *b*", "<p><em>b</em></p>"),
        ("`<!-- code -->`", "<p><code>&lt;!-- code --&gt;</code></p>"),
        ("    <!-- code -->", "<pre><code>&lt;!-- code --&gt;\n</code></pre>"),
        ("a <!-- never closed *b*", "<p>a &lt;!-- never closed <em>b</em></p>"),
    ],
)
def test_comments_vanish(markdown: str, expected: str) -> None:
    """Comments go, the Markdown around them is Markdown, and an unclosed one swallows nothing."""
    assert to_html(markdown).strip() == expected


def test_markdown_inside_html() -> None:
    """kramdown's markdown="1" and Python-Markdown's bare attribute render what is inside and vanish themselves."""
    markup = to_html(
        '<div class="a" markdown="1">\n# T\n\n*b*\n</div>\n*c*\n\n'
        "<figure markdown>\n![d](e)\n</figure>\n\n`<div markdown>`"
    )
    assert "<h1>T</h1>" in markup
    assert "<em>b</em>" in markup
    assert "<em>c</em>" in markup
    assert '<img src="e" alt="d" />' in markup
    assert '<div class="a">' in markup
    assert markup.count("markdown") == 1  # in the code span


def test_markdown_goes_on_behind_html() -> None:
    """A line behind an end tag or an image is Markdown again, without a blank line between."""
    assert "<em>b</em>" in to_html("<div>a</div>\n<div>\na\n</div>\n*b*")
    assert "<em>b</em>" in to_html('<img src="a">\n*b*')


PATHOLOGICAL = {
    "comments": "<!--" * 50_000,
    "closed comments": "<!-- -->  \n" * 30_000,
    "markdown attributes": "<div" + " markdown" * 50_000,
    "open lists": "{: a='" * 50_000,
    "many words": "{: " + "a " * 50_000,
    "kramdown comments": "{:/}" + "{::comment} " * 50_000,
    "brackets": "[a" * 50_000 + "{.x}",
    "code and lists": "`{:.x}é" * 30_000,
    "maths and lists": "$ {: .x} $" * 30_000,
    "dollars": "$$a\n" * 50_000,
    "latex": "\\\\(" * 50_000,
    "quotes": "> " * 50_000 + "{: .x}",
    "raw code": "<pre>" * 50_000 + "{:.x}",
    "list of contents": "* a\n" * 50_000 + "{:toc}",
    "blanks": "# " + " " * 100_000 + "{.x",
    "stars": "*a **b " * 30_000,
    "links": "[a](" * 50_000,
    "rows like delimiters": "|-" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|-\n" * 2_000,
    "many wide tables": ("|a" * 60 + "\n" + "|-" * 60 + "\n" + "a\n" * 3_000 + "\n") * 20,
    "tables": "|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|\n" * 1_000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_markdown(name: str) -> None:
    """Some 200 kB of spite take about as long as 200 kB of prose."""
    started = time.perf_counter()
    html = to_html(take_out_attribute_lists(PATHOLOGICAL[name]))
    assert time.perf_counter() - started < 5
    assert len(html) < 10_000_000
