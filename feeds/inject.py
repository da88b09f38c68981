"""The head block in the pages that a site has built, and out of them again.

A page is found by the address of its item.  What it says already is not written again (`_page_block`), every byte
that is not ours stays as it is, and a page whose bytes would be the same is not touched.  The work folder keeps what
each page was like when it was last looked at: a page that is as it was, about an item that is as it was, is not even
read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import __version__, _built_pages, _page_block, one_post, publish, text
from feeds._built_pages import Stat
from feeds.errors import PublishError
from feeds.exporters import _head
from feeds.identity import Entry
from feeds.model import Artifact, Item, Problem, Row, Site
from feeds.opening import with_configuration
from feeds.publish import Target
from feeds.settings import Config
from feeds.state import Damaged, State

NOTES = "inject.json"
_TOLD = 3  # problems of one kind that are told one by one

Load = Callable[[str], Item]  # "source:path" → its item


class Seen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page as it was after it was last looked at."""

    path: str  # below the folder of the site
    stat: Stat
    source: str  # digest of what its block is made from
    trouble: tuple[str, str] = ("", "")  # what a person should know of it, and a hint


class Notes(Struct, frozen=True, kw_only=True):
    """What is kept from one run to the next."""

    folder: str
    pages: dict[str, Seen] = {}  # by "source:path" of the post


class Injected(Struct, frozen=True, kw_only=True):
    """What came of it."""

    folder: str
    written: tuple[str, ...] = ()  # pages whose block is new or another than before
    removed: tuple[str, ...] = ()  # pages that lost theirs
    unchanged: int = 0
    missing: tuple[str, ...] = ()  # addresses without a page in the folder
    problems: tuple[Problem, ...] = ()


def inject(
    config: Config,
    folder: Path,
    now: datetime,
    *,
    dry_run: bool = False,
    go_on: Callable[[], None] = lambda: None,
) -> Injected:
    """Put the block of every published item into its page below `folder`; to be called by who holds the output's lock.

    `go_on` is called before each page and may raise to stop.  Raises PublishError when nothing is published.
    """
    target = Target(output=config.output, work=config.work)
    manifest = publish.read_manifest(target)
    if manifest.site is None:
        raise PublishError("there is nothing to put into pages: nothing is published yet", hint="run feeds build first")
    if not folder.is_dir():
        hint = "build the site first, then run feeds again; or mend pages: site in config.yaml"
        return _refused(folder, folder, "the built site is not there", hint)
    with closing(State(config.work / "state.sqlite")) as state:
        if state.note("manifest") != publish.manifest_digest(target):
            hint = "run feeds build again: another process may have used the work folder"
            message = "the pages are left as they are: what was read of the posts is not at hand"
            return _refused(folder, config.work, message, hint)
        run = _Run(
            root=os.path.realpath(folder),
            notes=_read(config.work, folder),
            site=with_configuration(manifest.site, config),
            load=state.needed,
            dry_run=dry_run,
        )
        try:
            _walk(run, state, manifest.posts, now, go_on)
        finally:
            if not (dry_run or run.is_first or run.seen == run.notes.pages):
                _write(Notes(folder=run.root, pages=run.seen), config.work)
        return run.report()


def _walk(run: _Run, state: State, posts: Mapping[str, Entry], now: datetime, go_on: Callable[[], None]) -> None:
    """Go through the pages of what is published; of a post that can no longer be read what is there is kept."""
    rows = {key: known.row for key, known in state.known().items() if known.row and one_post.shown(known, now)}
    for key, row in sorted(rows.items()):
        go_on()
        run.page(row, _source(state.check(key), row, run.site))
    for key in sorted(posts.keys() - rows.keys()):
        run.keep(key, posts[key].url)
    run.clear()


def _refused(folder: Path, where: Path, message: str, hint: str) -> Injected:
    return Injected(folder=str(folder), problems=(_problem(str(where), message, hint, "error"),))


def remove(folder: Path, *, dry_run: bool = False) -> Injected:
    """Take every block out of the pages below `folder`: they are then as they were before."""
    run = _Run(os.path.realpath(folder), None, Site(url="", feeds_url="", title=""), _no_item, dry_run)
    run.clear()
    return run.report()


def _no_item(key: str) -> Item:
    raise KeyError(key)


def _source(check: str, row: Row, site: Site) -> str:
    return text.digest(msgspec.json.encode((__version__, check, row.url, row.exports, site), order="sorted"))


class _Run:
    """One walk over the pages, and what came of it so far."""

    def __init__(self, root: str, notes: Notes | None, site: Site, load: Load, dry_run: bool) -> None:
        self.root = root
        self.notes = notes or Notes(folder=root)
        self.is_first = notes is None  # nothing is known of the pages yet
        self.site = site
        self.load = load
        self.dry_run = dry_run
        self.seen = dict(self.notes.pages)  # as last time, until they are looked at
        self.taken: dict[str, str] = {}  # path of a page → address of the item that it is about
        self.written: list[str] = []
        self.removed: list[str] = []
        self.missing: list[str] = []
        self.unchanged = 0
        self.problems: list[Problem] = []

    def page(self, row: Row, source: str) -> None:
        """Bring the page of one item up to date."""
        if not _built_pages.is_of_site(row.url, self.site):
            return
        last = self.seen.get(row.path)
        if last and last.source == source and _built_pages.stat(f"{self.root}/{last.path}") == last.stat:
            seen, path = last, last.path
        else:
            path = _built_pages.find(row.url, self.site, self.root)
            if not path:
                self.missing.append(row.url)
                return
            seen = None
        if path in self.taken:
            message = f"has the same page as {self.taken[path]}, which has the block of that one"
            self.problems.append(_problem(row.url, message, "give one of the two another permalink"))
            return
        self.taken[path] = row.url
        if seen:
            self.unchanged += 1
        else:
            seen = self._renew(path, row, source)
        if seen:
            self.seen[row.path] = seen
            if seen.trouble[0]:
                self.problems.append(_problem(f"{self.root}/{path}", *seen.trouble))

    def _renew(self, path: str, row: Row, source: str) -> Seen | None:
        """Read the page, and write it when it would be another."""
        documents = tuple(Artifact(path=name, media_type=media_type) for name, media_type in row.exports)
        try:
            item = replace(self.load(row.path), documents=documents)
        except Damaged:
            hint = "run feeds build --full"
            self.problems.append(
                _problem(row.url, "its page is left as it is: what was read is damaged", hint, "error")
            )
            return None
        tags = _head.tags(item, self.site, text.iri_to_uri(text.legal(row.url)))
        return self._change(path, lambda data: _page_block.put_in(data, tags, row.url), self.written, source)

    def keep(self, key: str, url: str) -> None:
        """Leave the page of a post as it is."""
        last = self.seen.get(key)
        path = last.path if last else _built_pages.find(url, self.site, self.root)
        self.taken.setdefault(path, url)

    def clear(self) -> None:
        """Take the block out of pages that are no item's any more: of those known, or of any where nothing is known."""
        known = _built_pages.marked(self.root) if self.is_first else [seen.path for seen in self.notes.pages.values()]
        for path in [path for path in known if path not in self.taken]:
            if _built_pages.stat(f"{self.root}/{path}"):
                self._change(path, _page_block.take_out, self.removed, "")
        self.seen = {key: seen for key, seen in self.seen.items() if seen.path in self.taken}
        self.is_first = False

    def _change(
        self, path: str, made: Callable[[bytes], tuple[bytes, tuple[str, str]]], done: list[str], source: str
    ) -> Seen | None:
        """Put what is made of a page in its place, and note it as done when it is another."""
        place = f"{self.root}/{path}"
        try:
            before = _built_pages.stat(place)
            data = Path(place).read_bytes() if before and before[0] <= _built_pages.LARGEST else b""
            new, trouble = made(data)
            if new == data:
                self.unchanged += done is self.written
            elif self.dry_run or _built_pages.put(place, new, before):
                done.append(path)
            else:  # the site is being built: the next run sees it as it is then
                return None
            after = _built_pages.stat(place)
        except OSError as error:
            hint = "check the permissions of the site's folder"
            self.problems.append(_problem(place, f"cannot put the block into it: {error.strerror}", hint, "error"))
            return None
        return Seen(path=path, stat=after, source=source, trouble=trouble) if after else None

    def report(self) -> Injected:
        """What came of it."""
        return Injected(
            folder=self.root,
            written=tuple(self.written),
            removed=tuple(self.removed),
            unchanged=self.unchanged,
            missing=tuple(self.missing),
            problems=(*self.problems, *_missing(self.missing, self.taken, self.root)),
        )


# ---------------------------------------------------------------------------------------------------- what is told


def _missing(urls: list[str], found: Mapping[str, str], root: str) -> Iterator[Problem]:
    """A warning for each address without a page, as far as a person would read them, and the number of the others."""
    if urls and not found:
        hint = "name the folder that the site's generator writes: _site, public, site"
        yield _problem(root, f"has no page of any of the {len(urls)} published items", hint)
        return
    for url in urls[:_TOLD]:
        yield _problem(url, "there is no page for it in the built site", "build the site again, then run feeds again")
    if len(urls) > _TOLD:
        yield _problem(root, f"lacks the pages of {len(urls) - _TOLD} more", "feeds inject --json lists them")


def _problem(where: str, message: str, hint: str, severity: Literal["error", "warning"] = "warning") -> Problem:
    return Problem(stage="publish", where=where, message=message, hint=hint, severity=severity)


# ---------------------------------------------------------------------------------------------------- the notes


def _read(work: Path, folder: Path) -> Notes | None:
    """What the last run noted of this folder; None when nothing is known of it."""
    with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        notes = msgspec.json.decode((work / NOTES).read_bytes(), type=Notes)
        return notes if notes.folder == os.path.realpath(folder) else None
    return None


def _write(notes: Notes, work: Path) -> None:
    new = work / f"{NOTES}.new"
    with suppress(OSError):  # without them the next run reads every page again
        new.write_bytes(msgspec.json.encode(notes))
        new.replace(work / NOTES)
