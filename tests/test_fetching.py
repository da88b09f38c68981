"""Fetching against servers that the tests start on 127.0.0.1."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import _copies, _http, fetching
from feeds.fetching import Fetched, fetch
from feeds.model import SourceOptions
from feeds.sources import feed

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
Script = Callable[[BaseHTTPRequestHandler], None]


def atom(*numbers: int, title: str = "Lamp", more: str = "") -> bytes:
    """A feed of the entries with these numbers."""
    entries = "".join(
        f"<entry><id>tag:lamps.example,2024:{n}</id><title>{title} {n}</title><link href='https://lamps.example/{n}'/>"
        f"<published>2024-01-{n % 28 + 1:02}T00:00:00Z</published><updated>2024-02-01T00:00:00Z</updated></entry>"
        for n in numbers
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Lantern Lab</title>{more}{entries}</feed>".encode()


class Lamps:
    """A server that answers as its script says, and the headers of each request that it got."""

    def __init__(self) -> None:
        self.script: Script = answer(atom(1))
        self.requests: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
                outer.script(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/feed.xml"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


def answer(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> Script:
    def script(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return script


@pytest.fixture
def lamps() -> Iterator[Lamps]:
    server = Lamps()
    yield server
    server.server.shutdown()
    server.server.server_close()


def get(lamps: Lamps, folder: Path, now: datetime = NOW, **more: Any) -> Fetched:
    return fetch(more.pop("url", lamps.url), folder, allow_private=True, now=now, names=feed.names, **more)


def messages(fetched: Fetched) -> list[tuple[str, str]]:
    return [(p.severity, p.message) for p in fetched.problems]


def paths(folder: Path) -> list[str]:
    return list(feed.SOURCE.open(folder, SourceOptions(name="planet")).paths)


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {f.name: (f.read_bytes(), f.stat().st_mtime_ns) for f in folder.rglob("*") if f.is_file()}


# ----------------------------------------------------------------------------------------------- what works


def test_a_document_is_brought_to_the_folder(lamps: Lamps, tmp_path: Path) -> None:
    """The bytes are those of the server, and the request says who asks."""
    fetched = get(lamps, tmp_path / "planet", site_url="https://lamps.example")
    assert fetched == Fetched(path=tmp_path / "planet" / "copy.xml")
    assert (tmp_path / "planet" / "copy.xml").read_bytes() == atom(1)
    assert lamps.requests[0]["user-agent"].startswith("feeds/")
    assert lamps.requests[0]["user-agent"].endswith("(+https://lamps.example)")


def test_what_did_not_change_is_not_sent_again(lamps: Lamps, tmp_path: Path) -> None:
    """ETag and Last-Modified are sent back, and after a 304 no file is touched."""
    stamps = {"ETag": '"a"', "Last-Modified": "Sat, 01 Jun 2024 00:00:00 GMT"}
    lamps.script = answer(atom(1), headers=stamps)
    get(lamps, tmp_path)
    before = tree(tmp_path)
    lamps.script = answer(status=304)
    assert get(lamps, tmp_path).problems == ()
    assert (lamps.requests[1]["if-none-match"], lamps.requests[1]["if-modified-since"]) == tuple(stamps.values())
    assert tree(tmp_path) == before


def test_a_copy_that_was_changed_is_fetched_in_whole(lamps: Lamps, tmp_path: Path) -> None:
    """What somebody did to the copy does not last: the server is not asked for changes to another text."""
    lamps.script = answer(atom(1), headers={"ETag": '"a"'})
    copy = get(lamps, tmp_path).path
    assert copy is not None
    copy.write_bytes(atom(1)[:50])
    get(lamps, tmp_path)
    assert "if-none-match" not in lamps.requests[1]
    assert copy.read_bytes() == atom(1)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": "max-age=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=99999999"}, 86400),
        ({"Cache-Control": "no-cache"}, 0),
        ({"Cache-Control": "s-maxage=600"}, 0),
    ],
)
def test_a_fresh_copy_is_not_asked_for(lamps: Lamps, tmp_path: Path, headers: dict[str, str], seconds: int) -> None:
    """The server is left alone as long as it says, but no longer than a day."""
    lamps.script = answer(atom(1), headers=headers)
    get(lamps, tmp_path)
    if seconds:
        assert get(lamps, tmp_path, NOW + timedelta(seconds=seconds - 1)).path == tmp_path / "copy.xml"
        assert len(lamps.requests) == 1
    get(lamps, tmp_path, NOW + timedelta(seconds=seconds))
    assert len(lamps.requests) == 2


def test_a_clock_that_was_wrong_does_not_stop_fetching(lamps: Lamps, tmp_path: Path) -> None:
    """A rest noted in the far future, when the clock was wrong, is over."""
    lamps.script = answer(atom(1), headers={"Cache-Control": "max-age=600"})
    get(lamps, tmp_path, NOW + timedelta(days=3650))
    get(lamps, tmp_path)
    assert len(lamps.requests) == 2


def test_gzip_is_unpacked(lamps: Lamps, tmp_path: Path) -> None:
    """A compressed answer, in one member or several, is kept as what it says."""
    body = gzip.compress(atom(1)[:40]) + gzip.compress(atom(1)[40:])
    lamps.script = answer(body, headers={"Content-Encoding": "gzip"})
    get(lamps, tmp_path)
    assert (tmp_path / "copy.xml").read_bytes() == atom(1)


def test_a_permanent_redirect_is_followed_and_told(lamps: Lamps, tmp_path: Path) -> None:
    """Whoever keeps the configuration hears of the new address; a passing redirect is nobody's business."""
    for status, told in ((301, True), (308, True), (302, False), (307, False)):

        def script(request: BaseHTTPRequestHandler, status: int = status) -> None:
            to = answer(status=status, headers={"Location": "/new.xml?key=secret"})
            (to if request.path == "/feed.xml" else answer(atom(1)))(request)

        lamps.script = script
        fetched = get(lamps, tmp_path / str(status))
        assert messages(fetched) == ([("warning", "has moved for good")] if told else [])
        assert not told or fetched.problems[0].hint.startswith(f"write {lamps.url[:-9]}/new.xml?… as")
        assert json.loads((tmp_path / str(status) / "fetched.json").read_text())["address"].endswith("/new.xml")


def test_other_documents_are_fetched_too(lamps: Lamps, tmp_path: Path) -> None:
    """A bibliography keeps the ending by which it is known, and has no former documents."""
    url = lamps.url.replace("feed.xml", "papers.bib?x=1")
    for text in (b"@article{a, title={A}}", b"@article{b, title={B}}"):
        lamps.script = answer(text)
        assert get(lamps, tmp_path, url=url) == Fetched(path=tmp_path / "copy.bib")
        assert (tmp_path / "copy.bib").read_bytes() == text
    assert not (tmp_path / "earlier").exists()


def test_a_user_and_password_go_to_their_server_only(lamps: Lamps, tmp_path: Path) -> None:
    """Credentials in the address become Basic authentication, never text in a problem or in a file."""
    other = Lamps()
    url = lamps.url.replace("127.0.0.1", "ada:s%40fe@127.0.0.1")
    lamps.script = answer(status=302, headers={"Location": other.url})
    other.script = answer(status=500)
    fetched = get(lamps, tmp_path, url=url)
    other.server.shutdown()
    other.server.server_close()
    assert lamps.requests[0]["authorization"] == "Basic YWRhOnNAZmU="
    assert "authorization" not in other.requests[0]
    assert "s%40fe" not in str(fetched)
    assert "s@fe" not in str(fetched)
    assert not any(b"s%40fe" in body for body, _ in tree(tmp_path).values())


# ----------------------------------------------------------------------------------------------- what fails


def cut_off(request: BaseHTTPRequestHandler) -> None:
    answer(atom(1, 2)[:60], headers={"Content-Length": "5000"})(request)


def endless_redirect(request: BaseHTTPRequestHandler) -> None:
    answer(status=302, headers={"Location": request.path + "x"})(request)


BOMB = gzip.compress(bytes(64_000_000))
FAILURES: dict[str, tuple[Script, str]] = {
    "a server error": (answer(b"no", 503), "its server answers 503"),
    "not found": (answer(b"no", 404), "its server answers 404"),
    "gone": (answer(b"no", 410), "is gone for good"),
    "a web page": (answer(b"<!DOCTYPE html><p>Log in</p>"), "the answer is a web page"),
    "nothing": (answer(b" "), "the answer is empty"),
    "less than was said": (cut_off, "cut off"),
    "half a feed": (answer(atom(1, 2)[:-30]), "cut off"),
    "half a compressed feed": (answer(gzip.compress(atom(1))[:-20], headers={"Content-Encoding": "gzip"}), "cut off"),
    "no gzip": (answer(atom(1), headers={"Content-Encoding": "gzip"}), "no gzip"),
    "another encoding": (answer(atom(1), headers={"Content-Encoding": "br"}), "'br', which was not asked for"),
    "two encodings": (answer(atom(1), headers={"Content-Encoding": "gzip, gzip"}), "was not asked for"),
    "no feed any more": (answer(b"maintenance"), "no feed any more"),
    "a gzip bomb": (answer(BOMB, headers={"Content-Encoding": "gzip"}), "more than 20,000,000 bytes"),
    "too much said": (answer(b"x", headers={"Content-Length": "20000001"}), "more than 20,000,000 bytes"),
    "a redirect loop": (endless_redirect, "more than 5 redirects"),
    "a redirect to a file": (answer(status=302, headers={"Location": "file:///etc/hostname"}), "neither http nor"),
    "a redirect to nowhere": (answer(status=302, headers={"Location": "http://[oops"}), "cannot be fetched"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_server_takes_nothing_away(lamps: Lamps, tmp_path: Path, name: str) -> None:
    """The last good copy stays, byte by byte, and one warning says so; without a copy it is an error."""
    script, message = FAILURES[name]
    get(lamps, tmp_path / "old")
    before = (tmp_path / "old" / "copy.xml").read_bytes()
    lamps.script = script
    fetched = get(lamps, tmp_path / "old")
    assert fetched.path == tmp_path / "old" / "copy.xml"
    assert fetched.path.read_bytes() == before
    [(severity, said)] = messages(fetched)
    assert (severity, message in said, said.endswith("; the last copy is used")) == ("warning", True, True), said
    if name != "no feed any more":
        new = get(lamps, tmp_path / "new")
        assert (new.path, [p.severity for p in new.problems]) == (None, ["error"])
        assert new.problems[0].hint
    lamps.script = answer(atom(1, 2))
    assert get(lamps, tmp_path / "old").problems == ()


def test_a_refusal_is_honoured(lamps: Lamps, tmp_path: Path) -> None:
    """After Retry-After nobody asks before its time, in seconds or as a date, and the warning stays."""
    get(lamps, tmp_path)
    for stated in ("60", "Sat, 01 Jun 2024 12:01:00 GMT"):
        lamps.script = answer(status=429, headers={"Retry-After": stated})
        first = get(lamps, tmp_path)
        asked = len(lamps.requests)
        assert get(lamps, tmp_path, NOW + timedelta(seconds=59)) == first
        assert len(lamps.requests) == asked
        lamps.script = answer(atom(1))
        assert get(lamps, tmp_path, NOW + timedelta(seconds=60)).problems == ()


def test_nobody_there_is_a_problem(tmp_path: Path) -> None:
    """A closed port, an unknown name and an address that is none end in an error, not in an exception."""
    for url in (
        "http://127.0.0.1:1/feed.xml",
        "http://lamps.invalid/",
        "gopher://lamps.example/",
        "http://[oops/",
        "x",
    ):
        fetched = fetch(url, tmp_path, allow_private=True, now=NOW)
        assert (fetched.path, [p.severity for p in fetched.problems]) == (None, ["error"]), url


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_slow_server_is_left(lamps: Lamps, part: str) -> None:
    """A server that sends a byte now and then holds nobody up for longer than the limit."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" if part == "headers" else b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while True:
                request.wfile.write(b"a")
                request.wfile.flush()
                time.sleep(0.02)

    lamps.script = drip
    begin = time.monotonic()
    with pytest.raises(_http.NoAnswer, match="too long"):
        _http.get(lamps.url, {}, _http.Limits(allow_private=True, seconds=0.4))
    assert time.monotonic() - begin < 3


def test_a_certificate_that_nobody_signed_is_refused(lamps: Lamps, tmp_path: Path) -> None:
    """TLS is verified, also in a private network."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed, which makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *making.split(), *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    lamps.server.socket = context.wrap_socket(lamps.server.socket, server_side=True, do_handshake_on_connect=False)
    lamps.server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    fetched = get(lamps, tmp_path / "planet", url=lamps.url.replace("http:", "https:"))
    assert fetched.path is None
    assert "certificate verify failed" in fetched.problems[0].message
    assert lamps.requests == []


# ----------------------------------------------------------------------------------------------- private networks

PRIVATE = (
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 240.0.0.1 "
    "192.0.2.1 198.18.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 "
    "64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1::1 ::7f00:1 fec0::1"
).split()
PUBLIC = "93.184.216.34 8.8.8.8 2606:2800:220:1:248:1893:25c8:1946 ::ffff:8.8.8.8 64:ff9b::808:808".split()


def test_private_addresses_are_known() -> None:
    """Loopback, private, link-local, shared, reserved, multicast and documentation, also inside IPv6."""
    assert [a for a in PRIVATE if _http.is_public(a)] == []
    assert [a for a in PUBLIC if not _http.is_public(a)] == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_a_private_address_is_not_asked(lamps: Lamps, tmp_path: Path, host: str) -> None:
    """However it is written, no request reaches a server inside."""
    fetched = fetch(lamps.url.replace("127.0.0.1", host), tmp_path, allow_private=False, now=NOW)
    assert fetched.path is None
    assert "private network" in fetched.problems[0].message or "not known" in fetched.problems[0].message
    assert lamps.requests == []


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once, and the connection goes to the address that was checked, not to the next one."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    asked: list[str] = []
    connected: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    class Wire:
        def connect_tcp(self, host: str, *_rest: object) -> None:
            connected.append(host)
            raise OSError("no network in tests")

    monkeypatch.setattr(httpcore, "SyncBackend", Wire)
    with pytest.raises(_http.NoAnswer, match="no network in tests"):
        _http.get("http://rebind.example/", {}, _http.Limits(), resolve)
    assert (asked, connected) == (["rebind.example"], ["93.184.216.34"])
    with pytest.raises(_http.NoAnswer, match="private"):
        _http.get("http://rebind.example/", {}, _http.Limits(), resolve)
    assert connected == ["93.184.216.34"]


def test_a_name_with_one_private_address_is_refused() -> None:
    """A public address beside a private one does not open the door."""
    with pytest.raises(_http.NoAnswer, match="private"):
        _http.get("http://mixed.example/", {}, _http.Limits(), lambda _h, _p: ["93.184.216.34", "10.0.0.1"])


def test_a_redirect_into_the_private_network_is_refused(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each hop is checked anew."""
    lamps.script = answer(status=302, headers={"Location": "http://inside.example/secrets"})
    addresses = {"127.0.0.1": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}
    monkeypatch.setattr(_http, "is_public", lambda address: address == "127.0.0.1")
    with pytest.raises(_http.NoAnswer, match="private"):
        _http.get(lamps.url, {}, _http.Limits(), lambda host, _port: addresses[host])
    assert len(lamps.requests) == 1


# ----------------------------------------------------------------------------------------------- memory


def test_an_entry_that_left_its_feed_is_kept(lamps: Lamps, tmp_path: Path) -> None:
    """A feed of the newest three shows all that it ever had, with few former documents."""
    for last in range(3, 31):
        lamps.script = answer(atom(last, last - 1, last - 2))
        get(lamps, tmp_path)
        assert sorted(paths(tmp_path)) == sorted(f"feed#tag:lamps.example,2024:{n}" for n in range(1, last + 1))
    assert len(list((tmp_path / "earlier").iterdir())) <= 10


def test_an_entry_that_left_its_feed_is_not_read_again(lamps: Lamps, tmp_path: Path) -> None:
    """Where its document lies does not count for an entry that is as it was."""
    get(lamps, tmp_path)
    options = SourceOptions(name="planet")
    before = feed.SOURCE.open(tmp_path, options)
    lamps.script = answer(atom(2))
    get(lamps, tmp_path)
    after = feed.SOURCE.open(tmp_path, options)
    [path] = before.paths
    assert before.parts[path] != after.parts[path]
    assert (before.fingerprint, before.stamps[path]) == (after.fingerprint, after.stamps[path])


def test_the_last_word_on_an_entry_counts(lamps: Lamps, tmp_path: Path) -> None:
    """An entry that was corrected before it left stays corrected, also when it once was what it is now."""
    for body in (atom(1, 2, title="Old"), atom(1, 2, title="New"), atom(1, 2, title="Old"), atom(2, 3, title="Last")):
        lamps.script = answer(body)
        get(lamps, tmp_path)
    options = SourceOptions(name="planet")
    opened = feed.SOURCE.open(tmp_path, options)
    posts = [feed.SOURCE.read(opened, path, options).post for path in opened.paths]
    assert [post.title for post in posts if post] == ["Old 1", "Last 2", "Last 3"]


def test_what_a_feed_takes_back_is_gone(lamps: Lamps, tmp_path: Path) -> None:
    """After a tombstone (RFC 6721) nothing brings the entry back, also when the tombstone has left the feed."""
    gone = (
        "<d:deleted-entry xmlns:d='http://purl.org/atompub/tombstones/1.0'"
        " ref='tag:lamps.example,2024:1' when='2024-03-01T00:00:00Z'/>"
    )
    options = SourceOptions(name="planet")
    for body in (atom(1, 2), atom(2, more=gone), atom(3), atom(4)):
        lamps.script = answer(body)
        get(lamps, tmp_path)
    opened = feed.SOURCE.open(tmp_path, options)
    read = {path: feed.SOURCE.read(opened, path, options) for path in opened.paths}
    assert [r.post.title for r in read.values() if r.post] == ["Lamp 2", "Lamp 3", "Lamp 4"]


def test_a_feed_that_moves_keeps_its_entries(lamps: Lamps, tmp_path: Path) -> None:
    """With a new address in the configuration a feed goes on; another feed begins anew."""
    for last in (1, 2):
        lamps.script = answer(atom(last))
        get(lamps, tmp_path)
    lamps.script = answer(atom(2, 3))
    get(lamps, tmp_path, url=lamps.url.replace("feed.xml", "new.atom"))
    assert [p[-1] for p in paths(tmp_path)] == ["1", "2", "3"]
    lamps.script = answer(atom(7))
    get(lamps, tmp_path, url=lamps.url.replace("feed.xml", "other.atom"))
    assert [p[-1] for p in paths(tmp_path)] == ["7"]


def test_another_address_that_fails_takes_nothing_away(lamps: Lamps, tmp_path: Path) -> None:
    """A slip in the configuration is an error, and after it is mended everything is as it was."""
    get(lamps, tmp_path)
    before = tree(tmp_path)
    lamps.script = answer(status=404)
    fetched = get(lamps, tmp_path, url=lamps.url + "typo")
    assert (fetched.path, [p.severity for p in fetched.problems]) == (None, ["error"])
    assert tree(tmp_path) == before


def test_memory_is_bounded(lamps: Lamps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many former documents the oldest go, and a warning says so."""
    monkeypatch.setattr(_copies, "MOST_EARLIER", 3)
    for number in range(1, 7):
        lamps.script = answer(atom(number))
        fetched = get(lamps, tmp_path)
    assert [p[-1] for p in paths(tmp_path)] == ["3", "4", "5", "6"]
    assert "1 former documents were dropped" in fetched.problems[0].message


class Killed(BaseException):
    """The process is no more."""


@pytest.mark.parametrize("when", range(12))
def test_a_kill_in_between_loses_nothing(
    lamps: Lamps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """Whatever was done of a run, the folder reads well, and the next run makes it whole."""
    get(lamps, tmp_path)
    lamps.script = answer(atom(2))
    left = when
    real = {"fsync": os.fsync, "replace": Path.replace}

    def dying(name: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return real[name](*args)  # type: ignore[operator]

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dying("fsync"))
        patch.setattr(Path, "replace", dying("replace"))
        try:
            get(lamps, tmp_path)
        except Killed:
            assert {p[-1] for p in paths(tmp_path)} in ({"1"}, {"1", "2"})
    get(lamps, tmp_path)
    assert [p[-1] for p in paths(tmp_path)] == ["1", "2"]
    assert len(list((tmp_path / "earlier").glob("0*"))) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("xyz"), max_size=4), min_size=1, max_size=8))
def test_tidying_changes_nothing_that_is_known(tmp_path_factory: Any, documents: list[dict[str, str]]) -> None:
    """Whatever documents come one after the other, each name has what was last said of it."""
    folder = tmp_path_factory.mktemp("copies")
    known: dict[str, str] = {}
    name = ""
    for document in documents:
        body = json.dumps(document).encode()
        _copies.replace(folder, name, "copy", body, json.loads, has_moved=False)
        name, known = "copy", known | document
        former = sorted((folder / "earlier").glob("*"), reverse=True)
        said = [json.loads(f.read_bytes()) for f in [folder / "copy", *former]]
        assert _copies._merged(said) == known


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_state_file_is_survived(tmp_path_factory: Any, junk: bytes) -> None:
    """A fetched.json of any bytes is as good as none."""
    folder = tmp_path_factory.mktemp("state")
    (folder / "fetched.json").write_bytes(junk)
    assert fetching._load(folder) == fetching._State()
