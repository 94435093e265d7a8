"""The durable part as one record, and as a file of JSON with the schema that it has."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Final, get_args

import msgspec

from smartreise.fleet.shelf import RecordKind
from smartreise.model.problems import ConfigError

KINDS: Final[tuple[RecordKind, ...]] = get_args(RecordKind)
FORMAT: Final = "smartreise-backup"
#: 1: without a schema, which was 0
VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Durable:
    """Records by kind and id, the log's lines from old to new, and requests by key."""

    records: dict[RecordKind, dict[str, bytes]]
    audit: tuple[bytes, ...] = ()
    uses: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """No record of any kind."""
        return not any(self.records.values())


class Backup(msgspec.Struct, forbid_unknown_fields=True):
    """The file. Records are base64 of what the store holds, so that they come back byte for byte."""

    format: str
    version: int
    region: str
    made_at: float
    records: dict[str, dict[str, str]]
    audit: list[str]
    uses: dict[str, int]
    schema: int = 0


def encode_backup(held: Durable, *, region: str, made_at: float, schema: int) -> bytes:
    """The file's bytes."""
    records: dict[str, dict[str, str]] = {
        kind: {name: base64.b64encode(body).decode() for name, body in sorted(held.records.get(kind, {}).items())}
        for kind in KINDS
    }
    lines = [base64.b64encode(line).decode() for line in held.audit]
    whole = Backup(FORMAT, VERSION, region, made_at, records, lines, held.uses, schema)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1)


def decode_backup(raw: bytes) -> tuple[Durable, int]:
    """What a file holds, and its schema. Raises `ConfigError` for one that is no backup, or of a newer version."""
    try:
        whole = msgspec.json.decode(raw, type=Backup)
        if whole.format != FORMAT or not 1 <= whole.version <= VERSION:
            raise ConfigError(f"not a backup that this version reads ({whole.format} {whole.version})")
        durable = Durable(
            records={
                kind: {name: _bytes(body) for name, body in whole.records.get(kind, {}).items()} for kind in KINDS
            },
            audit=tuple(map(_bytes, whole.audit)),
            uses=whole.uses,
        )
    except (msgspec.MsgspecError, ValueError) as fault:
        raise ConfigError(f"not a backup: {fault}") from None
    return durable, whole.schema


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
