"""An occasion that a text names: "the 10th Symposium on Lamps in Porto" → its name and place.  Private to scholarly.

The name is the run of capitalised words around a word for occasions (data/places.toml); small words may join them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct

from feeds.scholarly._vocab import fold, fold_words, folded_words, months, phrase_set, words


class Occasion(Struct, frozen=True):
    """What is announced, and where it takes place."""

    name: str
    place: str = ""
    sure: bool = False  # a place, a year or a number says that one occasion is meant


MOST_WORDS = 150
LONGEST = 12  # words of a name
FARTHEST = 120  # characters between an occasion and its place

TOWN = r"(?:St\.? )?[^\W\d_a-z][^\W\d_]{2,20}(?:[ -][^\W\d_a-z][^\W\d_]{2,20})?"
_LAND = rf"(?:, [A-Z]{{2}}(?=,|\)|$))?(?:, {TOWN}|, U\.?S\.?A?\.?|, UK)?"
_BEHIND = re.compile(
    rf"\s?(?P<mark>,|\(|[-–—@|]|(?:in|at|à|en)\b)\s?(?P<place>(?P<town>{TOWN}){_LAND})(?=\)?\s?(?:[.,;|–—-].*+)?$)"
)
_IN = re.compile(rf"\b(?:in|à|en) (?P<place>{TOWN}{_LAND})")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th|\.)$|(?:19|20)\d\d$")
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_SHORT = re.compile(  # "ISLB 2025 in Porto", "WickCon 2019, Porto"
    rf"(?P<name>[A-Z][\w&/+-]{{0,14}}[A-Z0-9][\w&/+-]{{0,6}}(?: [A-Z][\w-]{{2,14}})? (?:19|20)\d\d)"
    rf"(?P<mark>,| in| at| [-–—@|]| \()\s?(?P<place>(?P<town>{TOWN}){_LAND})\)?$"
)
_MARKS = "*_`\"'“”„«»‘’()[]"
_STOPS = (".", ",", ";", ":", "!", "?", ")", "—", "–", "|")
_JOINING = frozenset("of on for and the & und für der des de la le les sur et y e del di".split())


@lru_cache(maxsize=16)
def named(text: str) -> Occasion | None:
    """The occasion that a text names; one whose place, year or number is given goes before others; of several none."""
    found = _SHORT.match(text) if len(text) < 150 else None
    if found and _is_place(found) and fold(found["name"].split()[0]) not in words("places", "events", "openers"):
        return Occasion(found["name"], found["place"], sure=True)
    if not _hints(text):
        return None
    every = list(_all(text.split(None, MOST_WORDS)[:MOST_WORDS]))
    sure = {x.name: x for x in every if x.sure}
    return None if len(sure) > 1 else next(iter(sure.values()), every[0] if every else None)


def is_occasion(word: str) -> bool:
    """Does it mean a meeting of people?"""
    return fold(word) in _nouns()


@cache
def _nouns() -> frozenset[str]:
    return frozenset(fold(w) for w in words("places", "events", "nouns"))


def _hints(text: str) -> bool:
    return not _nouns().isdisjoint(fold_words(text[:2_000]))


def _all(parts: list[str]) -> Iterator[Occasion]:
    behind = 0
    for at, part in enumerate(parts):
        if at < behind or not is_occasion(part):
            continue
        start, behind = _start(parts, at), _end(parts, at)
        name = [x.strip(_MARKS + ",;:!?") for x in parts[start:behind]]
        if name and name[-1].endswith(".") and not _ORDINAL.match(name[-1]):
            name[-1] = name[-1][:-1]
        if _is_name(name, at - start):
            yield _placed(name, " ".join(parts[behind:]), parts[behind - 1])


def _placed(name: list[str], rest: str, last: str) -> Occasion:
    place = "" if last.endswith((".", "!", "?")) else _place(last[-1:] * last.endswith((",", "(")) + " " + rest)
    place = place or next((t for t in (" ".join(name[:2]), name[0]) if _is_known(t)), "")
    numbered = any(_ORDINAL.match(x) for x in name) or _ANY_YEAR.search(rest, 0, 30)
    return Occasion(" ".join(name), place, sure=bool(place or numbered))


def _place(rest: str) -> str:
    """Right behind the name, or said with "in" before the sentence ends."""
    found = _BEHIND.match(rest.strip() if rest.startswith(" ") else rest)
    if found and _is_place(found):
        return found["place"]
    sentence = re.split(r"(?<=[^\W\d_]{3})[.!?](?:\s|$)", rest[:FARTHEST], maxsplit=1)[0]
    stated = next((m["place"] for m in _IN.finditer(sentence) if _is_town(m["place"])), "")
    return stated or known_town(sentence)


def _is_place(found: re.Match[str]) -> bool:
    """Behind a dash may stand anything: there it is a town that is known, or one with its country."""
    certain = found["mark"].strip() in {",", "in", "at", "à", "en", "("} or found["place"] != found["town"]
    return _is_town(found["place"]) and (certain or _is_known(found["town"]))


def _is_known(town: str) -> bool:
    return fold(town) in phrase_set("places", "towns", "names")


def known_town(text: str) -> str:
    """The town that a text ends with, when it is known to be one: "the University of Zurich"."""
    last = text.rstrip(" .,;)").split()[-2:]
    return next((t for t in (" ".join(last), *last[-1:]) if t[:1].isupper() and _is_known(t)), "")


def _is_town(text: str) -> bool:
    first = fold(text).split()
    others = folded_words("names", "not_names") | words("places", "events", "topics")
    return bool(first) and first[0] not in months() and others.isdisjoint(first)


def _start(parts: list[str], at: int) -> int:
    """Index of the first word of the name: capitalised words, joined by small ones."""
    start = at
    while start > 0 and at - start < LONGEST and not parts[start - 1].endswith(_STOPS):
        before = parts[start - 1].lstrip(_MARKS)
        joins = before in _JOINING and start > 1 and _is_capital(parts[start - 2]) and start < at
        if not (_is_capital(before) or joins):
            break
        start -= 1
    while start < at and fold(parts[start]) in words("places", "events", "openers") | _JOINING:
        start += 1
    return start


def _end(parts: list[str], at: int) -> int:
    """Index behind the last word of the name."""
    end = at + 1
    while end < len(parts) and end - at < LONGEST and not parts[end - 1].endswith(_STOPS):
        if parts[end].startswith("("):
            break
        word, following = parts[end].strip(_MARKS + ",;:.!?"), parts[end + 1] if end + 1 < len(parts) else ""
        if joined := _joined(parts, end):
            end += joined
        elif fold(word) in months():
            if not _YEAR.match(following.strip(_MARKS + ",;:.!?")):
                break
            end += 1
        elif _YEAR.match(word) or (word[:1].isupper() and word != "I") or is_occasion(word):
            end += 1
        else:
            break
    while parts[end - 1] in _JOINING:
        end -= 1
    return end


def _joined(parts: list[str], at: int) -> int:
    """How many small words at `at` join what follows to the name: of "of the Lamp Alliance" two."""
    few = [x for x in parts[at : at + 2] if x in _JOINING]
    behind = parts[at + len(few)] if few and at + len(few) < len(parts) else ""
    is_named = parts[at] in _JOINING and _is_capital(behind) and not behind.startswith("(")
    return len(few) if is_named and fold(behind) not in months() and not _ORDINAL.match(behind) else 0


def _is_capital(word: str) -> bool:
    word = word.lstrip(_MARKS)
    return word[:1].isupper() or bool(_ORDINAL.match(word.rstrip(_MARKS)))


def _is_name(name: list[str], at: int) -> bool:
    """More than the word itself; where that is not capitalised, a name of two words in front of it."""
    capitals = [x for n, x in enumerate(name) if n != at and x[:1].isupper()]
    said = {fold(x) for x in name}
    if fold(name[at]) == "school" and said.isdisjoint(words("places", "events", "schools")):
        return False
    if name[at][:1].isupper():
        return len(name) > 1
    return len(capitals) > 1 or (any(x.isupper() for x in capitals) and any(_YEAR.match(x) for x in name))
