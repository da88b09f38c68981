"""What a Pelican file says of itself: meta lines, docinfo, <meta> tags, and what its path and the settings add.

Private to sources.  https://docs.getpelican.com/en/latest/content.html#file-metadata
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

from msgspec import Struct

from feeds.model import Problem
from feeds.reading import front as front_matter
from feeds.reading import rest
from feeds.reading.front import Front
from feeds.sources import _pages, _patterns
from feeds.sources._pelican_settings import Settings
from feeds.text import legal, replace_illegal

MARKDOWN = frozenset({"md", "markdown", "mkd", "mdown"})
HTML = frozenset({"htm", "html"})
EXTENSIONS = MARKDOWN | HTML | {"rst"}
# Of these the first of several lines counts; of every other key the lines are a list.
SINGLE = frozenset("tags date modified status category author save_as url authors slug".split())

_META = re.compile(r" {0,3}([A-Za-z0-9_-]+):[ \t]*(.*)")
_MORE = re.compile(r" {4,}(.*)")
_BEGIN = re.compile(r"-{3}(?:\s.*)?")
_END = re.compile(r"(?:-{3}|\.{3})(?:\s.*)?")


class Page(Struct, frozen=True):
    """A file taken apart: its own metadata, keys in lower case, and its text."""

    front: Front
    title: str = ""  # as Pelican makes a slug of it; may hold HTML
    html: str = ""  # of reST and HTML; "" for Markdown
    lines: tuple[int, ...] = ()  # of reST: for each line of front.body that of the file
    dropped: dict[str, int] = {}


def read(data: bytes, path: str, settings: Settings) -> Page:
    """Take a file apart by its ending.  Never raises."""
    if len(data) > front_matter.MAX_BYTES:
        hint = f"posts of up to {front_matter.MAX_BYTES:,} bytes are read"
        return Page(Front(problems=(_pages.wrong(path, f"the file has {len(data):,} bytes", hint),)))
    try:
        text = replace_illegal(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError as error:
        where = f"{path}:{data[: error.start].count(10) + 1}"
        return Page(Front(problems=(_pages.wrong(where, "not UTF-8", "save the file as UTF-8"),)))
    ending = posixpath.splitext(path)[1][1:]
    if ending == "rst":
        return _of_rest(text, path)
    if ending in HTML:
        return _of_html(text)
    return _of_markdown(text, data, path, settings)


def _of_markdown(text: str, data: bytes, path: str, settings: Settings) -> Page:
    front, whole = _meta_lines(text)
    plugins = settings.of("PLUGINS")
    has_yaml = isinstance(plugins, (list, tuple)) and any("yaml_meta" in str(p) for p in plugins)
    if text.startswith("---\n") and (has_yaml or not (whole or isinstance(plugins, (list, tuple)))):
        read = front_matter.parse(data, path)
        values = {k.lower(): v for k, v in read.values.items()}
        front = Front(
            values=values,
            lines={k.lower(): n for k, n in read.lines.items()},
            body=read.body,
            body_line=read.body_line,
            has_front=True,
            problems=read.problems,
        )
    return Page(front, _text(front.values.get("title")))


def _meta_lines(text: str) -> tuple[Front, bool]:
    """Python-Markdown's own meta lines, with or without fences; and did they end as they should?

    https://python-markdown.github.io/extensions/meta_data/
    """
    lines = text.split("\n")
    at = 1 if _BEGIN.fullmatch(lines[0]) else 0
    fenced, whole = bool(at), True
    found: dict[str, list[str]] = {}
    where: dict[str, int] = {}
    key = ""
    while at < len(lines):
        line = lines[at]
        if not line.strip() or _END.fullmatch(line):
            whole = not fenced or bool(line.strip())
            at += 1
            break
        if meta := _META.fullmatch(line):
            key = meta[1].lower()
            found.setdefault(key, []).append(meta[2].strip())
            where.setdefault(key, at + 1)
        elif key and (more := _MORE.fullmatch(line)):
            found[key].append(more[1].strip())
        else:
            whole = not fenced
            break
        at += 1
    if not found:
        return Front(body=text), not fenced
    body = "\n".join(lines[at:])
    values: dict[str, Any] = {legal(k): _one(k, v) for k, v in found.items()}
    return Front(values=values, lines=where, body=body, body_line=at + 1, has_front=True), whole


def _one(key: str, lines: list[str]) -> str | list[str]:
    lines = [legal(line) for line in lines]
    if key in SINGLE:
        return lines[0]
    if len(lines) == 1 or key in {"title", "summary", "abstract", "description", "citation"}:
        return " ".join(line for line in lines if line)
    return lines


def _of_rest(text: str, path: str) -> Page:
    try:
        found = rest.read(text)
    except rest.Unreadable as error:
        return Page(Front(problems=(_pages.wrong(path, str(error), "shorten the text, or exclude it"),)))
    values: dict[str, Any] = {k: legal(v) if isinstance(v, str) else v for k, v in found.fields.items()}
    values.setdefault("title", found.title)
    problems: list[Problem] = []
    if found.notes:
        line, note = found.notes[0]
        hint = "correct it: Pelican may leave the whole article out"
        problems.append(_pages.odd(f"{path}:{line}" if line else path, f"reStructuredText: {note}", hint))
    front = Front(
        values=values,
        lines={k: n for k, n in found.field_lines.items() if k in values},
        body=found.body,
        has_front=True,
        problems=tuple(problems),
    )
    title = found.title_html if "title" not in found.fields else _text(values["title"])
    return Page(front, title or found.title, found.html or " ", found.lines, found.dropped)


def _of_html(text: str) -> Page:
    from lxml import html as lxml_html

    values: dict[str, Any] = {}
    try:
        document = lxml_html.document_fromstring(text)
    except (ValueError, lxml_html.etree.LxmlError):
        return Page(Front(body=text), "", text or " ")
    for meta in document.iterfind(".//head/meta[@name]"):
        name = {"keywords": "tags"}.get(meta.get("name", "").lower(), meta.get("name", "").lower())
        content = legal(meta.get("content") or meta.get("contents") or "")
        if name in values and isinstance(values[name], list):
            values[name].append(content)
        else:
            values[name] = [values[name], content] if name in values else content
    title = document.findtext(".//head/title") or ""
    values.setdefault("title", legal(title))
    opening = re.search(r"<body\b[^>]{0,1000}>", text, re.IGNORECASE)
    start = opening.end() if opening else 0
    end = text.lower().rfind("</body")
    body = text[start : end if end >= start else len(text)]
    line = text.count("\n", 0, start) + 1
    return Page(Front(values=values, body=body, body_line=line, has_front=True), title, body or " ")


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


# ------------------------------------------------------------------------------------------------------ around it


def inherited(path: str, settings: Settings) -> dict[str, Any]:
    """What the settings and the path below the content say; the file's own metadata win.  Raises `_patterns.Unsafe`."""
    values: dict[str, Any] = dict(settings.of("DEFAULT_METADATA") or {})
    if settings.of("DEFAULT_CATEGORY") and settings.of("CATEGORY_SAVE_AS"):
        values["category"] = settings.of("DEFAULT_CATEGORY")
    default = settings.of("DEFAULT_DATE")
    if isinstance(default, (list, tuple)) and len(default) >= 3 and all(isinstance(n, int) for n in default):
        values["date"] = "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*[*default, 0, 0, 0][:6])
    elif isinstance(default, str) and default and default != "fs":
        values["date"] = default
    for prefix, more in sorted((settings.of("EXTRA_PATH_METADATA") or {}).items(), key=lambda pair: str(pair[0])):
        if isinstance(more, dict) and (path == prefix or path.startswith(f"{str(prefix).rstrip('/')}/")):
            values.update(more)
    return {**values, **_of_path(path, settings)}


def _of_path(path: str, settings: Settings) -> dict[str, str]:
    folder, name = posixpath.split(path)
    checks = [(settings.text("FILENAME_METADATA"), posixpath.splitext(name)[0]), (settings.text("PATH_METADATA"), path)]
    found: dict[str, str] = {}
    for pattern, text in checks:
        match = _patterns.compiled(pattern).match(text[: _patterns.TEXT]) if pattern and text else None
        for key, value in match.groupdict().items() if match else ():
            if value is not None:
                found.setdefault(key.lower(), value)
    folder = posixpath.basename(folder)
    if settings.of("USE_FOLDER_AS_CATEGORY") and settings.of("CATEGORY_SAVE_AS") and folder:
        found.setdefault("category", folder)
    return {k: v for k, v in found.items() if v.strip() or k not in SINGLE}
