"""What Pandoc and Quarto write inside a line: citations, shortcodes, inline notes and code, superscripts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from feeds.reading._spans import outside, untouchable

Cited = Mapping[str, tuple[str, str]]
Told = list[tuple[int, str]]  # (number of the line from 0, what was left out)

_RAW = re.compile(r"(?<!`)(`{1,3})([^`\n]{1,2000})\1\{=(\w{1,20})\}")
_COMPUTED = re.compile(r"(?<!`)`(?:\{(?:r|python|julia|ojs)\}[ \t]+|r[ \t]+)([^`\n]{1,500})`")
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s{0,20}([\w./-]{1,60})((?:[^>{}\n]|\n(?!\n)|>(?!\}\})){0,1000}+)>\}\}")
_FLAT = r"(?:[^\[\]\n]|\n(?!\n))"  # of one paragraph, without brackets
_NOTE = re.compile(rf"(?<!\\)\^\[((?:{_FLAT}|\[{_FLAT}{{0,500}}+\]){{1,3000}}+)\]")
_SUPER = re.compile(r"(?<![\\^\[])\^((?:[^\s^\[\]\\]|\\.){1,60})\^")
_KEY = r"@(?:\{([^{}\s]{1,200})\}|([A-Za-z0-9_][\w:.#$%&+?<>~/-]{0,200}))"
_CITATION = re.compile(rf"\[({_FLAT}{{0,300}}?(?<![\w.])-?{_KEY}{_FLAT}{{0,500}})\](?![\[(:])")
_ONE = re.compile(_KEY)
_BARE = re.compile(rf"(?<![\w.@/\\\[`])(-?){_KEY}")
_REFERENCE = re.compile(r"(?:fig|tbl|eq|lst|thm|sec|lem|cor|prp|def|exm|exr)-")
_WORDS = {
    "fig": "Figure",
    "tbl": "Table",
    "eq": "Equation",
    "lst": "Listing",
    "sec": "Section",
    "thm": "Theorem",
    "lem": "Lemma",
    "cor": "Corollary",
    "prp": "Proposition",
    "def": "Definition",
    "exm": "Example",
    "exr": "Exercise",
}
_SILENT = frozenset("pagebreak fa ai bi iconify icon fontawesome academicicons br".split())
_ARGUMENT = re.compile(
    r"""([\w-]{1,40})=(?:"[^"]{0,500}"|'[^']{0,500}'|\S{1,500})|"([^"]{1,1000})"|'([^']{1,1000})'|(\S{1,1000})"""
)


def rewrite_inline(
    text: str, meta: Mapping[str, str], cited: Cited | None, labels: Mapping[str, int], *, knitr: bool
) -> tuple[str, Told]:
    """`text` rewritten; it keeps its lines, the notes that stood inline follow behind."""
    told: Told = []
    text = _code_spans(text, told, knitr=knitr)
    text = _outside(text, "{{<", _SHORTCODE, lambda found: _shortcode(found, meta, told))
    if "@" in text:
        text = _outside(text, "[", _CITATION, lambda found: _citation(found, cited, labels))
        text = _outside(text, "@", _BARE, lambda found: _bare(found, cited, labels))
    notes: list[str] = []
    text = _outside(text, "^[", _NOTE, lambda found: _note(found, notes))
    text = _outside(text, "^", _SUPER, lambda found: f"<sup>{found[1]}</sup>")
    return text + "".join(f"\n\n{note}" for note in notes), told


def _outside(text: str, sign: str, pattern: re.Pattern[str], rewrite: Callable[[re.Match[str]], str]) -> str:
    """Each match outside code and maths rewritten."""
    return outside(pattern, rewrite, text, untouchable(text)) if sign in text and pattern.search(text) else text


def _line(found: re.Match[str]) -> int:
    return found.string.count("\n", 0, found.start())


def _breaks(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")


def _code_spans(text: str, told: Told, *, knitr: bool) -> str:
    """Raw HTML in a code span is HTML, that of other formats goes; what is computed goes and is told."""
    fences = _fences(text)

    def raw(found: re.Match[str]) -> str:
        if _in_fence(found, fences):
            return found.group()
        return found[2] if found[3] in {"html", "html5"} else ""

    def computed(found: re.Match[str]) -> str:
        is_r = found.group().startswith("`r")
        if (is_r and not knitr) or _in_fence(found, fences):
            return found.group()
        told.append((_line(found), "an inline result"))
        return "…"

    text = _RAW.sub(raw, text) if "`{=" in text else text
    fences = _fences(text)
    return _COMPUTED.sub(computed, text) if "`" in text else text


def _fences(text: str) -> list[int]:
    """Where code fences open and close, in turn."""
    edges: list[int] = []
    mark = ""
    for found in re.finditer(r"^[ \t>]{0,12}(`{3,}|~{3,})([^\n]*)$", text, re.MULTILINE):
        if not mark and "`" not in found[2]:
            mark = found[1]
            edges.append(found.start())
        elif mark and found[1].startswith(mark) and not found[2].strip():
            mark = ""
            edges.append(found.end())
    return edges


def _in_fence(found: re.Match[str], edges: list[int]) -> bool:
    return bisect_right(edges, found.start()) % 2 == 1


# ----------------------------------------------------------------------------------------------- shortcodes


def _shortcode(found: re.Match[str], meta: Mapping[str, str], told: Told) -> str:
    """What a shortcode stands for (https://quarto.org/docs/authoring/shortcodes.html); a line break it holds stays."""
    name = found[1]
    stated = [m[2] or m[3] or m[4] for m in _ARGUMENT.finditer(found[2]) if not m[1]]
    first = stated[0] if stated else ""
    if name in {"meta", "var"} and first in meta:
        return meta[first] + _breaks(found)
    if name == "video" and first:
        return f"<{first}>" if first.startswith(("http://", "https://")) else f"[{first}]({first})"
    if name == "kbd" and first:
        return f"<kbd>{first}</kbd>"
    if name not in _SILENT:
        told.append((_line(found), f"the shortcode {name}"))
    return _breaks(found)


# ----------------------------------------------------------------------------------------------- citations


def _key(found: re.Match[str], first: int) -> tuple[str, str]:
    """The key of a citation and what of the match is behind it: punctuation at the end is not part of a key."""
    braced, bare = found[first], found[first + 1]
    if braced:
        return braced, ""
    key = bare.rstrip(":.#$%&+?<>~/-")
    return key, bare[len(key) :]


def _citation(found: re.Match[str], cited: Cited | None, labels: Mapping[str, int]) -> str:
    """`[see @wick2020, p. 3; @glow2021]` → "(see Wick 2020, p. 3; Glow 2021)"; what is not known goes."""
    parts = []
    for part in found[1].split(";"):
        one = _ONE.search(part)
        key = _key(one, 1)[0] if one else ""
        if one and _REFERENCE.match(key):
            number = str(labels.get(key, ""))
            before = part[: one.start()].strip()
            parts.append(f"{before.rstrip('-').strip()} {number}".strip() if before else _label(key, labels))
            continue
        if cited is None:
            return found.group()
        if one and key in cited:
            authors, year = cited[key]
            before, behind = part[: one.start()].strip(), part[one.end() :].strip()
            name = year if before.endswith("-") else f"{authors} {year}".strip()
            before = before.removesuffix("-").strip()
            parts.append(f"{before} {name}".strip() + (behind if behind[:1] == "," else f" {behind}" if behind else ""))
    references = all(_REFERENCE.match(m[1] or m[2]) for m in _ONE.finditer(found[1]))
    joined = "; ".join(parts)
    return (joined if references else f"({joined})" if joined else "") + _breaks(found)


def _bare(found: re.Match[str], cited: Cited | None, labels: Mapping[str, int]) -> str:
    """`@fig-lamp` → "Figure 1", `@wick2020` → "Wick (2020)"; the key itself when it is not known."""
    key, behind = _key(found, 2)
    if _REFERENCE.match(key):
        return (str(labels.get(key, "")) if found[1] else _label(key, labels)) + behind
    if cited is None:
        return found.group()
    if key not in cited:
        return found[1] + key + behind
    authors, year = cited[key]
    return (f"({year})" if found[1] else f"{authors} ({year})" if year else authors) + behind


def _label(key: str, labels: Mapping[str, int]) -> str:
    word = _WORDS[key.partition("-")[0]]
    number = labels.get(key)
    return f"{word} {number}" if number and word != "Section" else word


def _note(found: re.Match[str], notes: list[str]) -> str:
    label = f"inline-{len(notes) + 1}"
    notes.append(f"[^{label}]: {' '.join(found[1].split())}")
    return f"[^{label}]" + _breaks(found)
