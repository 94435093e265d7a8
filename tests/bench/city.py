"""A synthetic city of Ruter's size, drawn from a seed, as a GTFS zip.

At scale 1: 9,600 stops in pairs, 400 lines, some 171,000 trips and 4.3 million stop_times, of which about
690,000 run on a weekday. Times are whole minutes and footpaths explicit and closed (the two quays of a pair, two
minutes), so that engines with minute resolution can be compared journey by journey.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.csv

FIRST_DAY = date(2026, 11, 2)
DAYS = 77
STOPS_A_LINE = 25
#: services that share the days between them: weekdays by fortnight, Saturdays, Sundays
SERVICES = 6


@dataclass(frozen=True)
class City:
    """What was drawn: sizes and the zip."""

    stops: int
    trips: int
    stop_times: int
    zip: bytes


def draw_city(scale: float, *, seed: int = 1) -> City:
    """A city `scale` times Ruter's size; the same bytes for the same seed."""
    generator = np.random.default_rng(seed)
    pairs = max(60, int(4800 * scale))
    lines = max(8, int(400 * scale))
    side = int(np.ceil(np.sqrt(pairs)))
    lat = 59.8 + (np.arange(pairs) // side) * 0.0035 + generator.normal(0, 0.0004, pairs)
    lon = 10.4 + (np.arange(pairs) % side) * 0.0065 + generator.normal(0, 0.0008, pairs)
    walks = [_walk(generator, side, pairs) for _ in range(lines)]
    trips, calls = _trips(generator, walks, scale)
    files = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,City,http://example.org,Europe/Oslo\n",
        "stops.txt": _stops(lat, lon),
        "routes.txt": "route_id,agency_id,route_short_name,route_type\n"
        + "".join(f"L{i},A,{i},{3 if i % 5 else 0}\n" for i in range(lines)),
        "calendar_dates.txt": _calendar(),
        "transfers.txt": _transfers(pairs),
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        for name, table in (("trips.txt", trips), ("stop_times.txt", calls)):
            sink = io.BytesIO()
            pa.csv.write_csv(table, sink, pa.csv.WriteOptions(quoting_style="none"))
            archive.writestr(name, sink.getvalue())
    return City(pairs * 2, trips.num_rows, calls.num_rows, body.getvalue())


def _walk(generator: np.random.Generator, side: int, pairs: int) -> np.ndarray:
    """A line's stop pairs: a walk over the grid that mostly goes straight."""
    x, y = generator.integers(0, side, 2)
    dx, dy = ((1, 0), (0, 1), (-1, 0), (0, -1))[int(generator.integers(4))]
    found = [min(int(y * side + x), pairs - 1)]
    while len(found) < STOPS_A_LINE:
        if generator.random() < 0.15 or not (0 <= x + dx < side and 0 <= y + dy < side):
            dx, dy = (dy, -dx) if generator.random() < 0.5 else (-dy, dx)
            continue
        x, y = x + dx, y + dy
        pair = min(int(y * side + x), pairs - 1)
        if pair != found[-1]:
            found.append(pair)
    return np.array(found)


def _trips(generator: np.random.Generator, walks: list[np.ndarray], scale: float) -> tuple[pa.Table, pa.Table]:
    route, service, stops, times = [], [], [], []
    for line, walk in enumerate(walks):
        hops = generator.integers(1, 4, STOPS_A_LINE - 1)
        offsets = np.concatenate(([0], np.cumsum(hops))) * 60
        headway = int(generator.choice([20, 30, 30, 30, 40, 60]))
        for direction in (0, 1):
            sequence = (walk if direction == 0 else walk[::-1]) * 2 + direction
            for number in range(SERVICES):
                starts = np.arange(5 * 60 + int(generator.integers(headway)), 25 * 60, headway) * 60
                route += [line] * len(starts)
                service += [number] * len(starts)
                stops.append(np.tile(sequence, len(starts)))
                times.append((starts[:, None] + offsets[None, :]).ravel())
    count = len(route)
    trips = pa.table(
        {
            "route_id": [f"L{line}" for line in route],
            "service_id": [f"S{number}" for number in service],
            "trip_id": [f"T:ServiceJourney:{index:08x}" for index in range(count)],
        }
    )
    at = np.concatenate(times)
    clock = _clock_texts(int(at.max()) + 60)
    index = pa.array((at // 60).astype(np.int32))
    stop_ids = pa.array([f"T:Quay:{stop}" for stop in range(int(max(s.max() for s in stops)) + 1)])
    texts = clock.take(index)
    calls = pa.table(
        {
            "trip_id": trips["trip_id"].combine_chunks().take(pa.array(np.repeat(np.arange(count), STOPS_A_LINE))),
            "arrival_time": texts,
            "departure_time": texts,
            "stop_id": stop_ids.take(pa.array(np.concatenate(stops))),
            "stop_sequence": pa.array(np.tile(np.arange(STOPS_A_LINE), count)),
        }
    )
    return trips, calls


def _clock_texts(until_s: int) -> pa.Array:
    return pa.array([f"{minute // 60:02}:{minute % 60:02}:00" for minute in range(until_s // 60 + 1)])


def _stops(lat: np.ndarray, lon: np.ndarray) -> str:
    rows = ["stop_id,stop_name,stop_lat,stop_lon"]
    for pair in range(len(lat)):
        rows.append(f"T:Quay:{pair * 2},Stop {pair},{lat[pair]:.6f},{lon[pair]:.6f}")
        rows.append(f"T:Quay:{pair * 2 + 1},Stop {pair},{lat[pair] + 0.0001:.6f},{lon[pair]:.6f}")
    return "\n".join(rows) + "\n"


def _transfers(pairs: int) -> str:
    rows = ["from_stop_id,to_stop_id,transfer_type,min_transfer_time"]
    for one in range(0, pairs * 2, 2):
        rows.append(f"T:Quay:{one},T:Quay:{one + 1},2,120")
        rows.append(f"T:Quay:{one + 1},T:Quay:{one},2,120")
    return "\n".join(rows) + "\n"


def _calendar() -> str:
    rows = ["service_id,date,exception_type"]
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        kind = 4 if day.weekday() == 5 else 5 if day.weekday() == 6 else (number // 14) % 4
        rows.append(f"S{kind},{day:%Y%m%d},1")
    return "\n".join(rows) + "\n"
