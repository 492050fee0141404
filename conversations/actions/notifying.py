"""Telling one person of what concerns them: never of what they did themselves."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from conversations.actions.membership import members
from conversations.models import Conversation, Message, Participant
from conversations.serializers import exact_moment, named, preview, sender_ref
from conversations.statuses import ConversationKind, NotificationKind
from events.audience import person
from events.catalogue import NotificationNew
from events.emit import emit
from events.objects import Ref


def notify(
    user_id: UUID,
    kind: NotificationKind,
    conversation: Conversation,
    *,
    by: Ref,
    message: Message | None = None,
    words: str | None = None,
) -> None:
    """Say it to that person alone, on all their screens. `words` in the place of the message's own."""
    shown = preview(message) if message else conversation.last_message_preview
    event = NotificationNew(
        kind=kind,
        conversation_id=str(conversation.pk),
        message_id=str(message.pk) if message else None,
        title=by.name if conversation.kind == ConversationKind.DIRECT else conversation.display_title,
        preview=shown if words is None else words,
        message_type=message.type if message else None,
        by=by,
        at=exact_moment(timezone.now()),
    )
    emit(event, (person(user_id),))


def notify_assignee(conversation: Conversation, *, by: User) -> None:
    """Somebody was given a conversation, by somebody else."""
    if conversation.assignee_id not in {None, by.pk}:
        notify(conversation.assignee_id, NotificationKind.ASSIGNED, conversation, by=named(by))


def notify_of_arrivals(messages: Iterable[Message]) -> None:
    """Customers wrote in conversations that somebody takes care of: one notification each, of the newest."""
    newest = {message.conversation_id: message for message in messages if message.contact}
    for message in newest.values():
        assignee_id = message.conversation.assignee_id
        if assignee_id:
            kind = NotificationKind.MESSAGE
            notify(assignee_id, kind, message.conversation, by=sender_ref(message), message=message)


def notify_members(chat: Conversation, message: Message, mentioned: Collection[Participant], *, by: User) -> None:
    """A colleague wrote: to the other one of the two, or in a group to those who are mentioned."""
    if chat.kind == ConversationKind.DIRECT:
        for other in members(chat).exclude(user=by):
            notify(other.user_id, NotificationKind.DIRECT, chat, by=named(by), message=message)
        return
    for each in mentioned:
        notify(each.user_id, NotificationKind.MENTION, chat, by=named(by), message=message)
