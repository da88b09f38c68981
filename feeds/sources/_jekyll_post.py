"""A post or a record of a Jekyll site, read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from urllib.parse import quote

from feeds.model import Reading, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.sources import _document, _pages, _urls, _walk
from feeds.sources._jekyll_liquid import resolve_liquid
from feeds.sources._jekyll_page import Page, Skip, describe, is_html, wrong
from feeds.sources._jekyll_site import Site
from feeds.text import iri_to_uri


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one post.  Never raises for what is in it: a problem is reported and the others go on."""
    site: Site = tree.data
    if path in site.records:
        from feeds.sources import _jekyll_records  # and with it what reads BibTeX, which most posts do without

        return _jekyll_records.read(tree, path, options)
    try:
        data = _walk.content(f"{tree.root}/{path}")
    except OSError as error:
        return Reading(problems=(wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    front = front_matter.parse(data, path)
    if any(p.severity == "error" for p in front.problems):
        return Reading(problems=front.problems)
    try:
        page = describe(
            site.config,
            path,
            data,
            front,
            drafts=options.drafts,
            unpublished=options.unpublished,
            undated=site.undated,
            history=tree.history.get(path),
        )
    except Skip as skip:
        more = (skip.problem,) if skip.problem else ()
        return Reading(problems=(*front.problems, *more), withheld=skip.withheld)
    return _post(tree, options, page, data)


def _post(tree: Tree, options: SourceOptions, page: Page, data: bytes) -> Reading:
    site: Site = tree.data
    depends: list[str] = []
    rendered = resolve_liquid(tree, page, depends)
    place = _document.Place(
        source=options.name,
        path=page.path,
        url=iri_to_uri(site.url + page.url),
        base=site.url,
        zone=site.config.zone,
        lang=site.lang,
        people=tree.people,
        group=page.kind.label,
        separator=str(site.config.values["excerpt_separator"] or ""),
        is_html=is_html(page.path, site.config),
        find_file=_files_of(site, options),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )
    place = _pages.placed(place, options, page.date)
    title = page.front.values.get("title")
    post, problems = _document.post_of(
        place,
        page.front,
        _document.Text(rendered.text, rendered.lines),
        published=page.date,
        title=str(title) if title not in (None, "") else _urls.titleize(page.slug),
        categories=page.categories,
        tags=page.tags,
        not_before=None if site.config.values.get("future") is True else page.date,
    )
    found = (*page.front.problems, *rendered.problems, *problems)
    return Reading(post=post, problems=found, depends=tuple(sorted(set(depends))))


def _files_of(site: Site, options: SourceOptions) -> Callable[[str], str]:
    """Where a file that a post's front matter names is served: below `pdf_base`, else where the only one lies."""

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        path = site.files.get(bare, "")
        if name != bare:
            return _document.site_url(name, site.url) if path and path.endswith(name.lstrip("./")) else ""
        if options.pdf_base:
            return f"{_document.site_url(options.pdf_base, site.url).rstrip('/')}/{quote(bare)}"
        return f"{site.url}/{quote(path)}" if path else ""

    return find
