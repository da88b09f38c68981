"""What each consumer of the metadata asks of a post's record: one table, with where each of them says so.

- Google Scholar: https://scholar.google.com/intl/en/scholar/inclusion.html#indexing.  Without title, authors and date a
  paper is not taken; then where it appeared, or the institution; an abstract to read; a PDF on the page's own host.
- Zotero: https://www.zotero.org/support/kb/item_types_and_fields, the fields of each type of item, and creators in two
  parts; https://www.zotero.org/support/kb/default_translators, a DOI that it can see on the page.
- Bioschemas: https://bioschemas.org/profiles/ScholarlyArticle/0.3-DRAFT, its minimum and recommended properties.
- Rogue Scholar, of a post as an entry of a blog: https://blog.front-matter.io/posts/rogue-scholar-open-for-business

What is needed is the least that a consumer asks for; what is wanted makes the record whole; what is welcome is told
only to those who ask for that consumer, and no record is incomplete without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from feeds import text
from feeds.model import Item, Kind, Person, Site, Work

Grade = Literal["needed", "wanted", "welcome"]
Missing = Callable[[Item, Site], bool]

_PAPERS: frozenset[Kind] = frozenset({"article", "preprint", "review"})
_IN_JOURNALS: frozenset[Kind] = frozenset({"article", "review"})
_EVENTS: frozenset[Kind] = frozenset({"talk", "poster"})
_OF_INSTITUTIONS: frozenset[Kind] = frozenset({"thesis", "report"})
_WORKS: frozenset[Kind] = _PAPERS | _EVENTS | _OF_INSTITUTIONS | {"chapter", "book"}
_POSTS: frozenset[Kind] = _WORKS | {"news"}


class Consumer(Struct, frozen=True):
    """Who reads the metadata, and of which kinds of works."""

    title: str
    kinds: frozenset[Kind]


CONSUMERS = {
    "scholar": Consumer("Google Scholar", _PAPERS | _OF_INSTITUTIONS | {"chapter"}),  # books go to Google Books
    "rogue-scholar": Consumer("Rogue Scholar", _POSTS),
    "zotero": Consumer("Zotero", _WORKS),
    "bioschemas": Consumer("Bioschemas", _PAPERS),
}


class Need(Struct, frozen=True, kw_only=True):
    """One thing that consumers ask for."""

    name: str  # as --json names it
    lacks: str  # what is said of a post without it
    missing: Missing
    by: dict[str, Grade]
    kinds: frozenset[Kind] = _POSTS
    advice: str = "{line}"  # {line}: which line to add (`_front_lines.advice`), where that can be said
    quiet: bool = False  # a matter of the whole site: it counts, and is told to those who ask for the consumer


def kind_of(item: Item) -> Kind:
    """The kind of its work; "news" without one."""
    return item.work.kind if item.work else "news"


def asked(item: Item) -> list[tuple[Need, dict[str, Grade]]]:
    """What is asked of this item, and by whom; a record of a bibliography is no entry of a blog."""
    kind = kind_of(item)
    found: list[tuple[Need, dict[str, Grade]]] = []
    for need in NEEDS:
        askers = {name: grade for name, grade in need.by.items() if kind in CONSUMERS[name].kinds}
        if item.post.form != "page":
            askers.pop("rogue-scholar", None)
        if kind in need.kinds and askers:
            found.append((need, askers))
    return found


# ------------------------------------------------------------------------------------------------- what is missing


def _work(field: str) -> Missing:
    """Has the work nothing in that field?"""
    return lambda item, _: item.work is not None and not getattr(item.work, field)


def _has_no_author(item: Item, _: Site) -> bool:
    return not (item.work.authors if item.work else item.post.authors)


def _has_no_identifier(item: Item, _: Site) -> bool:
    work = item.work
    return work is not None and not (work.doi or work.pmid or work.pmcid or work.arxiv)


def _has_no_place(item: Item, _: Site) -> bool:
    """In a journal or book that is named, but on which page?"""
    work = item.work
    return work is not None and bool(work.journal) and not (work.first_page or work.article_number)


def _has_no_volume(item: Item, _: Site) -> bool:
    return item.work is not None and bool(item.work.journal) and not item.work.volume


def _doi_is_in_a_link_only(item: Item, _: Site) -> bool:
    """Is the DOI worked out from a publisher's address, and printed nowhere?"""
    doi = item.work.doi if item.work else ""
    rules = [f.rule for f in item.facts if f.field in {"doi", "preprint_doi"} and f.value == doi]
    return bool(rules) and all(
        "/link/" in rule and not rule.endswith(("/doi.org", "/doi-in-address")) for rule in rules
    )


def undivided(work: Work) -> tuple[Person, ...]:
    """Authors of whom only one name is known."""
    return tuple(p for p in work.authors if not p.organization and not (p.given and p.family))


def _has_no_orcid(item: Item, _: Site) -> bool:
    people = item.work.authors if item.work else item.post.authors
    return bool(people) and not any(p.orcid for p in people)


def _has_no_licence(item: Item, site: Site) -> bool:
    return not (site.license or (item.work and item.work.license))


def _pdf_is_elsewhere(item: Item, _: Site) -> bool:
    """Is the PDF served, but by another host than the page?"""
    pdf = item.work.pdf if item.work else ""
    page = urlsplit(item.post.url).hostname
    return bool(page) and text.is_web(pdf) and urlsplit(pdf).hostname != page


NEEDS = (
    Need(
        name="title",
        lacks="no title",
        missing=lambda item, _: not (item.work.title if item.work else item.post.title),
        by={"scholar": "needed", "rogue-scholar": "needed", "zotero": "needed", "bioschemas": "needed"},
    ),
    Need(
        name="authors",
        lacks="no authors",
        missing=_has_no_author,
        by={"scholar": "needed", "rogue-scholar": "needed", "zotero": "needed", "bioschemas": "wanted"},
        kinds=_WORKS,
        advice="print them in a heading below the title: #### Given Family, Given Family; or {line}",
    ),
    Need(
        name="authors",
        lacks="nobody is named as its author",
        missing=_has_no_author,
        by={"rogue-scholar": "needed"},
        kinds=frozenset({"news"}),
        quiet=True,
    ),
    Need(
        name="all authors",
        lacks="the list of authors is cut short",
        missing=lambda item, _: bool(item.work and item.work.authors_truncated),
        by={"scholar": "wanted", "zotero": "wanted", "bioschemas": "wanted"},
        kinds=_WORKS,
        advice="print all of them; feeds and citations shorten where they must",
    ),
    Need(
        name="names in parts",
        lacks="only one name of {names}",
        missing=lambda item, _: bool(item.work and undivided(item.work)),
        by={"zotero": "wanted"},
        kinds=_WORKS,
        advice="print the full name, or add the person with name: and aliases: to people in config.yaml",
    ),
    Need(
        name="date",
        lacks="no date of publication",
        missing=_work("date"),
        by={"scholar": "needed", "zotero": "wanted", "bioschemas": "wanted"},
        kinds=_WORKS,
        advice="print the year in the citation line, or {line}",
    ),
    Need(
        name="identifier",
        lacks="no identifier",
        missing=_has_no_identifier,
        by={"zotero": "wanted", "bioschemas": "needed"},
        kinds=_PAPERS | {"chapter"},
        advice="print the DOI in the citation line, or {line}",
    ),
    Need(
        name="journal",
        lacks="no journal",
        missing=_work("journal"),
        by={"scholar": "wanted", "zotero": "wanted", "bioschemas": "wanted"},
        kinds=_IN_JOURNALS,
        advice="print a citation line such as ##### Journal, volume 12, pages 3–14 (2024), or {line}",
    ),
    Need(
        name="journal",
        lacks="no title of the book that it is in",
        missing=_work("journal"),
        by={"scholar": "wanted", "zotero": "wanted"},
        kinds=frozenset({"chapter"}),
    ),
    Need(
        name="volume",
        lacks="no volume",
        missing=_has_no_volume,
        by={"scholar": "wanted", "zotero": "wanted"},
        kinds=_IN_JOURNALS,
        advice="print it in the citation line, or {line}",
    ),
    Need(
        name="pages",
        lacks="no pages or article number",
        missing=_has_no_place,
        by={"scholar": "wanted", "zotero": "wanted"},
        kinds=_IN_JOURNALS | {"chapter"},
        advice="print them in the citation line, or {line}",
    ),
    Need(
        name="institution",
        lacks="no institution",
        missing=_work("publisher"),
        by={"scholar": "wanted", "zotero": "wanted"},
        kinds=_OF_INSTITUTIONS,
    ),
    Need(
        name="publisher",
        lacks="no publisher",
        missing=_work("publisher"),
        by={"zotero": "wanted"},
        kinds=frozenset({"book"}),
    ),
    Need(
        name="event",
        lacks="no meeting at which it was shown",
        missing=_work("event"),
        by={"zotero": "wanted"},
        kinds=_EVENTS,
    ),
    Need(
        name="abstract",
        lacks="no abstract",
        missing=_work("abstract"),
        by={"scholar": "needed", "bioschemas": "wanted"},
        kinds=_PAPERS | _OF_INSTITUTIONS,
        advice="print it below the citation as **Abstract** …, or {line}",
    ),
    Need(
        name="pdf",
        lacks="nobody knows where the PDF is served",
        missing=lambda item, _: bool(item.work and item.work.pdf and not text.is_web(item.work.pdf)),
        by={"scholar": "wanted"},
        kinds=_WORKS,
        advice="put the file into the site's folder, or set pdf_base: for the source in config.yaml",
    ),
    Need(
        name="text",
        lacks="no text",
        missing=lambda item, _: not item.post.html,
        by={"rogue-scholar": "needed"},
        kinds=frozenset({"news"}),
        advice="write something below the front matter: feeds carry it in full",
    ),
    Need(
        name="text",
        lacks="no text",
        missing=lambda item, _: not item.post.html,
        by={"rogue-scholar": "needed"},
        kinds=_WORKS,
        advice="write something below the front matter: feeds carry it in full",
        quiet=True,
    ),
    Need(
        name="licence",
        lacks="no licence",
        missing=_has_no_licence,
        by={"rogue-scholar": "needed", "bioschemas": "welcome"},
        advice="set site.license in config.yaml for the whole site (Rogue Scholar takes CC BY), or {line}",
        quiet=True,
    ),
    Need(
        name="orcid",
        lacks="no author has an ORCID iD",
        missing=_has_no_orcid,
        by={"rogue-scholar": "wanted"},
        advice="add orcid: to each person under people in config.yaml, or in the site's own people",
        quiet=True,
    ),
    Need(
        name="pdf on this host",
        lacks="the PDF is on another host than the page",
        missing=_pdf_is_elsewhere,
        by={"scholar": "welcome"},
        kinds=_WORKS,
        advice="serve a copy beside the page, where its licence allows that",
    ),
    Need(
        name="printed doi",
        lacks="its DOI is known only from a link",
        missing=_doi_is_in_a_link_only,
        by={"zotero": "welcome"},
        kinds=_WORKS,
    ),
    Need(
        name="keywords",
        lacks="no keywords",
        missing=lambda item, _: not item.post.tags,
        by={"rogue-scholar": "welcome", "bioschemas": "welcome"},
    ),
    Need(
        name="publisher",
        lacks="no publisher",
        missing=_work("publisher"),
        by={"bioschemas": "welcome"},
        kinds=_IN_JOURNALS,
    ),
    Need(
        name="image",
        lacks="no image",
        missing=lambda item, _: not item.post.image,
        by={"rogue-scholar": "welcome"},
    ),
)
