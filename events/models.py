"""The tenant's event log and the counter that numbers it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import RowLevelSecurity, TenantForeignKey, TenantModel


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
    """Something that happened. `seq` is gap-free per tenant and in commit order.

    Every commit writes here, so it has the indexes that are read and no more: nothing points at an event, and that its
    tenant exists is known to whoever has entered its scope. Old rows lie together, as a BRIN index wants them.
    """

    tenant = TenantForeignKey(db_constraint=False)
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
            RowLevelSecurity(name="events_event_rls"),
            models.UniqueConstraint(fields=["tenant", "seq"], name="events_event_seq"),
        )
        indexes = (BrinIndex(fields=["at"], name="events_event_age"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
