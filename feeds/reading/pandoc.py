"""Pandoc's Markdown, as Quarto writes it, → the Markdown that `body.to_html` knows.

https://pandoc.org/MANUAL.html#pandocs-markdown · https://quarto.org/docs/authoring/markdown-basics.html
What only a computation could fill in (the results of a code cell, an unknown shortcode) is left out and told.
Attribute lists, `:::` fences without a meaning of their own, definition lists and footnotes are dealt with there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from feeds.reading._pandoc_inline import rewrite_inline


class Known(Struct, frozen=True, kw_only=True):
    """What the text cannot say of itself."""

    meta: Mapping[str, str] = {}  # values of `{{< meta key >}}` and `{{< var key >}}`
    cited: Mapping[str, tuple[str, str]] | None = None  # key → (authors, year); None: there is no bibliography
    echo: bool = True  # is the code of a cell shown when the cell does not say?
    knitr: bool = False  # does R run the document, so that `r x` is computed?


class Dropped(Struct, frozen=True):
    """Something that was left out."""

    line: int  # of the file
    what: str  # "the result of a code cell", "the shortcode lipsum"


class Adapted(Struct, frozen=True):
    """The text, for each of its lines the line of the file, and what was left out."""

    text: str
    lines: tuple[int, ...]
    dropped: tuple[Dropped, ...]


CALLOUTS = frozenset({"callout-note", "callout-tip", "callout-warning", "callout-caution", "callout-important"})
_FENCE = re.compile(r"([ \t]{0,12}(?:> ?){0,3})(`{3,}|~{3,})[ \t]*(.*)$")
_DIV = re.compile(r"[ \t]{0,3}:{3,}[ \t]*(.*?)[ \t]*:*$")
_CELL = re.compile(r"\{([A-Za-z][\w+-]{0,30})(?:[ \t,]([^{}]{0,500}))?\}$")
_CELL_OPTION = re.compile(r"[ \t]*(?:#|//|%%|--|\*)\|[ \t]*([\w-]{1,40}):[ \t]*(.{0,500})$")
_RAW = re.compile(r"\{=(\w{1,20})\}$")
_SHOWN = re.compile(r"\{\{([\w+-]{1,30})\}\}|\{[^{}]*?\.([\w+-]{1,30})[^{}]*\}$")
_TITLE = re.compile(r"""\btitle=(?:"([^"]{0,300})"|'([^']{0,300})')""")
_FORMAT = re.compile(r"""\b(when|unless)-format=["']?([\w,-]{1,60})""")
_HEADING = re.compile(r"#{1,6}[ \t]+(.{1,300}?)[ \t]*(?:\{[^{}]*\})?[ \t]*#*$")
_TABLE_CAPTION = re.compile(r"[ \t]{0,3}(?:Table)?:[ \t]+(.*?)[ \t]*(?:\{[^{}]*\})?$")
_EQUATION = re.compile(r"(\$\$)[ \t]*\{#eq-[\w-]{1,80}\}[ \t]*$")
_PAGE_BREAK = re.compile(r"[ \t]*\\(?:newpage|pagebreak|clearpage)[ \t]*$")
_LABEL = re.compile(
    r"\{[^{}\n]{0,200}#((fig|tbl|eq|lst|thm|sec)-[\w-]{1,80})|^[ \t]*#\|[ \t]*label:[ \t]*((fig|tbl|lst)-[\w-]{1,80})",
    re.MULTILINE,
)
_DIAGRAMS = frozenset({"mermaid", "dot"})


class _Div(Struct):
    """An open `:::` block."""

    hidden: bool
    callout: str = ""  # its title while that is still to be written


class _Sheet(Struct):
    """What is written so far."""

    out: list[str]
    lines: list[int]
    dropped: list[Dropped]
    divs: list[_Div]
    hidden: int = 0  # how many of the open divs are

    def put(self, text: str, line: int) -> None:
        self.out.append(text)
        self.lines.append(line)


def adapt(text: str, lines: tuple[int, ...], known: Known = Known()) -> Adapted:  # noqa: B008 - a frozen value
    """`text` (whose lines came from `lines` of the file) in our dialect.  Takes any text and never raises."""
    rows = text.split("\n")
    at = [lines[min(n, len(lines) - 1)] if lines else n + 1 for n in range(len(rows))]
    sheet = _Sheet([], [], [], [])
    number = 0
    while number < len(rows):
        number = _block(rows, at, number, sheet, known)
    labels = _numbered(text)
    done, dropped = rewrite_inline("\n".join(sheet.out), known.meta, known.cited, labels, knitr=known.knitr)
    told = [Dropped(sheet.lines[min(line, len(sheet.lines) - 1)], what) for line, what in dropped]
    return Adapted(*_with_footnotes(done, sheet.lines), tuple(sorted([*sheet.dropped, *told], key=lambda d: d.line)))


def _with_footnotes(done: str, lines: list[int]) -> tuple[str, tuple[int, ...]]:
    """The lines of footnotes that were written inline stand at the end; they came from the last line."""
    extra = done.count("\n") + 1 - len(lines)
    return done, (*lines, *[lines[-1]] * extra)


def _numbered(text: str) -> dict[str, int]:
    """The label of each figure, table, equation … → its number."""
    numbers: dict[str, int] = {}
    counts: dict[str, int] = {}
    for found in _LABEL.finditer(text):
        label, kind = found[1] or found[3], found[2] or found[4]
        if label not in numbers:
            counts[kind] = numbers[label] = counts.get(kind, 0) + 1
    return numbers


# ----------------------------------------------------------------------------------------------- blocks


def _block(rows: list[str], at: list[int], number: int, sheet: _Sheet, known: Known) -> int:
    """Write one line, or one fenced block, that begins at `number`; the number of the line behind it."""
    row = rows[number]
    fence = _FENCE.match(row)
    if fence and not (fence[2][0] == "`" and "`" in fence[3]):
        return _fenced(rows, at, number, fence, sheet, known)
    div = _DIV.match(row)
    if div:
        _open_or_close(div[1], at[number], sheet)
    elif sheet.hidden or _PAGE_BREAK.match(row):
        sheet.put("", at[number])
    elif _is_line_block(rows, number):
        return _line_block(rows, at, number, sheet)
    else:
        sheet.put(_plain_line(row, at[number], sheet), at[number])
    return number + 1


def _plain_line(row: str, line: int, sheet: _Sheet) -> str:
    callout = sheet.divs[-1] if sheet.divs and sheet.divs[-1].callout else None
    if callout and row.strip():
        heading = _HEADING.match(row)
        sheet.put(f"**{heading[1] if heading else callout.callout}**", line)
        sheet.put("", line)
        callout.callout = ""
        row = "" if heading else row
    caption = _TABLE_CAPTION.match(row)
    if caption and _behind_table(sheet.out):
        return caption[1]
    return _EQUATION.sub(r"\1", row) if "{#eq-" in row else row


def _behind_table(out: list[str]) -> bool:
    before = next((row for row in out[:-4:-1] if row.strip()), "")
    return before.strip().startswith("|") or bool(re.fullmatch(r"[ \t+:=-]*[-+]{3}[ \t+:=-]*", before))


def _open_or_close(attributes: str, line: int, sheet: _Sheet) -> None:
    if attributes:
        sheet.divs.append(_div_of(attributes))
        sheet.hidden += sheet.divs[-1].hidden
    elif sheet.divs:
        done = sheet.divs.pop()
        if done.callout and not sheet.hidden:
            sheet.put(f"**{done.callout}**", line)
        sheet.hidden -= done.hidden
    sheet.put("", line)


def _div_of(attributes: str) -> _Div:
    classes = set(re.findall(r"\.([\w-]{1,60})", attributes)) or {attributes.split()[0]}
    callout = next((c for c in sorted(classes) if c in CALLOUTS), "")
    title = _TITLE.search(attributes)
    stated = (title[1] or title[2] or "") if title else ""
    return _Div(_is_hidden(classes, attributes), stated or callout.removeprefix("callout-").capitalize())


def _is_hidden(classes: set[str], attributes: str) -> bool:
    """Is the block not for a web page?"""
    if "hidden" in classes:
        return True
    if not {"content-visible", "content-hidden"} & classes:
        return False
    found = _FORMAT.search(attributes)
    applies = found is None or (("html" in found[2].split(",")) == (found[1] == "when"))
    return applies if "content-hidden" in classes else not applies


# ----------------------------------------------------------------------------------------------- fences


def _fenced(rows: list[str], at: list[int], number: int, fence: re.Match[str], sheet: _Sheet, known: Known) -> int:
    indent, mark, info = fence[1], fence[2], fence[3].strip()
    end = next((n for n in range(number + 1, len(rows)) if _closes(rows[n], mark)), len(rows))
    inside = list(zip(rows[number + 1 : end], at[number + 1 : end], strict=True))
    behind = min(end + 1, len(rows))
    raw, cell = _RAW.match(info), _CELL.match(info)
    if sheet.hidden or (raw and raw[1] not in {"html", "html5"}):
        kept, opening = [], ""
    elif raw:
        kept, opening = inside, ""
    elif cell:
        kept, opening = _cell(cell, inside, at[number], sheet, known), cell[1]
    else:
        shown = _SHOWN.match(info)
        kept, opening = inside, (shown[1] or shown[2]) if shown else "" if info.startswith("{") else info
        _write(f"{indent}{mark}{opening}", kept, f"{indent}{mark}", at, number, end, sheet)
        return behind
    if raw or not kept:
        _write("", kept, "", at, number, end, sheet)
    else:
        _write(f"{indent}{mark}{opening}", kept, f"{indent}{mark}", at, number, end, sheet)
    return behind


def _write(
    first: str, kept: list[tuple[str, int]], last: str, at: list[int], number: int, end: int, sheet: _Sheet
) -> None:
    sheet.put(first, at[number])
    for row, line in kept:
        sheet.put(row, line)
    if end < len(at):
        sheet.put(last, at[end])


def _closes(row: str, mark: str) -> bool:
    bare = row.strip(" \t>")
    return len(bare) >= len(mark) and bare[0] == mark[0] and bare.strip(mark[0]) == ""


def _cell(
    cell: re.Match[str], inside: list[tuple[str, int]], line: int, sheet: _Sheet, known: Known
) -> list[tuple[str, int]]:
    """The code of a cell as far as it is shown; that its results are missing is told."""
    options = _chunk_options(cell[2] or "")
    code: list[tuple[str, int]] = []
    for row, number in inside:
        option = _CELL_OPTION.match(row) if not code else None
        if option:
            options[option[1]] = option[2].strip().strip("\"'").lower()
        elif not re.match(r"[ \t]*(?:#|//|%%)\|", row) or code:
            code.append((row, number))
    shown = options.get("include") != "false"
    silent = "false" in (options.get("eval"), options.get("output")) or options.get("results") == "hide"
    if shown and not silent:
        sheet.dropped.append(Dropped(line, "the result of a code cell"))
    echo = options.get("echo", "true" if known.echo else "false") != "false"
    return code if shown and echo and cell[1] not in _DIAGRAMS and any(r.strip() for r, _ in code) else []


def _chunk_options(stated: str) -> dict[str, str]:
    """`echo=FALSE, results='hide'` of an R chunk, in Quarto's words."""
    found = re.findall(r"([\w.-]{1,40})[ \t]{0,5}=[ \t]{0,5}[\"']?([\w.-]{1,60})", stated)
    return {key.replace(".", "-"): value.lower() for key, value in found}


# ----------------------------------------------------------------------------------------------- line blocks


def _is_line_block(rows: list[str], number: int) -> bool:
    """Does a line block (`| text`) begin here?  Rows of tables end in, or hold, another bar."""
    row = rows[number]
    if not row.startswith("| ") or "|" in row[2:] or (number and rows[number - 1].strip()):
        return False
    return number + 1 >= len(rows) or not re.match(r"\|?[ \t:-]+[-|][ \t:|-]*$", rows[number + 1])


def _line_block(rows: list[str], at: list[int], number: int, sheet: _Sheet) -> int:
    end = number
    while end < len(rows) and rows[end].startswith("|") and "|" not in rows[end][2:]:
        end += 1
    for n in range(number, end):
        words = rows[n][2:]
        indent = len(words) - len(words.lstrip(" "))
        sheet.put("&nbsp;" * indent + words.strip() + ("\\" if n + 1 < end else ""), at[n])
    return end
