"""Where a vehicle is at an instant: along its shape, between the calls that its true times bracket.

Positions follow the truth, not the predictions: a vehicle never jumps when a prediction changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from smartreise.simulator.progress import Dice, Progress

#: a vehicle is taken to stand still so long around its departure where the timetable plans no stay
_STAY_S = 12
_OCCUPANCY = (
    "MANY_SEATS_AVAILABLE",
    "MANY_SEATS_AVAILABLE",
    "FEW_SEATS_AVAILABLE",
    "STANDING_ROOM_ONLY",
    "CRUSHED_STANDING_ROOM_ONLY",
)


@dataclass(frozen=True, slots=True)
class VehiclePlace:
    """`call` is the index of the call it stands at or heads for; bearing in degrees from north."""

    vehicle_id: str
    label: str
    lat: float
    lon: float
    bearing: float
    speed_mps: float
    call: int
    status: str
    occupancy: str


def locate(progress: Progress, now: int, *, seed: int) -> VehiclePlace | None:
    """The vehicle of a run at epoch second `now`; None before it starts and after it ended."""
    last = len(progress.delays) - 1
    if not progress.start - 60 <= now <= progress.arrives(last) + _STAY_S:
        return None
    call = next((k for k in range(last + 1) if now < progress.departs(k) + _STAY_S // 2), last)
    metres = progress.trip.pattern.metres
    begin = progress.departs(call - 1) + _STAY_S // 2 if call else now
    end = progress.arrives(call) - _STAY_S // 2
    if call == 0 or now >= end or end <= begin:
        return _place(progress, metres[call], 0.0, call, "STOPPED_AT", seed)
    done = (now - begin) / (end - begin)
    # gently off, gently to a stop
    along = metres[call - 1] + (metres[call] - metres[call - 1]) * done * done * (3 - 2 * done)
    speed = 6 * done * (1 - done) * (metres[call] - metres[call - 1]) / (end - begin)
    status = "INCOMING_AT" if end - now < 20 else "IN_TRANSIT_TO"
    return _place(progress, along, speed, call, status, seed)


def _place(progress: Progress, along: float, speed: float, call: int, status: str, seed: int) -> VehiclePlace:
    shape = progress.trip.pattern.shape
    i = min(max(int(np.searchsorted(shape[:, 2], along, side="right")) - 1, 0), len(shape) - 2)
    a, b = shape[i], shape[i + 1]
    part = (along - a[2]) / (b[2] - a[2]) if b[2] > a[2] else 0.0
    east = (b[1] - a[1]) * math.cos(math.radians(a[0]))
    dice = Dice(f"{seed}|vehicle|{progress.trip.id}|{progress.day}")
    number = 1000 + int(dice.roll(0) * 8999)
    return VehiclePlace(
        vehicle_id=f"{progress.trip.id.split(':')[0]}:Vehicle:{number}",
        label=str(number),
        lat=float(a[0] + (b[0] - a[0]) * part),
        lon=float(a[1] + (b[1] - a[1]) * part),
        bearing=round(math.degrees(math.atan2(east, b[0] - a[0])) % 360, 1),
        speed_mps=round(speed, 1),
        call=call,
        status=status,
        occupancy=_occupancy(progress, call, dice.roll(1)),
    )


def _occupancy(progress: Progress, call: int, luck: float) -> str:
    """Fuller in the rush hours and in the middle of the way."""
    hour = progress.trip.start_s / 3600 % 24
    rush = max(math.exp(-((hour - 8) ** 2) / 1.5), math.exp(-((hour - 16) ** 2) / 3))
    middle = math.sin(math.pi * (call + 0.5) / len(progress.delays))
    level = 0.4 + 2.2 * rush * middle + 1.2 * luck * middle
    return _OCCUPANCY[min(int(level), len(_OCCUPANCY) - 1)]
