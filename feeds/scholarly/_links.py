"""Addresses → identifiers, by the table in data/publishers.toml.  Private to scholarly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from urllib.parse import unquote, urlsplit

from feeds.scholarly._servers import server_of
from feeds.scholarly._vocab import table

FIELDS = ("doi", "preprint_doi", "preprint_server", "pmid", "pmcid", "arxiv")

_DOI = re.compile(r"10\.(?<![\w./]10\.)\d{4,9}/[^\s\"'<>⟨⟩{}|\\^`\[\]]{1,300}")
_TAIL = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|pdfdirect|html|meta|tables|figures|references|summary|fulltext|xml|supplementary)"
    r"|[./](?:full|pdf|html|abstract|short)|\.full-text|\.full\.pdf(?:\+html)?){1,9}/?$",
    re.IGNORECASE,
)
# What a tail ends with.
_ENDINGS = (
    "full", "abstract", "pdf", "pdfdirect", "html", "meta", "tables", "figures", "references", "summary", "text", "xml",
    "supplementary", "short",
)  # fmt: skip


@cache
def _rules() -> tuple[tuple[dict[str, str], re.Pattern[str]], ...]:
    return tuple((rule, re.compile(rule["find"], re.IGNORECASE)) for rule in table("publishers")["rule"])


@lru_cache(maxsize=256)
def identify(url: str) -> tuple[tuple[str, str, str], ...]:
    """What an address says: (field, value, name of the rule), DOIs in lower case and told apart by their server."""
    if len(url) > 2048:
        return ()
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ()
    place = unquote(parts.path + (f"?{parts.query}" if parts.query else ""))
    for rule, pattern in _rules_of(host):
        if found := pattern.search(place):
            return tuple(_facts(rule, found))
    return ()


@lru_cache(maxsize=256)
def _rules_of(host: str) -> tuple[tuple[dict[str, str], re.Pattern[str]], ...]:
    return tuple((rule, pattern) for rule, pattern in _rules() if _is_host(host, rule["host"]))


def _is_host(host: str, wanted: str) -> bool:
    return bool(host) and (not wanted or host == wanted or host.endswith(f".{wanted}"))


def _facts(rule: dict[str, str], found: re.Match[str]) -> Iterator[tuple[str, str, str]]:
    for field in FIELDS:
        if field not in rule:
            continue
        value = rule[field]
        for number, group in enumerate(found.groups(), start=1):
            value = value.replace(f"{{{number}}}", group or "")
        if field.endswith("doi"):
            field, value = ("preprint_doi", sort_doi(value)[1]) if field == "preprint_doi" else sort_doi(value)
            if "rewrite" in rule:
                old, _, new = rule["rewrite"].partition("->")
                value = re.sub(old, new, value)
        if field == "pmcid":
            value = value.upper()
        if value:
            yield field, value, f"link/{rule['name']}"


def sort_doi(raw: str) -> tuple[str, str]:
    """A DOI as found → ("doi" or "preprint_doi", the DOI bare, in lower case and without its address's tail)."""
    doi = trim(unquote(raw)).lower()
    doi = _TAIL.sub("", doi) if doi.rstrip("/").endswith(_ENDINGS) else doi
    if server_of(doi) in {"bioRxiv", "medRxiv"}:
        doi = re.sub(r"(?<=\d)v\d*+(?:\.[a-z.+]*+)?$", "", doi)
    elif doi.startswith("10.48550/"):
        doi = re.sub(r"(?<=\d)v\d++$", "", doi)
    return ("preprint_doi" if server_of(doi) else "doi"), doi


def trim(doi: str) -> str:
    """`doi` without the punctuation of the sentence around it."""
    doi = doi.strip().rstrip(".,;:!?*_’”")
    for opening, closing in ("()", "[]"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(".,;:*_")
    return doi


def printed_dois(text: str) -> Iterator[tuple[str, str]]:
    """The DOIs in a text, sorted into articles' and preprints'."""
    if "10." in text:
        for m in _DOI.finditer(text):
            yield sort_doi(m.group())
