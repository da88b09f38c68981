"""The daemon's log on standard error: one JSON object a line, or coloured lines on a terminal."""

from __future__ import annotations

import sys

import structlog


def start() -> None:
    """Set up structlog for this process: UTC time stamps, level, event, and its values."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if terminal else [structlog.processors.format_exc_info]),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
