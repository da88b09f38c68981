"""Answers over HTTP: files with conditions (RFC 9110, section 13), redirections, and short pages for what fails."""

from __future__ import annotations

import gzip
import html
import re
import time
from collections.abc import Mapping
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from feeds.server._accept import takes_gzip
from feeds.server._files import PIECE, Content
from feeds.server._snapshot import HTML

CACHE = "max-age=300, must-revalidate"  # feeds are asked for again soon, and answered with 304
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",  # metadata is public: tools in browsers read it
    "Access-Control-Expose-Headers": "ETag, Link, Content-Location, Location",
}
METHODS = "GET, HEAD, OPTIONS"
_COMPRESSED = re.compile(
    r"text/|application/(?:[\w.+-]*[+])?(?:json|xml)\b|application/x-(?:bibtex|research-info-systems)"
)


def policy(origin: str) -> str:
    """What a page may load (CSP): its own scripts and styles, and what the site serves."""
    own = f"'self' 'unsafe-inline' {origin}".rstrip()
    return f"default-src {own}; img-src https: data: {own}; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"


def file_answer(request: Request, content: Content, media_type: str, headers: Mapping[str, str]) -> Response:
    """A file, or that it has not changed, or that it is not the one that was meant."""
    vary = [headers.get("Vary", "")]
    etag, body = f'"{content.sha256}"', content.body
    if content.file is None and len(body) >= 500 and _COMPRESSED.match(media_type):
        vary.append("Accept-Encoding")
        if takes_gzip(",".join(request.headers.getlist("accept-encoding"))):
            etag, body = f'"{content.sha256}-gzip"', compressed(body)
    known = {**ALWAYS, **headers, "ETag": etag, "Cache-Control": CACHE, "Vary": ", ".join(v for v in vary if v)}
    if content.changed < time.time() - 1:  # else it may be replaced once more within this very second
        known["Last-Modified"] = formatdate(content.changed, usegmt=True)
    status = condition(request, etag, known.get("Last-Modified", ""))
    known = {name: value for name, value in known.items() if value}
    if status != 200:
        content.close()
        return Response(status_code=status, headers=known)
    known["Content-Type"] = media_type
    if body is not content.body:
        known["Content-Encoding"] = "gzip"
    return Pieces(content.file, content.size, known) if content.file else Response(body, headers=known)


@lru_cache(maxsize=32)
def compressed(body: bytes) -> bytes:
    """`body` by gzip, the same every time; 1 MB goes in at most."""
    return gzip.compress(body, compresslevel=6, mtime=0)


class Pieces(Response):
    """A large file, sent a piece at a time."""

    def __init__(self, file: IO[bytes], size: int, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "Content-Length": str(size)})
        self._file, self._size = file, size

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it; the file is closed whatever happens."""
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            left = 0 if scope["method"] == "HEAD" else self._size
            while left and (piece := await run_in_threadpool(self._file.read, min(PIECE, left))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
            if not left:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._file.close()


# ---------------------------------------------------------------------------------------------------- conditions


def condition(request: Request, etag: str, modified: str) -> int:
    """200, 304 or 412, in the order of RFC 9110, section 13.2.2: entity tags before dates."""
    headers, changed = request.headers, _moment(modified)
    until, since = _moment(headers.get("if-unmodified-since")), _moment(headers.get("if-modified-since"))
    if wanted := ",".join(headers.getlist("if-match")):
        if not _names(wanted, etag, weakly=False):
            return 412
    elif changed is not None and until is not None and changed > until:
        return 412
    if known := ",".join(headers.getlist("if-none-match")):
        return 304 if _names(known, etag, weakly=True) else 200
    return 304 if changed is not None and since is not None and changed <= since else 200


def _names(tags: str, etag: str, *, weakly: bool) -> bool:
    if tags.strip() == "*":
        return True
    found: list[tuple[str, str]] = re.findall(r'(W/)?("[^"]*")', tags)
    return any(tag == etag and (weakly or not weak) for weak, tag in found)


def _moment(date: str | None) -> float | None:
    """Seconds since 1970 of an HTTP date; None for anything else, which is to be ignored."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None


# ---------------------------------------------------------------------------------------------------- short answers


def redirect(location: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Somewhere else; `location` is relative, for a proxy may have taken a prefix off the path."""
    stated = {name: value for name, value in (headers or {}).items() if value}
    return Response(status_code=status, headers={**ALWAYS, **stated, "Location": location})


def options() -> Response:
    """What a browser asks before a request of another origin."""
    allow = {
        "Allow": METHODS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers={**ALWAYS, **allow})


_TITLES = {
    400: "Not a request",
    404: "Not found",
    405: "Not allowed",
    406: "Not in this format",
    410: "Gone",
    413: "Too large",
    500: "Something went wrong here",
    503: "Not just now",
}
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body style="font:1.1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem">
<h1>{title}</h1><p>{message}</p>{links}</body></html>
"""


def failure(
    request: Request,
    status: int,
    message: str,
    links: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A short page, or plain text for who does not ask for HTML.  `links` are texts by address."""
    title, ways = _TITLES[status], links or {}
    known = {**ALWAYS, "Cache-Control": "no-cache", "Vary": "Accept", **(headers or {})}
    if HTML in request.headers.get("accept", ""):
        items = "".join(f'<li><a href="{html.escape(u)}">{html.escape(t)}</a></li>' for u, t in ways.items())
        listed = f"<ul>{items}</ul>" if items else ""
        body = _PAGE.format(title=title, message=html.escape(message), links=listed)
        known["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        return Response(body, status, known, "text/html")
    lines = [f"{title}. {message}", *(f"{text}: {address}" for address, text in ways.items())]
    return Response("\n".join(lines) + "\n", status, known, "text/plain")
