"""Addresses of the API, each with and without trailing slash."""

from django.urls import URLPattern, path, re_path
from rest_framework.views import APIView

from api.views.attachments import AttachmentLinkView, AttachmentsView, AttachmentView
from api.views.boards import BoardsView, ColumnsView
from api.views.conversations import ConversationMoveView, ConversationReadView, ConversationsView, ConversationView
from api.views.directory import ContactsView, UserSearchView
from api.views.documents import DocsView, NothingView, SchemaView
from api.views.events import EventsView
from api.views.messages import MessageRetryView, MessagesView
from api.views.sessions import LogoutView, MeView, TokenRefreshView, TokenView
from api.views.sockets import SocketStatsView
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
    *_endpoint("messages/<uuid:message_id>/retry", MessageRetryView, "message_retry"),
    *_endpoint("attachments", AttachmentsView, "attachments"),
    *_endpoint("attachments/<uuid:attachment_id>", AttachmentView, "attachment"),
    *_endpoint("attachments/<uuid:attachment_id>/link", AttachmentLinkView, "attachment_link"),
    *_endpoint("uploads", UploadsView, "uploads"),
    *_endpoint("uploads/<uuid:upload_id>", UploadView, "upload"),
    *_endpoint("contacts", ContactsView, "contacts"),
    *_endpoint("users/search", UserSearchView, "user_search"),
    *_endpoint("boards", BoardsView, "boards"),
    *_endpoint("boards/<uuid:board_id>/columns", ColumnsView, "columns"),
    *_endpoint("events", EventsView, "events"),
    *_endpoint("socket/stats", SocketStatsView, "socket_stats"),
    *_endpoint("schema", SchemaView, "schema"),
    *_endpoint("docs", DocsView, "docs"),
    re_path("", NothingView.as_view(), name="nothing"),
]
