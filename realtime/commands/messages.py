"""Commands on messages: reading a thread, writing into it, having read it."""

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import Meta, Struct

from accounts.permissions import Permission
from conversations import actions, queries
from conversations.errors import BadRequest
from conversations.serializers import conversation_object, message_object
from conversations.statuses import MessageType
from events.objects import ConversationObject, MessageObject
from realtime.commands.conversations import Limit
from realtime.commands.registry import Caller, command


class MessageList(Struct, rename="camel"):
    """A page before or after one message; without both, the newest."""

    conversation_id: UUID
    before: UUID | None = None
    after: UUID | None = None
    limit: Limit = queries.PAGE


class MessageSend(Struct, rename="camel"):
    """`client_id` is made by the client: the same one twice is one message."""

    conversation_id: UUID
    client_id: Annotated[str, Meta(min_length=1, max_length=64)]
    type: MessageType = MessageType.TEXT
    content: str = ""
    reply_to_id: UUID | None = None
    attachment_ids: tuple[UUID, ...] = ()


class MessageRead(Struct, rename="camel"):
    """The conversation was read, up to its newest message."""

    conversation_id: UUID


@command("message:list", MessageList, Permission.WORK)
def message_list(caller: Caller, data: MessageList) -> dict[str, Any]:
    if data.before and data.after:
        raise BadRequest(fields={"after": _("Give `before` or `after`, not both.")})
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    page = queries.message_page(conversation, before=data.before, after=data.after, limit=data.limit)
    return {"items": [message_object(row) for row in page.items], "more": page.more}


@command("message:send", MessageSend, Permission.WORK)
def message_send(caller: Caller, data: MessageSend) -> MessageObject:
    message = actions.send_message(
        queries.conversation_for(caller.user, data.conversation_id),
        by=caller.user,
        client_id=data.client_id,
        type=data.type,
        content=data.content,
        reply_to_id=data.reply_to_id,
        attachment_ids=data.attachment_ids,
    )
    return message_object(message)


@command("message:read", MessageRead, Permission.WORK)
def message_read(caller: Caller, data: MessageRead) -> ConversationObject:
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    return conversation_object(actions.mark_read(conversation, by=caller.user))
