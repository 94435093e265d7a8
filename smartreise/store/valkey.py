"""The store itself, over Redis or Valkey. Only this module and `address` import redis.

A reader never relies on having seen every entry of the changes stream: an entry only wakes it, and then it
compares what stands on the shelf with what it holds. So a trimmed stream, a lost connection or a server that
came back empty all end in the same comparison.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from redis.exceptions import RedisClusterException, RedisError

from smartreise.model.feeds import FeedHealth
from smartreise.store.address import close_client, open_client
from smartreise.store.keys import CHANGES_KEPT, LEASE_S, Keys
from smartreise.store.migrations import Plan
from smartreise.store.schema import Kept, Schema
from smartreise.store.shelf import Dataset, Deposed, Entry, StoreLost

#: a body larger than this goes to the server in pieces: the client would hold it twice more
PIECE: Final = 4 * 2**20
#: for gathering the pieces (ms)
COMING_MS: Final = 60_000
#: writes a dataset and announces it, unless another leader has taken over; a body that came in pieces (KEYS[5], of
#: ARGV[4] bytes) takes its place by a rename
_PUT: Final = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > tonumber(ARGV[1]) then return 0 end
if KEYS[5] then
  if redis.call('STRLEN', KEYS[5]) ~= tonumber(ARGV[4]) then return -1 end
  redis.call('RENAME', KEYS[5], KEYS[2])
  redis.call('PERSIST', KEYS[2])
else
  redis.call('SET', KEYS[2], ARGV[4])
end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[5], '*', 'name', ARGV[2])
return 1
"""
_PUT_HEALTH: Final = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
if ARGV[5] == '1' then redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'name', 'health:' .. ARGV[2]) end
return 1
"""
#: takes the lease if nobody has it, with a token greater than every one before. It follows the server's clock: a
#: replica that took over before it got the last token could give the same number out again if it merely counted.
_LEAD: Final = """
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
local time = redis.call('TIME')
local token = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('SET', KEYS[2], string.format('%.0f', token))
return token
"""
_RENEW: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_RESIGN: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class _Meta(msgspec.Struct):
    revision: str
    made_at: int | None


class Store:
    """One region's shelf. Every method raises `StoreLost` when the server does not answer."""

    def __init__(self, url: str, region: str, plan: Plan | None = None) -> None:
        self._redis: Any = open_client(url)
        self.keys = Keys(region)
        self.schema = Schema(self._redis, self.keys, plan or Plan())
        self._put = self.schema.guarded(_PUT)
        self._put_health = self.schema.guarded(_PUT_HEALTH)
        self._lead = self.schema.guarded(_LEAD)
        self._renew = self._redis.register_script(_RENEW)
        self._resign = self._redis.register_script(_RESIGN)

    @property
    def connection(self) -> Any:
        """The client itself, for the other shelves of this room."""
        return self._redis

    async def close(self) -> None:
        await close_client(self._redis)

    async def ping(self) -> None:
        """Is the server there?"""
        async with lost():
            await self._redis.ping()

    async def agree(self) -> None:
        """Bring the store to our schema where it is older. Raises `SchemaRefused` where it is newer."""
        async with lost():
            await self.schema.agree()

    async def kept(self) -> Kept:
        """In which schema the store is kept."""
        async with lost():
            return await self.schema.kept()

    async def find_before(self, number: int) -> bytes | None:
        """The backup from before a migration of this schema, while it is kept."""
        async with lost():
            return await self.schema.before(number)

    async def facts(self) -> dict[str, Any]:
        """What the server says of itself: version, role, memory, append-only file."""
        async with lost():
            found: dict[str, Any] = await self._redis.info()
        return found

    async def put(self, dataset: Dataset, token: int) -> None:
        """Shelve a dataset and announce it in one step. Raises `Deposed` when a newer leader writes."""
        keys = self.keys
        meta = msgspec.json.encode(_Meta(dataset.revision, dataset.made_at))
        shelf = [keys.fence, keys.body(dataset.name), keys.datasets, keys.changes]
        async with lost():
            if len(dataset.body) <= PIECE:
                written = await self._put(keys=shelf, args=[token, dataset.name, meta, dataset.body, CHANGES_KEPT])
            else:
                coming = keys.coming(dataset.name, token)
                await self._gather(coming, dataset.body)
                size = len(dataset.body)
                written = await self._put(keys=[*shelf, coming], args=[token, dataset.name, meta, size, CHANGES_KEPT])
        if not written:
            raise Deposed("another ingest leads now")
        if written < 0:
            raise StoreLost(f"the store did not keep the pieces of {dataset.name}")

    async def _gather(self, coming: str, body: bytes) -> None:
        await self._redis.delete(coming)
        whole = memoryview(body)
        for at in range(0, len(body), PIECE):
            await self._redis.append(coming, whole[at : at + PIECE])
            await self._redis.pexpire(coming, COMING_MS)

    async def put_health(self, health: FeedHealth, token: int, *, announce: bool) -> None:
        """Write how a feed is; ``announce`` wakes the readers. Raises `Deposed`."""
        keys = self.keys
        async with lost():
            written = await self._put_health(
                keys=[keys.fence, keys.health, keys.changes],
                args=[token, health.id, msgspec.json.encode(health), CHANGES_KEPT, int(announce)],
            )
        if not written:
            raise Deposed("another ingest leads now")

    async def list_entries(self) -> dict[str, Entry]:
        """What is on the shelf, by `kind:feed`."""
        async with lost():
            rows = await self._redis.hgetall(self.keys.datasets)
        found = {}
        for name, meta in rows.items():
            kind, _, feed = name.decode().partition(":")
            held = msgspec.json.decode(meta, type=_Meta)
            found[name.decode()] = Entry(kind, feed, held.revision, held.made_at)
        return found

    async def find_body(self, name: str) -> bytes | None:
        """Body of the dataset `kind:feed`."""
        async with lost():
            body: bytes | None = await self._redis.get(self.keys.body(name))
        return body

    async def list_health(self, feeds: Iterable[str]) -> dict[str, FeedHealth]:
        """Health by feed, of those that have one."""
        wanted = list(feeds)
        if not wanted:
            return {}
        async with lost():
            rows = await self._redis.hmget(self.keys.health, wanted)
        return {
            feed: msgspec.json.decode(row, type=FeedHealth)
            for feed, row in zip(wanted, rows, strict=True)
            if row is not None
        }

    async def wait_for_change(self, cursor: str, timeout_s: float) -> str:
        """Wait until something is announced after ``cursor`` ("$": from now), or the time is over; the new cursor."""
        async with lost():
            if cursor == "$":
                last = await self._redis.xrevrange(self.keys.changes, count=1)
                return last[0][0].decode() if last else "0-0"
            streams = await self._redis.xread({self.keys.changes: cursor}, count=100, block=int(timeout_s * 1000))
            if streams:
                return str(streams[0][1][-1][0].decode())
            last = await self._redis.xrevrange(self.keys.changes, count=1)
        return last[0][0].decode() if last else "0-0"

    async def lead(self, owner: str) -> int | None:
        """Take the lease if nobody has it: a fencing token, else None."""
        async with lost():
            token = await self._lead(keys=[self.keys.leader, self.keys.fence], args=[owner, LEASE_S * 1000])
        return int(token) or None

    async def renew(self, owner: str) -> bool:
        """Keep the lease; False when it is no longer ours."""
        async with lost():
            return bool(await self._renew(keys=[self.keys.leader], args=[owner, LEASE_S * 1000]))

    async def resign(self, owner: str) -> None:
        """Give the lease back."""
        async with lost():
            await self._resign(keys=[self.keys.leader], args=[owner])

    async def set_clock(self, offset_s: float) -> None:
        """Tell gateways how far the service's clock is from the machine's."""
        async with lost():
            await self._redis.set(self.keys.clock, repr(offset_s))

    async def find_clock(self) -> float | None:
        """The clock's offset in seconds, if one was set."""
        async with lost():
            value = await self._redis.get(self.keys.clock)
        return None if value is None else float(value)


@asynccontextmanager
async def lost() -> AsyncIterator[None]:
    """Turn what the client raises when the server is away into `StoreLost`.

    Python 3.11's `wait_for`, which the client uses, forgets a cancellation that meets an answer: it is heeded here,
    else a task that only talks to the store could not be ended.
    """
    task = asyncio.current_task()
    asked_before = task.cancelling() if task is not None else 0
    try:
        yield
    except (RedisError, RedisClusterException, OSError, asyncio.IncompleteReadError) as fault:
        _heed_cancellation(task, asked_before)
        raise StoreLost(f"the store does not answer: {fault}") from fault
    _heed_cancellation(task, asked_before)


def _heed_cancellation(task: asyncio.Task[Any] | None, asked_before: int) -> None:
    if task is not None and task.cancelling() > asked_before:
        raise asyncio.CancelledError
