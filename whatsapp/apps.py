from django.apps import AppConfig


class WhatsappConfig(AppConfig):
    """Meta's dialect: numbers, the inbox of webhooks, ingest, sending, media."""

    name = "whatsapp"
    verbose_name = "WhatsApp"
