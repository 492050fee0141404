"""What customers change about messages that exist: edits, revokes, reactions; and files that come after them."""

from datetime import datetime
from typing import Any

from django.db.models import F

from conversations import queries
from conversations.actions.changes import announce_activity, announce_updated, lock, store_activity
from conversations.models import Attachment, Contact, Message, Reaction
from conversations.serializers import message_object, preview, reaction_object
from events.catalogue import MessageDeleted, MessageEdited, MessageReaction
from events.emit import action, emit


@action
def edit_message(message: Message, *, content: str, at: datetime) -> None:
    """The customer changed the words; an older edit that comes late changes nothing. The old words stay for audit."""
    row = _lock(message)
    if row.deleted_at or row.content == content or (row.edited_at and row.edited_at >= at):
        return
    history = [*row.metadata.get("history", []), {"content": row.content, "until": at.isoformat()}]
    _revise(row, content=content, edited_at=at, metadata={**row.metadata, "history": history})
    emit(
        MessageEdited(
            conversation_id=str(row.conversation_id), message=message_object(queries.messages().get(pk=row.pk))
        )
    )
    _requote(row)


@action
def delete_message(message: Message, *, at: datetime) -> None:
    """The customer took it back; the row keeps the words for audit, nothing shows them any more."""
    row = _lock(message)
    if row.deleted_at:
        return
    _revise(row, deleted_at=at)
    emit(MessageDeleted(conversation_id=str(row.conversation_id), message_id=str(row.pk), version=row.version))
    _requote(row)


@action
def react(message: Message, *, contact: Contact, emoji: str, at: datetime) -> None:
    """Set, replace or (with an empty `emoji`) remove a contact's reaction.

    One that is older than the present one changes nothing. A removal keeps its row, empty, so that it has an age too.
    """
    row = _lock(message)
    known = Reaction.objects.filter(message=row, contact=contact).first()
    if known and (known.reacted_at >= at or known.emoji == emoji):
        return
    Reaction.objects.update_or_create(
        message=row, contact=contact, user=None, defaults={"emoji": emoji, "reacted_at": at}
    )
    _revise(row)
    reactions = [reaction_object(each) for each in queries.messages().get(pk=row.pk).reactions.all()]
    emit(
        MessageReaction(
            conversation_id=str(row.conversation_id), message_id=str(row.pk), reactions=reactions, version=row.version
        )
    )


@action
def store_attachment(attachment: Attachment, **found: Any) -> None:
    """Write what a worker found out about a file, or why it has none, and show it."""
    if attachment.message is None:
        raise ValueError(attachment)
    row = _lock(attachment.message)
    for name, value in found.items():
        setattr(attachment, name, value)
    attachment.save(update_fields=list(found))
    _revise(row)
    announce_updated([row])


def _requote(row: Message) -> None:
    """Replies show the words that they answer."""
    replies = Message.objects.filter(reply_to=row)
    if replies.update(version=F("version") + 1):
        announce_updated(list(replies))


def _lock(message: Message) -> Message:
    conversation = lock([message.conversation_id])[message.conversation_id]
    row = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    row.conversation = conversation
    return row


def _revise(row: Message, **changes: Any) -> None:
    """Write a locked message one version further, and its card if it is shown there."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])
    if row.conversation.last_message_id == row.pk and changes.keys() & {"content", "deleted_at"}:
        row.conversation.last_message_preview = preview(row)
        store_activity([row.conversation])
        announce_activity(row.conversation)
