"""Languages as sites and records name them."""

from __future__ import annotations

import re
from typing import Any

_LANG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_TAG = re.compile(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?")
_NAMES = {  # babel's, as in the `langid` of BibLaTeX, and the three letters of ISO 639-2, as libraries have them
    "en": "english eng", "en-US": "american usenglish", "en-GB": "british ukenglish", "de": "german ngerman deu ger",
    "fr": "french fra fre", "es": "spanish spa", "it": "italian ita", "pt": "portuguese por", "nl": "dutch nld dut",
    "ru": "russian rus", "ja": "japanese jpn", "zh": "chinese zho chi", "sv": "swedish swe", "pl": "polish pol",
}  # fmt: skip
_TAGS = {name: tag for tag, names in _NAMES.items() for name in names.split()}


def language(value: Any) -> str:
    """A BCP 47 tag from `en`, `en_US` or `en-US`; empty for anything else."""
    tag = str(value or "").strip()
    return tag.replace("_", "-") if _LANG.fullmatch(tag) else ""


def of_record(stated: str) -> str:
    """The tag of a language, from its tag, its name or its three letters; empty for what is not known."""
    found = _TAG.fullmatch(stated.strip())
    if not found:
        return _TAGS.get(stated.strip().lower(), "")
    return f"{found[1].lower()}-{found[2].upper()}" if found[2] else found[1].lower()
