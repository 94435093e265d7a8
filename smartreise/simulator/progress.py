"""How one run fares on one day: its true times, and what is predicted of them at a moment.

The truth is fixed by seed, trip and date, so that a trip's past never changes from tick to tick. A prediction
depends on the last call that was passed, not on the second: a screen stays calm between calls.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from smartreise.simulator.faults import Fault
from smartreise.simulator.schedule import Pattern, Trip

_STEP_S = 10
#: how much of what lies n calls ahead is known now, for n = 0, 1, …
_FORESIGHT = (1.0, 1.0, 0.85, 0.7, 0.55, 0.45, 0.35, 0.25)
_LEAST_RUN_S = 20


class Dice:
    """Numbers in [0, 1) that follow from a text alone, whatever the Python or numpy version."""

    def __init__(self, text: str) -> None:
        self._bytes = hashlib.blake2b(text.encode(), digest_size=64).digest()

    def roll(self, index: int) -> float:
        """Number `index` (0–31) of this text."""
        return int.from_bytes(self._bytes[2 * index : 2 * index + 2], "big") / 65536


@dataclass(frozen=True, slots=True)
class Progress:
    """A trip on a service day. K calls; delays in seconds against the plan, negative early.

    `skipped` are indices of calls; `moved` maps an index to the quay it is moved to."""

    trip: Trip
    day: date
    #: epoch second of the service day's origin
    origin: int
    delays: tuple[int, ...]
    cancelled: bool
    #: from this epoch second on the cancellation is known
    cancelled_from: int
    skipped: frozenset[int]
    moved: dict[int, str]
    #: index from which a fault sets the delay; K if none
    fixed_from: int
    added: bool = False

    @property
    def start(self) -> int:
        """Planned start, epoch seconds."""
        return self.origin + self.trip.start_s

    @property
    def end(self) -> int:
        """True end, epoch seconds."""
        return self.start + self.trip.pattern.duration_s + max(self.delays[-1], 0)

    def departs(self, k: int) -> int:
        """True departure at call k, epoch seconds."""
        return self.start + self.trip.pattern.depart[k] + self.delays[k]

    def arrives(self, k: int) -> int:
        """True arrival at call k, epoch seconds."""
        return self.start + self.trip.pattern.arrive[k] + self.delays[k]

    def passed(self, now: int) -> int:
        """How many calls have been departed from by epoch second `now`."""
        count = 0
        while count < len(self.delays) and self.departs(count) <= now:
            count += 1
        return count

    def predicted(self, passed: int) -> tuple[int, ...]:
        """Delays as they are told when `passed` calls lie behind: past ones true, the next true, later ones
        between what the vehicle shows now and the truth."""
        known = self.delays[passed - 1] if passed else max(self.delays[0], 0) // 60 * 60
        told = list(self.delays[:passed])
        for k in range(passed, len(self.delays)):
            ahead = k - passed
            weight = _FORESIGHT[ahead] if ahead < len(_FORESIGHT) else _FORESIGHT[-1]
            if k >= self.fixed_from:
                weight = 1.0
            told.append(_round(known + (self.delays[k] - known) * weight))
        return _orderly(self.trip.pattern, told)


def _round(seconds: float) -> int:
    return int(round(seconds / _STEP_S) * _STEP_S)


def _orderly(pattern: Pattern, delays: Sequence[int]) -> tuple[int, ...]:
    """The delays, raised where a vehicle would otherwise arrive before it left the call before."""
    out = [delays[0]]
    for k in range(1, len(delays)):
        earliest = pattern.depart[k - 1] + out[-1] + min(_LEAST_RUN_S, pattern.arrive[k] - pattern.depart[k - 1])
        out.append(max(delays[k], earliest - pattern.arrive[k]))
    return tuple(out)


def simulate(
    trip: Trip,
    day: date,
    *,
    origin: int,
    seed: int,
    faults: Sequence[Fault] = (),
    platforms: Mapping[int, tuple[str, ...]] | None = None,
    added: bool = False,
) -> Progress:
    """How `trip` fares on `day`, faults included. `platforms` are the quay ids of the stop places where vehicles
    are moved to another platform now and then; an added trip is never cancelled by chance."""
    dice = Dice(f"{seed}|{trip.id}|{day.isoformat()}")
    mine = [fault for fault in faults if fault.concerns(trip.id, trip.pattern.line.name, day.isoformat())]
    natural = _orderly(trip.pattern, _delays(trip, dice))
    delays, fixed_from = _injected(trip, origin, natural, [f for f in mine if f.kind == "delay"])
    cancels = [fault for fault in mine if fault.kind == "cancel"]
    start = origin + trip.start_s
    return Progress(
        trip=trip,
        day=day,
        origin=origin,
        delays=delays,
        cancelled=bool(cancels) or (not added and dice.roll(20) < 0.012),
        cancelled_from=cancels[-1].since if cancels else start - 60 * (10 + int(35 * dice.roll(21))),
        skipped=_skipped(trip, dice, [fault for fault in mine if fault.kind == "skip_stop"]),
        moved=_moved(trip, dice, [fault for fault in mine if fault.kind == "platform"], platforms or {}),
        fixed_from=fixed_from,
        added=added,
    )


def _delays(trip: Trip, dice: Dice) -> list[int]:
    """A lateness that grows towards a hard place on the way and heals after it, over a small sway."""
    count = len(trip.pattern.depart)
    kind = dice.roll(0)
    hour = trip.start_s // 3600
    rush = 1.35 if hour in (7, 8, 15, 16) else 0.6 if hour >= 22 or hour < 6 else 1.0
    steady = 0.6 if trip.pattern.line.type in (401, 1008) else 1.0
    if kind < 0.05:
        peak = -20.0 - 30.0 * dice.roll(1)
    elif kind < 0.55:
        peak = 60.0 * dice.roll(1) * rush * steady
    elif kind < 0.94:
        peak = (50.0 + 130.0 * dice.roll(1)) * rush * steady
    else:
        peak = (300.0 + 300.0 * dice.roll(1)) * steady
    worst = (0.35 + 0.5 * dice.roll(2)) * count
    begin = max(0.0, peak) * 0.25 * dice.roll(3)
    sway, phase = 12.0 * dice.roll(4), 6.3 * dice.roll(5)
    out = []
    for k in range(count):
        grown = 0.5 - 0.5 * math.cos(math.pi * min(1.0, k / worst)) if k <= worst else 1.0
        healed = math.exp(-max(0.0, k - worst) / (0.4 * count)) if k > worst else 1.0
        value = begin + (peak - begin) * grown * healed + sway * math.sin(phase + k * 0.9)
        out.append(_round(max(value, 0.0) if k == 0 else value))
    return out


def _calls_at(pattern: Pattern, stop: str) -> list[int]:
    """Indices of calls at a quay id or a stop place id."""
    return [k for k, q in enumerate(pattern.quays) if stop in (q.id, f"NSR:StopPlace:{q.place}")]


def _injected(trip: Trip, origin: int, delays: tuple[int, ...], faults: Sequence[Fault]) -> tuple[tuple[int, ...], int]:
    """Delays with the faults' in place from the first call that was still ahead when each was switched on."""
    out, fixed_from = list(delays), len(delays)
    for fault in faults:
        begin = 0
        if fault.stop is not None:
            calls = _calls_at(trip.pattern, fault.stop)
            begin = calls[0] if calls else len(out)
        departs = [origin + trip.start_s + at + late for at, late in zip(trip.pattern.depart, out, strict=True)]
        for k in range(begin, len(out)):
            if departs[k] > fault.since:
                out[k] = fault.delay_s
                fixed_from = min(fixed_from, k)
    return _orderly(trip.pattern, out), fixed_from


def _skipped(trip: Trip, dice: Dice, faults: Sequence[Fault]) -> frozenset[int]:
    count = len(trip.pattern.quays)
    out = {k for fault in faults for k in _calls_at(trip.pattern, fault.stop or "")}
    if count > 6 and dice.roll(22) < 0.02:
        out.add(2 + int(dice.roll(23) * (count - 4)))
    return frozenset(out)


def _moved(trip: Trip, dice: Dice, faults: Sequence[Fault], platforms: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    out = {}
    quays = trip.pattern.quays
    where = [k for k, quay in enumerate(quays[:-1]) if quay.place in platforms]
    if where and dice.roll(24) < 0.1:
        k = where[int(dice.roll(25) * len(where))]
        others = [quay for quay in platforms[quays[k].place] if quay != quays[k].id]
        out[k] = others[int(dice.roll(26) * len(others))]
    for fault in faults:
        out.update(dict.fromkeys(_calls_at(trip.pattern, fault.stop or ""), fault.quay or ""))
    return out
