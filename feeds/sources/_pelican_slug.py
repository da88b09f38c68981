"""Pelican's slugs: what its `slugify` makes of a title, a category, an author.  Private to sources.

Pelican turns letters into ASCII with Unidecode, which is GPL and no dependency of this project; text-unidecode, of the
same origin, differs in rare letters.  Those that are common are put right here, of the others `is_sure` says no.
https://docs.getpelican.com/en/latest/settings.html#url-settings
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from feeds.sources import _patterns

SUBSTITUTIONS = ((r"[^\w\s-]", ""), (r"(?u)\A\s*", ""), (r"(?u)\s*\Z", ""), (r"[-\s]+", "-"))
LONGEST = _patterns.TEXT

# Unidecode's own, where text-unidecode has another.
_CORRECTIONS = {
    "Ŋ": "NG",
    "ŋ": "ng",
    "Є": "Ie",
    "Ъ": "'",
    "ъ": "'",
    "ẞ": "SS",
    "₱": "P",
    "₹": "Rs",
    "₺": "L",
    "₽": "R",
    "₿": "BTC",
    **dict.fromkeys("しシ", "shi"),
    **dict.fromkeys("ちチ", "chi"),
    **dict.fromkeys("っつッツ", "tsu"),
    "ー": "-",
    "・": "*",
    "゠": "=",
}
# Blocks in which the two agree, but for the corrections: Latin, Greek, Cyrillic, punctuation, kana, Han, Hangul.
_SURE = ((0x0000, 0x0240), (0x0250, 0x02AE), (0x0300, 0x034E), (0x0384, 0x03CE), (0x0400, 0x0480))
_SURE_TOO = (
    (0x1E00, 0x1E9B),
    (0x1E9E, 0x1E9E),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2049),
    (0x3041, 0x30FE),
    (0x4E00, 0x9FA5),
    (0xAC00, 0xD7A3),
)


def slugify(
    value: str,
    substitutions: Iterable[tuple[str, str]] = SUBSTITUTIONS,
    *,
    preserve_case: bool = False,
    use_unicode: bool = False,
) -> str:
    """The slug of a value.  Raises `_patterns.Unsafe` for a substitution that is no pattern or could run for hours."""
    from markupsafe import Markup

    text = unicodedata.normalize("NFKC", Markup(value[: 4 * LONGEST]).striptags())  # noqa: S704 - its tags go
    if not use_unicode:
        text = to_ascii(text)
    for pattern, replacement in substitutions:
        text = _replaced(unicodedata.normalize("NFKC", pattern), unicodedata.normalize("NFKC", replacement), text)
    return (text if preserve_case else text.lower()).strip()


def _replaced(pattern: str, replacement: str, text: str) -> str:
    if (pattern, replacement) not in SUBSTITUTIONS and len(text) > LONGEST:
        raise _patterns.Unsafe(f"a text of more than {LONGEST} characters")
    try:
        return _patterns.compiled(pattern, re.IGNORECASE).sub(replacement, text)
    except (re.error, IndexError) as error:
        raise _patterns.Unsafe(f"not a replacement: {error}") from error


def to_ascii(text: str) -> str:
    """`text` as Unidecode spells it in ASCII."""
    if text.isascii():
        return text
    import text_unidecode

    return "".join(_letter(c, text_unidecode.unidecode(c)) for c in text)


def _letter(char: str, spelled: str) -> str:
    if char in _CORRECTIONS:
        return _CORRECTIONS[char]
    return "" if spelled.strip() == "[?]" else spelled


def is_sure(value: str) -> bool:
    """Is every letter of a value one that Unidecode and we spell alike?"""
    composed = unicodedata.normalize("NFKC", value)
    return composed.isascii() or all(
        c in _CORRECTIONS or any(low <= ord(c) <= high for low, high in (*_SURE, *_SURE_TOO)) for c in composed
    )
