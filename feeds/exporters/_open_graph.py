"""Open Graph and its cards: what a link looks like where people share it.

https://ogp.me, with the properties of type article; https://developer.x.com/en/docs/x-for-websites/cards.
"""

from __future__ import annotations

import re

from feeds import text
from feeds.exporters._schema_org import moment
from feeds.exporters._tag import Tag, meta, meta_property
from feeds.exporters._work import keywords
from feeds.model import Item, Person, Site

GROUP = "open graph"
_LENGTH = 300  # characters of a description: more is shown nowhere


def tags(item: Item, site: Site, page: str) -> list[Tag]:
    """The properties of the page at `page`, which is about the item."""
    post, work = item.post, item.work
    about = post.summary or (work.abstract if work else "")
    image = post.image if text.is_web(post.image) else ""
    people = work.authors if work else post.authors
    return [
        *_tag("og:type", "article"),
        *_tag("og:title", (work.title if work else "") or post.title),
        *_tag("og:url", page),
        *_tag("og:site_name", site.title),
        *_tag("og:description", text.clip(text.squeeze(about), _LENGTH)),
        *_tag("og:image", image),
        *_tag("og:locale", locale(post.lang or site.language)),
        *_tag("article:published_time", moment(post.published)),
        *_tag("article:modified_time", moment(post.updated) if post.updated and post.updated > post.published else ""),
        *(tag for person in people for tag in _tag("article:author", _profile(person))),
        *(tag for word in keywords(post) for tag in _tag("article:tag", word)),
        *meta(GROUP, "twitter:card", "summary_large_image" if image else "summary"),
    ]


def _tag(name: str, content: str) -> list[Tag]:
    return meta_property(GROUP, name, content)


def locale(language: str) -> str:
    """ "en_GB"; "" where the language is known but not the country, which the format wants."""
    found = re.fullmatch(r"([a-z]{2,3})[-_](?:[A-Za-z]{4}[-_])?([A-Za-z]{2})", language)
    return f"{found[1]}_{found[2].upper()}" if found else ""


def _profile(person: Person) -> str:
    """An author's page: article:author is an address, not a name."""
    return f"https://orcid.org/{person.orcid}" if person.orcid else person.url if text.is_web(person.url) else ""
