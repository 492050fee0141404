"""Commands on conversations: finding, viewing, organising, moving."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from msgspec import UNSET, Meta, Struct, UnsetType

from accounts.models import User
from accounts.permissions import Permission
from accounts.queries import colleagues
from conversations import actions, queries
from conversations.errors import BadRequest
from conversations.serializers import conversation_object
from conversations.statuses import ConversationStatus
from events.objects import ConversationObject
from kanban.actions import move_card
from realtime.commands.registry import Caller, command
from realtime.rooms import ConversationRoom, enter

Limit = Annotated[int, Meta(ge=1, le=queries.MAX_PAGE)]


class OneConversation(Struct, rename="camel"):
    conversation_id: UUID


class ConversationList(Struct, rename="camel"):
    """`cursor` comes from the page before; None asks for the first."""

    view: Literal["mine", "unassigned", "open", "all"] = "open"
    cursor: str | None = None
    limit: Limit = queries.PAGE


class ConversationUpdate(Struct, rename="camel"):
    """What is left out stays; `version` is the one the change was decided on."""

    conversation_id: UUID
    version: int | None = None
    status: ConversationStatus | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    priority: Literal[-1, 0, 1, 2] | UnsetType = UNSET
    snoozed_until: datetime | UnsetType | None = UNSET


class ConversationMove(Struct, rename="camel"):
    """Below `after_id`, else above `before_id`, else on top of the column."""

    conversation_id: UUID
    column_id: UUID
    after_id: UUID | None = None
    before_id: UUID | None = None
    version: int | None = None


@command("conversation:list", ConversationList, Permission.WORK)
def conversation_list(caller: Caller, data: ConversationList) -> dict[str, Any]:
    page = queries.conversation_page(caller.user, view=data.view, cursor=data.cursor, limit=data.limit)
    return {"items": [conversation_object(row) for row in page.items], "cursor": page.cursor}


@command("conversation:get", OneConversation, Permission.WORK)
def conversation_get(caller: Caller, data: OneConversation) -> ConversationObject:
    return conversation_object(queries.conversation_for(caller.user, data.conversation_id))


@command("conversation:join", OneConversation, Permission.WORK)
def conversation_join(caller: Caller, data: OneConversation) -> dict[str, Any]:
    caller.socket.join(enter(caller.user, ConversationRoom(data.conversation_id)))
    return {"conversationId": data.conversation_id}


@command("conversation:leave", OneConversation, None)
def conversation_leave(caller: Caller, data: OneConversation) -> dict[str, Any]:
    caller.socket.leave(ConversationRoom(data.conversation_id).name)
    return {"conversationId": data.conversation_id}


@command("conversation:update", ConversationUpdate, Permission.WORK)
def conversation_update(caller: Caller, data: ConversationUpdate) -> ConversationObject:
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    changes = _changes(data)
    return conversation_object(
        actions.update_conversation(conversation, by=caller.user, version=data.version, **changes)
    )


@command("conversation:move", ConversationMove, Permission.WORK)
def conversation_move(caller: Caller, data: ConversationMove) -> ConversationObject:
    conversation = queries.conversation_for(caller.user, data.conversation_id)
    moved = move_card(
        conversation,
        by=caller.user,
        column_id=data.column_id,
        after_id=data.after_id,
        before_id=data.before_id,
        version=data.version,
    )
    return conversation_object(moved)


def _changes(data: ConversationUpdate) -> dict[str, Any]:
    wanted = {
        "status": data.status,
        "assignee": UNSET if data.assignee_id is UNSET else _colleague(data.assignee_id),
        "priority": data.priority,
        "snoozed_until": data.snoozed_until,
    }
    return {name: value for name, value in wanted.items() if value is not UNSET}


def _colleague(user_id: UUID | None) -> User | None:
    if user_id is None:
        return None
    found = colleagues().filter(pk=user_id).first()
    if found is None:
        raise BadRequest(fields={"assigneeId": _("There is no such colleague.")})
    return found
