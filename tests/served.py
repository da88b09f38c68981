"""A publication made by hand, and a server for it on 127.0.0.1: for tests of what is answered over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from msgspec import Struct

from feeds import publish
from feeds.identity import Entry
from feeds.model import Artifact, Site, Tombstone
from feeds.publish import Manifest, Release, Target
from feeds.server import application
from feeds.settings import CollectionConfig

SITE = Site(url="https://lantern.example.org", feeds_url="https://lantern.example.org", title="The Lantern Lab")
EMAIL = "keeper@lantern.example.org"
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
ATOM = "application/atom+xml; charset=utf-8"
CSL = "application/vnd.citationstyles.csl+json"
DATACITE = "application/vnd.datacite.datacite+json"
BIBTEX = "application/x-bibtex; charset=utf-8"
RIS = "application/x-research-info-systems; charset=utf-8"
DC = """<?xml version='1.0' encoding='UTF-8'?>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:title>{title}</dc:title>
</oai_dc:dc>
"""


class Shelf:
    """An output folder and what is published in it."""

    def __init__(self, folder: Path, site: Site = SITE) -> None:
        self.target = Target(output=folder / "output", work=folder / "work")
        self.site = site
        self.artifacts: dict[str, tuple[Artifact, str, str]] = {}  # path → artifact, owner, exporter
        self.posts: dict[str, Entry] = {}
        self.graves: tuple[Tombstone, ...] = ()

    def file(self, path: str, media_type: str, body: str | bytes, owner: str = ":atom", export: str = "atom") -> None:
        """Have a file, from the next publication on."""
        raw = body if isinstance(body, bytes) else body.encode()
        self.artifacts[path] = (Artifact(path=path, media_type=media_type, body=raw), owner, export)

    def work(self, name: str, doi: str = "", *, page: bool = True, collections: tuple[str, ...] = ("papers",)) -> str:
        """Have a work in all formats; its key."""
        owner = f"site:_posts/{name}.md"
        self.posts[owner] = Entry(
            id=f"https://doi.org/{doi}" if doi else f"tag:lantern.example.org,2024-06-01:_posts/{name}.md",
            url=f"{self.site.url}/2024/{name}.html",
            title=f"On {name}",
            published=NOON,
            updated=NOON,
            digest="d",
            doi=doi,
            collections=collections,
        )
        for export, suffix, media_type, body in (
            ("jsonld", ".jsonld", "application/ld+json", json.dumps({"name": name})),
            ("csl-json", ".csl.json", CSL, json.dumps([{"title": name}])),
            ("bibtex", ".bib", BIBTEX, f"@article{{{name}}}\n"),
            ("ris", ".ris", RIS, "TY  - JOUR\r\nER  - \r\n"),
            ("datacite", ".datacite.json", DATACITE, "{}"),
            ("oai-dc", ".oai_dc.xml", "application/xml", DC.format(title=f"On {name}")),
            ("linkset", ".linkset.json", "application/linkset+json", json.dumps(self._linkset(name, doi, page))),
        ):
            self.file(f"2024/{name}{suffix}", media_type, body, owner, export)
        if page:
            html = f"<!DOCTYPE html><title>On {name}</title><p>{'We light lamps. ' * 40}"
            self.file(f"works/2024/{name}.html", "text/html; charset=utf-8", html, owner, "page")
        return owner

    def _linkset(self, name: str, doi: str, page: bool) -> dict[str, Any]:
        feeds = self.site.feeds_url
        anchor = f"{feeds}/works/2024/{name}.html" if page else f"{self.site.url}/2024/{name}.html"
        return {
            "linkset": [
                {
                    "anchor": anchor,
                    "cite-as": [{"href": f"https://doi.org/{doi}"}] if doi else [],
                    "type": [{"href": "https://schema.org/AboutPage"}, {"href": "https://schema.org/ScholarlyArticle"}],
                    "author": [{"href": "https://orcid.org/0000-0002-1825-0097"}],
                    "item": [{"href": f"{self.site.url}/pdf/{name}.pdf", "type": "application/pdf"}],
                    "license": [{"href": "https://creativecommons.org/licenses/by/4.0/"}],
                    "describedby": [{"href": f"{feeds}/2024/{name}.jsonld", "type": "application/ld+json"}],
                },
                {"anchor": f"{feeds}/2024/{name}.jsonld", "describes": [{"href": anchor, "type": "text/html"}]},
            ]
        }

    def bury(self, key: str, when: datetime | None = None) -> None:
        """Let a post be gone."""
        entry = self.posts.pop(key)
        when = when or datetime.now(UTC).replace(microsecond=0)
        self.graves += (Tombstone(id=entry.id, url=entry.url, when=when, collections=entry.collections),)
        self.artifacts = {path: one for path, one in self.artifacts.items() if one[1] != key}

    def publish(self) -> Manifest:
        """One publication, as a run makes it."""
        old = publish.read_manifest(self.target)
        ours = publish.prepare(self.target)
        there = publish.sizes(self.target)
        staged = tuple(
            publish.stage(artifact, owner, export, self.target, old.files, there)
            for artifact, owner, export in self.artifacts.values()
        )
        release = Release(staged=staged, kept={}, posts=self.posts, tombstones=self.graves, site=self.site)
        publish.commit(release, old, target=self.target, there=there, ours=ours, go_on=lambda: None)
        return publish.read_manifest(self.target)


class Answer(Struct):
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    def get(self, name: str) -> str:
        """A header; "" without it."""
        return ", ".join(self.headers.get_all(name, []))


class Client:
    """Asks a server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"

    def ask(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: str = "") -> Answer:
        """One request on a connection of its own; the path is sent as it is."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Type", "application/x-www-form-urlencoded")
                connection.putheader("Content-Length", str(len(body.encode())))
            connection.endheaders(body.encode() or None)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """GET with headers: accept_encoding="gzip"."""
        return self.ask(path, {name.replace("_", "-"): value for name, value in headers.items()})


@contextmanager
def serving(
    folder: Path, collections: tuple[CollectionConfig, ...] = (), email: str = EMAIL, http: Any = "h11"
) -> Iterator[Client]:
    """A server in a thread of its own; `http` is what uvicorn makes of a connection."""
    app = application(folder, collections, email)
    config = uvicorn.Config(app, port=0, http=http, ws="none", lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with structlog.testing.capture_logs():
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield Client(server.servers[0].sockets[0].getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
