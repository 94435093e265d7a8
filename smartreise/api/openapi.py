"""The OpenAPI 3.1 document, made from what answers: the URL table, the views' parameters and their records."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from smartreise import __version__
from smartreise.api.deprecation import LEAVING
from smartreise.api.fleet_routes import OPERATIONS, Operation
from smartreise.api.identity import COOKIE
from smartreise.api.picture import DEPTH, HEIGHT, WIDTH
from smartreise.api.routes import (
    BASEMAP,
    BOARD_CSV,
    EVENT,
    EVENTS,
    GETS,
    HEALTH,
    LIVE,
    MAP,
    MAP_ARCHIVE,
    METRICS,
    OPENAPI,
    PICTURE,
    READY,
    Get,
)
from smartreise.views.answer import View
from smartreise.views.params import Choice, Names, Parameter
from smartreise.views.plain_texts import PLAIN_TEXTS
from smartreise.views.registry import PUSHED, VIEWS

_REF: Final = "#/components/schemas/{name}"
_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_FAILURES: Final = {
    "400": "Malformed, missing or out of range",
    "401": "A token or key is missing, unknown or revoked",
    "404": "Unknown",
    "414": "The address is too long",
    "422": "Well-formed, but without an answer",
    "429": "Too many reads",
    "503": "No timetable is loaded yet",
}
#: beyond those of reads
_REFUSALS: Final = {
    "400": "Malformed, missing or out of range, field by field",
    "401": "A token is missing, unknown or revoked",
    "403": "The token's role is too small",
    "404": "Unknown",
    "409": "Does not fit what is there",
    "412": "Not the version that If-Match names",
    "408": "The request's body did not come in time",
    "413": "Too large",
    "414": "The address is too long",
    "429": "Too many requests",
    "503": "The store does not answer",
}
_SCHEMES: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "An administrator's token"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Made by POST /v1/admin/session"},
    "screen": {"type": "http", "scheme": "bearer", "description": "A display's secret or token"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "Or as a bearer token"},
}


def document() -> dict[str, Any]:
    """The whole document."""
    views = [VIEWS[get.view] for get in GETS]
    spoken = {kind for operation in OPERATIONS for kind in (operation.body, operation.result) if kind is not None}
    kinds = [*(view.result for view in views), *sorted(spoken, key=lambda kind: kind.__name__)]
    schemas = msgspec.json.schema_components(kinds, ref_template=_REF)[1]
    for kind in {operation.body for operation in OPERATIONS if operation.body is not None}:
        schemas[kind.__name__]["additionalProperties"] = False
    paths = {get.path: {"get": _operation(get, VIEWS[get.view])} for get in GETS}
    paths |= {**_others(), **_administration()}
    for path in LEAVING.keys() & paths.keys():
        for operation in paths[path].values():
            operation["deprecated"] = True
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "smartreise",
            "version": __version__,
            "description": "Departure suggestions in real time. Times are ISO 8601 with an offset, durations `_s` in "
            "seconds, distances `_m` in metres. GET answers carry a strong ETag. The push side is at /v1/live.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": {**schemas, "Problem": _PROBLEM}, "securitySchemes": _SCHEMES},
        "security": [{}, {"key": []}],
    }


def _operation(get: Get, view: View) -> dict[str, Any]:
    in_path = set(re.findall(r"{(\w+)}", get.path))
    return {
        "operationId": view.name,
        "summary": view.about,
        "parameters": [_parameter(parameter, in_path) for parameter in view.parameters],
        "responses": {
            "200": {
                "description": view.about,
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": _REF.format(name=view.result.__name__)}}},
            },
            "304": {"description": "Not modified since If-None-Match"},
            **_problems(*_FAILURES),
        },
    }


def _parameter(parameter: Parameter[Any], in_path: set[str]) -> dict[str, Any]:
    schema = dict(parameter.schema())
    if parameter.default is not None:
        schema["default"] = (
            parameter.default if isinstance(parameter, Choice) else msgspec.json.decode(parameter.default)
        )
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "path" if parameter.name in in_path else "query",
        "required": parameter.required,
        "description": parameter.about,
        "schema": schema,
    }
    if not parameter.required:
        described["allowEmptyValue"] = True  # and then counts as left out
    if isinstance(parameter, Names):
        described |= {"style": "form", "explode": False}
    elif parameter.example is not None:
        described["example"] = parameter.example
    return described


def _administration() -> dict[str, Any]:
    """What `fleet_routes` declares."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _administered(operation)
    return paths


def _administered(operation: Operation) -> dict[str, Any]:
    in_path = re.findall(r"{(\w+)}", operation.path)
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in in_path
    ]
    parameters += [_parameter(parameter, set()) for parameter in operation.parameters]
    if operation.special == "office":
        parameters.append({"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}})
    done: dict[str, Any] = {"description": operation.about}
    if operation.result is not None:
        done["content"] = _json_of(operation.result)
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": parameters,
        "security": _security(operation),
        "responses": {str(operation.status): done, **_refusals()},
    }
    if operation.method == "GET" and operation.special != "screen":
        described["responses"]["304"] = {"description": "Not modified since If-None-Match"}
    if operation.body is not None:
        described["requestBody"] = {"required": operation.special != "sign in", "content": _json_of(operation.body)}
    return described


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.special == "screen":
        return [{"screen": []}]
    if operation.role is None:
        return [{}, {"token": []}] if operation.special == "sign in" else [{}]
    return [{"token": []}, {"session": []}]


def _json_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {status: {"description": about, "content": content} for status, about in _REFUSALS.items()}


def _problems(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {status: {"description": _FAILURES[status], "content": content} for status in statuses}


def _others() -> dict[str, Any]:
    """What is no view."""
    text: dict[str, Any] = {"schema": {"type": "string"}}
    anything: dict[str, Any] = {"schema": {"type": "object"}}
    topic = {
        "name": "topic",
        "in": "query",
        "required": True,
        "description": "The topic; its parameters stand beside it.",
        "schema": {"enum": sorted(PUSHED)},
    }
    return {
        LIVE: _plain("live", "The push side as a websocket", {"101": {"description": "Switching protocols"}}),
        EVENTS: {
            "get": {
                "operationId": "events",
                "summary": "One topic as server-sent events; Last-Event-ID resumes",
                "parameters": [topic],
                "responses": {
                    "200": {"description": "Frames as on the websocket", "content": {"text/event-stream": text}},
                    **_problems(*_FAILURES),
                },
            }
        },
        BASEMAP: _plain(
            "basemap",
            "Land and water to draw under the lines, where the region has them",
            {
                "200": {"description": "GeoJSON", "content": {"application/geo+json": anything}},
                "304": {"description": "Not modified since If-None-Match"},
                **_problems("401", "404", "414", "429"),
            },
        ),
        MAP: _plain(
            "map",
            "The tiles that maps are drawn on, where the region names some: tiles, pmtiles, attribution, or null",
            {
                "200": {"description": "Addresses", "content": {"application/json": anything}},
                "304": {"description": "Not modified since If-None-Match"},
                **_problems("401", "414", "429"),
            },
        ),
        MAP_ARCHIVE: _plain(
            "map_archive",
            "The region's own PMTiles archive, read by ranges of bytes",
            {
                "200": {"description": "All of it", "content": {"application/vnd.pmtiles": text}},
                "206": {"description": "A range of it", "content": {"application/vnd.pmtiles": text}},
                "304": {"description": "Not modified since If-None-Match"},
                "416": {"description": "No such range"},
                **_problems("401", "404", "414", "429"),
            },
        ),
        BOARD_CSV: _other_form("board_csv", "The departures of a stop as CSV", "board", "text/csv", BOARD_CSV),
        EVENT: _other_form(
            "suggestion_event",
            "One suggestion as an iCalendar event; the parameters are those of the question that it answered",
            "suggestions",
            "text/calendar",
            EVENT,
        ),
        PICTURE: {
            "get": {
                "operationId": "office_picture",
                "summary": "An office's screen as a picture for e-paper; max-age reaches to its next change",
                "parameters": [
                    {"name": "office", "in": "path", "required": True, "schema": {"type": "string"}},
                    *(_parameter(parameter, set()) for parameter in (WIDTH, HEIGHT, DEPTH)),
                    {"name": "lang", "in": "query", "required": False, "schema": {"enum": list(PLAIN_TEXTS)}},
                ],
                "responses": {
                    "200": {"description": "PNG", "content": {"image/png": {"schema": {"type": "string"}}}},
                    "304": {"description": "Not modified since If-None-Match"},
                    **_problems("400", "401", "404", "414", "429", "503"),
                },
            }
        },
        OPENAPI: _plain("openapi", "This document", _ok("application/json", anything)),
        HEALTH: _plain("healthz", "The process lives", _ok("application/json", anything)),
        READY: _plain(
            "readyz",
            "Can it answer, and is all well?",
            _ok("application/json", anything)
            | {"503": {"description": "Not yet", "content": {"application/json": anything}}},
        ),
        METRICS: _plain("metrics", "Prometheus", _ok("text/plain", text)),
    }


def _other_form(name: str, about: str, view: str, content_type: str, path: str) -> dict[str, Any]:
    """A view's answer as something else than JSON."""
    in_path = set(re.findall(r"{(\w+)}", path))
    parameters = [_parameter(parameter, in_path) for parameter in VIEWS[view].parameters]
    named = {parameter["name"] for parameter in parameters}
    parameters += [
        {"name": held, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{6,64}$"}}
        for held in sorted(in_path - named)
    ]
    done = {"200": {"description": about, "content": {content_type: {"schema": {"type": "string"}}}}}
    responses = {**done, "304": {"description": "Not modified since If-None-Match"}, **_problems(*_FAILURES)}
    return {"get": {"operationId": name, "summary": about, "parameters": parameters, "responses": responses}}


def _plain(name: str, about: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"operationId": name, "summary": about, "responses": responses}}


def _ok(content_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": {"description": "OK", "content": {content_type: schema}}}
