"""The session over a real websocket: connects, comes back, and hands each state to who asked for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import websockets
from websockets.asyncio.client import ClientConnection, connect

from smartreise.client.session import ClientSession, Data, Drop, Effect, Failed, Retry, Send, ServerTime
from smartreise.model.problems import SmartreiseError

#: longest frame that is taken; a snapshot of a large office is some 100 kB
_LARGEST: Final = 16 * 2**20
#: a stamp that is this far from what was expected means that the server's clock was set
_SET_S: Final = 2.0


#: why, and seconds until the next try
Lost: TypeAlias = Callable[[str, float], None]


class Refused(SmartreiseError):
    """The server will not tell about this. `code` is an HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class _Following:
    """The newest state that was not taken yet; a slow reader misses steps, never the end."""

    news: asyncio.Event = field(default_factory=asyncio.Event)
    data: Any = None
    refused: Refused | None = None


class Connection:
    """One connection for any number of topics. Runs while `run` does; comes back by itself."""

    def __init__(self, server: str, *, key: str | None = None, lost: Lost | None = None) -> None:
        """`server`: the address of the service, `http(s)://…`. `lost` is told of each loss: why, and after how many
        seconds the next try comes; what it raises ends `run`."""
        self.url = server.rstrip("/").replace("http", "ws", 1) + "/v1/live"
        #: why there is no connection now; None while there is one
        self.trouble: str | None = "not connected yet"
        #: connections that were opened so far
        self.opened = 0
        self._lost = lost
        self._headers = {"X-API-Key": key} if key else {}
        self._session = ClientSession(random.SystemRandom().random)
        self._following: dict[str, _Following] = {}
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._drop: Drop | None = None
        self._number = 0
        self._retry_s = 0.0
        #: the server's clock, and the loop's at that moment
        self._clock: tuple[datetime, float] | None = None

    def now(self) -> datetime | None:
        """The server's clock, for countdowns; None before the first connection."""
        if self._clock is None:
            return None
        stamp, at = self._clock
        return stamp + timedelta(seconds=asyncio.get_running_loop().time() - at)

    async def follow(self, topic: str, params: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        """A topic's states as they come, each whole; who reads slowly gets the newest. Raises `Refused`."""
        self._number += 1
        sub, following = f"{topic}-{self._number}", _Following()
        self._following[sub] = following
        self._do(self._session.subscribe(sub, topic, params))
        try:
            while True:
                await following.news.wait()
                following.news.clear()
                if following.refused is not None:
                    raise following.refused
                yield following.data
        finally:
            del self._following[sub]
            self._do(self._session.unsubscribe(sub))

    async def run(self) -> None:
        """Keeps the connection until cancelled."""
        while True:
            code = await self._live()
            self._do(self._session.lost(code))
            if self._lost is not None:
                self._lost(self.trouble or "", self._retry_s)
            await asyncio.sleep(self._retry_s)

    async def _live(self) -> int:
        """One connection from its opening to its end; the code of the end."""
        session, loop = self._session, asyncio.get_running_loop()
        self._outgoing, self._drop = asyncio.Queue(), None
        session.connecting(loop.time())
        try:
            async with connect(self.url, additional_headers=self._headers, max_size=_LARGEST) as socket:
                self.trouble = None
                self.opened += 1
                self._do(session.opened(loop.time()))
                return await self._converse(socket)
        except websockets.ConnectionClosed as closed:
            self.trouble = str(closed)
            return closed.rcvd.code if closed.rcvd is not None else 1006
        except (OSError, TimeoutError, websockets.WebSocketException) as fault:
            self.trouble = str(fault) or type(fault).__name__
            return 1006

    async def _converse(self, socket: ClientConnection) -> int:
        """Sends what is to be sent and takes what comes, until the session gives the connection up. Raises
        `ConnectionClosed`."""
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self._send_all(socket))
            closed = await self._take_all(socket)
            sending.cancel()
        if closed is not None:
            raise closed
        assert self._drop is not None
        self.trouble = self._drop.reason
        return self._drop.code

    async def _send_all(self, socket: ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):  # who reads finds out too
            while True:
                await socket.send(await self._outgoing.get())

    async def _take_all(self, socket: ClientConnection) -> websockets.ConnectionClosed | None:
        """What comes, until the session gives the connection up (None) or it closes."""
        session, loop = self._session, asyncio.get_running_loop()
        while self._drop is None:
            text: str | bytes | None = None
            try:
                async with asyncio.timeout_at(session.wake_at):
                    text = await socket.recv()
            except TimeoutError:
                pass
            except websockets.ConnectionClosed as closed:
                return closed
            self._do(session.wake(loop.time()) if text is None else session.receive(text, loop.time()))
        return None

    def _do(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    self._outgoing.put_nowait(json.dumps(frame))
                case Data(sub, data, _):
                    self._tell(sub, data=data)
                case Failed(sub, code, title, detail, again):
                    if sub is not None and code < 500 and not again:
                        self._tell(sub, refused=Refused(code, detail or title))
                case ServerTime(iso):
                    self._set_clock(datetime.fromisoformat(iso))
                case Drop():
                    self._drop = effect
                case Retry(in_s):
                    self._retry_s = in_s

    def _tell(self, sub: str, *, data: Any = None, refused: Refused | None = None) -> None:
        following = self._following.get(sub)
        if following is not None:
            following.data, following.refused = data, refused
            following.news.set()

    def _set_clock(self, stamp: datetime) -> None:
        """A stamp is late by the time that its frame was on its way: the one that was quickest stands."""
        expected, at = self.now(), asyncio.get_running_loop().time()
        if expected is None or stamp > expected or (expected - stamp).total_seconds() > _SET_S:
            self._clock = (stamp, at)
