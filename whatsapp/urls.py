from django.urls import path, re_path

from whatsapp import views
from whatsapp.webhook import WebhookView

urlpatterns = [
    path("conversations/<uuid:conversation_id>/templates/", views.templates, name="conversation_templates"),
    re_path(r"^webhooks/whatsapp/?$", WebhookView.as_view(), name="whatsapp_webhook"),
]
