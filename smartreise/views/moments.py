"""Which instant a question is about, and whether the timetable can answer for it."""

from __future__ import annotations

from datetime import timedelta

from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import Unanswerable
from smartreise.model.service_day import local_date, start_of_day
from smartreise.timetable.arrays import Timetable


def check_moment(snapshot: Snapshot, at: int, *, now: int) -> int:
    """`at` (epoch s) if it lies between yesterday and the end of the timetable. Raises `Unanswerable`."""
    timetable, zone = snapshot.timetable, snapshot.zone
    yesterday = start_of_day(local_date(now, zone) - timedelta(days=1), zone)
    first = start_of_day(timetable.first_day, zone)
    end = start_of_day(timetable.last_day + timedelta(days=1), zone)
    if not first <= at < end:
        raise Unanswerable("at", f"the timetable covers {covered(timetable)}")
    if at < yesterday:
        raise Unanswerable("at", "answers begin with yesterday")
    return at


def covered(timetable: Timetable) -> str:
    """The days of a timetable, for people."""
    return f"{timetable.first_day} to {timetable.last_day}"


def earliest(*moments: int | None) -> int | None:
    """The first of the moments that are known."""
    return min((moment for moment in moments if moment is not None), default=None)
