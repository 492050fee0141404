"""Where the hub's events end: one sink per connection, whatever it speaks.

A websocket is one kind; a Socket.IO session or a TCP line would be others: a dialect of their own and the same hub.
"""

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

Payload: TypeAlias = Any
"""What one kind of sink writes: bytes, texts. Made by its `encode`, meant for its `write`."""


class Sink(ABC):
    """One connection as the hub sees it. With a `language` it also gets the HTML fragments that go with its events."""

    __slots__ = ("language", "prev", "rooms")

    def __init__(self) -> None:
        self.language: str | None = None
        self.prev = 0
        self.rooms: set[str] = set()

    @staticmethod
    @abstractmethod
    def encode(texts: list[bytes]) -> Payload:
        """JSON texts as what `write` takes. Sinks of one class that are due the same share the encoded bytes."""

    @abstractmethod
    def write(self, payload: Payload) -> None:
        """Take encoded bytes at once; never wait and never raise. A sink that cannot keep up ends itself."""

    @abstractmethod
    def close(self, code: int, reason: str) -> None:
        """Say goodbye; nothing is written after it."""

    @abstractmethod
    def stop(self) -> None:
        """The connection is gone: free what it held."""

    def say(self, text: bytes) -> None:
        """One JSON text to this connection alone."""
        self.write(self.encode([text]))
