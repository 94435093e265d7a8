"""A publisher of a small city's feeds over real HTTP, whose replies can be spoilt feed by feed while it runs.

Line 1 runs from A over B to C every ten minutes, day and night, two minutes late by its real time; three bike docks
stand beside A. Everything is made at the moment of asking, so that good feeds are always fresh.
"""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from google.transit import gtfs_realtime_pb2 as pb

ZONE = ZoneInfo("Europe/Oslo")
STOPS = {"A": (59.90, 10.60), "B": (59.90, 10.65), "C": (59.90, 10.70)}
LATE_S = 120
#: what a spoilt feed answers, given the request and the good body
Spoil = Callable[[web.Request, bytes], Awaitable[web.StreamResponse]]
#: names of the feeds, as the region file has them
FEEDS = ("static", "realtime", "mobility")


def table(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def tables(
    *, today: date, zone: str = "Europe/Oslo", prefix: str = "", every_min: int = 10, days: int = 20
) -> dict[str, str]:
    """The city's GTFS tables. ``prefix`` stands before every trip id."""
    starts = range(0, 30 * 60, every_min)
    dates = [(today + timedelta(days=n)).strftime("%Y%m%d") for n in range(-1, days)]
    agency = {"agency_id": "X", "agency_name": "X", "agency_url": "https://x.test", "agency_timezone": zone}
    calls = [
        {"trip_id": f"{prefix}t{m}", "arrival_time": t, "departure_time": t, "stop_id": stop, "stop_sequence": n}
        for m in starts
        for n, stop in enumerate(STOPS)
        for t in [f"{(m + n * 7) // 60:02}:{(m + n * 7) % 60:02}:00"]
    ]
    stops = [{"stop_id": s, "stop_name": s, "stop_lat": lat, "stop_lon": lon} for s, (lat, lon) in STOPS.items()]
    trips = [{"route_id": "1", "service_id": "d", "trip_id": f"{prefix}t{m}", "trip_headsign": "C"} for m in starts]
    return {
        "agency.txt": table([agency]),
        "stops.txt": table(stops),
        "routes.txt": table([{"route_id": "1", "agency_id": "X", "route_short_name": "1", "route_type": 3}]),
        "calendar_dates.txt": table([{"service_id": "d", "date": day, "exception_type": 1} for day in dates]),
        "trips.txt": table(trips),
        "stop_times.txt": table(calls),
    }


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def message(now: float, *, trips: int = 30, at: float | None = None) -> pb.FeedMessage:
    """The real time of the trips around ``now``."""
    feed = pb.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.timestamp = int(now if at is None else at)
    local = datetime.fromtimestamp(now, ZONE)
    first = (local.hour * 60 + local.minute) // 10 * 10
    for number in range(trips):
        minute = first + number * 10
        if minute >= 30 * 60:
            break
        update = feed.entity.add(id=f"e{number}").trip_update
        update.trip.trip_id = f"t{minute}"
        update.trip.start_date = local.strftime("%Y%m%d")
        call = update.stop_time_update.add(stop_sequence=0)
        call.departure.delay = LATE_S
    return feed


def system(now: float, url: str) -> dict[str, Any]:
    """The files of the bike system, by name."""

    def file(data: Any) -> dict[str, Any]:
        return {"last_updated": int(now), "ttl": 0, "version": "2.3", "data": data}

    docks = [
        {"station_id": f"s{n}", "name": f"Dock {n}", "lat": 59.9001, "lon": 10.6 + n * 0.001, "capacity": 10}
        for n in range(3)
    ]
    status = [
        {"station_id": f"s{n}", "num_bikes_available": 5, "num_docks_available": 5, "is_installed": True}
        | {"is_renting": True, "is_returning": True, "last_reported": int(now)}
        for n in range(3)
    ]
    about = {"system_id": "bikes", "language": "nb", "name": "Bikes", "timezone": "Europe/Oslo"}
    names = ("system_information", "station_information", "station_status")
    return {
        "gbfs": file({"nb": {"feeds": [{"name": name, "url": f"{url}/mobility/{name}"} for name in names]}}),
        "system_information": file(about),
        "station_information": file({"stations": docks}),
        "station_status": file({"stations": status}),
    }


@dataclass
class Publisher:
    """`spoilt` has what a feed answers instead of its good body; the key of one GBFS file is `mobility/NAME`."""

    url: str = ""
    spoilt: dict[str, Spoil] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def good(self, name: str) -> bytes:
        """What a feed holds now."""
        now = time.time()  # noqa: TID251 - a publisher has its own clock
        if name == "static":
            return zipped(tables(today=datetime.fromtimestamp(now, ZONE).date()))
        if name == "realtime":
            return message(now).SerializeToString()
        return json.dumps(system(now, self.url)[name.partition("/")[2]]).encode()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.path.strip("/")
        self.asked[name] = self.asked.get(name, 0) + 1
        body = self.good(name)
        spoil = self.spoilt.get(name) or self.spoilt.get(name.split("/")[0])
        return web.Response(body=body) if spoil is None else await spoil(request, body)


@asynccontextmanager
async def publishing() -> AsyncIterator[Publisher]:
    """A publisher on a free port of loopback."""
    publisher, app = Publisher(), web.Application()
    app.router.add_get("/{any:.*}", publisher.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    publisher.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield publisher
    finally:
        await runner.cleanup()


def region_file(folder: Path, url: str, *, timeout: str = "2s", max_mb: float = 20) -> Path:
    """The region of the publisher's feeds, asked every second."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "region.toml"
    each = f'interval = "1s"\ntimeout = "{timeout}"\nmax_mb = {max_mb}\n'
    file.write_text(
        '[region]\nid = "city"\nname = "City"\ntimezone = "Europe/Oslo"\n'
        f'[[static]]\nid = "static"\nurl = "{url}/static"\n{each}'
        f'[[realtime]]\nid = "realtime"\nstatic = "static"\nurl = "{url}/realtime"\nstale_after = "4s"\n{each}'
        f'[[mobility]]\nid = "mobility"\nurl = "{url}/mobility/gbfs"\nstale_after = "4s"\n{each}'
        '[[office]]\nid = "o"\nname = "O"\nlat = 59.9\nlon = 10.6\ndestinations = [{ name = "C", stop = "C" }]\n',
        encoding="utf-8",
    )
    return file
