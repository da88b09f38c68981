"""What a post's record lacks, and what line to add: the advice of `feeds check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from feeds import text
from feeds.model import SERVICES, Fact, Item, Problem, Work


class Rule(Struct, frozen=True):
    """One thing that a consumer of the metadata would miss."""

    missing: Callable[[Work], bool]
    message: str
    hint: str
    kinds: frozenset[str] = frozenset()  # empty: every kind of work


_PUBLISHED = frozenset({"article", "preprint", "review", "chapter", "book", "report", "thesis"})
_IN_JOURNAL = frozenset({"article", "review"})

RULES = (
    Rule(
        lambda w: not w.title,
        "no title: Google Scholar and reference managers skip the work",
        "add title: … to the front matter",
    ),
    Rule(
        lambda w: not w.authors,
        "no authors: Google Scholar and reference managers skip the work",
        "print them in a heading below the title, or add authors: [Given Family, …] to the front matter",
    ),
    Rule(
        lambda w: w.authors_truncated,
        "the list of authors is cut short: the others are not credited",
        "print all of them; feeds and citations shorten where they must",
    ),
    Rule(
        lambda w: not w.date,
        "no date of publication: Google Scholar skips the work",
        "print the year in the citation line, or add date: YYYY-MM-DD",
    ),
    Rule(
        lambda w: not (w.doi or w.pmid or w.arxiv),
        "no identifier: the work cannot be linked, cited or found again for sure",
        "print the DOI in the citation line, or add doi: 10.… to the front matter",
        _PUBLISHED,
    ),
    Rule(
        lambda w: not w.journal,
        "no journal: Zotero and Google Scholar cannot tell where it appeared",
        "print a citation line such as ##### Journal, volume 12, pages 3–14 (2024), or add journal: …",
        _IN_JOURNAL,
    ),
    Rule(
        lambda w: not w.abstract,
        "no abstract: Google Scholar wants it readable on the page, Rogue Scholar in the feed",
        "print it below the citation as **Abstract** …",
        _PUBLISHED,
    ),
    Rule(
        lambda w: bool(w.pdf) and not text.is_web(w.pdf),
        "nobody knows where the PDF is served",
        "put the file into the site's folder, or set pdf_base: for the source in config.yaml",
    ),
)


def review(item: Item, where: str) -> Iterator[Problem]:
    """What is missing in the record of `item`, and where the post contradicts itself."""
    work = item.work
    if work is None:
        return
    for rule in RULES:
        if (not rule.kinds or work.kind in rule.kinds) and rule.missing(work):
            yield _warning(where, rule.message, rule.hint)
    for field, facts in _contradictions(item):
        said = "; ".join(f"{fact.value} (line {fact.line})" if fact.line else f"{fact.value}" for fact in facts)
        chosen = getattr(work, field)
        yield _warning(
            where, f"the post names more than one {field}: {said}", f"{chosen} is published; correct the others"
        )


def clashes(urls: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Of (file, address of the post), the posts whose address another one has already: one page cannot be both."""
    first: dict[str, str] = {}
    for where, url in urls:
        other = first.setdefault(url, where)
        if other != where:
            yield Problem(
                stage="publish",
                where=where,
                message=f"has the address of {other}: {url}",
                hint="give one of the two another permalink",
            )


def _contradictions(item: Item) -> Iterator[tuple[str, list[Fact]]]:
    """Identifiers for which the post states several values, each with the fact that does so first."""
    for field in ("doi", "pmid", "pmcid"):
        stated: dict[str, Fact] = {}
        for fact in (f for f in item.facts if f.field == field and f.origin not in SERVICES):
            if isinstance(fact.value, str) and fact.confidence >= 0.7:
                stated.setdefault(fact.value, fact)
        if len(stated) > 1:
            yield field, list(stated.values())


def _warning(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="extract", where=where, message=message, hint=hint, severity="warning")
