"""Writes a feed as a zip's bytes from its files' text, for tests of how text is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: two stops, one trip, one day
FILES: Mapping[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,Agency,https://example.org,Europe/Oslo\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Alfa,59.9,10.6\nB,Beta,59.9,10.7\nC,Gamma,59.9,10.8\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,31,Long,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr,s,t\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,08:00:00,08:00:00,A,1\nt,08:10:00,08:11:00,B,2\nt,08:20:00,08:20:00,C,3\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\ns,20261110,1\n",
}


def zipped(files: Mapping[str, str | bytes | None] | None = None, *, only: bool = False) -> bytes:
    """The zip of `FILES` with some of them replaced, added or (None) left out; ``only`` those given."""
    chosen: dict[str, str | bytes | None] = {**({} if only else FILES), **(files or {})}
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in chosen.items():
            if text is not None:
                archive.writestr(name, text)
    return body.getvalue()
