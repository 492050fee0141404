"""What passes by often and is small, told together: every telling costs each socket of a tenant a write."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

from events.catalogue import EventData
from realtime.broadcast import relay
from realtime.messages import Ephemeral, passing

GATHER_SECONDS = 0.2
"""Not noticed, and with fifty people typing at once a quarter of the writes."""


class Relay:
    """A tenant's first event leaves at once, what follows within GATHER_SECONDS together. For the event loop only."""

    def __init__(self, send: Callable[[UUID, Sequence[Ephemeral]], None] = relay) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[UUID, list[Ephemeral]] = {}  # of tenants of which something has just left

    def tell(self, tenant_id: UUID, rooms: Sequence[str], event: EventData) -> None:
        """Have an event told in a moment."""
        if tenant_id in self._waiting:
            self._waiting[tenant_id].append(passing(rooms, event))
        else:
            self._leave(tenant_id, [passing(rooms, event)])

    def _leave(self, tenant_id: UUID, events: list[Ephemeral]) -> None:
        self._waiting[tenant_id] = []
        self._send(tenant_id, events)
        self._loop.call_later(GATHER_SECONDS, self._look, tenant_id)

    def _look(self, tenant_id: UUID) -> None:
        if events := self._waiting.pop(tenant_id):
            self._leave(tenant_id, events)
