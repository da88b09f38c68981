"""What the posts of a run are to each other and to those of earlier runs: ids, the ledger, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from feeds import _groups, identity, merging, one_post, text
from feeds.errors import PublishError
from feeds.identity import Entry
from feeds.merging import Evidence
from feeds.model import Fact, Item, Row, Tombstone
from feeds.one_post import Context, Job, Outcome
from feeds.publish import Manifest
from feeds.settings import Config
from feeds.state import Known

Load = Callable[[str], Item]  # "source:path" → its item
Text = Callable[[str], bytes]  # "source:path" → its item as JSON
Answers = Mapping[str, tuple[Fact, ...]]  # "source:path" → what services say of its work


def rows(known: Mapping[str, Known], now: datetime) -> list[Row]:
    """The light rows of all that is to be seen, newest first; in one order for one set of posts."""
    seen = [k.row for k in known.values() if k.row and one_post.shown(k, now)]
    return sorted(sorted(seen, key=lambda row: (row.id, row.path)), key=lambda row: row.published, reverse=True)


def moved(known: Mapping[str, Known], manifest: Manifest) -> list[Job]:
    """Jobs for posts whose text stood under another name, and for those that took over such a name.

    A worker knows one post; that two files changed names with each other is seen only here.
    """
    contents = {key: k.own or k.content for key, k in known.items() if k.content}
    taken = identity.moved(contents, manifest.posts)
    jobs = [_job(key, entry=manifest.posts[old]) for key, old in sorted(taken.items())]
    left = sorted(set(taken.values()) - taken.keys())
    return jobs + [_job(key) for key in left if key in contents]


def joined(known: Mapping[str, Known], context: Context) -> dict[str, list[str]]:
    """Of the posts to be seen those that tell of the same work as others: who is published → the others."""
    claims = {key: k.claim for key, k in known.items() if k.row and k.claim and one_post.due(k, context.now)}
    return merging.groups(claims, tuple(context.trees))


def absorbed(known: Mapping[str, Known], groups: Mapping[str, Sequence[str]], item: Text) -> Iterator[Outcome]:
    """Outcomes for the posts that another one is published in place of from now on."""
    for first, others in sorted(groups.items()):
        for key in others:
            if known[key].absorbed != first:
                yield Outcome(key=key, known=replace(known[key], absorbed=first, rendering=""), item=item(key))


def merged(
    known: Mapping[str, Known], manifest: Manifest, groups: Mapping[str, Sequence[str]], load: Load
) -> list[Job]:
    """Jobs for posts of whose work others say something else than they did, and for those that stand alone again."""
    told = {key for others in groups.values() for key in others}
    alone = [key for key, k in sorted(known.items()) if key not in told and k.row]
    changed = [key for key in alone if known[key].absorbed or known[key].evidence != _digest(key, known, groups)]
    return [_job(key, _entry(key, manifest), evidence=_evidence(key, known, groups, load)) for key in changed]


def _digest(key: str, known: Mapping[str, Known], groups: Mapping[str, Sequence[str]]) -> str:
    """What the others of a group say, as a digest; "" where there are none."""
    others = [(other, known[other]) for other in groups.get(key, ())]
    said = [f"{other} {k.own or k.content} {k.fingerprint}" for other, k in others]
    return text.digest("\n".join(said).encode()) if said else ""


def _evidence(
    key: str,
    known: Mapping[str, Known],
    groups: Mapping[str, Sequence[str]],
    load: Load,
    answers: Answers | None = None,
) -> Evidence:
    facts = tuple(fact for other in groups.get(key, ()) for fact in merging.evidence(other, load(other)))
    said = (answers or {}).get(key, ())
    return Evidence(_digest(key, known, groups), facts, _answered(said), said)


def wanted(known: Mapping[str, Known], now: datetime) -> dict[str, str]:
    """What may be asked about the works of the posts to be seen: "source:path" → enrichment.Wanted as JSON."""
    return {key: k.wanted for key, k in sorted(known.items()) if k.wanted and one_post.shown(k, now)}


def enriched(
    known: Mapping[str, Known], manifest: Manifest, groups: Mapping[str, Sequence[str]], load: Load, answers: Answers
) -> list[Job]:
    """Jobs for posts of whose work services say something else than they did."""
    own = [key for key, k in sorted(known.items()) if k.row and not k.absorbed]
    changed = [key for key in own if known[key].answered != _answered(answers.get(key, ()))]
    return [_job(key, _entry(key, manifest), evidence=_evidence(key, known, groups, load, answers)) for key in changed]


def _answered(facts: Sequence[Fact]) -> str:
    return text.digest(msgspec.json.encode(facts)) if facts else ""


def _entry(key: str, manifest: Manifest) -> Entry | None:
    return manifest.posts.get(key) or manifest.gone.get(key)


def twins(
    known: Mapping[str, Known],
    seen: Sequence[Row],
    manifest: Manifest,
    groups: Mapping[str, Sequence[str]],
    context: Context,
    load: Load,
    answers: Answers,
) -> list[Job]:
    """Jobs for posts that must have another id than the one they would take; `seen` are their rows."""
    changed = identity.without_twins(seen, manifest.posts, unread(known, manifest), context.site)
    return [
        _job(key, manifest.posts.get(key), ident, _evidence(key, known, groups, load, answers))
        for key, ident in sorted(changed.items())
    ]


def listed(
    known: Mapping[str, Known],
    seen: Sequence[Row],
    manifest: Manifest,
    config: Config,
    context: Context,
    item: Text,
) -> list[Job]:
    """Jobs for the items whose pages name other list pages than those that they are on; `seen` are their rows.

    Where the page of an author lies depends on who else has that name: it is settled when all posts are known.
    """
    if not context.paged:
        return []
    _, _, graves = ledger(known, seen, manifest, context.now)
    right = _groups.listings(seen, graves, config)
    digests = {key: one_post.digest_of_listings(listings) for key, listings in right.items()}
    changed = [key for key in sorted(row.path for row in seen) if known[key].listed != digests.get(key, "")]
    return [replace(_job(key), known=known[key], item=item(key), listings=right.get(key, ())) for key in changed]


def _job(key: str, entry: Entry | None = None, ident: str = "", evidence: Evidence | None = None) -> Job:
    source, _, path = key.partition(":")
    return Job(source=source, path=path, entry=entry, ident=ident, evidence=evidence)


def unread(known: Mapping[str, Known], manifest: Manifest) -> dict[str, Entry]:
    """Entries of published posts that could not be read in this run.

    They keep their id and their files: they are mended sooner or later, and a typing error must not tell the world
    that a paper is gone.
    """
    broken = {key for key, k in known.items() if k.row is None and not k.withheld}
    return {key: entry for key, entry in manifest.posts.items() if key in broken}


def ledger(
    known: Mapping[str, Known], seen: Sequence[Row], manifest: Manifest, now: datetime
) -> tuple[dict[str, Entry], dict[str, Entry], tuple[Tombstone, ...]]:
    """The ledger after this run: of what is published (`seen` are its rows), of what once was, and the tombstones."""
    living = unread(known, manifest)
    for row in seen:
        post = known[row.path]
        living[row.path] = Entry(
            id=row.id,
            url=row.url,
            title=row.title,
            published=row.published,
            updated=row.updated,
            digest=post.content,
            own=post.own,
            stated=post.stated,
            doi=row.doi,
            collections=row.collections,
            values=row.values,
        )
    ids = {entry.id for entry in living.values()}
    dead = {key: manifest.posts[key] for key in sorted(manifest.posts.keys() - living.keys())}
    buried = {key: entry for key, entry in dead.items() if entry.id not in ids}
    gone = {key: e for key, e in {**manifest.gone, **buried}.items() if key not in living and e.id not in ids}
    graves = [t for t in manifest.tombstones if t.id not in ids]
    return living, gone, (*graves, *identity.tombstones(buried, now))


def refuse_to_shrink(known: Mapping[str, Known], seen: Sequence[Row], manifest: Manifest, now: datetime) -> None:
    """Raises PublishError when more than half of a source's published posts would disappear, for whatever reason.

    A folder that is not mounted, a wrong clock, a default that withholds everything and a faulty plugin all look
    like this.  Posts that have expired do not count: that was said beforehand.
    """
    ids = {row.id for row in seen}
    sources: dict[str, list[str]] = {}
    for key in manifest.posts:
        sources.setdefault(key.partition(":")[0], []).append(key)
    for source, keys in sorted(sources.items()):
        lost = [k for k in keys if manifest.posts[k].id not in ids and not _foreseen(known.get(k), now)]
        if len(lost) * 2 > len(keys):
            raise PublishError(
                f"{len(lost)} of {len(keys)} published posts of source {source!r} would disappear; "
                "nothing was published",
                hint="if that is meant, run once with --allow-shrink (with --dry-run it lists what would be removed)",
            )


def _foreseen(known: Known | None, now: datetime) -> bool:
    """Has a post expired, or is another one published in its place?"""
    expired = known and known.expires and known.expires <= now
    return bool(known and (expired or known.absorbed))
