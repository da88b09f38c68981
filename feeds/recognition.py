"""Which convention a folder follows, or which format a file has, and why."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from feeds import registry
from feeds.errors import SourceError
from feeds.model import Detection


class Recognised(Struct, frozen=True):
    """A site, or a data file, and why it is taken for that."""

    place: Path
    kind: str
    confidence: float
    reason: str


SURE = 0.5  # what is less sure than that is no site
CERTAIN = 0.6  # below that, a better place is looked for in the folders inside
MUCH = 0.35  # by which that must be surer
_NO_SITES = frozenset("node_modules vendor _site public output dist build venv themes".split())


def recognise(place: Path) -> str:
    """Name of the convention of a folder, or of the format of a file.  Raises SourceError when it is neither."""
    return _known(likeliest(place), place).kind


def site_in(place: Path) -> Recognised:
    """What a folder or file is; when it is no site itself, the surest site in a folder inside.  Raises SourceError."""
    return max(sites_in(place), key=lambda one: one.confidence)


def sites_in(place: Path) -> tuple[Recognised, ...]:
    """What a folder is; when it is no site itself, all sites in the folders inside.  Raises SourceError.

    A folder with records in several formats is one source of each.
    """
    own = likeliest(place)
    sure = own.confidence if own else 0
    inside = _inside(place, max(SURE, sure + MUCH)) if sure < CERTAIN else []
    alike = [one for one in _candidates(place) if own and one.confidence == sure < SURE]
    return tuple(inside) or tuple(alike) or (_known(own, place),)


def _inside(folder: Path, least: float) -> list[Recognised]:
    try:
        names = sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")
    except OSError:
        return []
    found = (likeliest(folder / name) for name in names if name not in _NO_SITES)
    return [one for one in found if one and one.confidence >= least]


def _known(found: Recognised | None, place: Path) -> Recognised:
    if found is None and not place.exists():
        hint = "correct sources: path, or mount it"
        raise SourceError("there is no such file or folder", where=str(place), hint=hint)
    if found is None:
        hint = "name the folder of the site, or set sources: kind"
        raise SourceError("no posts are recognised here", where=str(place), hint=hint)
    return found


def likeliest(place: Path) -> Recognised | None:
    """What a folder or a file most looks like; None for nothing that is known."""
    return max(_candidates(place), key=lambda one: (one.confidence, one.kind), default=None)


def _candidates(place: Path) -> list[Recognised]:
    found = [(name, _detected(name, place)) for name in registry.source_names()]
    return [Recognised(place, name, d.confidence, d.reason) for name, d in found if d]


def _detected(name: str, place: Path) -> Detection | None:
    try:
        return registry.source(name).detect(place)
    except OSError:  # a folder that may be listed, but not entered; a name that is too long
        return None
