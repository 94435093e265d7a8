"""What a request asks: the parameters of its query and of its path as one."""

from __future__ import annotations

from aiohttp import web

from smartreise.model.problems import BadInput


def query_of(request: web.Request) -> dict[str, str]:
    """Raises `BadInput` for a parameter that is given twice."""
    found: dict[str, str] = {}
    for name, value in request.query.items():
        if name in found:
            raise BadInput(name[:60], "is given more than once")
        found[name] = value
    for name, value in request.match_info.items():
        if name in found:
            raise BadInput(name, "belongs into the path")
        found[name] = value
    return found
