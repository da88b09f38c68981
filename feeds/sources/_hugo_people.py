"""The people of a Hugo site: author pages of Hugo Blox (academic, wowchemy) and author files below data/.

https://docs.hugoblox.com/reference/content-types/
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from msgspec import structs

from feeds.model import Person, Problem
from feeds.sources import _hugo_content, _people, _walk
from feeds.sources._hugo_config import load
from feeds.sources._hugo_content import Content

FOLDERS = frozenset({"authors", "author"})
_DATA = ("data/authors", "data/people")
_ENDINGS = (".yaml", ".yml", ".toml", ".json")


def files(root: Path, content: Content) -> list[str]:
    """The files that people are read from."""
    pages = [s.path for s in content.sections if s.folder.count("/") == 1 and s.folder.split("/")[0].lower() in FOLDERS]
    pages += [p.path for p in content.pages.values() if p.is_bundle and p.logical.split("/")[0].lower() in FOLDERS]
    found = []
    for place in _DATA:
        found += [place + ending for ending in _ENDINGS if _walk.inside(root, place + ending)]
        if _walk.has_folder(root, place):
            found += [e.path for e in _walk.files(root, place, []) if posixpath.splitext(e.name)[1] in _ENDINGS]
    return pages + found


def read(root: Path, paths: list[str], problems: list[Problem]) -> tuple[Person, ...]:
    """Everybody who is described in these files."""
    found: list[Person] = []
    for path in paths:
        if posixpath.splitext(path)[1] not in _ENDINGS:
            handle = posixpath.basename(posixpath.dirname(path))
            values = _hugo_content.section_front(root, path)
            found += _one({**values, "name": values.get("name") or values.get("title")}, handle)
            continue
        data = load(root, path, problems)
        stem = posixpath.splitext(posixpath.basename(path))[0]
        if posixpath.dirname(path) in _DATA and isinstance(data, dict):
            found += _one(data, stem)
        else:
            found += _several(data)
    return tuple(dict.fromkeys(found))


def _several(data: Any) -> list[Person]:
    pairs = data.items() if isinstance(data, dict) else [("", v) for v in data] if isinstance(data, list) else []
    return [
        p for handle, value in pairs for p in _one(value if isinstance(value, dict) else {"name": value}, str(handle))
    ]


def _one(details: dict[str, Any], handle: str) -> list[Person]:
    """The person whom the front matter of an author's page, or an author's file, describes."""
    name = details.get("name")
    plain: dict[str, Any] = dict(details)
    if isinstance(name, dict):
        plain = {
            **details,
            "name": name.get("display") or name.get("full"),
            **{k: name.get(k) for k in ("given", "family")},
        }
    plain["name"] = plain.get("name") or plain.get("display_name")
    plain.pop("title", None)  # of a data file this is a role
    plain["affiliation"] = _first_name(details, "organizations", "affiliations")
    plain["orcid"] = details.get("orcid") or _orcid_link(details)
    plain.pop("aliases", None)  # of a page these are addresses
    person = _people.person_of(plain, handle)
    if not person:
        return []
    spoken = handle.replace("-", " ").replace("_", " ")
    return [structs.replace(person, aliases=tuple(dict.fromkeys([*person.aliases, *([spoken] if spoken else [])])))]


def _first_name(details: dict[str, Any], *keys: str) -> str:
    for key in keys:
        value = details.get(key)
        for one in value if isinstance(value, list) else [value]:
            said = one.get("name") if isinstance(one, dict) else one
            if isinstance(said, str) and said:
                return said
    said = details.get("affiliation") or details.get("organization")
    return said if isinstance(said, str) else ""


def _orcid_link(details: dict[str, Any]) -> str:
    """The address among the links of a profile that leads to ORCID."""
    for key in ("social", "profiles", "links"):
        links = details.get(key)
        for link in links if isinstance(links, list) else []:
            for address in link.values() if isinstance(link, dict) else ():
                if isinstance(address, str) and "orcid.org/" in address:
                    return address
    return ""
