"""Which of several media types somebody likes best (RFC 9110, section 12.5.1), and which encoding."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGE = re.compile(r"""([^\s,;/"]+)/([^\s,;"]+)((?:\s*;\s*[^\s,;="]+(?:\s*=\s*(?:"[^"]*"|[^\s,;"]*))?)*)""")
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]+)\s*(?:;|$)", re.IGNORECASE)

Range = tuple[str, str, float]  # type, subtype, quality


def ranges(accept: str) -> list[Range]:
    """The media ranges of an Accept header.  Parameters other than q are not looked at."""
    return [(m[1].lower(), m[2].lower(), _quality(m[3])) for m in _RANGE.finditer(accept)]


def _quality(parameters: str) -> float:
    found = _QUALITY.search(parameters)
    try:
        return min(float(found[1]), 1.0) if found else 1.0
    except ValueError:
        return 1.0


def liking(media_type: str, wanted: Sequence[Range]) -> tuple[float, int]:
    """How much a media type is liked (0: not at all), and how exactly it was named (0…2), by the most exact range."""
    main, _, sub = media_type.partition(";")[0].strip().lower().partition("/")
    found = [
        (2 if type_ == main and subtype == sub else 1 if type_ == main else 0, quality)
        for type_, subtype, quality in wanted
        if (type_, subtype) in {(main, sub), (main, "*"), ("*", "*")}
    ]
    exactness, quality = max(found, default=(0, 0.0))
    return quality, exactness


def best(accept: str, media_types: Sequence[str]) -> int | None:
    """Index of the type that is liked best; of equals the one that was named more exactly, then the first."""
    wanted = ranges(accept) or [("*", "*", 1.0)]
    likings = [liking(media_type, wanted) for media_type in media_types]
    order = sorted(range(len(likings)), key=lambda n: likings[n], reverse=True)  # stable: the first of equals
    return order[0] if order and likings[order[0]][0] > 0 else None


def takes_gzip(encodings: str) -> bool:
    """Does an Accept-Encoding header allow gzip, by its name?"""
    for part in encodings.lower().split(","):
        name, _, parameters = part.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return _quality(f";{parameters}") > 0
    return False
