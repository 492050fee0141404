from django.urls import re_path

from whatsapp.webhook import WebhookView

urlpatterns = [re_path(r"^webhooks/whatsapp/?$", WebhookView.as_view(), name="whatsapp_webhook")]
