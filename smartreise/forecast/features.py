"""What a forecast is made from: the counts now, how they moved lately, and what is usual here at this hour.

"Usual" is a mean over the days known, by station, by weekday or weekend, by time of day with its neighbours. What a
reader would get wrong: for a day that was itself used in the mean, that day is left out again (leave one day out).
Otherwise a model learns to read the answer from the mean, and fails on days that it has never seen.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.forecast.history import Floats, History

#: change over these spans (s) is looked at
LAGS_S: Final = (1200, 2400, 3600, 7200)
#: as much is known of a station before its first day: the mean of its own hours counts as this many days
_PRIOR: Final = 3.0
_DAY_S: Final = 86_400
#: slots of a day that means are kept for
_SLOT_S: Final = 1200
_SLOTS: Final = _DAY_S // _SLOT_S
#: counts above this make no difference to whether one is left
_MANY: Final = 20.0
_BEYOND_S: Final = 2 * 3600

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Local time of each instant of a history, and of some hours beyond its end, which forecasts are about."""

    day: Ints  # int64[T + beyond] date.toordinal() less that of the first
    slot: Ints  # int64[T + beyond] of the day
    weekend: Ints  # int64[T + beyond] 0, 1

    @classmethod
    def of(cls, history: History, zone: tzinfo) -> Calendar:
        """The calendar of a history's instants."""
        count = len(history) + _BEYOND_S // history.step_s
        instants = (history.first_at + number * history.step_s for number in range(count))
        local = [datetime.fromtimestamp(at, UTC).astimezone(zone) for at in instants]
        day = np.array([moment.toordinal() for moment in local], np.int64)
        slot = np.array([(moment.hour * 3600 + moment.minute * 60) // _SLOT_S for moment in local], np.int64)
        weekend = np.array([int(moment.weekday() >= 5) for moment in local], np.int64)
        return cls(day - day[0], slot, weekend)


@dataclass(frozen=True, slots=True)
class Usual:
    """Sums of something over known days, to take means with a day left out."""

    #: [sum or count, weekday or weekend, slot of the day, station] over all days
    total: Floats
    #: the same of each day: [day, sum or count, slot, station]
    by_day: Floats
    weekend: Ints  # int64[days] 0, 1; -1 for a day that is in no sum

    @classmethod
    def of(cls, values: Floats, calendar: Calendar, known: int) -> Usual:
        """Over the first ``known`` rows of ``values`` float32[T, S]."""
        days = int(calendar.day[-1]) + 1
        by_day = np.zeros((days, 2, _SLOTS, values.shape[1]), np.float32)
        index = calendar.day[:known], calendar.slot[:known]
        there = ~np.isnan(values[:known])
        np.add.at(by_day[:, 0], index, np.where(there, values[:known], 0.0))
        np.add.at(by_day[:, 1], index, there)
        by_day += np.roll(by_day, 1, axis=2) + np.roll(by_day, -1, axis=2)
        weekend = np.full(days, -1, np.int64)
        weekend[calendar.day[:known]] = calendar.weekend[:known]
        total = np.stack([by_day[weekend == kind].sum(axis=0) for kind in (0, 1)], axis=1)
        return cls(total, by_day, weekend)

    def at(self, calendar: Calendar, rows: Ints, when: Ints) -> Floats:
        """float32[len(rows), S]: the mean at the slots of ``when``, without the days of ``rows``."""
        sums, counts = self.total
        everything = counts.sum((0, 1))
        mean = sums.sum((0, 1)) / np.maximum(everything, 1.0)
        overall = sums.sum() / max(1.0, counts.sum())
        mean = np.where(everything > 0, mean, overall)
        weekend, slot, own = calendar.weekend[when], calendar.slot[when], calendar.day[rows]
        counted = (self.weekend[own] == weekend)[:, None]  # a Friday's own counts are in no Saturday's mean
        top = sums[weekend, slot] - counted * self.by_day[own, 0, slot] + _PRIOR * mean
        below = counts[weekend, slot] - counted * self.by_day[own, 1, slot] + _PRIOR
        usual: Floats = (top / below).astype(np.float32)
        return usual

    def closed(self, own: int) -> Usual:
        """The same means in little memory, for days after these: day 1 stands for ``own``, day 2 for any later."""
        nothing = np.zeros_like(self.by_day[own])
        by_day = np.stack((nothing, self.by_day[own], nothing))
        return Usual(self.total, by_day, np.array([-1, self.weekend[own], -1]))


@dataclass(frozen=True, slots=True)
class Means:
    """What is usual, for one horizon."""

    change: Usual
    turnover: Usual
    bikes: Usual
    has_bike: Usual
    has_dock: Usual

    @classmethod
    def of(cls, history: History, calendar: Calendar, *, steps: int, known: int) -> Means:
        """From the first ``known`` instants of a history."""
        change = ahead(history.bikes[:known], steps) - history.bikes[:known]
        return cls(
            change=Usual.of(change, calendar, known),
            turnover=Usual.of(np.abs(change), calendar, known),
            bikes=Usual.of(history.bikes, calendar, known),
            has_bike=Usual.of(indicator(history.bikes), calendar, known),
            has_dock=Usual.of(indicator(history.docks), calendar, known),
        )

    def closed(self, own: int) -> Means:
        """See `Usual.closed`."""
        return Means(
            change=self.change.closed(own),
            turnover=self.turnover.closed(own),
            bikes=self.bikes.closed(own),
            has_bike=self.has_bike.closed(own),
            has_dock=self.has_dock.closed(own),
        )


def ahead(values: Floats, steps: int) -> Floats:
    """What each cell will hold ``steps`` later, NaN where that is not known."""
    later = np.full_like(values, np.nan)
    if steps < len(values):
        later[: len(values) - steps] = values[steps:]
    return later


def behind(values: Floats, steps: int) -> Floats:
    """What each cell held ``steps`` earlier."""
    earlier = np.full_like(values, np.nan)
    if steps < len(values):
        earlier[steps:] = values[: len(values) - steps]
    return earlier


def indicator(counts: Floats) -> Floats:
    """1 where there is at least one, 0 where there is none, NaN where unknown."""
    return np.where(np.isnan(counts), np.nan, counts >= 1).astype(np.float32)


def features_of(history: History, calendar: Calendar, means: Means, rows: Sequence[int] | Ints, steps: int) -> Floats:
    """float32[len(rows) · S, F] for the instants ``rows``, station by station within an instant.

    Looks at nothing after each row's own instant, but for the calendar of the instant asked about."""
    rows = np.asarray(rows, np.int64)
    low = max(0, int(rows.min()) - _DAY_S // history.step_s - 1) if len(rows) else 0
    bikes, docks = history.bikes[low : int(rows.max()) + 1], history.docks[low : int(rows.max()) + 1]
    here = rows - low
    when = np.minimum(rows + steps, len(calendar.slot) - 1)
    moved = np.abs(bikes - behind(bikes, 1))
    day = _DAY_S // history.step_s
    columns = [np.minimum(bikes, _MANY)[here], np.minimum(docks, _MANY)[here]]
    columns += [(bikes - behind(bikes, max(1, round(lag / history.step_s))))[here] for lag in LAGS_S]
    columns += [_running(moved, max(1, 7200 // history.step_s))[here], _running(moved, day)[here]]
    columns += [_running((bikes < 1).astype(np.float32), day)[here], _unchanged(bikes)[here]]
    columns += [(behind(ahead(bikes, steps), day) - behind(bikes, day))[here]] if steps < day else []
    columns += [means.change.at(calendar, rows, rows), means.turnover.at(calendar, rows, rows)]
    columns += [mean.at(calendar, rows, when) for mean in (means.bikes, means.has_bike, means.has_dock)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a gap: the mean of nothing is unknown
        city = [np.nanmean(moved, axis=1)[here], np.nanmean(bikes - behind(bikes, 1), axis=1)[here]]
    wide = [*city, calendar.slot[rows], calendar.weekend[rows]]
    columns += [np.broadcast_to(np.asarray(column, np.float32)[:, None], columns[0].shape) for column in wide]
    stacked: Floats = np.stack(columns, axis=-1).reshape(-1, len(columns)).astype(np.float32)
    return stacked


def _running(values: Floats, span: int) -> Floats:
    """Mean over the last ``span`` rows, unknown ones left out."""
    there = np.cumsum(~np.isnan(values), axis=0, dtype=np.float64)
    total = np.cumsum(np.nan_to_num(values), axis=0, dtype=np.float64)
    there[span:], total[span:] = there[span:] - there[:-span], total[span:] - total[:-span]
    return (total / np.maximum(there, 1.0)).astype(np.float32)


def _unchanged(bikes: Floats) -> Floats:
    """Rows since the count last changed, at most a dozen."""
    same = np.zeros_like(bikes)
    for row in range(1, len(bikes)):
        same[row] = np.where(bikes[row] == bikes[row - 1], np.minimum(same[row - 1] + 1, 12), 0)
    return same
