"""What customers change about messages that exist: edits, revokes, reactions; and files that come after them."""

from datetime import datetime
from typing import Any

from conversations.actions.changes import announce_updated, tell
from conversations.actions.messages import announce_reactions, lock_message, requote, revise, reword
from conversations.models import Attachment, Contact, Message, Reaction
from events.catalogue import MessageDeleted
from events.emit import action


@action
def edit_message(message: Message, *, content: str, at: datetime) -> None:
    """The customer changed the words; an older edit that comes late changes nothing."""
    row = lock_message(message)
    if row.deleted_at or row.content == content or (row.edited_at and row.edited_at >= at):
        return
    reword(row, content, at=at)


@action
def delete_message(message: Message, *, at: datetime) -> None:
    """The customer took it back; the row keeps the words for audit, nothing shows them any more."""
    row = lock_message(message)
    if row.deleted_at:
        return
    revise(row, deleted_at=at)
    event = MessageDeleted(conversation_id=str(row.conversation_id), message_id=str(row.pk), version=row.version)
    tell(row.conversation, event)
    requote(row)


@action
def react(message: Message, *, contact: Contact | None, emoji: str, at: datetime) -> None:
    """Set, replace or (with an empty `emoji`) remove a contact's reaction; None: the business's, on its own phone.

    One that is older than the present one changes nothing. A removal keeps its row, empty, so that it has an age too.
    """
    row = lock_message(message)
    known = Reaction.objects.filter(message=row, contact=contact).first()
    if known and (known.reacted_at >= at or known.emoji == emoji):
        return
    Reaction.objects.update_or_create(
        message=row, contact=contact, defaults={"user": None, "emoji": emoji, "reacted_at": at}
    )
    announce_reactions(row)


@action
def store_attachment(attachment: Attachment, **found: Any) -> None:
    """Write what a worker found out about a file, or why it has none, and show it."""
    if attachment.message is None:
        raise ValueError(attachment)
    row = lock_message(attachment.message)
    for name, value in found.items():
        setattr(attachment, name, value)
    attachment.save(update_fields=list(found))
    revise(row)
    announce_updated([row])
