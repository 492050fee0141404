"""Addresses of conversations. The page of one stands beside its board: kanban/urls.py."""

from django.urls import path

from conversations import views

urlpatterns = [
    path("conversations/<uuid:conversation_id>/messages/", views.messages, name="conversation_messages"),
    path("conversations/<uuid:conversation_id>/read/", views.read, name="conversation_read"),
    path("conversations/<uuid:conversation_id>/assignee/", views.assignee, name="conversation_assignee"),
    path("messages/<uuid:message_id>/retry/", views.retry, name="message_retry"),
    path("attachments/<uuid:attachment_id>/", views.attachment, name="attachment"),
    path("attachments/<uuid:attachment_id>/thumbnail/", views.thumbnail, name="attachment_thumbnail"),
    path("files/<str:link>/", views.linked, name="file_link"),
]
