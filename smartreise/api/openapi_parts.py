"""What all operations of the OpenAPI document are put together from: parameters, answers, failures."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from smartreise.views.params import Choice, Names, Parameter

REF: Final = "#/components/schemas/{name}"
NOT_MODIFIED: Final[dict[str, Any]] = {"304": {"description": "Not modified since If-None-Match"}}
FAILURES: Final = {
    "400": "Malformed, missing or out of range",
    "401": "A token or key is missing, unknown or revoked",
    "404": "Unknown",
    "414": "The address is too long",
    "422": "Well-formed, but without an answer",
    "429": "Too many reads",
    "503": "No timetable is loaded yet",
}


def problems(statuses: dict[str, str]) -> dict[str, Any]:
    """Problem documents, by status and what it means."""
    content = {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}}
    return {status: {"description": about, "content": content} for status, about in statuses.items()}


def failures(*statuses: str) -> dict[str, Any]:
    """Of a read: these statuses."""
    return problems({status: FAILURES[status] for status in statuses})


def of_type(content_type: str, about: str, *, kind: str = "string") -> dict[str, Any]:
    """An answer of a content type, of which no more is promised than its JSON type."""
    return {"description": about, "content": {content_type: {"schema": {"type": kind}}}}


def get(
    name: str, about: str, responses: dict[str, Any], parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A path that answers to GET alone."""
    taken = {} if parameters is None else {"parameters": parameters}
    return {"get": {"operationId": name, "summary": about, **taken, "responses": responses}}


def described(parameter: Parameter[Any], in_path: set[str]) -> dict[str, Any]:
    """A parameter of a view; ``in_path`` names those that stand in the path."""
    schema = dict(parameter.schema())
    if parameter.default is not None:
        schema["default"] = (
            parameter.default if isinstance(parameter, Choice) else msgspec.json.decode(parameter.default)
        )
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": "path" if parameter.name in in_path else "query",
        "required": parameter.required,
        "description": parameter.about,
        "schema": schema,
    }
    if not parameter.required:
        told["allowEmptyValue"] = True  # and then counts as left out
    if isinstance(parameter, Names):
        told |= {"style": "form", "explode": False}
    elif parameter.example is not None:
        told["example"] = parameter.example
    return told
