"""Addresses of the API, each with and without trailing slash."""

from django.urls import URLPattern, path, re_path
from rest_framework.views import APIView

from api.views.attachments import AttachmentLinkView, AttachmentsView, AttachmentView
from api.views.boards import BoardsView, ColumnsView
from api.views.chats import (
    DirectsView,
    GroupJoinView,
    GroupLeaveView,
    GroupsView,
    GroupView,
    MembersView,
    MemberView,
)
from api.views.conversations import ConversationMoveView, ConversationReadView, ConversationsView, ConversationView
from api.views.directory import ContactsView, UserContactsView, UserSearchView
from api.views.documents import DocsView, NothingView, SchemaView
from api.views.events import EventsView
from api.views.messages import (
    MessageReactionView,
    MessageRecallView,
    MessageReceiptsView,
    MessageRetryView,
    MessagesDeliveredView,
    MessageSearchView,
    MessagesView,
    MessageView,
)
from api.views.sessions import LogoutView, MeView, TokenRefreshView, TokenView
from api.views.sockets import SocketStatsView
from api.views.templates import TemplatesView
from api.views.uploads import UploadsView, UploadView

app_name = "api"


def _endpoint(route: str, view: type[APIView], name: str) -> list[URLPattern]:
    answer = view.as_view()
    return [path(f"{route}/", answer), path(route, answer, name=name)]


urlpatterns = [
    *_endpoint("auth/token", TokenView, "token"),
    *_endpoint("auth/token/refresh", TokenRefreshView, "token_refresh"),
    *_endpoint("auth/logout", LogoutView, "logout"),
    *_endpoint("me", MeView, "me"),
    *_endpoint("conversations", ConversationsView, "conversations"),
    *_endpoint("conversations/<uuid:conversation_id>", ConversationView, "conversation"),
    *_endpoint("conversations/<uuid:conversation_id>/messages", MessagesView, "messages"),
    *_endpoint("conversations/<uuid:conversation_id>/read", ConversationReadView, "conversation_read"),
    *_endpoint("conversations/<uuid:conversation_id>/move", ConversationMoveView, "conversation_move"),
    *_endpoint("messages/search", MessageSearchView, "message_search"),
    *_endpoint("messages/delivered", MessagesDeliveredView, "messages_delivered"),
    *_endpoint("messages/<uuid:message_id>", MessageView, "message"),
    *_endpoint("messages/<uuid:message_id>/retry", MessageRetryView, "message_retry"),
    *_endpoint("messages/<uuid:message_id>/recall", MessageRecallView, "message_recall"),
    *_endpoint("messages/<uuid:message_id>/reaction", MessageReactionView, "message_reaction"),
    *_endpoint("messages/<uuid:message_id>/receipts", MessageReceiptsView, "message_receipts"),
    *_endpoint("directs", DirectsView, "directs"),
    *_endpoint("groups", GroupsView, "groups"),
    *_endpoint("groups/<uuid:conversation_id>", GroupView, "group"),
    *_endpoint("groups/<uuid:conversation_id>/join", GroupJoinView, "group_join"),
    *_endpoint("groups/<uuid:conversation_id>/leave", GroupLeaveView, "group_leave"),
    *_endpoint("groups/<uuid:conversation_id>/members", MembersView, "members"),
    *_endpoint("groups/<uuid:conversation_id>/members/<uuid:user_id>", MemberView, "member"),
    *_endpoint("attachments", AttachmentsView, "attachments"),
    *_endpoint("attachments/<uuid:attachment_id>", AttachmentView, "attachment"),
    *_endpoint("attachments/<uuid:attachment_id>/link", AttachmentLinkView, "attachment_link"),
    *_endpoint("uploads", UploadsView, "uploads"),
    *_endpoint("uploads/<uuid:upload_id>", UploadView, "upload"),
    *_endpoint("templates", TemplatesView, "templates"),
    *_endpoint("contacts", ContactsView, "contacts"),
    *_endpoint("users/search", UserSearchView, "user_search"),
    *_endpoint("users/contacts", UserContactsView, "user_contacts"),
    *_endpoint("boards", BoardsView, "boards"),
    *_endpoint("boards/<uuid:board_id>/columns", ColumnsView, "columns"),
    *_endpoint("events", EventsView, "events"),
    *_endpoint("socket/stats", SocketStatsView, "socket_stats"),
    *_endpoint("schema", SchemaView, "schema"),
    *_endpoint("docs", DocsView, "docs"),
    re_path("", NothingView.as_view(), name="nothing"),
]
