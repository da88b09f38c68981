"""What a service says of one work, and how its JSON is read: what is missing or odd counts as not said.  Private."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from feeds import text
from feeds.model import Fact, Origin, Person

MOST_AUTHORS = 10_000
LONGEST = 500  # characters of a name or title
LONGEST_ABSTRACT = 20_000

_DOI = re.compile(r"10\.\d{4,9}/\S{1,300}")
_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")
_ORCID = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_RANGE = re.compile(
    r"\s{0,3}([A-Za-z]{0,4}\d{1,9}[A-Za-z]{0,3})\s{0,3}[-‐‑‒–—−]{1,2}\s{0,3}([A-Za-z]{0,4}\d{1,9}[A-Za-z]{0,3})\s{0,3}"
)
_PAGE = re.compile(r"\d{1,6}")
_NUMBER = re.compile(r"[A-Za-z]{0,8}[.-]?\d[\w.-]{0,30}")
_LICENCE = re.compile(r"https?://creativecommons\.org/([a-z]{1,20}/[a-z0-9-]{1,20}/\d\.\d)(?:/.{0,40})?", re.IGNORECASE)
_BREAK = re.compile(r"\n[ \t\r]{0,9}\n|</(?:jats:)?(?:p|sec|list-item)\s{0,3}>|<br\s{0,3}/?>", re.IGNORECASE)
_HEADING = re.compile(r"<(?:jats:)?title\b[^<>]{0,200}>([^<>]{0,200})</(?:jats:)?title\s{0,3}>", re.IGNORECASE)
_HTML_HEADING = re.compile(r"<h[1-6]\b[^<>]{0,200}>([^<>]{0,200})</h[1-6]\s{0,3}>", re.IGNORECASE)
_TEX = re.compile(r"<jats:tex-math\b[^<>]{0,200}>[^<>]{0,4000}</jats:tex-math\s{0,3}>")
_INLINE = re.compile(r"</?(?:jats|mml):[a-z-]{1,30}\b[^<>]{0,300}>", re.IGNORECASE)
_LABEL = re.compile(r"(?:abstract|summary)\s{0,3}[.:]?\s{1,9}(?=[A-Z])", re.IGNORECASE)


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a service says of one work."""

    doi: str = ""
    pmid: str = ""
    title: str = ""  # to tell whether it is the work that the post is about; never published
    is_preprint: bool = False
    facts: tuple[Fact, ...] = ()


class Draft:
    """The facts of one record, one by one: what is empty or odd is none."""

    def __init__(self, origin: Origin, address: str) -> None:
        self.origin, self.address = origin, address
        self.facts: list[Fact] = []

    def add(self, field: str, value: str | tuple[Person, ...], what: str = "") -> None:
        """One more fact; "what" is what the service calls it."""
        if value and all(f.field != field or f.value != value for f in self.facts):
            rule = f"{self.origin}/{what or field}"
            self.facts.append(Fact(field=field, value=value, origin=self.origin, rule=rule, file=self.address))

    def add_pages(self, raw: object) -> None:
        """ "732-41" → first and last page, in full; "e123" and numbers longer than a page's → article number."""
        value = words(raw)
        if found := _RANGE.fullmatch(value):
            self.add("first_page", found[1], "pages")
            self.add("last_page", _in_full(found[1], found[2]), "pages")
        elif _PAGE.fullmatch(value):
            self.add("first_page", value, "pages")
        elif _NUMBER.fullmatch(value):
            self.add("article_number", value, "pages")

    def add_number(self, raw: object) -> None:
        """The number of an article that has no pages."""
        value = words(raw)
        if _NUMBER.fullmatch(value):
            self.add("article_number", value, "article-number")


def _in_full(first: str, last: str) -> str:
    """ "732", "41" → "741"."""
    short = last.isdigit() and first.isdigit() and len(last) < len(first)
    return first[: len(first) - len(last)] + last if short else last


# ------------------------------------------------------------------------------------------------- JSON


def at(value: Any, *path: str | int) -> Any:
    """What stands at a path of keys and places; None where there is nothing."""
    for part in path:
        if isinstance(part, str):
            value = value.get(part) if isinstance(value, dict) else None
        else:
            value = value[part] if isinstance(value, list) and len(value) > part else None
    return value


def each(value: Any, *path: str | int) -> Iterator[Any]:
    """The members of a list; a lone value is a list of one, as some services write it."""
    found = at(value, *path) if path else value
    yield from found if isinstance(found, list) else [] if found is None else [found]


def words(value: object) -> str:
    """A text on one line, without markup; numbers count as text, and what is endless as nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**12 else ""
    if not isinstance(value, str) or len(value) > 4 * LONGEST:
        return ""
    found = text.legal(text.plain(value))
    return found if len(found) <= LONGEST else ""


def doi(value: object) -> str:
    """A DOI, bare and in lower case; "" for what is none."""
    bare = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s{0,3})", "", words(value), flags=re.IGNORECASE).lower()
    return bare if _DOI.fullmatch(bare) else ""


def digits(value: object, before: str = "") -> str:
    """The number at the end of an identifier or its address: a PMID, or with "PMC" before it a PMCID."""
    found = re.fullmatch(rf"(?:https?://\S{{1,80}}/)?(?:{before})?(\d{{1,9}})/?", words(value), re.IGNORECASE)
    return f"{before}{found[1]}" if found else ""


def issn(value: object) -> str:
    """An ISSN; "" for what is none."""
    found = words(value).upper()
    return found if _ISSN.fullmatch(found) else ""


def orcid(value: object) -> str:
    """A bare ORCID iD whose check digit (ISO 7064 mod 11-2) is right; "" for what is none."""
    found = _ORCID.fullmatch(words(value))
    if not found:
        return ""
    total = 0
    for digit in found[1].replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return found[1] if "0123456789X"[(12 - total % 11) % 11] == found[1][-1] else ""


def date(value: object) -> str:
    """ "2024", "2024-03" or "2024-03-01", whatever stands behind it; "" for what is no date."""
    try:
        found = text.partial_date(words(value)[:10])
    except ValueError:
        return ""
    return found if found > "1500" else ""


def filled(value: object) -> str:
    """A date of a service that writes the first day of the month or year where it knows no day: as exact as it is."""
    return date(value).removesuffix("-01").removesuffix("-01")


def parts_date(value: object) -> str:
    """Crossref's {"date-parts": [[2024, 3, 1]]}."""
    parts = [words(p) for p in each(at(value, "date-parts", 0))]
    return date("-".join([p.zfill(2) for p in parts[:3]]) if parts and all(parts) else "")


def most_exact(dates: Iterable[str]) -> list[str]:
    """Dates, each once: the most exact of the year that the first one names, then the others."""
    known = list(dict.fromkeys(d for d in dates if d))
    return sorted(known, key=lambda d: (d[:4] != known[0][:4], -len(d)))


def licence(value: object) -> str:
    """The address of a licence, Creative Commons' as they write it; not that for mining text, which is no reader's."""
    url = words(value)
    if not text.is_web(url) or "tdm" in url.lower() or "userlicense" in url.lower() or " " in url:
        return ""
    found = _LICENCE.fullmatch(url)
    return f"https://creativecommons.org/{found[1].lower()}/" if found else text.iri_to_uri(url)


def person(given: object, family: object, *, orcid: str = "", affiliation: str = "", suffix: str = "") -> Person | None:
    """Somebody with a family name."""
    first, last = words(given), words(family)
    name = f"{first} {last}".strip()
    made = Person(name=name, given=first, family=last, orcid=orcid, affiliation=affiliation, suffix=suffix)
    return made if last else None


def named(value: object, *, orcid: str = "", affiliation: str = "") -> Person | None:
    """Somebody of whom the whole name is known: "Wick, Ada", or "Ada Wick"."""
    name = words(value)
    family, comma, given = name.partition(",")
    if comma and "," not in given:
        return person(given, family, orcid=orcid, affiliation=affiliation)
    return Person(name=name, orcid=orcid, affiliation=affiliation) if name else None


def group(value: object) -> Person | None:
    """A consortium, a team, an institution."""
    name = words(value)
    return Person(name=name, organization=True) if name else None


def whole(people: Iterable[Person | None]) -> tuple[Person, ...]:
    """A list of authors; none at all when one of them cannot be read: nobody is left out silently."""
    found = list(people)
    return tuple(p for p in found if p) if None not in found and len(found) <= MOST_AUTHORS else ()


def paragraphs(value: object) -> str:
    """An abstract in JATS or HTML as plain paragraphs, without its label; headings of parts open their paragraph."""
    if not isinstance(value, str) or len(value) > 4 * LONGEST_ABSTRACT:
        return ""
    raw = text.replace_illegal(value)
    if "&lt;" in raw and "<" not in raw:
        raw = html.unescape(raw)  # markup that was taken for text once
    raw = _TEX.sub("", raw) if "mml:math" in raw else raw
    raw = _HTML_HEADING.sub(_opening, _HEADING.sub(_opening, raw))
    found = [p for x in _BREAK.split(raw) if (p := text.legal(text.plain(_INLINE.sub("", x))))]
    whole = _LABEL.sub("", "\n\n".join(found), count=1) if found and _LABEL.match(found[0]) else "\n\n".join(found)
    return whole if len(whole) <= LONGEST_ABSTRACT else ""


def _opening(found: re.Match[str]) -> str:
    title = text.plain(found[1]).rstrip(" .:")
    return "" if title.lower() in {"abstract", "summary", ""} else f"\n\n{title}: "
