"""Facts → Work, by one precedence table.

Each fact carries the name of the rule that found it: "<where>/<what>".  For every field the table lists the wheres from
the most to the least trusted; within one the surer fact wins, then the earlier.  What loses stays in the evidence.
What services say (model.SERVICES) comes behind everything: it fills what is open, and has no say in what kind it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import cast

from msgspec.structs import replace

from feeds.model import SERVICES, Extractor, Fact, Kind, Person, Post, Work
from feeds.scholarly import _enriched
from feeds.scholarly import people as directory
from feeds.scholarly._blocks import plain
from feeds.scholarly._servers import is_data, server_of

_USUAL = ("front", "masthead", "label", "embedded", "bibtex", "reference", "links", "section", "link", "prose")

# Field → where its facts may stand, best first; a whole rule name before the family it belongs to.
PRECEDENCE: dict[str, tuple[str, ...]] = {
    "title": ("masthead", "label", "embedded", "front/title", "bibtex", "front/stub"),
    "authors": (
        "front/authors",
        "masthead",
        "label",
        "reference",
        "embedded",
        "bibtex",
        "front/handles",
        "front/poster",
    ),
    "journal": ("front", "masthead", "label", "embedded", "bibtex", "front/reference", "front/venue", "link"),
    "volume": ("front", "masthead", "label", "embedded", "bibtex", "front/reference", "front/venue"),
    "issue": ("front", "masthead", "label", "embedded", "bibtex", "front/reference", "front/venue"),
    "pages": ("front", "masthead", "label", "embedded", "bibtex", "front/reference", "front/venue"),
    "publisher": ("front", "masthead", "label", "embedded", "bibtex", "front/reference"),
    "doi": _USUAL,
    "date": _USUAL,
    "preprint_doi": _USUAL,
    "preprint_server": _USUAL,
    "pmid": _USUAL,
    "pmcid": _USUAL,
    "arxiv": _USUAL,
    "issn": _USUAL,
    "abstract": ("front", "section/abstract", "label", "section/parts", "body"),
    "pdf": ("front/pdf_file_name", "front", "masthead", "section", "prose"),
    "license": ("front", "label"),
    "event": ("front/event", "label", "masthead", "front", "announced", "prose"),
    "location": ("front/location", "label", "masthead", "front", "announced", "prose"),
}

# Where a kind may be said, most telling first: rule names or their beginnings.
_KIND_RULES = (
    "front/flag", "front/publication", "front/pub", "front/pdf_file_type", "front/type", "front/item_type",
    "front/kind", "bibtex", "text/thesis", "front/category", "front/collection", "path", "front/reference",
    "masthead", "label", "front/tags", "keys",
)  # fmt: skip
_TEXTS = (
    "journal", "volume", "issue", "publisher", "pmid", "pmcid", "arxiv", "issn", "abstract", "license", "event",
    "location",
)  # fmt: skip
_PAGE_FIELDS = ("first_page", "last_page", "article_number")
_JOURNAL_FIELDS = {"journal", "volume", "issue", *_PAGE_FIELDS}
_EVENT_FIELDS = {"event", "location"}
# What a kind of work does not have: a talk no volume, a preprint no journal; only talks and posters have an event.
_NOT_PRINTED_FOR = {"talk": _JOURNAL_FIELDS, "poster": _JOURNAL_FIELDS, "preprint": _JOURNAL_FIELDS | _EVENT_FIELDS}
_PAPERS = {"article", "preprint", "review"}
_EVENTS = {"talk", "poster"}
_IDENTIFIERS = {"doi", "preprint_doi", "pmid", "pmcid", "arxiv"}
_NOTHING = dict.fromkeys(PRECEDENCE, "")
_SERVICES = frozenset(SERVICES)
_SURE_PLACES = {"front", "links", "masthead", "label", "embedded", "bibtex"}


def extract(post: Post, extractors: Sequence[Extractor]) -> tuple[Fact, ...]:
    """What the extractors find in a post, in their order, each fact once; what one raises is the caller's to catch.

    Of a record of a bibliography the fields stand in `Post.front`: where it says so, it is the record that says it.
    """
    found: Iterable[Fact] = chain.from_iterable([extractor.find(post) for extractor in extractors])
    if post.form == "record":
        found = (replace(f, origin="record") if f.origin == "front matter" else f for f in found)
    return tuple({(f.field, f.value, f.rule, f.line): f for f in found}.values())


def resolve(post: Post, facts: Sequence[Fact], people: Sequence[Person]) -> Work | None:
    """The work that the facts describe; None when the post is news or says nothing scholarly."""
    told = [f for f in facts if f.origin in _SERVICES]
    ranked = _ranked([f for f in facts if f.origin not in _SERVICES] if told else facts)
    best = _best(ranked)
    kind = _kind(ranked, best)
    if kind == "news":
        return None
    chosen = _chosen_authors(ranked)
    authors = directory.join(_people(chosen) if chosen else (), people)
    truncated = any(chosen is not None and f.rule == chosen.rule for f in ranked.get("authors_truncated", ()))
    texts = {**{field: best[field] for field in _TEXTS}, **_pages(ranked), **_identifiers(ranked, kind, best)}
    if kind == "book" and not texts["publisher"]:  # "Lantern Press, 2010" stands where a paper has its journal
        texts |= {"publisher": texts["journal"], "journal": ""}
    without = _NOT_PRINTED_FOR.get(kind, _EVENT_FIELDS)
    texts = {field: value for field, value in texts.items() if value and field not in without}
    work = Work(
        kind=kind,
        authors=directory.without_handles(authors),
        authors_truncated=truncated,
        date=_date(ranked.get("date", ()), kind),
        urls=tuple(dict.fromkeys(str(f.value) for f in ranked.get("urls", ()))),
        **texts,
        title=best["title"] or plain(post.title),
        pdf=_pdf(ranked.get("pdf", ()), best["pdf"]),
    )
    is_open = truncated or (chosen is not None and chosen.rule == "front/poster")  # who posted it is one of them
    return _enriched.complete(work, told, without, is_open) if told else work


# ------------------------------------------------------------------------------------------------- choosing

Ranked = dict[str, list[Fact]]  # field → its facts, the most trusted first


def _ranked(facts: Iterable[Fact]) -> Ranked:
    ranked: Ranked = {}
    several: set[str] = set()
    for fact in facts:
        field = fact.field
        if field in ranked:
            ranked[field].append(fact)
            several.add(field)
        else:
            ranked[field] = [fact]
    for field in several:
        order = "pages" if field in _PAGE_FIELDS else field
        ranked[field].sort(key=lambda f, order=order: (_rank(order, f.rule), -f.confidence))  # type: ignore[misc]  # a default
    return ranked


@lru_cache(maxsize=1024)
def _rank(field: str, rule: str) -> int:
    """Place of a rule in the table, counted from 0; one that is not listed comes last."""
    order = PRECEDENCE.get(field, ())
    where = rule.split("/", 1)[0]
    return order.index(rule) if rule in order else order.index(where) if where in order else len(order)


def _best(ranked: Ranked) -> dict[str, str]:
    """For each field the most trusted text; "" where there is none."""
    best = _NOTHING.copy()
    for field, found in ranked.items():
        for fact in found:
            if fact.value and isinstance(fact.value, str):
                best[field] = fact.value
                break
    return best


def source_of_authors(facts: Iterable[Fact]) -> Fact | None:
    """The fact whose list of authors is taken, whoever of them the people of the site complete."""
    return _chosen_authors(_ranked(f for f in facts if f.field == "authors" and f.origin not in _SERVICES))


def _chosen_authors(ranked: Ranked) -> Fact | None:
    """Structured authors, unless the printed line names as many."""
    found = ranked.get("authors")
    if not found:
        return None
    printed = next((f for f in found if f.rule == "masthead/authors"), None)
    if printed and found[0].rule == "front/authors" and len(_people(printed)) >= len(_people(found[0])):
        return printed
    return found[0]


def _people(fact: Fact) -> tuple[Person, ...]:
    return cast("tuple[Person, ...]", fact.value)


def _pdf(facts: Sequence[Fact], chosen: str) -> str:
    """The chosen PDF; where that is a bare file name, the address under which another fact knows it."""
    addresses = [str(f.value) for f in facts if "://" in str(f.value)]
    return chosen if "/" in chosen else next((a for a in addresses if a.endswith(f"/{chosen}")), chosen)


def _pages(ranked: Ranked) -> dict[str, str]:
    """First and last page or article number, all from one place: those of two citations are never mixed."""
    parts = dict.fromkeys(_PAGE_FIELDS, "")
    located = [*ranked.get("first_page", ()), *ranked.get("article_number", ())]
    if located:
        chosen = min(located, key=lambda f: _rank("pages", f.rule))
        parts[chosen.field] = str(chosen.value)
        if chosen.field == "first_page":
            last = ranked.get("last_page", ())
            same = [f for f in last if (f.rule, f.line) == (chosen.rule, chosen.line) or f.rule == "front/last_page"]
            parts["last_page"] = str(same[0].value) if same else ""
    return parts


# ------------------------------------------------------------------------------------------------- kind


def _kind(ranked: Ranked, best: dict[str, str]) -> Kind:
    found = ranked.get("kind", ())
    kinds = {(f.rule, str(f.value)) for f in found}
    said = _said(found) if found else ""
    preprint = ("front/flag", "preprint") in kinds
    published = bool(best["journal"] or best["pmid"] or (best["doi"] and not is_data(best["doi"])))
    on_server = bool(best["preprint_server"] or best["preprint_doi"] or best["arxiv"])
    if _is_poster(said, {rule for rule, value in kinds if value == "poster"}, published or on_server):
        return "poster"
    if said == "article" and ("masthead/citation", "chapter") in kinds:
        return "chapter"
    if said and said not in _PAPERS and not (said == "news" and preprint):
        return cast("Kind", said)
    if not said and not _is_scholarly(ranked, best):
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


def _said(kinds: Sequence[Fact]) -> str:
    """The kind that the post itself names, a paper before news where it names both."""
    ranks = [_kind_rank(f.rule) for f in kinds]
    first = min(ranks)
    named = [str(f.value) for f, rank in zip(kinds, ranks, strict=True) if rank == first < len(_KIND_RULES)]
    return next((n for n in named if n != "news"), named[0]) if named else ""


@lru_cache(maxsize=256)
def _kind_rank(rule: str) -> int:
    """Place of a rule among those that say a kind, counted from 0; one that is not listed comes last."""
    places = (n for n, x in enumerate(_KIND_RULES) if rule == x or rule.startswith((f"{x}/", f"{x}_")))
    return next(places, len(_KIND_RULES))


def _is_scholarly(ranked: Ranked, best: dict[str, str]) -> bool:
    """An identifier in a sure place, or authors with a journal, a server or an abstract."""
    sure = any(f.rule.split("/")[0] in _SURE_PLACES for field in _IDENTIFIERS for f in ranked.get(field, ()))
    named = any(f.rule not in {"front/poster", "front/handles"} for f in ranked.get("authors", ()))
    return sure or (named and bool(best["journal"] or best["abstract"] or best["preprint_server"]))


# ------------------------------------------------------------------------------------------------- identifiers and date


def _identifiers(ranked: Ranked, kind: Kind, best: dict[str, str]) -> dict[str, str]:
    """A preprint's own DOI is its `doi`; an article keeps its own and names the preprint's beside it."""
    preprints = {f.value for f in ranked.get("preprint_doi", ())}
    dois = [str(f.value) for f in ranked.get("doi", ()) if f.value not in preprints]
    doi = next((d for d in dois if not is_data(d)), dois[0] if dois else "")
    preprint = best["preprint_doi"]
    server = server_of(preprint) or best["preprint_server"]
    if kind == "preprint":
        return {"doi": preprint or doi, "preprint_doi": "", "preprint_server": server}
    return {"doi": doi, "preprint_doi": preprint, "preprint_server": server}


def _date(facts: Sequence[Fact], kind: Kind) -> str:
    """A citation's exact day; else the post's own day where the printed year or month does not speak against it.

    A printed year later than the post's by one is the issue's of a paper that was online before; an earlier one means
    that the post was written later than the paper.  An article's date is never that of its preprint.
    """
    dates = [f for f in facts if kind == "preprint" or not f.rule.endswith("/preprint")]
    own = {f.rule: str(f.value) for f in dates if f.rule in {"front/date", "post/date"} and not f.file}
    posted = own.get("front/date") or own.get("post/date", "")
    printed = [str(f.value) for f in dates if f.rule not in own or f.file]
    exact = next((d for d in printed if len(d) == 10), "")
    if exact:
        return posted if _digits_swapped(exact, posted) else exact
    if not printed or any(0 <= int(d[:4]) - int(posted[:4] or 0) <= 1 for d in printed):
        return posted
    return max((d for d in printed if d[:4] == printed[0][:4]), key=len)


def _digits_swapped(printed: str, posted: str) -> bool:
    """Day and month exchanged against the post's own date: the slip is in the printed one, which is typed by hand."""
    swapped = f"{printed[:4]}-{printed[8:]}-{printed[5:7]}"
    return printed != posted and posted == swapped
