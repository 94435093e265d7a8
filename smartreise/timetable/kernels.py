"""The timetable's compiled loops. Plain functions over arrays; all of them also run uncompiled.

What a reader would get wrong: `chain_runs` decides by *every* position, not only the first, whether one run may
follow another in a pattern.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32s = NDArray[np.int32]


@njit(cache=True, nogil=True)
def chain_runs(
    order: Int32s, group_start: Int32s, run_first: Int32s, run_end: Int32s, arrive: Int32s, depart: Int32s
) -> Int32s:
    """Chain number of each run, so that within a (group, chain) nobody overtakes.

    ``order`` int32[n] lists runs group by group, each group by time; ``group_start`` int32[g + 1]; ``run_first`` and
    ``run_end`` are the events of each run. Greedy: a run joins the first chain of its group whose last member is at no
    position later than it.
    """
    chain = np.zeros(len(order), dtype=np.int32)
    last = np.empty(len(order), dtype=np.int32)
    for g in range(len(group_start) - 1):
        chains = 0
        for i in range(group_start[g], group_start[g + 1]):
            this = run_first[order[i]]
            length = run_end[order[i]] - this
            found = -1
            for c in range(chains):
                before = run_first[last[c]]
                follows = True
                for k in range(length):
                    if arrive[this + k] < arrive[before + k] or depart[this + k] < depart[before + k]:
                        follows = False
                        break
                if follows:
                    found = c
                    break
            if found < 0:
                found = chains
                chains += 1
            last[found] = order[i]
            chain[i] = found
    return chain


@njit(cache=True, nogil=True)
def interpolate(arrive: Int32s, depart: Int32s, distance: NDArray[np.float64], call_start: Int32s, blank: int) -> int:
    """Fill blank times in place, linearly by distance between timed calls; returns how many were filled.

    A call with one of the two times has it for both. ``distance`` must not decrease along a trip. Calls
    before the first or after the last timed call of a trip take that call's time.
    """
    filled = 0
    for t in range(len(call_start) - 1):
        first, end = call_start[t], call_start[t + 1]
        known = -1
        for i in range(first, end):
            if arrive[i] == blank:
                arrive[i] = depart[i]
            if depart[i] == blank:
                depart[i] = arrive[i]
            if arrive[i] == blank:
                continue
            if known < i - 1:
                for j in range(known + 1 if known >= 0 else first, i):
                    if known < 0:
                        at = arrive[i]
                    else:
                        span = distance[i] - distance[known]
                        part = (distance[j] - distance[known]) / span if span > 0 else (j - known) / (i - known)
                        at = depart[known] + round((arrive[i] - depart[known]) * part)
                    arrive[j] = at
                    depart[j] = at
                    filled += 1
            known = i
        if known >= 0:
            for j in range(known + 1, end):
                arrive[j] = depart[known]
                depart[j] = depart[known]
                filled += 1
    return filled


@njit(cache=True, nogil=True)
def repair_order(arrive: Int32s, depart: Int32s, call_start: Int32s) -> int:
    """Raise times in place so that none runs backwards along a trip; returns how many were raised."""
    raised = 0
    for t in range(len(call_start) - 1):
        floor = -(2**31)
        for i in range(call_start[t], call_start[t + 1]):
            if arrive[i] < floor:
                arrive[i] = floor
                raised += 1
            if depart[i] < arrive[i]:
                depart[i] = arrive[i]
                raised += 1
            floor = depart[i]
    return raised
