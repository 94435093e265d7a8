"""The table [map]: which tiles a region may name, and what is said of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartreise.ingest.catalogue import load
from smartreise.model.problems import ConfigError
from smartreise.model.region import MapTiles

REGION = '[region]\nid = "r"\nname = "R"\ntimezone = "Europe/Oslo"\n[[static]]\nid = "s"\nurl = "s.zip"\n[map]\n'


def read(folder: Path, table: str) -> MapTiles | None:
    (folder / "s.zip").touch()
    file = folder / "r.toml"
    file.write_text(REGION + table, encoding="utf-8")
    return load(str(file), environ={}).tiles


def test_none_are_needed(tmp_path: Path) -> None:
    assert read(tmp_path, 'basemap = "b.geojson"') is None


def test_tiles_and_archives_elsewhere_and_our_own(tmp_path: Path) -> None:
    pictures = read(tmp_path, 'tiles = "https://t.example/{z}/{x}/{y}.png"\nattribution = "© T"')
    assert pictures == MapTiles("https://t.example/{z}/{x}/{y}.png", None, None, "© T")
    assert read(tmp_path, 'pmtiles = "https://t.example/oslo.pmtiles"') == MapTiles(
        None, "https://t.example/oslo.pmtiles", None, None
    )
    (tmp_path / "oslo.pmtiles").write_bytes(b"PMTiles")
    assert read(tmp_path, 'pmtiles = "oslo.pmtiles"') == MapTiles(None, None, tmp_path / "oslo.pmtiles", None)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('tiles = "https://t.example/tile.png"', r"map.tiles: an http or https address with \{z\}, \{x\} and \{y\}"),
        ('tiles = "ftp://t.example/{z}/{x}/{y}"', r"map.tiles: an http or https address"),
        ('pmtiles = "none.pmtiles"', r"map.pmtiles: no such file"),
        ('pmtiles = "s3://bucket/oslo.pmtiles"', r"map.pmtiles: a path, http or https"),
        ('tiles = "https://t/{z}/{x}/{y}"\npmtiles = "https://t/o"', r"map: tiles or pmtiles, not both"),
        ('style = "x"', r"style"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        read(tmp_path, table)
    assert len(str(raised.value).splitlines()) == 1
