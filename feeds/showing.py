"""One post for a person to read: each field with where it came from, and what was not taken: `feeds show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feeds import text
from feeds._contradictions import contradictions, reason
from feeds._contradictions import place as precedence
from feeds.model import Fact, Item, Person, Work
from feeds.scholarly.resolve import source_of_authors

_FIELDS = tuple(f for f in Work.__struct_fields__ if f != "authors_truncated")


def table(item: Item) -> Iterator[str]:
    """Lines for a person: each field, its value, and the line and rule that it came from.

    Below it stands what was not taken, and why; "!" marks what contradicts what was.
    """
    post, work = item.post, item.work
    if post.url:
        yield f"{'url':<16} {post.url}"
    yield f"{'published':<16} {text.rfc3339(post.published)}"
    if post.authors:
        yield f"{'posted by':<16} {', '.join(person.name for person in post.authors)}"
    if work is None:
        yield f"{'kind':<16} news"
        yield from (f"    not taken: {_fact(fact)}" for fact in item.facts)
        return
    wrong = {(found.field, found.other.value) for found in contradictions(item)}
    for field in _FIELDS:
        value = getattr(work, field)
        if not value:
            continue
        proofs = [f for f in item.facts if f.field == field and _says(f, value)]
        proof = source_of_authors(item.facts) if field == "authors" else None
        proof = proof if proof in proofs else min(proofs, key=precedence, default=None)
        yield f"{field:<16} {_value(value)}" + (f"   [{_source(proof)}]" if proof else "")
    if work.authors_truncated:
        yield f"{'':<16} … and others whom the post does not name"
    for fact in item.facts:
        if hasattr(work, fact.field) and not _is_taken(fact, work):
            mark = "!" if (fact.field, fact.value) in wrong else " "
            yield f"  {mark} not taken: {_fact(fact)}: {_reason(fact, item, work)}"


def _reason(fact: Fact, item: Item, work: Work) -> str:
    """Why a fact was not taken."""
    value = getattr(work, fact.field)
    if not value:
        return f"{'an' if work.kind[0] in 'aeiou' else 'a'} {work.kind} has none"
    if fact.field == "kind":
        return "all that the post says decides of the kind"
    if fact.rule.endswith("/preprint") and work.kind != "preprint":
        return "it is the preprint's"
    proofs = [f for f in item.facts if f.field == fact.field and _says(f, value)]
    return reason(min(proofs, key=precedence), fact) if proofs else "another fact was taken"


def _is_taken(fact: Fact, work: Work) -> bool:
    """Is it in the record?  A preprint's DOI is the `doi` of a preprint."""
    own = work.doi if fact.field == "preprint_doi" and work.kind == "preprint" else None
    return fact.value == own or _says(fact, getattr(work, fact.field))


def _says(fact: Fact, value: Any) -> bool:
    if isinstance(fact.value, tuple):
        return isinstance(value, tuple) and len(fact.value) == len(value)
    return bool(fact.value == value or (isinstance(value, tuple) and fact.value in value))


def _fact(fact: Fact) -> str:
    return f"{fact.field} {_value(fact.value)}   [{_source(fact)}]"


def _source(fact: Fact) -> str:
    place = f"{fact.file}, " * bool(fact.file) + f"line {fact.line}, " * bool(fact.line)
    return f"{place}{fact.origin}, {fact.rule}"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        names = [v.name if isinstance(v, Person) else v for v in value]
        return f"{len(names)}: {', '.join(names)}" if value and isinstance(value[0], Person) else ", ".join(names)
    return text.clip(text.squeeze(str(value)), 100)
