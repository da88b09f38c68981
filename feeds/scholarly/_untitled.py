"""References that print no title: "Wick A, Glow B. Lantern 2019;7:1-9."  Private to scholarly.

The post's own title is the work's.  What stands in front of the journal is taken for authors only where it is beyond
doubt a list of names: "Science, Technology & Human Values 12" is a journal.
"""

from __future__ import annotations

import re

from feeds.scholarly._names import parse
from feeds.scholarly._person import is_caps
from feeds.scholarly._vocab import fold, folded_words, words
from feeds.scholarly.people import is_full

LONGEST = 700  # characters of the names
MOST_WORDS = 8  # of the journal's name
FEWEST = 8  # characters of names and journal together

_DIGIT = re.compile(r"\d(?!(?:nd|rd)\b)")  # none of "Glow B 3rd"
_APART = re.compile(r"(?:[.,:;]|\.,)\s++(?=[^\W\d_])")
_LOWER = re.compile(r"(?<![^\W\d_])[a-zß-ÿ]{3,30}[.?!]\s")
_STOP = re.compile(r"[^\W\d_]{4}[.?!]\s")
_ABBREVIATED = re.compile(  # "Phys. Rev", "Lett.", "J. Am", "A. Wick, J."
    r"(?<![^\W\d_])(?!(?:Jr|Sr|St)\.)[A-Z][a-zß-ÿ]{1,12}\.(?=\s)|[a-zß-ÿ]{2}\.$|\bJ\. [A-Z][a-z]{1,3}$"
    r"|^[A-Z]\..{0,700}, J\.?$"
)
_YEAR = re.compile(r"\(?(?:19|20)\d\d[a-z]?\)?[.,:]?\s++(?=[^\W\d_])")


def names_first(flat: str) -> tuple[str, str]:
    """The names that open a citation, and what stands behind them; ("", `flat`) where it opens with its journal."""
    digit = _DIGIT.search(flat, 0, LONGEST)
    if not digit or digit.start() < FEWEST or not _opens_with_name(flat):
        return "", flat
    if (year := _YEAR.match(flat, max(0, digit.start() - (flat[digit.start() - 1] == "(")))) and _are(
        names := flat[: year.start()].rstrip(" .,")
    ):
        behind = _DIGIT.search(flat, year.end(), year.end() + LONGEST)
        is_journal = behind is not None and _is_journal(flat[year.end() : behind.start()])
        return (flat[: year.end()].rstrip(" ,:"), flat[year.end() :]) if is_journal else ("", flat)
    for found in reversed(list(_APART.finditer(flat, 0, digit.start()))):
        journal = flat[found.end() : digit.start()]
        if not _is_journal(journal):
            break
        names = flat[: found.start() + (flat[found.start()] == "." and is_caps(flat[found.start() - 1]))]
        if _are(names):
            return names, flat[found.end() :]
    return "", flat


def _opens_with_name(flat: str) -> bool:
    return flat[0].isupper() or flat.partition(" ")[0] in words("names", "particles")


def _is_journal(text: str) -> bool:
    """Can it be a journal's name, and nothing in front of it: few words, no end of a sentence?

    "Astrophys. J." is one, for all behind its first stop is cut short too; "Lamps. Lantern" is a title and a journal.
    """
    text = text.rstrip(" ,;:(")
    if not 0 < len(text.split()) <= MOST_WORDS or _LOWER.search(text):
        return False
    stop = _STOP.search(text)
    return not stop or all(x.endswith(".") or len(x) < 4 for x in text[stop.end() :].split())


def _are(text: str) -> bool:
    """Is it a list of names and nothing else: of one person with initials behind the name, or of several?"""
    if not text or _ABBREVIATED.search(text):
        return False  # "Phys. Rev", "J. Am"
    names = parse(text)
    people = names.people
    if not people or names.doubt or any(p.organization and len(people) < 2 for p in people):
        return False
    if any(fold(w) in folded_words("names", "not_names") for w in text.replace(",", " ").split()):
        return False
    if len(people) > 1:
        short = [bool(p.given) and not is_full(p.given) for p in people if not p.organization]
        return all(short) or not any(short) or names.truncated
    [one] = people
    lone = len(text.split()) == 2 and text.endswith((one.given, f"{one.given}.")) and len(one.family) > 3
    return lone and is_caps(one.given) and one.given != "J" and "." not in one.family
