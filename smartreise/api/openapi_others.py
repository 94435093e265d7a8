"""The paths of the OpenAPI document that are no view: push, maps, answers in other forms, the service itself."""

from __future__ import annotations

import re
from typing import Any, Final

from smartreise.api.openapi_parts import FAILURES, NOT_MODIFIED, described, failures, get, of_type
from smartreise.api.picture import DEPTH, HEIGHT, WIDTH
from smartreise.api.routes import (
    BASEMAP,
    BOARD_CSV,
    EVENT,
    EVENTS,
    HEALTH,
    LIVE,
    MAP,
    MAP_ARCHIVE,
    METRICS,
    OPENAPI,
    PICTURE,
    READY,
)
from smartreise.views.plain_texts import PLAIN_TEXTS
from smartreise.views.registry import PUSHED, VIEWS

_JSON: Final = "application/json"


def others() -> dict[str, Any]:
    """All of them, by path."""
    return _push() | _maps() | _other_forms() | _service()


def _push() -> dict[str, Any]:
    topic = {
        "name": "topic",
        "in": "query",
        "required": True,
        "description": "The topic; its parameters stand beside it.",
        "schema": {"enum": sorted(PUSHED)},
    }
    frames = {"200": of_type("text/event-stream", "Frames as on the websocket"), **failures(*FAILURES)}
    return {
        LIVE: get("live", "The push side as a websocket", {"101": {"description": "Switching protocols"}}),
        EVENTS: get("events", "One topic as server-sent events; Last-Event-ID resumes", frames, [topic]),
    }


def _maps() -> dict[str, Any]:
    archive = "application/vnd.pmtiles"
    return {
        BASEMAP: get(
            "basemap",
            "Land and water to draw under the lines, where the region has them",
            {
                "200": of_type("application/geo+json", "GeoJSON", kind="object"),
                **NOT_MODIFIED,
                **failures("401", "404", "414", "429"),
            },
        ),
        MAP: get(
            "map",
            "The tiles that maps are drawn on, where the region names some: tiles, pmtiles, attribution, or null",
            {"200": of_type(_JSON, "Addresses", kind="object"), **NOT_MODIFIED, **failures("401", "414", "429")},
        ),
        MAP_ARCHIVE: get(
            "map_archive",
            "The region's own PMTiles archive, read by ranges of bytes",
            {
                "200": of_type(archive, "All of it"),
                "206": of_type(archive, "A range of it"),
                **NOT_MODIFIED,
                "416": {"description": "No such range"},
                **failures("401", "404", "414", "429"),
            },
        ),
    }


def _other_forms() -> dict[str, Any]:
    picture = [
        {"name": "office", "in": "path", "required": True, "schema": {"type": "string"}},
        *(described(parameter, set()) for parameter in (WIDTH, HEIGHT, DEPTH)),
        {"name": "lang", "in": "query", "required": False, "schema": {"enum": list(PLAIN_TEXTS)}},
    ]
    return {
        BOARD_CSV: _other_form("board_csv", "The departures of a stop as CSV", "board", "text/csv", BOARD_CSV),
        EVENT: _other_form(
            "suggestion_event",
            "One suggestion as an iCalendar event; the parameters are those of the question that it answered",
            "suggestions",
            "text/calendar",
            EVENT,
        ),
        PICTURE: get(
            "office_picture",
            "An office's screen as a picture for e-paper; max-age reaches to its next change",
            {
                "200": of_type("image/png", "PNG"),
                **NOT_MODIFIED,
                **failures("400", "401", "404", "414", "429", "503"),
            },
            picture,
        ),
    }


def _other_form(name: str, about: str, view: str, content_type: str, path: str) -> dict[str, Any]:
    """A view's answer as something else than JSON."""
    in_path = set(re.findall(r"{(\w+)}", path))
    parameters = [described(parameter, in_path) for parameter in VIEWS[view].parameters]
    named = {parameter["name"] for parameter in parameters}
    parameters += [
        {"name": held, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{6,64}$"}}
        for held in sorted(in_path - named)
    ]
    return get(name, about, {"200": of_type(content_type, about), **NOT_MODIFIED, **failures(*FAILURES)}, parameters)


def _service() -> dict[str, Any]:
    well, not_yet = of_type(_JSON, "OK", kind="object"), of_type(_JSON, "Not yet", kind="object")
    return {
        OPENAPI: get("openapi", "This document", {"200": well}),
        HEALTH: get("healthz", "The process lives", {"200": well}),
        READY: get("readyz", "Can it answer, and is all well?", {"200": well, "503": not_yet}),
        METRICS: get("metrics", "Prometheus", {"200": of_type("text/plain", "OK")}),
    }
