"""Addresses and titles of pages, as MkDocs 1.6 and Material 9.8 printed them (`bench/mkdocs_urls.py --print`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feeds.sources._document import title_text
from mkdocs_sites import SITES, as_read
from sites import write

SAYS: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "mkdocs_says.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", SITES)
def test_every_page_has_the_address_and_the_title_that_mkdocs_gives_it(name: str, tmp_path: Path) -> None:
    """The pages that MkDocs builds are exactly those that are known, each under its own address and title."""
    write(tmp_path, SITES[name])
    wanted = {path: [url, title_text(title)] for path, (url, title) in SAYS[name].items()}
    assert as_read(tmp_path, set(wanted)) == wanted
