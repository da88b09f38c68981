"""What holds for the feeds of every format, whatever is in a post and wherever they are written."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from feeds import registry, text
from feeds.model import Attachment, Collection, Item, Person, Site, Work
from lab_feed import SITE, collection, post
from test_atom import GRAMMAR
from test_json_feed import assert_json_feed, load
from test_rss import assert_rss
from test_rss1 import assert_rss1

CASES = Path(__file__).parent / "cases"
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
PRISM = "{http://prismstandard.org/namespaces/basic/2.0/}"
RSS = "{http://purl.org/rss/1.0/}"


class Said(Struct, frozen=True):
    """What a valid document says of an item; summary and content are HTML."""

    title: str
    summary: str
    content: str
    authors: list[str]
    words: list[str]
    journal: str | None = None  # None: the format has no place for it
    id: str | None = None


def in_atom(body: bytes) -> list[Said]:
    root = etree.fromstring(body)
    GRAMMAR.assertValid(root)
    assert all(re.fullmatch(r"[!-~]+", str(link.get("href"))) for link in root.iter(f"{ATOM}link"))
    return [
        Said(
            id=made.findtext(f"{ATOM}id"),
            title=made.findtext(f"{ATOM}title") or "",
            summary=made.findtext(f"{ATOM}summary") or "",
            content=made.findtext(f"{ATOM}content") or "",
            authors=texts(made, f"{ATOM}author/{ATOM}name"),
            words=[str(e.get("term")) for e in made.iterfind(f"{ATOM}category")],
        )
        for made in root.iterfind(f"{ATOM}entry")
    ]


def in_rss(body: bytes) -> list[Said]:
    assert_rss(body)
    return [
        Said(
            id=made.findtext("guid"),
            title=made.findtext("title") or "",
            summary=made.findtext("description") or "",
            content=made.findtext(f"{CONTENT}encoded") or "",
            authors=texts(made, f"{DC}creator"),
            words=texts(made, "category"),
            journal=made.findtext(f"{PRISM}publicationName") or "",
        )
        for made in etree.fromstring(body).iterfind("channel/item")
    ]


def in_rss1(body: bytes) -> list[Said]:
    assert_rss1(body)
    return [
        Said(
            title=made.findtext(f"{RSS}title") or "",
            summary=made.findtext(f"{RSS}description") or "",
            content=made.findtext(f"{CONTENT}encoded") or "",
            authors=texts(made, f"{DC}creator"),
            words=texts(made, f"{DC}subject"),
            journal=made.findtext(f"{PRISM}publicationName") or "",
        )
        for made in etree.fromstring(body).iterfind(f"{RSS}item")
    ]


def in_json(body: bytes) -> list[Said]:
    assert_json_feed(body)
    return [
        Said(
            id=made["id"],
            title=made["title"],
            summary=html.escape(made.get("summary", ""), quote=False),
            content=made.get("content_html", ""),
            authors=[a["name"] for a in made.get("authors", [])],
            words=made.get("tags", []),
            journal=made.get("_scholarly", {}).get("journal", ""),
        )
        for made in load(body)["items"]
    ]


def texts(parent: etree._Element, tag: str) -> list[str]:
    return [e.text or "" for e in parent.iterfind(tag)]


FORMATS: dict[str, Callable[[bytes], list[Said]]] = {
    "atom": in_atom,
    "rss": in_rss,
    "rss1": in_rss1,
    "json-feed": in_json,
}


def render(name: str, of: Collection, site: Site = SITE, **options: Any) -> bytes:
    exporter = registry.exporter(name)
    (artifact,) = exporter.render(of, site, msgspec.convert(options, exporter.options))
    return artifact.body


# ---------------------------------------------------------------------------------------------------- any text

ANY = st.text(st.characters(exclude_categories=()), max_size=60)  # lone surrogates and controls included
SOME = st.lists(ANY, max_size=3)
STATED = ANY.map(lambda stated: stated if stated.strip() else "")


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=150)
@given(title=ANY, summary=ANY, body=ANY, names=SOME, tags=SOME, record=STATED)
def test_any_text_comes_back(
    name: str, title: str, summary: str, body: str, names: list[str], tags: list[str], record: str
) -> None:
    """Whatever the strings, the document keeps its format's rules, and each legal text comes back exactly."""
    summary = text.legal(summary)
    assume(not summary.strip() or text.squeeze(summary).rstrip(".") != text.squeeze(title).rstrip("."))
    people = tuple(Person(name=n, orcid=n) for n in names)
    work = Work(authors=people, journal=record, volume=record, doi=record, license=record, date=record, issn=record)
    item = Item(post=post(id=record, title=title, summary=summary, html=body, tags=tuple(tags)), work=work)
    site = replace(SITE, title=title, description=summary, license=record)
    (said,) = FORMATS[name](render(name, collection(item), site, citation=False))

    def legal(stated: str, otherwise: str = "") -> str:
        return text.legal(stated) if stated.strip() else otherwise

    alone = name == "rss" and not said.content and bool(body.strip())  # a text without a summary is the description
    short, full = ("", said.summary) if alone else (said.summary, said.content)
    assert said.title == legal(title, post().url)
    assert html.unescape(short) == legal(summary)
    assert text.legal(full.replace(">&#x338;", ">\u0338")) == legal(body)
    assert said.authors == [text.legal(n) for n in names if n.strip()]
    assert said.words == list(dict.fromkeys(text.legal(t) for t in tags if t.strip()))
    assert said.journal in {None, text.legal(record)}
    assert said.id in {None, legal(record, post().url)}


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=50)
@given(url=ANY, uid=ANY, lang=ANY, media=ANY, doi=ANY)
def test_any_address_leaves_the_document_valid(name: str, url: str, uid: str, lang: str, media: str, doi: str) -> None:
    """Addresses, ids, DOIs, languages and media types of any shape leave the document valid, and no item is lost."""
    address = "https://x.example.org/" + url
    files = (Attachment(url=address, media_type=media, size=1), Attachment(url=address + "b", media_type=media))
    about = post(url=address, lang=lang, image=address, attachments=files)
    work = Work(doi=doi, urls=(url, address), pdf=address, license=url)
    other = post(url=address, id=f"urn:{uid}")
    assert len(FORMATS[name](render(name, collection(Item(post=about, work=work), Item(post=other))))) == 2


# ---------------------------------------------------------------------------------------------------- the site


def test_icon_of_the_site_is_that_of_its_feeds() -> None:
    """Each format has a place for it, but RSS 1.0; RSS 2.0 takes three types of pictures, with title and link."""
    icon = "https://lab.example.org/ícon.png"
    said = {name: render(name, collection(), replace(SITE, icon=icon)) for name in FORMATS}
    assert feedparser.parse(said["atom"]).feed.icon == "https://lab.example.org/%C3%ADcon.png"
    image = feedparser.parse(said["rss"]).feed.image
    assert (image.href, image.title) == ("https://lab.example.org/%C3%ADcon.png", "Papers of the Example Lab")
    assert image.link == "https://lab.example.org/"
    assert load(said["json-feed"])["icon"] == "https://lab.example.org/%C3%ADcon.png"
    assert GRAMMAR.validate(etree.fromstring(said["atom"]))
    assert b"image" not in render("rss", collection(), replace(SITE, icon="https://lab.example.org/icon.webp"))


# ---------------------------------------------------------------------------------------------------- rights


@pytest.mark.parametrize("name", ["atom", "rss", "rss1"])
def test_a_work_has_no_licence_but_its_own(name: str) -> None:
    """The site's licence is said of its texts alone, not of a work, nor of the feed, which readers ask instead."""
    ours, theirs = "https://creativecommons.org/licenses/by-sa/4.0/", "https://creativecommons.org/licenses/by/4.0/"
    items = [
        Item(post=post(id="urn:news", url="https://lab.example.org/news")),
        Item(post=post(id="urn:bare", url="https://lab.example.org/bare"), work=Work(doi="10.5555/bare")),
        Item(post=post(id="urn:open", url="https://lab.example.org/open"), work=Work(license=theirs)),
    ]
    read = feedparser.parse(render(name, collection(*items)))
    assert "rights" not in read.feed
    assert [entry.get("rights", "") for entry in read.entries] == [f"Example University, {ours}", "", theirs]


# ---------------------------------------------------------------------------------------------------- same bytes

_CHILD = """
import locale, sys, msgspec
from feeds import registry
from feeds.model import Collection, Site
locale.setlocale(locale.LC_ALL, "")
of, site, formats = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[Collection, Site, dict[str, dict]])
for name, options in formats.items():
    exporter = registry.exporter(name)
    sys.stdout.buffer.write(next(iter(exporter.render(of, site, msgspec.convert(options, exporter.options)))).body)
"""


@pytest.mark.parametrize(("zone", "language", "seed"), [("Asia/Kathmandu", "C", "1"), ("America/Lima", "C.UTF-8", "2")])
def test_same_bytes_on_any_machine(zone: str, language: str, seed: str) -> None:
    """Another process with another time zone, locale and hash seed writes the same bytes in every format."""
    files = sorted(file for name in FORMATS for file in (CASES / name).glob("*/item.json"))
    of = collection(*(msgspec.json.decode(file.read_bytes(), type=Item) for file in files))
    formats: dict[str, dict[str, Any]] = {name: {} for name in FORMATS}
    formats["rss"] = {"skip_days": ["Saturday", "Sunday", "Monday"]}
    child = subprocess.run(  # our own interpreter, our own program
        [sys.executable, "-c", _CHILD],
        input=msgspec.json.encode((of, SITE, formats)),
        env={**os.environ, "TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert child.stdout == b"".join(render(name, of, **options) for name, options in formats.items())


# ---------------------------------------------------------------------------------------------------- options


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "options",
    [
        {"filename": "../feed"},
        {"filename": ".."},
        {"filename": ""},
        {"filename": "a\n"},
        {"filename": "a/feed"},
        {"limit": 0},
        {"max_bytes": 0},
        {"content": "some"},
        {"hub": "hub.example.org"},
        {"colour": "red"},
    ],
)
def test_wrong_options_are_refused(name: str, options: dict[str, Any]) -> None:
    """A file name that leaves the folder, a limit of nothing, an unknown key: each is an error."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, registry.exporter(name).options)
