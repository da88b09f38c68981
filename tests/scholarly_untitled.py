"""Posts with a reference that prints no title: the post's own is the work's."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from scholarly_citations import MONTHS, Cited, cited
from scholarly_layouts import Made, expected, head
from scholarly_printing import Paper, apa, apa_tight, given_family, ieee, listed, paper, vancouver

UNTITLED: dict[str, Callable[[Paper], Cited]] = {
    "nlm": lambda p: cited(
        f"{', '.join(vancouver(list(p.authors)))}. {p.short}. {p.year};{p.volume}({p.issue}):{p.first}-{p.last}.",
        p.short,
        "volume issue pages year",
    ),
    "vancouver": lambda p: cited(
        f"{', '.join(vancouver(list(p.authors)))}. {p.short} {p.year};{p.volume}:{p.first}-{p.last}.",
        p.short,
        "volume pages year",
    ),
    "physics": lambda p: cited(
        f"{', '.join(ieee(list(p.authors)))}, {p.short} {p.volume}, {p.article[1:]} ({p.year})",
        p.short,
        "volume article year",
    ),
    "physics and": lambda p: cited(
        f"{listed(ieee(list(p.authors)), ', ', 'and', oxford=True)}, {p.journal} **{p.volume}**, {p.first} ({p.year})",
        p.journal,
        "volume first year",
    ),
    "chemistry": lambda p: cited(
        f"{', '.join(ieee(list(p.authors)))}, *{p.journal}* **{p.year}**, *{p.volume}*, {p.first}–{p.last}.",
        p.journal,
        "volume pages year",
    ),
    "astronomy": lambda p: cited(
        f"{listed(apa_tight(list(p.authors)), ', ', '&')} {p.year}, {p.short}, {p.volume}, {p.first}",
        p.short,
        "volume first year",
    ),
    "springer": lambda p: cited(
        f"{', '.join(vancouver(list(p.authors)))} ({p.year}) {p.short} {p.volume}:{p.first}–{p.last}",
        p.short,
        "volume pages year",
    ),
    "apa": lambda p: cited(
        f"{listed(apa(list(p.authors)), ', ', '&', oxford=True)} ({p.year}). *{p.journal}*, *{p.volume}*({p.issue}), "
        f"{p.first}–{p.last}. https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages year doi",
    ),
    "byline": lambda p: cited(
        f"By {listed(given_family(list(p.authors)), ', ', 'and')} | {p.journal} | "
        f"{MONTHS[p.month - 1]} {p.day}, {p.year}",
        p.journal,
        "year month day",
    ),
    "dash": lambda p: cited(
        f"{listed(given_family(list(p.authors)), ', ', 'and')} — *{p.journal}* {p.volume}, {p.first}–{p.last} "
        f"({p.year})",
        p.journal,
        "volume pages year",
    ),
}

PLACES: dict[str, Callable[[Paper, Cited], str]] = {
    "paragraph": lambda p, c: head(p, "category: publications") + f"{c.text}\n\n## Abstract\n\n{p.abstract}\n",
    "label below": lambda p, c: head(p, "tags: [paper]") + f"{c.text}\n\n**Abstract:** {p.abstract}\n",
    "title above": lambda p, c: (
        head(p, "category: publications") + f"## {p.title}\n\n{c.text}\n\n**Abstract** {p.abstract}\n"
    ),
}


def untitled(seed: int, *, style: str = "", place: str = "") -> Made:
    """A post whose reference has no title."""
    rng = random.Random(seed)  # noqa: S311  # no secret: the same post for the same seed
    p = paper(rng)
    p = replace(p, group="")
    style = style or rng.choice(list(UNTITLED))
    place = place or rng.choice(list(PLACES))
    printed = UNTITLED[style](p)
    return Made(PLACES[place](p, printed), f"{seed}: {place} ‖ {style}", expected(p, list(p.authors), False, printed))
