"""Bodies on their way out: strong ETags, `If-None-Match`, and gzip or deflate when asked.

What a reader would get wrong: a strong ETag names bytes, so each coding has its own (`"rev"`, `"rev-gzip"`);
any of them shows that the client holds the newest.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from typing import Final

from aiohttp import web

#: zlib's window bits: gzip's wrapper, zlib's wrapper ("deflate" in HTTP)
_CODINGS: Final = {"gzip": 31, "deflate": 15}
_SMALLEST: Final = 400
#: larger bodies are compressed in a thread
_IN_LOOP: Final = 32 * 1024


async def respond(
    request: web.Request, body: bytes, rev: str, *, content_type: str = "application/json", cache: str = "no-cache"
) -> web.Response:
    """200 with the body, or 304 where the client already has it."""
    coding = choose_coding(request.headers.get("Accept-Encoding", "")) if len(body) >= _SMALLEST else None
    headers = {
        "ETag": f'"{rev}-{coding}"' if coding else f'"{rev}"',
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
    }
    if is_known(request.headers.get("If-None-Match", ""), rev):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = content_type
    if coding is not None:
        headers["Content-Encoding"] = coding
        if len(body) <= _IN_LOOP:
            body = compress(body, coding)
        else:
            body = await asyncio.to_thread(compress, body, coding)
    return web.Response(body=body, headers=headers)


def digest_of(body: bytes) -> str:
    """What names these bytes in an ETag."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def choose_coding(accepted: str) -> str | None:
    """The best coding of an Accept-Encoding header that we speak; None for none at all."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weights[name.strip()] = _weight(parameter.strip())
    best = max(_CODINGS, key=lambda coding: weights.get(coding, weights.get("*", 0.0)))
    return best if weights.get(best, weights.get("*", 0.0)) > 0 else None


def is_known(if_none_match: str, rev: str) -> bool:
    """Does an If-None-Match header name this rev, in any coding?"""
    ours = {f'"{rev}"', *(f'"{rev}-{coding}"' for coding in _CODINGS)}
    given = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in given or not ours.isdisjoint(given)


def compress(body: bytes, coding: str) -> bytes:
    """The body in a coding; equal bodies give equal bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _CODINGS[coding])
    return packer.compress(body) + packer.flush()


def _weight(parameter: str) -> float:
    """The q of a list entry; 1 if there is none, 0 if it makes no sense."""
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
