"""What decides whether earlier work still holds: a digest each of what readings, artifacts and documents depend on."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from feeds import __version__, registry, text
from feeds.opening import Opened
from feeds.settings import Config


class Fingerprints(Struct, frozen=True, kw_only=True):
    """Each changes with what it is of, the program included."""

    readings: dict[str, str]  # source → of what every one of its posts is read with
    rendering: str  # of what the artifacts of items depend on
    documents: str  # of what every feed depends on, besides its format, its collection and its posts
    chosen: str  # of which formats and collections there are


def take(config: Config, opened: Opened) -> Fingerprints:
    """The fingerprints of a run."""
    exports = tuple(e for e in config.exports if registry.exporter(e.name).scope == "item")
    base = (program(), config.enrich is not None, opened.site.url)
    return Fingerprints(
        readings={
            name: digest(base, opened.kinds[name], opened.options[name], tree.fingerprint)
            for name, tree in opened.trees.items()
        },
        rendering=digest(program(), opened.site, exports, config.collections),
        documents=digest(program(), opened.site),
        chosen=digest(config.exports, config.collections, config.implied, config.aliases),
    )


def program() -> tuple[Any, ...]:
    """What is installed: another version may give another result."""
    return __version__, registry.versions()


def digest(*values: Any) -> str:
    """Digest of values that JSON can tell."""
    return text.digest(msgspec.json.encode(values, order="sorted"))
