"""What a person is told of transit: when to leave, how far to walk, and what can no longer be caught."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from smartreise.model.problems import BadInput, Unanswerable, UnknownId
from smartreise.views.suggestions import SuggestionsView
from tests.drawing import clock, draw
from tests.unit.suggest.situation import NOW, ask, cancelled, late, line, moment, north, point, skipped, told

LINE = """
    31/t1: A 08:10  B 08:20  C 08:30
    31/t2: A 08:25  B 08:35  C 08:45
"""


def test_a_stop_is_boarded_at_no_cost_but_slack() -> None:
    assert told(ask(moment(draw(LINE)), "A", "C")) == ["08:09:00 08:30:00 31", "08:24:00 08:45:00 31"]


def test_from_a_point_one_walks() -> None:
    timetable = draw(LINE, places={"A": north(0), "C": north(9000)})
    (first, _) = ask(moment(timetable), point(-300), point(9130)).suggestions
    # 300 m and 130 m crow-fly × 1.3 at 1.3 m/s, and a minute's slack
    assert line(first) == "08:04:00 08:32:10 walk 31 walk"
    assert (first.walk_m, first.legs[0].distance_m) == (558.0, 390.0)


def test_nobody_walks_further_than_the_limit() -> None:
    timetable = draw(LINE, places={"A": north(0), "C": north(9000)})
    snapshot = moment(timetable)
    assert len(ask(snapshot, point(-300), "C", max_walk_m=391).suggestions) == 2
    assert ask(snapshot, point(-300), "C", max_walk_m=389).suggestions == []


def test_a_station_stands_for_its_stops() -> None:
    timetable = draw(LINE, stations={"S": "A"}, places={"S": north(500), "A": north(0), "C": north(9000)})
    first = ask(moment(timetable), "S", "C").suggestions[0]
    assert line(first) == "08:09:00 08:30:00 31"
    assert (first.legs[0].from_.stop_id, first.legs[0].from_.station_id) == ("A", "S")


@pytest.mark.parametrize(("apart", "means"), [(20, "1 2"), (40, "1 walk 2")])
def test_platforms_further_apart_than_25_m_are_a_walk(apart: float, means: str) -> None:
    timetable = draw(
        "1/t1: A 08:10  P1 08:20\n2/t2: P2 08:30  C 08:40",
        stations={"P": "P1 P2"},
        places={"A": north(9000), "P": north(0), "P1": north(0), "P2": north(apart), "C": north(-9000)},
    )
    (only,) = ask(moment(timetable), "A", "C").suggestions
    assert (line(only), only.transfers) == (f"08:09:00 08:40:00 {means}", 1)


def test_walking_alone_never_hides_transit() -> None:
    timetable = draw("31/t1: A 08:02  B 08:30", places={"A": north(0), "B": north(600)})
    found = told(ask(moment(timetable), "A", "B"))
    assert "08:01:00 08:30:00 31" in found
    assert "08:00:00 08:10:00 walk" in found


def test_a_walk_for_now_starts_on_a_full_minute() -> None:
    timetable = draw(LINE, places={"A": north(0)})
    snapshot = moment(timetable)
    assert told(ask(snapshot, point(-300), "A", now=NOW + 1)) == ["08:01:00 08:06:00 walk"]
    assert told(ask(snapshot, point(-300), "A", now=NOW + 1, at="2026-11-10T08:00:01+01:00")) == [
        "08:00:01 08:05:01 walk"
    ]


def test_the_window_bounds_leaving() -> None:
    snapshot = moment(draw(LINE))
    assert told(ask(snapshot, "A", "C", window_s=540)) == ["08:09:00 08:30:00 31"]
    assert told(ask(snapshot, "A", "C", window_s=539)) == []


def test_arrive_by_bounds_arriving() -> None:
    found = ask(moment(draw(LINE)), "A", "C", at="2026-11-10T08:45:00+01:00", arrive_by="true")
    assert told(found) == ["08:24:00 08:45:00 31", "08:09:00 08:30:00 31"]
    assert found.at == "2026-11-10T08:45:00+01:00"


@pytest.mark.parametrize(
    ("now", "reach"), [("08:07:00", "go"), ("08:07:01", "hurry"), ("08:09:00", "hurry"), ("08:09:01", "missed")]
)
def test_reach_compares_leaving_with_now(now: str, reach: str) -> None:
    found = ask(moment(draw(LINE)), "A", "C", now=clock(now), at="2026-11-10T08:00:00+01:00")
    assert found.suggestions[0].reach == reach


def test_a_delay_moves_the_times_and_keeps_the_id() -> None:
    timetable = draw(LINE)
    before = ask(moment(timetable), "A", "C").suggestions[0]
    after = ask(moment(timetable, updates=[late("t1", 240)]), "A", "C").suggestions[0]
    assert line(after) == "08:13:00 08:34:00 31"
    assert after.id == before.id
    assert after.legs[0].depart.scheduled == before.legs[0].depart.scheduled
    assert after.legs[0].realtime is True


def test_another_day_is_another_id() -> None:
    snapshot = moment(draw(LINE))
    today, tomorrow = (ask(snapshot, "A", "C", at=f"2026-11-{d}T08:00:00+01:00").suggestions[0] for d in (10, 11))
    assert today.id != tomorrow.id


def test_a_change_with_little_margin_is_tight_once_real_time_says_so() -> None:
    timetable = draw("1/t1: A 08:10  B 08:20\n2/t2: B 08:24  C 08:40")
    assert [s.status for s in ask(moment(timetable), "A", "C").suggestions] == ["ok"]
    held_up = moment(timetable, updates=[late("t1", 90)])
    assert [(s.status, s.reason) for s in ask(held_up, "A", "C").suggestions] == [("tight", "tight_change")]


def test_a_guaranteed_change_is_never_tight() -> None:
    """Whoever guarantees it waits: by rules that name stops, lines or trips, at one stop or on foot."""
    trips = "1/t1: A 08:10  B 08:20\n2/t2: B 08:21  C 08:40"
    late_now = [late("t1", 45)]
    at_b = {"from_stop_id": "B", "to_stop_id": "B", "transfer_type": "1"}
    lines, vehicles = {"from_route_id": "1", "to_route_id": "2"}, {"from_trip_id": "t1", "to_trip_id": "t2"}
    for named in ({}, lines, vehicles):
        snapshot = moment(draw(trips, transfers=[{**at_b, **named}]), updates=late_now)
        assert [(s.status, s.transfers) for s in ask(snapshot, "A", "C").suggestions] == [("ok", 1)], named
    stated = {**at_b, **lines, "transfer_type": "2", "min_transfer_time": "0"}
    waits = moment(draw(trips, transfers=[{**at_b, **vehicles}, stated]), updates=late_now)
    assert [s.status for s in ask(waits, "A", "C").suggestions] == ["ok"]
    short = moment(draw(trips, transfers=[stated]), updates=late_now)
    assert [(s.status, s.reason) for s in ask(short, "A", "C").suggestions] == [("tight", "tight_change")]


def test_modes_that_are_not_wished_are_not_ridden() -> None:
    timetable = draw("31/t1: A 08:10  B 08:30\nT/t2 [mode=tram]: A 08:15  B 08:40")
    snapshot = moment(timetable)
    assert told(ask(snapshot, "A", "B", modes="tram,bike")) == ["08:14:00 08:40:00 T"]
    assert told(ask(snapshot, "A", "B", modes="bike")) == []


def test_emissions_are_those_of_the_way_and_of_a_car() -> None:
    timetable = draw("31/t1: A 08:10  B 08:30", places={"A": north(0), "B": north(10_000)})
    (only,) = ask(moment(timetable), "A", "B").suggestions
    assert only.co2_g == pytest.approx(300, rel=0.01)
    assert only.car_co2_g == pytest.approx(10 * 1.4 * 120, rel=0.01)


def test_a_leg_tells_the_stops_it_calls_at() -> None:
    leg = ask(moment(draw(LINE)), "A", "C").suggestions[0].legs[0]
    assert isinstance(leg.stops, list)
    assert [s.stop.id for s in leg.stops] == ["A", "B", "C"]
    assert (leg.stops[0].arrive, leg.stops[-1].depart) == (None, None)
    assert (leg.trip_id, leg.service_date, leg.headsign) == ("t1", "2026-11-10", "C")


def test_what_is_cancelled_stays_a_minute_struck() -> None:
    timetable = draw(LINE)
    before = ask(moment(timetable), "A", "C")
    gone = moment(timetable, updates=[cancelled("t1")])
    assert told(ask(gone, "A", "C")) == ["08:24:00 08:45:00 31"]
    struck, instead = (held := ask(gone, "A", "C", now=NOW + 5, previous=before)).suggestions
    assert (struck.id, struck.status, struck.reason) == (before.suggestions[0].id, "broken", "trip_cancelled")
    assert (struck.replaced_by, instead.status) == (instead.id, "ok")
    assert len(ask(gone, "A", "C", now=NOW + 64, previous=held).suggestions) == 2
    assert len(ask(gone, "A", "C", now=NOW + 65, previous=held).suggestions) == 1


@pytest.mark.parametrize(("update", "reason"), [(skipped("t2", 1), "stop_skipped"), (late("t1", 600), "missed_change")])
def test_a_lost_change_or_stop_breaks_a_journey(update: object, reason: str) -> None:
    timetable = draw("1/t1: A 08:10  B 08:20\n2/t2: B 08:24  C 08:40\n2/t3: B 08:54  C 09:10")
    before = ask(moment(timetable), "A", "C")
    after = ask(moment(timetable, updates=[update]), "A", "C", previous=before)  # type: ignore[list-item]
    assert [(s.status, s.reason) for s in after.suggestions if s.status == "broken"] == [("broken", reason)]


def test_what_merely_aged_did_not_break() -> None:
    timetable = draw(LINE)
    before = ask(moment(timetable), "A", "C")
    later = ask(moment(timetable, updates=[cancelled("t1")]), "A", "C", now=clock("08:12"), previous=before)
    assert told(later) == ["08:24:00 08:45:00 31"]


def test_an_answer_knows_when_it_will_differ() -> None:
    view, snapshot = SuggestionsView(), moment(draw(LINE))
    params = dict(view.canonical({"from": "A", "to": "C", "at": "2026-11-10T08:00:00+01:00"}))
    now = NOW
    turns = []
    while now < clock("08:25"):
        answer = view.answer(snapshot, params, now=now)
        assert view.answer(snapshot, params, now=(answer.changes_at or now + 600) - 1).data == answer.data
        if answer.changes_at is None:
            break
        now = answer.changes_at
        turns.append(now - NOW)
    assert turns == [421, 541, 1321, 1441]  # hurry and missed of each


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"from": "A"}, BadInput),
        ({"from": "A", "to": ""}, BadInput),
        ({"from": "A", "to": "95,10"}, BadInput),
        ({"from": "A", "to": "C", "limit": "51"}, BadInput),
        ({"from": "A", "to": "C", "modes": "dragon"}, BadInput),
        ({"from": "A", "to": "C", "walk_speed": "fast"}, BadInput),
        ({"from": "A", "to": "C", "at": "tomorrow"}, BadInput),
        ({"from": "A", "to": "C", "colour": "red"}, BadInput),
        ({"from": "A", "to": "nowhere"}, UnknownId),
        ({"from": "A", "to": "C", "at": "2026-11-08T12:00:00+01:00"}, Unanswerable),
        ({"from": "A", "to": "C", "at": "2027-11-08T12:00:00+01:00"}, Unanswerable),
    ],
)
def test_what_cannot_be_asked_is_refused(params: dict[str, str], problem: type[Exception]) -> None:
    view = SuggestionsView()
    with pytest.raises(problem):
        view.answer(moment(draw(LINE)), dict(view.canonical(params)), now=NOW)


def test_equal_questions_are_equal() -> None:
    view = SuggestionsView()
    assert view.canonical({"to": "C", "from": "59.90,10.1"}) == view.canonical(
        {"from": " 59.9 , 10.100", "to": "C", "limit": "6", "window_s": "3600"}
    )


def test_staying_seated_is_no_change_and_a_leg_for_each_trip() -> None:
    timetable = draw("31/t1 [block=7]: A 08:10  B 08:20\n32/t2 [block=7]: B 08:22  C 08:30")
    (only,) = ask(moment(timetable), "A", "C").suggestions
    assert (line(only), only.transfers, only.status) == ("08:09:00 08:30:00 31 32", 0, "ok")
    assert [leg.stay_seated for leg in only.legs] == [UNSET, True]
    # a vehicle that comes late cannot have left before
    (parted,) = ask(moment(timetable, updates=[late("t1", 180)]), "A", "B").suggestions
    assert line(parted) == "08:12:00 08:23:00 31"
    assert ask(moment(timetable, updates=[late("t1", 180)]), "A", "C").suggestions == []
