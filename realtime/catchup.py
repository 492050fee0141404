"""What a client missed: the events after a seq, as far as its rooms may hear them."""

from collections.abc import Set as AbstractSet

import msgspec

from conversations.serializers import exact_moment
from events import log
from events.log import Committed
from events.objects import WireObject

BACKLOG = 5_000
"""Whoever missed more reloads: that is faster than replaying."""


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
    page = log.since(seq)
    events = [_missed(event) for event in page if not rooms.isdisjoint(event.audience)]
    return Missed(events=events, seq=page[-1].seq if page else seq, more=len(page) == log.PAGE)


def _missed(event: Committed) -> MissedEvent:
    return MissedEvent(type=event.type, seq=event.seq, at=exact_moment(event.at), data=msgspec.Raw(event.data.encode()))
