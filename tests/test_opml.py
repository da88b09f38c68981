"""The subscription list, held against the rules of OPML 2.0 (http://opml.org/spec2.opml)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from feeds import config
from feeds.errors import ConfigError
from feeds.exporters import opml
from feeds.model import Artifact, Catalog, Collection, Person, Site
from feeds.text import is_web, legal

WHEN = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
SITE = Site(
    url="https://lantern.example.org/lab",
    feeds_url="https://feeds.example.org/a b",
    title="Lantern Lab & Friends",
    description="Lamps.",
    language="de-CH",
    publisher=Person(name="The Lantern Lab", organization=True, url="https://lantern.example.org/contact"),
)
KINDS = {"rss": "rss+xml; charset=utf-8", "atom": "atom+xml; charset=utf-8", "json": "feed+json", "rdf": "rdf+xml"}


def collection(name: str, title: str, about: str = "") -> Collection:
    return Collection(name=name, title=title, path="", items=(), updated=WHEN, description=about)


def feed(collection: str, suffix: str) -> tuple[str, Artifact]:
    path = f"{collection}/feed.{suffix}".lstrip("/")
    return collection, Artifact(path=path, media_type=f"application/{KINDS[suffix]}")


CATALOG = Catalog(
    rows=(),
    collections=(collection("", "Lantern Lab"), collection("дюны", "Дюны <1>", "All dunes."), collection("c", "None")),
    feeds=(
        ("", Artifact(path="all.bib", media_type="application/x-bibtex")),
        *(feed("", suffix) for suffix in ("rss", "atom", "json", "rdf")),
        feed("дюны", "json"),
        feed("дюны", "rss"),
    ),
    updated=WHEN,
)


def rendered(catalog: Catalog = CATALOG, site: Site = SITE, **options: Any) -> etree._Element:
    [artifact] = opml.EXPORTER.render(catalog, site, opml.EXPORTER.options(**options))
    assert (artifact.path, artifact.media_type) == ("feeds.opml", "text/x-opml; charset=utf-8")
    return etree.fromstring(artifact.body)


def outlines(root: etree._Element) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in o.attrib.items()} for o in root.iter("outline") if o.get("type")]


def assert_valid(root: etree._Element) -> None:
    """The rules of the specification for a subscription list."""
    assert (root.tag, root.attrib.items()) == ("opml", [("version", "2.0")])
    assert [child.tag for child in root] == ["head", "body"]
    head, body = root
    names = [child.tag for child in head]
    known = set("title dateCreated dateModified ownerName ownerEmail ownerId docs".split())
    assert len(names) == len(set(names))
    assert set(names) <= known
    assert all(child.text and child.text.strip() and not len(child) for child in head)
    assert len(body) >= 1
    for outline in body.iter("outline"):
        assert outline.get("text", "").strip()
        if "type" in outline.attrib:
            assert outline.get("type") == "rss"
            assert is_web(outline.get("xmlUrl", ""))
            assert outline.get("xmlUrl", "").isascii()
            assert set(outline.attrib) <= set("type text xmlUrl description htmlUrl language title version".split())
            assert outline.get("version", "RSS") in {"RSS", "RSS1"}
            assert not len(outline)
        else:
            assert [child.get("type") for child in outline.iter("outline")].count("rss") >= 1


def test_one_feed_of_each_collection() -> None:
    """A reader that takes in the list subscribes to every collection once, in the format best understood."""
    root = rendered()
    assert_valid(root)
    shared = {"type": "rss", "htmlUrl": "https://lantern.example.org/lab/", "language": "de-CH"}
    assert outlines(root) == [
        shared
        | {
            "text": "Lantern Lab",
            "title": "Lantern Lab",
            "xmlUrl": "https://feeds.example.org/a%20b/feed.atom",
            "description": "Lamps.",
        },
        shared
        | {
            "text": "Дюны <1>",
            "title": "Дюны <1>",
            "xmlUrl": "https://feeds.example.org/a%20b/%D0%B4%D1%8E%D0%BD%D1%8B/feed.rss",
            "description": "All dunes.",
            "version": "RSS",
        },
    ]
    assert root.xpath("/opml/body/outline/@text") == ["Lantern Lab & Friends"]


def test_all_formats() -> None:
    """On request every format is listed, grouped by collection and told apart; what is no feed is not."""
    root = rendered(formats="all")
    assert_valid(root)
    groups = root.findall("body/outline/outline")
    assert {str(group.get("text")): [feed.get("text") for feed in group] for group in groups} == {
        "Lantern Lab": [f"Lantern Lab ({name})" for name in ("Atom", "RSS", "JSON Feed", "RSS 1.0")],
        "Дюны <1>": ["Дюны <1> (RSS)", "Дюны <1> (JSON Feed)"],
    }
    assert [o.get("version", "") for o in outlines(root)] == ["", "RSS", "", "RSS1", "RSS", ""]


def test_tags_and_authors_on_request() -> None:
    """Who takes in the list does not subscribe to every tag, unless that is asked for: then each kind has a folder."""
    tags = tuple(replace(collection(f"tags:{tag}", f"Lab: {tag}"), each="tag", value=tag) for tag in ("amber", "brass"))
    catalog = replace(
        CATALOG,
        collections=(*tags, *CATALOG.collections),
        feeds=(*CATALOG.feeds, feed("tags:amber", "atom"), feed("tags:brass", "atom")),
    )
    assert outlines(rendered(catalog)) == outlines(rendered())
    root = rendered(catalog, each=True)
    assert_valid(root)
    folders = {str(folder.get("text")): [one.get("text") for one in folder] for folder in root.findall("body/outline")}
    assert folders == {
        "Lantern Lab & Friends": ["Lantern Lab", "Дюны <1>"],
        "Tags": ["Lab: amber", "Lab: brass"],
    }
    assert next(iter(folders)) == "Lantern Lab & Friends"


def test_head() -> None:
    """It says whose list it is, and when it last changed, in English and never the time of the run."""
    head = rendered()[0]
    assert {child.tag: child.text for child in head} == {
        "title": "Lantern Lab & Friends",
        "dateModified": "Fri, 01 Mar 2024 12:30:00 +0000",
        "ownerName": "The Lantern Lab",
        "ownerId": "https://lantern.example.org/contact",
        "docs": "http://opml.org/spec2.opml",
    }
    assert parsedate_to_datetime(head.findtext("dateModified", "")) == WHEN


def test_what_is_not_known_is_not_there() -> None:
    """Without a publisher and a description there are no elements and attributes for them."""
    root = rendered(site=replace(SITE, publisher=None, description="", language=""))
    assert [child.tag for child in root[0]] == ["title", "dateModified", "docs"]
    assert not {"description", "language"} & outlines(root)[0].keys()


def test_without_feeds_there_is_no_list() -> None:
    """A body needs an outline."""
    assert list(opml.EXPORTER.render(replace(CATALOG, feeds=()), SITE, opml.EXPORTER.options())) == []


def test_it_is_exported_unless_others_are_chosen_and_before_the_page_that_links_it() -> None:
    """A group that configures nothing gets it."""
    assert config.DEFAULT_EXPORTS.index("opml") < config.DEFAULT_EXPORTS.index("index")


@given(title=st.text(), about=st.text(), owner=st.text(), formats=st.sampled_from(["one", "all"]))
def test_any_text(title: str, about: str, owner: str, formats: str) -> None:
    """Whatever a site is called, the list is valid, and its legal text comes back."""
    catalog = replace(CATALOG, collections=(collection("", title, about), collection("дюны", about)))
    site = replace(SITE, title=title, publisher=Person(name=owner))
    root = rendered(catalog, site, formats=formats)
    assert_valid(root)
    if formats == "one" and legal(title).strip():
        assert outlines(root)[0]["text"] == legal(title).strip()


@pytest.mark.parametrize("options", [{"formats": "some"}, {"filename": "x"}])
def test_options(options: dict[str, str]) -> None:
    """An option that is none is refused when the configuration is read."""
    raw = f"sources: [{{path: a}}]\nexports: [{{opml: {options}}}]\n".encode()
    with pytest.raises(ConfigError):
        config.parse(raw, Path("/site/config.yaml"))
