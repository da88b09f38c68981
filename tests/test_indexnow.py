"""IndexNow: a search engine that the tests start on 127.0.0.1 is told of changed addresses, once each."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from feeds import announcing, config, indexnow
from feeds.errors import ConfigError
from feeds.push import PAUSES, Told
from small_site import NOW, SmallSite

KEY = "0123456789abcdef"
HOST = "https://lantern.example.org"
LAMPS = f"{HOST}/publications/2020/05/01/lamps.html"


class Engine:
    """A search engine that notes what it is told and answers with `status`."""

    def __init__(self) -> None:
        self.status = 202
        self.bodies: list[dict[str, Any]] = []
        self.types: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                outer.types.append(self.headers["Content-Type"])
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/indexnow"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def urls(self) -> list[str]:
        """The addresses it was told of since this was last asked."""
        told = [url for body in self.bodies for url in body["urlList"]]
        self.bodies.clear()
        return told

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine()
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, engine: Engine) -> SmallSite:
    """A site that has been published, so that the search engine knows of it."""
    made = SmallSite(tmp_path)
    made.settings += (
        f"exports: [atom, sitemap, indexnow: {{key: {KEY}, endpoint: '{engine.url}', allow_private: true}}]\n"
    )
    made.paper("lamps")
    made.news("moving")
    made.age()
    assert run(made) == Told()
    assert engine.bodies == []
    return made


def run(site: SmallSite, minutes: float = 0) -> Told:
    """One build and what `feeds build` does then, some minutes after NOW."""
    now = NOW + timedelta(minutes=minutes)
    report = site.build(now=now)
    return announcing.announce(site.config(), report.address, now)


def again(site: SmallSite, minutes: float) -> Told:
    """Try again what failed, as the daemon does between two builds."""
    return announcing.announce(site.config(), "", NOW + timedelta(minutes=minutes))


def test_the_key_is_published(site: SmallSite) -> None:
    """The file named after the key holds the key and nothing else."""
    assert site.files()[f"{KEY}.txt"] == KEY.encode()


def test_changed_new_and_removed_addresses_are_told(site: SmallSite, engine: Engine) -> None:
    """One request in IndexNow's words names what changed, what is new and what is gone, and nothing else, once."""
    site.paper("lamps", text="We light brighter lamps.")
    site.paper("wicks")
    (site.posts / "2021-01-01-moving.md").unlink()
    told = run(site, 60)
    assert told.problems == ()
    assert engine.types == ["application/json; charset=utf-8"]
    assert engine.bodies == [
        {
            "host": "lantern.example.org",
            "key": KEY,
            "keyLocation": f"{HOST}/{KEY}.txt",
            "urlList": [
                f"{HOST}/news/2021/01/01/moving.html",
                LAMPS,
                f"{HOST}/publications/2020/05/01/wicks.html",
            ],
        }
    ]
    assert list(told.pages) == engine.urls()
    assert run(site, 75) == Told()
    assert engine.bodies == []


def test_what_failed_is_tried_again(site: SmallSite, engine: Engine) -> None:
    """After a failure the engine is asked again when its pause is over, not before, then never once more."""
    engine.status = 429
    site.paper("lamps", text="We light brighter lamps.")
    told = run(site, 60)
    assert [p.message for p in told.problems] == ["was not told of 1 changed address: it has been told too often"]
    assert told.next_due == NOW + timedelta(minutes=60) + PAUSES[0]
    engine.bodies.clear()
    assert again(site, 60.5) == Told(next_due=told.next_due)
    assert engine.bodies == []
    engine.status = 200
    assert again(site, 62).pages == (LAMPS,)
    assert engine.urls() == [LAMPS]
    assert run(site, 90) == Told()


def test_it_gives_up(site: SmallSite, engine: Engine) -> None:
    """After a day of failures nothing is tried again until something else changes."""
    engine.status = 403
    site.paper("lamps", text="We light brighter lamps.")
    now = 60.0
    told = run(site, now)
    while told.next_due:
        now = (told.next_due - NOW).total_seconds() / 60
        told = again(site, now)
    assert len(engine.urls()) == len(PAUSES) + 1
    assert "is not tried again: it finds another key, or none" in told.problems[0].message
    assert run(site, now + 1) == Told()
    assert engine.bodies == []


def test_a_killed_run_is_made_up_for(site: SmallSite, engine: Engine) -> None:
    """What was published but not told, because the process died between, the next run tells."""
    site.paper("wicks")
    site.build(now=NOW + timedelta(minutes=60))
    assert run(site, 75).pages == (f"{HOST}/publications/2020/05/01/wicks.html",)
    assert len(engine.bodies) == 1


def test_a_key_speaks_for_what_is_below_it(site: SmallSite, engine: Engine) -> None:
    """A key file below the output's folder speaks for no page beside that; `location` names one that does."""
    site.settings += f"output: {{url: '{HOST}/feeds'}}\n"
    site.paper("wicks")
    [problem] = run(site, 60).problems
    assert (problem.where, problem.message) == (f"{HOST}/feeds/{KEY}.txt", "speaks for none of 1 changed address")
    assert engine.bodies == []
    site.settings = site.settings.replace("allow_private", f"location: '{HOST}/{KEY}.txt', allow_private")
    assert len(run(site, 75).pages) == 1
    assert engine.bodies[0]["keyLocation"] == f"{HOST}/{KEY}.txt"


def test_very_many_are_told_in_parts(site: SmallSite, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """More addresses than a request may hold are told in several."""
    monkeypatch.setattr(indexnow, "MOST", 2)
    for number in range(5):
        site.paper(f"lamp-{number}")
    assert len(run(site, 60).pages) == 5
    assert [len(body["urlList"]) for body in engine.bodies] == [2, 2, 1]


def test_a_key_of_other_characters_is_refused(tmp_path: Path) -> None:
    """The key becomes a file's name: what IndexNow does not allow is named with its line."""
    with pytest.raises(
        ConfigError, match=r"config.yaml:2: exports\[0\].indexnow.key: has not the form that is wanted here"
    ):
        config.parse(b"sources: [{path: site}]\nexports: [indexnow: {key: ../../a}]\n", tmp_path / "config.yaml")


def test_nobody_is_told_by_default(tmp_path: Path) -> None:
    """Without the exporter nothing is remembered and nobody asked."""
    site = SmallSite(tmp_path)
    site.paper("lamps")
    assert not announcing.is_wanted(site.config())
    assert run(site) == Told()
    assert not (tmp_path / ".output.feeds" / indexnow.MEMORY).exists()
