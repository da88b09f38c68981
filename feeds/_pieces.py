"""What each item adds to a list (`model.Exporter.piece`), made once and kept in the state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from feeds import fingerprints, registry
from feeds.model import Item
from feeds.settings import Export
from feeds.state import State


class Pieces:
    """The pieces of a run.  One that was made of the same item by the same program is not made again."""

    def __init__(self, state: State, load: Callable[[str], Item], fresh: bool) -> None:
        """With `fresh`, nothing is taken from earlier runs."""
        self._state = state
        self._load = load
        self._known: dict[str, dict[str, tuple[str, bytes]]] = {}
        if fresh:
            state.keep_pieces(())

    def of(self, export: Export, checks: Sequence[tuple[str, str]]) -> Iterator[bytes]:
        """The piece of each item, given by its key and its digest, in their order."""
        name = fingerprints.digest(export, fingerprints.program())
        self._known.setdefault(name, {})
        return self._made(name, export, checks)

    def _made(self, name: str, export: Export, checks: Sequence[tuple[str, str]]) -> Iterator[bytes]:
        make = registry.exporter(export.name).piece
        if make is None:
            return
        known = self._known[name] = self._known[name] or self._state.pieces(name)
        for key, check in checks:
            if key not in known or known[key][0] != check:
                known[key] = check, make(self._load(key), export.options)
                self._state.put_piece(name, key, *known[key])
            yield known[key][1]

    def tidy(self) -> None:
        """Drop what no list of this run needs."""
        self._state.keep_pieces(self._known)
