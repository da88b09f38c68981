"""Text as BibTeX holds it: escaped, its capitals kept, names in the order that BibTeX reads.  Private to exporters.

https://www.bibtex.org/Format/ and O. Patashnik, "BibTeXing" (https://ctan.org/pkg/bibtex, btxdoc), sections 3 and 4.
BibTeX counts every brace, escaped or not, so each value holds as many closing as opening ones.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from feeds.exporters._exchange import literal, named, one_line, paragraphs
from feeds.model import Person, Work
from feeds.text import iri_to_uri, legal

_ESCAPES = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{char: f"\\{char}" for char in "&%#_${}"},
}
_SPECIAL = re.compile(r"[\\~^&%#_${}]")
_PAIRS = {"--": "-{}-", "''": "'{}'", "``": "`{}`", "?`": "?{}`", "!`": "!{}`"}  # that LaTeX prints as one sign
_LONE = {"{": r"\{\vphantom{\}}", "}": r"\vphantom{\{}\}"}  # a brace and an unseen one that answers it
_BREAKING = re.compile(r"[\s{}\\]")  # what would end an identifier
_BRACE = re.compile(r"[{}]")
_SIGNS = {"<": r"\textless", ">": r"\textgreater", "|": r"\textbar", "ű": r"\H{u}", "Ű": r"\H{U}"}
_ODD = re.compile(r"[^\x00-\x7f]|[<>|]")  # "<" is another sign in the font that LaTeX has by default


def escaped(text: str, latex: bool) -> str:
    """Text that LaTeX prints and that parsers read as it is; with `latex` in ASCII as far as LaTeX has commands."""
    if text.isalnum() and not latex:
        return text
    if _is_marked(text):
        escapes = _ESCAPES if _is_balanced(text) else _ESCAPES | _LONE
        text = _SPECIAL.sub(lambda m: escapes[m[0]], text)
    for pair, apart in _PAIRS.items():
        while pair[-1] in text and pair in text:  # one character is found much sooner than two
            text = text.replace(pair, apart)
    return _ODD.sub(lambda m: _command(m[0]), text) if latex else text


def _is_marked(text: str) -> bool:
    """Does it hold what LaTeX takes for a mark?"""
    for mark in _ESCAPES:  # noqa: SIM110  # any() takes twice as long, a pattern over prose four times
        if mark in text:
            return True
    return False


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@lru_cache(maxsize=4096)
def _command(char: str) -> str:
    written = _SIGNS.get(char) or _encoded(char)
    return written if written == char or written.startswith("{") else f"{{{written}}}"


def _encoded(char: str) -> str:
    """The command for a character; a letter whose command stands for another one (Greek omicron: "o") stays itself."""
    encoder, decoder = _coders()
    written = str(encoder.unicode_to_latex(char))
    return char if char.isalpha() and decoder.latex_to_text(written) != char else written


@lru_cache(maxsize=1)
def _coders() -> tuple[Any, Any]:
    import logging

    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]  # it has no type hints
    from pylatexenc.latexencode import UnicodeToLatexEncoder  # type: ignore[import-untyped]

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # a command that it cannot read back is not taken
    return UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False), LatexNodes2Text()


def verbatim(text: str) -> str:
    """An identifier, which LaTeX must not touch: braces and what is no part of one are encoded as in a URL."""
    return _BREAKING.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), one_line(text))


def address(url: str) -> str:
    """A URL; braces do not stay in it."""
    return iri_to_uri(legal(url))


def prose(text: str, latex: bool) -> str:
    """Paragraphs apart by a blank line.  No line begins with "@", where parsers look for the next entry."""
    lines = (escaped(line, latex) for line in paragraphs(text))
    return "\n\n".join(f"{{@}}{line[1:]}" if line.startswith("@") else line for line in lines)


# ---------------------------------------------------------------------------------------------------- titles

_RUN = re.compile(r"[^\W_]+")  # of letters and digits: "X-ray" has two
_MARKS = "()[]{}<>.,:;!?\"'`“”‘’„«»‹›…–—-"
_LONGER = re.compile(r"[^\W\d_]{4,}")


def headline(title: str, lang: str, latex: bool) -> str:
    """A title, braces around the words whose capitals a bibliography style must not lower.

    These are words with a capital behind their first letter (DNA, mRNA, McKay), single letters (vitamin D), and, unless
    the title has capitals throughout and is not German, words with a capital that do not begin a sentence: names.
    """
    words = one_line(title).split(" ")
    shouted = len(words) > 2 and title.isupper()
    names = lang.lower().startswith("de") or not _is_capitalised(words)
    begins = [True, *(word.endswith((":", ".", "?", "!", "–", "—")) for word in words)]
    kept = (not shouted and _needs(word, names and not first) for word, first in zip(words, begins, strict=False))
    return " ".join(_kept(w, latex) if keep else escaped(w, latex) for w, keep in zip(words, kept, strict=True))


def _kept(word: str, latex: bool) -> str:
    """A word in braces, the marks around it outside of them."""
    core = word.strip(_MARKS)
    before, _, behind = word.partition(core)
    return f"{escaped(before, latex)}{{{escaped(core, latex)}}}{escaped(behind, latex)}"


def _needs(word: str, is_name: bool) -> bool:
    if word.islower():
        return False
    runs = _RUN.findall(word)
    return any(_is_coined(run, is_name) for run in runs) or (is_name and bool(runs) and runs[0][0].isupper())


def _is_coined(run: str, is_name: bool) -> bool:
    """DNA, mRNA, 3D, B12, X; not "A" or "I", which may just begin a title in capitals."""
    if len(run) == 1:
        return run.isupper() and (run not in "AI" or is_name)
    return any(char.isupper() for char in run[1:]) or (run[0].isupper() and run[1:].isdigit())


def _is_capitalised(words: list[str]) -> bool:
    """Has every other of the longer words behind the first a capital?  One alone, and acronyms, say nothing."""
    if not any(word[:1].isupper() for word in words[1:]):
        return False
    longer = [word for word in words[1:] if _LONGER.search(word) and not _needs(word, is_name=False)]
    return len(longer) > 1 and 2 * sum(word[0].isupper() for word in longer) >= len(longer)


# ---------------------------------------------------------------------------------------------------- names


def names(work: Work, latex: bool) -> str:
    """The authors, "and" between them, "others" where the post leaves some out."""
    written = [_name(person, latex) for person in named(work.authors)]
    return " and ".join([*written, *["others"] * (work.authors_truncated and bool(written))])


@lru_cache(maxsize=4096)  # people come back
def _name(person: Person, latex: bool) -> str:
    """ "von Last, Jr, First", or one word alone; what else has no parts is within braces, so that it stays whole."""
    whole = literal(person)
    family, given, suffix = (one_line(part) for part in (person.family, person.given, person.suffix))
    if whole or not given:
        text = whole or " ".join(part for part in (family, suffix) if part)
        written = escaped(text, latex)
        alone = not whole and text.isalpha() and text.lower() not in {"and", "others"}
        return written if alone else f"{{{written}}}"
    return ", ".join(_part(part, latex) for part in (family, suffix, given) if part)


def _part(part: str, latex: bool) -> str:
    """A part of a name; in braces when a mark, an "and" or a small word in it would be read as the next part."""
    written = escaped(part, latex)
    words = part.split(" ")
    small = words[0][0].isupper() and any(word[0].islower() for word in words[1:])
    marks = written.startswith("\\") or set(",{}") & set(part)
    return f"{{{written}}}" if small or marks or "and" in part.lower().split(" ") else written
