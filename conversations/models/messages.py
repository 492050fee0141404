"""Messages and the reactions to them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.contacts import Contact
from conversations.models.conversations import Conversation
from conversations.statuses import LOST_ANSWER, MAY_REPLACE, Direction, MessageStatus, MessageType
from tenancy.models import SameTenantKey, TenantForeignKey, TenantModel, tenant_constraints

if TYPE_CHECKING:
    from accounts.models import User


class Message(TenantModel):
    """One thing that was said. A conversation reads in the order (said_at, id).

    The busiest table: a key has an index only if somebody searches by it, and one without value is in none. That the
    tenant exists is held by the conversation, which is the same tenant's.
    """

    tenant = TenantForeignKey(db_constraint=False)
    conversation = SameTenantKey(Conversation, models.CASCADE, related_name="messages", db_index=False)
    number = SameTenantKey("whatsapp.Number", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    wamid = models.CharField(  # noqa: DJ001  unique where there is one: NULLs are no doubles of each other
        max_length=512, null=True, blank=True, help_text="WhatsApp's id, opaque and case-sensitive."
    )
    client_id = models.CharField(  # noqa: DJ001  as above
        max_length=64, null=True, blank=True, help_text="The sender's own id: the same one twice is one message."
    )
    direction = models.CharField(max_length=8, choices=Direction)
    type = models.CharField(max_length=12, choices=MessageType, default=MessageType.TEXT)
    content = models.TextField(blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=9, choices=MessageStatus)
    error_code = models.CharField(max_length=32, blank=True)
    error_detail = models.TextField(blank=True)
    reply_to = SameTenantKey("self", models.SET_NULL, null=True, blank=True, related_name="replies", db_index=False)
    reply_to_wamid = models.CharField(max_length=512, blank=True)
    sender = SameTenantKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    contact = SameTenantKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    place = models.PositiveIntegerField(
        null=True, blank=True, help_text="Which of a chat's messages it is, from 1; receipts and unread count by it."
    )
    said_at = models.DateTimeField(help_text="When it was said, by WhatsApp's clock.")
    received_at = models.DateTimeField(default=timezone.now, help_text="When we stored it.")
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(
        null=True, blank=True, help_text="PENDING: not before. SENDING: when the answer counts as lost."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            *tenant_constraints("conversation", "number", "reply_to", "sender", "contact"),
            # the wamid before the number: statuses and replies are looked up by it
            models.UniqueConstraint(fields=["tenant", "wamid", "number"], name="conversations_message_wamid"),
            models.UniqueConstraint(
                fields=["tenant", "conversation", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="conversations_message_client_id",
            ),
            models.UniqueConstraint(
                fields=["conversation", "place"],
                condition=models.Q(place__isnull=False),
                name="conversations_message_place",
            ),
        )
        indexes = (
            models.Index(fields=["conversation", "-said_at", "-id"], name="conversations_thread"),
            models.Index(fields=["reply_to"], condition=models.Q(reply_to__isnull=False), name="conversations_replies"),
            models.Index(
                fields=["tenant", "reply_to_wamid"],
                condition=models.Q(reply_to=None) & ~models.Q(reply_to_wamid=""),
                name="conversations_unlinked",
            ),
            models.Index(
                fields=["tenant", "next_attempt_at"],
                condition=models.Q(status__in=[MessageStatus.PENDING, MessageStatus.SENDING]),
                name="conversations_outbox",
            ),
        )

    def __str__(self) -> str:
        return f"{self.direction} {self.type} {self.pk}"

    def can_become(self, status: MessageStatus) -> bool:
        """Whether `status` may replace the present one.

        That an answer was lost is a guess, which any real status corrects.
        """
        guessed = self.status == MessageStatus.FAILED and self.error_code == LOST_ANSWER
        return guessed or MessageStatus(self.status) in MAY_REPLACE[status]


class Reaction(TenantModel):
    """An emoji on a message: one per message and person. On a customer's message the business is one person to
    WhatsApp: `user` is whoever of it reacted last. What WhatsApp is still to be told waits in `wanted`.
    """

    message = SameTenantKey(Message, models.CASCADE, related_name="reactions")
    contact = SameTenantKey(Contact, models.CASCADE, null=True, blank=True)
    user = SameTenantKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    emoji = models.CharField(max_length=32, blank=True, help_text="Empty: it was removed.")
    reacted_at = models.DateTimeField()
    wanted = models.CharField(  # noqa: DJ001  empty is something else
        max_length=32, null=True, blank=True, help_text="What WhatsApp is to be told; empty: to remove it."
    )
    wanted_by = SameTenantKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    replaced = models.CharField(max_length=32, blank=True, help_text="What stood before: WhatsApp may refuse late.")
    attempts = models.PositiveIntegerField(default=0, help_text="How often WhatsApp was told something.")
    next_attempt_at = models.DateTimeField(null=True, blank=True, help_text="Of what is wanted: not before.")

    class Meta(TenantModel.Meta):
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = (
            *tenant_constraints("message", "contact", "user", "wanted_by"),
            models.UniqueConstraint(
                fields=["message", "contact", "user"], nulls_distinct=False, name="conversations_reaction_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["reacted_at"], condition=models.Q(wanted__isnull=False), name="conversations_to_react"
            ),
        )

    def __str__(self) -> str:
        return f"{self.shown} on {self.message_id}"

    @property
    def shown(self) -> str:
        """What to show: also what WhatsApp has not got yet; what is to be removed, until it is."""
        return self.wanted or self.emoji

    @property
    def status(self) -> str:
        """How far it has come, in the words of MessageStatus."""
        return MessageStatus.SENT if self.wanted is None else MessageStatus.PENDING

    @property
    def author(self) -> "User | None":
        """The colleague who reacted; None: the customer did."""
        return self.user if self.wanted is None else self.wanted_by
