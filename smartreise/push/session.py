"""The subscription protocol without I/O: a client's message in, what to do about it out.

Websocket and tests drive it alike. What a reader would get wrong: a subscription is *asked for* first and
*accepted* later, when its first answer is there; in between it may be withdrawn or asked for anew, and only the
newest request of a name counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import msgspec

from smartreise.push.failures import Failure
from smartreise.push.settings import PushSettings

#: names and revs longer than this are refused
_LONGEST_NAME: Final = 200
_MOST_PARAMS: Final = 40


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Find the topic, then call `Session.accept` or `Session.refuse`. `serial` tells requests apart."""

    sub: str
    serial: int
    topic: str
    params: Mapping[str, str]
    rev: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """No subscription is left on the topic with this canonical name."""

    key: str


@dataclass(frozen=True, slots=True)
class Pong:
    """Answer a ping."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Send an error frame."""

    sub: str | None
    failure: Failure


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection."""

    code: int
    reason: str


Effect: TypeAlias = Subscribe | Leave | Pong | Refuse | Close


class _NonsenseError(Exception):
    """A frame that says nothing we know; `sub` where it named one."""

    def __init__(self, detail: str, sub: str | None = None) -> None:
        super().__init__(detail)
        self.sub = sub


@dataclass(slots=True)
class Session:
    """The state of one client."""

    settings: PushSettings
    #: canonical topic by subscription; None while it is asked for
    _topics: dict[str, str | None] = field(default_factory=dict)
    _serials: dict[str, int] = field(default_factory=dict)
    _serial: int = 0
    _nonsense: int = 0
    _allowance: float = field(init=False)
    _seen_at: float | None = None

    def __post_init__(self) -> None:
        self._allowance = float(self.settings.burst)

    def receive(self, message: str | bytes, *, now: float) -> list[Effect]:
        """What a message asks for. `now` is in seconds on any steady clock."""
        if not self._may_send(now):
            return [Close(1008, "too many frames")]
        try:
            effects = self._handle(_read(message))
        except _NonsenseError as nonsense:
            self._nonsense += 1
            if self._nonsense >= self.settings.nonsense:
                return [Close(1008, "too many frames that make no sense")]
            return [Refuse(nonsense.sub, Failure(400, "Bad frame", str(nonsense)))]
        self._nonsense = 0
        return effects

    def accept(self, request: Subscribe, key: str) -> bool:
        """The topic answered. False when the request was withdrawn since: then nothing is to be sent."""
        if self._serials.get(request.sub) != request.serial:
            return False
        self._topics[request.sub] = key
        return True

    def refuse(self, request: Subscribe) -> bool:
        """The topic failed. False when the request was withdrawn since."""
        if self._serials.get(request.sub) != request.serial:
            return False
        self._drop(request.sub)
        return True

    def subs_of(self, key: str) -> list[str]:
        """The subscriptions on a topic."""
        return [sub for sub, topic in self._topics.items() if topic == key]

    def __len__(self) -> int:
        return len(self._topics)

    def _may_send(self, now: float) -> bool:
        """A bucket of `burst` frames that refills by `frames_per_s`."""
        since = 0.0 if self._seen_at is None else now - self._seen_at
        self._seen_at = now
        self._allowance = min(self.settings.burst, self._allowance + since * self.settings.frames_per_s) - 1
        return self._allowance >= 0

    def _handle(self, frame: dict[str, Any]) -> list[Effect]:
        kind = frame.get("type")
        if kind == "ping":
            return [Pong()]
        if kind not in ("subscribe", "unsubscribe"):
            raise _NonsenseError("type must be subscribe, unsubscribe or ping")
        sub = frame.get("sub")
        if not isinstance(sub, str) or not 0 < len(sub) <= _LONGEST_NAME:
            raise _NonsenseError(f"sub must be a name of 1 to {_LONGEST_NAME} characters")
        if kind == "unsubscribe" and sub not in self._topics:
            return [Refuse(sub, Failure(404, "Unknown subscription", "nothing is subscribed under this name"))]
        if kind == "unsubscribe":
            return self._drop(sub)
        return self._subscribe(sub, frame)

    def _subscribe(self, sub: str, frame: dict[str, Any]) -> list[Effect]:
        topic, rev = frame.get("topic"), frame.get("rev")
        if not isinstance(topic, str):
            raise _NonsenseError("topic must be a string", sub)
        if rev is not None and (not isinstance(rev, str) or len(rev) > _LONGEST_NAME):
            raise _NonsenseError("rev must be a string", sub)
        params = _read_params(frame.get("params"), sub)
        if sub not in self._topics and len(self._topics) >= self.settings.subscriptions_per_socket:
            limit = self.settings.subscriptions_per_socket
            return [Refuse(sub, Failure(429, "Too many subscriptions", f"a socket carries {limit} at most"))]
        effects = self._drop(sub)
        self._serial += 1
        self._topics[sub], self._serials[sub] = None, self._serial
        return [*effects, Subscribe(sub, self._serial, topic, params, rev)]

    def _drop(self, sub: str) -> list[Effect]:
        key = self._topics.pop(sub, None)
        self._serials.pop(sub, None)
        return [Leave(key)] if key is not None and not self.subs_of(key) else []


def _read(message: str | bytes) -> dict[str, Any]:
    if isinstance(message, bytes):
        raise _NonsenseError("frames are text, not binary")
    try:
        frame = msgspec.json.decode(message)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise _NonsenseError(f"not JSON: {error}") from None
    if not isinstance(frame, dict):
        raise _NonsenseError("a frame is a JSON object")
    return frame


def _read_params(given: Any, sub: str) -> dict[str, str]:
    """Strings, numbers, booleans and lists of them as the texts that a query string would hold."""
    if given is None:
        return {}
    if not isinstance(given, dict) or len(given) > _MOST_PARAMS:
        raise _NonsenseError(f"params must be an object of at most {_MOST_PARAMS} fields", sub)
    texts = {}
    for name, value in given.items():
        parts = value if isinstance(value, list) else [value]
        if not all(part is None or isinstance(part, str | int | float) for part in parts):
            raise _NonsenseError(f"params.{name[:60]} must be a string, a number or a list of them", sub)
        texts[name] = ",".join(_text(part) for part in parts if part is not None)
    return texts


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
