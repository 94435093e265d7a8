"""An office's screen: what can be reached from here, and when to get up for it."""

from __future__ import annotations

from typing import Any

import pytest

from smartreise.model.feeds import FeedHealth
from smartreise.model.problems import BadInput, UnknownId
from smartreise.model.region import Destination, Office
from smartreise.views import wire
from smartreise.views.office import OfficeView_
from tests.drawing import clock, draw
from tests.unit.suggest.situation import NOW, bikes, cancelled, dock, line, moment, north, scooters

TIMETABLE = draw(
    """
    31/t0: A 08:01  B 08:20
    31/t1: A 08:04  B 08:23
    31/t2: A 08:10  B 08:29
    32/t3: A 08:12  B 08:40
    31/t4: A 23:30  B 23:50
    """,
    places={"A": north(300), "B": north(9000)},
)
HOME = Destination("Home", stop="B")


def office(**more: Any) -> Office:
    fields: dict[str, Any] = {"id": "o", "name": "Office", "lat": north(0)[0], "lon": 10.0, "destinations": (HOME,)}
    return Office(**(fields | more))


def view(at: Office, *, now: int = NOW, previous: Any = None, **more: Any) -> wire.OfficeView:
    snapshot = moment(TIMETABLE, offices=[at], **more)
    data = OfficeView_().answer(snapshot, {"office": at.id}, now=now, previous=previous).data
    assert isinstance(data, wire.OfficeView)
    return data


def rows(data: wire.OfficeView) -> list[str]:
    (board,) = data.boards
    return [f"{d.line.name} {d.expected[11:16]} {str(d.leave_at)[11:16]} {d.reach}" for d in board.departures]


def test_departures_say_when_to_leave_the_office() -> None:
    # five minutes on foot and one of slack; of what is missed only the last is kept
    assert rows(view(office()))[:5] == [
        "31 08:04 07:58 missed",
        "31 08:10 08:04 go",
        "32 08:12 08:06 go",
        "31 23:30 23:24 go",
        "31 08:01 07:55 go",  # tomorrow
    ]


def test_ways_to_every_destination_the_timetable_knows() -> None:
    here = office(destinations=(HOME, Destination("Lost", stop="gone"), Destination("There", lat=59.9, lon=10.0)))
    data = view(here)
    assert [d.destination.name for d in data.suggestions] == ["Home", "There"]
    assert line(data.suggestions[0].suggestions[0]) == "08:04:00 08:29:00 walk 31"
    assert [place.name for place in data.office.destinations] == ["Home", "There"]


def test_lines_and_stops_can_be_hidden() -> None:
    assert {row[:2] for row in rows(view(office(hidden_lines=("32",))))} == {"31"}
    assert {row[:2] for row in rows(view(office(lines=("32",))))} == {"32"}
    assert view(office(hidden_stops=("A",))).boards == []


def test_configured_boards_are_shown_though_far_away() -> None:
    assert [board.stop.id for board in view(office(stops=("B", "gone", "A"))).boards] == ["B", "A"]


def test_shared_vehicles_near_the_office() -> None:
    system = bikes(dock("near", 130, 4, 5), dock("empty", 260, 0, 9), dock("far", 9000, 4, 5))
    data = view(office(), mobility=[system, scooters(65, 390)])
    told = [(m.kind, m.form, m.name, m.available, m.docks, m.walk_s, m.state) for m in data.mobility]
    assert told == [
        ("station", "bike", "near", 4, 5, 130, "open"),
        ("station", "bike", "empty", 0, 9, 260, "open"),
        ("floating", "scooter", None, 2, None, 65, "open"),
    ]


def test_what_broke_is_struck_on_the_screen_too() -> None:
    before = view(office())
    after = view(office(), updates=[cancelled("t2")], previous=before)
    statuses = [(s.status, s.reason) for s in after.suggestions[0].suggestions]
    assert statuses[0] == ("broken", "trip_cancelled")


def test_feeds_do_not_change_while_all_is_well() -> None:
    def feeds(now: int) -> list[wire.FeedBrief]:
        health = FeedHealth("f", "static", data_at=now - 30, fetched_at=now, since=NOW - 999, stale_after_s=90)
        return view(office(), feeds=[health], now=now).feeds

    assert feeds(NOW) == feeds(NOW + 20)
    assert feeds(NOW)[0].state == "fresh"


def test_nothing_changes_before_it_says_so() -> None:
    screen, snapshot = OfficeView_(), moment(TIMETABLE, offices=[office()])
    now, seen = NOW, 0
    while now < clock("08:15"):
        answer = screen.answer(snapshot, {"office": "o"}, now=now)
        assert answer.changes_at is not None
        assert screen.answer(snapshot, {"office": "o"}, now=answer.changes_at - 1).data == answer.data
        now, seen = answer.changes_at, seen + 1
    assert seen >= 15


def test_an_office_must_exist() -> None:
    screen = OfficeView_()
    with pytest.raises(BadInput):
        screen.canonical({})
    with pytest.raises(UnknownId):
        screen.answer(moment(TIMETABLE), {"office": "o"}, now=NOW)
