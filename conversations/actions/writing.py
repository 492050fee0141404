"""Agents write: queueing a message to a customer, and trying a failed one again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions import attaching, composing, drafts
from conversations.actions.changes import announce_activity, announce_status, lock, show_newest, store_activity, tell
from conversations.actions.composing import Composed
from conversations.actions.outcomes import FORMER_WAMIDS
from conversations.errors import Conflict, WindowClosed
from conversations.models import Conversation, Message
from conversations.serializers import message_object
from conversations.statuses import Direction, MessageStatus, MessageType
from events.catalogue import MessageNew
from events.emit import action

_REVIVED = (
    "metadata", "status", "wamid", "error_code", "error_detail", "failed_at", "attempts", "next_attempt_at", "sender",
    "version",
)  # fmt: skip


@action
def send_message(  # noqa: PLR0913  all that a message may be made of
    conversation: Conversation,
    *,
    by: User,
    client_id: str | None = None,
    type: MessageType = MessageType.TEXT,  # noqa: A002  the wire's word
    content: str = "",
    reply_to_id: UUID | None = None,
    attachment_ids: tuple[UUID, ...] = (),
    composed: Composed | None = None,
    delay: timedelta = timedelta(0),
) -> Message:
    """Queue a message to the customer; the same `client_id` twice is one message. Sending itself is whatsapp's part,
    and begins after `delay`: until then its author can certainly recall it.

    A TEXT with a file becomes what the file is, one with something `composed` what that is; a template needs no open
    window. The first reply claims the conversation. Raises BadRequest, NotFound, TooLarge, UnsupportedByChannel,
    WindowClosed.
    """
    kind = composing.kind_of(type, composed)
    content = composing.clean(content, kind, composed, attachment_ids)
    row = lock([conversation.pk])[conversation.pk]
    if known := drafts.known(row, client_id):
        return known
    now = timezone.now()
    _demand_window(row, kind, now)
    files = attaching.uploaded(attachment_ids, by=by)
    message = Message.objects.create(
        conversation=row,
        number_id=row.number_id,
        client_id=client_id,
        direction=Direction.OUTBOUND,
        **composing.fields(row, kind, content, files, composed),
        status=MessageStatus.PENDING,
        sender=by,
        said_at=now,
        received_at=now,
        reply_to=drafts.quoted(row, reply_to_id),
        next_attempt_at=now + delay if delay else None,
    )
    attaching.attach(message, files)
    message = queries.messages().get(pk=message.pk)
    _bring_up_to_date(row, message, by)
    tell(row, MessageNew(conversation_id=str(row.pk), message=message_object(message)))
    return message


def _demand_window(conversation: Conversation, kind: str, now: datetime) -> None:
    """WhatsApp takes templates at any time, all else only while the window is open."""
    if kind != MessageType.TEMPLATE and not conversation.window_is_open(now):
        raise WindowClosed


def _bring_up_to_date(conversation: Conversation, message: Message, by: User) -> None:
    show_newest(conversation, message, at=message.said_at)
    conversation.unread_count, conversation.waiting_since = 0, None
    store_activity([conversation])
    if conversation.assignee_id is None:
        conversation.assignee = by
        conversation.save(update_fields=["assignee"])
        announce_activity(conversation, "assignee")
    else:
        announce_activity(conversation)


@action
def retry_message(message: Message, *, by: User) -> Message:
    """Queue a failed message again, really. Raises Conflict if it did not fail, WindowClosed if it is too late."""
    conversation = lock([message.conversation_id])[message.conversation_id]
    _demand_window(conversation, message.type, timezone.now())
    failed = Message.objects.filter(pk=message.pk, status=MessageStatus.FAILED, direction=Direction.OUTBOUND)
    known = failed.select_for_update(no_key=True).first()
    if known is None:
        current = message_object(queries.messages().get(pk=message.pk))
        raise Conflict(_("Only a failed message can be sent again."), current=current)
    _queue_again(known, by)
    row = queries.messages().get(pk=message.pk)
    announce_status(row)
    if conversation.last_message_id == row.pk:
        conversation.last_message_status = row.status
        store_activity([conversation])
        announce_activity(conversation)
    return row


def _queue_again(row: Message, by: User) -> None:
    if row.wamid:
        former = [*row.metadata.get(FORMER_WAMIDS, []), row.wamid]
        row.metadata = {**row.metadata, FORMER_WAMIDS: former}
    row.status, row.wamid = MessageStatus.PENDING, None
    row.error_code, row.error_detail, row.failed_at = "", "", None
    row.attempts, row.next_attempt_at = 0, None
    row.sender_id = row.sender_id or by.pk
    row.version += 1
    row.save(update_fields=_REVIVED)
