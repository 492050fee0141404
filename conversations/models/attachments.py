"""Files of messages, and files that are still coming in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.messages import Message
from tenancy.models import SameTenantKey, TenantModel, tenant_constraints


class AttachmentState(models.TextChoices):
    """How far a file has come."""

    PENDING = "PENDING", _("being fetched")
    READY = "READY", _("ready")
    FAILED = "FAILED", _("could not be fetched")


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Where a file lies in the storage: ids only, nothing a customer chose. Another row may share the file."""
    return f"{attachment.tenant_id}/{attachment.pk}/{filename}"


class Attachment(TenantModel):
    """A file of a message: known by Meta's media id first, stored by a worker afterwards."""

    message = SameTenantKey(
        Message,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        help_text="None: uploaded, not sent yet.",
    )
    uploaded_by = SameTenantKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    media_id = models.CharField(max_length=128, blank=True, help_text="Meta's, of a file it sent us or got from us.")
    media_expires_at = models.DateTimeField(null=True, blank=True, help_text="When Meta forgets what it got from us.")
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
    next_attempt_at = models.DateTimeField(
        null=True, blank=True, help_text="PENDING: fetch not before. READY: a preview is to be made, not before."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = (*tenant_constraints("message", "uploaded_by"),)
        indexes = (
            models.Index(
                fields=["tenant", "next_attempt_at"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="conversations_to_work_on",
            ),
            models.Index(fields=["tenant", "sha256"], condition=~models.Q(sha256=""), name="conversations_same_file"),
            models.Index(fields=["created_at"], condition=models.Q(message=None), name="conversations_orphans"),
        )

    def __str__(self) -> str:
        return self.filename or str(self.pk)


class Upload(TenantModel):
    """A file that comes in parts (tus): what is here of it, until all is and an attachment with the same id takes over.

    Kept until it expires, so that a client that missed the last answer can still ask.
    """

    uploaded_by = SameTenantKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    filename = models.CharField(max_length=240, blank=True)
    mime_type = models.CharField(max_length=120, blank=True, help_text="As declared.")
    length = models.PositiveBigIntegerField(help_text="Bytes it will have.")
    offset = models.PositiveBigIntegerField(default=0, help_text="Bytes that are here.")
    parts = ArrayField(models.CharField(max_length=200), default=list, blank=True, help_text="Names in the storage.")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = (*tenant_constraints("uploaded_by"),)
        indexes = (models.Index(fields=["expires_at"], name="conversations_upload_age"),)

    def __str__(self) -> str:
        return self.filename or str(self.pk)
