"""One document of a collection, rendered and staged: what a worker does of the archives of a feed, which are many.

Its context is handed over once a process; a task names the document and brings its items along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from feeds import publish, registry
from feeds.errors import TemplateError
from feeds.model import Artifact, Catalog, Collection, Item, Problem, Site
from feeds.publish import File, Staged, Target
from feeds.settings import Export
from feeds.state import Damaged


class Shared(Struct, frozen=True, kw_only=True):
    """What every task of a run needs."""

    site: Site
    target: Target
    files: Mapping[str, File]  # of the manifest, as far as they surely are as it says
    there: Mapping[str, int]  # sizes found in the output
    copied: frozenset[str]  # paths of documents that are wanted under another name as well


class Task(Struct, frozen=True, kw_only=True):
    """A document to be made."""

    key: str  # of the document, see `documents`
    export: Export
    head: Collection  # without its items
    items: tuple[bytes, ...]  # each as JSON


class Done(Struct, frozen=True, kw_only=True):
    """What came of a task."""

    key: str
    artifacts: tuple[Artifact, ...] = ()  # without bodies, but those to be copied
    staged: tuple[Staged, ...] = ()
    faults: tuple[Problem, ...] = ()


_shared: Shared
_items = msgspec.json.Decoder(Item)


def begin(shared: Shared) -> None:
    """Set what the tasks of this process need."""
    global _shared
    _shared = shared


def process(tasks: Sequence[Task]) -> list[Done]:
    """Do the tasks.  A format that fails is a Problem in what came of it."""
    return [_process(task, _shared) for task in tasks]


def _process(task: Task, shared: Shared) -> Done:
    faults: list[Problem] = []
    artifacts: list[Artifact] = []
    staged: list[Staged] = []
    collection = replace(task.head, items=tuple(map(_items.decode, task.items)))
    for artifact in rendered(task.export, collection, shared.site, faults):
        artifact = replace(artifact, archive=bool(task.head.place.name))
        try:
            staged.append(staged_as(artifact, task.export.name, shared))
        except OSError as error:
            raise publish.cannot_write(error, shared.target) from None
        artifacts.append(artifact if artifact.path in shared.copied else replace(artifact, body=b""))
    return Done(key=task.key, artifacts=tuple(artifacts), staged=tuple(staged), faults=tuple(faults))


def staged_as(artifact: Artifact, exporter: str, shared: Shared) -> Staged:
    """A document of an exporter, ready to be published."""
    return publish.stage(artifact, owner_of(exporter), exporter, shared.target, shared.files, shared.there)


def lost(task: Task) -> Done:
    """What came of a task that killed its process."""
    message = f"{task.head.title}: making a document of it ended the process that made it"
    return Done(key=task.key, faults=(_fault(task.export, message),))


def owner_of(exporter: str) -> str:
    """The owner of a document of the whole in the manifest: no post is called that, for a source has a name."""
    return f":{exporter}"


def rendered(export: Export, value: Collection | Catalog, site: Site, faults: list[Problem]) -> Iterator[Artifact]:
    """What an exporter makes of a collection or the catalog; that it fails is told in `faults`."""
    try:
        yield from registry.exporter(export.name).render(value, site, export.options)
    except TemplateError as error:
        message = f"{error.where}: {error.message}"
        faults.append(Problem(stage="export", where=export.name, message=message, hint=error.hint))
    except Damaged:
        raise  # no fault of the format: everything is read again
    except Exception as error:
        faults.append(_fault(export, f"unexpected {type(error).__name__}: {error}"))


def _fault(export: Export, message: str) -> Problem:
    hint = "this is a defect in the exporter: please report it"
    return Problem(stage="export", where=export.name, message=message, hint=hint)
