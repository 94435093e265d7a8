"""What can go wrong, named by what the reader should do. Every expected failure is one of these.

Shell rooms turn them into a line on the terminal, an RFC 9457 problem or an `error` frame; anything
else that escapes is a bug of ours.
"""

from __future__ import annotations


class SmartreiseError(Exception):
    """Base of all expected failures. `str(error)` is one readable line."""


class BadInput(SmartreiseError):
    """A parameter is missing, malformed or out of range (HTTP 400)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class UnknownId(SmartreiseError):
    """A well-formed id names nothing we know (HTTP 404)."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(f"unknown {kind}: {value}")
        self.kind = kind
        self.value = value


class Unanswerable(SmartreiseError):
    """Well-formed, but no answer exists, e.g. a day outside the timetable (HTTP 422)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotReady(SmartreiseError):
    """No timetable is loaded yet; try again soon (HTTP 503 with Retry-After)."""


class ConfigError(SmartreiseError):
    """A region file or setting is wrong: names file, key and what is allowed."""


class DatasetRefused(SmartreiseError):
    """Bytes from a source are not a dataset that may replace the last one. `reason` is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadFields(SmartreiseError):
    """Several fields of a body are wrong, each with its message (HTTP 400)."""

    def __init__(self, errors: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors))
        self.errors = errors


class Conflict(SmartreiseError):
    """What is asked does not fit what is there (HTTP 409)."""


class Outdated(SmartreiseError):
    """What was to be changed is no longer what the asker has seen (HTTP 412)."""


class NotSignedIn(SmartreiseError):
    """A token or key is needed, or the one given is unknown or revoked (HTTP 401)."""


class NotAllowed(SmartreiseError):
    """Known who asks, but the role is too small (HTTP 403)."""


class Unavailable(SmartreiseError):
    """Something behind the service is away; try again soon (HTTP 503 with Retry-After)."""
