"""CSL-JSON 1.0.2, what citation processors and reference managers read: a file an item, and one of all works.

https://docs.citationstyles.org/en/stable/specification.html (appendices III and IV) and the input schema,
https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json.
What CSL has no variable for stands under `custom`, as the schema wants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from feeds.exporters._exchange import SEPARATOR, array, of_list
from feeds.exporters._work import keywords, own_page
from feeds.model import Artifact, Collection, Exporter, Item, Kind, NoOptions, Person, Post, Site, Work
from feeds.text import is_web, output_path

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"

TYPES: dict[Kind, str] = {
    "article": "article-journal",
    "preprint": "article",
    "review": "article-journal",
    "thesis": "thesis",
    "chapter": "chapter",
    "book": "book",
    "report": "report",
    "talk": "speech",
    "poster": "speech",
    "news": "post-weblog",
}
_GENRES: dict[Kind, str] = {"preprint": "Preprint", "poster": "Poster"}
_SURE = 0.8  # confidence that an occasion is one: other facts about it hold for talks only
_TOLD_APART = frozenset({"review", "poster"})  # kinds that share their CSL type with another: named in `custom`


def record(item: Item, source: str) -> dict[str, Any]:
    """The item as one CSL-JSON item; `source`, where it was read, goes to `custom.source` ("": nowhere)."""
    return _filled(_members(item, source))


def _members(item: Item, source: str) -> dict[str, Any]:
    return _news(item, source) if item.work is None else _work(item.post, item.work, source)


def _work(post: Post, work: Work, source: str) -> dict[str, Any]:
    server = work.preprint_server if work.kind == "preprint" else ""
    return {
        "id": post.id or post.url,
        "type": TYPES[work.kind],
        "title": work.title or post.title,
        "author": [_name(person) for person in work.authors if person.name],
        "issued": _date(work.date),
        "container-title": work.journal,
        "volume": work.volume,
        "issue": work.issue,
        "page": f"{work.first_page}-{work.last_page}" if work.first_page and work.last_page else work.first_page,
        "number": work.article_number,
        "publisher": work.publisher or server,
        "genre": _GENRES.get(work.kind, ""),
        "event-title": work.event,
        "event-place": work.location,
        "DOI": work.doi,
        "PMID": work.pmid,
        "PMCID": work.pmcid,
        "ISSN": work.issn,
        "URL": own_page(post),
        "language": post.lang,
        "keyword": ", ".join(keywords(post)),
        "abstract": work.abstract,
        "custom": {
            "source": source,
            "kind": work.kind if work.kind in _TOLD_APART else "",
            "arxiv": work.arxiv,
            "preprint_doi": work.preprint_doi,
            "preprint_server": work.preprint_server,
            "pdf": work.pdf,
            "license": work.license,
            "urls": list(work.urls),
            "authors_truncated": work.authors_truncated,
        },
    }


def _news(item: Item, source: str) -> dict[str, Any]:
    """News has no work, but what it links and the occasion that it surely announces are among the facts."""
    post = item.post
    urls = dict.fromkeys(fact.value for fact in item.facts if fact.field == "urls" and isinstance(fact.value, str))
    pdfs = (fact.value for fact in item.facts if fact.field == "pdf")
    preprint = {field: _only(item, field) for field in ("arxiv", "preprint_doi", "preprint_server")}
    return {
        "id": post.id or post.url,
        "type": TYPES["news"],
        "title": post.title,
        "author": [_name(person) for person in _signed_by(post) if person.name],
        "event-title": _only(item, "event", least=_SURE),
        "event-place": _only(item, "location", least=_SURE),
        "issued": _date(post.published.date().isoformat()),
        "URL": post.url,
        "language": post.lang,
        "keyword": ", ".join(keywords(post)),
        "custom": {"source": source, **preprint, "pdf": next(pdfs, ""), "urls": list(urls)},
    }


def _only(item: Item, field: str, least: float = 0) -> str:
    """The value that every fact about a field agrees on; "" when there are several: news may speak of many works."""
    values = {fact.value for fact in item.facts if fact.field == field and fact.confidence >= least}
    return str(values.pop()) if len(values) == 1 else ""


def _signed_by(post: Post) -> tuple[Person, ...]:
    """The authors whom a post names.  A handle is an account, not a name below a text.

    A group's news is put up by whoever runs the site: with a handle's person as its author, a congratulation would be
    cited as if it were that person's own, by a name which a reader of the post finds nowhere.
    """
    stated = post.front.get("authors") or post.front.get("author")
    by_handle = any(
        isinstance(x, str) and x.startswith("@") for x in (stated if isinstance(stated, list) else [stated])
    )
    return () if by_handle else post.authors


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    """Nothing empty, `custom` included."""
    custom = {name: value for name, value in members["custom"].items() if value}
    return {name: value for name, value in (members | {"custom": custom}).items() if value}


def _name(person: Person) -> dict[str, str]:
    if person.organization or not person.family:
        return {"literal": person.name}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {name: value for name, value in parts.items() if value}


def _date(value: str) -> dict[str, Any]:
    """2019, 2019-08 or 2019-08-27 as date-parts, as exact."""
    return {"date-parts": [[int(part) for part in value.split("-")]]} if value else {}


def _encoded(item: Item) -> tuple[bytes, str]:
    """What is published of an item, and its title."""
    members = _members(item, "")
    if not is_web(members["custom"]["pdf"]):  # a bare file name is never published
        members["custom"]["pdf"] = ""
    data = _filled(members)
    return msgspec.json.format(msgspec.json.encode(data), indent=2), data.get("title", "")


def _render_item(item: Item, site: Site, _options: NoOptions) -> Iterator[Artifact]:
    body, title = _encoded(item)
    path = output_path(item.post.url, ".csl.json", site.url)
    yield Artifact(path=path, media_type=MEDIA_TYPE, body=body + b"\n", title=title)


def piece(item: Item, _options: NoOptions) -> bytes:
    """What a work adds to a list; b"" for an item without a work."""
    return _encoded(item)[0] + SEPARATOR if item.work else b""


def _render_list(collection: Collection, _site: Site, options: NoOptions) -> list[Artifact]:
    return of_list(collection, ".csl.json", MEDIA_TYPE, array(collection, piece, options))


EXPORTER = Exporter(
    name="csl-json",
    description="CSL-JSON of each item, for reference managers",
    media_type=MEDIA_TYPE,
    scope="item",
    options=NoOptions,
    render=_render_item,
)

LIST = Exporter(
    name="csl-json-list",
    description="CSL-JSON of all works of a collection",
    media_type=MEDIA_TYPE,
    scope="list",
    options=NoOptions,
    render=_render_list,
    piece=piece,
)
