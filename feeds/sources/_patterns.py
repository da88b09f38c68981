"""Regular expressions that a site's settings hold, made safe to run.  Private to sources.

Python's engine tries every way that a text can match: a repeat within a repeat takes longer than anybody waits.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]  # the only parser of Python's own dialect
from typing import Any

LONGEST = 500  # characters of a pattern
MOST_REPEATS = 4  # without an end, in one pattern
TEXT = 300  # characters of what is looked at

_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


class Unsafe(ValueError):
    """The pattern is none, or could run for hours."""


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, when it is sure to end soon on TEXT characters.  Raises Unsafe."""
    if len(pattern) > LONGEST:
        raise Unsafe("longer than a pattern should be")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(pattern, flags)
            if _repeats(parsed, inside=False) > MOST_REPEATS:
                raise Unsafe("repeats more often than is sure to end")
            return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise Unsafe(f"not a pattern: {error}") from error


def _repeats(parsed: Any, *, inside: bool) -> int:
    """How many repeats without an end a pattern has; raises Unsafe for one within another, and for back references."""
    count = 0
    for operator, argument in parsed:
        if operator in _REPEATS:
            _, most, body = argument
            many = most > 100
            if many and inside:
                raise Unsafe("a repeat within a repeat")
            count += many + _repeats(body, inside=inside or most > 5)
        elif operator in (_constants.GROUPREF, _constants.GROUPREF_EXISTS):
            raise Unsafe("a back reference")
        elif operator is _constants.BRANCH:
            if inside:
                raise Unsafe("a choice within a repeat")
            count += sum(_repeats(branch, inside=inside) for branch in argument[1])
        elif isinstance(argument, tuple):
            inner = [a for a in argument if isinstance(a, _parser.SubPattern)]
            count += sum(_repeats(part, inside=inside) for part in inner)
        elif isinstance(argument, _parser.SubPattern):
            count += _repeats(argument, inside=inside)
    return count
