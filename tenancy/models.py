"""The tenant, and the base of every row that belongs to one."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import RowLevelSecurity, SameTenant, tenant_constraints
from tenancy.ids import uuid7
from tenancy.scope import NoTenant, Reach, WrongTenant, current

__all__ = [
    "RowLevelSecurity",
    "SameTenant",
    "SameTenantKey",
    "Tenant",
    "TenantForeignKey",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "tenant_constraints",
]

M = TypeVar("M", bound=models.Model)
S_contra = TypeVar("S_contra", contravariant=True)
G_co = TypeVar("G_co", covariant=True)


def is_time_zone(name: str) -> None:
    """Raises ValidationError for what is no name of the IANA's."""
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone: write it like America/Sao_Paulo."))


class Tenant(models.Model):
    """A company that uses the installation. Its row is no secret; everything that points at it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="pt-br")
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[is_time_zone], default="America/Sao_Paulo")
    undo_send_seconds = models.PositiveSmallIntegerField(
        _("undo send"),
        default=5,
        validators=[MaxValueValidator(30)],
        help_text=_("Seconds that a message written here waits before it leaves, so that it can be recalled."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    shows_typing = models.BooleanField(
        _("show customers when an agent is typing"),
        default=False,
        help_text=_("WhatsApp then also shows them that their messages have been read."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class TenantForeignKey(models.ForeignKey[Tenant, Tenant]):
    """The tenant that a row belongs to: claimed from the scope when the row is saved, and never somebody else's."""

    def __init__(
        self,
        to: type[models.Model] | str = "tenancy.Tenant",
        on_delete: Callable[..., None] = models.PROTECT,
        **options: Any,
    ) -> None:
        # No index of its own: the unique constraint over (tenant, id) has one.
        super().__init__(to, on_delete, **{"editable": False, "related_name": "+", "db_index": False, **options})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        return name, path, args, {"db_index": True, **options}

    def pre_save(self, model_instance: models.Model, add: bool) -> UUID:  # noqa: FBT001 - Django's signature
        tenant_id = self._owner_of(model_instance)
        setattr(model_instance, self.attname, tenant_id)
        return tenant_id

    def _owner_of(self, row: models.Model) -> UUID:
        scope, claimed = current(), self.to_python(getattr(row, self.attname))
        tenant_id = scope.tenant_id or claimed
        if scope.reach is Reach.NONE or tenant_id is None:
            raise NoTenant(f"{self.model._meta.label} {row.pk} cannot be saved without a tenant.")
        if claimed not in {None, tenant_id}:
            raise WrongTenant(f"{self.model._meta.label} {row.pk} belongs to {claimed}, the scope is {tenant_id}.")
        return tenant_id


class SameTenantKey(models.ForeignKey[S_contra, G_co]):
    """A foreign key to a row of the same tenant, for the fields that `tenant_constraints(…)` names.

    Their composite key over (tenant, id) already holds what a plain one would: PostgreSQL would only look every row up
    twice, and lock it twice.
    """

    def __init__(self, to: type[models.Model] | str, on_delete: Callable[..., None], **options: Any) -> None:
        super().__init__(to, on_delete, **{"db_constraint": False, **options})


class TenantQuerySet(models.QuerySet[M]):
    """Rows of one tenant, or of all where a scope says so."""

    @classmethod
    def as_manager(cls) -> "TenantManager[M]":
        return TenantManager.from_queryset(cls)()

    def update(self, **values: Any) -> int:
        if {"tenant", "tenant_id"} & values.keys():
            raise WrongTenant(f"A {self.model._meta.label} stays with its tenant.")
        return super().update(**values)


class TenantManager(models.Manager[M]):
    """Raises NoTenant without a scope. Custom ones: `TenantManager.from_queryset(MessageQuerySet)()`."""

    def get_queryset(self) -> models.QuerySet[M]:
        scope = current()
        if scope.reach is Reach.NONE:
            raise NoTenant(f"{self.model._meta.label} was queried outside any tenant's scope.")
        rows = super().get_queryset()
        return rows.filter(tenant_id=scope.tenant_id) if scope.tenant_id else rows


class TenantModel(models.Model):
    """A row that belongs to a tenant. The constraints of its Meta include `tenant_constraints(…)`.

    `base_manager_name` makes foreign keys, `refresh_from_db` and deletes go through the same manager.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = TenantForeignKey()

    objects: "TenantManager[Self]" = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint] | tuple[models.BaseConstraint, ...]] = tenant_constraints()
