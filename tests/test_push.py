"""WebSub: hubs that the tests start on 127.0.0.1 are told of what changed, after it was published and not twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from lxml import etree

from feeds import _http, config, publish, push
from feeds.errors import ConfigError, LockedError
from feeds.push import Told
from small_site import NOW, SmallSite

ATOM = "https://lantern.example.org/feed.atom"
FORM = "application/x-www-form-urlencoded"
RSS = "https://lantern.example.org/feed.rss"


class Hub:
    """A hub that notes what it is told and answers with `status` after `delay` seconds."""

    def __init__(self, output: Path) -> None:
        self.status = 204
        self.refused: set[str] = set()  # feeds that it does not take
        self.delay = 0.0
        self.location = ""
        self.forms: list[list[tuple[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self.seen: list[bool] = []  # was the manifest in place when it was told?
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
                outer.seen.append((output / "manifest.json").is_file())
                outer.forms.append(form)
                outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                time.sleep(outer.delay)
                self.send_response(400 if dict(form)["hub.url"] in outer.refused else outer.status)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def topics(self) -> list[str]:
        """What it was told of since this was last asked, sorted."""
        told = sorted(dict(form)["hub.url"] for form in self.forms)
        self.forms.clear()
        return told

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(tmp_path / "output")
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, hub: Hub) -> SmallSite:
    made = SmallSite(tmp_path)
    made.settings += f"exports: [atom, rss]\ncollections: []\npush: {{hub: '{hub.url}', allow_private: true}}\n"
    made.paper("lamps")
    return made


def run(site: SmallSite, minutes: float = 0) -> Told:
    """One build and what `feeds build` does then, some minutes after NOW."""
    now = NOW + timedelta(minutes=minutes)
    report = site.build(now=now)
    return push.announce(site.config(), report.address, now)


def again(site: SmallSite, minutes: float) -> Told:
    """Try again what failed, as the daemon does between two builds."""
    return push.announce(site.config(), "", NOW + timedelta(minutes=minutes))


def queue(site: SmallSite) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = json.loads((site.folder / ".output.feeds" / push.QUEUE).read_bytes())
    return made


def warnings(told: Told) -> list[str]:
    assert {p.severity for p in told.problems} <= {"warning"}
    return [p.message for p in told.problems]


# ----------------------------------------------------------------------------------------------- what is told


def test_the_first_publication_is_told(site: SmallSite, hub: Hub) -> None:
    """One form a feed, in the words of WebSub, when everything is in place."""
    told = run(site)
    assert hub.forms == [[("hub.mode", "publish"), ("hub.url", ATOM)], [("hub.mode", "publish"), ("hub.url", RSS)]]
    assert {h["content-type"] for h in hub.headers} == {"application/x-www-form-urlencoded"}
    assert all(h["user-agent"].startswith("feeds/") for h in hub.headers)
    assert hub.seen == [True, True]
    assert told == Told(feeds=(ATOM, RSS))


def test_a_topic_is_the_self_link_of_its_feed(site: SmallSite, hub: Hub) -> None:
    """What the hub is told of is what each feed says of itself, letter for letter, and each names the hub."""
    site.settings = site.settings.replace("collections: []", "collections: [{name: Дюны & lamps}]")
    site.settings += "output: {url: 'https://feeds.example.org/a b'}\n"
    run(site)
    said, hubs = [], []
    for path, content in site.files().items():
        if path.endswith((".atom", ".rss")):
            links = etree.fromstring(content).findall(".//{http://www.w3.org/2005/Atom}link")
            said += [link.get("href", "") for link in links if link.get("rel") == "self"]
            hubs += [link.get("href", "") for link in links if link.get("rel") == "hub"]
    assert hub.topics() == sorted(said)
    assert (len(said), hubs) == (4, [hub.url] * 4)


def test_what_did_not_change_is_not_told(site: SmallSite, hub: Hub) -> None:
    """A run that changes no byte tells nobody; one that changes one feed tells of that one."""
    site.settings = site.settings.replace("collections: []", "collections: [{name: papers, where: {kind: article}}]")
    run(site)
    hub.forms.clear()
    assert run(site, 15) == Told()
    assert hub.topics() == []
    site.news("moving")
    run(site, 30)
    assert hub.topics() == [ATOM, RSS]  # not the feeds of papers


def test_a_feed_that_is_gone_is_not_told(site: SmallSite, hub: Hub) -> None:
    """Of a format that is no longer exported nothing is said."""
    run(site)
    hub.forms.clear()
    site.settings = site.settings.replace("exports: [atom, rss]", "exports: [atom]")
    assert run(site, 15) == Told()
    assert [list(pings) for pings in queue(site).values()] == [[ATOM]]


def test_a_feed_is_told_by_its_own_name(site: SmallSite, hub: Hub) -> None:
    """A copy under an old name has the self link of the feed, so nobody can subscribe to it."""
    formats = "exports: [atom, json-feed, rss1, csl-json]"
    site.settings = site.settings.replace("exports: [atom, rss]", formats)
    site.settings += "output: {aliases: {feed.xml: feed.atom}}\n"
    run(site)
    assert (site.output / "feed.xml").is_file()
    assert hub.topics() == [ATOM, "https://lantern.example.org/feed.json"]  # RSS 1.0 cannot name a hub
    [named] = json.loads((site.output / "feed.json").read_bytes())["hubs"]
    assert named == {"type": "WebSub", "url": hub.url}


def test_each_hub_is_told(site: SmallSite, hub: Hub, tmp_path: Path) -> None:
    """Of two hubs one that does not answer does not keep the other from being told; a new hub is told of everything."""
    run(site)
    hub.forms.clear()
    other = Hub(tmp_path / "output")
    site.settings = site.settings.replace(f"'{hub.url}'", f"['{hub.url}', '{other.url}', '{hub.url}']")
    hub.status = 503
    told = run(site, 15)
    assert other.topics() == [ATOM, RSS]  # the feeds name a second hub now: they changed
    assert len(hub.topics()) == 1
    assert warnings(told) == ["was not told of 2 changed feeds: it answers 503"]
    site.settings = site.settings.replace(f"['{hub.url}', '{other.url}', '{hub.url}']", f"'{other.url}'")
    run(site, 30)
    assert (hub.topics(), other.topics()) == ([], [ATOM, RSS])
    assert list(queue(site)) == [other.url]
    other.close()


def test_without_push_nobody_is_told(site: SmallSite, hub: Hub) -> None:
    """Nothing is sent and no queue kept; what was told is not told again when push: comes back."""
    run(site)
    with_push = site.settings
    site.settings = "sources: [{path: site}]\nexports: [atom, rss]\ncollections: []\n"
    assert run(site, 15) == Told()
    site.settings = with_push
    hub.forms.clear()
    run(site, 30)
    assert hub.topics() == []  # the bytes are those of the first run again


# ----------------------------------------------------------------------------------------------- what fails


@pytest.mark.parametrize("status", [500, 503, 429, 404, 301])
def test_a_hub_that_is_down_is_asked_once_a_round(site: SmallSite, hub: Hub, status: int) -> None:
    """Its other feeds wait as well; the pauses grow, and after a day it is given up with a warning."""
    hub.status = status
    told = run(site)
    assert len(hub.topics()) == 1
    assert warnings(told) == [f"was not told of 2 changed feeds: it answers {status}"]
    tries, minutes = 1, 0.0
    for pause in (1, 5, 15, 60, 180, 360, 720):
        assert told.next_due == NOW + timedelta(minutes=minutes + pause)
        assert again(site, minutes + pause - 0.5).problems == ()
        assert hub.topics() == []
        minutes += pause
        told = again(site, minutes)
        assert len(hub.topics()) == 1
        tries += 1
    assert (tries, minutes < 24 * 60) == (8, True)
    assert told.next_due is None
    assert warnings(told) == [f"was not told of 2 changed feeds, and is not tried again: it answers {status}"]
    assert run(site, 5000) == Told()
    assert hub.topics() == []


def test_a_hub_that_is_back_is_told_once(site: SmallSite, hub: Hub) -> None:
    """What failed is told when its time has come, by the daemon or by the next build, and then no more."""
    hub.status = 503
    run(site)
    hub.status = 202
    hub.forms.clear()
    assert again(site, 1).feeds == (ATOM, RSS)
    assert hub.topics() == [ATOM, RSS]
    assert again(site, 2) == run(site, 3) == Told()
    assert hub.topics() == []


def test_a_feed_that_changes_while_it_waits_is_told_once(site: SmallSite, hub: Hub) -> None:
    """The hub fetches what is there now: one request for both changes."""
    hub.status = 500
    run(site)
    hub.status, hub.forms[:] = 204, []
    site.news("moving")
    assert run(site, 0.5).feeds == (ATOM, RSS)
    assert hub.topics() == [ATOM, RSS]
    assert again(site, 60) == Told()


def test_a_feed_that_the_hub_refuses_keeps_no_other_waiting(site: SmallSite, hub: Hub) -> None:
    """A refusal is about one feed."""
    hub.refused = {ATOM}
    told = run(site)
    assert (told.feeds, warnings(told)) == ((RSS,), ["was not told of 1 changed feed: it answers 400"])
    assert hub.topics() == [ATOM, RSS]


def test_a_hub_that_is_not_there(site: SmallSite, hub: Hub) -> None:
    """A closed port is a warning that names the hub, and says when it is tried again."""
    hub.close()
    told = run(site)
    [problem] = told.problems
    assert (problem.where, problem.stage) == (hub.url, "publish")
    assert problem.message.startswith("was not told of 2 changed feeds: ")
    assert problem.hint == "the first run after 12:01 UTC tries again"


def test_a_slow_hub(site: SmallSite, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not answer in time is left alone until later."""
    monkeypatch.setattr(push, "SECONDS", 0.3)
    hub.delay = 2
    begun = time.monotonic()
    assert warnings(run(site)) == ["was not told of 2 changed feeds: took too long"]
    assert time.monotonic() - begun < 2


def test_a_run_does_not_tell_for_ever(site: SmallSite, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What there is no time for is due at once in the next run."""
    monkeypatch.setattr(push, "_PATIENCE", 0.1)
    hub.delay = 0.2
    told = run(site)
    assert (told.feeds, told.next_due, told.problems) == ((ATOM,), NOW, ())
    assert again(site, 0).feeds == (RSS,)


def test_a_redirect_is_not_followed(site: SmallSite, hub: Hub) -> None:
    """The form goes to the hub that is configured and to nobody else."""
    hub.status, hub.location = 307, hub.url + "elsewhere"
    assert warnings(run(site)) == ["was not told of 2 changed feeds: it answers 307"]
    assert len(hub.forms) == 1


def test_a_hub_in_a_private_network(site: SmallSite, hub: Hub) -> None:
    """It is told only when the configuration means it."""
    site.settings = site.settings.replace(", allow_private: true", "")
    assert "private network" in warnings(run(site))[0]
    assert hub.forms == []


def test_a_clock_that_was_set_back(site: SmallSite, hub: Hub) -> None:
    """A try that was put off by a clock in the far future is made now."""
    hub.status = 500
    run(site, 60 * 24 * 365)
    hub.status = 204
    assert again(site, 0).feeds == (ATOM, RSS)


# ----------------------------------------------------------------------------------------------- kills


@pytest.mark.parametrize("last", ["queue", "try", "request"])
def test_a_kill_at_any_point(site: SmallSite, hub: Hub, last: str) -> None:
    """Whatever was noted or sent last, the next run tells what was not told; at most one feed is told twice."""
    file = site.folder / "config.yaml"
    file.write_text(site.settings)
    steps = {
        "queue": ("_tried", 1, []),  # published, and the queue is written
        "try": ("_tell", 1, []),  # … and the first try is noted
        "request": ("Ping", 3, [ATOM]),  # … and the hub has answered; the first two pings are made for the queue
    }
    name, count, told = steps[last]
    script = f"""
import os, sys
from feeds import cli, push
real, calls = push.{name}, []
def dies(*args, **more):
    calls.append(1)
    return os._exit(9) if len(calls) == {count} else real(*args, **more)
push.{name} = dies
sys.argv = ["feeds", "build", "-c", {str(file)!r}]
cli.main()
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stderr) == (9, "")
    assert (site.output / "feed.atom").is_file()
    assert hub.topics() == told
    later = (datetime.now(UTC) - NOW) / timedelta(minutes=1) + 2
    run(site, later)
    assert hub.topics() == [ATOM, RSS]
    assert run(site, later + 5000) == Told()


def test_a_kill_between_publication_and_queue(site: SmallSite) -> None:
    """A publication that nobody was told of is told by the next run, though that changes nothing."""
    site.build()
    assert run(site, 15).feeds == (ATOM, RSS)


def test_a_publication_that_is_not_complete_is_told_to_nobody(site: SmallSite) -> None:
    """Killed while files were moved, the next run completes it and tells then."""
    target = publish.Target(output=site.output, work=site.folder / ".output.feeds")
    target.work.mkdir()
    target.journal.write_text("[]")
    assert push.announce(site.config(), "https://lantern.example.org", NOW) == Told()
    assert run(site).feeds == (ATOM, RSS)


def test_a_damaged_queue(site: SmallSite, hub: Hub) -> None:
    """It is made anew: hubs are told once more, and the run goes on."""
    run(site)
    hub.forms.clear()
    (site.folder / ".output.feeds" / push.QUEUE).write_bytes(b'{"http')
    assert run(site, 15).feeds == (ATOM, RSS)


def test_a_queue_that_cannot_be_written(site: SmallSite, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told, which is a warning: without a note of it he would be told again and again."""
    report = site.build()

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(push, "_write", full)
    told = push.announce(site.config(), report.address, NOW)
    assert warnings(told) == ["the hubs are not told of changes: No space left on device"]
    assert hub.forms == []


def test_stopping_between_two_requests(site: SmallSite, hub: Hub) -> None:
    """A daemon that is stopped sends no further request; what is left is told later."""
    report = site.build()

    class Enough(Exception):
        pass

    def go_on() -> None:
        if hub.forms:
            raise Enough

    with pytest.raises(Enough):
        push.announce(site.config(), report.address, NOW, go_on)
    assert hub.topics() == [ATOM]
    assert again(site, 0).feeds == (RSS,)


# ----------------------------------------------------------------------------------------------- the commands


def build(site: SmallSite, *options: str) -> subprocess.CompletedProcess[str]:
    file = site.folder / "config.yaml"
    file.write_text(site.settings)
    command = [sys.executable, "-m", "feeds", "build", "-c", str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_build_tells_at_its_end(site: SmallSite, hub: Hub) -> None:
    """`--dry-run` and `--no-push` tell nobody; the next build does."""
    for option in ("--dry-run", "--no-push"):
        assert build(site, option).returncode == 0
        assert hub.forms == []
    done = build(site)
    assert (done.returncode, done.stderr) == (0, "")
    assert hub.topics() == [ATOM, RSS]


def test_a_build_that_cannot_tell_has_not_failed(site: SmallSite, hub: Hub) -> None:
    """Exit status 0 and a warning."""
    hub.status = 500
    done = build(site)
    assert done.returncode == 0
    assert f"warning: {hub.url}: was not told of 2 changed feeds: it answers 500" in done.stderr


def test_of_two_builds_at_once_one_tells(site: SmallSite, hub: Hub) -> None:
    """A hub is told while the output is held: the second build leaves."""
    hub.delay = 1.5
    first = threading.Thread(target=build, args=(site,))
    first.start()
    deadline = time.monotonic() + 20
    while not hub.forms and time.monotonic() < deadline:
        time.sleep(0.02)
    target = publish.Target(output=site.output, work=site.folder / ".output.feeds")
    with pytest.raises(LockedError), publish.lock(target):
        pass
    first.join(20)
    assert hub.topics() == [ATOM, RSS]


def test_the_daemon_tells_and_tries_again(site: SmallSite, hub: Hub) -> None:
    """It tells after a build, and between two builds when a try that failed falls due."""
    hub.status = 503
    file = site.folder / "config.yaml"
    file.write_text(site.settings + "schedule: [{every: 1 week}]\n")
    script = f"""
from datetime import timedelta
from pathlib import Path
from feeds import daemon, log, push
push.PAUSES = (timedelta(seconds=1),) * 30
log.start()
daemon.start(Path({str(file)!r}))
"""
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 20
        while len(hub.forms) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        hub.status = 204
        while not hub.seen[2:] or (len(hub.forms) < 4 and time.monotonic() < deadline):
            time.sleep(0.05)
        time.sleep(1.5)
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    lines = [json.loads(line) for line in log.splitlines()]
    assert sum(line["event"] == "published" for line in lines) == 1
    assert [line["feeds"] for line in lines if line["event"] == "announced"] == [2]
    assert process.returncode == 0


# ----------------------------------------------------------------------------------------------- the configuration


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("{hub: hub.example.org}", "push.hub: 'hub.example.org' is not an address"),
        ("{hub: ['https://hub.example.org', 'ftp://x.example']}", "push.hub: 'ftp://x.example' is not an address"),
        ("{hub: 'https://ada:secret@hub.example.org/'}", "push.hub: would publish a password"),
        ("{}", "the key hub is missing"),
        ("{hub: 'https://hub.example.org', hubs: 1}", "unknown key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(stated: str, said: str) -> None:
    """A hub needs an address of its own that may be published."""
    with pytest.raises(ConfigError) as raised:
        config.parse(f"sources: [{{path: a}}]\npush: {stated}\n".encode(), Path("/site/config.yaml"))
    assert "/site/config.yaml:2: " in str(raised.value)
    assert said in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_form_to_a_stranger(hub: Hub) -> None:
    """The guards of what is fetched hold for what is sent."""
    with pytest.raises(_http.NoAnswer, match="private network"):
        _http.post(hub.url, b"a", FORM, {}, _http.Limits())
    assert _http.post(hub.url, b"hub.url=%C3%BC%26%3D+", FORM, {}, _http.Limits(allow_private=True)) == 204
    assert hub.forms == [[("hub.url", "ü&= ")]]
