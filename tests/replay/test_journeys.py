"""Suggestions of the running service against a reference that reads the contract and the CSV files, nothing else.

A journey that one leaving just after the window beats may be left out (contract), so the answer must lie between
two sets: what nothing beats up to half an hour after the window, and what nothing beats within it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.oracle.rides import Found, OracleCall, OracleNetwork, all_journeys
from tests.replay.plain import PlainFeed, seconds
from tests.replay.test_real_feeds import PERIODS, region_file
from tests.service import serving

pytestmark = pytest.mark.slow

SLACK_S, CHANGE_S, BETWEEN_S = 60, 120, 60
WALK_M, CHANGE_WALK_M, DETOUR = 1500.0, 800.0, 1.3
WINDOW_S, AFTER_S, HORIZON_S = 3600, 1800, 4 * 3600
TRANSIT = "bus,tram,metro,rail,ferry,coach,funicular,gondola"


@dataclass(frozen=True)
class Asked:
    feed: str
    at: str
    origin: str
    target: str
    transfers: int = 3


ASKED = [
    Asked("flytoget", "2018-09-05T15:30:00+02:00", "NSR:StopPlace:269", "NSR:StopPlace:337"),
    Asked("flytoget", "2018-09-05T23:40:00+02:00", "NSR:Quay:453", "NSR:StopPlace:337"),
    Asked("gjovikbanen", "2018-10-27T15:10:00+02:00", "NSR:StopPlace:337", "NSR:StopPlace:301"),
    Asked("caltrain", "2023-11-07T17:00:00-08:00", "place_MLBR", "san_francisco"),
    Asked("caltrain", "2023-11-07T17:00:00-08:00", "37.7766,-122.3947", "37.4436,-122.1649"),
    Asked("bart", "2019-08-07T17:10:00-07:00", "COLS", "RICH", transfers=2),
    Asked("bart", "2019-08-07T23:30:00-07:00", "12TH", "FRMT", transfers=2),
    Asked("cairns", "2014-07-04T16:05:00+10:00", "750047", "750128", transfers=1),
]


class Reference:
    """A feed's network around an instant, by the contract's text."""

    def __init__(self, plain: PlainFeed, at: int) -> None:
        self.plain = plain
        self.rows = [row for row in plain.files["stops.txt"] if row.get("location_type", "") in ("", "0")]
        self.index = {row["stop_id"]: number for number, row in enumerate(self.rows)}
        self.place = [(float(row["stop_lat"]), float(row["stop_lon"])) for row in self.rows]
        trips = list(self._trips(at))
        self.network = OracleNetwork(trips, dict.fromkeys(range(len(self.rows)), CHANGE_S))
        self._walks()
        for row in plain.files.get("transfers.txt", []):
            self._transfer(row)

    def _trips(self, at: int) -> Any:
        for trip_id, calls in self.plain.calls.items():
            if len(calls) < 2 or any(not (c["arrival_time"] or c["departure_time"]) for c in calls):
                continue
            for day, shift in self.plain._starts(trip_id, at, at + HORIZON_S):
                offset = self.plain.origin(day) + shift
                times = [self._times(call, offset) for call in calls]
                if times[-1][0] >= at and times[0][1] <= at + HORIZON_S:
                    yield [self._call(calls, i, times[i]) for i in range(len(calls))]

    @staticmethod
    def _times(call: dict[str, str], offset: int) -> tuple[int, int]:
        arrive, depart = call["arrival_time"] or call["departure_time"], call["departure_time"] or call["arrival_time"]
        return offset + seconds(arrive), offset + seconds(depart)

    def _call(self, calls: list[dict[str, str]], i: int, times: tuple[int, int]) -> OracleCall:
        call = calls[i]
        board = call.get("pickup_type") != "1" and i + 1 < len(calls)
        alight = call.get("drop_off_type") != "1" and i > 0
        return OracleCall(self.index[call["stop_id"]], *times, board, alight)

    def _walks(self) -> None:
        for a, row in enumerate(self.rows):
            self.network.footpaths[a] = {}
            for b, other in enumerate(self.rows):
                crow = metres(self.place[a], self.place[b])
                together = row.get("parent_station") and row.get("parent_station") == other.get("parent_station")
                if a != b and (crow * DETOUR <= CHANGE_WALK_M or together):
                    self.network.footpaths[a][b] = BETWEEN_S + math.ceil(round(crow, 6))

    def _transfer(self, row: dict[str, str]) -> None:
        if row.get("from_route_id") or row.get("from_trip_id"):
            return
        for a in self._stops(row["from_stop_id"]):
            for b in self._stops(row["to_stop_id"]):
                kind, least = row.get("transfer_type") or "0", row.get("min_transfer_time")
                if kind == "2" and least and a == b:
                    self.network.change_s[a] = int(least)
                elif kind == "2" and least:
                    self.network.footpaths[a][b] = int(least)
                elif kind == "3" and a != b:
                    self.network.footpaths[a].pop(b, None)

    def _stops(self, stop_id: str) -> list[int]:
        return [self.index[stop] for stop in self.plain.members(stop_id) if stop in self.index]

    def ways(self, text: str, slack_s: int) -> dict[int, int]:
        """Seconds between a place and each stop that can be walked to."""
        if "," in text:
            lat, lon = text.split(",")
            points, own = [(float(lat), float(lon))], []
        else:
            own = self._stops(text)
            row = next(row for row in self.plain.files["stops.txt"] if row["stop_id"] == text)
            points = [(float(row["stop_lat"]), float(row["stop_lon"]))]
        found = {}
        for stop, place in enumerate(self.place):
            crow = min(metres(point, place) for point in points)
            if crow * DETOUR <= WALK_M:
                found[stop] = math.ceil(round(crow, 6)) + slack_s
        return found | dict.fromkeys(own, slack_s)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = a, b
    p1, p2, dl = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    h = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(h))


def journeys(reference: Reference, asked: Asked, at: int, window_s: int) -> set[Found]:
    return all_journeys(
        reference.network,
        reference.ways(asked.origin, SLACK_S),
        reference.ways(asked.target, 0),
        earliest=at,
        latest=at + window_s,
        max_transfers=asked.transfers,
        max_travel_s=5 * 3600,
    )


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked.feed} {asked.origin} to {asked.target}")
async def test_suggestions_are_what_the_contract_and_the_files_say(asked: Asked, tmp_path: Path) -> None:
    file, plain = region_file(tmp_path, PERIODS[asked.feed])
    at = int(datetime.fromisoformat(asked.at).timestamp())
    clock = (datetime.fromisoformat(asked.at) - timedelta(minutes=1)).isoformat()
    async with serving(file, data_dir=tmp_path / "data", clock=clock) as service:
        path = (
            f"/v1/suggestions?from={quote(asked.origin)}&to={quote(asked.target)}&at={quote(asked.at)}"
            f"&window_s={WINDOW_S}&modes={TRANSIT}&max_transfers={asked.transfers}&limit=50"
        )
        answer = await service.get(path)
        again = await service.get(path)
    assert answer == again
    reference = Reference(plain, at)
    within = journeys(reference, asked, at, WINDOW_S)
    beyond = {j for j in journeys(reference, asked, at, WINDOW_S + AFTER_S) if j[0] <= at + WINDOW_S}
    settled = at + HORIZON_S - 3600
    got = {told(s) for s in answer["suggestions"] if s["modes"] != ["walk"]}
    got, within, beyond = ({j for j in found if j[1] <= settled} for found in (got, within, beyond))
    assert within, "the test asks where nothing runs"
    assert beyond <= got <= within
    for suggestion in answer["suggestions"]:
        assert_consistent(suggestion)


def told(suggestion: Any) -> Found:
    return epoch(suggestion["leave_at"]), epoch(suggestion["arrive_at"]), suggestion["transfers"]


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def assert_consistent(suggestion: Any) -> None:
    """Legs follow one another in time and place, and the sums are theirs."""
    legs = suggestion["legs"]
    rides = [leg for leg in legs if "trip_id" in leg]
    assert suggestion["transfers"] == max(0, len(rides) - 1)
    assert suggestion["duration_s"] == epoch(suggestion["arrive_at"]) - epoch(suggestion["leave_at"])
    assert epoch(legs[0]["depart"]["expected"]) >= epoch(suggestion["leave_at"])
    assert epoch(legs[-1]["arrive"]["expected"]) == epoch(suggestion["arrive_at"])
    for leg in legs:
        assert epoch(leg["depart"]["expected"]) <= epoch(leg["arrive"]["expected"])
        assert leg["distance_m"] >= 0
    for before, after in pairwise(legs):
        assert epoch(before["arrive"]["expected"]) <= epoch(after["depart"]["expected"])
        here, there = before["to"], after["from"]
        assert metres((here["lat"], here["lon"]), (there["lat"], there["lon"])) <= 25
    for leg in rides:
        stops = [call["stop"]["id"] for call in leg["stops"]]
        assert stops[0] == leg["from"]["stop_id"]
        assert stops[-1] == leg["to"]["stop_id"]
    assert set(suggestion["modes"]) == {leg["mode"] for leg in legs} | (set(suggestion["modes"]) & {"walk"})
