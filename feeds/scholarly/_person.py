"""One item of a list of names → a person or a group, in the way of writing of its line.  Private to scholarly."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from feeds.model import Person
from feeds.scholarly._vocab import fold, fold_words, folded_words, words

Style = Literal["family-initials", "initials-family", "given-family", "family-comma"]

_WORD = re.compile(r"[^\W\d_][^\s\d!-&(-,/:-@\[-^{-~«»“”„…]*+")  # marks of Indic scripts are no letters to \w


def style_of(items: list[str]) -> Style:
    """Family first when most items end in capitals only ("Prado AM") and do not begin with them ("AM Prado")."""
    whole = first = last = 0
    for item in items:
        if " " in item:
            opens, closes = _initials_of(item)
            whole += 1
            first += opens
            last += closes
    if last > first and last * 2 >= len(items) - 1:
        return "given-family" if _are_shouted(items) else "family-initials"
    return "initials-family" if whole > 2 and first >= whole - 1 else "given-family"


@lru_cache(maxsize=4096)  # who publishes together does so again
def _initials_of(item: str) -> tuple[bool, bool]:
    """Does a name begin with initials, does it end in them?  Of "WICK A" the shorter one of both is the initials."""
    parts = item.split()
    a, b = parts[0], parts[-1] if len(parts) == 2 else base_of(parts)[-1]
    opens = not a[-1].islower() and is_caps(a) and not (len(b) < len(a) and is_caps(b))
    closes = not b[-1].islower() and is_caps(b) and not (len(a) < len(b) and is_caps(a))
    return opens, closes


def _are_shouted(items: list[str]) -> bool:
    """Does one end in a name in capitals, or do all in four: "Ana RUIZ, Li SOTO" are no initials?"""
    if not any(item[-4:].isupper() for item in items):
        return False
    lasts = [item.rpartition(" ")[2] for item in items if " " in item]
    return any(_is_shouted(item) for item in items) or (
        len(lasts) > 1 and all(len(x) > 3 and x.isalpha() and x.isupper() for x in lasts)
    )


def _is_shouted(item: str) -> bool:
    """ "Ana PRADO": where one family name is in capitals, "Li SOTO" has no initials either."""
    first, _, last = item.rpartition(" ")
    return len(last) > 4 and last.isalpha() and last.isupper() and not first.isupper()


def base_of(parts: list[str], fewest: int = 2) -> list[str]:
    """The words of a name without suffix and degrees."""
    while len(parts) > fewest and _is_suffix(parts[-1]):
        parts = parts[:-1]
    return parts


def _is_suffix(word: str) -> bool:
    """ "Jr.", "III", "PhD"; but "JR" and "MD" are initials."""
    if word.lower() in words("names", "suffixes"):
        return word not in {"JR", "SR"}
    return word.lower() in words("names", "honorifics") and not word.isupper()


def is_caps(word: str, most: int = 4) -> bool:
    """ "A", "AM", "J.-P.": initials."""
    if word.isalpha():
        return len(word) <= most and word.isupper()
    if not word[:1].isupper() or len(word) > 3 * most:
        return False
    letters = word.replace(".", "").replace("-", "")
    return len(letters) <= most and letters.isupper() and letters.isalpha()


def is_ordinary(item: str) -> bool:
    """Has none of its words a meaning of its own: group, particle, title, suffix?"""
    return _special().isdisjoint(item.lower().split())


@cache
def _special() -> frozenset[str]:
    listed = words("names", "groups") | words("names", "honorifics") | words("names", "suffixes")
    return listed | words("names", "particles") | folded_words("names", "groups")


def is_group(item: str) -> bool:
    """Does one of its words say that this is a consortium, a team, an institution?

    The others are capitalised but for connectors: "An international federation of data using standards" is a title.
    """
    parts = item.split()
    if len(parts) < 2 or is_ordinary(item) or " - " in item or " – " in item:
        return False  # "Lamps - A Project of Moon University" is a title
    groups = folded_words("names", "groups")
    if not any(fold(p) in groups for p in parts):
        return False
    return all(fold(p) in groups or p in words("names", "connectors") for p in parts if p[0].islower())


def may_name_institution(line: str) -> bool:
    """Is one of the line's words that of a school, a hospital?"""
    return not folded_words("names", "institutions").isdisjoint(fold_words(line))


def is_institution(item: str) -> bool:
    """A university, a hospital: where people work, when no word says that they wrote as a group."""
    folded = {fold(p) for p in item.split()}
    schools = folded_words("names", "institutions")
    return not folded.isdisjoint(schools) and folded.isdisjoint(folded_words("names", "groups") - schools)


@lru_cache(maxsize=4096)  # who publishes together does so again
def person_of(item: str, style: Style, ordinary: bool = False) -> Person | None:
    """One item as a person or a group; None when it is neither.  `ordinary`: its whole line is known to be."""
    item = item.strip(" ,;")
    if not item or len(item) > 200:
        return None
    ordinary = ordinary or is_ordinary(item)
    if not ordinary and is_group(item):
        name = re.sub(r"^(?:and )?(?:[Tt]he )?", "", item)
        return Person(name=name, organization=True) if len(item.split()) <= 14 else None
    parts = item.split()
    if ordinary:
        if not _looks_like_name(parts):
            return None
        given, family = _split(item, parts, style)
        return Person(name=f"{given} {family}".strip(), given=given, family=family)
    while len(parts) > 1 and parts[0].lower() in words("names", "honorifics"):
        parts = parts[1:]
    base = base_of(parts)
    suffix = " ".join(p for p in parts[len(base) :] if p.lower() in words("names", "suffixes"))
    if not _looks_like_name(base):
        return None
    name = " ".join(base).rstrip(",")
    given, family = _split(name, name.split(), style)
    return Person(name=f"{given} {family}".strip(), given=given, family=family, suffix=suffix)


def is_lone(person: Person) -> bool:
    """A single word: a first name, a handle; in Chinese, Japanese and Korean it is the whole name."""
    return not person.given and not person.organization and not any(map(_is_unspaced, person.name))


def _is_unspaced(letter: str) -> bool:
    """Is it of a script that prints a name without a blank?"""
    return "\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af"


def _looks_like_name(parts: list[str]) -> bool:
    """Two to six words, each capitalised, an initial or a particle, at least one longer than an initial."""
    if len(parts) > 7:
        return False
    long = False
    particles = words("names", "particles")
    for part in parts:
        word = part.strip(",")
        if word in particles:
            continue
        if word.isalpha() and word[0].isupper():
            long = long or len(word) > 1
            continue
        if not _WORD.fullmatch(word):
            return False
        if word[0].islower() and word.lower() not in particles and word[:2] not in {"d'", "d’", "l'"}:
            return len(parts) == 1 and word.isalnum() and word.isascii()  # a handle without "@"
        long = long or len(word.strip(".")) > 1
    return long


def _split(name: str, parts: list[str], style: Style) -> tuple[str, str]:
    """Given and family name."""
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip(), family.strip()
    if len(parts) == 1:
        return "", name
    lettered = style == "family-initials" or (style == "family-comma" and not is_caps(parts[0]))
    if lettered and is_caps(parts[-1]):
        return parts[-1], " ".join(parts[:-1])
    at = _behind_initials(parts) if style == "initials-family" else _family_at(parts)
    return " ".join(parts[:at]), " ".join(parts[at:])


def _behind_initials(parts: list[str]) -> int:
    """Index of the first word behind the initials: "C. Prado Soto", where everyone has initials."""
    particles = words("names", "particles")
    at = next((n for n, p in enumerate(parts) if not is_caps(p) or p.lower() in particles), len(parts) - 1)
    return at if at else _family_at(parts)


def _family_at(parts: list[str]) -> int:
    """Index of the first word of the family name in "Given Family"."""
    if len(parts) == 2:
        return 1
    particles = words("names", "particles")
    vietnamese = fold(parts[-1]) in folded_words("names", "vietnamese_family")
    for at, part in enumerate(parts[1:-1], start=1):
        if part.lower() in particles and "." not in part and not (vietnamese and part[0].isupper()):
            return at
    if len(parts) == 3 and _two_families(parts[0], parts[1]):
        return 1
    return len(parts) - 1


def _two_families(first: str, second: str) -> bool:
    """Do three words hold two family names, as Spanish and Portuguese ones mostly do?"""
    if len(second) < 3 or "." in second or fold(second) in folded_words("names", "second_given"):
        return False
    return fold(first) in folded_words("names", "two_family_given") or fold(second) in folded_words(
        "names", "first_family"
    )
