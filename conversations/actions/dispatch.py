"""The steps of sending a message, as the worker that sends takes them. The message's row is the queue."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from conversations.actions.changes import lock
from conversations.actions.outcomes import Outcome, apply_outcomes, store_progress
from conversations.models import Message
from conversations.statuses import Direction, MessageStatus
from events.emit import action


@action
def start_sending(conversation_id: UUID, *, now: datetime, answer_by: datetime) -> Message | None:
    """Take the oldest waiting message of a conversation for sending, if it is due and none is on its way.

    One at a time keeps the order in which they were written. `answer_by`: from then on its answer counts as lost.
    """
    conversation = lock([conversation_id])[conversation_id]
    outbox = Message.objects.filter(conversation=conversation, direction=Direction.OUTBOUND)
    if outbox.filter(status=MessageStatus.SENDING).exists():
        return None
    row = outbox.filter(status=MessageStatus.PENDING).order_by("said_at", "id").select_for_update(no_key=True).first()
    if row is None or (row.next_attempt_at and row.next_attempt_at > now):
        return None
    row.conversation = conversation
    row.status, row.next_attempt_at, row.attempts = MessageStatus.SENDING, answer_by, row.attempts + 1
    store_progress([row])
    return row


def expect_answer(message: Message, *, by: datetime) -> bool:
    """Move the moment from which its answer counts as lost: a file takes its time on the way to WhatsApp.

    False: that moment has passed and the message was settled, or somebody else sends it now.
    """
    if not _claimed(message).update(next_attempt_at=by):
        return False
    message.next_attempt_at = by
    return True


@action
def record_sent(message: Message, *, wamid: str, at: datetime) -> None:
    """WhatsApp took it. A status may have told us before its answer did."""
    apply_outcomes([Outcome(_number(message), wamid, MessageStatus.SENT, at, message_id=message.pk)])


@action
def record_postponed(
    message: Message, *, until: datetime, error_code: str = "", error_detail: str = "", attempted: bool = True
) -> None:
    """It certainly was not taken: it waits in the queue again. `attempted` False: not even tried, so not counted."""
    row = _lock_sending(message)
    if row is None:
        return
    row.status, row.next_attempt_at = MessageStatus.PENDING, until
    row.error_code, row.error_detail = error_code, error_detail
    if not attempted:
        row.attempts -= 1
    store_progress([row])


@action
def record_failed(message: Message, *, error_code: str, error_detail: str, at: datetime) -> None:
    """It was refused, or its answer is lost: somebody has to decide."""
    row = _lock_sending(message)
    if row is None:
        return
    row.status, row.next_attempt_at, row.failed_at = MessageStatus.FAILED, None, at
    row.error_code, row.error_detail = error_code, error_detail
    store_progress([row])


def _lock_sending(message: Message) -> Message | None:
    """The row, if nothing has settled it meanwhile and nobody else has taken it."""
    conversation = lock([message.conversation_id])[message.conversation_id]
    row = _claimed(message).select_for_update(no_key=True).first()
    if row is not None:
        row.conversation = conversation
    return row


def _claimed(message: Message) -> QuerySet[Message]:
    """The row as long as it is on its way in whose hands `message` is: what it waits for is the mark of one attempt."""
    unsettled = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, wamid=None)
    return unsettled.filter(next_attempt_at=message.next_attempt_at)


def _number(message: Message) -> UUID:
    if message.number_id is None:
        raise ValueError(message)
    return message.number_id
