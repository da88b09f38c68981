"""JSON front matter (an object at the top, Hugo's third way) → JSON values, read as `_yaml.read` reads YAML.

https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from feeds.reading._yaml import FLATTEN, MAX_CHARACTERS, MAX_DEPTH, Block, Note
from feeds.text import legal

OPENING = re.compile(
    r"""\{\s{0,200}(?:"[^"\n]{0,200}"[ \t]{0,20}:|\}[ \t]*(?:\n|\Z))"""
)  # and not Liquid, not {: .class}
_KEY = re.compile(r"""["]([^"\\\n]{1,200})"\s{0,20}:""")


def end(text: str, start: int) -> int:
    """Where the object that begins at `start` ends; -1 when it is not closed, or longer than front matter may be."""
    depth, in_text, escaped = 0, False, False
    for at in range(start, min(len(text), start + MAX_CHARACTERS)):
        char = text[at]
        if in_text:
            in_text = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_text = True
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
    return -1


def read(block: str) -> Block:
    """Read the object.  Never raises; what cannot be read is an error among the notes."""
    notes: list[Note] = []
    try:
        pairs = json.loads(block, object_pairs_hook=lambda found: _object(found, notes), parse_constant=str)
        values = _plain(pairs, 0)
    except json.JSONDecodeError as error:
        message = f"the front matter is not JSON: {error.msg}"
        return Block({}, {}, [Note(error.lineno - 1, message, "check the quotes and the commas of this line", "error")])
    except (RecursionError, ValueError):
        return Block({}, {}, [Note(0, f"more than {MAX_DEPTH} levels of nesting", FLATTEN, "error")])
    lines: dict[str, int] = {}
    for found in _KEY.finditer(block):
        if found[1] in values:
            lines.setdefault(found[1], block.count("\n", 0, found.start()))
    return Block(values, lines, notes)


def _object(pairs: list[tuple[str, Any]], notes: list[Note]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        notes.append(Note(0, "a key is given twice in the front matter, the last one counts", "remove one of the two"))
    return values


def _plain(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        return {legal(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return legal(value)
    if (isinstance(value, float) and not math.isfinite(value)) or (isinstance(value, int) and abs(value) >= 2**63):
        return str(value)
    return value
