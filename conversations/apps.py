from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    """The core: contacts, conversations and messages."""

    name = "conversations"
    verbose_name = _("Conversations")
