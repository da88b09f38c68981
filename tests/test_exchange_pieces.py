"""Lists joined of what was kept of each work: those for reference managers, and pages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from exchange_items import SITE, collection, item, news, only
from feeds import registry
from feeds.model import Artifact, Item

LISTS = ["bibtex-list", "csl-json-list", "datacite-list", "ris-list"]
ITEMS = [item(1), news(), item(2, title="On wicks"), item(3), item(4), news(), item(5, abstract="@misc{x,\n\n@misc{y,")]


class Unread(Sequence[Item]):
    """Items that must not be looked at, only counted."""

    def __len__(self) -> int:
        return len(ITEMS)

    def __getitem__(self, _index: object) -> Item:  # type: ignore[override]
        raise AssertionError("an item was looked at")


def of_runs(name: str, items: Sequence[Item], size: int) -> list[Artifact]:
    """The list of an exporter, whose pieces come joined, `size` items in each run."""
    exporter = registry.exporter(name)
    options = exporter.options()
    assert exporter.piece
    pieces = [exporter.piece(one, options) for one in items]
    runs = (b"".join(pieces[start : start + size]) for start in range(0, len(pieces), size))
    return list(exporter.render(replace(collection(), items=Unread(), pieces=runs), SITE, options))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("name", [*LISTS, "list-page"])
def test_a_list_of_pieces_is_that_of_its_items(name: str, size: int) -> None:
    """However many items the pieces are joined from, the list is the same, and no item is looked at."""
    assert of_runs(name, ITEMS, size) == [only(registry.exporter(name), collection(*ITEMS))]


@pytest.mark.parametrize("name", [*LISTS, "list-page"])
def test_what_begins_or_ends_with_news(name: str) -> None:
    """A post without a work adds nothing, not even what stands between records."""
    whole = of_runs(name, [item(1), item(2)], 1)
    assert of_runs(name, [news(), item(1), news(), item(2), news()], 2) == whole


@pytest.mark.parametrize("name", LISTS)
def test_news_alone_make_no_list(name: str) -> None:
    """There is no file for works when there are none."""
    assert of_runs(name, [news(), news()], 1) == []
