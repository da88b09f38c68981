"""One page of a Sphinx site taken apart: reStructuredText or MyST Markdown, with what ABlog knows of it.

Private to sources.  https://ablog.readthedocs.io/en/stable/manual/posting-and-listing.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, structs

from feeds.model import Problem
from feeds.reading import front as front_matter
from feeds.reading import rest
from feeds.reading.front import Front
from feeds.sources import _document, _pages, _sphinx_myst
from feeds.text import is_web, legal, replace_illegal, squeeze

_LISTS = frozenset({"tags", "category", "author"})


class Page(Struct, frozen=True):
    """A page: what it says of itself, and its text as Markdown; of reStructuredText also as HTML."""

    front: Front
    text: _document.Text = _document.Text("", (1,))
    title: str = ""
    html: str = ""


def read(data: bytes, path: str, address: Callable[[str, str], str]) -> Page:
    """Take a page apart by its ending.  Never raises."""
    if path.endswith((".md", ".markdown")):
        return _of_markdown(data, path, address)
    if len(data) > front_matter.MAX_BYTES:
        hint = f"posts of up to {front_matter.MAX_BYTES:,} bytes are read"
        return Page(Front(problems=(_pages.wrong(path, f"the file has {len(data):,} bytes", hint),)))
    try:
        text = replace_illegal(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        return _of_rest(rest.read(text, address), path)
    except UnicodeDecodeError as error:
        where = f"{path}:{data[: error.start].count(10) + 1}"
        return Page(Front(problems=(_pages.wrong(where, "not UTF-8", "save the file as UTF-8"),)))
    except rest.Unreadable as error:
        return Page(Front(problems=(_pages.wrong(path, str(error), "shorten the text, or exclude it"),)))


def _of_rest(found: rest.Document, path: str) -> Page:
    values: dict[str, Any] = {k: legal(v) if isinstance(v, str) else v for k, v in found.fields.items()}
    values = {k: _list(v) if k in _LISTS else v for k, v in values.items()}
    stated, lines, more = of_directive(found.posts, path)
    front = Front(
        values={**values, **stated},
        lines={**found.field_lines, **lines},
        has_front=True,
        problems=(*more, *_dropped(found.dropped, path)),
    )
    title = str(stated.get("title") or values.get("title") or found.title)
    return Page(front, _document.Text(found.body, found.lines), squeeze(legal(title)), found.html or " ")


def _of_markdown(data: bytes, path: str, address: Callable[[str, str], str]) -> Page:
    front = front_matter.parse(data, path)
    lines = _pages.lines_of(front.body, front.body_line).lines
    body, numbers, found = _sphinx_myst.adapt(front.body, lines, address)
    stated, where, more = of_directive(found.posts, path)
    values = {k: _list(v) if k in _LISTS and isinstance(v, str) else v for k, v in front.values.items()}
    front = structs.replace(
        front,
        values={**values, **stated},
        lines={**front.lines, **where},
        problems=(*front.problems, *more, *_dropped(found.dropped, path)),
    )
    title = str(front.values.get("title") or _pages.heading(body))
    return Page(front, _document.Text(body, numbers), title)


def _list(value: Any) -> Any:
    """Names between commas as a list; ABlog also takes what looks like a list in Python."""
    if not isinstance(value, str):
        return value
    return [w for w in (squeeze(word.strip(" [\t]\"'")) for word in value.split(",")) if w]


def of_directive(posts: Iterable[rest.Post], path: str) -> tuple[dict[str, Any], dict[str, int], list[Problem]]:
    """What the first `post` directive says as front matter, the line of each of its keys, and what is odd about it."""
    found = list(posts)
    if not found:
        return {}, {}, []
    options = found[0].options
    values: dict[str, Any] = {key: _list(options[key]) for key in sorted(_LISTS) if options.get(key)}
    values |= {"date": found[0].argument} if found[0].argument else {}
    values |= {"title": legal(squeeze(options["title"]))} if options.get("title") else {}
    values |= {"blog_location": squeeze(options["location"])} if options.get("location") else {}
    values |= {"lang": options["language"].split(",")[0].strip()} if options.get("language") else {}
    redirects = [f"/{r.strip().strip('/')}" for r in options.get("redirect", "").split(",") if r.strip()]
    values |= {"redirect_from": redirects} if redirects else {}
    link = options.get("external_link", "")
    values |= {"external_link": link} if is_web(link) else {}
    problems = []
    if len(found) > 1:
        hint = "give each post a page of its own"
        problems.append(_pages.odd(f"{path}:{found[1].line}", "several posts on one page: read as one", hint))
    return values, dict.fromkeys(values, found[0].line), problems


def _dropped(dropped: dict[str, int], path: str) -> list[Problem]:
    hint = "write its content into the text, if readers of the feed need it"
    return [_pages.odd(f"{path}:{line}", f"{name}: left out", hint) for name, line in dropped.items()]
