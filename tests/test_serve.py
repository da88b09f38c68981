"""`feeds serve` as a process: a whole site, limits on what clients take, and nothing that grows."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from lxml import etree

from feeds.server import _listen
from served import Client, Shelf, serving

ROOT = Path(__file__).parent.parent
CONFIG = """
sources: [{{path: {site}}}]
exports: [atom, rss, jsonld, site-jsonld, csl-json, bibtex, ris, datacite, oai-dc, linkset, sitemap, index]
pages: generate
output: output
serve: {{email: keeper@lantern.example.org}}
"""
FEEDS = [sys.executable, "-m", "feeds"]


@contextmanager
def process(folder: Path, *options: str) -> Iterator[tuple[Client, subprocess.Popen[bytes]]]:
    """`feeds serve` with the config.yaml of a folder; its log goes to the file log.txt there."""
    with (folder / "log.txt").open("wb") as log:
        running = subprocess.Popen([*FEEDS, "serve", "--port", "0", *options], cwd=folder, stderr=log)
        try:
            yield Client(_port(folder)), running
        finally:
            running.terminate()
            running.wait(20)


def _port(folder: Path) -> int:
    for _ in range(1000):
        time.sleep(0.02)
        if lines := (folder / "log.txt").read_text().splitlines():
            return urlsplit(json.loads(lines[0])["address"]).port or 0
    raise AssertionError("it did not start")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "config.yaml").write_text(CONFIG.format(site=ROOT / "examples/site"))
    done = subprocess.run([*FEEDS, "build"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 3}, done.stderr
    return folder


@pytest.fixture(scope="module")
def client(lab: Path) -> Iterator[Client]:
    with process(lab) as (client, _):
        yield client


# ---------------------------------------------------------------------------------------------------- a whole site


def test_everything_published_is_served(lab: Path, client: Client) -> None:
    """Every file of the manifest, byte for byte, with its type."""
    manifest = json.loads((lab / "output/manifest.json").read_bytes())
    assert len(manifest["files"]) > 100
    for path, file in manifest["files"].items():
        answer = client.get(_quoted(path))
        assert (answer.status, answer.get("Content-Type")) == (200, file["type"]), path
        assert answer.body == (lab / "output" / path).read_bytes()
        assert answer.get("ETag") == f'"{file["sha256"]}"'


def _quoted(path: str) -> str:
    return "/" + quote(path)


def test_every_url_of_the_sitemap_answers(lab: Path, client: Client) -> None:
    """Every file of ours with 200; every post with what is published of it.  The rest is the site's own."""
    manifest = json.loads((lab / "output/manifest.json").read_bytes())
    posts = {entry["url"] for entry in manifest["posts"].values()}
    tree = etree.fromstring((lab / "output/sitemap.xml").read_bytes())
    found = [str(e.text) for e in tree.iterfind(".//{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    ours = [url for url in found if unquote(urlsplit(url).path).removeprefix("/lab/") in manifest["files"]]
    assert len(ours) > 10
    for url in ours:
        assert client.get(urlsplit(url).path).status == 200, url
    for url in posts & set(found):
        answer = client.get(urlsplit(url).path, Accept="text/html,*/*;q=0.8")
        assert answer.status in {200, 303} or urlsplit(url).netloc != "lantern.example.org", url


def test_every_work_answers_in_every_format(lab: Path, client: Client) -> None:
    """By its id, with links to the others and Signposting, and by its address."""
    manifest = json.loads((lab / "output/manifest.json").read_bytes())
    works = {file["owner"] for file in manifest["files"].values() if file["export"] == "oai-dc"}
    assert len(works) > 10
    for key in works:
        entry = manifest["posts"][key]
        name = entry["id"].removeprefix("https://doi.org/")
        for media_type in (
            "application/ld+json",
            "application/x-bibtex",
            "application/x-research-info-systems",
            "application/vnd.citationstyles.csl+json",
            "application/vnd.datacite.datacite+json",
        ):
            for path in (_quoted(f"id/{name}"), urlsplit(entry["url"]).path):
                answer = client.get(path, Accept=media_type)
                assert (answer.status, answer.get("Content-Type").partition(";")[0]) == (200, media_type)
        page = client.get(_quoted(f"id/{name}"), Accept="text/html")
        assert page.status == 303
        landing = client.get("/" + re.sub(r"\A(\.\./)+", "", page.get("Location")))
        assert landing.status == 200
        assert 'rel="linkset"' in landing.get("Link")
        if entry.get("doi"):
            assert f'<https://doi.org/{entry["doi"]}>; rel="cite-as"' in landing.get("Link")


def documented() -> list[tuple[str, str]]:
    """The requests of docs/serve.md, and what it says of their answers."""
    page = (ROOT / "docs/serve.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(curl [^`]*)` \| `([^`]*)`", page, re.MULTILINE)


@pytest.mark.parametrize(("command", "expected"), documented())
def test_the_requests_of_the_documentation(client: Client, command: str, expected: str) -> None:
    """They give what the documentation says: a status, or a media type."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed: the examples of docs/serve.md are not tested")
    made = shlex.split(command.replace("http://127.0.0.1:8000", client.base))
    done = subprocess.run(
        [*made, "-sS", "-o", os.devnull, "-w", "%{http_code} %{content_type}"],
        capture_output=True,
        text=True,
        check=True,
    )
    status, _, media_type = done.stdout.partition(" ")
    assert expected in {status, media_type.partition(";")[0]}


# ---------------------------------------------------------------------------------------------------- the process


def test_the_port_is_taken(lab: Path, client: Client) -> None:
    """One line and a hint."""
    command = [*FEEDS, "serve", "--port", str(client.port)]
    done = subprocess.run(command, cwd=lab, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"port {client.port} of 127.0.0.1 is taken",
        "hint: stop what listens there, or give another with --port",
    ]


def test_it_ends_when_it_is_told(tmp_path: Path) -> None:
    """TERM and INT end it with status 0; each answer is a line of the log, without a word about who asked."""
    (tmp_path / "config.yaml").write_text("sources: [{path: .}]\n")
    for number in (signal.SIGTERM, signal.SIGINT):
        with process(tmp_path) as (client, running):
            client.get("/feed.atom?secret=1")
            running.send_signal(number)
            assert running.wait(20) == 0
        lines = [json.loads(line) for line in (tmp_path / "log.txt").read_text().splitlines()]
        empty = "nothing is published there yet"
        assert [line["event"] for line in lines] == ["serving", empty, "answered", "stopped"]
        del lines[2]["ms"], lines[2]["timestamp"]
        assert lines[2] == {
            "method": "GET", "path": "/feed.atom", "status": 404, "bytes": 42, "agent": "", "event": "answered",
            "level": "info",
        }  # fmt: skip


def test_a_folder_needs_no_configuration(tmp_path: Path) -> None:
    """`-o` serves it; without a folder and a configuration the hint says what to do."""
    shelf = Shelf(tmp_path / "shelf")
    shelf.file("feed.atom", "application/atom+xml", "<feed/>")
    shelf.publish()
    with process(tmp_path, "-o", "shelf/output") as (client, _):
        assert client.get("/feed.atom").body == b"<feed/>"
    done = subprocess.run([*FEEDS, "serve"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "hint: `feeds init` writes one" in done.stderr


def test_thousands_of_requests_leave_nothing_behind(tmp_path: Path) -> None:
    """Memory and open files are what they were, also when clients go away in the middle."""
    shelf = Shelf(tmp_path)
    shelf.work("glow", "10.5555/glow")
    shelf.file("large.bin", "application/octet-stream", b"lamp" * 2_000_000)
    shelf.publish()
    (tmp_path / "config.yaml").write_text("sources: [{path: .}]\nserve: {email: keeper@lantern.example.org}\n")
    with process(tmp_path) as (client, running):
        _many(client.port, 100)
        before = _usage(running.pid)
        _many(client.port, 1000)
        after = _usage(running.pid)
    assert after[0] <= before[0] + 2  # open files
    assert after[1] <= before[1] + 8_000  # kB


def _many(port: int, number: int) -> None:
    paths = ("/works/2024/glow.html", "/2024/glow.jsonld", "/nope", "/oai?verb=ListRecords&metadataPrefix=oai_dc")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for n in range(number):
        connection.request("GET", paths[n % 4], headers={"Accept": "application/ld+json", "Accept-Encoding": "gzip"})
        connection.getresponse().read()
        if n % 100 == 0:
            with closing(socket.create_connection(("127.0.0.1", port))) as rude:  # asks for much and hangs up
                rude.sendall(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
                rude.recv(1000)
    connection.close()
    time.sleep(0.2)


def _usage(pid: int) -> tuple[int, int]:
    """Open files, and kB in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return len(list(Path(f"/proc/{pid}/fd").iterdir())), int(re.findall(r"VmRSS:\s+(\d+)", status)[0])


def test_any_bytes_are_answered_or_refused(client: Client, lab: Path) -> None:
    """Whatever comes in, there is no failure of ours, no traceback, and the next one is served."""
    dice = random.Random(7)  # noqa: S311 - the same in every run
    seeds = [
        b"GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html;q=0.5\r\n\r\n",
        b"POST /oai HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\nverb=Identify",
        b'GET /oai?verb=ListRecords&metadataPrefix=oai_dc HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/"x"\r\n\r\n',
        b"GET /id/10.5555/lumlett.2016.014?format=bibtex HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: x\r\n\r\n",
    ]
    for _ in range(400):
        raw = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(raw))
            raw[at : at + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
        answer = b""
        with closing(socket.create_connection(("127.0.0.1", client.port), timeout=0.1)) as connection:
            connection.sendall(bytes(raw))
            with suppress(TimeoutError):  # more is waited for
                answer = connection.recv(1000)
        assert not answer or re.match(rb"HTTP/1\.1 [234]\d\d ", answer), (bytes(raw), answer)
    assert client.get("/feed.atom").status == 200
    log = (lab / "log.txt").read_text()
    assert "Traceback" not in log
    assert "defect" not in log


def test_who_neither_asks_nor_takes_is_shut_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers that do not end, and answers that are not taken, hold a connection for a while only."""
    monkeypatch.setattr(_listen, "STALLED", 0.3)
    shelf = Shelf(tmp_path)
    shelf.file("large.bin", "application/octet-stream", b"lamp" * 3_000_000)
    shelf.publish()
    asks = (b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    with serving(shelf.target.output, http=_listen._Guarded) as client:
        begun = time.monotonic()
        slow = [socket.create_connection(("127.0.0.1", client.port), timeout=5) for _ in asks]
        for connection, ask in zip(slow, asks, strict=True):
            connection.sendall(ask)
        steady = http.client.HTTPConnection("127.0.0.1", client.port, timeout=5)
        while time.monotonic() < begun + 1.2:  # who goes on asking is served on the same connection
            steady.request("GET", "/nope")
            assert steady.getresponse().read()
            time.sleep(0.05)
        steady.close()
        for connection in slow:
            with closing(connection), suppress(ConnectionResetError):
                taken = 0
                while piece := connection.recv(1_000_000):
                    taken += len(piece)
                assert taken < 12_000_000


@pytest.mark.parametrize("head", [b"GET /" + b"x" * 20_000, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20_000])
def test_headers_are_small(client: Client, head: bytes) -> None:
    """More than 16 kB before a request has begun is refused."""
    with closing(socket.create_connection(("127.0.0.1", client.port), timeout=5)) as connection:
        connection.sendall(head)
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
