"""One id through a request: in the answer's `X-Request-Id` and in every log line that belongs to it.

A proxy that already gave the request an id is followed, if the id is of a harmless form.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

HEADER: Final = "X-Request-Id"
_HARMLESS: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CURRENT: ContextVar[str | None] = ContextVar("request_id", default=None)


def begin_request(given: str | None) -> str:
    """The id of the request that this task answers from here on: ``given``, or a new one."""
    chosen = given if given is not None and _HARMLESS.fullmatch(given) else secrets.token_hex(8)
    _CURRENT.set(chosen)
    return chosen


def current_request_id() -> str | None:
    """The id of the request that the running task answers, None outside of one."""
    return _CURRENT.get()
