"""Bodies against their records, with every field that is wrong, not only the first."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, TypeVar

import msgspec

from smartreise.model.problems import BadFields

T = TypeVar("T", bound=msgspec.Struct)


def read_body(body: bytes, kind: type[T], *, ignored: Collection[str] = ()) -> T:
    """JSON as a record. Raises `BadFields`."""
    try:
        document = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadFields((("body", f"is no JSON: {fault}"),)) from None
    return read_fields(document, kind, ignored=ignored)


def read_fields(document: Any, kind: type[T], *, ignored: Collection[str] = ()) -> T:
    """A JSON object as a record; `ignored` may stand in it and count for nothing. Raises `BadFields`."""
    if not isinstance(document, dict):
        raise BadFields((("body", "must be an object"),))
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    errors = [
        (str(name)[:60], f"is not known here; known are {', '.join(fields)}")
        for name in document
        if name not in fields and name not in ignored
    ]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in document:
            if field.required:
                errors.append((name, "is missing"))
            continue
        try:
            values[field.name] = msgspec.convert(_whole(document[name]), type=field.type)
        except msgspec.ValidationError as fault:
            errors.append(_told(name, str(fault)))
    if errors:
        raise BadFields(tuple(errors))
    return kind(**values)


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 60.0 is 60."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _told(name: str, fault: str) -> tuple[str, str]:
    """msgspec's words, with the place in front: "Expected `str`, got `int` - at `$[0].name`"."""
    text, _, place = fault.partition(" - at `$")
    missing = re.match(r"Object missing required field `(.*)`", text)
    where = name + place.rstrip("`")
    if missing:
        return f"{where}.{missing.group(1)}", "is missing"
    choice = re.fullmatch(r"Expected `str` matching regex '\^\((.*)\)\$'", text)
    if choice:
        return where, f"must be one of {choice.group(1).replace('|', ', ')}"
    return where, text[0].lower() + text[1:]
