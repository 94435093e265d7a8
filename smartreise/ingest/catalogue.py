"""A region's TOML file as configuration. Every mistake is one line that names file, key and what is allowed.

`${VARIABLE}` is replaced from the environment, `${VARIABLE:-otherwise}` has a fallback. `${SIMULATOR}` is the
address of the region's own simulator, known only once it runs: it is left in place by `load`, and
`with_simulator` fills it in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from smartreise.ingest.answer_tables import GeocoderTable, RankingTable, StreetTable, weights_of
from smartreise.ingest.durations import parse_duration
from smartreise.ingest.emissions import load_emissions
from smartreise.ingest.fetch import Request
from smartreise.ingest.map_table import MapTable, check_map, tiles_of
from smartreise.ingest.office_tables import (
    ID,
    LANGUAGES,
    DestinationTable,
    HoursTable,
    OfficeTable,
    Positive,
    check_offices,
    office_of,
)
from smartreise.model.geo import Walking
from smartreise.model.problems import ConfigError
from smartreise.model.region import MapTiles, Office, Region

FEEDS_FOLDER: Final = Path(__file__).resolve().parent.parent.parent / "feeds"
SIMULATOR: Final = "${SIMULATOR}"
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")

Seconds = Annotated[int, Meta(ge=0, le=86_400)]


class _Record(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Base of all tables of a region file."""


class _Region(_Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    timezone: str
    languages: tuple[str, ...] = LANGUAGES
    demo: bool = False
    walk_speed_mps: Positive = 1.3
    walk_detour: Annotated[float, Meta(ge=1)] = 1.3
    max_walk_m: Positive = 1500.0
    boarding_slack_s: Seconds = 60
    change_s: Seconds = 120
    change_between_stops_s: Seconds = 60
    change_walk_max_m: Positive = 800.0
    bike_speed_mps: Positive = 4.2
    bike_detour: Annotated[float, Meta(ge=1)] = 1.3
    stale_after: str | int = 90
    fall_back_after: str | int = "5m"
    near: str | int = "20m"
    night_ends: Annotated[str, Meta(pattern=r"^0[0-9]:[0-5][0-9]$")] = "04:00"
    street: StreetTable | None = None


class Source(_Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all feeds have in common. `interval` and `timeout` are durations ("15s", "1h" or seconds)."""

    id: str
    url: str
    interval: str | int = "60s"
    timeout: str | int = "30s"
    headers: dict[str, str] = {}
    licence: str | None = None
    attribution: str | None = None
    #: larger bodies are refused
    max_mb: Positive = 512.0
    #: a feed that may be missing: it does not make the service degraded
    optional: bool = False
    #: redirects and addresses inside the feed may lead to any kind of address, see `ingest.addresses`
    private_addresses: bool = False

    @property
    def interval_s(self) -> float:
        return parse_duration(self.interval)

    @property
    def timeout_s(self) -> float:
        return parse_duration(self.timeout)

    def request(self, url: str | None = None) -> Request:
        """What to GET for this feed: its own address, or one that it names."""
        return Request(
            url or self.url,
            tuple(self.headers.items()),
            self.timeout_s,
            int(self.max_mb * 2**20),
            home=self.url,
            trusting=self.private_addresses,
        )


class StaticSource(Source, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A GTFS zip."""

    interval: str | int = "1h"
    prefix: str = ""


class RealtimeSource(Source, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A GTFS-realtime feed with any mix of entities, about the trips of one static feed."""

    static: str
    interval: str | int = "15s"
    stale_after: str | int = "90s"
    max_mb: Positive = 64.0


class MobilitySource(Source, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A GBFS system by its gbfs.json."""

    interval: str | int = "30s"
    stale_after: str | int = "10m"
    max_mb: Positive = 64.0


class _Simulator(_Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    folder: str
    seed: int = 1


class _File(_Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    region: _Region
    static: tuple[StaticSource, ...] = ()
    realtime: tuple[RealtimeSource, ...] = ()
    mobility: tuple[MobilitySource, ...] = ()
    office: tuple[OfficeTable, ...] = ()
    simulator: _Simulator | None = None
    map: MapTable | None = None
    ranking: RankingTable = RankingTable()
    geocoder: GeocoderTable | None = None
    street: StreetTable | None = None


class RegionConfig(Struct, frozen=True, kw_only=True):
    """A region as the roles need it. Paths are absolute; a feed's `url` is http(s) or a path."""

    file: Path
    region: Region
    static: tuple[StaticSource, ...]
    realtime: tuple[RealtimeSource, ...]
    mobility: tuple[MobilitySource, ...]
    offices: tuple[Office, ...]
    simulator_folder: Path | None
    simulator_seed: int
    basemap: Path | None
    tiles: MapTiles | None = None
    #: an extract of OpenStreetMap
    streets: Path | None
    geocoder: GeocoderTable | None

    @property
    def sources(self) -> tuple[Source, ...]:
        return (*self.static, *self.realtime, *self.mobility)

    def prefix_of(self, realtime: str) -> str:
        """What stands before the ids of a real-time feed: the prefix of its static feed."""
        about = {source.id: source.static for source in self.realtime}.get(realtime)
        return next((source.prefix for source in self.static if source.id == about), "")


def load(name: str, *, environ: Mapping[str, str]) -> RegionConfig:
    """The region of a file, or of a name that stands for `feeds/NAME.toml`. Raises `ConfigError`."""
    path = find_file(name)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"{path}: not TOML: {fault}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: cannot be read: {fault}") from None
    filled = _substitute(raw, environ, path, "")
    try:
        parsed = msgspec.convert(filled, type=_File)
    except msgspec.ValidationError as fault:
        raise ConfigError(f"{path}: {_readable(fault)}") from None
    _check(parsed, path)
    return _config(parsed, path)


def need_files(config: RegionConfig) -> None:
    """Whoever fetches needs the timetables that the region's file names by path. Raises `ConfigError`."""
    for number, source in enumerate(config.static):
        if "://" not in source.url and not source.url.startswith(SIMULATOR) and not Path(source.url).is_file():
            raise ConfigError(
                f"{config.file}: static[{number}].url: no such file {source.url}; a path or http(s) is allowed"
            )


def find_file(name: str) -> Path:
    """The region file that a name or path means."""
    path = Path(name)
    if path.suffix == ".toml" or "/" in name:
        if path.is_file():
            return path.resolve()
        raise ConfigError(f"{name}: no such region file")
    known = FEEDS_FOLDER / f"{name}.toml"
    if not known.is_file():
        have = ", ".join(sorted(file.stem for file in FEEDS_FOLDER.glob("*.toml") if file.stem != "emissions"))
        raise ConfigError(f"--region {name}: no such region; there are {have}, or give a file")
    return known


def with_simulator(config: RegionConfig, base: str) -> RegionConfig:
    """The configuration with `${SIMULATOR}` filled in."""

    def filled(sources: Any) -> Any:
        return tuple(msgspec.structs.replace(s, url=s.url.replace(SIMULATOR, base)) for s in sources)

    return msgspec.structs.replace(
        config, static=filled(config.static), realtime=filled(config.realtime), mobility=filled(config.mobility)
    )


def with_public_url(config: RegionConfig, public_url: str | None) -> RegionConfig:
    """The configuration of a service that people reach at this origin."""
    return msgspec.structs.replace(config, region=replace(config.region, public_url=public_url))


def _substitute(value: Any, environ: Mapping[str, str], path: Path, key: str) -> Any:
    if isinstance(value, dict):
        return {k: _substitute(v, environ, path, f"{key}.{k}".lstrip(".")) for k, v in value.items()}
    if isinstance(value, list):
        return [_substitute(v, environ, path, f"{key}[{i}]") for i, v in enumerate(value)]
    if not isinstance(value, str):
        return value

    def replacement(match: re.Match[str]) -> str:
        name, otherwise = match.groups()
        if name == "SIMULATOR":
            return match.group(0)
        found = environ.get(name) or otherwise
        if found is None:
            raise ConfigError(f"{path}: {key}: the environment variable {name} is not set")
        return found

    return _VARIABLE.sub(replacement, value)


def _readable(fault: msgspec.ValidationError) -> str:
    """msgspec's message, with the key first: "Expected `int`, got `str` - at `$.static[0].interval`"."""
    text, _, place = str(fault).partition(" - at `$")
    key = place.rstrip("`").lstrip(".").replace("[...]", "")
    unknown = re.match(r"Object contains unknown field `(.*)`", text)
    if unknown:
        return f"{f'{key}.' if key else ''}{unknown.group(1)}: unknown key; allowed are {_allowed(key)}"
    missing = re.match(r"Object missing required field `(.*)`", text)
    if missing:
        return f"{f'{key}.' if key else ''}{missing.group(1)}: is missing"
    choices = _choices(key) if text.startswith("Invalid enum value") else ""
    return f"{key or 'file'}: {text[0].lower()}{text[1:]}{choices}"


def _allowed(key: str) -> str:
    kind = _table_of(key)
    return ", ".join(kind.__struct_fields__) if kind else "those of the documentation"


def _choices(key: str) -> str:
    """The words that a key takes, where it takes but a few."""
    table, _, name = key.rpartition(".")
    kind = _table_of(table)
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)} if kind else {}
    words = [str(word) for word in get_args(fields.get(name)) if isinstance(word, str)]
    return f"; allowed are {', '.join(words)}" if words else ""


def _table_of(key: str) -> type[Struct] | None:
    table = re.sub(r"\[\d+\]", "", key).split(".")[-1]
    known: dict[str, type[Struct]] = {
        "": _File,
        "region": _Region,
        "static": StaticSource,
        "realtime": RealtimeSource,
        "mobility": MobilitySource,
        "office": OfficeTable,
        "destinations": DestinationTable,
        "opening_hours": HoursTable,
        "simulator": _Simulator,
        "map": MapTable,
        "ranking": RankingTable,
        "street": StreetTable,
        "geocoder": GeocoderTable,
    }
    return known.get(table)


def _check(parsed: _File, path: Path) -> None:
    """What a schema cannot say. Raises `ConfigError`."""

    def bad(key: str, message: str) -> ConfigError:
        return ConfigError(f"{path}: {key}: {message}")

    if not ID.fullmatch(parsed.region.id):
        raise bad("region.id", f"{parsed.region.id!r}: letters, digits, dot, dash and underscore are allowed")
    try:
        ZoneInfo(parsed.region.timezone)
    except (ValueError, OSError, KeyError):
        raise bad("region.timezone", f"{parsed.region.timezone!r} is no time zone like Europe/Oslo") from None
    if not parsed.static:
        raise bad("static", "a region needs at least one [[static]] feed")
    unknown = [name for name in parsed.region.languages if name not in LANGUAGES]
    if unknown or not parsed.region.languages:
        raise bad("region.languages", f"allowed are {', '.join(LANGUAGES)}")
    seen: set[str] = set()
    for kind, entries in (("static", parsed.static), ("realtime", parsed.realtime), ("mobility", parsed.mobility)):
        for number, source in enumerate(entries):
            _check_source(f"{kind}[{number}]", source, seen, bad)
    for number, realtime in enumerate(parsed.realtime):
        if realtime.static not in {s.id for s in parsed.static}:
            raise bad(f"realtime[{number}].static", f"{realtime.static!r} is no [[static]] feed of this region")
    prefixes = [s.prefix for s in parsed.static]
    if len(set(prefixes)) != len(prefixes):
        raise bad("static", "feeds of one region need different prefixes")
    check_offices(parsed.office, path.parent, bad)
    check_map(parsed.map, path.parent, bad)
    _check_answers(parsed, path, bad)


def _check_answers(parsed: _File, path: Path, bad: Any) -> None:
    street, geocoder = _street(parsed), parsed.geocoder
    if street is not None and not (path.parent / street.osm).is_file():
        raise bad("street.osm", f"no such file {path.parent / street.osm}")
    if geocoder is None:
        return
    if not geocoder.url.startswith(("http://", "https://")):
        raise bad("geocoder.url", "http or https is allowed")
    try:
        if not 0.1 <= parse_duration(geocoder.timeout) <= 10:
            raise bad("geocoder.timeout", "0.1s to 10s")
    except ValueError as fault:
        raise bad("geocoder.timeout", str(fault)) from None


def _street(parsed: _File) -> StreetTable | None:
    return parsed.street or parsed.region.street


def _check_source(key: str, source: Source, seen: set[str], bad: Any) -> None:
    if not ID.fullmatch(source.id):
        raise bad(f"{key}.id", f"{source.id!r}: letters, digits, dot, dash and underscore are allowed")
    if source.id in seen:
        raise bad(f"{key}.id", f"{source.id!r} is used twice")
    seen.add(source.id)
    least_s = 0.2 if source.url.startswith(SIMULATOR) else 1  # nobody else's server is asked more often
    for name in ("interval", "timeout", "stale_after"):
        value = getattr(source, name, None)
        try:
            if value is not None and parse_duration(value) < least_s:
                raise bad(f"{key}.{name}", f"at least {least_s}s")
        except ValueError as fault:
            raise bad(f"{key}.{name}", str(fault)) from None
    if not source.url.strip():
        raise bad(f"{key}.url", "is empty; http, https or a path is allowed")
    if "://" in source.url and not source.url.startswith(("http://", "https://", SIMULATOR)):
        raise bad(f"{key}.url", "http, https or a path is allowed")


def _config(parsed: _File, path: Path) -> RegionConfig:
    def located(sources: Any) -> Any:
        return tuple(msgspec.structs.replace(s, url=_absolute(s.url, path)) for s in sources)

    return RegionConfig(
        file=path,
        region=_region(parsed, path),
        static=located(parsed.static),
        realtime=located(parsed.realtime),
        mobility=located(parsed.mobility),
        offices=tuple(office_of(office, path.parent) for office in parsed.office),
        simulator_folder=path.parent / parsed.simulator.folder if parsed.simulator else None,
        simulator_seed=parsed.simulator.seed if parsed.simulator else 1,
        basemap=path.parent / parsed.map.basemap if parsed.map and parsed.map.basemap else None,
        tiles=tiles_of(parsed.map, path.parent),
        streets=path.parent / street.osm if (street := _street(parsed)) else None,
        geocoder=parsed.geocoder,
    )


def _absolute(url: str, path: Path) -> str:
    return url if "://" in url or url.startswith(SIMULATOR) else str((path.parent / url).resolve())


def _region(parsed: _File, path: Path) -> Region:
    raw = parsed.region
    spans = {}
    for name in ("stale_after", "fall_back_after", "near"):
        try:
            spans[name] = int(parse_duration(getattr(raw, name)))
        except ValueError as fault:
            raise ConfigError(f"{path}: region.{name}: {fault}") from None
    region = Region(
        id=raw.id,
        name=raw.name,
        timezone=raw.timezone,
        languages=tuple(raw.languages),
        demo=raw.demo,
        walking=Walking(raw.walk_detour, raw.walk_speed_mps),
        boarding_slack_s=raw.boarding_slack_s,
        change_s=raw.change_s,
        change_between_stops_s=raw.change_between_stops_s,
        change_walk_max_m=raw.change_walk_max_m,
        max_walk_m=raw.max_walk_m,
        bike_mps=raw.bike_speed_mps,
        bike_detour=raw.bike_detour,
        stale_after_s=spans["stale_after"],
        fall_back_after_s=spans["fall_back_after"],
        near_s=spans["near"],
        weights=weights_of(parsed.ranking),
        night_ends=raw.night_ends,
    )
    return replace(region, emissions_g_per_km=load_emissions(FEEDS_FOLDER / "emissions.toml"))
