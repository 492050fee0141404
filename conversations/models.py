"""Contacts, conversations and messages: fields, constraints and answers. What changes them is in actions.py."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.statuses import (
    LOST_ANSWER,
    MAY_REPLACE,
    ConversationKind,
    ConversationStatus,
    Direction,
    MessageStatus,
    MessageType,
    Priority,
)
from tenancy.models import TenantModel, tenant_constraints

# Foreign keys of the busiest table: the composite key over (tenant, id) already checks them, and nobody searches by them.
_HELD: dict[str, Any] = {"db_constraint": False, "db_index": False}


class Contact(TenantModel):
    """A customer as this tenant knows them."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    name_is_ours = models.BooleanField(
        default=False, help_text="An agent wrote the name; profile names no longer replace it."
    )
    phone = models.CharField(
        _("phone"), max_length=20, blank=True, help_text="Digits for people to read and search; never an address."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = (*tenant_constraints(),)

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, else the phone, else the short id of somebody who hides both."""
        return self.name or self.pretty_phone or f"#{str(self.pk)[-6:]}"

    @property
    def pretty_phone(self) -> str:
        """`+55 11 98888-8888` for Brazil, `+` and digits for others, empty when unknown."""
        digits = self.phone
        if digits.startswith("55") and len(digits) in {12, 13}:
            return f"+55 {digits[2:4]} {digits[4:-4]}-{digits[-4:]}"
        return f"+{digits}" if digits else ""


class IdentityKind(models.TextChoices):
    """The kinds of names Meta has for one person."""

    WA_ID = "WA_ID", "wa_id"
    BSUID = "BSUID", _("business-scoped user id")
    PARENT_BSUID = "PARENT_BSUID", _("parent business-scoped user id")
    GROUP = "GROUP", _("group")


class ContactIdentity(TenantModel):
    """One of the names Meta has for a contact, exactly as received: what we match senders by and send to."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=12, choices=IdentityKind)
    value = models.CharField(max_length=160)

    class Meta(TenantModel.Meta):
        verbose_name = _("contact identity")
        verbose_name_plural = _("contact identities")
        constraints = (
            *tenant_constraints("contact"),
            models.UniqueConstraint(fields=["tenant", "kind", "value"], name="conversations_identity_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


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
    """What is said with one contact over one number, and what its card shows (kept up to date by the actions)."""

    kind = models.CharField(max_length=8, choices=ConversationKind, default=ConversationKind.CUSTOMER)
    title = models.CharField(max_length=120, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="conversations")
    number = models.ForeignKey("whatsapp.Number", models.PROTECT, null=True, blank=True, related_name="conversations")
    address = models.CharField(
        max_length=160, blank=True, help_text="The identity the contact last wrote from: where replies go."
    )
    address_kind = models.CharField(max_length=12, choices=IdentityKind, default=IdentityKind.WA_ID)
    status = models.CharField(_("status"), max_length=8, choices=ConversationStatus, default=ConversationStatus.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("assignee"),
    )
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="conversations")
    labels = models.ManyToManyField(Label, through="Labelling", related_name="conversations")
    priority = models.SmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    column = models.ForeignKey("kanban.Column", models.PROTECT, null=True, blank=True, related_name="conversations")
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
    last_message_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="First customer message that nobody has answered."
    )
    window_expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Until then WhatsApp lets us write freely."
    )
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
        )
        indexes = (
            models.Index(fields=["tenant", "column", "rank", "id"], name="conversations_board"),
            models.Index(fields=["tenant", "-last_message_at", "-id"], name="conversations_recent"),
        )

    def __str__(self) -> str:
        return self.title or str(self.contact or self.pk)

    @property
    def display_title(self) -> str:
        """The title somebody gave it, else the contact's name."""
        return self.title or (self.contact.display_name if self.contact else "")

    def window_is_open(self, now: datetime) -> bool:
        """Whether WhatsApp lets us write freely: 24 hours from the customer's newest message."""
        return self.window_expires_at is not None and now < self.window_expires_at


class Labelling(TenantModel):
    """Which label hangs on which conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE)
    label = models.ForeignKey(Label, models.CASCADE)

    class Meta(TenantModel.Meta):
        constraints = (
            *tenant_constraints("conversation", "label"),
            models.UniqueConstraint(fields=["conversation", "label"], name="conversations_labelling_once"),
        )

    def __str__(self) -> str:
        return f"{self.label_id} on {self.conversation_id}"


class Message(TenantModel):
    """One thing that was said. A conversation reads in the order (said_at, id)."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages", **_HELD)
    number = models.ForeignKey("whatsapp.Number", models.PROTECT, null=True, blank=True, related_name="+", **_HELD)
    wamid = models.CharField(
        max_length=512, null=True, blank=True, help_text="WhatsApp's id, opaque and case-sensitive."
    )
    client_id = models.CharField(
        max_length=64, null=True, blank=True, help_text="The sender's own id: the same one twice is one message."
    )
    direction = models.CharField(max_length=8, choices=Direction)
    type = models.CharField(max_length=12, choices=MessageType, default=MessageType.TEXT)
    content = models.TextField(blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=9, choices=MessageStatus)
    error_code = models.CharField(max_length=32, blank=True)
    error_detail = models.TextField(blank=True)
    reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", db_constraint=False
    )
    reply_to_wamid = models.CharField(max_length=512, blank=True)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", **_HELD
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+", **_HELD)
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
            models.UniqueConstraint(fields=["tenant", "number", "wamid"], name="conversations_message_wamid"),
            models.UniqueConstraint(
                fields=["tenant", "conversation", "client_id"], name="conversations_message_client_id"
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=["conversation", "-said_at", "-id"], name="conversations_thread"),
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
        """Whether `status` may replace the present one. That an answer was lost is a guess, which any real status corrects."""
        guessed = self.status == MessageStatus.FAILED and self.error_code == LOST_ANSWER
        return guessed or MessageStatus(self.status) in MAY_REPLACE[status]


class AttachmentState(models.TextChoices):
    """How far a file has come."""

    PENDING = "PENDING", _("being fetched")
    READY = "READY", _("ready")
    FAILED = "FAILED", _("could not be fetched")


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Where a file lies below MEDIA_ROOT: ids only, nothing a customer chose."""
    return f"{attachment.tenant_id}/{attachment.pk}/{filename}"


class Attachment(TenantModel):
    """A file of a message: known by Meta's media id first, stored by a worker afterwards."""

    message = models.ForeignKey(
        Message,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        help_text="None: uploaded, not sent yet.",
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    media_id = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=8, choices=AttachmentState, default=AttachmentState.PENDING)
    mime_type = models.CharField(max_length=120, blank=True, help_text="As sniffed once READY; as declared before.")
    filename = models.CharField(max_length=240, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Hexadecimal.")
    file = models.FileField(upload_to=attachment_path, blank=True, max_length=200)
    thumbnail = models.FileField(upload_to=attachment_path, blank=True, max_length=200)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=240, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = (*tenant_constraints("message", "uploaded_by"),)
        indexes = (
            models.Index(
                fields=["tenant", "next_attempt_at"],
                condition=models.Q(state=AttachmentState.PENDING),
                name="conversations_to_fetch",
            ),
        )

    def __str__(self) -> str:
        return self.filename or str(self.pk)


class Reaction(TenantModel):
    """An emoji on a message: one per message and person."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True)
    emoji = models.CharField(max_length=32)
    reacted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = (
            *tenant_constraints("message", "contact", "user"),
            models.UniqueConstraint(
                fields=["message", "contact", "user"], nulls_distinct=False, name="conversations_reaction_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.emoji} on {self.message_id}"
