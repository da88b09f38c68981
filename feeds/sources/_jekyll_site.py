"""What the posts of a Jekyll site share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from feeds.sources._jekyll_config import Config

if TYPE_CHECKING:  # most sites have no records
    from feeds.sources._records import Piece


class Site(Struct, frozen=True):
    """`Tree.data`: what every post of the site needs."""

    config: Config
    url: str  # with the base path, without a final slash
    lang: str
    files: dict[str, str]  # file name → path below the root
    undated: frozenset[str] = frozenset()  # collections none of whose documents has a date
    records: dict[str, Cited] = {}  # path → record of a bibliography


class Cited(Struct, frozen=True):
    """A record of a bibliography before it is understood, and where the site shows it."""

    piece: Piece
    url: str = ""  # of its page, or its place on the page that lists it; "" when there is none
