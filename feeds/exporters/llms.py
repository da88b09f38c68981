"""llms.txt: what the site is and what is on it, in Markdown, for language models.

https://llmstxt.org: a heading with the name, a quotation that says what it is, then lists of links under headings,
each link with a note behind a colon; what stands under "Optional" may be skipped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta, Struct

from feeds.exporters._work import doi_url
from feeds.model import Artifact, Catalog, Exporter, Row, Site
from feeds.text import address, iri_to_uri, is_web, squeeze

MEDIA_TYPE = "text/markdown; charset=utf-8"

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")
_AUTHORS = 3  # names of one item; more of them are "et al."
_SECTIONS = (  # heading, the kinds below it
    ("Publications", {"article", "preprint", "review", "thesis", "chapter", "book", "report"}),
    ("Talks and posters", {"talk", "poster"}),
    ("News", {"news"}),
)


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is listed."""

    limit: Annotated[int, Meta(ge=1)] = 500  # newest items


def _render(catalog: Catalog, site: Site, options: Options) -> Iterator[Artifact]:
    rows = [row for row in catalog.rows if row.in_sitemap and is_web(row.url)][: options.limit]
    if not rows:
        return
    parts = [f"# {_plain(site.title)}"]
    if site.description:
        parts.append(f"> {_plain(site.description)}")
    for heading, kinds in _SECTIONS:
        if listed := [_item(row) for row in rows if row.kind in kinds]:
            parts.append("\n".join([f"## {heading}", "", *listed]))
    if documents := list(_documents(catalog, site)):
        parts.append("\n".join(["## Optional", "", *documents]))
    body = "\n\n".join(parts) + "\n"
    yield Artifact(path="llms.txt", media_type=MEDIA_TYPE, body=body.encode(), title="llms.txt")


def _item(row: Row) -> str:
    names = [_plain(person.name) for person in row.authors[:_AUTHORS]]
    who = ", ".join(names) + (" et al." if len(row.authors) > _AUTHORS else "")
    when = row.date or row.published.date().isoformat()
    note = ". ".join(part.rstrip(".") for part in (who, _plain(row.journal), when, doi_url(row.doi)) if part)
    return f"- {_link(row.title or row.url, row.url)}: {note}"


def _documents(catalog: Catalog, site: Site) -> Iterator[str]:
    """The feeds of everything and the documents of the whole, each under a name that no other has."""
    feeds = [artifact for name, artifact in (*catalog.feeds, *catalog.lists) if not name]
    artifacts = list(_each_once((*feeds, *catalog.documents)))
    titles = Counter(artifact.title for artifact in artifacts)
    for artifact in artifacts:
        alone = titles[artifact.title] == 1 or not artifact.title
        title = artifact.title if alone else f"{artifact.title} ({artifact.path})"
        yield f"- {_link(title or artifact.path, address(site.feeds_url, artifact.path))}"


def _each_once(artifacts: Iterable[Artifact]) -> Iterable[Artifact]:
    """Without robots.txt and its like, which are for programs that look for them."""
    return {one.path: one for one in artifacts if not one.media_type.startswith("text/plain")}.values()


def _link(text: str, url: str) -> str:
    address = iri_to_uri(url).replace("(", "%28").replace(")", "%29")
    return f"[{_plain(text)}]({address})"


def _plain(text: str) -> str:
    """`text` on one line, as Markdown that means nothing but its characters."""
    return _MARKUP.sub(r"\\\1", squeeze(text))


EXPORTER = Exporter(
    name="llms",
    description="llms.txt: what is on the site, for language models",
    media_type=MEDIA_TYPE,
    scope="site",
    options=Options,
    render=_render,
    names_others=True,
)
