"""Every address of the installation."""

from django.contrib import admin
from django.urls import include, path, re_path

from api.views.documents import socket_docs, socket_document
from realtime.views import connections

handler500 = "api.errors.server_error"
urlpatterns = [
    path("admin/connections/", admin.site.admin_view(connections), name="connections"),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    re_path(r"^docs/socket/?$", socket_docs, name="socket_docs"),
    path("docs/socket.json", socket_document, name="socket_document"),
    path("", include("accounts.urls")),
    path("", include("conversations.urls")),
    path("", include("kanban.urls")),
    path("", include("whatsapp.urls")),
    path("", include("realtime.urls")),
]
