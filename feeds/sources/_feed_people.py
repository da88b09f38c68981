"""The people whom a feed names.  Private to sources."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any

from feeds.text import is_web, legal, squeeze


def details(name: str, url: str = "", email: str = "") -> dict[str, str]:
    """A person as a mapping; an address of orcid.org is an ORCID.  Empty when there is neither name nor address."""
    name, url = squeeze(legal(name)), squeeze(url)
    key = "orcid" if "orcid.org/" in url else "url"
    stated = {"name": name or email, key: url if is_web(url) else "", "email": email}
    return {k: v for k, v in stated.items() if v} if stated["name"] else {}


def of_text(text: str) -> dict[str, str]:
    """`ada@lamps.example (Ada Wick)`, as RSS has it, `Ada Wick <ada@lamps.example>`, or but a name."""
    if "@" not in text:
        return details(text)
    name, email = parseaddr(text[:500])
    return details(name, email=email if "@" in email else "")


def of_parsed(people: Any) -> tuple[dict[str, str], ...]:
    """Atom's authors, as feedparser hands them on."""
    stated = people if isinstance(people, list) else []
    found = (details(str(p.get("name") or ""), str(p.get("href") or ""), str(p.get("email") or "")) for p in stated)
    return once(found)


def once(people: Iterable[dict[str, str]]) -> tuple[dict[str, str], ...]:
    """The people that have a name, each once."""
    return tuple({p["name"]: p for p in people if p}.values())
