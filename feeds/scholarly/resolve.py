"""Facts → Work, by one precedence table.

Each fact carries the name of the rule that found it: "<where>/<what>".  For every field the table lists the wheres from
the most to the least trusted; within one the surer fact wins, then the earlier.  What loses stays in the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast, get_args

from feeds.model import Extractor, Fact, Kind, Person, Post, Work
from feeds.scholarly import people as directory
from feeds.scholarly._servers import is_data, server_of

_USUAL = ("front", "masthead", "label", "bibtex", "reference", "section", "link", "prose")

# Field → where its facts may stand, best first; a whole rule name before the family it belongs to.
PRECEDENCE: dict[str, tuple[str, ...]] = {
    "title": ("masthead", "label", "front/title", "bibtex", "front/stub"),
    "authors": ("front/authors", "masthead", "label", "reference", "bibtex", "front/handles", "front/poster"),
    "journal": ("front", "masthead", "label", "bibtex", "front/reference", "front/venue", "link"),
    "volume": ("front", "masthead", "label", "bibtex", "front/reference", "front/venue"),
    "issue": ("front", "masthead", "label", "bibtex", "front/reference", "front/venue"),
    "pages": ("front", "masthead", "label", "bibtex", "front/reference", "front/venue"),
    "publisher": ("front", "masthead", "label", "bibtex", "front/reference"),
    "doi": _USUAL,
    "preprint_doi": _USUAL,
    "preprint_server": _USUAL,
    "pmid": _USUAL,
    "pmcid": _USUAL,
    "arxiv": _USUAL,
    "issn": _USUAL,
    "abstract": ("front", "section/abstract", "label", "section/parts", "body"),
    "pdf": ("front/pdf_file_name", "front", "masthead", "section", "prose"),
    "license": ("front", "label"),
    "event": ("front/event", "label", "masthead", "front"),
    "location": ("front/location", "label", "masthead", "front"),
}

# Where a kind may be said, most telling first: rule names or their beginnings.
_KIND_RULES = (
    "front/flag", "front/publication", "front/pub", "front/pdf_file_type", "front/type", "front/item_type",
    "front/kind",    "bibtex", "text/thesis", "front/category", "front/collection", "path", "front/reference",
    "masthead", "label", "front/tags", "keys",
)  # fmt: skip
_PAPERS = {"article", "preprint", "review"}
_EVENTS = {"talk", "poster"}
_IDENTIFIERS = {"doi", "preprint_doi", "pmid", "pmcid", "arxiv"}
_SURE_PLACES = {"front", "masthead", "label", "bibtex"}


def extract(post: Post, extractors: Sequence[Extractor]) -> tuple[Fact, ...]:
    """What the extractors find in a post, in their order, each fact once; what one raises is the caller's to catch."""
    found = (fact for extractor in extractors for fact in extractor.find(post))
    return tuple({(f.field, f.value, f.rule, f.line): f for f in found}.values())


def resolve(post: Post, facts: Sequence[Fact], people: Sequence[Person]) -> Work | None:
    """The work that the facts describe; None when the post is news or says nothing scholarly."""
    best = {field: _best(field, facts) for field in PRECEDENCE if field not in {"authors", "pages"}}
    kind = _kind(facts, best)
    if kind == "news":
        return None
    authors = directory.without_handles(directory.join(_authors(facts), people))
    work: dict[str, Any] = {k: v for k, v in best.items() if v and k not in {"event", "location"}}
    work["title"] = best["title"] or post.title
    work["pdf"] = _pdf(facts, best["pdf"])
    work |= _pages(facts) | _identifiers(facts, kind, best)
    if kind in _EVENTS:
        work |= {k: best[k] for k in ("event", "location") if best[k]}
    if kind in _EVENTS or kind == "preprint":
        work = {
            k: v
            for k, v in work.items()
            if k not in {"journal", "volume", "issue", "first_page", "last_page", "article_number"}
        }
    truncated = any(f.field == "authors_truncated" for f in facts if f.rule == _rule_of(facts, "authors"))
    urls = tuple(dict.fromkeys(str(f.value) for f in facts if f.field == "urls"))
    return Work(kind=kind, authors=authors, authors_truncated=truncated, date=_date(facts, kind), urls=urls, **work)


# ------------------------------------------------------------------------------------------------- choosing


def _rank(field: str, rule: str) -> int:
    """Place of a rule in the table, counted from 0; one that is not listed comes last."""
    order = PRECEDENCE.get(field, _USUAL)
    where = rule.split("/", 1)[0]
    return order.index(rule) if rule in order else order.index(where) if where in order else len(order)


def _sorted(field: str, facts: Iterable[Fact], order: str = "") -> list[Fact]:
    return sorted((f for f in facts if f.field == field), key=lambda f: (_rank(order or field, f.rule), -f.confidence))


def _best(field: str, facts: Iterable[Fact]) -> str:
    return next((str(f.value) for f in _sorted(field, facts) if f.value), "")


def _rule_of(facts: Sequence[Fact], field: str) -> str:
    chosen = _chosen_authors(facts)
    return chosen.rule if chosen and field == "authors" else ""


def _chosen_authors(facts: Sequence[Fact]) -> Fact | None:
    """Structured authors, unless the printed line names more than they do."""
    ranked = _sorted("authors", facts)
    if not ranked:
        return None
    printed = next((f for f in ranked if f.rule == "masthead/authors"), None)
    first = ranked[0]
    if printed and first.rule == "front/authors" and len(_people(printed)) >= len(_people(first)):
        return printed
    return first


def _people(fact: Fact) -> tuple[Person, ...]:
    return cast("tuple[Person, ...]", fact.value)


def _authors(facts: Sequence[Fact]) -> tuple[Person, ...]:
    chosen = _chosen_authors(facts)
    return _people(chosen) if chosen else ()


def _pdf(facts: Sequence[Fact], chosen: str) -> str:
    """The chosen PDF; where that is a bare file name, the address under which another fact knows it."""
    addresses = [str(f.value) for f in facts if f.field == "pdf" and "://" in str(f.value)]
    return chosen if "/" in chosen else next((a for a in addresses if a.endswith(f"/{chosen}")), chosen)


def _pages(facts: Sequence[Fact]) -> dict[str, str]:
    """First and last page or article number, all from one place: those of two citations are never mixed."""
    located = [f for field in ("first_page", "article_number") for f in _sorted(field, facts, "pages")]
    if not located:
        return {"first_page": "", "last_page": "", "article_number": ""}
    chosen = min(located, key=lambda f: _rank("pages", f.rule))
    parts = {"first_page": "", "last_page": "", "article_number": "", chosen.field: str(chosen.value)}
    if chosen.field == "first_page":
        same = [f for f in facts if f.field == "last_page" and (f.rule, f.line) == (chosen.rule, chosen.line)]
        same = same or [f for f in facts if f.field == "last_page" and f.rule == "front/last_page"]
        parts["last_page"] = str(same[0].value) if same else ""
    return parts


# ------------------------------------------------------------------------------------------------- kind


def _kind(facts: Sequence[Fact], best: dict[str, str]) -> Kind:
    said = _said(facts)
    kinds = {(f.rule, f.value) for f in facts if f.field == "kind"}
    preprint = ("front/flag", "preprint") in kinds
    published = bool(best["journal"] or best["pmid"] or (best["doi"] and not is_data(best["doi"])))
    on_server = bool(best["preprint_server"] or best["preprint_doi"] or best["arxiv"])
    if _is_poster(said, {rule for rule, value in kinds if value == "poster"}, published or on_server):
        return "poster"
    if said and said not in _PAPERS and not (said == "news" and preprint):
        return cast("Kind", said)
    if not said and not _is_scholarly(facts, best):
        return "news"
    if preprint or (on_server and not published):
        return "preprint"
    if said == "review" or any(rule == "title/review" for rule, _ in kinds):
        return "review"
    return "preprint" if said == "preprint" and not published else "article"


def _is_poster(said: str, rules: set[str], elsewhere: bool) -> bool:
    """A talk's folder holds posters too; a paper's folder only where nothing says that it appeared elsewhere."""
    if said == "talk":
        return bool(rules & {"text/poster", "link/poster"})
    return said in {"poster", *_PAPERS} and "text/poster" in rules and not elsewhere


def _said(facts: Sequence[Fact]) -> str:
    """The kind that the post itself names, a paper before news where it names both."""
    kinds = [f for f in facts if f.field == "kind"]
    for rule in _KIND_RULES:
        named = [str(f.value) for f in kinds if f.rule == rule or f.rule.startswith((f"{rule}/", f"{rule}_"))]
        named = [n for n in named if n in get_args(Kind)]
        if named:
            return next((n for n in named if n != "news"), named[0])
    return ""


def _is_scholarly(facts: Sequence[Fact], best: dict[str, str]) -> bool:
    """An identifier, or authors with a journal or an abstract."""
    named = {f.rule for f in facts if f.field == "authors"} - {"front/poster", "front/handles"}
    printed = any(f.field in _IDENTIFIERS and f.rule.split("/")[0] in _SURE_PLACES for f in facts)
    return printed or bool(named and (best["journal"] or best["abstract"] or best["preprint_server"]))


# ------------------------------------------------------------------------------------------------- identifiers and date


def _identifiers(facts: Sequence[Fact], kind: Kind, best: dict[str, str]) -> dict[str, str]:
    """A preprint's own DOI is its `doi`; an article keeps its own and names the preprint's beside it."""
    dois = _sorted("doi", facts)
    doi = next((str(f.value) for f in dois if not is_data(str(f.value))), best["doi"])
    preprint = best["preprint_doi"]
    server = _server(facts, preprint) or best["preprint_server"]
    if kind == "preprint":
        return {"doi": preprint or doi, "preprint_doi": "", "preprint_server": server}
    return {"doi": doi, "preprint_doi": preprint, "preprint_server": server}


def _server(facts: Sequence[Fact], doi: str) -> str:
    return server_of(doi) if doi and any(f.field == "preprint_doi" for f in facts) else ""


def _date(facts: Sequence[Fact], kind: Kind) -> str:
    """A citation's exact day; else the post's own day where the printed year or month does not speak against it.

    A printed year later than the post's by one is the issue's of a paper that was online before; an earlier one means
    that the post was written later than the paper.  An article's date is never that of its preprint.
    """
    dates = [f for f in facts if f.field == "date" and (kind == "preprint" or not f.rule.endswith("/preprint"))]
    posted = next((str(f.value) for f in dates if f.rule == "front/date"), "")
    posted = posted or next((str(f.value) for f in dates if f.rule == "post/date"), "")
    printed = [str(f.value) for f in _sorted("date", dates) if f.rule not in {"front/date", "post/date"}]
    exact = next((d for d in printed if len(d) == 10), "")
    if exact:
        return posted if _digits_swapped(exact, posted) else exact
    if not printed:
        return posted
    if posted and any(0 <= int(d[:4]) - int(posted[:4]) <= 1 for d in printed):
        return posted
    return max((d for d in printed if d[:4] == printed[0][:4]), key=len)


def _digits_swapped(printed: str, posted: str) -> bool:
    """Day and month exchanged against the post's own date: the slip is in the printed one, which is typed by hand."""
    return (
        len(posted) == 10
        and printed != posted
        and (posted[:4], posted[5:7], posted[8:]) == (printed[:4], printed[8:], printed[5:7])
    )
