"""Who is told of a publication: the hubs of `push:`, and the search engines of the exporter indexnow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from feeds.settings import Config

if TYPE_CHECKING:
    from feeds.push import Told


def is_wanted(config: Config) -> bool:
    """Is anybody to be told?"""
    return config.push is not None or any(export.name == "indexnow" for export in config.exports)


def announce(config: Config, address: str, now: datetime, go_on: Callable[[], None] = lambda: None) -> Told:
    """Tell everybody what changed since they were last told; see push.announce.

    What is to be read at a storage is told when it is there.
    """
    from feeds import indexnow, push  # late: an HTTP client, which most runs do not need
    from feeds.push import Told

    if config.brought_to:
        from feeds import bringing

        if not bringing.has_arrived(config):
            return Told()
    told = [tell(config, address, now, go_on) for tell in (push.announce, indexnow.announce)]
    return Told(
        feeds=tuple(feed for one in told for feed in one.feeds),
        pages=tuple(page for one in told for page in one.pages),
        problems=tuple(problem for one in told for problem in one.problems),
        next_due=min((one.next_due for one in told if one.next_due), default=None),
    )
