"""What a client missed: the events after a seq, as far as its rooms may hear them."""

from collections.abc import Set as AbstractSet

import msgspec

from conversations.serializers import exact_moment
from events import log
from events.log import Committed
from events.objects import WireObject
from realtime.doors import CLOSING, OPENING, Door, door_of

PAGE = 400
"""Events in one answer."""

PAGE_BYTES = 256 * 1024
"""Of their data: half of what may wait for a reader, so that whoever catches up does not look too slow."""


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
    """What the rooms heard after `seq`, a page at most."""
    newest, page = log.newest_seq(), log.since(seq, PAGE)
    if not log.reaches(seq, newest):  # asked afterwards: what was pruned meanwhile is missing in the page
        return Resync(resync=True, seq=newest)
    heard = Hearing(seq, rooms) if page else None
    events: list[MissedEvent] = []
    size = 0
    for event in page:
        if heard and heard(event):
            missed = _missed(event)
            size += len(bytes(missed.data))
            if events and size > PAGE_BYTES:
                break
            events.append(missed)
        seq = event.seq
    return Missed(events=events, seq=seq, more=seq < newest)


class Hearing:
    """What somebody in these rooms was entitled to after a seq: from chats only what was said while they were in.

    Make it after the events were read, so that no door among them is overlooked.
    """

    def __init__(self, seq: int, rooms: AbstractSet[str]) -> None:
        self._rooms = rooms
        self._entered: dict[str, int] = {}
        self._left: dict[str, int] = {}
        for event in log.of_types(OPENING | CLOSING, seq, rooms):
            door = door_of(event)
            if door and not rooms.isdisjoint(door.people):
                self._pass(door, event.seq)

    def _pass(self, door: Door, seq: int) -> None:
        for room in door.rooms:
            if door.opens:
                self._entered[room] = seq
                self._left.pop(room, None)
            else:
                self._left[room] = seq

    def __call__(self, event: Committed) -> bool:
        return any(self._hears(room, event.seq) for room in event.audience if room in self._rooms)

    def _hears(self, room: str, seq: int) -> bool:
        return self._entered.get(room, 0) <= seq <= self._left.get(room, seq)


def _missed(event: Committed) -> MissedEvent:
    return MissedEvent(type=event.type, seq=event.seq, at=exact_moment(event.at), data=msgspec.Raw(event.data.encode()))
