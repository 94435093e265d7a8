"""Tables of a region file about answers: how suggestions are weighed, which streets there are, who knows addresses."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from smartreise.model.region import Weights

_Weight = Annotated[float, Meta(ge=0, le=86_400)]
Share = Annotated[float, Meta(ge=0, le=1)]
_USUAL: Final = Weights()


class RankingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`model.region.Weights`."""

    wait_gain: Share = _USUAL.wait_gain
    change_s: _Weight = _USUAL.change_s
    walk: _Weight = _USUAL.walk
    ride: _Weight = _USUAL.ride
    car_s: _Weight = _USUAL.car_s
    tight_s: _Weight = _USUAL.tight_s
    missed_s: _Weight = _USUAL.missed_s
    gram_s: _Weight = _USUAL.gram_s


class StreetTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An extract of OpenStreetMap to route walking and cycling on: a path, relative to the region file."""

    osm: str


class GeocoderTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Pelias server that knows addresses. `url` without /v1."""

    url: str
    headers: dict[str, str] = {}
    timeout: str | int | float = "1.5s"
    #: which of the server's questions is asked
    endpoint: Literal["search", "autocomplete"] = "search"
    attribution: str | None = None


def weights_of(table: RankingTable) -> Weights:
    """The weights of a table."""
    return Weights(**{name: getattr(table, name) for name in table.__struct_fields__})
