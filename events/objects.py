"""The JSON of the objects that travel in events, replies and REST answers (docs/protocol.md): one shape each.

Field names are camelCase on the wire, ids are strings, times ISO 8601 in UTC with milliseconds and `Z`.
Whoever owns the rows fills these in: conversations/serializers.py.
"""

from typing import Any

from msgspec import Struct


class WireObject(Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of everything that is sent: immutable (a type checker wants `frozen` said again below), camelCase."""


class Ref(WireObject, frozen=True):
    """A person, contact or system that is named beside something else."""

    id: str | None
    name: str
    kind: str


class ErrorObject(WireObject, frozen=True):
    """Why a message failed: WhatsApp's code (or ours), a title in plain words and what to do about it."""

    code: str
    title: str
    advice: str


class QuoteObject(WireObject, frozen=True):
    """The message that a reply answers; without id when we do not hold it."""

    id: str | None
    preview: str


class PresenceObject(WireObject, frozen=True):
    """Whether somebody is there: what they chose, what was measured, and `status`, which is what a dot shows of both.

    `last_seen_at` is None while they are connected, and of those who never were.
    """

    user_id: str
    status: str
    availability: str
    connected: bool
    idle: bool
    last_seen_at: str | None


class ReactionObject(WireObject, frozen=True):
    """One person's emoji on a message. PENDING: WhatsApp has not taken it yet, or has not removed it."""

    emoji: str
    sender: Ref
    status: str = "SENT"


class AttachmentObject(WireObject, frozen=True):
    """A file. `url` is None until state is READY."""

    id: str
    state: str
    mime_type: str
    filename: str
    size: int | None
    url: str | None
    thumbnail_url: str | None
    width: int | None
    height: int | None


class ContactObject(WireObject, frozen=True):
    """A customer."""

    id: str
    phone_number: str
    name: str


class ParticipantObject(WireObject, frozen=True):
    """A colleague in a chat, and up to which of its messages they have got and read."""

    user: Ref
    role: str
    joined_at: str
    delivered_place: int
    read_place: int


class ReceiptObject(WireObject, frozen=True):
    """When a colleague got and read a message; null: not yet."""

    user: Ref
    delivered_at: str | None
    read_at: str | None


class GroupObject(WireObject, frozen=True):
    """A group as those see it who may come in: nothing of what is said in it."""

    id: str
    title: str
    participant_count: int
    is_open: bool
    is_member: bool


class MessageObject(WireObject, frozen=True):
    """One message."""

    id: str
    conversation_id: str
    whatsapp_message_id: str | None
    client_id: str | None
    direction: str
    type: str
    content: str
    metadata: dict[str, Any]
    status: str
    error: ErrorObject | None
    reply_to: QuoteObject | None
    attachments: list[AttachmentObject]
    reactions: list[ReactionObject]
    sender: Ref
    contact: ContactObject | None
    timestamp: str
    received_at: str
    edited_at: str | None
    deleted_at: str | None
    version: int
    place: int | None = None
    recallable_until: str | None = None


class LastMessageObject(WireObject, frozen=True):
    """What a card shows of the newest message."""

    id: str | None
    preview: str
    type: str
    direction: str
    status: str
    author: str = ""


class ConversationObject(WireObject, frozen=True):
    """One conversation."""

    id: str
    kind: str
    title: str
    contact: ContactObject | None
    number_id: str | None
    status: str
    assignee: Ref | None
    team: Ref | None
    column_id: str | None
    labels: list[Ref]
    priority: int
    unread_count: int | None
    last_message: LastMessageObject | None
    last_message_at: str | None
    waiting_since: str | None
    window_expires_at: str | None
    snoozed_until: str | None
    participants: list[ParticipantObject]
    version: int
    participant_count: int = 0
    is_open: bool = False
    message_count: int = 0
    delivered_place: int = 0
    read_place: int = 0
    mention_count: int | None = 0
