"""Who hears what: a room is its name and its door.

Names are relative to a tenant, because the log and the layer's groups are per tenant already; they are the strings that
events carry in `audience`. Doors are asked on every join.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol
from uuid import UUID

from accounts.models import User
from accounts.queries import team_ids
from conversations.errors import NotFound
from conversations.models import Conversation
from conversations.queries import chat_ids, chats, visible_conversations
from conversations.statuses import ConversationKind
from events import audience

VIEWED = "conversation:"


class Room(Protocol):
    """A place where events are heard."""

    @property
    def name(self) -> str: ...

    def admits(self, user: User) -> bool:
        """Whether `user` may enter now. Called in the tenant's scope, may query."""


@dataclass(frozen=True, slots=True)
class TenantRoom:
    """Everybody of the tenant: its board."""

    @property
    def name(self) -> str:
        return audience.EVERYONE[0]

    def admits(self, user: User) -> bool:
        return user.tenant_id is not None


@dataclass(frozen=True, slots=True)
class UserRoom:
    """One person, on all their screens."""

    user_id: UUID

    @property
    def name(self) -> str:
        return audience.person(self.user_id)

    def admits(self, user: User) -> bool:
        return user.pk == self.user_id


@dataclass(frozen=True, slots=True)
class TeamRoom:
    """The members of a team."""

    team_id: UUID

    @property
    def name(self) -> str:
        return f"team:{self.team_id}"

    def admits(self, user: User) -> bool:
        return self.team_id in team_ids(user)


@dataclass(frozen=True, slots=True)
class ConversationRoom:
    """Those who have a conversation open."""

    conversation_id: UUID

    @property
    def name(self) -> str:
        return f"{VIEWED}{self.conversation_id}"

    def admits(self, user: User) -> bool:
        return visible_conversations(user).filter(pk=self.conversation_id).exists()


@dataclass(frozen=True, slots=True)
class StatusRoom:
    """Those who follow the statuses of a conversation (`/ws/status`). No event is addressed to it: sinks look at it."""

    PREFIX: ClassVar[str] = "status:"
    conversation_id: UUID

    @staticmethod
    def is_named(name: str) -> bool:
        """Whether this is the name of such a room."""
        return name.startswith(StatusRoom.PREFIX)

    @property
    def name(self) -> str:
        return f"{self.PREFIX}{self.conversation_id}"

    def admits(self, user: User) -> bool:
        return ConversationRoom(self.conversation_id).admits(user)


@dataclass(frozen=True, slots=True)
class MembersRoom:
    """Those who take part in a chat, wherever they look. Its door moves with the log (realtime/doors.py)."""

    conversation_id: UUID

    @property
    def name(self) -> str:
        return audience.members(self.conversation_id)

    def admits(self, user: User) -> bool:
        return chats(user).filter(pk=self.conversation_id).exists()


def earshot(conversation: Conversation) -> tuple[str, ...]:
    """The rooms that may know who looks at a conversation and who is typing in it: of customers' ones the whole board
    does, of those among colleagues only whoever has been let in.
    """
    is_on_the_board = conversation.kind == ConversationKind.CUSTOMER
    return (TenantRoom().name if is_on_the_board else ConversationRoom(conversation.pk).name,)


def enter(user: User, room: Room) -> str:
    """The room's name if its door opens, else NotFound: a closed room and a missing one look the same."""
    if not room.admits(user):
        raise NotFound
    return room.name


def own_rooms(user: User, teams: Iterable[UUID]) -> frozenset[str]:
    """The rooms that a person of these teams is in without asking: what `/api/events` and a fresh socket hear."""
    return rooms_of(user, teams, chat_ids(user))


def rooms_of(user: User, teams: Iterable[UUID], chats: Iterable[UUID]) -> frozenset[str]:
    """The same for somebody of whom it is known in which chats they are. Asks nobody."""
    everybodys: tuple[Room, ...] = (TenantRoom(), UserRoom(user.pk))
    entered = {enter(user, room) for room in everybodys}
    return frozenset({*entered, *(TeamRoom(pk).name for pk in teams), *(MembersRoom(pk).name for pk in chats)})


def open_to(user: User, names: Iterable[str]) -> frozenset[str]:
    """Which of these rooms would let the user in again; their own rooms as well, whether or not they are among them."""
    joined = (room for name in names if (room := _joined(name)))
    return own_rooms(user, team_ids(user)) | {room.name for room in joined if room.admits(user)}


def _joined(name: str) -> Room | None:
    """The room of this name if it was entered by a command."""
    if name.startswith(VIEWED):
        return ConversationRoom(UUID(name.removeprefix(VIEWED)))
    return StatusRoom(UUID(name.removeprefix(StatusRoom.PREFIX))) if StatusRoom.is_named(name) else None
