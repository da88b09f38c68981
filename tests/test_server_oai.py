"""OAI-PMH 2.0: what harvesters get (http://www.openarchives.org/OAI/openarchivesprotocol.html)."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sickle
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from sickle.oaiexceptions import NoRecordsMatch

from feeds.identity import Entry
from feeds.server import _oai
from feeds.server._files import public_since
from feeds.server._records import Token, encoded
from feeds.server._snapshot import Output, Snapshot
from feeds.settings import CollectionConfig
from served import EMAIL, NOON, Client, Shelf, serving

OAI = "{http://www.openarchives.org/OAI/2.0/}"
COLLECTIONS = (
    CollectionConfig(name="papers", title="Papers of the Lantern Lab"),
    CollectionConfig(name="by author", title="Works of {value}", each="author"),
)
CODES = {
    "badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat", "idDoesNotExist", "noMetadataFormats",
    "noRecordsMatch", "noSetHierarchy",
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    shelf = Shelf(tmp_path_factory.mktemp("lab"))
    for number in range(230):
        key = shelf.work(
            f"n{number:03}", f"10.5555/n{number:03}", collections=("talks",) if number % 10 else ("papers",)
        )
        author = ("by author", "ada wick", "Ada Wick") if number < 3 else ("by author", "jörg glow", "Jörg Glow")
        shelf.posts[key] = replaced(shelf.posts[key], values=(author,))
    gone = [shelf.work(f"gone{number}", f"10.5555/gone{number}") for number in range(5)]
    for key in gone:
        shelf.bury(key, NOON)
    shelf.publish()
    return shelf


def replaced(entry: Entry, **changes: object) -> Entry:
    return replace(entry, **changes)


@pytest.fixture(scope="module")
def client(shelf: Shelf) -> Iterator[Client]:
    with serving(shelf.target.output, COLLECTIONS) as client:
        yield client


def ask(client: Client, post: bool = False, /, **arguments: str) -> etree._Element:
    query = urlencode({name.rstrip("_"): value for name, value in arguments.items()})
    answer = client.ask("/oai", method="POST", body=query) if post else client.get(f"/oai?{query}")
    assert answer.status == 200
    assert answer.get("Content-Type") == "text/xml; charset=utf-8"
    return parsed(answer.body)


SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).parent / "oai_pmh.rng")))


def parsed(body: bytes) -> etree._Element:
    """A response that is what the specification says."""
    root = etree.fromstring(body)
    SCHEMA.assertValid(root)
    return root


def code(root: etree._Element) -> str:
    error = root.find(f"{OAI}error")
    return "" if error is None else error.get("code", "")


def test_identify_says_who_answers(client: Client) -> None:
    """The whole response, in the order of the schema."""
    root = ask(client, verb="Identify")
    assert root.tag == f"{OAI}OAI-PMH"
    assert root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation") == (
        "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
    )
    assert [child.tag for child in root] == [f"{OAI}responseDate", f"{OAI}request", f"{OAI}Identify"]
    assert root[1].text == "https://lantern.example.org/oai"
    assert root[1].attrib.items() == [("verb", "Identify")]
    said = [(child.tag.removeprefix(OAI), child.text) for child in root[2] if child.text]
    grave_until = datetime.fromtimestamp(NOON.timestamp() + 3601, UTC)  # tombstones of the past: an hour at most later
    assert said == [
        ("repositoryName", "The Lantern Lab"),
        ("baseURL", "https://lantern.example.org/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", EMAIL),
        ("earliestDatestamp", f"{grave_until:%Y-%m-%dT%H:%M:%SZ}"),
        ("deletedRecord", "transient"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    ]
    scheme = root[2].find(f"{OAI}description")
    assert scheme is not None
    assert [child.text for child in scheme[0]] == [
        "oai", "lantern.example.org", ":", "oai:lantern.example.org:10.5555/gone0",
    ]  # fmt: skip
    assert abs(time.time() - datetime.fromisoformat(root[0].text or "").timestamp()) < 5


def test_one_record(client: Client) -> None:
    """Header and Dublin Core, as published."""
    root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier="oai:lantern.example.org:10.5555/n000")
    record = root[2][0]
    header = record[0]
    assert [(child.tag.removeprefix(OAI), child.text) for child in header if child.tag != f"{OAI}datestamp"] == [
        ("identifier", "oai:lantern.example.org:10.5555/n000"),
        ("setSpec", "by~20author"),
        ("setSpec", "by~20author:ada~20wick"),
        ("setSpec", "papers"),
    ]
    assert record.findtext(".//{http://purl.org/dc/elements/1.1/}title") == "On n000"
    assert record[1].tag == f"{OAI}metadata"
    assert record[1][0].tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"


def test_a_deleted_record_is_a_header(client: Client) -> None:
    """It has its status and no metadata, and no formats."""
    ident = "oai:lantern.example.org:10.5555/gone0"
    root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=ident)
    assert root[2][0][0].get("status") == "deleted"
    assert len(root[2][0]) == 1
    assert code(ask(client, verb="ListMetadataFormats", identifier=ident)) == "noMetadataFormats"


def test_formats_and_sets(client: Client) -> None:
    """One format; a set a collection, and one for each value below it."""
    root = ask(client, verb="ListMetadataFormats", identifier="oai:lantern.example.org:10.5555/n000")
    assert [child.text for child in root[2][0]] == [
        "oai_dc",
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
    ]
    root = ask(client, verb="ListSets")
    assert [(one[0].text, one[1].text) for one in root[2]] == [
        ("by~20author", "by author"),
        ("by~20author:ada~20wick", "Works of Ada Wick"),
        ("by~20author:j~C3~B6rg~20glow", "Works of Jörg Glow"),
        ("papers", "Papers of the Lantern Lab"),
        ("talks", "talks"),
    ]


ERRORS: list[tuple[str, str]] = [
    ("", "badVerb"),
    ("verb=", "badVerb"),
    ("verb=Nonsense", "badVerb"),
    ("verb=identify", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=Identify&set=papers", "badArgument"),
    ("verb=Identify&metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord", "badArgument"),
    ("verb=GetRecord&identifier=oai:lantern.example.org:10.5555/n000", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=nobody", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=marc&identifier=oai:lantern.example.org:10.5555/n000", "cannotDisseminateFormat"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a&identifier=b", "badArgument"),
    ("verb=ListMetadataFormats&identifier=nobody", "idDoesNotExist"),
    ("verb=ListSets&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
    ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-13-01", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-30", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01T00:00:00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01T00:00:00%2B01:00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-01-02T00:00:00Z", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-02&until=2024-01-01", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2099-01-01", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&until=1970-01-01", "noRecordsMatch"),
    ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=1970-01-01T00:00:00Z", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&limit=5", "badArgument"),
    ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=%00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=%ff%FE", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=a::b", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai%20dc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=marc&from=2024", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=%00%C2%85", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%22%3E%3Cscript%3E%26", "badArgument"),
]


@pytest.mark.parametrize("post", [False, True])
@pytest.mark.parametrize(("query", "expected"), ERRORS)
def test_every_error_has_its_code(client: Client, query: str, expected: str, post: bool) -> None:
    """By GET and by POST; arguments are repeated in the response unless they are what is wrong."""
    answer = client.ask("/oai", method="POST", body=query) if post else client.get(f"/oai?{query}")
    assert answer.status == 200
    root = parsed(answer.body)
    assert code(root) == expected
    assert bool(root[1].attrib) == (expected not in {"badVerb", "badArgument"})


@pytest.mark.parametrize(
    "token",
    [
        Token("ListIdentifiers", "oai:lantern.example.org:10.5555/n001", 100),  # of another list
        Token("ListRecords", "", 0),
        Token("ListRecords", "oai:z", 100),  # nothing is behind it
        Token("ListRecords", "oai:lantern.example.org:10.5555/n001", -1),
        Token("ListRecords", "oai:lantern.example.org:10.5555/n001", 100, set="vanished"),
        Token("ListRecords", "oai:lantern.example.org:10.5555/n001", 100, from_=10**30),
    ],
)
def test_a_token_that_was_not_given_out(client: Client, token: Token) -> None:
    """It is told, not guessed at."""
    assert code(ask(client, verb="ListRecords", resumptionToken=encoded(token))) == "badResumptionToken"


def test_a_list_comes_in_pages(client: Client) -> None:
    """Each says how many there are and how many came before; the last has an empty token."""
    seen: list[str] = []
    sizes: list[int] = []
    arguments = {"metadataPrefix": "oai_dc"}
    while arguments:
        root = ask(client, len(sizes) == 1, verb="ListIdentifiers", **arguments)
        identifiers = [e.text or "" for e in root.iter(f"{OAI}identifier")]
        token = root.find(f".//{OAI}resumptionToken")
        assert token is not None
        assert (token.get("completeListSize"), token.get("cursor")) == ("235", str(len(seen)))
        seen += identifiers
        sizes.append(len(identifiers))
        arguments = {"resumptionToken": token.text} if token.text else {}
    assert sizes == [100, 100, 35]
    assert len(set(seen)) == 235


def test_sickle_harvests_everything(client: Client) -> None:
    """A harvester's own reading: all records, their Dublin Core, sets, and what is deleted."""
    harvester = sickle.Sickle(f"{client.base}/oai")
    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    titles = {r.metadata["title"][0] for r in records if not r.deleted}
    assert titles == {f"On n{number:03}" for number in range(230)}
    assert sum(r.deleted for r in records) == 5
    assert sum(not r.deleted for r in harvester.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True)) == 230
    assert len(list(harvester.ListIdentifiers(metadataPrefix="oai_dc", set="papers"))) == 23 + 5
    assert len(list(harvester.ListRecords(metadataPrefix="oai_dc", set="by~20author:ada~20wick"))) == 3
    assert len(list(harvester.ListRecords(metadataPrefix="oai_dc", set="by~20author"))) == 230
    assert {s.setSpec for s in harvester.ListSets()} >= {"papers", "talks"}
    assert harvester.Identify().deletedRecord == "transient"
    assert [f.metadataPrefix for f in harvester.ListMetadataFormats()] == ["oai_dc"]
    today = datetime.now(UTC)
    recent = {"from": f"{today - timedelta(days=1):%Y-%m-%d}"}
    assert len(list(harvester.ListRecords(metadataPrefix="oai_dc", **recent))) == 230
    assert len(list(harvester.ListRecords(metadataPrefix="oai_dc", until="2024-06-01"))) == 5
    with pytest.raises(NoRecordsMatch):
        harvester.ListRecords(metadataPrefix="oai_dc", **{"from": f"{today + timedelta(days=2):%Y-%m-%d}"})


def test_compressed(client: Client) -> None:
    """A list comes by gzip to who takes it."""
    answer = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc", Accept_Encoding="gzip")
    assert answer.get("Content-Encoding") == "gzip"
    assert code(parsed(gzip.decompress(answer.body))) == ""


def test_a_publication_in_the_middle_of_a_harvest(tmp_path: Path) -> None:
    """What did not change is harvested once, whatever comes and goes between two pages."""
    shelf = Shelf(tmp_path)
    keys = [shelf.work(f"n{number:03}", f"10.5555/n{number:03}") for number in range(0, 500, 2)]
    shelf.publish()
    with serving(shelf.target.output) as client:
        harvest = sickle.Sickle(f"{client.base}/oai").ListRecords(metadataPrefix="oai_dc")
        seen = [next(harvest).header.identifier for _ in range(100)]
        for key in (keys[0], keys[99], keys[100], keys[101], keys[200]):  # before, at and behind the end of the page
            shelf.bury(key)
        for number in (1, 199, 201, 401):
            shelf.work(f"n{number:03}", f"10.5555/n{number:03}")
        shelf.publish()
        seen += [record.header.identifier for record in harvest]
    assert len(seen) == len(set(seen))
    unchanged = {f"oai:lantern.example.org:10.5555/n{number:03}" for number in range(0, 500, 2)}
    assert unchanged - set(seen) == set()  # the deleted ones behind the page as deleted records


def harvested(client: Client, since: str = "") -> tuple[str, set[str]]:
    """The date of a harvest, which the next begins with, and the identifiers that it found."""
    root = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **({"from_": since} if since else {}))
    return root[0].text or "", {e.text or "" for e in root.iter(f"{OAI}identifier")}


def test_two_harvests_miss_nothing_however_slowly_a_run_publishes(tmp_path: Path) -> None:
    """A file that was moved long before its manifest is harvested by who came in between; a tombstone too."""
    shelf = Shelf(tmp_path)
    shelf.work("first", "10.5555/first")
    doomed = shelf.work("doomed", "10.5555/doomed")
    shelf.publish()
    for restart in (False, True):
        with serving(shelf.target.output) as client:
            since, _ = harvested(client)
            began = datetime.now(UTC).replace(microsecond=0)
            shelf.work(f"new{restart}", f"10.5555/new{restart}")
            shelf.file("2024/again.oai_dc.xml", "application/xml", "<x/>", "site:x", "oai-dc")
            place = shelf.target.output / f"2024/new{restart}.oai_dc.xml"
            place.write_bytes(shelf.artifacts[f"2024/new{restart}.oai_dc.xml"][0].body)  # moved, not yet named
            time.sleep(1.2)
            since, found = harvested(client)
            assert f"oai:lantern.example.org:10.5555/new{restart}" not in found
            if doomed in shelf.posts:
                shelf.bury(doomed, began)
            shelf.publish()
            if not restart:
                _, found = harvested(client, since)
        if restart:
            shelf.file("feed.atom", "application/atom+xml", "<feed/>")
            shelf.publish()  # one more, of something else
            with serving(shelf.target.output) as client:
                _, found = harvested(client, since)
        assert f"oai:lantern.example.org:10.5555/new{restart}" in found
        assert restart or "oai:lantern.example.org:10.5555/doomed" in found


def test_what_a_killed_run_had_moved_is_dated_by_the_run_that_finishes(tmp_path: Path) -> None:
    """The file is there already, but public only now."""
    shelf = Shelf(tmp_path)
    shelf.work("first", "10.5555/first")
    shelf.publish()
    shelf.work("second", "10.5555/second")
    path = "2024/second.oai_dc.xml"
    place = shelf.target.output / path
    place.write_bytes(shelf.artifacts[path][0].body)
    shelf.target.journal.write_text(json.dumps([path]))
    moved = place.stat()
    time.sleep(0.05)
    shelf.publish()
    assert place.stat().st_ino == moved.st_ino
    assert place.stat().st_ctime_ns > moved.st_ctime_ns


def test_what_did_not_change_is_not_harvested_again(tmp_path: Path) -> None:
    """A later publication of something else leaves the dates of records alone, once an hour has passed."""
    shelf = Shelf(tmp_path)
    shelf.work("first", "10.5555/first")
    shelf.publish()
    snapshot = Output(shelf.target.output).current()
    for publication, expected in ((100.0, 100.0), (200.0, 200.0), (5000.0, 3690.0), (9000.0, 3690.0)):
        later = replaced_stamp(snapshot, publication)
        assert public_since((1, 1, 0, 90 * 10**9), later) == expected
    assert public_since((1, 1, 0, 95 * 10**9), replaced_stamp(snapshot, 90.0)) == 95.0  # newer than the manifest


def replaced_stamp(snapshot: Snapshot, seconds: float) -> Snapshot:
    return replace(snapshot, stamp=(1, 1, 0, int(seconds * 10**9)))


def test_without_records_or_administrator_there_is_no_harvesting(tmp_path: Path) -> None:
    """404 says what to add."""
    shelf = Shelf(tmp_path)
    shelf.file("feed.atom", "application/atom+xml", "<feed/>")
    shelf.publish()
    with serving(shelf.target.output) as client:
        answer = client.get("/oai?verb=Identify")
        assert (answer.status, b"add oai-dc to exports" in answer.body) == (404, True)
    shelf.work("first", "10.5555/first")
    shelf.publish()
    with serving(shelf.target.output, email="") as client:
        answer = client.get("/oai?verb=Identify")
        assert (answer.status, b"serve: {email" in answer.body) == (404, True)


def test_without_collections_there_are_no_sets(tmp_path: Path) -> None:
    """noSetHierarchy, also for a list of one set."""
    shelf = Shelf(tmp_path)
    shelf.work("first", collections=())
    shelf.publish()
    with serving(shelf.target.output) as client:
        assert code(ask(client, verb="ListSets")) == "noSetHierarchy"
        assert code(ask(client, verb="ListRecords", metadataPrefix="oai_dc", set="papers")) == "noSetHierarchy"
        ident = "oai:lantern.example.org:tag:lantern.example.org,2024-06-01:_posts/first.md"
        root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=ident)
        assert root.findtext(f".//{OAI}identifier") == ident


def test_a_form_is_small(client: Client) -> None:
    """A form that nobody needs is refused."""
    assert client.ask("/oai", method="POST", body=f"verb={'x' * 20_000}").status == 413


NAMES = st.sampled_from(["verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"]) | st.text()
VALUES = st.sampled_from(["Identify", "ListRecords", "ListSets", "GetRecord", "oai_dc", "2024-01-01"]) | st.text()


VERBS = st.sampled_from(["GetRecord", "ListIdentifiers", "ListRecords", "ListSets", "ListMetadataFormats", "Identify"])


@given(VERBS, st.dictionaries(NAMES, VALUES, max_size=4), st.lists(st.tuples(NAMES, VALUES), max_size=2))
def test_any_arguments_have_an_answer(
    shelf: Shelf, verb: str, given_once: dict[str, str], more: list[tuple[str, str]]
) -> None:
    """Whatever is asked, the answer is XML with one of the eight codes, or what was asked for."""
    arguments = [*({**given_once, "verb": verb} if len(more) < 2 else given_once).items(), *more[:1]]
    repository = _oai.Repository(Output(shelf.target.output).current(), COLLECTIONS, EMAIL)
    root = parsed(_oai.answer(arguments, repository, NOON))
    assert code(root) in CODES | {""}
    if not code(root):
        assert root[2].tag == f"{OAI}{dict(arguments)['verb']}"


def test_arguments_are_escaped(client: Client) -> None:
    """What is repeated of a request is text."""
    root = parsed(client.get("/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=a%26b'c").body)
    assert (code(root), root[1].get("identifier")) == ("idDoesNotExist", "a&b'c")
