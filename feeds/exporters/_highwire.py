"""Highwire Press tags, what Google Scholar and reference managers read a paper from.

https://scholar.google.com/intl/en/scholar/inclusion.html#indexing: title, an author and a year, or nothing at all; a
PDF only from the same host and from below the folder of the page; never on news.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from feeds.exporters._tag import Tag, meta
from feeds.exporters._work import keywords
from feeds.model import Item, Person, Post, Site, Work
from feeds.text import canonical, is_web

GROUP = "highwire"
PREFIX = "citation_"


def tags(item: Item, site: Site, page: str) -> list[Tag]:
    """The tags of a work for the page at `page`; [] for news, and for what lacks what Google Scholar needs."""
    work = item.work
    if work is None or work.kind == "news":
        return []
    title = work.title or item.post.title
    people = [tag for person in work.authors for tag in _author(person)]
    if not (title.strip() and people and work.date):
        return []
    return [
        *_tag("title", title),
        *people,
        *_tag("publication_date", date(work.date)),
        *_container(work),
        *_tag("volume", work.volume),
        *_tag("issue", work.issue if work.kind != "report" else ""),
        *_tag("firstpage", work.first_page or work.article_number if work.kind != "report" else ""),
        *_tag("lastpage", work.last_page),
        *_tag("doi", work.doi),
        *_tag("pmid", work.pmid),
        *_tag("arxiv_id", work.arxiv),
        *_tag("issn", work.issn),
        *_publisher(work),
        *_tag("pdf_url", pdf(item.post, work, page)),
        *_tag("abstract_html_url", page),
        *_tag("language", item.post.lang or site.language),
        *_tag("keywords", "; ".join(word.replace(";", ",") for word in keywords(item.post))),
    ]


def _tag(name: str, content: str) -> list[Tag]:
    return meta(GROUP, PREFIX + name, content)


def _author(person: Person) -> Iterator[Tag]:
    """The name, and right behind it where the person is and who it is."""
    yield from _tag("author", inverted(person))
    if person.name.strip() and not person.organization:
        yield from _tag("author_institution", person.affiliation)
        yield from _tag("author_orcid", f"https://orcid.org/{person.orcid}" if person.orcid else "")


def inverted(person: Person) -> str:
    """ "Family, Given", without what stands behind names; an organisation as it is called."""
    if person.organization or not (person.family and person.given):
        return person.name
    return f"{person.family}, {person.given}"


def date(stated: str) -> str:
    """A day as YYYY/MM/DD; of what is less exact the year: Google Scholar knows nothing between."""
    return stated.replace("-", "/") if len(stated) == 10 else stated[:4]


def _container(work: Work) -> list[Tag]:
    """What the work appeared in, under the one name that fits."""
    if work.kind in {"talk", "poster"}:
        return _tag("conference_title", work.event) or _tag("journal_title", work.journal)
    return _tag("inbook_title" if work.kind == "chapter" else "journal_title", work.journal)


def _publisher(work: Work) -> list[Tag]:
    if work.kind == "thesis":
        return _tag("dissertation_institution", work.publisher)
    if work.kind == "report":
        return [
            *_tag("technical_report_institution", work.publisher),
            *_tag("technical_report_number", work.article_number or work.issue),
        ]
    return _tag("publisher", work.publisher or (work.preprint_server if work.kind == "preprint" else ""))


def pdf(post: Post, work: Work, page: str) -> str:
    """The PDF where Google Scholar takes it from: on the page's own host, below the page's own folder; else ""."""
    stated = (file.url for file in post.attachments if file.media_type == "application/pdf")
    here = canonical(page).partition("?")[0].partition("#")[0].rpartition("/")[0] + "/"
    return next((url for url in (work.pdf, *stated) if is_web(url) and _is_below(url, here)), "")


def _is_below(url: str, folder: str) -> bool:
    return ".." not in urlsplit(url).path.split("/") and canonical(url).startswith(folder)
