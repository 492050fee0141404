"""Raw HTTP/1.1 over kept connections: cheap enough to measure a server on the same two cores."""

import asyncio
import time
from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

TICK_SECONDS = 0.001
AT_ONCE = 1e9
"""A rate that no server reaches: as fast as answers come."""


@dataclass(slots=True)
class Posted:
    """When each request was due and when it was answered (seconds of perf_counter; 0: never), and what went wrong."""

    due_at: "array[float]"
    answered_at: "array[float]"
    refused: list[str] = field(default_factory=list)

    @property
    def latencies(self) -> list[float]:
        """Seconds from due to answered."""
        return [done - due for due, done in zip(self.due_at, self.answered_at, strict=True) if done]

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return max(self.answered_at) - self.due_at[0]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answered_at) / self.seconds


def _nothing_posted(count: int) -> Posted:
    return Posted(array("d", bytes(8 * count)), array("d", bytes(8 * count)))


class _Connection(asyncio.Protocol):
    """Carries one request at a time."""

    def __init__(self, poster: "Poster") -> None:
        self._poster = poster
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._index = -1

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP has a full one
        self._transport = transport

    def carry(self, index: int, request: bytes) -> None:
        self._index = index
        if self._transport:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if blank and len(body) >= _content_length(head):
            self._received = b""
            self._poster.answered(self, self._index, head[9:12])

    def connection_lost(self, exc: Exception | None) -> None:
        self._poster.lost(self._index)

    def close(self) -> None:
        if self._transport:
            self._transport.close()


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


class Poster:
    """Sends prepared requests when they are due, whether answers come or not (an open loop)."""

    def __init__(self, port: int, connections: int = 64) -> None:
        self._port, self._connections = port, connections
        self._idle: deque[_Connection] = deque()  # in turn, so that none is idle for as long as servers allow
        self._waiting: deque[int] = deque()
        self._requests: Sequence[bytes] = ()
        self._left = 0
        self._done = asyncio.Event()
        self.posted = _nothing_posted(0)

    async def run(self, requests: Sequence[bytes], rate: float, patience: float = 60) -> Posted:
        """Send all of them, `rate` a second, and wait for the answers, `patience` seconds after the last one is due."""
        self._requests, self._left = requests, len(requests)
        self._done.clear()
        self.posted = _nothing_posted(len(requests))
        await self._connect()
        await self._send_when_due(rate)
        await asyncio.wait_for(self._done.wait(), patience)
        while self._idle:
            self._idle.pop().close()
        return self.posted

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self._connections):
            _, connection = await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
            self._idle.append(connection)

    async def _send_when_due(self, rate: float) -> None:
        count, sent, start = len(self._requests), 0, time.perf_counter()
        while sent < count:
            now = time.perf_counter()
            due = min(count, int((now - start) * rate) + 1)
            for index in range(sent, due):
                self.posted.due_at[index] = now
                self._send(index)
            sent = due
            await asyncio.sleep(max(TICK_SECONDS, start + sent / rate - time.perf_counter()))

    def _send(self, index: int) -> None:
        if self._idle:
            self._idle.popleft().carry(index, self._requests[index])
        else:
            self._waiting.append(index)

    def answered(self, connection: _Connection, index: int, status: bytes) -> None:
        self.posted.answered_at[index] = time.perf_counter()
        if status != b"200":
            self.posted.refused.append(f"request {index}: {status.decode()}")
        self._left -= 1
        if self._waiting:
            following = self._waiting.popleft()
            connection.carry(following, self._requests[following])
        else:
            self._idle.append(connection)
        if not self._left:
            self._done.set()

    def lost(self, index: int) -> None:
        """A connection was closed, by the server unless everything is done."""
        if self._left:
            self.posted.refused.append(f"request {index}: connection lost")
