"""Addresses of conversations. The page of one stands beside its board: kanban/urls.py."""

from django.urls import path

from conversations import chat_views, views

urlpatterns = [
    path("conversations/<uuid:conversation_id>/messages/", views.messages, name="conversation_messages"),
    path("conversations/<uuid:conversation_id>/read/", views.read, name="conversation_read"),
    path("conversations/<uuid:conversation_id>/assignee/", views.assignee, name="conversation_assignee"),
    path("messages/<uuid:message_id>/retry/", views.retry, name="message_retry"),
    path("attachments/<uuid:attachment_id>/", views.attachment, name="attachment"),
    path("attachments/<uuid:attachment_id>/thumbnail/", views.thumbnail, name="attachment_thumbnail"),
    path("messages/<uuid:message_id>/receipts/", chat_views.receipts, name="message_receipts"),
    path("team/", chat_views.team, name="team"),
    path("team/unread/", chat_views.unread, name="team_unread"),
    path("team/search/", chat_views.search, name="team_search"),
    path("team/<uuid:conversation_id>/", chat_views.chat, name="chat"),
    path("team/<uuid:conversation_id>/details/", chat_views.details, name="chat_details"),
    path("files/<str:link>/", views.linked, name="file_link"),
]
