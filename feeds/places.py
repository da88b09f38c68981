"""Where a source lies: a path on this machine, or what was brought from a repository, an address or a storage.

What is brought lies below the work folder, in sources/<name>/, and stays there: when its server fails, or a run must
not change anything, what was brought last is taken.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from feeds import text
from feeds.errors import SourceError
from feeds.model import Problem, Tree
from feeds.settings import Config, SourceConfig


class Place(Struct, frozen=True):
    """A folder or a file that can be opened, or None with an error among the problems."""

    path: Path | None
    problems: tuple[Problem, ...] = ()


def find(source: SourceConfig, config: Config, now: datetime | None) -> Place:
    """Where `source` is; brought up to date first when it is elsewhere, unless `now` is None.

    Raises SourceError when the checkout's folder is not ours.
    """
    if not text.is_remote(source.path) and not (Path(source.path) / "HEAD").is_file():
        return Place(Path(source.path))
    from feeds import git

    folder = config.work / "sources" / text.segment(source.name)
    if git.is_repository(source.path):
        return _checkout(source, folder, now)
    if text.is_web(source.path):
        return _fetched(source, config, folder, now)
    if text.is_remote(source.path):
        return _mirrored(source, folder, now)
    return Place(Path(source.path))


def _checkout(source: SourceConfig, folder: Path, now: datetime | None) -> Place:
    from feeds import git

    if now is None:
        there = git.last(source.path, folder, branch=source.branch)
        return Place(there) if there else _not_yet(source)
    full = source.history != "none"
    try:
        made = git.checkout(source.path, folder, branch=source.branch, full=full, allow_private=source.allow_private)
    except SourceError as error:
        return Place(None, (Problem(stage="read", where=error.where, message=error.message, hint=error.hint),))
    return Place(made.path, made.problems)


def _fetched(source: SourceConfig, config: Config, folder: Path, now: datetime | None) -> Place:
    from feeds import fetching
    from feeds.sources import feed

    if now is None:
        found = fetching.last(source.path, folder)
        return Place(found.path, found.problems) if found.path else _not_yet(source)
    found = fetching.fetch(
        source.path,
        folder,
        allow_private=source.allow_private,
        now=now,
        site_url=config.site.url,
        names=feed.names,
    )
    return Place(found.path, found.problems)


def _mirrored(source: SourceConfig, folder: Path, now: datetime | None) -> Place:
    from feeds import mirroring

    if now is None:
        found = mirroring.last(source.path, folder)
        return Place(found.path, found.problems) if found.path else _not_yet(source)
    found = mirroring.mirror(source.path, folder, source.storage, now)
    return Place(found.path, found.problems)


def _not_yet(source: SourceConfig) -> Place:
    from feeds import fetching

    hint = "run feeds build, which brings it"
    problem = Problem(stage="read", where=fetching.shown(source.path), message="is not here yet", hint=hint)
    return Place(None, (problem,))


def dated(tree: Tree, source: SourceConfig, place: Path, config: Config, now: datetime | None) -> Tree:
    """The tree with the dates of its files, where a whole history tells them and the configuration lets it."""
    is_top = (place / ".git").exists()
    if source.history == "none" or place.is_file() or not (is_top or source.history == "full"):
        return tree
    from feeds import git

    cache = config.work / "history" / f"{text.segment(source.name, 5)}.json" if now else None
    told = git.history(tree.root, cache=cache, inside=True)
    if told is None:
        if source.history == "auto":
            return tree
        message = f"the history tells no dates: {git.why_no_history(tree.root, inside=True)}"
        hint = "fetch the whole history (git fetch --unshallow), or leave out history: full"
        problem = Problem(stage="read", where=str(place), message=message, hint=hint, severity="warning")
        return replace(tree, problems=(*tree.problems, problem))
    dates = {path: told.files[path] for path in tree.paths if path in told.files}
    stamps = {path: f"{tree.stamps.get(path, '')} {d.created} {d.modified}" for path, d in dates.items()}
    return replace(tree, history=dates, stamps={**tree.stamps, **stamps})
