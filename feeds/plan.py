"""What a run has to do: which posts are read or rendered again, and what is still known of the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from feeds import _groups, identity, one_post, registry
from feeds.fingerprints import Fingerprints
from feeds.model import Tree
from feeds.one_post import Context, Job
from feeds.opening import Opened
from feeds.publish import Manifest, Target
from feeds.settings import Config
from feeds.state import Known, Stat, State, stat_of


def context(
    config: Config,
    opened: Opened,
    prints: Fingerprints,
    manifest: Manifest,
    target: Target,
    there: dict[str, int],
    now: datetime,
) -> Context:
    """What every post of the run needs."""
    present = {f"{name}:{path}" for name, tree in opened.trees.items() for path in tree.paths}
    return Context(
        trees=opened.trees,
        kinds=opened.kinds,
        options=opened.options,
        fingerprints=prints.readings,
        rendering=prints.rendering,
        site=opened.site,
        collections=config.collections,
        exports=tuple(e for e in config.exports if registry.exporter(e.name).scope == "item"),
        paged=_groups.named(config),
        enrich=config.enrich is not None,
        vanished=identity.traces(
            e for key, e in sorted({**manifest.gone, **manifest.posts}.items()) if key not in present
        ),
        target=target,
        files=manifest.files,
        there=there,
        now=now,
        documents=prints.documents,
    )


def jobs(
    opened: Opened,
    before: dict[str, Known],
    run: Context,
    manifest: Manifest,
    state: State,
    seen: Mapping[str, Stat | None],
) -> tuple[list[Job], dict[str, Known]]:
    """Jobs for the posts that need work, and what is known of those that do not; `seen` are stats of this run."""
    todo: list[Job] = []
    kept: dict[str, Known] = {}
    for name, tree in sorted(opened.trees.items()):
        stats = _Stats(tree, seen)
        for path in tree.paths:
            key = f"{name}:{path}"
            known = before.get(key)
            known = _still_good(known, tree, path, run, run.fingerprints[name], stats) if known else None
            shown = known is not None and one_post.shown(known, run.now)
            if known is None or (shown and key not in manifest.posts):  # it was read when nobody could see it
                entry = manifest.posts.get(key) or manifest.gone.get(key)
                todo.append(Job(source=name, path=path, entry=entry))
            elif shown and not _rendered(key, known, run):
                todo.append(Job(source=name, path=path, known=known, item=state.text(key)))
            else:
                kept[key] = known
    return todo, kept


class _Stats:
    """Stats of the files of a tree; one that was taken in this run is not taken again."""

    def __init__(self, tree: Tree, seen: Mapping[str, Stat | None]) -> None:
        self._root = str(tree.root)
        self._seen = seen

    def of(self, path: str) -> Stat | None:
        file = f"{self._root}/{path}"
        return self._seen[file] if file in self._seen else stat_of(file)


def _still_good(known: Known, tree: Tree, path: str, run: Context, fingerprint: str, stats: _Stats) -> Known | None:
    """`known` when reading the post again would bring nothing new, with its stat brought up to date."""
    if known.fingerprint != fingerprint or known.stamp != tree.stamps.get(path, ""):
        return None
    if any(stats.of(other) != stat for other, stat in known.depends):
        return None
    stat = stats.of(tree.parts.get(path, path))
    if stat == known.stat and not known.racy:
        return known
    if stat is None or (path not in tree.parts and one_post.digest_of(tree.file(path)) != known.digest):
        return None
    if path in tree.parts and known.problems:  # the record is the same, but on which line is it now?
        return None
    return replace(known, stat=stat, racy=one_post.is_racy(stat, run.now))


def _rendered(key: str, known: Known, run: Context) -> bool:
    """Is a post rendered with what there is now, and is all of it still there?"""
    exports = known.row.exports if known.row else ()
    return known.rendering == run.rendering and all(_stands(path, key, run) for path, _ in exports)


def _stands(path: str, key: str, run: Context) -> bool:
    file = run.files.get(path)
    return file is not None and file.owner == key and run.there.get(path) == file.size
