"""Chats among colleagues: direct conversations, groups and their members. Messages are those of any conversation."""

from http import HTTPStatus
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.requests import body, query
from api.schema import describe
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


class DirectsView(Endpoint):
    """Conversations of two."""

    @describe("openDirect", body=NewDirect, returns=ConversationObject)
    def post(self, request: Request) -> Response:
        """Open the conversation with a colleague: the one there is, or a new one."""
        colleague = body(request, NewDirect).colleague()
        return Response(conversation_object(actions.open_direct(by=self.me, colleague=colleague)))


class GroupsView(Endpoint):
    """The groups that one sees."""

    @describe("listGroups", returns=GroupsObject)
    def get(self, request: Request) -> Response:
        """List the groups you are in, and those you may join."""
        return Response(groups_object(queries.groups(self.me)))

    @describe("createGroup", body=NewGroup, returns=ConversationObject, status=201)
    def post(self, request: Request) -> Response:
        """Begin a group; you are its administrator."""
        wanted = body(request, NewGroup)
        people = wanted.people()
        group = actions.create_group(by=self.me, title=wanted.title, people=people, is_open=wanted.is_open)
        return Response(conversation_object(group), HTTPStatus.CREATED)


class GroupView(Endpoint):
    """One group."""

    @describe("updateGroup", body=GroupChanges, returns=ConversationObject)
    def patch(self, request: Request, conversation_id: UUID) -> Response:
        """Rename a group, open or close it."""
        wanted = body(request, GroupChanges)
        group = queries.group_for(self.me, conversation_id)
        changed = actions.update_group(group, by=self.me, title=wanted.title, is_open=wanted.is_open)
        return Response(conversation_object(changed))


class GroupJoinView(Endpoint):
    """Coming into a group."""

    @describe("joinGroup", returns=ConversationObject)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Join an open group."""
        group = queries.joinable_group(self.me, conversation_id)
        return Response(conversation_object(actions.join_group(group, by=self.me)))


class GroupLeaveView(Endpoint):
    """Leaving a group."""

    @describe("leaveGroup", status=204)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Leave a group. Its last administrator hands over to whoever ranks next."""
        actions.leave_group(queries.group_for(self.me, conversation_id), by=self.me)
        return Response(status=HTTPStatus.NO_CONTENT)


class MembersView(Endpoint):
    """Who is in a group."""

    @describe("listMembers", query=(PageOfMembers,), returns=MemberPageObject)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """List the members, the longest first."""
        asked = query(request, PageOfMembers)
        group = queries.group_for(self.me, conversation_id)
        return Response(member_page_object(queries.member_page(group, cursor=asked.cursor, limit=asked.limit)))

    @describe("inviteMembers", body=NewMembers, returns=ConversationObject)
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Bring colleagues into a group."""
        people = body(request, NewMembers).people()
        group = queries.group_for(self.me, conversation_id)
        return Response(conversation_object(actions.invite(group, by=self.me, people=people)))


class MemberView(Endpoint):
    """One member of a group."""

    @describe("changeRole", body=MemberRole, returns=ConversationObject)
    def patch(self, request: Request, conversation_id: UUID, user_id: UUID) -> Response:
        """Promote or demote a member."""
        role = body(request, MemberRole).role
        group = queries.group_for(self.me, conversation_id)
        return Response(conversation_object(actions.change_role(group, by=self.me, user_id=user_id, role=role)))

    @describe("removeMember", returns=ConversationObject)
    def delete(self, request: Request, conversation_id: UUID, user_id: UUID) -> Response:
        """Put a member out of a group."""
        group = queries.group_for(self.me, conversation_id)
        return Response(conversation_object(actions.remove_member(group, by=self.me, user_id=user_id)))
