"""The durable part of the store as one thing: offices, displays, keys, tokens, notices, the log and the counts.

For backups, and for a store that came back empty: a gateway that still holds the durable part puts it back.
"""

from __future__ import annotations

from typing import Final

from smartreise import __version__
from smartreise.store.backup import KINDS, Durable
from smartreise.store.keys import AUDIT_KEPT, CHANGES_KEPT
from smartreise.store.valkey import Store, lost

#: KEYS: revision, changes, audit, uses, schema, then a hash for each kind. ARGV: what to do where something is there,
#: or where others keep the store in another form ("keep": nothing, "replace": drop it first), bounds of the two
#: streams, our schema and the least, who we are, and for each kind, the log and the counts a length and as many values
_PUT_BACK: Final = """
if ARGV[1] == 'keep' then
  if redis.call('EXISTS', KEYS[1]) == 1 then return false end
  if (redis.call('HGET', KEYS[5], 'number') or ARGV[4]) ~= ARGV[4] then return false end
end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('HSET', KEYS[5], 'number', ARGV[4], 'least', ARGV[5], 'by', ARGV[6])
local at = 7
for kind = 6, #KEYS do
  redis.call('DEL', KEYS[kind])
  local fields = tonumber(ARGV[at])
  for i = at + 1, at + fields, 2 do redis.call('HSET', KEYS[kind], ARGV[i], ARGV[i + 1]) end
  at = at + fields + 1
end
local lines = tonumber(ARGV[at])
for i = at + 1, at + lines do redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*', 'entry', ARGV[i]) end
at = at + lines + 1
local counts = tonumber(ARGV[at])
for i = at + 1, at + counts, 2 do redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1]) end
local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'name', 'fleet')
redis.call('SET', KEYS[1], id)
return id
"""


class DurableShelf:
    """One region's. Every method raises `StoreLost` when the server does not answer."""

    def __init__(self, store: Store) -> None:
        self._redis = store.connection
        self._keys = store.keys
        self._plan = store.schema.plan
        self._put_back = self._redis.register_script(_PUT_BACK)

    async def take(self, *, audit: int = AUDIT_KEPT) -> Durable:
        """All of it, with the newest ``audit`` lines of the log."""
        keys = self._keys
        async with lost():
            records = {kind: await self._redis.hgetall(keys.fleet(kind)) for kind in KINDS}
            lines = await self._redis.xrevrange(keys.fleet_audit, count=audit)
            uses = await self._redis.hgetall(keys.uses)
        return Durable(
            records={kind: {name.decode(): body for name, body in rows.items()} for kind, rows in records.items()},
            audit=tuple(fields[b"entry"] for _, fields in reversed(lines)),
            uses={name.decode(): int(number) for name, number in uses.items()},
        )

    async def put_back(self, durable: Durable, *, replace: bool) -> str | None:
        """Write all of it, which has our schema, in one step and tell everybody: the fleet's new revision. None, and
        nothing written, where something is there already or another schema is kept, and ``replace`` is not set."""
        keys, plan = self._keys, self._plan
        arguments: list[bytes | str | int] = ["replace" if replace else "keep", AUDIT_KEPT, CHANGES_KEPT]
        arguments += [plan.schema, plan.least, __version__]
        for kind in KINDS:
            pairs = [part for pair in sorted(durable.records.get(kind, {}).items()) for part in pair]
            arguments += [len(pairs), *pairs]
        arguments += [len(durable.audit), *durable.audit]
        counts = [part for pair in sorted(durable.uses.items()) for part in pair]
        arguments += [len(counts), *counts]
        named = [keys.fleet_revision, keys.changes, keys.fleet_audit, keys.uses, keys.schema, *map(keys.fleet, KINDS)]
        async with lost():
            revision = await self._put_back(keys=named, args=arguments)
        return None if revision is None else str(revision.decode())
