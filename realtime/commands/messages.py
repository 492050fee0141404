"""Commands on messages: reading a thread, writing into it, having read it."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from accounts.permissions import Permission
from conversations import actions, queries
from conversations.requests import MessageDraft, PageOfMessages
from conversations.serializers import MessagePageObject, conversation_object, message_object, message_page_object
from events.objects import ConversationObject, MessageObject
from realtime.commands.registry import Caller, command


class MessageList(PageOfMessages, kw_only=True):
    conversation_id: UUID


class MessageSend(MessageDraft, kw_only=True):
    """`client_id` is made by the client: the same one twice is one message."""

    conversation_id: UUID
    client_id: Annotated[str, Meta(min_length=1, max_length=64)]


class MessageRead(Struct, rename="camel"):
    """The conversation was read, up to its newest message."""

    conversation_id: UUID


@command("message:list", MessageList, Permission.WORK)
def message_list(caller: Caller, data: MessageList) -> MessagePageObject:
    """Read a page of the thread, newest first."""
    place = data.place()
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    return message_page_object(queries.message_page(conversation, **place))


@command("message:send", MessageSend, Permission.WORK)
def message_send(caller: Caller, data: MessageSend) -> MessageObject:
    """Write into a conversation. The same `clientId` again is answered with the message that it made."""
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    return message_object(actions.send_message(conversation, by=caller.user, client_id=data.client_id, **data.parts()))


@command("message:read", MessageRead, Permission.WORK)
def message_read(caller: Caller, data: MessageRead) -> ConversationObject:
    """The conversation has been read."""
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    return conversation_object(actions.mark_read(conversation, by=caller.user))
