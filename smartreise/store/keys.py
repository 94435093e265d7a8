"""Every key and stream of the store, in one table.

All keys of a region share one hash tag, `smartreise:{region}:`, so that scripts over several of them work on a
cluster. Nothing ever lists keys by pattern.

| key | type | TTL | written by | holds |
|---|---|---|---|---|
| `…:datasets` | hash | none | leader | `kind:feed` → JSON of revision, made_at, size: what is on the shelf |
| `…:body:<kind>:<feed>` | string | none | leader | the newest dataset, whole |
| `…:coming:<kind>:<feed>:<token>` | string | 60 s | leader | a large dataset on its way, until its body is whole |
| `…:changes` | stream, ≤ 1,000 | none | leader | one entry a change: `name` = `kind:feed`, `revision` |
| `…:health` | hash | none | leader | feed → JSON of its health |
| `…:leader` | string | 7 s | ingest | who leads: the lease |
| `…:fence` | integer | none | ingest | newest fencing token; writes with an older one are refused |
| `…:clock` | string | none | ingest | seconds between the service's clock and the machine's |
| `…:schema` | hash | none | whoever starts first | `number`, `least`: see `store/schema.py`; durable |
| `…:before:<number>` | string | 30 days | who migrates | a backup of the durable part, from before a migration |
| `…:fleet:<kind>` | hash | none | gateways | id → JSON of a record; durable |
| `…:fleet:revision` | string | none | gateways | id of the newest entry of `…:changes` about these; durable |
| `…:fleet:audit` | stream, ≤ 10,000 | none | gateways | one entry a change: who, what, when; durable |
| `…:beats` | hash | none | gateways | display → JSON of its last heartbeat |
| `…:passing:<name>` | string | 10 min – 12 h | gateways | codes and screens that wait, sessions (by digest) |
| `…:bucket:<holder>` | hash | 2 min | gateways | uses left of a key, and when that was so |
| `…:uses` | hash | none | gateways | requests by key, a number and nothing else |

Kinds of records: `offices`, `displays`, `keys`, `tokens`, `notices`, `webhooks`; `fleet/records.py` says what they
hold. They exist nowhere else, so the store's append-only file has to be on (the embedded one's is).

Kinds of datasets: `static` (a feed's zip), `timetable` (the compiled blob, feed `region`), `realtime` (a feed's
message), `mobility` (a system's files, packed), `forecast` (what is told of a system's stations), `history` (what they
had in the last weeks; read by the next leader only), `delays` (how late vehicles were by line, station and part of the
day, feed `region`; at most 40,000 histograms).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CHANGES_KEPT: Final = 1000
LEASE_S: Final = 7
AUDIT_KEPT: Final = 10_000
BEFORE_KEPT_S: Final = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one region."""

    region: str

    def _key(self, name: str) -> str:
        return f"smartreise:{{{self.region}}}:{name}"

    @property
    def datasets(self) -> str:
        return self._key("datasets")

    def body(self, name: str) -> str:
        """Body of the dataset `kind:feed`."""
        return self._key(f"body:{name}")

    def coming(self, name: str, token: int) -> str:
        """Where the leader with a token gathers the pieces of a large body."""
        return self._key(f"coming:{name}:{token}")

    @property
    def changes(self) -> str:
        return self._key("changes")

    @property
    def health(self) -> str:
        return self._key("health")

    @property
    def leader(self) -> str:
        return self._key("leader")

    @property
    def fence(self) -> str:
        return self._key("fence")

    @property
    def clock(self) -> str:
        return self._key("clock")

    @property
    def schema(self) -> str:
        return self._key("schema")

    def before(self, number: int) -> str:
        """The durable part as a schema had it, before it was migrated."""
        return self._key(f"before:{number}")

    def fleet(self, kind: str) -> str:
        """Records of a kind."""
        return self._key(f"fleet:{kind}")

    @property
    def fleet_revision(self) -> str:
        return self._key("fleet:revision")

    @property
    def fleet_audit(self) -> str:
        return self._key("fleet:audit")

    @property
    def beats(self) -> str:
        return self._key("beats")

    def passing(self, name: str) -> str:
        """Something that is kept for a while."""
        return self._key(f"passing:{name}")

    def bucket(self, holder: str) -> str:
        """Uses left."""
        return self._key(f"bucket:{holder}")

    @property
    def uses(self) -> str:
        return self._key("uses")
