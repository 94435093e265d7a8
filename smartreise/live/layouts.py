"""The layouts of a snapshot: made on demand, kept while they matter.

Schedules by day are shared from snapshot to snapshot; layouts with real time belong to one. Two threads that
ask for the same day at once may both make it: the work is wasted, the result is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Final

from smartreise.live.overlay import overlay
from smartreise.live.resolve import Resolved
from smartreise.live.schedule import Schedule, schedule
from smartreise.model.service_day import local_date
from smartreise.timetable.arrays import Layout, Timetable

#: schedules kept at once: today, tomorrow, and a few that people ask about
KEPT_DAYS: Final = 6


@dataclass(slots=True)
class Schedules:
    """Schedules by day, bounded; the least recently asked goes first."""

    timetable: Timetable
    zone: tzinfo
    kept: dict[date, Schedule] = field(default_factory=dict)

    def get(self, day: date) -> Schedule:
        """The schedule around ``day``."""
        found = self.kept.pop(day, None) or schedule(self.timetable, day, self.zone)
        while len(self.kept) >= KEPT_DAYS:
            self.kept.pop(next(iter(self.kept)), None)
        self.kept[day] = found
        return found


@dataclass(slots=True, eq=False)
class LiveLayouts:
    """Layouts with one snapshot's real time."""

    schedules: Schedules
    resolved: Resolved
    kept: dict[date, Layout] = field(default_factory=dict)

    def at(self, at: int) -> Layout:
        """The layout of the calendar day of epoch second ``at``; it reaches to the end of the next day."""
        day = local_date(at, self.schedules.zone)
        found = self.kept.get(day)
        if found is None:
            schedules = self.schedules
            found = overlay(schedules.timetable, schedules.get(day), self.resolved, schedules.zone)
            while len(self.kept) >= KEPT_DAYS:
                self.kept.pop(next(iter(self.kept)), None)
            self.kept[day] = found
        return found
