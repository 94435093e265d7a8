"""The schedule as a GTFS zip for a span of service days. The same input gives the same bytes.

Days of the week stand in calendar.txt; public holidays are exceptions in calendar_dates.txt, so that a reader who
forgets one of the two files is wrong on Christmas Day.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from smartreise.simulator.region import AuthoredRegion
from smartreise.simulator.schedule import Schedule, Trip, day_types, is_public_holiday, weekday_types

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_gtfs(
    region: AuthoredRegion, schedule: Schedule, *, first: date, last: date, lines: frozenset[str] | None = None
) -> bytes:
    """Bytes of the zip for service days `first` to `last`; `lines` (names) keeps only these lines' trips."""
    trips = [trip for trip in schedule.trips if lines is None or trip.pattern.line.name in lines]
    files = {
        "agency.txt": _table(("agency_id", "agency_name", "agency_url", "agency_timezone"), _agencies(region)),
        "stops.txt": _table(_STOP_COLUMNS, _stops(region)),
        "routes.txt": _table(_ROUTE_COLUMNS, _routes(region)),
        "trips.txt": _table(_TRIP_COLUMNS, _trips(trips)),
        "stop_times.txt": _stop_times(trips),
        "calendar.txt": _table(("service_id", *_WEEKDAYS, "start_date", "end_date"), _calendar(trips, first, last)),
        "calendar_dates.txt": _table(("service_id", "date", "exception_type"), _exceptions(trips, first, last)),
        "shapes.txt": _shapes(trips),
        "transfers.txt": _table(("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"), _walks(region)),
        "feed_info.txt": _table(_INFO_COLUMNS, [_info(region, first, last)]),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))
    return out.getvalue()


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _agencies(region: AuthoredRegion) -> Iterator[tuple[object, ...]]:
    for agency in region.agencies:
        yield agency["id"], agency["name"], agency["url"], region.timezone


_STOP_COLUMNS = (
    "stop_id", "stop_name", "stop_desc", "stop_lat", "stop_lon",
    "location_type", "parent_station", "platform_code", "wheelchair_boarding",
)  # fmt: skip


def _stops(region: AuthoredRegion) -> Iterator[tuple[object, ...]]:
    for place in region.places.values():
        yield place.id, place.name, place.note, place.lat, place.lon, 1, "", "", place.wheelchair
    for quay in region.quays.values():
        place = region.places[quay.place]
        # "" at a platform means: as its station says
        yield quay.id, place.name, "", quay.lat, quay.lon, 0, place.id, quay.platform, ""


_ROUTE_COLUMNS = (
    "route_id", "agency_id", "route_short_name", "route_long_name", "route_type", "route_color", "route_text_color",
)  # fmt: skip


def _routes(region: AuthoredRegion) -> Iterator[tuple[object, ...]]:
    for line in region.lines:
        text = "000000" if line.color in ("FCC414", "64C8FF") else "FFFFFF"
        yield line.id, line.agency, line.name, line.long_name, line.type, line.color, text


_TRIP_COLUMNS = (
    "route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id", "wheelchair_accessible",
)  # fmt: skip


def _trips(trips: Sequence[Trip]) -> Iterator[tuple[object, ...]]:
    for trip in trips:
        pattern = trip.pattern
        line = pattern.line
        yield (
            line.id, trip.service_id, trip.id, pattern.headsign, pattern.direction, pattern.shape_id, line.wheelchair,
        )  # fmt: skip


def _clock(second: int) -> str:
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}"


def _stop_times(trips: Sequence[Trip]) -> str:
    clock = [_clock(second) for second in range(34 * 3600)]
    out = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"]
    tails = {
        trip.pattern.index: [
            f",{quay.id},{sequence},{metres:.1f}\n"
            for sequence, (quay, metres) in enumerate(zip(trip.pattern.quays, trip.pattern.metres, strict=True), 1)
        ]
        for trip in trips
    }
    for trip in trips:
        pattern, start, name = trip.pattern, trip.start_s, trip.id
        for arrive, depart, tail in zip(pattern.arrive, pattern.depart, tails[pattern.index], strict=True):
            out.append(f"{name},{clock[start + arrive]},{clock[start + depart]}{tail}")
    return "".join(out)


def _services(trips: Sequence[Trip]) -> dict[str, tuple[str, ...]]:
    return {trip.service_id: trip.days for trip in sorted(trips, key=lambda trip: trip.service_id)}


def _calendar(trips: Sequence[Trip], first: date, last: date) -> Iterator[tuple[object, ...]]:
    for service_id, days in _services(trips).items():
        runs = [int(not set(days).isdisjoint(weekday_types(weekday))) for weekday in range(7)]
        yield service_id, *runs, f"{first:%Y%m%d}", f"{last:%Y%m%d}"


def _exceptions(trips: Sequence[Trip], first: date, last: date) -> Iterator[tuple[object, ...]]:
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    holidays = [day for day in span if is_public_holiday(day)]
    for service_id, days in _services(trips).items():
        for day in holidays:
            planned = not set(days).isdisjoint(weekday_types(day.weekday()))
            runs = not set(days).isdisjoint(day_types(day))
            if planned != runs:
                yield service_id, f"{day:%Y%m%d}", 1 if runs else 2


def _shapes(trips: Sequence[Trip]) -> str:
    out = ["shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n"]
    for pattern in {trip.pattern.index: trip.pattern for trip in trips}.values():
        for sequence, (lat, lon, metres) in enumerate(pattern.shape.tolist(), 1):
            out.append(f"{pattern.shape_id},{lat:.6f},{lon:.6f},{sequence},{metres:.1f}\n")
    return "".join(out)


def _walks(region: AuthoredRegion) -> Iterator[tuple[object, ...]]:
    for a, b, seconds in region.walks:
        yield f"NSR:StopPlace:{a}", f"NSR:StopPlace:{b}", 2, seconds
        if a != b:
            yield f"NSR:StopPlace:{b}", f"NSR:StopPlace:{a}", 2, seconds


_INFO_COLUMNS = (
    "feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date", "feed_version",
)  # fmt: skip


def _info(region: AuthoredRegion, first: date, last: date) -> tuple[object, ...]:
    version = f"demo-{first:%Y-%m-%d}"
    return region.publisher, "https://example.org/smartreise", "nb", f"{first:%Y%m%d}", f"{last:%Y%m%d}", version
