"""Transit vehicles with a position, in a box of the map.

What a reader would get wrong: a vehicle whose report is ten minutes old is not there any more; it goes though no
newer message came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from smartreise.live.snapshot import Aspect, Snapshot, VehicleOnTrip
from smartreise.model.service_day import iso
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.moments import earliest
from smartreise.views.params import Box, Canonical, Parameter, canonical
from smartreise.views.rendering import line_of

BBOX: Final = Box(
    name="bbox", about="The box west,south,east,north in degrees.", required=True, example="10.4,59.8,10.9,60.0"
)
#: a position holds this long
_HOLDS_S: Final = 600


class VehiclesView:
    """`GET /v1/vehicles` and the topic `vehicles`."""

    name = "vehicles"
    about = "Transit vehicles in a box of the map"
    parameters: Sequence[Parameter[Any]] = (BBOX,)
    result: type[wire.Wire] = wire.Vehicles
    reads: frozenset[Aspect] = frozenset({"timetable", "layouts", "vehicles"})

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        west, south, east, north = BBOX.get(params)

        def inside(vehicle: VehicleOnTrip) -> bool:
            at = vehicle.position
            across = west <= at.lon <= east if west <= east else at.lon >= west or at.lon <= east
            return across and south <= at.lat <= north

        recent = [v for v in snapshot.vehicles if (gone := _gone_at(v)) is None or now < gone]
        found = sorted(filter(inside, recent), key=lambda vehicle: vehicle.position.entity_id)
        data = wire.Vehicles(vehicles=[vehicle_of(snapshot, vehicle) for vehicle in found])
        return Answer(data, earliest(*map(_gone_at, found)))


def _gone_at(vehicle: VehicleOnTrip) -> int | None:
    """When its report says nothing any more about where it is."""
    reported = vehicle.position.timestamp
    return None if reported is None else reported + _HOLDS_S


def vehicle_of(snapshot: Snapshot, vehicle: VehicleOnTrip) -> wire.Vehicle:
    """A vehicle on the wire; its line and trip where they are known."""
    at, timetable = vehicle.position, snapshot.timetable
    trip = None if vehicle.trip_id is None else timetable.trip_index.get(vehicle.trip_id)
    sign = -1 if trip is None else int(timetable.trip_headsign[trip])
    stop = at.stop_id if at.stop_id in timetable.stop_index else None
    return wire.Vehicle(
        id=at.vehicle_id or at.entity_id,
        lat=round(at.lat, 6),
        lon=round(at.lon, 6),
        bearing=None if at.bearing is None else round(at.bearing, 1),
        line=line_of(snapshot, vehicle.route) if vehicle.route >= 0 else None,
        trip_id=vehicle.trip_id,
        service_date=None if vehicle.service_day is None else date.fromordinal(vehicle.service_day).isoformat(),
        headsign=timetable.headsigns[sign] if sign >= 0 else None,
        occupancy=at.occupancy,
        stop_id=stop,
        reported_at=None if at.timestamp is None else iso(at.timestamp, snapshot.zone),
    )
