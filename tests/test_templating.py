"""Liquid in posts, against what Jekyll 4.3 itself printed for the same templates, and against bad templates."""

from __future__ import annotations

import re
from typing import Any

import pytest

from feeds.reading.templating import Rendered, is_liquid, render

PAGE: dict[str, Any] = {
    "title": 'The "T" & <title>',
    "date": "2020-07-04 05:06:07 +0200",
    "words": ["one", "two", "three"],
    "flag": True,
    "number": 3,
    "list_of": [{"a": 5}],
    "categories": ["c1"],
    "tags": ["t1", "t2"],
    "path": "_posts/2020-07-04-p.html",
    "url": "/c1/2020/07/04/p.html",
    "collection": "posts",
    "slug": "p",
}
SITE: dict[str, Any] = {
    "title": "Site",
    "url": "https://example.org",
    "baseurl": "/lab",
    "data": {
        "people": {"ada": {"name": "Ada"}, "bo": {"name": "Bo"}},
        "list": [{"n": 3, "kind": "x", "name": "c"}, {"n": 1, "kind": "y"}, {"n": 2, "kind": "x", "name": "a"}],
        "table": [{"col": "v", "x": "1"}],
    },
}
INCLUDES = {"note.html": "<i>{{ include.text }}|{{ include.who }}</i>", "sub/deep.html": "deep {{ page.number }}"}
LINKS = {
    ("link", "_posts/2020-01-01-one.md"): "/lab/2020/01/01/one.html",
    ("link", "assets/a b.txt"): "/lab/assets/a%20b.txt",
    ("link", "about.md"): "/lab/about.html",
    ("post_url", "2020-01-01-one"): "/lab/2020/01/01/one.html",
    ("post_url", "news/2020-01-02-two"): "/lab/news/2020/01/02/two.html",
}

# (template, what Jekyll 4.3.1 printed for it with the page and the site above)
JEKYLL_PRINTED = [
    ("{{ page.title }}", 'The "T" & <title>'),
    ("{{ page.title | upcase }}", 'THE "T" & <TITLE>'),
    ('{{ page.words | join: "; " }}', "one; two; three"),
    ("{{ page.words | array_to_sentence_string }}", "one, two, and three"),
    ('{{ page.words | array_to_sentence_string: "or" }}', "one, two, or three"),
    ("{{ page.nothing }}|", "|"),
    ('{{ page.nothing | default: "x" }}', "x"),
    ("{{ page.nothing.deeper }}|", "|"),
    ("{% if page.nothing %}a{% else %}b{% endif %}", "b"),
    ("{% unless page.flag %}a{% endunless %}|", "|"),
    (
        "{% for w in page.words %}{{ forloop.index }}{{ w }}{% unless forloop.last %},{% endunless %}{% endfor %}",
        "1one,2two,3three",
    ),
    ("{% for w in page.words limit:1 offset:1 %}{{ w }}{% endfor %}", "two"),
    ("{% for w in page.words reversed %}{{ w }}{% endfor %}", "threetwoone"),
    ("{% for i in (1..3) %}{{ i }}{% endfor %}", "123"),
    ("{% for p in site.data.people %}{{ p[0] }}={{ p[1].name }} {% endfor %}", "ada=Ada bo=Bo "),
    ("{% for x in page.none %}a{% else %}empty{% endfor %}", "empty"),
    ("{% case page.number %}{% when 3 %}three{% else %}no{% endcase %}", "three"),
    ('{% assign x = "a,b,c" | split: "," %}{{ x | size }}{{ x[1] }}{{ x.first }}{{ x.last }}', "3bac"),
    ("{% capture y %}<{{ page.number }}>{% endcapture %}{{ y }}{{ y }}", "<3><3>"),
    ('{% cycle "a","b" %}{% cycle "a","b" %}', "ab"),
    ('{{ "/a b/ü.html" | relative_url }}', "/lab/a%20b/%C3%BC.html"),
    ('{{ "a.html" | relative_url }}', "/lab/a.html"),
    ('{{ "https://example.com/x" | relative_url }}', "https://example.com/x"),
    ('{{ "/a.html" | absolute_url }}', "https://example.org/lab/a.html"),
    ('{{ "" | relative_url }}|', "/lab|"),
    ('{{ page.date | date: "%Y-%m-%d %H:%M:%S" }}', "2020-07-04 05:06:07"),
    ('{{ page.date | date: "%-d %B %Y, %a %A %b %j %e %y %I %p" }}', "4 July 2020, Sat Saturday Jul 186  4 20 05 AM"),
    ("{{ page.date | date_to_string }}", "04 Jul 2020"),
    ('{{ page.date | date_to_string: "ordinal" }}', "4th Jul 2020"),
    ('{{ page.date | date_to_long_string: "ordinal", "US" }}', "July 4th, 2020"),
    ("{{ page.date | date_to_xmlschema }}", "2020-07-04T05:06:07+02:00"),
    ("{{ page.date | date_to_rfc822 }}", "Sat, 04 Jul 2020 05:06:07 +0200"),
    ('{{ "2020-03-04" | date: "%d/%m/%y" }}', "04/03/20"),
    ('{{ "Hello, Wörld! v1.2" | slugify }}', "hello-wörld-v1-2"),
    ('{{ "Hello, Wörld! v1.2" | slugify: "pretty" }}', "hello,-wörld!-v1.2"),
    ('{{ "Hello, Wörld! v1.2" | slugify: "ascii" }}', "hello-w-rld-v1-2"),
    ('{{ "Hello, Wörld! v1.2" | slugify: "latin" }}', "hello-world-v1-2"),
    ('{{ "Hello,  Wörld! v1.2" | slugify: "raw" }}', "hello,-wörld!-v1.2"),
    ("{{ page.words | jsonify }}", '["one","two","three"]'),
    ("{{ page.title | jsonify }}", '"The \\"T\\" & <title>"'),
    ("{{ '<a href=\"x\">&</a>' | xml_escape }}", "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;"),
    ("{{ '<a href=\"x\">&</a>' | escape }}", "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;"),
    ('{{ "foo, bar; baz?" | cgi_escape }}', "foo%2C+bar%3B+baz%3F"),
    ('{{ "foo, bar \\baz? ü" | uri_escape }}', "foo,%20bar%20%5Cbaz?%20%C3%BC"),
    ('{{ "a  b   c d" | normalize_whitespace }}', "a b c d"),
    ('{{ "one two  three" | number_of_words }}', "3"),
    ('{{ site.data.list | where: "kind", "x" | map: "n" | join: "," }}', "3,2"),
    ('{{ site.data.list | where_exp: "i", "i.n > 1" | map: "n" | join: "," }}', "3,2"),
    ('{{ site.data.list | sort: "n" | map: "n" | join: "," }}', "1,2,3"),
    ('{{ site.data.list | sort: "name" | map: "name" | join: "," }}', ",a,c"),
    ('{{ site.data.list | sort: "name", "last" | map: "name" | join: "," }}', "a,c,"),
    (
        '{% assign g = site.data.list | group_by: "kind" %}{% for i in g %}{{ i.name }}:{{ i.size }} {% endfor %}',
        "x:2 y:1 ",
    ),
    (
        '{{ page.words | push: "z" | join: "" }}{{ page.words | pop | join: "" }}'
        '{{ page.words | shift | join: "" }}{{ page.words | unshift: "q" | join: "" }}',
        "onetwothreezonetwotwothreeqonetwothree",
    ),
    (
        '{{ "3x" | to_integer }}{{ "4" | plus: 1 }}{{ 7 | divided_by: 2 }}{{ 7 | times: 1.5 }}{{ 7 | modulo: 3 }}',
        "35310.51",
    ),
    ('{{ "/a/index.html" | strip_index }}', "/a/"),
    ('{{ "abc" | slice: 1, 2 }}{{ "abc" | truncate: 2 }}{{ "a b c" | truncatewords: 2 }}', "bc...a b..."),
    ('{{ "a-b" | replace: "-", "+" }}{{ "<b>x</b>" | strip_html }}{{ "x" | append: "y" | prepend: "w" }}', "a+bxwxy"),
    ("{% raw %}{{ not }} {% this %}{% endraw %}", "{{ not }} {% this %}"),
    ("{% comment %}gone {{ page.title }}{% endcomment %}|", "|"),
    ("a {%- if true -%} b {%- endif -%} c", "abc"),
    ('{% include note.html text="quo \\"ted\\"" who=page.title %}', '<i>quo "ted"|The "T" & <title></i>'),
    ("{% include sub/deep.html %}", "deep 3"),
    (
        "{% link _posts/2020-01-01-one.md %} {% link assets/a b.txt %} {% link about.md %}",
        "/lab/2020/01/01/one.html /lab/assets/a%20b.txt /lab/about.html",
    ),
    (
        "{% post_url 2020-01-01-one %} {% post_url news/2020-01-02-two %}",
        "/lab/2020/01/01/one.html /lab/news/2020/01/02/two.html",
    ),
    ('{% assign f = "note.html" %}{% include {{ f }} text="t" %}', "<i>t|</i>"),
    (
        "{{ site.title }} {{ site.baseurl }} {{ site.url }} "
        "{{ site.data.people.ada.name }} {{ site.data.table[0].col }}",
        "Site /lab https://example.org Ada v",
    ),
    ("{{ page.date }}", "2020-07-04 05:06:07 +0200"),
    ('{{ page.list_of[0].a }}{{ page.list_of[0]["a"] }}{{ page["title"] }}', '55The "T" & <title>'),
    ('{{ 1.50 }} {{ true }} {{ nil }}| {{ "q" }} {{ page.words }}', "1.5 true | q onetwothree"),
    ("{% increment c %}{% increment c %}{% decrement d %}", "01-1"),
    (
        "{% tablerow i in page.words cols:2 %}{{ i }}{% endtablerow %}",
        '<tr class="row1">\n<td class="col1">one</td><td class="col2">two</td></tr>\n'
        '<tr class="row2"><td class="col1">three</td></tr>\n',
    ),
    ('{{ "a\nb" | newline_to_br | strip_newlines }}', "a<br />b"),
    ('{{ page.words | find: "x", "y" }}|', "|"),
    ('{{ page.number | date: "%Y" }} {{ "abc" | date: "%Y" }}|', "1970 abc|"),
    ("{% if page.number > 2 and page.flag or false %}yes{% endif %}", "yes"),
    ('{% if page.words contains "one" %}yes{% endif %}', "yes"),
]


def rendered(template: str, **page: Any) -> Rendered:
    return render(
        template,
        "post.md",
        first_line=11,
        page={**PAGE, **page},
        site=SITE,
        include=lambda name, _relative: INCLUDES.get(name),
        link=lambda tag, target: LINKS.get((tag, target)),
    )


@pytest.mark.parametrize(("template", "expected"), JEKYLL_PRINTED)
def test_renders_as_jekyll_does(template: str, expected: str) -> None:
    """Tags and filters give what Jekyll gives."""
    assert rendered(template).text == expected


# ------------------------------------------------------------------------------------------------- bad templates


@pytest.mark.parametrize(
    ("template", "kept", "message"),
    [
        ("a {% gist 1234 %} b", "a  b", "post.md:11 the tag {% gist %} is a plugin's and was left out"),
        ("a\n{% figure x %}in{% endfigure %}", "a\nin", "post.md:12 the tag {% figure %} is a plugin's"),
        ("a {{ page.nope }} b", "a  b", "post.md:11 {{ page.nope }} stands for nothing here"),
        ("a {{ page.title | nope }} b", "a  b", "unknown filter 'nope'"),
        ("a {{ | }} b", "a  b", "post.md:11 Liquid not resolved, left out: {{ | }}"),
        ("a\n\n{% if page.flag %}\nb", "a\n\n\nb", "post.md:13 Liquid not resolved, left out: {% if %} has no counter"),
        ("a {% endif %} b", "a  b", "{% endif %} has no counterpart"),
        ("{% if == %}a{% endif %}b", "ab", "Liquid not resolved"),
        ("{% include none.html %}b", "b", "'none.html' is not there"),
        ("{% include ../../etc/passwd %}b", "b", "is not there"),
        ("{% link none.md %}b", "b", "there is no 'none.md' in this site"),
        ("{{ 'now' | date: '%Y' }}b", "b", "not a date: 'now'"),
        ("{% for p in site.posts %}x{% endfor %}b", "b", "site.posts is known to Jekyll only"),
        ("{{ site.time }}b", "b", "site.time"),
    ],
)
def test_a_fault_costs_only_its_own_piece(template: str, kept: str, message: str) -> None:
    """What cannot be resolved goes and is reported with its line; every word around it stays."""
    result = rendered(template)
    assert result.text == kept
    assert message in f"{result.problems[0].where} {result.problems[0].message}"
    assert all(p.severity == "warning" and p.hint for p in result.problems)


def test_values_are_not_evaluated() -> None:
    """Liquid in a front matter value is text, whatever it looks like."""
    value = "{{ site.title }} {% include note.html %}"
    result = rendered("{{ page.evil }}", evil=value)
    assert (result.text, result.problems) == (value, ())


def test_unclosed_delimiters_are_text() -> None:
    """Curly brackets that never close are what the author wrote."""
    text = "The set {{a}, {b} and 100 {% of it"
    assert rendered(text).text == text


def test_condition_that_hides_text_keeps_hiding_it() -> None:
    """A faulty value within a false condition publishes nothing of what the condition hides."""
    assert rendered("{% if page.nope %}secret {{ x | nope }}{% gist 1 %}{% endif %}b").text == "b"


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{{ (1..1000000000) | join: '' }}",
        "{% for i in (1..5000) %}{% for j in (1..5000) %}x{% endfor %}{% endfor %}",
        "{% assign x = 'abcdefghij' %}{% for i in (1..99) %}{% assign x = x | append: x %}{% endfor %}",
        "{% assign x = 9 %}{% for i in (1..99) %}{% assign x = x | times: x %}{% endfor %}",
        "{% assign x = page.words %}{% for i in (1..99) %}{% assign x = x | concat: x %}{% endfor %}",
        "{% if true %}" * 60 + "x" + "{% endif %}" * 60,
        "{{ page" + "[page" * 600 + "]" * 600 + " }}",
    ],
)
def test_what_would_run_away_is_stopped(template: str) -> None:
    """Loops, sizes, numbers and nesting have limits; the rest of the post is not touched by them."""
    result = rendered(f"before {template} after")
    assert result.problems
    assert len(result.text) < 100
    assert result.text.startswith("before ")
    assert result.text.endswith(" after")


def test_a_file_that_includes_itself_ends() -> None:
    """Includes within each other stop at a depth."""
    result = render("{% include a %}b", "p.md", page={}, site={}, include=lambda _name, _relative: "x{% include a %}")
    assert re.fullmatch("x{2,20}b", result.text)
    assert len(result.problems) == 1


@pytest.mark.parametrize(
    "template",
    [
        "{{" * 50_000,
        "{%" * 50_000,
        "{{ a " * 20_000,
        "{% raw %}" * 20_000,
        "{% comment %}" * 20_000,
        "{% if x %}" * 5_000,
    ],
)
def test_pathological_text_keeps_its_length_in_bounds(template: str) -> None:
    """Text that only looks like Liquid comes back, or is reported; in any case it comes back at once."""
    result = rendered(template)
    assert result.problems or result.text == template


# ------------------------------------------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a\nb", [("a", 11), ("b", 12)]),
        ("a\n{% comment %}x\ny{% endcomment %}\nb", [("a", 11), ("", 13), ("b", 14)]),
        ("{% include two %}\nb", [("1", 11), ("2", 11), ("", 11), ("b", 12)]),
        (
            "a\n{% if page.flag %}\nb\n{% else %}\nc\n{% endif %}\nd",
            [("a", 11), ("", 12), ("b", 13), ("", 16), ("d", 17)],
        ),
        ("{% highlight r %}\nx\n{% endhighlight %}\nb", [("```r", 11), ("x", 12), ("```", 13), ("b", 14)]),
        ("{% raw %}{{ a }}\nb{% endraw %}\nc", [("{{ a }}", 11), ("b", 12), ("c", 13)]),
        ("{%- assign x = 1 -%}\n\n  a\nb", [("a", 13), ("b", 14)]),
        ("{% capture x %}p\nq\n{% endcapture %}{{ x }}\nb", [("p", 13), ("q", 13), ("", 13), ("b", 14)]),
    ],
)
def test_every_line_knows_where_it_came_from(template: str, expected: list[tuple[str, int]]) -> None:
    """Each line of the result is mapped to its line in the file, when Liquid adds or takes lines too."""
    result = render(template, "p.md", first_line=11, page=PAGE, site={}, include=lambda _name, _relative: "1\n2\n")
    assert list(zip(result.text.split("\n"), result.lines, strict=True)) == expected


def test_code_is_fenced_so_that_it_cannot_break_out() -> None:
    """Back quotes in highlighted code make the fence longer."""
    assert rendered("{% highlight md %}\n```\nx\n```\n{% endhighlight %}").text == "````md\n```\nx\n```\n````"


def test_text_without_liquid_is_left_alone() -> None:
    """Most posts have none, and are not looked at twice."""
    assert not is_liquid("{ a } % }}")
    assert render("a\nb\n", "p.md", first_line=5, page={}, site={}) == Rendered("a\nb\n", (5, 6, 7))
