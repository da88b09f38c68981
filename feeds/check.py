"""What is to mend in a post: what could not be read, what its record lacks and for whom, where facts disagree.

The advice of `feeds check`.  A post of which nothing is to mend has no findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from feeds import _front_lines
from feeds._contradictions import Contradiction, contradictions
from feeds._doubts import Doubt, doubts
from feeds._front_lines import Place
from feeds._needs import CONSUMERS, Grade, Need, asked, kind_of, undivided
from feeds.model import SERVICES, Fact, Item, Problem, Site
from feeds.scholarly.resolve import source_of_authors


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to mend."""

    severity: Literal["error", "warning"]
    where: str  # file or file:line
    message: str
    hint: str = ""
    field: str = ""  # what of the record it is about; "": the post as a whole
    consumers: tuple[str, ...] = ()  # who misses it; empty: everybody


class Review(Struct, frozen=True, kw_only=True):
    """What is to mend in one post, and how complete its record is."""

    post: str
    kind: str = ""  # of its work; "news" without one; "": the post could not be read, or is withheld
    filled: int = 0  # of the fields that its kind has, those that the record holds
    fields: int = 0
    lacks: dict[str, tuple[str, ...]] = {}  # consumer → what it needs or wants and misses; all that read this kind
    findings: tuple[Finding, ...] = ()


class Tally(Struct, frozen=True, kw_only=True):
    """How many posts are complete for one consumer, and what the others lack most."""

    posts: int
    complete: int
    lacks: dict[str, int]


def review(item: Item, site: Site, given: str, problems: Iterable[Problem] = (), consumer: str = "") -> Review:
    """Look at one post, for all consumers or for one."""
    requests = asked(item) if item.post.form != "entry" else []  # what others' feeds say is theirs to mend
    missing = {need.name: grades for need, grades in requests if need.missing(item, site)}
    fields = {need.name for need, grades in requests if _counts(grades, consumer)}
    missed = {name for name, grades in missing.items() if _counts(grades, consumer)}
    readers = dict.fromkeys(name for _, grades in requests for name in grades if consumer in ("", name))
    told = _told(requests, missing, consumer)
    place = _front_lines.place(Path(_file(given)), item.post) if told else Place("")
    return Review(
        post=given,
        kind=kind_of(item),
        filled=len(fields - missed),
        fields=len(fields),
        lacks={name: _lacked(name, missing) for name in readers},
        findings=(
            *map(of_problem, (*problems, *_of_services(item, given))),
            *(_lack(need, grades, item, given, place) for need, grades in told),
            *(_contradiction(found, given) for found in contradictions(item)),
            *(_doubt(found, given) for found in doubts(item) if consumer == ""),
        ),
    )


def unread(given: str, problems: Iterable[Problem]) -> Review:
    """Of a post that is not published."""
    return Review(post=given, findings=tuple(map(of_problem, problems)))


def of_problem(problem: Problem) -> Finding:
    """What came up while the post was read."""
    return Finding(severity=problem.severity, where=problem.where, message=problem.message, hint=problem.hint)


def tally(reviews: Sequence[Review], consumer: str = "") -> dict[str, Tally]:
    """For each consumer, or for one, how many of the posts that it reads are complete."""
    found: dict[str, Tally] = {}
    for name in [consumer] if consumer else CONSUMERS:
        lacks = [r.lacks[name] for r in reviews if name in r.lacks]
        if lacks:
            most = Counter(field for fields in lacks for field in fields).most_common()
            found[name] = Tally(posts=len(lacks), complete=sum(not fields for fields in lacks), lacks=dict(most))
    return found


def clashes(urls: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Of (file, address of the post), the posts whose address another one has already: one page cannot be both."""
    first: dict[str, str] = {}
    for where, url in urls:
        other = first.setdefault(url, where)
        if other != where:
            yield Problem(
                stage="publish",
                where=where,
                message=f"has the address of {other}: {url}",
                hint="give one of the two another permalink",
            )


# ------------------------------------------------------------------------------------------------- what is lacking

Requests = Sequence[tuple[Need, dict[str, Grade]]]


def _counts(grades: dict[str, Grade], consumer: str) -> bool:
    """Is a record incomplete without it?"""
    return any(grade != "welcome" for name, grade in grades.items() if consumer in ("", name))


def _lacked(consumer: str, missing: dict[str, dict[str, Grade]]) -> tuple[str, ...]:
    return tuple(name for name, grades in missing.items() if grades.get(consumer, "welcome") != "welcome")


def _told(requests: Requests, missing: dict[str, dict[str, Grade]], consumer: str) -> Requests:
    """What is missing and to be told: what is quiet or only welcome to those who ask for that consumer."""
    found = ((need, grades) for need, grades in requests if missing.get(need.name) is grades)
    if consumer:
        return [(need, {consumer: grades[consumer]}) for need, grades in found if consumer in grades]
    return [(need, grades) for need, grades in found if not need.quiet and _counts(grades, "")]


def _lack(need: Need, grades: dict[str, Grade], item: Item, given: str, place: Place) -> Finding:
    names = ", ".join(p.name for p in undivided(item.work)[:3]) if item.work else ""
    line, at = _front_lines.advice(place, item.post, need.name, _known(need, item))
    at = at if "{line}" in need.advice else _line_of(need, item)
    return Finding(
        severity="warning",
        where=f"{_file(given)}:{at}" if at else given,
        message=f"{need.lacks.format(names=names)}: {_by_whom(grades)}",
        hint=_hint(need, line, item.post.form == "record"),
        field=need.name,
        consumers=tuple(grades),
    )


def _hint(need: Need, line: str, is_record: bool) -> str:
    """The advice, with the line to add; that line alone for a record, which prints nothing."""
    if line:
        return line if is_record else need.advice.format(line=line)
    return need.advice.partition("{line}")[0].removesuffix("or ").rstrip(" ,;")


def _by_whom(grades: dict[str, Grade]) -> str:
    """ "needed by Google Scholar and Zotero, wanted by Bioschemas"."""
    groups = {grade: [CONSUMERS[n].title for n, g in grades.items() if g == grade] for grade in grades.values()}
    return ", ".join(f"{words} {_listed(groups[grade])}" for grade, words in _GRADES.items() if grade in groups)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


_GRADES: dict[Grade, str] = {"needed": "needed by", "wanted": "wanted by", "welcome": "welcome to"}
_FIELDS = {"identifier": "doi", "institution": "publisher", "licence": "license"}  # need → field of Work


def _known(need: Need, item: Item) -> str:
    """A value that stands in the evidence though the record, or the page, does not have it."""
    if need.name == "printed doi":
        return item.work.doi if item.work else ""
    field = _FIELDS.get(need.name, need.name)
    facts = (f for f in item.facts if f.field == field and isinstance(f.value, str) and f.confidence >= 0.7)
    return next((str(f.value) for f in facts if len(str(f.value)) < 200), "")


def _line_of(need: Need, item: Item) -> int:
    """The line of what is there but not good enough."""
    field = {"all authors": "authors", "names in parts": "authors", "pdf": "pdf", "pdf on this host": "pdf"}.get(
        need.name
    )
    facts = [f for f in item.facts if f.field == field and f.line and not f.file]
    if field == "authors":
        source = source_of_authors(facts)
        return source.line if source else 0
    value = getattr(item.work, field) if item.work and field else None
    return next((f.line for f in facts if f.value == value), 0)


# ------------------------------------------------------------------------------------------------- contradictions


def _of_services(item: Item, given: str) -> Iterator[Problem]:
    """Where services that were asked say something else."""
    if any(fact.origin in SERVICES for fact in item.facts):
        from feeds import enrichment

        yield from enrichment.problems(item, _file(given))


def _contradiction(found: Contradiction, given: str) -> Finding:
    line = (found.taken if found.other.file else found.other).line
    return Finding(
        severity="warning",
        where=f"{_file(given)}:{line}" if line else given,
        message=found.told(_place(found.taken), _place(found.other)),
        hint=f"the first is published ({found.reason}); correct the one that is wrong",
        field=found.field,
    )


def _doubt(found: Doubt, given: str) -> Finding:
    where = f"{_file(given)}:{found.line}" if found.line else given
    return Finding(severity="warning", where=where, message=found.message, hint=found.hint, field=found.field)


def _place(fact: Fact) -> str:
    """The line of a fact, in this post or in the other that says it."""
    if fact.file:
        return f"{fact.file}:{fact.line}" if fact.line else fact.file
    return f"line {fact.line}" if fact.line else fact.origin


def _file(given: str) -> str:
    """The file of a post that was named as "papers.bib#key"."""
    return given if Path(given).is_file() else given.rpartition("#")[0] or given
