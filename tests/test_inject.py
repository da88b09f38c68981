"""The head block in a page's bytes: where it goes, what it leaves alone, and that it comes out again."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import html5lib
import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds._page_block import put_in, take_out
from feeds.exporters._head import Tag, tags
from feeds.model import Artifact, Item, Person, Post, Site, Work

PAGE = "https://lantern.example.org/lab/papers/tides/"
SITE = Site(
    url="https://lantern.example.org/lab",
    feeds_url="https://lantern.example.org/lab",
    title="Lantern Lab – Φάρος",
    feeds=(Artifact(path="feed.atom", media_type="application/atom+xml; charset=utf-8"),),
)
ITEM = Item(
    post=Post(
        source="lab", path="tides.md", url=PAGE, title="Tides", published=datetime(2024, 3, 4, tzinfo=UTC), lang="en"
    ),
    work=Work(
        title="Tides & <em>lamps</em> of Århus",
        authors=(
            Person(name="Ada Wick", given="Ada", family="Wick"),
            Person(name="Bo Glów", given="Bo", family="Glów"),
        ),
        date="2024-03-01",
        journal="Journal of Lamps 𝄞",
        doi="10.5555/tides",
    ),
)
TAGS = tags(ITEM, SITE, PAGE)
BEGIN, END = b"<!-- feeds: begin (written by feeds inject) -->", b"<!-- feeds: end -->"


def put(page: bytes | str) -> bytes:
    """The page with the block."""
    return put_in(page.encode() if isinstance(page, str) else page, TAGS, PAGE)[0]


def block(page: bytes) -> bytes:
    """What stands between the two markers."""
    return page.partition(BEGIN)[2].partition(END)[0]


# ---------------------------------------------------------------------------------------------------- where it goes

# Where HTML (13.2.6.4) ends the head of each of these: at the bar.
ENDS = {
    "end tag": "<!doctype html><html><head><title>T</title>|</head><body>x</body></html>",
    "upper case": "<HTML><HEAD><TITLE>T</TITLE>|</HEAD ><BODY>",
    "minified, body": "<!doctype html><title>T</title><meta charset=utf-8>|<body><p>x",
    "minified, first element": "<!doctype html><meta charset=utf-8><title>T</title>|<p>x",
    "minified, text": "<!doctype html><title>T</title>\n\n  |Dear all",
    "minified, reference": "<title>T</title>|&nbsp;<meta name=late>",
    "no head at all": "|<p>x</p>",
    "header is no head": "<html><head><title>T</title>|<header></header></head>",
    "nothing but a head": "<html><head><title>T</title><meta name=a content=b>\n|",
    "in a comment": "<head><!-- </head> --><title>T</title>|</head>",
    "in a title": "<head><title></head></title>|</head>",
    "in a script": "<head><script>document.write('</head><body>')</script>|</head>",
    "in a style": "<head><style>/* </head> */</style>|</head>",
    "in a template": "<head><template><p></head><template></template></p></template><meta name=a>|</head>",
    "in an attribute": "<head><meta name=a content='</head>'>|</head>",
    "textarea is of the body": "<head><title>T</title>|<textarea></head></textarea>",
    "noscript of a head": "<head><noscript><link rel=stylesheet href=a></head></noscript><title>T</title>|</head>",
    "noscript with a picture": "<head><title>T</title>|<noscript><img src=p></noscript><meta name=a></head>",
    "conditional comment": "<head><!--[if IE]></head><![endif]--><![if !IE]><meta name=a><![endif]>|</head>",
    "stray end tags": "<head></p></div><title>T</title>|</head>",
    "br as an end tag": "<head><title>T</title>|</br></head>",
    "processing instruction": '<?xml version="1.0"?><html><head/><title>T</title>|</head>',
    "slash": "<head><script src=a /></head></script><meta name=a />|</head>",
}


@pytest.mark.parametrize("case", ENDS)
def test_the_block_goes_where_the_head_ends(case: str) -> None:
    """It stands right before what ends the head by the rules of HTML, wherever else `</head>` is written."""
    before, _, behind = ENDS[case].partition("|")
    made = put(before + behind).decode()
    assert made.startswith(before + BEGIN.decode())
    assert made.endswith(END.decode() + "\n" + behind)


@pytest.mark.parametrize("case", [case for case in ENDS if case != "in a template"])  # which html5lib does not know
def test_parsers_find_the_block_in_the_head(case: str) -> None:
    """html5lib finds every tag of the block in the head, and the page around it as it was."""
    page = ENDS[case].replace("|", "")
    tree = html5lib.parse(put(page), namespaceHTMLElements=False)
    names = [element.get("name") for element in tree.find("head").iter("meta")]
    assert names.count("citation_author") == 2
    assert without_block(put(page)) == shape(page.encode())


@pytest.mark.parametrize(
    "page",
    [
        "<head><script>var a = '</head>",
        "<head><title>T",
        "<head><template><p>",
        "<title>T</title><!-- ",
        "",
        "<head",
        "<",
    ],
)
def test_a_head_that_does_not_end_is_left_alone(page: str) -> None:
    """What is cut off in the middle of an element gets no block, or one that HTML finds in the head."""
    made = put(page)
    if made != page.encode():
        assert without_block(made) == shape(page.encode())
        assert html5lib.parse(made, namespaceHTMLElements=False).find("head/meta") is not None


# ---------------------------------------------------------------------------------------------------- bytes

REST = "<html><head><title>Größe</title></head>\r\n<body>naïve 𝄞\r\n</body></html>"


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + REST.encode(),
        REST.replace("<title", '<meta charset="utf-8"><title').encode(),
        REST.replace("<title", "<META CHARSET=ISO-8859-1><title").replace("𝄞", "").encode("latin-1"),
        REST.replace("<title", "<meta http-equiv=content-type content='text/html; charset=windows-1252'><title")
        .replace("𝄞", "€")
        .encode("cp1252"),
        REST.replace("<title", '<meta charset="Shift_JIS"><title')
        .replace("öß", "ソ")
        .replace("ï", "表")
        .replace("𝄞", "")
        .encode("shift_jis"),
        REST.replace("<title", "<meta name=a content='charset=utf-8'><meta charset=latin1><title")
        .replace("𝄞", "")
        .encode("latin-1"),
        codecs.BOM_UTF16_LE + REST.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + REST.encode("utf-16-be"),
        REST.encode(),
    ],
    ids=["UTF-8 BOM", "UTF-8", "Latin-1", "Windows", "Shift_JIS", "two", "UTF-16LE", "UTF-16BE", "not stated"],
)
def test_every_encoding_keeps_its_bytes_and_gets_the_right_words(data: bytes) -> None:
    """Whatever the encoding, parsers read our words as they are meant, and the page's own bytes are as they were."""
    made = put(data)
    tree = html5lib.parse(made, namespaceHTMLElements=False)
    content = {element.get("name"): element.get("content") for element in tree.find("head").iter("meta")}
    assert content["citation_title"] == "Tides & <em>lamps</em> of Århus"
    assert content["citation_journal_title"] == "Journal of Lamps 𝄞"
    [script] = tree.find("head").iter("script")
    assert '"familyName":"Gl' in script.text
    assert "Glów" in script.text or "Gl\\u00f3w" in script.text
    assert take_out(made)[0] == data
    assert put(made) == made


def test_the_block_has_the_page_s_own_line_ends() -> None:
    """A page with CRLF has it in the block too."""
    made = put(REST)
    assert made.count(b"\n") == made.count(b"\r\n")


@pytest.mark.parametrize(
    "data", ["<head></head>".encode("utf-16-le"), b"<meta charset=utf-7><head></head>", b"\x00<p>"]
)
def test_an_encoding_that_cannot_be_told_is_left_alone(data: bytes) -> None:
    """Bytes that may be anything stay as they are, and that is told."""
    made, (trouble, hint) = put_in(data, TAGS, PAGE)
    assert made == data
    assert "encoding" in trouble
    assert hint


def test_a_block_is_replaced() -> None:
    """Another run with another record leaves one block, with the new record."""
    other = [Tag("highwire", "citation_title", '<meta name="citation_title" content="Ebb">', "Ebb")]
    made = put_in(put("<head><title>T</title></head><p>"), other, PAGE)[0]
    assert made.count(BEGIN) == made.count(END) == 1
    assert block(made) == b'\n<meta name="citation_title" content="Ebb">\n'
    assert take_out(made)[0] == b"<head><title>T</title></head><p>"


@pytest.mark.parametrize(
    "page",
    [
        f"<head>{BEGIN.decode()}<title>T</title></head><p>",
        f"<head><title>T</title>{END.decode()}</head><p>",
        f"<head><script>'{BEGIN.decode()}{END.decode()}'</script></head><p>",
        f"<head><title>T</title></head><pre>{BEGIN.decode()}</pre>{END.decode()}",
    ],
)
def test_markers_that_are_no_block_are_the_page_s_own(page: str) -> None:
    """Half a block, or one that a page shows or a script holds, is not taken out."""
    assert take_out(page.encode())[0] == page.encode()
    assert take_out(put(page))[0] == page.encode()
    assert put(put(page)) == put(page)


# ---------------------------------------------------------------------------------------------------- any page

PIECES = (
    "<!doctype html>|<html lang=en>|<head>|<head class='a>b'>|</head>|<body>|</body>|</html>|<title>|</title>|"
    "<meta charset=utf-8>|<meta charset=latin1>|<meta name=a content='b'>|<link rel=canonical href=/x>|"
    "<script>|</script>|<script type='application/ld+json'>{}|<style>|</style>|<template>|</template>|"
    "<noscript>|</noscript>|<!--|-->|<!-->|--!>|<![CDATA[|]]>|<?php|?>|<p>|</p>|<br/>|</br>|<svg>|</svg>|"
    '<textarea>|</textarea>|<|>|&|&amp;|&#65;|&nope|\'|"|=|/| |\n|\r\n|\t|text|é|𝄞|\f|<a href="</head>">|'
    "<iframe>|</iframe>|<frameset>|<select>|<table>|<base href=/>|<header>|<HEAD>|</HEAD >|"
    "<meta http-equiv=refresh content='0; url=/x'>|<!-- feeds: x -->|<plaintext>|<xmp>|</xmp>|<math>|"
    "<meta name=citation_title content=x>"
).split("|")
pages = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
encoded = st.one_of(
    pages.map(lambda page: page.encode()),
    pages.map(lambda page: page.encode("latin-1", "replace")),
    pages.map(lambda page: codecs.BOM_UTF16_LE + page.encode("utf-16-le")),
    st.binary(max_size=60),
)


@given(data=encoded)
@example(data=b"<head>" + BEGIN + b"<head>" + BEGIN + END)
def test_in_and_out_again_is_as_before(data: bytes) -> None:
    """Whatever the page: what goes in comes out byte for byte, and twice in is once in."""
    made = put(data)
    assert put(made) == made
    assert take_out(made)[0] == take_out(data)[0]
    if BEGIN not in data:
        assert take_out(made)[0] == data


@given(page=pages.filter(lambda page: "template" not in page))  # which html5lib does not know
def test_what_parsers_see_of_the_page_stays_the_same(page: str) -> None:
    """Outside the block html5lib and lxml build the same tree as before, and what is in the block is in the head."""
    data = page.encode()
    made = put(data)
    if made == data:
        return
    assert without_block(made) == shape(data)
    found = html5lib.parse(made, namespaceHTMLElements=False).find("head").findall("meta[@name='DC.Title']")
    assert len(found) == 1
    lxml.html.document_fromstring(made)


def shape(data: bytes) -> list[str]:
    """The tree that html5lib builds, one line a node; white space between elements left out."""
    builder = html5lib.getTreeBuilder("etree", fullTree=True)
    return list(_lines(html5lib.HTMLParser(builder, namespaceHTMLElements=False).parse(data), 0))


def without_block(data: bytes) -> list[str]:
    """The same without the block, which stands between its two comments."""
    every = shape(data)
    begin, end = (_comment(every, text) for text in (BEGIN, END))
    opened = [
        line for line in every[begin:end] if line.split()[0] in {"html", "head"}
    ]  # by the block, where no tag did
    return every[:begin] + opened + every[end + 1 :]


def _comment(lines: list[str], text: bytes) -> int:
    return next(n for n, line in enumerate(lines) if line.strip() == f"# {text[4:-3].decode().strip()}")


def _lines(element: Any, depth: int) -> Iterator[str]:
    is_element = isinstance(element.tag, str)
    said = " ".join(f"{key}={value!r}" for key, value in sorted(element.attrib.items()))
    text = " ".join((element.text or "").split())
    yield " " * depth + (f"{element.tag} {said} {text}" if is_element else f"# {text}").rstrip()
    for child in element:
        yield from _lines(child, depth + 1)
        if (child.tail or "").strip():
            yield " " * (depth + 1) + " ".join(child.tail.split())


def test_shape_tells_pages_apart() -> None:
    """The comparison above sees a difference."""
    assert shape(b"<p>a</p>") != shape(b"<p>b</p>")
    assert shape(b"<p>a</p> ") == shape(b"<p> a</p>")


# ---------------------------------------------------------------------------------------------------- what is there

DOI_NODE = '{"@type": "ScholarlyArticle", "identifier": {"@type": "PropertyValue", "value": "10.5555/TIDES"}}'


@pytest.mark.parametrize(
    ("theme", "ours", "not_ours"),
    [
        ('<meta property="og:title" content="T">', ["og:url", "citation_title"], ["og:title"]),
        ('<meta name="og:title" content="T">', ["og:url"], ["og:title"]),
        ('<META PROPERTY="OG:TITLE" CONTENT="T">', ["og:url"], ["og:title"]),
        ('<meta name="citation_doi" content="10.5555/x">', ["DC.Title"], ["citation_"]),
        ('<meta name="dcterms.title" content="T">', ["citation_title"], ["DC.", "schema.DC"]),
        ('<link rel="canonical" href="../tides/">', ["og:url"], ['rel="canonical"']),
        ('<link rel="license" href="/imprint">', ['rel="cite-as"'], ['rel="license"']),
        ('<link rel="author" href="/humans.txt">', ['rel="author"'], []),
        ('<link rel="alternate" type="application/atom+xml" href="/lab/feed.atom">', ["og:url"], ["feed.atom"]),
        ('<link rel="alternate" type="application/atom+xml" href="/lab/feed.xml">', ["feed.atom"], []),
        (f'<script type="application/ld+json">{DOI_NODE}</script>', ["og:url"], ["ld+json"]),
        (f'<script type="application/ld+json">{{"@graph": [{DOI_NODE}]}}</script>', ["og:url"], ["ld+json"]),
        (f"<script type=application/ld+json>{DOI_NODE.replace('TIDES', 'ebb')}</script>", ["ld+json"], []),
        (f"<script type=application/ld+json>{DOI_NODE.replace('Scholarly', '')}</script>", ["ld+json"], []),
        (f'<script type="application/ld+json">{{{DOI_NODE}</script>', ["ld+json"], []),
        (f"<script type=application/ld+json>{'[' * 5000}</script>", ["ld+json"], []),
    ],
)
def test_what_the_theme_wrote_is_not_doubled(theme: str, ours: list[str], not_ours: list[str]) -> None:
    """What the page says already stays the page's own, and nothing else is left out for it."""
    item_tags = [
        *TAGS,
        Tag("signposting", "author", '<link rel="author" href="https://orcid.org/x">', "https://orcid.org/x"),
    ]
    item_tags += [
        Tag("signposting", "license", '<link rel="license" href="https://c.example.org/">', "https://c.example.org/")
    ]
    page = f"<head><meta charset=utf-8>{theme}</head><body>".encode()
    made = block(put_in(page, item_tags, PAGE)[0]).decode()
    assert all(word in made for word in ours)
    assert not any(word in made for word in not_ours)


THEME = """<head><meta charset="utf-8">
<title>Tides | Lantern Lab</title>
<meta name="generator" content="A generator">
<meta property="og:title" content="Tides"><meta property="og:locale" content="en_US">
<meta name="description" content="On tides"><meta property="og:description" content="On tides">
<link rel="canonical" href="https://lantern.example.org/lab/papers/tides/">
<meta property="og:url" content="https://lantern.example.org/lab/papers/tides/">
<meta property="og:site_name" content="Lantern Lab"><meta property="og:type" content="article">
<meta property="article:published_time" content="2024-03-04T00:00:00+00:00"><meta name="twitter:card" content="summary">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "BlogPosting",
"url": "https://lantern.example.org/lab/papers/tides/"}</script>
<link type="application/atom+xml" rel="alternate" href="https://lantern.example.org/lab/feed.xml" title="Lantern Lab">
</head><body></body>"""  # as a theme's plugin for search engines writes it


def test_a_page_of_a_theme_for_search_engines() -> None:
    """Where a theme writes Open Graph, a canonical link and a BlogPosting, the page gets the record of the paper."""
    page = put(THEME)
    head = html5lib.parse(page, namespaceHTMLElements=False).find("head")
    properties = [meta.get("property") for meta in head.iter("meta") if meta.get("property")]
    assert len(properties) == len(set(properties))
    assert [link.get("rel") for link in head.iter("link")].count("canonical") == 1
    types = [json.loads(script.text)["@type"] for script in head.iter("script")]
    assert types == ["BlogPosting", "ScholarlyArticle"]
    assert b"citation_title" in block(page)
    assert b"og:" not in block(page)


@pytest.mark.parametrize("href", ["http://[", "//[::1", "http://a:b/", "javascript:x", " ", "&#0;"])
def test_broken_addresses_of_a_theme_do_no_harm(href: str) -> None:
    """Whatever a theme writes as a link, the page gets its block."""
    made, _ = put_in(
        f'<head><link rel="canonical" href="{href}"><link rel=author href="{href}"></head>'.encode(), TAGS, PAGE
    )
    assert b"citation_title" in block(made)


keys = st.sampled_from(["@id", "@type", "@graph", "identifier", "mainEntityOfPage", "url", "value", "doi", "x"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["ScholarlyArticle", "10.5555/tides", PAGE, "", "[", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(value=values)
def test_any_json_ld_of_a_theme_is_looked_through(value: object) -> None:
    """Whatever shape a theme's JSON-LD has, the page gets its block, and is what it was without it."""
    page = f'<head><script type="application/ld+json">{json.dumps(value)}</script></head>'.encode()
    made = put(page)
    assert b"citation_title" in block(made)
    assert take_out(made)[0] == page


def test_json_ld_in_the_body_counts() -> None:
    """Themes write JSON-LD at the end of the page."""
    made = put(f"<head></head><body><script type=application/ld+json>{DOI_NODE}</script>")
    assert b"ld+json" not in block(made)
    assert b"citation_title" in block(made)


def test_another_canonical_address_is_told() -> None:
    """A page that calls another address its own keeps it, and that is told with the address."""
    page = b"<head><link rel=canonical href=http://localhost:4000/lab/papers/tides/></head>"
    made, (trouble, hint) = put_in(page, TAGS, PAGE)
    assert b"canonical" not in block(made)
    assert "http://localhost:4000/lab/papers/tides/" in trouble
    assert hint
    assert put_in(page.replace(b"http://localhost:4000", b"https://lantern.example.org"), TAGS, PAGE)[1] == ("", "")


def test_a_redirect_is_left_alone() -> None:
    """A page that only sends its reader on gets no block, and loses the one it has."""
    stub = b'<head><meta http-equiv="Refresh" content="0; URL=/new/"></head>'
    assert put(stub) == stub
    made = put("<head><title>T</title></head>").replace(
        b"<title>T</title>", b"<meta http-equiv=refresh content=0;url=/x>"
    )
    assert put(made) == b"<head><meta http-equiv=refresh content=0;url=/x></head>"
