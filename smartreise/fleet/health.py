"""How a screen fares, from its last heartbeat."""

from __future__ import annotations

from typing import Final, Literal

from smartreise.fleet.records import BeatRecord

Health = Literal["green", "amber", "red"]
#: a screen reports once a minute; three beats missed are silence
BEAT_S: Final = 60
_LATE_S: Final = BEAT_S * 3 // 2
_SILENT_S: Final = BEAT_S * 3
#: data on a screen older than this is old
_OLD_S: Final = 300


def is_silent(beat: BeatRecord, *, now: int) -> bool:
    """Were three beats missed?"""
    return now - beat.at > _SILENT_S


def health_of(beat: BeatRecord | None, *, now: int) -> Health:
    """red: silent, or never heard of; amber: late, showing old data, or telling of errors."""
    if beat is None or is_silent(beat, now=now):
        return "red"
    is_old = beat.data_age_s is not None and beat.data_age_s > _OLD_S
    return "amber" if beat.errors or is_old or now - beat.at > _LATE_S else "green"
