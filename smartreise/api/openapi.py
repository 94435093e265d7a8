"""The OpenAPI 3.1 document, made from what answers: the URL table, the views' parameters and their records."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from smartreise import __version__
from smartreise.api.deprecation import LEAVING
from smartreise.api.fleet_routes import OPERATIONS, Operation
from smartreise.api.identity import COOKIE
from smartreise.api.openapi_others import others
from smartreise.api.openapi_parts import FAILURES, NOT_MODIFIED, REF, described, failures, problems
from smartreise.api.routes import GETS, Get
from smartreise.views.answer import View
from smartreise.views.registry import VIEWS

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
    schemas = msgspec.json.schema_components(kinds, ref_template=REF)[1]
    for kind in {operation.body for operation in OPERATIONS if operation.body is not None}:
        schemas[kind.__name__]["additionalProperties"] = False
    paths = {get.path: {"get": _operation(get, VIEWS[get.view])} for get in GETS}
    paths |= {**others(), **_administration()}
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
        "parameters": [described(parameter, in_path) for parameter in view.parameters],
        "responses": {
            "200": {
                "description": view.about,
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": REF.format(name=view.result.__name__)}}},
            },
            **NOT_MODIFIED,
            **failures(*FAILURES),
        },
    }


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
    parameters += [described(parameter, set()) for parameter in operation.parameters]
    if operation.special == "office":
        parameters.append({"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}})
    done: dict[str, Any] = {"description": operation.about}
    if operation.result is not None:
        done["content"] = _json_of(operation.result)
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": parameters,
        "security": _security(operation),
        "responses": {str(operation.status): done, **problems(_REFUSALS)},
    }
    if operation.method == "GET" and operation.special != "screen":
        told["responses"] |= NOT_MODIFIED
    if operation.body is not None:
        told["requestBody"] = {"required": operation.special != "sign in", "content": _json_of(operation.body)}
    return told


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.special == "screen":
        return [{"screen": []}]
    if operation.role is None:
        return [{}, {"token": []}] if operation.special == "sign in" else [{}]
    return [{"token": []}, {"session": []}]


def _json_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REF.format(name=kind.__name__)}}}
