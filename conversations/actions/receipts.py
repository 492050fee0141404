"""Who has got and read what in a chat (docs/decisions/012-chats.md)."""

from typing import Any
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from accounts.models import User
from conversations import queries
from conversations.actions.changes import lock, tell
from conversations.actions.membership import members, seat_of
from conversations.models import Conversation, Mention, Message, Participant, Receipt
from conversations.serializers import exact_moment
from conversations.statuses import ReceiptKind
from events.audience import person
from events.catalogue import MessageDelivered, MessageRead
from events.emit import action, emit


@action
def record_delivered(conversation: Conversation, *, by: User, place: int) -> None:
    """Somebody's screens have got a chat up to a place; nobody keeps count of it in large groups."""
    row = lock([conversation.pk])[conversation.pk]
    own = seat_of(row, by.pk)
    place = min(place, row.message_count)
    if place <= own.delivered_place or not _is_shared(row):
        return
    own.delivered_place = place
    own.save(update_fields=["delivered_place"])
    receipt = _keep(own, ReceiptKind.DELIVERED, place)
    _settle_and_store(row)
    tell(row, MessageDelivered(**_facts(row, own, receipt)))


@action
def record_read(conversation: Conversation, *, by: User, place: int | None = None) -> Conversation:
    """Somebody has read a chat up to a place (None: all of it); does nothing the second time."""
    row = _lock_if_shared(conversation)
    own = seat_of(row, by.pk)
    place = min(row.message_count if place is None else place, row.message_count)
    if place > own.read_place:
        _read(row, own, place)
    return queries.completed(queries.conversations().get(pk=row.pk), viewer=by)


def _lock_if_shared(conversation: Conversation) -> Conversation:
    """In a large group a reader changes their own row only: a thousand readers must not keep writers waiting."""
    row = Conversation.objects.get(pk=conversation.pk)
    return lock([row.pk])[row.pk] if _is_shared(row) else row


def _read(row: Conversation, own: Participant, place: int) -> None:
    _catch_up(own, place)
    receipt = _keep(own, ReceiptKind.READ, place)
    is_shared = _is_shared(row)
    if is_shared:
        _settle_and_store(row)
    event = MessageRead(
        **_facts(row, own, receipt), unread_count=row.message_count - place, mention_count=own.mention_count
    )
    emit(event, row.audience if is_shared else [person(own.user_id)])


def _catch_up(own: Participant, place: int) -> None:
    """Move a locked member's places forward: what is read has been delivered too."""
    own.read_place, own.delivered_place = place, max(place, own.delivered_place)
    own.last_read_at = timezone.now()
    own.mention_count = unread_mentions(own) if own.mention_count else 0
    own.save(update_fields=["read_place", "delivered_place", "last_read_at", "mention_count"])


def unread_mentions(own: Participant) -> int:
    """How many messages that are there mention somebody above what they have read."""
    there = Mention.objects.filter(user_id=own.user_id, message__conversation_id=own.conversation_id)
    return there.filter(message__place__gt=own.read_place, message__deleted_at=None).count()


def read_by_writing(own: Participant, place: int) -> None:
    """Whoever writes the message at `place` has read what stands above it."""
    if own.read_place < place - 1:
        _keep(own, ReceiptKind.READ, place - 1)
    _catch_up(own, place)


def _keep(own: Participant, kind: ReceiptKind, place: int) -> Receipt:
    receipt = Receipt(participant=own, kind=kind, place=place, at=timezone.now())
    Receipt.objects.bulk_create([receipt], ignore_conflicts=True)  # somebody who came back may read a place again
    return receipt


def _is_shared(row: Conversation) -> bool:
    return row.member_count <= queries.LISTED


def settle_places(row: Conversation) -> None:
    """Work out what everybody in a locked chat has got and read, for whoever stores it. Large groups are not asked."""
    if not _is_shared(row):
        return
    found = members(row).aggregate(delivered=Min("delivered_place"), read=Min("read_place"))
    row.delivered_place = max(row.delivered_place, found["delivered"] or 0)
    row.read_place = max(row.read_place, found["read"] or 0)


def _settle_and_store(row: Conversation) -> None:
    """Without a further version: places only grow, whoever holds two keeps the higher."""
    before = row.delivered_place, row.read_place
    settle_places(row)
    if before != (row.delivered_place, row.read_place):
        row.save(update_fields=["delivered_place", "read_place"])


def _facts(row: Conversation, own: Participant, receipt: Receipt) -> dict[str, Any]:
    return {
        "conversation_id": str(row.pk),
        "user_id": str(own.user_id),
        "up_to_id": str(_message_at(row, receipt.place)),
        "place": receipt.place,
        "at": exact_moment(receipt.at),
        "delivered_place": row.delivered_place,
        "read_place": row.read_place,
    }


def _message_at(row: Conversation, place: int) -> UUID | None:
    return Message.objects.filter(conversation=row, place=place).values_list("pk", flat=True).first()
