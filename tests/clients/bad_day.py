"""A server that clients meet on a bad day: it says and answers what a test has written down."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

SECONDS = 30


class Wire:
    """The server's end of one connection."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    def say(self, kind: str, **more: Any) -> None:
        self._connection.send(json.dumps({"type": kind, "data": {}, **more}))

    def answer(self, command: str, **reply: Any) -> dict[str, Any]:
        """Answer the next such command; what it asked for."""
        while (asked := json.loads(self._connection.recv(timeout=SECONDS)))["type"] != command:
            pass
        self.say("reply", requestId=asked["requestId"], **reply)
        data: dict[str, Any] = asked["data"]
        return data

    def close(self, code: int) -> None:
        self._connection.close(code)

    def stay(self) -> None:
        """Until the client goes."""
        for _ in self._connection:
            pass


Day = Callable[[int, Wire], None]
"""What the server does on the first connection, the second, and so on."""


@contextmanager
def served(day: Day, *, polled: object = None) -> Iterator[int]:
    """On which port; `polled` is what /api/events answers there."""
    count = iter(range(100))

    def attend(connection: ServerConnection) -> None:
        wire = Wire(connection)
        day(next(count), wire)
        wire.stay()

    def poll(_connection: ServerConnection, request: Request) -> Response | None:
        if not request.path.startswith("/api/events"):
            return None
        body = json.dumps(polled).encode()
        return Response(200, "OK", Headers({"Content-Length": str(len(body)), "Connection": "close"}), body)

    def choose(_connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return offered[0] if offered else None

    with serve(attend, "127.0.0.1", 0, process_request=poll, select_subprotocol=choose) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.socket.getsockname()[1]
