"""What items add to lists (`model.Exporter.piece`), made once and kept in the state, some items at a time.

The items of a list are cut into runs, by their names alone: an item that comes, goes or changes touches the run that it
is in, and no other.  A run is known by what it was made from.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from feeds import fingerprints, registry, text
from feeds.settings import Export
from feeds.state import State

_USUAL = 16  # items in a run, on average: a change of one costs as many to be read and rendered
_LONGEST = 64
_MOST = 20_000  # pieces at hand for the other lists that their items are on; beyond, they are made anew

Check = tuple[str, str]  # "source:path" of an item, and its digest
Recent = dict[tuple[str, Check], bytes]  # what was made in this run: of what export, of what item → its piece


def pieces(state: State, recent: Recent, export: Export, document: str, checks: Sequence[Check]) -> Iterator[bytes]:
    """The pieces of a document's items in their order, those of several items joined.

    What was made of the same items by the same program is taken from `state`, and from `recent`.
    """
    basis = fingerprints.digest(export, fingerprints.program())
    left = state.names_of_pieces(document)
    for run in _runs(checks):
        name = text.digest("\0".join([basis, *(part for check in run for part in check)]).encode())
        left.discard(name)
        known = state.pieces(document, name)
        if known is None:
            known = b"".join(_piece(check, basis, export, state, recent) for check in run)
            state.put_pieces(document, name, known)
        yield known
    state.drop_pieces(document, left)


def _piece(check: Check, basis: str, export: Export, state: State, recent: Recent) -> bytes:
    known = recent.get((basis, check))
    make = registry.exporter(export.name).piece
    if known is None and make:
        if len(recent) == _MOST:
            recent.clear()
        known = recent[basis, check] = make(state.needed(check[0]), export.options)
    return known or b""


def _runs(checks: Sequence[Check]) -> Iterator[Sequence[Check]]:
    start = 0
    for end, (key, _) in enumerate(checks, 1):
        if zlib.crc32(key.encode()) % _USUAL == 0 or end - start == _LONGEST:
            yield checks[start:end]
            start = end
    if start < len(checks):
        yield checks[start:]
