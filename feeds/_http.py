"""One HTTP request that a stranger's address may be given to: no private network, nothing endless.  Private.

A name is resolved once, every address that it has is checked, and the connection goes to exactly one that was: what the
name says a moment later does not matter.  Each redirect is a connection of its own.  Sizes count after decompression.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpcore
from msgspec import Struct

from feeds.text import iri_to_uri, is_web

LIMIT = 20_000_000  # bytes of a document, also when it came compressed
SECONDS = 30.0  # for everything together
CONNECT = 10.0
REDIRECTS = 5

Resolve = Callable[[str, int], list[str]]  # host and port → IP addresses


class NoAnswer(Exception):
    """There was no answer that can be used; says why in a few words, without credentials."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a server said."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    address: str  # where it came from, after redirects, without credentials
    moved: str = ""  # the address that the server says to use from now on


class Limits(Struct, frozen=True, kw_only=True):
    """How far a request may go."""

    allow_private: bool = False
    seconds: float = SECONDS
    size: int = LIMIT


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def get(url: str, headers: Mapping[str, str], limits: Limits, resolve: Resolve = resolve) -> Answer:
    """What is at `url`, redirects followed.  Raises NoAnswer."""
    here, moved, is_permanent = url, "", True
    with _connections(limits, resolve) as pool:
        for _ in range(REDIRECTS + 1):
            sent = list({**headers, **_credentials(url, here)}.items())
            with pool.stream("GET", _target(here), headers=sent, extensions={"timeout": _TIMEOUT}) as response:
                names = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
                if response.status in {301, 302, 303, 307, 308} and "location" in names:
                    is_permanent = is_permanent and response.status in {301, 308}
                    here = iri_to_uri(urljoin(here, names["location"]))
                    moved = here if is_permanent else moved
                    continue
                body = _body(response.iter_stream(), names, limits.size) if response.status == 200 else b""
                moved = bare(moved)
                return Answer(status=response.status, headers=names, body=body, address=bare(here), moved=moved)
    raise NoAnswer(f"more than {REDIRECTS} redirects")


def post(
    url: str, body: bytes, media_type: str, headers: Mapping[str, str], limits: Limits, resolve: Resolve = resolve
) -> int:
    """The status with which `url` answers; what else it says is not read.  No redirect is followed.

    Raises NoAnswer.
    """
    kind = {"Content-Type": media_type, "Content-Length": str(len(body))}
    sent = list({**headers, **kind}.items())
    with (
        _connections(limits, resolve) as pool,
        pool.stream("POST", _target(url), headers=sent, content=body, extensions={"timeout": _TIMEOUT}) as response,
    ):
        return response.status


@contextmanager
def _connections(limits: Limits, resolve: Resolve) -> Iterator[httpcore.ConnectionPool]:
    """Connections to checked addresses; whatever fails on them is NoAnswer."""
    backend = _Backend(resolve, limits.allow_private, time.monotonic() + limits.seconds)
    try:
        with httpcore.ConnectionPool(network_backend=backend, http2=False, retries=0) as pool:
            yield pool
    except (httpcore.TimeoutException, TimeoutError):
        raise NoAnswer("took too long") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ValueError) as error:
        raise NoAnswer(_reason(error)) from None


_TIMEOUT = {"connect": CONNECT, "read": SECONDS, "write": SECONDS, "pool": SECONDS}


def bare(url: str) -> str:
    """`url` without user name, password and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def _reason(error: Exception) -> str:
    if isinstance(error, httpcore.RemoteProtocolError):
        return "the answer is cut off, or no HTTP"
    if isinstance(error, socket.gaierror):
        return "its name is not known"
    return str(error).strip() or type(error).__name__


def _target(url: str) -> httpcore.URL:
    parts = urlsplit(url)
    if not is_web(url):
        raise NoAnswer(f"{parts.scheme[:20]}: is neither http nor https")
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    host = parts.hostname or ""
    name = host.encode("ascii") if host.isascii() else host.encode("idna")
    return httpcore.URL(scheme=parts.scheme.lower().encode(), host=name, port=parts.port, target=path.encode("ascii"))


def _credentials(first: str, here: str) -> dict[str, str]:
    """Basic authentication for a user named in the address; for the same origin only, after a redirect."""
    parts, now = urlsplit(first), urlsplit(here)
    if not parts.username or (parts.scheme, parts.hostname, parts.port) != (now.scheme, now.hostname, now.port):
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


# ----------------------------------------------------------------------------------------------- body


def _body(chunks: Iterable[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower()
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limit:
        raise NoAnswer(f"more than {limit:,} bytes")
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise NoAnswer(f"sends {encoding[:40]!r}, which was not asked for")
    body = bytearray()
    for piece in _unzipped(chunks, limit) if "gzip" in encoding else chunks:
        body += piece
        if len(body) > limit:
            raise NoAnswer(f"more than {limit:,} bytes")
    return bytes(body)


def _unzipped(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The members of a gzip stream; never more than `limit` bytes and one at a time."""
    inflate = zlib.decompressobj(31)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if inflate.eof:
                    inflate = zlib.decompressobj(31)
                yield inflate.decompress(rest, limit + 1)
                rest = inflate.unused_data or inflate.unconsumed_tail
    except zlib.error:
        raise NoAnswer("what it sends is no gzip") from None
    if not inflate.eof:
        raise NoAnswer("the answer is cut off")


# ----------------------------------------------------------------------------------------------- connection


def is_public(address: str) -> bool:
    """Is it an address of the public network, and none that stands for a private one?"""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local:
            return False
        if inner := _inside(ip):
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))  # RFC 6052; IPv4-compatible


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address end at."""
    translated = any(ip in network for network in _TRANSLATED) and int(ip) > 1
    return ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if translated else None)


class _Backend(httpcore.NetworkBackend):
    """Connections to addresses that were checked, all of them with one end of time."""

    def __init__(self, resolve: Resolve, allow_private: bool, deadline: float) -> None:
        self._resolve, self._allow_private, self._deadline = resolve, allow_private, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers."""
        addresses = self._resolve(host, port)
        if not addresses:
            raise NoAnswer("its name has no address")
        if not self._allow_private and not all(is_public(address) for address in addresses):
            raise NoAnswer("it is in a private network (set `allow_private: true` if that is meant)")
        failed: Exception | None = None
        for address in addresses[:4]:
            try:
                left = min(timeout or CONNECT, _left(self._deadline))
                stream = httpcore.SyncBackend().connect_tcp(address, port, left, local_address, socket_options)
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or NoAnswer("it has no address")


class _Stream(httpcore.NetworkStream):
    """A connection that ends at the deadline, however slowly the other side goes on."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, at least a byte unless that was the end."""
        return self._inner.read(max_bytes, min(timeout or SECONDS, _left(self._deadline)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._inner.write(buffer, min(timeout or SECONDS, _left(self._deadline)))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted, the certificate checked against the name."""
        left = min(timeout or CONNECT, _left(self._deadline))
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know of the connection."""
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
