"""What stations had, and when: counts on a grid of equal steps, as models read them.

What a reader would get wrong: a cell holds what was observed nearest to its instant, within half a step, and NaN where
nothing was; counts are never carried on into a gap here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused

Floats = NDArray[np.float32]
#: a grid is never finer than this (s): what happens in a minute is noise, and memory is not
LEAST_STEP_S: Final = 300
MOST_STEP_S: Final = 3600
#: a history shorter than this (s) teaches nothing
LEAST_HISTORY_S: Final = 3 * 86_400
#: instants × stations that a history may have: nine years of 250 stations by 20 minutes
MOST_CELLS: Final = 2**26


@dataclass(frozen=True, slots=True)
class History:
    """Counts of S stations at T instants `first_at` + i · `step_s` (epoch s)."""

    first_at: int
    step_s: int
    stations: tuple[str, ...]  # S
    bikes: Floats  # float32[T, S] NaN: unknown
    docks: Floats  # float32[T, S]

    def __len__(self) -> int:
        return len(self.bikes)

    @property
    def instants(self) -> NDArray[np.int64]:
        """int64[T] epoch seconds."""
        return self.first_at + np.arange(len(self), dtype=np.int64) * self.step_s

    def until(self, end: int) -> History:
        """The first ``end`` instants."""
        return History(self.first_at, self.step_s, self.stations, self.bikes[:end], self.docks[:end])


def build_history(
    at: NDArray[np.int64], station: NDArray[np.str_], bikes: NDArray[np.float64], docks: NDArray[np.float64]
) -> History:
    """A history of observations in any order: instants (epoch s), stations, counts (NaN unknown, < 0 unknown).

    The step is the usual time between two observations of a station. Raises `DatasetRefused` when there is nothing,
    or more than `MOST_CELLS` (one instant far away from all others is enough).
    """
    if not len(at):
        raise DatasetRefused("the history holds no observations")
    names, column = np.unique(station, return_inverse=True)
    step = _usual_step(at, column)
    first = int(at.min())
    row = np.rint((at - first) / step).astype(np.int64)
    if (int(row.max()) + 1) * len(names) > MOST_CELLS:
        days = int(at.max() - first) // 86_400
        raise DatasetRefused(f"last_updated spans {days} days ({first} to {at.max()}): is one of them wrong?")
    away = np.abs(at - first - row * step)
    order = np.lexsort((-away, column, row))  # the nearest observation of a cell is written last
    shape = int(row.max()) + 1, len(names)
    grids = []
    for counts in (bikes, docks):
        grid = np.full(shape, np.nan, np.float32)
        grid[row[order], column[order]] = np.where(counts[order] >= 0, counts[order], np.nan)
        grids.append(grid)
    return History(first, step, tuple(str(name) for name in names), grids[0], grids[1])


def _usual_step(at: NDArray[np.int64], column: NDArray[np.intp]) -> int:
    order = np.lexsort((at, column))
    gaps = np.diff(at[order])[np.diff(column[order]) == 0]
    gaps = gaps[gaps > 0]
    usual = float(np.median(gaps)) if len(gaps) else MOST_STEP_S
    return int(np.clip(round(usual / 60) * 60, LEAST_STEP_S, MOST_STEP_S))
