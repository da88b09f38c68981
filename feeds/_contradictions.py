"""Facts that disagree about a work so much that one of them must be wrong, and why facts were not taken.

Spelled variants of one thing are no contradiction, nor is a preprint's date or DOI beside the article's, nor a data
set's DOI.  What services of `model.SERVICES` say is compared where they are asked, not here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from feeds import text
from feeds.model import SERVICES, Fact, Item, Person, Work
from feeds.scholarly._servers import is_data
from feeds.scholarly.resolve import PRECEDENCE

_SURE = 0.7
_OWN_DAY = frozenset({"front/date", "post/date"})  # of the post; only an approximation of the paper's
_NOT_THE_AUTHORS = frozenset({"front/handles", "front/poster"})
_WEAK = frozenset({"prose", "section"})  # where a post may speak of something else
_NAMES = {
    "doi": "DOIs", "pmid": "PMIDs", "pmcid": "PMCIDs", "arxiv": "arXiv numbers", "title": "titles", "volume": "volumes",
    "first_page": "first pages", "date": "dates", "authors": "first authors",
}  # fmt: skip


class Contradiction(Struct, frozen=True, kw_only=True):
    """Two facts of which one is wrong."""

    field: str
    taken: Fact
    other: Fact
    message: str  # with {taken} and {other} where the places go
    reason: str  # why the one was taken

    def told(self, taken: str, other: str) -> str:
        """The message, with the places of the two facts."""
        return self.message.format(taken=taken, other=other)


def contradictions(item: Item) -> Iterator[Contradiction]:
    """Of an item, where what it and others say of its work disagrees."""
    work = item.work
    if work is None:
        return
    sure = (f for f in item.facts if f.confidence >= _SURE or f.origin == "record")
    facts = [f for f in sure if f.origin not in SERVICES]
    for field in ("doi", "pmid", "pmcid", "arxiv"):
        yield from _identifiers(field, work, facts)
    for field, differ in (("volume", _numbers_differ), ("first_page", _numbers_differ), ("title", _titles_differ)):
        yield from _texts(field, work, facts, differ)
    yield from _days(work, facts)
    yield from _years(facts)
    yield from _first_authors(facts)
    yield from _numbers_of_another_year(work, facts)
    yield from _other_publisher(work, facts)


def _found(field: str, taken: Fact, other: Fact, message: str = "") -> Contradiction:
    message = message or f"two {_NAMES[field]}: {_shown(taken)} ({{taken}}) and {_shown(other)} ({{other}})"
    return Contradiction(field=field, taken=taken, other=other, message=message, reason=reason(taken, other))


def _shown(fact: Fact) -> str:
    """The value as it goes into a message: short, its braces doubled for `format`; of authors the first."""
    value = _first(fact).name if isinstance(fact.value, tuple) else str(fact.value)
    return text.clip(value, 60).replace("{", "{{").replace("}", "}}")


def _chosen(facts: Sequence[Fact], value: object) -> Fact | None:
    """The fact that the work's value was taken from: the most trusted that says it."""
    same = [f for f in facts if f.value == value]
    return min(same, key=lambda f: (place(f), -f.confidence), default=None)


def place(fact: Fact) -> int:
    """Where a fact stands in the table of precedence, from 0; what is not listed comes last."""
    order = PRECEDENCE.get("pages" if fact.field in {"first_page", "last_page", "article_number"} else fact.field, ())
    family = fact.rule.split("/", 1)[0]
    return order.index(fact.rule) if fact.rule in order else order.index(family) if family in order else len(order)


def reason(taken: Fact, other: Fact) -> str:
    """By which rule of precedence the one fact was taken and the other not."""
    if other.origin in SERVICES and taken.origin not in SERVICES:
        return "what is printed goes before what a service says"
    if taken.field == "date" and taken.rule in _OWN_DAY:
        return "the post's own day goes before " + (
            "one typed by hand" if len(str(other.value)) == 10 else "less exact ones"
        )
    if place(taken) < place(other):
        return f"{_family(taken)} goes before {_family(other)}"
    if taken.confidence > other.confidence:
        return "the surer rule goes first"
    return "what the post says goes before what others say" if other.file and not taken.file else "the first one counts"


def _family(fact: Fact) -> str:
    """The rule, or the place alone where that says it."""
    order = PRECEDENCE.get(fact.field, ())
    return fact.rule if fact.rule in order else fact.rule.split("/", 1)[0]


# ------------------------------------------------------------------------------------------------- values


def _identifiers(field: str, work: Work, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """Several numbers of one kind, though a work has one; DOIs of data and of its preprint are others' DOIs."""
    stated = [f for f in facts if f.field == field and isinstance(f.value, str)]
    taken = _chosen(stated, getattr(work, field))
    if taken is None:
        return
    seen = {str(taken.value).casefold(), work.preprint_doi}
    for other in stated:
        value = str(other.value).casefold()
        if value not in seen and not (is_data(value) and not is_data(str(taken.value))):
            seen.add(value)
            yield _found(field, taken, other)


def _texts(
    field: str, work: Work, facts: Sequence[Fact], differ: Callable[[str, str], bool]
) -> Iterator[Contradiction]:
    """Of a value that several places state, the first that says something else; a title only where others state it."""
    stated = [f for f in facts if f.field == field and isinstance(f.value, str)]
    taken = _chosen(stated, getattr(work, field))
    if taken is None or taken.rule.endswith("/preprint"):
        return
    others = (f for f in stated if f.file or field != "title")
    different = (f for f in others if not f.rule.endswith("/preprint") and differ(str(taken.value), str(f.value)))
    if other := next(different, None):
        yield _found(field, taken, other)


def _numbers_differ(one: str, other: str) -> bool:
    ours, theirs = re.findall(r"\d{1,9}", one), re.findall(r"\d{1,9}", other)
    return bool(ours and theirs) and [int(n) for n in ours] != [int(n) for n in theirs]


def _titles_differ(one: str, other: str) -> bool:
    """Titles of two works: with few words in common, and neither the beginning of the other."""
    ours, theirs = _words(one), _words(other)
    length = min(len(ours), len(theirs))
    if length < 3 or ours[:length] == theirs[:length]:
        return False
    common = set(ours) & set(theirs)
    return len(common) < len(set(ours if len(ours) < len(theirs) else theirs)) / 2


def _words(value: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", value).casefold()
    return "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in flat).split()


# ------------------------------------------------------------------------------------------------- dates


def _dates(facts: Sequence[Fact]) -> list[Fact]:
    """When the work appeared, in whatever words; not when its preprint did, nor when the post was written."""
    dates = (f for f in facts if f.field == "date" and isinstance(f.value, str) and f.value[:4].isdecimal())
    return [f for f in dates if f.rule not in _OWN_DAY and not f.rule.endswith("/preprint")]


def _days(work: Work, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """A printed day whose month and day are exchanged against the post's own."""
    own = next((f for f in facts if f.field == "date" and f.rule in _OWN_DAY and not f.file), None)
    printed = (f for f in facts if f.field == "date" and f.rule not in _OWN_DAY and len(str(f.value)) == 10)
    for other in printed if own else ():
        value = str(other.value)
        if own and value != own.value and f"{value[:4]}-{value[8:]}-{value[5:7]}" == own.value == work.date:
            message = f"day and month exchanged: {_shown(own)} ({{taken}}) and {_shown(other)} ({{other}})"
            yield _found("date", own, other, message)
            return


def _years(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """Printed years apart by more than the time between going online and the issue."""
    stated = sorted(_dates(facts), key=place)
    for other in stated[1:]:
        if abs(int(str(stated[0].value)[:4]) - int(str(other.value)[:4])) > 1:
            yield _found("date", stated[0], other)
            return


_YEAR_IN_DOI = re.compile(
    r"10\.(?:1016/j\.[a-z]{2,12}\.|3389/[a-z]{2,12}\.|1101/|64898/)((?:19|20)\d\d)\.\d"
)  # Elsevier, Frontiers: the year of acceptance; bioRxiv, medRxiv: of the first version
# A PMID is given when the paper is indexed, never before it is at hand: one below the first was given by the second.
_PMIDS = ((11_000_000, 2001), (15_000_000, 2004), (20_000_000, 2010), (25_000_000, 2014), (30_000_000, 2018))


def _numbers_of_another_year(work: Work, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """A DOI or a PMID that was given years apart from the printed date: another paper's, or the year is wrong."""
    printed = min(_dates(facts), key=place, default=None)
    if printed is None:
        return
    year = int(str(printed.value)[:4])
    doi = _chosen([f for f in facts if f.field == "doi"], work.doi)
    if doi and work.kind != "preprint" and (found := _YEAR_IN_DOI.match(str(doi.value))):
        given = int(found[1])
        if not given - 1 <= year <= given + 3:
            message = f"the DOI {_shown(doi)} ({{other}}) is of {given}, the date {_shown(printed)} ({{taken}})"
            yield _found("doi", printed, doi, message)
    pmid = _chosen([f for f in facts if f.field == "pmid"], work.pmid)
    if pmid and str(pmid.value).isdigit():
        by = next((by for below, by in _PMIDS if int(str(pmid.value)) < below), 9999)
        if year > by + 2:
            message = (
                f"the PMID {_shown(pmid)} ({{other}}) is of {by} at the latest, the date {_shown(printed)} ({{taken}})"
            )
            yield _found("pmid", printed, pmid, message)


# ------------------------------------------------------------------------------------------------- authors


def _first_authors(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """First authors who have not one part of their names in common."""
    lists = (f for f in facts if f.field == "authors" and f.rule not in _NOT_THE_AUTHORS and isinstance(f.value, tuple))
    stated = sorted((f for f in lists if f.value), key=place)
    for other in stated[1:]:
        first, second = _first(stated[0]), _first(other)
        ours, theirs = set(_words(first.name)), set(_words(second.name))
        if not (first.organization or second.organization or is_handle(first) or is_handle(second) or ours & theirs):
            yield _found("authors", stated[0], other)
            return


def _first(fact: Fact) -> Person:
    return fact.value[0] if isinstance(fact.value, tuple) else Person(name="")


def is_handle(person: Person) -> bool:
    """ "@ada", or one word: nothing to compare."""
    return person.name.startswith("@") or " " not in person.name


# ------------------------------------------------------------------------------------------------- publishers

# Publishers that keep their journals and prefixes to themselves: prefix of their DOIs, end of their hosts.  Others are
# left out on purpose, for journals move between them and take their old DOIs along.
_PUBLISHERS = {
    "PLOS": ("10.1371/", "plos.org"),
    "Frontiers": ("10.3389/", "frontiersin.org"),
    "MDPI": ("10.3390/", "mdpi.com"),
    "eLife": ("10.7554/", "elifesciences.org"),
    "PeerJ": ("10.7717/", "peerj.com"),
    "F1000Research": ("10.12688/", "f1000research.com"),
    "PNAS": ("10.1073/", "pnas.org"),
    "Nature Portfolio": ("10.1038/", "nature.com"),
    "Science": ("10.1126/", "science.org"),
}


def _other_publisher(work: Work, facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """The DOI of one publisher beside the address of another's paper, where nothing links the DOI's own publisher."""
    doi = _chosen([f for f in facts if f.field == "doi"], work.doi)
    mine = next((name for name, (prefix, _) in _PUBLISHERS.items() if work.doi.startswith(prefix)), "")
    links = [f for f in facts if f.field == "urls" and f.rule.split("/", 1)[0] not in _WEAK]
    if not doi or not mine or any(work.doi in str(f.value).lower() for f in links):
        return
    homes = [(fact, _publisher_of(str(fact.value))) for fact in links]
    other = next((fact for fact, home in homes if home and home != mine), None)
    if other and all(home != mine for _, home in homes):
        home = _publisher_of(str(other.value))
        message = f"the DOI {_shown(doi)} ({{taken}}) is one of {mine}, the link ({{other}}) leads to {home}"
        yield _found("doi", doi, other, message)


def _publisher_of(url: str) -> str:
    host = _host(url)
    homes = ((name, home) for name, (_, home) in _PUBLISHERS.items())
    return next((name for name, home in homes if host == home or host.endswith(f".{home}")), "")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
