"""Records of bibliographies: names, dates and LaTeX by the formats' own rules; odd input never raises."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds import one_post, registry
from feeds.model import SourceOptions
from feeds.sources import _bibtex, _bibtex_fields, _latex, _records, bibtex, cff, csl_json, jekyll, ris

OPTIONS = SourceOptions(name="papers", url="https://lantern.example")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller and {\'E}t\'e, Stra{\ss}e, {\O}re, {\L}\'od\'z, \v{S}, \c{c}, na{\"\i}ve", None),
        (r"{DNA} of {{\em E. coli}}", "DNA of E. coli"),
        (r"$\alpha$-rays at 10$^{-3}$ and H$_2$O", "α-rays at 10⁻³ and H₂O"),
        (r"\textsuperscript{13}C", "¹³C"),
        (r"50% of A \& B & C", "50% of A & B & C"),
        ("a -- b --- c", "a – b — c"),
        ("``wax''~light", "“wax” light"),
        ("one\n two\n\n three", "one two\n\nthree"),
        (r"costs 5$ or less", "costs 5$ or less"),
        (r"x{\textasciicircum}2 {\textless} 3 \textbar{} $>$ 30", "x^2 < 3 | > 30"),
        ("-{}- or -{}-{}-", "-- or ---"),
        (r"10{\ensuremath{^4}}", "10⁴"),
    ],
)
def test_latex_becomes_text(latex: str, text: str | None) -> None:
    """Accents, braces, simple mathematics and dashes become the characters that they stand for."""
    expected = text or "Müller and Été, Straße, Øre, Łódź, Š, ç, naïve"
    assert _latex.to_text(latex) == expected


def test_addresses_lose_only_what_latex_put_there() -> None:
    r"""`\url{}`, braces and backslashes go; percent signs, underscores and tildes stay."""
    assert _latex.to_address(r"\url{https://x.example/a\_b\%20c\~{}d}") == "https://x.example/a_b%20c~d"


@pytest.mark.parametrize(
    ("written", "given_name", "family", "suffix"),
    [
        ("Ada Wick", "Ada", "Wick", ""),
        ("Wick, Ada B.", "Ada B.", "Wick", ""),
        ("Ludwig van der Shade", "Ludwig", "van der Shade", ""),
        ("van der Shade, Ludwig", "Ludwig", "van der Shade", ""),
        ("de la Cruz, Jr., Maria", "Maria", "de la Cruz", "Jr."),
        ("Bo Glow, Jr.", "Bo", "Glow", "Jr."),
        ("Ludwig van der Shade, III", "Ludwig", "van der Shade", "III"),
        ("De Argila, JR", "JR", "De Argila", ""),
        ("Argila, IV", "IV", "Argila", ""),
        (r"Mu{\~n}oz Leal, Ana", "Ana", "Muñoz Leal", ""),
        (r"Mu\~{n}oz, Ana", "Ana", "Muñoz", ""),
        ("{Glow Wick}, Bo", "Bo", "Glow Wick", ""),
        ("given=Hans, family=Shade, prefix=van", "Hans", "van Shade", ""),
        ("Lumen", "", "Lumen", ""),
    ],
)
def test_names_follow_the_rules_of_bibtex(written: str, given_name: str, family: str, suffix: str) -> None:
    """Given, von, family and Jr parts are told apart as BibTeX and biber tell them apart."""
    expected = {"given": given_name, "family": family, "suffix": suffix}
    assert _bibtex_fields.people(written) == [{k: v for k, v in expected.items() if v}]


def test_groups_and_those_not_named() -> None:
    """A name all in braces is a group; `and others` says that there are more."""
    found = _bibtex_fields.people(
        r"{Wax and Light Team} and {\'E}tude and {\'Equipe des Lampes} and Ada Wick and others"
    )
    assert found == [
        {"name": "Wax and Light Team", "organization": True},
        {"family": "Étude"},
        {"name": "Équipe des Lampes", "organization": True},
        {"given": "Ada", "family": "Wick"},
        _records.ET_AL,
    ]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"year": "2019"}, "2019"),
        ({"year": "{2019}", "month": "may"}, "2019-05"),
        ({"year": "2019", "month": "September", "day": "7"}, "2019-09-07"),
        ({"year": "2019", "month": "7~may"}, "2019-05-07"),
        ({"year": "2019", "month": "05"}, "2019-05"),
        ({"year": "2019", "month": "2", "day": "30"}, "2019-02"),
        ({"year": "2019", "month": "spring"}, "2019"),
        ({"date": "2019-05-03"}, "2019-05-03"),
        ({"date": "2019-05-03/2019-05-06", "year": "1999"}, "2019-05-03"),
        ({"date": "2019/2020"}, "2019"),
        ({"year": "in press"}, ""),
        ({"year": "c. 1987"}, "1987"),
        ({}, ""),
    ],
)
def test_dates_are_as_exact_as_stated(fields: dict[str, str], date: str) -> None:
    """A month without a day stays a month; what names no year is no date."""
    assert _bibtex_fields.date(fields) == date


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@article{a, journal={Wax}, ", "article"),
        ("@inproceedings{a, booktitle={Lamp Days}, ", "article"),
        ("@incollection{a, booktitle={Lamps}, ", "chapter"),
        ("@book{a, ", "book"),
        ("@review{a, journal={Wax}, ", "review"),
        ("@mastersthesis{a, school={U}, ", "thesis"),
        ("@techreport{a, institution={U}, ", "report"),
        ("@unpublished{a, note={sent}, ", "preprint"),
        ("@misc{a, eprint={2101.01234}, archiveprefix={arXiv}, ", "preprint"),
        ("@article{a, journal={arXiv preprint arXiv:2101.01234}, ", "preprint"),
        ("@misc{a, howpublished={bioRxiv}, doi={10.5555/2020.02.14}, ", "preprint"),
        ("@misc{a, howpublished={Night Archive}, note={Preprint}, doi={10.5555/2020.02.14}, ", "preprint"),
        ("@online{a, publisher={Research Square}, doi={10.5555/2020.02.14}, ", "preprint"),
        ("@unpublished{a, note={Preprint}, doi={10.5555/2020.02.14}, ", "preprint"),
        ("@misc{a, eprint={2101.01234}, archiveprefix={arXiv}, doi={10.5555/wax.1}, ", "article"),
        ("@article{a, journal={Wax}, note={Preprint on bioRxiv}, doi={10.5555/wax.1}, ", "article"),
        ("@misc{a, howpublished={Poster at Lamp Days}, ", "poster"),
        ("@article{a, journal={bioRxiv}, doi={10.1101/2020.01.02.123456}, ", "preprint"),
        ("@software{a, doi={10.5281/zenodo.1}, ", None),
        ("@misc{a, doi={10.5281/zenodo.1}, ", None),
        ("@misc{a, note={seen}, ", None),
    ],
)
def test_entry_types_say_what_a_work_is(tmp_path: Path, entry: str, kind: str | None) -> None:
    """Each type of entry is a kind of work; programs and data sets are no publications."""
    text = entry + "title={On Lamps and Other Lights}, author={Wick, Ada and Glow, Bo}, year=2020}"
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    tree = bibtex.SOURCE.open(tmp_path / "a.bib", OPTIONS)
    item, _ = one_post.understand(bibtex.SOURCE.read(tree, "a.bib#a", OPTIONS), tree, OPTIONS)
    assert (item.work.kind if item.work else None) == kind


def test_facts_of_records_are_said_by_the_record(tmp_path: Path) -> None:
    """Where a field came from is told: the record and the line, not front matter."""
    (tmp_path / "a.bib").write_text("@article{a,\n title={Lamps},\n volume={7},\n year=2020}", encoding="utf-8")
    tree = bibtex.SOURCE.open(tmp_path / "a.bib", OPTIONS)
    item, _ = one_post.understand(bibtex.SOURCE.read(tree, "a.bib#a", OPTIONS), tree, OPTIONS)
    volume = next(f for f in item.facts if f.field == "volume")
    assert (volume.value, volume.origin, volume.line) == ("7", "record", 3)
    assert "front matter" not in {f.origin for f in item.facts}


@pytest.mark.parametrize(
    ("fields", "server"),
    [
        ("howpublished={arXiv preprint arXiv:2101.01234}", "arXiv"),
        (r"howpublished={Preprint at \url{https://www.researchsquare.com/article/rs-1}}", "Research Square"),
        ("howpublished={Preprint}", ""),
        ("howpublished={Preprint, sent to Wax Letters}", ""),
        ("note={Preprint}, publisher={Night Archive}", "Night Archive"),
        ("note={Preprint}, howpublished={OSF Preprints}, publisher={Wax Press}", "OSF Preprints"),
    ],
)
def test_only_what_may_be_a_server_is_one(tmp_path: Path, fields: str, server: str) -> None:
    """A server is what is known as one, or what may be a name; remarks are none."""
    (tmp_path / "a.bib").write_text(f"@misc{{a, title={{On Lamps}}, {fields}, doi={{10.5555/1}}, year=2020}}", "utf-8")
    tree = bibtex.SOURCE.open(tmp_path / "a.bib", OPTIONS)
    item, _ = one_post.understand(bibtex.SOURCE.read(tree, "a.bib#a", OPTIONS), tree, OPTIONS)
    assert item.work is not None
    assert (item.work.kind, item.work.doi, item.work.preprint_server) == ("preprint", "10.5555/1", server)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", "@misc{a,\n title={Lamps},\n howpublished={bioRxiv},\n doi={10.5555/1.2},\n year=2020}"),
        ("a.ris", "TY  - UNPB\nTI  - Lamps\nPB  - bioRxiv\nDO  - 10.5555/1.2\nPY  - 2020\nER  - \n"),
        (
            "a.json",
            '[{"type": "article",\n"title": "Lamps",\n"publisher": "bioRxiv",\n"DOI": "10.5555/1.2",\n"issued": 2020}]',
        ),
    ],
)
def test_facts_of_preprints_have_their_lines(tmp_path: Path, name: str, text: str) -> None:
    """The server and the DOI of a preprint are told with the lines on which they stand."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    source = {"a.bib": bibtex, "a.ris": ris, "a.json": csl_json}[name].SOURCE
    tree = source.open(tmp_path / name, OPTIONS)
    item, _ = one_post.understand(source.read(tree, tree.paths[0], OPTIONS), tree, OPTIONS)
    assert item.work is not None
    assert (item.work.kind, item.work.doi, item.work.preprint_server) == ("preprint", "10.5555/1.2", "bioRxiv")
    lines = {f.field: f.line for f in item.facts if f.field in {"preprint_doi", "preprint_server"}}
    assert lines == {"preprint_server": 3, "preprint_doi": 4}


def test_special_characters_come_through_unharmed(tmp_path: Path) -> None:
    """What Markdown and HTML would take for markup is a record's plain text."""
    title = r"A*b*c, \_d\_e\_ and [f](g) if 1 < 2 \& 3 > 2; `h` [\textasciicircum i]"
    entry = f"@article{{a, title={{{title}}}, journal={{A_b_ & C}}, year=2020}}"
    (tmp_path / "a.bib").write_text(entry, encoding="utf-8")
    tree = bibtex.SOURCE.open(tmp_path / "a.bib", OPTIONS)
    item, _ = one_post.understand(bibtex.SOURCE.read(tree, "a.bib#a", OPTIONS), tree, OPTIONS)
    assert item.work is not None
    assert item.post.title == item.work.title == "A*b*c, _d_e_ and [f](g) if 1 < 2 & 3 > 2; `h` [^i]"
    assert item.work.journal == "A_b_ & C"


def test_a_record_that_moves_is_not_read_again(tmp_path: Path) -> None:
    """A record's stamp changes with its own text, a macro or an entry that it refers to, and with nothing else."""
    own = '@string{w = "Wax"}\n@article{a, title={A}, journal=w, crossref={p}}\n@book{p, year=2020}\n'

    def stamp(text: str) -> str:
        (tmp_path / "a.bib").write_text(text, encoding="utf-8")
        return bibtex.SOURCE.open(tmp_path / "a.bib", OPTIONS).stamps["a.bib#a"]

    first = stamp(own)
    assert stamp("@misc{z, title={Z}}\n\n" + own) == first
    assert stamp(own.replace("2020", "2021")) != first
    assert stamp(own.replace("Wax", "Wicks")) != first
    assert stamp(own.replace("{A}", "{B}")) != first


def test_inheritance_that_goes_in_circles_ends() -> None:
    """Entries that refer to each other take from each other what they lack."""
    text = b"@inbook{a, crossref={b}, title={A}}\n@book{b, crossref={a}, title={B}, year={2020}}"
    found, problems = _bibtex.records(text)
    assert [(r.fields["title"], r.fields["date"]) for r in found] == [("A", "2020"), ("B", "2020")]
    assert problems == []


def test_a_list_with_two_hundred_authors_is_whole() -> None:
    """Nobody is left out of a long list."""
    names = " and ".join(f"Wick{chr(97 + n // 26)}{chr(97 + n % 26)}, Ada" for n in range(200))
    found, _ = _bibtex.records(f"@article{{a, title={{A}}, year=2020, author={{{names}}}}}".encode())
    assert len(found[0].fields["authors"]) == 200


def test_ten_thousand_records_are_listed_in_linear_time() -> None:
    """Twice the records take about twice the time, not four times."""

    def seconds(count: int) -> float:
        entry = "@article{k%d, title={T %d}, author={Wick, Ada}, journal=w, year=2020, crossref={k0}}\n"
        data = ('@string{w = "Wax"}\n' + "".join(entry % (n, n) for n in range(count))).encode()
        start = time.perf_counter()
        assert len(_bibtex.split(data, "a.bib")[0]) == count
        return time.perf_counter() - start

    seconds(100)
    assert seconds(8_000) < 16 * seconds(2_000)


@pytest.mark.parametrize("format", [bibtex.FORMAT, csl_json.FORMAT, ris.FORMAT, cff.FORMAT], ids=lambda f: f.name)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_raises(tmp_path: Path, format: Any, data: st.DataObject) -> None:
    """Whatever is in a file, each of its records gives a post, a reason or a problem."""
    content = data.draw(_CONTENT[format.name] | st.binary(max_size=200))
    file = tmp_path / ("CITATION.cff" if format.name == "cff" else "a.x")
    file.write_bytes(content)
    source = registry.source(format.name)
    tree = source.open(file, OPTIONS)
    for path in tree.paths:
        reading = source.read(tree, path, OPTIONS)
        assert reading.post or reading.problems
        if reading.post:
            item, _ = one_post.understand(reading, tree, OPTIONS)
            assert json.dumps(item.post.front).encode()
            assert item.post.url.encode("ascii")


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_citations_of_a_site_raise(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever the lab website template's citations hold, each is a post or a problem."""
    keys = st.sampled_from("id title authors publisher date link image tags type buttons".split())
    content = data.draw(st.lists(st.dictionaries(keys, _VALUES, max_size=8), max_size=3))
    (tmp_path / "_data").mkdir(exist_ok=True)
    (tmp_path / "_config.yml").write_text("url: https://lantern.example\n", encoding="utf-8")
    (tmp_path / "_data" / "citations.yaml").write_bytes(_bytes(json.dumps(content)))
    tree = jekyll.SOURCE.open(tmp_path, OPTIONS)
    for path in tree.paths:
        reading = jekyll.SOURCE.read(tree, path, OPTIONS)
        assert reading.post or reading.problems
        if reading.post:
            one_post.understand(reading, tree, OPTIONS)


_WORDS = st.text(max_size=40) | st.sampled_from(
    [
        "2020",
        "10.5555/x",
        "https://x.example/ü",
        "Wick, Ada",
        "{",
        "}",
        '"',
        "\\",
        "\\'",
        "$x$",
        "may # {~3}",
        "\ud800",
        "#",
    ]
)
_VALUES = st.recursive(
    _WORDS | st.integers() | st.none() | st.booleans() | st.floats(allow_nan=True),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_WORDS | st.sampled_from(["family", "name"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_CSL_KEYS = st.sampled_from(
    "id type title author issued container-title page DOI URL abstract keyword language".split()
)
_CFF_KEYS = st.sampled_from(
    "title type authors date-released doi url year preferred-citation keywords conference".split()
)
_BIB_KEYS = st.sampled_from("title author year month date journal doi url pages eprint crossref abstract pdf".split())
_RIS_TAGS = st.sampled_from("TY ER AU TI PY DA DO UR SP EP KW AB T2 SN LA".split())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


_CONTENT: dict[str, st.SearchStrategy[bytes]] = {
    "bibtex": st.lists(st.tuples(_BIB_KEYS, _WORDS, st.sampled_from(["{%s}", '"%s"', "%s"])), max_size=6).map(
        lambda fields: _bytes("@article{a/ b,\n" + ",\n".join(f"{k} = {q % v}" for k, v, q in fields) + "}\n@misc{z}")
    ),
    "csl-json": st.lists(st.dictionaries(_CSL_KEYS, _VALUES, max_size=8), max_size=3).map(
        lambda items: _bytes(json.dumps(items))
    ),
    "ris": st.lists(st.tuples(_RIS_TAGS, _WORDS), max_size=10).map(
        lambda tags: _bytes("\n".join(f"{tag}  - {value}" for tag, value in tags))
    ),
    "cff": st.dictionaries(_CFF_KEYS, _VALUES, max_size=8).map(
        lambda v: _bytes(json.dumps({"cff-version": "1.2.0", **v}))
    ),
}  # fmt: skip


def test_what_an_unwell_file_holds_is_not_waited_for() -> None:
    """Openings without ends, and LaTeX without sense, take no time to speak of."""
    start = time.perf_counter()
    for text in ("@a{x,\n" * 20_000, "@a{" + "{" * 50_000, '@a{b, c = "' * 5_000, "@" * 50_000, "@string{a = " * 5_000):
        _bibtex.records(text.encode())
    for text in ('\\"' * 20_000, "$" * 20_000, "\\begin{a}" * 2_000, "{\\em " * 5_000, "\\emph{" * 30):
        _latex.to_text(text)
    assert time.perf_counter() - start < 20
