"""The names of rooms as events carry them in `audience`: relative to a tenant. Their doors are in realtime/rooms.py."""

from uuid import UUID

EVERYONE = ("tenant",)


def members(conversation_id: UUID) -> str:
    """Those who take part in a chat, wherever they look: one room, so that 1,000 members are one name."""
    return f"members:{conversation_id}"


def person(user_id: UUID) -> str:
    """One person, on all their screens."""
    return f"user:{user_id}"
