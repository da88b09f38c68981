"""Literals in JavaScript configuration, which is never run.  Private to sources.

Only what stands there as a string, a boolean, or a list of strings is taken; anything made by code stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from feeds.sources import _walk

LIMIT = 200_000  # bytes of one file
STRING = r"""(?:"(?:[^"\\\n]|\\.){0,500}"|'(?:[^'\\\n]|\\.){0,500}'|`(?:[^`\\$]|\\.){0,500}`)"""
_TOKEN = re.compile(rf"{STRING}|(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)")
_STRING = re.compile(STRING)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read(root: Path, path: str) -> str:
    """The file's code without comments; "" when it is not there, not below the root, or too large."""
    file = _walk.inside(root, path)
    try:
        if file is None or file.stat().st_size > LIMIT:
            return ""
        return without_comments(file.read_text(encoding="utf-8-sig", errors="replace"))
    except OSError:
        return ""


def without_comments(code: str) -> str:
    """The code with its comments gone; what looks like one inside a string stays."""
    return _TOKEN.sub(lambda found: "" if found["comment"] else found.group(), code)


def value(literal: str) -> str:
    """The text of a string literal."""
    return _ESCAPED.sub(r"\1", literal[1:-1])


def strings(code: str) -> list[str]:
    """Every string literal in the code."""
    return [value(found.group()) for found in _STRING.finditer(code)]


def named(code: str, key: str) -> str | None:
    """The string that stands first behind `key:`; None when there is none."""
    found = re.search(
        rf"(?<![\w$.])[\"']?{re.escape(key)}[\"']?\s{{0,20}}:\s{{0,20}}({STRING})\s{{0,20}}(?=[,}}\n;]|$)", code
    )
    return value(found[1]) if found else None


def assigned(code: str, name: str) -> str | None:
    """The string that is assigned to the constant `name`; None when there is none."""
    found = re.search(
        rf"(?<![\w$.]){re.escape(name)}\s{{0,20}}(?::\s{{0,5}}string\s{{0,5}})?=\s{{0,20}}({STRING})", code
    )
    return value(found[1]) if found else None


def filled(piece: str, code: str) -> str:
    """A piece of the code, with the constants that its template literals name put in their places."""
    known = {name: assigned(code, name) for name in re.findall(r"\$\{(\w{1,60})\}", piece)}
    return re.sub(r"\$\{(\w{1,60})\}", lambda m: known.get(m[1]) or m[0], piece)


def mentions(code: str, word: str) -> bool:
    """Does the word stand in the code, as a key or a name?"""
    return re.search(rf"(?<![\w$]){re.escape(word)}(?![\w$])", code) is not None


def called(code: str, function: str) -> Iterator[str]:
    """The first argument of each call of `function` where that is a string literal."""
    for found in re.finditer(rf"(?<![\w$]){re.escape(function)}\(\s{{0,50}}({STRING})", code):
        yield value(found[1])


def block(code: str, key: str) -> str:
    """What stands between the braces of `key: {…}` when no braces are inside; "" otherwise."""
    found = re.search(rf"(?<![\w$])[\"']?{re.escape(key)}[\"']?\s{{0,20}}:\s{{0,20}}\{{([^{{}}]{{0,4000}})\}}", code)
    return found[1] if found else ""


def listed(code: str, key: str) -> list[str]:
    """The strings of `key: "a"` or `key: ["a", "b"]`."""
    found = re.search(rf"(?<![\w$.])[\"']?{re.escape(key)}[\"']?\s{{0,20}}:\s{{0,20}}\[([^\]\[]{{0,2000}})\]", code)
    one = named(code, key)
    return strings(found[1]) if found else [one] if one is not None else []


def argument(code: str, function: str) -> str:
    """The first call of `function`, from its bracket to the first one that closes a call; "" without one."""
    found = re.search(rf"(?<![\w$]){re.escape(function)}\(([^()]{{0,2000}})\)", code)
    return found[1] if found else ""
