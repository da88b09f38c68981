"""A folder of Markdown files, whatever wrote the site: loose posts, Hugo content, Quarto documents.

Nothing is made up: a post's address is what its front matter says, else its path below the site's address; its date
is what its front matter or its file name says, else it is left out and reported.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from feeds.model import Detection, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.reading import templating
from feeds.reading.front import Front
from feeds.sources import _document, _pages, _urls, _walk
from feeds.text import canonical, digest, iri_to_uri, is_web

EXTENSIONS = frozenset({".md", ".markdown", ".mkd", ".qmd", ".mdx"})
_IGNORED = frozenset({"node_modules", "__pycache__", "_site", "public"})
_SHORTCODE = re.compile(r"\{\{(?:<(?:[^>]|>(?!\}\})){0,2000}>|%(?:[^%]|%(?!\}\})){0,2000}%)\}\}")
_LIQUID = re.compile(r"\{%-?[ \t]{0,20}\w|\{\{-?[ \t]{0,20}(?:page|site)\.")
_RAW = "{{% raw %}}{}{{% endraw %}}"
_DIV = re.compile(r"^[ \t]{0,3}:{3,}(?![^\n]*:::[^\n]*\S).*$", re.MULTILINE)


# ------------------------------------------------------------------------------------------------------ open


def detect(folder: Path) -> Detection | None:
    """Any folder with Markdown in it will do, when no convention is recognised."""
    found = next((e for e in _walk.files(folder, "", []) if _is_post(e.name)), None) if folder.is_dir() else None
    return Detection(confidence=0.1, reason=f"Markdown files such as {found.path}") if found else None


def open_folder(root: Path, options: SourceOptions) -> Tree:
    """List the folder's Markdown files.  Raises SourceError when the folder cannot be read."""
    _walk.require(root, options)
    problems: list[Problem] = []
    posts: list[str] = []
    attached: dict[str, str] = {}
    for entry in _walk.files(root, "", problems):
        if not _IGNORED.isdisjoint(entry.path.split("/")[:-1]):
            continue
        if _is_post(entry.name) or (entry.name.endswith(".txt") and _has_front(root / entry.path)):
            posts.append(entry.path)
        elif posixpath.splitext(entry.name)[1].lower() in _pages.ATTACHED:
            attached[entry.name] = "" if entry.name in attached else entry.path
    url = options.url.rstrip("/")
    return Tree(
        root=root,
        paths=_walk.wanted(posts, options),
        fingerprint=digest(msgspec.json.encode((attached, options), order="sorted")),
        site={
            "title": root.resolve().name,
            "url": url,
            "description": "",
            "language": "",
            "timezone": options.timezone,
        },
        people=options.people,
        problems=tuple(problems),
        data={"files": attached, "url": url or root.resolve().as_uri()},
    )


def _is_post(name: str) -> bool:
    return posixpath.splitext(name)[1].lower() in EXTENSIONS


def _has_front(path: Path) -> bool:
    try:
        return _walk.content(path, 80).split(b"\n")[0].rstrip() in {b"---", b"+++", b"\xef\xbb\xbf---"}
    except OSError:
        return False


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one file.  Never raises for what is in it."""
    try:
        data = _walk.content(tree.root / path)
    except OSError as error:
        return Reading(problems=(_pages.wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    front = front_matter.parse(data, path)
    problems = list(front.problems)
    withheld = _pages.withheld(front.values, options)
    if not front.has_front and _pages.is_of_repository(path) and not _pages.dated(path):
        withheld = "about the repository"
    if withheld or any(p.severity == "error" for p in problems):
        return Reading(problems=tuple(problems), withheld=withheld)
    base: str = tree.data["url"]
    place = _document.Place(
        source=options.name,
        path=path,
        url=address(front.values, path, base),
        base=base,
        zone=options.timezone or "UTC",
        people=tree.people,
        history=tree.history.get(path),
        group=posixpath.dirname(path).partition("/")[0],
        separator="<!--more-->",
        find_file=_pages.files_of(tree, path, options, base, tree.data["files"]),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )
    published = _pages.published(place, front, data, problems)
    if published is None:
        return Reading(problems=tuple(problems))
    place = _pages.placed(place, options, published)
    text, wrong = _text(front, place)
    post, more = _document.post_of(
        place,
        front,
        text,
        published=published,
        title=str(front.values.get("title") or "") or _pages.heading(text.body) or _urls.titleize(_pages.slug(path)),
        categories=_pages.words(front.values, "categories", "category"),
        tags=_pages.words(front.values, "tags", "tag"),
        not_before=published,
    )
    return Reading(post=post, problems=(*problems, *wrong, *more))


def address(values: dict[str, Any], path: str, base: str) -> str:
    """A post's address: what it says itself, else its path as a folder; README and index are their folder."""
    for key in ("permalink", "url", "canonical_url"):
        stated = values.get(key)
        if isinstance(stated, str) and _is_address(stated.strip(), key, base):
            return _document.site_url(stated, base)
    folder, name = posixpath.split(path)
    stem = _urls.split_ext(name)[0]
    own = folder if stem.lower() in _pages.FOLDER_PAGES else posixpath.join(folder, stem)
    return iri_to_uri(base + "/" + quote(own) + ("/" if own else ""))


def _is_address(stated: str, key: str, base: str) -> bool:
    """Is it the post's own address?  A `url` on another host is the paper's, a `permalink` may be a pattern."""
    if not is_web(stated):
        return stated.startswith("/") and ":" not in stated
    own, other = (canonical(u).split("/")[2] for u in (base, stated)) if is_web(base) else ("", "")
    return key != "url" or (own == other and not stated.startswith(("https://doi.org/", "http://dx.doi.org/")))


# ------------------------------------------------------------------------------------------------------ body


def _text(front: Front, place: _document.Place) -> tuple[_document.Text, tuple[Problem, ...]]:
    """The body without the shortcodes of Hugo and Quarto and the fences of Pandoc's divs; Jekyll's Liquid resolved."""
    problems: list[Problem] = []
    body = front.body
    found = _SHORTCODE.search(body)
    if found:
        body = _pages.take_out(body, _SHORTCODE)
        line = front.body_line + front.body.count("\n", 0, found.start())
        message = f"shortcodes were left out, the first {' '.join(found.group().split())[:60]}"
        hint = "write their content in Markdown or HTML, if readers of the feed need it"
        where = f"{place.path}:{line}"
        problems.append(Problem(stage="read", where=where, message=message, hint=hint, severity="warning"))
    if ":::" in body:
        body = _pages.take_out(body, _DIV)
    if not any(_LIQUID.search(piece) for is_code, piece in _pages.fenced(body) if not is_code):
        count = body.count("\n") + 1
        return _document.Text(body, tuple(range(front.body_line, front.body_line + count))), tuple(problems)
    page = {"title": _urls.titleize(_pages.slug(place.path)), **front.values, "path": place.path, "url": place.url}
    kept = "".join(_RAW.format(piece) if is_code else piece for is_code, piece in _pages.fenced(body))
    done = templating.render(kept, place.path, first_line=front.body_line, page=page, site={"url": place.base})
    return _document.Text(done.text, done.lines), (*problems, *done.problems)


SOURCE = Source(
    name="plain",
    description="A folder of Markdown files with front matter",
    detect=detect,
    open=open_folder,
    read=read,
)
