"""Hugo's rules for the address of a page (https://gohugo.io/content-management/urls/), as Hugo 0.168 applies them.

Pure: what a page says of itself and where its file lies go in, the path of its page comes out, escaped as Hugo does it.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, unquote, unquote_plus

from msgspec import Struct

from feeds.sources._urls import DAYS, MONTHS

_TOKEN = re.compile(r":\w+(?:\[[^\n\]]{1,40}\])?", re.ASCII)
_SLICE = re.compile(r"(section(?:slug)?s)\[([^\]]*)\]")
_COLON = "\0"  # stands for "\:", a colon that begins no token
_KEPT = frozenset("./\\_#+~-@")
_HEX = frozenset("0123456789abcdefABCDEF")
_ESCAPED = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:@\[\]/%]*")


class Rules(Struct, frozen=True, kw_only=True):
    """What the site's configuration says of addresses."""

    permalinks: tuple[tuple[str, str], ...] = ()  # (glob of the page's path, pattern), the first that fits counts
    ugly: bool | tuple[str, ...] = False  # or: in these sections
    cased: bool = False  # disablePathToLower
    without_accents: bool = False  # removePathAccents


class Page(Struct, frozen=True, kw_only=True):
    """What an address is made from."""

    path: str  # below the content folder, without language and ending; of a bundle its folder: "news/Big Day"
    name: str  # of the file, without language and ending; of a bundle the name of its folder
    folder: str = ""  # that the address begins with
    sections: tuple[str, ...] = ()  # folders of the section it is in, from the top
    section_names: tuple[str, ...] = ()  # the same by their slugs or titles
    is_bundle: bool = False
    title: str = ""
    slug: str = ""
    url: str = ""
    date: datetime | None = None
    prefix: str = ""  # of its language: "de"


def address(page: Page, rules: Rules) -> str:
    """The path of the page's address below the site's base, escaped, with a slash in front."""
    if page.url:
        return _by_url(page, rules)
    pattern = next((p for glob, p in rules.permalinks if matches(glob, "/" + normal(page.path))), "")
    expanded = unquote_plus(expand(pattern, page, rules)) if pattern else ""
    base = page.slug or (page.name if rules.cased else normal(page.name))
    parts = _parts(expanded) if expanded else [*_parts(page.folder), *_parts(base)]
    index_like = not expanded and not page.is_bundle and base == "index"
    if index_like or _is_ugly(page, rules):
        parts = [*parts[:-1], (parts[-1] if parts else "") + ".html"]
        is_folder = parts[-1] == "index.html" and not expanded
        parts = parts[:-1] if is_folder else parts
    else:
        is_folder = True
    link = "/".join(sanitize(part, rules) for part in [*_parts(page.prefix), *parts])
    return escape(f"/{link}/" if is_folder and link else f"/{link}")


def _by_url(page: Page, rules: Rules) -> str:
    """The address that the front matter gives: taken as it is, only its tokens filled in."""
    url = expand(page.url, page, rules) if ":" in page.url else page.url
    if ".." in url:
        url = posixpath.normpath("/" + url)
    parts = _parts(url)
    is_folder = url.endswith("/") or "." not in url or parts[-1:] == ["index.html"]
    if parts[-1:] == ["index.html"]:
        parts.pop()
    bare = not url.startswith("/")
    link = "/".join([*(_parts(page.prefix) if bare else ()), *parts])
    return escape(f"/{link}/" if is_folder and link else f"/{link}")


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _is_ugly(page: Page, rules: Rules) -> bool:
    return rules.ugly if isinstance(rules.ugly, bool) else page.path.partition("/")[0].lower() in rules.ugly


# ------------------------------------------------------------------------------------------------------ text


def sanitize(text: str, rules: Rules) -> str:
    """Letters, marks, digits and a few signs kept, white space as one hyphen, all else dropped; lower case."""
    if rules.without_accents:
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
        text = unicodedata.normalize("NFC", bare)
    kept: list[str] = []
    waiting = False
    for at, char in enumerate(text):
        if _is_kept(char) or (char == "%" and len(text) > at + 2 and set(text[at + 1 : at + 3]) <= _HEX):
            if waiting and char != "-":
                kept.append("-")
            waiting = False
            kept.append(char)
        elif char.isspace() and kept and kept[-1] != "-":
            waiting = True
    clean = "".join(kept)
    return clean if rules.cased else lower(clean)


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return char in _KEPT or category[0] in "LM" or category == "Nd"


def lower(text: str) -> str:
    """Lower case as Go has it: letter by letter, İ as i."""
    return "".join("i" if c == "İ" else c.lower() for c in text)


def normal(path: str) -> str:
    """A file's path as Hugo knows it: lower case, each space a hyphen."""
    return lower(path).replace(" ", "-")


def escape(link: str) -> str:
    """A path percent-encoded as Go's net/url does it; what is encoded already is left alone, "?" begins a query."""
    path, mark, query = link.replace("#", "%23").partition("?")
    if not _ESCAPED.fullmatch(path):
        path = quote(unquote(path), safe="/$&+,:;=@~")
    return path + mark + quote(query, safe="/?:@!$&'()*+,;=%~")


# ------------------------------------------------------------------------------------------------------ permalinks


def expand(pattern: str, page: Page, rules: Rules) -> str:
    """A permalink pattern with its tokens filled in; what is no token stays."""

    def fill(found: re.Match[str]) -> str:
        token = found[0][1:]
        if token in _VALUES:
            return _VALUES[token](page, rules)
        if cut := _SLICE.fullmatch(token):
            names = page.sections if cut[1] == "sections" else _section_words(page, rules)
            return "/".join(_slice(cut[2], names))
        return _layout(token, _date(page))

    return _TOKEN.sub(fill, pattern.replace("\\:", _COLON)).replace(_COLON, ":")


def _slice(cut: str, sections: tuple[str, ...]) -> tuple[str, ...]:
    """The part of the sections that [1:], [:2], [0] or [last] names; nothing when it is out of bounds."""
    low, colon, high = cut.lower().partition(":")
    first = _index(low, len(sections), 0)
    if first >= len(sections):
        return ()
    if not colon:
        return sections[first : first + 1]
    return sections[first : _index(high, len(sections), len(sections))]


def _index(written: str, size: int, default: int) -> int:
    if written == "last":
        return max(size - 1, 0)
    return int(written) if written.isascii() and written.isdigit() else default


def _date(page: Page) -> datetime:
    return page.date or datetime(1, 1, 1)  # noqa: DTZ001 - Go's zero time, which Hugo prints for a page without a date


def _word(text: str, rules: Rules) -> str:
    # Hugo encodes the value and decodes the whole address afterwards: a plus sign becomes a space on the way.
    return escape(sanitize(text, rules))


def _flat(title: str) -> str:
    """A title, which makes no folders."""
    return title.replace("/", "-")


def _section_words(page: Page, rules: Rules) -> tuple[str, ...]:
    return tuple(_word(name, rules) for name in page.section_names)


def _slug_or(name: Callable[[Page], str]) -> Callable[[Page, Rules], str]:
    return lambda page, rules: _word(page.slug or name(page), rules)


_VALUES: dict[str, Callable[[Page, Rules], str]] = {
    "year": lambda p, _: str(_date(p).year),
    "month": lambda p, _: f"{_date(p).month:02}",
    "monthname": lambda p, _: MONTHS[_date(p).month - 1],
    "day": lambda p, _: f"{_date(p).day:02}",
    "weekday": lambda p, _: str(_date(p).isoweekday() % 7),
    "weekdayname": lambda p, _: DAYS[_date(p).weekday()],
    "yearday": lambda p, _: str(_date(p).timetuple().tm_yday),
    "section": lambda p, _: p.sections[0] if p.sections else "",
    "sections": lambda p, _: "/".join(p.sections),
    "sectionslug": lambda p, rules: "".join(_section_words(p, rules)[:1]),
    "sectionslugs": lambda p, rules: "/".join(_section_words(p, rules)),
    "title": lambda p, rules: _word(_flat(p.title), rules),
    "slug": _slug_or(lambda p: _flat(p.title)),
    "slugorfilename": _slug_or(lambda p: p.name),
    "filename": lambda p, rules: _word(p.name, rules),
    "contentbasename": lambda p, rules: _word(p.name, rules),
    "slugorcontentbasename": _slug_or(lambda p: p.name),
}

# Go's reference time, Mon Jan 2 15:04:05 2006, piece by piece; the longer before what begins them.
_LAYOUT: dict[str, Callable[[datetime], str]] = {
    "January": lambda d: MONTHS[d.month - 1],
    "Jan": lambda d: MONTHS[d.month - 1][:3],
    "Monday": lambda d: DAYS[d.weekday()],
    "Mon": lambda d: DAYS[d.weekday()][:3],
    "2006": lambda d: f"{d.year:04}",
    "002": lambda d: f"{d.timetuple().tm_yday:03}",
    "01": lambda d: f"{d.month:02}",
    "02": lambda d: f"{d.day:02}",
    "03": lambda d: f"{(d.hour + 11) % 12 + 1:02}",
    "04": lambda d: f"{d.minute:02}",
    "05": lambda d: f"{d.second:02}",
    "06": lambda d: f"{d.year % 100:02}",
    "15": lambda d: f"{d.hour:02}",
    "_2": lambda d: f"{d.day:2}",
    "PM": lambda d: "PM" if d.hour >= 12 else "AM",
    "pm": lambda d: "pm" if d.hour >= 12 else "am",
    "1": lambda d: str(d.month),
    "2": lambda d: str(d.day),
    "3": lambda d: str((d.hour + 11) % 12 + 1),
    "4": lambda d: str(d.minute),
    "5": lambda d: str(d.second),
}
_PIECE = re.compile("|".join(_LAYOUT))


def _layout(layout: str, date: datetime) -> str:
    return _PIECE.sub(lambda found: _LAYOUT[found[0]](date), layout)


# ------------------------------------------------------------------------------------------------------ globs


def matches(glob: str, path: str) -> bool:
    """Does a glob ("/posts/**", "/{a,b}/*") cover the whole path?  In a time that grows with their lengths alone."""
    return any(_covers(one, path) for one in _alternatives(glob.lower()[:400]))


def _alternatives(glob: str) -> list[str]:
    """The glob without its braces, once for each alternative."""
    found = re.search(r"\{([^{}]*)\}", glob)
    if not found:
        return [glob]
    ways = found[1].split(",")[:20]
    rests = _alternatives(glob[found.end() :])
    return [glob[: found.start()] + way + rest for way in ways for rest in rests][:200]


def _covers(glob: str, path: str) -> bool:
    alive = {0}  # where in the glob a match of what was read so far may stand
    pieces = re.findall(r"\*\*|.", glob, re.DOTALL)
    for char in path:
        alive = {step for at in _skipped(alive, pieces) for step in _steps(at, pieces, char)}
    return len(pieces) in _skipped(alive, pieces)


def _skipped(alive: set[int], pieces: list[str]) -> set[int]:
    """The places, and those behind the stars that stand there: a star may cover nothing."""
    found = set(alive)
    for at in range(len(pieces)):
        if at in found and pieces[at] in {"*", "**"}:
            found.add(at + 1)
    return found


def _steps(at: int, pieces: list[str], char: str) -> tuple[int, ...]:
    piece = pieces[at] if at < len(pieces) else ""
    if piece == "**" or (piece == "*" and char != "/"):
        return (at,)
    return (at + 1,) if piece == char or (piece == "?" and char != "/") else ()
