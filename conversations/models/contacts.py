"""Customers, and the names that Meta has for them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.models import SameTenantKey, TenantModel, tenant_constraints


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

    contact = SameTenantKey(Contact, models.CASCADE, related_name="identities")
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
