"""MDX → Markdown (https://mdxjs.com/docs/what-is-mdx/): what is code goes, what is text stays, and no line moves."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from feeds.reading._spans import outside, untouchable


class Plain(Struct, frozen=True):
    """Markdown with as many lines as the MDX had, and what was left out of it."""

    text: str
    dropped: tuple[tuple[int, str], ...]  # (number of the line from 0, "<Chart>" or "{expression}")


_MODULE = re.compile(r"^(?:import|export)\b(?:[^\n]|\n(?!\s*\n)){0,5000}", re.MULTILINE)
_VALUE = r"""(?:"[^"]{0,500}"|'[^']{0,500}'|\{(?:[^{}]|\{[^{}]{0,500}\}){0,1000}\})"""
_TAG = re.compile(
    rf"<(/?)([A-Z][\w.]{{0,60}})((?:\s+[\w:.-]{{1,60}}(?:={_VALUE})?|\s+\{{[^{{}}]{{0,200}}\}}){{0,50}})\s*/?>"
)
_EXPRESSION = re.compile(r"(?<![\\$])\{((?:[^{}\n]|\n(?!\n)){0,1000})\}")
_COMMENT = re.compile(r"\s*/\*.*\*/\s*", re.DOTALL)
_STRING = re.compile(r"""\s*(["'`])([^"'`\\$]*)\1\s*""")


def to_markdown(text: str) -> Plain:
    """`text` without imports, exports, components' tags and expressions; what stands between tags stays."""
    dropped: list[tuple[int, str]] = []

    def tag(found: re.Match[str]) -> str:
        if not found[1]:
            dropped.append((_line(found), f"<{found[2]}>"))
        return _breaks(found)

    def expression(found: re.Match[str]) -> str:
        literal = _STRING.fullmatch(found[1])
        if literal:
            return literal[2] + "\n" * (found.group().count("\n") - literal[2].count("\n"))
        if not _COMMENT.fullmatch(found[1]) and found[1].strip():
            dropped.append((_line(found), "{expression}"))
        return _breaks(found)

    text = _outside(_MODULE, text, _breaks) if "import" in text or "export" in text else text
    text = _outside(_TAG, text, tag) if "<" in text else text
    text = _outside(_EXPRESSION, text, expression) if "{" in text else text
    return Plain(text, tuple(sorted(dropped)))


def _outside(pattern: re.Pattern[str], text: str, rewrite: Callable[[re.Match[str]], str]) -> str:
    return outside(pattern, rewrite, text, untouchable(text)) if pattern.search(text) else text


def _line(found: re.Match[str]) -> int:
    return found.string.count("\n", 0, found.start())


def _breaks(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")
