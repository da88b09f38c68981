"""The BibTeX entry that a post prints for its own work.  Private to scholarly.

After https://www.bibtex.org/Format/: values in braces, quotes or bare; LaTeX accents as far as names need them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from feeds.model import Post
from feeds.scholarly._blocks import blocks


class Entry(Struct, frozen=True):
    """One entry: its type, its fields by lower-case name, and the line of the body it begins on."""

    type: str
    fields: dict[str, str]
    line: int


LONGEST = 50_000

_HEAD = re.compile(r"@(\w{3,30})\s{0,5}[{(]\s{0,5}([^\s,{}]{0,200})\s{0,5},")
_FIELD = re.compile(r"[\s,]*+([A-Za-z][\w-]{0,40})\s{0,20}=\s{0,20}")
_BRACE = re.compile("[{}]")
_BARE = re.compile(r"[\w.:/-]{1,200}")
_ACCENT = re.compile(r"\\([`'^\"~=.uvHckr])\s?\{?\\?([A-Za-z])\}?")
_COMMAND = re.compile(r"\\[A-Za-z]++\s?")
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_LETTERS = {
    r"\ss": "ß",
    r"\o": "ø",
    r"\O": "Ø",
    r"\l": "ł",
    r"\L": "Ł",
    r"\ae": "æ",
    r"\AE": "Æ",
    r"\aa": "å",
    r"\i": "i",
}


def of(post: Post) -> Entry | None:
    """The first entry in a code block of the post, when there is exactly one entry: more are a list of other works."""
    return _read(post.body)


@lru_cache(maxsize=8)
def _read(body: str) -> Entry | None:
    if "@" not in body:
        return None
    heads = [
        (block, m)
        for block in blocks(body)
        if block.kind == "code" and len(block.text) < LONGEST
        for m in _HEAD.finditer(block.text)
        if m.group(1).lower() not in {"string", "comment", "preamble"}
    ]
    if len(heads) != 1:
        return None
    block, head = heads[0]
    line = block.start + 1 + block.text.count("\n", 0, head.start())
    return Entry(head.group(1).lower(), _fields(block.text, head.end()), line)


def _fields(text: str, here: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    while found := _FIELD.match(text, here):
        value, here = _value(text, found.end())
        if here <= found.end():
            break
        fields.setdefault(found.group(1).lower(), clean(value))
    return fields


def _value(text: str, here: int) -> tuple[str, int]:
    opening = text[here : here + 1]
    if opening == "{":
        end = _closing(text, here)
        return text[here + 1 : end], end + 1
    if opening == '"':
        end = text.find('"', here + 1)
        return (text[here + 1 : end], end + 1) if end > 0 else ("", here)
    found = _BARE.match(text, here)
    return (found.group(), found.end()) if found else ("", here)


def _closing(text: str, here: int) -> int:
    depth = 0
    for brace in _BRACE.finditer(text, here):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return len(text)


def clean(value: str) -> str:
    """A value as text: accents composed, braces and commands gone, on one line."""
    if "\\" in value:
        for command, letter in _LETTERS.items():
            value = re.sub(re.escape(command) + r"(?![A-Za-z])\s?", letter, value)
        value = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m.group(2) + _COMBINING[m.group(1)]), value)
        value = _COMMAND.sub("", re.sub(r"\\([&%_#$])", r"\1", value))
    return " ".join(value.replace("{", "").replace("}", "").replace("~", " ").split())
