"""A client for a running Smart Reiseinfo: departures, suggestions and live boards, by the push protocol.

    from smartreise.client import connect

    async with connect("http://localhost:8080") as reiseinfo:
        async for board in reiseinfo.boards("NSR:StopPlace:3609", limit=5):
            print([row.expected for row in board.departures])

What a reader would get wrong: count down from `reiseinfo.now()`, the server's clock, not from the machine's.
"""

from __future__ import annotations

from smartreise.client.connection import Refused
from smartreise.client.reiseinfo import Reiseinfo, connect

__all__ = ["Refused", "Reiseinfo", "connect"]
