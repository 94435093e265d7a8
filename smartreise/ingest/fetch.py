"""One conditional GET: the only HTTP client of the service. Bounded in size, time, redirects and addresses.

A body with the same bytes as the last one counts as not modified, whatever the server's validators say. A path
instead of a URL is read from disk under the same rules. Headers that a region sets (names, keys) go to the host that
it names and no further.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

import aiohttp
from yarl import URL

from smartreise import __version__
from smartreise.ingest.addresses import EVERY_KIND, Forbidden, Guard, allow, find_literal, judge, kind_of, kinds_of
from smartreise.model.problems import SmartreiseError

USER_AGENT: Final = f"smartreise/{__version__}"
MAX_REDIRECTS: Final = 5
#: a reply that says nothing for this long is given up, however long the whole may take
SILENCE_S: Final = 20.0
_CHUNK: Final = 2**16
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: headers that go to every host on the way
_ANYWHERE: Final[tuple[str, ...]] = ("User-Agent", "Accept-Encoding", "If-None-Match", "If-Modified-Since")


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last reply said of itself."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reply: `body` None when nothing changed."""

    body: bytes | None
    validators: Validators


class FetchFailed(SmartreiseError):
    """No usable reply. `retry_after_s` is what the server asked for, if it did."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    timeout_s: float = 30.0
    max_bytes: int = 2**26
    #: the address that the region names for this feed, where `url` is somebody else's word; by default `url` itself
    home: str | None = None
    #: the region vouches for every address that its feeds name
    trusting: bool = False


def open_session() -> aiohttp.ClientSession:
    """A session for `fetch`: no cookies, and names resolved under guard."""
    connector = aiohttp.TCPConnector(resolver=Guard(), use_dns_cache=False)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def fetch(session: aiohttp.ClientSession, request: Request, validators: Validators) -> Fetched:
    """GET ``request`` unless it is what ``validators`` describe. Raises `FetchFailed` with a reason for people."""
    if "://" not in request.url:
        return await asyncio.to_thread(_read_file, request, validators)
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", **dict(request.headers)}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    try:
        async with asyncio.timeout(request.timeout_s):
            return await _follow(session, request, headers, validators)
    except Forbidden as forbidden:
        raise FetchFailed(str(forbidden)) from None
    except TimeoutError:
        raise FetchFailed(f"no complete reply within {request.timeout_s:.0f} s") from None
    except aiohttp.ClientPayloadError:
        raise FetchFailed("the reply was cut short") from None
    except (aiohttp.ClientError, OSError, ValueError) as fault:
        raise FetchFailed(f"cannot be reached: {_plain(fault)}") from None


async def _follow(
    session: aiohttp.ClientSession, request: Request, headers: dict[str, str], validators: Validators
) -> Fetched:
    """GET, going where redirects point, if that is allowed."""
    home, at = URL(request.home or request.url), URL(request.url)
    limits = aiohttp.ClientTimeout(total=None, sock_read=min(SILENCE_S, request.timeout_s))
    for _ in range(MAX_REDIRECTS + 1):
        await _judge(at, home, trusting=request.trusting)
        own = headers if at.host == home.host else {name: headers[name] for name in _ANYWHERE if name in headers}
        async with session.get(at, headers=own, timeout=limits, allow_redirects=False) as reply:
            if reply.status not in _REDIRECTS or "Location" not in reply.headers:
                return await _take(reply, request, validators)
            at = at.join(URL(reply.headers["Location"]))
    raise FetchFailed(f"redirected more than {MAX_REDIRECTS} times")


async def _judge(at: URL, home: URL, *, trusting: bool) -> None:
    """Raise `FetchFailed` or `Forbidden` if the feed at ``home`` may not send us to ``at``."""
    if at.scheme not in ("http", "https") or not at.host:
        raise FetchFailed(f"redirected to {at.scheme or 'no'} address, which is not http or https")
    if trusting or at.host == home.host:
        allow(EVERY_KIND)
        return
    allow((await kinds_of(home.host or "")) | {"public"})
    literal = find_literal(at.host)
    if literal is not None:
        judge(at.host, kind_of(literal))


async def _take(reply: aiohttp.ClientResponse, request: Request, validators: Validators) -> Fetched:
    if reply.status == 304:
        return Fetched(None, validators)
    if reply.status != 200:
        raise FetchFailed(f"the server answered {reply.status} {reply.reason or ''}".strip(), _retry_after(reply))
    body = bytearray()
    async for chunk in reply.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > request.max_bytes:
            raise FetchFailed(f"the reply is larger than {request.max_bytes // 2**20} MiB")
    said = Validators(reply.headers.get("ETag"), reply.headers.get("Last-Modified"))
    return _compare(bytes(body), said, validators)


def _compare(body: bytes, said: Validators, validators: Validators) -> Fetched:
    digest = hashlib.sha256(body).hexdigest()
    return Fetched(None if digest == validators.digest else body, replace(said, digest=digest))


def _read_file(request: Request, validators: Validators) -> Fetched:
    path = Path(request.url)
    try:
        if path.stat().st_size > request.max_bytes:
            raise FetchFailed(f"the file is larger than {request.max_bytes // 2**20} MiB")
        return _compare(path.read_bytes(), Validators(), validators)
    except OSError as fault:
        raise FetchFailed(f"cannot be read: {fault.strerror or fault}") from None


def _retry_after(reply: aiohttp.ClientResponse) -> float | None:
    """Seconds of a Retry-After header, in either form."""
    text = reply.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        until, sent = parsedate_to_datetime(text), parsedate_to_datetime(reply.headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, (_aware(until) - _aware(sent)).total_seconds())


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _plain(fault: Exception) -> str:
    """One line without addresses of ours: what went wrong, not where in the code."""
    return str(getattr(fault, "os_error", None) or fault).splitlines()[0][:160] or type(fault).__name__
