"""Which items tell of one work: a post and its BibTeX record, a post and its entry in a planet.

Of those that do, one is published, and the facts of the others go to it as evidence.  A page of the site goes before a
record of a bibliography, that before an entry of somebody's feed; then the source that stands first in the
configuration, then the older.  What comes from one source in one form is never merged: two posts about one
paper are two posts.  Everything here is pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feeds import identity, text
from feeds.model import Fact, Form, Item, Work

_FORMS: tuple[Form, ...] = ("page", "record", "entry")
_PAPERS = frozenset({"article", "review", "chapter", "book", "report"})
_SCHEMES = frozenset({"doi", "pmid", "pmcid", "arxiv"})
_SHORTEST_TITLE = 20  # letters and digits; "Editorial" and "Methods" are no names


class Claim(Struct, frozen=True, gc=False):
    """What an item says it is, by itself."""

    form: Form
    published: datetime
    keys: tuple[str, ...]  # "doi:10.1038/x"; whoever has one of them tells of the same work
    name: str = ""  # title, year and first author: tells of the same work unless an identifier speaks against it


class Evidence(Struct, frozen=True):
    """What others say of an item's work: other items, and services that were asked; each digest changes with it."""

    digest: str = ""
    facts: tuple[Fact, ...] = ()
    answered: str = ""
    answers: tuple[Fact, ...] = ()


def claim(item: Item) -> Claim:
    """What `item` says it is; `item` has no evidence of others yet."""
    post, work = item.post, item.work
    keys = [f"id:{stated}"] if (stated := identity.stated_id(post)) else []
    if text.is_web(post.url):
        keys.append(f"url:{_address(post.url)}")
    if work:
        keys += [f"{scheme}:{value}" for scheme in sorted(_SCHEMES) if (value := getattr(work, scheme))]
    return Claim(post.form, post.published, tuple(keys), _name(work) if work else "")


def _address(url: str) -> str:
    """A URL as two sites would agree on it: without scheme, final slash and index.html."""
    parts = urlsplit(text.canonical(url))
    path = parts.path.removesuffix("index.html").rstrip("/")
    query, fragment = (f"?{parts.query}" if parts.query else ""), (f"#{parts.fragment}" if parts.fragment else "")
    return f"{parts.netloc}{path}{query}{fragment}"


def _name(work: Work) -> str:
    title = _letters(work.title)
    if len(title) < _SHORTEST_TITLE or not work.authors or not work.date:
        return ""
    family = work.authors[0].family or work.authors[0].name
    kind = "paper" if work.kind in _PAPERS else work.kind
    return f"{kind} {title} {work.date[:4]} {_letters(family)}"


def _letters(value: str) -> str:
    flat = unicodedata.normalize("NFKD", value).casefold()
    return "".join(c for c in flat if c.isalnum())


def groups(claims: Mapping[str, Claim], sources: Sequence[str]) -> dict[str, list[str]]:
    """Who is published → who tells of the same work, by "source:path"; `sources` in the order of the configuration."""
    if len({(_source(key), c.form) for key, c in claims.items()}) < 2:
        return {}
    rank = {name: number for number, name in enumerate(sources)}
    order = sorted(claims, key=lambda k: (_FORMS.index(claims[k].form), rank[_source(k)], claims[k].published, k))
    holders: dict[str, list[str]] = {}  # key or name → those published who have it
    joined: dict[str, list[str]] = {}
    for key in order:
        own = claims[key]
        first = next((h for k in own.keys for h in holders.get(k, ()) if _may_join(key, h, claims)), "")
        named = (h for h in holders.get(own.name, ()) if _may_join(key, h, claims) and not _differ(own, claims[h]))
        first = first or (next(named, "") if own.name else "")
        if first:
            joined.setdefault(first, []).append(key)
        for k in (*own.keys, own.name) if own.name else own.keys:
            if first or key not in holders.get(k, ()):
                holders.setdefault(k, []).append(first or key)
    return joined


def _source(key: str) -> str:
    return key.partition(":")[0]


def _may_join(key: str, holder: str, claims: Mapping[str, Claim]) -> bool:
    return (_source(key), claims[key].form) != (_source(holder), claims[holder].form)


def _differ(one: Claim, other: Claim) -> bool:
    """Do both have an identifier of one scheme, and not the same?"""
    schemes = {k.partition(":")[0] for k in one.keys} & {k.partition(":")[0] for k in other.keys} & _SCHEMES
    return bool(schemes) and not set(one.keys) & set(other.keys)


def evidence(key: str, item: Item) -> tuple[Fact, ...]:
    """The facts of `item` for another of the same work; its own date of publication says nothing of that."""
    own = (f for f in item.facts if not f.file and f.rule not in {"post/date", "front/stub", "front/poster"})
    return tuple(replace(f, file=key) for f in own)
