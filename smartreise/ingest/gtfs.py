"""Reads a GTFS zip into tables: the small ones with gtfs-kit, trips, stop_times and shapes as columns (`gtfs_scan`).

gtfs-kit reads most broken zips as an empty feed without a word, so what must be there is checked before
and after. It is imported on first use: importing it takes longer than reading a small feed.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Final
from zoneinfo import ZoneInfo

from smartreise.ingest.gtfs_archive import GtfsArchive
from smartreise.ingest.gtfs_scan import Texts
from smartreise.ingest.gtfs_small import Rows, read_small
from smartreise.ingest.gtfs_tables import read_shapes, read_stop_times, read_trips
from smartreise.model.problems import DatasetRefused
from smartreise.timetable.tables import GtfsTables

#: tables of GTFS-Flex, services without stops or times of their own; we say how much of them we leave out
FLEX: Final = ("location_groups", "booking_rules")


def parse_gtfs(data: bytes, *, feed_id: str, prefix: str = "") -> GtfsTables:
    """A zip's bytes as tables. Raises `DatasetRefused` with a reason for people."""
    archive = GtfsArchive(data)
    tables = read_small(archive)
    texts = Texts()
    trips, trip_codes = read_trips(archive, texts)
    for name, rows in (
        *((name, len(tables[name])) for name in ("agency", "stops", "routes")),
        ("trips", len(trips.id)),
    ):
        if not rows:
            raise DatasetRefused(f"{name}.txt has no rows")
    skipped: dict[str, int] = {}
    _check_zones(tables["agency"])
    stop_ids = [row["stop_id"] for row in tables["stops"]]
    stop_times = read_stop_times(archive, texts, trip_codes, stop_ids, skipped)
    if not len(stop_times.trip):
        raise DatasetRefused("stop_times.txt has no row with a known trip and a known stop")
    for name in FLEX:
        if archive.size(name):
            skipped[f"flex_{name}"] = max(1, archive.read(name).count(b"\n") - 1)
    if archive.areas():
        skipped["flex_locations"] = archive.areas()
    return GtfsTables(
        feed_id=feed_id,
        prefix=prefix,
        digest=hashlib.sha256(data).hexdigest(),
        agencies=tables["agency"],
        stops=tables["stops"],
        routes=tables["routes"],
        trips=trips,
        stop_times=stop_times,
        calendar=tables["calendar"],
        calendar_dates=tables["calendar_dates"],
        frequencies=tables["frequencies"],
        transfers=tables["transfers"],
        pathways=tables["pathways"],
        levels=tables["levels"],
        feed_info=tables["feed_info"],
        shapes=read_shapes(archive, texts, skipped),
        skipped=skipped,
    )


def warm() -> None:
    """Compile the kernels that read tables, or load them from the cache, by reading a feed of one trip."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _TINY.items():
            archive.writestr(f"{name}.txt", text)
    tables = parse_gtfs(body.getvalue(), feed_id="tiny")
    assert len(tables.stop_times.trip) == 2, "the kernels do not find the two calls there are"


#: out of order, with quotes, so that every kernel runs
_TINY: Final = {
    "agency": "agency_timezone\nUTC\n",
    "stops": "stop_id,stop_lat,stop_lon\na,1,1\nb,2,2\n",
    "routes": "route_id,route_type\nr,3\n",
    "calendar_dates": "service_id,date,exception_type\ns,20261110,1\n",
    "trips": 'trip_id,route_id,service_id,shape_id\n"t",r,s,p\n',
    "stop_times": "trip_id,stop_id,arrival_time,departure_time,stop_sequence,location_id\n"
    't,"b",9:00:00,9:00:00,2,\nt,a,8:00:00,8:00:00,1,\n',
    "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\np,1,1,1\np,2,2,2\n",
}


def _check_zones(agencies: Rows) -> None:
    for row in agencies:
        try:
            ZoneInfo(row["agency_timezone"])
        except (ValueError, OSError, KeyError):
            raise DatasetRefused(f"agency.txt names no time zone that exists: {row['agency_timezone']!r}") from None
