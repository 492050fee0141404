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
from conversations.requests import MessageDraft, PageOfMessages
from conversations.serializers import MessagePageObject, message_object, message_page_object
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
        """Write to the customer. The same Idempotency-Key again is answered with the message that it made: 200."""
        draft = body(request, MessageDraft)
        conversation = queries.conversation_for(self.me, conversation_id)
        key = request.headers.get("Idempotency-Key", "").strip('" ') or None
        repeated = _is_known(conversation, key)
        message = actions.send_message(conversation, by=self.me, client_id=key, **draft.parts())
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
