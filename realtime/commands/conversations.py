"""Commands on conversations: finding, viewing, organising, moving."""

from uuid import UUID

from msgspec import Struct

from accounts.permissions import Permission
from conversations import actions, queries
from conversations.requests import ConversationChanges, ListOfConversations
from conversations.serializers import ConversationPageObject, conversation_object, conversation_page_object
from events.objects import ConversationObject, WireObject
from kanban.actions import move_card
from kanban.requests import CardMove
from realtime.commands.registry import Caller, command
from realtime.rooms import ConversationRoom, earshot, enter


class OneConversation(Struct, rename="camel"):
    conversation_id: UUID


class ConversationRef(WireObject, frozen=True):
    """The conversation whose room was entered or left."""

    conversation_id: UUID


class ConversationUpdate(ConversationChanges, kw_only=True):
    conversation_id: UUID


class ConversationMove(CardMove, kw_only=True):
    conversation_id: UUID


@command("conversation:list", ListOfConversations, Permission.WORK)
def conversation_list(caller: Caller, data: ListOfConversations) -> ConversationPageObject:
    """List the conversations of a view, most recent first."""
    filters = data.filters.lookups()
    page = queries.conversation_page(caller.user, view=data.view, cursor=data.cursor, limit=data.limit, **filters)
    return conversation_page_object(page)


@command("conversation:get", OneConversation, Permission.WORK)
def conversation_get(caller: Caller, data: OneConversation) -> ConversationObject:
    """Get a conversation."""
    return conversation_object(queries.conversation_for(caller.user, data.conversation_id))


@command("conversation:join", OneConversation, Permission.WORK)
def conversation_join(caller: Caller, data: OneConversation) -> ConversationRef:
    """View a conversation: hear its details from now on."""
    room = enter(caller.user, ConversationRoom(data.conversation_id))
    caller.socket.join(room, caller.seq, earshot(queries.conversation_for(caller.user, data.conversation_id)))
    return ConversationRef(conversation_id=data.conversation_id)


@command("conversation:leave", OneConversation, None)
def conversation_leave(caller: Caller, data: OneConversation) -> ConversationRef:
    """Stop viewing a conversation."""
    caller.socket.leave(ConversationRoom(data.conversation_id).name)
    return ConversationRef(conversation_id=data.conversation_id)


@command("conversation:update", ConversationUpdate, Permission.WORK)
def conversation_update(caller: Caller, data: ConversationUpdate) -> ConversationObject:
    """Change a conversation. One that moved on since `version` is a conflict that carries it as it is now."""
    conversation = queries.customer_conversation_for(caller.user, data.conversation_id)
    changed = actions.update_conversation(conversation, by=caller.user, version=data.version, **data.fields())
    return conversation_object(changed)


@command("conversation:move", ConversationMove, Permission.WORK)
def conversation_move(caller: Caller, data: ConversationMove) -> ConversationObject:
    """Move the card. It takes on the status that the column sets."""
    conversation = queries.customer_conversation_for(caller.user, data.conversation_id)
    return conversation_object(move_card(conversation, by=caller.user, **data.place()))
