"""May this dataset replace the last one? Pure judgements; a refusal has a reason for people.

The rule behind all of them: rather slightly old data than none, and never a good timetable for a bad one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage
from smartreise.timetable.arrays import Timetable

#: a timetable with less than this share of the last one's trips or stops is taken for a slip
LEAST_SHARE: Final = 0.5
#: and one of which more than this share of the calls names trips or stops that are not there, for the parts of two
MOST_ORPHANS: Final = 0.5
ORPHANS: Final = ("stop_time_unknown_trip", "stop_time_unknown_stop", "call_at_unknown_stop")
#: services must run on some day from yesterday to this many days ahead
AHEAD_DAYS: Final = 14
#: an older message than the one held is let pass silently within this: servers behind a balancer differ
OLDER_TOLERATED_S: Final = 60
#: a message without entities is believed only when what we hold is older than this
EMPTY_BELIEVED_AFTER_S: Final = 300


def judge_timetable(new: Timetable, held: Timetable | None, today: date) -> None:
    """Raises `DatasetRefused` when ``new`` must not replace ``held``."""
    if new.last_day < today - timedelta(days=1):
        raise DatasetRefused(f"the timetable ended on {new.last_day}")
    if not runs_between(new, today - timedelta(days=1), today + timedelta(days=AHEAD_DAYS)):
        raise DatasetRefused(f"nothing runs within {AHEAD_DAYS} days: services begin on {new.first_day}")
    orphans = sum(new.counts.get(reason, 0) for reason in ORPHANS)
    if orphans > MOST_ORPHANS * (orphans + len(new.call_stop)):
        raise DatasetRefused(f"{orphans} of {orphans + len(new.call_stop)} calls name a trip or stop that is not there")
    if held is None or not runs_between(held, today, today + timedelta(days=1)):
        return
    if not runs_between(new, today, today + timedelta(days=1)):
        raise DatasetRefused("nothing runs today or tomorrow, where the last timetable has trips")
    if not _offsets(new, today) & _offsets(held, today):
        raise DatasetRefused(f"the time zone changed from {', '.join(held.zones)} to {', '.join(new.zones)}")
    for what, before, after in (
        ("trips", len(held.trip_id), len(new.trip_id)),
        ("stops", len(held.stop_id), len(new.stop_id)),
    ):
        if after < LEAST_SHARE * before:
            raise DatasetRefused(f"the timetable shrank from {before} to {after} {what}")


def _offsets(timetable: Timetable, today: date) -> set[timedelta | None]:
    """How far the clocks of its agencies are from UTC today."""
    noon = datetime.combine(today, time(12))
    return {noon.replace(tzinfo=ZoneInfo(name)).utcoffset() for name in timetable.zones}


def runs_between(timetable: Timetable, first: date, last: date) -> bool:
    """Does any trip run on a day from ``first`` to ``last``?"""
    start = max(0, (first - timetable.first_day).days)
    end = (last - timetable.first_day).days + 1
    if end <= start:
        return False
    services = np.unique(timetable.trip_service)
    return bool(timetable.service_days[services, start:end].any())


def judge_message(new: RealtimeMessage, held: RealtimeMessage | None, now: int) -> bool:
    """Should ``new`` be taken? False: it says nothing new. Raises `DatasetRefused`."""
    if held is None:
        return True
    if new.timestamp is not None and held.timestamp is not None:
        older = held.timestamp - new.timestamp
        if older > OLDER_TOLERATED_S:
            raise DatasetRefused(f"the message is {older} s older than the one we hold")
        if older > 0:
            return False
    count = _entities(held)
    if count and not _entities(new) and now - (held.timestamp or now) < EMPTY_BELIEVED_AFTER_S:
        raise DatasetRefused(f"the message is empty, where the last one had {count} entities")
    return True


def _entities(message: RealtimeMessage) -> int:
    return len(message.trip_updates) + len(message.vehicles) + len(message.alerts)
