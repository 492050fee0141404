"""Doors of chats, as the log opens and closes them: who comes into a group hears it, who leaves does not, at that very
event, on every process, also when Redis loses the message, because the hub follows the log.
"""

from collections import deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from uuid import UUID

import msgspec

from events.audience import EVERYONE, members, person
from events.catalogue import ConversationNew, GroupCreated, GroupJoined, GroupLeft
from events.log import Committed
from realtime.rooms import ConversationRoom, StatusRoom

OPENING = frozenset({ConversationNew.type, GroupCreated.type, GroupJoined.type})
CLOSING = frozenset({GroupLeft.type})

REMEMBERED = 10_000
"""Doors that a feed remembers, for sockets that have read their rooms before it and are let in after it."""


class Door(msgspec.Struct, array_like=True, frozen=True):
    """Whoever is in one of `people` (rooms of persons) enters `rooms`, or leaves them."""

    people: tuple[str, ...]
    rooms: tuple[str, ...]
    opens: bool


class _Moved(msgspec.Struct, rename="camel"):
    conversation_id: UUID
    user_ids: tuple[UUID, ...] = ()


_decode = msgspec.json.Decoder(_Moved).decode


def door_of(event: Committed) -> Door | None:
    """The door that an event moves; most move none."""
    if event.type not in OPENING | CLOSING or event.audience == EVERYONE:
        return None
    moved, opens = _decode(event.data), event.type in OPENING
    rooms = (members(moved.conversation_id), *(() if opens else _entered_by_asking(moved.conversation_id)))
    return Door(tuple(map(person, moved.user_ids)), rooms, opens)


def _entered_by_asking(conversation_id: UUID) -> tuple[str, ...]:
    return ConversationRoom(conversation_id).name, StatusRoom(conversation_id).name


class Doors:
    """The doors that moved lately, by seq."""

    def __init__(self) -> None:
        self._moved: deque[tuple[int, Door]] = deque(maxlen=REMEMBERED)

    def remember(self, seq: int, door: Door) -> None:
        self._moved.append((seq, door))

    def since(self, seq: int, rooms: AbstractSet[str]) -> Iterator[Door]:
        """Those that moved after `seq` for somebody who is in `rooms`, oldest first."""
        for at, door in self._moved:
            if at > seq and not rooms.isdisjoint(door.people):
                yield door
