"""works/<path of the post>.html: one page for each work, for people and for what reads pages as people do.

HTML Living Standard, https://html.spec.whatwg.org.  Its head holds what crawlers read (see `_head`): the page is the
work's landing page, as https://scholar.google.com/intl/en/scholar/inclusion.html asks for it, with the abstract to be
seen.  News have no page: their page is the post.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from feeds.exporters import _page_jsonld as jsonld
from feeds.exporters import _page_parts as parts
from feeds.exporters._head import tags
from feeds.exporters._page_view import navigation, view
from feeds.exporters._schema_org import script
from feeds.exporters._templates import render
from feeds.exporters._work import page_path
from feeds.model import Artifact, Exporter, Item, Site
from feeds.text import address


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From what the page is made."""

    templates: dict[str, str] = {}  # of the user: path of a file → its text


def _render(item: Item, site: Site, options: Options) -> Iterator[Artifact]:
    if item.work is None:
        return
    path = page_path(item.post.url, site)
    title, around = parts.title(item), navigation(item.listings, path)
    trail = script(jsonld.trail([around["everything"], around["year"]], title, site, path))
    body = render(
        "page.html.jinja",
        options.templates,
        site=site,
        head=[*(tag.html for tag in tags(item, site, address(site.feeds_url, path))), trail],
        indexed=item.post.in_sitemap,
        work=view(item, item.work, site, path),
        **around,
    )
    yield Artifact(path=path, media_type=parts.MEDIA_TYPE, body=body, title=title)


EXPORTER = Exporter(
    name="page",
    description="a page for each work, for people, crawlers and reference managers",
    media_type=parts.MEDIA_TYPE,
    scope="item",
    options=Options,
    render=_render,
    names_others=True,
)
