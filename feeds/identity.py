"""Who an entry is and when it changed: ids that never change, and dates that tell the truth.

The ledger is what must survive for years: for each post that was ever published its id, the date it was first
published under and the last change seen, and a tombstone for each one that is gone.  It is kept in the published
manifest, so that the state may be thrown away.  Everything here is pure.
"""

from __future__ import annotations

from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import text
from feeds.model import SERVICES, Item, Post, Row, Site, Tombstone, Work


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What the ledger remembers of one published post."""

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    digest: str  # Item.digest of the last publication
    own: str = ""  # Item.own of it
    stated: str = ""  # the id that the front matter stated then; another one now is another id
    doi: str = ""  # of its work
    collections: tuple[str, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()  # Row.values of it


Ledger = Mapping[str, Entry]  # "source:path" → Entry
Traces = Mapping[tuple[object, ...], tuple[int, Entry]]  # what a post is known by → number of its entry, entry


def settle(item: Item, site: Site, entry: Entry | None, vanished: Traces, seen: datetime, now: datetime) -> Item:
    """`item` with its id, its digest and its date of last change.

    `entry` is what the ledger knows of this path; without one, the post may be one of `vanished` under a new name.
    `seen` is when the file was last written, as far as that is known: it dates a change that nothing else dates; when
    that would date it before the last change, it is dated `now`.
    """
    digest = _digest(item, site)
    own = _digest(replace(item, facts=()), site) if any(fact.file for fact in item.facts) else digest
    item = replace(item, digest=digest, own=own if own != digest else "")
    if entry is None:
        entry = _same_post(item, vanished)
    post = item.post
    stated = stated_id(post)
    ident = entry.id if entry and (entry.stated == stated or not stated) else stated or doi_id(item.work)
    ident = ident or tag_id(post.published, post.path, site)
    return replace(item, post=replace(post, id=ident, updated=_updated(item, entry, seen, now)))


def stated_id(post: Post) -> str:
    """The id that the front matter gives (`id`, `guid`), or ""."""
    for key in ("guid", "id"):
        value = post.front.get(key)
        if isinstance(value, str) and ":" in value and not any(c.isspace() for c in value):
            return text.iri_to_uri(text.canonical(value) if text.is_web(value) else value)
    return ""


def tag_id(published: datetime, path: str, site: Site) -> str:
    """A tag URI (RFC 4151) from the site's host, the date of publication and the path of the file."""
    host = urlsplit(site.url).hostname or "localhost"
    return f"tag:{host},{published.date().isoformat()}:{quote(path, safe='/-._~')}"


def moved(contents: Mapping[str, str], ledger: Ledger) -> dict[str, str]:
    """Posts whose text stood elsewhere when it was last published: "source:path" → the name it had.

    `contents` are the digests of what the posts that there are now say alone.  A text that several names had, or that
    its own name still has, has not moved.
    """
    left: dict[str, list[str]] = {}
    for key, entry in ledger.items():
        if contents.get(key) != (entry.own or entry.digest):
            left.setdefault(entry.own or entry.digest, []).append(key)
    found: dict[str, str] = {}
    for key, digest in sorted(contents.items()):
        if len(left.get(digest, ())) == 1:
            [found[key]] = left.pop(digest)
    return found


def without_twins(rows: Iterable[Row], ledger: Ledger, unread: Ledger, site: Site) -> dict[str, str]:
    """Ids that must change because another post has the same one: "source:path" → its new id.

    The id stays with the post that already had it (also one that cannot be read just now), else with a work rather
    than news, else with the older post.
    """
    owners: dict[str, list[Row]] = {}
    for row in rows:
        owners.setdefault(row.id, []).append(row)
    held = {entry.id for entry in unread.values()}
    taken = held | owners.keys()
    changed: dict[str, str] = {}
    for ident, twins in sorted(owners.items()):
        twins.sort(key=lambda row: _claim(row, ledger))
        for row in twins if ident in held else twins[1:]:
            changed[row.path] = _free(tag_id(row.published, row.path.partition(":")[2], site), taken)
            taken.add(changed[row.path])
    return changed


def _free(ident: str, taken: AbstractCollection[str]) -> str:
    """`ident`, or the first of ident#2, ident#3 … that nobody has (RFC 4151 allows a fragment)."""
    number = 1
    free = ident
    while free in taken:
        number += 1
        free = f"{ident}#{number}"
    return free


def _claim(row: Row, ledger: Ledger) -> tuple[bool, bool, datetime, str]:
    held = row.path in ledger and ledger[row.path].id == row.id
    return (not held, row.kind == "news", row.published, row.path)


def tombstones(dead: Ledger, now: datetime) -> tuple[Tombstone, ...]:
    """A tombstone for each of the `dead`, dated by the run that saw it gone."""
    when = text.fixed(now.astimezone(UTC))
    return tuple(
        Tombstone(id=e.id, url=e.url, when=when, collections=e.collections, values=e.values)
        for _, e in sorted(dead.items())
    )


def doi_id(work: Work | None) -> str:
    """The id that a work has by its DOI, or ""."""
    return f"https://doi.org/{text.iri_to_uri(work.doi)}" if work and work.doi else ""


def traces(entries: Iterable[Entry]) -> Traces:
    """Entries by what their posts would be known by under another file name: text, address, or title and date."""
    found: dict[tuple[object, ...], tuple[int, Entry]] = {}
    for number, entry in enumerate(entries):
        found.setdefault(("text", entry.own or entry.digest), (number, entry))
        found.setdefault(("url", entry.url), (number, entry))
        found.setdefault(("title", entry.title, entry.published), (number, entry))
    return found


def _same_post(item: Item, vanished: Traces) -> Entry | None:
    """The first of the vanished entries that this is under another file name."""
    post = item.post
    known_by = [("text", item.own or item.digest), *(("url", url) for url in post.redirects)]
    found = [vanished[trace] for trace in (*known_by, ("title", title(item), post.published)) if trace in vanished]
    return min(found, key=lambda numbered: numbered[0])[1] if found else None


def title(item: Item) -> str:
    """What the item is called: the work's title, else the post's."""
    return item.work.title if item.work and item.work.title else item.post.title


def _updated(item: Item, entry: Entry | None, seen: datetime, now: datetime) -> datetime:
    post = item.post
    if post.modified:
        return max(post.modified, post.published)
    if entry is None:
        return post.published
    if entry.digest == item.digest:
        return max(entry.updated, post.published)
    changed = seen if seen > entry.updated else now
    return max(text.fixed(changed.astimezone(UTC)), entry.updated, post.published)


# Front matter that says how or where a post is shown, not what it says.
_PRESENTATION = frozenset(
    "layout template permalink slug url redirect_from redirect_to excerpt_separator sitemap feed hidden "
    "last_modified_at modified updated lastmod".split()
)


def _digest(item: Item, site: Site) -> str:
    """Hash of what the post says: its front matter and text, and the files that go with it.

    Not of what is made of them: a better renderer is no change of content, nor is what a service adds.  Nor does the
    site's own address count, so that a move to https is none either.
    """
    post = item.post
    front = {key: value for key, value in post.front.items() if key not in _PRESENTATION}
    files = [attachment.sha256 for attachment in post.attachments]
    said: list[Any] = [front, post.title, post.published, post.body or post.html, files]
    others = [(fact.field, fact.value) for fact in item.facts if fact.file and fact.origin not in SERVICES]
    content = msgspec.json.encode([*said, others] if others else said, order="sorted")
    return text.digest(content.replace(site.url.encode(), b""))
