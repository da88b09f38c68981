"""Posts with a whole reference, in the styles of the guides and where site themes put it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from scholarly_citations import MONTHS, Cited, cited
from scholarly_layouts import Made, expected, head, quoted
from scholarly_printing import (
    Paper,
    apa,
    apa_tight,
    family_given,
    given_family,
    ieee,
    listed,
    one,
    paper,
    vancouver,
)

Reference = Callable[[Paper], Cited]


def _amp(names: list[str]) -> str:
    return listed(names, ", ", "&", oxford=True) if len(names) > 2 else ", & ".join(names)


def _chicago_names(p: Paper) -> str:
    first, *others = p.authors
    first = replace(first, family=one(first.family))
    return listed([*family_given([first]), *given_family(others)], ", ", "and", oxford=True).removesuffix(".")


def _t(p: Paper) -> str:
    """The title with the stop that closes it, unless it brings its own."""
    return p.title if p.title.endswith("?") else f"{p.title}."


REFERENCES: dict[str, Reference] = {
    "apa": lambda p: cited(
        f"{_amp(apa(list(p.authors)))} ({p.year}). {_t(p)} *{p.journal}*, *{p.volume}*({p.issue}), {p.first}–{p.last}. "
        f"https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages year doi",
    ),
    "vancouver": lambda p: cited(
        f"{', '.join(vancouver(list(p.authors)))}. {_t(p)} {p.short}. {p.year};{p.volume}({p.issue}):"
        f"{p.first}-{p.last}.",
        p.short,
        "volume issue pages year",
    ),
    "pubmed": lambda p: cited(
        f"{', '.join(vancouver(list(p.authors)))}. {_t(p)} {p.short}. {p.year} {MONTHS[p.month - 1][:3]} {p.day};"
        f"{p.volume}({p.issue}):{p.first}-{p.last}. doi: {p.doi}. PMID: {p.pmid}.",
        p.short,
        "volume issue pages year month day doi pmid",
    ),
    "chicago": lambda p: cited(
        f"{_chicago_names(p)}. “{_t(p)}” *{p.journal}* {p.volume}, no. {p.issue} ({MONTHS[p.month - 1]} {p.year}): "
        f"{p.first}–{p.last}.",
        p.journal,
        "volume issue pages year month",
    ),
    "chicago author-date": lambda p: cited(
        f"{_chicago_names(p)}. {p.year}. “{_t(p)}” *{p.journal}* {p.volume} ({p.issue}): {p.first}–{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
    "mla": lambda p: cited(
        f'{_chicago_names(p)}. "{_t(p)}" *{p.journal}*, vol. {p.volume}, no. {p.issue}, {p.year}, '
        f"pp. {p.first}-{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
    "harvard": lambda p: cited(
        f"{listed(apa_tight(list(p.authors)), ', ', 'and')} ({p.year}) '{p.title}', *{p.journal}*, "
        f"{p.volume}({p.issue}), pp. {p.first}–{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
    "ieee": lambda p: cited(
        f"{listed(ieee(list(p.authors)), ', ', 'and', oxford=True)}, “{p.title},” *{p.journal}*, vol. {p.volume}, "
        f"no. {p.issue}, pp. {p.first}–{p.last}, {p.year}.",
        p.journal,
        "volume issue pages year",
    ),
    "nature": lambda p: cited(
        f"{listed(apa(list(p.authors)), ', ', '&')} {_t(p)} *{p.journal}* **{p.volume}**, "
        f"{p.first}–{p.last} ({p.year}).",
        p.journal,
        "volume pages year",
    ),
    "cell": lambda p: cited(
        f"{listed(apa_tight(list(p.authors)), ', ', 'and', oxford=True)} ({p.year}). {_t(p)} {p.journal} *{p.volume}*, "
        f"{p.first}–{p.last}.",
        p.journal,
        "volume pages year",
    ),
    "acs": lambda p: cited(
        f"{'; '.join(apa_tight(list(p.authors)))} {_t(p)} *{p.journal}* **{p.year}**, *{p.volume}* ({p.issue}), "
        f"{p.first}–{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
    "acm": lambda p: cited(
        f"{listed(given_family(list(p.authors)), ', ', 'and', oxford=True).removesuffix('.')}. {p.year}. {_t(p)} "
        f"*{p.journal}* {p.volume}, {p.issue} ({p.year}), {p.first}–{p.last}. https://doi.org/{p.doi}",
        p.journal,
        "volume issue pages year doi",
    ),
    "springer": lambda p: cited(
        f"{', '.join(vancouver(list(p.authors)))} ({p.year}) {_t(p)} {p.short} {p.volume}({p.issue}):"
        f"{p.first}–{p.last}",
        p.short,
        "volume issue pages year",
    ),
    "din": lambda p: cited(
        f"{'; '.join(family_given(list(p.authors)))}: {_t(p)} In: {p.journal} {p.volume} ({p.year}), Nr. {p.issue}, "
        f"S. {p.first}–{p.last}",
        p.journal,
        "volume issue pages year",
    ),
    "french": lambda p: cited(
        f"{listed(given_family(list(p.authors)), ', ', 'et')}, « {p.title} », *{p.journal}*, vol. {p.volume}, "
        f"n° {p.issue}, {p.year}, p. {p.first}-{p.last}.",
        p.journal,
        "volume issue pages year",
    ),
}


def _html(text: str) -> str:
    """Markdown emphasis as academicpages writes it in its citation strings."""
    parts = text.replace("**", "").split("*")
    text = "".join(x if n % 2 == 0 else f"<i>{x}</i>" for n, x in enumerate(parts))
    return text.replace("“", "&quot;").replace("”", "&quot;").replace("'", "&apos;")


PLACES: dict[str, Callable[[Paper, Cited], str]] = {
    "paragraph": lambda p, c: head(p, "category: publications") + f"{c.text}\n\n## Abstract\n\n{p.abstract}\n",
    "quote": lambda p, c: head(p) + f"> {c.text}\n\n**Abstract.** {p.abstract}\n",
    "item": lambda p, c: head(p) + f"- {c.text}\n\n### Abstract\n\n{p.abstract}\n",
    "label": lambda p, c: head(p) + f"**Citation:** {c.text}\n\n**Abstract:** {p.abstract}\n",
    "recommended": lambda p, c: (
        head(p, "collection: publications", "permalink: /publication/x")
        + f"## Abstract\n\n{p.abstract}\n\nRecommended citation: {c.text}\n"
    ),
    "academicpages": lambda p, c: (
        head(p, "collection: publications", f"venue: {quoted(c.journal)}", f"citation: '{_html(c.text)}'")
        + f"## Abstract\n\n{p.abstract}\n"
    ),
    "section": lambda p, c: head(p) + f"## Abstract\n\n{p.abstract}\n\n## Citation\n\n{c.text}\n",
}


def referenced(seed: int, *, style: str = "", place: str = "") -> Made:
    """A post with a whole reference."""
    rng = random.Random(seed)  # noqa: S311  # no secret: the same post for the same seed
    p = paper(rng)
    style = style or rng.choice(list(REFERENCES))
    place = place or rng.choice(list(PLACES))
    reference = REFERENCES[style](p)
    truth = expected(p, list(p.authors), cut=False, cited=reference)
    return Made(PLACES[place](p, reference), f"{seed}: {place} ‖ {style} ‖  ‖ ", truth)
