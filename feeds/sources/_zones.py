"""Time zones by name.  Apart from what reads dates: a run in which nothing changed reads none."""

from __future__ import annotations


def is_zone(name: str) -> bool:
    """Is it a time zone of the IANA database?"""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfo has an error for each way a name can be wrong
        return False
    return True
