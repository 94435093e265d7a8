"""The built web: pages, hashed assets, icons; a readable page while it is not built."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

from smartreise.api.routes import ASSETS, OFFICE_PAGE, OURS, PAGES, ROOT_FILE, SIGNED_IN, WIDGET

#: the widget is loaded by pages of other sites: isolated ones, and ones that are not in UTF-8
_FOR_ALL: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Type": "text/javascript; charset=utf-8",
}
#: what the file's name alone does not tell on every machine
_TYPES: Final = {".webmanifest": "application/manifest+json", ".mjs": "text/javascript; charset=utf-8"}
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_HOST: Final = re.compile(r"[A-Za-z0-9._\-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")
_NOT_BUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>smartreise</title>
<body style="font: 1.2rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The pages are not built yet</h1>
<p>The service runs, and its API answers under <a href="/v1/feeds">/v1</a>. The pages come with
<code>make web</code> (<code>make run</code> does it too).</p></body></html>"""


#: answers a request with a page made by the server
Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_pages(application: web.Application, dist: Path, *, plain_office: Page, tiles: str | None = None) -> None:
    """Routes to the files of the built web in `dist`; it may be built while the service runs. `plain_office` is an
    office's screen without scripts, for who asks with `?plain=1`; `tiles` the one other server that maps may ask."""
    root = dist.resolve()

    def page(name: str) -> None:
        async def show(request: web.Request) -> web.StreamResponse:
            if name == OFFICE_PAGE and request.query.get("plain", "0") not in ("", "0", "false"):
                return await plain_office(request)
            if not (root / "index.html").is_file():
                return web.Response(status=503, text=_NOT_BUILT, content_type="text/html", headers={"Retry-After": "5"})
            return _file(root, name, cache="no-cache", csp=_policy(request, tiles))

        application.router.add_get(next(path for path, file in PAGES.items() if file == name), show)
        for path in [path for path, file in PAGES.items() if file == name][1:]:
            application.router.add_get(path, show)

    for name in dict.fromkeys(PAGES.values()):
        page(name)

    async def asset(request: web.Request) -> web.StreamResponse:
        return _file(root, f"assets/{request.match_info['path']}", cache=_IMMUTABLE)

    async def root_file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["path"]
        return _file(root, name, cache="no-cache", more=_FOR_ALL if name == WIDGET else None)

    application.router.add_get(ASSETS, asset)
    application.router.add_get(ROOT_FILE, root_file)


def _file(
    root: Path, name: str, *, cache: str, csp: str | None = None, more: Mapping[str, str] | None = None
) -> web.StreamResponse:
    if "\0" in name:
        raise web.HTTPNotFound
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise web.HTTPNotFound
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff", **(more or {})}
    if path.suffix in _TYPES:
        headers["Content-Type"] = _TYPES[path.suffix]
    if csp is not None:
        headers |= {"Content-Security-Policy": csp, "Referrer-Policy": "same-origin"}
    return web.FileResponse(path, headers=headers)


def _policy(request: web.Request, tiles: str | None) -> str:
    """Everything from files of ours, nothing from elsewhere, no style or script in a page's text; workers from blobs
    for the map. Older browsers need the socket's address by name. Anybody may frame what needs no sign-in: signage
    players and intranets do."""
    framers = "'none'" if request.path in SIGNED_IN else "'self'" if request.path in OURS else "*"
    host = request.host if _HOST.fullmatch(request.host) else "localhost"
    also = f" {tiles}" if tiles else ""
    return (
        f"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{also}; "
        f"worker-src 'self' blob:; child-src 'self' blob:; connect-src 'self' ws://{host} wss://{host}{also}; "
        f"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors {framers}"
    )
