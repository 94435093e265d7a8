"""A timetable of lines that all run all day, its delays as messages, and a server that notes when it sent each."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from aiohttp import web
from google.transit import gtfs_realtime_pb2 as pb

STOPS_A_LINE = 10
HEADWAY_S = 300
RUN_S = 60
ZONE = ZoneInfo("Europe/Oslo")
REGION = """
[region]
id = "bench"
name = "Bench"
timezone = "Europe/Oslo"

[[static]]
id = "city"
url = "{base}/gtfs.zip"
interval = "1h"

[[realtime]]
id = "delays"
static = "city"
url = "{base}/rt.pb"
interval = "1s"
"""


def draw_zip(lines: int, day: datetime) -> bytes:
    """GTFS: each line calls at its own stops, every five minutes from 04:00 to 27:00."""
    stops, routes, trips, times = [], [], [], []
    for line in range(lines):
        routes.append(f"r{line},{line},3")
        for call in range(STOPS_A_LINE):
            stops.append(f"{stop_of(line, call)},Stop {line} {call},{59.5 + line * 0.02:.4f},{10.0 + call * 0.02:.4f}")
        for number, begins in enumerate(range(4 * 3600, 27 * 3600, HEADWAY_S)):
            trip = trip_of(line, number)
            trips.append(f"r{line},all,{trip},End {line}")
            for call in range(STOPS_A_LINE):
                at = _text(begins + call * RUN_S)
                times.append(f"{trip},{at},{at},{stop_of(line, call)},{call + 1}")
    first, last = (day - timedelta(days=1)).strftime("%Y%m%d"), (day + timedelta(days=3)).strftime("%Y%m%d")
    files = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone", "a,Bench,http://localhost,Europe/Oslo"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon", *stops],
        "routes.txt": ["route_id,route_short_name,route_type", *routes],
        "trips.txt": ["route_id,service_id,trip_id,trip_headsign", *trips],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *times],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            f"all,1,1,1,1,1,1,1,{first},{last}",
        ],
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            archive.writestr(name, "\n".join(rows) + "\n")
    return body.getvalue()


def draw_delays(lines: int, day: datetime, now: datetime, delay_s: int) -> bytes:
    """All trips of the next two hours are so late."""
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = int(now.timestamp())
    since = (now - day).total_seconds()
    for line in range(lines):
        for number, begins in enumerate(range(4 * 3600, 27 * 3600, HEADWAY_S)):
            if since - 1200 <= begins <= since + 7200:
                update = message.entity.add(id=trip_of(line, number)).trip_update
                update.trip.trip_id = trip_of(line, number)
                update.trip.start_date = day.strftime("%Y%m%d")
                call = update.stop_time_update.add(stop_sequence=1)
                call.departure.delay = delay_s
    return message.SerializeToString()


def stop_of(line: int, call: int) -> str:
    return f"s{line:03d}-{call}"


def trip_of(line: int, number: int) -> str:
    return f"t{line:03d}-{number:03d}"


def _text(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


@dataclass
class FeedServer:
    """Serves the newest message; `sent_at` tells when a message's last byte was handed to the socket."""

    lines: int
    now: datetime
    version: int = 0
    sent_at: dict[int, float] = field(default_factory=dict)
    runner: web.AppRunner | None = None

    @property
    def day(self) -> datetime:
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)

    def delay_of(self, version: int) -> int:
        """Seconds late, another for each message."""
        return 60 + version

    async def start(self, folder: Path) -> Path:
        """Serves on loopback; the region file."""
        application = web.Application()
        archive = draw_zip(self.lines, self.day)

        async def static(request: web.Request) -> web.Response:
            return web.Response(body=archive)

        application.router.add_get("/gtfs.zip", static)
        application.router.add_get("/rt.pb", self._message)
        self.runner = web.AppRunner(application, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        file = folder / "region.toml"
        file.write_text(REGION.format(base=f"http://127.0.0.1:{self.runner.addresses[0][1]}"))
        return file

    async def _message(self, request: web.Request) -> web.StreamResponse:
        tag = f'"{self.version}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        # A message may not be older than the last one; each is a second newer.
        now = self.now + timedelta(seconds=self.version)
        body = draw_delays(self.lines, self.day, now, self.delay_of(self.version))
        response = web.Response(body=body, headers={"ETag": tag})
        await response.prepare(request)
        await response.write_eof()
        self.sent_at.setdefault(self.version, monotonic())
        return response
