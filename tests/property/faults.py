"""Faults that such programs have had, by the suite that must see each when it is planted."""

from __future__ import annotations

from typing import Final

from tests.property.planting import Fault, Suite

KERNELS, BOUNDS = "planner/kernels.py", "planner/bounds.py"
TICK, KEPT = "planner/tick.py", "planner/held.py"
SCAN, LAY, INDEX = "ingest/scan_kernels.py", "live/kernels.py", "live/index_kernels.py"

PLANNER: Final = Suite("tests/property/test_planner.py", "oracle or mirror or long_as", examples=250)
SCANNER: Final = Suite("tests/property/test_scanner.py", "say_the_same or calendar", examples=200, breach="Error")
OVERLAY: Final = Suite("tests/property/test_overlay.py", "layout", examples=60, breach="Error")
HELD: Final = Suite("tests/property/test_held.py", "", examples=40, more=("tests/unit/planner/test_held.py",))

IN_PLANNER: Final = {
    "a run leaves when its frequency ends": Fault(
        "timetable/layout.py", "arange(begin, end, ", "arange(begin, end + 1, "
    ),
    "rides chained inside a round": Fault(KERNELS, "work.arrive, work.ready[k - 1],", "work.arrive, work.ready[k],"),
    "time for a change dropped": Fault(KERNELS, "at + (change_s[stop] if same", "at + (0 if same"),
    "footpaths left out": Fault(
        KERNELS,
        "for j in range(start[stop] - 1, start[stop + 1]):",
        "for j in range(start[stop] - 1, start[stop]):",
    ),
    "boarded where nobody may": Fault(KERNELS, "+ position] & BOARD:", "+ position] | BOARD:"),
    "alighted where nobody may": Fault(KERNELS, "and flags[here] & ALIGHT", "and flags[here] | ALIGHT"),
    "overtaking trips in one pattern": Fault(INDEX, "", "def overtakes(*rest):\n    return False\n"),
    "the trip that leaves just then is missed": Fault(
        KERNELS,
        "[middle] + position] < ready:",
        "[middle] + position] <= ready:",
    ),
    "the window's end is left out": Fault(KERNELS, "if leave > question.latest:", "if leave >= question.latest:"),
    "an earlier trip is not changed to on the way": Fault(
        KERNELS,
        "if is_marked[stop] and position < last:",
        "if is_marked[stop] and position < last and current == end:",
    ),
    "a cancelled trip runs": Fault(LAY, "if kind in (CANCELED, DELETED):", "if kind == DELETED:"),
    "a skipped stop is served": Fault(
        LAY,
        "flags[i] = 0 if is_skipped else planned_flags[start + i]",
        "flags[i] = planned_flags[start + i]",
    ),
    "one is ready too late at the origin": Fault(
        KERNELS, "work.ready[0, stop] = ready", "work.ready[0, stop] = ready + 60"
    ),
    "what takes as long as it may is dropped": Fault(KERNELS, "best[k, d], over + 1)", "best[k, d], over)"),
    "a way with fewer changes is dropped": Fault(
        KERNELS, "k + max(fewest, r)", "min(k + left, k + max(fewest, r) + 1)"
    ),
    "bounds that are too high": Fault(BOUNDS, "least[d] += ride", "least[d] += ride + 60"),
    "bounds that forget a footpath": Fault(
        BOUNDS,
        "for j in range(start[stop] - 1, start[stop + 1]):",
        "for j in range(start[stop] - 1, start[stop]):",
    ),
    "bounds that leave out the last ride": Fault(
        BOUNDS, "level[pattern] + r <= question", "level[pattern] + r < question"
    ),
    "riders put out where the vehicle goes on": Fault(
        "timetable/blocks.py",
        "",
        "_order = order_blocks\ndef order_blocks(*rest):\n    order, joined = _order(*rest)\n"
        "    return order, joined * 0\n",
    ),
    "rules that name lines or trips are left out": Fault("planner/network.py", "deal(timetable, layout)", "None"),
    "runs of one line by different rules in one pattern": Fault(
        "planner/rules.py",
        "if len(kinds) > 1:",
        "if len(kinds) > 99:",
    ),
    "midnight": Fault("timetable/layout.py", "AFTER_S: Final = 3 * 3600", "AFTER_S: Final = -24 * 3600"),
}
IN_SCANNER: Final = {
    "a negative delay is a huge one": Fault(SCAN, "delay -= 0x100000000 if delay >= 0x80000000 else 0", "delay -= 0"),
    "of two arrivals the last counts": Fault(SCAN, "seen & 1 << number & TWICE_ODD", "False"),
    "no 29 February": Fault(SCAN, "28 + is_leap if", "28 if"),
    "an unknown relationship is taken": Fault(SCAN, "value > (3 if number == 5 else 8)", "value > 99"),
    "a relationship that needs a closer look is ordinary": Fault(
        SCAN,
        "(value != 0 and value != 3 and value != 7)",
        "value > 8",
    ),
    "text cut short is taken": Fault(SCAN, "length < 0 or length > end - start", "length < 0"),
    "two entities of one id": Fault(SCAN, "                return True\n", "                return False\n"),
    "an absurd time counts": Fault(SCAN, "        return ABSURD, 0, 0", "        return FAST, 0, 0"),
}
IN_OVERLAY: Final = {
    "a delay is not carried on": Fault(LAY, "        elif has_delay:\n", "        elif has_delay and i < 0:\n"),
    "NO_DATA ends nothing": Fault(LAY, " or kind == _NO_DATA:", ":"),
    "what is too old counts": Fault(LAY, "depart + planned.base > until", "depart + planned.base > until + 10**9"),
    "times run backwards": Fault(LAY, "        arrive[i] = max(arrive[i], floor)\n", ""),
    "any stop fits the sequence": Fault(LAY, "if there == stop or (station", "if there >= 0 or (station"),
    "a loop begins again": Fault(LAY, "        position = at + 1\n", "        position = 0\n"),
    "the assigned stop is forgotten": Fault(
        LAY,
        "work.stop[at] = assigned[row]",
        "work.stop[at] = event_stop[calls[0] + at]",
    ),
    "an early arrival leaves early": Fault(
        LAY,
        "depart + max(0, stated_arrive - arrive)",
        "depart + stated_arrive - arrive",
    ),
    "nobody gets off where the trip is cut short": Fault(LAY, "flags[last] &= 0xFF ^ BOARD", "flags[last] &= 0"),
    "yesterday's run is not thought of": Fault(LAY, "range(-2 - end // 86_400, 8)", "range(0, 8)"),
    "overtaking goes unnoticed": Fault(INDEX, "            return True\n", "            return False\n"),
    "boards keep the planned order": Fault(INDEX, "        if high[stop] >= 0:\n", "        if high[stop] >= 10**9:\n"),
    "one who comes to a stop pushes another out": Fault(INDEX, "if stop[order[slot]] == here:", "if slot > first:"),
    "riders stay seated though the vehicle is late": Fault(
        "live/mend.py",
        "    out[slot[shaped | is_joined]] = 1\n",
        "    is_joined[:] = False\n    out[slot[shaped]] = 1\n",
    ),
    "the first word counts": Fault("live/resolve.py", "np.int64(number) << 32", "-(np.int64(number) << 32)"),
}

IN_HELD: Final = {
    "what is ridden is not noted": Fault(KERNELS, "ridden[event_dated[event]] = 1", "pass"),
    "who came too late for all is not noted": Fault(KERNELS, "ridden[event_dated[run[end - 1]]] = 1", "pass"),
    "trips that moved concern nobody": Fault(TICK, "moved.copy(), [_EMPTY]", "np.zeros_like(moved), [_EMPTY]"),
    "neighbours of what moved": Fault(TICK, "        _mark_neighbours(before, after, run, moved, concerned)\n", ""),
    "trips that are crossed": Fault(TICK, "heads[crossing | following]", "heads[following]"),
    "trips that follow": Fault(TICK, "heads[crossing | following]", "heads[crossing]"),
    "the last trip concerns nobody": Fault(TICK, "        concerned[heads] = True  # it is", "        pass  # it is"),
    "vehicles that go on as another trip are not seen": Fault(TICK, "if before.dated_joined.any():", "if False:"),
    "rides quicker than bounds reckon with": Fault(TICK, "return all(ride >= least_s(p)", "return all(ride >= -9999"),
    "stops that are served again": Fault(
        TICK, "if (after.event_flags[events] &", "if (0 & after.event_flags[events] &"
    ),
    "departures at the origin": Fault(KEPT, "return bool((within &", "return bool((within & False &"),
    "an earlier question": Fault(KEPT, "held.earliest <= query.earliest", "True"),
    "a longer window": Fault(KEPT, "return ways, end, query", "return ways, 0, query"),
    "other lines": Fault(KEPT, "routes, query.max_transfer_walk_m\n", "query.max_transfer_walk_m\n"),
    "bounds of the old layout": Fault(KEPT, ", lenient=True)\n    harvest", ")\n    harvest"),
}
