"""The nouns of the project: plain, frozen values that pickle and that encode to JSON.

Everything that moves between the rooms of the house is one of these.  A source makes `Post`s, extractors
propose `Fact`s about them, `scholarly.resolve` settles the facts into a `Work`, the pipeline joins both into an
`Item`, exporters turn items and collections into `Artifact`s, and whatever went wrong on the way is a `Problem`.

The crosswalk lives here: behind each field stands what it becomes in the output formats.
(At = Atom, RFC 4287; RSS = RSS 2.0 with Dublin Core; LD = schema.org; CSL = CSL-JSON 1.0.2.)

Rules that hold for every value: text is NFC and legal in XML 1.0; a datetime has a zone; a URL is absolute;
an empty string, an empty tuple or None means "not stated".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

Kind = Literal[
    "article",  # LD ScholarlyArticle · CSL article-journal
    "preprint",  # LD ScholarlyArticle · CSL article
    "review",  # LD ScholarlyArticle · CSL article-journal (a review article or a peer review)
    "thesis",  # LD Thesis · CSL thesis
    "chapter",  # LD Chapter · CSL chapter
    "book",  # LD Book · CSL book
    "report",  # LD Report · CSL report
    "talk",  # LD PresentationDigitalDocument · CSL speech
    "poster",  # LD Poster · CSL speech
    "news",  # LD BlogPosting · CSL post-weblog (a post with no work behind it)
]
Form = Literal[
    "page",  # of the site itself
    "record",  # of a bibliography: BibTeX, CSL-JSON, RIS, CITATION.cff
    "entry",  # of somebody's feed
]
Origin = Literal[
    "front matter", "record", "body", "people file", "file name", "derived",
    "crossref", "datacite", "europepmc", "openalex",
]  # fmt: skip
SERVICES: tuple[Origin, ...] = ("crossref", "datacite", "europepmc", "openalex")  # asked by `enrich:`; best first


class Person(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A person, or an organisation (a consortium, a team, a publisher)."""

    name: str  # "Given Family", or the organisation's name · At author/name · RSS dc:creator · LD name · CSL literal
    given: str = ""  # LD givenName · CSL given
    family: str = ""  # particles included ("Van den Bulcke") · LD familyName · CSL family
    suffix: str = ""  # "Jr.", "III" · LD honorificSuffix · CSL suffix
    organization: bool = False  # LD Organization instead of Person
    orcid: str = ""  # 0000-0002-1825-0097 · At author/uri and LD @id as https://orcid.org/…
    ror: str = ""  # https://ror.org/… · LD @id of an organisation
    email: str = ""  # never published in feeds
    url: str = ""  # LD url
    affiliation: str = ""  # LD affiliation (Organization)
    aliases: tuple[str, ...] = ()  # handles ("@ada") and other spellings; never published


class Attachment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that goes with a post: the paper's PDF, slides, a poster."""

    url: str  # At link rel=enclosure · RSS enclosure · LD encoding/contentUrl
    media_type: str  # At type · LD encodingFormat
    size: int | None = None  # bytes, when the file is at hand · At length · LD contentSize
    sha256: str = ""  # hex, when the file is at hand · LD sha256


class Post(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One post as its site publishes it."""

    source: str  # name of the configured source it came from
    path: str  # POSIX path below that source's folder, NFC
    url: str  # permalink · At link rel=alternate · RSS link · LD mainEntityOfPage
    title: str  # plain text · At title · RSS title · LD headline of a BlogPosting
    published: datetime  # At published · RSS pubDate
    own_page: bool = True  # False: nothing but a record is there, and `url` is the site's, with the record's key
    id: str = ""  # At id · RSS guid; settled by feeds.identity
    updated: datetime | None = None  # At updated · LD dateModified; settled by feeds.identity
    modified: datetime | None = None  # what the front matter says of the last change
    summary: str = ""  # plain text · At summary · RSS description · LD description
    html: str = ""  # clean, every URL absolute · At content · RSS content:encoded
    lang: str = ""  # BCP 47 · At xml:lang · LD inLanguage
    authors: tuple[Person, ...] = ()  # who posted it; the authors of the paper are Work.authors
    categories: tuple[str, ...] = ()  # At category · RSS category
    tags: tuple[str, ...] = ()  # At category · RSS category · LD keywords
    form: Form = "page"  # what it is made from; of several that tell of one work the page is published
    group: str = ""  # where the source keeps it: "posts", or the name of a Jekyll collection
    image: str = ""  # LD image · sitemap image:loc
    translation: str = ""  # what this text has in common with its translations · sitemap hreflang
    attachments: tuple[Attachment, ...] = ()
    redirects: tuple[str, ...] = ()  # absolute URLs the post had before (redirect_from)
    not_before: datetime | None = None  # held back until then; None: as soon as it is there
    expires: datetime | None = None  # withdrawn from then on
    in_feeds: bool = True  # front matter feed: false, hidden: true
    in_sitemap: bool = True  # front matter sitemap: false
    front: dict[str, Any] = {}  # front matter as JSON values; YAML dates as ISO 8601 text
    front_lines: dict[str, int] = {}  # key → its line in the file, from 1
    files: dict[str, str] = {}  # bare file name in the front matter → its absolute URL, where the source knows it
    body: str = ""  # Markdown as the site's Markdown engine gets it: Liquid resolved, attribute lists taken out
    body_lines: tuple[int, ...] = ()  # for each line of body the line of the file it came from, from 1


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing that a post says about its work, and where it says it."""

    field: str  # name of a field of Work
    value: str | bool | tuple[Person, ...]
    origin: Origin
    rule: str  # name of the rule that found it: "citation/volume-pages"
    line: int = 0  # line in the post's file, from 1; 0: no line (file name, derived)
    file: str = ""  # "source:path" of the record, or address of the service, that says it; "": the post itself
    confidence: float = 1.0  # 0…1, how sure the rule is of itself


class Work(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The scholarly work that a post is about: what the post says of it, nothing else."""

    kind: Kind = "article"  # LD @type · CSL type
    title: str = ""  # LD name, headline · CSL title
    authors: tuple[Person, ...] = ()  # LD author · CSL author
    authors_truncated: bool = False  # the post prints "…" or "et al."
    journal: str = ""  # LD isPartOf Periodical · CSL container-title · PRISM publicationName
    volume: str = ""  # LD PublicationVolume · CSL volume
    issue: str = ""  # LD PublicationIssue · CSL issue
    first_page: str = ""  # LD pageStart · CSL page
    last_page: str = ""  # in full ("732" "741", never "41") · LD pageEnd · CSL page
    article_number: str = ""  # LD pageStart · CSL number
    date: str = ""  # 2024, 2024-03 or 2024-03-01, as exact as known · LD datePublished · CSL issued
    doi: str = ""  # bare, lower case: 10.1038/… · LD @id, identifier · CSL DOI
    pmid: str = ""  # digits · LD identifier · CSL PMID
    pmcid: str = ""  # PMC… · LD identifier · CSL PMCID
    arxiv: str = ""  # 2101.01234, without version · LD identifier
    issn: str = ""  # 1234-567X · LD Periodical issn · CSL ISSN
    publisher: str = ""  # LD publisher · CSL publisher; for a thesis the institution
    preprint_doi: str = ""  # of the earlier preprint, when doi is another · LD isBasedOn
    preprint_server: str = ""  # bioRxiv, arXiv …
    abstract: str = ""  # plain text, paragraphs apart by a blank line, without its label · LD abstract · CSL abstract
    pdf: str = ""  # absolute URL · LD encoding; a bare file name when nothing says where it is served: never published
    license: str = ""  # URL · LD license
    event: str = ""  # of a talk or poster · LD recordedAt · CSL event-title
    location: str = ""  # of that event · CSL event-place
    urls: tuple[str, ...] = ()  # what the post links as this work: publisher, PubMed, code · LD sameAs, url


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post and the work behind it: what item exporters render."""

    post: Post
    work: Work | None = None  # None: the post is news, or says too little
    facts: tuple[Fact, ...] = ()  # the evidence, those that lost included
    collections: tuple[str, ...] = ()  # names of the configured collections it is in
    digest: str = ""  # hex, of what the post says, and others of its work; decides what counts as a change
    own: str = ""  # hex, of what the post alone says, where others say something; by it a moved post is known
    documents: tuple[Artifact, ...] = ()  # what exporters made of it before the one that gets it, without bodies
    listings: tuple[Listing, ...] = ()  # the list pages that it is on


class Listing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A collection that has a page with the list of its items."""

    title: str
    path: str  # its folder below the output; "" for everything
    name: str = ""  # of the configured collection; "" for everything
    each: str = ""  # what it has collections for: author, year …
    key: str = ""  # with `each`: what all spellings of the value have in common; of an author the ORCID iD, if known
    value: str = ""  # with `each`: the author, the year … as the item spells it
    count: int = 0  # of items, where it is known


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What site exporters see of an item: light, so that memory does not grow with the bodies."""

    id: str
    path: str  # "source:path" of the post
    url: str
    title: str  # of the work, else of the post
    kind: Kind
    published: datetime
    updated: datetime
    lang: str = ""
    authors: tuple[Person, ...] = ()  # of the work, else of the post: names, and whether they are organisations
    date: str = ""  # of the work
    doi: str = ""
    pdf: str = ""
    journal: str = ""
    image: str = ""
    translation: str = ""
    in_feeds: bool = True
    in_sitemap: bool = True
    collections: tuple[str, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()  # of collections with `each`: name, key of a value, the value itself
    exports: tuple[tuple[str, str], ...] = ()  # (path below the output, media type) of its item artifacts


class Site(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The site that the posts are published on, and where the exports go."""

    url: str  # with base path, without a final slash: https://example.org/lab
    feeds_url: str  # address of the output folder, without a final slash
    title: str
    description: str = ""
    language: str = "en"  # BCP 47
    timezone: str = "UTC"  # IANA
    icon: str = ""  # URL of a square picture · At icon · RSS image · JSON Feed icon
    license: str = ""  # URL · At link rel=license, of news rights · RSS dc:rights of news · LD license
    publisher: Person | None = None  # LD publisher · At, RSS holder of the rights in news
    hubs: tuple[str, ...] = ()  # of WebSub, told of every change · At, RSS link rel=hub · JSON Feed hubs
    feeds: tuple[Artifact, ...] = ()  # of everything, without bodies: pages lead to them · HTML link rel=alternate
    pages: bool = False  # has each work a page of ours?
    nested: bool = True  # LD isPartOf in pages: issue in volume in journal, or side by side


class Tombstone(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post that was published and is no more."""

    id: str  # At at:deleted-entry ref
    url: str
    when: datetime  # of the run that saw it gone · At at:deleted-entry when
    collections: tuple[str, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()  # Row.values of it


class Place(Struct, frozen=True, kw_only=True):
    """Where a document stands among the archive documents of its feed (RFC 5005, section 4)."""

    name: str = ""  # of an archive document, without folder and ending; "": the feed as it is now
    older: str = ""  # name of the archive document before it · At link rel=prev-archive · JSON Feed next_url
    newer: str = ""  # name of the archive document after it · At link rel=next-archive
    least: int = 1  # how many of its items, from the newest, no other document has


class Collection(Struct, frozen=True, kw_only=True):
    """The newest items of one feed; those of one archive document; all of them where the exporter's scope is "list"."""

    name: str  # "" for the feed of everything
    title: str
    path: str  # folder below the output: "", "collections/papers"
    items: Sequence[Item]  # newest first: by (published descending, id); those of a list are loaded one at a time
    updated: datetime  # of its newest change or removal, never "now"
    description: str = ""
    value: str = ""  # what all of its items have in common, where each tag, each author … has a collection
    gone: tuple[Tombstone, ...] = ()  # what it held once
    place: Place = Place()
    documents: tuple[Artifact, ...] = ()  # what exporters made of it before the one that gets it, without bodies
    each: str = ""  # what `value` is: author, year …
    listings: tuple[Listing, ...] = ()  # of everything: the other collections that have list pages
    pieces: Iterable[bytes] = ()  # what `Exporter.piece` makes of the items, of several joined, when there is one


class Catalog(Struct, frozen=True, kw_only=True):
    """The whole publication, one light row an item: what site exporters render."""

    rows: tuple[Row, ...]  # newest first
    collections: tuple[Collection, ...]  # without items
    feeds: tuple[tuple[str, Artifact], ...]  # (collection name, rendered feed without its body)
    lists: tuple[tuple[str, Artifact], ...] = ()  # (collection name, rendered list without its body)
    documents: tuple[Artifact, ...] = ()  # site documents rendered before this one, without their bodies
    updated: datetime


class Artifact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file to publish."""

    path: str  # POSIX, relative to the output, no "..", each part at most 255 bytes
    media_type: str  # with charset where it is text: "application/atom+xml; charset=utf-8"
    body: bytes = b""
    title: str = ""  # what a person would call it
    archive: bool = False  # an older part of a feed: nobody subscribes to it


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something a person should mend.  An error left the post out; a warning did not."""

    stage: Literal["read", "extract", "export", "publish"]
    where: str  # file or file:line
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"


class Detection(Struct, frozen=True, kw_only=True):
    """How sure a source is that a folder follows its convention, and why."""

    confidence: float  # 0…1
    reason: str


class Dates(Struct, frozen=True):
    """When a file came to be and when it was last changed, by the history of its repository."""

    created: datetime
    modified: datetime | None = None  # None: it has changes that are not committed


class Tree(Struct, frozen=True, kw_only=True):
    """A folder (or a single file of records) opened by a source: its posts, and what every one of them may need."""

    root: Path  # a folder; that of the file when a single file was opened
    paths: tuple[str, ...]  # posts, POSIX and relative to root, sorted; a record of a data file is "papers.bib#key"
    parts: Mapping[str, str] = {}  # path of a record → path of the file that it is in
    stamps: Mapping[str, str] = {}  # path → what else its reading depends on; for a record a digest of its own text
    history: Mapping[str, Dates] = {}  # file → its dates, where the whole history is at hand; set by `opening`
    fingerprint: str  # changes when anything but a post changes that the posts depend on
    static: tuple[str, ...] = ("",)  # folders below root whose files the site serves as they are
    site: Mapping[str, str] = {}  # what the folder says of itself: title, url, description, language, timezone
    people: tuple[Person, ...] = ()
    problems: tuple[Problem, ...] = ()
    data: Any = None  # the source's own; must pickle

    def file(self, path: str) -> Path:
        """The file on disk that holds the post at `path`."""
        return self.root / self.parts.get(path, path)


class Reading(Struct, frozen=True, kw_only=True):
    """What came of reading one path."""

    post: Post | None = None
    problems: tuple[Problem, ...] = ()
    depends: tuple[str, ...] = ()  # other paths below the root that the result depends on
    withheld: str = ""  # why there is deliberately no post ("draft", "published: false"), when that is so


# What may stand in the pattern of a source's addresses: https://example.org/blog/{year}/{slug}/
PLACEHOLDERS = ("path", "folder", "name", "slug", "year", "month", "day", "lang")


class SourceOptions(Struct, frozen=True, kw_only=True):
    """What config.yaml says of one source, defaults filled in."""

    name: str
    url: str = ""  # overrides the site's own address
    pattern: str = ""  # of every post's address, with PLACEHOLDERS: overrides the convention's own addresses
    include: tuple[str, ...] = ()  # gitignore patterns; empty: all that the convention takes
    exclude: tuple[str, ...] = ()
    pdf_base: str = ""  # absolute URL, or path below the site, that bare PDF file names are relative to
    drafts: bool = False
    unpublished: bool = False  # what says `published: false` as well: to look at by hand, never to publish
    timezone: str = ""  # overrides the site's own zone
    people: tuple[Person, ...] = ()


class Source(Struct, frozen=True, kw_only=True):
    """A site convention or a data format: how a folder or a file becomes posts.  Sources read; they never write."""

    name: str
    description: str
    detect: Callable[[Path], Detection | None]  # of a folder or a file; cheap: it looks at names, not into posts
    open: Callable[[Path, SourceOptions], Tree]
    read: Callable[[Tree, str, SourceOptions], Reading]


class Extractor(Struct, frozen=True, kw_only=True):
    """One kind of fact: what to look for in a post.  Pure: no clock, disk or network."""

    name: str
    find: Callable[[Post], Iterable[Fact]]


class Exporter(Struct, frozen=True, kw_only=True):
    """One format.  `render` gets what `scope` says, the site, and its options.

    "item": an Item.  "collection": a Collection with its newest items, as many as the option `limit` says.
    "list": a Collection with all of its items.  "site": the Catalog.
    """

    name: str
    description: str
    media_type: str
    scope: Literal["item", "collection", "list", "site"]
    options: type[Struct]
    render: Callable[[Any, Site, Any], Iterable[Artifact]]
    piece: Callable[[Item, Any], bytes] | None = (
        None  # of a list: what an item with these options adds, kept from run to run
    )
    names_others: bool = False  # it names documents of other exporters, so it is rendered after them


class NoOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """For an exporter with nothing to configure."""
