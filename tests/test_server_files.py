"""What `feeds serve` answers for published files (RFC 9110)."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from feeds.model import Site
from served import ATOM, SITE, Answer, Client, Shelf, serving

FEED = "<feed>" + "We light lamps. " * 100 + "</feed>"
ETAG = f'"{hashlib.sha256(FEED.encode()).hexdigest()}"'


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    shelf = Shelf(tmp_path_factory.mktemp("lab"))
    shelf.file("feed.atom", ATOM, FEED)
    shelf.file("index.html", "text/html; charset=utf-8", "<!DOCTYPE html><title>All</title>")
    shelf.file("tags/straßenlampe/feed.atom", ATOM, "<feed/>")
    shelf.file("tags/straßenlampe/index.html", "text/html; charset=utf-8", "<title>Straßenlampe</title>")
    shelf.file("large.bin", "application/octet-stream", b"lamp" * 700_000)
    shelf.work("glow", "10.5555/glow")
    shelf.publish()
    output = shelf.target.output
    (output / "secret.txt").write_text("not published")
    (output.parent / "outside.txt").write_text("outside")
    for file in output.rglob("*"):
        os.utime(file, (time.time() - 100, time.time() - 100))
    return shelf


@pytest.fixture(scope="module")
def client(shelf: Shelf) -> Iterator[Client]:
    with serving(shelf.target.output) as client:
        yield client


def test_a_file_comes_as_it_was_published(client: Client) -> None:
    """Bytes, type, length and hash are those of the manifest."""
    answer = client.get("/feed.atom")
    assert (answer.status, answer.body) == (200, FEED.encode())
    assert answer.get("Content-Type") == ATOM
    assert answer.get("Content-Length") == str(len(FEED))
    assert answer.get("ETag") == ETAG
    assert answer.get("Cache-Control") == "max-age=300, must-revalidate"
    assert answer.get("X-Content-Type-Options") == "nosniff"
    assert answer.get("Access-Control-Allow-Origin") == "*"
    assert answer.get("Vary") == "Accept-Encoding"


@pytest.mark.parametrize(
    "path", ["/feed.atom", "/", "/large.bin", "/works/2024/glow.html", "/id/10.5555/glow", "/nope", "/oai"]
)
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_head_is_get_without_the_body(client: Client, path: str, encoding: str) -> None:
    """Status and headers are the same; there is no body."""
    get = client.ask(path, {"Accept-Encoding": encoding})
    head = client.ask(path, {"Accept-Encoding": encoding}, method="HEAD")
    assert head.body == b""
    assert head.status == get.status
    kept = {name for name in get.headers if name.lower() != "date"}
    assert {name: head.get(name) for name in kept} == {name: get.get(name) for name in kept}


def test_what_the_manifest_does_not_name_is_not_served(client: Client) -> None:
    """Neither other files of the folder nor the manifest."""
    for path in ("/secret.txt", "/manifest.json", "/tags/", "/tags"):
        assert client.get(path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/tags/../../outside.txt", "//etc/passwd",
        "/feed.atom/../../outside.txt", "/%00", "/feed.atom%00", "/%ff", "/..\\outside.txt", "/%5c..%5coutside.txt",
        "/./feed.atom", "//feed.atom", "/feed.atom/", "/id/", "/id/..", "/id/%2e%2e/outside.txt", "/%0d%0aX:%20y",
        "/%C0%AE%C0%AE/outside.txt", "*",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_publication(client: Client, path: str) -> None:
    """Whatever a path holds, what is not published is not found."""
    answer = client.ask(path)
    assert answer.status == 404
    assert b"outside" not in answer.body.replace(path.encode(), b"")


def test_links_out_of_the_output_are_not_followed(tmp_path: Path) -> None:
    """A symbolic link in the place of a published file, or of a folder, is no publication."""
    shelf = Shelf(tmp_path)
    shelf.file("feed.atom", ATOM, FEED)
    shelf.file("a/feed.atom", ATOM, FEED)
    shelf.publish()
    other = tmp_path / "other"
    other.mkdir()
    (other / "feed.atom").write_text("secret")
    output = shelf.target.output
    (output / "feed.atom").unlink()
    (output / "feed.atom").symlink_to(other / "feed.atom")
    (output / "a/feed.atom").unlink()
    (output / "a").rmdir()
    (output / "a").symlink_to(other)
    with serving(output) as client:
        for path in ("/feed.atom", "/a/feed.atom"):
            answer = client.get(path)
            assert (answer.status, answer.get("Retry-After")) == (503, "60")
            assert b"secret" not in answer.body


def test_an_address_in_any_spelling(client: Client) -> None:
    """Percent-encoded, decomposed or as a whole address: it is the same file."""
    for path in ("/tags/stra%C3%9Fenlampe/feed.atom", "/tags/stra%c3%9fenlampe/feed%2Eatom"):
        assert client.get(path).status == 200
    whole = client.get("http://lantern.example.org/feed.atom")
    assert (whole.status, whole.get("ETag")) == (200, ETAG)


def test_a_folder_is_its_index(client: Client) -> None:
    """With a slash the index comes; without one it is redirected, relatively, the query kept."""
    assert client.get("/").body == b"<!DOCTYPE html><title>All</title>"
    assert client.get("/tags/stra%C3%9Fenlampe/").body.decode() == "<title>Straßenlampe</title>"
    bare = client.get("/tags/stra%C3%9Fenlampe?a=b")
    assert (bare.status, bare.get("Location")) == (301, "./stra%C3%9Fenlampe/?a=b")


def test_a_page_may_load_only_what_it_needs(client: Client) -> None:
    """HTML has a content security policy; feeds have none."""
    said = client.get("/").get("Content-Security-Policy")
    assert "default-src 'self' 'unsafe-inline' https://lantern.example.org;" in said
    assert "object-src 'none'" in said
    assert client.get("/feed.atom").get("Content-Security-Policy") == ""


# ---------------------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": f"W/{ETAG}"}, 304),  # weak comparison
        ({"If-None-Match": f'"other", {ETAG}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": "garbage"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": formatdate(usegmt=True)}, 200),  # the tag decides
        ({"If-None-Match": ETAG, "If-Modified-Since": formatdate(0, usegmt=True)}, 304),
        ({"If-Modified-Since": formatdate(time.time() + 3600, usegmt=True)}, 304),
        ({"If-Modified-Since": formatdate(0, usegmt=True)}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": ""}, 200),
        ({"If-Match": ETAG}, 200),
        ({"If-Match": f"W/{ETAG}"}, 412),  # strong comparison
        ({"If-Match": '"other"'}, 412),
        ({"If-Unmodified-Since": formatdate(0, usegmt=True)}, 412),
        ({"If-Unmodified-Since": formatdate(time.time() + 3600, usegmt=True)}, 200),
    ],
)
def test_conditions(client: Client, shelf: Shelf, headers: dict[str, str], status: int) -> None:
    """A condition is judged as RFC 9110, section 13.2.2, says; 304 has the headers of 200 that caches need."""
    time.sleep(max(0.0, 1.1 - (time.time() - (shelf.target.output / "feed.atom").stat().st_ctime)))
    answer = client.ask("/feed.atom", headers)
    assert answer.status == status
    if status == 304:
        assert answer.body == b""
        assert answer.get("ETag") == ETAG
        assert answer.get("Vary") == "Accept-Encoding"
        assert answer.get("Content-Type") == ""


def test_a_file_has_no_date_in_the_second_in_which_it_was_published(tmp_path: Path) -> None:
    """It may be replaced within that second: a date would then tell of no change."""
    shelf = Shelf(tmp_path)
    with serving(shelf.target.output) as client:
        for body in ("one", "two"):
            shelf.file("feed.atom", ATOM, body)
            shelf.publish()
            answer = client.get("/feed.atom", If_Modified_Since=formatdate(usegmt=True))
            assert (answer.status, answer.body, answer.get("Last-Modified")) == (200, body.encode(), "")


def test_gzip_is_another_representation(client: Client) -> None:
    """It has its own entity tag, and comes only to who names it."""
    answer = client.get("/feed.atom", Accept_Encoding="br, gzip;q=0.5")
    assert answer.get("Content-Encoding") == "gzip"
    assert gzip.decompress(answer.body) == FEED.encode()
    assert answer.get("ETag") == ETAG[:-1] + '-gzip"'
    assert client.get("/feed.atom", Accept_Encoding="gzip", If_None_Match=answer.get("ETag")).status == 304
    for encoding in ("gzip;q=0", "identity", "br", "*"):
        assert client.get("/feed.atom", Accept_Encoding=encoding).get("Content-Encoding") == ""


def test_a_large_file_comes_whole(client: Client) -> None:
    """A file that is sent in pieces has its length and its hash too."""
    answer = client.get("/large.bin")
    assert answer.body == b"lamp" * 700_000
    assert answer.get("ETag") == _tag(answer.body)
    assert client.get("/large.bin", If_None_Match=answer.get("ETag")).status == 304


# ---------------------------------------------------------------------------------------------------- methods


def test_only_reading_is_allowed(client: Client) -> None:
    """Other methods are refused, with those that are allowed."""
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        answer = client.ask("/feed.atom", method=method)
        assert (answer.status, answer.get("Allow")) == (405, "GET, HEAD, OPTIONS")


def test_browsers_may_ask_from_elsewhere(client: Client) -> None:
    """The question before the request (CORS) is answered."""
    answer = client.ask(
        "/feed.atom", {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}, "OPTIONS"
    )
    assert answer.status == 204
    assert answer.get("Access-Control-Allow-Origin") == "*"
    assert "GET" in answer.get("Access-Control-Allow-Methods")


def test_what_fails_is_told_in_short(client: Client) -> None:
    """A page for people, plain text for others, and nothing of the request in it."""
    page = client.get("/%3Cscript%3E", Accept="text/html")
    assert page.get("Content-Type").startswith("text/html")
    assert b'<a href="https://lantern.example.org/">The Lantern Lab</a>' in page.body
    assert b"script" not in page.body
    assert client.get("/nope").body.startswith(b"Not found.")


# ---------------------------------------------------------------------------------------------------- publications


def test_a_publication_is_seen_at_once(tmp_path: Path) -> None:
    """Before the first there is nothing; each next one is what is answered from then on."""
    shelf = Shelf(tmp_path)
    with serving(shelf.target.output) as client:
        assert client.get("/feed.atom").status == 404
        for number in range(20):
            shelf.file("feed.atom", ATOM, f"<feed>{number:02}</feed>")
            shelf.publish()
            answer = client.get("/feed.atom")
            assert answer.body == f"<feed>{number:02}</feed>".encode()
            assert answer.get("ETag") == _tag(answer.body)
        del shelf.artifacts["feed.atom"]
        shelf.publish()
        assert client.get("/feed.atom").status == 404


def test_a_file_newer_than_the_manifest_has_its_own_hash(tmp_path: Path) -> None:
    """While a publish is under way the entity tag is that of the bytes that are sent."""
    shelf = Shelf(tmp_path)
    shelf.file("feed.atom", ATOM, "<feed>old</feed>")
    shelf.publish()
    place = shelf.target.output / "feed.atom"
    with serving(shelf.target.output) as client:
        client.get("/feed.atom")
        (tmp_path / "new").write_text("<feed>new</feed>")
        (tmp_path / "new").replace(place)
        answer = client.get("/feed.atom")
        assert answer.body == b"<feed>new</feed>"
        assert answer.get("ETag") == _tag(answer.body)


def test_no_answer_is_torn_while_it_is_published_without_a_pause(tmp_path: Path) -> None:
    """Whatever is published meanwhile, the bytes are those of one publication, and the tag is theirs."""
    shelf = Shelf(tmp_path)
    bodies = [letter.encode() * 5000 for letter in "abc"] + [b"large" * 300_000, b"LARGE" * 300_000]
    for name in ("feed.atom", "feed.rss"):
        shelf.file(name, ATOM, bodies[0])
    shelf.publish()
    wrong: list[Answer] = []
    done = threading.Event()

    def reader(client: Client) -> None:
        while not done.is_set():
            answer = client.get("/feed.atom")
            if answer.status != 200 or answer.body not in bodies or answer.get("ETag") != _tag(answer.body):
                wrong.append(answer)

    with serving(shelf.target.output) as client:
        readers = [threading.Thread(target=reader, args=(client,)) for _ in range(3)]
        for one in readers:
            one.start()
        for number in range(25):
            shelf.file("feed.atom", ATOM, bodies[number % 5])
            shelf.publish()
        done.set()
        for one in readers:
            one.join()
    assert wrong == []


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


def test_a_damaged_manifest_leaves_the_last_publication(tmp_path: Path) -> None:
    """What was known is served until there is a manifest again."""
    shelf = Shelf(tmp_path)
    shelf.file("feed.atom", ATOM, FEED)
    shelf.publish()
    with serving(shelf.target.output) as client:
        assert client.get("/feed.atom").status == 200
        (shelf.target.output / "manifest.json").write_text("{")
        assert client.get("/feed.atom").status == 200


def test_the_folder_of_the_public_address_may_stand_before_every_path(tmp_path: Path) -> None:
    """Behind a proxy that keeps the prefix, or takes it off, the answers are the same."""
    site = Site(url=SITE.url, feeds_url=f"{SITE.url}/meta/feeds", title="The Lantern Lab")
    shelf = Shelf(tmp_path, site)
    shelf.file("index.html", "text/html", "<title>All</title>")
    shelf.file("tags/a/index.html", "text/html", "<title>A</title>")
    shelf.work("glow", "10.5555/glow")
    shelf.publish()
    with serving(shelf.target.output) as client:
        for prefix in ("", "/meta/feeds"):
            assert client.get(f"{prefix}/").body == b"<title>All</title>"
            assert client.get(f"{prefix}/2024/glow.jsonld").status == 200
            assert client.get(f"{prefix}/tags/a").get("Location") == "./a/"
            assert client.get(f"{prefix}/id/10.5555/glow").get("Location") == "../../works/2024/glow.html"
            assert client.get(f"{prefix}/oai?verb=Identify").status == 200
        assert client.get("/meta/feeds").get("Location") == "./feeds/"
        assert client.get("/meta/feedsx/").status == 404
