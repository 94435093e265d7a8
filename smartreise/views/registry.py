"""All questions by name, and which of them can be subscribed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from smartreise.views.alerts import AlertsView
from smartreise.views.answer import View
from smartreise.views.board import BoardView
from smartreise.views.displays import DisplayView
from smartreise.views.feeds import FeedsView
from smartreise.views.mobility import MobilityView
from smartreise.views.network import NetworkView
from smartreise.views.office import OfficeView_
from smartreise.views.offices import OfficeItemView, OfficesView
from smartreise.views.places import PlacesView
from smartreise.views.stops import StopsView, StopView
from smartreise.views.suggestions import SuggestionsView
from smartreise.views.trips import TripView
from smartreise.views.vehicles import VehiclesView

#: topics of the push side, each the same question as the GET of its name
_PUSHED: Final[tuple[View, ...]] = (
    BoardView(),
    SuggestionsView(),
    OfficeView_(),
    VehiclesView(),
    MobilityView(),
    AlertsView(),
    FeedsView(),
    DisplayView(),
    TripView(),
)
_ASKED: Final[tuple[View, ...]] = (
    StopsView(),
    StopView(),
    PlacesView(),
    OfficesView(),
    OfficeItemView(),
    NetworkView(),
)

PUSHED: Final = frozenset(view.name for view in _PUSHED)
VIEWS: Final[Mapping[str, View]] = {view.name: view for view in (*_PUSHED, *_ASKED)}
