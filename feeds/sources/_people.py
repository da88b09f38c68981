"""Who posted a post: the people a site knows, and how names and handles in front matter find them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from feeds.model import Person, Problem
from feeds.text import is_web, legal, squeeze

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_MARKS = " *†‡§¶"  # of equal contribution, of the corresponding author
_ORGANISATION = {"organization", "organisation", "consortium", "group", "team"}


def people_of(data: Any) -> tuple[Person, ...]:
    """The people in _data/authors.yml: a mapping from handle to name or details, or a list of details."""
    if isinstance(data, dict):
        pairs = [(str(key), value) for key, value in data.items()]
    else:
        pairs = [("", value) for value in data] if isinstance(data, list) else []
    return tuple(p for p in (person_of(value, handle) for handle, value in pairs) if p)


def person_of(value: Any, handle: str = "") -> Person | None:
    """A person from a name or from a mapping with the keys that sites commonly use; None when there is no name."""
    details = value if isinstance(value, dict) else {"name": value}
    given = _first(details, "given given_name given-name givenname first_name firstname first")
    family = _first(details, "family family_name family-name familyname last_name lastname last surname")
    name = _first(details, "name full_name fullname display_name title") or f"{given} {family}".strip()
    if not name:
        return None
    orcid = _ORCID.search(_first(details, "orcid orcid_id ORCID"))
    url = _first(details, "url website home homepage web uri site")
    return Person(
        name=name,
        given=given,
        family=family,
        organization=_first(details, "type").lower() in _ORGANISATION or details.get("organization") is True,
        orcid=orcid.group() if orcid else "",
        email=_first(details, "email mail"),
        url=url if is_web(url) else "",
        affiliation=_first(details, "affiliation institution organisation organization org institute"),
        aliases=tuple(_aliases(details, handle)),
    )


def posters(value: Any, people: tuple[Person, ...], where: str) -> tuple[tuple[Person, ...], list[Problem]]:
    """The people that `author` or `authors` names, in order, each once, and what could not be resolved.

    A handle that nobody answers to is never a name: it is left out and reported.
    """
    found: list[Person] = []
    problems: list[Problem] = []
    for one in _each(value, people):
        person = find(one, people) if isinstance(one, str) else _resolved(one, people)
        if person is None and isinstance(one, str) and not is_handle(one):
            person = Person(name=one)
        if person is None:
            problems.append(_unknown(where, one))
        elif person not in found:
            found.append(person)
    return tuple(found), problems


def find(name: str, people: Iterable[Person]) -> Person | None:
    """Who answers to a name, a handle, an address or another spelling, in any case, with or without "@"."""
    wanted = _key(name)
    return next((p for p in people if any(wanted == _key(n) for n in (p.name, p.email, *p.aliases) if n)), None)


def is_handle(name: str) -> bool:
    """Does it look like a login or an e-mail address rather than a name?"""
    return ("@" in name and " " not in name) or name.startswith("@") or _LOGIN.fullmatch(name) is not None


def _resolved(details: Any, people: tuple[Person, ...]) -> Person | None:
    """A person given as a mapping; when it names someone known, that one with the mapping's own details on top."""
    person = person_of(details)
    if person is None or is_handle(person.name):
        handles = [person.name] if person else _aliases(details, "") if isinstance(details, dict) else []
        return next((p for p in (find(h, people) for h in handles) if p), None)
    known = find(person.name, people)
    return known if known and not (person.orcid or person.url or person.affiliation) else person


def _each(value: Any, people: tuple[Person, ...]) -> Iterator[Any]:
    match value:
        case list():
            for inner in value:
                yield from _each(inner, people)
        case dict():
            yield value
        case str() | int() | float() if not isinstance(value, bool):
            yield from _split(legal(squeeze(html.unescape(str(value)))), people)


def _split(names: str, people: tuple[Person, ...]) -> list[str]:
    """The names in one string: "Ada Byron, Bo Li", "@ada and @bo"; "Byron, Ada" is one person."""
    if not names or find(names, people):
        return [names] if names else []
    parts = [p for p in (part.strip(_MARKS) for part in re.split(r"[;&]|,? and |,", names)) if p]
    if len(parts) == 2 and "," in names and not any(" " in p or is_handle(p) or find(p, people) for p in parts):
        return [f"{parts[1]} {parts[0]}"]
    return parts


def _aliases(details: dict[str, Any], handle: str) -> list[str]:
    keys = "handle username login github github_username key id nick nickname short_name twitter".split()
    stated = [handle, *(details.get(key) for key in keys)]
    more = details.get("aliases")
    stated += more if isinstance(more, list) else [more]
    return list(dict.fromkeys(squeeze(legal(s)) for s in stated if isinstance(s, str) and s.strip()))


def _first(details: dict[str, Any], keys: str) -> str:
    values = (details.get(key) for key in keys.split())
    texts = (squeeze(legal(str(v))) for v in values if isinstance(v, (str, int)) and not isinstance(v, bool))
    return next((t for t in texts if t), "")


def _key(name: str) -> str:
    return name.strip().lstrip("@").casefold()


def _unknown(where: str, value: Any) -> Problem:
    shown = value if isinstance(value, str) else "an entry without a name"
    message = f"nobody is known as {shown!r}: left out" if isinstance(value, str) else f"{shown}: left out"
    hint = "add the person to `people` in config.yaml or to the people of the site, or write the full name"
    return Problem(stage="read", where=where, message=message, hint=hint, severity="warning")
