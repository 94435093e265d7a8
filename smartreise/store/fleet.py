"""Offices, displays, keys and all that administration keeps: the `fleet.shelf.Shelf` over Redis or Valkey.

What a reader would get wrong: records, their audit lines, the fleet's revision and the news of it are one script, so
that no kill, however timed, leaves one without the others: Redis writes a script's changes into its append-only file as
one transaction, before it answers, and on loading drops one that is not whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from smartreise.fleet.shelf import RecordKind, Swap
from smartreise.store.keys import AUDIT_KEPT, CHANGES_KEPT
from smartreise.store.valkey import Store, lost

#: how long, and how often, the append-only file of a busy disk is waited for (s; times)
_ON_FILE_S: Final = 0.01
_ON_FILE_TRIES: Final = 300

#: puts records in place of those that the writer saw, four arguments each from the third on; "" stands for none
_WRITE: Final = """
for i = 3, #ARGV, 4 do
    if (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i + 1] then return false end
end
for i = 3, #ARGV, 4 do
    if ARGV[i + 2] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
    else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[1], '*', 'entry', ARGV[i + 3])
end
local id = redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[2], '*', 'name', 'fleet')
redis.call('SET', KEYS[2], id)
return id
"""
#: a bucket that holds ARGV[1] uses and refills in a minute; the store's own clock, so that gateways agree
_TAKE: Final = """
local most = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local held = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = most
if held[1] then left = math.min(most, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) * most / 60) end
if left < 1 then return {-1, tostring((1 - left) * 60 / most)} end
left = left - 1
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], 120)
if ARGV[3] == '1' then redis.call('HINCRBY', KEYS[2], ARGV[2], 1) end
return {math.floor(left), tostring((most - left) * 60 / most)}
"""


class FleetShelf:
    """One region's. Every method raises `StoreLost` when the server does not answer."""

    def __init__(self, store: Store) -> None:
        self._redis = store.connection
        self._keys = store.keys
        self._schema = store.schema
        self._write = store.schema.guarded(_WRITE)
        self._take = self._redis.register_script(_TAKE)

    async def revision(self) -> str | None:
        """The newest change's, None where there was none yet. Later ones are greater by `order_of`."""
        async with lost():
            found = await self._redis.get(self._keys.fleet_revision)
        return None if found is None else str(found.decode())

    async def find(self, kind: RecordKind, id_: str) -> bytes | None:
        self._schema.need()
        async with lost():
            found: bytes | None = await self._redis.hget(self._keys.fleet(kind), id_)
        return found

    async def list_records(self, kind: RecordKind) -> dict[str, bytes]:
        self._schema.need()
        async with lost():
            rows = await self._redis.hgetall(self._keys.fleet(kind))
        return {name.decode(): body for name, body in rows.items()}

    async def write(self, kind: RecordKind, swaps: Sequence[Swap]) -> str | None:
        keys = self._keys
        told = [part for swap in swaps for part in (swap.id, swap.old or b"", swap.new or b"", swap.audit)]
        async with lost():
            revision = await self._write(
                keys=[keys.fleet(kind), keys.fleet_revision, keys.fleet_audit, keys.changes],
                args=[AUDIT_KEPT, CHANGES_KEPT, *told],
            )
            if revision is not None:
                await self._until_on_file()
        return None if revision is None else str(revision.decode())

    async def _until_on_file(self) -> None:
        """Until the server has written its append-only file: while its disk is busy (`appendfsync everysec`) it answers
        before that, for two seconds at most, and killed then it would lose what an administrator was told is kept.
        After three seconds it is left to the server. Raises what the client does."""
        for _ in range(_ON_FILE_TRIES):
            told = await self._redis.info("persistence")
            if not told.get("aof_buffer_length"):  # a server without such a file, and a cluster, say nothing of it
                return
            await asyncio.sleep(_ON_FILE_S)

    async def list_audit(self, limit: int, *, before: str | None = None) -> list[tuple[str, bytes]]:
        self._schema.need()
        newest = "+" if before is None else f"({before}"
        async with lost():
            entries = await self._redis.xrevrange(self._keys.fleet_audit, max=newest, count=limit)
        return [(id_.decode(), fields[b"entry"]) for id_, fields in entries]

    async def put_passing(self, name: str, value: bytes, ttl_s: int) -> bool:
        async with lost():
            return bool(await self._redis.set(self._keys.passing(name), value, ex=ttl_s, nx=True))

    async def set_passing(self, name: str, value: bytes, ttl_s: int) -> None:
        async with lost():
            await self._redis.set(self._keys.passing(name), value, ex=ttl_s)

    async def find_passing(self, name: str) -> bytes | None:
        async with lost():
            found: bytes | None = await self._redis.get(self._keys.passing(name))
        return found

    async def drop_passing(self, *names: str) -> None:
        async with lost():
            await self._redis.delete(*(self._keys.passing(name) for name in names))

    async def put_beat(self, display: str, beat: bytes) -> None:
        async with lost():
            await self._redis.hset(self._keys.beats, display, beat)

    async def drop_beat(self, display: str) -> None:
        async with lost():
            await self._redis.hdel(self._keys.beats, display)

    async def list_beats(self) -> dict[str, bytes]:
        async with lost():
            rows = await self._redis.hgetall(self._keys.beats)
        return {name.decode(): body for name, body in rows.items()}

    async def take(self, bucket: str, per_minute: int, *, count: bool = False) -> tuple[int, float]:
        keys = self._keys
        async with lost():
            left, seconds = await self._take(
                keys=[keys.bucket(bucket), keys.uses], args=[per_minute, bucket, int(count)]
            )
        return int(left), float(seconds)

    async def list_uses(self) -> dict[str, int]:
        async with lost():
            rows = await self._redis.hgetall(self._keys.uses)
        return {name.decode(): int(number) for name, number in rows.items()}


def order_of(revision: str) -> tuple[int, int]:
    """Where a revision stands among others."""
    at, _, number = revision.partition("-")
    return int(at), int(number)
