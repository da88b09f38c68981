"""What is answered at which path (ASGI)."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote_to_bytes

import anyio
import structlog
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from feeds.server import _oai, _records, _works
from feeds.server._accept import takes_gzip
from feeds.server._answers import ALWAYS, METHODS, compressed, failure, options, redirect
from feeds.server._files import MissingError
from feeds.server._snapshot import Output, Snapshot, local
from feeds.server._works import Asked
from feeds.settings import CollectionConfig

FORM = 16_000  # bytes of a form at most
PATIENCE = 10.0  # seconds in which a form must have come

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Service(Struct, frozen=True, eq=False):
    """What is served."""

    output: Output
    collections: tuple[CollectionConfig, ...]
    email: str  # of the administrator


class _Place(Struct, frozen=True):
    """What a request names."""

    path: str  # below the output's address, decoded
    depth: int  # folders in the path as it was sent, below the output's address


def application(folder: Path, collections: tuple[CollectionConfig, ...] = (), email: str = "") -> App:
    """The ASGI application that serves an output; `email` is the administrator's, for OAI-PMH."""
    service = _Service(Output(folder), collections, email)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # a websocket: closed before it is open
            await send({"type": "websocket.close"})
            return
        begun = time.monotonic()
        request = Request(scope, receive)
        response = await _answered(request, service)
        try:
            await response(scope, receive, send)
        finally:
            _log(request, response, time.monotonic() - begun)

    return app


async def _answered(request: Request, service: _Service) -> Response:
    try:
        form = await _form(request)
        if form is None:
            return failure(request, 413, f"A form has at most {FORM} bytes, and comes within {PATIENCE:.0f} seconds.")
        return await run_in_threadpool(_answer, request, form, service)
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception:
        structlog.get_logger().exception("no answer: a defect in feeds", path=request.url.path)
        return failure(request, 500, "It is noted in the log of this server.")


async def _form(request: Request) -> str | None:
    """The form that was sent; "" without one, None when it is too large or too late."""
    if request.method != "POST":
        return ""
    body = b""
    with anyio.move_on_after(PATIENCE):
        async for piece in request.stream():
            body += piece
            if len(body) > FORM:
                return None
        return body.decode("utf-8", "replace")
    return None


def _answer(request: Request, form: str, service: _Service) -> Response:
    """A file that has gone since the manifest was read is looked for once more: a publish may just have removed it."""
    for _ in range(2):
        now = datetime.now(UTC)  # before the manifest is looked at: what is published later is not older than this
        snapshot = service.output.current()
        try:
            if _is_harvester(request, snapshot):
                return _harvested(request, form, _oai.Repository(snapshot, service.collections, service.email), now)
            return _routed(request, snapshot)
        except MissingError as missing:
            lost = str(missing)
    structlog.get_logger().error("a published file is not there", path=lost)
    return failure(request, 503, "It is being published.", headers={"Retry-After": "60"})


def _is_harvester(request: Request, snapshot: Snapshot) -> bool:
    asked = any(place.path == "oai" for place in _places(request, snapshot))
    return asked and request.method in {"GET", "HEAD", "POST"}


def _routed(request: Request, snapshot: Snapshot) -> Response:
    if request.method == "OPTIONS":
        return options()
    if request.method not in {"GET", "HEAD"}:
        return failure(request, 405, "Only GET and HEAD are allowed here.", headers={"Allow": METHODS})
    places = list(_places(request, snapshot))
    for place in places:
        asked = Asked(request=request, snapshot=snapshot, depth=place.depth)
        if response := _found(place.path, asked):
            return response
    return _not_found(request, places, snapshot)


def _places(request: Request, snapshot: Snapshot) -> Iterator[_Place]:
    """The path below our root, and below the path that the output's public address has; none if it is no path."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    raw = re.sub(rb"\Ahttps?://[^/]*", b"", raw, flags=re.IGNORECASE)  # a whole address (RFC 9112, section 3.2.2)
    try:
        path = unicodedata.normalize("NFC", unquote_to_bytes(raw).decode())
    except UnicodeDecodeError:
        return
    if not path.startswith("/") or any(unicodedata.category(c) == "Cc" for c in path):
        return
    depth = raw.count(b"/") - 1
    yield _Place(path[1:], depth)
    base = snapshot.base
    if base and path.startswith(f"/{base}/"):
        yield _Place(path[len(base) + 2 :], depth - base.count("/") - 1)


def _found(path: str, asked: Asked) -> Response | None:
    """What lies at a path: a file, the index of a folder, a work; the same with a slash behind it; or nothing."""
    snapshot = asked.snapshot
    if path in snapshot.pages:
        return _works.work(snapshot.pages[path], asked, here=path)
    if path in snapshot.files:
        return _works.plain(path, asked)
    if (path.endswith("/") or not path) and f"{path}index.html" in snapshot.files:
        return _found(f"{path}index.html", asked)
    if path.startswith("id/") and (owner := _named(path.removeprefix("id/"), snapshot)):
        return _works.work(owner, asked, elsewhere=True)
    for address in (path, f"{snapshot.base}/{path}"):
        if address in snapshot.addresses:
            return _works.work(snapshot.addresses[address], asked)
        if f"{address}/" in snapshot.addresses:
            return _with_slash(asked)
    if f"{path}/index.html" in snapshot.files or path == snapshot.base != "":
        return _with_slash(asked)
    return None


def _named(name: str, snapshot: Snapshot) -> str | None:
    """The post that an id or a DOI names; DOIs are alike in capitals and small letters."""
    return snapshot.names.get(local(name)) or snapshot.names.get(local(name.lower()))


def _with_slash(asked: Asked) -> Response:
    request = asked.request
    raw: bytes = request.scope.get("raw_path") or b""
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    last = raw.rsplit(b"/", 1)[-1].decode("ascii", "replace")
    return redirect(f"./{last}/" + (f"?{query}" if query else ""), 301)


def _not_found(request: Request, places: list[_Place], snapshot: Snapshot) -> Response:
    home = {f"{snapshot.site.feeds_url}/": snapshot.site.title} if snapshot.site.feeds_url else {}
    for place in places:
        name = local(place.path.removeprefix("id/")) if place.path.startswith("id/") else place.path
        if name and name in snapshot.gone:
            return failure(request, 410, "This was published here, and has been withdrawn.", home)
    if not snapshot.files:
        return failure(request, 404, "Nothing is published here yet.")
    return failure(request, 404, "Nothing is published at this address.", home)


def _harvested(request: Request, form: str, repository: _oai.Repository, now: datetime) -> Response:
    """OAI-PMH: arguments in the query or in a form (section 3.1.1.2 of its specification)."""
    if not (repository.email and _records.is_offered(repository.snapshot)):
        why = "name an administrator: serve: {email: …}"
        why = "add oai-dc to exports: in config.yaml" if repository.email else why
        return failure(request, 404, f"There is no OAI-PMH here. To offer it, {why}.")
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    arguments = [*parse_qsl(query, keep_blank_values=True), *parse_qsl(form, keep_blank_values=True)]
    body = _oai.answer(arguments, repository, now)
    headers = {
        **ALWAYS,
        "Content-Type": "text/xml; charset=utf-8",
        "Vary": "Accept-Encoding",
        "Cache-Control": "no-cache",
    }
    if takes_gzip(",".join(request.headers.getlist("accept-encoding"))) and len(body) >= 500:
        body, headers["Content-Encoding"] = compressed(body), "gzip"
    return Response(body, headers=headers)


def _log(request: Request, response: Response, seconds: float) -> None:
    structlog.get_logger().info(
        "answered",
        method=request.method,
        path=request.scope.get("raw_path", b"").decode("ascii", "replace"),
        status=response.status_code,
        bytes=int(response.headers.get("content-length", 0)),
        ms=round(seconds * 1000, 1),
        agent=request.headers.get("user-agent", ""),
    )
