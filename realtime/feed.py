"""One tenant's events in this process: put in order, batched, handed to the tenant's sinks."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from uuid import UUID

from realtime.attendance import Attendance
from realtime.doors import Door, Doors
from realtime.fanout import Batch, Members
from realtime.messages import Ephemeral, Told
from realtime.sinks import Payload, Sink, count_written

logger = logging.getLogger(__name__)

BATCH_SECONDS = 0.005
"""The first event leaves at once, the next ones this long after the last flush, as one array (20 ms measured worse)."""

CHUNK = 2_000
"""Sinks written to before the event loop gets a turn: 10,000 at once blocked it for 94 ms."""


class Feed:
    """`newest` is the newest seq known to exist, `heard` the newest that arrived without a hole before it, `seq` the
    newest that was handed to sinks.
    """

    def __init__(
        self,
        tenant_id: UUID,
        seq: int,
        on_hole: Callable[["Feed"], None],
        attendance: Attendance | None = None,
    ) -> None:
        self.tenant_id = tenant_id
        self.newest = self.heard = self.seq = seq
        self.members = Members()
        self.doors = Doors()
        self.sinks: set[Sink] = set()
        self.attendance = attendance or Attendance()
        self._on_hole = on_hole
        self._early: dict[int, Told] = {}
        self._waiting: list[Told | Ephemeral] = []
        self._flushed_at = 0.0
        self._writing: Iterator[tuple[Sink, Payload]] | None = None
        self._timer: asyncio.Handle | None = None
        self._loop = asyncio.get_running_loop()

    def is_behind(self, seq: int = 0) -> bool:
        """Whether events exist, up to `seq` at least, that have not arrived."""
        self.newest = max(self.newest, seq)
        return self.heard < self.newest

    def add(self, sink: Sink, rooms: Iterable[str], known: int) -> None:
        """From now on the sink gets what its rooms hear, after `self.seq`. `rooms` are from when the log ended with
        the seq `known`: doors may have moved since.
        """
        sink.prev = self.seq
        self.sinks.add(sink)
        for room in rooms:
            self._enter(sink, room)
        self._pass_doors(sink, known)

    def _enter(self, sink: Sink, room: str) -> None:
        self.members.join(sink, room)
        self.attendance.enter(sink, room)

    def _pass_doors(self, sink: Sink, known: int) -> None:
        for door in self.doors.since(known, sink.rooms):
            self._pass(sink, door)

    def _pass(self, sink: Sink, door: Door) -> None:
        for room in door.rooms:
            (self._enter if door.opens else self.leave)(sink, room)

    def _move_door(self, seq: int, door: Door) -> None:
        self.doors.remember(seq, door)
        for sink in tuple(self.members.hearing(door.people)):
            self._pass(sink, door)

    def remove(self, sink: Sink) -> None:
        """The sink is gone; its person may come back before anybody notices."""
        self.sinks.discard(sink)
        for room in tuple(sink.rooms):
            self.members.leave(sink, room)
            self.attendance.lose(sink, room)

    def join(self, sink: Sink, room: str, known: int) -> None:
        """Let a sink hear a further room, whose door was asked when the feed was at `known`. Nothing happens to one
        that has gone meanwhile.
        """
        if sink in self.sinks:
            self._enter(sink, room)
            self._pass_doors(sink, known)

    def move(self, sink: Sink, left: Iterable[str], entered: Iterable[str], known: int) -> None:
        """Take a sink out of rooms and into others, as their doors were found when the feed was at `known`."""
        for room in left:
            self.leave(sink, room)
        for room in entered:
            self.join(sink, room, known)
        self._pass_doors(sink, known)

    def leave(self, sink: Sink, room: str) -> None:
        """Let a sink hear a room no more."""
        self.members.leave(sink, room)
        self.attendance.leave(sink, room)

    def be_idle(self, sink: Sink, idle: bool) -> None:  # noqa: FBT001 - call_soon passes by position
        """Whether a sink's person does something there."""
        sink.is_idle = idle
        for room in sink.rooms:
            self.attendance.enter(sink, room)

    def hear(self, events: Iterable[Told]) -> None:
        """Take events from the layer or the log, in any order, some of them twice."""
        for event in events:
            if event.seq > self.heard:
                self._early.setdefault(event.seq, event)  # the layer's copy came first and has the fragments
                self.newest = max(self.newest, event.seq)
        while following := self._early.pop(self.heard + 1, None):
            self.heard += 1
            self._waiting.append(following)
        if self._waiting:
            self._flush_when_due()
        if self._early:
            self._on_hole(self)

    def pass_on(self, events: Iterable[Ephemeral]) -> None:
        """Take events without number: they go with the next flush, and are forgotten."""
        self._waiting += events
        if self._waiting:
            self._flush_when_due()

    def skip_to(self, seq: int) -> None:
        """Events up to `seq` were pruned before we read them: let every client see the hole and reload."""
        self._early = {early: event for early, event in self._early.items() if early > seq}
        self.heard = max(self.heard, seq)
        self.seq = max(self.seq, seq)
        for sink in self.sinks:
            sink.prev = max(sink.prev, seq)

    def _flush_when_due(self) -> None:
        if self._timer or self._writing:
            return
        due = self._flushed_at + BATCH_SECONDS
        if self._loop.time() >= due:
            self._flush()
        else:
            self._timer = self._loop.call_at(due, self._flush)

    def _flush(self) -> None:
        self._timer = None
        batch, self._waiting = self._waiting, []
        self.seq = self.heard
        recipients = Batch(batch, self.members, self._move_door)
        count_written(recipients.sinks)
        self._writing = iter(recipients)
        self._write_chunk()

    def _write_chunk(self) -> None:
        written = 0
        for sink, payload in islice(self._writing or (), CHUNK):
            try:
                sink.write(payload)
            except Exception:  # one broken connection must not silence the others
                logger.exception("A sink could not be written to.")
            written += 1
        if written == CHUNK:
            self._loop.call_soon(self._write_chunk)
            return
        self._writing = None
        self._flushed_at = self._loop.time()
        if self._waiting:
            self._flush_when_due()
