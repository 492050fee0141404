"""Conversations and their labels."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.contacts import Contact, IdentityKind
from conversations.statuses import ConversationKind, ConversationStatus, Direction, MessageStatus, MessageType, Priority
from events import audience
from tenancy.models import SameTenantKey, TenantModel, tenant_constraints


class Label(TenantModel):
    """A word that agents hang on conversations."""

    name = models.CharField(_("name"), max_length=40)
    hue = models.PositiveSmallIntegerField(_("hue"), default=175, help_text="Degrees on the colour wheel.")

    class Meta(TenantModel.Meta):
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = (
            *tenant_constraints(),
            models.UniqueConstraint(fields=["tenant", "name"], name="conversations_label_name"),
        )

    def __str__(self) -> str:
        return self.name


class Conversation(TenantModel):
    """What is said with one contact over one number, or among colleagues; and what lists show of it (kept up to date
    by the actions).
    """

    kind = models.CharField(max_length=8, choices=ConversationKind, default=ConversationKind.CUSTOMER)
    title = models.CharField(max_length=120, blank=True)
    contact = SameTenantKey(Contact, models.PROTECT, null=True, blank=True, related_name="conversations")
    number = SameTenantKey("whatsapp.Number", models.PROTECT, null=True, blank=True, related_name="conversations")
    address = models.CharField(
        max_length=160, blank=True, help_text="The identity the contact last wrote from: where replies go."
    )
    address_kind = models.CharField(max_length=12, choices=IdentityKind, default=IdentityKind.WA_ID)
    status = models.CharField(_("status"), max_length=8, choices=ConversationStatus, default=ConversationStatus.OPEN)
    assignee = SameTenantKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("assignee"),
    )
    team = SameTenantKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="conversations")
    labels = models.ManyToManyField(Label, through="Labelling", related_name="conversations")
    priority = models.SmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    column = SameTenantKey("kanban.Column", models.PROTECT, null=True, blank=True, related_name="conversations")
    rank = models.DecimalField(max_digits=40, decimal_places=20, default=0, help_text="Lowest on top of its column.")
    snoozed_until = models.DateTimeField(null=True, blank=True)
    unread_count = models.PositiveIntegerField(default=0)
    last_message_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(
        null=True, blank=True, editable=False
    )
    last_message_preview = models.CharField(max_length=120, blank=True)
    last_message_type = models.CharField(max_length=12, choices=MessageType, blank=True)
    last_message_direction = models.CharField(max_length=8, choices=Direction, blank=True)
    last_message_status = models.CharField(max_length=9, choices=MessageStatus, blank=True)
    last_message_author = models.CharField(max_length=80, blank=True, help_text="Only of a chat: who wrote it.")
    last_message_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="First customer message that nobody has answered."
    )
    window_expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Until then WhatsApp lets us write freely."
    )
    # Of a chat: a direct or group conversation among colleagues
    pair = models.CharField(max_length=73, blank=True, help_text="The two of a direct conversation: their ids, sorted.")
    is_open = models.BooleanField(default=False, help_text="A group that colleagues may join by themselves.")
    member_count = models.PositiveIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0, help_text="Also the place of its newest message.")
    delivered_place = models.PositiveIntegerField(default=0, help_text="Every member has got all up to this one.")
    read_place = models.PositiveIntegerField(default=0, help_text="Every member has read all up to this one.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = (
            *tenant_constraints("contact", "number", "assignee", "team", "column"),
            models.UniqueConstraint(
                fields=["tenant", "number", "contact"],
                condition=models.Q(kind=ConversationKind.CUSTOMER) & ~models.Q(status=ConversationStatus.RESOLVED),
                name="conversations_one_open",
            ),
            models.UniqueConstraint(
                fields=["tenant", "pair"], condition=~models.Q(pair=""), name="conversations_one_direct"
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "column", "rank", "id"], name="conversations_board"),
            models.Index(fields=["tenant", "-last_message_at", "-id"], name="conversations_recent"),
        )

    def __str__(self) -> str:
        return self.title or str(self.contact or self.pk)

    @property
    def is_chat(self) -> bool:
        """Whether it is among colleagues: no card, no window, seen by its members only."""
        return self.kind != ConversationKind.CUSTOMER

    @property
    def audience(self) -> tuple[str, ...]:
        """The rooms that may hear what happens here."""
        return (audience.members(self.pk),) if self.is_chat else audience.EVERYONE

    @property
    def display_title(self) -> str:
        """The title somebody gave it, else the contact's name."""
        return self.title or (self.contact.display_name if self.contact else "")

    def window_is_open(self, now: datetime) -> bool:
        """Whether WhatsApp lets us write freely: 24 hours from the customer's newest message."""
        return self.window_expires_at is not None and now < self.window_expires_at


class Labelling(TenantModel):
    """Which label hangs on which conversation."""

    conversation = SameTenantKey(Conversation, models.CASCADE)
    label = SameTenantKey(Label, models.CASCADE)

    class Meta(TenantModel.Meta):
        constraints = (
            *tenant_constraints("conversation", "label"),
            models.UniqueConstraint(fields=["conversation", "label"], name="conversations_labelling_once"),
        )

    def __str__(self) -> str:
        return f"{self.label_id} on {self.conversation_id}"
