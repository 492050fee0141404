"""The tenant's event log and the counter that numbers it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel, tenant_constraints


class Counter(models.Model):
    """The newest seq of a tenant.

    A table of its own, without foreign key: the tenant's row is key-share-locked by every insert that names it,
    and this row is locked by every commit that emits (docs/decisions/002).
    """

    tenant_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0, help_text="Events up to this seq have been pruned.")

    class Meta:
        verbose_name = _("event counter")
        verbose_name_plural = _("event counters")

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.seq}"


class Event(TenantModel):
    """Something that happened. `seq` is gap-free per tenant and in commit order."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]  # PostgreSQL numbers what one statement adds
    seq = models.BigIntegerField()
    type = models.CharField(max_length=32)
    audience = ArrayField(models.CharField(max_length=64), help_text="The rooms that may hear it.")
    data = models.TextField(help_text="JSON, exactly as it was sent.")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("event log")
        constraints = (
            *tenant_constraints(),
            models.UniqueConstraint(fields=["tenant", "seq"], name="events_event_seq"),
        )
        indexes = (models.Index(fields=["at"], name="events_event_age"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
