"""The many ways in which scholars print where a paper appeared, after the journals and guides that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scholarly_printing import Paper

MONTHS = "January February March April May June July August September October November December".split()
MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONATE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


@dataclass(frozen=True)
class Cited:
    """A printed citation, and what of the truth it prints."""

    text: str
    journal: str = ""
    fields: frozenset[str] = frozenset()  # of: volume issue supplement pages first article year month day doi pmid


Style = Callable[[Paper], Cited]


def cited(text: str, journal: str, fields: str) -> Cited:
    return Cited(text, journal, frozenset(fields.split()))


def _short_last(p: Paper) -> str:
    """NLM leaves out the digits that do not change."""
    for n, (a, b) in enumerate(zip(p.first, p.last, strict=False)):
        if a != b:
            return p.last[n:] if len(p.first) == len(p.last) else p.last
    return p.last


CITATIONS: dict[str, Style] = {
    "nature": lambda p: cited(
        f"*{p.journal}* **{p.volume}**, {p.first}–{p.last} ({p.year})", p.journal, "volume pages year"
    ),
    "nature web": lambda p: cited(
        f"{p.journal} volume {p.volume}, pages{p.first}–{p.last} ({p.year})", p.journal, "volume pages year"
    ),
    "cell": lambda p: cited(
        f"{p.journal} *{p.volume}*, {p.first}-{p.last}. ({p.year})", p.journal, "volume pages year"
    ),
    "cell web": lambda p: cited(
        f"{p.journal}, Volume {p.volume}, Issue {p.issue}, {p.first}-{p.last}, {MONTHS[p.month - 1]} {p.day}, {p.year}",
        p.journal,
        "volume issue pages year month day",
    ),
    "elsevier": lambda p: cited(
        f"{p.journal}, Volume {p.volume}, Issue {p.issue}, {MONTHS[p.month - 1]} {p.year}, Pages {p.first}-{p.last}",
        p.journal,
        "volume issue pages year month",
    ),
    "springer": lambda p: cited(
        f"{p.journal} {p.volume}({p.issue}), {p.first}–{p.last} ({p.year}). https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages year doi",
    ),
    "acm": lambda p: cited(
        f"{p.journal} {p.volume}, {p.issue} ({MONTHS[p.month - 1]} {p.year}), {p.first}–{p.last}. https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages year month doi",
    ),
    "ieee": lambda p: cited(
        f"*{p.journal}*, vol. {p.volume}, no. {p.issue}, pp. {p.first}–{p.last}, {MONTHS[p.month - 1][:3]}. {p.year}, "
        f"doi: {p.doi}.",
        p.journal,
        "volume issue pages year month doi",
    ),
    "apa": lambda p: cited(
        f"*{p.journal}*, *{p.volume}*({p.issue}), {p.first}–{p.last}. https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages doi",
    ),
    "pubmed": lambda p: cited(
        f"{p.short}. {p.year} {MONTHS[p.month - 1][:3]} {p.day};{p.volume}({p.issue}):{p.first}-{_short_last(p)}. "
        f"doi: {p.doi}. PMID: {p.pmid}.",
        p.short,
        "volume issue pages year month day doi pmid",
    ),
    "pubmed month": lambda p: cited(
        f"{p.short}. {p.year} {MONTHS[p.month - 1][:3]};{p.volume}({p.issue}):{p.first}-{p.last}.",
        p.short,
        "volume issue pages year month",
    ),
    "vancouver": lambda p: cited(
        f"{p.short}. {p.year};{p.volume}({p.issue}):{p.first}-{_short_last(p)}.", p.short, "volume issue pages year"
    ),
    "vancouver article": lambda p: cited(
        f"{p.short}. {p.year};{p.volume}({p.issue}):{p.article}.", p.short, "volume issue article year"
    ),
    "ama": lambda p: cited(f"*{p.short}*. {p.year};{p.volume}:{p.first}-{p.last}", p.short, "volume pages year"),
    "acs": lambda p: cited(
        f"*{p.journal}* **{p.year}**, *{p.volume}* ({p.issue}), {p.first}–{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
    "acs first": lambda p: cited(f"{p.journal} {p.year}, {p.volume}, {p.first}.", p.journal, "volume first year"),
    "chicago": lambda p: cited(
        f"*{p.journal}* {p.volume}, no. {p.issue} ({MONTHS[p.month - 1]} {p.year}): {p.first}–{_short_last(p)}.",
        p.journal,
        "volume issue pages year month",
    ),
    "chicago author-date": lambda p: cited(
        f"*{p.journal}* {p.volume} ({p.issue}): {p.first}–{p.last}.", p.journal, "volume issue pages"
    ),
    "mla": lambda p: cited(
        f"*{p.journal}*, vol. {p.volume}, no. {p.issue}, {p.year}, pp. {p.first}-{_short_last(p)}.",
        p.journal,
        "volume issue pages year",
    ),
    "harvard": lambda p: cited(
        f"*{p.journal}*, {p.volume}({p.issue}), pp. {p.first}–{p.last}.", p.journal, "volume issue pages"
    ),
    "din": lambda p: cited(
        f"In: {p.journal}, Bd. {p.volume}, Nr. {p.issue}, {p.year}, S. {p.first}–{p.last}",
        p.journal,
        "volume issue pages year",
    ),
    "din jahrgang": lambda p: cited(
        f"In: {p.journal} {p.volume} ({p.year}), Heft {p.issue}, S. {p.first}–{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
    "french": lambda p: cited(
        f"*{p.journal}*, vol. {p.volume}, n° {p.issue}, {p.year}, p. {p.first}-{p.last}",
        p.journal,
        "volume issue pages year",
    ),
    "french month": lambda p: cited(
        f"*{p.journal}*, {MOIS[p.month - 1]} {p.year}, vol. {p.volume}, n°{p.issue}, pp. {p.first}-{p.last}",
        p.journal,
        "volume issue pages year month",
    ),
    "spanish": lambda p: cited(
        f"*{p.journal}*, Vol. {p.volume}, Núm. {p.issue}, págs. {p.first}-{p.last}, {p.year}",
        p.journal,
        "volume issue pages year",
    ),
    "frontiers": lambda p: cited(f"{p.short}. {p.volume}:{p.article[1:]}. doi: {p.doi}", p.short, "volume article doi"),
    "plos": lambda p: cited(
        f"{p.journal} {p.volume}({p.issue}): {p.article}. https://doi.org/{p.doi}",
        p.journal,
        "volume issue article doi",
    ),
    "bmc": lambda p: cited(
        f"{p.journal} volume {p.volume}, Article number: {p.article[1:]} ({p.year})", p.journal, "volume article year"
    ),
    "oup": lambda p: cited(
        f"{p.journal}, Volume {p.volume}, Issue {p.issue}, {MONTHS[p.month - 1]} {p.year}, Pages {p.first}–{p.last}, "
        f"https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages year month doi",
    ),
    "oup article": lambda p: cited(
        f"{p.journal}, Volume {p.volume}, {p.year}, {p.article}, https://doi.org/{p.doi}",
        p.journal,
        "volume article year doi",
    ),
    "web day": lambda p: cited(f"{p.journal}, {p.year}-{p.month:02}-{p.day:02}", p.journal, "year month day"),
    "web year": lambda p: cited(f"{p.journal} ({p.year})", p.journal, "year"),
    "web comma": lambda p: cited(f"{p.journal}, {p.year}", p.journal, "year"),
    "published in": lambda p: cited(f"Published in *{p.journal}*, {p.year}", p.journal, "year"),
    "supplement": lambda p: cited(
        f"{p.short} {p.volume} (Suppl {p.issue}), {p.first}–{p.last} ({p.year})",
        p.short,
        "volume supplement pages year",
    ),
    "bare numbers": lambda p: cited(
        f"{p.journal} {p.volume}:{p.first}-{p.last}, {p.year}", p.journal, "volume pages year"
    ),
    "german date": lambda p: cited(
        f"{p.journal} {p.volume}({p.issue}):{p.first}–{p.last}, {p.day}. {MONATE[p.month - 1]} {p.year}",
        p.journal,
        "volume issue pages year month day",
    ),
}
