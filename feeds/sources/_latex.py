"""LaTeX in the fields of a bibliography as plain text.  Private to sources."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from feeds.text import legal

LONGEST = 60_000  # characters of one field; what is longer loses its braces only
DEEPEST = 40  # braces within braces

_LATEX = re.compile(r"[\\$~]|``|''")
_BARE = re.compile(r"(?<!\\)([&%#])")  # special to LaTeX, but in bibliographies mostly just typed
_BREAK = re.compile(r"(?:[ \t]*\n){2,}|\\par\b\s?")
_MATH = re.compile(r"(?<!\\)\$([^$]{1,500})(?<!\\)\$")
_DOLLAR = re.compile(r"(?<!\\)\$")  # that opens no formula
_SCRIPT = re.compile(r"([_^])(?:\{([0-9+\-=()n\s]{1,12})\}|([0-9+\-n]))")
_TEXT_SCRIPT = re.compile(r"\\(?:text)?(sub|super)script\{([0-9+\-=()n]{1,12})\}")
_ENSURED = re.compile(r"\\ensuremath\{([_^])([0-9+\-=()n])\}")
_SIGNS = {  # that pylatexenc leaves out, or takes for others
    "textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|", "textperiodcentered": "·",
}  # fmt: skip
_SUB = str.maketrans("0123456789+-=()n", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ", " ")
_SUPER = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", " ")


@lru_cache(maxsize=4096)  # journals, names and publishers come back
def to_text(value: str) -> str:
    """A field's value without its LaTeX, on one line for each paragraph; paragraphs stay apart by a blank line."""
    paragraphs = (" ".join(_convert(part).split()) for part in _BREAK.split(value))
    return "\n\n".join(p for p in paragraphs if p)


def to_address(value: str) -> str:
    r"""A URL, DOI or file name as it is meant: `\url{}`, braces and the backslashes before specials taken off."""
    bare = re.sub(r"\\(?:url|path|nolinkurl)\b", "", value)
    bare = re.sub(r"\{?\\(?:textasciitilde|~)\s?\{?\}?\}?", "~", bare)
    bare = re.sub(r"\{?\\textunderscore\s?\{?\}?\}?", "_", bare)
    return "".join(legal(re.sub(r"\\([%_#&$~{}])", r"\1", bare)).translate({123: None, 125: None}).split())


def _convert(value: str) -> str:
    if not _LATEX.search(value) or len(value) > LONGEST or _depth(value) > DEEPEST:
        return _simple(value)
    source = _TEXT_SCRIPT.sub(lambda m: _script("_" if m[1] == "sub" else "^", m[2]), _BARE.sub(r"\\\1", value))
    source = _ENSURED.sub(lambda m: _script(m[1], m[2]), source)
    source = "".join(_math(run) if at % 2 else _DOLLAR.sub(r"\\$", run) for at, run in enumerate(_MATH.split(source)))
    try:
        return str(_converter().latex_to_text(source))
    except (RecursionError, ValueError, IndexError, KeyError, TypeError, AttributeError):  # of what is no LaTeX at all
        return _simple(value)


def _simple(value: str) -> str:
    """A value with no more LaTeX in it than braces and dashes."""
    return value.replace("---", "—").replace("--", "–").replace("{", "").replace("}", "")  # "-{}-" are two hyphens


def _math(formula: str) -> str:
    return f"${_SCRIPT.sub(lambda s: _script(s[1], s[2] or s[3]), formula)}$"


def _script(mark: str, digits: str) -> str:
    return digits.translate(_SUB if mark == "_" else _SUPER)


def _depth(value: str) -> int:
    deepest = level = 0
    for char in value:
        level += (char == "{") - (char == "}")
        deepest = max(deepest, level)
    return deepest


@cache
def _converter() -> Any:
    import logging

    from pylatexenc import latex2text  # type: ignore[import-untyped]  # it has no type hints

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # what is no LaTeX is kept as it is: nothing to report
    known = latex2text.get_default_latex_context_db()
    signs = [latex2text.MacroTextSpec(name, sign) for name, sign in _SIGNS.items()]
    known.add_context_category("signs", prepend=True, macros=signs)
    return latex2text.LatexNodes2Text(
        latex_context=known, math_mode="text", keep_comments=True, strict_latex_spaces=False
    )
