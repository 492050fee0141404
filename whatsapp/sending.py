"""Out to the customer: the oldest waiting message of a conversation, one at a time, telling the truth about each.

The message's row is the queue; the task is a doorbell. What certainly was not accepted waits and goes again;
what may have been accepted is never sent twice by us: its own id travels along, and a status that carries it settles
the case; until then it is SENDING, and after WHATSAPP_LOST_AFTER seconds FAILED with "may have been sent".
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from conversations.actions import expect_answer, record_failed, record_postponed, record_sent, start_sending
from conversations.actions.arrivals import Identity
from conversations.actions.people import add_identities
from conversations.failures import FAILURES
from conversations.models import IdentityKind, Message
from conversations.statuses import LOST_ANSWER, NO_ATTEMPTS_LEFT, NOT_CONNECTED, Direction, MessageStatus, MessageType
from events.catalogue import MessageNew, MessageStatusUpdate
from events.emit import action
from events.log import Committed
from whatsapp import composing, doorbell, early, graph, limits, numbers, templates, uploading
from whatsapp.models import Number, NumberState

ATTEMPTS = 6
FIRST_WAIT = 2.0  # seconds after the first transient error; doubled each time, so about a minute in all
PAIR_WAIT = 4.0  # Meta: wait 4^X seconds, X from 0

logger = logging.getLogger(__name__)


def on_events(events: Sequence[Committed]) -> None:
    """Ring for every conversation in which something now waits to be sent."""
    for conversation_id in dict.fromkeys(filter(None, map(_has_work, events))):
        doorbell.wake("whatsapp.tasks.send_conversation", str(events[0].tenant_id), conversation_id)


def _has_work(committed: Committed) -> str | None:
    match committed.event:
        case MessageNew(message=message) if (
            message.direction == Direction.OUTBOUND and message.status == MessageStatus.PENDING
        ):
            return message.conversation_id
        case MessageStatusUpdate(status=MessageStatus.PENDING, conversation_id=conversation_id):
            return conversation_id
    return None


def send_waiting(conversation_id: UUID) -> float | None:
    """Send what waits in a conversation; returns after how many seconds to come back, None when nothing waits."""
    patience = timedelta(seconds=settings.WHATSAPP_LOST_AFTER)
    while True:
        now = timezone.now()
        message = start_sending(conversation_id, now=now, answer_by=now + patience)
        if message is None:
            return _due_in(conversation_id, now)
        wait = _send_one(message)
        if wait is not None:
            return wait


def _due_in(conversation_id: UUID, now: datetime) -> float | None:
    outbox = Message.objects.filter(conversation_id=conversation_id, direction=Direction.OUTBOUND)
    if outbox.filter(status=MessageStatus.SENDING).exists():
        return None  # whoever sends it goes on with the next one
    waiting = outbox.filter(status=MessageStatus.PENDING).order_by("said_at", "id")
    at = waiting.values_list("next_attempt_at", flat=True).first()
    return max(0.1, (at - now).total_seconds()) if at else None


def _send_one(message: Message) -> float | None:
    """Try one message; returns after how many seconds to try again, None when it is settled or out of our hands."""
    number = message.number
    if number is None or number.state != NumberState.CONNECTED:
        _fail(message, NOT_CONNECTED, number.state_reason if number else "")
        return None
    wait = limits.seconds_to_wait(number.pk, message.conversation.address)
    if wait:
        record_postponed(message, until=timezone.now() + timedelta(seconds=wait), attempted=False)
        return wait
    return _attempt(message, number)


def _attempt(message: Message, number: Number) -> float | None:
    try:
        if not _hand_over_files(message, number):
            return None
        accepted = graph.send(number, composing.body(message))
    except graph.LostAnswer as error:  # it stays SENDING: a status or the reaper settles it
        logger.warning("The answer to message %s was lost: %s", message.pk, error)
    except graph.Transient as error:
        return _postpone(message, number, error)
    except graph.Permanent as error:
        _refuse(message, number, error)
    else:
        _settle(message, accepted)
    return None


def _hand_over_files(message: Message, number: Number) -> bool:
    """Until Meta has them, nothing was sent. False: it took so long that the message is in other hands by now.

    Raises Permanent or Transient.
    """
    waiting = [each for each in message.attachments.all() if uploading.is_due(each)]
    if not waiting:
        return True
    expect_answer(message, by=timezone.now() + sum(map(uploading.time_for, waiting), timedelta()))
    for attachment in waiting:
        uploading.upload(attachment, number, as_voice=message.type == MessageType.VOICE)
    return expect_answer(message, by=timezone.now() + timedelta(seconds=settings.WHATSAPP_LOST_AFTER))


@action
def _settle(message: Message, accepted: graph.Accepted) -> None:
    if accepted.wa_id:  # may differ from what we wrote to (Brazil, Mexico): the reply will come from this one
        known = Identity(IdentityKind(message.conversation.address_kind), message.conversation.address)
        add_identities([known], [Identity(IdentityKind.WA_ID, accepted.wa_id)])  # before any lock, as arrivals do
    record_sent(message, wamid=accepted.wamid, at=timezone.now())
    early.settle(list(Message.objects.filter(pk=message.pk)))


def _postpone(message: Message, number: Number, error: graph.Transient) -> float | None:
    wait = error.retry_after or _back_off(error, message.attempts)
    if isinstance(error, graph.NumberRate):
        limits.hold(number.pk, wait)
    if message.attempts >= ATTEMPTS:
        _fail(message, error.code if error.code in FAILURES else NO_ATTEMPTS_LEFT, error.detail)
        return None
    until = timezone.now() + timedelta(seconds=wait)
    record_postponed(message, until=until, error_code=error.code, error_detail=error.detail)
    return wait


def _back_off(error: graph.Transient, attempts: int) -> float:
    if isinstance(error, graph.PairRate):
        return PAIR_WAIT ** (attempts - 1)
    return FIRST_WAIT * 2.0 ** (attempts - 1)


def _refuse(message: Message, number: Number, error: graph.Permanent) -> None:
    heed(number, error)
    _fail(message, error.code, error.detail)


def heed(number: Number, error: graph.Permanent) -> None:
    """What a refusal says about everything that goes over this number."""
    if isinstance(error, graph.Reconnect):
        numbers.mark_for_reconnection(number, error.detail)
    elif isinstance(error, graph.Stopped):
        numbers.mark_stopped(number, error.detail)
    elif error.code in templates.UNLIKE_OURS:
        templates.ask([number.waba_id])


def _fail(message: Message, code: str, detail: str) -> None:
    record_failed(message, error_code=code, error_detail=detail, at=timezone.now())


def fail_lost_sends(now: datetime) -> int:
    """Settle messages of the current tenant whose answer never came; returns how many."""
    lost = Message.objects.filter(direction=Direction.OUTBOUND, status=MessageStatus.SENDING, next_attempt_at__lt=now)
    found = lost.prefetch_related("attachments")
    for message in found:
        if not any(map(uploading.is_due, message.attachments.all())):
            _fail(message, LOST_ANSWER, "")
        elif message.attempts < ATTEMPTS:  # its file is not there: it cannot have been sent
            record_postponed(message, until=now)
        else:  # a file that brings a worker down does not bring it down for ever
            _fail(message, NO_ATTEMPTS_LEFT, "")
    return len(found)
