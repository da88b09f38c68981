"""Which documents an MkDocs site has, and where it serves what (https://www.mkdocs.org/user-guide/writing-your-docs/)."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct
from pathspec import GitIgnoreSpec

from feeds.model import Problem, SourceOptions
from feeds.sources import _pages, _walk
from feeds.sources._mkdocs_config import Blog, Config

ENDINGS = (".markdown", ".mdown", ".mkdn", ".mkd", ".md")
_OVERVIEWS = ("index", "README")
_LEFT_OUT = (".*", "/templates/")  # by MkDocs itself; exclude_docs may take it back


class Found(Struct, frozen=True, kw_only=True):
    """What the folder of the documents holds; every path is below it."""

    documents: tuple[str, ...]  # Markdown, drafts included, a folder's overview of its pages not
    drafts: frozenset[str]  # by draft_docs
    served: dict[str, str]  # file → its address below the site's; that of a blog post is not known yet: ""
    defaults: tuple[str, ...]  # files with the front matter of a folder
    attached: dict[str, str]  # PDFs and the like: file → its address below the site's


def address(path: str, config: Config) -> str:
    """Where MkDocs serves a file, below the site's address, percent-encoded."""
    folder, name = posixpath.split(target(path, directory_urls=config.directory_urls))
    if config.directory_urls and name == "index.html":
        return quote(f"{folder}/") if folder else ""
    return quote(posixpath.join(folder, name))


def target(path: str, *, directory_urls: bool) -> str:
    """The file that MkDocs writes for a file."""
    if not path.endswith(ENDINGS):
        return path
    folder, name = posixpath.split(path)
    stem = stem_of(name)
    page = f"{stem}.html" if not directory_urls or stem == "index" else f"{stem}/index.html"
    return posixpath.join(folder, page)


def stem_of(path: str) -> str:
    """The name of a document without its ending; README is index."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return "index" if stem == "README" else stem


def blog_of(path: str, config: Config) -> Blog | None:
    """The blog that a document is a post of."""
    return next((b for b in config.blogs if path.endswith(ENDINGS) and path.startswith(b.posts)), None)


def below(config: Config, path: str) -> str:
    """The path below the site's folder of a path below that of the documents."""
    return f"{config.docs}/{path}" if config.docs else path


def discover(root: Path, config: Config, options: SourceOptions, problems: list[Problem]) -> Found:
    """Walk the folder of the documents once."""
    strip = len(below(config, ""))
    every = [e.path[strip:] for e in _walk.files(root, config.docs, problems, dots=True)]
    left_out = GitIgnoreSpec.from_lines([*_LEFT_OUT, *config.patterns("exclude_docs")])
    draft = GitIgnoreSpec.from_lines(config.patterns("draft_docs"))
    hidden = {p for p in every if left_out.match_file(p) or posixpath.basename(p) == config.meta_file}
    drafts = {p for p in every if p not in hidden and draft.match_file(p)}
    kept = _without_conflicts(every, {*hidden, *drafts}, config)
    documents = [p for p in kept if p.endswith(ENDINGS) and p not in hidden]
    wanted = _walk.wanted([below(config, p) for p in _without_overviews(documents, config)], options)
    served = {p: _served(p, config) for p in kept if p not in hidden}
    return Found(
        documents=tuple(p[strip:] for p in wanted),
        drafts=frozenset(drafts),
        served=served,
        defaults=tuple(p for p in every if posixpath.basename(p) == config.meta_file),
        attached=_attached(served),
    )


def _without_conflicts(paths: list[str], unserved: set[str], config: Config) -> list[str]:
    """The paths, of two in one folder that MkDocs would write to one place only that which it takes.

    The later one counts, index.md after README.md, unless it is not served.
    """
    first: dict[str, str] = {}
    lost: set[str] = set()
    for path in sorted(paths, key=_order):
        other = first.setdefault(_place(path, config), path)
        if other != path:
            lost.add(path if path in unserved else other)
    return [p for p in paths if p not in lost]


def _place(path: str, config: Config) -> str:
    # a.md and a/index.md are in two folders: MkDocs does not see that they collide
    return f"{posixpath.dirname(path)}\n{target(path, directory_urls=config.directory_urls)}"


def _order(path: str) -> tuple[bool, str]:
    name = posixpath.basename(path)
    return posixpath.splitext(name)[0] not in _OVERVIEWS, name


def _without_overviews(documents: list[str], config: Config) -> list[str]:
    """The documents without those that stand for a folder with other documents in it, or for the site."""
    full = {""}
    for path in documents:
        folder = posixpath.dirname(path)
        full.update(_above(posixpath.dirname(folder) if stem_of(path) == "index" else folder))
    overviews = {p for p in documents if stem_of(p) == "index" and posixpath.dirname(p) in full}
    return [p for p in documents if p not in overviews or blog_of(p, config)]


def _above(folder: str) -> list[str]:
    """A folder, and every folder that it is in."""
    parts = folder.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _served(path: str, config: Config) -> str:
    """The address of a file; what lies among a blog's posts is served without the name of their folder."""
    if blog_of(path, config):
        return ""
    found = address(path, config)
    for blog in config.blogs:
        if path.startswith(blog.posts) and not path.endswith((*ENDINGS, ".html", ".htm", ".xml", ".json")):
            found = posixpath.normpath(found.replace(quote(blog.posts), quote(blog.folder)))
    return found


def _attached(served: dict[str, str]) -> dict[str, str]:
    return {path: url for path, url in served.items() if posixpath.splitext(path)[1].lower() in _pages.ATTACHED}
