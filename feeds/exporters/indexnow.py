"""The key file of IndexNow: that the site is whose key it has (https://www.indexnow.org/documentation).

What changed is submitted after a publication, by feeds.indexnow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from feeds.exporters._entry import Address
from feeds.model import Artifact, Catalog, Exporter, Site


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks search engines to come, and which of them."""

    key: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9-]{8,128}\Z")]  # of one's own making; its file is public
    location: Address = ""  # of the key file where that is served elsewhere, as at the root of the site
    endpoint: Address = "https://api.indexnow.org/indexnow"  # every search engine that takes part hands it on
    allow_private: bool = False


def _render(_catalog: Catalog, _site: Site, options: Options) -> Iterator[Artifact]:
    yield Artifact(
        path=f"{options.key}.txt",
        media_type="text/plain; charset=utf-8",
        body=options.key.encode(),
        title="Key of IndexNow",
    )


EXPORTER = Exporter(
    name="indexnow",
    description="search engines are told which addresses changed, after each publication",
    media_type="text/plain; charset=utf-8",
    scope="site",
    options=Options,
    render=_render,
)
