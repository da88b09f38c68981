"""What the HTML pages say alike, as plain values for templates: addresses, dates, people, links, entries of a list.

Where a page lies is settled here, so that each page knows the address of every other one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from feeds.exporters._schema_org import links as sorted_links
from feeds.exporters._work import doi_url, pages
from feeds.model import Artifact, Collection, Item, Post, Site, Work
from feeds.text import essence, is_web, quoted, squeeze

MEDIA_TYPE = "text/html; charset=utf-8"
FORMATS = {
    "application/atom+xml": "Atom",
    "application/rss+xml": "RSS",
    "application/rdf+xml": "RSS 1.0",
    "application/feed+json": "JSON Feed",
    "application/ld+json": "JSON-LD",
    "application/linkset+json": "Linkset",
    "application/vnd.citationstyles.csl+json": "CSL-JSON",
    "application/vnd.datacite.datacite+json": "DataCite",
    "application/x-bibtex": "BibTeX",
    "application/x-research-info-systems": "RIS",
    "text/html": "Page",
}
FEEDS = frozenset({"application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/feed+json"})
_MONTHS = "January February March April May June July August September October November December".split()
_SITES = {
    "pubmed.ncbi.nlm.nih.gov": "PubMed",
    "pmc.ncbi.nlm.nih.gov": "PubMed Central",
    "europepmc.org": "Europe PMC",
    "arxiv.org": "arXiv",
    "biorxiv.org": "bioRxiv",
    "medrxiv.org": "medRxiv",
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "zenodo.org": "Zenodo",
    "figshare.com": "figshare",
    "osf.io": "OSF",
    "doi.org": "DOI",
}


class Link(Struct, frozen=True, kw_only=True):
    """A link as a template writes it."""

    href: str
    label: str
    type: str = ""  # media type
    note: str = ""  # size of a file, name of a repository, number of works


class Date(Struct, frozen=True):
    """A date as exact as known."""

    iso: str
    text: str  # in the page's own words: no locale is needed


class Author(Struct, frozen=True, kw_only=True):
    """An author of a work."""

    name: str
    href: str = ""  # the author's page here
    orcid: str = ""  # 0000-0002-1825-0097
    affiliation: str = ""
    number: int = 0  # of the affiliation in the list of them; 0: none


class Entry(Struct, frozen=True, kw_only=True):
    """A work or a post in a list."""

    title: str
    href: str
    kind: str
    date: Date
    lang: str = ""
    authors: tuple[str, ...] = ()  # the first ones
    others: int = 0  # how many more there are
    truncated: bool = False  # the post itself leaves authors out
    venue: str = ""
    numbers: str = ""  # "7(2), 12–19"
    links: tuple[Link, ...] = ()
    coins: str = ""  # title of a COinS span; "" for a post without a work


# ---------------------------------------------------------------------------------------------------- addresses


def list_path(folder: str, name: str = "index") -> str:
    """Where the list page of the collection in `folder` lies, or that of its year `name`; "" is everything."""
    if folder:
        return f"{folder}/{name}.html"
    return "publications.html" if name == "index" else f"publications-{name}.html"


def is_of(site: Site, url: str) -> bool:
    """Is it an address of the site?"""
    return url.startswith(f"{site.url}/")


def relative(path: str, page: str) -> str:
    """How `page` links the document at `path`, both below the output."""
    return "../" * page.count("/") + quoted(path)


# ---------------------------------------------------------------------------------------------------- words


def date(iso: str) -> Date:
    """An ISO 8601 date, as exact as it is."""
    year, *rest = iso.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return Date(iso, " ".join([*day, *month, year]))


def heading(collection: Collection, site: Site) -> str:
    """What a person would call it: the author, the year; a title that only names the site before it is cut."""
    short = collection.title.removeprefix(f"{site.title}: ")
    return collection.value if short == collection.value else short[:1].upper() + short[1:]


def title(item: Item) -> str:
    """Of the work, else of the post, else its address: no page is without one."""
    stated = (item.work.title if item.work else "", item.post.title, item.post.url)
    return next(squeeze(one) for one in stated if one.strip())


def size(count: int | None) -> str:
    """Bytes in the unit that a person would choose: "920 kB", "1.4 MB"; "" when they are not known."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    unit, one = ("kB", 1000) if count < 999_500 else ("MB", 1_000_000)
    value = count / one
    return f"{value:.1f} {unit}" if unit == "MB" and value < 9.95 else f"{value:.0f} {unit}"


def numbers(work: Work) -> str:
    """Volume, issue and pages: "7(2), 12–19"."""
    volume = work.volume + (f"({work.issue})" if work.issue else "")
    return ", ".join(part for part in (volume, pages(work)) if part)


# ---------------------------------------------------------------------------------------------------- links


def format_name(path: str, kind: str) -> str:
    """What a person calls the format of a document of media type `kind`."""
    if path.endswith(".oai_dc.xml"):
        return "Dublin Core"
    return FORMATS.get(kind) or path.rpartition(".")[2].upper()


def documents(artifacts: Iterable[Artifact], page: str) -> Iterator[Link]:
    """Links of `page` to documents that were made of the same, each format once, the pages themselves left out."""
    seen: set[str] = set()
    for artifact in artifacts:
        kind = essence(artifact.media_type)
        label = format_name(artifact.path, kind)
        if kind != "text/html" and not artifact.archive and label not in seen:
            seen.add(label)
            yield Link(href=relative(artifact.path, page), label=label, type=kind)


def files(item: Item) -> Iterator[Link]:
    """The files that go with it, called after their type, with their size; first the PDF of the work."""
    work = item.work
    known = {file.url: file for file in item.post.attachments if is_web(file.url)}
    first = [work.pdf] if work and is_web(work.pdf) else []
    for url in dict.fromkeys([*first, *known]):
        kind = known[url].media_type if url in known else "application/pdf"
        name = urlsplit(url).path.rpartition("/")[2]
        label = "PDF" if kind == "application/pdf" else name.rpartition(".")[2].upper() or "File"
        yield Link(href=url, label=label, type=kind, note=size(known[url].size) if url in known else "")


def elsewhere(work: Work, post: Post, site: Site) -> tuple[list[Link], list[Link]]:
    """(pages about the work itself elsewhere, its preprint first; what else the post links: code, data, a meeting).

    What a record or the entry of a feed is about has its page elsewhere, unless it has none at all.
    """
    same, _, mentioned = sorted_links(work, post.url)
    if post.form != "page" and is_web(post.url) and post.url != doi_url(work.doi) and not is_of(site, post.url):
        same = [post.url, *same]
    preprint = []
    if work.preprint_doi and work.preprint_doi != work.doi:
        preprint = [Link(href=doi_url(work.preprint_doi), label="Preprint", note=work.preprint_server)]
    return [*preprint, *map(outside, same)], [*map(outside, mentioned)]


def outside(url: str) -> Link:
    """A page of another site, called after the site."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    last = parts.path.strip("/")
    return Link(href=url, label=_SITES.get(host, host), note=last if host in {"github.com", "gitlab.com"} else "")


# ---------------------------------------------------------------------------------------------------- lists


def years(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Entries by year, newest year first; within a year in the order given."""
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.date.iso[:4], []).append(one)
    return sorted(found.items(), reverse=True)
