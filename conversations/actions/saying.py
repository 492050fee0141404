"""Colleagues write to each other: a message in a chat is stored, and with that it is sent."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations import queries
from conversations.actions import attaching, drafts
from conversations.actions.changes import announce_activity, lock, show_newest, store_activity, tell
from conversations.actions.membership import members, seat_of
from conversations.actions.notifying import notify_members
from conversations.actions.receipts import read_by_writing, settle_places
from conversations.errors import BadRequest, NotFound
from conversations.models import Conversation, Mention, Message, Participant
from conversations.serializers import message_object, named
from conversations.statuses import MEDIA_TYPES, Direction, MessageStatus, MessageType
from events.catalogue import MessageNew
from events.emit import action


@action
def say(
    conversation: Conversation,
    *,
    by: User,
    client_id: str | None = None,
    type: MessageType = MessageType.TEXT,  # noqa: A002  the wire's word
    content: str = "",
    reply_to_id: UUID | None = None,
    attachment_ids: tuple[UUID, ...] = (),
    mention_ids: tuple[UUID, ...] = (),
) -> Message:
    """Write into a chat; the same `client_id` twice is one message. Whoever writes has read what stands above.

    A TEXT with a file becomes what the file is. Raises BadRequest, NotFound (also for who is not in it), TooLarge.
    """
    content = _clean(content, type, attachment_ids)
    row = lock([conversation.pk])[conversation.pk]
    own = seat_of(row, by.pk)
    if known := drafts.known(row, client_id):
        return known
    mentioned = _mentioned(row, own, mention_ids)
    row.message_count += 1
    files = attaching.uploaded(attachment_ids, by=by)
    kind = attaching.message_type(row, files, wanted=type, content=content)
    message = _store(row, by, client_id, kind, content, drafts.quoted(row, reply_to_id), mentioned)
    attaching.attach(message, files)
    _mention(message, mentioned)
    read_by_writing(own, row.message_count)
    settle_places(row)
    show_newest(row, message, at=message.said_at)
    store_activity([row])
    message = queries.messages().get(pk=message.pk)
    tell(row, MessageNew(conversation_id=str(row.pk), message=message_object(message)))
    announce_activity(row)
    notify_members(row, message, mentioned, by=by)
    return message


def _clean(content: str, kind: MessageType, attachment_ids: tuple[UUID, ...]) -> str:
    if kind not in {MessageType.TEXT, *MEDIA_TYPES}:
        raise BadRequest(fields={"type": _("Colleagues write texts and send files.")})
    return drafts.clean(content, kind, attachment_ids)


def _mentioned(row: Conversation, own: Participant, user_ids: Collection[UUID]) -> list[Participant]:
    """The members with these ids but oneself. Raises NotFound if one is not there."""
    wanted = set(user_ids) - {own.user_id}
    if not wanted:
        return []
    found = list(members(row).filter(user_id__in=wanted).select_related("user"))
    if len(found) != len(wanted):
        raise NotFound(fields={"mentionIds": _("Only people who are in this chat can be mentioned.")})
    return found


def _store(
    row: Conversation,
    by: User,
    client_id: str | None,
    kind: MessageType,
    content: str,
    reply_to: Message | None,
    mentioned: Collection[Participant],
) -> Message:
    now = timezone.now()
    mentions = [{"id": str(each.user_id), "name": named(each.user).name} for each in mentioned]
    return Message.objects.create(
        conversation=row,
        client_id=client_id,
        direction=Direction.INTERNAL,
        type=kind,
        content=content,
        metadata={"mentions": mentions} if mentions else {},
        status=MessageStatus.SENT,
        sender=by,
        place=row.message_count,
        said_at=now,
        received_at=now,
        sent_at=now,
        reply_to=reply_to,
    )


def _mention(message: Message, mentioned: Collection[Participant]) -> None:
    if mentioned:
        Mention.objects.bulk_create(Mention(message=message, user_id=each.user_id) for each in mentioned)
        seats = Participant.objects.filter(pk__in=[each.pk for each in mentioned])
        seats.update(mention_count=F("mention_count") + 1)
