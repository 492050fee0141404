"""Conversations: finding, organising, moving them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Team, User
from accounts.queries import colleagues
from api.endpoint import Endpoint
from api.requests import body, query
from api.schema import describe
from conversations import actions, queries
from conversations.errors import BadRequest
from conversations.serializers import conversation_object
from conversations.statuses import ConversationStatus
from events.objects import ConversationObject, WireObject
from kanban.actions import move_card

Limit = Annotated[int, Meta(ge=1, le=queries.MAX_PAGE)]


class ConversationQuery(Struct, rename="camel"):
    """`cursor` comes from the page before; without it, the first."""

    view: Literal["mine", "unassigned", "open", "all"] = "open"
    cursor: str | None = None
    limit: Limit = queries.PAGE


class ConversationChanges(Struct, rename="camel"):
    """What is left out stays; `version` is the one the change was decided on."""

    version: int | None = None
    status: ConversationStatus | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET
    priority: Literal[-1, 0, 1, 2] | UnsetType = UNSET
    snoozed_until: datetime | UnsetType | None = UNSET


class Move(Struct, rename="camel"):
    """Below `afterId`, else above `beforeId`, else on top of the column."""

    column_id: UUID
    after_id: UUID | None = None
    before_id: UUID | None = None
    version: int | None = None


class ConversationPage(WireObject, frozen=True):
    """Most recent first; `cursor` asks for the next page, null on the last."""

    items: list[ConversationObject]
    cursor: str | None


class ConversationsView(Endpoint):
    """The tenant's conversations."""

    @describe("listConversations", query=ConversationQuery, returns=ConversationPage)
    def get(self, request: Request) -> Response:
        """List the conversations of a view, most recent first."""
        asked = query(request, ConversationQuery)
        page = queries.conversation_page(self.me, view=asked.view, cursor=asked.cursor, limit=asked.limit)
        return Response(ConversationPage(items=[conversation_object(row) for row in page.items], cursor=page.cursor))


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
        conversation = queries.conversation_for(self.me, conversation_id)
        changed = actions.update_conversation(conversation, by=self.me, version=wanted.version, **_fields(wanted))
        return Response(conversation_object(changed))


class ConversationReadView(Endpoint):
    """That a conversation has been read."""

    @describe("readConversation", returns=ConversationObject)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """The agents have read it."""
        conversation = queries.conversation_for(self.me, conversation_id)
        return Response(conversation_object(actions.mark_read(conversation, by=self.me)))


class ConversationMoveView(Endpoint):
    """Where a conversation's card stands."""

    @describe("moveConversation", body=Move, returns=ConversationObject)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Move the card. It takes on the status that the column sets."""
        wanted = body(request, Move)
        moved = move_card(
            queries.conversation_for(self.me, conversation_id),
            by=self.me,
            column_id=wanted.column_id,
            after_id=wanted.after_id,
            before_id=wanted.before_id,
            version=wanted.version,
        )
        return Response(conversation_object(moved))


def _fields(wanted: ConversationChanges) -> Mapping[str, Any]:
    fields = {
        "status": wanted.status,
        "assignee": wanted.assignee_id if wanted.assignee_id is UNSET else _colleague(wanted.assignee_id),
        "team": wanted.team_id if wanted.team_id is UNSET else _team(wanted.team_id),
        "priority": wanted.priority,
        "snoozed_until": wanted.snoozed_until,
    }
    return {name: value for name, value in fields.items() if value is not UNSET}


def _colleague(user_id: UUID | None) -> User | None:
    found = colleagues().filter(pk=user_id).first() if user_id else None
    if user_id and found is None:
        raise BadRequest(fields={"assigneeId": _("There is no such colleague.")})
    return found


def _team(team_id: UUID | None) -> Team | None:
    found = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and found is None:
        raise BadRequest(fields={"teamId": _("There is no such team.")})
    return found
