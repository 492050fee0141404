"""What a client missed: the events after a seq, as far as its rooms may hear them."""

from collections.abc import Set as AbstractSet

import msgspec

from conversations.serializers import exact_moment
from events import log
from events.log import Committed
from events.objects import WireObject

BACKLOG = 5_000
"""Whoever missed more reloads: that is faster than replaying."""

PAGE_BYTES = 256 * 1024
"""Of the events in one answer: half of what may wait for a reader, so that it never looks like one that is too slow."""


class MissedEvent(WireObject, frozen=True):
    """An event as it was sent, but for `prev`, which is the one before it in the list."""

    type: str
    seq: int
    at: str
    data: msgspec.Raw


class Missed(WireObject, frozen=True):
    """`seq` is the last one looked at, whoever it was for: ask for what follows it while `more` is true."""

    events: list[MissedEvent]
    seq: int
    more: bool


class Resync(WireObject, frozen=True):
    """Too old or too much: load the page again, and go on from `seq`."""

    resync: bool
    seq: int


def events_since(seq: int, rooms: AbstractSet[str]) -> Missed | Resync:
    """What the rooms heard after `seq`, a page at most. Also a seq from the future (a restored log) means reloading."""
    newest = log.newest_seq()
    if not log.floor() <= seq <= newest or newest - seq > BACKLOG:
        return Resync(resync=True, seq=newest)
    events: list[MissedEvent] = []
    size = 0
    for event in log.since(seq):
        if not rooms.isdisjoint(event.audience):
            missed = _missed(event)
            size += len(bytes(missed.data))
            if events and size > PAGE_BYTES:
                break
            events.append(missed)
        seq = event.seq
    return Missed(events=events, seq=seq, more=seq < newest)


def _missed(event: Committed) -> MissedEvent:
    return MissedEvent(type=event.type, seq=event.seq, at=exact_moment(event.at), data=msgspec.Raw(event.data.encode()))
