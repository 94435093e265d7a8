"""The URL table. A GET answers what its view says; a parameter in the path is a parameter of the view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Get:
    path: str
    view: str


GETS: Final = (
    Get("/v1/stops", "stops"),
    Get("/v1/stops/{stop}", "stop"),
    Get("/v1/stops/{stop}/departures", "board"),
    Get("/v1/suggestions", "suggestions"),
    Get("/v1/trips/{trip_id}", "trip"),
    Get("/v1/vehicles", "vehicles"),
    Get("/v1/mobility", "mobility"),
    Get("/v1/alerts", "alerts"),
    Get("/v1/places", "places"),
    Get("/v1/offices", "offices"),
    Get("/v1/offices/{office}", "office_item"),
    Get("/v1/offices/{office}/view", "office"),
    Get("/v1/feeds", "feeds"),
    Get("/v1/network", "network"),
)
BOARD_CSV: Final = "/v1/stops/{stop}/departures.csv"
EVENT: Final = "/v1/suggestions/{id}.ics"
BASEMAP: Final = "/v1/basemap"
MAP: Final = "/v1/map"
MAP_ARCHIVE: Final = "/v1/map.pmtiles"
PICTURE: Final = "/v1/offices/{office}/screen.png"
LIVE: Final = "/v1/live"
EVENTS: Final = "/v1/events"
OPENAPI: Final = "/openapi.json"
HEALTH: Final = "/healthz"
READY: Final = "/readyz"
METRICS: Final = "/metrics"

OFFICE_PAGE: Final = "office.html"
#: pages and the files of the built web that they are
PAGES: Final = {
    "/": "index.html",
    "/office/{id}": OFFICE_PAGE,
    "/stop/{id}": "stop.html",
    "/s": "handover.html",
    # as a screen's QR code says it: capitals and digits alone make its dots larger
    "/S/{way:.+}": "handover.html",
    "/status": "status.html",
    "/display": "display.html",
    "/display/{id}": "display.html",
    "/admin": "admin.html",
    "/admin/preview": "preview.html",
    "/docs": "docs.html",
    "/embed": "embed.html",
    "/embed/frame": "frame.html",
}
#: pages on which somebody is signed in
SIGNED_IN: Final = frozenset({"/admin"})
#: pages that only pages of ours frame
OURS: Final = frozenset({"/admin/preview"})
#: the file that other sites' pages load
WIDGET: Final = "widget.js"
ASSETS: Final = "/assets/{path:.+}"
#: files at the root of the built web: icons, manifest, the widget
ROOT_FILE: Final = r"/{path:[^/]+\.[a-z0-9]+}"
