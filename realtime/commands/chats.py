"""Commands on chats among colleagues: beginning them, coming, going, and who may do what."""

from uuid import UUID

from accounts.permissions import Permission
from conversations import actions, queries
from conversations.requests import GroupChanges, MemberRole, NewDirect, NewGroup, NewMembers, PageOfMembers
from conversations.serializers import (
    GroupsObject,
    MemberPageObject,
    conversation_object,
    groups_object,
    member_page_object,
)
from events.objects import ConversationObject
from realtime.commands.conversations import ConversationRef, OneConversation
from realtime.commands.registry import Caller, command
from realtime.commands.session import Nothing


class GroupUpdate(GroupChanges, kw_only=True):
    conversation_id: UUID


class GroupInvite(NewMembers, kw_only=True):
    conversation_id: UUID


class GroupRemove(OneConversation, kw_only=True):
    user_id: UUID


class GroupMemberRole(MemberRole, kw_only=True):
    conversation_id: UUID
    user_id: UUID


class GroupMembers(PageOfMembers, kw_only=True):
    conversation_id: UUID


@command("direct:create", NewDirect, Permission.WORK)
def direct_create(caller: Caller, data: NewDirect) -> ConversationObject:
    """Open the conversation with a colleague: the one there is, or a new one."""
    return conversation_object(actions.open_direct(by=caller.user, colleague=data.colleague()))


@command("group:list", Nothing, Permission.WORK)
def group_list(caller: Caller, _data: Nothing) -> GroupsObject:
    """List the groups you are in, and those you may join."""
    return groups_object(queries.groups(caller.user))


@command("group:create", NewGroup, Permission.WORK)
def group_create(caller: Caller, data: NewGroup) -> ConversationObject:
    """Begin a group; you are its administrator."""
    group = actions.create_group(by=caller.user, title=data.title, people=data.people(), is_open=data.is_open)
    return conversation_object(group)


@command("group:update", GroupUpdate, Permission.WORK)
def group_update(caller: Caller, data: GroupUpdate) -> ConversationObject:
    """Rename a group, open or close it."""
    group = queries.group_for(caller.user, data.conversation_id)
    return conversation_object(actions.update_group(group, by=caller.user, title=data.title, is_open=data.is_open))


@command("group:join", OneConversation, Permission.WORK)
def group_join(caller: Caller, data: OneConversation) -> ConversationObject:
    """Join an open group."""
    group = queries.joinable_group(caller.user, data.conversation_id)
    return conversation_object(actions.join_group(group, by=caller.user))


@command("group:leave", OneConversation, Permission.WORK)
def group_leave(caller: Caller, data: OneConversation) -> ConversationRef:
    """Leave a group. Its last administrator hands over to whoever ranks next."""
    actions.leave_group(queries.group_for(caller.user, data.conversation_id), by=caller.user)
    return ConversationRef(conversation_id=data.conversation_id)


@command("group:members", GroupMembers, Permission.WORK)
def group_members(caller: Caller, data: GroupMembers) -> MemberPageObject:
    """List the members of a group, the longest first."""
    group = queries.group_for(caller.user, data.conversation_id)
    return member_page_object(queries.member_page(group, cursor=data.cursor, limit=data.limit))


@command("group:invite", GroupInvite, Permission.WORK)
def group_invite(caller: Caller, data: GroupInvite) -> ConversationObject:
    """Bring colleagues into a group."""
    group = queries.group_for(caller.user, data.conversation_id)
    return conversation_object(actions.invite(group, by=caller.user, people=data.people()))


@command("group:remove", GroupRemove, Permission.WORK)
def group_remove(caller: Caller, data: GroupRemove) -> ConversationObject:
    """Put a member out of a group."""
    group = queries.group_for(caller.user, data.conversation_id)
    return conversation_object(actions.remove_member(group, by=caller.user, user_id=data.user_id))


@command("group:role", GroupMemberRole, Permission.WORK)
def group_role(caller: Caller, data: GroupMemberRole) -> ConversationObject:
    """Promote or demote a member of a group."""
    group = queries.group_for(caller.user, data.conversation_id)
    return conversation_object(actions.change_role(group, by=caller.user, user_id=data.user_id, role=data.role))
