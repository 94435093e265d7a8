"""What an expected failure is called outside: the same status and words in a problem document and an error frame."""

from __future__ import annotations

from dataclasses import dataclass

from smartreise.model.problems import (
    BadFields,
    BadInput,
    Conflict,
    NotAllowed,
    NotReady,
    NotSignedIn,
    Outdated,
    SmartreiseError,
    Unanswerable,
    Unavailable,
    UnknownId,
)


class OverloadedError(SmartreiseError):
    """More is asked at once than the settings allow; try again later (HTTP 503 with Retry-After)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An HTTP status, its title, a line for people, and the fields that are wrong."""

    status: int
    title: str
    detail: str
    #: (field, message)
    errors: tuple[tuple[str, str], ...] = ()


def failure_of(error: SmartreiseError) -> Failure:
    """How a failure is told to who asked."""
    match error:
        case BadInput():
            return Failure(400, "Bad input", str(error), ((error.field, error.message),))
        case BadFields(errors=errors):
            return Failure(400, "Bad input", str(error), errors)
        case NotSignedIn():
            return Failure(401, "Not signed in", str(error))
        case NotAllowed():
            return Failure(403, "Not allowed", str(error))
        case Conflict():
            return Failure(409, "Conflict", str(error))
        case Outdated():
            return Failure(412, "Outdated", str(error))
        case Unavailable():
            return Failure(503, "Unavailable", str(error))
        case UnknownId():
            return Failure(404, "Not found", str(error))
        case Unanswerable():
            return Failure(422, "No answer", str(error), ((error.field, error.message),))
        case NotReady():
            return Failure(503, "Not ready", str(error) or "no timetable is loaded yet")
        case OverloadedError():
            return Failure(503, "Too busy", str(error))
        case _:
            return Failure(500, "Internal error", "the service failed to answer; this is a fault of ours")
