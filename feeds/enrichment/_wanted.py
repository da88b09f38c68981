"""What a post leaves open of its work, and whether a service speaks of the same one.  Pure and private."""

from __future__ import annotations

import unicodedata

from msgspec import Struct

from feeds.enrichment._record import Record
from feeds.model import Item, Kind, Person, Work

_ALWAYS = ("authors", "date", "publisher", "license", "abstract", "doi")
_IN_JOURNAL = (*_ALWAYS, "journal", "volume", "issue", "pages", "issn", "pmid", "pmcid")
_OPEN: dict[Kind, tuple[str, ...]] = {
    "article": _IN_JOURNAL,
    "review": _IN_JOURNAL,
    "preprint": (*_ALWAYS, "preprint_server"),
    "chapter": (*_ALWAYS, "journal", "pages"),
    "book": _ALWAYS,
    "report": _ALWAYS,
    "thesis": _ALWAYS,
}


class Wanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A work that a post leaves something open of, and how it is found."""

    doi: str = ""
    pmid: str = ""
    is_preprint: bool = False
    open: tuple[str, ...] = ()  # names as in `enrich.fields`
    title: str = ""  # what the post says, to know the work by
    families: tuple[str, ...] = ()


def wanted(item: Item) -> Wanted | None:
    """What to ask about `item`, which has no evidence of services yet; None when nothing is open or no number known."""
    work = item.work
    if work is None or not (work.doi or work.pmid):
        return None
    open_ = tuple(field for field in _OPEN.get(work.kind, ()) if _is_open(work, field))
    if not open_:
        return None
    families = tuple(p.family or p.name for p in work.authors if not p.organization)
    return Wanted(
        doi=work.doi,
        pmid=work.pmid,
        is_preprint=work.kind == "preprint",
        open=open_,
        title=work.title,
        families=families[:20],
    )


def _is_open(work: Work, field: str) -> bool:
    if field == "authors":
        known = any(p.orcid for p in work.authors)
        return work.authors_truncated or not known or any(map(_is_short, work.authors))
    if field == "pages":
        return not (work.first_page or work.article_number)
    if field == "date":
        return len(work.date) < 10
    return not getattr(work, field)


def _is_short(person: Person) -> bool:
    """Are there only initials?"""
    longest = max(
        (len(word.strip(".")) for word in person.given.replace(".", " ").replace("-", " ").split()), default=0
    )
    return not person.organization and (longest < 2 or person.given.replace(".", "").isupper())


def is_same(record: Record, wanted: Wanted) -> bool:
    """Does nothing say that the record is of another work: a mistyped DOI is mostly somebody's?

    Only another title together with none of the authors does: sites have titles of their own for papers.
    """
    ours, theirs = _words(wanted.title), _words(record.title)
    few = min(len(ours), len(theirs))
    if few < 3 or len(ours & theirs) * 3 > few:
        return True
    people = [p for f in record.facts if f.field == "authors" and isinstance(f.value, tuple) for p in f.value]
    names = set().union(*(_words(person.name) for person in people)) if people else set()
    families = set().union(*(_words(name) for name in wanted.families)) if wanted.families else set()
    return not names or not families or bool(names & families)


def _words(value: str) -> set[str]:
    flat = unicodedata.normalize("NFKD", value).casefold()
    kept = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in flat)
    return {word for word in kept.split() if len(word) > 2}
