"""What may replace what is held."""

from __future__ import annotations

from datetime import date

import pytest

from smartreise.ingest.gates import judge_message, judge_timetable
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import Alert, RealtimeMessage
from smartreise.model.region import Region
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build
from tests.drawing import draw
from tests.unit.ingest.feed import FILES, zipped

TODAY = date(2026, 11, 10)


def trips(count: int, service: str = "daily") -> Timetable:
    rows = "\n".join(f"31/t{i} [service={service}]: A 08:{i:02} B 09:{i:02}" for i in range(count))
    return draw(rows, services={"past": "2026-10-01", "far": "2027-05-01"})


def test_a_good_timetable_passes() -> None:
    judge_timetable(trips(10), None, TODAY)
    judge_timetable(trips(10), trips(12), TODAY)


@pytest.mark.parametrize(
    ("new", "held", "reason"),
    [
        (trips(10, "past"), None, "ended on 2026-10-01"),
        (trips(10, "far"), None, "nothing runs within 14 days"),
        (trips(2), trips(10), "shrank from 10 to 2 trips"),
    ],
)
def test_a_bad_one_is_refused_in_words(new: Timetable, held: Timetable | None, reason: str) -> None:
    with pytest.raises(DatasetRefused, match=reason):
        judge_timetable(new, held, TODAY)


def test_tables_that_do_not_belong_together_are_refused() -> None:
    """stop_times.txt of one version of a feed with trips.txt of another."""

    def read(strays: int) -> Timetable:
        rows = "".join(f"old{n},08:00:00,08:00:00,A,1\n" for n in range(strays))
        zipped_feed = zipped({"stop_times.txt": FILES["stop_times.txt"] + rows})
        return build([parse_gtfs(zipped_feed, feed_id="f")], Region(id="r", name="R", timezone="Europe/Oslo"))

    judge_timetable(read(3), None, TODAY)
    with pytest.raises(DatasetRefused, match="4 of 7 calls name a trip or stop that is not there"):
        judge_timetable(read(4), None, TODAY)


def test_fewer_stops_than_half_are_taken_for_a_slip() -> None:
    many = " ".join(f"S{n} 08:{n:02}" for n in range(40))
    with pytest.raises(DatasetRefused, match="shrank from 40 to 2 stops"):
        judge_timetable(trips(1), draw(f"31/t: {many}"), TODAY)


def test_nothing_today_replaces_nothing_that_runs_today() -> None:
    with pytest.raises(DatasetRefused, match="nothing runs today or tomorrow"):
        judge_timetable(
            draw("31/t [service=later]: A 08:00 B 09:00", services={"later": "2026-11-20"}), trips(1), TODAY
        )


def test_a_timetable_whose_clocks_went_elsewhere_is_refused() -> None:
    def in_zone(zone: str) -> Timetable:
        return draw("31/t: A 08:00 B 09:00", zone=zone)

    with pytest.raises(DatasetRefused, match="the time zone changed from Europe/Oslo to America/New_York"):
        judge_timetable(in_zone("America/New_York"), in_zone("Europe/Oslo"), TODAY)
    judge_timetable(in_zone("Europe/Berlin"), in_zone("Europe/Oslo"), TODAY)


def test_a_small_timetable_may_replace_one_that_has_ended() -> None:
    judge_timetable(trips(2), trips(10, "past"), TODAY)


def message(timestamp: int, *, empty: bool = False) -> RealtimeMessage:
    alert = Alert("a", None, None, None, {}, {}, {})
    return RealtimeMessage("rt", timestamp, alerts=() if empty else (alert,))


def test_an_older_message_never_replaces_a_newer() -> None:
    assert judge_message(message(1000), None, 1000)
    assert judge_message(message(1001), message(1000), 1001)
    assert not judge_message(message(990), message(1000), 1001)
    with pytest.raises(DatasetRefused, match="900 s older"):
        judge_message(message(100), message(1000), 1001)


def test_an_empty_message_is_believed_only_once_what_we_hold_has_aged() -> None:
    with pytest.raises(DatasetRefused, match="empty, where the last one had 1"):
        judge_message(message(1010, empty=True), message(1000), 1010)
    assert judge_message(message(1400, empty=True), message(1000), 1400)
