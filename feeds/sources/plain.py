"""A folder of Markdown files, whatever wrote the site: loose posts, Hugo content, Quarto documents.

Nothing is made up: a post's address is what its front matter says, else its path below the site's address; its date
is what its front matter or its file name says, else it is left out and reported.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from feeds.model import Detection, Problem, Reading, Source, SourceOptions, Tree
from feeds.reading import front as front_matter
from feeds.reading import templating
from feeds.reading.front import Front
from feeds.sources import _dates, _document, _urls, _walk
from feeds.text import canonical, digest, iri_to_uri, is_web

EXTENSIONS = frozenset({".md", ".markdown", ".mkd", ".qmd", ".mdx"})
DATES = ("date", "published", "pubdate", "pubDate", "publishDate", "publishdate", "created")
_ATTACHED = frozenset(".pdf .ppt .pptx .odp .key .zip .doc .docx .xls .xlsx .csv .tsv .gz .tgz .epub .ps".split())
_IGNORED = frozenset({"node_modules", "__pycache__", "_site", "public"})
_FOLDER_PAGES = frozenset({"readme", "index", "_index"})
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
        elif posixpath.splitext(entry.name)[1].lower() in _ATTACHED:
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
        with path.open("rb") as file:
            return file.readline(80).rstrip() in {b"---", b"+++", b"\xef\xbb\xbf---"}
    except OSError:
        return False


# ------------------------------------------------------------------------------------------------------ read


def read(tree: Tree, path: str, options: SourceOptions) -> Reading:
    """Read one file.  Never raises for what is in it."""
    try:
        data = (tree.root / path).read_bytes()
    except OSError as error:
        return Reading(problems=(_wrong(path, f"cannot be read: {error.strerror}", "check its permissions"),))
    front = front_matter.parse(data, path)
    problems = list(front.problems)
    withheld = _withheld(front.values, options)
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
        group=posixpath.dirname(path).partition("/")[0],
        separator="<!--more-->",
        find_file=_files_of(tree, path, options),
        naive_is_local=lambda line: _document.is_quoted(data, line),
    )
    published = _published(place, front, data, problems)
    if published is None:
        return Reading(problems=tuple(problems))
    text, wrong = _text(front, place)
    post, more = _document.post_of(
        place,
        front,
        text,
        published=published,
        title=str(front.values.get("title") or "") or _heading(text.body) or _urls.titleize(_slug(path)),
        categories=_words(front.values, "category", "categories"),
        tags=_words(front.values, "tag", "tags"),
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
    own = folder if stem.lower() in _FOLDER_PAGES else posixpath.join(folder, stem)
    return iri_to_uri(base + "/" + quote(own) + ("/" if own else ""))


def _is_address(stated: str, key: str, base: str) -> bool:
    """Is it the post's own address?  A `url` on another host is the paper's, a `permalink` may be a pattern."""
    if not is_web(stated):
        return stated.startswith("/") and ":" not in stated
    own, other = (canonical(u).split("/")[2] for u in (base, stated)) if is_web(base) else ("", "")
    return key != "url" or (own == other and not stated.startswith(("https://doi.org/", "http://dx.doi.org/")))


def _withheld(values: dict[str, Any], options: SourceOptions) -> str:
    if values.get("published") is False:
        return "published: false"
    if values.get("draft") is True and not options.drafts:
        return "draft"
    return ""


def _published(place: _document.Place, front: Front, data: bytes, problems: list[Problem]) -> datetime | None:
    """When the post was published, in the first date it gives; None, and an error, when it gives none."""
    where, stated = place.path, ""
    try:
        for key in DATES:
            value = front.values.get(key)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
                where, stated = _document.at(place, front, key), str(value)
                quoted = _document.is_quoted(data, front.lines.get(key, 0))
                return _dates.moment(value, place.zone, quoted=quoted)
        stated = _dated(place.path)
        if stated:
            return _dates.of_file_name(stated, place.zone)
    except (ValueError, OverflowError):
        problems.append(
            _wrong(where, f"{stated[:60]!r} is not a date", "write it as 2024-03-01 or 2024-03-01 12:00:00 +0100")
        )
        return None
    message = "no date in the front matter or the file name: left out"
    problems.append(_wrong(where, message, "add `date: 2024-03-01` to its front matter, or exclude it"))
    return None


def _dated(path: str) -> str:
    """The date that a file's name, or that of the folder of an index page, begins with."""
    folder, name = posixpath.split(path)
    if _urls.split_ext(name)[0].lower() in _FOLDER_PAGES:
        name = posixpath.basename(folder)
    found = re.match(r"(\d{4}-\d{1,2}-\d{1,2})(?!\d)", name)
    return found[1] if found else ""


def _slug(path: str) -> str:
    folder, name = posixpath.split(path)
    stem = _urls.split_ext(name)[0]
    stem = posixpath.basename(folder) or stem if stem.lower() in _FOLDER_PAGES else stem
    return re.sub(r"^\d{4}-\d{1,2}-\d{1,2}[-_ ]+", "", stem)


def _words(values: dict[str, Any], one: str, many: str) -> tuple[str, ...]:
    """Categories or tags, from a list or from text with commas."""
    stated = values.get(many) or values.get(one)
    found = stated.split(",") if isinstance(stated, str) else stated
    return tuple(dict.fromkeys(_document.strings(found)))


def _heading(body: str) -> str:
    found = re.search(r"^#[ \t]+(\S[^\n]{0,500}?)[ \t#]*$", body, re.MULTILINE)
    return found[1] if found else ""


# ------------------------------------------------------------------------------------------------------ body


def _text(front: Front, place: _document.Place) -> tuple[_document.Text, tuple[Problem, ...]]:
    """The body without the shortcodes of Hugo and Quarto and the fences of Pandoc's divs; Jekyll's Liquid resolved."""
    problems: list[Problem] = []
    body = front.body
    found = _SHORTCODE.search(body)
    if found:
        body = _outside_code(body, _SHORTCODE)
        line = front.body_line + front.body.count("\n", 0, found.start())
        message = f"shortcodes were left out, the first {' '.join(found.group().split())[:60]}"
        hint = "write their content in Markdown or HTML, if readers of the feed need it"
        where = f"{place.path}:{line}"
        problems.append(Problem(stage="read", where=where, message=message, hint=hint, severity="warning"))
    if ":::" in body:
        body = _outside_code(body, _DIV)
    if not any(_LIQUID.search(piece) for is_code, piece in _fenced(body) if not is_code):
        count = body.count("\n") + 1
        return _document.Text(body, tuple(range(front.body_line, front.body_line + count))), tuple(problems)
    page = {"title": _urls.titleize(_slug(place.path)), **front.values, "path": place.path, "url": place.url}
    kept = "".join(_RAW.format(piece) if is_code else piece for is_code, piece in _fenced(body))
    done = templating.render(kept, place.path, first_line=front.body_line, page=page, site={"url": place.base})
    return _document.Text(done.text, done.lines), (*problems, *done.problems)


def _outside_code(body: str, pattern: re.Pattern[str]) -> str:
    """`body` with what matches gone, its line breaks kept, fenced code untouched."""
    return "".join(
        piece if is_code else pattern.sub(lambda m: "\n" * m.group().count("\n"), piece)
        for is_code, piece in _fenced(body)
    )


def _fenced(body: str) -> Iterator[tuple[bool, str]]:
    """The body in runs of whole lines: (in a code fence?, text)."""
    run: list[str] = []
    fence = ""
    for line in body.splitlines(keepends=True):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if not fence and mark:
            yield False, "".join(run)
            run, fence = [line], mark[1]
        elif fence and mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
            yield True, "".join([*run, line])
            run, fence = [], ""
        else:
            run.append(line)
    yield bool(fence), "".join(run)


def _files_of(tree: Tree, path: str, options: SourceOptions) -> Callable[[str], str]:
    """Where a file named in front matter is served: below `pdf_base`, beside the post, or where the only one lies."""

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        if name != bare:
            return ""
        if options.pdf_base:
            return f"{_document.site_url(options.pdf_base, tree.data['url']).rstrip('/')}/{quote(bare)}"
        beside = posixpath.join(posixpath.dirname(path), bare)
        known = beside if _walk.inside(tree.root, beside) else tree.data["files"].get(bare, "")
        return f"{tree.data['url']}/{quote(known)}" if known else ""

    return find


def _wrong(where: str, message: str, hint: str) -> Problem:
    return Problem(stage="read", where=where, message=message, hint=hint)


SOURCE = Source(
    name="plain",
    description="A folder of Markdown files with front matter",
    detect=detect,
    open=open_folder,
    read=read,
)
