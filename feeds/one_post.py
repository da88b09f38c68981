"""One post's worth of work: read it, find its facts, settle the work and the identity, render what goes with it.

This is what a worker does.  Its context is handed over once a process; a job names the post and what was known
of it, an outcome carries everything that came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import _groups, identity, merging, publish, registry, selection, text
from feeds.attaching import attachments_of
from feeds.errors import FeedsError, TemplateError
from feeds.identity import Entry, Traces
from feeds.merging import Evidence
from feeds.model import (
    Artifact,
    Fact,
    Item,
    Listing,
    Person,
    Post,
    Problem,
    Reading,
    Row,
    Site,
    SourceOptions,
    Tree,
    Work,
)
from feeds.publish import File, Staged, Target
from feeds.scholarly.people import in_parts
from feeds.scholarly.resolve import extract, resolve
from feeds.settings import CollectionConfig, Export
from feeds.state import Known, Stat, stat_of

LARGE = 100_000_000  # bytes of a file that counts as changed when its time stamp does
RACY_NS = 2_000_000_000  # a file written this shortly before it was read may be written again at the same mtime


class Context(Struct, frozen=True, kw_only=True):
    """What every post of a run needs."""

    trees: dict[str, Tree]
    kinds: dict[str, str]  # source → name of its convention
    options: dict[str, SourceOptions]
    fingerprints: dict[str, str]  # source → of what its readings depend on
    rendering: str  # fingerprint of what item artifacts depend on
    site: Site
    collections: tuple[CollectionConfig, ...]
    exports: tuple[Export, ...]  # of item scope
    paged: tuple[CollectionConfig, ...]  # whose list pages a work names, that of everything among them
    enrich: bool  # are services asked for what posts leave open?
    vanished: Traces  # of the ledger's posts whose files are gone
    target: Target
    files: Mapping[str, File]  # of the manifest
    there: Mapping[str, int]  # sizes found in the output
    now: datetime
    documents: str  # fingerprint of what feeds and site documents depend on, apart from the posts


class Job(Struct, frozen=True, kw_only=True):
    """A post to read, or an item to render again."""

    source: str
    path: str
    entry: Entry | None = None
    known: Known | None = None
    item: bytes = b""  # its Item as JSON, when that was read before and is still good: it is only rendered
    evidence: Evidence | None = None  # what others say of its work
    listings: tuple[Listing, ...] | None = None  # the list pages that it is on; None: not settled yet
    ident: str = ""  # the id it must have, when the run settled that another post keeps the one it would take

    @property
    def key(self) -> str:
        """ "source:path", the post's name in the state and in the manifest."""
        return f"{self.source}:{self.path}"


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a job."""

    key: str
    known: Known
    item: bytes = b""  # its Item as JSON; b"" when there is no post
    staged: tuple[Staged, ...] = ()
    failed: tuple[str, ...] = ()  # exporters that failed: their last files stay

    def __reduce__(self) -> tuple[Callable[..., Outcome], tuple[str, bytes, bytes]]:
        """Pickled as JSON, which takes a fifth of the time: every post's comes from another process."""
        return _unpickled, (self.key, msgspec.json.encode((self.known, self.staged, self.failed)), self.item)


_packed = msgspec.json.Decoder(tuple[Known, tuple[Staged, ...], tuple[str, ...]])


def _unpickled(key: str, packed: bytes, item: bytes) -> Outcome:
    known, staged, failed = _packed.decode(packed)
    return Outcome(key=key, known=known, item=item, staged=staged, failed=failed)


_context: Context


def begin(context: Context) -> None:
    """Set the context of this process."""
    global _context
    _context = context


def process(jobs: Sequence[Job]) -> list[Outcome]:
    """Do the jobs.  Never raises for a bad post: that is a Problem in its outcome."""
    return [_process(job, _context) for job in jobs]


def lost(job: Job, context: Context) -> Outcome:
    """The outcome of a job that killed its process; it is not tried again until its file changes."""
    problem = Problem(
        stage="read",
        where=job.path,
        message="reading this post ended the process that read it",
        hint="please report it, with the file",
    )
    file = context.trees[job.source].file(job.path)
    known = Known(
        stat=stat_of(file) or Stat(0, 0, 0),
        digest=_content(context.trees[job.source], job.path),
        fingerprint=context.fingerprints[job.source],
        stamp=context.trees[job.source].stamps.get(job.path, ""),
        problems=(problem,),
    )
    return Outcome(key=job.key, known=known)


def _process(job: Job, context: Context) -> Outcome:
    try:
        if job.item and job.known is not None:
            return _render(job, _named(msgspec.json.decode(job.item, type=Item), job.ident), job.known, context)
        return _read(job, context)
    except FeedsError:  # the output cannot be written: no post's fault
        raise
    except Exception as error:
        problem = Problem(
            stage="extract",
            where=job.path,
            message=f"unexpected {type(error).__name__}: {error}",
            hint="this is a defect in feeds or in a plugin: please report it, with the file",
        )
        return Outcome(key=job.key, known=_nothing(problem))


def _nothing(problem: Problem) -> Known:
    return Known(stat=Stat(0, 0, 0), digest="", fingerprint="", problems=(problem,))


def _read(job: Job, context: Context) -> Outcome:
    tree, options = context.trees[job.source], context.options[job.source]
    file = tree.file(job.path)
    stat, digest = stat_of(file), _content(tree, job.path)
    reading = registry.source(context.kinds[job.source]).read(tree, job.path, options)
    known = Known(
        stat=stat or Stat(0, 0, 0),
        digest=digest,
        fingerprint=context.fingerprints[job.source],
        stamp=tree.stamps.get(job.path, ""),
        racy=stat is None or is_racy(stat, context.now),
        depends=tuple((path, _seen(tree.root / path, context.now)) for path in reading.depends),
        withheld=reading.withheld,
        problems=reading.problems,
    )
    if reading.post is None:
        return Outcome(key=job.key, known=known)
    item, attached = understand(reading, tree, options)
    claim = merging.claim(item)
    evidence = job.evidence or Evidence()
    if evidence.facts:
        item, attached = understand(reading, tree, options, evidence.facts)
    wanted = _wanted(item) if context.enrich else ""
    if evidence.answers:
        item, attached = understand(reading, tree, options, (*evidence.facts, *evidence.answers))
        known = replace(known, problems=(*known.problems, *_disagreements(item, job.path)))
    seen = datetime.fromtimestamp((stat.mtime_ns if stat else 0) // 1_000_000_000, UTC)
    item = identity.settle(item, context.site, job.entry, context.vanished, min(seen, context.now), context.now)
    item = _named(item, job.ident)
    known = replace(
        known,
        content=item.digest,
        own=item.own,
        claim=claim,
        evidence=evidence.digest,
        wanted=wanted,
        answered=evidence.answered,
        stated=identity.stated_id(item.post),
        depends=(*known.depends, *((path, _seen(tree.root / path, context.now)) for path in attached)),
        not_before=item.post.not_before,
        expires=item.post.expires,
    )
    return _render(job, item, known, context)


def _wanted(item: Item) -> str:
    from feeds import enrichment

    wanted = enrichment.wanted(item)
    return msgspec.json.encode(wanted).decode() if wanted else ""


def _disagreements(item: Item, path: str) -> tuple[Problem, ...]:
    from feeds import enrichment

    return tuple(enrichment.problems(item, path))


def _named(item: Item, ident: str) -> Item:
    return replace(item, post=replace(item.post, id=ident)) if ident else item


def understand(
    reading: Reading, tree: Tree, options: SourceOptions, evidence: tuple[Fact, ...] = ()
) -> tuple[Item, tuple[str, ...]]:
    """The item behind a reading that has a post, and the files of the tree that it brings along."""
    post = reading.post
    if post is None:
        raise ValueError("there is no post to understand")
    facts = (*extract(post, registry.extractors()), *evidence)
    work = resolve(post, facts, people_of(tree, options))
    attachments, paths = attachments_of(post, work.pdf if work else "", tree, options.url or tree.site.get("url", ""))
    authors = tuple(in_parts(person) for person in post.authors)
    dates = tree.history.get(post.path)
    post = replace(
        post,
        attachments=attachments,
        authors=authors,
        summary=_summary(post, work),
        modified=post.modified or (dates.modified if dates else None),
    )
    return Item(post=post, work=work, facts=facts), paths


@lru_cache(maxsize=8)
def _people(known: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(in_parts(person) for person in dict.fromkeys(known))


def people_of(tree: Tree, options: SourceOptions) -> tuple[Person, ...]:
    """Everybody whom the configuration or the site knows, each once; the same tuple for the same people."""
    return _people((*options.people, *tree.people))


def _summary(post: Post, work: Work | None) -> str:
    """The post's summary; the abstract where that is only the abstract behind its label, or a list of identifiers."""
    if work is None or not work.abstract:
        return post.summary
    abstract = text.squeeze(work.abstract)
    numbers = (work.doi, work.preprint_doi, work.pmid, work.pmcid)
    poor = not post.summary or abstract[:40] in post.summary[1:60] or any(n and n in post.summary for n in numbers)
    return text.clip(abstract, 400) if poor else post.summary


def _render(job: Job, item: Item, known: Known, context: Context) -> Outcome:
    """Render and stage the item's own artifacts, when it is to be seen now."""
    spoken = replace(item, post=replace(item.post, lang=item.post.lang or context.site.language))
    collections = selection.collections_of(spoken, context.collections)
    values = selection.values_of(spoken, context.collections)
    listings = job.listings
    if listings is None:
        listings = _groups.guess(collections, values, context.paged) if item.work and item.post.in_feeds else ()
    item = replace(item, collections=collections, listings=listings)
    staged: list[Staged] = []
    failed: list[str] = []
    problems = [p for p in known.problems if p.stage != "export"]
    known = replace(known, hidden=not (item.post.in_feeds or item.post.in_sitemap))
    if visible(known, context.now):
        for export in context.exports:
            try:
                artifacts = list(registry.exporter(export.name).render(item, context.site, export.options))
            except Exception as error:
                problems.append(_fault(job, export, error))
                failed.append(export.name)
                continue
            staged.extend(_stage(a, job, export.name, context) for a in artifacts)
            item = replace(item, documents=(*item.documents, *(replace(a, body=b"") for a in artifacts)))
    row = _row(job, item, tuple((s.path, s.file.type) for s in staged))
    row = replace(row, values=values)
    done = visible(known, context.now) and not failed
    known = replace(
        known,
        row=row,
        rendering=context.rendering if done else "",
        problems=tuple(problems),
        listed=digest_of_listings(listings),
    )
    item = replace(item, documents=(), listings=())
    return Outcome(key=job.key, known=known, item=msgspec.json.encode(item), staged=tuple(staged), failed=tuple(failed))


def digest_of_listings(listings: tuple[Listing, ...]) -> str:
    """What an item's artifacts know of list pages, as a digest; "" where there are none."""
    return text.digest(msgspec.json.encode(listings)) if listings else ""


def _stage(artifact: Artifact, job: Job, export: str, context: Context) -> Staged:
    try:
        return publish.stage(artifact, job.key, export, context.target, context.files, context.there)
    except OSError as error:
        raise publish.cannot_write(error, context.target) from None


def _fault(job: Job, export: Export, error: Exception) -> Problem:
    if isinstance(error, TemplateError):
        return Problem(stage="export", where=error.where, message=f"{export.name}: {error.message}", hint=error.hint)
    return Problem(
        stage="export",
        where=job.path,
        message=f"{export.name}: unexpected {type(error).__name__}: {error}",
        hint="this is a defect in the exporter: please report it, with the file",
    )


def visible(known: Known, now: datetime) -> bool:
    """Is a post to be seen at `now`: due, and not told by another?"""
    return due(known, now) and not known.absorbed


def due(known: Known, now: datetime) -> bool:
    """Is a post's time come at `now`, not over yet, and is it not hidden?"""
    return not (
        known.hidden or (known.not_before and known.not_before > now) or (known.expires and known.expires <= now)
    )


def shown(known: Known, now: datetime) -> bool:
    """Is there a post, to be seen at `now`?"""
    return known.row is not None and visible(known, now)


def _row(job: Job, item: Item, exports: tuple[tuple[str, str], ...]) -> Row:
    post, work = item.post, item.work
    people = work.authors if work else post.authors
    return Row(
        id=post.id,
        path=job.key,
        url=post.url,
        title=identity.title(item),
        kind=work.kind if work else "news",
        published=post.published,
        updated=post.updated or post.published,
        lang=post.lang,
        authors=tuple(Person(name=person.name, organization=person.organization) for person in people),
        date=work.date if work else "",
        doi=work.doi if work else "",
        pdf=work.pdf if work and text.is_web(work.pdf) else "",
        journal=work.journal if work else "",
        image=post.image,
        translation=post.translation,
        in_feeds=post.in_feeds,
        in_sitemap=post.in_sitemap,
        collections=item.collections,
        exports=exports,
    )


def is_racy(stat: Stat, now: datetime) -> bool:
    """Was a file written so shortly before `now` that a later write may not show in its time stamp?"""
    return int(now.timestamp() * 1e9) - stat.mtime_ns < RACY_NS


def _content(tree: Tree, path: str) -> str:
    """Digest of a post's file; none for a record: its stamp says as much, and its file may hold thousands."""
    return "" if path in tree.parts else digest_of(tree.file(path))


def _seen(file: Path, now: datetime) -> Stat | None:
    """The stat of a file that was read along with a post; one that no file has while it may be written again unseen."""
    stat = stat_of(file)
    return Stat(-1, 0, 0) if stat and is_racy(stat, now) else stat


def digest_of(file: Path) -> str:
    """Digest of a file's bytes; "" when it cannot be read."""
    try:
        return text.digest(file.read_bytes()) if file.stat().st_size <= LARGE else f"large {stat_of(file)}"
    except OSError:
        return ""
