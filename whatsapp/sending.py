"""Out to the customer: the oldest waiting message of a conversation, one at a time, telling the truth about each.

The message's row is the queue; the task is a doorbell. What certainly was not accepted waits and goes again;
what may have been accepted is never sent twice by us: its own id travels along, and a status that carries it settles
the case; until then it is SENDING, and after WHATSAPP_LOST_AFTER seconds FAILED with "may have been sent".
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from conversations.actions import record_failed, record_postponed, record_sent, start_sending
from conversations.actions.arrivals import Identity
from conversations.actions.people import add_identities
from conversations.models import IdentityKind, Message
from conversations.statuses import LOST_ANSWER, NOT_CONNECTED, Direction, MessageStatus
from events.catalogue import MessageNew, MessageStatusUpdate
from events.emit import action
from events.log import Committed
from whatsapp import doorbell, early, graph, limits, numbers
from whatsapp.models import Number, NumberState
from whatsapp.translate import CALLBACK_PREFIX

ATTEMPTS = 6
FIRST_WAIT = 2.0  # seconds after the first transient error; doubled each time, so about two minutes in all
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
    while True:
        now = timezone.now()
        message = start_sending(
            conversation_id, now=now, answer_by=now + timedelta(seconds=settings.WHATSAPP_LOST_AFTER)
        )
        if message is None:
            return _due_in(conversation_id, now)
        wait = _send_one(message)
        if wait is not None:
            return wait


def _due_in(conversation_id: UUID, now: datetime) -> float | None:
    due = Message.objects.filter(
        conversation_id=conversation_id, direction=Direction.OUTBOUND, status=MessageStatus.PENDING
    )
    at = due.order_by("said_at", "id").values_list("next_attempt_at", flat=True).first()
    return max(0.1, (at - now).total_seconds()) if at else None


def _send_one(message: Message) -> float | None:
    """Try one message; returns after how many seconds to try again, None when it is settled or out of our hands."""
    number = Number.objects.get(pk=message.number_id)
    address = message.conversation.address
    if number.state != NumberState.CONNECTED:
        return _fail(message, NOT_CONNECTED, number.state_reason)
    wait = limits.seconds_to_wait(number.pk, address)
    if wait:
        record_postponed(message, until=timezone.now() + timedelta(seconds=wait), attempted=False)
        return wait
    try:
        accepted = graph.send(number, body(message))
    except graph.LostAnswer as error:
        logger.warning("The answer to message %s was lost: %s", message.pk, error)
        return None  # it stays SENDING: a status or the reaper settles it
    except graph.Transient as error:
        return _postpone(message, error)
    except graph.Permanent as error:
        return _refuse(message, number, error)
    _settle(message, accepted)
    return None


@action
def _settle(message: Message, accepted: graph.Accepted) -> None:
    record_sent(message, wamid=accepted.wamid, at=timezone.now())
    if accepted.wa_id:  # may differ from what we wrote to (Brazil, Mexico): the reply will come from this one
        known = Identity(IdentityKind(message.conversation.address_kind), message.conversation.address)
        add_identities([known], [Identity(IdentityKind.WA_ID, accepted.wa_id)])
    early.settle(list(Message.objects.filter(pk=message.pk)))


def _postpone(message: Message, error: graph.Transient) -> float | None:
    if message.attempts >= ATTEMPTS:
        return _fail(message, error.code, error.detail)
    base = (
        PAIR_WAIT ** (message.attempts - 1)
        if isinstance(error, graph.PairRate)
        else FIRST_WAIT * 2 ** (message.attempts - 1)
    )
    wait = error.retry_after or base
    record_postponed(
        message, until=timezone.now() + timedelta(seconds=wait), error_code=error.code, error_detail=error.detail
    )
    return wait


def _refuse(message: Message, number: Number, error: graph.Permanent) -> None:
    if isinstance(error, graph.Reconnect):
        numbers.mark_for_reconnection(number, error.detail)
    return _fail(message, error.code, error.detail)


def _fail(message: Message, code: str, detail: str) -> None:
    record_failed(message, error_code=code, error_detail=detail, at=timezone.now())


def fail_lost_sends(now: datetime) -> int:
    """Settle messages of the current tenant whose answer never came; returns how many."""
    lost = Message.objects.filter(direction=Direction.OUTBOUND, status=MessageStatus.SENDING, next_attempt_at__lt=now)
    for message in lost:
        _fail(message, LOST_ANSWER, "")
    return len(lost)


def body(message: Message) -> dict[str, Any]:
    """The message in Graph's words. Our id travels along and comes back with every status."""
    kind, part = _part(message)
    found: dict[str, Any] = {
        "recipient_type": "individual",
        **_recipient(message),
        "type": kind,
        kind: part,
        "biz_opaque_callback_data": f"{CALLBACK_PREFIX}{message.pk}",
    }
    if message.reply_to and message.reply_to.wamid:
        found["context"] = {"message_id": message.reply_to.wamid}
    return found


def _recipient(message: Message) -> dict[str, str]:
    conversation = message.conversation
    match conversation.address_kind:
        case IdentityKind.WA_ID:
            return {"to": f"+{conversation.address.removeprefix('+')}"}
        case IdentityKind.GROUP:
            return {"recipient_type": "group", "to": conversation.address}
        case _:
            return {"recipient": conversation.address}


def _part(message: Message) -> tuple[str, dict[str, Any]]:
    attachment = message.attachments.first()
    if attachment is None:
        return "text", {"body": message.content, "preview_url": True}
    kind = "audio" if message.type == "VOICE" else message.type.lower()
    part: dict[str, Any] = {"id": attachment.media_id}
    if kind == "document":
        part["filename"] = attachment.filename
    if kind in {"image", "video", "document"} and message.content:
        part["caption"] = message.content
    if message.type == "VOICE":
        part["voice"] = True
    return kind, part
