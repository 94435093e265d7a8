"""What is asked of the planner and what it answers: indices and seconds only, no ids, no names.

Times are int32 seconds from the layout's `base`. A query knows nothing of modes or vehicles outside
transit: walking, bikes and cars at either end are access and egress times that the caller computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class StopTimesTo:
    """Ways between a point and stops: parallel arrays, a stop at most once.

    As access: seconds from leaving the origin until one can board there (slack counted). As egress: seconds
    from alighting until arrival at the destination.
    """

    stop: NDArray[np.int32]
    seconds: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Query:
    """A range query. With `arrive_by` False: leave the origin at `earliest` ≤ t ≤ `latest`. With True:
    arrive at the destination within that span (the mirror image)."""

    access: StopTimesTo
    #: one per destination; all are answered in one pass
    egress: tuple[StopTimesTo, ...]
    earliest: int
    latest: int
    #: what is beaten by a journey that leaves up to this long after `latest` (with `arrive_by`: arrives before
    #: `earliest`) is left out
    beyond_s: int = 0
    arrive_by: bool = False
    max_transfers: int = 5
    #: less than 18 hours (`records.FAR`)
    max_travel_s: int = 5 * 3600
    #: bool[R + 1] routes that may be ridden, last element for an unknown route (index −1); None: all
    routes: NDArray[np.bool_] | None = None
    #: only trips and stops that say yes to wheelchairs
    wheelchair: bool = False
    #: transfers on foot reach this far in metres; None: as the timetable has them
    max_transfer_walk_m: float | None = None


@dataclass(frozen=True, slots=True)
class Ride:
    """Board at `board` and alight at `alight`, both events of the same dated trip in the layout. Where no change and no
    transfer lies between two rides, the second is the vehicle of the first going on as another trip."""

    dated: int
    board: int
    alight: int


@dataclass(frozen=True, slots=True)
class Change:
    """On foot between two stops, `duration_s` as the footpath counts it."""

    from_stop: int
    to_stop: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Journey:
    """One Pareto-optimal way. `leave` and `arrive` are at origin and destination, access and egress counted;
    `leave` is the latest that catches the first ride, `arrive` the earliest after the last."""

    leave: int
    arrive: int
    transfers: int
    access_stop: int
    egress_stop: int
    legs: tuple[Ride | Change, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Journeys per destination, by `leave`; `cut` is True when a bound on work ended the search early."""

    journeys: tuple[tuple[Journey, ...], ...]
    cut: bool = False
