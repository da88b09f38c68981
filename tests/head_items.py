"""The items of the cases of the head block, and the site that they are on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from feeds.model import Artifact, Item, Site

CASES = sorted(p for p in (Path(__file__).parent / "cases" / "head").iterdir() if p.is_dir())
SITE = Site(
    url="https://lantern.example.org/lab",
    feeds_url="https://lantern.example.org/lab",
    title="Lantern Lab",
    feeds=(
        Artifact(path="feed.atom", media_type="application/atom+xml; charset=utf-8"),
        Artifact(path="feed.json", media_type="application/feed+json; charset=utf-8"),
    ),
)


def item(case: str) -> Item:
    """The item of a case."""
    file = Path(__file__).parent / "cases" / "head" / case / "item.json"
    return msgspec.json.decode(file.read_bytes(), type=Item)
