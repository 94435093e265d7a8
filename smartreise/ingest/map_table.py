"""The table `[map]` of a region file: what a map is drawn on. Nothing but the feed's own lines is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from smartreise.model.region import MapTiles

_PLACES = ("{z}", "{x}", "{y}")


class MapTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Paths are relative to the region file. At most one of `tiles` and `pmtiles` is given."""

    #: GeoJSON of land and water, drawn where there are no tiles
    basemap: str | None = None
    #: address of picture tiles with {z}, {x} and {y}
    tiles: str | None = None
    #: a PMTiles archive of pictures or of vector tiles: a path or an address
    pmtiles: str | None = None
    attribution: str | None = None


def check_map(table: MapTable | None, folder: Path, bad: Any) -> None:
    """Raises what `bad` makes of the first mistake."""
    if table is None:
        return
    if table.tiles is not None and table.pmtiles is not None:
        raise bad("map", "tiles or pmtiles, not both")
    if table.tiles is not None and not (_is_address(table.tiles) and all(place in table.tiles for place in _PLACES)):
        raise bad("map.tiles", "an http or https address with {z}, {x} and {y} is allowed")
    if table.pmtiles is None or _is_address(table.pmtiles):
        return
    if "://" in table.pmtiles:
        raise bad("map.pmtiles", "a path, http or https is allowed")
    if not (folder / table.pmtiles).is_file():
        raise bad("map.pmtiles", f"no such file {folder / table.pmtiles}")


def tiles_of(table: MapTable | None, folder: Path) -> MapTiles | None:
    """The tiles of a table that was checked; None for none."""
    if table is None or (table.tiles is None and table.pmtiles is None):
        return None
    is_file = table.pmtiles is not None and not _is_address(table.pmtiles)
    return MapTiles(
        pictures=table.tiles,
        archive=None if is_file else table.pmtiles,
        file=(folder / str(table.pmtiles)).resolve() if is_file else None,
        attribution=table.attribution,
    )


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
