"""Events that are not in the log: about the connection or the moment. They have no seq and are never repeated."""

from typing import ClassVar

from accounts.serializers import PersonObject, TenantObject
from conversations.fragments import Fragment
from events.catalogue import EventData, MessageStatusUpdate
from events.objects import PresenceObject, Ref, WireObject
from realtime.requests import Problem


class Limits(WireObject, frozen=True):
    """What a person may do, over all their sockets."""

    commands_per_minute: int
    burst: int
    sockets_per_user: int
    frame_bytes: int


class Connected(EventData, frozen=True):
    """The proof was good. `seq` is the newest event there is, `heartbeat` the seconds between two pings.

    `expires_at` is when the token ends, and the socket with it, unless `auth` brings another.
    A client whose person has done nothing for `away_after` seconds says that it is idle (`presence:update`).
    """

    type: ClassVar[str] = "connected"
    user: PersonObject
    tenant: TenantObject
    socket_id: str
    seq: int
    expires_at: str | None
    heartbeat: int
    away_after: int
    limits: Limits


class BoardFragments(EventData, frozen=True):
    """The HTML of what the event with the same seq changed, for sockets that asked for it. Has a seq, but no `prev`."""

    type: ClassVar[str] = "board:fragments"
    fragments: list[Fragment]


class SessionChanged(EventData, frozen=True):
    """Role, name or rooms changed while the socket was open; `rooms_left` will not be heard any more."""

    type: ClassVar[str] = "session:changed"
    user: PersonObject
    tenant: TenantObject
    rooms_left: list[str]


class SessionExpired(EventData, frozen=True):
    """What the socket rested on has ended (accounts.standing.Verdict); the close follows."""

    type: ClassVar[str] = "session:expired"
    reason: str


class ServerShutdown(EventData, frozen=True):
    """The process is going to close this socket with 1012 within four seconds."""

    type: ClassVar[str] = "server:shutdown"
    reason: str


class MessageStatus(MessageStatusUpdate, frozen=True):
    """Only on `/ws/status`: what `message:status-update` tells, by its `seq`, to those who have subscribed."""

    type: ClassVar[str] = "message.status"


class Closed(EventData, frozen=True):
    """The last event of a connection that has no close codes of its own (Socket.IO, TCP)."""

    type: ClassVar[str] = "closed"
    code: int
    reason: str


class CommandFailed(EventData, frozen=True):
    """A Socket.IO client asked for no acknowledgement, and there is something to say all the same."""

    type: ClassVar[str] = "error"
    command: str
    error: Problem


class PresenceChanged(EventData, frozen=True):
    """Somebody came, went, became idle or chose otherwise; several at once when many do."""

    type: ClassVar[str] = "presence:changed"
    presences: list[PresenceObject]


class ConversationViewers(EventData, frozen=True):
    """Who looks at a conversation has changed; the list is the whole truth, without those who are idle."""

    type: ClassVar[str] = "conversation:viewers"
    conversation_id: str
    viewers: list[Ref]


class TypingStart(EventData, frozen=True):
    """Somebody is writing. Told again every few seconds while they do; without that it is over after six."""

    type: ClassVar[str] = "typing:start"
    conversation_id: str
    user: Ref


class TypingStop(EventData, frozen=True):
    """They are not any more."""

    type: ClassVar[str] = "typing:stop"
    conversation_id: str
    user: Ref


EPHEMERAL: dict[str, type[EventData]] = {
    event.type: event
    for event in (
        Connected,
        BoardFragments,
        SessionChanged,
        SessionExpired,
        ServerShutdown,
        MessageStatus,
        Closed,
        CommandFailed,
        PresenceChanged,
        ConversationViewers,
        TypingStart,
        TypingStop,
    )
}
