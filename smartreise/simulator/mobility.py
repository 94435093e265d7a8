"""Shared bikes (GBFS 2.3), scooters and cars (GBFS 3.0) of the simulated region, as functions of the instant.

Bike docks breathe with the day: `work` docks fill between 7 and 9 and empty between 15 and 17, `home` docks the
other way round, `campus` docks like work but later and lower, `mixed` ones hardly; weekends breathe a third as
much. On top lies a slow drift of each dock that changes in steps at its own moments, so that docks do not all move
at once. Counts change in a step every few minutes, never every second.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from smartreise.simulator.faults import FaultBook
from smartreise.simulator.progress import Dice
from smartreise.simulator.region import AuthoredRegion, BikeDock, CarStation, ScooterSpot

BIKES, SCOOTERS, CARS = "bysykkel", "sparkesykkel", "bildeling"
_TTL_S = 5
_STEP_S = 240
_SCOOTER_STEP_S = 900
_CAR_STEP_S = 1800
_LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"

#: (mean share of bikes, swing) by kind; swing > 0: full at midday
_BREATH = {"work": (0.42, 0.38), "home": (0.48, -0.34), "campus": (0.35, 0.30), "mixed": (0.45, 0.10)}

Files = Mapping[str, Callable[[int], Any]]


class Mobility:
    """Renders GBFS files. `now` is an epoch second; the same instant gives the same bytes."""

    def __init__(self, region: AuthoredRegion, faults: FaultBook, *, seed: int) -> None:
        self._region = region
        self._faults = faults
        self._seed = seed
        self._zone = ZoneInfo(region.timezone)
        self._systems: dict[str, tuple[str, Files]] = {
            BIKES: (
                "2.3",
                {
                    "system_information": self._bike_system,
                    "vehicle_types": lambda now: {"vehicle_types": _BIKE_TYPES},
                    "station_information": self._bike_stations,
                    "station_status": self._bike_status,
                },
            ),
            SCOOTERS: (
                "3.0",
                {
                    "system_information": lambda now: self._system(SCOOTERS, "Demo sparkesykkel", "HOP"),
                    "vehicle_types": lambda now: {"vehicle_types": _SCOOTER_TYPES},
                    "vehicle_status": self._scooters,
                },
            ),
            CARS: (
                "3.0",
                {
                    "system_information": lambda now: self._system(CARS, "Demo bildeling", "HYR"),
                    "vehicle_types": lambda now: {"vehicle_types": _CAR_TYPES},
                    "station_information": self._car_stations,
                    "station_status": self._car_status,
                    "vehicle_status": self._free_cars,
                },
            ),
        }

    def list_systems(self) -> dict[str, tuple[str, ...]]:
        """System id → names of its files, gbfs among them."""
        return {system: ("gbfs", *files) for system, (_, files) in self._systems.items()}

    def render(self, system: str, name: str, *, now: int, base: str) -> bytes:
        """One GBFS file as JSON bytes; KeyError if there is no such system or file. `base` is the server's URL."""
        version, files = self._systems[system]
        data = self._discovery(system, version, files, base) if name == "gbfs" else files[name](now)
        updated = now if version.startswith("2") else _rfc3339(now, self._zone)
        body = {"last_updated": updated, "ttl": _TTL_S, "version": version, "data": data}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def _discovery(self, system: str, version: str, files: Files, base: str) -> dict[str, Any]:
        feeds = [{"name": name, "url": f"{base}/gbfs/{system}/{name}.json"} for name in files]
        return {"nb": {"feeds": feeds}} if version.startswith("2") else {"feeds": feeds}

    def _system(self, system: str, name: str, code: str) -> dict[str, Any]:
        return {
            "system_id": system,
            "languages": ["nb"],
            "name": _texts(name),
            "opening_hours": "24/7",
            "timezone": self._region.timezone,
            "feed_contact_email": f"{code.lower()}@example.org",
            "license_url": _LICENCE_URL,
        }

    def _bike_system(self, now: int) -> dict[str, Any]:
        return {
            "system_id": BIKES,
            "language": "nb",
            "name": "Demo bysykkel",
            "timezone": self._region.timezone,
            "license_url": _LICENCE_URL,
        }

    def _bike_stations(self, now: int) -> dict[str, Any]:
        return {
            "stations": [
                {"station_id": dock.id, "name": dock.name, "lat": dock.lat, "lon": dock.lon, "capacity": dock.capacity}
                for dock in self._region.docks
            ]
        }

    def _bike_status(self, now: int) -> dict[str, Any]:
        forced = {f.station_id: f.kind for f in self._faults.list_of("empty_station", "full_station")}
        since = {f.station_id: f.since for f in self._faults.list_of("empty_station", "full_station")}
        return {
            "stations": [
                self._dock_status(dock, now, forced.get(dock.id), since.get(dock.id)) for dock in self._region.docks
            ]
        }

    def _dock_status(self, dock: BikeDock, now: int, forced: str | None, since: int | None) -> dict[str, Any]:
        dice = Dice(f"{self._seed}|dock|{dock.id}")
        shift = int(dice.roll(0) * _STEP_S)
        reported = (now - shift) // _STEP_S * _STEP_S + shift
        bikes = round(dock.capacity * self._share(dock, reported, dice))
        if forced is not None:
            bikes = 0 if forced == "empty_station" else dock.capacity
            reported = max(reported, since or 0)
        ebikes = round(bikes * (0.15 + 0.3 * dice.roll(1)))
        broken = 1 if dice.roll(2) < 0.15 and bikes < dock.capacity else 0
        return {
            "station_id": dock.id,
            "num_bikes_available": bikes,
            "vehicle_types_available": [
                {"vehicle_type_id": "bike", "count": bikes - ebikes},
                {"vehicle_type_id": "ebike", "count": ebikes},
            ],
            "num_docks_available": dock.capacity - bikes - broken,
            "is_installed": True,
            "is_renting": True,
            "is_returning": True,
            "last_reported": reported,
        }

    def _share(self, dock: BikeDock, at: int, dice: Dice) -> float:
        """Share of the dock's places that hold a bike, 0–1."""
        mean, swing = _BREATH[dock.kind]
        local = datetime.fromtimestamp(at, self._zone)
        hour = local.hour + local.minute / 60
        late = 1.5 if dock.kind == "campus" else 0.0
        midday = _ramp(hour, 7 + late, 9 + late) - _ramp(hour, 15 + late, 17.5 + late)
        weekend = 0.3 if local.weekday() >= 5 else 1.0
        # every dock drifts at its own pace of 3 to 7 hours
        pace = 3600 * (3 + 4 * dice.roll(3))
        drift = 0.16 * math.sin(2 * math.pi * (at / pace + dice.roll(4))) + 0.18 * (dice.roll(5) - 0.5)
        return min(max(mean + swing * weekend * (midday - 0.4) + drift, 0.0), 1.0)

    def _scooters(self, now: int) -> dict[str, Any]:
        return {"vehicles": [v for spot in self._region.spots for v in self._spot(spot, now)]}

    def _spot(self, spot: ScooterSpot, now: int) -> list[dict[str, Any]]:
        out = []
        for number in range(spot.scooters):
            own = Dice(f"{self._seed}|scooter|{spot.name}|{number}")
            shift = int(own.roll(0) * _SCOOTER_STEP_S)
            slot = (now - shift) // _SCOOTER_STEP_S
            dice = Dice(f"{self._seed}|scooter|{spot.name}|{number}|{slot // (1 + number % 4)}")
            if dice.roll(0) < 0.3:
                continue  # somebody rides it
            angle, far = 2 * math.pi * dice.roll(1), spot.radius_m * math.sqrt(dice.roll(2))
            out.append(
                {
                    "vehicle_id": f"HOP:Vehicle:{int(own.roll(1) * 9000) + 1000}-{int(dice.roll(3) * 65536):04x}",
                    "lat": round(spot.lat + far * math.cos(angle) / 111_320, 6),
                    "lon": round(spot.lon + far * math.sin(angle) / (111_320 * math.cos(math.radians(spot.lat))), 6),
                    "is_reserved": dice.roll(4) < 0.04,
                    "is_disabled": dice.roll(5) < 0.03,
                    "vehicle_type_id": "escooter",
                    "current_range_meters": 3000 + int(30_000 * dice.roll(6)),
                    "last_reported": _rfc3339(slot * _SCOOTER_STEP_S + shift, self._zone),
                }
            )
        return out

    def _car_stations(self, now: int) -> dict[str, Any]:
        return {
            "stations": [
                {
                    "station_id": station.id,
                    "name": _texts(station.name),
                    "lat": station.lat,
                    "lon": station.lon,
                    "capacity": station.spaces,
                    "is_virtual_station": False,
                }
                for station in self._region.car_stations
            ]
        }

    def _parked(self, station: CarStation, now: int) -> tuple[list[int], int]:
        """Numbers of the cars that stand at their station, and when that last changed."""
        dice = Dice(f"{self._seed}|cars|{station.id}")
        shift = int(dice.roll(0) * _CAR_STEP_S)
        slot = (now - shift) // _CAR_STEP_S
        here = [
            number
            for number in range(station.cars)
            if Dice(f"{self._seed}|cars|{station.id}|{number}|{slot // (2 + number)}").roll(0) > 0.35
        ]
        forced = [f.kind for f in self._faults.list_of("empty_station", "full_station") if f.station_id == station.id]
        if forced:
            here = [] if forced[-1] == "empty_station" else list(range(station.cars))
        return here, slot * _CAR_STEP_S + shift

    def _car_status(self, now: int) -> dict[str, Any]:
        stations = []
        for station in self._region.car_stations:
            here, reported = self._parked(station, now)
            stations.append(
                {
                    "station_id": station.id,
                    "num_vehicles_available": len(here),
                    "vehicle_types_available": [{"vehicle_type_id": "ecar", "count": len(here)}],
                    "num_docks_available": station.spaces - len(here),
                    "is_installed": True,
                    "is_renting": True,
                    "is_returning": True,
                    "last_reported": _rfc3339(reported, self._zone),
                }
            )
        return {"stations": stations}

    def _free_cars(self, now: int) -> dict[str, Any]:
        """Cars standing at a station carry its id: whoever adds them to the station's count counts twice."""
        vehicles = []
        for station in self._region.car_stations:
            here, reported = self._parked(station, now)
            for number in here:
                dice = Dice(f"{self._seed}|car|{station.id}|{number}")
                vehicles.append(
                    {
                        "vehicle_id": f"HYR:Vehicle:{station.id.rpartition(':')[2]}{number}",
                        "lat": round(station.lat + 0.00006 * number, 6),
                        "lon": station.lon,
                        "station_id": station.id,
                        "is_reserved": False,
                        "is_disabled": False,
                        "vehicle_type_id": "ecar",
                        "current_range_meters": 90_000 + int(240_000 * dice.roll(0)),
                        "last_reported": _rfc3339(reported, self._zone),
                    }
                )
        return {"vehicles": vehicles}


def _ramp(hour: float, begin: float, end: float) -> float:
    """0 before `begin`, 1 after `end`, smooth between."""
    x = min(max((hour - begin) / (end - begin), 0.0), 1.0)
    return x * x * (3 - 2 * x)


def _rfc3339(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def _texts(text: str) -> list[dict[str, str]]:
    return [{"text": text, "language": "nb"}]


_BIKE_TYPES = [
    {"vehicle_type_id": "bike", "form_factor": "bicycle", "propulsion_type": "human", "name": "Bysykkel"},
    {
        "vehicle_type_id": "ebike",
        "form_factor": "bicycle",
        "propulsion_type": "electric_assist",
        "max_range_meters": 60000,
        "name": "Elsykkel",
    },
]
_SCOOTER_TYPES = [
    {
        "vehicle_type_id": "escooter",
        "form_factor": "scooter_standing",
        "propulsion_type": "electric",
        "max_range_meters": 45000,
        "name": _texts("Elsparkesykkel"),
    }
]
_CAR_TYPES = [
    {
        "vehicle_type_id": "ecar",
        "form_factor": "car",
        "propulsion_type": "electric",
        "max_range_meters": 350000,
        "name": _texts("Elbil"),
    }
]
