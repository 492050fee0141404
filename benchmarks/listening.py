"""Websocket clients that only listen: a handshake, then a server's unmasked frames. Ten thousand fit in one process."""

import asyncio
import base64
import os
import struct
from collections.abc import Callable, Iterable, Sequence

_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
)
_TEXT, _PING, _PONG = 1, 9, 0x8A
_REPLY = b'{"type":"reply"'
_NO_MASK = bytes(4)  # zeros leave the payload as it is

AT_A_TIME = 50
SOURCES = 4
"""Addresses of ours to connect from: one has 28,000 ports, and those of the last run are not free at once."""

Hear = Callable[[bytes], None]


class Listener(asyncio.Protocol):
    """One socket. `ready` is done with the server's first text; `hear` gets every one after it."""

    def __init__(self, request: bytes, hear: Hear) -> None:
        self._request, self._hear = request, hear
        self._buffer = b""
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self.is_open = True
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._next: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP has a full one
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self._upgraded and not self._upgrade():
            return
        offset, buffer = 0, self._buffer
        while (frame := _frame(buffer, offset)) is not None:
            opcode, start, offset = frame
            self._take(opcode, buffer[start:offset])
        self._buffer = buffer[offset:]

    def _upgrade(self) -> bool:
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self.ready.set_exception(ConnectionError(head.decode("latin-1")))
        self._buffer, self._upgraded = rest, True
        return True

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING and self._transport:
            self._transport.write(bytes((_PONG, 0x80 | len(payload))) + _NO_MASK + payload)
        elif opcode == _TEXT and self._next and payload.startswith(_REPLY):
            self._next.set_result(payload)
            self._next = None
        elif opcode == _TEXT and self.ready.done():
            self._hear(payload)
        elif opcode == _TEXT:
            self.ready.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed before the first text"))

    def next_reply(self) -> "asyncio.Future[bytes]":
        """The next reply, which `hear` does not get."""
        self._next = asyncio.get_running_loop().create_future()
        return self._next

    def say(self, text: bytes) -> None:
        """Send a text of up to 64 KiB."""
        length = bytes((0x80 | len(text),)) if len(text) < 126 else struct.pack("!BH", 0x80 | 126, len(text))
        if self._transport and self.is_open:
            self._transport.write(b"\x81" + length + _NO_MASK + text)

    def close(self) -> None:
        """Leave without saying goodbye."""
        if self._transport:
            self._transport.abort()


def _frame(buffer: bytes, offset: int) -> tuple[int, int, int] | None:
    """Opcode, start and end of the frame at `offset`, or None while it is not whole."""
    left = len(buffer) - offset
    if left < 2:
        return None
    length, start = buffer[offset + 1] & 127, offset + 2
    if length == 126:
        if left < 4:
            return None
        length, start = struct.unpack_from("!H", buffer, start)[0], start + 2
    elif length == 127:
        if left < 10:
            return None
        length, start = struct.unpack_from("!Q", buffer, start)[0], start + 8
    return (buffer[offset] & 15, start, start + length) if len(buffer) >= start + length else None


async def listen(port: int, path: str, hear: Hear, source: int = 0) -> Listener:
    """A socket to which the server has spoken."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = _HANDSHAKE.format(path=path, port=port, key=key).encode()
    _, listener = await asyncio.get_running_loop().create_connection(
        lambda: Listener(request, hear), "127.0.0.1", port, local_addr=(f"127.0.0.{1 + source % SOURCES}", 0)
    )
    await asyncio.wait_for(listener.ready, 60)
    return listener


async def listen_all(port: int, paths: Iterable[str], hear: Hear) -> list[Listener]:
    """Many sockets, some at a time."""
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(place: int, path: str) -> Listener:
        async with gate:
            return await listen(port, path, hear, place)

    return await asyncio.gather(*(one(place, path) for place, path in enumerate(paths)))


def paths(tokens: Sequence[str], sockets_each: int = 1) -> list[str]:
    """Where the owners of these JWTs connect to."""
    return [f"/ws/?access_token={token}" for token in tokens for _ in range(sockets_each)]
