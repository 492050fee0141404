"""Commands on messages: reading a thread, writing into it, having read it."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from accounts.permissions import Permission
from conversations import actions, queries
from conversations.requests import (
    MessageDraft,
    MessageEmoji,
    MessageIds,
    MessageSearch,
    MessageWords,
    PageOfMessages,
    ReadUpTo,
)
from conversations.serializers import (
    MessagePageObject,
    ReceiptsObject,
    conversation_object,
    message_object,
    message_page_object,
    receipts_object,
)
from events.objects import ConversationObject, MessageObject
from realtime.commands.registry import Caller, command
from realtime.commands.session import Done


class MessageList(PageOfMessages, kw_only=True):
    conversation_id: UUID


class MessageSend(MessageDraft, kw_only=True):
    """`client_id` is made by the client: the same one twice is one message."""

    conversation_id: UUID
    client_id: Annotated[str, Meta(min_length=1, max_length=64)]


class ReadMessages(ReadUpTo, kw_only=True):
    conversation_id: UUID


class OneMessage(Struct, rename="camel"):
    message_id: UUID


class MessageEdit(MessageWords, kw_only=True):
    message_id: UUID


class MessageReact(MessageEmoji, kw_only=True):
    message_id: UUID


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
    return message_object(actions.write_message(conversation, by=caller.user, client_id=data.client_id, **data.parts()))


@command("message:read", ReadMessages, Permission.WORK)
def message_read(caller: Caller, data: ReadMessages) -> ConversationObject:
    """The conversation has been read."""
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    return conversation_object(actions.read_conversation(conversation, by=caller.user, up_to=data.ids()))


@command("message:delivered", MessageIds, Permission.WORK)
def message_delivered(caller: Caller, data: MessageIds) -> Done:
    """Tell the authors of messages in chats that they are on your screen."""
    actions.record_arrival(data.message_ids, by=caller.user)
    return Done()


@command("message:edit", MessageEdit, Permission.WORK)
def message_edit(caller: Caller, data: MessageEdit) -> MessageObject:
    """Change the words of your message. What a customer has got cannot be changed."""
    message = queries.message_for(caller.user, data.message_id)
    return message_object(actions.rewrite_message(message, by=caller.user, content=data.content))


@command("message:delete", OneMessage, Permission.WORK)
def message_delete(caller: Caller, data: OneMessage) -> MessageObject:
    """Delete a message for everyone. What a customer has got cannot be deleted."""
    message = queries.message_for(caller.user, data.message_id)
    return message_object(actions.delete_for_everyone(message, by=caller.user))


@command("message:recall", OneMessage, Permission.WORK)
def message_recall(caller: Caller, data: OneMessage) -> MessageObject:
    """Take your message back: in a chat for five minutes, to a customer until WhatsApp gets it."""
    message = queries.message_for(caller.user, data.message_id)
    return message_object(actions.recall_message(message, by=caller.user))


@command("message:react", MessageReact, Permission.WORK)
def message_react(caller: Caller, data: MessageReact) -> MessageObject:
    """Set, replace or (null) remove your emoji on a message of a chat."""
    message = queries.message_for(caller.user, data.message_id)
    return message_object(actions.react_as(message, by=caller.user, emoji=data.emoji))


@command("message:receipts", OneMessage, Permission.WORK)
def message_receipts(caller: Caller, data: OneMessage) -> ReceiptsObject:
    """List who has got and read a message of a chat, by name."""
    return receipts_object(queries.receipts(queries.message_for(caller.user, data.message_id)))


@command("message:search", MessageSearch, Permission.WORK)
def message_search(caller: Caller, data: MessageSearch) -> MessagePageObject:
    """Search one conversation, or all chats you are in, newest first."""
    page = queries.found_messages(
        caller.user, data.q, conversation_id=data.conversation_id, before=data.before, limit=data.limit
    )
    return message_page_object(page)
