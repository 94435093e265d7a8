"""The shape of a view: parse parameters once, answer from a snapshot as often as needed.

A view is pure: same snapshot, parameters, now and previous data give the same answer on every gateway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from smartreise.live.snapshot import ASPECTS, Aspect, Snapshot
from smartreise.views.params import Parameter
from smartreise.views.wire import Wire


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` as it stands; `changes_at` is the epoch second when it will differ though nothing happens
    (a row leaves, reach turns, data grows stale), None if it does not age."""

    data: Wire
    changes_at: int | None


#: read by every answer about journeys or departures
JOURNEYS: Final[frozenset[Aspect]] = frozenset({"timetable", "layouts", "realtime", "alerts", "mobility", "offices"})
EVERYTHING: Final = frozenset(ASPECTS)


class View(Protocol):
    """One kind of question. `params` are strings by name, as in a query string."""

    name: str
    #: one line for the OpenAPI document
    about: str
    #: declared once: checks input (`params.canonical`) and describes it
    parameters: Sequence[Parameter[Any]]
    #: the record that `Answer.data` is
    result: type[Wire]
    #: the aspects of a snapshot that answers depend on: while none of them changes, an answer holds until it ages
    reads: frozenset[Aspect]

    def canonical(self, params: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The parameters checked and normalised, defaults filled in, sorted: equal questions get equal
        tuples. Raises `BadInput` on an unknown, malformed, missing or out-of-range one."""
        ...

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        """The answer at `now` (epoch s) to canonical parameters. `previous` is the last data of this
        question, if known (a suggestion that broke since stays for a minute). Raises `UnknownId`,
        `Unanswerable`."""
        ...
