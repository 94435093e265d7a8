"""How a feed that has died degrades: for a while its word is taken, then only about what is near.

What a reader would get wrong: the border between near and far is set once, when the message is found too old, and does
not move on with the clock: a row never gets back a delay that it had lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from smartreise.model.realtime import RealtimeMessage
from smartreise.model.region import Region


def too_old(messages: Iterable[RealtimeMessage], region: Region, now: int) -> dict[str, int]:
    """By feed whose newest message is old: the epoch second behind which calls are planned by the schedule again."""
    return {
        message.feed_id: message.timestamp + region.fall_back_after_s + region.near_s
        for message in messages
        if message.timestamp is not None and now - message.timestamp > region.fall_back_after_s
    }
