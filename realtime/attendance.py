"""Which people's sockets are in which rooms of this process, and writing it into the roster.

Changes are gathered for a tick, so that a thousand sockets that come back together cost a few messages.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID, uuid4

from realtime.roster import Change, Mark, Roster, beat, member, ttl
from realtime.sinks import Sink
from realtime.threads import in_tenant

if TYPE_CHECKING:
    from redis.asyncio import Redis

TICK_SECONDS = 0.4
LATE_SECONDS = 1.0
"""How much later than here a moment may come in Redis."""

ATTENDED = ("tenant", "conversation:")
"""How the names of the rooms begin in which it matters who is there."""

logger = logging.getLogger(__name__)

Place: TypeAlias = tuple[str, UUID]
"""A room's name and a person."""


class Attendance:
    """One tenant's people here."""

    def __init__(self) -> None:
        self._sinks: defaultdict[Place, set[Sink]] = defaultdict(set)
        self._written: dict[Place, str] = {}
        self._changed: dict[Place, float] = {}  # and for how many seconds those who have gone still count
        self._beat_at = time.monotonic() + beat()
        self._lapse_at = 0.0

    def enter(self, sink: Sink, room: str) -> None:
        """A sink came into a room, or its person became idle or active there."""
        if place := _place(sink, room):
            self._sinks[place].add(sink)
            self._changed[place] = 0.0

    def leave(self, sink: Sink, room: str) -> None:
        """A sink left a room on purpose."""
        self._remove(sink, room, 0.0)

    def lose(self, sink: Sink, room: str) -> None:
        """A sink broke: its person has a beat to come back unnoticed."""
        self._remove(sink, room, beat())

    def _remove(self, sink: Sink, room: str, grace: float) -> None:
        place = _place(sink, room)
        if not place or sink not in self._sinks.get(place, ()):
            return
        self._sinks[place].discard(sink)
        if not self._sinks[place]:
            del self._sinks[place]
        self._changed[place] = grace

    def is_due(self) -> bool:
        """Whether there is something to write, or somebody's grace is over."""
        now = time.monotonic()
        return bool(self._changed) or now >= self._beat_at or 0 < self._lapse_at <= now

    def is_over(self) -> bool:
        """Whether nobody is left whose going would have to be told."""
        return not (self._sinks or self._changed or self._lapse_at)

    def signs(self, process: str) -> dict[str, float]:
        """What to write now, seconds by member: what changed, and everything when a beat is due."""
        now = time.monotonic()
        if self._lapse_at <= now:
            self._lapse_at = 0.0
        found: dict[str, float] = {}
        if now >= self._beat_at:
            found = dict.fromkeys(self._written.values(), ttl())
            self._beat_at = now + beat()
        for place, grace in self._changed.items():
            found |= self._signs_of(place, grace, process)
        self._changed.clear()
        return found

    def _signs_of(self, place: Place, grace: float, process: str) -> dict[str, float]:
        old = self._written.pop(place, None)
        sinks = self._sinks.get(place)
        if not sinks:
            self._lapse_at = time.monotonic() + grace + LATE_SECONDS if grace else self._lapse_at
            return {old or member(*place, Mark.ACTIVE, process): grace}
        mark = Mark.IDLE if all(sink.is_idle for sink in sinks) else Mark.ACTIVE
        new = self._written[place] = member(*place, mark, process)
        return {**({old: 0.0} if old else {}), new: ttl()}

    def missed(self) -> None:
        """What was to be written was not: everything is, once it can be."""
        self._beat_at = time.monotonic() + TICK_SECONDS * 2


def _place(sink: Sink, room: str) -> Place | None:
    return (room, sink.user_id) if sink.user_id and room.startswith(ATTENDED) else None


class Presence:
    """All tenants' attendance in this process. `tell` is called in a thread, in the tenant's scope."""

    def __init__(self, redis: "Redis", tell: Callable[[Sequence[Change]], None]) -> None:
        self._roster, self._tell = Roster(redis), tell
        self._process = uuid4().hex[:12]
        self._tenants: defaultdict[UUID, Attendance] = defaultdict(Attendance)
        self._telling: set[asyncio.Task[None]] = set()

    def of(self, tenant_id: UUID) -> Attendance:
        """A tenant's attendance; it outlives the tenant's last socket by a while."""
        return self._tenants[tenant_id]

    async def tick(self) -> None:
        """Write what changed and what is due, and have it told."""
        for tenant_id, attendance in tuple(self._tenants.items()):
            if attendance.is_due():
                await self._settle(tenant_id, attendance)
            if attendance.is_over():
                del self._tenants[tenant_id]

    async def stop(self) -> None:
        """This process ends: what has gone is written, what was found out is told."""
        await self.tick()
        await asyncio.gather(*self._telling)

    async def _settle(self, tenant_id: UUID, attendance: Attendance) -> None:
        try:
            changes = await self._roster.settle(tenant_id, attendance.signs(self._process))
        except Exception as error:  # noqa: BLE001 - Redis is away
            logger.warning("Presence cannot be written: %s", error)
            attendance.missed()
            return
        if changes:
            task = asyncio.get_running_loop().create_task(self._tell_about(tenant_id, changes))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell_about(self, tenant_id: UUID, changes: list[Change]) -> None:
        try:
            await in_tenant(tenant_id, self._tell, changes)
        except Exception as error:  # noqa: BLE001 - the database is away: pages ask when they connect again
            logger.warning("Nobody could be told who came and went: %s", error)
