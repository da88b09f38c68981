"""Asking services that the tests start on 127.0.0.1: who is asked, how often, and what is kept."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import service_answers as answers
from feeds import enrichment
from feeds.enrichment import Enriched, Wanted, _client
from feeds.model import Fact, Item, Kind, Person, Post, Work
from feeds.settings import EnrichConfig

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
EVERYTHING = (
    "authors", "journal", "volume", "issue", "pages", "date", "issn", "publisher", "pmid", "pmcid", "license",
    "abstract",
)  # fmt: skip
WICKS = Wanted(doi=answers.DOI, open=EVERYTHING, title="How wicks of imaginary lamps burn", families=("Wick",))
Script = Callable[[BaseHTTPRequestHandler], None]


class Services:
    """A server that is all four services, each below a path of its own, and what it was asked."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []  # service, path and query, headers
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service, _, rest = self.path[1:].partition("/")
                outer.requests.append((service, f"/{rest}", {k.lower(): v for k, v in self.headers.items()}))
                outer.scripts.get(service, answer(b"Resource not found.", 404))(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def asked(self) -> list[str]:
        """The services in the order they were asked, and forget it."""
        names = [service for service, _, _ in self.requests]
        self.requests.clear()
        return names


def answer(body: bytes | dict[str, Any] = b"", status: int = 200, **headers: str) -> Script:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stated = {"Content-Length": str(len(raw)), **{k.replace("_", "-"): v for k, v in headers.items()}}

    def script(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in stated.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(raw)

    return script


def any_work(request: BaseHTTPRequestHandler) -> None:
    """Crossref, of whatever DOI it is asked for."""
    doi = unquote(urlsplit(request.path).path.partition("/works/")[2])
    answer(answers.crossref(DOI=doi))(request)


@pytest.fixture
def services() -> Iterator[Services]:
    made = Services()
    yield made
    made.server.shutdown()
    made.server.server_close()


def config(services: Services, *names: str, **more: Any) -> EnrichConfig:
    chosen = names or ("crossref", "datacite", "europepmc", "openalex")
    endpoints = {name: f"{services.url}/{name}" for name in chosen}
    defaults = {"rate": 50.0, "allow_private": True, "endpoints": endpoints}
    return EnrichConfig(contact="ada@lamps.example", services=chosen, **{**defaults, **more})


def ask(
    services: Services, folder: Path, *names: str, wanted: Wanted = WICKS, now: datetime | None = NOW, **more: Any
) -> Enriched:
    return enrichment.evidence(
        {"blog:a": wanted}, config(services, *names, **more), folder, now, "https://lamps.example"
    )


def said(enriched: Enriched) -> dict[str, Any]:
    """Field → value, the most trusted first."""
    return {fact.field: fact.value for fact in reversed(enriched.facts.get("blog:a", ()))}


def origins(enriched: Enriched) -> set[str]:
    return {fact.origin for fact in enriched.facts.get("blog:a", ())}


def messages(enriched: Enriched) -> list[str]:
    assert all(p.severity == "warning" and p.hint for p in enriched.problems)
    return [p.message for p in enriched.problems]


# ----------------------------------------------------------------------------------------------- what works


def test_what_is_open_is_asked_for_by_doi(services: Services, tmp_path: Path) -> None:
    """Crossref is asked first, then Europe PMC for what it does not know; then nothing that matters is open."""
    services.scripts = {"crossref": answer(answers.crossref()), "europepmc": answer(answers.europepmc())}
    enriched = ask(services, tmp_path)
    assert (enriched.asked, enriched.left, enriched.problems) == (2, 0, ())
    assert [path for _, path, _ in services.requests] == [
        f"/works/{answers.DOI}?mailto=ada@lamps.example",
        "/search?query=DOI%3A%2210.5555%2Fwicks.2021.7%22&resultType=core&format=json",
    ]
    found = said(enriched)
    assert (found["volume"], found["pmid"], found["date"]) == ("12", answers.PMID, "2021-03-05")
    [volume] = [f for f in enriched.facts["blog:a"] if f.field == "volume" and f.origin == "crossref"]
    address = f"{services.url}/crossref/works/{answers.DOI}"
    assert volume == Fact(field="volume", value="12", origin="crossref", rule="crossref/volume", file=address)


def test_requests_say_who_asks(services: Services, tmp_path: Path) -> None:
    """The contact is in the User-Agent and in the parameter, and nowhere in what is kept or told."""
    services.scripts = {"crossref": answer(answers.crossref()), "europepmc": answer(status=500)}
    enriched = ask(services, tmp_path)
    for _, _, headers in services.requests:
        assert headers["user-agent"].startswith("feeds/")
        assert headers["user-agent"].endswith("(+https://lamps.example; mailto:ada@lamps.example)")
        assert headers["accept-encoding"] == "gzip"
    assert "ada@" not in str(enriched)
    assert not any(b"ada@" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_datacite_is_asked_for_what_crossref_does_not_know(services: Services, tmp_path: Path) -> None:
    """A DOI is registered with one of the two: DataCite's with a 404 at Crossref."""
    services.scripts = {"datacite": answer(answers.datacite())}
    thesis = Wanted(doi="10.5555/thesis.9", open=("authors", "date", "publisher"))
    enriched = ask(services, tmp_path, "crossref", "datacite", wanted=thesis)
    assert services.asked() == ["crossref", "datacite"]
    assert said(enriched)["publisher"] == "University of Lampville"
    assert "abstract" not in said(enriched)  # it is not open


def test_a_work_is_found_by_its_pmid(services: Services, tmp_path: Path) -> None:
    """Who knows PMIDs is asked first, and the DOI that is found there leads on to Crossref."""
    services.scripts = {"crossref": answer(answers.crossref()), "europepmc": answer(answers.europepmc())}
    wanted = Wanted(pmid=answers.PMID, open=("doi", "publisher", "license"))
    enriched = ask(services, tmp_path, "crossref", "europepmc", wanted=wanted)
    assert [unquote(path) for _, path, _ in services.requests] == [
        f"/search?query=EXT_ID:{answers.PMID} AND SRC:MED&resultType=core&format=json",
        f"/works/{answers.DOI}?mailto=ada@lamps.example",
    ]
    assert (said(enriched)["doi"], said(enriched)["publisher"]) == (answers.DOI, "Candle & Sons")
    assert next(f.origin for f in enriched.facts["blog:a"]) == "crossref"


def test_nobody_is_asked_without_need(services: Services, tmp_path: Path) -> None:
    """A work of which nothing is open that a service knows, or that is wanted, costs no request."""
    assert ask(services, tmp_path, wanted=Wanted(doi=answers.DOI, open=())).asked == 0
    assert ask(services, tmp_path, "crossref", wanted=Wanted(doi=answers.DOI, open=("pmid",))).asked == 0
    assert ask(services, tmp_path, fields=("volume",), wanted=Wanted(doi=answers.DOI, open=("issue",))).asked == 0
    path = Wanted(doi="10.5555/../../secret", open=("issue",))
    assert ask(services, tmp_path, "crossref", "datacite", "openalex", wanted=path).asked == 0
    assert services.requests == []


def test_the_second_run_asks_nobody(services: Services, tmp_path: Path) -> None:
    """Answers count for as long as is configured, those of "unknown" too; then everybody is asked again."""
    services.scripts = {"crossref": answer(answers.crossref()), "europepmc": answer({"resultList": {"result": []}})}
    first = ask(services, tmp_path)
    assert services.asked() == ["crossref", "europepmc", "openalex"]
    for later in (timedelta(hours=2), timedelta(days=29)):
        again = ask(services, tmp_path, now=NOW + later)
        assert (again.facts, again.asked) == (first.facts, 0)
    services.scripts["crossref"] = answer(answers.crossref(volume="13"))
    assert said(ask(services, tmp_path, now=NOW + timedelta(days=30)))["volume"] == "13"
    assert services.asked() == ["crossref", "europepmc", "openalex"]


def test_only_configured_fields_are_filled(services: Services, tmp_path: Path) -> None:
    """`fields` says what is taken, of answers that are there already too."""
    services.scripts = {"crossref": answer(answers.crossref())}
    ask(services, tmp_path, "crossref")
    enriched = ask(services, tmp_path, "crossref", fields=("pages", "volume"))
    assert {f.field for f in enriched.facts["blog:a"]} == {"volume", "first_page", "last_page"}
    assert len(services.requests) == 1


def test_without_a_clock_nobody_is_asked(services: Services, tmp_path: Path) -> None:
    """Dry runs see what is known, however old, and write nothing."""
    assert ask(services, tmp_path / "cache", now=None) == Enriched(facts={})
    assert not (tmp_path / "cache").exists()
    services.scripts = {"crossref": answer(answers.crossref())}
    first = ask(services, tmp_path, "crossref")
    assert ask(services, tmp_path, "crossref", now=None).facts == first.facts


def test_facts_do_not_depend_on_the_order(services: Services, tmp_path: Path) -> None:
    """The same answers give the same facts, in whatever order they were got and works are named."""
    services.scripts = {"crossref": answer(answers.crossref()), "europepmc": answer(answers.europepmc())}
    services.scripts["openalex"] = answer(answers.openalex())
    wanted = {"blog:a": Wanted(doi=answers.DOI, open=("pages",)), "blog:b": Wanted(pmid=answers.PMID, open=EVERYTHING)}
    for order in (("openalex", "europepmc", "crossref"), ("crossref", "europepmc", "openalex")):
        for name in order:
            enrichment.evidence(wanted, config(services, name), tmp_path / order[0], NOW)
    made = [
        enrichment.evidence(named, config(services, *order), tmp_path / order[0], None).facts
        for order in (("openalex", "europepmc", "crossref"), ("crossref", "europepmc", "openalex"))
        for named in (wanted, dict(reversed(wanted.items())))
    ]
    assert all(facts == made[0] for facts in made)
    assert [f.origin for f in made[0]["blog:a"] if f.field == "volume"] == ["crossref", "europepmc", "openalex"]
    assert [f.origin for f in made[0]["blog:a"] if f.field == "last_page"] == ["crossref"]  # it is open


def test_gzip_is_understood(services: Services, tmp_path: Path) -> None:
    """Services compress when they are asked to."""
    body = gzip.compress(json.dumps(answers.crossref()).encode())
    services.scripts = {"crossref": answer(body, Content_Encoding="gzip")}
    assert said(ask(services, tmp_path, "crossref"))["volume"] == "12"


def test_what_was_known_is_not_forgotten(services: Services, tmp_path: Path) -> None:
    """A work that a service does not find any more stays as it was known there."""
    services.scripts = {"crossref": answer(answers.crossref())}
    first = ask(services, tmp_path, "crossref")
    services.scripts = {}
    again = ask(services, tmp_path, "crossref", now=NOW + timedelta(days=40))
    assert (again.asked, again.facts) == (1, first.facts)
    assert ask(services, tmp_path, "crossref", now=NOW + timedelta(days=41)).asked == 0


# ----------------------------------------------------------------------------------------------- another work


def test_a_record_of_another_doi_is_no_answer(services: Services, tmp_path: Path) -> None:
    """What a service says of another work than the one asked for is not taken, and not asked for again."""
    services.scripts = {
        "crossref": answer(answers.crossref(DOI="10.5555/other")),
        "europepmc": answer(answers.europepmc(doi="10.5555/other")),
        "openalex": answer(answers.openalex(doi="https://doi.org/10.5555/other")),
    }
    assert ask(services, tmp_path).facts == {}
    services.asked()
    assert ask(services, tmp_path).asked == 0


def test_a_preprint_fills_no_article(services: Services, tmp_path: Path) -> None:
    """Nor an article a preprint."""
    services.scripts = {"crossref": answer(answers.crossref(type="posted-content"))}
    assert ask(services, tmp_path / "a", "crossref").facts == {}
    preprint = Wanted(doi=answers.DOI, open=EVERYTHING, is_preprint=True)
    assert ask(services, tmp_path / "a", "crossref", wanted=preprint).facts
    services.scripts = {"crossref": answer(answers.crossref())}
    assert ask(services, tmp_path / "b", "crossref", wanted=preprint).facts == {}


def test_a_mistyped_doi_is_told(services: Services, tmp_path: Path) -> None:
    """A record with another title and none of the authors fills nothing, and a warning names it."""
    services.scripts = {"crossref": answer(answers.crossref())}
    ours = Wanted(doi=answers.DOI, open=EVERYTHING, title="On the migration of paper boats", families=("Boatwright",))
    enriched = ask(services, tmp_path, "crossref", wanted=ours)
    assert enriched.facts == {}
    [said_of] = messages(enriched)
    assert answers.DOI in said_of
    assert "How wicks of imaginary lamps burn" in said_of
    for same in (
        Wanted(doi=answers.DOI, open=EVERYTHING, title="Our new paper is out now", families=("Glow",)),
        Wanted(doi=answers.DOI, open=EVERYTHING, title="How Wicks of Lamps Burn", families=("Boatwright",)),
        Wanted(doi=answers.DOI, open=EVERYTHING, title="Our new paper is out now"),
    ):
        assert ask(services, tmp_path, "crossref", wanted=same).facts


# ----------------------------------------------------------------------------------------------- what fails


def huge(request: BaseHTTPRequestHandler) -> None:
    answer(b"{}", Content_Length=str(_client.LIMIT + 1))(request)


def slow(request: BaseHTTPRequestHandler) -> None:
    with suppress(OSError):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        for _ in range(100):
            request.wfile.write(b" ")
            request.wfile.flush()
            time.sleep(0.02)


FAILURES: dict[str, tuple[Script, str]] = {
    "too many requests": (answer(status=429), "crossref: answers 429"),
    "an error": (answer(b"oops", 500), "crossref: answers 500"),
    "shut out": (answer(status=403), "crossref: answers 403"),
    "a web page": (answer(b"<!DOCTYPE html><p>Maintenance</p>"), "something else than JSON"),
    "cut off": (answer(json.dumps(answers.crossref()).encode()[:90]), "something else than JSON"),
    "deep": (answer(b"[" * 200_000), "something else than JSON"),
    "a list": (answer(b"[]"), "something else than it says"),
    "nothing": (answer(b""), "something else than JSON"),
    "huge": (huge, "more than 8,000,000 bytes"),
    "slow": (slow, "took too long"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_service_is_left_alone(
    services: Services, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request, one warning, then the others; what it said before counts, and later it is asked again."""
    monkeypatch.setattr(_client, "SECONDS", 0.5)
    services.scripts = {"crossref": answer(answers.crossref())}
    ask(services, tmp_path, "crossref")
    services.asked()
    services.scripts = {"crossref": FAILURES[name][0], "europepmc": answer(answers.europepmc())}
    wanted = {"blog:a": WICKS, "blog:b": Wanted(doi="10.5555/b", open=("volume",))}
    later = NOW + timedelta(days=31)
    enriched = enrichment.evidence(wanted, config(services), tmp_path, later)
    assert services.asked().count("crossref") == 1
    assert origins(enriched) == {"crossref", "europepmc"}
    [message] = messages(enriched)
    assert FAILURES[name][1] in message
    assert "until 2024-07-02T12:10:00+00:00" in message
    assert messages(enrichment.evidence(wanted, config(services), tmp_path, later + timedelta(minutes=9))) == [message]
    assert "crossref" not in services.asked()
    services.scripts["crossref"] = any_work
    enrichment.evidence(wanted, config(services), tmp_path, later + timedelta(minutes=11))
    assert services.asked().count("crossref") == 1  # the one that failed waits for an hour: it may be its fault
    assert not enrichment.evidence(wanted, config(services), tmp_path, later + timedelta(hours=2)).problems
    assert services.asked().count("crossref") == 1


@pytest.mark.parametrize(
    ("stated", "until"),
    [
        ("3600", "2024-06-01T13:00:00"),
        ("Sat, 01 Jun 2024 15:00:00 GMT", "2024-06-01T15:00:00"),
        ("99999999", "2024-06-02T12:00:00"),
        ("soon", "2024-06-01T12:10:00"),
        ("-5", "2024-06-01T12:10:00"),
    ],
)
def test_retry_after_is_honoured(services: Services, tmp_path: Path, stated: str, until: str) -> None:
    """Also by later runs, up to a day."""
    services.scripts = {"crossref": answer(status=429, Retry_After=stated)}
    assert f"until {until}" in messages(ask(services, tmp_path, "crossref"))[0]
    end = datetime.fromisoformat(until).replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=9)))
    other = Wanted(doi="10.5555/other", open=("volume",))
    assert ask(services, tmp_path, "crossref", wanted=other, now=end - timedelta(seconds=1)).asked == 0
    assert ask(services, tmp_path, "crossref", wanted=other, now=end + timedelta(seconds=1)).asked == 1


def test_a_private_service_must_be_allowed(services: Services, tmp_path: Path) -> None:
    """An endpoint in the private network is asked only with `allow_private`."""
    enriched = ask(services, tmp_path, "crossref", allow_private=False)
    assert "private network" in messages(enriched)[0]
    assert services.requests == []


def test_a_cache_that_cannot_be_written_stops_asking(services: Services, tmp_path: Path) -> None:
    """Answers that would be lost are not asked for."""
    (tmp_path / "cache").write_text("a file where a folder should be")
    enriched = ask(services, tmp_path / "cache")
    assert (enriched.asked, services.requests) == (0, [])
    assert "cannot be kept" in messages(enriched)[0]


# ----------------------------------------------------------------------------------------------- how often


def many(number: int) -> dict[str, Wanted]:
    return {f"blog:{n:03}": Wanted(doi=f"10.5555/{n}", open=("volume",)) for n in range(number)}


def test_the_limit_spreads_works_over_runs(services: Services, tmp_path: Path) -> None:
    """At most so many requests a run, and no work is asked for twice."""
    services.scripts = {"crossref": any_work}
    made = [enrichment.evidence(many(7), config(services, "crossref", limit=3), tmp_path, NOW) for _ in range(4)]
    assert [(e.asked, e.left, len(e.facts)) for e in made] == [(3, 4, 3), (3, 1, 6), (1, 0, 7), (0, 0, 7)]
    assert not any(e.problems for e in made)
    assert len({path for _, path, _ in services.requests}) == len(services.requests) == 7


def test_new_works_go_before_old_answers(services: Services, tmp_path: Path) -> None:
    """What was never asked for does not wait until everything else was asked for again."""
    services.scripts = {"crossref": any_work}
    enrichment.evidence(many(3), config(services, "crossref"), tmp_path, NOW)
    services.requests.clear()
    later = NOW + timedelta(days=40)
    enriched = enrichment.evidence(many(5), config(services, "crossref", limit=3), tmp_path, later)
    assert [path.partition("?")[0] for _, path, _ in services.requests] == [
        "/works/10.5555/3",
        "/works/10.5555/4",
        "/works/10.5555/0",
    ]
    assert enriched.left == 2


def test_a_killed_run_goes_on_where_it_was(services: Services, tmp_path: Path) -> None:
    """Each answer is kept before the next request."""
    services.scripts = {"crossref": any_work}
    calls: list[None] = []

    def kill() -> None:
        calls.append(None)
        if len(calls) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrichment.evidence(many(6), config(services, "crossref"), tmp_path, NOW, "", kill)
    assert len(services.requests) == 3
    enriched = enrichment.evidence(many(6), config(services, "crossref"), tmp_path, NOW)
    assert (enriched.asked, len(enriched.facts)) == (3, 6)


def test_a_damaged_answer_is_asked_again(services: Services, tmp_path: Path) -> None:
    """Each row that was cut, changed or replaced costs one request, and nothing wrong is read from it."""
    services.scripts = {"crossref": any_work}
    first = enrichment.evidence(many(4), config(services, "crossref"), tmp_path, NOW)
    with closing(sqlite3.connect(tmp_path / "answers.sqlite")) as db:
        rows = db.execute("SELECT name, body FROM answers ORDER BY name").fetchall()
        db.execute("UPDATE answers SET body = ? WHERE name = ?", (rows[0][1][:-20], rows[0][0]))
        db.execute("UPDATE answers SET body = ? WHERE name = ?", (rows[1][1].replace(b'"12"', b'"13"'), rows[1][0]))
        db.execute("UPDATE answers SET body = 'text' WHERE name = ?", (rows[2][0],))
        db.commit()
    again = enrichment.evidence(many(4), config(services, "crossref"), tmp_path, NOW)
    assert (again.asked, again.facts) == (3, first.facts)


@pytest.mark.parametrize("damage", ["emptied", "cut", "no database", "zeros", "another version"])
def test_a_damaged_cache_is_begun_anew(services: Services, tmp_path: Path, damage: str) -> None:
    """Whatever became of the file, the answers are asked for once more and kept."""
    services.scripts = {"crossref": any_work}
    first = enrichment.evidence(many(30), config(services, "crossref"), tmp_path, NOW)
    file = tmp_path / "answers.sqlite"
    body = file.read_bytes()
    changed = {
        "emptied": b"",
        "cut": body[: len(body) // 2],
        "no database": b"nonsense" * 1000,
        "zeros": body[:4096] + bytes(len(body) - 4096),
        "another version": body[:60] + b"\x00\x00\x00\x63" + body[64:],
    }
    file.write_bytes(changed[damage])
    enrichment.evidence(many(30), config(services, "crossref"), tmp_path, None)
    made = [enrichment.evidence(many(30), config(services, "crossref"), tmp_path, NOW) for _ in range(3)]
    assert made[-1].facts == first.facts
    assert (made[-1].asked, made[-1].problems) == (0, ())


def test_a_clock_that_was_wrong_is_no_harm(services: Services, tmp_path: Path) -> None:
    """An answer dated in the future, and a rest until then, count for nothing."""
    services.scripts = {"crossref": answer(answers.crossref())}
    ask(services, tmp_path, "crossref", now=NOW + timedelta(days=3650))
    services.scripts = {"crossref": answer(status=500)}
    ask(services, tmp_path, "crossref", now=NOW + timedelta(days=7300))
    services.scripts = {"crossref": answer(answers.crossref(volume="13"))}
    assert said(ask(services, tmp_path, "crossref"))["volume"] == "13"


@pytest.mark.parametrize(
    ("rate", "headers", "least"),
    [
        (20.0, {}, 0.05),
        (50.0, {"X_Rate_Limit_Limit": "10", "X_Rate_Limit_Interval": "1s"}, 0.1),
        (20.0, {"X_Rate_Limit_Limit": "50", "X_Rate_Limit_Interval": "1s"}, 0.05),
        (50.0, {"X_Rate_Limit_Limit": "0", "X_Rate_Limit_Interval": "often"}, 0.02),
    ],
)
def test_requests_keep_apart(
    services: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rate: float,
    headers: dict[str, str],
    least: float,
) -> None:
    """No faster than is configured, nor than Crossref says."""
    services.scripts = {"crossref": answer(b"", 404, **headers)}
    clock = Clock()
    monkeypatch.setattr(_client, "time", clock)
    enrichment.evidence(many(4), config(services, "crossref", rate=rate), tmp_path, NOW)
    assert clock.pauses == pytest.approx([0, least, least, least])


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return sum(self.pauses)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def test_who_wants_long_pauses_is_asked_once_a_run(services: Services, tmp_path: Path) -> None:
    """Nobody waits for minutes in the middle of a run."""
    services.scripts = {"crossref": answer(status=404, X_Rate_Limit_Limit="1", X_Rate_Limit_Interval="3600s")}
    enriched = enrichment.evidence(many(4), config(services, "crossref"), tmp_path, NOW)
    assert (enriched.asked, enriched.problems) == (1, ())


# ----------------------------------------------------------------------------------------------- what is wanted

ADA = Person(name="Ada Wick", given="Ada", family="Wick", orcid=answers.ADA_ORCID)
WHOLE: dict[str, Any] = {
    "title": "On wicks", "authors": (ADA,), "journal": "Optics", "volume": "1", "issue": "2", "first_page": "3",
    "date": "2021-03-05", "doi": "10.5555/a", "pmid": "1", "pmcid": "PMC1", "issn": "1234-5679", "publisher": "Candle",
    "abstract": "Wicks.", "license": "https://creativecommons.org/licenses/by/4.0/",
}  # fmt: skip


def item(kind: Kind = "article", **more: Any) -> Item:
    post = Post(source="s", path="p", url="https://lamps.example/p", title="On wicks", published=NOW)
    return Item(post=post, work=Work(kind=kind, **{**WHOLE, **more}))


@pytest.mark.parametrize(
    ("more", "open_"),
    [
        ({}, None),
        ({"first_page": "", "article_number": "e7"}, None),
        ({"first_page": ""}, ("pages",)),
        ({"date": "2021-03", "volume": ""}, ("date", "volume")),
        ({"authors_truncated": True}, ("authors",)),
        ({"authors": (ADA, Person(name="B Glow", given="B", family="Glow"))}, ("authors",)),
        ({"authors": (ADA, Person(name="B-C Glow", given="B.-C.", family="Glow"))}, ("authors",)),
        ({"authors": (ADA, Person(name="Bo Glow", given="Bo", family="Glow"))}, None),
        ({"authors": (Person(name="Bo Glow", given="Bo", family="Glow"),)}, ("authors",)),
        ({"doi": "", "pmid": ""}, None),
        ({"doi": ""}, ("doi",)),
        ({"kind": "talk", "abstract": ""}, None),
        ({"kind": "preprint", "license": ""}, ("license", "preprint_server")),
    ],
)
def test_what_a_post_leaves_open(more: dict[str, Any], open_: tuple[str, ...] | None) -> None:
    """A complete work is not asked for, nor one without a number, nor a talk."""
    wanted = enrichment.wanted(item(**more))
    assert (wanted.open if wanted else None) == open_


def test_news_want_nothing() -> None:
    """A post without a work has nothing to ask for."""
    post = Post(source="s", path="p", url="https://lamps.example/p", title="We moved", published=NOW)
    assert enrichment.wanted(Item(post=post)) is None
