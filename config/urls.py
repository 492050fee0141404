"""Every address of the installation."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("", include("accounts.urls")),
    path("", include("conversations.urls")),
    path("", include("kanban.urls")),
    path("", include("whatsapp.urls")),
]
