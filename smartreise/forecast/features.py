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
#: bounds between few and many, and parts of a day (s), in which what follows a count is looked at; part 0 is all day
_FEW: Final = (0.5, 1.5, 2.5, 4.5, 8.5)
_PART_S: Final = 4 * 3600
_PARTS: Final = 1 + _DAY_S // _PART_S
#: as many observations of all stations stand in for a station of which little is known
_PRIOR_MOVES: Final = 8.0
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
class Sequels:
    """How often something followed a count like this one, at this station, in this part of the day; a day left out."""

    total: Floats  # [sum or count, part, bucket, station] over all days
    by_day: Floats  # the same of each day: [day, sum or count, part, bucket, station]
    prior: Floats  # [part, bucket] share over all stations

    @classmethod
    def of(cls, happened: Floats, counts: Floats, calendar: Calendar, known: int) -> Sequels:
        """Over the first ``known`` rows: what happened (0, 1, NaN) after counts float32[T, S]."""
        days, stations = int(calendar.day[-1]) + 1, counts.shape[1]
        by_day = np.zeros((days, 2, _PARTS, len(_FEW) + 1, stations), np.float32)
        row, column = np.nonzero(~np.isnan(happened[:known]) & ~np.isnan(counts[:known]))
        values, bucket = happened[row, column], _bucket(counts[row, column])
        for part in (np.zeros_like(row), _part(calendar, row)):
            np.add.at(by_day[:, 0], (calendar.day[row], part, bucket, column), values)
            np.add.at(by_day[:, 1], (calendar.day[row], part, bucket, column), 1.0)
        total = by_day.sum(axis=0)
        sums, seen = total.sum(axis=-1)
        prior = (sums / np.maximum(seen, 1.0)).astype(np.float32)
        return cls(total, by_day, prior)

    def at(self, counts: Floats, calendar: Calendar, rows: Ints) -> list[Floats]:
        """Two of float32[len(rows), S], of the whole day and of its part: the share, without the days of ``rows``."""
        bucket, own = _bucket(counts), calendar.day[rows][:, None]
        station = np.arange(counts.shape[1])[None, :]
        shares = []
        for part in (np.zeros((len(rows), 1), np.int64), _part(calendar, rows)[:, None]):
            top = self.total[0, part, bucket, station] - self.by_day[own, 0, part, bucket, station]
            below = self.total[1, part, bucket, station] - self.by_day[own, 1, part, bucket, station]
            share = (top + _PRIOR_MOVES * self.prior[part, bucket]) / (below + _PRIOR_MOVES)
            shares.append(np.where(np.isnan(counts), np.nan, share).astype(np.float32))
        return shares

    def closed(self, own: int) -> Sequels:
        """See `Usual.closed`."""
        nothing = np.zeros_like(self.by_day[own])
        return Sequels(self.total, np.stack((nothing, self.by_day[own], nothing)), self.prior)


def _bucket(counts: Floats) -> Ints:
    found: Ints = np.digitize(np.nan_to_num(counts), _FEW).astype(np.int64)
    return found


def _part(calendar: Calendar, rows: Ints) -> Ints:
    found: Ints = 1 + calendar.slot[rows] * _SLOT_S // _PART_S
    return found


@dataclass(frozen=True, slots=True)
class Means:
    """What is usual, for one horizon."""

    change: Usual
    turnover: Usual
    gained: Usual
    bikes: Usual
    has_bike: Usual
    has_dock: Usual
    then_bike: Sequels
    then_more: Sequels
    then_dock: Sequels

    @classmethod
    def of(cls, history: History, calendar: Calendar, *, steps: int, known: int) -> Means:
        """From the first ``known`` instants of a history."""
        bikes, docks = history.bikes[:known], history.docks[:known]
        later = ahead(bikes, steps)
        change = later - bikes
        gained = np.where(np.isnan(change), np.nan, change > 0).astype(np.float32)
        return cls(
            change=Usual.of(change, calendar, known),
            turnover=Usual.of(np.abs(change), calendar, known),
            gained=Usual.of(gained, calendar, known),
            then_bike=Sequels.of(indicator(later), bikes, calendar, known),
            then_more=Sequels.of(gained, bikes, calendar, known),
            then_dock=Sequels.of(indicator(ahead(docks, steps)), docks, calendar, known),
            bikes=Usual.of(history.bikes, calendar, known),
            has_bike=Usual.of(indicator(history.bikes), calendar, known),
            has_dock=Usual.of(indicator(history.docks), calendar, known),
        )

    def closed(self, own: int) -> Means:
        """See `Usual.closed`."""
        return Means(
            change=self.change.closed(own),
            turnover=self.turnover.closed(own),
            gained=self.gained.closed(own),
            then_bike=self.then_bike.closed(own),
            then_more=self.then_more.closed(own),
            then_dock=self.then_dock.closed(own),
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
    columns += [mean.at(calendar, rows, rows) for mean in (means.change, means.turnover, means.gained)]
    columns += means.then_bike.at(bikes[here], calendar, rows) + means.then_more.at(bikes[here], calendar, rows)
    columns += means.then_dock.at(docks[here], calendar, rows)
    for moves in (np.maximum(bikes - behind(bikes, 1), 0), np.maximum(behind(bikes, 1) - bikes, 0)):
        columns += [_running(moves, max(1, span // history.step_s))[here] for span in (3600, 10_800)]
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
