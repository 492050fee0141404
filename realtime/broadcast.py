"""Committed events to the hubs: rendered once, encoded once, told together. Nobody else sends events to the layer."""

from collections.abc import Sequence

from events.log import Committed
from realtime.fragments import pieces_of
from realtime.messages import events_message, group, told
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
