"""After `smartreise warm` nobody waits for a compiler: not the start of either role, nor the first answer."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

#: what ingest and a gateway do from a feed's bytes to an answer, with all that has kernels of its own
WORK = """
import io, zipfile
from datetime import datetime
from zoneinfo import ZoneInfo
from google.transit import gtfs_realtime_pb2 as pb
from smartreise.app.memory import mapped
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.assemble import assemble
from smartreise.model.region import Region
from smartreise.planner.held import follow
from smartreise.timetable.build import build
from smartreise.timetable.codec import decode, encode
from smartreise.views.registry import VIEWS

FILES = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\\na,A,http://a,Europe/Oslo\\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon\\n"
             "A,A,59.90,10.60\\nB,B,59.91,10.62\\nC,C,59.92,10.66\\nD,D,59.93,10.70\\n",
    "routes": "route_id,agency_id,route_short_name,route_type\\n1,a,1,3\\n2,a,2,0\\n",
    "calendar_dates": "service_id,date,exception_type\\ns,20261110,1\\ns,20261111,1\\n",
    "trips": "route_id,service_id,trip_id,shape_id,block_id\\n1,s,x,p,\\n1,s,y,q,k\\n2,s,z,,k\\n2,s,f,,\\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\\n"
                  "x,08:00:00,08:00:00,A,1,0\\nx,,,B,2,1\\nx,08:20:00,08:20:00,C,3,2\\n"
                  "y,08:10:00,08:10:00,A,1,\\ny,08:20:00,08:20:00,B,2,\\n"
                  "z,08:25:00,08:25:00,B,1,\\nz,08:40:00,08:40:00,D,2,\\n"
                  "f,00:00:00,00:00:00,C,1,\\nf,00:10:00,00:10:00,D,2,\\n",
    "frequencies": "trip_id,start_time,end_time,headway_secs,exact_times\\nf,08:00:00,10:00:00,600,0\\n",
    "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\\n"
              "p,59.90,10.60,1,0\\np,59.91,10.62,2,1\\np,59.92,10.66,3,2\\n"
              "q,59.90,10.60,1,\\nq,59.905,10.61,2,\\nq,59.91,10.62,3,\\n",
}
body = io.BytesIO()
with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, text in FILES.items():
        archive.writestr(f"{name}.txt", text)
region = Region(id="r", name="R", timezone="Europe/Oslo")
timetable = decode(mapped(encode(build([parse_gtfs(body.getvalue(), feed_id="f")], region))))
now, snapshot = int(datetime(2026, 11, 10, 7, 55, tzinfo=ZoneInfo("Europe/Oslo")).timestamp()), None
for minutes in (2, 3):
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version, message.header.timestamp = "2.0", now + minutes
    for trip in ("x", "y"):
        update = message.entity.add(id=trip).trip_update
        update.trip.trip_id, update.trip.start_date = trip, "20261110"
        update.stop_time_update.add(stop_sequence=1).departure.delay = 60 * minutes
    previous = snapshot
    heard = {"rt": parse_message(message.SerializeToString(), feed_id="rt", now=now)}
    snapshot = assemble(
        region=region, timetable=timetable, messages=heard,
        mobility=(), offices=(), feeds=(), revision=minutes, now=now, previous=previous,
    )
    follow(timetable, previous and previous.layouts.at(now), snapshot.layouts.at(now))
    for more in ({}, {"arrive_by": "true", "at": "2026-11-10T09:30:00+01:00"}, {"wheelchair": "true"}):
        view = VIEWS["suggestions"]
        answer = view.answer(snapshot, dict(view.canonical({"from": "A", "to": "D", **more})), now=now)
        assert more.get("wheelchair") or answer.data.suggestions, more
    board = VIEWS["board"]
    assert board.answer(snapshot, dict(board.canonical({"stop": "B"})), now=now).data.departures
"""


def compiled(*command: str) -> list[str]:
    """What a process compiled anew, by what numba says of its cache; "loaded" shows that it says anything."""
    environment = {**os.environ, "NUMBA_DEBUG_CACHE": "1"}
    environment.pop("NUMBA_DISABLE_JIT", None)
    done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = [line for line in done.stdout.splitlines() if line.startswith("[cache]")]
    assert any("data loaded from" in line for line in told), "nothing says that kernels come from the cache"
    return [line for line in told if "data saved to" in line]


def test_after_warming_a_start_and_its_first_answers_compile_nothing() -> None:
    subprocess.run([sys.executable, "-m", "smartreise", "warm"], check=True, capture_output=True)
    assert compiled("-c", WORK) == []
