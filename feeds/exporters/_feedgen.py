"""The one door to feedgen: a `Head` and its `Entry`s in, the bytes of an Atom or RSS document out.

feedgen 1.0.0 lays out the document.  What it would lose, reorder or make up is written here instead:

- entry links come out bare, without rel, type and length, and only five relations pass: links are written anew;
- the RSS channel's link is whichever was added last, its other links but self vanish: alternate last, others anew;
- RSS authors need an e-mail address and are dropped without one: one dc:creator each;
- RSS has one enclosure, and it is the last: the first of known length, else the first;
- a date not set is now: all are set; RSS dates switch the locale of the whole process: written here;
- skipDays is a set, whose order differs from run to run: written by the RSS exporter, as `Head.extra`;
- text goes out plain unless a type says otherwise: every Atom text says its type;
- one character that XML forbids raises: all text passes `text.legal`, here or before;
- RSS declares namespaces whether used or not: cleaned up in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree
from msgspec.structs import replace

from feeds import __version__
from feeds.exporters._entry import Author, Element, Entry, Head, Link, terms
from feeds.exporters._fitting import fitting
from feeds.exporters._xml import ATOM, DC, MEDIA, append, declared, serialise, size, tidy, uri
from feeds.text import fixed, legal, media_type

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(head: Head, entries: Sequence[Entry], max_bytes: int, least: int = 1) -> bytes:
    """An Atom document of as many of `entries`, from the first, as fit into `max_bytes`; `least` in any case."""
    root = _atom_feed(head)
    return _document(root, root, entries, _atom_entry, max_bytes, least)


def rss(head: Head, entries: Sequence[Entry], max_bytes: int, least: int = 1) -> bytes:
    """An RSS document of as many of `entries`, from the first, as fit into `max_bytes`; `least` in any case."""
    root = _rss_channel(head)
    return _document(root, root[0], entries, _rss_item, max_bytes, least)


def _document(
    root: etree._Element,
    parent: etree._Element,
    entries: Sequence[Entry],
    make: Callable[[Entry, etree._Element], etree._Element],
    max_bytes: int,
    least: int,
) -> bytes:
    """The document with its entries in `parent`.  Mostly all of them fit, and none needs to be measured by itself."""
    room = max_bytes - len(serialise(root))
    full = [make(entry, parent) for entry in entries]
    whole, spared = tidy(root)
    if len(whole) + spared <= max_bytes:
        return whole
    shelf = declared(etree.Element(parent.tag))
    shelf.extend(full)
    depth = 1 if parent is root else 2
    brief = (make(replace(entry, content=""), shelf) for entry in entries)
    parent.extend(fitting(full, brief, lambda child: size(child, depth), room, least))
    return tidy(root)[0]


# ---------------------------------------------------------------------------------------------------- Atom


def _atom_feed(head: Head) -> etree._Element:
    made = _generator(head)
    made.id(legal(head.id))
    made.updated(fixed(head.updated))
    made.author([_person(a) for a in head.authors])
    made.subtitle(legal(head.description))
    made.icon(uri(head.icon))
    for link in head.links:
        made.link(_attributes(link))
    root, _ = made._create_atom()
    _say_type(root, "title", "subtitle")
    root = declared(root)
    append(root, *head.extra)
    return root


def _atom_entry(entry: Entry, parent: etree._Element) -> etree._Element:
    made = _entry(entry)
    made.id(legal(entry.id))
    made.updated(fixed(entry.updated))
    made.published(fixed(entry.published))
    made.author([_person(a) for a in entry.authors])
    made.rights(legal(entry.rights))
    if entry.summary:
        made.summary(entry.summary, type="html")
    made.category([{"term": c.term, "scheme": uri(c.scheme)} for c in entry.categories])
    if not entry.content:
        made.link(href=uri(entry.links[0].href), rel="alternate")  # it asks for the one or the other
    root: etree._Element = made.atom_entry()
    parent.append(root)
    _say_type(root, "title", "rights")
    for bare in list(root.iterchildren("link")):
        root.remove(bare)
    for link in entry.links:
        etree.SubElement(root, "link", _attributes(link))
    _append_picture(root, entry.image)
    if entry.lang:
        root.set(_LANG, entry.lang)
    return root


def _say_type(parent: etree._Element, *names: str) -> None:
    for child in parent.iterchildren(*names):
        child.set("type", "text")


def _person(author: Author) -> dict[str, str]:
    return {"name": legal(author.name)} | ({"uri": uri(author.uri)} if author.uri else {})


# ---------------------------------------------------------------------------------------------------- RSS


def _rss_channel(head: Head) -> etree._Element:
    made = _generator(head)
    made.docs("https://www.rssboard.org/rss-specification")
    made.description(legal(head.description or head.title))
    for link in sorted(head.links, key=lambda link: link.rel == "alternate"):
        made.link(_attributes(link))
    # feedgen sets it to the time of the call and offers no way to leave it out; ours is below.
    made._FeedGenerator__rss_lastBuildDate = None
    root, _ = made._create_rss()
    root = declared(root)
    for link in head.links:
        if link.rel in {"hub", "current", "prev-archive", "next-archive"}:
            etree.SubElement(root[0], f"{{{ATOM}}}link", _attributes(link))
    append(root[0], Element("lastBuildDate", _rfc822(head.updated)), *_image(head), *head.extra)
    return root


def _image(head: Head) -> Iterator[Element]:
    """The icon, with the channel's title and link; of the types that the specification allows."""
    if media_type(head.icon) in {"image/gif", "image/jpeg", "image/png"}:
        home = next(link.href for link in head.links if link.rel == "alternate")
        said = (("url", uri(head.icon)), ("title", head.title), ("link", uri(home)))
        yield Element("image", children=tuple(Element(name, value) for name, value in said))


def _rss_item(entry: Entry, parent: etree._Element) -> etree._Element:
    made = _entry(entry)
    made.guid(legal(entry.id), permalink=False)
    made.description(entry.summary)
    made.category([{"term": term} for term in terms(entry)])
    made.link(href=uri(entry.links[0].href), rel="alternate")
    root: etree._Element = made.rss_entry()
    parent.append(root)
    append(root, Element("pubDate", _rfc822(entry.published)))
    said = [*(("creator", author.name) for author in entry.authors), ("language", entry.lang), ("rights", entry.rights)]
    append(root, *(Element(f"{{{DC}}}{name}", value) for name, value in said if value), *entry.extra)
    _append_picture(root, entry.image)
    files = [link for link in entry.links if link.rel == "enclosure" and link.media_type]
    for link in sorted(files, key=lambda file: file.length is None)[:1]:
        length = str(link.length or 0)  # "when an enclosure's size cannot be determined" (RSS Best Practices Profile)
        etree.SubElement(root, "enclosure", url=uri(link.href), length=length, type=legal(link.media_type))
    return root


def _rfc822(moment: datetime) -> str:
    """RFC 822 with a year of four digits and a numeric zone; English in every locale."""
    return format_datetime(fixed(moment))


# ---------------------------------------------------------------------------------------------------- both


def _generator(head: Head) -> FeedGenerator:
    made = FeedGenerator()
    made.title(legal(head.title))
    made.language(head.language or None)
    made.generator("feeds", version=__version__)
    return made


def _entry(entry: Entry) -> FeedEntry:
    made = FeedEntry()
    made.title(legal(entry.title))
    if entry.content:
        made.content(entry.content, type="html")
    return made


def _append_picture(parent: etree._Element, image: str) -> None:
    """Media RSS 1.5, sections media:content and media:thumbnail: readers look for one or the other."""
    if not image:
        return
    kind = media_type(image)
    stated = {"url": uri(image), "medium": "image"} | ({"type": kind} if kind else {})
    etree.SubElement(parent, f"{{{MEDIA}}}content", stated)
    etree.SubElement(parent, f"{{{MEDIA}}}thumbnail", {"url": uri(image)})


def _attributes(link: Link) -> dict[str, str]:
    stated = {"rel": link.rel, "href": uri(link.href), "type": legal(link.media_type)}
    length = {} if link.length is None else {"length": str(link.length)}
    return {name: value for name, value in stated.items() if value} | length
