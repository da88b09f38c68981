"""The vocabularies in data/*.toml, read once, in the shapes the rules want.  Private to scholarly."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_DIGIT = re.compile("[\\d⁰¹²³⁴-⁹₀-₉]")
_ASCII_DIGIT = re.compile("[0-9]")
_NOT_LETTERS = re.compile(r"[\W_]++")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_BLANKED = "".join(chr(n) if chr(n).isalnum() else " " for n in range(128))  # what becomes of each ASCII character


@cache
def table(name: str) -> dict[str, Any]:
    """data/<name>.toml as it stands."""
    return tomllib.loads(files("feeds.scholarly").joinpath("data", f"{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` for comparison: lower case, no accents, anything but letters and digits one blank."""
    if text.isascii():
        low = text.lower()
        return low if low.isalnum() else " ".join(low.translate(_BLANKED).split())
    bare = _BEYOND_ASCII.sub(_base_letter, unicodedata.normalize("NFKD", text.casefold()))
    return _NOT_LETTERS.sub(" ", bare).strip()


def fold_words(text: str) -> list[str]:
    """The words of `text` for comparison."""
    return text.lower().translate(_BLANKED).split() if text.isascii() else fold(text).split()


def _base_letter(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def has_digit(text: str) -> bool:
    """Is there a digit in it, raised and lowered ones too?"""
    return (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text) is not None


@cache
def words(name: str, section: str, key: str = "") -> frozenset[str]:
    """A blank-separated list of words, lower case; of the whole file when `key` is empty."""
    value = table(name)[section][key] if key else table(name)[section]
    return frozenset(value.split())


@cache
def folded_words(name: str, section: str) -> frozenset[str]:
    """A blank-separated list of words, without accents."""
    return frozenset(fold(w) for w in table(name)[section].split())


def phrases(value: str) -> tuple[str, ...]:
    """A list of phrases set apart by "|", folded."""
    return tuple(fold(p) for p in value.split("|"))


@cache
def lookup(name: str, section: str) -> dict[str, str]:
    """Phrase → the key it is listed under; the first listing counts."""
    found: dict[str, str] = {}
    for key, value in table(name)[section].items():
        for phrase in phrases(value):
            found.setdefault(phrase, key)
    return found


@cache
def phrase_set(name: str, section: str, key: str) -> frozenset[str]:
    """The phrases listed under one key."""
    return frozenset(phrases(table(name)[section][key]))


@cache
def months() -> dict[str, int]:
    """Folded name of a month → its number."""
    return {fold(w): int(n) for n, names in table("months")["months"].items() for w in names.split()}
