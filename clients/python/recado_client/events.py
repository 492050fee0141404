"""Events, and their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Those about the connection have no `seq`, fetched ones no `prev`."""

    type: str
    data: dict[str, Any]
    seq: int | None = None
    prev: int | None = None
    at: str = ""

    @classmethod
    def of(cls, frame: dict[str, Any]) -> "Event":
        """An event as it was sent."""
        return cls(frame["type"], frame["data"], frame.get("seq"), frame.get("prev"), frame.get("at", ""))


class Timeline:
    """Lets every numbered event pass once and in order; holds back what comes after a hole."""

    def __init__(self, seen: int | None = None) -> None:
        self.seen = seen
        self._newest = 0
        self._is_in_doubt = False
        self._held: list[Event] = []

    @property
    def is_behind(self) -> bool:
        """Whether something is missing, or may be: to be fetched after `seen`."""
        return self._is_in_doubt or self._newest > (self.seen or 0)

    def know(self, newest: int) -> None:
        """The server's newest seq; the first time, events begin there."""
        if self.seen is None:
            self.seen = newest
        self._newest = max(self._newest, newest)
        self._is_in_doubt = newest < self.seen  # a process that is late, or a log that was restored

    def take(self, event: Event) -> list[Event]:
        """What is due now that this one has come."""
        if event.seq is None or event.prev is None:
            return [event]
        seen = self.seen or 0
        if event.seq <= seen:
            return []
        if self.is_behind or event.prev > seen:
            self._held.append(event)
            self._newest = max(self._newest, event.seq)
            return []
        self.seen = self._newest = event.seq
        return [event]

    def fetched(self, events: Iterable[Event], upto: int) -> list[Event]:
        """What is due of the events that were missing; the log was read up to a seq."""
        due = [event for event in events if event.seq is not None and event.seq > (self.seen or 0)]
        self.seen, self._is_in_doubt = max(self.seen or 0, upto), False
        return due

    def release(self) -> list[Event]:
        """What was held back and is due once nothing is missing before it."""
        held, self._held = self._held, []
        self._newest = self.seen or 0
        return [due for event in held for due in self.take(event)]

    def restart(self, seq: int) -> None:
        """Too much was missed, or the log is another: go on from there."""
        self.seen, self._is_in_doubt = seq, False
