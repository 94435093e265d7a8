"""What apps ask for, typed. Each question is a topic: ask once for its state now, or follow it as it changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import msgspec

from smartreise.client.connection import Connection
from smartreise.views.wire import AlertItem, AlertList, Board, Departure, Mobility, OfficeView, Suggestion, Suggestions

T = TypeVar("T")
#: a stop's, station's or office's id, or (lat, lon)
Place: TypeAlias = str | tuple[float, float]


@asynccontextmanager
async def connect(server: str, *, key: str | None = None) -> AsyncIterator[Reiseinfo]:
    """A connection to the service at `server` (`http(s)://…`) for as long as the block runs. It comes back by itself
    when the line breaks or the service restarts; nothing needs to be asked again."""
    connection = Connection(server, key=key)
    fault: Exception | None = None  # kept out of the task group, which would raise a group of it
    async with asyncio.TaskGroup() as group:
        running = group.create_task(connection.run(), name="smartreise client")
        try:
            yield Reiseinfo(connection)
        except Exception as error:  # noqa: BLE001 — raised anew below
            fault = error
        finally:
            running.cancel()
    if fault is not None:
        raise fault


class Reiseinfo:
    """Questions to a service. All raise `Refused` where the service knows no answer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def now(self) -> datetime | None:
        """The service's clock; None before the first answer."""
        return self.connection.now()

    def minutes_until(self, instant: str) -> int:
        """Whole minutes until an instant of an answer, as screens show them: 0 is "now", less is past."""
        now = self.now()
        assert now is not None, "answers bring the clock with them"
        return int((datetime.fromisoformat(instant) - now).total_seconds() // 60)

    def boards(self, stop: str, **params: Any) -> AsyncGenerator[Board, None]:
        """A stop's or station's departures, live. `params`: limit, lines, modes, directions."""
        return self._follow(Board, "board", {"stop": stop, **params})

    def suggestions(self, origin: Place, to: Place, **params: Any) -> AsyncGenerator[Suggestions, None]:
        """Ways from one place to another, live. `params`: those of `GET /v1/suggestions`."""
        return self._follow(Suggestions, "suggestions", {"from": _text(origin), "to": _text(to), **params})

    def office(self, office: str) -> AsyncGenerator[OfficeView, None]:
        """All that an office's screen shows, live."""
        return self._follow(OfficeView, "office", {"office": office})

    def mobility(self, near: tuple[float, float], **params: Any) -> AsyncGenerator[Mobility, None]:
        """Shared vehicles around a place, live. `params`: radius_m."""
        return self._follow(Mobility, "mobility", {"near": _text(near), **params})

    async def next_departures(self, stop: str, **params: Any) -> Sequence[Departure]:
        """The departures from a stop as they stand now."""
        return (await _first(self.boards(stop, **params))).departures

    async def when_to_leave(self, origin: Place, to: Place, **params: Any) -> Suggestion | None:
        """The first way that can still be caught with ease, else the first that can be caught at all."""
        found = await _first(self.suggestions(origin, to, **params))
        usable = [way for way in found.suggestions if way.status != "broken"]
        for reach in ("go", "hurry"):
            for way in usable:
                if way.reach == reach:
                    return way
        return None

    async def alerts(self) -> Sequence[AlertItem]:
        """What is in effect now."""
        return (await _first(self._follow(AlertList, "alerts", {}))).alerts

    async def _follow(self, kind: type[T], topic: str, params: dict[str, Any]) -> AsyncGenerator[T, None]:
        texts = {name: ",".join(value) if isinstance(value, list | tuple) else value for name, value in params.items()}
        async with aclosing(self.connection.follow(topic, texts)) as states:
            async for data in states:
                yield msgspec.convert(data, kind)


async def _first(states: AsyncGenerator[T, None]) -> T:
    async with aclosing(states):
        return await anext(states)


def _text(place: Place) -> str:
    return place if isinstance(place, str) else f"{place[0]:.6f},{place[1]:.6f}"
