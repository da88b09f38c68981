"""Dates as dateutil reads them, which Pelican and ABlog leave them to; but never filled up with today's.

Private to sources.  https://dateutil.readthedocs.io/en/stable/parser.html
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from feeds.text import fixed

LONGEST = 80
# What is filled in differs between the two in every part of a date: where they agree nothing was filled in.
_DEFAULTS = (datetime(2001, 2, 3), datetime(2004, 11, 28))  # noqa: DTZ001 - dateutil wants them without a zone


def moment(written: str, zone: str) -> datetime:
    """`written` as a point in time, in `zone` where it names none.  A month or a year alone is a ValueError."""
    from dateutil import parser

    if not written.strip() or len(written) > LONGEST:
        raise ValueError(f"not a date: {written[:LONGEST]!r}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [parser.parse(written, default=d, tzinfos=_zone) for d in _DEFAULTS]
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"not a date: {written!r}") from error
    if found[0] != found[1]:
        raise ValueError(f"not a whole date: {written!r}")
    return in_zone(found[0], zone)


def in_zone(found: datetime, zone: str) -> datetime:
    """A date without a zone taken to be in `zone`."""
    return fixed(found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone)))


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of an offset; of a name only UTC's: what "EST" means depends on the machine."""
    if offset is not None and abs(offset) < 86_400:
        return timezone(timedelta(seconds=offset)) if offset else UTC
    return UTC if (name or "").upper() in {"UTC", "GMT", "Z"} else None
