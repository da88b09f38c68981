"""Dates as people write them in front matter and file names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from feeds import text

# How front matter hands on what YAML reads as a point in time without a zone.
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?")
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?"
_TIME = r"(?:[,\s]\s*(\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:[+-]\d{2}:?\d{2}|Z|UTC|GMT))?))?"
_YEAR = rf"(\d{{4}}){_TIME}"
_DAY_FIRST = re.compile(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+([a-z]{{3,9}})\.?,?\s+{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}([a-z]{{3,9}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE)
_SLASHES = re.compile(r"(\d{4})([/.]?)(\d{1,2})\2(\d{1,2})(?:\s+(\d{1,2}:\d{2}.*))?")
_FILE_NAME = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})")


def moment(value: object, zone: str, *, quoted: bool = False) -> datetime:
    """A front matter value as a point in time in `zone`; ValueError when it is none.

    A date is its midnight in `zone`.  A time without a zone is in UTC when YAML itself reads it as a timestamp (not
    `quoted`, and with seconds; https://yaml.org/type/timestamp.html), as it is to Jekyll, else in `zone`.
    "31 July 2020", "July 4, 2020 23:15" and 2020/07/04
    are understood; a month or a year alone is not a day.
    """
    written = iso(str(value).strip())
    naive_is_utc = not quoted and _TIMESTAMP.fullmatch(written) is not None
    found = text.instant(written, ZoneInfo("UTC") if naive_is_utc else ZoneInfo(zone))
    return text.fixed(found.astimezone(ZoneInfo(zone)))


def iso(written: str) -> str:
    """`written` with its parts in ISO 8601 order; what is not recognised stays as it is."""
    if written[4:5] == "-" or len(written) > 64 or (written.isdigit() and len(written) != 8):
        return written
    if found := _SLASHES.fullmatch(written):
        year, _, month, day, clock = found.groups()
    elif found := _DAY_FIRST.fullmatch(written):
        day, month, year, clock = found.groups()
    elif found := _MONTH_FIRST.fullmatch(written):
        month, day, year, clock = found.groups()
    else:
        return written
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    return f"{year}-{number:02}-{int(day):02}" + (f" {clock}" if clock else "")


def of_file_name(date: str, zone: str) -> datetime:
    """`19-8-27` or `2019-08-27` of a file name as midnight in `zone`; ValueError when there is no such month or day.

    As in Jekyll, two digits are a year from 1969 to 2068 and 30 February is 1 March.
    """
    found = _FILE_NAME.fullmatch(date)
    if not found:
        raise ValueError(f"not a date: {date!r}")
    year, month, day = (int(g) for g in found.groups())
    if len(found[1]) == 2:
        year += 1900 if year >= 69 else 2000
    if not 1 <= day <= 31:
        raise ValueError(f"not a date: {date!r}")
    first = datetime(year, month, 1, tzinfo=UTC) + timedelta(days=day - 1)
    return text.fixed(first.replace(tzinfo=ZoneInfo(zone)))
