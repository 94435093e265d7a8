"""The number that says in which form a store is kept, and its migration by the first process that needs it.

The hash `…:schema` holds `number`, and `least`: the oldest schema whose programs may still write. Old and new processes
stand side by side during an update, so each script that writes looks at both, in the same step as it writes:

- a store without number or with an older one is brought up to date first, by whoever comes first; each step is one
  script that names the number and the revision that it saw, so of several that try one is done and none twice, and a
  kill leaves a step whole or not begun;
- a store with a newer number whose `least` allows it is written as always;
- any other newer store is refused: gateways serve what they hold and say why, ingest stands by. Reads follow what was
  found last, two seconds ago at most.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from redis.exceptions import ResponseError

from smartreise import __version__
from smartreise.fleet.shelf import RecordKind
from smartreise.store.backup import KINDS, Durable, encode_backup
from smartreise.store.keys import BEFORE_KEPT_S, CHANGES_KEPT, Keys
from smartreise.store.migrations import Migration, Plan, Records, copied
from smartreise.store.shelf import SchemaRefused

log = logging.getLogger(__name__)

#: stands before every script that writes; takes the schema's key and our number off KEYS and ARGV
GUARD: Final = """
local ours, kept = tonumber(table.remove(ARGV, 1)), redis.call('HMGET', table.remove(KEYS, 1), 'number', 'least', 'by')
if tonumber(kept[1] or '-1') < ours then return redis.error_reply('OLDER') end
if tonumber(kept[2] or '0') > ours then
  return redis.error_reply('NEWER schema ' .. kept[1] .. ' by version ' .. (kept[3] or '?'))
end
"""
#: a store that holds nothing gets our number; 0 where somebody was faster, -1 where it holds something
_NUMBER: Final = """
if redis.call('HEXISTS', KEYS[1], 'number') == 1 then return 0 end
if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return -1 end
redis.call('HSET', KEYS[1], 'number', ARGV[1], 'least', ARGV[2], 'by', ARGV[3])
return 1
"""
#: KEYS: schema, revision, changes, datasets, before, a hash for each kind that changes, bodies to forget. ARGV: from,
#: to, least, by, revision seen, bound of changes, seconds to keep the backup, backup, number of kinds; for each kind
#: how many fields and values to set, and they, how many to drop, and they; names of datasets to forget
_STEP: Final = """
if (redis.call('HGET', KEYS[1], 'number') or '0') ~= ARGV[1] then return 0 end
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[5] then return 0 end
redis.call('SET', KEYS[5], ARGV[8], 'EX', ARGV[7])
local kinds, at = tonumber(ARGV[9]), 10
for kind = 6, 5 + kinds do
  local fields = tonumber(ARGV[at])
  for i = at + 1, at + fields, 2 do redis.call('HSET', KEYS[kind], ARGV[i], ARGV[i + 1]) end
  at = at + fields + 1
  local gone = tonumber(ARGV[at])
  for i = at + 1, at + gone do redis.call('HDEL', KEYS[kind], ARGV[i]) end
  at = at + gone + 1
end
for i = 6 + kinds, #KEYS do redis.call('DEL', KEYS[i]) end
for i = at, #ARGV do redis.call('HDEL', KEYS[4], ARGV[i]) end
redis.call('HSET', KEYS[1], 'number', ARGV[2], 'least', ARGV[3], 'by', ARGV[4])
local id = redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'name', 'fleet')
if ARGV[5] ~= '' then redis.call('SET', KEYS[2], id) end
return 1
"""

Script = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a store is kept. `number` None: nothing says so; it is empty, or older than numbers are."""

    number: int | None
    least: int
    by: str


class Schema:
    """One region's. What the client raises goes through; `store.valkey.lost` turns it into `StoreLost`."""

    def __init__(self, redis: Any, keys: Keys, plan: Plan) -> None:
        self._redis = redis
        self._keys = keys
        self.plan = plan
        self._number = redis.register_script(_NUMBER)
        self._step = redis.register_script(_STEP)
        self._time = redis.register_script("return redis.call('TIME')[1]")
        self._told: int | None = None
        self._refused: SchemaRefused | None = None

    def need(self) -> None:
        """For who reads: raises `SchemaRefused` where the store was last found to be of no use to us."""
        if self._refused is not None:
            raise SchemaRefused(str(self._refused))

    def guarded(self, script: str) -> Script:
        """A script that writes only into a store that this program may write. Raises `SchemaRefused`."""
        registered = self._redis.register_script(GUARD + script)

        async def run(*, keys: Iterable[str], args: Iterable[Any]) -> Any:
            given = {"keys": [self._keys.schema, *keys], "args": [self.plan.schema, *args]}
            try:
                return await registered(**given)
            except ResponseError as fault:
                if str(fault).startswith("NEWER"):
                    raise self._refusal(str(fault).removeprefix("NEWER ")) from None
                if not str(fault).startswith("OLDER"):
                    raise
            await self.agree()
            return await registered(**given)

        return run

    async def kept(self) -> Kept:
        """What the store says of itself."""
        number, least, by = await self._redis.hmget(self._keys.schema, "number", "least", "by")
        return Kept(None if number is None else int(number), int(least or 0), (by or b"?").decode())

    async def agree(self) -> None:
        """Bring the store up to date where it is older, and see that we may use it. Raises `SchemaRefused`."""
        while True:
            kept = await self.kept()
            if kept.number is None and await self._is_numbered_anew():
                self._refused = None
                return
            number = kept.number or 0
            if number >= self.plan.schema:
                self._judge(kept)
                return
            await self._take_step(number, self.plan.from_schema(number)[0])

    async def _is_numbered_anew(self) -> bool:
        keys = [self._keys.schema, self._keys.fleet_revision, self._keys.datasets]
        done: int = await self._number(keys=keys, args=[self.plan.schema, self.plan.least, __version__])
        return done == 1

    def _judge(self, kept: Kept) -> None:
        if kept.least > self.plan.schema:
            raise self._refusal(f"schema {kept.number} by version {kept.by}")
        self._refused = None
        if kept.number != self.plan.schema and kept.number != self._told:
            log.info("the store is kept in schema %s; this version, of %d, may go on", kept.number, self.plan.schema)
        self._told = kept.number

    def _refusal(self, kept: str) -> SchemaRefused:
        text = f"the store is kept in {kept}, this one ({__version__}) knows {self.plan.schema}: update it"
        self._refused = SchemaRefused(text)
        return self._refused

    async def _take_step(self, number: int, step: Migration) -> None:
        """One migration, unless somebody else made it or wrote something meanwhile: then the caller looks again."""
        seen = await self._redis.get(self._keys.fleet_revision)
        held = await self._take()
        made_at = await self._time(keys=[self._keys.schema])
        wanted = step.change(copied(held.records))
        forgotten = [n.decode() for n in await self._redis.hkeys(self._keys.datasets) if _kind(n) in step.forgets]
        changed = [kind for kind in KINDS if wanted.get(kind, {}) != held.records[kind]]
        done = await self._step(
            keys=[
                *(self._keys.schema, self._keys.fleet_revision, self._keys.changes, self._keys.datasets),
                *(self._keys.before(number), *map(self._keys.fleet, changed), *map(self._keys.body, forgotten)),
            ],
            args=[
                *(number, step.to, step.least, __version__, seen or b"", CHANGES_KEPT, BEFORE_KEPT_S),
                encode_backup(held, region=self._keys.region, made_at=float(made_at), schema=number),
                len(changed),
                *(part for kind in changed for part in _difference(held.records, wanted, kind)),
                *forgotten,
            ],
        )
        if done:
            log.warning("the store was brought from schema %d to %d: %s", number, step.to, step.what)

    async def _take(self) -> Durable:
        lines = await self._redis.xrange(self._keys.fleet_audit)
        uses = await self._redis.hgetall(self._keys.uses)
        records: Records = {}
        for kind in KINDS:
            rows = await self._redis.hgetall(self._keys.fleet(kind))
            records[kind] = {name.decode(): body for name, body in rows.items()}
        return Durable(
            records=records,
            audit=tuple(fields[b"entry"] for _, fields in lines),
            uses={name.decode(): int(number) for name, number in uses.items()},
        )

    async def before(self, number: int) -> bytes | None:
        """The backup from before a migration of this schema, while it is kept."""
        found: bytes | None = await self._redis.get(self._keys.before(number))
        return found


def _kind(name: bytes) -> str:
    return name.decode().partition(":")[0]


def _difference(held: Records, wanted: Records, kind: RecordKind) -> list[bytes | str | int]:
    before, after = held[kind], wanted.get(kind, {})
    pairs = [part for name, body in sorted(after.items()) if before.get(name) != body for part in (name, body)]
    gone = sorted(before.keys() - after.keys())
    return [len(pairs), *pairs, len(gone), *gone]
