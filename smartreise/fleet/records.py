"""What administration takes, keeps and tells, as records: the one source for JSON, checks and the OpenAPI document.

What a reader would get wrong: `…Record` is what the store keeps (digests and all) and never leaves the service.
Instants are epoch seconds in records and ISO 8601 outside.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from smartreise.fleet import patterns
from smartreise.fleet.roles import Role
from smartreise.fleet.secrets import CODE_PATTERN
from smartreise.model.modes import MODES

#: one visible character at least, no control characters
Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=patterns.NAME)]
Id = Annotated[str, Meta(pattern=patterns.ID, examples=["fornebu-s"])]
Reference = Annotated[str, Meta(min_length=1, max_length=200)]
References = Annotated[list[Reference], Meta(max_length=200)]
Language = Literal["nb", "nn", "en"]
Clock = Annotated[str, Meta(pattern=patterns.CLOCK, examples=["06:30"])]
Day = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Mode = Annotated[str, Meta(pattern=f"^({'|'.join(MODES)})$", examples=["bus"])]
Instant = Annotated[str, Meta(description="ISO 8601 with offset", examples=["2026-11-23T16:04:30+01:00"])]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
Theme = Literal["dark", "light", "daylight"]
Accent = Annotated[str, Meta(pattern=patterns.COLOUR)]
Layout = Annotated[str, Meta(pattern=patterns.LAYOUT)]
#: an <img> runs no scripts, so a vector picture is as safe as another; small, since every view carries it
Logo = Annotated[str, Meta(pattern=patterns.LOGO, max_length=48_000)]
AfterHours = Literal["dark", "dim"]


class OfficeDestination(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stop or station by id, or a point; both: the point where the timetable has lost the stop."""

    name: Name
    stop_id: Reference | None = None
    #: the same as `stop_id`, as region files call it
    stop: Reference | None = None
    #: and as a place that is a station is told
    station_id: Reference | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None

    @property
    def any_stop(self) -> str | None:
        return self.stop_id or self.stop or self.station_id


class Hours(Struct, frozen=True, kw_only=True):
    days: Annotated[list[Day], Meta(min_length=1, max_length=7)]
    opens: Clock
    closes: Clock


class OfficeDocument(Struct, frozen=True, kw_only=True):
    """An office as it is put in and given back."""

    id: Id
    name: Name
    lat: Latitude
    lon: Longitude
    destinations: Annotated[list[OfficeDestination], Meta(max_length=20)] = []
    stops: References = []
    hidden_stops: References = []
    lines: References = []
    hidden_lines: References = []
    languages: Annotated[list[Language], Meta(min_length=1, max_length=3, extra_json_schema={"uniqueItems": True})] = (
        field(default_factory=lambda: ["nb"])
    )
    #: m/s
    walk_speed: Annotated[float, Meta(ge=0.3, le=5)] | None = None
    max_walk_m: Annotated[float, Meta(gt=0, le=5000)] | None = None
    modes: Annotated[list[Mode], Meta(max_length=20)] = []
    #: shared vehicles of these systems alone, by feed or system id
    providers: Annotated[list[str], Meta(max_length=50)] = []
    theme: Theme = "dark"
    accent: Accent | None = None
    logo: Logo | None = None
    layout: Layout = "standard"
    opening_hours: Annotated[list[Hours], Meta(max_length=14)] = []
    after_hours: AfterHours = "dark"


class AdminOffice(OfficeDocument, frozen=True, kw_only=True):
    """An office with what an administrator wants to know of it."""

    #: "region": as the region's file has it; "stored": as somebody changed or made it here
    source: Literal["region", "stored"]
    version: int
    updated_at: Instant | None
    updated_by: str | None
    #: stops and lines that the timetable does not know
    warnings: list[str]


class AdminOffices(Struct, frozen=True, kw_only=True):
    offices: list[AdminOffice]
    #: in this and every other list: where there are more, what to give as `after`
    next: str | None = None


class OfficeName(Struct, frozen=True, kw_only=True):
    id: str
    name: str


class OfficeNames(Struct, frozen=True, kw_only=True):
    offices: list[OfficeName]
    next: str | None = None


class OfficeVersion(Struct, frozen=True, kw_only=True):
    """What an office was from one change on; null: it was not there, or as the region's file has it."""

    office: OfficeDocument | None
    version: int
    at: int
    by: str
    #: of the import that made it
    import_id: str | None = None


class OfficeRecord(OfficeVersion, frozen=True, kw_only=True):
    #: newest first
    past: list[OfficeVersion] = []


class OfficeChange(Struct, frozen=True, kw_only=True):
    version: int
    at: Instant
    by: str
    office: OfficeDocument | None
    #: the import that made it, with others at once
    import_id: str | None = None


class OfficeChanges(Struct, frozen=True, kw_only=True):
    versions: list[OfficeChange]


class TokenOrder(Struct, frozen=True, kw_only=True):
    name: Name
    role: Role
    offices: Annotated[list[Id], Meta(max_length=500)] = []


class TokenRecord(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    role: Role
    digest: str
    created_at: int
    created_by: str
    offices: list[str] = []


class AdminToken(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    role: Role
    offices: list[str]
    created_at: Instant
    #: only in the answer that made it
    token: str | UnsetType = UNSET


class AdminTokens(Struct, frozen=True, kw_only=True):
    tokens: list[AdminToken]
    next: str | None = None


class SessionOrder(Struct, frozen=True, kw_only=True):
    token: str | None = None


class Session(Struct, frozen=True, kw_only=True):
    name: str
    role: Role
    offices: list[str]


class KeyOrder(Struct, frozen=True, kw_only=True):
    name: Name
    #: requests a minute
    per_minute: Annotated[int, Meta(ge=1, le=1_000_000)] = 6_000


class KeyRecord(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    per_minute: int
    digest: str
    created_at: int
    created_by: str


class AdminKey(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    per_minute: int
    created_at: Instant
    #: requests answered so far
    uses: int
    #: only in the answer that made it
    key: str | UnsetType = UNSET


class AdminKeys(Struct, frozen=True, kw_only=True):
    keys: list[AdminKey]
    next: str | None = None


class Pairing(Struct, frozen=True, kw_only=True):
    """A screen that waits to be claimed."""

    display: str
    code: str
    secret: str
    expires_at: Instant


class WaitingRecord(Struct, frozen=True, kw_only=True):
    display: str
    code: str
    secret_digest: str


class Claim(Struct, frozen=True, kw_only=True):
    code: Annotated[str, Meta(max_length=40, extra_json_schema={"pattern": CODE_PATTERN})]
    office: Id
    name: Name | None = None
    group: Annotated[str, Meta(max_length=120)] = ""


class DisplayRecord(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    office: str
    claimed_at: int
    claimed_by: str
    group: str = ""
    layout: str | None = None
    theme: Theme | None = None
    #: it shows its office and says that it is no screen in use; nobody is told when it falls silent
    test: bool = False
    identify: int = 0
    reload: int = 0
    #: how often its token was turned; the old one is good until the new one is used
    turn: int = 0
    turning: bool = False
    old_digest: str | None = None
    token_digest: str | None = None
    #: of the secret it paired with: good for its token until the token is used
    secret_digest: str | None = None


class DisplayPatch(Struct, frozen=True, kw_only=True):
    """What is to be another; what is left out stays."""

    office: Id | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    group: Annotated[str, Meta(max_length=120)] | UnsetType = UNSET
    layout: Layout | UnsetType | None = UNSET
    theme: Theme | UnsetType | None = UNSET
    test: bool | UnsetType = UNSET
    #: true: give it another token; the old one is void once it has used the new one
    rotate: bool = False
    #: true: ask it to show its name
    identify: bool = False
    #: true: ask it to load its page anew
    reload: bool = False


class Heartbeat(Struct, frozen=True, kw_only=True):
    """What a screen says of itself."""

    version: Annotated[str, Meta(max_length=100)] | None = None
    uptime_s: Annotated[float, Meta(ge=0)] | None = None
    last_paint: Annotated[str, Meta(max_length=40)] | None = None
    last_revision: Annotated[str, Meta(max_length=100)] | None = None
    #: when the data that it shows was made
    last_data: Annotated[str, Meta(max_length=40)] | None = None
    data_age_s: float | None = None
    errors: Annotated[list[Annotated[str, Meta(max_length=1000)]], Meta(max_length=50)] = []


class BeatRecord(Heartbeat, frozen=True, kw_only=True):
    at: int


class HeartbeatTaken(Struct, frozen=True, kw_only=True):
    server_time: Instant
    #: the next one is awaited within this
    interval_s: int


class AdminDisplay(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    office: str
    group: str
    layout: str | None
    theme: str | None
    test: bool
    #: true: it has yet to fetch and use its next token
    turning: bool
    claimed: bool
    claimed_at: Instant
    #: green: well; amber: late, old data or errors; red: silent for three beats, or never heard of
    health: Literal["green", "amber", "red"]
    last_seen: Instant | None
    version: str | None
    uptime_s: float | None
    last_paint: str | None
    last_revision: str | None
    last_data: str | None
    data_age_s: float | None
    errors: list[str]


class AdminDisplays(Struct, frozen=True, kw_only=True):
    displays: list[AdminDisplay]
    next: str | None = None


class NoticeOrder(Struct, frozen=True, kw_only=True):
    #: by language
    text: Annotated[
        dict[Language, Text], Meta(min_length=1, extra_json_schema={"propertyNames": {"enum": ["nb", "nn", "en"]}})
    ]
    #: ISO 8601 with an offset; null: at once, and until it is taken back
    starts: Annotated[str, Meta(max_length=40)] | None = field(default=None, name="from")
    ends: Annotated[str, Meta(max_length=40)] | None = field(default=None, name="to")
    #: on the screens of these; empty: of all
    offices: Annotated[list[Id], Meta(max_length=500)] = []


class NoticeRecord(Struct, frozen=True, kw_only=True):
    id: str
    text: dict[str, str]
    starts: int | None
    ends: int | None
    offices: list[str]
    created_at: int
    created_by: str


class AdminNotice(Struct, frozen=True, kw_only=True):
    id: str
    text: dict[str, str]
    starts: Instant | None = field(name="from")
    ends: Instant | None = field(name="to")
    offices: list[str]


class AdminNotices(Struct, frozen=True, kw_only=True):
    alerts: list[AdminNotice]
    next: str | None = None


class AuditRecord(Struct, frozen=True, kw_only=True):
    at: int
    who: str
    what: str
    id: str


class AuditEntry(Struct, frozen=True, kw_only=True):
    #: of this entry
    entry: str
    at: Instant
    who: str
    what: str
    id: str


class Audit(Struct, frozen=True, kw_only=True):
    entries: list[AuditEntry]
    #: where there are older ones: what to give as `before`
    next: str | None = None


class WebhookOrder(Struct, frozen=True, kw_only=True):
    name: Name
    #: told when a screen falls silent, and when it is back
    url: Annotated[str, Meta(pattern=patterns.WEB, max_length=500)]


class WebhookRecord(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    url: str
    #: signs what is sent, so it has to be kept as it is
    secret: str
    created_at: int
    created_by: str


class WebhookOutcome(Struct, frozen=True, kw_only=True):
    """How the newest attempt went."""

    at: Instant
    #: null: it was taken
    error: str | None


class AdminWebhook(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    url: str
    created_at: Instant
    last: WebhookOutcome | None
    #: only in the answer that made it
    secret: str | UnsetType = UNSET


class AdminWebhooks(Struct, frozen=True, kw_only=True):
    webhooks: list[AdminWebhook]
    next: str | None = None


Format = Literal["json", "toml", "csv"]


class ImportOrder(Struct, frozen=True, kw_only=True):
    format: Format
    #: the file
    text: Annotated[str, Meta(max_length=900_000)]
    #: true: only say what would change
    dry_run: bool = False


class Exported(Struct, frozen=True, kw_only=True):
    format: Format
    #: the file
    text: str


OfficeChanged = Literal["made", "changed", "same", "removed"]


class Imported(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    change: OfficeChanged


class ImportOutcome(Struct, frozen=True, kw_only=True):
    offices: list[Imported]
    dry_run: bool
    #: undoes all of it at once; null where nothing was changed
    import_id: str | None = None
