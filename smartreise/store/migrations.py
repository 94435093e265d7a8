"""In which form the store keeps things, as a number, and how each form is made of the one before.

A step is a pure function over the durable part's records. Datasets are not migrated: they come from the feeds again,
the timetable from the zip on the shelf; a step names the kinds that are of no more use.

To change the form: raise `SCHEMA`, add a step to `MIGRATIONS`, and say in `least` whether programs of the schema
before may go on writing beside new ones. They may where the change only adds what they leave alone; they may not
where they would write something that new programs misread. docs/operating.md tells operators what follows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from smartreise.fleet.shelf import RecordKind
from smartreise.model.problems import ConfigError

SCHEMA: Final = 1

#: kind → id → what the store holds
Records = dict[RecordKind, dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Migration:
    """From the schema before `to`. `least`: the oldest schema whose programs may still write; `change` takes a copy
    that it may alter, and must give the same for the same; `forgets`: kinds of datasets that are of no more use."""

    to: int
    what: str
    least: int
    change: Callable[[Records], Records]
    forgets: frozenset[str] = frozenset()


def _as_it_is(records: Records) -> Records:
    return records


MIGRATIONS: Final[tuple[Migration, ...]] = (
    # stores of before had no number; what they hold has the form of schema 1
    Migration(to=1, what="a number for what the store holds", least=0, change=_as_it_is),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps that a program knows, in order from 1; the last one leads to its own schema."""

    steps: Sequence[Migration] = MIGRATIONS

    @property
    def schema(self) -> int:
        return self.steps[-1].to

    @property
    def least(self) -> int:
        """The oldest program that may write beside this one."""
        return self.steps[-1].least

    def from_schema(self, number: int) -> Sequence[Migration]:
        """What is left to do."""
        return [step for step in self.steps if step.to > number]

    def migrated(self, records: Records, number: int) -> Records:
        """Records of an older schema in the form of this one. Raises `ConfigError` for a newer one."""
        if number > self.schema:
            raise ConfigError(f"made by schema {number}, this version knows {self.schema}: use a newer version")
        for step in self.from_schema(number):
            records = step.change(copied(records))
        return records


def copied(records: Records) -> Records:
    return {kind: dict(rows) for kind, rows in records.items()}
