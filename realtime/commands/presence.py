"""Commands on who is there: choosing, asking, typing."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from accounts.models import Availability
from accounts.permissions import Permission
from conversations.errors import NotFound
from events.objects import PresenceObject, Ref, WireObject
from realtime import presence
from realtime.commands.conversations import ConversationRef, OneConversation
from realtime.commands.registry import Caller, command
from realtime.commands.session import Nothing
from realtime.limits import Bucket
from realtime.rooms import ConversationRoom

MOST = 500


class PresenceUpdate(Struct, rename="camel"):
    """`status` is what somebody chooses to be; `idle` whether they do nothing at this socket."""

    status: Availability | None = None
    idle: bool | None = None


class PresenceList(Struct, rename="camel"):
    """Of whom; without it, of everybody who is connected. `known` is the stamp of the list that the client has."""

    user_ids: Annotated[list[UUID], Meta(max_length=MOST)] | None = None
    known: str | None = None


class PresencesObject(WireObject, frozen=True):
    """Whoever is not in it is offline. `items` is None when what the client has is still true."""

    items: list[PresenceObject] | None
    stamp: str | None


class ViewersObject(WireObject, frozen=True):
    """Who looks at one conversation."""

    conversation_id: str
    viewers: list[Ref]


class ViewersListObject(WireObject, frozen=True):
    """Nobody looks at those that are not in it."""

    items: list[ViewersObject]


@command("presence:update", PresenceUpdate, Permission.WORK)
def presence_update(caller: Caller, data: PresenceUpdate) -> PresenceObject:
    """Choose what to be for others, and say whether you do nothing at this socket."""
    if data.idle is not None:
        caller.socket.be_idle(data.idle)
    return presence.choose(caller.user, data.status or Availability(caller.user.availability))


@command("presence:list", PresenceList, Permission.WORK)
def presence_list(_caller: Caller, data: PresenceList) -> PresencesObject:
    """Who is there."""
    if data.user_ids is not None:
        return PresencesObject(items=presence.presences(data.user_ids), stamp=None)
    items, stamp = presence.present()
    return PresencesObject(items=None if data.known == stamp else items, stamp=stamp)


@command("viewers:list", Nothing, Permission.WORK)
def viewers_list(caller: Caller, _data: Nothing) -> ViewersListObject:
    """Who looks at which conversation."""
    found = presence.viewed(caller.user)
    return ViewersListObject(items=[ViewersObject(conversation_id=str(pk), viewers=refs) for pk, refs in found.items()])


@command("typing:start", OneConversation, None, bucket=Bucket.TYPING)
def typing_start(caller: Caller, data: OneConversation) -> ConversationRef:
    """You write in a conversation that you have joined."""
    _require_joined(caller, data.conversation_id)
    caller.socket.start_typing(data.conversation_id)
    return ConversationRef(conversation_id=data.conversation_id)


@command("typing:stop", OneConversation, None, bucket=Bucket.TYPING)
def typing_stop(caller: Caller, data: OneConversation) -> ConversationRef:
    """You do not write any more."""
    _require_joined(caller, data.conversation_id)
    caller.socket.stop_typing(data.conversation_id)
    return ConversationRef(conversation_id=data.conversation_id)


def _require_joined(caller: Caller, conversation_id: UUID) -> None:
    """Whoever has joined came through the door, and whom it shuts out is put out of the room: no need to ask again."""
    if ConversationRoom(conversation_id).name not in caller.socket.rooms:
        raise NotFound
