"""Reads the folder of an authored region (feeds/demo) into records.

The files have a shape of their own (see feeds/README.md), smaller than GTFS: a reader who looks for trips finds
headways instead. Numbers of stop places and quays become NSR ids here and nowhere else.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smartreise.model.problems import ConfigError

DAY_TYPES = ("weekday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Quay:
    """A platform: GTFS stop of location_type 0."""

    id: str
    place: int
    platform: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class StopPlace:
    """A GTFS station. `wheelchair` as in GTFS: "" unknown, "1" yes, "2" no."""

    number: int
    name: str
    note: str
    lat: float
    lon: float
    wheelchair: str

    @property
    def id(self) -> str:
        return f"NSR:StopPlace:{self.number}"


@dataclass(frozen=True, slots=True)
class Call:
    """`minute` counts from the line's first stop in direction out; platforms are codes at `place`."""

    place: int
    minute: float
    platform_out: str
    platform_in: str


@dataclass(frozen=True, slots=True)
class Run:
    """One series of departures. Windows are seconds at the line's first stop in that direction: from, until
    (exclusive), every. `first` and `last` cut the run short at stop places."""

    direction: int
    windows: Mapping[str, tuple[tuple[int, int, int], ...]]
    offset_s: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    name: str
    long_name: str
    agency: str
    type: int
    color: str
    wheelchair: int
    headsigns: tuple[str, str]
    runs: tuple[Run, ...]
    calls: tuple[Call, ...]
    #: (after call, lat, lon), direction out
    via: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class AlertText:
    """An alert and when it is in effect: day types (empty: every day) and local seconds of the day (None: all)."""

    id: str
    cause: str
    effect: str
    severity: str
    lines: tuple[str, ...]
    stops: tuple[int, ...]
    days: tuple[str, ...]
    hours: tuple[int, int] | None
    header: Mapping[str, str]
    description: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BikeDock:
    id: str
    name: str
    lat: float
    lon: float
    capacity: int
    #: how it fills over the day: work, home, campus, mixed
    kind: str


@dataclass(frozen=True, slots=True)
class ScooterSpot:
    name: str
    lat: float
    lon: float
    scooters: int
    radius_m: float


@dataclass(frozen=True, slots=True)
class CarStation:
    id: str
    name: str
    lat: float
    lon: float
    spaces: int
    cars: int


@dataclass(frozen=True, slots=True)
class AuthoredRegion:
    timezone: str
    publisher: str
    agencies: tuple[Mapping[str, str], ...]
    places: Mapping[int, StopPlace]
    quays: Mapping[tuple[int, str], Quay]
    lines: tuple[Line, ...]
    #: stop place → stop place, seconds; walks go both ways
    walks: tuple[tuple[int, int, int], ...]
    alerts: tuple[AlertText, ...]
    docks: tuple[BikeDock, ...]
    spots: tuple[ScooterSpot, ...]
    car_stations: tuple[CarStation, ...]


def parse_clock(text: str) -> int:
    """Seconds of "HH:MM" or "HH:MM:SS"; hours may pass 24."""
    parts = [int(part) for part in text.split(":")]
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)


def read_region(folder: Path) -> AuthoredRegion:
    """The authored region in `folder`; ConfigError names the file that is missing or wrong."""
    base = _toml(folder / "region.toml")
    transfers = base["transfers"]
    walks = [(a, b, s) for a, b, s in transfers["walks"]] + [(p, p, s) for p, s in transfers["within"]]
    places = {place.number: place for place in _places(folder / "stops.csv")}
    quays = {(quay.place, quay.platform): quay for quay in _quays(folder / "quays.csv")}
    region = AuthoredRegion(
        timezone=base["timezone"],
        publisher=base["publisher"],
        agencies=tuple(base["agency"]),
        places=places,
        quays=quays,
        lines=tuple(_lines(folder / "lines.toml")),
        walks=tuple(walks),
        alerts=tuple(_alerts(folder / "alerts.toml")),
        docks=tuple(_docks(folder / "bikes.csv")),
        spots=tuple(_spots(folder / "scooters.csv")),
        car_stations=tuple(_car_stations(folder / "cars.csv")),
    )
    _check(region, folder)
    return region


def _check(region: AuthoredRegion, folder: Path) -> None:
    for line in region.lines:
        for call in line.calls:
            for platform in (call.platform_out, call.platform_in):
                if (call.place, platform) not in region.quays:
                    where = folder / "lines.toml"
                    raise ConfigError(f"{where}: line {line.name}: no platform {platform!r} at stop place {call.place}")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    yield from csv.DictReader(text.splitlines())


def _places(path: Path) -> Iterator[StopPlace]:
    for row in _rows(path):
        yield StopPlace(
            number=int(row["stop_place"]),
            name=row["name"],
            note=row["note"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            wheelchair=row["wheelchair"],
        )


def _quays(path: Path) -> Iterator[Quay]:
    for row in _rows(path):
        yield Quay(
            id=f"NSR:Quay:{row['quay']}",
            place=int(row["stop_place"]),
            platform=row["platform"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )


def _window(text: str) -> tuple[int, int, int]:
    """ "05:15-24:46/15" → seconds from, until, every."""
    span, _, every = text.partition("/")
    begin, _, end = span.partition("-")
    return parse_clock(begin), parse_clock(end), int(float(every) * 60)


def _lines(path: Path) -> Iterator[Line]:
    document = _toml(path)
    headways = {
        name: {day: tuple(_window(text) for text in windows) for day, windows in days.items()}
        for name, days in document["headways"].items()
    }
    for entry in document["line"]:
        yield Line(
            id=entry["id"],
            name=entry["name"],
            long_name=entry["long_name"],
            agency=entry["agency"],
            type=entry["type"],
            color=entry["color"],
            wheelchair=entry["wheelchair"],
            headsigns=(entry["headsign_out"], entry["headsign_in"]),
            runs=tuple(_run(run, headways) for run in entry["runs"]),
            calls=tuple(Call(place, minute, out, back) for place, minute, out, back in entry["calls"]),
            via=tuple((after, lat, lon) for after, lat, lon in entry.get("via", ())),
        )


def _run(entry: Mapping[str, Any], headways: Mapping[str, Mapping[str, tuple[tuple[int, int, int], ...]]]) -> Run:
    return Run(
        direction=("out", "in").index(entry["direction"]),
        windows=headways[entry["headway"]],
        offset_s=int(entry.get("offset", 0) * 60),
        first=entry.get("first"),
        last=entry.get("last"),
    )


def _alerts(path: Path) -> Iterator[AlertText]:
    for entry in _toml(path)["alert"]:
        hours = entry.get("hours")
        yield AlertText(
            id=entry["id"],
            cause=entry["cause"],
            effect=entry["effect"],
            severity=entry["severity"],
            lines=tuple(entry.get("lines", ())),
            stops=tuple(entry.get("stops", ())),
            days=tuple(entry.get("days", ())),
            hours=(parse_clock(hours[0]), parse_clock(hours[1])) if hours else None,
            header=entry["header"],
            description=entry["description"],
        )


def _docks(path: Path) -> Iterator[BikeDock]:
    for row in _rows(path):
        lat, lon = float(row["lat"]), float(row["lon"])
        yield BikeDock(row["station_id"], row["name"], lat, lon, int(row["capacity"]), row["kind"])


def _spots(path: Path) -> Iterator[ScooterSpot]:
    for row in _rows(path):
        lat, lon = float(row["lat"]), float(row["lon"])
        yield ScooterSpot(row["name"], lat, lon, int(row["scooters"]), float(row["radius_m"]))


def _car_stations(path: Path) -> Iterator[CarStation]:
    for row in _rows(path):
        lat, lon = float(row["lat"]), float(row["lon"])
        yield CarStation(row["station_id"], row["name"], lat, lon, int(row["spaces"]), int(row["cars"]))
