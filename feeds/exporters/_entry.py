"""What the feeds of every format say alike of a collection and its items, as plain values."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from feeds import text
from feeds.exporters._citation_block import citation_block
from feeds.exporters._work import doi_url, is_page_of, landing
from feeds.model import Attachment, Collection, Item, Person, Post, Site, Work

Filename = Annotated[str, Meta(pattern=r"\A(?!\.{1,2}\Z)[^/\\\x00-\x1f\x7f]+\Z", max_length=60)]  # 240 bytes at most
Address = Annotated[str, Meta(pattern=r"\A(https?://[^\s/]\S*)?\Z")]
Positive = Annotated[int, Meta(ge=1)]
Content = Literal["full", "summary"]


class Link(Struct, frozen=True, kw_only=True):
    """A link relation: At link · RSS link, enclosure, atom:link · JSON url, external_url, attachments."""

    rel: str
    href: str
    media_type: str = ""
    length: int | None = None  # bytes, when known


class Author(Struct, frozen=True):
    """At author · RSS dc:creator (the name alone) · JSON authors."""

    name: str
    uri: str = ""


class Category(Struct, frozen=True):
    """At category · RSS category, RSS 1.0 dc:subject, JSON tags (the term alone)."""

    term: str  # legal in XML
    scheme: str


class Element(Struct, frozen=True):
    """A child that no field stands for: a tag (`{namespace}name` or `name`) with text, attributes or children."""

    tag: str
    text: str = ""
    children: tuple[Element, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


class Head(Struct, frozen=True, kw_only=True):
    """What a feed says of itself."""

    id: str
    title: str
    updated: datetime
    links: tuple[Link, ...]  # one self, one alternate at least
    description: str = ""
    language: str = ""
    authors: tuple[Author, ...] = ()
    icon: str = ""  # At icon · RSS image · JSON icon
    extra: tuple[Element, ...] = ()


class Entry(Struct, frozen=True, kw_only=True):
    """What a feed says of one item; `summary` and `content` are HTML, legal in XML; the rest is plain text."""

    id: str
    title: str
    published: datetime
    updated: datetime
    links: tuple[Link, ...]  # the alternate first
    summary: str = ""
    content: str = ""
    lang: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    rights: str = ""
    image: str = ""  # At, RSS media:thumbnail · JSON image
    extra: tuple[Element, ...] = ()


def terms(entry: Entry) -> list[str]:
    """Its categories and tags, each word once, for formats that know no scheme."""
    return list(dict.fromkeys(category.term for category in entry.categories))


# ---------------------------------------------------------------------------------------------------- the feed


def head(collection: Collection, site: Site, filename: str, media_type: str, hub: str = "") -> Head:
    """What a document of the feed of `collection`, which is called `filename`, says of itself.

    Its id never changes: the site's address, its scheme always written https, and the collection's folder.  Neither
    the file's name nor the host that serves the exports is part of it, so a feed that moves stays the same feed
    (RFC 4287, section 4.2.6); Atom feeds of one collection are one feed in several documents.
    """
    hubs = () if collection.place.name else dict.fromkeys((*site.hubs, hub))
    links = [
        *_documents(collection, site, filename, media_type),
        *(Link(rel="hub", href=address) for address in hubs),
        Link(rel="license", href=site.license),
        Link(rel="alternate", href=f"{site.url}/", media_type="text/html"),
    ]
    return Head(
        id=_feed_id(site.url, collection.path),
        title=_stated(collection.title, site.title, site.url),
        updated=collection.updated,
        links=tuple(link for link in links if link.href),
        description=_stated(collection.description, site.description),
        language=language(site.language),
        icon=site.icon,
    )


def _documents(collection: Collection, site: Site, filename: str, media_type: str) -> Iterator[Link]:
    """The document itself, and from where and to where a reader of archives goes (RFC 5005, section 4)."""
    place = collection.place
    known = [("self", place.name)]
    known += [("current", "")] if place.name else []
    known += [("prev-archive", place.older)] if place.older else []
    known += [("next-archive", place.newer)] if place.newer else []
    for rel, name in known:
        path = _path(collection, filename, media_type, name)
        yield Link(rel=rel, href=text.address(site.feeds_url, path), media_type=media_type)


def artifact_path(collection: Collection, filename: str, media_type: str = "") -> str:
    """Where below the output the document goes: an archive beside the feed, which is called `filename`."""
    return _path(collection, filename, media_type, collection.place.name)


_ENDINGS = {"application/atom+xml": ".atom", "application/rss+xml": ".rss", "application/feed+json": ".json"}


def _path(collection: Collection, filename: str, media_type: str, archive: str) -> str:
    below = f"archive/{archive}{_ENDINGS[media_type]}" if archive else filename
    return f"{collection.path}/{below}" if collection.path else below


def feed_author(collection: Collection, site: Site) -> Author:
    """Who stands for entries that name nobody: the site's publisher, else the site by its title."""
    stated = authors([site.publisher]) if site.publisher else ()
    return stated[0] if stated else Author(_stated(site.title, collection.title, site.url))


def _feed_id(site_url: str, folder: str) -> str:
    address = text.canonical(text.address(site_url, folder).rstrip("/") + "/")
    return re.sub(r"\Ahttp:", "https:", address)


# ---------------------------------------------------------------------------------------------------- its entries


def entry(
    item: Item,
    site: Site,
    content: Content,
    extra: tuple[Element, ...] = (),
    *,
    citation: bool = True,
    max_bytes: int = 512_000,
) -> Entry:
    """One item as an entry.  A work's title and authors come before the post's; a post never updated was published.

    `citation` puts the record of a work above its text.  A text that would fill more than nine tenths of `max_bytes`
    gives way to the summary and a link; `feed: {excerpt_only: true}` in the front matter leaves a text out.
    """
    post, work = item.post, item.work
    title = _stated(work.title if work else "", post.title, post.url, post.path)
    return Entry(
        id=_stated(post.id, post.url),
        title=title,
        published=post.published,
        updated=post.updated or post.published,
        links=tuple(_links(item, site)),
        summary=_summary(post, work, title),
        content=_content(item, title, citation, max_bytes) if content == "full" and not _is_short(post) else "",
        lang=language(post.lang),
        authors=authors(work.authors if work else post.authors),  # who posted a paper is not its author
        categories=(
            *(Category(term, f"{site.url}/categories/") for term in _terms(post.categories)),
            *(Category(term, f"{site.url}/tags/") for term in _terms(post.tags)),
        ),
        rights=work.license if work else _rights(site),
        image=post.image if text.is_web(post.image) else "",
        extra=extra,
    )


def _summary(post: Post, work: Work | None, title: str) -> str:
    """What the post says of itself in short, else the beginning of the abstract; never the title again."""
    short = text.legal(post.summary)
    if not short.strip() or text.squeeze(short).rstrip(".") == text.squeeze(title).rstrip("."):
        short = text.clip(text.squeeze(text.legal(work.abstract)), _SUMMARY_LENGTH) if work else ""
    return html.escape(short, quote=False)


def _is_short(post: Post) -> bool:
    """Does its front matter keep its text out of feeds, as that of a post under jekyll-feed may?"""
    said = post.front.get("feed")
    return isinstance(said, dict) and said.get("excerpt_only") is True


def _content(item: Item, title: str, citation: bool, max_bytes: int) -> str:
    post, work = item.post, item.work
    body = _without_title(post.html, title) if post.html.strip() else ""
    whole = _markup((citation_block(work, body) if work and citation else "") + body)
    if _fits(whole, 0.9 * max_bytes):
        return whole
    short = _summary(post, work, title)
    page = html.escape(text.iri_to_uri(text.legal(post.url)))
    return (f"<p>{short}</p>\n" if short else "") + f'<p><a href="{page}">{page}</a></p>'


def _fits(fragment: str, room: float) -> bool:
    """Does it take at most `room` bytes once it is escaped?  No character takes more than five: "&amp;"."""
    return 5 * len(fragment) <= room or len(html.escape(fragment, quote=False).encode()) <= room


def authors(people: Iterable[Person]) -> tuple[Author, ...]:
    """Each person once named, in order; an ORCID iD or a ROR id as the address."""
    return tuple(Author(p.name, _person_uri(p)) for p in people if p.name.strip())


def language(tag: str) -> str:
    """`tag` with the hyphens of BCP 47 ("en_US" is "en-US"); "" when it cannot be a language tag."""
    hyphened = tag.strip().replace("_", "-")
    return hyphened if re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", hyphened) else ""


def _links(item: Item, site: Site) -> Iterator[Link]:
    post, work = item.post, item.work
    yield Link(rel="alternate", href=_stated(landing(item, site), post.url, site.url), media_type="text/html")
    if work:
        if work.doi:
            yield Link(rel="related", href=doi_url(work.doi))
        for url in dict.fromkeys(work.urls):
            if text.is_web(url) and url != post.url and not _RESOLVER.match(url) and is_page_of(work, url):
                yield Link(rel="via", href=url)
    license_ = work.license if work else site.license
    if text.is_web(license_):
        yield Link(rel="license", href=license_)
    for file in _files(post, work):
        yield Link(rel="enclosure", href=file.url, media_type=_media_type(file.media_type), length=file.size)


def _files(post: Post, work: Work | None) -> Iterator[Attachment]:
    yield from (file for file in post.attachments if text.is_web(file.url))
    if work and text.is_web(work.pdf) and work.pdf not in {file.url for file in post.attachments}:
        yield Attachment(url=work.pdf, media_type="application/pdf")


def _rights(site: Site) -> str:
    """Whose a text of the site is, and its licence.

    A feed does not say so itself: its rights would be those of every entry that states none (RFC 4287, section 4.2.10),
    and reference managers would take the site's licence for that of a paper.
    """
    holder = site.publisher.name if site.publisher else ""
    return ", ".join(part for part in (holder, site.license) if part) if site.license else ""


def _person_uri(person: Person) -> str:
    return f"https://orcid.org/{person.orcid}" if person.orcid else person.ror


def _terms(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.legal(name) for name in names if name.strip()))


def _stated(*candidates: str) -> str:
    """The first that says something; "" when none does."""
    return next((c for c in candidates if c.strip()), "")


_SUMMARY_LENGTH = 400
_HEADING = re.compile(r"\s*<(h[1-6])(?: [^>]*)?>(.{1,1000}?)</\1>\s*", re.DOTALL)


def _without_title(fragment: str, title: str) -> str:
    """A post's HTML without the heading that only says its title again: readers show the title themselves."""
    heading = _HEADING.match(fragment)
    if heading and text.slug(text.plain(heading[2])) == text.slug(title) and fragment[heading.end() :].strip():
        return fragment[heading.end() :]
    return fragment


def _markup(fragment: str) -> str:
    """A legal fragment.  NFC would fuse a ">" with a combining long solidus behind it into "≯": no tag would end."""
    return text.legal(fragment.replace(">\u0338", ">&#x338;"))


def _media_type(stated: str) -> str:
    return stated if re.fullmatch(r"[^\s/]+/[^/]*[^\s/]", stated) else ""


_RESOLVER = re.compile(r"https?://(?:[^/?#]*@)?(?:dx\.|www\.)?doi\.org(?:[:/?#]|\Z)", re.IGNORECASE)
