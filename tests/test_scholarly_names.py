"""Lines of names → persons."""

from __future__ import annotations

import pytest

from feeds.model import Person
from feeds.scholarly._names import from_list, parse


def written(raw: str) -> list[str]:
    """The names as "Family, Given", groups as "= Name"."""
    return [f"= {p.name}" if p.organization else f"{p.family}, {p.given}" for p in parse(raw).people]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # Family Initials
        ("Prado A, Soto LM.", ["Prado, A", "Soto, LM"]),
        ("Ortiz Brühl N, von Ehring C, de Leu L", ["Ortiz Brühl, N", "von Ehring, C", "de Leu, L"]),
        ("Ai N, Ng HK, Li X", ["Ai, N", "Ng, HK", "Li, X"]),
        ("De Argo JR, Müller-Huber HK", ["De Argo, JR", "Müller-Huber, HK"]),
        ("Prado Q and Soto M. (2018)", ["Prado, Q", "Soto, M"]),
        ("Ó Faol T, LI X, Rey B", ["Ó Faol, T", "LI, X", "Rey, B"]),
        ("Prado MD, Soto JR", ["Prado, MD", "Soto, JR"]),
        ("Drum DA", ["Drum, DA"]),
        # Given Family
        ("Ana Prado and Li Soto (2019)", ["Prado, Ana", "Soto, Li"]),
        ("Thomas M. Ek, Zoë Th. Quill, & Bo Rey", ["Ek, Thomas M.", "Quill, Zoë Th.", "Rey, Bo"]),
        ("Marc Van den Eike, Ada von der Au", ["Van den Eike, Marc", "von der Au, Ada"]),
        ("Xuan Shirley Li, Joo Heon Shin", ["Li, Xuan Shirley", "Shin, Joo Heon"]),
        ("Paula Carri Coro, Juan Carlos Soto", ["Carri Coro, Paula", "Soto, Juan Carlos"]),
        ("Catherine del Vecchio Fitz", ["del Vecchio Fitz, Catherine"]),
        ("Angela J.H. Page, Max A Verb", ["Page, Angela J.H.", "Verb, Max A"]),
        ("Jürgen Groß und Änne Über", ["Groß, Jürgen", "Über, Änne"]),
        # initials first
        ("M.N. van Aard, L.S.E.M. Soto and A.P. Stub", ["van Aard, M.N.", "Soto, L.S.E.M.", "Stub, A.P."]),
        ("A Nello, L Collo-Torre, AE Jaff", ["Nello, A", "Collo-Torre, L", "Jaff, AE"]),
        ("J.-P. Dup, Y. de la Cruz", ["Dup, J.-P.", "de la Cruz, Y."]),
        # Family, Given
        ("Prado, A. M., & Soto, B.", ["Prado, A. M.", "Soto, B."]),
        ("Prado, Ana M.; Soto, Li", ["Prado, Ana M.", "Soto, Li"]),
        ("Prado, Ana and Soto, Li", ["Prado, Ana", "Soto, Li"]),
        ("Prado, A., N. Soto, and M. Rey", ["Prado, A.", "Soto, N.", "Rey, M."]),
        ("Prado, Ana, Li Soto, and Bo Rey", ["Prado, Ana", "Soto, Li", "Rey, Bo"]),
        ("Prado A; Soto B", ["Prado, A", "Soto, B"]),
        # groups
        ("Ana Prado & Variant Lantern Consortium", ["Prado, Ana", "= Variant Lantern Consortium"]),
        ("Prado A, the MoonSeq consortium, Soto B", ["Prado, A", "= MoonSeq consortium", "Soto, B"]),
        ("Ana Prado for the Moon Beacon Project", ["Prado, Ana", "= Moon Beacon Project"]),
        ("Bo Rey, Global Alliance for Light and Health", ["Rey, Bo", "= Global Alliance for Light and Health"]),
        ("Lantern Institute of Oil Members.", ["= Lantern Institute of Oil Members"]),
        # other scripts
        ("Иванов И.И., Ёж А.", ["Иванов, И.И.", "Ёж, А."]),
        ("Gerard 't Hoo, Flann O’Bri", ["'t Hoo, Gerard", "O’Bri, Flann"]),
        # marks around names
        ("**Ana Prado**<sup>1,2</sup>, [Li Soto](https://x.org)\\*, Bo Rey¹,²", ["Prado, Ana", "Soto, Li", "Rey, Bo"]),
        ("Ana Prado &dagger;, Bo Rey __*__", ["Prado, Ana", "Rey, Bo"]),
        ("<strong>Ana Prado</strong> and Bo Rey^1^", ["Prado, Ana", "Rey, Bo"]),
        ("Ana Prado<!--more-->, Bo Rey", ["Prado, Ana", "Rey, Bo"]),
        ("Authors: Ana Prado, Bo Rey", ["Prado, Ana", "Rey, Bo"]),
        ("by Ana Prado, Bo Rey", ["Prado, Ana", "Rey, Bo"]),
        ("Dr. Ana Prado, PhD, Prof. Bo Rey", ["Prado, Ana", "Rey, Bo"]),
        ("Ana Prado (0000-0002-1825-0097), Bo Rey (Lantern University)", ["Prado, Ana", "Rey, Bo"]),
    ],
)
def test_styles(raw: str, expected: list[str]) -> None:
    """Every common way to print a list of authors gives the same kind of persons."""
    assert written(raw) == expected


@pytest.mark.parametrize(
    "raw", ["Prado A, ..., Soto B", "Prado A, et al.", "Ana Prado, Bo Rey, …", "Ana Prado and others"]
)
def test_what_is_left_out_is_no_author(raw: str) -> None:
    """Dots and "et al." say that the list is cut, and are nobody's name."""
    names = parse(raw)
    assert names.truncated
    assert all(p.family in {"Prado", "Soto", "Rey"} for p in names.people)


def test_suffixes() -> None:
    """Jr. and III stay behind the name."""
    assert parse("John Wick Jr., Mary Poe III").people == (
        Person(name="John Wick", given="John", family="Wick", suffix="Jr."),
        Person(name="Mary Poe", given="Mary", family="Poe", suffix="III"),
    )


@pytest.mark.parametrize(
    "raw",
    [
        "Towards understanding the effect of lanterns",
        "Reviews of Lantern Studies volume 20, pages693–701 (2019)",
        "An international federation of lantern databases using standards",
        "https://example.org/a, https://example.org/b",
        "",
    ],
)
def test_other_lines(raw: str) -> None:
    """A title, a citation or an address holds no persons."""
    assert parse(raw).people == ()


def test_names_without_blanks() -> None:
    """A Chinese name is whole without a blank, and its comma is a comma."""
    names = parse("王小明、李娜，赵一")
    assert ([p.name for p in names.people], names.doubt) == (["王小明", "李娜", "赵一"], 0)


def test_first_names_alone_are_doubtful() -> None:
    """ "Ana, Li & Bo" are no authors one can cite."""
    assert parse("Ana, Li & Bo").doubt == 1


def test_lists() -> None:
    """Front matter lists have one name an entry, in one style."""
    people = from_list(["A Nello", " J Alqui-Hernández", "Rey, Bo", "MoonSeq Consortium", "et al."])
    assert [p.family or p.name for p in people.people] == ["Nello", "Alqui-Hernández", "Rey", "MoonSeq Consortium"]
    assert people.truncated
