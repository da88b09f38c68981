"""Dublin Core in HTML, named as Open Journal Systems names it: what repositories and library tools look for.

https://www.dublincore.org/specifications/dublin-core/dcq-html/ and the Dublin Core plugin of OJS, without the attribute
`scheme`, which HTML has no more.  Works only.
"""

from __future__ import annotations

from feeds.exporters._tag import Tag, link, meta
from feeds.exporters._work import keywords, pages
from feeds.model import Item, Site
from feeds.text import rfc3339

GROUP = "dublin core"


def tags(item: Item, site: Site, page: str) -> list[Tag]:
    """The elements of a work that is known, behind the link that says what "DC." means."""
    post, work = item.post, item.work
    if work is None or work.kind == "news":
        return []
    lang = post.lang or site.language
    modified = rfc3339(post.updated)[:10] if post.updated and post.updated > post.published else ""
    elements = [
        *_tag("Title", work.title or post.title, lang=lang),
        *(tag for person in work.authors for tag in _tag("Creator.PersonalName", person.name)),
        *_tag("Date.issued", work.date),
        *_tag("Date.modified", modified),
        *_tag("Description", work.abstract or post.summary, lang=lang),
        *_tag("Identifier.DOI", work.doi),
        *_tag("Identifier.URI", page),
        *_tag("Identifier.pageNumber", pages(work)),
        *_tag("Language", lang.partition("-")[0]),
        *_tag("Publisher", work.publisher or (work.preprint_server if work.kind == "preprint" else "")),
        *_tag("Rights", work.license),
        *_tag("Source", work.journal),
        *_tag("Source.ISSN", work.issn),
        *_tag("Source.Volume", work.volume),
        *_tag("Source.Issue", work.issue),
        *(tag for word in keywords(post) for tag in _tag("Subject", word, lang=lang)),
        *_tag("Type", "Text.Serial.Journal" if work.kind in {"article", "review"} and work.journal else "Text"),
    ]
    return [*link(GROUP, "schema.DC", "http://purl.org/dc/elements/1.1/"), *elements]


def _tag(name: str, content: str, **attributes: str) -> list[Tag]:
    return meta(GROUP, f"DC.{name}", content, **attributes)
