"""Who may do what in a group: one table. In a direct conversation both are MEMBERs and nobody joins or leaves."""

from enum import StrEnum, auto

from conversations.errors import Forbidden
from conversations.models import Participant
from conversations.statuses import GroupRole


class Right(StrEnum):
    """Something that not every member of a group may do."""

    RENAME = auto()  # and open or close it
    INVITE = auto()
    REMOVE = auto()  # who ranks lower
    DELETE = auto()  # what others wrote
    PROMOTE = auto()  # and demote


RIGHTS: dict[str, frozenset[Right]] = {
    GroupRole.ADMIN: frozenset(Right),
    GroupRole.MODERATOR: frozenset({Right.RENAME, Right.INVITE, Right.REMOVE, Right.DELETE}),
    GroupRole.MEMBER: frozenset(),
}
_RANKS = (GroupRole.MEMBER, GroupRole.MODERATOR, GroupRole.ADMIN)


def demand(participant: Participant, right: Right) -> None:
    """Raises Forbidden unless the role of `participant` has the right."""
    if right not in RIGHTS[participant.role]:
        raise Forbidden


def outranks(participant: Participant, other: Participant) -> bool:
    """Whether one may remove the other: administrators everybody, moderators members only."""
    return participant.role == GroupRole.ADMIN or _rank(participant) > _rank(other)


def _rank(participant: Participant) -> int:
    return _RANKS.index(GroupRole(participant.role))
