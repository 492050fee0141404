"""What was said: reading a thread, writing into it, trying again."""

from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.requests import body, query
from api.schema import IDEMPOTENCY_KEY, describe
from api.views.conversations import Limit
from conversations import actions, queries
from conversations.errors import BadRequest
from conversations.models import Conversation
from conversations.serializers import message_object
from conversations.statuses import MessageType
from events.objects import MessageObject, WireObject


class MessageQuery(Struct, rename="camel"):
    """A page before or after one message; without both, the newest."""

    before: UUID | None = None
    after: UUID | None = None
    limit: Limit = queries.PAGE


class MessageDraft(Struct, rename="camel"):
    """A message to the customer."""

    content: str = ""
    type: MessageType = MessageType.TEXT
    reply_to_id: UUID | None = None
    attachment_ids: tuple[UUID, ...] = ()


class MessagePage(WireObject, frozen=True):
    """Newest first; `more` says whether there are further ones in the direction that was asked for."""

    items: list[MessageObject]
    more: bool


class MessagesView(Endpoint):
    """The thread of a conversation."""

    @describe("listMessages", query=MessageQuery, returns=MessagePage)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Read a page of the thread, newest first."""
        asked = query(request, MessageQuery)
        if asked.before and asked.after:
            raise BadRequest(fields={"after": _("Give `before` or `after`, not both.")})
        conversation = queries.conversation_for(self.me, conversation_id)
        page = queries.message_page(conversation, before=asked.before, after=asked.after, limit=asked.limit)
        return Response(MessagePage(items=[message_object(row) for row in page.items], more=page.more))

    @describe(
        "sendMessage", body=MessageDraft, returns=MessageObject, status=201, repeated=200, headers=(IDEMPOTENCY_KEY,)
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Write to the customer. The same Idempotency-Key again is answered with the message that it made: 200."""
        draft = body(request, MessageDraft)
        conversation = queries.conversation_for(self.me, conversation_id)
        key = request.headers.get("Idempotency-Key", "").strip('" ') or None
        repeated = _is_known(conversation, key)
        message = actions.send_message(
            conversation,
            by=self.me,
            client_id=key,
            type=draft.type,
            content=draft.content,
            reply_to_id=draft.reply_to_id,
            attachment_ids=draft.attachment_ids,
        )
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
