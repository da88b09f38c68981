"""Pure helpers for text, dates, URLs and paths.  No clock, disk, network, locale or configuration."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import msgspec

if TYPE_CHECKING:  # most runs read no date
    from zoneinfo import ZoneInfo

# ---------------------------------------------------------------------------------------------------- text

# Everything outside the Char production of XML 1.0, section 2.2: named itself, it compiles ten times as fast.
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(?:/?([a-zA-Z][a-zA-Z0-9-]*)|[/!?])[^<>]*>")


def replace_illegal(text: str) -> str:
    """`text` with every character that XML 1.0 forbids replaced by U+FFFD."""
    return text if text.isprintable() else _ILLEGAL.sub("\ufffd", text)  # what is printable is allowed


def legal(text: str) -> str:
    """`text` in NFC, every character that XML 1.0 forbids replaced by U+FFFD."""
    if text.isascii() and text.isprintable():
        return text  # as most is
    return unicodedata.normalize("NFC", replace_illegal(text))


def first_illegal(text: str) -> int | None:
    """Index of the first character that XML 1.0 forbids."""
    found = _ILLEGAL.search(text)
    return found.start() if found else None


def squeeze(text: str) -> str:
    """`text` on one line, runs of white space folded to one space."""
    if "  " in text:
        return " ".join(text.split())
    if len(text) < 100 or not text.isascii():
        return text.strip() if text.isprintable() else " ".join(text.split())  # of white space the blank alone is
    for white in _WHITE:  # in long ASCII these are found faster
        if white in text:
            return " ".join(text.split())
    return text.strip()


_WHITE = "\n\t\v\f\r\x1c\x1d\x1e\x1f"  # all white space of ASCII but the blank


def plain(fragment: str) -> str:
    """The text of a clean HTML fragment on one line: tags dropped, character references resolved."""
    return squeeze(html.unescape(_TAG.sub(lambda m: "" if (m[1] or "").lower() in _INLINE else " ", fragment)))


_ASCII_WORDS = re.compile(r"[a-z0-9]+")
_NO_WORD = re.compile(r"[\W_]+")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()
)


def clip(text: str, limit: int) -> str:
    """`text` cut at a word to at most `limit` characters, "…" included when cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut
    return head.rstrip(" ,;:.–—-") + "…"


def slug(text: str) -> str:
    """A path segment for a name in any script: lower case, letters, marks and digits, "-" between."""
    if text.isascii():
        return "-".join(_ASCII_WORDS.findall(text.lower()))
    folded = unicodedata.normalize("NFC", text.lower())
    return "-".join(_NO_WORD.sub(_marks, folded).split())


def _marks(found: re.Match[str]) -> str:
    """Blanks for what is no letter or digit, but combining marks stay: to the pattern they are of no word."""
    run = found.group()
    return " " if run.isascii() else "".join(c if unicodedata.category(c)[0] == "M" else " " for c in run)


def digest(data: bytes) -> str:
    """Content hash that decides what changed: 32 hex digits of BLAKE2b."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


# ---------------------------------------------------------------------------------------------------- dates

# 2019-08-27, 2019-08-27 10:00, 2019-08-27 10:00:00 +0100, 2019-08-27T10:00:00.5Z
_INSTANT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:(Z|z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)?)?"
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def instant(value: str, zone: ZoneInfo) -> datetime:
    """A full date, with or without time and zone, as an aware datetime with a fixed offset.

    A value without a zone is taken to be in `zone`; a date is its midnight.  Seconds are whole.
    Raises ValueError for anything else: nothing is filled in.
    """
    found = _INSTANT.fullmatch(value.strip())
    if not found:
        raise ValueError(f"not a date: {value!r}")
    year, month, day, hour, minute, second, utc, sign, off_h, off_m = found.groups()
    offset = timedelta(hours=int(off_h or 0), minutes=int(off_m or 0))
    stated = UTC if utc else timezone(-offset if sign == "-" else offset) if sign else zone
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    return fixed(datetime(int(year), int(month), int(day), *clock, tzinfo=stated))


def fixed(moment: datetime) -> datetime:
    """`moment` with its zone reduced to the offset in force, so that it encodes and compares alike everywhere."""
    if moment.tzinfo is UTC and not (moment.microsecond or moment.fold):
        return moment
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a datetime needs a zone")
    offset -= offset % timedelta(minutes=1)  # local mean time had seconds; no date format has
    return moment.replace(tzinfo=timezone(offset) if offset else UTC, microsecond=0, fold=0)


def partial_date(value: str) -> str:
    """`2019`, `2019-8` or `2019-08-27…` as an ISO 8601 date, as exact; ValueError when there is no such day."""
    stripped = value.strip()
    day = stripped[:10]
    if day[4:5] == "-" == day[7:8]:  # as most are written
        try:
            date.fromisoformat(day)
            return day
        except ValueError:
            pass  # what else it may be, or what is wrong, is told below
    found = _DATE.match(stripped)
    if not found:
        raise ValueError(f"not a date: {value!r}")
    year, month, of_month = found.groups()
    date(int(year), int(month or 1), int(of_month or 1))
    if not month:
        return year
    return f"{year}-{month:0>2}-{of_month:0>2}" if of_month else f"{year}-{month:0>2}"


def rfc3339(moment: datetime) -> str:
    """RFC 3339 as Atom wants it: seconds, and a zone with a colon or Z."""
    whole = moment.replace(microsecond=0) if moment.microsecond else moment
    return msgspec.json.encode(whole)[1:-1].decode()  # as RFC 3339 has it; isoformat() takes eight times as long


# ---------------------------------------------------------------------------------------------------- URLs and paths

_URL_SAFE = "/:?#[]@!$&'()*+,;=%~"


def iri_to_uri(url: str) -> str:
    """`url` with everything that RFC 3986 does not allow percent-encoded, what is encoded already left alone."""
    return quote(url, safe=_URL_SAFE)


def absolute(reference: str, base: str) -> str:
    """`reference` resolved against `base` (RFC 3986, section 5) as a URI; "" when it cannot be resolved."""
    try:
        return iri_to_uri(urljoin(base, reference.strip()))
    except ValueError:
        return ""


def address(base: str, path: str) -> str:
    """Where the file at `path` below a folder is found that is served at `base`, an address without a final slash."""
    return f"{base}/{quoted(path)}"


_PLAIN = re.compile(r"[\w.~/-]*+", re.ASCII)


def quoted(path: str) -> str:
    """`path` as it stands in an address."""
    return path if _PLAIN.fullmatch(path) else quote(legal(path))


def essence(media_type: str) -> str:
    """A media type without its parameters: "text/html" of "text/html; charset=utf-8" (MIME Sniffing, section 4.2)."""
    return media_type.partition(";")[0].strip()


def canonical(url: str) -> str:
    """Scheme and host in lower case, default port and empty path normalised (RFC 3986, section 6.2.2)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and (parts.scheme.lower(), port) not in {("http", 80), ("https", 443)}:
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", parts.query, parts.fragment))


_WEB = re.compile(r"https?://[a-z0-9][a-z0-9.-]*+(?:/|$)")


def is_web(url: str) -> bool:
    """Is it an absolute http or https URL with a host?"""
    if _WEB.match(url):
        return True  # most are written so; what is written otherwise is taken apart
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)


_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://.+|[\w.-]+@[\w.-]+:.+", re.IGNORECASE)


def is_remote(place: str) -> bool:
    """Is it an address (https://…, ssh://…, git@host:path) rather than a path on this machine?"""
    return _REMOTE.fullmatch(place) is not None


# By the file's ending, from the IANA registry; not the machine's own table, which differs from machine to machine.
_MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".ps": "application/postscript",
    ".epub": "application/epub+zip",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".tgz": "application/gzip",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


def media_type(url: str) -> str:
    """Media type of the file that a URL or path names, by its ending; "" when that says nothing."""
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", urlsplit(url).path)
    return _MEDIA_TYPES.get(found[0].lower(), "") if found else ""


def output_path(url: str, suffix: str, base: str = "") -> str:
    """Where below the output the export of the page at `url` goes: its path below `base` with another ending.

    "/a/b.html" → "a/b" + suffix; "/a/b/" → "a/b/index" + suffix; a part of a page has its name behind that of the
    page, "/a/b/#c" → "a/b/index-c" + suffix.  A page of another host lies in a folder of the host's name.  Whatever
    the URL holds, the result stays below the output: empty, "." and ".." segments vanish, separators and controls
    become "_", long segments are cut.
    """
    page, root = urlsplit(url), urlsplit(base)
    path = unquote(page.path)
    path = path.removeprefix(unquote(root.path.rstrip("/") + "/")) if url.startswith(base) else path
    *folders, name = path.split("/")
    if base and page.netloc != root.netloc and page.hostname != root.hostname:
        folders = [page.hostname or "", *folders]
    stem = _PAGE.sub("", name) or "index"
    if page.fragment:
        stem = f"{stem}-{unquote(page.fragment)}"
    kept = [segment(f) for f in folders if f not in {"", ".", ".."}]
    return "/".join([*kept, segment("index" if stem in {".", ".."} else stem, room=len(suffix)) + suffix])


_PAGE = re.compile(r"\.(?:html?|php|md)$", re.IGNORECASE)
_SEPARATOR = re.compile(r'[/\\:*?"<>|]')


def segment(name: str, room: int = 0) -> str:
    """`name` as one file name: NFC, no separators or controls, at most 255 bytes with `room` for an ending."""
    if name.isascii() and name.isprintable() and len(name) + room <= 240 and not _SEPARATOR.search(name):
        return name  # as most are
    clean = _SEPARATOR.sub("_", unicodedata.normalize("NFC", name))
    if not clean.isprintable():
        clean = "".join("_" if unicodedata.category(c)[0] == "C" else c for c in clean)
    raw = clean.encode("utf-8", "replace")
    if len(raw) + room <= 240:
        return raw.decode("utf-8")
    return raw[:200].decode("utf-8", "ignore") + "-" + digest(raw)[:12]
