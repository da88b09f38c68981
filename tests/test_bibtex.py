"""BibTeX, against entries written by hand and two other parsers, each with a reader of LaTeX of its own."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string as parse_bibtex
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Entry
from hypothesis import given
from msgspec.structs import replace
from pybtex.database import BibliographyData, parse_string
from pybtex.database import Person as PybtexPerson
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]  # it has no type hints

from exchange_items import ADA, SITE, cases, collection, item, lines, news, only, people, read
from feeds.exporters import bibtex
from feeds.model import Item, Person, Work
from feeds.text import legal, squeeze

CASES = cases("bibtex")
LATEX = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)


def parsed(text: str) -> list[Entry]:
    """The entries as bibtexparser finds them, values as they stand, without their braces."""
    library = parse_bibtex(text, append_middleware=[])
    assert not library.failed_blocks
    return library.entries


def by_pybtex(text: str) -> BibliographyData:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return parse_string(text, "bibtex")


def told(value: str) -> str:
    """What LaTeX would print, as pylatexenc reads it: it takes the circumflex for the accent of that form."""
    return str(LATEX.latex_to_text(value)).replace("ˆ", "^")


def text(value: str) -> str:
    """A value as a format on lines can carry it: legal, in NFC, white space as one space."""
    return squeeze(legal(value)).replace("ˆ", "^")


# ---------------------------------------------------------------------------------------------------- by hand


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    """The entry of an item is, byte for byte, the one written by hand."""
    artifact = only(bibtex.ITEM, read(case))
    assert artifact.body.decode() == (case / "expected.bib").read_text(encoding="utf-8")


def test_path_and_media_type() -> None:
    """An item's entry lies beside its page, a list in the folder of its collection."""
    one = only(bibtex.ITEM, item())
    assert (one.path, one.media_type) == ("1.bib", "application/x-bibtex; charset=utf-8")
    assert only(bibtex.LIST, collection(item(), path="authors/ada-wick")).path == "authors/ada-wick/publications.bib"


def test_only_works_are_written() -> None:
    """News has no entry, and a list of nothing but news no file."""
    assert list(bibtex.ITEM.render(news(), SITE, bibtex.Options())) == []
    assert list(bibtex.LIST.render(collection(news()), SITE, bibtex.Options())) == []
    assert only(bibtex.LIST, collection(news(), item())).body == only(bibtex.ITEM, item()).body


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Lamps of the sea", "Lamps of the sea"),
        ("Lamps in Nowhere: A history of McLamp's 3D wicks", "Lamps in {Nowhere}: A history of {McLamp's} {3D} wicks"),
        ("The Lamps That We Trim by Night", "The Lamps That We Trim by Night"),
        ("The Role of DNA and mRNA in Lamps (LPS)", "The Role of {DNA} and {mRNA} in Lamps ({LPS})"),
        ("The Lightbase in 2021", "The {Lightbase} in 2021"),
        ("A LAMP IN THE NIGHT", "A LAMP IN THE NIGHT"),
        ("X-ray vision", "{X-ray} vision"),
        ("Lamps & {sets}, 100% of a_1", r"Lamps \& \{sets\}, 100\% of a\_1"),
        ("\\ $5 ~ #1 ^", r"{\textbackslash} \$5 {\textasciitilde} \#1 {\textasciicircum}"),
        ("open { brace", r"open \{\vphantom{\}} brace"),
        ("a -- b ''c''", "a -{}- b '{}'c'{}'"),
    ],
)  # fmt: skip
def test_title(title: str, written: str) -> None:
    """Braces keep the capitals of names and acronyms, no others; what LaTeX reads as a command is escaped."""
    assert field(item(title=title), "title") == written


def field(one: Item, name: str, **options: str) -> str:
    [entry] = parsed(only(bibtex.ITEM, one, **options).body.decode())
    return str(entry.fields_dict[name].value)


def test_latex() -> None:
    """With `encoding: latex` every accent is a command, and the file is ASCII."""
    bo = Person(name="Bøö Straße", given="Bøö", family="Straße")
    one = item(title="Glühwürmchen – α < β", authors=(bo,))
    assert field(one, "title", encoding="latex") == (
        r"Gl{\"u}hw{\"u}rmchen {\textendash} {\ensuremath{\alpha}} {\textless} {\ensuremath{\beta}}"
    )
    assert field(one, "author", encoding="latex") == r"Stra{\ss}e, B{\o}{\"o}"
    assert only(bibtex.ITEM, one, encoding="latex").body.isascii()


def test_names_of_one_part() -> None:
    """A family name alone needs no braces, unless it is a word of BibTeX; what is no family name has them."""
    families = ("Wick", "Others", "And", "van Glow")
    authors = (*(Person(name=family, family=family) for family in families), Person(name="Plato"))
    assert field(item(authors=authors), "author") == "Wick and {Others} and {And} and {van Glow} and {Plato}"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Ada's Ph.D. thesis", ("phdthesis", "")),
        ("doctoral dissertation", ("phdthesis", "")),
        ("MSc thesis", ("mastersthesis", "")),
        ("Eine Masterarbeit über Lampen", ("mastersthesis", "")),
        ("Bachelor's thesis", ("phdthesis", "Bachelor's thesis")),
        ("A thesis for the master of lamps", ("phdthesis", "Thesis")),
    ],
)
def test_degree(words: str, written: tuple[str, str]) -> None:
    """What a thesis was written for is said when the post says it; no thesis is taken for a doctor's."""
    one = item(kind="thesis")
    one = replace(one, post=replace(one.post, title=words))
    [entry] = parsed(only(bibtex.ITEM, one).body.decode())
    kind = entry.fields_dict.get("type")
    assert (entry.entry_type, str(kind.value) if kind else "") == written


def test_an_abstract_that_looks_like_an_entry() -> None:
    """A paragraph that begins with "@" ends nothing."""
    abstract = "First.\n\n@article{lamp, title = {A lamp}}"
    body = only(bibtex.LIST, collection(item(1, abstract=abstract), item(2, title="Wicks"))).body.decode()
    assert len(parsed(body)) == len(by_pybtex(body).entries) == 2
    assert told(str(parsed(body)[0].fields_dict["abstract"].value)) == abstract


# ---------------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("work", "key"),
    [
        (Work(title="The keeper's lamp", authors=(ADA,), date="2019-08"), "wick2019keepers"),
        (Work(title="12 lamps", authors=(Person(name="B. Ørsted-Brûlé", family="Ørsted-Brûlé"),)), "orstedbrulelamps"),
        (Work(title="灯台", authors=(Person(name="林 美玲", given="美玲", family="林"),)), "lindengtai"),
        (Work(title="Lamps", authors=(Person(name="The Lamp Guild", organization=True),)), "lamplamps"),
        (Work(title="???"), "anon"),
        (Work(title="Of the"), "anonof"),
    ],
)  # fmt: skip
def test_key(work: Work, key: str) -> None:
    """A key is made of family name, year and the first word that says something, in ASCII."""
    assert bibtex.key(Item(post=item().post, work=work), work) == key


def test_equal_keys_are_told_apart_by_age() -> None:
    """Of works with one key the oldest keeps it; in whatever order they come, each gets the same one."""
    items = [item(number) for number in range(30)]
    keys = {key_of_url(entry): entry.key for entry in listed(items)}
    assert len(set(keys.values())) == 30
    assert [keys[n] for n in (29, 28, 27, 4, 3, 0)] == [
        "wick2019lamps",
        "wick2019lamps-b",
        "wick2019lamps-c",
        "wick2019lamps-z",
        "wick2019lamps-aa",
        "wick2019lamps-ad",
    ]
    assert {key_of_url(entry): entry.key for entry in listed(items[::-1])} == keys


def test_who_shares_no_key_keeps_it() -> None:
    """Without one work only the keys of those change that share its own."""
    items = [item(1), item(2), item(3, title="Wicks"), item(4, title="Lampsb"), item(5)]
    before = {key_of_url(entry): entry.key for entry in listed(items)}
    after = {key_of_url(entry): entry.key for entry in listed(items[:-1])}
    assert before == {
        1: "wick2019lamps-c",
        2: "wick2019lamps-b",
        3: "wick2019wicks",
        4: "wick2019lampsb",
        5: "wick2019lamps",
    }
    assert after == {1: "wick2019lamps-b", 2: "wick2019lamps", 3: "wick2019wicks", 4: "wick2019lampsb"}


def listed(items: list[Item]) -> list[Entry]:
    return parsed(only(bibtex.LIST, collection(*items)).body.decode())


def key_of_url(entry: Entry) -> int:
    [number] = re.findall(r"(\d+)\.html", str(entry.fields_dict["url"].value))
    return int(number)


# ---------------------------------------------------------------------------------------------------- read back


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_another_parser_reads_the_record(case: Path) -> None:
    """pybtex finds the same authors, in parts, and the same title, journal, date and DOI."""
    one = read(case)
    work = one.work
    assert work is not None
    [entry] = by_pybtex(only(bibtex.ITEM, one).body.decode()).entries.values()
    written = [p for p in entry.persons.get("author", []) if str(p) != "others"]
    assert [of_pybtex(p) for p in written] == [expected_name(person) for person in work.authors]
    fields = entry.fields
    container = fields.get("journal", "") or fields.get("booktitle", "")
    assert told(fields["title"]) == (work.title or one.post.title)
    assert (told(container), fields.get("year", ""), fields.get("doi", "")) == (work.journal, work.date[:4], work.doi)


def whole(first: list[str], von: list[str], last: list[str], jr: list[str]) -> tuple[str, str, str]:
    return told(" ".join(first)), told(" ".join([*von, *last])), told(" ".join(jr))


def of_pybtex(p: PybtexPerson) -> tuple[str, str, str]:
    return whole([*p.first_names, *p.middle_names], p.prelast_names, p.last_names, p.lineage_names)


def expected_name(person: Person) -> tuple[str, str, str]:
    """Given, family, suffix; who has no given name or is no person is a family name as a whole."""
    family, given, suffix = (text(part) for part in (person.family, person.given, person.suffix))
    if person.organization or not family:
        return "", text(person.name), ""
    return (given, family, suffix) if given else ("", f"{family} {suffix}".strip(), "")


@given(lines, lines, lines)
def test_any_text_comes_back(title: str, journal: str, abstract: str) -> None:
    """Whatever a title, a journal and an abstract say, both parsers find it, and nothing else."""
    body = only(bibtex.ITEM, item(title=title, journal=journal, abstract=abstract)).body.decode()
    [entry] = parsed(body)
    [other] = by_pybtex(body).entries.values()
    for name, said in (("title", text(title) or "A post"), ("journal", text(journal)), ("abstract", text(abstract))):
        assert said == told(str(entry.fields_dict[name].value)) if said else name not in entry.fields_dict
        assert said == told(other.fields.get(name, ""))


@given(people)
def test_any_name_comes_back(authors: tuple[Person, ...]) -> None:
    """Whatever names say, both parsers find as many, each in its parts."""
    body = only(bibtex.ITEM, item(authors=authors)).body.decode()
    [entry] = parsed(body)
    written = split_multiple_persons_names(str(entry.fields_dict["author"].value)) if authors else []
    found = [parse_single_name_into_parts(name) for name in written]
    wanted = [name for person in authors if any(name := expected_name(person))]
    assert [whole(p.first, p.von, p.last, p.jr) for p in found] == wanted
    others = next(iter(by_pybtex(body).entries.values())).persons.get("author", [])
    assert [of_pybtex(p) for p in others] == wanted


@given(lines, lines)
def test_any_text_is_balanced_latex(title: str, name: str) -> None:
    """Every brace has its answer, also for BibTeX, which counts escaped ones; a LaTeX file says the same."""
    one = item(title=title, authors=(Person(name=name, given=name, family=name),))
    for encoding in ("utf-8", "latex"):
        body = only(bibtex.ITEM, one, encoding=encoding).body.decode()
        depths = [body[:at].count("{") - body[:at].count("}") for at in range(1, len(body))]
        assert min(depths) >= 0
        assert body.count("{") == body.count("}")
        assert len(by_pybtex(body).entries) == 1
