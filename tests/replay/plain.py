"""A plain reading of GTFS files, the slow and obvious way: csv, dictionaries, one day after another.

It knows nothing of the product's arrays; boards are compared with it. Calls without a stated time are
left out (`blank`), since the specification leaves their time to the reader.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class PlainDeparture:
    at: int
    trip_id: str
    service_date: str
    sequence: int
    stop_id: str


class PlainFeed:
    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.files = {name: self._rows(archive, name) for name in archive.namelist() if name.endswith(".txt")}
        self.zone = ZoneInfo(self.files["agency.txt"][0]["agency_timezone"])
        self.trips = {row["trip_id"]: row for row in self.files["trips.txt"]}
        self.calls: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.files["stop_times.txt"]:
            self.calls[row["trip_id"]].append(row)
        for rows in self.calls.values():
            rows.sort(key=lambda row: int(row["stop_sequence"]))
        self._known: dict[tuple[str, date], bool] = {}
        self.frequencies: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.files.get("frequencies.txt", []):
            self.frequencies[row["trip_id"]].append(row)

    @staticmethod
    def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
        text = archive.read(name).decode("utf-8-sig")
        return [
            {(key or "").strip(): (value or "").strip() for key, value in row.items() if not isinstance(value, list)}
            for row in csv.DictReader(io.StringIO(text))
        ]

    def runs_on(self, service_id: str, day: date) -> bool:
        if (service_id, day) not in self._known:
            self._known[service_id, day] = self._runs_on(service_id, day)
        return self._known[service_id, day]

    def _runs_on(self, service_id: str, day: date) -> bool:
        stamp = day.strftime("%Y%m%d")
        for row in self.files.get("calendar_dates.txt", []):
            if row["service_id"] == service_id and row["date"] == stamp:
                return row["exception_type"] == "1"
        weekday = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[day.weekday()]
        return any(
            row["service_id"] == service_id and row["start_date"] <= stamp <= row["end_date"] and row[weekday] == "1"
            for row in self.files.get("calendar.txt", [])
        )

    def origin(self, day: date) -> int:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=self.zone)
        return int(noon.timestamp()) - 12 * 3600

    def members(self, stop_id: str) -> set[str]:
        children = {row["stop_id"] for row in self.files["stops.txt"] if row.get("parent_station") == stop_id}
        return children or {stop_id}

    def departures(self, stop_id: str, start: int, end: int) -> tuple[list[PlainDeparture], set[tuple[str, int]]]:
        """Departures with `start` ≤ time < `end`, and the (trip, sequence) whose time is blank."""
        members, found, blank = self.members(stop_id), [], set()
        for trip_id, rows in self.calls.items():
            for row in rows[:-1]:
                if row["stop_id"] not in members or row.get("pickup_type") == "1":
                    continue
                sequence = int(row["stop_sequence"])
                stated = row["departure_time"] or row["arrival_time"]
                if not stated:
                    blank.add((trip_id, sequence))
                    continue
                for day, shift in self._starts(trip_id, start, end):
                    at = self.origin(day) + seconds(stated) + shift
                    if start <= at < end:
                        found.append(PlainDeparture(at, trip_id, day.isoformat(), sequence, row["stop_id"]))
        return sorted(found, key=lambda row: (row.at, row.trip_id, row.sequence)), blank

    def everything(self, start: int, end: int) -> Counter[tuple[int, str, str, int, str]]:
        """All departures from all stops as (time, trip, service date, sequence, stop), those with a blank time left
        out."""
        found: Counter[tuple[int, str, str, int, str]] = Counter()
        for trip_id, rows in self.calls.items():
            if trip_id not in self.trips:
                continue
            starts = [(day, self.origin(day) + shift) for day, shift in self._starts(trip_id, start, end)]
            for row in rows[:-1]:
                stated = row["departure_time"] or row["arrival_time"]
                if not stated or row.get("pickup_type") == "1":
                    continue
                for day, origin in starts:
                    at = origin + seconds(stated)
                    if start <= at < end:
                        found[at, trip_id, day.isoformat(), int(row["stop_sequence"]), row["stop_id"]] += 1
        return found

    def days(self) -> tuple[date, date]:
        """First and last day on which any service runs."""
        stamps = [row["date"] for row in self.files.get("calendar_dates.txt", []) if row["exception_type"] == "1"]
        for row in self.files.get("calendar.txt", []):
            stamps += [row["start_date"], row["end_date"]]
        first, last = min(stamps), max(stamps)
        return tuple(date(int(s[:4]), int(s[4:6]), int(s[6:])) for s in (first, last))  # type: ignore[return-value]

    def nights_of_change(self) -> list[date]:
        """Days of the timetable on which the clocks change."""
        first, last = self.days()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

        def offset(day: date) -> timedelta | None:
            return datetime(day.year, day.month, day.day, tzinfo=self.zone).utcoffset()

        return [day for day in days if offset(day) != offset(day + timedelta(days=1))]

    def _starts(self, trip_id: str, start: int, end: int) -> Iterator[tuple[date, int]]:
        """Service days on which the trip may matter, with the shift of each frequency start."""
        first = datetime.fromtimestamp(start, self.zone).date() - timedelta(days=2)
        last = datetime.fromtimestamp(end, self.zone).date()
        day = first
        while day <= last:
            if self.runs_on(self.trips[trip_id]["service_id"], day):
                rows = self.frequencies.get(trip_id)
                if not rows:
                    yield day, 0
                for row in rows or []:
                    zero = self.calls[trip_id][0]
                    base = seconds(zero["departure_time"] or zero["arrival_time"])
                    for at in range(seconds(row["start_time"]), seconds(row["end_time"]), int(row["headway_secs"])):
                        yield day, at - base
            day += timedelta(days=1)

    def busiest_stops(self, count: int) -> list[str]:
        calls: dict[str, int] = defaultdict(int)
        for rows in self.calls.values():
            for row in rows[:-1]:
                calls[row["stop_id"]] += 1
        stops = sorted(calls, key=lambda stop: (-calls[stop], stop))[:count]
        parents = [row.get("parent_station", "") for row in self.files["stops.txt"] if row["stop_id"] in stops]
        return stops + sorted({parent for parent in parents if parent})


def seconds(text: str) -> int:
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)
