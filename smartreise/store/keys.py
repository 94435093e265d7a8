"""Every key and stream of the store, in one table.

All keys of a region share one hash tag, `smartreise:{region}:`, so that scripts over several of them work on a
cluster. Nothing ever lists keys by pattern.

| key | type | TTL | written by | holds |
|---|---|---|---|---|
| `…:datasets` | hash | none | leader | `kind:feed` → JSON of revision, made_at, size: what is on the shelf |
| `…:body:<kind>:<feed>` | string | none | leader | the newest dataset, whole |
| `…:changes` | stream, ≤ 1,000 | none | leader | one entry a change: `name` = `kind:feed`, `revision` |
| `…:health` | hash | none | leader | feed → JSON of its health |
| `…:leader` | string | 10 s | ingest | who leads: the lease |
| `…:fence` | integer | none | ingest | newest fencing token; writes with an older one are refused |
| `…:clock` | string | none | ingest | seconds between the service's clock and the machine's |

Kinds of datasets: `static` (a feed's zip), `timetable` (the compiled blob, feed `region`), `realtime` (a feed's
message), `mobility` (a system's files, packed).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CHANGES_KEPT: Final = 1000
LEASE_S: Final = 10


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
