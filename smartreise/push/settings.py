"""Limits and intervals of the push side. Durations in seconds, sizes in bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushSettings:
    #: a heartbeat comes at least this often
    heartbeat_s: float = 10.0
    #: longest frame that a client may send
    frame_limit: int = 64 * 1024
    subscriptions_per_socket: int = 100
    sockets_per_address: int = 5_000
    #: connections of all addresses together
    sockets: int = 50_000
    #: no more connections are taken while the event loop is this far behind
    lag_s: float = 2.0
    #: topics held at once, watched ones and those in their grace time
    topics: int = 10_000
    #: topics that nobody watches, kept for those who ask again or come back
    idle_topics: int = 2_000
    grace_s: float = 600.0
    idle_bytes: int = 128 * 1024 * 1024
    #: deltas of a topic kept for clients that resume: this many, this long, this much
    history: int = 100
    history_s: float = 600.0
    history_bytes: int = 1_000_000
    #: are websocket messages compressed for clients that offer it?
    packs: bool = True
    #: deltas that may wait for one socket; beyond, it gets the newest snapshot instead
    outbox_bytes: int = 128 * 1024
    #: and for all sockets together
    waiting_bytes: int = 64 * 1024 * 1024
    #: written and not yet taken by the network: beyond, a socket counts as slow and its outbox fills
    buffer_bytes: int = 32 * 1024
    #: a socket that takes nothing for this long is closed
    slow_after_s: float = 30.0
    #: frames from a client: so many at once, and so many a second
    burst: int = 400
    frames_per_s: float = 20.0
    #: frames in a row that make no sense before the socket is closed
    nonsense: int = 20
    #: a planned stop closes so many sockets a second, and all of them within this time
    farewells_per_s: int = 1_000
    farewell_s: float = 6.0
