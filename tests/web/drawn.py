"""An office's view drawn by hand, and a page that is told it at a moment that stands still: one picture each time."""

from __future__ import annotations

import json
from typing import Any, Final

from playwright.async_api import Page, WebSocketRoute

NOW: Final = "2026-11-23T15:42:20+01:00"
#: the page's clocks stand; its timers run, so it draws itself
STANDING: Final = "performance.now = () => 1_000; Date.now = () => 1_795_531_340_000;"
_COLORS: Final = {"bus": "e60000", "rail": "d62e8b", "metro": "ec700c", "tram": "0b91ef"}


def at(time: str) -> str:
    return f"2026-11-23T{time}:00+01:00"


def line(name: str, mode: str) -> dict[str, Any]:
    return {"id": f"L:{name}", "name": name, "mode": mode, "color": _COLORS[mode], "text_color": "ffffff"}


def place(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "lat": 59.9, "lon": 10.6, **more}


def leg(mode: str, start: str, depart: str, arrive: str, **more: Any) -> dict[str, Any]:
    def call(time: str) -> dict[str, str]:
        return {"scheduled": at(time), "expected": at(time)}

    ends = {"from": place(start), "to": place("der"), "depart": call(depart), "arrive": call(arrive)}
    return {"mode": mode, **ends, "distance_m": 300.0, "geometry": None, **more}


def ride(name: str, mode: str, start: str, depart: str, arrive: str) -> dict[str, Any]:
    more = {"line": line(name, mode), "trip_id": f"{name} {depart}", "service_date": "2026-11-23", "stops": []}
    return leg(mode, start, depart, arrive, **more)


def way(id_: str, *legs: dict[str, Any], **more: Any) -> dict[str, Any]:
    leave, arrive = legs[0]["depart"]["expected"], legs[-1]["arrive"]["expected"]
    rides = sum("line" in part for part in legs)
    minutes = (int(arrive[11:13]) - int(leave[11:13])) * 60 + int(arrive[14:16]) - int(leave[14:16])
    figures = {"walk_m": 300.0, "bike_m": 0.0, "co2_g": 100.0, "car_co2_g": 1300.0, "duration_s": minutes * 60}
    modes = [part["mode"] for part in legs]
    told = {"reach": "go", "status": "ok", "reason": None, "transfers": max(0, rides - 1), "modes": modes}
    return {"id": id_, "leave_at": leave, "arrive_at": arrive, **figures, **told, "legs": list(legs), **more}


def row(name: str, mode: str, to: str, time: str, leave: str, **more: Any) -> dict[str, Any]:
    told = {"delay_s": 0, "realtime": True, "cancelled": False, "added": False, "platform_changed": False}
    unknown: dict[str, Any] = {"occupancy": None, "wheelchair": None, "quay": None, "alerts": []}
    reach = "missed" if leave < "15:42" else "go"
    return {
        "id": f"{name} {time}", "trip_id": f"{name} {time}", "service_date": "2026-11-23", "line": line(name, mode),
        "headsign": to, "stop_id": "q", "scheduled": at(time), "expected": at(time), "walk_s": 240,
        "leave_at": at(leave), "reach": reach, **told, **unknown, **more,
    }  # fmt: skip


def board(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    stop = {**place(name), "id": f"S:{name}", "platform": None, "parent": None, "modes": ["bus"], "wheelchair": None}
    return {"stop": stop, "departures": list(rows), "alerts": [], "realtime": "fresh"}


def shared(form: str, kind: str, name: str | None, available: int) -> dict[str, Any]:
    return {
        "id": f"{form} {name}", "provider": form, "provider_name": None, "kind": kind, "form": form, "name": name,
        "available": available, "docks": None, "state": "open", "walk_s": 120, "lat": 59.9, "lon": 10.6,
        "reported_at": None, "station_id": None, "bikes": None, "ebikes": None, "is_renting": True,
        "is_returning": True, "forecast": None,
    }  # fmt: skip


def destination(name: str, *ways: dict[str, Any]) -> dict[str, Any]:
    return {"destination": place(name, station_id=f"S:{name}"), "suggestions": list(ways)}


def view() -> dict[str, Any]:
    """A Monday afternoon with a delay, a cancellation, a replacement and a free car."""

    def walk(start: str, end: str) -> dict[str, Any]:
        return leg("walk", "Kontoret", start, end)

    def bus(name: str, depart: str, arrive: str) -> dict[str, Any]:
        return ride(name, "bus", "IT Fornebu", depart, arrive)

    def train(name: str, depart: str, arrive: str) -> dict[str, Any]:
        return ride(name, "rail", "Lysaker", depart, arrive)

    tight = {"reach": "hurry", "status": "tight", "reason": "tight_change"}
    broken = {"status": "broken", "reason": "trip_cancelled", "replaced_by": "instead"}
    car = leg("car", "Kontoret", "15:42", "16:03", pickup={"name": "P-hus", "available": 2}, provider="bil")
    ways = [
        destination(
            "Oslo S",
            way("oslo", walk("15:47", "15:51"), bus("31", "15:51", "16:02"), train("L1", "16:04", "16:18")),
            way("direct", walk("15:54", "15:58"), bus("31", "15:58", "16:31")),
        ),
        destination(
            "Sandvika",
            way("now", walk("15:43", "15:46"), bus("145", "15:46", "16:09"), **tight),
            way("struck", walk("15:49", "15:53"), train("L1", "15:58", "16:12"), **broken),
            way("instead", walk("15:59", "16:03"), train("R13", "16:08", "16:24")),
        ),
        destination("Bekkestua", way("bek", walk("15:51", "15:55"), bus("150", "15:55", "16:14"))),
        destination("Majorstuen", way("car", car)),
    ]
    boards = [
        board(
            "IT Fornebu",
            row("31", "bus", "Grorud", "15:44", "15:40"),
            row("31", "bus", "Tonsenhagen", "15:51", "15:47", scheduled=at("15:49"), delay_s=120),
            row("145", "bus", "Bekkestua", "15:57", "15:53"),
            row("31E", "bus", "Jernbanetorget", "16:05", "16:01"),
        ),
        board(
            "Lysaker stasjon",
            row("L1", "rail", "Lillestrøm", "16:04", "15:50", realtime=False),
            row("R13", "rail", "Drammen", "16:06", "15:52", cancelled=True),
            row("L1", "rail", "Spikkestad", "16:08", "15:54", platform_changed=True, quay="4"),
        ),
        board(
            "Lilleaker", row("13", "tram", "Ljabru", "16:01", "15:49"), row("3", "metro", "Kolsås", "16:11", "15:59")
        ),
    ]
    alert: dict[str, Any] = {
        "id": "a1", "header": {"nb": "Linje 3: buss for bane Kolsås–Avløs etter kl. 22"}, "description": {}, "url": {},
        "cause": None, "effect": None, "severity": None, "periods": [], "lines": [], "stops": [], "trips": [],
    }  # fmt: skip
    office = {"id": "drawn", "name": "Widerøeveien 5, Fornebu", "lat": 59.896, "lon": 10.6288, "languages": ["nb"]}
    return {
        "office": {**office, "theme": "dark", "destinations": [part["destination"] for part in ways]},
        "suggestions": ways, "boards": boards,
        "mobility": [shared("car", "station", "IT Fornebu P-hus", 2), shared("scooter", "floating", None, 26)],
        "alerts": [alert], "feeds": [{"id": "rt", "kind": "realtime", "state": "fresh", "since": None}],
        "demo": False, "attribution": ["Ruter / Entur (NLOD-2.0)"], "region": "Oslo",
        "timezone": "Europe/Oslo", "public_url": "https://reise.example.no",
    }  # fmt: skip


FEEDS: Final = {
    "feeds": [
        {
            "id": "rt", "kind": "realtime", "state": "fresh", "since": None, "updated_at": "2026-11-23T15:42:14+01:00",
            "entities": {"trip_updates": 9}, "match_rate": 1, "unmatched": {}, "skipped": {}, "last_error": None,
            "retry_at": None, "licence": None, "attribution": None,
        }
    ],
    "warnings": [], "region": "Oslo", "timezone": "Europe/Oslo", "demo": False,
}  # fmt: skip


async def tell(page: Page, told: dict[str, Any]) -> None:
    """From its next load on, the page hears nothing but `told` of its office."""
    await tell_topics(page, {"office": told})


async def tell_topics(page: Page, told: dict[str, Any]) -> None:
    """From its next load on, the page hears nothing but `told`: a topic's data by its name, or made of its params."""

    def serve(socket: WebSocketRoute) -> None:
        def heard(text: str | bytes) -> None:
            frame = json.loads(text)
            if frame["type"] != "subscribe":
                return
            topic = f"{frame['topic']}?{json.dumps(frame['params'])}"
            data = ({"feeds": FEEDS, "vehicles": {"vehicles": []}} | told).get(frame["topic"])
            if callable(data):
                data = data(frame["params"])
            if data is None:
                return
            socket.send(json.dumps({"type": "subscribed", "sub": frame["sub"], "topic": topic}))
            socket.send(json.dumps({"type": "snapshot", "topic": topic, "rev": "1", "data": data, "server_time": NOW}))

        socket.on_message(heard)
        socket.send(json.dumps({"type": "hello", "server_time": NOW, "heartbeat_s": 3600}))

    await page.route_web_socket("**/v1/live", serve)
