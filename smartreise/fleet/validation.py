"""Bodies against their records, with every field that is wrong, not only the first."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final, TypeVar, get_args

import msgspec

from smartreise.fleet import patterns
from smartreise.model.problems import BadFields

T = TypeVar("T", bound=msgspec.Struct)

#: what patterns ask for, in words
_PATTERNS: Final = {
    patterns.ID: "letters, digits, dot, dash and underscore are allowed, 64 at most, a letter or digit first",
    patterns.NAME: "needs a visible character, and holds no control characters",
    patterns.CLOCK: "must be a time of day such as 06:30",
    patterns.COLOUR: "must be a colour such as #0055aa",
    patterns.LAYOUT: "must be a layout's name such as standard",
    patterns.LOGO: "must be a data: address of a PNG, JPEG, WebP or SVG picture",
    patterns.WEB: "must be an http or https address, without a name and password in it",
}


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
        if _is_patterned(field.type) and _has_tail(document[name]):
            errors.append((name, "ends with a line break"))
            continue
        try:
            values[field.name] = msgspec.convert(_whole(document[name]), type=field.type)
        except msgspec.ValidationError as fault:
            errors.append(_told(name, str(fault), field.type))
    if errors:
        raise BadFields(tuple(errors))
    return kind(**values)


def _is_patterned(kind: Any) -> bool:
    """Does a pattern bound a text in this type?"""
    return (isinstance(kind, msgspec.Meta) and kind.pattern is not None) or any(map(_is_patterned, _parts(kind)))


def _parts(kind: Any) -> tuple[Any, ...]:
    return (*get_args(kind), *getattr(kind, "__metadata__", ()))


def _has_tail(value: Any) -> bool:
    """Does a text in it end with a line break? The end of a pattern looks past one."""
    if isinstance(value, list):
        return any(map(_has_tail, value))
    return isinstance(value, str) and value.endswith("\n")


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 60.0 is 60."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _told(name: str, fault: str, kind: Any) -> tuple[str, str]:
    """msgspec's words, with the place in front and patterns as people say them: "Expected `str`, got `int` - at
    `$[0].name`"."""
    text, _, place = fault.partition(" - at `")
    where = name + ("" if place.startswith("key") else place.removeprefix("$").rstrip("`"))
    missing = re.match(r"Object missing required field `(.*)`", text)
    if missing:
        return f"{where}.{missing.group(1)}", "is missing"
    pattern = re.fullmatch(r"Expected `str` matching regex '(.*)'", text)
    if pattern:
        return where, _PATTERNS.get(pattern.group(1).replace("\\\\", "\\")) or _choice(pattern.group(1)) or _lower(text)
    if text.startswith("Invalid enum value"):
        words = ", ".join(_words(kind))
        return where, _lower(text) + (f"; allowed are {words}" if words else "")
    return where, _lower(text)


def _choice(pattern: str) -> str | None:
    found = re.fullmatch(r"\^\((.*)\)\$", pattern)
    return f"must be one of {found.group(1).replace('|', ', ')}" if found else None


def _words(kind: Any) -> list[str]:
    """All words of the literals in a type."""
    if isinstance(kind, str):
        return [kind]
    return [word for part in get_args(kind) for word in _words(part)]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
