"""A work's address answers in the format that is asked for; Signposting and alternates in the header."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import signposting

from feeds.server._accept import best, takes_gzip
from served import BIBTEX, CSL, DATACITE, RIS, SITE, Answer, Client, Shelf, serving

LD = "application/ld+json"
BIB = "application/x-bibtex"
HTML = "text/html; charset=utf-8"
PAGE = "/works/2024/glow.html"
PUBLIC = "https://lantern.example.org"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    shelf = Shelf(tmp_path_factory.mktemp("lab"))
    shelf.work("glow", "10.5555/glow(2)<1>;x")
    shelf.work("wick", page=False)
    shelf.bury(shelf.work("snuffed", "10.5555/snuffed"))
    shelf.publish()
    with serving(shelf.target.output) as client:
        yield client


# What is asked for, and what comes, by the rules of RFC 9110, section 12.5.1; equals: HTML, JSON-LD, CSL-JSON …
TABLE = [
    ("", HTML),
    ("*/*", HTML),
    ("text/html", HTML),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),  # a browser
    ("text/*", HTML),
    ("application/*", LD),
    ("application/ld+json", LD),
    ("APPLICATION/LD+JSON", LD),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', LD),
    ("application/ld+json, */*", LD),  # what is named comes before what is only allowed
    ("application/ld+json;q=0.9, text/html;q=0.8", LD),
    ("application/ld+json;q=0.8, text/html;q=0.9", HTML),
    ("text/html;q=0, */*", LD),
    ("*/*;q=0.1, text/html;q=0.05", LD),  # the most exact range counts, not the best
    ("application/x-bibtex", BIBTEX),
    ("text/turtle, application/x-bibtex;q=0.2", BIBTEX),
    ("application/x-research-info-systems", RIS),
    ("application/vnd.citationstyles.csl+json", CSL),
    ("application/vnd.citationstyles.csl+json;q=1.0, application/x-bibtex;q=0.5", CSL),
    ("application/vnd.datacite.datacite+json", DATACITE),
    ("application/xml", "application/xml"),
    ("application/linkset+json", "application/linkset+json"),
    ("garbage", HTML),
    (",,;;q=1", HTML),
    ("text/html;q=foo", HTML),
]


@pytest.mark.parametrize(("accept", "media_type"), TABLE)
def test_what_is_liked_best_comes(client: Client, accept: str, media_type: str) -> None:
    """The landing page's address, and the work's id, give the format that is asked for."""
    for path in (PAGE, "/id/10.5555/glow(2)%3C1%3E;x"):
        answer = client.ask(path, {"Accept": accept} if accept else {})
        if media_type == HTML and path != PAGE:
            assert (answer.status, answer.get("Location")) == (303, "../../works/2024/glow.html")
        else:
            assert (answer.status, answer.get("Content-Type")) == (200, media_type)
        assert "Accept" in answer.get("Vary").split(", ")


def test_a_format_says_where_it_is(client: Client) -> None:
    """Content-Location names the file, relatively; the bytes and the tag are the file's own."""
    for path, where in ((PAGE, "../../2024/glow.bib"), ("/id/10.5555/GLOW(2)%3c1%3e%3Bx", "../../2024/glow.bib")):
        answer = client.get(path, Accept=BIB)
        assert answer.get("Content-Location") == where
        file = client.get("/2024/glow.bib")
        assert (answer.body, answer.get("ETag")) == (file.body, file.get("ETag"))
    assert client.get(PAGE).get("Content-Location") == ""
    assert client.get(PAGE, Accept=BIB, If_None_Match=file.get("ETag")).status == 304


def test_the_post_has_its_address_here(client: Client) -> None:
    """Where the post's own address is on this host, it answers too; it is redirected to the landing page."""
    assert client.get("/2024/glow.html", Accept=LD).get("Content-Type") == LD
    assert client.get("/2024/glow.html").get("Location") == "../works/2024/glow.html"
    browser = client.get("/2024/wick.html", Accept="text/html,*/*;q=0.8")  # no page of ours: what there is
    assert browser.get("Content-Type") == LD
    assert client.get("/2024/wick.html", Accept="text/html").status == 406


def test_a_work_without_a_doi_has_an_id(client: Client) -> None:
    """Its tag URI; who wants to read is sent to the post."""
    path = "/id/tag:lantern.example.org,2024-06-01:_posts/wick.md"
    assert client.get(path, Accept=LD).get("Content-Type") == LD
    answer = client.get(path)
    assert (answer.status, answer.get("Location")) == (303, "https://lantern.example.org/2024/wick.html")


def test_people_can_name_a_format(client: Client) -> None:
    """`?format=` comes before the header; an unknown one is told with those that there are."""
    assert client.get(f"{PAGE}?format=ris", Accept="text/html").get("Content-Type") == RIS
    assert client.get(f"{PAGE}?format=html", Accept=LD).get("Content-Type") == HTML
    assert client.get(f"{PAGE}?format=docx").status == 406


def test_nothing_that_fits(client: Client) -> None:
    """406 lists the formats, for people and as links; also where HTML is refused."""
    for accept in ("image/png", "text/html;q=0, application/*;q=0", "*/*;q=0"):
        answer = client.get(PAGE, Accept=accept)
        assert answer.status == 406
        assert "Accept" in answer.get("Vary")
        assert f'<{PUBLIC}/2024/glow.bib>; rel="alternate"; type="application/x-bibtex"' in answer.get("Link")
        assert b"../../2024/glow.bib" in answer.body


def test_what_is_withdrawn_is_gone(client: Client) -> None:
    """A tombstone's address and id answer 410."""
    assert client.get("/id/10.5555/snuffed").status == 410
    assert client.get("/2024/snuffed.html").status == 410
    assert client.get("/id/10.5555/never").status == 404


def links(answer: Answer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for href, rel in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.get("Link")):
        found.setdefault(rel, []).append(href)
    return found


def test_other_formats_are_linked(client: Client) -> None:
    """Each but the one that came, with its type."""
    alternates = links(client.get(PAGE, Accept=BIB))["alternate"]
    assert f"{PUBLIC}{PAGE}" in alternates
    assert f"{PUBLIC}/2024/glow.jsonld" in alternates
    assert f"{PUBLIC}/2024/glow.bib" not in alternates
    assert len(alternates) == 6


def test_the_landing_page_has_its_signposts(client: Client) -> None:
    """The signposting library finds in the header what the link set says."""
    answer = client.get(PAGE)
    found = signposting.find_signposting_http_link([answer.get("Link")], f"{PUBLIC}{PAGE}")
    assert found.citeAs is not None
    assert found.citeAs.target == "https://doi.org/10.5555/glow(2)%3C1%3E;x"
    assert {str(one.target) for one in found.types} == {
        "https://schema.org/AboutPage",
        "https://schema.org/ScholarlyArticle",
    }
    assert {str(one.target) for one in found.authors} == {"https://orcid.org/0000-0002-1825-0097"}
    assert found.license is not None
    assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
    [pdf] = found.items
    assert (pdf.target, pdf.type) == (f"{PUBLIC}/pdf/glow.pdf", "application/pdf")
    [record] = found.describedBy
    assert (record.target, record.type) == (f"{PUBLIC}/2024/glow.jsonld", LD)
    [linkset] = found.linksets
    assert (linkset.target, linkset.type) == (f"{PUBLIC}/2024/glow.linkset.json", "application/linkset+json")


def test_a_record_says_what_it_describes(client: Client) -> None:
    """The file leads back to the page."""
    found = links(client.get("/2024/glow.jsonld"))
    assert found["describes"] == [f"{PUBLIC}{PAGE}"]
    assert found["linkset"] == [f"{PUBLIC}/2024/glow.linkset.json"]
    assert links(client.get("/2024/glow.linkset.json")) == {}


def test_of_many_links_the_link_set_is_named_alone(tmp_path: Path) -> None:
    """More than five of a kind, or a header that proxies refuse, stand in the link set only; nothing breaks out."""
    shelf = Shelf(tmp_path)
    owner = shelf.work("glow", "10.5555/glow")
    anchor = f"{SITE.feeds_url}{PAGE}"
    hostile = {"href": 'https://a.example/"\r\nX-Evil: 1>; rel="x', "type": 'text/html"; rel="y'}
    foreign = {
        "href": "https://a.example/ü",
        "type": "text/ü",
        "profile": ["https://p.example/1", "https://p.example/ü"],
    }
    context = {
        "anchor": anchor,
        "author": [{"href": f"https://orcid.org/{n}"} for n in range(6)],
        "cite-as": [hostile],
        "describedby": [foreign],
        "ev\r\nil": [{"href": "https://a.example"}],
    }
    put = "2024/glow.linkset.json", "application/linkset+json"
    shelf.file(*put, json.dumps({"linkset": [context]}), owner, "linkset")
    shelf.publish()
    with serving(shelf.target.output) as client:
        answer = client.get(PAGE)
        assert answer.get("X-Evil") == ""
        found = links(answer)
        assert set(found) == {"cite-as", "describedby", "linkset", "alternate"}
        said = '<https://a.example/%C3%BC>; rel="describedby"; profile="https://p.example/1 https://p.example/%C3%BC"'
        assert said in answer.get("Link")
        assert found["cite-as"] == ["https://a.example/%22%0D%0AX-Evil:%201%3E;%20rel=%22x"]
        context["item"] = [{"href": f"https://a.example/{'x' * 7000}"}]
        shelf.file(*put, json.dumps({"linkset": [context]}), owner, "linkset")
        shelf.publish()
        assert set(links(client.get(PAGE))) == {"linkset", "alternate"}
        wrong = {"linkset": [{"anchor": anchor, "x": 3}]}
        for broken in ("[]", "{", '{"linkset": [{"anchor": 3}]}', '{"linkset": 3}', json.dumps(wrong)):
            shelf.file(*put, broken, owner, "linkset")
            shelf.publish()
            assert set(links(client.get(PAGE))) == {"linkset", "alternate"}


def test_quality_is_that_of_the_most_exact_range() -> None:
    """RFC 9110's own example of section 12.5.1, as far as parameters go."""
    accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    assert best(accept, ["text/html", "image/jpeg"]) == 1
    assert best(accept, ["image/jpeg", "text/plain"]) == 1
    assert best("text/html;level=3;q=0.7", ["image/jpeg"]) is None
    assert best("*/*", []) is None


def test_gzip_by_its_name() -> None:
    """`*` does not name it; q=0 refuses it."""
    assert takes_gzip("br;q=1.0, gzip;q=0.8, *;q=0.1")
    assert takes_gzip("GZIP")
    assert not takes_gzip("gzip;q=0.0")
    assert not takes_gzip("")
