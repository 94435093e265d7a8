"""Logging, and a watch over the event loop. One clear line when trouble starts and one when it ends.

`SMARTREISE_LOG_FORMAT` is `text` (coloured on a terminal) or `json`: one object a line. Lines that belong to a request
carry its id, the one that the answer's `X-Request-Id` names, and that of its trace where there are traces.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

from smartreise.api.request_id import current_request_id
from smartreise.model.spans import current_trace

#: with SMARTREISE_DEBUG=1, what holds the event loop longer than this is logged
SLOW_CALLBACK_S: Final = 0.02
LogFormat = Literal["text", "json"]
FORMATS: Final[tuple[LogFormat, ...]] = ("text", "json")
_COLOURS: Final = {logging.WARNING: "\033[33m", logging.ERROR: "\033[31m", logging.CRITICAL: "\033[31m"}
_PLAIN: Final = "\033[0m"
#: what accepting a connection fails with when there is no room for it
_NO_ROOM: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
TELL_AGAIN_S: Final = 60.0
log = logging.getLogger(__name__)


class TextLines(logging.Formatter):
    """Time, level, where, what."""

    def __init__(self, *, colour: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        request = current_request_id()
        if request is not None:
            line += f" [request {request}]"
        trace = current_trace()
        if trace is not None:
            line += f" [trace {trace}]"
        colour = _COLOURS.get(record.levelno) if self._colour else None
        return line if colour is None else f"{colour}{line}{_PLAIN}"


class JsonLines(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`; where there is one `request_id`, `trace_id` and
    `trace` (of a fault, in the code)."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = current_request_id()
        if request is not None:
            told["request_id"] = request
        trace = current_trace()
        if trace is not None:
            told["trace_id"] = trace
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(told).decode()


def set_up_logging(*, debug: bool, log_format: LogFormat = "text") -> None:
    """Lines on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines(colour=sys.stderr.isatty()))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler], force=True)
    for noisy in ("numba", "asyncio", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class LoopTrouble:
    """What the event loop tells of by itself: connections that it cannot take are one line a minute, not a trace a
    second; anything else is told as asyncio does."""

    def __init__(self) -> None:
        self._told_at: float | None = None

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        fault = context.get("exception")
        if not isinstance(fault, OSError) or fault.errno not in _NO_ROOM:
            loop.default_exception_handler(context)
        elif self._told_at is None or loop.time() - self._told_at > TELL_AGAIN_S:
            self._told_at = loop.time()
            log.warning("no more connections can be taken: %s; raise the limit of open files", fault.strerror)


def watch_loop(*, debug: bool) -> None:
    """In debug mode asyncio itself tells of callbacks that hold the loop for over 20 ms."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(LoopTrouble())
    if debug:
        loop.set_debug(True)
        loop.slow_callback_duration = SLOW_CALLBACK_S
