"""Posts about made-up papers, laid out as the sites of research groups do it; the truth is known by construction."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scholarly_citations import CITATIONS, Cited
from scholarly_printing import DECORATIONS, FOR_FULL, GROUPS, LINES, Line, Paper, paper

Truth = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A post, what it is made of, and what a reader should find."""

    text: str
    recipe: str
    truth: Truth


def author_line(p: Paper, line: Line, decoration: str, rng: random.Random) -> tuple[str, list[Any], bool]:
    """The printed authors, those of them that are printed, and whether the list is cut."""
    a = list(p.authors)
    if line.name == "mla":
        return DECORATIONS[decoration]([line.join(line.each(a[:1]))], rng)[0], [a[0]], True
    printed = DECORATIONS[decoration](line.each(a), rng)
    truth: list[Any] = list(a)
    if p.group:
        printed.append(p.group)
        truth.append(p.group)
    return line.join(printed), truth, False


def expected(p: Paper, authors: list[Any], cut: bool, cited: Cited) -> Truth:
    f = cited.fields
    date = f"{p.year}" if "year" in f else ""
    if "month" in f:
        date += f"-{p.month:02}"
    if "day" in f:
        date += f"-{p.day:02}"
    return {
        "title": p.title.replace("*", ""),
        "authors": authors,
        "cut": cut,
        "journal": cited.journal,
        "volume": p.volume if "volume" in f else "",
        "issue": p.issue if "issue" in f else f"Suppl {p.issue}" if "supplement" in f else "",
        "pages": f"{p.first}-{p.last}"
        if "pages" in f
        else p.first
        if "first" in f
        else p.article
        if "article" in f
        else "",
        "date": date,
        "doi": p.doi if "doi" in f else "",
        "pmid": p.pmid if "pmid" in f else "",
        "abstract": p.abstract,
    }


# ------------------------------------------------------------------------------------------------- layouts

Layout = Callable[[Paper, str, Cited], str]


def quoted(title: str) -> str:
    return '"' + title.replace('"', '\\"') + '"'


def head(p: Paper, *more: str) -> str:
    return "\n".join(["---", f"title: {quoted(p.title)}", "date: 2015-06-07", *more, "---", "", ""])


def _flat(authors: str) -> str:
    return authors.replace("<br>\n", ", ").replace("\n", " ")


LAYOUTS: dict[str, Layout] = {
    "headings": lambda p, a, c: (
        head(p) + f"### {p.title}\n\n#### {_flat(a)}\n\n##### {c.text}\n\n**Abstract** {p.abstract}\n"
    ),
    "headings, page title": lambda p, a, c: (
        head(p, "category: publications")
        + f"## {p.title}\n##### {_flat(a)}\n##### {c.text}\n\n##### Abstract\n\n{p.abstract}\n"
    ),
    "paragraphs": lambda p, a, c: (
        head(p, "category: [publications]") + f"{a}\n\n{c.text}\n\n## Abstract\n\n{p.abstract}\n"
    ),
    "paragraphs, unlabelled": lambda p, a, c: head(p, "tags: [paper]") + f"{a}\n\n{c.text}\n\n{p.abstract}\n",
    "one paragraph of lines": lambda p, a, c: head(p) + f"{_flat(a)}  \n{c.text}\n\n### Summary\n{p.abstract}\n",
    "breaks": lambda p, a, c: head(p) + f"{_flat(a)}<br>\n{c.text}<br>\n\n**Abstract:** {p.abstract}\n",
    "bold title": lambda p, a, c: head(p) + f"**{p.title}**\n\n{a}\n\n{c.text}\n\n**Abstract**\n\n{p.abstract}\n",
    "labels": lambda p, a, c: (
        head(p) + f"**Authors:** {_flat(a)}\n\n**Citation:** {c.text}\n\n**Abstract:** {p.abstract}\n"
    ),
    "labels in a list": lambda p, a, c: (
        head(p) + f"- **Authors**: {_flat(a)}\n- **Published in**: {c.text}\n\n**Abstract**: {p.abstract}\n"
    ),
    "drupal": lambda p, a, c: (
        head(p) + f"<p>{_flat(a)}</p>\n\n<p>{c.text.replace('*', '')}</p>\n\n<h3>Abstract</h3>\n\n<p>{p.abstract}</p>\n"
    ),
    "image above": lambda p, a, c: (
        head(p)
        + f"![cover](/img/lamp.png)\n\n#### {_flat(a)}\n##### {c.text}\n\n<!--more-->\n\n**Abstract** {p.abstract}\n"
    ),
    "links behind": lambda p, a, c: (
        head(p)
        + f"#### {_flat(a)}\n##### {c.text}\n\n**Abstract** {p.abstract}\n\n#### Links\n\n* [code](https://lamps.example.org/code)\n"
    ),
    "keywords behind": lambda p, a, c: (
        head(p)
        + f"#### {_flat(a)}\n##### {c.text}\n\n**Abstract** {p.abstract}\n\n**Keywords**: lamps\n\nWe thank the moon.\n"
    ),
    "front matter authors": lambda p, _, c: (
        head(p, "authors:", *(f"  - {quoted(n.full)}" for n in p.authors), *([f"  - {p.group}"] if p.group else []))
        + f"{c.text}\n\n## Abstract\n\n{p.abstract}\n"
    ),
    "quotation": lambda p, a, c: head(p) + f"{a}\n\n*{c.text.replace('*', '')}*\n\n> {p.abstract}\n",
}

_NEEDS_AUTHORS = {"front matter authors"}


def made(seed: int, *, lay: str = "", line: str = "", cite: str = "", decoration: str | None = None) -> Made:
    """The post of a seed; styles that are not asked for are drawn."""
    rng = random.Random(seed)  # noqa: S311  # no secret: the same post for the same seed
    p = paper(rng)
    style = next((x for x in LINES if x.name == line), None) or rng.choice(LINES)
    layout = lay or rng.choice(list(LAYOUTS))
    citing = cite or rng.choice(list(CITATIONS))
    full = not style.short
    fits = [d for d in DECORATIONS if full or d not in FOR_FULL]
    chosen = decoration if decoration is not None else rng.choice([*fits, "", ""])
    if rng.random() < 0.15 and style.name not in {"mla", "bibtex"}:
        p = replace(p, group=rng.choice(GROUPS))
    if layout in _NEEDS_AUTHORS:
        style, chosen = LINES[0], ""
    authors, truth, cut = author_line(p, style, chosen, rng)
    cited = CITATIONS[citing](p)
    text = LAYOUTS[layout](p, authors, cited)
    recipe = f"{seed}: {layout} ‖ {style.name} ‖ {chosen} ‖ {citing}"
    return Made(text, recipe, expected(p, truth, cut, cited))
