from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """The core: contacts, conversations and messages."""

    name = "conversations"
