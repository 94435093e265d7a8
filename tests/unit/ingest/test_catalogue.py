"""A region file's mistakes are told in one line that names file, key and what is allowed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from smartreise.ingest.catalogue import FEEDS_FOLDER, load, need_files, with_simulator
from smartreise.model.problems import ConfigError

GOOD = """
[region]
id = "r"
name = "Region"
timezone = "Europe/Oslo"

[[static]]
id = "gtfs"
url = "feed.zip"

[[realtime]]
id = "rt"
static = "gtfs"
url = "https://example.org/rt?who=${WHO}"
interval = "20s"
headers = { "X-Name" = "${NAME:-nobody}" }

[[office]]
id = "hq"
name = "Head office"
lat = 59.9
lon = 10.6
destinations = [ { name = "Oslo S", stop = "NSR:StopPlace:337" } ]
"""


def write(folder: Path, text: str) -> str:
    file = folder / "region.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_good_file_is_read_and_filled_in(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD), environ={"WHO": "me"})
    assert config.static[0].url == str(tmp_path / "feed.zip")
    assert config.realtime[0].url == "https://example.org/rt?who=me"
    assert config.realtime[0].interval_s == 20
    assert config.realtime[0].headers == {"X-Name": "nobody"}
    assert config.offices[0].destinations[0].stop == "NSR:StopPlace:337"
    assert config.region.emissions_g_per_km["car_alone"] > config.region.emissions_g_per_km["bus"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[region]", "[region]\ncolour = 1"), ["region.colour", "unknown key", "timezone"]),
        (('timezone = "Europe/Oslo"', 'timezone = "Oslo"'), ["region.timezone", "Europe/Oslo"]),
        (('name = "Region"', ""), ["region.name", "missing"]),
        (('static = "gtfs"', 'static = "other"'), ["realtime[0].static", "other"]),
        (('id = "rt"', 'id = "gtfs"'), ["realtime[0].id", "twice"]),
        (('interval = "20s"', 'interval = "soon"'), ["realtime[0].interval", "15s"]),
        (("lat = 59.9", "lat = 99.9"), ["office[0].lat", "90"]),
        (("lat = 59.9", 'lat = "north"'), ["office[0].lat", "float"]),
        ((', stop = "NSR:StopPlace:337"', ""), ["office[0].destinations[0]", "stop"]),
        (("lat = 59.9", 'lat = 59.9\ntheme = "pink"'), ["office[0].theme", "pink", "daylight"]),
        (('id = "r"', 'id = "a r"'), ["region.id", "letters"]),
        (('url = "feed.zip"', 'url = ""'), ["static[0].url", "empty"]),
        (("lat = 59.9", 'lat = 59.9\nlogo = "none.png"'), ["office[0].logo", ".svg"]),
        (('url = "feed.zip"', 'url = "ftp://example.org/feed.zip"'), ["static[0].url", "http"]),
        (("[region]", "[region"), ["not TOML"]),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(tmp_path: Path, change: tuple[str, str], told: list[str]) -> None:
    file = write(tmp_path, GOOD.replace(*change))
    with pytest.raises(ConfigError) as fault:
        load(file, environ={"WHO": "me"})
    assert "\n" not in str(fault.value)
    for part in [file, *told]:
        assert part in str(fault.value)


def test_an_office_says_how_its_screens_look(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    looks = """theme = "daylight"
accent = "#0055aa"
logo = "logo.svg"
layout = "map"
after_hours = "dim"
opening_hours = [ { days = ["mo", "tu"], opens = "06:30", closes = "18:00" } ]"""
    office = load(write(tmp_path, f"{GOOD}{looks}\n"), environ={"WHO": "me"}).offices[0]
    assert (office.theme, office.accent, office.layout, office.after_hours) == ("daylight", "#0055aa", "map", "dim")
    assert office.logo == "data:image/svg+xml;base64,PHN2Zy8+"
    assert [(hours.days, hours.opens, hours.closes) for hours in office.opening_hours] == [
        (("mo", "tu"), "06:30", "18:00")
    ]


def test_whoever_fetches_is_told_of_a_missing_file(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD), environ={"WHO": "me"})
    with pytest.raises(ConfigError, match=r"static\[0\].url: no such file .*feed.zip"):
        need_files(config)
    (tmp_path / "feed.zip").write_bytes(b"")
    need_files(config)


def test_an_unset_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"realtime\[0\].url: the environment variable WHO is not set"):
        load(write(tmp_path, GOOD), environ={})


def test_an_unknown_region_tells_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="demo, ruter"):
        load("atlantis", environ={})
    with pytest.raises(ConfigError, match="no such region file"):
        load(str(tmp_path / "absent.toml"), environ={})


@pytest.mark.parametrize("name", sorted(file.stem for file in FEEDS_FOLDER.glob("*.toml") if file.stem != "emissions"))
def test_the_regions_that_ship_are_good(name: str) -> None:
    config = with_simulator(load(name, environ={}), "http://127.0.0.1:1")
    assert all(source.url.startswith("http") for source in config.sources)
    assert all(source.licence and source.attribution for source in config.sources)
    assert config.offices


def test_every_factor_of_emissions_names_where_it_comes_from() -> None:
    raw = tomllib.loads((FEEDS_FOLDER / "emissions.toml").read_text(encoding="utf-8"))["factors"]
    assert {"walk", "bike", "scooter", "car", "bus", "tram", "metro", "rail", "ferry", "car_alone"} <= raw.keys()
    for name, factor in raw.items():
        assert len(factor["source"]) > 5, name
        assert 2015 <= factor["year"] <= 2030, name
        assert factor["region"], name
        assert "own estimate" not in factor["source"] or factor["approximate"], name


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("[ranking]\nchange_s = -1", "ranking.change_s"),
        ("[ranking]\nspeed = 1", "allowed are wait_gain"),
        ('[street]\nosm = "none.osm.pbf"', "street.osm"),
        ('[geocoder]\nurl = "ftp://x"', "geocoder.url"),
        ('[geocoder]\nurl = "http://x"\ntimeout = "1h"', "geocoder.timeout"),
    ],
)
def test_tables_about_answers_are_checked(tmp_path: Path, added: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load(write(tmp_path, f"{GOOD}\n{added}\n"), environ={"WHO": "me"})


def test_weights_streets_and_a_geocoder_are_read(tmp_path: Path) -> None:
    (tmp_path / "town.osm.pbf").write_bytes(b"")
    added = '[ranking]\nchange_s = 300\n[street]\nosm = "town.osm.pbf"\n[geocoder]\nurl = "https://geo.example"\n'
    config = load(write(tmp_path, f"{GOOD}\n{added}"), environ={"WHO": "me"})
    assert config.region.weights.change_s == 300
    assert config.region.weights.tight_s == 180
    assert config.streets == tmp_path / "town.osm.pbf"
    assert config.geocoder is not None
    inline = GOOD.replace('timezone = "Europe/Oslo"', 'timezone = "Europe/Oslo"\nstreet = { osm = "town.osm.pbf" }')
    assert load(write(tmp_path, inline), environ={"WHO": "me"}).streets == tmp_path / "town.osm.pbf"
