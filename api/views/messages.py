"""What was said: reading a thread, writing into it, trying again."""

from http import HTTPStatus
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.requests import body, query
from api.schema import IDEMPOTENCY_KEY, describe
from conversations import actions, queries
from conversations.models import Conversation
from conversations.requests import MessageDraft, MessageEmoji, MessageIds, MessageSearch, MessageWords, PageOfMessages
from conversations.serializers import (
    MessagePageObject,
    ReceiptsObject,
    message_object,
    message_page_object,
    receipts_object,
)
from events.objects import MessageObject


class MessagesView(Endpoint):
    """The thread of a conversation."""

    @describe("listMessages", query=(PageOfMessages,), returns=MessagePageObject)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Read a page of the thread, newest first."""
        place = query(request, PageOfMessages).place()
        page = queries.message_page(queries.conversation_for(self.me, conversation_id), **place)
        return Response(message_page_object(page))

    @describe(
        "sendMessage", body=MessageDraft, returns=MessageObject, status=201, repeated=200, headers=(IDEMPOTENCY_KEY,)
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Write to the customer or to colleagues. The same Idempotency-Key again: 200 and the message that it made."""
        draft = body(request, MessageDraft)
        conversation = queries.conversation_for(self.me, conversation_id)
        key = request.headers.get("Idempotency-Key", "").strip('" ') or None
        repeated = _is_known(conversation, key)
        message = actions.write_message(conversation, by=self.me, client_id=key, **draft.parts())
        return Response(message_object(message), HTTPStatus.OK if repeated else HTTPStatus.CREATED)


def _is_known(conversation: Conversation, key: str | None) -> bool:
    """For the status only: that a key makes one message is the action's promise, under its lock."""
    return key is not None and conversation.messages.filter(client_id=key).exists()


class MessageRetryView(Endpoint):
    """Another attempt at a message that failed."""

    @describe("retryMessage", returns=MessageObject)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Send a failed message again."""
        message = queries.message_for(self.me, message_id)
        return Response(message_object(actions.retry_message(message, by=self.me)))


class MessageSearchView(Endpoint):
    """Words that were said."""

    @describe("searchMessages", query=(MessageSearch,), returns=MessagePageObject)
    def get(self, request: Request) -> Response:
        """Search one conversation, or all chats you are in, newest first."""
        asked = query(request, MessageSearch)
        page = queries.found_messages(
            self.me, asked.q, conversation_id=asked.conversation_id, before=asked.before, limit=asked.limit
        )
        return Response(message_page_object(page))


class MessagesDeliveredView(Endpoint):
    """That messages of chats have arrived."""

    @describe("messagesDelivered", body=MessageIds, status=204)
    def post(self, request: Request) -> Response:
        """Tell the authors that their messages are on your screen."""
        actions.record_arrival(body(request, MessageIds).message_ids, by=self.me)
        return Response(status=HTTPStatus.NO_CONTENT)


class MessageView(Endpoint):
    """One message of one's own."""

    @describe("editMessage", body=MessageWords, returns=MessageObject)
    def patch(self, request: Request, message_id: UUID) -> Response:
        """Change its words. What a customer has got cannot be changed: 409."""
        content = body(request, MessageWords).content
        message = queries.message_for(self.me, message_id)
        return Response(message_object(actions.rewrite_message(message, by=self.me, content=content)))

    @describe("deleteMessage", returns=MessageObject)
    def delete(self, request: Request, message_id: UUID) -> Response:
        """Delete it for everyone. What a customer has got cannot be deleted: 409."""
        message = queries.message_for(self.me, message_id)
        return Response(message_object(actions.delete_for_everyone(message, by=self.me)))


class MessageRecallView(Endpoint):
    """That a message was not meant."""

    @describe("recallMessage", returns=MessageObject)
    def post(self, request: Request, message_id: UUID) -> Response:
        """Take it back: in a chat for five minutes, to a customer until WhatsApp gets it."""
        message = queries.message_for(self.me, message_id)
        return Response(message_object(actions.recall_message(message, by=self.me)))


class MessageReactionView(Endpoint):
    """One's emoji on a message of a chat."""

    @describe("reactToMessage", body=MessageEmoji, returns=MessageObject)
    def put(self, request: Request, message_id: UUID) -> Response:
        """Set, replace or (null) remove it."""
        emoji = body(request, MessageEmoji).emoji
        message = queries.message_for(self.me, message_id)
        return Response(message_object(actions.react_as(message, by=self.me, emoji=emoji)))


class MessageReceiptsView(Endpoint):
    """Who has got and read a message of a chat."""

    @describe("listReceipts", returns=ReceiptsObject)
    def get(self, request: Request, message_id: UUID) -> Response:
        """List those for whom it was meant, by name."""
        return Response(receipts_object(queries.receipts(queries.message_for(self.me, message_id))))
