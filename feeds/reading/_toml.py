"""TOML front matter (between `+++`, Hugo's second way) → JSON values, read as `_yaml.read` reads YAML.

https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import math
import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from feeds.reading._yaml import FLATTEN, MAX_CHARACTERS, Block, Note
from feeds.text import legal

_KEY = re.compile(r"""^(?:\[\[?[ \t]*)?["']?([\w-]+)["']?[ \t]*(?:=|\.|\])""", re.MULTILINE)
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){200}""")  # takes tomllib the square of its length
_TABLE = re.compile(r"^\[", re.MULTILINE)
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read(block: str) -> Block:
    """Read the text between the fences.  Never raises; what cannot be read is an error among the notes."""
    if len(block) > MAX_CHARACTERS:
        too_long = Note(0, f"the front matter is longer than {MAX_CHARACTERS} characters", FLATTEN, "error")
        return Block({}, {}, [too_long])
    if long_key := _LONG_KEY.search(block):
        line = block.count("\n", 0, long_key.start())
        return Block({}, {}, [Note(line, "a key has more than 200 parts", FLATTEN, "error")])
    try:
        values = _plain(tomllib.loads(block))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) - 1 if place and place[1] else block.count("\n")
        message = f"the front matter is not TOML: {_PLACE.sub('', str(error))}"
        return Block({}, {}, [Note(line, message, "check the quotes and the brackets of this line", "error")])
    except (RecursionError, ValueError) as error:  # brackets without end; numbers without end
        reason = "too deeply nested" if isinstance(error, RecursionError) else "a number is too long"
        return Block({}, {}, [Note(0, f"the front matter is not readable: {reason}", FLATTEN, "error")])
    return Block(values, {key: line for key, line in _lines(block).items() if key in values}, [])


def _lines(block: str) -> dict[str, int]:
    """Top-level key → its line: keys before the first table, and the tables themselves."""
    first_table = _TABLE.search(block)
    top = first_table.start() if first_table else len(block)
    lines: dict[str, int] = {}
    for found in _KEY.finditer(block):
        if found.start() < top or found.group().startswith("["):
            lines.setdefault(found[1], block.count("\n", 0, found.start()))
    return lines


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {legal(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        return str(value)
    return value
