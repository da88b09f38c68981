"""Pages of Markdown with front matter, as most generators keep them: what they have in common.  Private to sources."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import structs

from feeds.model import Problem, SourceOptions, Tree
from feeds.reading.front import Front
from feeds.sources import _dates, _document, _urls, _walk
from feeds.text import fixed, iri_to_uri

DATES = ("date", "published", "pubdate", "pubDate", "publishDate", "publishdate", "created")
ATTACHED = frozenset(".pdf .ppt .pptx .odp .key .zip .doc .docx .xls .xlsx .csv .tsv .gz .tgz .epub .ps".split())
WORK = ("doi", "pmid", "pmcid", "arxiv", "journal", "venue", "paperurl", "publication", "publication_types")
REPOSITORY = frozenset(  # what a repository says of itself
    "readme changelog changes history contributing contributors code_of_conduct license licence copying security "
    "support governance authors maintainers citation todo".split()
)
FOLDER_PAGES = frozenset({"readme", "index", "_index"})


# ----------------------------------------------------------------------------------------------- dates, addresses


def is_of_repository(path: str) -> bool:
    """Does the file's name say that it is about the repository?"""
    return _urls.split_ext(posixpath.basename(path))[0].lower().replace("-", "_") in REPOSITORY


def withheld(values: Mapping[str, Any], options: SourceOptions) -> str:
    """Why a page is deliberately not published; "" when it is."""
    if values.get("published") is False and not options.unpublished:
        return "published: false"
    if values.get("draft") is True and not options.drafts:
        return "draft"
    return ""


def published(
    place: _document.Place, front: Front, data: bytes, problems: list[Problem], keys: tuple[str, ...] = DATES
) -> datetime | None:
    """When a page was published: the first date it states, that of its file name, or the day it was first committed.

    None, and an error among the problems, when nothing says so: a date is never made up.
    """
    where, stated = place.path, ""
    try:
        for key in keys:
            value = front.values.get(key)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
                where, stated = _document.at(place, front, key), str(value)
                quoted = _document.is_quoted(data, front.lines.get(key, 0))
                return _dates.moment(value, place.zone, quoted=quoted)
        stated = dated(place.path)
        if stated:
            return _dates.of_file_name(stated, place.zone)
    except (ValueError, OverflowError):
        message = f"{stated[:60]!r} is not a date"
        problems.append(wrong(where, message, "write it as 2024-03-01 or 2024-03-01 12:00:00 +0100"))
        return None
    if place.history:
        return fixed(place.history.created)
    message = "no date in the front matter or the file name: left out"
    problems.append(wrong(where, message, "add `date: 2024-03-01` to its front matter, or exclude it"))
    return None


def is_work(values: Mapping[str, Any]) -> bool:
    """Does the front matter speak of a work?  Such a page without a date is a fault, another is no post."""
    return any(values.get(key) for key in WORK)


def dated(path: str) -> str:
    """The date that a file's name, or that of the folder of an index page, begins with."""
    found = re.match(r"(\d{4}-\d{1,2}-\d{1,2})(?!\d)", _name(path))
    return found[1] if found else ""


def slug(path: str) -> str:
    """A file's name, or that of the folder of an index page, without its ending and a date in front."""
    return re.sub(r"^\d{4}-\d{1,2}-\d{1,2}[-_ ]+", "", _name(path))


def _name(path: str) -> str:
    folder, name = posixpath.split(path)
    stem = _urls.split_ext(name)[0]
    return posixpath.basename(folder) or stem if stem.lower() in FOLDER_PAGES else stem


def placed(place: _document.Place, options: SourceOptions, published: datetime) -> _document.Place:
    """The place with the address that `url:` of the source says, when that is a pattern; see model.PLACEHOLDERS."""
    if not options.pattern:
        return place
    url = _by_pattern(options.pattern, place.path, slug(place.path), published, place.lang)
    return structs.replace(place, url=url)


def _by_pattern(pattern: str, path: str, slug: str, published: datetime, lang: str) -> str:
    folder, name = posixpath.split(path)
    values = {
        "path": posixpath.join(folder, _urls.split_ext(name)[0]),
        "folder": folder,
        "name": _urls.split_ext(name)[0],
        "slug": slug,
        "year": f"{published.year:04}",
        "month": f"{published.month:02}",
        "day": f"{published.day:02}",
        "lang": lang,
    }
    filled = re.sub(r"\{(\w+)\}", lambda m: quote(values.get(m[1], m[0])), pattern)
    return iri_to_uri(re.sub(r"(?<!:)/{2,}", "/", filled))


# ----------------------------------------------------------------------------------------------- front matter, files


def words(values: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    """Categories or tags under the first of the keys that has any, from a list or from text with commas."""
    stated = _document.first(values, keys)
    found = stated.split(",") if isinstance(stated, str) else stated
    return tuple(dict.fromkeys(_document.strings(found)))


def heading(body: str) -> str:
    """The first heading of the first level; "" without one."""
    found = re.search(r"^#[ \t]+(\S[^\n]{0,500}?)[ \t#]*$", body, re.MULTILINE)
    return found[1] if found else ""


def files_of(
    tree: Tree, path: str, options: SourceOptions, base: str, files: Mapping[str, str]
) -> Callable[[str], str]:
    """Where a file named in front matter is served: below `pdf_base`, beside the page, or where the only one lies.

    `files` are the attached files of the tree: name → path as the site serves it, "" when there are several.
    """

    def find(name: str) -> str:
        bare = posixpath.basename(name)
        if name != bare:
            return ""
        if options.pdf_base:
            return f"{_document.site_url(options.pdf_base, base).rstrip('/')}/{quote(bare)}"
        beside = posixpath.join(posixpath.dirname(path), bare)
        known = beside if _walk.inside(tree.root, beside) else files.get(bare, "")
        return f"{base}/{quote(known)}" if known else ""

    return find


# ----------------------------------------------------------------------------------------------- body


def take_out(body: str, pattern: re.Pattern[str]) -> str:
    """`body` with what matches gone, its line breaks kept, fenced code untouched."""
    return "".join(
        piece if is_code else pattern.sub(lambda m: "\n" * m.group().count("\n"), piece)
        for is_code, piece in fenced(body)
    )


def fenced(body: str) -> Iterator[tuple[bool, str]]:
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


def lines_of(body: str, first: int) -> _document.Text:
    """A body none of whose lines moved: it begins on line `first` of its file."""
    return _document.Text(body, tuple(range(first, first + body.count("\n") + 1)))


def wrong(where: str, message: str, hint: str) -> Problem:
    """An error: the page is left out."""
    return Problem(stage="read", where=where, message=message, hint=hint)


def odd(where: str, message: str, hint: str) -> Problem:
    """A warning: the page is published all the same."""
    return Problem(stage="read", where=where, message=message, hint=hint, severity="warning")
