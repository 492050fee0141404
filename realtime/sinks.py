"""Where the hub's events end: one sink per connection, whatever it speaks.

A websocket is one kind; a Socket.IO session or a TCP line would be others: a dialect of their own and the same hub.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from realtime.meter import meter
from realtime.tally import Transport

TOO_SLOW = 4408

BUFFER_BYTES = 512 * 1024
"""What may wait for a slow reader. More, and it is closed: it catches up from the log when it returns."""

Payload: TypeAlias = Any
"""What one kind of sink writes: bytes, texts. Made by its `encode`, meant for its `write`."""


class Sink(ABC):
    """One connection as the hub sees it. With a `language` it also gets the HTML fragments that go with its events.

    What it does is counted in `tally`: nobody's until it has signed in, then its tenant's. `user_id` is whose it is,
    `is_idle` whether they have said that they do nothing there.
    """

    __slots__ = ("is_idle", "language", "prev", "rooms", "tally", "user_id")

    transport: ClassVar[Transport]
    commands: ClassVar[Mapping[str, Any]] = {}
    """What may be asked over this kind of connection beside the registry (realtime/commands/registry.py)."""

    def __init__(self) -> None:
        self.tally = meter().tally(None, self.transport)
        self.language: str | None = None
        self.prev = 0
        self.rooms: set[str] = set()
        self.user_id: UUID | None = None
        self.is_idle = False

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
        self.tally.messages_out += 1
        self.write(self.encode([text]))

    @staticmethod
    def is_too_much(waiting: int, further: int) -> bool:
        """Whether a reader for whom so many bytes wait has fallen behind; one long answer alone is no sign of it."""
        return waiting > 0 and waiting + further > BUFFER_BYTES

    def fall_behind(self) -> None:
        """Give up on a reader that does not keep up: it catches up from the log when it returns."""
        self.tally.slow_closes += 1
        self.close(TOO_SLOW, "too slow")


def count_written(sinks: Iterable[Sink]) -> None:
    """Something was written to each of these: counted at once, because there may be thousands."""
    for tally, count in Counter(map(_tally, sinks)).items():
        tally.messages_out += count


_tally = attrgetter("tally")
