"""A Quarto document's metadata in the words that the rest of the house knows (https://quarto.org/docs/authoring/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from feeds.text import is_web, legal, squeeze

CLOCK = frozenset({"today", "now", "last-modified"})
_AMERICAN = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")


def translated(values: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The metadata with `date`, `authors`, `modified` and `redirect_from` as scholarly and sources read them.

    The original keys stay, but for a date that the clock would make.
    """
    out = dict(values)
    for key in ("date", "date-modified"):
        out[key] = _date(out.get(key))
        if out[key] is None:
            del out[key]
    if "date-modified" in out:
        out["modified"] = out["date-modified"]
    authors = _authors(values)
    if authors:
        out["authors"] = authors
    aliases = values.get("aliases")
    if isinstance(aliases, (str, list)):
        stated = aliases if isinstance(aliases, list) else [aliases]
        out["redirect_from"] = [_site_path(a, folder) for a in stated if isinstance(a, str) and a.strip()]
    return out


def is_clock(value: Any) -> bool:
    """Would the generator take this date from the clock or from the file's age?"""
    stated = value.get("value") if isinstance(value, dict) else value
    return isinstance(stated, str) and stated.strip().lower() in CLOCK


def _date(value: Any) -> str | int | None:
    """A stated day in ISO 8601's order; None for what would come from the clock."""
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "" or is_clock(value):
        return None
    found = _AMERICAN.fullmatch(str(value).strip())  # Quarto reads MM/DD/YYYY, whatever `date-format` says
    return f"{found[4]}-{int(found[1]):02}-{int(found[3]):02}" if found else value


def _site_path(alias: str, folder: str) -> str:
    """An alias as a path of the site: those without a slash in front are relative to the page."""
    if is_web(alias) or alias.startswith("/"):
        return alias
    return "/" + posixpath.normpath(posixpath.join(folder, alias)) + ("/" if alias.endswith("/") else "")


# ----------------------------------------------------------------------------------------------- authors


def _authors(values: Mapping[str, Any]) -> list[Any]:
    """`author` in any of its shapes as a list of mappings; empty when it is plain text already."""
    stated = next((values[k] for k in ("author", "authors", "by-author") if values.get(k)), None)
    everyone = stated if isinstance(stated, list) else [stated]
    if not any(isinstance(a, dict) for a in everyone):
        return []
    known = _affiliations(values.get("affiliations"))
    known.update(_within(everyone))
    found = [_author(a, known) if isinstance(a, dict) else a for a in everyone]
    return [a for a in found if a]


def _affiliations(value: Any) -> dict[str, str]:
    """The affiliations stated once for all: id → name."""
    stated = value if isinstance(value, list) else [value]
    return {str(a["id"]): _affiliation(a, {}) for a in stated if isinstance(a, dict) and "id" in a}


def _within(authors: list[Any]) -> dict[str, str]:
    """Those that one author states with an id, and another refers to."""
    stated: dict[str, str] = {}
    for author in authors:
        for key in ("affiliations", "affiliation"):
            if isinstance(author, dict) and key in author:
                stated.update(_affiliations(author[key]))
    return stated


def _author(author: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    name = author.get("name", author.get("literal"))
    parts = name if isinstance(name, dict) else author
    given, family = _text(parts.get("given")), _text(parts.get("family"))
    particle = _text(parts.get("non-dropping-particle")) or _text(parts.get("dropping-particle"))
    family = f"{particle} {family}".strip()
    shown = _text(name) or _text(parts.get("literal")) or f"{given} {family}".strip()
    if not shown:
        return {}
    url, orcid = _text(author.get("url")), _text(author.get("orcid"))
    where = author.get("affiliations", author.get("affiliation"))
    first = next((a for a in _each(where, known) if a), "")
    details = {"given": given, "family": family, "orcid": orcid, "url": url, "email": _text(author.get("email"))}
    return {"name": shown, **{k: v for k, v in details.items() if v}, **({"affiliation": first} if first else {})}


def _each(where: Any, known: Mapping[str, str]) -> list[str]:
    return [_affiliation(a, known) for a in (where if isinstance(where, list) else [where])]


def _affiliation(value: Any, known: Mapping[str, str]) -> str:
    """The name of an affiliation given as text, by `ref`, or as a mapping."""
    if isinstance(value, dict):
        if "ref" in value:
            return known.get(str(value["ref"]), "")
        parts = [_text(value.get(k)) for k in ("department", "group", "name")]
        return ", ".join(p for p in parts if p)
    stated = _text(value)
    return known.get(stated, stated)


def _text(value: Any) -> str:
    return squeeze(legal(str(value))) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
