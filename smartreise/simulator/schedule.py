"""Headways become trips: patterns with their shapes, and trips with the kinds of day on which they run.

Nothing here knows a date: the same schedule serves every week, and which trips run on a date follows from
`day_types`. Times are seconds after noon − 12 h of the service day and pass 24 h at night.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from smartreise.model.geo import distance_m
from smartreise.simulator.region import DAY_TYPES, AuthoredRegion, Line, Quay, Run

#: trains wait this long where time allows
_TRAIN_DWELL_S = 30
_POINTS_BETWEEN_CALLS = 5


@dataclass(frozen=True, slots=True)
class Pattern:
    """Calls in order. K calls; `arrive`, `depart` are seconds after the trip's start."""

    index: int
    line: Line
    direction: int
    headsign: str
    quays: tuple[Quay, ...]
    arrive: tuple[int, ...]
    depart: tuple[int, ...]
    shape_id: str
    #: float64[n, 3]: lat, lon, metres from the start
    shape: NDArray[np.float64]
    #: metres along the shape at each call
    metres: tuple[float, ...]

    @property
    def duration_s(self) -> int:
        return self.arrive[-1]


@dataclass(frozen=True, slots=True)
class Trip:
    """`days` are the day types on which it runs, in the order of `DAY_TYPES`."""

    id: str
    pattern: Pattern
    start_s: int
    days: tuple[str, ...]

    @property
    def service_id(self) -> str:
        return f"{self.id.split(':')[0]}:DayType:{'-'.join(self.days)}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """All trips, ordered by start; `starts` is the same order for bisection."""

    patterns: tuple[Pattern, ...]
    trips: tuple[Trip, ...]
    starts: tuple[int, ...]
    longest_s: int

    def list_running(self, day: date, begin_s: int, end_s: int) -> Iterator[Trip]:
        """Trips of service day `day` that are under way at any second of [begin_s, end_s]."""
        today = set(day_types(day))
        low = bisect.bisect_left(self.starts, begin_s - self.longest_s)
        high = bisect.bisect_right(self.starts, end_s)
        for trip in self.trips[low:high]:
            if trip.start_s + trip.pattern.duration_s >= begin_s and not today.isdisjoint(trip.days):
                yield trip


def easter(year: int) -> date:
    """Easter Sunday (Gregorian; the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def is_public_holiday(day: date) -> bool:
    """Norway's public holidays, on which the Sunday service runs."""
    if (day.month, day.day) in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)):
        return True
    return (day - easter(day.year)).days in (-3, -2, 0, 1, 39, 49, 50)


def weekday_types(weekday: int) -> tuple[str, ...]:
    """Day types of a day of the week (0 Monday) that is no holiday."""
    return (("weekday",), ("weekday",), ("weekday",), ("weekday",), ("weekday", "friday"), ("saturday",), ("sunday",))[
        weekday
    ]


def day_types(day: date) -> tuple[str, ...]:
    """Which kinds of service run on a service day."""
    return ("sunday",) if is_public_holiday(day) else weekday_types(day.weekday())


def service_span(today: date) -> tuple[date, date]:
    """First and last service day of the timetable that is published on `today`: from the Monday on or before
    today − 3 for ten weeks, so that it changes once a week and not every midnight."""
    first = today - timedelta(days=3)
    first -= timedelta(days=first.weekday())
    return first, first + timedelta(weeks=10, days=-1)


def build_schedule(region: AuthoredRegion) -> Schedule:
    """All patterns and trips of the authored region; the same input gives the same ids and order."""
    patterns: dict[tuple[str, int, int, int], Pattern] = {}
    days_of: dict[tuple[int, int], set[str]] = {}
    for line in region.lines:
        for run in line.runs:
            pattern, lead_s = _pattern(region, line, run, patterns)
            for day, windows in run.windows.items():
                for begin, end, every in windows:
                    for start in range(begin, end, every):
                        days_of.setdefault((pattern.index, start + run.offset_s + lead_s), set()).add(day)
    by_index = {pattern.index: pattern for pattern in patterns.values()}
    trips = _name_trips(by_index, days_of)
    return Schedule(
        patterns=tuple(patterns.values()),
        trips=trips,
        starts=tuple(trip.start_s for trip in trips),
        longest_s=max(pattern.duration_s for pattern in patterns.values()),
    )


def _name_trips(patterns: dict[int, Pattern], days_of: dict[tuple[int, int], set[str]]) -> tuple[Trip, ...]:
    taken: set[str] = set()
    trips = []
    for (index, start), days in sorted(days_of.items()):
        pattern = patterns[index]
        space, _, code = pattern.line.id.split(":")
        minute, second = divmod(start, 60)
        name = f"{code}-{pattern.direction}-{minute // 60:02d}{minute % 60:02d}{f'{second:02d}' if second else ''}"
        if name in taken:
            name = f"{name}-{index}"
        taken.add(name)
        ordered = tuple(day for day in DAY_TYPES if day in days)
        trips.append(Trip(f"{space}:ServiceJourney:{name}", pattern, start, ordered))
    return tuple(sorted(trips, key=lambda trip: (trip.start_s, trip.id)))


def _pattern(
    region: AuthoredRegion, line: Line, run: Run, patterns: dict[tuple[str, int, int, int], Pattern]
) -> tuple[Pattern, int]:
    """The run's pattern, and the seconds between the line's first stop and the run's."""
    calls = line.calls if run.direction == 0 else tuple(reversed(line.calls))
    places = [call.place for call in calls]
    first = places.index(run.first) if run.first is not None else 0
    last = len(places) - 1 - places[::-1].index(run.last) if run.last is not None else len(places) - 1
    seconds = [round(abs(call.minute - calls[0].minute) * 60) for call in calls]
    key = (line.id, run.direction, first, last)
    if key not in patterns:
        chosen = calls[first : last + 1]
        quays = tuple(
            region.quays[call.place, call.platform_out if run.direction == 0 else call.platform_in] for call in chosen
        )
        depart = [second - seconds[first] for second in seconds[first : last + 1]]
        shape, metres = _shape(line, run.direction, first, quays)
        patterns[key] = Pattern(
            index=len(patterns),
            line=line,
            direction=run.direction,
            headsign=_headsign(region, line, run, quays[-1].place),
            quays=quays,
            arrive=tuple(_arrivals(line, depart)),
            depart=tuple(depart),
            shape_id=f"{line.id.replace(':Line:', ':JourneyPattern:')}-{run.direction}-{first}-{last}",
            shape=shape,
            metres=metres,
        )
    return patterns[key], seconds[first]


def _headsign(region: AuthoredRegion, line: Line, run: Run, last_place: int) -> str:
    if run.last is None:
        return line.headsigns[run.direction]
    return region.places[last_place].name.removesuffix(" T").removesuffix(" stasjon")


def _arrivals(line: Line, depart: list[int]) -> list[int]:
    arrive = list(depart)
    if 100 <= line.type < 200:
        for i in range(1, len(depart) - 1):
            if depart[i] - depart[i - 1] >= 4 * _TRAIN_DWELL_S:
                arrive[i] = depart[i] - _TRAIN_DWELL_S
    return arrive


def _shape(
    line: Line, direction: int, first: int, quays: tuple[Quay, ...]
) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """A curve through the platforms (and the line's own points between), with metres along it."""
    count = len(line.calls)
    knots: list[tuple[float, float]] = []
    at_call: list[int] = []
    for i, quay in enumerate(quays):
        at_call.append(len(knots))
        knots.append((quay.lat, quay.lon))
        here = first + i
        after = here if direction == 0 else count - 2 - here
        between = [(lat, lon) for call, lat, lon in line.via if call == after]
        if i + 1 < len(quays):
            knots.extend(between if direction == 0 else reversed(between))
    points = _smooth(np.array(knots))
    steps = [distance_m(a[0], a[1], b[0], b[1]) for a, b in itertools.pairwise(points)]
    metres = np.concatenate([[0.0], np.cumsum(steps)])
    shape = np.column_stack([points.round(6), metres.round(1)])
    return shape, tuple(float(shape[k * _POINTS_BETWEEN_CALLS, 2]) for k in at_call)


def _smooth(knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """A Catmull–Rom curve of tension ½ through the knots, `_POINTS_BETWEEN_CALLS` steps a piece.

    Tangents are limited to the shorter neighbour's length: uneven spacing would otherwise draw loops."""
    padded = np.vstack([knots[:1], knots, knots[-1:]])
    leg = np.diff(padded, axis=0)
    length = np.hypot(leg[:, 0], leg[:, 1] * 0.5) + 1e-12
    tangent = (padded[2:] - padded[:-2]) / (length[1:] + length[:-1])[:, None]
    tangent *= np.minimum(np.maximum(length[1:], 1e-9), np.maximum(length[:-1], 1e-9))[:, None]
    t = np.linspace(0, 1, _POINTS_BETWEEN_CALLS, endpoint=False)[:, None]
    out = []
    for a, b, u, v in zip(knots[:-1], knots[1:], tangent[:-1], tangent[1:], strict=True):
        curve = (2 * t**3 - 3 * t**2 + 1) * a + (t**3 - 2 * t**2 + t) * u
        out.append(curve + (-2 * t**3 + 3 * t**2) * b + (t**3 - t**2) * v)
    return np.vstack([*out, knots[-1:]])
