"""The record of a work in one short paragraph, to stand above its text in a feed reader: who, when, where, DOI, PDF."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from feeds import text
from feeds.exporters._work import doi_url, pages
from feeds.model import Person, Work

_MOST_AUTHORS = 6
_FIRST_AUTHORS = 3
_FIRST_LINES = 1500  # characters of text that stand for the first lines
_HEADING = re.compile(r"<h[1-6](?: [^>]*)?>([^<]*+(?:<(?!/h[1-6]>)[^<]*+)*+)</h[1-6]>")


@lru_cache(maxsize=128)  # the feeds of all formats hold the same entries
def citation_block(work: Work, content: str) -> str:
    """A paragraph of HTML with what the first lines of `content` do not say already; "" when they say it all.

    "Ada Wick, Bo Glow (2024). Journal of Lamps 7(2):12–19. doi:10.5555/lamps · PDF"
    """
    has_people, has_place = _says(work, content)
    people = "" if has_people else _authors(work)
    place = "" if has_place else _place(work)
    doi = "" if work.doi and _has(content[: 20 * _FIRST_LINES], work.doi) else work.doi
    if not (place or doi):  # its authors alone are the entry's own
        return ""
    year = f" ({html.escape(work.date[:4])})" if work.date else ""
    sentences = [people + year, place] if people else [place + year if place else ""]
    links = " · ".join(_links(doi, work.pdf, content))
    return f"<p>{' '.join([*(_ended(s) for s in sentences if s), links]).strip()}</p>\n"


def _links(doi: str, pdf: str, content: str) -> Iterator[str]:
    if doi:
        yield f'<a href="{html.escape(doi_url(doi))}">doi:{html.escape(doi)}</a>'
    if text.is_web(pdf) and html.escape(pdf) not in content:
        yield f'<a href="{html.escape(text.iri_to_uri(pdf))}">PDF</a>'


# ---------------------------------------------------------------------------------------------------- its parts


def _authors(work: Work) -> str:
    names = [html.escape(person.name) for person in work.authors if person.name.strip()]
    if len(names) > _MOST_AUTHORS:
        number = "" if work.authors_truncated else f" ({len(names)} authors)"
        return f"{', '.join(names[:_FIRST_AUTHORS])} et al.{number}"
    return ", ".join(names) + " et al." * (work.authors_truncated and bool(names))


def _venue(work: Work) -> str:
    """Where it appeared: the journal, the meeting, the institution or the server of preprints."""
    return next((v for v in (work.journal, work.event, work.publisher, work.preprint_server) if v.strip()), "")


def _place(work: Work) -> str:
    """The venue with volume, issue and pages: "<em>Journal</em> 7(2):12–19"."""
    venue = html.escape(_venue(work))
    if not venue:
        return ""
    number = work.volume + (f"({work.issue})" if work.issue else "")
    where = html.escape(":".join(part for part in (number, pages(work)) if part))
    named = f"<em>{venue}</em> {where}".rstrip()
    return ", ".join(part for part in (named, html.escape(work.location)) if part.strip())


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


# ---------------------------------------------------------------------------------------------------- what is there


def _says(work: Work, content: str) -> tuple[bool, bool]:
    """Do the first lines of `content` name the first authors, and the venue?  Often its headings alone do."""
    venue = _venue(work)
    has_people = has_place = False
    for seen in _first_lines(content):
        has_people = has_people or _names_all(work.authors, seen)
        has_place = has_place or not venue or _is_named(venue, work, seen)
        if has_people and has_place:
            break
    return has_people, has_place


def _first_lines(content: str) -> Iterator[str]:
    """The words of the headings of `content`, then these and those of the beginning of its text."""
    headings = " ".join(found[1] for found in _HEADING.finditer(content[: 100 * _FIRST_LINES]))
    said = f"-{_words(text.plain(headings))}-"
    yield said
    yield f"{said}{_words(text.plain(content[: 20 * _FIRST_LINES])[:_FIRST_LINES])}-"


def _words(stated: str) -> str:
    """Letters and digits alone, without accents, "-" between words."""
    if stated.isascii():
        return text.slug(stated)
    decomposed = unicodedata.normalize("NFKD", stated)
    for accent in filter(unicodedata.combining, set(decomposed)):
        decomposed = decomposed.replace(accent, "")
    return text.slug(decomposed)


def _has(content: str, doi: str) -> bool:
    """Does a DOI stand there, in whatever case, as text or as an address?"""
    return doi in content or doi.lower() in html.unescape(content).lower()


def _names_all(people: tuple[Person, ...], seen: str) -> bool:
    """Do the family names of the first authors stand there?  Nobody's do."""
    return all(f"-{_words(person.family or person.name)}-" in seen for person in people[:_FIRST_AUTHORS])


def _is_named(venue: str, work: Work, seen: str) -> bool:
    """Is the venue named?  One of a single word ("Nature") may be any word: its volume or year stands there too."""
    name = _words(venue)
    if f"-{name}-" not in seen:
        return False
    return "-" in name or not work.date or any(f"-{mark}-" in seen for mark in (work.volume, work.date[:4]) if mark)
