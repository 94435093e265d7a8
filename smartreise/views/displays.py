"""What a screen is told: is it claimed, whose is it, and how is it to look.

What a reader would get wrong: an unknown screen is simply not claimed. That is what one that was just revoked, or
still waits, is told over the topic; its page then asks with its token, and hears what that is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import UNSET, UnsetType, field

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.views.answer import Answer
from smartreise.views.params import Canonical, Parameter, Text, canonical
from smartreise.views.wire import Wire

DISPLAY: Final = Text(name="display", about="The display's id.", required=True, example="k7mpq4xy")


class DisplayState(Wire, frozen=True, kw_only=True):
    """A screen's configuration. `identify` and `reload` are another after each request."""

    display: str
    claimed: bool
    name: str | None = None
    office: str | None = None
    group: str | None = None
    layout: str | None = None
    theme: str | None = None
    languages: list[str] = field(default_factory=list)
    #: it is being tried out, and says so
    test: bool = False
    identify: int = 0
    reload: int = 0
    #: another when its next token is ready
    turn: int = 0
    #: once, in the answer to the secret of a screen that was claimed
    token: str | UnsetType = UNSET


class DisplayView:
    """The topic `display`, and `GET /v1/displays/{id}` for who has its secret or token."""

    name = "display"
    about = "A screen's configuration"
    parameters: Sequence[Parameter[Any]] = (DISPLAY,)
    result: type[Wire] = DisplayState
    reads: frozenset[Aspect] = frozenset({"displays", "offices"})

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        wanted = DISPLAY.get(params)
        display = next((display for display in snapshot.displays if display.id == wanted), None)
        if display is None:
            return Answer(DisplayState(display=wanted, claimed=False), None)
        office = next((office for office in snapshot.offices if office.id == display.office), None)
        state = DisplayState(
            display=display.id,
            claimed=True,
            name=display.name,
            office=display.office,
            group=display.group,
            layout=display.layout or (office.layout if office is not None else None),
            theme=display.theme or (office.theme if office is not None else None),
            languages=list(office.languages) if office is not None else [],
            identify=display.identify,
            reload=display.reload,
            test=display.test,
            turn=display.turn,
        )
        return Answer(state, None)
