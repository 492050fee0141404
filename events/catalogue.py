"""Every event there is, typed: the class says what happened, its fields are the `data` of the frame.

docs/protocol.md tells the same in words.
"""

from typing import Any, ClassVar

from events.objects import (
    ConversationObject,
    ErrorObject,
    LastMessageObject,
    MessageObject,
    ReactionObject,
    Ref,
    WireObject,
)


class EventData(WireObject, frozen=True):
    """Base of all events. `type` is the name on the wire."""

    type: ClassVar[str]


class MessageNew(EventData, frozen=True):
    """A message was stored: received, queued for sending, or written among us."""

    type: ClassVar[str] = "message:new"
    conversation_id: str
    message: MessageObject


class MessageStatusUpdate(EventData, frozen=True):
    """A message went a step further, or failed."""

    type: ClassVar[str] = "message:status-update"
    conversation_id: str
    message_id: str
    client_id: str | None
    status: str
    version: int
    error: ErrorObject | None = None


class MessageUpdated(EventData, frozen=True):
    """What a message shows changed without an edit: its file has arrived or never will, what it answers has come."""

    type: ClassVar[str] = "message:updated"
    conversation_id: str
    message: MessageObject


class MessageEdited(EventData, frozen=True):
    """Its author changed a message."""

    type: ClassVar[str] = "message:edited"
    conversation_id: str
    message: MessageObject


class MessageDeleted(EventData, frozen=True):
    """Its author took a message back after it was sent."""

    type: ClassVar[str] = "message:deleted"
    conversation_id: str
    message_id: str
    version: int


class MessageRecalled(EventData, frozen=True):
    """Its author took a message back before it was sent, or in a chat within five minutes."""

    type: ClassVar[str] = "message:recalled"
    conversation_id: str
    message_id: str
    client_id: str | None
    status: str
    version: int


class MessageReaction(EventData, frozen=True):
    """The emojis on a message changed; the list is the whole truth."""

    type: ClassVar[str] = "message:reaction"
    conversation_id: str
    message_id: str
    reactions: list[ReactionObject]
    version: int


class MessageDelivered(EventData, frozen=True):
    """A colleague's screens have got a chat up to a message. The last two: what everybody in it has."""

    type: ClassVar[str] = "message:delivered"
    conversation_id: str
    user_id: str
    up_to_id: str
    place: int
    at: str
    delivered_place: int
    read_place: int


class MessageRead(MessageDelivered, frozen=True):
    """A colleague has read a chat up to a message; the counts are what is left for them."""

    type: ClassVar[str] = "message:read"
    unread_count: int
    mention_count: int


class ConversationNew(EventData, frozen=True):
    """A conversation began; among colleagues, `user_ids` are the two."""

    type: ClassVar[str] = "conversation:new"
    conversation_id: str
    conversation: ConversationObject
    user_ids: list[str] = []


class ConversationUpdated(EventData, frozen=True):
    """Something that its card or header shows changed. `updates` holds the new values by their JSON names."""

    type: ClassVar[str] = "conversation:updated"
    conversation_id: str
    version: int
    updates: dict[str, Any]
    last_message: LastMessageObject | None = None
    last_message_at: str | None = None


class NotificationNew(EventData, frozen=True):
    """Something concerns one person, who alone hears of it. `by` is who did it, `preview` their words.

    `title` is the contact's, the group's or, in a direct conversation, the other one's name.
    """

    type: ClassVar[str] = "notification:new"
    kind: str
    conversation_id: str
    message_id: str | None
    title: str
    preview: str
    message_type: str | None
    by: Ref
    at: str


class GroupCreated(EventData, frozen=True):
    """Somebody began a group with these people, themselves among them."""

    type: ClassVar[str] = "group:created"
    conversation_id: str
    conversation: ConversationObject
    user_ids: list[str]
    by: Ref


class GroupJoined(EventData, frozen=True):
    """People came into a group: by themselves, or invited."""

    type: ClassVar[str] = "group:joined"
    conversation_id: str
    conversation: ConversationObject
    user_ids: list[str]
    by: Ref


class GroupLeft(EventData, frozen=True):
    """Somebody left a group, or was removed: from here on they hear nothing of it."""

    type: ClassVar[str] = "group:left"
    conversation_id: str
    conversation: ConversationObject
    user_ids: list[str]
    by: Ref


class GroupUpdated(EventData, frozen=True):
    """A group's name, door or roles changed."""

    type: ClassVar[str] = "group:updated"
    conversation_id: str
    conversation: ConversationObject
    by: Ref


CATALOGUE: dict[str, type[EventData]] = {
    event.type: event
    for event in (
        MessageNew,
        MessageStatusUpdate,
        MessageUpdated,
        MessageEdited,
        MessageDeleted,
        MessageRecalled,
        MessageReaction,
        MessageDelivered,
        MessageRead,
        ConversationNew,
        ConversationUpdated,
        NotificationNew,
        GroupCreated,
        GroupJoined,
        GroupLeft,
        GroupUpdated,
    )
}
