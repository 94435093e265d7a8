"""The service's frames, changed on their way to a page; and a page's clock, moved by the test.

What a reader would get wrong: a delta is dropped where snapshots are changed, since it would not fit what the page
holds; a page that asks for the whole again gets it, changed again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from playwright.async_api import Page, WebSocketRoute

#: `skew(ms)` moves the page's monotonic clock, which is all that its countdowns go by
MOVABLE: Final = """
  const real = performance.now.bind(performance);
  let added = 0;
  performance.now = () => real() + added;
  window.skew = (ms) => { added += ms; };
"""

Change = Callable[[dict[str, Any]], None]


async def alter(page: Page, change: Change) -> list[WebSocketRoute]:
    """From its next load on, the page's view of its office is what `change` makes of it. Its sockets, as they open."""
    sockets: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        server = socket.connect_to_server()
        socket.on_message(server.send)

        def told(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame.get("topic", "").startswith("office"):
                if frame["type"] == "delta":
                    return
                if frame["type"] == "snapshot":
                    change(frame["data"])
            socket.send(json.dumps(frame))

        server.on_message(told)

    await page.route_web_socket("**/v1/live", between)
    return sockets


def nothing(view: dict[str, Any]) -> None:
    """No departure, no way, no vehicle."""
    view["suggestions"] = [{**part, "suggestions": []} for part in view["suggestions"]]
    view["boards"] = []
    view["mobility"] = []


def far(view: dict[str, Any]) -> None:
    """Ways there are, but nothing within walking distance."""
    view["boards"] = []
    view["mobility"] = []


def next_at(iso: str) -> Change:
    """Nothing leaves before `iso`."""

    def change(view: dict[str, Any]) -> None:
        for part in view["suggestions"]:
            part["suggestions"] = [way for way in part["suggestions"] if not any("line" in leg for leg in way["legs"])]
        for board in view["boards"]:
            rows = board["departures"][:2]
            board["departures"] = [
                {**row, "scheduled": iso, "expected": iso, "leave_at": iso, "reach": "go"} for row in rows
            ]

    return change


def many_destinations(view: dict[str, Any]) -> None:
    """Seven of them."""
    again = [
        {
            **part,
            "destination": {
                **part["destination"],
                "name": f"{part['destination']['name']} vest",
                "station_id": f"x{number}",
            },
        }
        for number, part in enumerate(view["suggestions"][:3])
    ]
    view["suggestions"] = view["suggestions"] + again


def stale(view: dict[str, Any]) -> None:
    """Real time that came until half past three."""
    for feed in view["feeds"]:
        if feed["kind"] == "realtime":
            feed |= {"state": "stale", "since": "2026-11-24T15:30:00+01:00"}
    for board in view["boards"]:
        board["realtime"] = "stale"


def sources_fail(view: dict[str, Any]) -> None:
    """Shared vehicles come no more."""
    for feed in view["feeds"]:
        if feed["kind"] == "mobility":
            feed |= {"state": "failing", "since": "2026-11-24T15:00:00+01:00"}


def with_office(**settings: Any) -> Change:
    """Other settings of the office."""

    def change(view: dict[str, Any]) -> None:
        view["office"] |= settings

    return change
