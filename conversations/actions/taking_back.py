"""Authors change their minds: editing, deleting and recalling what they wrote.

In a chat all of it works. To a customer only what WhatsApp can do: a message that still waits here can be changed or
recalled; once it has left, WhatsApp gives businesses no way to touch it.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions import composing, drafts
from conversations.actions.changes import tell
from conversations.actions.membership import seat_of
from conversations.actions.messages import current_object, demand_words, lock_message, requote, revise, reword
from conversations.actions.receipts import unread_mentions
from conversations.actions.waiting import let_wait_again
from conversations.errors import Conflict, DomainError, Forbidden, UnsupportedByChannel
from conversations.models import Message, Participant
from conversations.rights import Right, demand
from conversations.serializers import RECALL_WINDOW
from conversations.statuses import Direction, MessageStatus, MessageType
from events.catalogue import MessageDeleted, MessageRecalled
from events.emit import action


@action
def rewrite_message(message: Message, *, by: User, content: str) -> Message:
    """Change the words of one's own message. Raises BadRequest, TooLarge, Conflict, Forbidden, UnsupportedByChannel."""
    row = _lock_own(message, by)
    if row.type == MessageType.TEMPLATE:
        raise UnsupportedByChannel(_("The words of a template cannot be changed: recall it and choose again."))
    content = drafts.clean_text(content, may_be_empty=row.type not in {MessageType.TEXT, MessageType.INTERACTIVE})
    _demand_still_here(row)
    if not row.conversation.is_chat:
        composing.check_words(row, content)
    if content != row.content:
        reword(row, content, at=timezone.now())
    return queries.messages().get(pk=row.pk)


@action
def delete_for_everyone(message: Message, *, by: User) -> Message:
    """Take a message out of a chat, leaving a tombstone: one's own, or with Right.DELETE anybody's.

    To a customer it is the same as recalling. Raises Conflict, Forbidden, UnsupportedByChannel.
    """
    if not message.conversation.is_chat:
        return recall_message(message, by=by)
    row = lock_message(message)
    own = seat_of(row.conversation, by.pk)
    if row.deleted_at is None:
        if row.sender_id != by.pk:
            demand(own, Right.DELETE)
        demand_words(row)
        revise(row, deleted_at=timezone.now())
        event = MessageDeleted(conversation_id=str(row.conversation_id), message_id=str(row.pk), version=row.version)
        tell(row.conversation, event)
        _withdraw(row)
    return queries.messages().get(pk=row.pk)


@action
def recall_message(message: Message, *, by: User) -> Message:
    """Take one's own message back as if it had not been said: in a chat within RECALL_WINDOW, to a customer until
    WhatsApp gets it. Does nothing the second time. Raises Conflict, Forbidden, UnsupportedByChannel.
    """
    row = lock_message(message)
    if row.sender_id != by.pk:
        raise Forbidden(_("Only who wrote a message can take it back."))
    if row.status != MessageStatus.RECALLED:
        now = timezone.now()
        _demand_recallable(row, now)
        _recall(row, now)
    return queries.messages().get(pk=row.pk)


def _demand_recallable(row: Message, now: datetime) -> None:
    _demand_still_here(row)
    if row.place and now > row.said_at + RECALL_WINDOW:
        raise Conflict(
            _("A message can be recalled for five minutes. It can still be deleted."), current=current_object(row)
        )


def _recall(row: Message, now: datetime) -> None:
    revise(row, status=MessageStatus.RECALLED, deleted_at=now, next_attempt_at=None)
    event = MessageRecalled(
        conversation_id=str(row.conversation_id),
        message_id=str(row.pk),
        client_id=row.client_id,
        status=row.status,
        version=row.version,
    )
    tell(row.conversation, event)
    _withdraw(row)
    if not row.conversation.is_chat:
        let_wait_again(row.conversation)


def _withdraw(row: Message) -> None:
    """Nobody is quoted or mentioned any more by words that are gone."""
    requote(row)
    mentioned = row.mentions.values("user_id")
    for seat in Participant.objects.filter(conversation=row.conversation, user_id__in=mentioned, mention_count__gt=0):
        seat.mention_count = unread_mentions(seat)
        seat.save(update_fields=["mention_count"])


def _lock_own(message: Message, by: User) -> Message:
    row = lock_message(message)
    if row.sender_id != by.pk:
        raise Forbidden(_("Only who wrote a message can change it."))
    if row.conversation.is_chat:
        seat_of(row.conversation, by.pk)
    return row


def _demand_still_here(row: Message) -> None:
    """Raises unless nobody but us has the message."""
    demand_words(row)
    if row.direction != Direction.INTERNAL and row.status != MessageStatus.PENDING:
        raise _too_late(row)


def _too_late(row: Message) -> DomainError:
    if row.status == MessageStatus.FAILED:
        return Conflict(_("This message was not sent: there is nothing to take back."), current=current_object(row))
    if row.status == MessageStatus.SENDING:
        return UnsupportedByChannel(_("It is on its way already: WhatsApp cannot be asked to stop."))
    return UnsupportedByChannel(_("WhatsApp lets businesses neither edit nor delete what has been sent."))
