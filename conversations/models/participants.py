"""Who takes part in a chat, how far each has come with it, and whom its messages mention."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversations import Conversation
from conversations.models.messages import Message
from conversations.statuses import GroupRole, ReceiptKind
from tenancy.models import SameTenantKey, TenantModel, tenant_constraints


class Participant(TenantModel):
    """A colleague in a chat. The row stays when they leave, for their receipts.

    Places count the chat's messages (docs/decisions/012-chats.md): what lies above `read_place` is unread.
    """

    conversation = SameTenantKey(Conversation, models.CASCADE, related_name="participants", db_index=False)
    user = SameTenantKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    role = models.CharField(max_length=9, choices=GroupRole, default=GroupRole.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    since_place = models.PositiveIntegerField(default=0, help_text="The newest message when they joined.")
    delivered_place = models.PositiveIntegerField(default=0)
    read_place = models.PositiveIntegerField(default=0)
    last_read_at = models.DateTimeField(null=True, blank=True)
    mention_count = models.PositiveIntegerField(default=0, help_text="Unread messages that mention them.")

    class Meta(TenantModel.Meta):
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = (
            *tenant_constraints("conversation", "user"),
            models.UniqueConstraint(fields=["conversation", "user"], name="conversations_participant_once"),
        )
        indexes = (models.Index(fields=["user"], condition=models.Q(left_at=None), name="conversations_taking_part"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Receipt(TenantModel):
    """Somebody came further with a chat: one row however many messages that were."""

    participant = SameTenantKey(Participant, models.CASCADE, related_name="receipts", db_index=False)
    kind = models.CharField(max_length=9, choices=ReceiptKind)
    place = models.PositiveIntegerField(help_text="Up to which message.")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = (
            *tenant_constraints("participant"),
            models.UniqueConstraint(fields=["participant", "kind", "place"], name="conversations_receipt_once"),
        )

    def __str__(self) -> str:
        return f"{self.participant_id} {self.kind} {self.place}"


class Mention(TenantModel):
    """A message that mentions a colleague."""

    message = SameTenantKey(Message, models.CASCADE, related_name="mentions", db_index=False)
    user = SameTenantKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (
            *tenant_constraints("message", "user"),
            models.UniqueConstraint(fields=["message", "user"], name="conversations_mention_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"
