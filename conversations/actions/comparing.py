"""Compare and send: a message to a customer is refused when somebody else has answered since its author looked."""

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions import drafts
from conversations.actions.changes import lock
from conversations.actions.writing import send_message
from conversations.errors import Conflict
from conversations.models import Conversation, Message
from conversations.serializers import message_object
from conversations.statuses import Direction, MessageStatus
from events import log
from events.catalogue import MessageNew
from events.emit import action


class _Stored(msgspec.Struct):
    id: str


class _Told(msgspec.Struct):
    message: _Stored


_decode = msgspec.json.Decoder(_Told).decode


@action
def send_if_seen(
    conversation: Conversation, *, by: User, last_seen_seq: int, client_id: str | None = None, **parts: Any
) -> Message:
    """`send_message`, unless somebody else has answered after that seq. The same `client_id` again is still the one
    message. Raises Conflict with the newest of those answers, and what `send_message` raises.
    """
    row = lock([conversation.pk])[conversation.pk]
    if not drafts.known(row, client_id):
        _demand_seen(row, by, last_seen_seq)
    return send_message(conversation, by=by, client_id=client_id, **parts)


def _demand_seen(locked: Conversation, by: User, seq: int) -> None:
    """Under the lock whatever was written here before has committed, and stands in the log with its seq.

    Whoever is too far behind for the log to say has seen no answer of anybody else.
    """
    answers = queries.messages().filter(conversation=locked, direction=Direction.OUTBOUND)
    answers = answers.exclude(sender=by).exclude(status=MessageStatus.RECALLED)
    if log.reaches(seq, log.newest_seq()):
        answers = answers.filter(pk__in=_told_after(seq, locked))
    newest = answers.order_by("-said_at", "-id").first()
    if newest:
        raise Conflict(_("Somebody else has answered meanwhile."), current=message_object(newest))


def _told_after(seq: int, conversation: Conversation) -> list[str]:
    told = log.naming(MessageNew.type, str(conversation.pk), seq)
    return [_decode(event.data).message.id for event in told]
