"""The client's state machine plays the vectors that the web's plays too."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from smartreise.client.session import ClientSession, Data, Drop, Effect, Failed, Retry, Send

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "push_client.json").read_text())


@dataclass
class Player:
    session: ClientSession = field(default_factory=lambda: ClientSession(lambda: 0.5))
    now: float = 0.0

    def __post_init__(self) -> None:
        self.session.connecting(self.now)

    def play(self, step: dict[str, Any]) -> dict[str, Any]:
        """What comes of a step, in the vectors' words."""
        came: dict[str, Any] = {"sends": [], "tells": [], "fails": [], "drops": None, "retries_in_s": None}
        for effect in self._effects(step):
            match effect:
                case Send(frame):
                    came["sends"].append(frame)
                case Data(sub, data, rev):
                    came["tells"].append({"sub": sub, "rev": rev, "data": data})
                case Failed(sub, code):
                    came["fails"].append({"sub": sub, "code": code})
                case Drop(code):
                    came["drops"] = code
                case Retry(in_s):
                    came["retries_in_s"] = in_s
        return came

    def _effects(self, step: dict[str, Any]) -> list[Effect]:
        session = self.session
        match step:
            case {"subscribe": asked}:
                held = {"rev": asked.get("rev"), "data": asked.get("data")}
                return session.subscribe(asked["sub"], asked["topic"], asked["params"], **held)
            case {"unsubscribe": sub}:
                return session.unsubscribe(sub)
            case {"open": _}:
                return session.opened(self.now)
            case {"receive": frame}:
                return self._or_lost(session.receive(json.dumps(frame), self.now))
            case {"text": text}:
                return self._or_lost(session.receive(text, self.now))
            case {"close": code}:
                return self.session.lost(code)
            case {"wait_s": seconds}:
                return self._wait(seconds)
        raise AssertionError(f"unknown step {step}")

    def _wait(self, seconds: float) -> list[Effect]:
        end, effects = self.now + seconds, []
        while (wake_at := self.session.wake_at) is not None and wake_at <= end:
            self.now = wake_at
            effects += self._or_lost(self.session.wake(self.now))
        self.now = end
        return effects

    def _or_lost(self, effects: list[Effect]) -> list[Effect]:
        drops = [effect for effect in effects if isinstance(effect, Drop)]
        return effects + [more for drop in drops for more in self.session.lost(drop.code)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_client_does_what_the_vector_says(vector: dict[str, Any]) -> None:
    player = Player()
    for number, step in enumerate(vector["steps"]):
        came = player.play(step)
        for outcome, found in came.items():
            wanted = step.get(outcome, [] if isinstance(found, list) else None)
            assert found == wanted, f"step {number}: {step}"
