"""A drawn city as the oracle's plain lists, read from what was drawn: trips, days, lateness and places.

None of the product's arrays are looked at, so a fault in laying out days, in real time or in footpaths shows too.
Times are epoch seconds.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from smartreise.model.geo import distance_m
from tests.drawing import ZONE
from tests.oracle.rides import OracleCall, OracleNetwork, OracleRule
from tests.property.cities import STOPS, City, Row, Rule, Run

BETWEEN_S, WALK_M = 60, 800.0


def plain_network(city: City, *, near: int) -> OracleNetwork:
    """What runs within some hours of epoch second ``near``, and how one changes."""
    trips: list[list[OracleCall]] = []
    for day in city.days:
        for block in _vehicles(city.rows):
            before: list[OracleCall] = []
            for trip, start in block:
                late = city.late.get((trip, day, start))
                calls = [] if late is not None and late.kind == "cancel" else _calls(city, (trip, day, start))
                if before and calls and before[-1].arrive <= calls[0].depart:
                    before += calls  # riders stay seated
                elif calls:
                    trips.append(calls)
                before = calls and trips[-1]
    close = [t for t in trips if t[-1].arrive >= near - 600 and t[0].depart <= near + 6 * 3600]
    rules = [_rule(row) for row in city.rules]
    return OracleNetwork(close, dict.fromkeys(range(STOPS), city.change_s), _footpaths(city), rules)


def _rule(row: Rule) -> OracleRule:
    def number(name: str) -> int | None:
        return int(row[name]) if name in row else None

    seconds = {"1": 0, "2": int(row["min_transfer_time"]), "3": None}[row["transfer_type"]]
    stops = int(row["from_stop_id"]), int(row["to_stop_id"])
    lines = number("from_route_id"), number("to_route_id")
    return OracleRule(*stops, *lines, number("from_trip_id"), number("to_trip_id"), seconds)


def _vehicles(rows: list[Row]) -> list[list[tuple[int, int]]]:
    """Trips of a block together, in order; the others alone, each run under frequencies.txt too. With it, its start."""
    vehicles: dict[str, list[tuple[int, int]]] = {}
    for trip, row in enumerate(rows):
        for start in row.starts:
            vehicles.setdefault(row.block or f"trip {trip} {start}", []).append((trip, start if row.every else -1))
    return list(vehicles.values())


def _calls(city: City, run: Run) -> list[OracleCall]:
    trip, day, begin = run
    row, late = city.rows[trip], city.late.get(run)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    start = (
        int(noon.timestamp()) - 12 * 3600 + (begin - row.depart[0] if begin >= 0 else row.start)
    )  # a frequency departs
    arrive, depart = [start + a for a in row.arrive], [start + d for d in row.depart]
    last = len(row.stops) - 1
    if late is not None and late.kind == "late":
        for i in range(late.at, last + 1):
            arrive[i], depart[i] = arrive[i] + late.delay_s, depart[i] + late.delay_s
        for i in range(late.at - 1, -1, -1):  # a vehicle that is early was early before
            depart[i] = min(depart[i], arrive[i + 1])
            arrive[i] = min(arrive[i], depart[i])
    served = [i for i in range(last + 1) if late is None or late.kind != "skip" or i != late.at]
    return [
        OracleCall(
            row.stops[i],
            arrive[i],
            depart[i],
            board=i in served and row.pickup[i] == 0 and i != served[-1],
            alight=i in served and row.drop_off[i] == 0 and i != served[0],
            line=row.line,
            trip=trip,
        )
        for i in range(last + 1)
    ]


def _footpaths(city: City) -> dict[int, dict[int, int]]:
    """Stops within 800 m walked, at 1.3 m/s over crow-fly × 1.3, and a minute on top."""
    paths: dict[int, dict[int, int]] = {stop: {} for stop in range(STOPS)}
    for a in range(STOPS):
        for b in range(STOPS):
            crow = distance_m(59.9, city.lon[a], 59.9, city.lon[b])
            if a != b and crow * 1.3 <= WALK_M:
                paths[a][b] = BETWEEN_S + math.ceil(round(crow, 6))
    return paths


def starts(city: City) -> list[int]:
    """Epoch seconds at which something leaves on the city's day."""
    noon = datetime(city.day.year, city.day.month, city.day.day, 12, tzinfo=ZONE)
    begin = datetime(city.day.year, city.day.month, city.day.day, tzinfo=ZONE).timestamp()
    end = (noon + timedelta(hours=30)).timestamp()
    found = {call.depart for run in city.runs for call in _calls(city, run)[:-1]}
    return sorted(at for at in found if begin <= at <= end)
