"""Serves a recording over HTTP as its feeds were at each instant of the service's clock.

A feed is at `/{feed}`, a GBFS system's files at `/{feed}/{name}`, its discovery at `/{feed}/gbfs`. What a reader would
get wrong: it stands still at the recording's end; the service then tells truly that its feeds grow old.
"""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from smartreise.ingest.gbfs_fetch import unpack
from smartreise.ingest.recording import Change, Recording
from smartreise.model.clock import Clock


class Replay:
    """One recording on one port of this machine."""

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self._recording = recording
        self._clock = clock
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free port of loopback; the base URL."""
        application = web.Application()
        application.router.add_get("/{feed}", self._body)
        application.router.add_get("/{feed}/{name}", self._file)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _body(self, request: web.Request) -> web.Response:
        change = self._change(request)
        if _is_known(request, change):
            return web.Response(status=304)
        body = await asyncio.to_thread(self._recording.read, change)
        return web.Response(body=body, headers=_tagged(change))

    async def _file(self, request: web.Request) -> web.Response:
        change, name = self._change(request), request.match_info["name"]
        if _is_known(request, change):
            return web.Response(status=304)
        files = unpack(await asyncio.to_thread(self._recording.read, change))
        if name == "gbfs":
            here = str(request.url.with_path(f"/{change.feed}/"))
            return web.json_response(_discovery(files, here), headers=_tagged(change))
        if name not in files:
            raise web.HTTPNotFound
        return web.Response(body=files[name], content_type="application/json", headers=_tagged(change))

    def _change(self, request: web.Request) -> Change:
        change = self._recording.find(request.match_info["feed"], self._clock.now())
        if change is None:
            raise web.HTTPNotFound
        return change


def _tagged(change: Change) -> dict[str, str]:
    return {"ETag": f'"{change.at:.3f}"', "Cache-Control": "no-cache"}


def _is_known(request: web.Request, change: Change) -> bool:
    return request.headers.get("If-None-Match") == f'"{change.at:.3f}"'


def _discovery(files: dict[str, bytes], here: str) -> dict[str, object]:
    """gbfs.json of the version that the system's files say they are."""
    version = next((v for body in files.values() if (v := _version(body))), "2.3")
    feeds = [{"name": name, "url": here + name} for name in sorted(files)]
    data: dict[str, object] = {"feeds": feeds} if version.startswith("3") else {"en": {"feeds": feeds}}
    updated = "1970-01-01T00:00:00Z" if version.startswith("3") else 0
    return {"last_updated": updated, "ttl": 60, "version": version, "data": data}


def _version(body: bytes) -> str | None:
    try:
        document = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None  # recorded as it came; whoever reads the system's files says what is wrong with it
    version = document.get("version") if isinstance(document, dict) else None
    return version if isinstance(version, str) else None
