"""The client's side of the push protocol without I/O: frames and time in, what to do about them out.

`docs/protocol.md` says the rules, `tests/vectors/push_client.json` plays them, and the web's `connection.ts` follows
the same ones. What a reader would get wrong: a delta is applied only onto the state it was made from; whatever does
not fit is answered by asking for the whole, once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from smartreise.push.delta import apply

#: the connection counts as dead after so many heartbeats without a frame; half-way a ping asks for one
SILENT_HEARTBEATS: Final = 2.5
PING_HEARTBEATS: Final = 1.25
FIRST_HEARTBEAT_S: Final = 15.0
OPEN_WITHIN_S: Final = 10.0
#: a connection that held for this long lets the next loss start counting from the beginning
STEADY_S: Final = 10.0
FIRST_RETRY_S: Final = 1.0
LONGEST_RETRY_S: Final = 30.0
#: planned restarts and a busy server let everybody return at once: they spread wider
CROWD_S: Final = 4.0
CROWDED: Final = frozenset({1012, 1013})
#: a subscription that the server had no room for is asked for again after about this long
ASK_AGAIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Send:
    """Send a frame."""

    frame: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Data:
    """A subscription has this state now."""

    sub: str
    data: Any
    rev: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The server refused a subscription (or, without `sub`, a frame). With `again` it will be asked once more."""

    sub: str | None
    code: int
    title: str
    detail: str
    again: bool


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The server's clock, as it was when the frame was made."""

    iso: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Close the connection: it is dead or talks nonsense. Then call `lost`."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Connect anew after this long."""

    in_s: float


Effect: TypeAlias = Send | Data | Failed | ServerTime | Drop | Retry


@dataclass(slots=True)
class Subscription:
    """One question; `canonical` is the server's name for it, None while nobody answered yet."""

    topic: str
    params: Mapping[str, Any]
    canonical: str | None = None
    rev: str | None = None
    data: Any = None
    #: a step was missed: wait for the whole
    waiting: bool = False
    ask_at: float | None = None


@dataclass(slots=True)
class ClientSession:
    """One client's subscriptions over any number of connections. All times are of one steady clock, in seconds.

    `draw` gives numbers 0 ≤ x < 1; `read` and `patch` may be replaced, for many clients that get the same bytes.
    """

    draw: Callable[[], float]
    read: Callable[[str], dict[str, Any]] = json.loads
    patch: Callable[[Any, dict[str, Any]], Any] = field(default=lambda data, frame: apply(data, frame["patch"]))
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    is_open: bool = False
    heartbeat_s: float = FIRST_HEARTBEAT_S
    _failures: int = 0
    #: when the connection counts as dead, when to ping, when it counts as steady; None while it does not apply
    _silent_at: float | None = None
    _ping_at: float | None = None
    _steady_at: float | None = None

    def connecting(self, now: float) -> None:
        """A connection is being opened."""
        self._silent_at = now + OPEN_WITHIN_S

    def opened(self, now: float) -> list[Effect]:
        """The connection stands: what is subscribed to is asked for, with what is held of it."""
        self.is_open = True
        self._listen(now)
        return [self._request(sub) for sub in self.subscriptions]

    def subscribe(
        self, sub: str, topic: str, params: Mapping[str, Any], *, rev: str | None = None, data: Any = None
    ) -> list[Effect]:
        """Follow a topic; `rev` and `data` are what is held of it already."""
        effects = self.unsubscribe(sub)
        self.subscriptions[sub] = Subscription(topic, dict(params), rev=rev, data=data)
        return [*effects, self._request(sub)] if self.is_open else effects

    def unsubscribe(self, sub: str) -> list[Effect]:
        if self.subscriptions.pop(sub, None) is None or not self.is_open:
            return []
        return [Send({"type": "unsubscribe", "sub": sub})]

    def receive(self, text: str | bytes, now: float) -> list[Effect]:
        """A frame from the server. Any is a sign of life."""
        if isinstance(text, bytes):
            return []
        try:
            frame = self.read(text)
        except ValueError:
            return [Drop(1007, "not JSON")]
        if frame.get("type") == "hello":
            self.heartbeat_s = frame.get("heartbeat_s") or self.heartbeat_s
            self._steady_at = now + STEADY_S
        self._listen(now)
        told: list[Effect] = [ServerTime(frame["server_time"])] if frame.get("server_time") else []
        return told + self._handle(frame, now)

    def lost(self, code: int) -> list[Effect]:
        """The connection is gone, or was dropped with this code."""
        self.is_open = False
        self._silent_at = self._ping_at = self._steady_at = None
        for held in self.subscriptions.values():
            held.ask_at = None
        return [Retry(self._delay(code))]

    @property
    def wake_at(self) -> float | None:
        """When `wake` is to be called at the latest."""
        moments = [self._silent_at, self._ping_at, self._steady_at]
        moments += [held.ask_at for held in self.subscriptions.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def wake(self, now: float) -> list[Effect]:
        """Time has passed."""
        if self._steady_at is not None and now >= self._steady_at:
            self._steady_at, self._failures = None, 0
        if self._silent_at is not None and now >= self._silent_at:
            self._silent_at = None
            return [Drop(1006, "silence" if self.is_open else "no answer")]
        effects: list[Effect] = []
        if self._ping_at is not None and now >= self._ping_at:
            self._ping_at = None
            effects.append(Send({"type": "ping"}))
        for sub, held in self.subscriptions.items():
            if held.ask_at is not None and now >= held.ask_at:
                effects.append(self._request(sub))
        return effects

    def _listen(self, now: float) -> None:
        self._silent_at = now + self.heartbeat_s * SILENT_HEARTBEATS
        self._ping_at = now + self.heartbeat_s * PING_HEARTBEATS

    def _request(self, sub: str) -> Send:
        held = self.subscriptions[sub]
        held.canonical = held.ask_at = None
        frame = {"type": "subscribe", "sub": sub, "topic": held.topic, "params": dict(held.params)}
        return Send(frame if held.rev is None or held.waiting else {**frame, "rev": held.rev})

    def _handle(self, frame: dict[str, Any], now: float) -> list[Effect]:
        kind = frame.get("type")
        if kind == "error":
            return self._fail(frame, now)
        if kind == "subscribed":
            if frame["sub"] in self.subscriptions:
                self.subscriptions[frame["sub"]].canonical = frame["topic"]
            return []
        step = {"snapshot": self._keep, "delta": self._advance, "current": self._confirm}.get(str(kind))
        if step is None:
            return []
        holders = [sub for sub, held in self.subscriptions.items() if held.canonical == frame["topic"]]
        return [effect for sub in holders for effect in step(sub, self.subscriptions[sub], frame)]

    def _keep(self, sub: str, held: Subscription, frame: dict[str, Any]) -> list[Effect]:
        return self._hold(sub, held, frame["data"], frame["rev"])

    def _advance(self, sub: str, held: Subscription, frame: dict[str, Any]) -> list[Effect]:
        if held.waiting or held.rev == frame["rev"]:
            return []
        if held.rev != frame["base"]:
            return self._refetch(sub, held)
        try:
            data = self.patch(held.data, frame)
        except (ValueError, TypeError, LookupError):
            return self._refetch(sub, held)
        return self._hold(sub, held, data, frame["rev"])

    def _confirm(self, sub: str, held: Subscription, frame: dict[str, Any]) -> list[Effect]:
        if held.rev != frame["rev"]:
            return self._refetch(sub, held)
        return [Data(sub, held.data, frame["rev"])]

    def _hold(self, sub: str, held: Subscription, data: Any, rev: str) -> list[Effect]:
        held.data, held.rev, held.waiting = data, rev, False
        return [Data(sub, data, rev)]

    def _refetch(self, sub: str, held: Subscription) -> list[Effect]:
        """A step was missed: ask for the whole, once."""
        if held.waiting:
            return []
        held.waiting = True
        return [Send({"type": "unsubscribe", "sub": sub}), self._request(sub)]

    def _fail(self, frame: dict[str, Any], now: float) -> list[Effect]:
        sub, code = frame.get("sub"), int(frame["code"])
        if sub is not None and sub not in self.subscriptions:
            return []
        held = self.subscriptions[sub] if sub is not None else None
        again = held is not None and held.canonical is None and code >= 500
        if held is not None and again:
            held.ask_at = now + ASK_AGAIN_S * (0.5 + self.draw())
        return [Failed(sub, code, frame.get("title") or "", frame.get("detail") or "", again)]

    def _delay(self, code: int) -> float:
        """The first try within a second, then doubling to 30 s at most, each by a random factor of 0.5–1.5."""
        crowded = code in CROWDED
        if not self._failures and not crowded:
            self._failures = 1
            return FIRST_RETRY_S * self.draw()
        base = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return (max(CROWD_S, base) if crowded else base) * (0.5 + self.draw())
