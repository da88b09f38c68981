"""Signposting, FAIR profile levels 1 and 2: typed links by which a machine finds its way around a work.

https://signposting.org/FAIR/.  Level 1 is in the page itself (and in the HTTP header, which servers send); level 2 is a
link set (RFC 9264) that has every link, and the links back: a file is part of the page, a record describes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from feeds.exporters._schema_org import TYPES
from feeds.exporters._tag import Tag, link
from feeds.exporters._work import doi_url
from feeds.model import Artifact, Attachment, Item, Person, Row, Site
from feeds.text import address, essence, iri_to_uri, is_web

GROUP = "signposting"
LINKSET = "application/linkset+json"  # RFC 9264, section 7.2
MOST = 5  # links of one kind in a page or a header; of more, the link set alone is named

# What a record of this type conforms to.
PROFILES = {
    "application/ld+json": "https://schema.org/",
    "application/vnd.datacite.datacite+json": "http://datacite.org/schema/kernel-4",
}


class TypedLink(Struct, frozen=True, kw_only=True):
    """A link that says what its target is to the page."""

    rel: str
    href: str
    type: str = ""
    profile: str = ""


def tags(item: Item, site: Site) -> list[Tag]:
    """The links of a work's page as `<link>` elements.

    Without profiles, for which HTML has no attribute: the header and the link set have them.
    """
    return [
        tag
        for one in few(links(item, site), linksets(item.documents, site))
        for tag in link(GROUP, one.rel, one.href, type=one.type)
    ]


def links(item: Item, site: Site) -> list[TypedLink]:
    """All links of the page of a work; [] for news."""
    work = item.work
    if work is None or work.kind == "news":
        return []
    people = [_identity(person) for person in work.authors]
    found = [
        TypedLink(rel="cite-as", href=doi_url(work.doi)),
        TypedLink(rel="type", href="https://schema.org/AboutPage"),
        TypedLink(rel="type", href=f"https://schema.org/{TYPES[work.kind]}"),
        *(TypedLink(rel="author", href=address) for address in dict.fromkeys(people)),
        TypedLink(rel="license", href=work.license),
        *(TypedLink(rel="item", href=file.url, type=file.media_type) for file in _files(item)),
        *describedby(item.documents, site),
    ]
    return [one for one in found if is_web(one.href)]


def few(found: list[TypedLink], sets: list[TypedLink]) -> list[TypedLink]:
    """The links without kinds that there are too many of, when a link set has those; and the link set."""
    number: dict[str, int] = {}
    for one in found:
        number[one.rel] = number.get(one.rel, 0) + 1
    return [one for one in found if number[one.rel] <= MOST or not sets] + (sets if found else [])


def describedby(documents: tuple[Artifact, ...], site: Site) -> Iterator[TypedLink]:
    """A link to each record of the work: what exporters made of it, apart from pages and link sets."""
    for document in documents:
        media_type = essence(document.media_type)
        if media_type not in {"text/html", LINKSET}:
            profile = PROFILES.get(media_type, "")
            if document.path.endswith(".oai_dc.xml"):
                profile = "http://www.openarchives.org/OAI/2.0/oai_dc/"
            yield TypedLink(
                rel="describedby", href=address(site.feeds_url, document.path), type=media_type, profile=profile
            )


def linksets(documents: tuple[Artifact, ...], site: Site) -> list[TypedLink]:
    """A link to the link set, where one was made."""
    made = [document for document in documents if essence(document.media_type) == LINKSET]
    return [TypedLink(rel="linkset", href=address(site.feeds_url, document.path), type=LINKSET) for document in made]


def of_row(row: Row, site: Site) -> list[TypedLink]:
    """The links of an item's page as far as its row knows them: for headers that a server sends."""
    documents = tuple(Artifact(path=path, media_type=media_type) for path, media_type in row.exports)
    if row.kind == "news":
        return []
    found = [
        TypedLink(rel="cite-as", href=doi_url(row.doi)),
        TypedLink(rel="type", href="https://schema.org/AboutPage"),
        TypedLink(rel="type", href=f"https://schema.org/{TYPES[row.kind]}"),
        TypedLink(rel="item", href=row.pdf, type="application/pdf"),
        *describedby(documents, site),
    ]
    return few([one for one in found if is_web(one.href)], linksets(documents, site))


def header(found: list[TypedLink]) -> str:
    """The value of an HTTP Link header (RFC 8288, section 3)."""
    return ", ".join(
        f'<{iri_to_uri(one.href)}>; rel="{one.rel}"'
        + (f'; type="{one.type}"' if one.type else "")
        + (f'; profile="{one.profile}"' if one.profile else "")
        for one in found
    )


def _identity(person: Person) -> str:
    """The ORCID iD of a person, the ROR id of an organisation; that of a person is the affiliation's."""
    if person.orcid:
        return f"https://orcid.org/{person.orcid}"
    return person.ror if person.organization else ""


def _files(item: Item) -> Iterator[Attachment]:
    yield from (file for file in item.post.attachments if is_web(file.url))
    pdf = item.work.pdf if item.work else ""
    if is_web(pdf) and pdf not in {file.url for file in item.post.attachments}:
        yield Attachment(url=pdf, media_type="application/pdf")
