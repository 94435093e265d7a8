"""Decodes GBFS 1.x, 2.x and 3.x into one shape: bytes in, `MobilitySystem` out. Pure.

What a reader would get wrong: a count here is what one may take or return now. A station that is not installed
or does not rent has 0 vehicles whatever it reports, an unknown count is None, and a vehicle that stands at a
station is in that station's count and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np

from smartreise.ingest.gbfs_hours import is_closed_by_calendar, is_closed_by_hours, is_closed_by_opening_hours
from smartreise.ingest.gbfs_rules import read_plans, read_zones
from smartreise.ingest.gbfs_values import (
    find_count,
    find_flag,
    find_id,
    find_number,
    find_point,
    find_rental_url,
    find_text,
    find_time,
    form_of,
)
from smartreise.model.mobility import MobilitySystem, PricingPlan, SharedVehicle, Station, VehicleType, Zones
from smartreise.model.problems import DatasetRefused
from smartreise.suggest.zones import said_of

_LANGUAGES: Final = ("nb", "no", "nn", "en")
_ELECTRIC: Final = ("electric_assist", "electric")
#: files without which a system is still worth showing: a broken one is counted and left out
_OPTIONAL: Final = (
    *("system_information", "vehicle_types", "system_hours", "system_calendar"),
    *("geofencing_zones", "system_pricing_plans"),
)


def parse_discovery(data: bytes) -> dict[str, str]:
    """Feed name → URL from a gbfs.json, in Norwegian, else English, else the first language.

    Raises `DatasetRefused` if it is no such file or names no feeds.
    """
    content = _content("gbfs", data)[1]
    lists = content if "feeds" in content else _by_language(content)
    feeds = lists.get("feeds") if isinstance(lists, dict) else None
    if not isinstance(feeds, list):
        raise DatasetRefused("gbfs.json lists no feeds")
    urls = {f["name"]: f["url"] for f in feeds if isinstance(f, dict) and _is_text(f.get("name"), f.get("url"))}
    if not urls:
        raise DatasetRefused("gbfs.json lists no feeds")
    return urls


def parse_system(files: Mapping[str, bytes], *, feed_id: str, now: int) -> MobilitySystem:
    """One system from its files by GBFS feed name (``station_status``, ``vehicle_status``, …) at epoch second now.

    Raises `DatasetRefused` if there is neither station_information nor a file of vehicles, if one of those or
    station_status cannot be read, or if station_status is empty though there are stations. Smaller faults are
    counted in `MobilitySystem.skipped`.
    """
    draft = _Draft(now=now)
    for name in _OPTIONAL:
        draft.read_optional(name, files.get(name))
    vehicle_file = next((name for name in ("vehicle_status", "free_bike_status") if name in files), None)
    if "station_information" not in files and vehicle_file is None:
        raise DatasetRefused("neither station_information nor vehicle_status (free_bike_status) is there")
    draft.take_types()
    zones, plans = draft.take_zones(), draft.take_plans()
    stations = draft.read_stations(files, alone=vehicle_file is None)
    vehicles = draft.read_vehicles(vehicle_file, files, {station.id for station in stations})
    information = draft.content.get("system_information", {})
    system = MobilitySystem(
        feed_id=feed_id,
        system_id=find_id(information.get("system_id")) or feed_id,
        name=find_text(information.get("name")),
        version=draft.version,
        updated_at=max((t for t in (draft.stations_at, draft.vehicles_at) if t is not None), default=now),
        ttl_s=draft.ttl_s,
        open_when=draft.open_when(),
        stations=stations,
        vehicles=_with_starts(vehicles, zones),
        vehicle_types=tuple(draft.types.values()),
        plans=plans,
        zones=zones,
        skipped=dict(sorted(draft.skipped.items())),
        licence=find_text(information.get("license_id")) or find_text(information.get("license_url")),
        timezone=find_text(information.get("timezone")),
        stations_at=draft.stations_at,
        vehicles_at=draft.vehicles_at,
    )
    return replace(system, state=state_at(system, now))


@dataclass(slots=True)
class _Draft:
    """A system while it is being read."""

    now: int
    version: str = "1.0"
    ttl_s: int = 60
    content: dict[str, dict[str, Any]] = field(default_factory=dict)
    types: dict[str, VehicleType] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    stations_at: int | None = None
    vehicles_at: int | None = None

    def read_optional(self, name: str, data: bytes | None) -> None:
        if data is None:
            return
        try:
            self.content[name] = _content(name, data)[1]
        except DatasetRefused:
            self.skipped[f"unreadable {name}"] += 1

    def take_types(self) -> None:
        for item in self.items("vehicle_types", self.content.get("vehicle_types", {}).get("vehicle_types", [])):
            type_id = find_id(item.get("vehicle_type_id"))
            if type_id is None:
                self.skipped["vehicle type without id"] += 1
                continue
            self.types[type_id] = VehicleType(
                id=type_id,
                form=form_of(item.get("form_factor")),
                propulsion=find_text(item.get("propulsion_type")),
                max_range_m=find_number(item.get("max_range_meters")),
                name=find_text(item.get("name")),
                return_constraint=find_text(item.get("return_constraint")),
                plan_id=find_id(item.get("default_pricing_plan_id")),
            )

    def take_zones(self) -> Zones | None:
        zones, unreadable = read_zones(self.content.get("geofencing_zones", {}), now=self.now)
        self.skipped.update({"zone that cannot be read": unreadable} if unreadable else {})
        return zones

    def take_plans(self) -> dict[str, PricingPlan]:
        plans, unreadable = read_plans(self.content.get("system_pricing_plans", {}))
        self.skipped.update({"plan that cannot be read": unreadable} if unreadable else {})
        return plans

    def items(self, what: str, rows: Any) -> Iterator[dict[str, Any]]:
        """The rows that are records; the others are counted."""
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                yield row
            else:
                self.skipped[f"{what}: not a record"] += 1

    def read_stations(self, files: Mapping[str, bytes], *, alone: bool) -> tuple[Station, ...]:
        if "station_information" not in files:
            return ()
        places = self._places(_rows("station_information", files["station_information"], "stations")[1])
        if not places:
            if alone:
                raise DatasetRefused("station_information lists no stations")
            return ()
        statuses: dict[str, dict[str, Any]] = {}
        if "station_status" in files:
            head, rows = _rows("station_status", files["station_status"], "stations")
            self._take_head(head)
            self.stations_at = find_time(head.get("last_updated")) or self.now
            if not rows:
                raise DatasetRefused("station_status lists no stations, though station_information does")
            statuses = self._statuses(rows, places)
        return tuple(self._station(id_, place, statuses.get(id_)) for id_, place in places.items())

    def _places(self, rows: list[Any]) -> dict[str, dict[str, Any]]:
        places: dict[str, dict[str, Any]] = {}
        for item in self.items("station_information", rows):
            id_ = find_id(item.get("station_id"))
            if id_ is None or find_point(item) is None:
                self.skipped["station without id or position"] += 1
            elif id_ in places:
                self.skipped["station listed twice"] += 1
            else:
                places[id_] = item
        return places

    def _statuses(self, rows: list[Any], places: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        statuses: dict[str, dict[str, Any]] = {}
        for item in self.items("station_status", rows):
            id_ = find_id(item.get("station_id"))
            if id_ is None or id_ not in places:
                self.skipped["status without information"] += 1
            elif id_ in statuses:
                self.skipped["status given twice"] += 1
            else:
                statuses[id_] = item
        return statuses

    def _station(self, id_: str, place: Mapping[str, Any], status: Mapping[str, Any] | None) -> Station:
        point = find_point(place)
        assert point is not None  # `_places` keeps no other
        base = Station(
            id=id_,
            name=find_text(place.get("name")),
            lat=point[0],
            lon=point[1],
            capacity=find_count(place.get("capacity")),
            is_virtual=find_flag(place.get("is_virtual_station")) is True,
            rental_url=find_rental_url(place),
        )
        return base if status is None else self._with_status(base, status)

    def _with_status(self, base: Station, status: Mapping[str, Any]) -> Station:
        installed, renting, returning = (
            find_flag(status.get(key)) for key in ("is_installed", "is_renting", "is_returning")
        )
        available, ebikes = self._available(status)
        if installed is False or renting is False:
            available, ebikes = dict.fromkeys(available or (self.usual_form(),), 0), 0
        docks = None if base.is_virtual else find_count(status.get("num_docks_available"))
        docks_for = self._docks_for(status)
        if installed is False or returning is False:
            docks, docks_for = None if base.is_virtual else 0, None
        return replace(
            base,
            is_installed=installed,
            is_renting=renting,
            is_returning=returning,
            bikes=available.get("bike", 0) if available else None,
            ebikes=ebikes,
            docks=docks,
            available=available,
            reported_at=find_time(status.get("last_reported")) or self.stations_at,
            docks_for=docks_for,
            is_unlimited=self.version[:1] not in ("", "1") and "num_docks_available" not in status,
        )

    def _docks_for(self, status: Mapping[str, Any]) -> dict[str, int] | None:
        """Free docks by form factor, None where docks fit all vehicles."""
        forms: Counter[str] = Counter()
        for row in self.items("vehicle_docks_available", status.get("vehicle_docks_available")):
            ids = row.get("vehicle_type_ids")
            known = [self.types[i] for i in map(find_id, ids if isinstance(ids, list) else ()) if i in self.types]
            count = find_count(row.get("count"))
            for form in {kind.form for kind in known}:
                forms[form] += count or 0
        return dict(forms) or None

    def usual_form(self) -> str:
        """What a vehicle is of which nothing is said: the system's only form, else a bike."""
        forms = {kind.form for kind in self.types.values()}
        return forms.pop() if len(forms) == 1 else "bike"

    def _available(self, status: Mapping[str, Any]) -> tuple[dict[str, int], int | None]:
        """Vehicles by form, empty where unknown, and how many of the bikes are electric."""
        said = (status.get(key) for key in ("num_vehicles_available", "num_bikes_available"))
        total = next((count for value in said if (count := find_count(value)) is not None), None)
        forms: Counter[str] = Counter()
        electric = 0
        for row in self.items("vehicle_types_available", status.get("vehicle_types_available")):
            count, kind = find_count(row.get("count")), self.types.get(find_id(row.get("vehicle_type_id")) or "")
            form = kind.form if kind is not None else self.usual_form()
            forms[form] += count or 0
            if kind is not None and form == "bike" and kind.propulsion in _ELECTRIC:
                electric += count or 0
        if not forms:
            electric_said = find_count(status.get("num_ebikes_available"))
            unknown = None if not self.types or self._has_ebikes() else 0
            ebikes = electric_said if electric_said is not None else unknown
            return ({} if total is None else {self.usual_form(): total}), ebikes
        if total is not None and len(forms) == 1:
            forms[next(iter(forms))] = total
        return dict(forms), electric if self.types else None

    def _has_ebikes(self) -> bool:
        return any(kind.form == "bike" and kind.propulsion in _ELECTRIC for kind in self.types.values())

    def read_vehicles(
        self, name: str | None, files: Mapping[str, bytes], stations: set[str]
    ) -> tuple[SharedVehicle, ...]:
        if name is None:
            return ()
        head, rows = _rows(name, files[name], "vehicles", "bikes")
        self._take_head(head)
        self.vehicles_at = find_time(head.get("last_updated")) or self.now
        vehicles: dict[str, SharedVehicle] = {}
        for item in self.items(name, rows):
            if find_flag(item.get("is_reserved")) or find_flag(item.get("is_disabled")):
                continue
            if find_id(item.get("station_id")) in stations:
                continue  # in its station's count
            vehicle = self._vehicle(item)
            if vehicle is None:
                self.skipped["vehicle without id or position"] += 1
            elif vehicle.id in vehicles:
                self.skipped["vehicle listed twice"] += 1
            else:
                vehicles[vehicle.id] = vehicle
        return tuple(vehicles.values())

    def _vehicle(self, item: Mapping[str, Any]) -> SharedVehicle | None:
        id_ = find_id(item.get("vehicle_id", item.get("bike_id")))
        point = find_point(item)
        if id_ is None or point is None:
            return None
        kind = self.types.get(find_id(item.get("vehicle_type_id")) or "")
        return SharedVehicle(
            id=id_,
            lat=point[0],
            lon=point[1],
            form=kind.form if kind is not None else self.usual_form(),
            propulsion=kind.propulsion if kind is not None else None,
            range_m=find_number(item.get("current_range_meters")),
            rental_url=find_rental_url(item),
            reported_at=find_time(item.get("last_reported")) or self.vehicles_at,
            type_id=find_id(item.get("vehicle_type_id")),
            plan_id=find_id(item.get("pricing_plan_id")),
        )

    def _take_head(self, head: Mapping[str, Any]) -> None:
        version, ttl = head.get("version"), find_number(head.get("ttl"))
        self.version = version if isinstance(version, str) else self.version
        self.ttl_s = int(ttl) if ttl is not None and ttl >= 0 else self.ttl_s

    def open_when(self) -> dict[str, object]:
        """What `state_at` needs to know."""
        information = self.content.get("system_information", {})
        said = {
            "calendars": self.content.get("system_calendar", {}).get("calendars"),
            "rental_hours": self.content.get("system_hours", {}).get("rental_hours"),
            "opening_hours": information.get("opening_hours"),
            "timezone": information.get("timezone"),
        }
        return {name: value for name, value in said.items() if value}


def state_at(system: MobilitySystem, now: int) -> str:
    """closed outside the system's season or hours at epoch second ``now``, or when no station rents any more; else
    open."""
    when, stations = system.open_when, system.stations
    local = datetime.fromtimestamp(now, UTC).astimezone(_zone(when.get("timezone")))
    closed = (
        is_closed_by_calendar(when.get("calendars"), local)
        or is_closed_by_hours(when.get("rental_hours"), local)
        or is_closed_by_opening_hours(when.get("opening_hours"), local)
    )
    dormant = len(stations) > 1 and all(s.is_renting is False or s.is_installed is False for s in stations)
    return "closed" if closed or dormant else "open"


def _with_starts(vehicles: tuple[SharedVehicle, ...], zones: Zones | None) -> tuple[SharedVehicle, ...]:
    """The vehicles, those marked that stand where no ride may start."""
    if zones is None:
        return vehicles
    banned: set[str] = set()
    for type_id in {vehicle.type_id for vehicle in vehicles}:
        same = [vehicle for vehicle in vehicles if vehicle.type_id == type_id]
        at = np.array([(vehicle.lat, vehicle.lon) for vehicle in same])
        types = frozenset() if type_id is None else frozenset({type_id})
        said = said_of(zones, types, "start", at[:, 0], at[:, 1])
        banned |= {vehicle.id for vehicle, word in zip(same, said, strict=True) if word < 0}
    return tuple(replace(vehicle, may_start=vehicle.id not in banned) for vehicle in vehicles)


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name) if isinstance(name, str) else ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _rows(name: str, data: bytes, *keys: str) -> tuple[dict[str, Any], list[Any]]:
    """The file's head and its list, which must be there under one of the keys."""
    head, content = _content(name, data)
    for key in keys:
        if isinstance(content.get(key), list):
            return head, content[key]
    raise DatasetRefused(f"{name} has no list of {keys[0]}")


def _content(name: str, data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The whole record and its ``data``."""
    try:
        head = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        begin = data.lstrip()[:1]
        what = "is empty" if not begin else "is HTML, not JSON" if begin == b"<" else f"is not JSON ({error})"
        raise DatasetRefused(f"{name} {what}") from error
    content = head.get("data") if isinstance(head, dict) else None
    if not isinstance(content, dict):
        raise DatasetRefused(f"{name} has no data")
    return head, content


def _by_language(content: Mapping[str, Any]) -> Any:
    return next((content[key] for key in (*_LANGUAGES, *content) if key in content), None)


def _is_text(*values: Any) -> bool:
    return all(isinstance(value, str) and value for value in values)
