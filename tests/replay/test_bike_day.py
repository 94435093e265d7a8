"""A real day of Oslo's bikes under the demo region's timetable and simulated real time: what holds at every step."""

from __future__ import annotations

import csv
import json
import os
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.ingest.catalogue import load
from smartreise.ingest.gbfs import parse_system
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.simulator.faults import FaultBook
from smartreise.simulator.feeds import Feeds
from smartreise.simulator.region import read_region
from smartreise.timetable.build import build
from smartreise.views import wire
from smartreise.views.suggestions import SuggestionsView
from tests.shared_data import shared

pytestmark = pytest.mark.slow

#: from and to, in Oslo where bikes stand
TRIPS = [("59.9272,10.7169", "59.9127,10.7610"), ("59.9113,10.7284", "NSR:StopPlace:4478")]


class Day:
    """The day, instant by instant."""

    def __init__(self) -> None:
        self.config = load("demo", environ=os.environ)
        assert self.config.simulator_folder is not None
        self.feeds = Feeds(read_region(self.config.simulator_folder), FaultBook(), seed=7)
        self.files = sorted(shared("oslo-bysykkel/2023-05-01").glob("station_status.*.json"))
        self.places = self._places(shared("oslo-bysykkel/station_information.csv"))
        first = json.loads(self.files[0].read_bytes())["last_updated"]
        zipped = self.feeds.get("gtfs", now=first, base="").data
        self.timetable = build([parse_gtfs(zipped, feed_id="demo", prefix="")], self.config.region)
        self.last: Snapshot | None = None

    @staticmethod
    def _places(path: Path) -> bytes:
        with path.open(newline="", encoding="utf-8") as text:
            rows = [{**row, "lat": float(row["lat"]), "lon": float(row["lon"])} for row in csv.DictReader(text)]
        return json.dumps({"last_updated": 0, "ttl": 10, "version": "2.2", "data": {"stations": rows}}).encode()

    def at(self, file: Path) -> tuple[Snapshot, int, dict[str, Any], pb.FeedMessage]:
        """The snapshot twenty seconds after a status, the raw status by station, and the raw trip updates."""
        status = file.read_bytes()
        raw = json.loads(status)
        now = raw["last_updated"] + 20
        files = {"station_information": self.places, "station_status": status}
        updates = self.feeds.get("trip-updates", now=now, base="").data
        message = parse_message(updates, feed_id="demo-trip-updates", now=now, prefix="")
        self.last = assemble(
            region=self.config.region,
            timetable=self.timetable,
            messages={message.feed_id: message},
            mobility=[parse_system(files, feed_id="bikes", now=now)],
            offices=(),
            feeds=(),
            revision=1,
            now=now,
            previous=self.last,
        )
        stations = {row["station_id"]: row for row in raw["data"]["stations"]}
        return self.last, now, stations, pb.FeedMessage.FromString(updates)


def epoch(text: object) -> int:
    assert isinstance(text, str)
    return int(datetime.fromisoformat(text).timestamp())


def assert_holds(suggestion: wire.Suggestion, now: int, stations: dict[str, Any], cancelled: set[str]) -> None:
    assert epoch(suggestion.leave_at) >= now or suggestion.reach == "missed"
    assert epoch(suggestion.leave_at) < epoch(suggestion.arrive_at)
    for before, after in pairwise(suggestion.legs):
        assert epoch(before.arrive.expected) <= epoch(after.depart.expected)
    for leg in suggestion.legs:
        if isinstance(leg.pickup, wire.Pickup):
            taken = stations[str(leg.pickup.station_id)]
            assert taken["is_renting"]
            assert taken["num_bikes_available"] >= 1
            assert leg.pickup.available == taken["num_bikes_available"]
            assert isinstance(leg.dropoff, wire.Dropoff)
            left = stations[str(leg.dropoff.station_id)]
            assert left["is_returning"]
            assert left["num_docks_available"] >= 1
            assert leg.dropoff.docks == left["num_docks_available"]
        if isinstance(leg.trip_id, str):
            assert leg.cancelled is False
            assert leg.trip_id not in cancelled


def play(every: int) -> tuple[int, set[str]]:
    """Plays the day; how many suggestions there were, and the means that they used."""
    day, view = Day(), SuggestionsView()
    shown: dict[str, wire.Suggestions | None] = {to: None for _, to in TRIPS}
    seen, means = 0, set[str]()
    for file in day.files[::every]:
        snapshot, now, stations, message = day.at(file)
        gone = {e.trip_update.trip.trip_id for e in message.entity if e.trip_update.trip.schedule_relationship == 3}
        for origin, target in TRIPS:
            params = dict(view.canonical({"from": origin, "to": target, "limit": "12"}))
            data = view.answer(snapshot, params, now=now, previous=shown[target]).data
            assert isinstance(data, wire.Suggestions)
            assert view.answer(snapshot, params, now=now, previous=shown[target]).data == data
            assert len({s.id for s in data.suggestions}) == len(data.suggestions)
            for suggestion in data.suggestions:
                if suggestion.status == "broken":
                    assert suggestion.reason
                    continue
                assert_holds(suggestion, now, stations, gone)
                seen, means = seen + 1, means | set(suggestion.modes)
            shown[target] = data
    return seen, means


def test_some_steps_of_a_day() -> None:
    seen, means = play(every=6)
    assert seen > 100
    assert {"walk", "bike", "bus", "metro"} <= means


@pytest.mark.long
def test_every_step_of_a_day() -> None:
    seen, _ = play(every=1)
    assert seen > 600
