"""The dates of feeds: RFC 3339 and ISO 8601, RFC 822, and what people write in their place.  Private to sources."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from feeds import text
from feeds.sources import _dates

_LONGEST = 100


def moment(stated: str, zone: str) -> datetime:
    """A date with its own offset; without one it is in `zone`, or in UTC when it is an RFC 822 date.

    A month or a year alone is no date.  Raises ValueError.
    """
    if len(stated) > _LONGEST:
        raise ValueError(f"not a date: {stated[:_LONGEST]!r}")
    # RFC 5322, 4.3: a zone that is not known, as CEST, counts as UTC.
    parts = parsedate_tz(stated) if any(c.isalpha() for c in stated.replace("T", "").replace("Z", "")) else None
    try:
        if parts is None:
            return text.instant(_dates.iso(stated), ZoneInfo(zone))
        year, month, day, hour, minute, second = parts[:6]
        offset = timezone(timedelta(seconds=parts[9] or 0))
        return text.fixed(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=offset))
    except OverflowError as error:
        raise ValueError(f"not a date: {stated!r}") from error


def is_later(stated: str, than: str) -> bool:
    """Is one date later than another?  One that is none is earlier than any."""
    return _or_first(stated) > _or_first(than)


def _or_first(stated: str) -> datetime:
    try:
        return moment(stated, "UTC").astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
