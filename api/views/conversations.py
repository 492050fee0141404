"""Conversations: finding, organising, moving them."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.requests import body, query
from api.schema import describe
from conversations import actions, queries
from conversations.requests import ConversationChanges, ConversationFilters, PageOfConversations, ReadUpTo
from conversations.serializers import ConversationPageObject, conversation_object, conversation_page_object
from events.objects import ConversationObject
from kanban.actions import move_card
from kanban.requests import CardMove


class ConversationsView(Endpoint):
    """The tenant's conversations."""

    @describe("listConversations", query=(PageOfConversations, ConversationFilters), returns=ConversationPageObject)
    def get(self, request: Request) -> Response:
        """List the conversations of a view, most recent first."""
        asked, filters = query(request, PageOfConversations), query(request, ConversationFilters).lookups()
        page = queries.conversation_page(self.me, view=asked.view, cursor=asked.cursor, limit=asked.limit, **filters)
        return Response(conversation_page_object(page))


class ConversationView(Endpoint):
    """One conversation."""

    @describe("getConversation", returns=ConversationObject)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Get a conversation."""
        return Response(conversation_object(queries.conversation_for(self.me, conversation_id)))

    @describe("updateConversation", body=ConversationChanges, returns=ConversationObject)
    def patch(self, request: Request, conversation_id: UUID) -> Response:
        """Change a conversation. One that moved on since `version` is a 409 that carries it as it is now."""
        wanted = body(request, ConversationChanges)
        conversation = queries.customer_conversation_for(self.me, conversation_id)
        changed = actions.update_conversation(conversation, by=self.me, version=wanted.version, **wanted.fields())
        return Response(conversation_object(changed))


class ConversationReadView(Endpoint):
    """That a conversation has been read."""

    @describe("readConversation", body=ReadUpTo, returns=ConversationObject)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """The agents have read it, or in a chat you have: up to a message, or all of it."""
        up_to = body(request, ReadUpTo).ids()
        conversation = queries.conversation_for(self.me, conversation_id)
        return Response(conversation_object(actions.read_conversation(conversation, by=self.me, up_to=up_to)))


class ConversationMoveView(Endpoint):
    """Where a conversation's card stands."""

    @describe("moveConversation", body=CardMove, returns=ConversationObject)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Move the card. It takes on the status that the column sets."""
        wanted = body(request, CardMove)
        conversation = queries.customer_conversation_for(self.me, conversation_id)
        return Response(conversation_object(move_card(conversation, by=self.me, **wanted.place())))
