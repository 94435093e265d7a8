"""Any bytes: a refusal by name, never another exception. Inputs that once broke something stay in `corpus/`."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from tests.fuzz.mutate import mutate
from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
#: inputs a target; together more than 10,000
INPUTS = {"zip": 700, "csv": 150, "protobuf": 5000, "gbfs": 3000, "toml": 700, "frame": 5000, "blob": 500}


@pytest.mark.parametrize("name", list(TARGETS))
def test_the_corpus_does_no_harm(name: str) -> None:
    target = TARGETS[name]
    for seed in [*target.seeds(), b"", b"\x00", *(path.read_bytes() for path in sorted(CORPUS.glob(f"{name}-*")))]:
        target.eat(seed)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", list(TARGETS))
def test_mutations_do_no_harm(name: str) -> None:
    target, chance = TARGETS[name], random.Random(zlib.crc32(name.encode()))
    seeds = target.seeds() + [path.read_bytes() for path in sorted(CORPUS.glob(f"{name}-*"))]
    for number in range(INPUTS[name]):
        data = mutate(chance.choice(seeds), chance, seeds)
        try:
            target.eat(data)
        except Exception as fault:
            kept = CORPUS / f"{name}-{zlib.crc32(data):08x}"
            kept.write_bytes(data)
            raise AssertionError(f"input {number}, kept as {kept.name}, broke it: {fault!r}") from fault
