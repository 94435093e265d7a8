"""The records on the wire, as section 4 of the contract names them. The one source for JSON, the OpenAPI
schema and the web's TypeScript types.

Instants are ISO 8601 strings with the region's offset (`Instant`). A field that the contract says is there
is there, null when unknown; `UNSET` fields are left out.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

Instant = Annotated[
    str, Meta(description="ISO 8601 with offset, in the region's zone", examples=["2026-11-23T16:04:30+01:00"])
]
ServiceDate = Annotated[str, Meta(description="YYYY-MM-DD", examples=["2026-11-23"])]
Reach = Literal["go", "hurry", "missed"]
Status = Literal["ok", "tight", "broken"]
Freshness = Literal["fresh", "stale", "none"]


class Wire(Struct, frozen=True):
    """Base of all records on the wire."""


class Place(Wire, frozen=True, kw_only=True):
    name: str
    lat: float
    lon: float
    stop_id: str | UnsetType = UNSET
    platform: str | UnsetType | None = UNSET
    station_id: str | UnsetType = UNSET
    office_id: str | UnsetType = UNSET
    mobility_id: str | UnsetType = UNSET
    #: what stops there, among places that somebody looks for: two stations may share a name
    modes: list[str] | UnsetType = UNSET


class Stop(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    lat: float
    lon: float
    platform: str | None
    parent: str | None
    modes: list[str]
    #: True, False or null: unknown is unknown
    wheelchair: bool | None
    distance_m: float | UnsetType = UNSET


class Line(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    mode: str
    color: str | None
    text_color: str | None


class StopDetail(Stop, frozen=True, kw_only=True):
    quays: list[Stop]
    lines: list[Line]


class StopList(Wire, frozen=True, kw_only=True):
    stops: list[Stop]


class Call(Wire, frozen=True, kw_only=True):
    scheduled: Instant | None
    expected: Instant


class Departure(Wire, frozen=True, kw_only=True):
    id: str
    trip_id: str
    service_date: ServiceDate
    line: Line
    headsign: str | None
    stop_id: str
    quay: str | None
    scheduled: Instant | None
    expected: Instant
    delay_s: int
    realtime: bool
    cancelled: bool
    added: bool
    platform_changed: bool
    occupancy: str | None
    wheelchair: bool | None
    alerts: list[str]
    #: in an office's view
    walk_s: int | UnsetType = UNSET
    leave_at: Instant | UnsetType = UNSET
    reach: Reach | UnsetType = UNSET


class AlertPeriod(Wire, frozen=True, kw_only=True):
    start: Instant | None
    end: Instant | None


class AlertItem(Wire, frozen=True, kw_only=True):
    id: str
    #: texts by language (nb, nn, en, or "" where the feed names none)
    header: dict[str, str]
    description: dict[str, str]
    url: dict[str, str]
    cause: str | None
    effect: str | None
    severity: str | None
    periods: list[AlertPeriod]
    lines: list[str]
    stops: list[str]
    trips: list[str]


class AlertList(Wire, frozen=True, kw_only=True):
    alerts: list[AlertItem]


class Board(Wire, frozen=True, kw_only=True):
    stop: Stop
    departures: list[Departure]
    alerts: list[AlertItem]
    realtime: Freshness
    #: when real time was last heard of, once it is stale
    realtime_at: Instant | UnsetType = UNSET


class StopCall(Wire, frozen=True, kw_only=True):
    """A stop passed on a leg or a trip."""

    stop: Stop
    arrive: Call | None
    depart: Call | None


class Pickup(Wire, frozen=True, kw_only=True):
    name: str | None
    available: int | None
    station_id: str | UnsetType = UNSET
    vehicle_id: str | UnsetType = UNSET
    rental_url: str | UnsetType | None = UNSET
    #: that a vehicle is there when one gets there, 0–1; left out where there is no forecast
    chance: float | UnsetType = UNSET


class Dropoff(Wire, frozen=True, kw_only=True):
    """Where a shared vehicle is left; `station_id` is null where that is in the street."""

    name: str | None
    docks: int | None
    station_id: str | None
    #: that a dock is free when one gets there, 0–1; left out where there is no forecast
    chance: float | UnsetType = UNSET


class Price(Wire, frozen=True, kw_only=True):
    """An estimate by the provider's pricing plan."""

    amount: float
    currency: str
    plan: str | None


class Leg(Wire, frozen=True, kw_only=True):
    mode: str
    from_: Place = field(name="from")
    to: Place
    depart: Call
    arrive: Call
    distance_m: float
    #: encoded polyline, precision 5
    geometry: str | None
    line: Line | UnsetType = UNSET
    headsign: str | UnsetType | None = UNSET
    trip_id: str | UnsetType = UNSET
    service_date: ServiceDate | UnsetType = UNSET
    stops: list[StopCall] | UnsetType = UNSET
    realtime: bool | UnsetType = UNSET
    cancelled: bool | UnsetType = UNSET
    wheelchair: bool | UnsetType | None = UNSET
    alerts: list[str] | UnsetType = UNSET
    stay_seated: bool | UnsetType = UNSET
    platform_changed: bool | UnsetType = UNSET
    provider: str | UnsetType = UNSET
    pickup: Pickup | UnsetType = UNSET
    dropoff: Dropoff | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    #: on foot or wheels, where the region knows streets: is this an estimate off its map?
    crow_fly: bool | UnsetType = UNSET


class NextStation(Wire, frozen=True, kw_only=True):
    station_id: str
    name: str | None
    available: int | None
    #: from the first station
    walk_s: int


class Crowd(Wire, frozen=True, kw_only=True):
    """In an office's view, which many read at once: how many vehicles there are, where the next ones stand, and the
    suggestion in the same list that needs none (null: there is none)."""

    available: int | None
    next: NextStation | None
    instead: str | None


class Suggestion(Wire, frozen=True, kw_only=True):
    id: str
    leave_at: Instant
    arrive_at: Instant
    duration_s: int
    transfers: int
    walk_m: float
    bike_m: float
    co2_g: float
    car_co2_g: float
    modes: list[str]
    reach: Reach
    status: Status
    reason: str | None
    legs: list[Leg]
    replaced_by: str | UnsetType | None = UNSET
    #: when it broke; it goes a minute later
    broken_at: Instant | UnsetType = UNSET
    crowd: Crowd | UnsetType = UNSET
    #: of making the tightest change, 0–1, by what delays were in the past; left out where nothing is tight or known
    change_chance: float | UnsetType = UNSET


class LastWay(Wire, frozen=True, kw_only=True):
    """The last way there tonight; ``warning`` from 45 minutes before it leaves."""

    leave_at: Instant
    arrive_at: Instant
    warning: bool
    suggestion: Suggestion


class Suggestions(Wire, frozen=True, kw_only=True):
    from_: Place = field(name="from")
    to: Place
    suggestions: list[Suggestion]
    alerts: list[AlertItem]
    realtime: Freshness
    #: when real time was last heard of, once it is stale
    realtime_at: Instant | UnsetType = UNSET
    at: Instant | UnsetType = UNSET
    #: True when a bound on work ended the search early
    cut: bool = False
    #: in the evening, for questions about now
    last: LastWay | UnsetType = UNSET


class DestinationSuggestions(Wire, frozen=True, kw_only=True):
    destination: Place
    suggestions: list[Suggestion]
    #: in the evening
    last: LastWay | UnsetType = UNSET


class Forecast(Wire, frozen=True, kw_only=True):
    in_s: int
    p_bike: float | None
    p_dock: float | None
    #: the share of two weeks of observations of the station that stands behind it, 0–1
    confidence: float | UnsetType = UNSET


class MobilityStation(Wire, frozen=True, kw_only=True):
    id: str
    provider: str
    name: str | None
    lat: float
    lon: float
    bikes: int | None
    ebikes: int | None
    docks: int | None
    is_renting: bool | None
    is_returning: bool | None
    #: open, closed, stale, unknown
    state: str
    reported_at: Instant | None
    forecast: list[Forecast] | None
    available: dict[str, int]
    capacity: int | None
    walk_s: int | UnsetType = UNSET
    distance_m: float | UnsetType = UNSET
    rental_url: str | None = None


class MobilityVehicle(Wire, frozen=True, kw_only=True):
    id: str
    provider: str
    lat: float
    lon: float
    form: str
    propulsion: str | None
    range_m: float | None
    walk_s: int | UnsetType = UNSET
    distance_m: float | UnsetType = UNSET
    rental_url: str | None = None


class Mobility(Wire, frozen=True, kw_only=True):
    stations: list[MobilityStation]
    vehicles: list[MobilityVehicle]


class OfficeMobility(Wire, frozen=True, kw_only=True):
    """Shared vehicles near an office, one row per station and one per provider and kind that floats free."""

    id: str
    provider: str
    provider_name: str | None
    kind: Literal["station", "floating"]
    form: str
    name: str | None
    available: int | None
    docks: int | None
    state: str
    walk_s: int
    lat: float
    lon: float
    reported_at: Instant | None
    #: as `MobilityStation` has them; null for what floats free
    station_id: str | UnsetType | None = UNSET
    bikes: int | UnsetType | None = UNSET
    ebikes: int | UnsetType | None = UNSET
    is_renting: bool | UnsetType | None = UNSET
    is_returning: bool | UnsetType | None = UNSET
    forecast: list[Forecast] | UnsetType | None = UNSET
    rental_url: str | UnsetType | None = UNSET


class Vehicle(Wire, frozen=True, kw_only=True):
    id: str
    lat: float
    lon: float
    bearing: float | None
    line: Line | None
    trip_id: str | None
    service_date: ServiceDate | None
    headsign: str | None
    occupancy: str | None
    stop_id: str | None
    reported_at: Instant | None


class Vehicles(Wire, frozen=True, kw_only=True):
    vehicles: list[Vehicle]


class Trip(Wire, frozen=True, kw_only=True):
    trip_id: str
    service_date: ServiceDate
    line: Line
    headsign: str | None
    cancelled: bool
    added: bool
    realtime: bool
    wheelchair: bool | None
    occupancy: str | None
    calls: list[TripCall]
    vehicle: Vehicle | None
    geometry: str | None
    alerts: list[AlertItem]


class TripCall(StopCall, frozen=True, kw_only=True):
    sequence: int | None
    skipped: bool
    platform_changed: bool
    can_board: bool
    can_alight: bool


class Feed(Wire, frozen=True, kw_only=True):
    id: str
    kind: str
    state: Literal["fresh", "stale", "failing", "never"]
    since: Instant | None
    updated_at: Instant | None
    entities: dict[str, int]
    match_rate: float | None
    unmatched: dict[str, int]
    skipped: dict[str, int]
    last_error: str | None
    retry_at: Instant | None
    licence: str | None
    attribution: str | None


class Feeds(Wire, frozen=True, kw_only=True):
    feeds: list[Feed]
    #: offices' stops that the timetable does not know, and the like
    warnings: list[str]
    #: what real time said of today that was put right or left out, by reason
    repaired: dict[str, int] = {}
    region: str
    #: IANA name of the zone that all answers are in
    timezone: str
    demo: bool
    #: origin of addresses that are given to people; null: the one that a page was loaded from
    public_url: str | None = None


class FeedBrief(Wire, frozen=True, kw_only=True):
    """A feed as an office's view shows it: it does not change while all is well."""

    id: str
    kind: str
    state: Literal["fresh", "stale", "failing", "never"]
    since: Instant | None


class OpeningHours(Wire, frozen=True, kw_only=True):
    days: list[str]
    opens: str
    closes: str


class OfficeItem(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    lat: float
    lon: float
    languages: list[str]
    theme: str
    destinations: list[Place]
    #: settings that are left out where they are as usual
    stops: list[str] | UnsetType = UNSET
    hidden_stops: list[str] | UnsetType = UNSET
    lines: list[str] | UnsetType = UNSET
    hidden_lines: list[str] | UnsetType = UNSET
    modes: list[str] | UnsetType = UNSET
    providers: list[str] | UnsetType = UNSET
    walk_speed: float | UnsetType = UNSET
    max_walk_m: float | UnsetType = UNSET
    accent: str | UnsetType = UNSET
    logo: str | UnsetType = UNSET
    layout: str | UnsetType = UNSET
    opening_hours: list[OpeningHours] | UnsetType = UNSET
    after_hours: str | UnsetType = UNSET


class Offices(Wire, frozen=True, kw_only=True):
    offices: list[OfficeItem]
    #: where there are more: what to give as `after`
    next: str | None = None


class OfficeView(Wire, frozen=True, kw_only=True):
    office: OfficeItem
    suggestions: list[DestinationSuggestions]
    boards: list[Board]
    mobility: list[OfficeMobility]
    alerts: list[AlertItem]
    feeds: list[FeedBrief]
    demo: bool
    #: credits to print, one per source
    attribution: list[str]
    region: str
    #: IANA name of the zone that all answers are in
    timezone: str
    #: origin of addresses that are given to people; null: the one that a page was loaded from
    public_url: str | None = None


class Places(Wire, frozen=True, kw_only=True):
    places: list[Place]


class LineProperties(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    mode: str
    color: str | None


class MultiLine(Wire, frozen=True, kw_only=True):
    #: lon, lat as GeoJSON has them
    coordinates: list[list[tuple[float, float]]]
    type: Literal["MultiLineString"] = "MultiLineString"


class LineFeature(Wire, frozen=True, kw_only=True):
    geometry: MultiLine
    properties: LineProperties
    type: Literal["Feature"] = "Feature"


class Network(Wire, frozen=True, kw_only=True):
    """The region's lines as GeoJSON."""

    features: list[LineFeature]
    type: Literal["FeatureCollection"] = "FeatureCollection"
