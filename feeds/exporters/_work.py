"""What several formats say of a work in the same way: its addresses, and what it is about."""

from __future__ import annotations

import re
from typing import get_args
from urllib.parse import quote, unquote

from feeds.model import Item, Kind, Post, Site, Work
from feeds.text import address, legal, output_path

# Tags that sort a site's posts by kind; they say nothing of what a work is about.
_KINDS = frozenset({*get_args(Kind), "publication", "paper", "presentation", "slides", "abstract", "blog", "post"})

_PATH = re.compile(r"[\w/:;().,@!$&'*+=~-]*+", re.ASCII)


def doi_url(doi: str) -> str:
    """A bare DOI as its resolver URL (DOI Handbook, section 3.8), what a path cannot hold encoded; "" for none."""
    path = doi if _PATH.fullmatch(doi) else quote(legal(doi), safe="/:;()._-,@!$&'*+=~")
    return f"https://doi.org/{path}" if doi else ""


def own_page(post: Post) -> str:
    """The address of the page about a post; "" for a record that has none."""
    return post.url if post.own_page else ""


def page_path(url: str, site: Site) -> str:
    """Where below the output our page of the work lies whose post is at `url`, where there are such."""
    return "works/" + output_path(url, ".html", site.url)


def landing(item: Item, site: Site) -> str:
    """The address of the page about an item: its own, else ours; "" where there is neither."""
    if item.post.own_page or not (site.pages and item.work):
        return own_page(item.post)
    return address(site.feeds_url, page_path(item.post.url, site))


def is_page_of(work: Work, url: str) -> bool:
    """Is `url` surely a page about the work itself: does one of the work's identifiers stand in it?

    What else a post links may be its code, its data, its conference, or another paper.
    """
    said = unquote(url).lower()
    identifiers = (work.doi, work.doi.partition("/")[2], work.pmid, work.pmcid, work.arxiv)
    return any(len(name) >= 6 and name.lower() in said for name in identifiers)


def keywords(post: Post) -> list[str]:
    """A post's tags without those that only name a kind of post."""
    return [tag for tag in post.tags if tag.lower() not in _KINDS and tag.lower().removesuffix("s") not in _KINDS]


def pages(work: Work) -> str:
    """The pages in full, "732–741", or the page or article number alone."""
    return "–".join(page for page in (work.first_page, work.last_page) if page) or work.article_number


def venue(work: Work) -> str:
    """Where it appeared: the journal or book, the meeting, the institution, the server of preprints."""
    stated = (work.journal, work.event, work.publisher, work.preprint_server if work.kind == "preprint" else "")
    return next((one for one in stated if one.strip()), "")


def citation(work: Work, title: str) -> str:
    """The work on one line, as a reader would cite it, from what is known of it."""
    names = ", ".join(person.name for person in work.authors if person.name.strip())
    year = f"({work.date[:4]})" if work.date else ""
    issue = f"({work.issue})" if work.issue else ""
    sentences = (
        " ".join(part for part in (names + " et al." * work.authors_truncated, year) if part.strip()),
        title,
        ", ".join(part for part in (venue(work), work.volume + issue, pages(work), work.location) if part),
    )
    ended = [s if s.endswith((".", "?", "!")) else f"{s}." for s in sentences if s.strip()]
    return " ".join([*ended, doi_url(work.doi)]).strip()
