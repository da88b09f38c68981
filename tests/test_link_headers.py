"""Link headers and media types: real web servers take what is generated for them, and send it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

import pytest
import signposting

from feeds.exporters import link_headers
from feeds.model import Artifact, Catalog, Row, Site

SITE = Site(url="https://lantern.example.org", feeds_url="https://lantern.example.org", title="Lantern Lab")
WHEN = datetime(2024, 3, 4, tzinfo=UTC)
EXPORTS = (
    ("a/index.jsonld", "application/ld+json"),
    ("a/index.csl.json", "application/vnd.citationstyles.csl+json"),
    ("a/index.linkset.json", "application/linkset+json"),
)


def row(url: str, doi: str, **more: object) -> Row:
    """A work whose page is at `url`, below the site."""
    stated: dict[str, object] = {"kind": "article", "title": "T", "published": WHEN, "updated": WHEN} | more
    return Row(id=url, path=url, url=SITE.url + url, doi=doi, **stated)  # type: ignore[arg-type]


ROWS = (
    row("/papers/tides/", "10.5555/tides", exports=EXPORTS, pdf="https://lantern.example.org/papers/tides.pdf"),
    row("/plain.html", "10.5555/plain"),
    row("/PLAIN.html", "10.5555/upper"),
    row("/bare", "10.5555/$uri{path}\\"),
    row("/na%C3%AFve%20%22q%22/", "10.5555/naive"),
    row("/cash$uri;/", "10.5555/cash"),
    row("/news/", "", kind="news", exports=EXPORTS),
    row("/part.html#two", "10.5555/part"),
)
CATALOG = Catalog(
    rows=ROWS,
    collections=(),
    feeds=(
        ("", Artifact(path="feed.json", media_type="application/feed+json; charset=utf-8")),
        ("papers", Artifact(path='papers/my "own" feed.json', media_type="application/feed+json; charset=utf-8")),
    ),
    updated=WHEN,
)
TIDES = (
    '<https://doi.org/10.5555/tides>; rel="cite-as", <https://schema.org/AboutPage>; rel="type", '
    '<https://schema.org/ScholarlyArticle>; rel="type", '
    '<https://lantern.example.org/papers/tides.pdf>; rel="item"; type="application/pdf", '
    '<https://lantern.example.org/a/index.jsonld>; rel="describedby"; type="application/ld+json"; '
    'profile="https://schema.org/", <https://lantern.example.org/a/index.csl.json>; rel="describedby"; '
    'type="application/vnd.citationstyles.csl+json", '
    '<https://lantern.example.org/a/index.linkset.json>; rel="linkset"; type="application/linkset+json"'
)
# Path that is asked for → the DOI that the header cites; "": no header.
CITED = {
    "/papers/tides/": "10.5555/tides",
    "/papers/tides/?utm=1": "10.5555/tides",
    "/papers/tides/index.html": "10.5555/tides",
    "/plain.html": "10.5555/plain",
    "/PLAIN.html": "10.5555/upper",
    "/bare": "10.5555/",
    "/na%C3%AFve%20%22q%22/": "10.5555/naive",
    "/cash$uri;/": "10.5555/cash",
    "/news/": "",
    "/part.html": "",
    "/other.html": "",
}
FILES = [
    *("papers/tides/index.html", "plain.html", "PLAIN.html", "bare.html", 'naïve "q"/index.html', "news/index.html"),
    *(
        "part.html",
        "other.html",
        "feed.atom",
        "feed.json",
        "a/index.jsonld",
        "a/index.csl.json",
        "a/index.linkset.json",
    ),
    *("a/index.bib", "manifest.json", "cash$uri;/index.html", 'papers/my "own" feed.json'),
]
TYPES = {
    "/feed.atom": "application/atom+xml; charset=utf-8",
    "/feed.json": "application/feed+json; charset=utf-8",
    "/papers/my%20%22own%22%20feed.json": "application/feed+json; charset=utf-8",
    "/a/index.jsonld": "application/ld+json",
    "/a/index.csl.json": "application/vnd.citationstyles.csl+json",
    "/a/index.linkset.json": "application/linkset+json",
    "/a/index.bib": "application/x-bibtex; charset=utf-8",
    "/manifest.json": "application/json",
}
NGINX = """daemon off; {user} worker_processes 1; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{
    access_log off; include /etc/nginx/mime.types;
    client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t;
    uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
    include {root}/headers/nginx-http.conf;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        location / {{ try_files $uri $uri.html $uri/ =404; }}
        include {root}/headers/nginx-server.conf;
    }}
}}
"""
CADDY = """{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    root * {root}
    import {root}/headers/Caddyfile
    try_files {{path}} {{path}}.html {{path}}/
    file_server
}}
"""
COMMANDS = {
    "nginx": (NGINX, ["nginx", "-e", "stderr", "-c"]),
    "caddy": (CADDY, ["caddy", "run", "--adapter", "caddyfile", "--config"]),
}


def made(*servers: str) -> dict[str, str]:
    """The files for these servers, by their paths."""
    options = link_headers.Options(servers=servers)  # type: ignore[arg-type]
    return {a.path: a.body.decode() for a in link_headers.EXPORTER.render(CATALOG, SITE, options)}


def test_the_header_of_a_work() -> None:
    """It has all that is known of the work without reading it, each link with its type."""
    assert link_headers.headers(CATALOG, SITE)["/papers/tides/"] == TIDES


def test_a_client_reads_the_header() -> None:
    """The signposting library finds every relation in it."""
    found = signposting.find_signposting_http_link([TIDES], "https://lantern.example.org/papers/tides/")
    assert found.citeAs
    assert (len(found.types), len(found.items), len(found.describedBy), len(found.linksets)) == (2, 1, 2, 1)


def test_netlify() -> None:
    """`_headers` has a rule for every kind of file and for every page, in the form that Netlify documents."""
    assert made("nginx", "caddy").keys() == {
        "headers/nginx-http.conf",
        "headers/nginx-server.conf",
        "headers/Caddyfile",
    }
    text = made("netlify")["_headers"]
    assert f"\n/papers/tides/\n  Link: {TIDES}\n" in text
    assert "\n/na%C3%AFve%20%22q%22/\n  Link: <https://doi.org/10.5555/naive>" in text
    assert "/*.jsonld\n  Content-Type: application/ld+json\n" in text
    assert "/feed.json\n  Content-Type: application/feed+json; charset=utf-8\n" in text
    assert all(line.startswith(("/", "  Link: ", "  Content-Type: ")) for line in text.splitlines())


@pytest.mark.parametrize("server", COMMANDS)
def test_real_servers_send_the_headers(server: str, tmp_path: Path) -> None:
    """nginx and Caddy take the generated files as docs/deploy.md includes them, and send Link and Content-Type."""
    if shutil.which(server) is None and not Path(f"/usr/sbin/{server}").exists():
        pytest.skip(
            f"{server} IS NOT INSTALLED, so that what is generated for it was not tried (apt-get install {server})"
        )
    with running(server, tmp_path) as port:
        for path, doi in CITED.items():
            status, headers = asked(port, path)
            assert status == 200, path
            found = headers.get_all("Link") or []
            assert f"<https://doi.org/{doi}" in found[0] if doi else found == [], (path, found)
        assert asked(port, "/papers/tides/")[1]["Link"] == TIDES
        for path, media_type in TYPES.items():
            assert asked(port, path)[1]["Content-Type"] == media_type, path


def asked(port: int, path: str) -> tuple[int, HTTPMessage]:
    """Status and headers of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


@contextmanager
def running(server: str, folder: Path) -> Iterator[int]:
    """The server at work on 127.0.0.1, with the generated files; its port."""
    root = folder / "www"
    for path, body in {**dict.fromkeys(FILES, "x"), **made(server)}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(body, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    text, command = COMMANDS[server]
    user = "user root;" if os.geteuid() == 0 else ""  # else it answers as one who may not read the folder
    config = text.format(folder=folder, root=root, port=port, user=user)
    (folder / "config").write_text(config, encoding="utf-8")
    program = shutil.which(command[0]) or f"/usr/sbin/{command[0]}"
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(
        [program, *command[1:], str(folder / "config")],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers; its own words when it does not."""
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not answer")
