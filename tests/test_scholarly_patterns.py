"""No pattern of the extractors can be made to try again and again: what it costs grows with the text, not faster."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import feeds.scholarly
from feeds.scholarly import _bibtex, _blocks, _labels, _names, _reference, citation
from scholarly_posts import EXTRACTORS

sre: Any = re._constants  # type: ignore[attr-defined]  # in no stub
FOLDER = Path(feeds.scholarly.__path__[0])


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns that modules hold, and those written where they are used, each with its place."""
    assert EXTRACTORS, "they import every module"
    for path in sorted(FOLDER.glob("*.py")):
        module = sys.modules.get(f"feeds.scholarly.{path.stem}")
        for name, value in vars(module).items() if module else ():
            if isinstance(value, re.Pattern):
                yield f"{path.stem}.{name}", value
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            used = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and used.startswith("re.") and used != "re.compile" and node.args:
                pattern = node.args[0]
                if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
                    yield f"{path.name}:{node.lineno}", re.compile(pattern.value)


PATTERNS = dict(_patterns())


def _giving_back(parsed: Any) -> Iterator[str]:
    """The repeats without a bound that give back what they took when what follows fails."""
    for kind, value in parsed:
        if kind in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            if kind is not sre.POSSESSIVE_REPEAT and value[1] is sre.MAXREPEAT:
                yield str(value[2])
            yield from _giving_back(value[2])
        elif kind is sre.SUBPATTERN:
            yield from _giving_back(value[3])
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _giving_back(branch)
        elif kind in {sre.ASSERT, sre.ASSERT_NOT}:
            yield from _giving_back(value[1])
        elif kind is sre.ATOMIC_GROUP:
            yield from _giving_back(value)


def _parsed(pattern: re.Pattern[str]) -> Any:
    return re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]  # in no stub


@pytest.mark.parametrize("name", PATTERNS)
def test_no_repeat_gives_back(name: str) -> None:
    """A repeat without a bound keeps what it took, so that no input makes one attempt take several ways."""
    assert not list(_giving_back(_parsed(PATTERNS[name])))


def test_giving_back_is_seen() -> None:
    """The check sees a repeat that gives back, wherever it stands."""
    for pattern in ("a*b", "(a+)b", "x|a+?b", "(?=a*b)", "(?>a*b)", "(?:a+){2}", "(?:x{1,3}a*){1,2}b"):
        assert list(_giving_back(_parsed(re.compile(pattern)))), pattern
    assert not list(_giving_back(_parsed(re.compile("a*+b{1,9}(?:c++d)?"))))


def _widest(pattern: re.Pattern[str]) -> int:
    """The most characters that one match can span."""
    return int(_parsed(pattern).getwidth()[1])


@pytest.mark.parametrize("pattern", [_names._AND, _names._FOR, _names._JOINER, citation._DASH])
def test_searched_patterns_are_narrow(pattern: re.Pattern[str]) -> None:
    """What is looked for at every place spans few characters: all attempts together are linear."""
    assert _widest(pattern) < 40


SEARCHING = {"search", "sub", "subn", "split", "findall", "finditer"}


def _searched_for() -> set[str]:
    """The patterns that are looked for at every place of a text, by module and name."""
    return {
        f"{path.stem}.{node.value.id}"
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in SEARCHING and isinstance(node.value, ast.Name)
    }


def test_openings_of_searched_patterns_are_bounded() -> None:
    """What is looked for at every place begins with no repeat without a bound, which would run to the end each time."""
    searched = sorted(_searched_for() & PATTERNS.keys())
    assert "_names._AND" in searched
    for name in searched:
        kind, value = _parsed(PATTERNS[name])[0]
        single = name == "_vocab._NOT_LETTERS"  # a class and nothing else: it matches all that it runs over
        assert single or kind is not sre.POSSESSIVE_REPEAT or value[1] is not sre.MAXREPEAT, name


# How each pattern is used, and scraps of text that it nearly matches: runs of what it skips, without what it wants.
NEARLY: dict[str, tuple[Callable[[str], object], tuple[str, ...]]] = {
    "and": (_names._AND.search, (" ", " ,", " and", "and a ", " amp;", " et a'b c ")),
    "for": (_names._FOR.search, (" ", " ,", " for", " on behalf o", " representin")),
    "dash": (citation._DASH.search, (" ", "a ", ". ")),
    "label": (_labels._LEAD.match, (" ", "\n", "<p>", "<p> ", "**")),
    "reference lead": (_reference._LEAD.match, (" ", "now ", "just ", "chap", "also publish")),
    "item": (_blocks._ITEM.match, (" ", "-", "1.", "9", " 9")),
    "field": (_bibtex._FIELD.match, (" ", ",", ", ", "a ", "a", "a-")),
}


@pytest.mark.parametrize("name", NEARLY)
def test_near_misses_are_found_out_at_once(name: str) -> None:
    """Of 300,000 characters that nearly match, a pattern sees that they do not; one that tries again takes minutes."""
    find, scraps = NEARLY[name]
    for scrap in scraps:
        assert find(scrap * (300_000 // max(1, len(scrap))) + "\x00") is None, scrap
