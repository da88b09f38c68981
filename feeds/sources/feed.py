"""Feeds as a source, a planet: Atom, RSS and JSON Feed, each entry a post.

A feed holds its newest entries only.  What was fetched is therefore kept (feeds.fetching): `fetched.json` beside the
document says where it came from, `earlier/` holds the documents that have what it lacks; the newest that speaks of an
entry counts.  An entry that has left its feed stays a post until its feed takes it back (RFC 6721).
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct, structs

from feeds.errors import SourceError
from feeds.model import Detection, Person, Post, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import clean, excerpt
from feeds.sources import _document, _feed_dates, _feed_document, _feed_folder, _feed_terms, _pages, _people, _walk
from feeds.sources._feed_document import BadFeed, Entry, Feed
from feeds.text import digest, iri_to_uri, is_web, legal

_LOOKED_AT = 20  # files of a folder
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:|info:doi/)(10\.\d{4,9}/\S{1,200})", re.IGNORECASE)

# ------------------------------------------------------------------------------------------------------ detect


def detect(path: Path) -> Detection | None:
    """A file that begins like a feed, or a folder of such files."""
    if path.is_file():
        found = _feed_document.is_feed(_feed_folder.head(path))
        return Detection(confidence=0.9, reason="begins like a feed") if found else None
    if not path.is_dir():
        return None
    names = [e.path for e in _walk.entries(path, "", []) if not e.name.startswith(".") and not e.is_dir]
    names = [n for n in names if n != _feed_folder.FETCHED]
    only = 0 < len(names) <= _LOOKED_AT and all(_feed_folder.is_feed(path, name) for name in names)
    return Detection(confidence=0.5, reason=f"only feeds, such as {names[0]}") if only else None


def names(data: bytes) -> dict[str, str] | None:
    """Name of each entry in a document, or that it takes back, with a digest of what is said of it.

    None when the document is no feed.  Raises ValueError, with the reason, for a feed that is not whole.
    """
    if not _feed_document.is_feed(data[: _feed_document.HEAD]):
        return None
    feed = _feed_document.parse(data, "")
    found, _ = _feed_document.entries(feed)
    stamps = {name: _feed_document.stamp(entry) for name, entry in found.items()}
    gone = _feed_document.taken_back(feed, found)
    return {**stamps, **{name: f"taken back {when}" for name, when in gone.items()}}


# ------------------------------------------------------------------------------------------------------ open


class _Kept(Struct, frozen=True):
    """What a reading needs to know besides the document."""

    addresses: dict[str, str]  # document → where it came from
    names: dict[str, str]  # path of an entry → its name in the document
    deleted: dict[str, str]  # path of an entry that its feed took back → when


def open_feeds(place: Path, options: SourceOptions) -> Tree:
    """List the entries of a document, or of those in a folder.  Raises SourceError when one of them is not whole."""
    root = _walk.root_of(place)
    _walk.require(root, options)
    found = _feed_folder.find(place, root)
    if not found.addresses:
        raise SourceError("there is no feed", where=str(place), hint="name an Atom, RSS or JSON Feed document")
    paths = _walk.wanted(list(found.parts), options)
    only = found.heads[0] if len(found.heads) == 1 else Feed()
    return Tree(
        root=root,
        paths=paths,
        parts={path: found.parts[path] for path in paths},
        stamps={path: found.stamps[path] for path in paths},
        fingerprint=digest(msgspec.json.encode((sorted(set(found.addresses.values())), options), order="sorted")),
        static=(),
        site={
            "title": only.title,
            "url": "",  # a planet does not live where its first feed does
            "description": only.description,
            "language": _document.language(only.language),
            "timezone": options.timezone,
        },
        people=options.people,
        problems=tuple(found.problems),
        data=_Kept(found.addresses, found.names, found.deleted),
    )


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one entry.  Never raises for what is in it."""
    kept: _Kept = tree.data
    if when := kept.deleted.get(path):
        return Reading(withheld=f"its feed took it back on {when.partition('T')[0][:40]}")
    if path not in tree.parts:
        return Reading(problems=(_pages.wrong(path, "no entry of the feed is called so", "name its document"),))
    document = tree.parts[path]
    try:
        file = tree.root / document
        entry = _feed_folder.content(file, _feed_folder.version(file), kept.addresses[document])[1][kept.names[path]]
    except (OSError, BadFeed, KeyError):
        return Reading(problems=(_pages.wrong(path, f"{document} has changed while it was read", "run again"),))
    problems: list[Problem] = []
    published = _published(entry, path, options.timezone or "UTC", problems)
    url = entry.url or _doi_link(entry)
    if published is None or not (url or options.pattern):
        message = f"{_called(entry)!r} has no address of its own: left out"
        missing = [_pages.wrong(path, message, "give the source a `url:` pattern")] if published else []
        return Reading(problems=(*problems, *missing))
    place = _document.Place(
        source=options.name, path=_page_path(url, path), url=url, base=url, zone=options.timezone or "UTC"
    )
    url = _pages.placed(place, options, published).url
    return Reading(post=_post(entry, path, url, published, tree, options, problems), problems=tuple(problems))


def _post(
    entry: Entry,
    path: str,
    url: str,
    published: datetime,
    tree: Tree,
    options: SourceOptions,
    problems: list[Problem],
) -> Post:
    html = clean.clean(entry.html, entry.base or url)
    summary = clean.clean(entry.summary, entry.base or url)
    authors = _authors(entry, path, tree, problems)
    return Post(
        source=options.name,
        path=legal(path),
        url=url,
        id=entry.id,
        title=entry.title or excerpt.summary(excerpt.first_paragraph(html) or html, 80) or url,
        published=published,
        modified=_modified(entry, path, options.timezone or "UTC", problems),
        summary=excerpt.summary(summary or excerpt.first_paragraph(html) or html),
        html=html,
        lang=_document.language(entry.lang),
        authors=authors,
        tags=entry.tags,
        form="entry",
        image=entry.image,
        attachments=entry.attachments,
        in_sitemap=False,
        front=_front(entry, authors),
        body=html,
    )


def _front(entry: Entry, authors: tuple[Person, ...]) -> dict[str, Any]:
    """What scholarly reads; who wrote an entry wrote the work when the entry says what work that is."""
    said = {**entry.front, "doi": _doi(entry)}
    people = [{"name": p.name, "url": p.url, "orcid": p.orcid} for p in authors] if _speaks_of_work(said) else []
    stated = {"id": entry.id, "title": entry.title, "authors": people, **said}
    return {key: value for key, value in stated.items() if value}


def _speaks_of_work(said: dict[str, Any]) -> bool:
    return _feed_terms.is_work({key for key, value in said.items() if value})


def _published(entry: Entry, path: str, zone: str, problems: list[Problem]) -> datetime | None:
    """When an entry says that it was published; never when its feed was written."""
    for stated in entry.published:
        try:
            return _feed_dates.moment(stated, zone)
        except ValueError:
            continue
    dates = ", ".join(repr(d[:60]) for d in entry.published[:3])
    message = f"{_called(entry)!r} has no date of publication{f', only {dates}' if dates else ''}: left out"
    problems.append(_pages.wrong(path, message, "tell whoever publishes the feed"))
    return None


def _modified(entry: Entry, path: str, zone: str, problems: list[Problem]) -> datetime | None:
    if not entry.updated:
        return None
    try:
        return _feed_dates.moment(entry.updated, zone)
    except ValueError:
        message = f"{entry.updated[:60]!r}, when {_called(entry)!r} was updated, is not a date"
        problems.append(_pages.odd(path, message, "tell whoever publishes the feed"))
        return None


def _authors(entry: Entry, path: str, tree: Tree, problems: list[Problem]) -> tuple[Person, ...]:
    """The people of an entry; a name alone may hold several, a login or an e-mail address must be known."""
    stated = [dict(p) if len(p) > 1 else p["name"] for p in entry.authors]
    found, unknown = _people.posters(stated, tree.people, path)
    hint = "add the person to `people` in config.yaml, with this among the aliases, or leave it at that"
    problems += [structs.replace(p, hint=hint) for p in unknown]
    return tuple(p for p in found if not p.url or is_web(p.url))


def _called(entry: Entry) -> str:
    return (entry.title or entry.id or entry.url)[:60]


def _doi(entry: Entry) -> str:
    """The DOI that an entry states, or that its id or its address is."""
    stated = entry.front.get("doi")
    if isinstance(stated, str) and stated:
        return stated
    return next((unquote(found[1]) for place in (entry.id, entry.url) if (found := _DOI.fullmatch(place))), "")


def _doi_link(entry: Entry) -> str:
    doi = _doi(entry)
    return iri_to_uri(f"https://doi.org/{doi}") if doi.startswith("10.") else ""


def _page_path(url: str, path: str) -> str:
    """What a pattern's {folder}, {name} and {slug} are taken from: the path of the entry's page."""
    return unquote(urlsplit(url).path).strip("/") or path.rpartition("#")[2]


SOURCE = Source(
    name="feed",
    description="Atom, RSS and JSON Feed documents: a planet",
    detect=detect,
    open=open_feeds,
    read=read,
)
