"""Offices: the region file's and the stored ones as one list, checked, and against the timetable.

What a reader would get wrong: a stored office wins over the file's of the same id, and taking it away brings the
file's back. Timetables change under standing offices, so a missing stop is left out and told, never a reason to stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from smartreise.fleet.logos import fault_of_logo
from smartreise.fleet.records import Hours, OfficeDestination, OfficeDocument
from smartreise.model.modes import MODES
from smartreise.model.problems import BadFields
from smartreise.model.region import Destination, Office, OpeningHours
from smartreise.timetable.arrays import Timetable

#: in what is given back, and of no effect in what is put in
TOLD_ONLY: Final = frozenset({"source", "version", "updated_at", "updated_by", "warnings"})


def warnings_about(timetable: Timetable, offices: Iterable[Office]) -> Iterator[str]:
    """One line for each stop or line of an office that the timetable does not have."""
    lines = {*timetable.route_id, *timetable.route_name}
    for office in offices:
        named = {d.stop for d in office.destinations if d.stop is not None} | {*office.stops, *office.hidden_stops}
        for stop in sorted(named - timetable.stop_index.keys()):
            yield f"office {office.id}: the timetable has no stop {stop}; it is left out"
        for line in sorted({*office.lines, *office.hidden_lines} - lines):
            yield f"office {office.id}: the timetable has no line {line}"


def merged(fixed: Sequence[Office], stored: Mapping[str, Office]) -> tuple[Office, ...]:
    """The file's, each as it is stored where it is; then those that only the store knows, by id."""
    known = {office.id for office in fixed}
    own = [office for id_, office in sorted(stored.items()) if id_ not in known]
    return (*(stored.get(office.id, office) for office in fixed), *own)


def checked(document: OfficeDocument) -> OfficeDocument:
    """The document in the one spelling that is kept, held to what a schema cannot say. Raises `BadFields`."""
    errors: list[tuple[str, str]] = []
    if document.id.strip() != document.id:
        errors.append(("id", "letters, digits, dot, dash and underscore are allowed"))
    for number, mode in enumerate(document.modes):
        if mode not in MODES:
            errors.append((f"modes[{number}]", f"is none of {', '.join(MODES)}"))
    if len(set(document.languages)) != len(document.languages):
        errors.append(("languages", "names one twice"))
    fault = fault_of_logo(document.logo) if document.logo is not None else None
    if fault is not None:
        errors.append(("logo", fault))
    for number, destination in enumerate(document.destinations):
        if destination.any_stop is None and (destination.lat is None or destination.lon is None):
            errors.append((f"destinations[{number}]", "needs a stop_id, or lat and lon"))
    if errors:
        raise BadFields(tuple(errors))
    return document_of(office_of(document))


def office_of(document: OfficeDocument) -> Office:
    """The office that a document describes."""
    return Office(
        id=document.id,
        name=document.name,
        lat=document.lat,
        lon=document.lon,
        destinations=tuple(Destination(d.name, d.any_stop, d.lat, d.lon) for d in document.destinations),
        stops=tuple(document.stops),
        hidden_stops=tuple(document.hidden_stops),
        lines=tuple(document.lines),
        hidden_lines=tuple(document.hidden_lines),
        languages=tuple(document.languages),
        walk_speed=document.walk_speed,
        max_walk_m=document.max_walk_m,
        modes=tuple(document.modes),
        providers=tuple(document.providers),
        theme=document.theme,
        accent=document.accent,
        logo=document.logo,
        layout=document.layout,
        opening_hours=tuple(OpeningHours(tuple(h.days), h.opens, h.closes) for h in document.opening_hours),
        after_hours=document.after_hours,
    )


def document_of(office: Office) -> OfficeDocument:
    """The document that describes an office."""
    return OfficeDocument(
        id=office.id,
        name=office.name,
        lat=office.lat,
        lon=office.lon,
        destinations=[
            OfficeDestination(name=d.name, stop_id=d.stop, lat=d.lat, lon=d.lon) for d in office.destinations
        ],
        stops=list(office.stops),
        hidden_stops=list(office.hidden_stops),
        lines=list(office.lines),
        hidden_lines=list(office.hidden_lines),
        languages=list(office.languages),  # type: ignore[arg-type]  # checked where the office came from
        walk_speed=office.walk_speed,
        max_walk_m=office.max_walk_m,
        modes=list(office.modes),
        providers=list(office.providers),
        theme=office.theme,  # type: ignore[arg-type]  # checked where the office came from
        accent=office.accent,
        logo=office.logo,
        layout=office.layout,
        opening_hours=[
            Hours(days=list(h.days), opens=h.opens, closes=h.closes)  # type: ignore[arg-type]  # checked likewise
            for h in office.opening_hours
        ],
        after_hours=office.after_hours,  # type: ignore[arg-type]  # checked likewise
    )
