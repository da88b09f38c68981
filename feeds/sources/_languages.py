"""Languages as sites name them."""

from __future__ import annotations

import re
from typing import Any

_LANG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def language(value: Any) -> str:
    """A BCP 47 tag from `en`, `en_US` or `en-US`; empty for anything else."""
    tag = str(value or "").strip()
    return tag.replace("_", "-") if _LANG.fullmatch(tag) else ""
