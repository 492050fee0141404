"""Events to the hubs: committed ones, rendered once, encoded once, told together; and those that only pass by.

Nobody else sends events to the layer.
"""

from collections.abc import Sequence
from uuid import UUID

from events.catalogue import EventData
from events.log import Committed
from realtime.fragments import pieces_of
from realtime.messages import Ephemeral, ephemeral_message, events_message, group, passing, told
from realtime.publisher import publisher

PER_MESSAGE = 100
"""Events in one layer message: a hub decodes that many without making others wait."""


def on_events(events: Sequence[Committed]) -> None:
    """Tell the hubs (see settings.EVENT_HANDLERS). Called after commit, in the tenant's scope."""
    tenant_id = events[0].tenant_id
    pieces = pieces_of(events)
    outgoing = [told(event, pieces.get(event.seq)) for event in events]
    for start in range(0, len(outgoing), PER_MESSAGE):
        publisher().put(group(tenant_id), events_message(tenant_id, outgoing[start : start + PER_MESSAGE]))


def pass_on(tenant_id: UUID, rooms: Sequence[str], *events: EventData) -> None:
    """Tell the hubs what is heard in these rooms now or never; returns at once, from any thread."""
    relay(tenant_id, [passing(rooms, event) for event in events])


def relay(tenant_id: UUID, events: Sequence[Ephemeral]) -> None:
    """The same for events of several rooms."""
    publisher().put(group(tenant_id), ephemeral_message(tenant_id, events))
