"""What services add, in the whole flow: behind what is printed, once asked, and gone when it is switched off."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from feeds import loose
from small_site import NOW, SmallSite

POST = """---
title: On lamps
date: 2020-05-01
category: publications
---

### {{ page.title }}
#### Ada Lamplighter, Bo Wick and Chandra Glow
##### Journal of Imaginary Optics volume 7 (2020) [doi:10.5555/lamps](https://doi.org/10.5555/lamps)

**Abstract** We light lamps.
"""
LAMPS = {
    "DOI": "10.5555/lamps",
    "type": "journal-article",
    "title": ["On lamps"],
    "container-title": ["Journal of Imaginary Optics"],
    "volume": "8",
    "page": "12-19",
    "ISSN": ["1234-5679"],
    "publisher": "Imaginary Press",
    "issued": {"date-parts": [[2020, 4, 30]]},
    "author": [
        {"given": "Ada", "family": "Lamplighter", "ORCID": "https://orcid.org/0000-0002-1825-0097"},
        {"given": "Bo", "family": "Wick"},
        {"given": "Chandra", "family": "Glow"},
    ],
}


class Crossref:
    """A server that answers as Crossref does, and how often it was asked."""

    def __init__(self) -> None:
        self.works: dict[str, dict[str, Any]] = {"10.5555/lamps": LAMPS}
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                doi = unquote(self.path.partition("?")[0]).partition("/works/")[2]
                work = outer.works.get(doi)
                body = json.dumps({"status": "ok", "message-type": "work", "message": work}).encode()
                self.send_response(200 if work else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def crossref() -> Iterator[Crossref]:
    made = Crossref()
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, crossref: Crossref) -> SmallSite:
    made = SmallSite(tmp_path)
    (made.posts / "2020-05-01-lamps.md").write_text(POST)
    made.news("moving")
    made.age()
    made.settings += (
        "enrich:\n  contact: ada@lantern.example.org\n  services: [crossref]\n  allow_private: true\n  rate: 50\n"
        f"  endpoints: {{crossref: 'http://127.0.0.1:{crossref.server.server_address[1]}'}}\n"
    )
    return made


def record(site: SmallSite) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.files()["publications/2020/05/01/lamps.jsonld"])
    return found


def test_what_the_post_leaves_open_is_filled(site: SmallSite) -> None:
    """Pages and ORCID come from the service; the volume is that of the post, and the disagreement is told."""
    report = site.build()
    made = record(site)
    assert (made["pageStart"], made["pageEnd"]) == ("12", "19")
    assert made["author"][0]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert made["isPartOf"]["volumeNumber"] == "7"
    [problem] = report.problems
    assert problem.severity == "warning"
    assert "volume is 7 here, 8 at crossref" in problem.message


def test_nothing_is_asked_twice(site: SmallSite, crossref: Crossref) -> None:
    """A second run asks nobody and writes nothing; an answer that is too old is asked for again."""
    site.build()
    asked = crossref.asked
    again = site.build(now=NOW + timedelta(days=1))
    assert (crossref.asked, again.read, again.written) == (asked, 0, ())
    site.build(now=NOW + timedelta(days=40))
    assert crossref.asked > asked


def test_a_service_changes_no_date(site: SmallSite, crossref: Crossref) -> None:
    """What a service adds later is no change of the post: its entry stays as old as it is."""
    works, crossref.works = crossref.works, {}
    site.build()
    before = site.manifest().posts
    crossref.works = works
    report = site.build(now=NOW + timedelta(days=40))
    assert "publications/2020/05/01/lamps.jsonld" in report.written
    assert site.manifest().posts == before


def test_incremental_equals_full(site: SmallSite) -> None:
    """An edit of the post keeps what the service said; a full build beside the same answers is the same."""
    site.build()
    (site.posts / "2020-05-01-lamps.md").write_text(POST.replace("We light", "We burn"))
    site.build(now=NOW + timedelta(days=1))
    assert record(site)["pageStart"] == "12"
    assert site.build(now=NOW + timedelta(days=1), full=True).written == ()


def test_a_service_that_is_down_changes_nothing(site: SmallSite, crossref: Crossref) -> None:
    """What it said stays; a warning says that it could not be asked."""
    site.build()
    before = site.files()
    crossref.close()
    report = site.build(now=NOW + timedelta(days=40))
    assert {k: v for k, v in site.files().items() if k != "manifest.json"} == {
        k: v for k, v in before.items() if k != "manifest.json"
    }
    assert any("crossref" in p.message.lower() + p.where for p in report.problems)


def test_switched_off_it_leaves_no_trace(site: SmallSite) -> None:
    """Without `enrich:` the records are those of the posts alone."""
    site.build()
    site.settings = site.settings.partition("enrich:")[0]
    site.build(now=NOW + timedelta(days=1))
    assert "pageStart" not in record(site)


def test_a_dry_run_asks_nobody(site: SmallSite, crossref: Crossref) -> None:
    """It takes what is known."""
    site.build(dry_run=True)
    assert crossref.asked == 0


def test_looking_by_hand_takes_what_is_known_and_asks_nobody(site: SmallSite, crossref: Crossref) -> None:
    """`feeds check` misses no pages that a service filled in, and tells the volume that it contradicts."""
    site.build()
    asked = crossref.asked
    paper, news = loose.reviews(loose.read([], site.config()))
    assert [f.message for f in paper.findings] == ["volume is 7 here, 8 at crossref"]
    assert news.findings == ()
    [named] = loose.reviews(loose.read([str(site.posts / "2020-05-01-lamps.md")], site.config()))
    assert named == paper
    assert crossref.asked == asked
