"""Mend the YAML slips that have one reading only, line by line.

Authors write titles with an unquoted colon, handles with an unquoted @, quotes inside quotes, tabs.  A line is touched
only when it does not load by itself and does once mended; whatever stays open is left for the loader to report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# indentation and list dashes | key with its colon | value
_LINE = re.compile(r"([ ]*+(?:-[ ]++)*+)((?:\w[\w .-]*:[ \t]+)?)(\S.*)")
_TABS = re.compile(r"[ \t]*\t[ \t]*(?=\S)")
_BLOCK_SCALAR = re.compile(r"(?:^|[:\s-])[ \t][|>][-+0-9]*(?:[ \t]+#.*)?$")
_ESCAPE = re.compile(r"\\.")
_DOUBLE = re.compile(r'(\\.)|"')
_FLOW_HANDLE = re.compile(r"(?<=[\[,])([ ]*)([@`%][^,\[\]{}\"'#]*?)(?=[ ]*[,\]])")


def repair(block: str, loads: Callable[[str], bool]) -> tuple[str, list[tuple[int, str]]]:
    """`block` with what could be mended mended, and (line from 0, what was done) for each mended line.

    `loads` says whether a piece of YAML can be read; it must be safe for any text.
    """
    lines = block.split("\n")
    done: list[tuple[int, str]] = []
    for number in list(_outside_block_scalars(lines)):
        mended, what = _line(lines[number], loads)
        if what:
            lines[number] = mended
            done.append((number, what))
    return "\n".join(lines), done


def _outside_block_scalars(lines: list[str]) -> Iterator[int]:
    """Numbers of the lines that are YAML syntax: not the text below `key: |` or `key: >`, blank lines or comments."""
    text_below: int | None = None
    for number, line in enumerate(lines):
        stripped = line.lstrip(" \t")
        indent = len(line) - len(stripped)
        if not stripped or stripped[0] == "#" or (text_below is not None and indent > text_below):
            continue
        text_below = indent if _BLOCK_SCALAR.search(line) else None
        yield number


def _line(line: str, loads: Callable[[str], bool]) -> tuple[str, str]:
    """The line mended and what was done, or the line and ""."""
    tabs = _TABS.match(line)
    untabbed = tabs.group().replace("\t", "  ") + line[tabs.end() :] if tabs else line
    done = ["wrote the tabs of the indentation as spaces"] if tabs else []
    found = _LINE.fullmatch(untabbed)
    if not found or not (found[2] or "-" in found[1]) or loads(untabbed.strip()):
        return untabbed, "".join(done)
    lead, key, value = found.groups()
    mended, what = _value(value.rstrip(), top_level=bool(key) and not lead)
    candidate = lead + key + mended
    if not what or not loads(candidate.strip()):
        return untabbed, "".join(done)
    return candidate, " and ".join([*done, what])


def _value(value: str, *, top_level: bool) -> tuple[str, str]:
    first = value[0]
    if first in "@`%":
        return _quoted(value), f"put quotes around the value, which begins with {first}"
    if first == "[":
        return _FLOW_HANDLE.sub(lambda m: m[1] + _quoted(m[2]), value), "put quotes around the list items"
    if first in "\"'" and first in _ESCAPE.sub("", value[1:-1]):
        return _requoted(value, first), "took the quotes inside the value as part of it"
    if top_level and first not in "\"'{|>&*!#?" and (": " in value or ":\t" in value or value.endswith(":")):
        return _quoted(value), "put quotes around the value, which holds a colon"
    return value, ""


def _quoted(value: str) -> str:
    """The value in single quotes, a comment behind it left where it is."""
    text, mark, comment = value.partition(" #")
    return "'" + text.rstrip().replace("'", "''") + "'" + mark + comment


def _requoted(value: str, quote: str) -> str:
    """`"The "best" tool"` keeps its outer quotes as YAML's; `"Best" is it` and `"a" and "b"` have text's only."""
    inner = value[1:-1]
    at = inner.find(quote)
    wrapped = value.endswith(quote) and at >= 0 and inner[at + 1 : at + 2].isalnum()
    if not wrapped:
        return _quoted(value)
    if quote == "'":
        return "'" + re.sub("''?", "''", inner) + "'"
    return '"' + _DOUBLE.sub(lambda m: m[1] or '\\"', inner) + '"'
