"""What Python-Markdown and the PyMdown extensions know and CommonMark does not, rewritten as CommonMark and HTML.

Blocks here: admonitions, details, tabs, snippets, mkdocstrings, abbreviations; what stands inside a line is rewritten
by `_python_markdown`.  Attribute lists, footnotes, definition lists and Markdown inside HTML are `body`'s.
https://python-markdown.github.io/extensions/ · https://facelessuser.github.io/pymdown-extensions/
"""

from __future__ import annotations

import re
from collections.abc import Callable

from feeds.reading._python_markdown import inline, links

Rows = list[tuple[str, int]]  # a line, and the line of the file that it came from
Handler = Callable[[Rows, int, list[str], int], tuple[Rows, int] | None]
DEEPEST = 12  # admonitions inside each other; what is deeper stays as it is written

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_CALLOUT = re.compile(r"[ \t]*+(?:!!!|\?\?\?\+?)[ \t]*+([\w-]*+)[\w \t-]*+(?:\"(.*)\")?[ \t]*")
_TAB = re.compile(r"[ \t]*===[!+]{0,2}[ \t]+(?:\"(.*)\"|'(.*)')[ \t]*")
_SLASHES = re.compile(r" {0,3}/{3,}[ \t]*(?:([\w-]+)[ \t]*(?:\|(.*))?)?")
_OPTION = re.compile(r"(?: {4}|\t)[ \t]*[\w-]+:.*")
_MODULE = re.compile(r" {0,3}:::[ \t]+([\w.:/\[\]-]+)[ \t]*")
_SNIPPET = re.compile(r"[ \t>]*-{1,9}8<-{1,9}[ \t]+[\"'](.*)[\"'][ \t]*")
_SNIPPETS = re.compile(r"[ \t]*-{1,9}8<-{1,9}[ \t]*")
_ABBREVIATION = re.compile(r" {0,3}\*\[[^\]]+\]:.*")
_LIST_ITEM = re.compile(r"[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]+\S")
_TIGHT_HEADING = re.compile(r"( {0,3}#{2,6})(?=[^\W\d_])")
_ABSTRACTS = frozenset({"abstract", "summary", "tldr"})  # one type of Material's under its three names
_UNTITLED = frozenset({"html", "definition", "caption", "figure-caption", "table-caption"})


def adapt(text: str, lines: tuple[int, ...]) -> tuple[str, tuple[int, ...], list[str]]:
    """`text` for `body.to_html`, for each of its lines the line of the file, and the names of what was left out.

    `lines` says the same of `text` as it comes.  An admonition becomes a quotation under its title; an abstract and a
    tab become running text under theirs.  Snippets and mkdocstrings stand for text from elsewhere: they are left out.
    """
    dropped: list[str] = []
    rows = _blocks(list(zip(text.split("\n"), lines, strict=True)), dropped, 0)
    return inline("\n".join(line for line, _ in rows)), tuple(number for _, number in rows), dropped


def resolve_links(text: str, resolve: Callable[[str], str]) -> str:
    """`text` with what its links and images lead to replaced by what `resolve` says, "" leaving it; not in code.

    A name with spaces may stand without `<>`, as Python-Markdown has it.
    """
    return links(text, resolve)


def _blocks(rows: Rows, dropped: list[str], depth: int) -> Rows:
    done: Rows = []
    at = 0
    in_list = False
    while at < len(rows):
        line = rows[at][0]
        if line.strip():
            in_list = bool(_LIST_ITEM.match(line)) or (in_list and line[0] in " \t")
        handlers = _ANYWHERE if in_list or _indent(line) < 4 else _IN_CODE
        new = next((n for n in (handle(rows, at, dropped, depth) for handle in handlers) if n), None)
        replaced, at = new if new else ([rows[at]], at + 1)
        if new and replaced and done and done[-1][0].strip() and replaced[0][0].lstrip()[:2] in {"> ", "**"}:
            done.append(("", done[-1][1]))  # what it becomes cannot interrupt a paragraph
        done += replaced
    return done


# ------------------------------------------------------------------------------------------------------ titled blocks


def _callout(rows: Rows, at: int, dropped: list[str], depth: int) -> tuple[Rows, int] | None:
    """`!!! note "Title"`, `??? note "Title"`, and what is indented below."""
    line, number = rows[at]
    found = _CALLOUT.fullmatch(line)
    if not found or not (found[1] or found[2]) or depth >= DEEPEST:
        return None
    title = found[1].replace("-", " ").capitalize() if found[2] is None else found[2].strip()
    inner, end = _inner(rows, at, dropped, depth)
    if found[1].lower() in _ABSTRACTS:
        return _section(line, number, title, inner, ends=_goes_on(rows, end)), end
    margin = _margin(line)
    head = [(f"> {_bold(title)}", number), (">", number)] if title else []
    quoted = [*head, *((f"> {text}".rstrip(), n) for text, n in inner)]
    return [*((margin + text, n) for text, n in quoted), *_gap(rows, end)], end


def _tab(rows: Rows, at: int, dropped: list[str], depth: int) -> tuple[Rows, int] | None:
    """`=== "Title"`, and what is indented below."""
    line, number = rows[at]
    found = _TAB.fullmatch(line)
    if not found or depth >= DEEPEST:
        return None
    inner, end = _inner(rows, at, dropped, depth)
    return _section(line, number, (found[1] or found[2] or "").strip(), inner, ends=False) + _gap(rows, end), end


def _slashes(rows: Rows, at: int, _dropped: list[str], _depth: int) -> tuple[Rows, int] | None:
    """`/// note | Title`, its options, and the `///` at its end: the title stays, and what is between."""
    line, number = rows[at]
    found = _SLASHES.fullmatch(line.rstrip())
    if not found:
        return None
    kind, title = found[1] or "", (found[2] or "").strip()
    end = at + 1
    while kind and end < len(rows) and _OPTION.fullmatch(rows[end][0]):
        end += 1
    shown = _bold(title) if title and kind not in _UNTITLED else ""
    return [(shown, number), ("", number)] if shown else [("", number)], end


def _section(line: str, number: int, title: str, inner: Rows, *, ends: bool) -> Rows:
    """Running text under a title in bold; a rule behind it where other text would seem to belong to it."""
    margin = _margin(line)
    head = [(_bold(title), number), ("", number)] if title else []
    last = inner[-1][1] if inner else number
    tail = [("", last), ("---", last), ("", last)] if ends else []
    return [((margin + text).rstrip(), n) for text, n in (*head, *inner, *tail)]


def _inner(rows: Rows, at: int, dropped: list[str], depth: int) -> tuple[Rows, int]:
    """What is indented below the line `at`, rewritten and moved to the margin, and the index behind it."""
    width = _indent(rows[at][0]) + 4
    end = last = at + 1
    while end < len(rows) and (not rows[end][0].strip() or _indent(rows[end][0]) >= width):
        end += 1
        last = end if rows[end - 1][0].strip() else last
    return _blocks([(_dedent(text, width), n) for text, n in rows[at + 1 : last]], dropped, depth + 1), last


def _gap(rows: Rows, end: int) -> Rows:
    """A blank line before text that follows at once."""
    return [("", rows[end - 1][1])] if end < len(rows) and rows[end][0].strip() else []


def _goes_on(rows: Rows, end: int) -> bool:
    """Does running text follow?"""
    following = next((text for text, _ in rows[end : end + 20] if text.strip()), "")
    return bool(following) and not following.startswith(("#", "---", "***", "!!!", "???"))


def _bold(title: str) -> str:
    return title if "**" in title or "__" in title else f"**{title}**"


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _indent(line: str) -> int:
    """Columns of white space in front."""
    return len(_margin(line).expandtabs(4))


def _dedent(line: str, width: int) -> str:
    """`line` that many columns further left."""
    margin = _margin(line)
    return margin.expandtabs(4)[width:] + line[len(margin) :]


# ------------------------------------------------------------------------------------------------------ other blocks


def _fenced(rows: Rows, at: int, dropped: list[str], _depth: int) -> tuple[Rows, int] | None:
    """Fenced code stays as it is, but for snippets."""
    opening = _FENCE.match(rows[at][0])
    if not opening or "`" in rows[at][0][opening.end() :]:
        return None
    end = at + 1
    while end < len(rows) and not _closes(rows[end][0], opening[1]):
        end += 1
    kept = [row for row in rows[at : end + 1] if not _left_out(row[0], dropped)]
    return kept, min(end + 1, len(rows))


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return stripped.startswith(fence) and not stripped.strip(fence[0])


def _snippet(rows: Rows, at: int, dropped: list[str], _depth: int) -> tuple[Rows, int] | None:
    """`--8<-- "file"`, or file names between lines `--8<--`."""
    line, number = rows[at]
    if _left_out(line, dropped):
        return [("", number)], at + 1
    if not _SNIPPETS.fullmatch(line):
        return None
    end = next((n for n in range(at + 1, min(at + 50, len(rows))) if _SNIPPETS.fullmatch(rows[n][0])), 0)
    if not end:
        return None
    dropped += [f"snippet {name.strip()}" for name, _ in rows[at + 1 : end] if name.strip()]
    return [("", n) for _, n in rows[at : end + 1]], end + 1


def _left_out(line: str, dropped: list[str]) -> bool:
    found = _SNIPPET.fullmatch(line) if "8<" in line else None
    if found:
        dropped.append(f"snippet {found[1]}")
    return found is not None


def _module(rows: Rows, at: int, dropped: list[str], _depth: int) -> tuple[Rows, int] | None:
    """`::: module.name` of mkdocstrings, and its options."""
    found = _MODULE.fullmatch(rows[at][0])
    if not found:
        return None
    dropped.append(f"::: {found[1]}")
    end = at + 1
    while end < len(rows) and _indent(rows[end][0]) >= 4:
        end += 1
    return [("", n) for _, n in rows[at:end]], end


def _line(rows: Rows, at: int, _dropped: list[str], _depth: int) -> tuple[Rows, int] | None:
    """The definition of an abbreviation goes; `##Heading` is a heading without the space, too."""
    line, number = rows[at]
    if _ABBREVIATION.fullmatch(line):
        return [("", number)], at + 1
    spaced = _TIGHT_HEADING.sub(r"\1 ", line, count=1) if _TIGHT_HEADING.match(line) else line
    return ([(spaced, number)], at + 1) if spaced != line else None


_ANYWHERE: tuple[Handler, ...] = (_fenced, _callout, _tab, _slashes, _snippet, _module, _line)
_IN_CODE: tuple[Handler, ...] = (_snippet,)
