"""What the command line decided, for the roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from smartreise.api.settings import ApiSettings
from smartreise.app.clock import ServiceClock
from smartreise.ingest.catalogue import RegionConfig
from smartreise.push.settings import PushSettings


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line decided."""

    config: RegionConfig
    clock: ServiceClock
    #: the clock was set by --clock: it is kept in the store for gateways
    clock_set: bool
    redis: str | None
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8080
    simulator_port: int = 0
    debug: bool = False
    #: make another administrator's token at the start: the first was lost
    new_admin_token: bool = False
    api: ApiSettings = field(default_factory=ApiSettings)
    push: PushSettings = field(default_factory=PushSettings)
