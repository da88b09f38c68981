"""config.yaml: what is accepted, and how what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds import _section_checks, config
from feeds.errors import ConfigError
from feeds.settings import Config

MINIMAL = "sources:\n  - path: posts\n"
ENRICH = "enrich:\n  contact: ada@lamps.example\n"


def parse(text: str, file: Path = Path("/site/config.yaml")) -> Config:
    return config.parse(text.encode(), file)


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return str(caught.value)


def test_one_source_is_enough() -> None:
    """Everything but a source has a default."""
    made = parse(MINIMAL)
    assert [s.path for s in made.sources] == ["/site/posts"]
    assert made.sources[0].name == "posts"
    assert made.output == Path("/site/output")
    assert made.work == Path("/site/.output.feeds")
    assert [e.name for e in made.exports] == list(config.DEFAULT_EXPORTS)


def test_where_the_server_listens() -> None:
    """On this machine alone, unless configured; what cannot be is told."""
    made = parse(MINIMAL).serve
    assert (made.host, made.port, made.email) == ("127.0.0.1", 8000, "")
    made = parse(MINIMAL + "serve: {port: 80, email: mailto:ada@lamps.example}\n").serve
    assert (made.port, made.email) == (80, "ada@lamps.example")
    assert "serve.email: 'ada' is not an e-mail address" in complaint(MINIMAL + "serve: {email: ada}\n")
    assert "serve.port:" in complaint(MINIMAL + "serve: {port: 70000}\n")
    assert "did you mean port?" in complaint(MINIMAL + "serve: {ports: 80}\n")


def test_services_are_asked_only_when_configured() -> None:
    """Without `enrich:` nobody is; with a contact everything else has a default."""
    assert parse(MINIMAL).enrich is None
    assert parse(MINIMAL + "enrich:\n").enrich is None
    made = parse(MINIMAL + "enrich:\n  contact: mailto:ada@lamps.example\n  rate: 1\n").enrich
    assert made is not None
    assert (made.contact, made.services, made.limit, made.rate) == (
        "ada@lamps.example",
        ("crossref", "datacite", "europepmc", "openalex"),
        50,
        1.0,
    )


def test_options_of_an_export_are_read() -> None:
    """An exporter's options stand below its name."""
    made = parse(MINIMAL + "exports:\n  - atom: {limit: 7}\n  - rss\n")
    assert made.exports[0].name == "atom"
    assert made.exports[0].options.limit == 7
    assert made.exports[1].name == "rss"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (MINIMAL + "sitee: {}\n", 3, ["sitee", "unknown key", "did you mean site?"]),
        (MINIMAL + "site:\n  url: example.org\n", 4, ["site.url", "https://"]),
        (MINIMAL + "site:\n  titel: X\n", 4, ["site.titel", "unknown key", "did you mean title?"]),
        (MINIMAL + "site:\n  title: 3\n", 4, ["site.title", "text"]),
        (MINIMAL + "site:\n  timezone: Europe/Zürich\n", 4, ["site.timezone", "not a time zone"]),
        (MINIMAL + "site:\n  language: english please\n", 4, ["site.language"]),
        (MINIMAL + "site:\n  license: CC-BY\n", 4, ["site.license", "not a URL"]),
        (MINIMAL + "site:\n  icon: icon.png\n", 4, ["site.icon", "icon.png"]),
        ("site:\n  title: X\n", 1, ["sources", "at least one"]),
        ("sources: posts\n", 1, ["sources", "must be a list"]),
        ("sources:\n  - path: a\n    kind: jekill\n", 3, ["sources[0].kind", "did you mean jekyll?"]),
        ("sources:\n  - path: a/x\n  - path: b/x\n", 3, ["two sources are named 'x'"]),
        ("sources:\n  - kind: auto\n", 2, ["sources[0]", "path is missing"]),
        (MINIMAL + "exports: [atomm]\n", 3, ["no exporter is named 'atomm'", "did you mean atom?"]),
        (
            MINIMAL + "exports:\n  - atom: {limt: 3}\n",
            4,
            ["exports[0].atom.limt", "did you mean limit?"],
        ),
        (MINIMAL + "exports:\n  - atom: {limit: many}\n", 4, ["exports[0].atom.limit", "whole number"]),
        (MINIMAL + "exports:\n  - atom\n  - rss: {filename: feed.atom}\n", 5, ["same file as atom"]),
        (MINIMAL + "exports:\n  - atom\n  - atom\n", 5, ["same file as atom"]),
        (MINIMAL + "collections:\n  - name: News\n  - name: news\n", 5, ["collections/news/"]),
        (MINIMAL + "collections:\n  - name: '!'\n", 4, ["needs a letter or a digit"]),
        (MINIMAL + "collections:\n  - name: a\n    where: {tagg: x}\n", 5, ["collections[0].where.tagg"]),
        (
            MINIMAL + "collections:\n  - name: a\n    where:\n      any:\n        - tag: x\n        - not: {tagg: y}\n",
            8,
            ["collections[0].where.any[1].not.tagg", "did you mean tag?"],
        ),
        (MINIMAL + "collections:\n  - name: a\n    where:\n      since: soon\n", 6, ["where.since", "not a date"]),
        (MINIMAL + "collections:\n  - name: a\n    where: {not: {until: '2024-02-30'}}\n", 5, ["until", "not a date"]),
        (MINIMAL + "collections:\n  - name: a\n    where: {since: 2021, until: 2020-05}\n", 5, ["is before since"]),
        (MINIMAL + "collections:\n  - name: a\n    where: {has: [dio]}\n", 5, ["where.has[0]", "did you mean doi?"]),
        (MINIMAL + "collections:\n  - title: a\n", 4, ["collections[0]", "name is missing"]),
        (MINIMAL + "collections:\n  - each: autor\n", 4, ["collections[0].each", "did you mean author?"]),
        (MINIMAL + "collections:\n  - each: tag\n  - each: tag\n", 5, ["collections/tag/"]),
        (MINIMAL + "collections:\n  - each: tag\n    title: Tags\n", 5, ["collections[0].title", "{value}"]),
        (MINIMAL + "collections:\n  - each: tag\n    least: 0\n", 5, ["collections[0].least"]),
        (MINIMAL + "collections:\n  - name: a\n    least: 2\n", 5, ["goes with each:"]),
        (MINIMAL + "collections:\n  - name: a\n    order: updated\n    archive: true\n", 6, ["goes with order: pub"]),
        (MINIMAL + "collections:\n  - each: tag\n  - name: 'tag:lamp'\n", 5, ["could be a value of 'tag'"]),
        (MINIMAL + "collections:\n  - name: a\n    path: ../a\n", 5, ["collections[0].path", "no folder below"]),
        (MINIMAL + "collections:\n  - name: a\n    path: /a\n", 5, ["collections[0].path", "no folder below"]),
        (MINIMAL + "collections:\n  - name: a\n  - name: b\n    path: collections/A\n", 6, ["'b' and 'a' would both"]),
        (MINIMAL + "collections:\n  - name: a\n    formats: [jsonld]\n", 5, ["formats", "known are atom, rss"]),
        (MINIMAL + "collections:\n  - name: a\n    limit: 0\n", 5, ["collections[0].limit"]),
        (MINIMAL + "collections:\n  - name: a\n    max_bytes: 0\n", 5, ["collections[0].max_bytes"]),
        (MINIMAL + "collections:\n  - name: a\n    filename: a.xml\n", 5, ["filename", "in several formats"]),
        (MINIMAL + "collections:\n  - name: a\n    formats: [rss]\n    filename: ..\n", 6, ["no name of a file"]),
        (MINIMAL + "collections:\n  - name: a\n    formats: [rss]\n    filename: a/b\n", 6, ["no name of a file"]),
        (MINIMAL + "output:\n  aliases:\n    ../x: feed.atom\n", 5, ["output.aliases", "no path below"]),
        (MINIMAL + "output:\n  aliases: {feed.atom: feed.atom}\n", 4, ["alias of itself"]),
        (MINIMAL + "schedule:\n  - every: often\n", 4, ["schedule[0].every", "not an interval"]),
        (MINIMAL + "schedule:\n  - every: 0 minutes\n", 4, ["not an interval"]),
        (MINIMAL + "schedule:\n  - every: -1 minutes\n", 4, ["not an interval"]),
        (MINIMAL + "schedule:\n  - at: 25:00\n", 4, ["schedule[0].at"]),
        (MINIMAL + "schedule:\n  - at: '03:30'\n    timezone: Mars\n", 5, ["schedule[0].timezone"]),
        (MINIMAL + "schedule:\n  - every: 1 hour\n    collections: [x]\n", 5, ["no collection is named 'x'"]),
        (MINIMAL + "people:\n  - name: Ada\n    orcid: 0000-0002-1825-0098\n", 5, ["not an ORCID iD"]),
        (MINIMAL + "site: {title: a}\nsite: {title: b}\n", 4, ["stands twice", "line 3"]),
        ("sources:\n  - path: [a\n", 3, ["not valid YAML"]),
        ("- a\n", 1, ["keys and values"]),
        (MINIMAL + "site: []\n", 3, ["site", "keys"]),
        (MINIMAL + "output: {path: ''}\n", 3, ["output.path", "names no folder"]),
        (MINIMAL + "exports: [{atom: []}]\n", 3, ["exports[0].atom", "keys"]),
        ('sources: [{path: "a\\0"}]\n', 1, ["sources[0].path", "invisible"]),
        (MINIMAL + "a: &x [1]\nb: *x\n", 4, ["alias"]),
        (MINIMAL + "site: !!timestamp x\n", 1, ["not valid YAML"]),
        (MINIMAL + "collections:\n  - name: a\n    where: {kind: artcle}\n", 5, ["did you mean article?"]),
        ("sources:\n  - path: output\n", 1, ["output", "folder of a source"]),
        (MINIMAL + "enrich:\n  limit: 3\n", 3, ["enrich", "contact is missing"]),
        (MINIMAL + "enrich:\n  contact: the lab\n", 4, ["enrich.contact", "not an e-mail address"]),
        (MINIMAL + "enrich:\n  contact: a@b\n", 4, ["enrich.contact", "not an e-mail address"]),
        (MINIMAL + ENRICH + "  services: [crosref]\n", 5, ["enrich.services", "did you mean crossref?"]),
        (MINIMAL + ENRICH + "  fields: [jurnal]\n", 5, ["enrich.fields", "did you mean journal?"]),
        (MINIMAL + ENRICH + "  every: 0 days\n", 5, ["enrich.every", "not an interval"]),
        (MINIMAL + ENRICH + "  limit: 0\n", 5, ["enrich.limit", "at least 1"]),
        (MINIMAL + ENRICH + "  rate: 100\n", 5, ["enrich.rate", "at most 50"]),
        (MINIMAL + ENRICH + "  endpoints:\n    crossref: x\n", 6, ["enrich.endpoints.crossref", "https://"]),
        (MINIMAL + ENRICH + "  endpoints: {pubmed: 'https://x.example'}\n", 5, ["enrich.endpoints", "pubmed"]),
        (MINIMAL + ENRICH + "  mailto: x\n", 5, ["enrich.mailto", "unknown key"]),
    ],
)
def test_a_mistake_names_its_key_and_line(text: str, line: int, words: list[str]) -> None:
    """Whatever is wrong is told with file:line, the key, and a hint."""
    said = complaint(text)
    assert f"/site/config.yaml:{line}: " in said
    assert "hint: " in said
    for word in words:
        assert word in said


def test_what_is_not_utf8_names_its_line() -> None:
    """Bytes that are no text are not guessed at."""
    with pytest.raises(ConfigError, match=r"config.yaml:2: not UTF-8"):
        config.parse(b"sources:\n  - path: \xff\n", Path("/site/config.yaml"))


def test_an_empty_site_is_no_mistake() -> None:
    """A heading whose keys are all commented out says nothing."""
    assert parse(MINIMAL + "site:\n  # title: X\n").site.title == ""


def test_all_mistakes_are_told_at_once() -> None:
    """One run shows everything that is wrong."""
    said = complaint("sitee: {}\nsources:\n  - path: a\n    kind: x\nexports: [nothing]\nschedule:\n  - every: often\n")
    assert [line.split(":")[1] for line in said.splitlines() if not line.startswith("hint")] == ["1", "4", "5", "7"]


def test_a_missing_file_is_one_line_with_a_hint(tmp_path: Path) -> None:
    """No configuration, no traceback."""
    with pytest.raises(ConfigError, match="No such file"):
        config.load(tmp_path / "config.yaml")


def test_publisher_may_be_a_name_or_a_mapping() -> None:
    """A bare publisher is an organisation."""
    assert config.as_person("The Lantern Lab").organization
    made = parse(
        MINIMAL + "site:\n  publisher: {name: Ada Lamplighter, orcid: https://orcid.org/0000-0002-1825-0097}\n"
    )
    assert not isinstance(made.site.publisher, str)
    person = config.as_person(made.site.publisher)
    assert (person.name, person.orcid) == ("Ada Lamplighter", "0000-0002-1825-0097")


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("0000-0002-1825-0097", True),  # the example of ORCID's own documentation
        ("https://orcid.org/0000-0001-5109-3700", True),
        ("0000-0002-1694-233X", True),
        ("0000-0002-1825-0096", False),
        ("0000000218250097", False),
        ("", False),
    ],
)
def test_orcid_check_digit(value: str, good: bool) -> None:
    """An ORCID iD ends with its ISO 7064 mod 11-2 check digit."""
    assert _section_checks.valid_orcid(value) is good


def test_dates_of_conditions_are_as_exact_as_written() -> None:
    """A year, a month and a day may stand there without quotes."""
    dates = ("2020", "2020-03", "2020-03-01")
    entries = [f"  - name: n{date}\n    where: {{since: {date}}}\n" for date in dates]
    made = parse(MINIMAL + "collections:\n" + "".join(entries))
    assert [str(c.where.since) for c in made.collections] == ["2020", "2020-03", "2020-03-01"]


def test_what_is_left_out_is_implied_and_what_is_empty_is_none() -> None:
    """Papers, talks and news are feeds of their own unless the configuration speaks of collections."""
    assert [c.name for c in parse(MINIMAL).collections] == ["papers", "talks", "news"]
    assert parse(MINIMAL + "collections: []\n").collections == ()


def test_the_committed_configuration_is_valid() -> None:
    """config.yaml in the project's root can be used as it stands."""
    made = config.load(Path(__file__).parent.parent / "config.yaml")
    assert made.sources
    assert made.schedule
