"""What hostile or broken clients send: hypothesis strategies for frames, and a socket without manners."""

import json
import os
import socket
import struct
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from hypothesis import strategies as st
from msgspec import inspect

from realtime.commands import REGISTRY

_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.uuids().map(str), st.just("\0")
)
ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def _data_of(name: str) -> st.SearchStrategy[Any]:
    """Data with the command's own field names, and nonsense in them."""
    kind = inspect.type_info(REGISTRY[name].data)
    assert isinstance(kind, inspect.StructType)
    fields = {field.encode_name: ANYTHING for field in kind.fields}
    return st.fixed_dictionaries({}, optional=fields) | ANYTHING


_HARMLESS = sorted(set(REGISTRY) - {"logout"})  # which may close the socket
_REQUESTS = st.sampled_from(_HARMLESS).flatmap(
    lambda name: st.fixed_dictionaries({"type": st.just(name), "data": _data_of(name)})
)
_SHAPES = st.fixed_dictionaries({}, optional={"type": ANYTHING, "data": ANYTHING, "requestId": ANYTHING}) | ANYTHING


def _without_logout(frame: Any) -> bool:
    return not (isinstance(frame, dict) and frame.get("type") == "logout")


FRAMES: st.SearchStrategy[str | bytes] = st.one_of(
    _REQUESTS.map(json.dumps),
    _SHAPES.filter(_without_logout).map(json.dumps),
    st.text(max_size=200),
    st.binary(max_size=200),
)


class RawSocket:
    """Finishes the handshake, and then sends whatever bytes it is told."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=10)
        self._socket.sendall(
            f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b"101" in self._socket.recv(65536)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, data: bytes) -> bool:
        """Whether it could still be sent."""
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def rest(self, seconds: float = 5) -> bytes:
        """What the server says until it closes, or until `seconds` of silence."""
        return b"".join(self._pieces(seconds))

    def until(self, needle: bytes, seconds: float = 15) -> bytes:
        """What the server says up to something that it must say."""
        said = b""
        for piece in self._pieces(seconds):
            said += piece
            if needle in said:
                return said
        raise AssertionError(said[-300:])

    def _pieces(self, seconds: float) -> Iterator[bytes]:
        self._socket.settimeout(seconds)
        try:
            while piece := self._socket.recv(65536):
                yield piece
        except OSError:
            return


def frame(payload: bytes, opcode: int = 1, *, final: bool = True, masked: bool = True) -> bytes:
    """A client's websocket frame (RFC 6455, 5.2), right or wrong."""
    size = len(payload)
    length = bytes([size]) if size < 126 else struct.pack("!BH" if size < 65536 else "!BQ", 126 + (size >= 65536), size)
    key = os.urandom(4) if masked else b""
    body = bytes(byte ^ key[place % 4] for place, byte in enumerate(payload)) if masked else payload
    return bytes([opcode | 0x80 * final, length[0] | 0x80 * masked]) + length[1:] + key + body
