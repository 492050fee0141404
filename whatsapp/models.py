"""A tenant's numbers, the durable inbox of webhook bodies, and news that came before its message."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.models import SameTenantKey, TenantModel, tenant_constraints
from whatsapp.secrets import EncryptedField


class NumberState(models.TextChoices):
    """Whether we may send through a number. Inbound is stored in every state."""

    CONNECTED = "CONNECTED", _("connected")
    RECONNECT = "RECONNECT", _("needs to be connected again")
    STOPPED = "STOPPED", _("stopped by WhatsApp")


class Number(TenantModel):
    """A WhatsApp Business number."""

    phone_number_id = models.CharField(_("phone number id"), max_length=64, unique=True)
    waba_id = models.CharField(_("WhatsApp Business account id"), max_length=64)
    display_number = models.CharField(_("number"), max_length=32)
    name = models.CharField(_("name"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=NumberState, default=NumberState.CONNECTED)
    state_reason = models.CharField(max_length=240, blank=True)
    access_token = EncryptedField(_("access token"), blank=True)
    app_secret = EncryptedField(_("app secret"), blank=True, help_text=_("Empty: the installation's Meta app."))
    verify_token = EncryptedField(_("verify token"), blank=True)
    templates_due_at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="When its account's templates are to be fetched again."
    )
    templates_problem = models.CharField(
        _("trouble with templates"), max_length=240, blank=True, help_text=_("Why they could not be fetched last time.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("number")
        verbose_name_plural = _("numbers")
        constraints = (*tenant_constraints(),)
        indexes = (models.Index(fields=["waba_id"], name="whatsapp_number_waba"),)

    def __str__(self) -> str:
        return self.name or self.display_number


APPROVED = "APPROVED"
"""The one status, in Meta's words, in which a template can be sent."""


class Template(TenantModel):
    """A message that WhatsApp has approved beforehand, or not: as the account's owner wrote it, with its placeholders.

    It belongs to a WhatsApp Business account, so all of a tenant's numbers in that account may send it.
    """

    waba_id = models.CharField(_("WhatsApp Business account id"), max_length=64)
    meta_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(_("name"), max_length=512)
    language = models.CharField(_("language"), max_length=16, help_text="As Meta spells it: pt_BR.")
    category = models.CharField(_("category"), max_length=32, blank=True)
    status = models.CharField(_("status"), max_length=32, help_text="In Meta's words.")
    components = models.JSONField(default=list, blank=True, help_text="As Meta has them.")
    body = models.TextField(blank=True, help_text="The text of its body, for searching.")
    is_sendable = models.BooleanField(default=True, help_text="It has no part that we cannot fill in.")

    class Meta(TenantModel.Meta):
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = (
            *tenant_constraints(),
            models.UniqueConstraint(fields=["tenant", "waba_id", "name", "language"], name="whatsapp_template_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class DeliveryState(models.TextChoices):
    """What became of a webhook body."""

    PENDING = "PENDING", _("waiting")
    DONE = "DONE", _("done")
    PARTIAL = "PARTIAL", _("done in part")
    REJECTED = "REJECTED", _("nothing usable")
    FAILED = "FAILED", _("failed")


TROUBLED = (DeliveryState.PARTIAL, DeliveryState.REJECTED, DeliveryState.FAILED)
"""What somebody has to look at; few of many."""


class Delivery(models.Model):
    """A webhook body as it came, stored before Meta got its 200. Belongs to no tenant: one body may hold several."""

    body = models.BinaryField()
    sha256 = models.BinaryField(max_length=32, unique=True)
    signed_with = models.CharField(
        max_length=16, blank=True, help_text="Fingerprint of the app secret that verified; empty: unsigned (demo)."
    )
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState, default=DeliveryState.PENDING)
    problems = models.JSONField(
        _("problems"), default=list, blank=True, help_text="[{at, reason}] of the items that were kept back."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True, blank=True)
    tenant_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Whose items it held.")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=["id"], condition=models.Q(state=DeliveryState.PENDING), name="whatsapp_inbox"),
            models.Index(fields=["received_at"], name="whatsapp_delivery_age"),
            models.Index(fields=["state", "-id"], condition=models.Q(state__in=TROUBLED), name="whatsapp_trouble"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class EarlyUpdate(TenantModel):
    """A status, reaction, edit or revoke whose message has not come yet: applied when it does."""

    number = SameTenantKey(Number, models.CASCADE, related_name="+")
    wamid = models.CharField(max_length=512, help_text="Of the message it speaks of.")
    update = models.JSONField(help_text="The parsed update (payloads), in JSON.")
    digest = models.CharField(max_length=64, help_text="Of the update: the same one twice is one row.")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("early update")
        verbose_name_plural = _("early updates")
        constraints = (
            *tenant_constraints("number"),
            models.UniqueConstraint(fields=["tenant", "number", "wamid", "digest"], name="whatsapp_early_once"),
        )
        indexes = (models.Index(fields=["received_at"], name="whatsapp_early_age"),)

    def __str__(self) -> str:
        return f"{self.wamid} early"
