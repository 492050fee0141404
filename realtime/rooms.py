"""Who hears what: a room is its name and its door.

Names are relative to a tenant, because the log and the layer's groups are per tenant already; they are the strings that
events carry in `audience`. Doors are asked on every join.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from accounts.models import User
from conversations.errors import NotFound
from conversations.queries import visible_conversations


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
        return "tenant"

    def admits(self, user: User) -> bool:
        return user.tenant_id is not None


@dataclass(frozen=True, slots=True)
class UserRoom:
    """One person, on all their screens."""

    user_id: UUID

    @property
    def name(self) -> str:
        return f"user:{self.user_id}"

    def admits(self, user: User) -> bool:
        return user.pk == self.user_id


@dataclass(frozen=True, slots=True)
class ConversationRoom:
    """Those who have a conversation open."""

    conversation_id: UUID

    @property
    def name(self) -> str:
        return f"conversation:{self.conversation_id}"

    def admits(self, user: User) -> bool:
        return visible_conversations(user).filter(pk=self.conversation_id).exists()


def enter(user: User, room: Room) -> str:
    """The room's name if its door opens, else NotFound: a closed room and a missing one look the same."""
    if not room.admits(user):
        raise NotFound
    return room.name


def own_rooms(user: User) -> frozenset[str]:
    """The rooms that a person is in without asking: what `/api/events` and a fresh socket hear."""
    return frozenset(enter(user, room) for room in (TenantRoom(), UserRoom(user.pk)))
