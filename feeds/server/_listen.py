"""The process that listens: uvicorn, with limits on what a client may take of it."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from feeds.errors import FeedsError
from feeds.publish import MANIFEST
from feeds.server._app import App, application
from feeds.settings import Config, ServeConfig

HEAD = 16_384  # bytes of a request's line and headers at most
CONNECTIONS = 400  # at once; more are answered with 503
IDLE = 15.0  # seconds between two requests of a connection
STALLED = 30.0  # seconds in which a client must have sent its headers, or taken something of an answer
STOPPING = 10  # seconds for answers that are under way when the server ends


class _Guarded(H11Protocol):
    """A connection that is closed when its client neither asks nor takes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self._before: tuple[object, int] | None = (None, 0)
        self._guard = self.loop.call_later(STALLED, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Look again after a while: is it still the same headers, or the same bytes, that are waited for?"""
        asking = self.cycle is None or self.cycle.response_complete
        idle = self.timeout_keep_alive_task is not None  # uvicorn closes it
        waiting = self.transport.get_write_buffer_size()
        now = (self.cycle, waiting) if waiting or (asking and not idle) else None
        if now is not None and now == self._before:
            self.transport.abort()
            return
        self._before = now
        self._guard = self.loop.call_later(STALLED, self._look)


def start(
    settings: Config | None, folder: Path | None = None, host: str | None = None, port: int | None = None
) -> None:
    """Serve the configured output, or `folder`, until the process is told to stop.

    `host` and `port` come before those of the configuration.  Raises FeedsError when it cannot listen.
    """
    said = settings.serve if settings else ServeConfig()
    output = folder or (settings.output if settings else Path())
    app = application(output.resolve(), settings.collections if settings else (), said.email)
    _serve(app, str(output), said.host if host is None else host, said.port if port is None else port)


def _serve(app: App, output: str, host: str, port: int) -> None:
    with _listening(host, port) as listening:
        logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
        config = uvicorn.Config(
            app,
            http=_Guarded,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            h11_max_incomplete_event_size=HEAD,
            timeout_keep_alive=int(IDLE),
            timeout_graceful_shutdown=STOPPING,
        )
        where = listening.getsockname()
        name = f"[{where[0]}]" if ":" in where[0] else where[0]
        structlog.get_logger().info("serving", address=f"http://{name}:{where[1]}/", output=output)
        if not Path(output, MANIFEST).is_file():
            hint = "feeds build publishes; what comes is served at once"
            structlog.get_logger().warning("nothing is published there yet", output=output, hint=hint)
        server = uvicorn.Server(config)
        with _ending_well(server):
            server.run(sockets=[listening])
    structlog.get_logger().info("stopped")


@contextmanager
def _ending_well(server: uvicorn.Server) -> Iterator[None]:
    """uvicorn ends at SIGTERM and SIGINT, and then raises the signal again: here that is no failure."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise FeedsError(
            f"cannot listen on {host}: {error.strerror}", hint="give --host an address of this machine"
        ) from None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(128)
        made.setblocking(False)
    except OSError as error:
        made.close()
        taken = error.errno == errno.EADDRINUSE
        message = f"port {port} of {host} is taken" if taken else f"cannot listen on {host}:{port}: {error.strerror}"
        hint = "stop what listens there, or give another with --port" if taken else "give another --host or --port"
        raise FeedsError(message, hint=hint) from None
    return made
