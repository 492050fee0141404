"""A client as others write them: one socket, events as they come, replies by request id, each as it is documented."""

import itertools
import json
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts import tokens
from accounts.models import User
from tests.realtime import wire

SECONDS = 10
BESIDES = {"presence:changed", "conversation:viewers"}
"""Events that come whenever somebody does: kept apart, and told only to whoever asks for them."""


def token(user: User) -> str:
    """A fresh access token."""
    return str(tokens.issue(user).access_token)


class Socket:
    """Reads frames until what is wanted has come; the other events wait in `events`."""

    def __init__(self, url: str, **options: Any) -> None:
        self._opening = ExitStack()
        self._connect = connect(url, compression=None, max_size=None, **options)
        self.connection: ClientConnection
        self.events: deque[dict[str, Any]] = deque()
        self.besides: deque[dict[str, Any]] = deque()
        self.frames: list[str] = []
        self._replies: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, str] = {}
        self._ids = itertools.count(1)

    def __enter__(self) -> Self:
        self.connection = self._opening.enter_context(self._connect)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._opening.close()

    def next(self, kind: str | None = None, seconds: float = SECONDS) -> dict[str, Any]:
        """The next event, or the next one of a kind, skipping others."""
        waiting = self.besides if kind in BESIDES else self.events
        while True:
            while not waiting:
                self._read(seconds)
            event = waiting.popleft()
            if kind in {None, event["type"]}:
                return event

    def ask(self, command: str, **data: Any) -> dict[str, Any]:
        """Send a command and wait for its reply."""
        request_id = f"c{next(self._ids)}"
        self._asked[request_id] = command
        self.connection.send(json.dumps({"type": command, "requestId": request_id, "data": data}))
        while request_id not in self._replies:
            self._read(SECONDS)
        return self._replies.pop(request_id)

    def answer_to(self, frame: str | bytes) -> dict[str, Any]:
        """Send a frame as it is and wait for the reply without id."""
        self.connection.send(frame)
        while None not in self._replies:
            self._read(SECONDS)
        return self._replies.pop(None)  # type: ignore[call-overload,no-any-return]

    def close_code(self, seconds: float = SECONDS) -> int | None:
        """Read on until the server closes."""
        try:
            while True:
                self._read(seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def _read(self, seconds: float) -> None:
        frame = self.connection.recv(timeout=seconds)
        assert isinstance(frame, str)
        self.frames.append(frame)
        found = json.loads(frame)
        for item in found if isinstance(found, list) else [found]:
            wire.check(item, self._asked.get(item.get("requestId")))
            if item["type"] == "reply":
                self._replies[item["requestId"]] = item
            else:
                (self.besides if item["type"] in BESIDES else self.events).append(item)


@contextmanager
def socket_of(user: User, url: str, query: str = "") -> Iterator[Socket]:
    """A connected socket that has had its `connected`."""
    with Socket(f"{url}?access_token={token(user)}{query}") as found:
        assert found.next()["type"] == "connected"
        yield found
