"""Reads feeds/emissions.toml: grams CO2e per traveller-kilometre by mode, or mode and propulsion (``car_electric``)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from smartreise.model.problems import ConfigError


class _Factor(Struct, frozen=True, forbid_unknown_fields=True):
    g_per_km: float
    source: str
    year: int
    region: str
    approximate: bool


def load_emissions(path: Path) -> dict[str, float]:
    """Grams CO2e per traveller-kilometre. Raises `ConfigError`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        factors = msgspec.convert(raw["factors"], type=dict[str, _Factor])
    except (OSError, KeyError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ConfigError(f"{path}: {fault}") from None
    return {mode: factor.g_per_km for mode, factor in factors.items()}
