"""What the PyMdown extensions write inside a line, as CommonMark and HTML: the inner half of `python_markdown`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import comrak

from feeds.reading._render import LATEX
from feeds.reading._spans import extensions, joined, outside, untouchable

# No text runs over a blank line, and none over another opening of its own kind: time grows with the length alone.
_CRITIC = re.compile(
    r"\{(?:\+\+(?P<ins>(?:[^+{\n]|\+(?!\+\})|\{(?!\+\+)|\n(?!\s*\n))+)\+\+"
    r"|--(?P<gone>(?:[^{\n-]|-(?!-\})|\{(?!--)|\n(?!\s*\n))+)--"
    r"|~~(?P<old>(?:[^{~\n]|\{(?!~~)|\n(?!\s*\n))*)~>(?P<new>(?:[^{~\n]|\{(?!~~)|\n(?!\s*\n))*)~~"
    r"|==(?P<mark>(?:[^={\n]|=(?!=\})|\{(?!==)|\n(?!\s*\n))+)=="
    r"|>>(?P<comment>(?:[^<{\n]|<(?!<\})|\{(?!>>)|\n(?!\s*\n))+)<<)\}"
)
_MARK = re.compile(r"(?<![\w=])==(?![\s=])((?:[^=\n]|=(?!=)|\n(?!\s*\n))+)(?<!\s)==(?![\w=])")
_INSERTED = re.compile(r"\^\^(?![\s^])((?:[^^\n]|\^(?!\^)|\n(?!\s*\n))+)(?<!\s)\^\^")
_RAISED = re.compile(r"(?<![\[^\\])\^([^\s^\[\]]{1,100})\^(?!\^)")
_KEY = r"(?:[\w-]{1,30}|\"[^\"\n]{1,40}\")"
_KEYS = re.compile(rf"(?<![\w+])\+\+({_KEY}(?:\+{_KEY}){{0,5}})\+\+(?![\w+])")
_TEX = re.compile(r"(?<!\\)\\(?P<open>[(\[])(?P<tex>(?:[^\\\n]|\\(?![()\[\]])|\n(?![ \t]*\n))+)\\(?P<close>[)\]])")
_LANGUAGE = re.compile(r"(?<![`\n])(`{1,2})(?:#!|:::)[\w+-]{1,30} (?=[^`\n]{1,500}`)")  # `#!python code`
_ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]{1,80}:(?:\{[^{}\n]{0,200}\})?[ ]?")
_EMOJI = re.compile(r"(?<![\w:]):([a-z0-9_+-]{2,40}):(?![\w:])")
_WORD = r"[^\s()<>\"']++"
_LINK = re.compile(
    rf"(?P<open>\]\([ \t]{{0,9}})(?:<(?P<angle>[^<>\n]{{1,1000}})>|(?P<bare>{_WORD}(?:[ \t]{_WORD})*+))(?=[ \t]|\))"
    r"|^(?P<label> {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]{0,9})"
    r"(?:<(?P<pointed>[^<>\n]{1,1000})>|(?P<plain>[^\s<>]++))(?=\s|\Z)",
    re.MULTILINE,
)


def links(text: str, resolve: Callable[[str], str]) -> str:
    """`text` with the targets of links and images as `resolve` has them; it leaves one alone by saying ""."""

    def rewrite(found: re.Match[str]) -> str:
        pointed = found["angle"] or found["pointed"]
        resolved = resolve(pointed or found["bare"] or found["plain"])
        target = f"<{resolved}>" if pointed else resolved
        return f"{found['open'] or found['label']}{target}" if resolved else found.group()

    return outside(_LINK, rewrite, text, untouchable(text)) if "](" in text or "]:" in text else text


def inline(text: str) -> str:
    """`text` with the marks of the PyMdown extensions as HTML, outside code; line ends stay."""
    text = _LANGUAGE.sub(r"\1", text) if "`#!" in text or "`:::" in text else text
    for sign, pattern, rewrite in _RULES:
        if sign in text and pattern.search(text):
            text = outside(
                pattern, rewrite, text, joined([*untouchable(text), *(m.span() for m in LATEX.finditer(text))])
            )
    return text


def _critic(found: re.Match[str]) -> str:
    """The result of an edit with what it took out: https://github.com/CriticMarkup/CriticMarkup-toolkit"""
    if found["comment"]:
        return "\n" * found["comment"].count("\n")
    if found["old"] is not None:
        return f"<del>{found['old']}</del><ins>{found['new']}</ins>"
    for tag, name in (("ins", "ins"), ("del", "gone"), ("mark", "mark")):
        if found[name]:
            return f"<{tag}>{found[name]}</{tag}>"
    return found.group()


def _keys(found: re.Match[str]) -> str:
    names = re.findall(_KEY, found[1])
    return "+".join(f"<kbd>{n.strip(chr(34)) if n[0] == chr(34) else n.replace('-', ' ').title()}</kbd>" for n in names)


def _tex(found: re.Match[str]) -> str:
    r"""`\(x\)` as `\\(x\\)`, which is how `body` expects it."""
    pair = found["open"] + found["close"]
    return rf"\\{pair[0]}{found['tex']}\\{pair[1]}" if pair in {"()", "[]"} else found.group()


@lru_cache(maxsize=256)
def _emoji(name: str) -> str:
    known = extensions()
    known.shortcodes = True
    shown = comrak.render_markdown(f":{name}:", known).strip()
    return shown.removeprefix("<p>").removesuffix("</p>")


_RULES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("\\", _TEX, _tex),
    ("{", _CRITIC, _critic),
    ("==", _MARK, lambda m: f"<mark>{m[1]}</mark>"),
    ("^^", _INSERTED, lambda m: f"<ins>{m[1]}</ins>"),
    ("^", _RAISED, lambda m: f"<sup>{m[1]}</sup>"),
    ("++", _KEYS, _keys),
    (":", _ICON, lambda _: ""),
    (":", _EMOJI, lambda m: _emoji(m[1])),
)
