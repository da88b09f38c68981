"""Lists of all works, whatever their format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from exchange_items import SITE, collection, item, news
from feeds import registry
from feeds.model import Collection, Item

LISTS = ("bibtex-list", "csl-json-list", "datacite-list", "ris-list")


class Once:
    """Items that can be gone through once, and in no other way."""

    def __init__(self, *items: Item) -> None:
        self._items: list[Item] | None = list(items)

    def __iter__(self) -> Iterator[Item]:
        items, self._items = self._items, None
        assert items is not None
        return iter(items)


def body(name: str, value: Collection) -> bytes:
    exporter = registry.exporter(name)
    assert exporter.scope == "list"
    [artifact] = exporter.render(value, SITE, exporter.options())
    assert artifact.media_type == exporter.media_type
    assert artifact.title == value.title
    return artifact.body


@pytest.mark.parametrize("name", LISTS)
def test_items_are_gone_through_once(name: str) -> None:
    """A list asks for each item once, in their order: ten thousand of them need not be in memory."""
    items = [item(1), news(), item(2, title="Wicks")]
    lazy: Any = Once(*items)
    assert body(name, replace(collection(), items=lazy)) == body(name, collection(*items))


@pytest.mark.parametrize("name", LISTS)
def test_what_is_left_stays(name: str) -> None:
    """Without one work the records of all others are in the list as they were, one after the other."""
    items = [item(number, title=word) for number, word in enumerate(("Oil", "Gas", "Wax"))]
    whole, without = (body(name, collection(*some)).decode().strip("[]\n") for some in (items, items[:-1]))
    assert whole.startswith(without)
    assert len(whole) > len(without)


@pytest.mark.parametrize("name", LISTS)
def test_each_collection_has_its_own(name: str) -> None:
    """Lists of one format have one name, each in its collection's folder."""
    exporter = registry.exporter(name)
    paths = [
        artifact.path
        for folder in ("", "years/2019", "authors/ada-wick")
        for artifact in exporter.render(collection(item(), path=folder), SITE, exporter.options())
    ]
    assert len({path.rpartition("/")[2] for path in paths}) == 1
    assert [path.rpartition("/")[0] for path in paths] == ["", "years/2019", "authors/ada-wick"]
