"""Ids that never change, and dates that tell the truth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from feeds import identity
from feeds.identity import Entry
from feeds.model import Item, Kind, Post, Row, Site, Work

SITE = Site(url="https://lab.example.org", feeds_url="https://lab.example.org", title="Lab")
DAY = datetime(2020, 5, 1, tzinfo=UTC)
LATER = datetime(2021, 6, 2, 10, tzinfo=UTC)
LATEST = datetime(2022, 7, 3, tzinfo=UTC)


def item(work: Work | None = None, **post: Any) -> Item:
    given: dict[str, Any] = {
        "source": "s",
        "path": "_posts/2020-05-01-a.md",
        "url": "https://lab.example.org/a/",
        "title": "A",
        "published": DAY,
        "body": "Text.",
    }
    return Item(post=Post(**{**given, **post}), work=work)


def settle(i: Item, entry: Entry | None = None, vanished: tuple[Entry, ...] = (), seen: datetime = LATER) -> Post:
    return identity.settle(i, SITE, entry, identity.traces(vanished), seen, LATEST).post


def remembered(i: Item, **changes: Any) -> Entry:
    settled = identity.settle(i, SITE, None, {}, LATER, LATEST)
    post = settled.post
    given = {
        "id": post.id,
        "url": post.url,
        "title": post.title,
        "published": post.published,
        "updated": post.published,
    }
    return Entry(**{**given, "digest": settled.digest, **changes})


def test_the_front_matter_names_the_id() -> None:
    """`guid` or `id` in the front matter is the id, even against the ledger."""
    stated = item(front={"id": "tag:old.example.org,2019:a"})
    assert settle(stated, remembered(item())).id == "tag:old.example.org,2019:a"
    assert settle(item(front={"guid": "HTTPS://Lab.Example.ORG/x"})).id == "https://lab.example.org/x"
    assert settle(item(front={"id": "17"})).id.startswith("tag:")


def test_a_work_is_its_doi() -> None:
    """Without a stated id the DOI is the id."""
    assert settle(item(Work(doi="10.5555/a.1"))).id == "https://doi.org/10.5555/a.1"


def test_anything_else_gets_a_tag_uri() -> None:
    """RFC 4151: the authority, the date and the path it was first published under."""
    assert settle(item()).id == "tag:lab.example.org,2020-05-01:_posts/2020-05-01-a.md"
    assert settle(item(path="_posts/ä b.md")).id == "tag:lab.example.org,2020-05-01:_posts/%C3%A4%20b.md"


def test_an_id_once_given_stays() -> None:
    """Neither a DOI that comes later nor another date or domain changes the id."""
    first = remembered(item())
    assert settle(item(Work(doi="10.5555/a.1"), published=LATER), first).id == first.id


def test_a_renamed_file_keeps_its_id() -> None:
    """A vanished post with the same text, title and date, or old address is this one."""
    first = remembered(item())
    same_text = item(path="_posts/2020-05-02-b.md", published=DAY)
    new_title = item(path="b.md", title="B", body="New.", redirects=("https://lab.example.org/a/",))
    new_text = item(path="b.md", body="Quite another text.")
    for renamed in (same_text, new_title, new_text):
        assert settle(renamed, None, (first,)).id == first.id
    stranger = item(path="c.md", title="C", body="Else.")
    assert settle(stranger, None, (first,)).id != first.id


def test_updated_is_the_date_of_publication_at_first() -> None:
    """A file's time stamp is no news: a fresh clone updates nothing."""
    assert settle(item(), seen=LATEST).updated == DAY


def test_updated_moves_only_with_the_content() -> None:
    """A change of text is dated by the file; its date then stays."""
    first = remembered(item())
    assert settle(item(), first, seen=LATEST).updated == DAY
    changed = settle(item(body="More text."), first, seen=LATER)
    assert changed.updated == LATER
    assert (
        settle(item(body="More text."), remembered(item(body="More text."), updated=LATER), seen=LATEST).updated
        == LATER
    )


def test_the_front_matter_dates_a_change() -> None:
    """last_modified_at is the truth, but no post changes before it is published."""
    first = remembered(item())
    assert settle(item(modified=LATER), first, seen=LATEST).updated == LATER
    assert settle(item(modified=datetime(2019, 1, 1, tzinfo=UTC))).updated == DAY


def test_how_a_post_is_shown_is_no_change_of_content() -> None:
    """Layout, permalink and the site's address do not update an entry."""
    first = remembered(item(front={"layout": "post"}, body="See https://lab.example.org/x."))
    moved = Site(url="http://old.example.net", feeds_url="http://old.example.net", title="Lab")
    again = item(front={"layout": "page", "permalink": "/b/"}, body="See http://old.example.net/x.")
    assert identity.settle(again, moved, first, {}, LATEST, LATEST).post.updated == DAY


def row(path: str, ident: str, kind: Kind = "article", published: datetime = DAY) -> Row:
    return Row(id=ident, path=path, url="u", title="t", kind=kind, published=published, updated=published)


def test_of_two_posts_with_one_id_the_work_keeps_it() -> None:
    """A news item about a paper does not take the paper's DOI as its id."""
    doi = "https://doi.org/10.5555/a.1"
    changed = identity.without_twins(
        [row("s:news.md", doi, "news"), row("s:paper.md", doi, published=LATER)], {}, {}, SITE
    )
    assert changed == {"s:news.md": "tag:lab.example.org,2020-05-01:news.md"}


def test_of_two_posts_with_one_id_the_one_that_had_it_keeps_it() -> None:
    """What the ledger says goes before everything else."""
    doi = "https://doi.org/10.5555/a.1"
    ledger = {"s:news.md": remembered(item(), id=doi)}
    changed = identity.without_twins([row("s:news.md", doi, "news"), row("s:paper.md", doi)], ledger, {}, SITE)
    assert list(changed) == ["s:paper.md"]


def test_an_id_is_never_given_twice() -> None:
    """Neither that of a post that cannot be read just now, nor a tag that another post has."""
    doi = "https://doi.org/10.5555/a.1"
    unread = {"s:broken.md": remembered(item(), id=doi)}
    assert list(identity.without_twins([row("s:a.md", doi)], {}, unread, SITE)) == ["s:a.md"]
    tag = "tag:lab.example.org,2020-05-01:a.md"
    changed = identity.without_twins([row("s:a.md", tag), row("t:a.md", tag)], {}, {}, SITE)
    assert changed == {"t:a.md": tag + "#2"}


def test_texts_that_changed_their_names() -> None:
    """Swapped, shifted along a chain, or renamed with another post under the old name."""

    def entry(digest: str) -> Entry:
        return remembered(item(), digest=digest)

    ledger = {"a": entry("A"), "b": entry("B")}
    assert identity.moved({"a": "B", "b": "A"}, ledger) == {"a": "b", "b": "a"}
    assert identity.moved({"b": "A", "c": "B"}, ledger) == {"b": "a", "c": "b"}
    assert identity.moved({"a": "new", "b": "B", "c": "A"}, ledger) == {"c": "a"}
    assert identity.moved({"a": "A", "b": "B", "c": "A"}, ledger) == {}
    assert identity.moved({"c": "A"}, {"a": entry("A"), "b": entry("A")}) == {}


def test_a_change_is_never_dated_before_the_last_one() -> None:
    """A file with an old time stamp changed now."""
    before = remembered(item(), updated=LATER)
    assert settle(item(body="Older file."), before, seen=DAY).updated == LATEST


def test_tombstones_say_when() -> None:
    """A tombstone for each of the dead, dated by the run that saw it gone."""
    graves = identity.tombstones({"s:a.md": remembered(item())}, LATER)
    assert [(g.id, g.when) for g in graves] == [("tag:lab.example.org,2020-05-01:_posts/2020-05-01-a.md", LATER)]
