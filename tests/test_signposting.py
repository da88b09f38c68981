"""Signposting: a client finds every link of a work in its page, in its link set and in the header."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import signposting
from msgspec.structs import replace

from feeds.exporters import _head, _signposting, linkset
from feeds.model import Artifact, Item, NoOptions, Person, Site
from head_items import SITE, item

Pages = dict[str, tuple[str, bytes]]  # path → Content-Type, body


@pytest.fixture
def served() -> Iterator[tuple[str, Pages]]:
    """A server of a few pages: its address, and what it serves."""
    pages: Pages = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = pages.get(self.path, ("", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", pages
        server.shutdown()


def rendered(one: Item, site: Site) -> Artifact:
    """The link set of an item."""
    [made] = linkset.EXPORTER.render(one, site, NoOptions())
    return made


def contexts(one: Item, site: Site = SITE) -> dict[str, dict[str, list[dict[str, str]]]]:
    """What the link set says, by anchor."""
    found = json.loads(rendered(one, site).body)["linkset"]
    return {context.pop("anchor"): context for context in found}


def test_a_client_finds_level_1_in_the_page(served: tuple[str, Pages]) -> None:
    """The signposting library finds in the HTML every relation of the work, each with its type."""
    address, pages = served
    article = item("article")
    block = "\n".join(tag.html for tag in _head.tags(article, SITE, article.post.url))
    pages["/"] = ("text/html; charset=utf-8", f"<html><head>{block}</head></html>".encode())
    found = signposting.find_signposting_html(f"{address}/")
    below = "https://lantern.example.org/lab/works/article"
    assert found.citeAs
    assert found.citeAs.target == "https://doi.org/10.5555/tides"
    assert {one.target for one in found.types} == {
        "https://schema.org/AboutPage",
        "https://schema.org/ScholarlyArticle",
    }
    assert {one.target for one in found.authors} == {"https://orcid.org/0000-0002-1825-0097"}
    assert found.license
    assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
    assert {(one.target, str(one.type)) for one in found.items} == {
        (f"{below}/slides.odp", "application/vnd.oasis.opendocument.presentation"),
        (f"{below}/tides.pdf", "application/pdf"),
    }
    assert {(one.target, str(one.type), *one.profiles) for one in found.describedBy} == {
        (f"{below}/index.jsonld", "application/ld+json"),
        (f"{below}/index.bib", "application/x-bibtex"),
    }
    assert "profile=" not in block  # no attribute of HTML's <link>: validators call it an error
    assert [one.target for one in found.linksets] == [f"{below}/index.linkset.json"]


def test_a_client_finds_level_2_in_the_link_set(served: tuple[str, Pages]) -> None:
    """It finds the same in the link set for the page, and from each file and record a link back to the page."""
    address, pages = served
    article = item("article")
    made = rendered(article, SITE)
    assert made.path == "works/article/index.linkset.json"
    pages["/set"] = (made.media_type, made.body)
    found = signposting.find_signposting_linkset(f"{address}/set").for_context(article.post.url)
    assert found.citeAs
    assert (len(found.types), len(found.authors), len(found.items), len(found.describedBy)) == (2, 1, 2, 2)
    below = "https://lantern.example.org/lab/works/article"
    back = [{"href": f"{below}/", "type": "text/html"}]
    said = contexts(article)
    assert said[f"{below}/tides.pdf"] == {"collection": back}
    assert said[f"{below}/slides.odp"] == {"collection": back}
    assert said[f"{below}/index.jsonld"] == {"describes": back}
    assert said[f"{below}/index.bib"] == {"describes": back}
    assert len(said) == 5


def test_the_link_set_is_about_the_page_that_there_is() -> None:
    """Where each work has a page of ours, the links are that page's."""
    assert "https://lantern.example.org/lab/works/works/article/index.html" in contexts(
        item("article"), replace(SITE, pages=True)
    )


def test_of_too_many_links_the_link_set_is_named() -> None:
    """More than five authors are in the link set alone; where there is none they are in the page."""
    article = item("article")
    assert article.work
    people = tuple(Person(name=f"P {n}", orcid=f"0000-0000-0000-000{n}") for n in range(6))
    many = replace(article, work=replace(article.work, authors=people))
    rels = [tag.key for tag in _signposting.tags(many, SITE)]
    assert rels.count("author") == 0
    assert rels.count("linkset") == 1
    assert len(contexts(many)[article.post.url]["author"]) == 6
    without = replace(many, documents=many.documents[:2])
    assert [tag.key for tag in _signposting.tags(without, SITE)].count("author") == 6


def test_an_author_is_a_person_or_an_organisation() -> None:
    """The ROR id beside a person is that of the institution, which has not written the work."""
    article = item("article")
    assert article.work
    lamp, harbour = "https://ror.org/00example1", "https://ror.org/00example2"
    people = (Person(name="Cy Ember", ror=lamp), Person(name="Harbour Office", organization=True, ror=harbour))
    made = replace(article, work=replace(article.work, authors=people))
    assert contexts(made)[article.post.url]["author"] == [{"href": harbour}]


def test_news_has_no_links() -> None:
    """There is nothing to cite, so there is no link set."""
    assert list(linkset.EXPORTER.render(item("news"), SITE, NoOptions())) == []
