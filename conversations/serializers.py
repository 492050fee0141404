"""Rows to wire objects: the JSON of an object is defined here once, for REST, socket and events alike."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Team, User
from conversations import failures, queries
from conversations.models import (
    Attachment,
    AttachmentState,
    Contact,
    Conversation,
    Label,
    Message,
    Participant,
    Reaction,
)
from conversations.statuses import Direction, MessageStatus, MessageType
from events.objects import (
    AttachmentObject,
    ContactObject,
    ConversationObject,
    ErrorObject,
    GroupObject,
    LastMessageObject,
    MessageObject,
    ParticipantObject,
    QuoteObject,
    ReactionObject,
    ReceiptObject,
    Ref,
    WireObject,
)


class ConversationPageObject(WireObject, frozen=True):
    """Most recent first; `cursor` asks for the next page, null on the last."""

    items: list[ConversationObject]
    cursor: str | None


class MessagePageObject(WireObject, frozen=True):
    """Newest first; `more` says whether there are further ones in the direction that was asked for."""

    items: list[MessageObject]
    more: bool


class MemberPageObject(WireObject, frozen=True):
    """The longest first; `cursor` asks for the next page, null on the last."""

    items: list[ParticipantObject]
    cursor: str | None


class ReceiptsObject(WireObject, frozen=True):
    """Of everybody for whom a message was meant, by name."""

    items: list[ReceiptObject]


class GroupsObject(WireObject, frozen=True):
    """By title."""

    items: list[GroupObject]


class ContactPageObject(WireObject, frozen=True):
    """Newest first; `cursor` asks for the next page, null on the last."""

    items: list[ContactObject]
    cursor: str | None


def moment(at: datetime | None) -> str | None:
    """A time on the wire: ISO 8601 in UTC, milliseconds, `Z`."""
    return exact_moment(at) if at else None


def exact_moment(at: datetime) -> str:
    """`moment` of a time that is there."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def contact_object(contact: Contact | None) -> ContactObject | None:
    """A customer, or None among ourselves."""
    if contact is None:
        return None
    return ContactObject(id=str(contact.pk), phone_number=contact.phone, name=contact.display_name)


def user_ref(user: User | None) -> Ref | None:
    """A colleague, or nobody."""
    return named(user) if user else None


def named(user: User) -> Ref:
    """A colleague."""
    return Ref(id=str(user.pk), name=str(user), kind="user")


def team_ref(team: Team | None) -> Ref | None:
    """A team."""
    return Ref(id=str(team.pk), name=team.name, kind="team") if team else None


def _label_refs(labels: Iterable[Label]) -> list[Ref]:
    return [Ref(id=str(label.pk), name=label.name, kind="label") for label in labels]


def sender_ref(message: Message) -> Ref:
    """Who said it: the contact, a colleague, or the system (the phone app, an automation)."""
    if message.contact:
        return Ref(id=str(message.contact.pk), name=message.contact.display_name, kind="contact")
    return user_ref(message.sender) or Ref(id=None, name=_("System"), kind="system")


def error_object(message: Message) -> ErrorObject | None:
    """Why it failed, in the reader's language."""
    if message.status != MessageStatus.FAILED:
        return None
    failure = failures.explain(message.error_code, message.error_detail)
    return ErrorObject(code=message.error_code, title=str(failure.title), advice=str(failure.advice))


def preview(message: Message, length: int = 80) -> str:
    """The text of a message in one line; empty when deleted, or when its type says it all, as for a bare picture."""
    return "" if message.deleted_at else " ".join(message.content.split())[:length]


def quote_object(message: Message) -> QuoteObject | None:
    """What a reply answers."""
    if message.reply_to:
        return QuoteObject(id=str(message.reply_to.pk), preview=preview(message.reply_to))
    return QuoteObject(id=None, preview="") if message.reply_to_wamid else None


def attachment_object(attachment: Attachment) -> AttachmentObject:
    """A file; addresses only once it is here."""
    ready = attachment.state == AttachmentState.READY
    return AttachmentObject(
        id=str(attachment.pk),
        state=attachment.state,
        mime_type=attachment.mime_type,
        filename=attachment.filename,
        size=attachment.size,
        url=reverse("attachment", args=[attachment.pk]) if ready else None,
        thumbnail_url=reverse("attachment_thumbnail", args=[attachment.pk]) if ready and attachment.thumbnail else None,
        width=attachment.width,
        height=attachment.height,
    )


def reaction_object(reaction: Reaction) -> ReactionObject:
    """One emoji."""
    contact = reaction.contact
    customer = Ref(id=str(contact.pk), name=contact.display_name, kind="contact") if contact else None
    somebody = customer or user_ref(reaction.author) or Ref(id=None, name=_("System"), kind="system")
    return ReactionObject(emoji=reaction.shown, sender=somebody, status=reaction.status)


RECALL_WINDOW = timedelta(minutes=5)
"""How long the author of a message in a chat can take it back."""


def message_object(message: Message) -> MessageObject:
    """One message; load it through `queries.messages()` so that nothing is fetched per row."""
    is_gone = message.deleted_at is not None
    return MessageObject(
        id=str(message.pk),
        conversation_id=str(message.conversation_id),
        whatsapp_message_id=message.wamid,
        client_id=message.client_id,
        direction=message.direction,
        type=message.type,
        content="" if is_gone else message.content,
        metadata={} if is_gone else _metadata(message),
        status=status_of(message),
        error=error_object(message),
        reply_to=quote_object(message),
        attachments=[] if is_gone else [attachment_object(each) for each in message.attachments.all()],
        reactions=[] if is_gone else [reaction_object(each) for each in message.reactions.all()],
        sender=sender_ref(message),
        contact=contact_object(message.contact),
        timestamp=exact_moment(message.said_at),
        received_at=exact_moment(message.received_at),
        edited_at=moment(message.edited_at),
        deleted_at=moment(message.deleted_at),
        version=message.version,
        place=message.place,
        recallable_until=moment(recallable_until(message)),
    )


def _metadata(message: Message) -> dict[str, Any]:
    """What colleagues wrote before they edited is kept for audit and shown to nobody."""
    kept = message.metadata
    return {name: kept[name] for name in kept if name != "history"} if message.place else kept


def status_of(message: Message) -> str:
    """How far it has come; in a chat, as far as with everybody in it."""
    if message.place is None or message.deleted_at:
        return message.status
    return _reached(message.conversation, message.place)


def _reached(chat: Conversation, place: int) -> str:
    if place <= chat.read_place:
        return MessageStatus.READ
    return MessageStatus.DELIVERED if place <= chat.delivered_place else MessageStatus.SENT


def recallable_until(message: Message) -> datetime | None:
    """Until when its author can certainly take it back."""
    if message.deleted_at:
        return None
    if message.place:
        return message.said_at + RECALL_WINDOW
    is_held = message.status == MessageStatus.PENDING and message.attempts == 0
    return message.next_attempt_at if is_held and message.direction == Direction.OUTBOUND else None


def last_message_object(conversation: Conversation) -> LastMessageObject | None:
    """What its card shows of the newest message."""
    if not conversation.last_message_id:
        return None
    return LastMessageObject(
        id=str(conversation.last_message_id),
        preview=conversation.last_message_preview,
        type=conversation.last_message_type,
        direction=conversation.last_message_direction,
        status=_last_status(conversation),
        author=conversation.last_message_author,
    )


def _last_status(conversation: Conversation) -> str:
    stored = conversation.last_message_status or MessageStatus.DELIVERED
    if stored == MessageStatus.SENT and conversation.is_chat and conversation.last_message_type != MessageType.ACTIVITY:
        return _reached(conversation, conversation.message_count)
    return stored


_UPDATES: dict[str, Callable[[Conversation], Any]] = {
    "title": lambda row: row.display_title,
    "messageCount": lambda row: row.message_count,
    "deliveredPlace": lambda row: row.delivered_place,
    "readPlace": lambda row: row.read_place,
    "contact": lambda row: contact_object(row.contact),
    "status": lambda row: row.status,
    "assignee": lambda row: user_ref(row.assignee),
    "team": lambda row: team_ref(row.team),
    "columnId": lambda row: str(row.column_id) if row.column_id else None,
    "labels": lambda row: _label_refs(row.labels.all()),
    "priority": lambda row: row.priority,
    "unreadCount": lambda row: row.unread_count,
    "waitingSince": lambda row: moment(row.waiting_since),
    "windowExpiresAt": lambda row: moment(row.window_expires_at),
    "snoozedUntil": lambda row: moment(row.snoozed_until),
}


def conversation_updates(conversation: Conversation, *names: str) -> dict[str, Any]:
    """The fields of a conversation's JSON with these names, as `conversation:updated` carries them."""
    return {name: _UPDATES[name](conversation) for name in names}


def conversation_object(conversation: Conversation) -> ConversationObject:
    """One conversation; load it through `queries.conversations()`, a chat through `queries.complete` as well.

    What is unread in a chat is known of its viewer only: null in events.
    """
    own: Participant | None = next(iter(getattr(conversation, "own", [])), None)
    listed: list[Participant] = getattr(conversation, "listed", [])
    return ConversationObject(
        id=str(conversation.pk),
        kind=conversation.kind,
        title=conversation.display_title,
        contact=contact_object(conversation.contact),
        number_id=str(conversation.number_id) if conversation.number_id else None,
        status=conversation.status,
        assignee=user_ref(conversation.assignee),
        team=team_ref(conversation.team),
        column_id=str(conversation.column_id) if conversation.column_id else None,
        labels=_label_refs(conversation.labels.all()),
        priority=conversation.priority,
        unread_count=_unread(conversation, own) if conversation.is_chat else conversation.unread_count,
        last_message=last_message_object(conversation),
        last_message_at=moment(conversation.last_message_at),
        waiting_since=moment(conversation.waiting_since),
        window_expires_at=moment(conversation.window_expires_at),
        snoozed_until=moment(conversation.snoozed_until),
        participants=[participant_object(each) for each in listed],
        version=conversation.version,
        participant_count=conversation.member_count,
        is_open=conversation.is_open,
        message_count=conversation.message_count,
        delivered_place=conversation.delivered_place,
        read_place=conversation.read_place,
        mention_count=(own.mention_count if own else None) if conversation.is_chat else 0,
    )


def _unread(chat: Conversation, own: Participant | None) -> int | None:
    return chat.message_count - own.read_place if own else None


def participant_object(participant: Participant) -> ParticipantObject:
    """A colleague in a chat."""
    return ParticipantObject(
        user=named(participant.user),
        role=participant.role,
        joined_at=exact_moment(participant.joined_at),
        delivered_place=participant.delivered_place,
        read_place=participant.read_place,
    )


def conversation_page_object(page: queries.ConversationPage) -> ConversationPageObject:
    """A page of a list of conversations."""
    return ConversationPageObject(items=[conversation_object(row) for row in page.items], cursor=page.cursor)


def message_page_object(page: queries.MessagePage) -> MessagePageObject:
    """A page of a thread."""
    return MessagePageObject(items=[message_object(row) for row in page.items], more=page.more)


def contact_page_object(page: queries.ContactPage) -> ContactPageObject:
    """A page of customers."""
    items = [found for row in page.items if (found := contact_object(row))]
    return ContactPageObject(items=items, cursor=page.cursor)


def member_page_object(page: queries.MemberPage) -> MemberPageObject:
    """A page of the members of a group."""
    return MemberPageObject(items=[participant_object(row) for row in page.items], cursor=page.cursor)


def receipts_object(entries: Iterable[queries.ReceiptEntry]) -> ReceiptsObject:
    """Who has got and read a message."""
    return ReceiptsObject(
        items=[
            ReceiptObject(user=named(each.user), delivered_at=moment(each.delivered_at), read_at=moment(each.read_at))
            for each in entries
        ]
    )


def groups_object(entries: Iterable[queries.GroupEntry]) -> GroupsObject:
    """The groups that somebody may see."""
    return GroupsObject(items=[_group_object(each.group, is_member=each.is_member) for each in entries])


def _group_object(group: Conversation, *, is_member: bool) -> GroupObject:
    return GroupObject(
        id=str(group.pk),
        title=group.title,
        participant_count=group.member_count,
        is_open=group.is_open,
        is_member=is_member,
    )
