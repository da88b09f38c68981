"""Which names and DOIs are preprint servers', which are archives of data.  Private to scholarly."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from feeds.scholarly._vocab import fold, table


@cache
def _spellings() -> dict[str, str]:
    return {s: server["name"] for server in table("servers")["server"] for s in server["spelled"].split()}


@cache
def _prefixes() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(s["doi"], re.IGNORECASE), s["name"]) for s in table("servers")["server"])


@cache
def _data() -> re.Pattern[str]:
    return re.compile(table("servers")["data"]["doi"])


def preprint_server(name: str) -> str:
    """The server that a journal's name or the first words of a citation name; "" when it is none."""
    folded = fold(name[:80])
    spellings = _spellings()
    whole = folded.replace(" ", "")
    if whole in spellings:
        return spellings[whole]
    leading = folded.split()[:2]
    return next((spellings[w] for w in ("".join(leading), *leading[:1]) if w in spellings), "")


def mentioned(text: str) -> str:
    """The first preprint server that a text names as a word; HAL is one in too many languages."""
    found = _names().search(text, 0, 2000)
    return _spellings()[found.group().lower()] if found else ""


@cache
def _names() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(s for s in _spellings() if s != 'hal')})\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def server_of(doi: str) -> str:
    """The preprint server whose DOI it is; "" for an article's."""
    return next((name for pattern, name in _prefixes() if pattern.match(doi)), "")


def is_data(doi: str) -> bool:
    """Is it the DOI of an archived data set or program?"""
    return bool(_data().match(doi))
