"""MyST Markdown as Markdown: its directives and roles as far as they are text.  Private to sources.

https://myst-parser.readthedocs.io/en/latest/syntax/roles-and-directives.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from feeds.reading import rest

Rows = list[tuple[str, int]]  # a line, and the line of the file that it came from
DEEPEST = 12

_OPEN = re.compile(r"[ \t]{0,12}(`{3,}|~{3,}|:{3,})[ \t]*(?:\{([\w:.+-]{1,60})\}[ \t]*(.*))?")
_FENCE = re.compile(r"[ \t]{0,12}(`{3,}|~{3,})")
_OPTION = re.compile(r"[ \t]*:([\w-]{1,60}):(?:[ \t]+(.*))?")
_YAML_OPTION = re.compile(r"[ \t]*([\w-]{1,60}):(?:[ \t]+(.*))?")
_ROLE = re.compile(r"\{([\w:.+-]{1,60})\}`([^`\n]{1,500})`")
_TITLED = re.compile(r"([^<>]{0,400}?)\s{0,5}<([^<>]{1,400})>")
_MARK = re.compile(r"\([\w. :-]{1,100}\)=[ \t]*|%.*|\+{3,}[ \t]*.*")
_NOTES = frozenset("note warning tip hint important caution attention danger error seealso admonition".split())


class Found(Struct):
    """What the directives of one text leave behind."""

    dropped: dict[str, int] = field(default_factory=dict)  # name → its first line
    posts: list[rest.Post] = field(default_factory=list)


def adapt(text: str, lines: tuple[int, ...], address: Callable[[str, str], str]) -> tuple[str, tuple[int, ...], Found]:
    """`text` for `body.to_html`, for each of its lines the line of the file, and what its directives said."""
    found = Found()
    rows = _blocks(list(zip(text.split("\n"), lines, strict=True)), found, address, 0)
    return "\n".join(line for line, _ in rows), tuple(number for _, number in rows), found


def _blocks(rows: Rows, found: Found, address: Callable[[str, str], str], depth: int) -> Rows:
    done: Rows = []
    at = 0
    while at < len(rows):
        line, number = rows[at]
        opening = _OPEN.fullmatch(line)
        if opening and opening[2]:
            end = _closing(rows, at + 1, opening[1])
            inner = rows[at + 1 : end]
            done += _directive(opening[2].lower(), opening[3].strip(), number, inner, found, address, depth)
            done.append(("", rows[min(end, len(rows) - 1)][1]))
            at = end + 1
        elif fence := _FENCE.match(line):
            end = _closing(rows, at + 1, fence[1])
            done += rows[at : end + 1]
            at = end + 1
        else:
            done.append(("" if _MARK.fullmatch(line) else _inline(line, address), number))
            at += 1
    return done


def _closing(rows: Rows, at: int, fence: str) -> int:
    """The index of the line that closes a fence, else of the end."""
    for here in range(at, len(rows)):
        line = rows[here][0].strip()
        if len(line) >= len(fence) and not line.strip(fence[0]):
            return here
    return len(rows)


def _directive(
    name: str,
    argument: str,
    number: int,
    rows: Rows,
    found: Found,
    address: Callable[[str, str], str],
    depth: int,
) -> Rows:
    options, content = _options(rows)
    if name in rest.SILENT:
        return []
    if name == "post":
        found.posts.append(rest.Post(argument, options, number))
        return [] if "exclude" in options else _blocks(content, found, address, depth + 1)
    if name in rest.CODE:
        return [(f"````{argument}", number), *content, ("````", number)]
    if name == "math":
        return [("$$", number), *content, ("$$", number)]
    if name in rest.REFUSED or depth >= DEEPEST or not (content or name in {"figure", "image"}):
        found.dropped.setdefault(name, number)
        return []
    if name in {"figure", "image"}:
        shown = options.get("alt", "").replace("]", "")
        return [(f"![{shown}]({argument.replace(' ', '%20')})", number), ("", number), *content]
    titled = argument if name in {"admonition", "abstract", "topic"} and argument else name.capitalize()
    head: Rows = [(f"**{titled}**", number), ("", number)] if name in _NOTES else []
    if name == "abstract" or titled.lower() == "abstract":
        head = [("## Abstract", number), ("", number)]
    return [*head, *_blocks(content, found, address, depth + 1)]


def _options(rows: Rows) -> tuple[dict[str, str], Rows]:
    """The options at the head of a directive, `:key: value` or YAML between ---, and its content."""
    options: dict[str, str] = {}
    at = 0
    if rows and rows[0][0].strip() == "---":
        end = next((i for i, (line, _) in enumerate(rows[1:], 1) if line.strip() == "---"), len(rows))
        stated = [m for line, _ in rows[1:end] if (m := _YAML_OPTION.fullmatch(line))]
        return {m[1]: (m[2] or "").strip("\"' ") for m in stated}, _trimmed(rows[end + 1 :])
    while at < len(rows) and (stated_here := _OPTION.fullmatch(rows[at][0])):
        options[stated_here[1].lower()] = (stated_here[2] or "").strip()
        at += 1
    return options, _trimmed(rows[at:])


def _trimmed(rows: Rows) -> Rows:
    while rows and not rows[0][0].strip():
        rows = rows[1:]
    while rows and not rows[-1][0].strip():
        rows = rows[:-1]
    return rows


def _inline(line: str, address: Callable[[str, str], str]) -> str:
    """A line with its roles as text, as links where it is known where they lead."""

    def role(found: re.Match[str]) -> str:
        titled = _TITLED.fullmatch(found[2])
        shown, target = (titled[1], titled[2]) if titled else (found[2], found[2])
        base = found[1].rpartition(":")[2].lower()
        if base == "math":
            return f"${found[2]}$"
        url = address(base, target)
        shown = shown.rpartition("/")[2] if base == "doc" and not titled else shown
        return f"[{shown.lstrip('~!')}]({url})" if url else shown.lstrip("~!")

    return _ROLE.sub(role, line) if "{" in line else line
