"""The people whom an MkDocs site knows: authors of its blogs, and members with a page of their own."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from feeds.model import Person, Problem
from feeds.reading import front as front_matter
from feeds.sources import _pages, _people, _walk, _yaml
from feeds.sources._mkdocs_config import Config
from feeds.sources._mkdocs_files import below, stem_of
from feeds.text import is_web

_FOLDERS = frozenset("group people members team staff persons contacts alumni lab-members".split())
_TITLES = re.compile(r"^(?:(?:Prof(?:essor)?|Dr|PD|Mr|Ms|Mrs)\.?\s+)+|,?\s+(?:PhD|Ph\.D\.|MSc|MD)\.?$")
_NAME = re.compile(r"[^\W\d_][^\d_@:/|<>]{1,80}")
_ORCID = re.compile(r"\borcid\b[^\n]{0,200}?\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b", re.IGNORECASE)
_MAIL = re.compile(r"mailto:([\w.+-]{1,64}@[\w.-]{1,190}\w)", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"\[@([A-Za-z0-9-]{1,39})\]\(https?://github\.com|github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38})/?(?=[)\"'\s>])"
)
_NOBODY = frozenset(
    "alumni alumnae collaborators contact former group guests join lab members openings people photos pictures"
    " positions previous staff students team us visitors".split()
)


def authors(root: Path, config: Config, problems: list[Problem]) -> list[Person]:
    """The people in the `.authors.yml` of each blog, by their ids."""
    found: list[Person] = []
    for path in dict.fromkeys(below(config, b.authors_file) for b in config.blogs):
        place = _walk.inside(root, path)
        if place is None:
            continue
        try:
            data = _yaml.load(_walk.content(place))
        except (OSError, ValueError) as error:
            line = f":{error.line}" if isinstance(error, _yaml.BadYaml) and error.line else ""
            hint = "mend the file; until then nobody in it is known"
            problems.append(_pages.odd(path + line, f"not usable: {error}", hint))
            continue
        found += _people.people_of(data.get("authors") if isinstance(data, dict) else None)
    return found


def is_page(path: str) -> bool:
    """Is a document about a member of the group: below `group/`, `people/` …, without a date in its name?"""
    folders = posixpath.dirname(path).lower().split("/")
    return not _FOLDERS.isdisjoint(folders) and stem_of(path) != "index" and not _pages.dated(path)


def member(root: Path, path: str, url: str) -> Person | None:
    """Who a member's page is about; None when its title is no name."""
    try:
        front = front_matter.parse(_walk.content(root / path), path)
    except OSError:
        return None
    values = front.values
    stated = values.get("name") or values.get("title") or _pages.heading(front.body)
    name = _TITLES.sub("", " ".join(str(stated).split()))
    if not _is_name(name):
        return None
    person = _people.person_of({**_printed(front.body), **values, "name": name, "title": name}, _login(front.body))
    if person is None:
        return None
    return Person(
        name=person.name,
        given=person.given,
        family=person.family,
        orcid=person.orcid,
        email=person.email,
        url=person.url or (url if is_web(url) else ""),
        affiliation=person.affiliation,
        aliases=person.aliases,
    )


def _is_name(text: str) -> bool:
    words = text.split()
    named = 2 <= len(words) <= 6 and "..." not in text and _NAME.fullmatch(text) and words[-1][0].isupper()
    return bool(named) and _NOBODY.isdisjoint(word.lower() for word in words)


def _printed(body: str) -> dict[str, Any]:
    """What the page prints of ORCID and address."""
    orcid, mail = _ORCID.search(body), _MAIL.search(body)
    return {**({"orcid": orcid[1]} if orcid else {}), **({"email": mail[1]} if mail else {})}


def _login(body: str) -> str:
    """The login that the first link to an account at GitHub names."""
    found = _ACCOUNT.search(body)
    return f"@{found[1] or found[2]}" if found else ""
