"""Where a question starts and ends: a point, a stop, a station or an office.

What a reader would get wrong: a station's own stops cost nothing to reach, whatever their distance from the
station's point; every other stop is reached on foot from that point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import BadInput, UnknownId
from smartreise.model.region import Destination, Office
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.names import members

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")

_NUMBER = r"\s*[+-]?(\d+\.?\d*|\.\d+|nan|inf(inity)?)(e[+-]?\d+)?\s*"
#: what is meant for a point, and is none
_NO_POINT = re.compile(f"{_NUMBER},({_NUMBER})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A point with a name and, where it is one, the stop or station (index), office or shared station it is."""

    name: str
    lat: float
    lon: float
    stop: int = -1
    #: boardable stops that cost nothing from here
    own_stops: tuple[int, ...] = ()
    office_id: str | None = None
    mobility_id: str | None = None


def parse_point(field: str, text: str) -> tuple[float, float] | None:
    """Latitude and longitude of ``lat,lon``; None if the text is something else.

    Raises `BadInput` if the numbers are no place on earth.
    """
    match = _POINT.fullmatch(text)
    if match is None:
        if _NO_POINT.fullmatch(text):
            raise BadInput(field, "is no lat,lon in degrees, as in 59.8953,10.6284")
        return None
    lat, lon = float(match[1]), float(match[2])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadInput(field, "latitude must be within -90..90 and longitude within -180..180")
    return lat, lon


def get_place(snapshot: Snapshot, field: str, text: str) -> Place:
    """The place that ``lat,lon``, a stop or station id, or an office id names. Raises `UnknownId`, `BadInput`."""
    point = parse_point(field, text)
    if point is not None:
        return Place(name=f"{point[0]:.5f}, {point[1]:.5f}", lat=point[0], lon=point[1])
    stop = snapshot.timetable.stop_index.get(text)
    if stop is not None:
        return place_of_stop(snapshot.timetable, stop)
    for office in snapshot.offices:
        if office.id == text:
            return place_of_office(office)
    raise UnknownId("stop or office", text)


def get_office(snapshot: Snapshot, office_id: str) -> Office:
    """The office with this id. Raises `UnknownId`."""
    for office in snapshot.offices:
        if office.id == office_id:
            return office
    raise UnknownId("office", office_id)


def place_of_office(office: Office) -> Place:
    """An office as a place to leave from or go to."""
    return Place(name=office.name, lat=office.lat, lon=office.lon, office_id=office.id)


def place_of_stop(timetable: Timetable, stop: int) -> Place:
    """A stop or station by index."""
    return Place(
        name=timetable.stop_name[stop],
        lat=float(timetable.stop_lat[stop]),
        lon=float(timetable.stop_lon[stop]),
        stop=stop,
        own_stops=tuple(members(timetable, stop)),
    )


def find_destination(snapshot: Snapshot, destination: Destination) -> Place | None:
    """Where an office's destination is, under the office's name for it; None if the timetable lost its stop."""
    if destination.stop is not None:
        stop = snapshot.timetable.stop_index.get(destination.stop)
        if stop is not None:
            place = place_of_stop(snapshot.timetable, stop)
            return Place(destination.name or place.name, place.lat, place.lon, place.stop, place.own_stops)
    if destination.lat is not None and destination.lon is not None:
        return Place(name=destination.name, lat=destination.lat, lon=destination.lon)
    return None
