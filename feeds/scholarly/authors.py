"""The authors of the work: the line of names above the text, else structured front matter.

`author: "@handle"` is who posted it, and never an author of the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from feeds.model import Extractor, Fact, Origin, Person, Post
from feeds.scholarly import _bibtex, _embedded, _front, _labels, _masthead, _reference
from feeds.scholarly._blocks import line_of, plain
from feeds.scholarly._names import Names, from_list, is_truncation, parse
from feeds.scholarly._person import is_lone

# Both are kept: the printed line wins unless it names fewer.
_HANDLE_KEYS = ("publication_types", "publication", "event")


def find(post: Post) -> Iterator[Fact]:
    """Facts `authors` and `authors_truncated`."""
    yield from _structured(post)
    masthead = _masthead.of(post)
    if masthead.authors:
        names = [parse(line.raw) for line in masthead.authors]
        yield from _facts(_joined(names), "masthead/authors", "body", line_of(post, masthead.authors[0].line))
    for found in _labels.of(post):
        if found.field == "authors":
            names_found = parse(found.raw)
            if names_found.doubt < 0.5:
                yield from _facts(names_found, "label/authors", "body", line_of(post, found.line))
    yield from _in_references(post, masthead)
    if embedded := _embedded.of(post):
        yield from _facts(embedded.authors, "embedded/authors", "body", line_of(post, embedded.line))
    entry = _bibtex.of(post)
    if entry and entry.fields.get("author"):
        names_found = from_list(entry.fields["author"].split(" and "))
        yield from _facts(names_found, "bibtex/authors", "body", line_of(post, entry.line))


def _joined(names: list[Names]) -> Names:
    people = tuple(chain.from_iterable([n.people for n in names]))
    return Names(people=people, truncated=any(n.truncated for n in names), doubt=0.0)


def _in_references(post: Post, masthead: _masthead.Masthead) -> Iterator[Fact]:
    """The names in front of the title in a whole reference."""
    reference, _, at = _front.get(post, "reference")
    printed = [(line.raw, line_of(post, line.line)) for line in masthead.citations]
    if labelled := _labels.of(post):
        printed += [(x.raw, line_of(post, x.line)) for x in labelled if x.field == "citation"]
    if isinstance(reference, str):
        printed.append((reference, at))
    for raw, line in printed:
        before = _reference.parse(raw, plain(post.title)).before
        names = parse(before) if before else Names()
        if names.people and names.doubt <= 0.2:
            yield from _facts(names, "reference/authors", "body", line)


def _structured(post: Post) -> Iterator[Fact]:
    value, key, line = _front.get(post, "authors")
    if not key:
        return
    names = _of_value(value)
    people = [p for p in names.people if not is_lone(p) or post.form == "record"]
    if people:
        rule = "front/authors" if _describes_work(post, key, value) else "front/poster"
        everyone = Names(people=names.people, truncated=names.truncated)
        yield from _facts(everyone, rule, "front matter", line)
    elif any(k in post.front for k in _HANDLE_KEYS) or _labels.is_kept_among(post, "talk"):
        yield from _facts(names if names.people else _handles(value), "front/handles", "front matter", line)


def _handles(value: Any) -> Names:
    """ "@ada": who that is, the people of the site know (`people.join`)."""
    items = value if isinstance(value, list) else [value]
    names = [x.strip() for x in items if isinstance(x, str) and re.fullmatch(r"\s*+@[\w.-]{1,40}\s*+", x)]
    return Names(people=tuple(Person(name=x) for x in names), doubt=0.0)


def _of_value(value: Any) -> Names:
    """A string, a list of strings or a list of maps (Quarto: name, orcid, affiliation, url)."""
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return Names()
    if len(value) == 1 and isinstance(value[0], str) and "," in value[0]:
        return parse(value[0])
    if stated := _in_parts(value):
        return stated
    plain_names = from_list(x if isinstance(x, str) else _printed_name(x) for x in value)
    detailed = {_printed_name(x): x for x in value if isinstance(x, dict)}
    if not detailed:
        return plain_names
    people = tuple(_with_details(p, detailed.get(p.name, {})) for p in plain_names.people)
    return Names(people=people, truncated=plain_names.truncated, doubt=plain_names.doubt)


def _in_parts(value: list[Any]) -> Names | None:
    """Persons in parts and named organisations as they are stated, when there is nothing else; "et al." may close them.

    Nothing is read into them: whoever wrote the parts knew which is which.
    """
    stated = [x for x in value if isinstance(x, dict)]
    truncated = any(isinstance(x, str) and is_truncation(x) for x in value)
    in_parts = all(x.get("family") or x.get("organization") is True for x in stated)
    if not in_parts or len(stated) + truncated < len(value):
        return None
    return Names(people=tuple(_with_details(_person_in_parts(x), x) for x in stated), truncated=truncated, doubt=0.0)


def _person_in_parts(author: dict[str, Any]) -> Person:
    if author.get("organization") is True:
        return Person(name=plain(str(author.get("name") or "")), organization=True)
    given, family, suffix = (plain(str(author.get(part) or "")) for part in ("given", "family", "suffix"))
    return Person(name=f"{given} {family}".strip(), given=given, family=family, suffix=suffix)


def _printed_name(author: Any) -> str:
    if not isinstance(author, dict):
        return ""
    name = author.get("name") or author.get("literal")
    if isinstance(name, dict):
        author, name = name, name.get("literal")
    given = author.get("given") or author.get("first") or author.get("firstname") or author.get("first_name") or ""
    family = author.get("family") or author.get("last") or author.get("lastname") or author.get("last_name") or ""
    return str(name or f"{given} {family}").strip()


def _with_details(person: Person, author: dict[str, Any]) -> Person:
    affiliation = author.get("affiliation") or author.get("affiliations") or ""
    if isinstance(affiliation, list):
        affiliation = affiliation[0] if affiliation else ""
    if isinstance(affiliation, dict):
        affiliation = affiliation.get("name") or ""
    return Person(
        name=person.name,
        given=person.given,
        family=person.family,
        suffix=person.suffix,
        organization=person.organization,
        orcid=str(author.get("orcid") or "").rstrip("/").rpartition("/")[2],
        url=str(author.get("url") or "") if str(author.get("url") or "").startswith("http") else "",
        affiliation=plain(str(affiliation)),
    )


def _describes_work(post: Post, key: str, value: Any) -> bool:
    """Several authors, or one beside a journal, a DOI …; a lone `author` is mostly who posted it."""
    many = (
        isinstance(value, list | dict)
        or key != "author"
        or (isinstance(value, str) and ("," in value or " and " in value))
    )
    return many or _front.has(post, "scholarly")


def _facts(names: Names, rule: str, origin: Origin, line: int) -> Iterator[Fact]:
    if not names.people:
        return
    yield Fact(
        field="authors", value=names.people, origin=origin, rule=rule, line=line, confidence=1.0 - names.doubt / 2
    )
    if names.truncated:
        yield Fact(field="authors_truncated", value=True, origin=origin, rule=rule, line=line)


EXTRACTOR = Extractor(name="authors", find=find)
