"""A TCP client of the tests: lines of JSON."""

import itertools
import json
import socket
import ssl
from collections import deque
from types import TracebackType
from typing import Any, Self

from tests.realtime.client import BESIDES

SECONDS = 20


class Lines:
    """Reads lines until what is wanted has come; the other events wait in `events`."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.connection = tls.wrap_socket(plain, server_hostname="localhost") if tls else plain
        self._file = self.connection.makefile("rb")
        self.events: deque[dict[str, Any]] = deque()
        self._replies: dict[Any, dict[str, Any]] = {}
        self._ids = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
        self.connection.close()

    def sign_in(self, token: str) -> dict[str, Any]:
        """The data of `connected`."""
        assert self.ask("auth", token=token)["status"] == "ok"
        data: dict[str, Any] = self.next("connected")["data"]
        return data

    def ask(self, command: str, **data: Any) -> dict[str, Any]:
        """Send a command and wait for its reply."""
        number = next(self._ids)
        self.send(json.dumps({"type": command, "requestId": number, "data": data}).encode() + b"\n")
        return self.reply(number)

    def send(self, data: bytes) -> None:
        """Bytes as they are."""
        self.connection.sendall(data)

    def reply(self, request_id: int | None = None) -> dict[str, Any]:
        while request_id not in self._replies:
            assert self._read(), "the server closed"
        return self._replies.pop(request_id)

    def next(self, kind: str) -> dict[str, Any]:
        """The next event of a kind, skipping others."""
        while True:
            while not self.events:
                assert self._read(), "the server closed"
            event = self.events.popleft()
            if event["type"] == kind:
                return event

    def close_code(self) -> int | None:
        """Read on until the server closes; what it said last."""
        while self._read():
            continue
        if self.events and self.events[-1]["type"] == "closed":
            return int(self.events[-1]["data"]["code"])
        return None

    def _read(self) -> bool:
        try:
            line = self._file.readline()
        except ConnectionError:
            return False
        if not line.endswith(b"\n"):  # the end, or cut off in the middle
            return False
        found = json.loads(line)
        for item in found if isinstance(found, list) else [found]:
            if item["type"] == "reply":
                self._replies[item["requestId"]] = item
            elif item["type"] not in BESIDES:
                self.events.append(item)
        return True
