"""Who is in a chat: seats taken, given up and found, under the conversation's lock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from conversations.actions.changes import lock
from conversations.errors import NotFound
from conversations.models import Conversation, Participant
from conversations.statuses import ConversationKind, GroupRole


def lock_group(conversation: Conversation) -> Conversation:
    """The group as it is now, locked. Raises NotFound for what is none."""
    row = lock([conversation.pk])[conversation.pk]
    if row.kind != ConversationKind.GROUP:
        raise NotFound
    return row


def members(conversation: Conversation) -> QuerySet[Participant]:
    """Those who take part now, the longest first."""
    return Participant.objects.filter(conversation=conversation, left_at=None).order_by("joined_at", "id")


def seat_of(conversation: Conversation, user_id: UUID) -> Participant:
    """Somebody's place in a chat, locked. Raises NotFound for who is not in it (any more)."""
    seats = Participant.objects.filter(conversation=conversation, user_id=user_id, left_at=None)
    found = seats.select_related("user").select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise NotFound
    return found


def seat(conversation: Conversation, people: Sequence[User], *, role: GroupRole = GroupRole.MEMBER) -> list[User]:
    """Let people in; returns those who were not in it already. What was said before counts as read."""
    present = set(members(conversation).filter(user__in=people).values_list("user_id", flat=True))
    newcomers = list({user.pk: user for user in people if user.pk not in present}.values())
    now = timezone.now()
    Participant.objects.bulk_create(
        [_seat(conversation, user, role, now) for user in newcomers],
        update_conflicts=True,  # who was here before has a row
        unique_fields=["conversation", "user"],
        update_fields=_ANEW,
    )
    conversation.member_count += len(newcomers)
    return newcomers


_ANEW = ["role", "joined_at", "left_at", "since_place", "delivered_place", "read_place", "mention_count"]


def _seat(conversation: Conversation, user: User, role: GroupRole, now: datetime) -> Participant:
    place = conversation.message_count
    return Participant(
        conversation=conversation,
        user=user,
        role=role,
        joined_at=now,
        since_place=place,
        delivered_place=place,
        read_place=place,
    )


def unseat(conversation: Conversation, participant: Participant) -> None:
    """Let somebody out. A group that has lost its last administrator gets another: whoever ranks next, longest."""
    participant.left_at = timezone.now()
    participant.save(update_fields=["left_at"])
    conversation.member_count -= 1
    others = members(conversation)
    if others.filter(role=GroupRole.ADMIN).exists():
        return
    heir = others.filter(role=GroupRole.MODERATOR).first() or others.first()
    if heir:
        heir.role = GroupRole.ADMIN
        heir.save(update_fields=["role"])
