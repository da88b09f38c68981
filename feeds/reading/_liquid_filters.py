"""The filters that Jekyll adds to Liquid (https://jekyllrb.com/docs/liquid/filters/), each bounded.

A filter gets values that a post's author wrote: it may refuse them with a Liquid error, it never hangs on them.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

from liquid import Environment
from liquid.exceptions import FilterArgumentError
from liquid.undefined import Undefined

from feeds import text

SIZE_LIMIT = 200_000  # characters of a value, members of a list
Filter = Callable[..., Any]

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def register(env: Environment) -> None:
    """Put Jekyll's filters into `env` and a bound around every filter; drop those that need a clock or a key."""
    for name, function in FILTERS.items():
        env.filters[name] = function
    for name, function in list(env.filters.items()):
        env.filters[name] = bounded(function)


def bounded(function: Filter) -> Filter:
    """`function`, refusing values in or out that are too large to go on with."""

    def guarded(value: Any, *arguments: Any, **named: Any) -> Any:
        for given in (value, *arguments):
            _check(given)
        try:
            result = function(value, *arguments, **named)
        except (ValueError, ArithmeticError, AttributeError, KeyError, IndexError, RecursionError) as error:
            raise FilterArgumentError(f"does not fit its value: {error}", token=None) from error
        _check(result)
        return result

    for mark in ("with_context", "with_environment"):
        if getattr(function, mark, False):
            setattr(guarded, mark, True)
    return guarded


def _check(value: Any) -> None:
    if isinstance(value, (str, list, tuple, dict)) and len(value) > SIZE_LIMIT:
        raise FilterArgumentError("a value is too large", token=None)
    if isinstance(value, range) and (value.stop - value.start > 10_000):
        raise FilterArgumentError("a range is too long", token=None)
    if isinstance(value, int) and abs(value) > 10**18:
        raise FilterArgumentError("a number is too large", token=None)


# ------------------------------------------------------------------------------------------------------ dates


def moment(value: Any, zone: str = "UTC") -> datetime:
    """A date in text as a point in time; ValueError for anything else, "now" included: nothing here knows the time."""
    if isinstance(value, bool) or value is None or isinstance(value, Undefined):
        raise ValueError("no date")
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC)
    return text.instant(str(value), ZoneInfo(zone))


def strftime(when: datetime, form: str) -> str:
    """Ruby's strftime with English names whatever the locale; an unknown directive stays as it is written."""

    def one(found: re.Match[str]) -> str:
        flag, directive = found[1], found[2]
        value = _DIRECTIVES[directive](when) if directive in _DIRECTIVES else found[0]
        if flag == "-":
            value = value.lstrip("0 ") or "0"
        return value.upper() if flag == "^" else value

    return re.sub(r"%([-^]?)([a-zA-Z%])", one, form[:200])


def _offset(when: datetime, colon: str = "") -> str:
    seconds = int((when.utcoffset() or timedelta()).total_seconds())
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    return f"{sign}{minutes // 60:02}{colon}{minutes % 60:02}"


_DIRECTIVES: dict[str, Callable[[datetime], str]] = {
    "Y": lambda d: f"{d.year:04}",
    "y": lambda d: f"{d.year % 100:02}",
    "C": lambda d: f"{d.year // 100:02}",
    "m": lambda d: f"{d.month:02}",
    "B": lambda d: MONTHS[d.month - 1],
    "b": lambda d: MONTHS[d.month - 1][:3],
    "h": lambda d: MONTHS[d.month - 1][:3],
    "d": lambda d: f"{d.day:02}",
    "e": lambda d: f"{d.day:2}",
    "j": lambda d: f"{d.timetuple().tm_yday:03}",
    "A": lambda d: DAYS[d.weekday()],
    "a": lambda d: DAYS[d.weekday()][:3],
    "u": lambda d: str(d.isoweekday()),
    "w": lambda d: str(d.isoweekday() % 7),
    "V": lambda d: f"{d.isocalendar().week:02}",
    "G": lambda d: f"{d.isocalendar().year:04}",
    "H": lambda d: f"{d.hour:02}",
    "I": lambda d: f"{(d.hour + 11) % 12 + 1:02}",
    "l": lambda d: f"{(d.hour + 11) % 12 + 1:2}",
    "M": lambda d: f"{d.minute:02}",
    "S": lambda d: f"{d.second:02}",
    "p": lambda d: "AM" if d.hour < 12 else "PM",
    "P": lambda d: "am" if d.hour < 12 else "pm",
    "z": _offset,
    "Z": lambda d: "UTC" if d.tzinfo is UTC else _offset(d),
    "s": lambda d: str(int(d.timestamp())),
    "F": lambda d: f"{d.year:04}-{d.month:02}-{d.day:02}",
    "D": lambda d: f"{d.month:02}/{d.day:02}/{d.year % 100:02}",
    "T": lambda d: f"{d.hour:02}:{d.minute:02}:{d.second:02}",
    "R": lambda d: f"{d.hour:02}:{d.minute:02}",
    "%": lambda _: "%",
}


def _date(value: Any, form: Any = "%F") -> Any:
    try:
        return strftime(moment(value), str(form)) if value else value
    except ValueError:
        if str(value).strip().lower() in {"now", "today"}:
            raise
        return value


def _readable(month: str) -> Filter:
    def date_to(value: Any, kind: str = "", style: str = "") -> Any:
        if not value:
            return value
        when = moment(value)
        if kind != "ordinal":
            return strftime(when, f"%d {month} %Y")
        day = when.day
        ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return strftime(when, f"{month} {day}{ending}, %Y" if style == "US" else f"{day}{ending} {month} %Y")

    return date_to


# ------------------------------------------------------------------------------------------------------ text


def _word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM" or char.isdecimal()


_KEPT: dict[str, Callable[[str], bool]] = {
    "raw": lambda c: not c.isspace(),
    "ascii": lambda c: c.isascii() and c.isalnum(),
    "pretty": lambda c: c in "._~!$&'()+,;=@" or _word(c),
}


def _slugify(value: Any, mode: str = "default") -> str:
    source = str(value)
    if mode == "latin":
        source = "".join(c for c in unicodedata.normalize("NFKD", source) if not unicodedata.combining(c))
    runs = groupby(source, _KEPT.get(mode, _word))
    return "".join("".join(run) if kept else "-" for kept, run in runs).strip("-").lower()


def _markdownify(value: Any) -> str:
    from feeds.reading.body import to_html

    return to_html(str(value)).strip()


def _smartify(value: Any) -> str:
    out = re.sub(r"(^|[\s(\[{])\"", r"\1“", str(value)).replace('"', "”")
    out = re.sub(r"(^|[\s(\[{“])'", r"\1‘", out).replace("'", "’")
    return out.replace("...", "…").replace("---", "—").replace("--", "–")


def _truncate(value: Any, length: int = 50, ellipsis: str = "...") -> str:
    source, length = str(value), int(length)
    return source if len(source) <= length else source[: max(length - len(ellipsis), 0)] + ellipsis


def _sentence(values: Any, connector: str = "and") -> str:
    words = [str(v) for v in values] if isinstance(values, (list, tuple)) else [str(values)]
    if len(words) < 3:
        return f" {connector} ".join(words)
    return f"{', '.join(words[:-1])}, {connector} {words[-1]}"


def _words(value: Any, _mode: str = "") -> int:
    return len(str(value).split())


def _jsonify(value: Any) -> str:
    plain = None if isinstance(value, Undefined) else value
    return json.dumps(plain, ensure_ascii=False, default=str, separators=(",", ":"))


# ------------------------------------------------------------------------------------------------------ lists


def _members(values: Any) -> list[Any]:
    if isinstance(values, Mapping):
        return list(values.values())
    return list(values) if isinstance(values, (list, tuple, range)) else []


def _property(item: Any, name: str) -> Any:
    for key in str(name).split("."):
        item = item.get(key) if isinstance(item, Mapping) else None
    return item


def _where(values: Any, name: str, wanted: Any = None) -> list[Any]:
    def same(found: Any) -> bool:
        if wanted is None or isinstance(wanted, Undefined):
            return found is None
        members = found if isinstance(found, list) else [found]
        return any(m is not None and str(m) == str(wanted) for m in members)

    return [item for item in _members(values) if same(_property(item, name))]


def _sort(values: Any, name: str | None = None, nils: str = "first") -> list[Any]:
    def key(item: Any) -> tuple[int, float, str]:
        value = item if name is None else _property(item, name)
        if value is None:
            return (0 if nils == "first" else 3, 0.0, "")
        if isinstance(value, (int, float)):
            return (1, float(value), "")
        return (2, 0.0, str(value))

    return sorted(_members(values), key=key)


def _group_by(values: Any, name: str) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {}
    for item in _members(values):
        groups.setdefault(str(_property(item, name) or ""), []).append(item)
    return [{"name": key, "items": items, "size": len(items)} for key, items in groups.items()]


def _integer(value: Any) -> int:
    found = re.match(r"\s*(-?\d{1,18})", str(int(value) if isinstance(value, (bool, float)) else value))
    return int(found[1]) if found else 0


FILTERS: dict[str, Filter] = {
    "date": _date,
    "date_to_xmlschema": lambda v: text.rfc3339(moment(v)).replace("Z", "+00:00") if v else v,
    "date_to_rfc822": lambda v: strftime(moment(v), "%a, %d %b %Y %T %z") if v else v,
    "date_to_string": _readable("%b"),
    "date_to_long_string": _readable("%B"),
    "slugify": _slugify,
    "markdownify": _markdownify,
    "smartify": _smartify,
    "jsonify": _jsonify,
    "xml_escape": lambda v: html.escape(str(v)).replace("&#x27;", "'"),
    "cgi_escape": lambda v: quote_plus(str(v), safe="-_.*"),
    "uri_escape": lambda v: quote(str(v), safe=":/?#[]@!$&'()*+,;=~"),
    "normalize_whitespace": lambda v: text.squeeze(str(v)),
    "number_of_words": _words,
    "array_to_sentence_string": _sentence,
    "truncate": _truncate,
    "strip_index": lambda v: re.sub(r"/index\.html?$", "/", str(v)),
    "to_integer": _integer,
    "where": _where,
    "find": lambda values, name, wanted: next(iter(_where(values, name, wanted)), None),
    "sort": _sort,
    "group_by": _group_by,
    "push": lambda values, item: [*_members(values), item],
    "unshift": lambda values, item: [item, *_members(values)],
    "pop": lambda values, n=1: _members(values)[: -int(n)] if int(n) > 0 else _members(values),
    "shift": lambda values, n=1: _members(values)[max(int(n), 0) :],
}
