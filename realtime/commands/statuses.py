"""What only `/ws/status` knows: hearing the statuses of chosen conversations and nothing else (Whatslike's dialect)."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from accounts.permissions import Permission
from events.objects import WireObject
from realtime.commands.registry import Caller, Command, command
from realtime.rooms import StatusRoom, enter

STATUS_COMMANDS: dict[str, Command[Any]] = {}

SOME = 100
"""Conversations in one command."""


class Conversations(Struct, rename="camel"):
    """One or several."""

    conversation_id: UUID | Annotated[list[UUID], Meta(min_length=1, max_length=SOME)]

    @property
    def rooms(self) -> list[StatusRoom]:
        ids = self.conversation_id if isinstance(self.conversation_id, list) else [self.conversation_id]
        return [StatusRoom(conversation_id) for conversation_id in ids]


class Subscribed(WireObject, frozen=True):
    """What was asked for, as it was asked."""

    conversation_id: UUID | list[UUID]


@command("subscribe", Conversations, Permission.WORK, among=STATUS_COMMANDS)
def subscribe(caller: Caller, data: Conversations) -> Subscribed:
    """Only on `/ws/status`: hear `message.status` of these conversations, and from now on nothing else."""
    for name in [enter(caller.user, room) for room in data.rooms]:
        caller.socket.join(name, caller.seq)
    return Subscribed(conversation_id=data.conversation_id)


@command("unsubscribe", Conversations, None, among=STATUS_COMMANDS)
def unsubscribe(caller: Caller, data: Conversations) -> Subscribed:
    """Only on `/ws/status`: hear these conversations no more."""
    for room in data.rooms:
        caller.socket.leave(room.name)
    return Subscribed(conversation_id=data.conversation_id)
