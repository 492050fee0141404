"""A message that exists, locked and written one version further: what edits, deletions and reactions end in."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from conversations import queries
from conversations.actions.changes import announce_activity, announce_updated, lock, store_activity, tell
from conversations.errors import Conflict, Forbidden
from conversations.models import Message
from conversations.serializers import message_object, preview
from conversations.statuses import MessageType
from events.catalogue import MessageEdited, MessageReaction
from events.objects import MessageObject


def lock_message(message: Message) -> Message:
    """The row as it is now, locked behind its conversation."""
    conversation = lock([message.conversation_id])[message.conversation_id]
    row = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    row.conversation = conversation
    return row


def demand_words(row: Message) -> None:
    """Raises Conflict for what was deleted, Forbidden for what nobody said."""
    if row.deleted_at:
        raise Conflict(_("This message has been deleted."), current=current_object(row))
    if row.type == MessageType.ACTIVITY:
        raise Forbidden


def current_object(row: Message) -> MessageObject:
    """How it stands now, for a Conflict."""
    return message_object(queries.messages().get(pk=row.pk))


def revise(row: Message, **changes: Any) -> None:
    """Write a locked message one version further, and its card if it is shown there."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])
    if row.conversation.last_message_id == row.pk and changes.keys() & {"content", "deleted_at", "status"}:
        row.conversation.last_message_preview = preview(row)
        row.conversation.last_message_status = row.status
        store_activity([row.conversation])
        announce_activity(row.conversation)


def reword(row: Message, content: str, *, at: datetime) -> None:
    """Replace the words of a locked message; the old ones stay for audit."""
    history = [*row.metadata.get("history", []), {"content": row.content, "until": at.isoformat()}]
    revise(row, content=content, edited_at=at, metadata={**row.metadata, "history": history})
    message = message_object(queries.messages().get(pk=row.pk))
    tell(row.conversation, MessageEdited(conversation_id=str(row.conversation_id), message=message))
    requote(row)


def requote(row: Message) -> None:
    """Replies show the words that they answer."""
    replies = Message.objects.filter(reply_to=row)
    if replies.update(version=F("version") + 1):
        announce_updated(list(replies))


def announce_reactions(row: Message) -> None:
    """Say what the emojis on a locked message are now."""
    revise(row)
    reactions = message_object(queries.messages().get(pk=row.pk)).reactions
    event = MessageReaction(
        conversation_id=str(row.conversation_id), message_id=str(row.pk), reactions=reactions, version=row.version
    )
    tell(row.conversation, event)
