"""Clients that cost next to nothing: sockets that shake hands, subscribe and throw away what comes.

Run as a process: `python -m tests.bench.push.sink PORT COUNT [--packed] [--subscribe]`. Prints `ready`, ends with its
input.
"""

from __future__ import annotations

import argparse
import json
import resource
import selectors
import socket
import sys

_REQUEST = (
    "GET /v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)
_ASK = json.dumps({"type": "subscribe", "sub": "a", "topic": "board", "params": {"stop": "A"}}).encode()


def masked(text: bytes) -> bytes:
    """A client's text frame with a mask of zeros."""
    assert len(text) < 126
    return bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--packed", action="store_true")
    parser.add_argument("--subscribe", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    more = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" if options.packed else ""
    request = _REQUEST.format(more=more).encode()
    opened = [_connect(options.port, request, subscribes=options.subscribe) for _ in range(options.count)]
    print("ready", flush=True)
    _swallow(opened)


def _connect(port: int, request: bytes, *, subscribes: bool) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(request)
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096)
    assert b"101" in head, head
    if subscribes:
        connection.sendall(masked(_ASK))
    connection.setblocking(False)
    return connection


def _swallow(opened: list[socket.socket]) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        for connection in opened:
            selector.register(connection, selectors.EVENT_READ, connection)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    return
                if not key.data.recv(65536):
                    selector.unregister(key.data)


if __name__ == "__main__":
    main()
