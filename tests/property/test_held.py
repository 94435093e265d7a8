"""Is it safe to hold an answer? On drawn cities, tick by tick, what is held is leg for leg what a search finds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartreise.live.changes import changes_of
from smartreise.live.overlay import overlay
from smartreise.live.resolve import Resolved
from smartreise.live.schedule import Schedule, schedule
from smartreise.model.realtime import StopTimeUpdate, TimeEvent
from smartreise.planner.held import follow, search_or_hold, statistics
from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import Layout
from tests.drawing import ZONE
from tests.property.cities import LINES, STOPS, City, draw_city, make_city
from tests.property.plain import starts

SETTINGS = settings(
    max_examples=int(os.environ.get("SMARTREISE_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
TICKS, QUESTIONS, NEAR_S = 6, 8, 2400

Said = dict[tuple[int, int, int], tuple[str, tuple[StopTimeUpdate, ...]]]


@dataclass
class Day:
    """A city's day, and what real time says of it at first: the same as the city was drawn with."""

    city: City
    schedule: Schedule
    said: Said

    def layout(self) -> Layout:
        resolved = Resolved(changes_of(self.city.timetable, dict(self.said)), (), {}, {})
        return overlay(self.city.timetable, self.schedule, resolved, ZONE)


def draw_day(seed: int, lines: int) -> Day:
    drawn = draw_city(seed, lines)
    city = make_city(drawn.rows, drawn.lon, drawn.change_s, drawn.day, {}, [])
    return Day(city, schedule(city.timetable, city.day, ZONE), {})


def move(day: Day, near: int, generator: np.random.Generator) -> None:
    """A tick: one to three trips that run about ``near`` (epoch s) are said to run otherwise than before."""
    scheduled = day.schedule.layout
    begins = scheduled.event_planned_depart[scheduled.dated_event[:-1]] + scheduled.base
    close = np.flatnonzero(abs(begins - near) < NEAR_S)
    for dated in generator.choice(close, min(len(close), int(generator.integers(1, 4))), replace=False).tolist():
        trip, service_day = int(scheduled.dated_trip[dated]), int(scheduled.dated_day[dated])
        length = int(scheduled.dated_event[dated + 1] - scheduled.dated_event[dated])
        kind = str(generator.choice(("late", "late", "heals", "heals", "skip", "cancel", "on time")))
        run = trip, service_day, int(scheduled.dated_start_s[dated])
        day.said.pop(run, None)
        if kind == "cancel":
            day.said[run] = ("CANCELED", ())
        elif kind == "skip":
            update = StopTimeUpdate(sequence=int(generator.integers(length)) + 1, relationship="SKIPPED")
            day.said[run] = ("SCHEDULED", (update,))
        elif kind != "on time":
            delays = {int(generator.integers(length)): int(generator.choice((-120, -60, 30, 60, 120, 240, 600)))}
            if kind == "heals":
                delays = {0: int(generator.choice((120, 300, 600))), int(generator.integers(1, length)): 0}
            day.said[run] = ("SCHEDULED", tuple(_updates(delays)))


def _updates(delays: Mapping[int, int]) -> Iterator[StopTimeUpdate]:
    for at, delay in sorted(delays.items()):
        event = TimeEvent(delay_s=delay)
        yield StopTimeUpdate(sequence=at + 1, arrival=event, departure=event)


def _walks(generator: np.random.Generator) -> StopTimesTo:
    stops = np.sort(generator.choice(STOPS, int(generator.integers(1, 3)), replace=False)).astype(np.int32)
    return StopTimesTo(stops, generator.choice((0, 60, 200), len(stops)).astype(np.int32))


def draw_question(day: Day, start: int, generator: np.random.Generator) -> Query:
    earliest = start - day.schedule.layout.base
    return Query(
        _walks(generator),
        tuple(_walks(generator) for _ in range(int(generator.integers(1, 4)))),
        earliest=earliest,
        latest=earliest + int(generator.choice((0, 120, 600, 1800))),
        beyond_s=int(generator.choice((0, 0, 600))),
        max_transfers=int(generator.choice((1, 2, 3))),
        max_travel_s=7200,
        routes=generator.random(LINES + 1) < 0.8 if generator.random() < 0.2 else None,
    )


def moved_on(query: Query, generator: np.random.Generator) -> Query:
    """The same question a little later: its window begins and ends later, what beats it ends as before. At times it is
    another question, though like it."""
    gone = int(generator.choice((0, min(60, query.beyond_s))))
    later = replace(
        query,
        earliest=query.earliest + int(generator.choice((0, 0, 7, 60))),
        latest=query.latest + gone,
        beyond_s=query.beyond_s - gone,
    )
    other = str(
        generator.choice(("earlier", "longer", "lines", "same", "same", "same", "same", "same", "same", "same"))
    )
    if other == "earlier":
        return replace(later, earliest=later.earliest - 600)
    if other == "longer":
        return replace(later, latest=later.latest + 900)
    return replace(later, routes=generator.random(LINES + 1) < 0.7) if other == "lines" else later


@SETTINGS
@given(st.integers(0, 2**32 - 1), st.integers(2, LINES))
def test_what_is_held_is_what_a_search_finds(seed: int, lines: int) -> None:
    day, generator = draw_day(seed, lines), np.random.default_rng(seed + 1)
    start = int(generator.choice(starts(day.city))) - int(generator.choice((0, 200, 900)))
    questions = [draw_question(day, start, generator) for _ in range(QUESTIONS)]
    timetable, before = day.city.timetable, None
    for _ in range(TICKS):
        layout = day.layout()
        follow(timetable, before, layout)
        for query in questions:
            assert search_or_hold(timetable, layout, query) == search(timetable, layout, query)
        questions = [moved_on(query, generator) for query in questions]
        before = layout
        move(day, start, generator)


def test_some_are_held_and_some_are_not() -> None:
    """The property above says nothing if every answer is asked anew, or none."""
    asked, spared = statistics.asked, statistics.spared
    for seed in range(20):
        test_what_is_held_is_what_a_search_finds.hypothesis.inner_test(seed, 4)  # type: ignore[attr-defined]
    count = statistics.asked - asked
    assert count == 20 * TICKS * QUESTIONS
    assert 0.1 * count < statistics.spared - spared < 0.75 * count


def test_a_day_is_laid_out_as_its_city_says() -> None:
    day = draw_day(3, 3)
    assert day.layout() is day.schedule.layout
    assert day.city.day == date.fromordinal(day.schedule.layout.day.toordinal())


@pytest.fixture(autouse=True, scope="module")
def _kernels() -> None:
    from smartreise.planner.search import warm

    warm()
