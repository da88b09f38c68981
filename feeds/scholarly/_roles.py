"""What a line above the text of a post is: its title, its authors, where it appeared.  Private to scholarly.

What a heading or a line is shows in what it holds, not in its level.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from feeds.scholarly import _dates, _reference
from feeds.scholarly._blocks import Block, plain
from feeds.scholarly._labels import field_of, holds_identifier, opens_abstract, section
from feeds.scholarly._names import Names, parse
from feeds.scholarly._person import is_institution
from feeds.scholarly._untitled import names_first
from feeds.scholarly._vocab import fold, folded_words, has_digit, months, table, words

Role = Literal["authors", "citation", "heading", "label", "end"]

_LINKED = re.compile(r"\[[^\[\]]*+\]\([^()]*+\)|https?://\S++|\*[^*\n]{3,150}\*|_[^_\n]{3,150}_")  # or emphasised

_CITING = frozenset("vol no nr p pp bd heft issue volume number article art page pages num núm págs doi pmid".split())

_STATUS = re.compile(r"\b(?:to appear|in press|accepted|forthcoming|im druck|sous presse)\b", re.IGNORECASE)

_BOLD = re.compile(
    r"\s*+(?:\*\*[^*]{4,300}\*\*|__[^_]{4,300}__|<(?:b|strong)>[^<>]{4,300}</(?:b|strong)>)\s*+(?:<br\s?/?>)?\s*+$"
)

_LONE_DIGIT = re.compile(r"(?:^|[\s(])\d")  # no affiliation's


class Line(Struct, frozen=True):
    """A printed line: Markdown, line of the body, level of the heading (0 for none)."""

    raw: str
    line: int
    level: int = 0


def role_of(line: Line, block: Block, title: str, authors_seen: bool, follower: int) -> Role:
    """What a line of the block is; `follower` is the level of a heading right behind it, 0 for none."""
    if not line.level and opens_abstract(block.text) is not None:
        return "end"
    text = plain(line.raw)
    if line.level:
        return _role_of_heading(line, text, title, authors_seen, follower)
    if same_title(text, title):
        return "heading"  # in bold, or as it is
    if field_of(line.raw)[0]:
        return "label"
    if not authors_seen and _is_names(line, text, title):
        return "authors"
    if authors_seen and _is_about_authors(text):
        return "label"
    return "citation" if _is_citation_line(line, text, title, authors_seen) else "end"


def without_authors(line: Line, following: list[Line], title: str, named: bool) -> Role:
    """Of a line without authors above it: a citation, where the front matter names them; one name; a title in bold."""
    text = plain(line.raw)
    if named and _is_citation_line(line, text, title, authors_seen=True):
        return "citation"
    if following and _BOLD.match(line.raw) and is_author_line(parse(following[0].raw), fewest=2):
        return "heading"
    if len(text) > 80 or not following or not is_single(parse(line.raw), text):
        return "end"
    cited = _reference.parse(following[0].raw, title)
    return "authors" if cited.marks > 1 and (cited.journal or cited.preprint_server or cited.publisher) else "end"


def _is_names(line: Line, text: str, title: str) -> bool:
    """Is it nothing but the names of several, or of the first of many?"""
    names = parse(line.raw)
    if is_author_line(names, fewest=2) or _is_first_of_many(names, text):
        return not _is_whole_reference(line, text, title)
    return False


def _is_whole_reference(line: Line, text: str, title: str) -> bool:
    """Does it go on behind the names: with the title, or with what only a citation prints?"""
    if len(title) > 9 and title.casefold() in text.casefold():
        return True
    return parse(line.raw).doubt > 0 and has_digit(text) and _reference.parse(line.raw, title).marks > 1


def _role_of_heading(line: Line, text: str, title: str, authors_seen: bool, follower: int) -> Role:
    if section(text):
        return "end"
    if same_title(text, title):
        return "heading"
    if field_of(line.raw)[0] in {"authors", "journal", "doi", "citation"}:
        return "authors" if field_of(line.raw)[0] == "authors" else "citation"
    if authors_seen and _prints_numbers(line, text, title):
        return "citation"
    names = parse(line.raw)
    if is_author_line(names, fewest=2) or (is_single(names, text) and not 0 < follower < line.level):
        return "authors"
    if _is_citation(line, text, title, authors_seen):
        return "citation"
    return "heading"


def _prints_numbers(line: Line, text: str, title: str) -> bool:
    """Does it print three marks of a citation, as no line of names does: a volume, pages, a date?"""
    return len(text) <= 600 and not text.endswith("?") and _reference.parse(line.raw, title).marks >= 3


def _is_about_authors(text: str) -> bool:
    """Is it a line below the names: where they work ("1 Moon University, Porto"), who of them is first or answers?"""
    if len(text) > 600:
        return False
    start = text.lstrip("*†‡§¶#⁎∗✉^\\()[] 0123456789¹²³⁴⁵⁶⁷⁸⁹abcde,")
    if len(text) < 150 and any(x in text.lower() for x in table("names")["notes"]):
        return True
    parts = start.split()
    if sum(w.islower() for w in parts) * 3 > len(parts) or not words("names", "occasions").isdisjoint(
        fold(start).split()
    ):
        return False  # a sentence; where something was told
    return any(is_institution(x) for x in re.split(r"[,;]", start, maxsplit=3)[:3])


def is_author_line(names: Names, fewest: int) -> bool:
    return len(names.people) >= fewest and names.doubt <= 0.15


def _is_first_of_many(names: Names, text: str) -> bool:
    """ "Prado, Ana, et al." """
    return names.truncated and not names.doubt and len(names.people) == 1 and len(text.split()) < 9


def is_single(names: Names, text: str) -> bool:
    """One name as a line of its own: short, no digits, no word that only titles and events hold."""
    if len(names.people) != 1 or names.doubt or names.truncated:
        return names.truncated and len(names.people) == 1
    group = names.people[0].organization
    if _LONE_DIGIT.search(text.lstrip("0123456789") if group else text) or re.search(r"[:?!–—]|\d{3}", text):
        return False
    if group:
        return "," not in text
    parts = text.strip(" .").split()
    shouted = [p for p in parts if len(p.strip("*†‡§,.1234567890")) > 3 and p.isupper()]
    if not 2 <= len(parts) <= 5 or (shouted and len(shouted) < len(parts)):
        return False
    return not any(fold(p) in folded_words("names", "not_names") for p in parts)


def _is_citation(line: Line, text: str, title: str, authors_seen: bool) -> bool:
    """A heading that prints a journal: by its numbers, or by its place right behind the authors."""
    if len(text) > 600 or text.endswith("?") or not (authors_seen or has_digit(text)):
        return False
    parsed = _reference.parse(line.raw, title)
    if authors_seen:
        return parsed.marks >= 1 or (len(text.split()) <= 8 and bool(parsed.journal))
    return parsed.marks >= 3 or holds_identifier(line.raw)


def _is_citation_line(line: Line, text: str, title: str, authors_seen: bool) -> bool:
    if len(text) > 1500:
        return False
    behind = text if authors_seen else names_first(text)[1]
    long = behind.count(" ") >= (25 if authors_seen else 12) or _is_prose(line.raw if behind == text else behind)
    if long and title.casefold() not in text.casefold() and not _quotes_title(text):
        return False
    parsed = _reference.parse(line.raw, title)
    if parsed.before:
        return parsed.marks >= 1
    if long:
        return False  # a whole reference without authors above it is read as one: _embedded
    if authors_seen and parsed.journal and len(text.split()) <= 12 and (parsed.date or _STATUS.search(text)):
        return not is_author_line(
            parse(parsed.journal), fewest=2
        )  # "Lantern, 2003" or "Lantern (in press)", right behind the authors
    if authors_seen and len(text) < 30 and _dates.is_date(text):
        return True
    return holds_identifier(line.raw) or (authors_seen and parsed.marks >= 2)


def _quotes_title(text: str) -> bool:
    """Does it print a title in quotes; or behind names anything that is quoted?"""
    if not ('"' in text or "“" in text or "„" in text):
        return False
    return _reference.QUOTED.search(text) is not None or names_first(text)[0] != ""


def _is_prose(raw: str) -> bool:
    """Is it a sentence around its links: more than a few words that are no label, no name and not a citation's own?"""
    small = (w.strip(".,;:!?()") for w in _LINKED.sub(" ", raw).split() if w.islower())
    return sum(1 for w in small if w.isalpha() and w not in _CITING and fold(w) not in months()) > 3


@lru_cache(maxsize=64)
def same_title(text: str, title: str) -> bool:
    """Are they the same title, or one the stub of the other?"""
    if _begin_apart(text[:1], title[:1]):
        return False
    room = 3 * len(title) + 60
    if len(text) > room:  # a paragraph; of one that may begin with a stub the beginning will do
        if not is_stub(title):
            return False
        text = text[:room]
    a, b = fold(text), fold(title.rstrip(".… "))
    return bool(a) and bool(b) and (a == b or (is_stub(title) and a.startswith(b)))


def _begin_apart(a: str, b: str) -> bool:
    """Are they two letters or digits of ASCII that no folding makes one?"""
    return a.isalnum() and b.isalnum() and a.isascii() and b.isascii() and a.lower() != b.lower()


def is_stub(title: str) -> bool:
    """Is it plainly cut off: "Losses at chromosome..."?"""
    return title.rstrip().endswith(("...", "…"))
