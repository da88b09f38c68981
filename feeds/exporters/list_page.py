"""publications.html, and index.html in the folder of each collection: its works by year, in plain links.

HTML Living Standard, https://html.spec.whatwg.org; each work has a COinS span (see `_coins`), and the page is a
schema.org CollectionPage, or a ProfilePage where the collection is what a person wrote.
A page shows its newest works, as many as `page_size` says; where there are more, each year has a page with all of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from feeds.exporters import _listed as listed
from feeds.exporters import _page_jsonld as jsonld
from feeds.exporters import _page_parts as parts
from feeds.exporters._page_parts import Date, Entry, Link
from feeds.exporters._schema_org import script
from feeds.exporters._templates import render
from feeds.model import Artifact, Collection, Exporter, Person, Site
from feeds.text import address, is_web, slug

_OVERVIEWS = {
    "author": "Authors",
    "tag": "Tags",
    "category": "Categories",
    "kind": "Kinds",
    "lang": "Languages",
    "group": "Groups",
    "source": "Sources",
    "year": "Years",
    "journal": "Journals",
}


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a page shows, and from what it is made."""

    page_size: Annotated[int, Meta(ge=1)] = 200  # newest works on one page; all of them on those of the years
    templates: dict[str, str] = {}  # of the user: path of a file → its text


class View(Struct, frozen=True, kw_only=True):
    """A list as the template gets it, under the name `list`."""

    title: str
    description: str = ""
    person: Person | None = None  # whose works these are, with ORCID iD, affiliation and home page where known
    total: int
    noun: str = "works"  # "work", "posts", "items": what `total` counts
    shown: int  # how many of them are on this page
    span: str = ""  # "2011–2022"
    years: tuple[tuple[str, tuple[Entry, ...]], ...] = ()  # newest first
    jumps: tuple[Link, ...] = ()  # to each year, on this page or on one of its own
    feeds: tuple[Link, ...] = ()
    formats: tuple[Link, ...] = ()  # the list for reference managers
    more: tuple[Link, ...] = ()  # the other lists, where this is the one of everything
    back: tuple[Link, ...] = ()  # the lists above this one
    values: tuple[Link, ...] = ()  # of an overview: each author, year … with the number of works
    updated: Date | None = None  # last change; of an overview none is known


class List(Struct, frozen=True, kw_only=True):
    """What every page of one collection is made from."""

    collection: Collection
    site: Site
    options: Options
    lines: Sequence[bytes]  # of each item, as `_listed` has it
    days: list[tuple[str, int]]  # of each work that counts its date and its place in `lines`, newest first
    person: Person | None
    noun: str  # what the items are, "work", "post" or "item" where there are both


def _render(collection: Collection, site: Site, options: Options) -> Iterator[Artifact]:
    lines = listed.lines(collection, options)
    days: list[tuple[str, int]] = []
    works = 0
    for number, line in enumerate(lines):
        one = listed.glance(line)
        if one.is_work or collection.name:  # of everything, the works alone are publications
            days.append((one.day, number))
            works += one.is_work
    if not days and collection.name:
        return
    days.sort(key=lambda one: one[0], reverse=True)
    whole = List(
        collection=collection,
        site=site,
        options=options,
        lines=lines,
        days=days,
        person=_person(collection, lines) if collection.each == "author" else None,
        noun=_noun(works, len(days)),
    )
    yield from _pages(whole)
    yield from _overviews(whole)


def _pages(whole: List) -> Iterator[Artifact]:
    """The page of the newest works, and where those are not all a page for each year."""
    path = parts.list_path(whole.collection.path)
    days, limit = whole.days, whole.options.page_size
    if len(days) <= limit or whole.collection.each == "year":
        yield _page(whole, path, days, _anchors(days))
        return
    years = list(dict.fromkeys(day[:4] for day, _ in days))
    known = _year_pages(whole, years, path)
    own = {year: parts.list_path(whole.collection.path, year) for year in years}
    jumps = known or [Link(href=parts.relative(own[year], path), label=year) for year in years]
    yield _page(whole, path, days[:limit], jumps)
    for year in () if known else years:
        yield _page(whole, own[year], [one for one in days if one[0][:4] == year], jumps, year)


def _anchors(days: list[tuple[str, int]]) -> list[Link]:
    years = dict.fromkeys(day[:4] for day, _ in days)
    return [Link(href=f"#y{year}", label=year) for year in years] if len(years) > 1 else []


def _year_pages(whole: List, years: list[str], page: str) -> list[Link]:
    """Links to the collections of the years, where there is one for every year and together they hold it all."""
    known = {one.value: one for one in whole.collection.listings if one.each == "year"}
    if not (known.keys() >= set(years) and sum(one.count for one in known.values()) >= len(whole.days)):
        return []
    return [Link(href=parts.relative(parts.list_path(known[year].path), page), label=year) for year in years]


def _page(whole: List, path: str, chosen: list[tuple[str, int]], jumps: list[Link], year: str = "") -> Artifact:
    """The page at `path` with the `chosen` works; `year` where it is only that year's part of the list."""
    collection, site = whole.collection, whole.site
    entries, works = [], []
    for _, number in chosen:
        one = listed.read(whole.lines[number])
        entries.append(listed.entry(one, site, path))
        works.append(listed.node(one, entries[-1], site, path))
    heading = _heading(collection, site)
    title = f"{heading}, {year}" if year else heading
    total = len(chosen) if year else len(whole.days)
    view = View(
        title=title,
        description=collection.description if collection.name else "",
        person=whole.person,
        total=total,
        noun=whole.noun if total == 1 else f"{whole.noun}s",
        shown=len(chosen),
        span=_span(chosen if year else whole.days),
        years=tuple((y, tuple(listed)) for y, listed in parts.years(entries)),
        jumps=tuple(jumps),
        feeds=tuple(one for one in parts.documents(collection.documents, path) if one.type in parts.FEEDS),
        formats=tuple(one for one in parts.documents(collection.documents, path) if one.type not in parts.FEEDS),
        more=tuple(_more(collection, path)),
        back=tuple(_back(whole, path, year)),
        updated=parts.date(collection.updated.date().isoformat()),
    )
    document = jsonld.document(title, whole.person, works, site, path, collection.updated)
    return _made(whole, path, view, [*_feeds(collection, path), script(document)])


def _made(whole: List, path: str, view: View, lines: list[str]) -> Artifact:
    """The page at `path`; `lines` are what its head says besides its address and its place."""
    site = whole.site
    trail = jsonld.trail(view.back, view.title, site, path)
    head = [f'<link rel="canonical" href="{escape(address(site.feeds_url, path))}">', *lines, script(trail)]
    body = render("list.html.jinja", whole.options.templates, site=site, list=view, head=head)
    return Artifact(path=path, media_type=parts.MEDIA_TYPE, body=body, title=view.title)


# ---------------------------------------------------------------------------------------------------- words and links


def _noun(works: int, total: int) -> str:
    return "work" if works == total else "item" if works else "post"


def _heading(collection: Collection, site: Site) -> str:
    return parts.heading(collection, site) if collection.name else "Publications"


def _span(days: list[tuple[str, int]]) -> str:
    if not days:
        return ""
    last, first = days[0][0][:4], days[-1][0][:4]
    return first if first == last else f"{first}–{last}"


def _back(whole: List, page: str, year: str) -> Iterator[Link]:
    """The lists above this one: everything, the overview, the list of which this is one year."""
    collection = whole.collection
    if not collection.name and not year:
        return
    yield Link(href=parts.relative(parts.list_path(""), page), label="Publications")
    if collection.each:
        overview = parts.list_path(collection.path.rpartition("/")[0])
        yield Link(href=parts.relative(overview, page), label=_OVERVIEWS[collection.each])
    if collection.name and year:
        yield Link(href=parts.relative(parts.list_path(collection.path), page), label=_heading(collection, whole.site))


def _more(collection: Collection, page: str) -> Iterator[Link]:
    """From everything to the other lists: the collections, and the overviews of those with `each`."""
    for one in collection.listings:
        if not one.each:
            yield Link(href=parts.relative(parts.list_path(one.path), page), label=one.title)
    for each, folder in _folders(collection):
        yield Link(href=parts.relative(parts.list_path(folder), page), label=_OVERVIEWS[each])


def _folders(collection: Collection) -> Iterable[tuple[str, str]]:
    """What each overview is of, and the folder that it lies in."""
    return dict.fromkeys((one.each, one.path.rpartition("/")[0]) for one in collection.listings if one.each)


def _overviews(whole: List) -> Iterator[Artifact]:
    """The page of all authors, of all years …: it leads to the page of each."""
    for each, folder in _folders(whole.collection):
        path = parts.list_path(folder)
        listings = [one for one in whole.collection.listings if one.each == each and _is_in(one.path, folder)]
        listings.sort(key=lambda one: _sorted(one.value, each), reverse=each == "year")
        values = [
            Link(href=parts.relative(parts.list_path(one.path), path), label=one.title, note=str(one.count))
            for one in listings
        ]
        view = View(
            title=_OVERVIEWS[each],
            total=len(values),
            shown=len(values),
            back=(Link(href=parts.relative(parts.list_path(""), path), label="Publications"),),
            values=tuple(values),
        )
        yield _made(whole, path, view, [script(jsonld.overview(view.title, values, whole.site, path))])


def _is_in(path: str, folder: str) -> bool:
    return path.rpartition("/")[0] == folder


def _sorted(value: str, each: str) -> tuple[str, str]:
    """People by their last name, everything else by its first word; accents do not count."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
    words = plain.split()
    return (slug(words[-1]) if words and each == "author" else "", slug(plain))


def _feeds(collection: Collection, page: str) -> Iterator[str]:
    """Autodiscovery of the feeds of what `page` lists."""
    for feed in parts.documents(collection.documents, page):
        if feed.type in parts.FEEDS:
            title = escape(f"{collection.title} ({feed.label})")
            yield f'<link rel="alternate" type="{feed.type}" title="{title}" href="{escape(feed.href)}">'


# ---------------------------------------------------------------------------------------------------- a person


def _person(collection: Collection, lines: Sequence[bytes]) -> Person:
    """What is known of the person whose works these are: each of them may say something that no newer one says."""
    key, name = collection.name.partition(":")[2], slug(collection.value)
    person = Person(name=collection.value)
    for line in lines:
        said = (one for one in listed.people(line) if (one.orcid == key if one.orcid else slug(one.name) == name))
        person = _joined(person, next(said, person))
    return person


def _joined(person: Person, one: Person) -> Person:
    return replace(
        person,
        given=person.given or one.given,
        family=person.family or one.family,
        organization=person.organization or one.organization,
        orcid=person.orcid or one.orcid,
        ror=person.ror or (one.ror if is_web(one.ror) else ""),
        url=person.url or (one.url if is_web(one.url) else ""),
        affiliation=person.affiliation or one.affiliation,
    )


EXPORTER = Exporter(
    name="list-page",
    description="publications by year as HTML: of everything, of each collection, each author, each year",
    media_type=parts.MEDIA_TYPE,
    scope="list",
    options=Options,
    render=_render,
    piece=listed.piece,
    names_others=True,
)
